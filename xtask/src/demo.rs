use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::job::Job;
use crate::project::Metadata;

/// Builds the server for release, and becomes `ims demo` with a new store. The store stays until the next demo, because
/// the demo ends with commands to try on it.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    Job::cargo(&["build", "--release", "--package=ims-server"]).run()?;
    let target = Metadata::of("Cargo.toml")?.target_directory()?;
    let folder = target.join("demo");
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(format!("cannot remove {}: {error}", folder.display()));
        }
        _ => {}
    }
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let store = format!("sqlite:{}", folder.join("demo.db").display());
    let mut demo = Command::new(target.join("release/ims"));
    let error = demo.arg("demo").args(arguments).args(["--store", &store]).exec();
    Err(format!("cannot run {}: {error}", target.join("release/ims").display()))
}
