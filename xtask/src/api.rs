//! Sends the server requests that its OpenAPI document allows, and ones that it forbids, and holds the answers against it.

use std::env;

use xtask::machine;

use crate::job::Job;
use crate::project::Metadata;
use crate::steps::Steps;

/// Where the requests are made.
const FOLDER: &str = "ims-server/tests/api";

pub(crate) fn run_steps(steps: &mut Steps) -> Result<(), String> {
    let target = Metadata::of("Cargo.toml")?.target_directory()?;
    let python3 = machine::find_program("python3").ok_or("there is no python3")?;
    let venv = target.join("api/venv");
    let python = venv.join("bin/python");
    let environment = Job::program(&python3, &["-m", "venv", "--clear", &venv.to_string_lossy()]);
    steps.named_job("a Python environment for requests to the server", environment)?;
    let requirements = format!("{FOLDER}/requirements.txt");
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", &requirements];
    steps.named_job("what makes requests of a document", Job::program(&python, &install))?;
    steps.named_job("the server", Job::ims())?;
    let program = target.join("debug").join(format!("ims{}", env::consts::EXE_SUFFIX));
    let requests = Job::program(&python, &[&format!("{FOLDER}/run.py"), &program.to_string_lossy()]);
    steps.named_job("the server does what its document says", requests)
}
