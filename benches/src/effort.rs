//! How much a benchmark tries.

use std::time::Duration;

/// How much a benchmark tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Enough rounds for medians that mean something.
    Full,
    /// One short round, to see that everything works.
    Quick,
}

impl Effort {
    /// Reads the program's arguments: `--quick` or nothing.
    pub fn of_arguments() -> Effort {
        let mut effort = Effort::Full;
        for argument in std::env::args().skip(1) {
            match argument.as_str() {
                "--quick" => effort = Effort::Quick,
                // Cargo says so to every benchmark.
                "--bench" => {}
                other => {
                    eprintln!("{other:?} is not understood; the only argument is --quick");
                    std::process::exit(2);
                }
            }
        }
        effort
    }

    /// Rounds, each of which measures both sides one after the other.
    pub fn rounds(self) -> usize {
        match self {
            Effort::Full => 5,
            Effort::Quick => 1,
        }
    }

    /// Rounds that may be measured again because the disk was slow.
    pub fn spare_rounds(self) -> usize {
        match self {
            Effort::Full => 5,
            Effort::Quick => 0,
        }
    }

    /// How long one measurement takes.
    pub fn time(self) -> Duration {
        match self {
            Effort::Full => Duration::from_millis(1_500),
            Effort::Quick => Duration::from_millis(300),
        }
    }

    /// How many orders, where it is their number that is given.
    pub fn orders(self) -> usize {
        match self {
            Effort::Full => 100_000,
            Effort::Quick => 10_000,
        }
    }
}
