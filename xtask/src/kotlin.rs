//! Compiles and runs the Kotlin side on a JVM, without Gradle and Maven: the compiler comes from PyPI, where it is part of
//! a notebook kernel, and the libraries from Debian.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::ffi::{self, Library};
use crate::job::Job;
use crate::project;
use crate::scenarios::{self, Column};
use crate::steps::{Done, Steps};
use crate::test::Extent;
use crate::tools;

const COMPILER: &str = "kotlin-jupyter-kernel==0.19.0.944";
const JNA: &str = "/usr/share/java/jna.jar";
const JUNIT: &str = "/usr/share/java/junit4.jar";
const HAMCREST: &str = "/usr/share/java/hamcrest-core.jar";

/// The tests, by class.
const TESTS: [&str; 7] = [
    "ims.SellingTest",
    "ims.EventsTest",
    "ims.BadInputTest",
    "ims.ForeignStoreTest",
    "ims.CodesTest",
    "ims.ScenariosTest",
    "ims.till.TillTest",
];

/// What the tests play the scenarios on.
pub(crate) const COLUMNS: [Column; 3] = [("kotlin", "memory"), ("kotlin", "sqlite"), ("kotlin", "kotlin-store")];

pub(crate) fn run_steps(steps: &mut Steps, library: &Library, extent: Extent) -> Result<(), String> {
    let compiler = library.downloads.join("kotlin");
    steps.step("what Kotlin needs", extent.command(), |_| ensure(&compiler))?;
    let jars = Jars::in_folder(&compiler)?;
    let sources = library.work.join("kotlin");
    steps.step("the Kotlin side of the library", extent.command(), |_| write_sources(library, &sources))?;
    let classes = library.work.join("kotlin-classes");
    steps.named_job("kotlinc of it, its tests and the till", compile(&jars, &sources, &classes)?)?;
    let run = |main: &str| Ok::<Job, String>(jvm(&jars, &classes, library)?.arguments(&[main]));
    steps.named_job("Kotlin quick start of the README", run("QuickStartKt")?)?;
    steps.named_tests("Kotlin tests", scenarios::with_scenarios(run("ims.RunTestsKt")?.arguments(&TESTS))?)
}

fn ensure(compiler: &Path) -> Result<Done, String> {
    tools::provide(ffi::need_program("java", "default-jre-headless").into_iter().collect())?;
    let jni = jni_folder().join("libjnidispatch.system.so");
    ffi::need_files(&[
        (JNA, "libjna-java"),
        (&jni.to_string_lossy(), "libjna-jni"),
        (JUNIT, "junit4"),
        (HAMCREST, "libhamcrest-java"),
    ])?;
    ffi::install_from_pypi(COMPILER, compiler)?;
    Ok(Done::Ran)
}

/// Where Debian puts the native half of JNA.
fn jni_folder() -> PathBuf {
    Path::new("/usr/lib").join(format!("{}-linux-gnu", env::consts::ARCH)).join("jni")
}

/// Class paths: of the compiler, and of what it compiles.
struct Jars {
    compiler: String,
    program: String,
}

impl Jars {
    fn in_folder(folder: &Path) -> Result<Self, String> {
        let jars = ffi::files_in(folder, "jar")?;
        let find = |begins: &str, ends: &str| {
            let fits = |jar: &&PathBuf| {
                let name = jar.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with(begins) && name.ends_with(ends)
            };
            let found = jars.iter().find(fits).map(|jar| jar.to_string_lossy().into_owned());
            found.ok_or_else(|| format!("{} has no {begins}*{ends}", folder.display()))
        };
        let kernel = find("kotlin-jupyter-kernel-", "-all.jar")?;
        let library = find("kotlin-stdlib-", ".jar")?;
        let compiler = [
            kernel.clone(),
            library.clone(),
            find("kotlin-script-runtime-", ".jar")?,
            find("kotlin-reflect-", ".jar")?,
        ];
        let json = [find("kotlinx-serialization-json-", ".jar")?, find("kotlinx-serialization-core-", ".jar")?];
        let debian = [JNA, JUNIT, HAMCREST].map(str::to_owned);
        let program: Vec<String> = [kernel, library].into_iter().chain(json).chain(debian).collect();
        Ok(Self { compiler: compiler.join(":"), program: program.join(":") })
    }
}

/// Writes what is generated, and the example of the README, as it stands.
fn write_sources(library: &Library, sources: &Path) -> Result<Done, String> {
    ffi::make_anew(sources)?;
    library.generate("kotlin", sources).run()?;
    let example = sources.join("QuickStart.kt");
    fs::write(&example, ffi::quick_start("kotlin")?).map_err(|error| format!("{}: {error}", example.display()))?;
    Ok(Done::Ran)
}

fn compile(jars: &Jars, sources: &Path, classes: &Path) -> Result<Job, String> {
    ffi::make_anew(classes)?;
    let mut files = ffi::files_in(sources, "kt")?;
    for folder in ["src/main", "src/test", "till/src"] {
        files.extend(ffi::files_in(&project::root().join("ims-ffi/kotlin").join(folder), "kt")?);
    }
    let files: Vec<String> = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = files.iter().map(String::as_str).collect();
    let compiler = ["-Xmx2g", "-cp", &jars.compiler, "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler"];
    let options = ["-no-stdlib", "-no-reflect", "-Werror", "-cp", &jars.program, "-d", &classes.to_string_lossy()];
    Ok(Job::program(Path::new("java"), &compiler).arguments(&options).arguments(&words))
}

fn jvm(jars: &Jars, classes: &Path, library: &Library) -> Result<Job, String> {
    let native = format!("-Djna.library.path={}", library.folder.display());
    let jni = format!("-Djna.boot.library.path={}", jni_folder().display());
    let path = format!("{}:{}", jars.program, classes.display());
    Ok(Job::program(Path::new("java"), &[&native, &jni, "-cp", &path]))
}
