//! Builds the Python package, installs it where nothing else is, and runs everything that it has to pass.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use xtask::machine;
use xtask::servers;

use crate::job::Job;
use crate::project::{self, Metadata};
use crate::scenarios::{self, Column};
use crate::steps::{Done, Steps};
use crate::test::{Extent, with_servers};

/// Where the package plays the scenarios.
pub(crate) const COLUMNS: [Column; 4] =
    [("python", "memory"), ("python", "sqlite"), ("python", "postgres"), ("python", "mariadb")];

/// Names the program whose replay Python has to repeat, and that it calls.
const PROGRAM: &str = "IMS_PROGRAM";
/// Has a test replay the whole public set, where it is there.
const WHOLE_REPLAY: &str = "IMS_WHOLE_REPLAY";

const PACKAGE: &str = "ims-py";
/// The client of the server's gRPC.
const GRPC: &str = "ims-server/tests/grpc";

/// The folders of this run.
struct Places {
    target: PathBuf,
    /// The virtual environment: made anew by every run.
    venv: PathBuf,
    wheels: PathBuf,
}

pub(crate) fn run_steps(steps: &mut Steps, extent: Extent) -> Result<(), String> {
    let target = Metadata::of("Cargo.toml")?.target_directory()?;
    let places = Places { venv: target.join("python/venv"), wheels: target.join("python/wheels"), target };
    build(steps, &places, extent)?;
    check(steps, &places)?;
    test(steps, &places, extent)?;
    call_grpc(steps, &places)
}

/// Says what a machine lacks to build and test the package.
pub(crate) fn missing() -> Option<&'static str> {
    let can = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
    let python = Command::new("python3").args(["-c", can]).output();
    let is_there = python.is_ok_and(|output| output.status.success());
    (!is_there).then_some(
        "there is no Python 3.10 or newer with venv: install one (Debian, Ubuntu: apt-get install python3 python3-venv)",
    )
}

fn build(steps: &mut Steps, places: &Places, extent: Extent) -> Result<(), String> {
    let python3 = machine::find_program("python3").ok_or("there is no python3")?;
    let venv = places.venv.to_string_lossy();
    steps.named_job(
        "a Python environment of this run's own",
        Job::program(&python3, &["-m", "venv", "--clear", &venv]),
    )?;
    let requirements = Job::program(&places.program("python"), &["-m", "pip", "install", "--quiet"]);
    let requirements = requirements.arguments(&["--disable-pip-version-check", "-r", "ims-py/tests/requirements.txt"]);
    steps.named_job("what the tests of the Python package need", requirements)?;
    steps.step("old wheels are gone", extent.command(), |_| places.remove_wheels())?;
    let manifest = format!("{PACKAGE}/Cargo.toml");
    let wheels = places.wheels.to_string_lossy();
    let wheel = ["build", "--quiet", "--manifest-path", &manifest, "--out", &wheels];
    let wheel = Job::program(&places.program("maturin"), &wheel).with_passing("CARGO_TARGET_DIR", &places.target);
    steps.named_job("the Python wheel", wheel)?;
    let install =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--find-links", &wheels];
    let install = Job::program(&places.program("python"), &install).arguments(&["ims"]);
    steps.named_job("the wheel is installed", install)?;
    steps.named_job("the program for comparison", Job::ims())
}

/// Checks the types: of the package as it is installed, of its stub against the module, and of the tests.
fn check(steps: &mut Steps, places: &Places) -> Result<(), String> {
    let python = places.program("python");
    let tools = places.program("python");
    let tools = tools.to_string_lossy();
    steps.job(Job::program(&python, &["-m", "mypy", "--strict", "-p", "ims"]))?;
    let sources = ["ims-py/tests", "ims-py/examples", "ims-py/benches"];
    let strict = ["-m", "mypy", "--config-file", "ims-py/pyproject.toml"];
    steps.job(Job::program(&python, &strict).arguments(&sources))?;
    let stubs = ["-m", "mypy.stubtest", "ims", "--allowlist", "ims-py/tests/stubtest_allowed.txt"];
    steps.job(Job::program(&python, &stubs))?;
    steps.job(Job::program(&places.program("pyright"), &["--project", PACKAGE, "--pythonpath", &tools]))
}

fn test(steps: &mut Steps, places: &Places, extent: Extent) -> Result<(), String> {
    let python = places.program("python");
    let doctest = ["-m", "pytest", "-p", "no:cacheprovider", "-q", "--doctest-modules", "--pyargs", "ims"];
    steps.tests(Job::program(&python, &doctest).arguments(&["--rootdir", &places.venv.to_string_lossy()]))?;
    let job = Job::program(&python, &["-m", "pytest", "-p", "no:cacheprovider", "-q", "ims-py/tests"]);
    let job = with_servers(job)?.with(servers::REQUIRE_SERVERS, "1");
    let job = job.with_passing(PROGRAM, places.ims());
    let job = match extent {
        Extent::Short => job,
        Extent::Long => job.with(WHOLE_REPLAY, "1"),
    };
    steps.tests(scenarios::with_scenarios(job)?)
}

/// Has a client that shares nothing with the server but `ims.proto` run a shop: Google's own, which is in Python.
fn call_grpc(steps: &mut Steps, places: &Places) -> Result<(), String> {
    let python = places.program("python");
    let needs = Job::program(&python, &["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
    steps.named_job("what a gRPC client in Python needs", needs.arguments(&[&format!("{GRPC}/requirements.txt")]))?;
    let job = Job::program(&python, &["-m", "pytest", "-p", "no:cacheprovider", "-q", GRPC]);
    steps.tests(with_servers(job)?.with_passing(PROGRAM, places.ims()))
}

impl Places {
    /// The server's program, as it was built for comparison.
    fn ims(&self) -> PathBuf {
        self.target.join("debug").join(format!("ims{}", env::consts::EXE_SUFFIX))
    }

    /// A program of the virtual environment.
    fn program(&self, name: &str) -> PathBuf {
        self.venv.join("bin").join(name)
    }

    /// Only the wheel of this run must be found.
    fn remove_wheels(&self) -> Result<Done, String> {
        if is_folder(&self.wheels) {
            std::fs::remove_dir_all(&self.wheels).map_err(|error| format!("{}: {error}", self.wheels.display()))?;
        }
        Ok(Done::Ran)
    }
}

fn is_folder(path: &Path) -> bool {
    project::root().join(path).is_dir()
}
