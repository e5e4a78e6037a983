//! Expands the scenarios, and gathers what every language and store says of them into one table.

use std::path::PathBuf;

use crate::job::Job;
use crate::project::Metadata;

/// Whether what the engine answers now is what it has to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    /// It has to answer as it did when the files were written.
    Check,
    /// The files are written anew.
    Accept,
}

/// Writes every scenario with all its steps and answers to `<target>/scenarios/NAME.json`; returns that folder.
pub(crate) fn expand(answers: Answers) -> Result<PathBuf, String> {
    let folder = Metadata::of("Cargo.toml")?.target_directory()?.join("scenarios");
    let job = Job::cargo(&["run", "--quiet", "--package=ims-scenarios", "--bin=scenarios", "--"]);
    let job = match answers {
        Answers::Check => job,
        Answers::Accept => job.arguments(&["--accept"]),
    };
    job.arguments(&[&folder.to_string_lossy()]).run()?;
    Ok(folder)
}

pub(crate) fn run(answers: Answers) -> Result<(), String> {
    let folder = expand(answers)?;
    println!("written to {}", folder.display());
    Ok(())
}
