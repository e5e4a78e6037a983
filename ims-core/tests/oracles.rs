//! The oracles: what other projects' suites and textbooks say comes out, asked of this engine.
//!
//! Reads every `*.json` of a folder (`tests/oracles/data`, or what the environment variable `IMS_ORACLES` names), turns
//! each case into commands of the public API on a fresh store and checks every expectation:
//!
//! ```text
//! cargo test -p ims-core --test oracles                  # everything
//! cargo test -p ims-core --test oracles -- solidus-019   # the cases whose id contains this
//! cargo test -p ims-core --test oracles -- --verbose     # and lists those that passed
//! IMS_ORACLES=/some/folder cargo test -p ims-core --test oracles
//! ```
//!
//! A `universal` case follows from the definition of its method: it must pass. A `policy` case is one project's choice:
//! where this engine chooses otherwise it is said to differ. A case with anything that is not understood here (an
//! operation, a field, a policy, an expectation) is never passed: it is not modelled, and the report says what is
//! missing.
//!
//! Every case runs twice. First one command at a time: each is simulated before it is executed, both must answer the
//! same, and at the end `verify` must find nothing broken. Then all its commands go at once through `execute_all` into
//! another store: the answers and the state hash must be the same again.

// Figures of cases are decimals of 28 digits: a sum that does not fit fails its case by a panic.
#![allow(clippy::arithmetic_side_effects)]

/// The parts, each in its own file.
mod oracles {
    pub(crate) mod cases;
    pub(crate) mod check;
    pub(crate) mod claims;
    pub(crate) mod costs;
    pub(crate) mod facts;
    pub(crate) mod fields;
    pub(crate) mod figures;
    pub(crate) mod report;
    pub(crate) mod run;
    pub(crate) mod scale;
    pub(crate) mod shop;
    pub(crate) mod stop;
}

use oracles::{
    cases,
    report::{self, Listing, Sums},
};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--list") {
        println!("oracles: test");
        return ExitCode::SUCCESS;
    }
    let named = named(&arguments);
    let listing = if arguments.iter().any(|argument| argument == "--verbose") {
        Listing::Everything
    } else {
        Listing::Remarkable
    };
    // The engine reads no environment; a test is told by it where the cases are.
    #[allow(clippy::disallowed_methods)]
    let elsewhere = std::env::var_os("IMS_ORACLES");
    let asked = Asked { named: &named, listing };
    let sound = match elsewhere {
        Some(folder) => asked.run(&PathBuf::from(folder)).map(|sums| sums.is_sound()),
        None => asked.run_own_and_copies(),
    };
    match sound {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// The arguments of the test harness that have a value behind them.
const WITH_A_VALUE: [&str; 6] = ["--test-threads", "--skip", "--format", "--color", "--logfile", "-Z"];

/// The words that name cases.
fn named(arguments: &[String]) -> Vec<&str> {
    let before = std::iter::once("").chain(arguments.iter().map(String::as_str));
    let words = arguments.iter().map(String::as_str).zip(before);
    words
        .filter(|(word, before)| !word.starts_with('-') && !WITH_A_VALUE.contains(before))
        .map(|(word, _)| word)
        .collect()
}

/// Which cases are to be run, and which of them listed.
struct Asked<'a> {
    named: &'a [&'a str],
    listing: Listing,
}

impl Asked<'_> {
    /// Runs the cases of a folder and prints the closing lines.
    fn run(&self, folder: &Path) -> Result<Sums, String> {
        let sums = report::run(&cases::read_folder(folder)?, self.named, self.listing);
        sums.print();
        Ok(sums)
    }

    /// Runs the cases that came with the project: its own, which only say how the schema is read, and then the oracles.
    fn run_own_and_copies(&self) -> Result<bool, String> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles");
        let own = report::run(&cases::read_folder(&here.join("own"))?, self.named, self.listing);
        own.print_own();
        Ok(self.run(&here.join("data"))?.is_sound() && own.is_sound())
    }
}
