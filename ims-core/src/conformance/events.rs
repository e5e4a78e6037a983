//! The log: every event once, in order, with no gap.

use super::{
    StoreFactory,
    drive::{commit_to, two_handles},
    finding::{Finding, equal, equal_lists},
    model::Model,
    sample::{catalogue, done, event, refused, trade, trade_again},
};
use crate::*;

/// A change of events alone.
fn told(numbers: impl IntoIterator<Item = u32>) -> ChangeSet {
    ChangeSet {
        events: numbers.into_iter().map(|number| event(number.saturating_add(1))).collect(),
        ..ChangeSet::default()
    }
}

pub(super) async fn offsets_have_no_gap<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (one, other) = two_handles(factory).await?;
    let mut model = Model::default();
    // One writer after the other, changes of many events and of none, and conflicts in between: they take no offset.
    let stale = ChangeSet { catalog: 9, ..told([999, 998]) };
    for (count, (writer, reader)) in
        [1, 5, 0, 2, 30, 1].into_iter().zip([(&one, &other), (&other, &one)].into_iter().cycle())
    {
        let outcome = writer.commit(stale.clone()).await?;
        equal("whether a stale change conflicts", &matches!(outcome, Outcome::Conflict(_)), &true)?;
        // Numbered downwards: the order is the one given, not the one of any column.
        commit_to(writer, &mut model, told((0..count).rev())).await?;
        model.check_events(reader, limits::EVENTS_PER_PAGE).await?;
        model.check_events(writer, 4).await?;
    }
    Ok(())
}

pub(super) async fn events_come_in_pages<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    let empty = EventPage { events: Vec::new(), newest: Offset::START };
    for after in [0, 1, u64::MAX] {
        equal("events of an empty log", &store.events(Offset(after), 10).await?, &empty)?;
    }
    let most = limits::EVENTS_PER_PAGE;
    commit_to(&store, &mut model, told(0..most.saturating_add(3))).await?;
    for limit in [37, most.saturating_sub(1), most] {
        model.check_events(&store, limit).await?;
    }
    let (log, newest) = (model.log(), model.newest());
    // Where the page begins, what it may hold, and what it must hold.
    let pages = [
        (0, 1, 1),
        (0, 0, 0),
        (5, 2, 2),
        (0, u32::MAX, most),
        (3, u32::MAX, most),
        (4, u32::MAX, most.saturating_sub(1)),
        (u64::from(most), 10, 3),
        (u64::from(most).saturating_add(3), 10, 0),
        (u64::from(most).saturating_add(4), 10, 0),
        (u64::MAX >> 1, 10, 0),
        (u64::MAX, 10, 0),
    ];
    for (after, limit, count) in pages {
        let what = format!("{limit} events after {after}");
        let page = store.events(Offset(after), limit).await?;
        equal(&format!("the newest offset beside {what}"), &page.newest, &newest)?;
        let expected =
            log.iter().filter(|event| event.offset.0 > after).take(usize::try_from(count).unwrap_or_default());
        equal_lists(&what, &page.events, &expected.cloned().collect::<Vec<_>>())?;
    }
    Ok(())
}

pub(super) async fn events_of_every_kind_survive<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, catalogue()?).await?;
    for number in 1..=3 {
        commit_to(&store, &mut model, trade(number)?).await?;
        commit_to(&store, &mut model, trade_again(number)?).await?;
    }
    for limit in [1, 3, 10] {
        model.check_events(&store, limit).await?;
    }
    Ok(())
}

pub(super) async fn the_proof_looks_at_the_log<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, memory) = (factory.fresh().await?, MemoryStore::new());
    let answers = |commands| ChangeSet { commands, ..ChangeSet::default() };
    let told_and_done = ChangeSet { commands: vec![done(1), refused(2)], ..told([0]) };
    // Whole until then; then a command that nobody tells of, and an event of one that was refused and of one that is not
    // there.
    let changes = [(told_and_done, 0), (answers(vec![done(3)]), 1), (told([1]), 2), (told([9]), 3)];
    for (change, broken) in changes {
        for outcome in [store.commit(change.clone()).await?, memory.commit(change).await?] {
            equal("whether it is committed", &matches!(outcome, Outcome::Done { .. }), &true)?;
        }
        let (found, expected) = (audit::verify(&store).await?, audit::verify(&memory).await?);
        equal("how much memory finds", &expected.broken.len(), &broken)?;
        equal_lists("what the proof finds", &found.broken, &expected.broken)?;
    }
    Ok(())
}
