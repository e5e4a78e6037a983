//! Builds the npm package `ims-wasm`, says how large it is, and tests it in node and in Chromium.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::machine;

use crate::job::Job;
use crate::project::{self, Metadata};
use crate::scenarios::{self, Column};
use crate::steps::{Done, Steps};
use crate::test::Extent;
use crate::tools;

/// What the package's tests play the scenarios on.
pub(crate) const COLUMNS: [Column; 4] =
    [("node", "memory"), ("node", "indexed"), ("chromium", "memory"), ("chromium", "indexed")];

const PACKAGE: &str = "ims-wasm";
const TARGET: &str = "wasm32-unknown-unknown";

/// A WebAssembly module, and the folder of the package that it goes to.
struct Module {
    crate_name: &'static str,
    profile: &'static str,
    folder: &'static str,
}

const MODULES: [Module; 2] = [
    Module { crate_name: "ims-wasm", profile: "wasm", folder: "dist" },
    // With the conformance suite and a planted panic: for tests, and so built quickly.
    Module { crate_name: "ims-wasm-suite", profile: "wasm-suite", folder: "dist-suite" },
];

pub(crate) fn run_steps(steps: &mut Steps, extent: Extent) -> Result<(), String> {
    steps.step("the tools that ims-wasm needs", extent.command(), |_| ensure_tools())?;
    steps.job(Job::cargo(&[
        "clippy",
        "--package=ims-wasm",
        "--package=ims-wasm-suite",
        "--target",
        TARGET,
        "--",
        "-D",
        "warnings",
    ]))?;
    for module in &MODULES {
        let build = Job::cargo(&["build", "--package", module.crate_name, "--target", TARGET]);
        steps.job(build.arguments(&["--profile", module.profile]).with("RUSTFLAGS", &flags()?))?;
        steps.job(bindgen(module)?)?;
    }
    steps.job(npm(&["ci", "--no-fund", "--no-audit"])?)?;
    for script in ["compile", "types", "size"] {
        steps.job(npm(&["run", script])?)?;
    }
    for script in ["test:node", "test:chromium"] {
        steps.tests(scenarios::with_scenarios(npm(&["run", script])?)?)?;
    }
    Ok(())
}

/// Makes sure that there are node, a browser, and Rust's library for WebAssembly.
fn ensure_tools() -> Result<Done, String> {
    Job::program(Path::new("rustup"), &["target", "add", TARGET]).run()?;
    for program in ["node", "npm"] {
        find(program)?;
    }
    if machine::find_program("chromium").is_none() {
        if !machine::is_root() || !Path::new("/etc/debian_version").exists() {
            return Err("there is no Chromium: install it (Debian: apt-get install chromium)".to_owned());
        }
        tools::install_packages(&["chromium"])?;
    }
    Ok(Done::Ran)
}

fn find(program: &str) -> Result<PathBuf, String> {
    machine::find_program(program).ok_or_else(|| format!("there is no {program}: install Node.js 20.16 or later"))
}

/// Runs npm in the package.
fn npm(words: &[&str]) -> Result<Job, String> {
    Ok(Job::program(&find("npm")?, &["--prefix", PACKAGE]).arguments(words))
}

/// The places of a panic are named in the module: without where they were on the machine that built it.
fn flags() -> Result<String, String> {
    let sysroot = project::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let cargo = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME").map(|home| format!("{home}/.cargo")));
    let mut flags = format!("--remap-path-prefix={}=/rust", sysroot.trim());
    // The registry's folder has a name of its own below this one.
    let sources = cargo.map(|cargo| Path::new(&cargo).join("registry/src")).unwrap_or_default();
    for entry in fs::read_dir(&sources).into_iter().flatten().flatten() {
        flags.push_str(&format!(" --remap-path-prefix={}=", entry.path().join("").display()));
    }
    Ok(flags)
}

fn bindgen(module: &Module) -> Result<Job, String> {
    let built = Metadata::of("Cargo.toml")?.target_directory()?.join(TARGET).join(module.profile);
    let file = built.join(module.crate_name.replace('-', "_")).with_extension("wasm");
    let folder = project::root().join(PACKAGE).join(module.folder);
    let words = ["run", "--quiet", "--package=ims-wasm-bindgen", "--"];
    Ok(Job::cargo(&words).arguments(&[&file.to_string_lossy(), &folder.to_string_lossy()]))
}
