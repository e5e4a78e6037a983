use std::env;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
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
    let store = format!("sqlite:{}", from_here(&folder.join("demo.db")).display());
    let program = from_here(&target.join("release/ims"));
    let error = Command::new(&program).arg("demo").args(arguments).args(["--store", &store]).exec();
    Err(format!("cannot run {}: {error}", program.display()))
}

/// A path as a person would type it: the demo shows commands that have it in them.
fn from_here(path: &Path) -> PathBuf {
    let short = env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    short.unwrap_or_else(|| path.to_owned())
}
