//! Writes all scenarios in their expanded form into a folder, and the list of all codes beside them; with `--accept`,
//! first writes what they are answered now into their files.

use ims_scenarios::{Codes, Failure, Played, Scenario, read_all};
use serde::Serialize;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["--accept", folder] => write_all(Path::new(folder), accepted),
        [folder] => write_all(Path::new(folder), checked),
        _ => {
            eprintln!("Usage: scenarios [--accept] FOLDER");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn write_all(folder: &Path, expand: impl Fn(Scenario) -> Result<Played, Failure>) -> Result<(), Failure> {
    empty(folder)?;
    for scenario in read_all()? {
        let name = scenario.name.clone();
        let played = expand(scenario)
            .map_err(|failure| Failure::Form { path: PathBuf::from(&name), problem: failure.to_string() })?;
        write(&folder.join(&name).with_extension("json"), &played)?;
        println!("{name}: {} steps, {}", played.steps.len(), played.state_hash);
    }
    write(&folder.join("codes.json"), &Codes::ALL)
}

/// Makes a folder with nothing in it: what a scenario of another name has left there would be played again.
fn empty(folder: &Path) -> Result<(), Failure> {
    let failed = |source| Failure::File { path: folder.to_owned(), source };
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)
}

fn write(path: &Path, value: &impl Serialize) -> Result<(), Failure> {
    let form = |error: serde_json::Error| Failure::Form { path: path.to_owned(), problem: error.to_string() };
    let json = serde_json::to_vec(value).map_err(form)?;
    fs::write(path, json).map_err(|source| Failure::File { path: path.to_owned(), source })
}

fn accepted(scenario: Scenario) -> Result<Played, Failure> {
    let played = scenario.play_anew()?;
    scenario.accept(&played)?;
    Ok(played)
}

/// The expanded form, if the engine still answers so.
fn checked(scenario: Scenario) -> Result<Played, Failure> {
    let played = scenario.expand()?;
    futures_executor::block_on(ims_scenarios::play(ims_core::MemoryStore::new(), &played))?;
    Ok(played)
}
