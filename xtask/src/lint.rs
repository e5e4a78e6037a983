use xtask::machine;

use crate::absence;
use crate::forms;
use crate::fuzz;
use crate::job::Job;
use crate::steps::{Done, Steps};

pub(crate) fn run() -> Result<(), String> {
    let mut steps = Steps::begin();
    run_steps(&mut steps)?;
    match machine::find_program("cargo-deny") {
        Some(_) => steps.job(Job::cargo(&["deny", "check"])),
        None => steps.step("cargo deny check", "cargo xtask lint", |_| {
            Ok(Done::Skipped("cargo-deny is not installed (cargo install --locked cargo-deny)".to_owned()))
        }),
    }
}

/// Checks what needs no database and no program beside cargo.
pub(crate) fn run_steps(steps: &mut Steps) -> Result<(), String> {
    steps.job(Job::cargo(&["fmt", "--all", "--check"]))?;
    if fuzz::is_there() {
        steps.job(Job::cargo(&["fmt", "--manifest-path", fuzz::MANIFEST, "--check"]))?;
    }
    steps.job(Job::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    steps.job(Job::cargo(&["doc", "--workspace", "--no-deps"]).with("RUSTDOCFLAGS", "-Dwarnings"))?;
    steps.step("the forms are what the sources say", "cargo xtask forms --check", |_| forms::check())?;
    steps.step("what must be absent is absent", "cargo xtask lint", |_| absence::check())
}
