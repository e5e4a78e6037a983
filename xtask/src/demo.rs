use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::job::Job;
use crate::project::Metadata;

/// Runs the program in a folder of its own and removes that when the program ends, also by Ctrl-C: the signal goes to
/// the program too, and the shell waits for it.
const IN_A_FOLDER_OF_ITS_OWN: &str = r#"
    folder=$(mktemp -d "${TMPDIR:-/tmp}/ims_demo.XXXXXX") || exit
    trap : INT TERM
    "$@" --store "sqlite:$folder/demo.db"
    status=$?
    rm -rf "$folder"
    exit "$status"
"#;

/// Builds the server for release, and becomes `ims demo` with a store that is removed afterwards.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    Job::cargo(&["build", "--release", "--package=ims-server"]).run()?;
    let program = Metadata::of("Cargo.toml")?.target_directory()?.join("release/ims");
    let mut shell = Command::new("sh");
    shell.args(["-c", IN_A_FOLDER_OF_ITS_OWN, "demo"]).arg(program).arg("demo").args(arguments);
    let error = shell.exec();
    Err(format!("cannot run sh: {error}"))
}
