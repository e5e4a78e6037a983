use std::fmt;

use crate::scenarios::Hashes;

/// The sum of what test harnesses reported, and what their tests said of the scenarios.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
    pub(crate) measured: u64,
    pub(crate) filtered_out: u64,
    pub(crate) hashes: Hashes,
}

impl Tally {
    /// Adds a harness's closing line, `test result: ok. 3 passed; 0 failed; …`, and the hash of a scenario; other lines say
    /// nothing.
    pub(crate) fn read(&mut self, line: &str) {
        self.hashes.read(line);
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|line| line.split_once(". ")) else {
            return;
        };
        for count in counts.trim().split("; ") {
            let Some((number, what)) = count.split_once(' ') else { continue };
            let (Ok(number), Some(sum)) = (number.parse(), self.sum(what)) else { continue };
            *sum = sum.saturating_add(number);
        }
    }

    fn sum(&mut self, what: &str) -> Option<&mut u64> {
        match what {
            "passed" => Some(&mut self.passed),
            "failed" => Some(&mut self.failed),
            "ignored" => Some(&mut self.ignored),
            "measured" => Some(&mut self.measured),
            "filtered out" => Some(&mut self.filtered_out),
            _ => None,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, failed, ignored, measured, filtered_out, hashes: _ } = self;
        write!(
            f,
            "{passed} passed; {failed} failed; {ignored} ignored; {measured} measured; {filtered_out} filtered out"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_added_up_and_others_are_not() {
        let mut tally = Tally::default();
        tally.read("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.01s\n");
        tally.read("test a_test ... ok\n");
        tally.read(
            "test result: FAILED. 2 passed; 5 failed; 0 ignored; 6 measured; 0 filtered out; finished in 0.01s\n",
        );
        assert_eq!(tally, Tally { passed: 5, failed: 5, ignored: 1, measured: 6, filtered_out: 4, ..Tally::default() });
    }

    #[test]
    fn a_tally_is_shown_in_the_form_that_it_reads() {
        let tally = Tally { passed: 1, failed: 2, ignored: 3, measured: 4, filtered_out: 5, ..Tally::default() };
        let mut read = Tally::default();
        read.read(&format!("test result: ok. {tally}; finished in 0.01s"));
        assert_eq!(read, tally);
    }
}
