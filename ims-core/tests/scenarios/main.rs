//! The stories that every store and language agrees on, on the memory store.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, missing_docs)]

use futures_executor::block_on;
use ims_core::{Answer, Command, MemoryStore, Rejection};
use ims_scenarios::{Played, all, check_all, play};
use std::collections::BTreeSet;

#[test]
fn every_story_holds() {
    check_all("memory", |story| block_on(play(MemoryStore::new(), story))).unwrap_or_else(|wrong| panic!("{wrong}"));
}

#[test]
fn every_code_is_reached() {
    let reached: BTreeSet<&str> = all().unwrap().iter().flat_map(refusals).collect();
    let missing: Vec<&&str> = Rejection::CODES.iter().filter(|code| !reached.contains(*code)).collect();
    assert!(missing.is_empty(), "no story is refused with {missing:?}");
}

#[test]
fn a_long_story_uses_every_command() {
    let story = all().unwrap().iter().max_by_key(|story| story.steps.len()).unwrap();
    assert_eq!(story.steps.len(), 10_000);
    let done = story.steps.iter().filter(|step| matches!(step.answer, Answer::Done(_)));
    let used: BTreeSet<&str> = done.clone().map(|step| step.command.name()).collect();
    let unused: Vec<&&str> = Command::NAMES.iter().filter(|name| !used.contains(*name)).collect();
    assert!(unused.is_empty(), "{unused:?} was never done");
    let percent = done.count() * 100 / story.steps.len();
    assert!(percent >= 85, "only {percent} % of the commands are done");
    let codes: BTreeSet<&str> = refusals(story).into_iter().collect();
    assert!(codes.len() >= 15, "only {codes:?}");
}

fn refusals(story: &Played) -> Vec<&'static str> {
    let code = |answer: &Answer| match answer {
        Answer::Refused(rejection) => Some(rejection.code()),
        Answer::Done(_) => None,
    };
    story.steps.iter().filter_map(|step| code(&step.answer)).collect()
}
