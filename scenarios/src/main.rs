//! Writes all scenarios in their expanded form into a folder; with `--accept`, first writes what they are answered now
//! into their files.

use ims_scenarios::{Failure, Played, Scenario, read_all};
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
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| Failure::File { path, source }
    };
    // What a scenario of another name has left there would be played again.
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(at(folder))?;
    }
    fs::create_dir_all(folder).map_err(at(folder))?;
    for scenario in read_all()? {
        let name = scenario.name.clone();
        let in_scenario = |failure| Failure::Form { path: PathBuf::from(&name), problem: format!("{failure}") };
        let played = expand(scenario).map_err(in_scenario)?;
        let path = folder.join(&name).with_extension("json");
        let json = serde_json::to_vec(&played)
            .map_err(|error| Failure::Form { path: path.clone(), problem: error.to_string() })?;
        fs::write(&path, json).map_err(at(&path))?;
        println!("{name}: {} steps, {}", played.steps.len(), played.state_hash);
    }
    Ok(())
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
