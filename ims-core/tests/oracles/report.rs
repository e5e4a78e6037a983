//! What is printed.

use super::{
    cases::{Case, File, Portability},
    run::{Finding, Verdict, fails, run as run_case},
};
use std::collections::BTreeMap;

/// Which cases are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// Those that did not pass.
    Remarkable,
    /// All.
    Everything,
}

/// How many cases came out how.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    passed: u32,
    differ: u32,
    not_modelled: u32,
    broken: u32,
}

impl Counts {
    fn count(&mut self, verdict: &Verdict) {
        *match verdict {
            Verdict::Passed => &mut self.passed,
            Verdict::Differs(_) => &mut self.differ,
            Verdict::NotModelled(_) => &mut self.not_modelled,
            Verdict::Broken(_) => &mut self.broken,
        } += 1;
    }
}

/// What came of all cases.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sums {
    universal: Counts,
    policy: Counts,
}

impl Sums {
    /// Whether nothing failed.
    pub(crate) fn is_sound(&self) -> bool {
        self.failed() + self.policy.broken == 0
    }

    fn failed(&self) -> u32 {
        self.universal.differ + self.universal.broken
    }

    /// What came of this project's own cases, which are no oracle.
    pub(crate) fn print_own(&self) {
        println!("own cases: {} passed, {} failed\n", self.universal.passed, self.failed());
    }

    /// The closing lines.
    pub(crate) fn print(&self) {
        let Counts { passed, differ, not_modelled, broken } = self.policy;
        println!("policies: {passed} passed, {differ} differ, {not_modelled} not modelled, {broken} broken");
        let Counts { passed, not_modelled, .. } = self.universal;
        println!("oracles: {passed} passed, {} failed, {not_modelled} not modelled", self.failed());
    }
}

/// Runs the cases whose id contains one of these words, or all where there are none, and says what came of them.
pub(crate) fn run(files: &[File], words: &[&str], listing: Listing) -> Sums {
    let mut sums = Sums::default();
    for file in files {
        let is_meant = |case: &&Case| words.is_empty() || words.iter().any(|word| case.id.contains(word));
        let run: Vec<(&Case, Verdict)> =
            file.cases.iter().filter(is_meant).map(|case| (case, run_case(case))).collect();
        let (mut universal, mut policy) = (Counts::default(), Counts::default());
        for (case, verdict) in &run {
            match case.portability {
                Portability::Universal => [&mut universal, &mut sums.universal],
                Portability::Policy => [&mut policy, &mut sums.policy],
            }
            .into_iter()
            .for_each(|counts| counts.count(verdict));
        }
        if !run.is_empty() {
            print_file(file, &run, universal, policy, listing);
        }
    }
    sums
}

fn print_file(file: &File, run: &[(&Case, Verdict)], universal: Counts, policy: Counts, listing: Listing) {
    println!("{} ({})", file.name, file.source);
    let failed = universal.differ + universal.broken;
    println!(
        "  universal  {:>3} passed {failed:>3} failed {:>3} not modelled",
        universal.passed, universal.not_modelled
    );
    println!(
        "  policy     {:>3} passed {:>3} differ {:>3} not modelled",
        policy.passed, policy.differ, policy.not_modelled
    );
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (case, verdict) in run {
        match verdict {
            Verdict::Passed if listing == Listing::Everything => println!("  passed {}", case.id),
            Verdict::Passed => {}
            Verdict::NotModelled(what) => missing.entry(what).or_default().push(&case.id),
            Verdict::Differs(finding) if fails(case, verdict) => print_finding("FAILED", case, finding),
            Verdict::Differs(finding) => print_finding("differs", case, finding),
            Verdict::Broken(finding) => print_finding("BROKEN", case, finding),
        }
    }
    for (what, cases) in missing {
        println!("  not modelled: {what}: {}", cases.join(" "));
    }
    println!();
}

fn print_finding(word: &str, case: &Case, finding: &Finding) {
    let place = match finding.op {
        Some(op) => format!("op {op}"),
        None => "end".to_owned(),
    };
    let difference = &finding.difference;
    println!("  {word} {} ({}), {place}", case.id, case.reference);
    println!("      {}: expected {}, got {}", difference.what, difference.expected, difference.got);
}
