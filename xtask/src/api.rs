//! Holds the server against its OpenAPI document: requests that it allows and that it forbids, and clients that generators
//! make of it.

use std::env;
use std::path::{Path, PathBuf};

use xtask::machine;

use crate::job::Job;
use crate::project::{self, Metadata};
use crate::steps::Steps;

/// Where the requests are made.
const REQUESTS: &str = "ims-server/tests/api";
/// Where the clients are, a folder for each language.
const CLIENTS: &str = "ims-server/tests/clients";

/// Sends requests that the document allows, and ones that it forbids; and has a client in Python run a shop's day.
pub(crate) fn run_steps(steps: &mut Steps) -> Result<(), String> {
    let target = Metadata::of("Cargo.toml")?.target_directory()?;
    let python3 = machine::find_program("python3").ok_or("there is no python3")?;
    let venv = target.join("api/venv");
    let python = venv.join("bin/python");
    let environment = Job::program(&python3, &["-m", "venv", "--clear", &venv.to_string_lossy()]);
    steps.named_job("a Python environment for requests to the server", environment)?;
    let requirements = format!("{REQUESTS}/requirements.txt");
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &requirements];
    steps.named_job("what makes requests and clients of a document", Job::program(&python, &install))?;
    steps.named_job("the server", Job::ims())?;
    let program = program(&target);
    let day = Job::program(&python, &[&format!("{CLIENTS}/python/run.py"), &program.to_string_lossy()]);
    steps.named_job("a client in Python, made of the document, runs a shop's day", day)?;
    let requests = Job::program(&python, &[&format!("{REQUESTS}/run.py"), &program.to_string_lossy()]);
    steps.named_job("the server does what its document says", requests)
}

/// Looks for faults in the document, and has two clients in TypeScript run a shop's day.
pub(crate) fn run_typescript_steps(steps: &mut Steps) -> Result<(), String> {
    let folder = project::root().join(CLIENTS).join("typescript");
    let words = ["--prefix", &folder.to_string_lossy(), "ci", "--no-fund", "--no-audit", "--ignore-scripts"];
    steps.named_job("what makes clients in TypeScript of a document", Job::program(&find("npm")?, &words))?;
    steps.named_job("the server", Job::ims())?;
    let program = program(&Metadata::of("Cargo.toml")?.target_directory()?);
    let run = format!("{CLIENTS}/typescript/run.mjs");
    let days = Job::program(&find("node")?, &[&run, &program.to_string_lossy()]);
    steps.named_job("the document has no faults, and two clients in TypeScript run a shop's day", days)
}

fn find(program: &str) -> Result<PathBuf, String> {
    machine::find_program(program).ok_or_else(|| format!("there is no {program}: install Node.js 20.19 or later"))
}

/// The server's program, as it was built for this.
fn program(target: &Path) -> PathBuf {
    target.join("debug").join(format!("ims{}", env::consts::EXE_SUFFIX))
}
