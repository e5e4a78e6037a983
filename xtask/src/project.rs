use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Gives the folder of the workspace.
///
/// `cargo run` says at run time where this crate is; a build that is shared by several checkouts remembers another one.
pub(crate) fn root() -> PathBuf {
    let here = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.parent().map_or(here.clone(), Path::to_owned)
}

/// Gives the cargo that runs this program.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    // What cargo told this program about itself would be told to every build script again: those that ask for it would
    // build everything anew, once for `cargo xtask` and once without.
    for (variable, _) in env::vars_os() {
        let name = variable.to_string_lossy();
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&variable);
        }
    }
    command
}

/// What `cargo metadata` says about one workspace.
pub(crate) struct Metadata(Value);

impl Metadata {
    pub(crate) fn of(manifest: &str) -> Result<Self, String> {
        let mut command = cargo();
        command.args(["metadata", "--no-deps", "--format-version=1", "--manifest-path", manifest]);
        let text = output(&mut command)?;
        serde_json::from_str(&text).map(Self).map_err(|error| format!("cargo metadata printed no JSON: {error}"))
    }

    pub(crate) fn target_directory(&self) -> Result<PathBuf, String> {
        let folder = self.0.get("target_directory").and_then(Value::as_str);
        folder.map(PathBuf::from).ok_or_else(|| "cargo metadata names no target directory".to_owned())
    }

    /// Lists the names of the programs that the workspace builds.
    pub(crate) fn programs(&self) -> Vec<String> {
        let packages = elements(self.0.get("packages"));
        let targets = packages.flat_map(|package| elements(package.get("targets")));
        let programs = targets.filter(|target| elements(target.get("kind")).any(|kind| kind == "bin"));
        programs.filter_map(|target| target.get("name")?.as_str().map(str::to_owned)).collect()
    }
}

fn elements(list: Option<&Value>) -> impl Iterator<Item = &Value> {
    list.and_then(Value::as_array).into_iter().flatten()
}

/// Runs a command and gives what it printed; its errors go to the terminal.
pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stderr(std::process::Stdio::inherit()).output();
    let output = output.map_err(|error| format!("cannot run {name}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name} failed: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{name} printed no text: {error}"))
}
