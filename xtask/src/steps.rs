use std::io::{self, Write};
use std::time::{Duration, Instant};

use crate::job::Job;
use crate::tally::Tally;

/// What came of a step that did not fail.
pub(crate) enum Done {
    Ran,
    /// There was nothing to do, and this is why.
    Skipped(String),
}

/// Runs steps one after another and tells a person which, how long and, if one fails, how to run it again.
pub(crate) struct Steps {
    began: Instant,
    finished: Vec<String>,
    /// The tests that ran in all steps so far.
    pub(crate) tally: Tally,
}

impl Steps {
    pub(crate) fn begin() -> Self {
        Self { began: Instant::now(), finished: Vec::new(), tally: Tally::default() }
    }

    /// Runs a command as a step of the same name.
    pub(crate) fn job(&mut self, job: Job) -> Result<(), String> {
        self.named_job(&job.line(), job)
    }

    /// Runs a command that is too long to be a heading.
    pub(crate) fn named_job(&mut self, heading: &str, job: Job) -> Result<(), String> {
        self.step(heading, &job.line(), |_| job.run().map(|()| Done::Ran))
    }

    /// Runs a command that runs tests, and adds up its results.
    pub(crate) fn tests(&mut self, job: Job) -> Result<(), String> {
        self.named_tests(&job.line(), job)
    }

    /// Runs a command that runs tests and is too long to be a heading.
    pub(crate) fn named_tests(&mut self, heading: &str, job: Job) -> Result<(), String> {
        self.step(heading, &job.line(), |tally| job.run_tests(tally).map(|()| Done::Ran))
    }

    /// Runs `work` under a heading; `repeat` is the command that runs it again.
    pub(crate) fn step(
        &mut self,
        heading: &str,
        repeat: &str,
        work: impl FnOnce(&mut Tally) -> Result<Done, String>,
    ) -> Result<(), String> {
        say(&format!("\n=== {heading}"));
        let began = Instant::now();
        let done = work(&mut self.tally);
        let time = seconds(began.elapsed());
        let (word, outcome) = match done {
            Ok(Done::Ran) => ("ok", Ok(())),
            Ok(Done::Skipped(why)) => {
                say(&format!("skipped: {why}"));
                ("skipped", Ok(()))
            }
            Err(why) => ("FAILED", Err(format!("{heading}: {why}\nto repeat it: {repeat}"))),
        };
        say(&format!("=== {word} in {time}"));
        self.finished.push(format!("{time:>9}  {word:<7}  {heading}"));
        outcome
    }

    /// Prints the steps, and last the one line that says what ran and whether all of it passed.
    pub(crate) fn close(self, outcome: &Result<(), String>) {
        say("\n=== steps");
        for line in &self.finished {
            say(line);
        }
        let verdict = match outcome {
            Ok(()) => "ok",
            Err(why) => {
                say(&format!("\nfailed: {why}\n"));
                "FAILED"
            }
        };
        say(&format!("test result: {verdict}. {}; finished in {}", self.tally, seconds(self.began.elapsed())));
    }
}

fn seconds(time: Duration) -> String {
    format!("{}.{:02}s", time.as_secs(), time.subsec_millis() / 10)
}

/// Prints a line at once: it has to stand before what the next command prints.
fn say(line: &str) {
    let mut terminal = io::stdout().lock();
    // A reader that has gone away does not want to be told.
    let _ = writeln!(terminal, "{line}").and_then(|()| terminal.flush());
}
