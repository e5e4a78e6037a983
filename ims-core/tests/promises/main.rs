//! The promises that the engine makes, held against a shadow that shares no rule with it.
//!
//! A case is some days of trade in a shop: goods come and go, are put aside, ordered, shipped and brought back, some of
//! it entered late, twice, or wrong. `PROPTEST_CASES` says how many cases are tried; a failing one is printed with the
//! fewest steps that still fail.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod compare;
mod engine;
mod script;
mod shadow;
mod step;
mod universe;

use compare::{conclude, follow, granted};
use engine::{
    Engine, Said, business, events, execute, execute_all, levels, simulate, state_hash, verdict, with_engine,
};
use ims_core::{Answer, EventBody, MemoryStore};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{TestCaseError, TestCaseResult},
};
use script::{Letter, Script, Sent};
use step::{days, shortage};
use universe::ITEM_COUNT;

/// A case is days of trade, so there are fewer of them than elsewhere.
fn some_days() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.div_ceil(3), failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(some_days())]

    /// Promises 1, 2, 4 and 5: what is on hand, promised and on its way, what it cost, and what is refused.
    #[test]
    fn the_engine_does_what_its_shadow_does(steps in days(80)) {
        let store = MemoryStore::new();
        with_engine(&store, async |ims| -> TestCaseResult {
            let mut script = open(ims).await?;
            for step in &steps {
                match script.write(step) {
                    Sent::New(letter, expected) => follow(ims, letter, expected).await?,
                    Sent::Again(_, letter) => {
                        execute(ims, letter).await;
                    }
                    Sent::Otherwise(letter) => prop_assert_eq!(execute(ims, letter).await, Said::IdReused),
                }
                prop_assert_eq!(levels(ims, script.now()).await, script.shadow().levels(script.now()));
            }
            conclude(ims, script.shadow()).await
        })?;
    }

    /// Promise 2: however a demand is split into lines, it gets the same, or the same refusal.
    #[test]
    fn splitting_a_demand_changes_nothing(
        steps in days(40),
        nth in 0..ITEM_COUNT,
        parts in vec(1..4_i64, 2..5),
        shortage in shortage(),
    ) {
        let store = MemoryStore::new();
        with_engine(&store, async |ims| -> TestCaseResult {
            let mut script = open(ims).await?;
            for step in &steps {
                if let Sent::New(letter, _) = script.write(step) {
                    execute(ims, letter).await;
                }
            }
            let whole = [parts.iter().sum()];
            let whole = granted(simulate(ims, script.demand(nth, shortage, &whole)).await);
            let split = granted(simulate(ims, script.demand(nth, shortage, &parts)).await);
            prop_assert_eq!(split, whole);
            Ok(())
        })?;
    }

    /// Promise 3: the same id again gives the first answer, for ever, and changes nothing.
    #[test]
    fn a_command_is_done_once_however_often_it_is_sent(steps in days(40)) {
        let store = MemoryStore::new();
        with_engine(&store, async |ims| -> TestCaseResult {
            let mut script = open(ims).await?;
            let mut said: Vec<(Letter, Said)> = Vec::new();
            for step in &steps {
                match script.write(step) {
                    Sent::New(letter, _) => said.push((letter.clone(), execute(ims, letter).await)),
                    Sent::Again(nth, letter) => prop_assert_eq!(&execute(ims, letter).await, &said[nth].1),
                    Sent::Otherwise(letter) => prop_assert_eq!(execute(ims, letter).await, Said::IdReused),
                }
            }
            let before = (state_hash(ims).await, events(ims).await.len());
            let (letters, answers): (Vec<_>, Vec<_>) = said.into_iter().unzip();
            prop_assert_eq!(&execute_all(ims, letters.clone()).await, &answers);
            for (letter, answer) in letters.into_iter().zip(answers) {
                prop_assert_eq!(execute(ims, letter).await, answer);
            }
            prop_assert_eq!((state_hash(ims).await, events(ims).await.len()), before);
            Ok(())
        })?;
        // Another engine on the same rows remembers as well.
        let verdict = with_engine(&store, async |ims| verdict(ims).await);
        prop_assert!(verdict.ok, "{:#?}", verdict.broken);
    }

    /// Promise 9: the same commands in the same order give the same state, however they are bundled.
    #[test]
    fn bundles_do_not_change_the_outcome(steps in days(80), sizes in vec(1..9_usize, 1..9)) {
        let (mut script, opening) = Script::open();
        let letters: Vec<Letter> = steps.iter().map(|step| match script.write(step) {
            Sent::New(letter, _) | Sent::Again(_, letter) | Sent::Otherwise(letter) => letter,
        }).collect();
        let letters: Vec<Letter> = opening.into_iter().map(|(letter, _)| letter).chain(letters).collect();
        let one_by_one = bundled(&letters, &[1]);
        for sizes in [&[letters.len()][..], &sizes] {
            let Bundled { said, told, state_hash } = bundled(&letters, sizes);
            for (nth, said) in said.iter().enumerate() {
                prop_assert_eq!(said, &one_by_one.said[nth], "{:?}", letters[nth]);
            }
            prop_assert_eq!(told.len(), one_by_one.told.len());
            for (nth, told) in told.iter().enumerate() {
                prop_assert_eq!(told, &one_by_one.told[nth]);
            }
            prop_assert_eq!(&state_hash, &one_by_one.state_hash);
        }
    }

    /// Promise 4: what is only tried is answered as if it were done, and changes nothing.
    #[test]
    fn trying_changes_nothing(steps in days(15)) {
        let store = MemoryStore::new();
        with_engine(&store, async |ims| -> TestCaseResult {
            let mut script = open(ims).await?;
            for step in &steps {
                if let Sent::New(letter, _) = script.write(step) {
                    let before = (state_hash(ims).await, events(ims).await.len());
                    let tried = simulate(ims, letter.clone()).await;
                    prop_assert_eq!((state_hash(ims).await, events(ims).await.len()), before);
                    prop_assert_eq!(execute(ims, letter).await, tried);
                }
            }
            Ok(())
        })?;
    }

    /// Promise 4: what is refused leaves nothing but the record of its refusal.
    #[test]
    fn a_refusal_changes_nothing_else(steps in days(25)) {
        let store = MemoryStore::new();
        let bare = MemoryStore::new();
        let mut done: Vec<Letter> = Vec::new();
        with_engine(&store, async |ims| -> TestCaseResult {
            let mut script = open(ims).await?;
            for step in &steps {
                if let Sent::New(letter, _) = script.write(step)
                    && let Said::Answered(Answer::Done(_)) = execute(ims, letter.clone()).await
                {
                    done.push(letter);
                }
            }
            Ok(())
        })?;
        with_engine(&bare, async |ims| -> TestCaseResult {
            open(ims).await?;
            execute_all(ims, done).await;
            Ok(())
        })?;
        let different: Vec<String> = business(&store).symmetric_difference(&business(&bare)).cloned().collect();
        prop_assert!(different.is_empty(), "only in one of both: {different:#?}");
    }
}

/// Opens the shop.
async fn open(ims: &Engine) -> Result<Script, TestCaseError> {
    let (script, letters) = Script::open();
    for (letter, expected) in letters {
        follow(ims, letter, expected).await?;
    }
    Ok(script)
}

/// What comes of commands.
struct Bundled {
    said: Vec<Said>,
    told: Vec<EventBody>,
    state_hash: String,
}

/// Sends commands in bundles of these sizes, over and over.
fn bundled(letters: &[Letter], sizes: &[usize]) -> Bundled {
    let store = MemoryStore::new();
    with_engine(&store, async |ims| {
        let mut said = Vec::new();
        let mut rest = letters;
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (now, later) = rest.split_at((*size).min(rest.len()));
            said.extend(execute_all(ims, now.to_vec()).await);
            rest = later;
        }
        let told = events(ims).await.into_iter().map(|event| event.record.body).collect();
        Bundled { said, told, state_hash: state_hash(ims).await }
    })
}
