use crate::job::Job;
use crate::test::with_servers;

/// Runs the benches on servers that are started for them.
pub(crate) fn run(arguments: &[&str]) -> Result<(), String> {
    with_servers(Job::cargo(&["bench", "--package=ims-benches", "--"]))?.arguments(arguments).run()
}
