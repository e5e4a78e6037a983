//! What is printed.

use super::{
    cases::{Case, File, Portability},
    run::{Finding, Verdict, fails, run as run_case},
};
use std::{collections::BTreeMap, process::ExitCode};

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

/// Runs the cases whose id contains one of these words, or all where there are none; says what came of them.
pub(crate) fn run(files: &[File], words: &[&str], listing: Listing) -> ExitCode {
    let (mut universal, mut policy) = (Counts::default(), Counts::default());
    for file in files {
        let is_meant = |case: &&Case| words.is_empty() || words.iter().any(|word| case.id.contains(word));
        let run: Vec<(&Case, Verdict)> =
            file.cases.iter().filter(is_meant).map(|case| (case, run_case(case))).collect();
        if run.is_empty() {
            continue;
        }
        let of = |portability| {
            let mut counts = Counts::default();
            let meant = run.iter().filter(|(case, _)| case.portability == portability);
            meant.for_each(|(_, verdict)| counts.count(verdict));
            counts
        };
        let (here, chosen) = (of(Portability::Universal), of(Portability::Policy));
        print_file(file, &run, here, chosen, listing);
        for (sum, part) in [(&mut universal, here), (&mut policy, chosen)] {
            sum.passed += part.passed;
            sum.differ += part.differ;
            sum.not_modelled += part.not_modelled;
            sum.broken += part.broken;
        }
    }
    println!("policies: {} passed, {} differ, {} not modelled", policy.passed, policy.differ, policy.not_modelled);
    if policy.broken > 0 {
        println!("policies: {} broken", policy.broken);
    }
    let failed = universal.differ + universal.broken;
    println!("oracles: {} passed, {failed} failed, {} not modelled", universal.passed, universal.not_modelled);
    if failed + policy.broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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
