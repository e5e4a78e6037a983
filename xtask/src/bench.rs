use crate::{job::Job, project::Metadata, test::with_servers};

/// Runs the benches on servers that are started for them, and with the server that is measured over HTTP.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    Job::cargo(&["build", "--release", "--package=ims-server"]).run()?;
    let program = Metadata::of("Cargo.toml")?.target_directory()?.join("release").join("ims");
    with_servers(Job::cargo(&["bench", "--package=ims-benches", "--"]))?
        .with_passing("IMS_BIN", program)
        .arguments(arguments)
        .run()
}
