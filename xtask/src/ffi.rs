//! Builds the library for apps, writes its Kotlin and its Swift side, and has both tested.

use std::fs;
use std::path::{Path, PathBuf};

use xtask::machine;

use crate::job::Job;
use crate::project::{self, Metadata};
use crate::steps::{Done, Steps};
use crate::test::Extent;
use crate::tools::{self, Missing};
use crate::{kotlin, swift};

/// A library that was built, and where the languages' sides of it go.
pub(crate) struct Library {
    /// Where `libims_ffi.so` is.
    pub(crate) folder: PathBuf,
    /// What the tests of apps write.
    pub(crate) work: PathBuf,
    /// What is downloaded once.
    pub(crate) downloads: PathBuf,
}

pub(crate) fn run_steps(steps: &mut Steps, extent: Extent) -> Result<(), String> {
    let target = Metadata::of("Cargo.toml")?.target_directory()?;
    let library = Library { folder: target.join("debug"), work: target.join("ffi"), downloads: target.join("tools") };
    make_folder(&library.work)?;
    make_folder(&library.downloads)?;
    // The tests plant a panic; a library for a release has none.
    steps.job(Job::cargo(&["build", "--package=ims-ffi", "--features=bindgen,planted-panic"]))?;
    kotlin::run_steps(steps, &library, extent)?;
    swift::run_steps(steps, &library, extent)?;
    check_targets(steps, &library, extent)
}

impl Library {
    /// The file itself.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join(format!("libims_ffi{}", std::env::consts::DLL_SUFFIX))
    }

    /// Writes a language's side of the library.
    pub(crate) fn generate(&self, language: &str, folder: &Path) -> Job {
        let program = self.folder.join("uniffi-bindgen");
        let file = self.file();
        let folder = folder.to_string_lossy();
        let words = ["generate", &file.to_string_lossy(), "--language", language, "--out-dir", &folder, "--no-format"];
        Job::program(&program, &words)
    }
}

/// A phone's processor and system, and what stands in for its C library in a check.
struct Target {
    name: &'static str,
    zig: &'static str,
}

const TARGETS: [Target; 2] = [
    Target { name: "aarch64-linux-android", zig: "aarch64-linux-musl" },
    Target { name: "aarch64-apple-ios", zig: "aarch64-macos" },
];

/// The C compiler that has the headers of every system: SQLite is compiled, not linked.
const ZIG: &str = "ziglang==0.17.1";

/// Takes from a compiler's arguments what only the phones' own compilers know.
const ZIG_SCRIPT: &str = r#"#!/bin/sh
for argument; do
    shift
    case "$argument" in
        --target=* | -arch | arm64 | -isysroot | -m*-version-min=* | "$SDKROOT") ;;
        *) set -- "$@" "$argument" ;;
    esac
done
exec python3 -m ziglang cc -target "$IMS_ZIG_TARGET" "$@"
"#;

fn check_targets(steps: &mut Steps, library: &Library, extent: Extent) -> Result<(), String> {
    let zig = library.downloads.join("zig");
    let sdk = library.work.join("iPhoneOS.sdk");
    let compiler = library.work.join("zig-cc");
    steps.step("what checks for phones need", extent.command(), |_| {
        install_from_pypi(ZIG, &zig)?;
        make_folder(&sdk)?;
        write_script(&compiler, ZIG_SCRIPT)?;
        let names = TARGETS.map(|target| target.name);
        Job::program(Path::new("rustup"), &["target", "add"]).arguments(&names).run().map(|()| Done::Ran)
    })?;
    for Target { name, zig: stands_in } in TARGETS {
        let variable = name.replace('-', "_");
        let check = Job::cargo(&["check", "--package=ims-ffi", "--target", name])
            .with_passing("PYTHONPATH", &zig)
            .with_passing("IMS_ZIG_TARGET", stands_in)
            .with_passing("SDKROOT", &sdk)
            .with_passing("IPHONEOS_DEPLOYMENT_TARGET", "15.0")
            .with_passing(&format!("CC_{variable}"), &compiler)
            .with_passing(&format!("AR_{variable}"), "ar");
        steps.job(check)?;
    }
    Ok(())
}

/// Downloads a Python package once and unpacks it.
pub(crate) fn install_from_pypi(package: &str, folder: &Path) -> Result<(), String> {
    if folder.exists() {
        println!("{package} is in {}", folder.display());
        return Ok(());
    }
    // Only what is complete gets its name.
    let half = folder.with_extension("half");
    let words = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--root-user-action=ignore",
        "--no-deps",
        "--upgrade",
        "--target",
        &half.to_string_lossy(),
        package,
    ];
    Job::program(Path::new("python3"), &words)
        .run()
        .map_err(|error| format!("pip cannot install {package}: {error}"))?;
    fs::rename(&half, folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// Installs the Debian packages of files that are not there.
pub(crate) fn need_files(files: &[(&str, &'static str)]) -> Result<Done, String> {
    let missing = files.iter().filter(|(file, _)| !Path::new(file).exists());
    tools::provide(missing.map(|(file, package)| absent(file, package)).collect())
}

/// Names a program's Debian package if it is not there.
pub(crate) fn need_program(name: &str, package: &'static str) -> Option<Missing> {
    machine::find_program(name).is_none().then(|| absent(name, package))
}

fn absent(what: &str, debian_package: &'static str) -> Missing {
    let advice = format!("there is no {what}: install it (Debian, Ubuntu: apt-get install {debian_package})");
    Missing { debian_package, advice }
}

pub(crate) fn make_folder(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// Makes a folder that has nothing in it.
pub(crate) fn make_anew(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    make_folder(folder)
}

fn write_script(path: &Path, text: &str) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt;
    let written = fs::write(path, text).and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o755)));
    written.map_err(|error| format!("{}: {error}", path.display()))
}

/// Finds the files of a kind in a folder and those below it.
pub(crate) fn files_in(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    let unreadable = |error| format!("{}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            files.extend(files_in(&path, extension)?);
        } else if path.extension().is_some_and(|ending| ending == extension) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Takes the first example in a language out of the project's README, as it stands. That the one of `ims-ffi` begins with
/// the same is tested where the README is (`ims-server/tests/readme.rs`).
pub(crate) fn quick_start(language: &str) -> Result<String, String> {
    let readme = "README.md";
    let text = fs::read_to_string(project::root().join(readme)).map_err(|error| format!("{readme}: {error}"))?;
    let example = text.split_once(&format!("```{language}\n")).and_then(|(_, rest)| rest.split_once("```"));
    example.map(|(example, _)| example.to_owned()).ok_or_else(|| format!("{readme} has no example in {language}"))
}
