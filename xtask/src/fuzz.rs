//! Builds and runs the fuzz targets for a moment, on the stable compiler and without another tool.
//!
//! The flags are those of cargo-fuzz without a sanitizer: the workspace has no `unsafe` code for one to watch. With an
//! explicit target they leave build scripts and procedural macros alone.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::job::Job;
use crate::project::{self, Metadata};
use crate::steps::{Done, Steps};
use crate::test::Extent;

/// The fuzz targets are a workspace of their own, because they are built with other flags.
pub(crate) const MANIFEST: &str = "fuzz/Cargo.toml";

const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table --cfg fuzzing";

/// Says whether there is anything to fuzz.
pub(crate) fn is_there() -> bool {
    project::root().join(MANIFEST).is_file()
}

/// How long one target runs: a fixed number of inputs from a fixed seed, with a limit for a slow machine.
struct Effort {
    runs: u32,
    time_limit_s: u32,
}

impl Effort {
    const fn of(extent: Extent) -> Self {
        match extent {
            Extent::Short => Self { runs: 20_000, time_limit_s: 10 },
            Extent::Long => Self { runs: 2_000_000, time_limit_s: 300 },
        }
    }
}

pub(crate) fn run_steps(steps: &mut Steps, extent: Extent) -> Result<(), String> {
    if !is_there() {
        let why = format!("there is no {MANIFEST}");
        return steps.step("fuzz targets", extent.command(), |_| Ok(Done::Skipped(why)));
    }
    let host = host()?;
    let build = Job::cargo(&["build", "--manifest-path", MANIFEST, "--target", &host]).with("RUSTFLAGS", FLAGS);
    steps.named_job("cargo build of the fuzz targets", build)?;
    let metadata = Metadata::of(MANIFEST)?;
    let programs = metadata.target_directory()?.join(host).join("debug");
    for target in metadata.programs() {
        let job = target_job(&programs, &target, &Effort::of(extent))?;
        steps.named_job(&format!("fuzz target {target}"), job)?;
    }
    Ok(())
}

fn host() -> Result<String, String> {
    project::output(Command::new("rustc").args(["--print", "host-tuple"])).map(|host| host.trim().to_owned())
}

fn target_job(programs: &Path, target: &str, effort: &Effort) -> Result<Job, String> {
    // Both are left out of version control: what a run finds stays for the next one on this machine.
    let [corpus, artifacts] = ["corpus", "artifacts"].map(|folder| format!("fuzz/{folder}/{target}/"));
    for folder in [&corpus, &artifacts] {
        fs::create_dir_all(project::root().join(folder)).map_err(|error| format!("{folder}: {error}"))?;
    }
    let job = Job::program(&programs.join(target), &["-seed=1", "-timeout=10"]).arguments(&[
        &format!("-runs={}", effort.runs),
        &format!("-max_total_time={}", effort.time_limit_s),
        &format!("-artifact_prefix={artifacts}"),
        &corpus,
    ]);
    // Inputs that are worth keeping, one folder a target, are under version control.
    let seeds = format!("fuzz/seeds/{target}/");
    Ok(if project::root().join(&seeds).is_dir() { job.arguments(&[&seeds]) } else { job })
}
