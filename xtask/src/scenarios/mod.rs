//! Expands the scenarios for the tests of the bindings, and shows what every language and store made of them.
//!
//! A test that plays a scenario prints `scenario NAME LANGUAGE STORE HASH`. A step that runs such tests with
//! [`Job::run_tests`] or [`Steps::tests`] needs nothing else: the [tally](crate::tally::Tally) hears the lines.

mod hashes;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::job::Job;
use crate::project::{self, Metadata};
use crate::steps::{Done, Steps};
use crate::test::Extent;

pub(crate) use hashes::Hashes;

/// Environment variable that names the folder of the expanded scenarios to the tests of a binding.
const FOLDER: &str = "IMS_SCENARIOS";

/// A language and a store that have to arrive at every hash.
pub(crate) type Column = (&'static str, &'static str);

/// What the workspace's own tests play on.
pub(crate) const RUST: [Column; 4] =
    [("rust", "memory"), ("rust", "sqlite"), ("rust", "postgres"), ("rust", "mariadb")];

/// Whether what the engine answers now is what it has to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    /// It has to answer as it did when the files were written.
    Check,
    /// The files are written anew.
    Accept,
}

/// Writes every scenario with all its steps and answers to [`folder`].
pub(crate) fn run(answers: Answers) -> Result<(), String> {
    expansion(answers)?.run()?;
    println!("written to {}", folder()?.display());
    Ok(())
}

/// Expands the scenarios for the steps that follow.
pub(crate) fn run_steps(steps: &mut Steps) -> Result<(), String> {
    steps.named_job("the scenarios with all their steps", expansion(Answers::Check)?)
}

/// Tells tests where the expanded scenarios are: those of a binding know them from nowhere else.
pub(crate) fn with_scenarios(job: Job) -> Result<Job, String> {
    Ok(job.with_passing(FOLDER, folder()?))
}

/// Prints one table of all hashes that the steps so far have told, and fails where one differs or where one of `columns`
/// lacks one.
pub(crate) fn compare(steps: &mut Steps, columns: &[Column], extent: Extent) -> Result<(), String> {
    steps.step("every language and store arrives at the same state", extent.command(), |tally| {
        let table = tally.hashes.table(&accepted()?, columns);
        print!("{}", table.text);
        if table.wrong.is_empty() { Ok(Done::Ran) } else { Err(table.wrong.join("\n")) }
    })
}

/// The folder of the expanded scenarios.
fn folder() -> Result<PathBuf, String> {
    Ok(Metadata::of("Cargo.toml")?.target_directory()?.join("scenarios"))
}

fn expansion(answers: Answers) -> Result<Job, String> {
    let job = Job::cargo(&["run", "--quiet", "--package=ims-scenarios", "--bin=scenarios", "--"]);
    let job = match answers {
        Answers::Check => job,
        Answers::Accept => job.arguments(&["--accept"]),
    };
    Ok(job.arguments(&[&folder()?.to_string_lossy()]))
}

/// The names of all scenarios, and the hashes that their files say.
fn accepted() -> Result<BTreeMap<String, String>, String> {
    let folder = project::root().join("scenarios");
    let unreadable = |error| format!("{}: {error}", folder.display());
    let mut accepted = BTreeMap::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let file: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let hash = file.get("state_hash").and_then(Value::as_str);
        let hash = hash.ok_or_else(|| format!("{}: there is no state hash", path.display()))?;
        accepted.insert(path.file_stem().unwrap_or_default().to_string_lossy().into_owned(), hash.to_owned());
    }
    Ok(accepted)
}
