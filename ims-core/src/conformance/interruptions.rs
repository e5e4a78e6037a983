//! Interruptions: a caller that goes away leaves all of its change, or none of it.

use super::{
    StoreFactory,
    drive::{answers, commit, commit_to, drop_after, log, same_state, shown, two_handles, with_engine},
    finding::{Finding, equal_lists, wrong},
    model::{Model, equal_loads},
    sample::{self, trade},
    script,
};
use crate::*;
use futures_util::future::join;

/// After how many polls futures are dropped.
const POLLS: [u32; 11] = [0, 1, 2, 3, 4, 5, 6, 8, 11, 16, 25];

pub(super) async fn a_dropped_commit_is_whole_or_nothing<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (one, other) = two_handles(factory).await?;
    let mut model = Model::default();
    commit_to(&one, &mut model, sample::catalogue()?).await?;
    for (number, polls) in (1..).zip(POLLS) {
        let change = trade(number)?;
        let after = model.after(&change)?;
        let outcome = drop_after(polls, one.commit(change.clone())).await;
        let keys = after.every_key();
        for _ in 0..4 {
            // The commit may still be under way, and must not be seen half done.
            let seen = other.load(&keys).await?;
            if equal_loads(&seen, &model.load(&keys)).is_err()
                && let Err(finding) = equal_loads(&seen, &after.load(&keys))
            {
                return wrong(format!("a commit dropped after {polls} polls is seen in part: {finding}"));
            }
        }
        drop_after(polls, one.load(&keys)).await;
        drop_after(polls, one.events(Offset::START, 10)).await;
        // Sending it again settles what became of it: it is there now, once.
        match (outcome.transpose()?, commit(&one, &change).await?) {
            (None, Outcome::Done { .. } | Outcome::Conflict(_)) => {}
            (Some(Outcome::Done { .. }), Outcome::Conflict(_)) => {}
            (first, then) => {
                return wrong(format!("a commit dropped after {polls} polls gave {first:?}, and sent again {then:?}"));
            }
        }
        model = after;
        model.check(&one).await?;
        model.check(&other).await?;
    }
    Ok(())
}

pub(super) async fn an_engine_that_stops_midway_does_all_or_nothing<F: StoreFactory>(
    factory: &F,
) -> Result<(), Finding> {
    let (store, other) = two_handles(factory).await?;
    let memory = MemoryStore::new();
    let opening = script::opening(3, 100)?;
    with_engine(other, async |engine| Ok(answers(&engine, &opening).await)).await?;
    with_engine(memory.clone(), async |engine| Ok(answers(&engine, &opening).await)).await?;
    for (number, polls) in (0..).zip(POLLS) {
        let sale = script::sale(number, &[(1, 2), (2, 1), (3, 1)]);
        let (engine, worker) = Ims::new(factory.reopen(&store).await?);
        let (ctx, command) = sale.clone();
        let asked = async move { shown(&engine.execute(ctx, command).await) };
        let first = drop_after(polls, join(worker, asked)).await;
        let (again, sale) = (factory.reopen(&store).await?, [sale]);
        let found = with_engine(again, async |engine| Ok(answers(&engine, &sale).await)).await?;
        let expected = with_engine(memory.clone(), async |engine| Ok(answers(&engine, &sale).await)).await?;
        let what = format!("the answer to a command whose engine stopped after {polls} polls");
        equal_lists(&what, &found, &expected)?;
        if let Some(((), answer)) = first {
            equal_lists("the answer before it stopped", &[answer], &expected)?;
        }
    }
    same_state(&store, &memory).await?;
    equal_lists("the log", &log(&store).await?, &log(&memory).await?)
}
