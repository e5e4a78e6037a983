use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use crate::project;
use crate::tally::Tally;

/// A command, and the line that a person types to run it again.
pub(crate) struct Job {
    command: Command,
    environment: String,
    words: String,
}

impl Job {
    /// Builds the program `ims` as `cargo test --workspace` builds it. A test beside it and the whole workspace ask for the
    /// same features of every dependency; without them, half of the dependencies would be built a second time.
    pub(crate) fn ims() -> Self {
        Self::cargo(&["build", "--quiet", "--workspace", "--bin=ims", "--test=export"])
    }

    pub(crate) fn cargo(arguments: &[&str]) -> Self {
        Self { command: project::cargo(), environment: String::new(), words: "cargo".to_owned() }.arguments(arguments)
    }

    pub(crate) fn program(program: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(program);
        command.current_dir(project::root());
        Self { command, environment: String::new(), words: shown(&program.to_string_lossy()) }.arguments(arguments)
    }

    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        for argument in arguments {
            self.words.push(' ');
            self.words.push_str(&shown(argument));
        }
        self.command.args(arguments);
        self
    }

    /// Sets a variable that has to be set again when the command is repeated.
    pub(crate) fn with(mut self, variable: &str, value: &str) -> Self {
        self.environment = format!("{}{variable}={} ", self.environment, shown(value));
        self.command.env(variable, value);
        self
    }

    /// Sets a variable that means nothing after this run.
    pub(crate) fn with_passing(mut self, variable: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(variable, value);
        self
    }

    /// Writes the command as a line for a shell.
    pub(crate) fn line(&self) -> String {
        format!("{}{}", self.environment, self.words)
    }

    /// Runs the command with this process's own terminal.
    pub(crate) fn run(mut self) -> Result<(), String> {
        let status = self.command.status().map_err(|error| self.cannot_run(&error))?;
        succeeded(status)
    }

    /// Runs a command that runs tests: passes on all that it prints, and adds up its test harnesses' results.
    ///
    /// The sum is made whether the command succeeds or not.
    pub(crate) fn run_tests(mut self, tally: &mut Tally) -> Result<(), String> {
        let child = self.command.stdout(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| self.cannot_run(&error))?;
        if let Some(output) = child.stdout.take() {
            pass_on(output, &mut io::stdout(), tally)
                .map_err(|error| format!("cannot pass on what the tests print: {error}"))?;
        }
        succeeded(child.wait().map_err(|error| self.cannot_run(&error))?)
    }

    fn cannot_run(&self, error: &io::Error) -> String {
        format!("cannot run {}: {error}", self.command.get_program().display())
    }
}

fn pass_on(output: impl io::Read, terminal: &mut impl Write, tally: &mut Tally) -> io::Result<()> {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        terminal.write_all(&line)?;
        terminal.flush()?;
        tally.read(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(())
}

fn succeeded(status: ExitStatus) -> Result<(), String> {
    if status.success() { Ok(()) } else { Err(status.to_string()) }
}

/// Quotes a word if a shell would not read it back as it is.
fn shown(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_shown_as_the_line_that_repeats_it() {
        let job = Job::cargo(&["test", "--", "two words"]).with("IMS_X", "1").with_passing("IMS_Y", "2");
        assert_eq!(job.line(), "IMS_X=1 cargo test -- 'two words'");
    }

    #[test]
    fn what_tests_print_is_passed_on_as_it_is_and_counted() {
        let printed =
            b"\xff not text\ntest result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\nend";
        let (mut terminal, mut tally) = (Vec::new(), Tally::default());
        pass_on(printed.as_slice(), &mut terminal, &mut tally).unwrap();
        assert_eq!(terminal, printed);
        assert_eq!((tally.passed, tally.failed), (2, 1));
    }
}
