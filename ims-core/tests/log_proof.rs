//! The proof of a store sees a log that is not whole, and names what is missing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, missing_docs)]

use futures_executor::block_on;
use ims_core::{
    audit::{LogEntry, Proof, Tells, Verdict, verify},
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    report::{PageRequest, Row, Table},
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
    *,
};

/// A shop that has sold its last unit, which raised an alert, and was refused one more.
fn shop() -> MemoryStore {
    let store = MemoryStore::new();
    let (ims, worker) = Ims::new(store.clone());
    let (site, item) = (LocationId::from_u128(2), ItemId::from_u128(3));
    let cost = "1".parse().unwrap();
    let sell = || Sell::new(site, vec![OrderedLine::new(item, Quantity::ONE)]);
    let commands: [Command; 6] = [
        OpenShop::new("Corner shop", "EUR".parse().unwrap()).into(),
        CreateLocation { code: "MAIN".into(), name: "Main".into() }.into(),
        CreateItem { price: Some("2".parse().unwrap()), ..CreateItem::new("TEA".parse().unwrap(), "Tea") }.into(),
        ReceiveStock {
            site,
            supplier: None,
            lines: vec![CostedGoods { item, quantity: Quantity::ONE, unit_cost: cost }],
        }
        .into(),
        sell().into(),
        sell().into(),
    ];
    let give = async move {
        for (id, command) in (1..).zip(commands) {
            let ctx = Context::new(CommandId::from_u128(id), "test", "2026-01-31T09:00:00Z".parse().unwrap());
            let refused = ims.execute(ctx, command).await.is_err();
            assert_eq!(refused, id == 6);
        }
    };
    block_on(futures_util::future::join(worker, give));
    store
}

fn log(store: &MemoryStore) -> Vec<LogEntry> {
    let events = block_on(store.events(Offset::START, 1_000)).unwrap().events;
    events.iter().map(|event| LogEntry::new(event.offset, &event.record)).collect()
}

/// Proves the rows of a store with another log, as a store does that reads both one by one.
fn proven(store: &MemoryStore, log: &[LogEntry], newest: u64) -> Verdict {
    let mut proof = Proof::new();
    let rows = |table| block_on(store.scan(table, &PageRequest::default())).unwrap().rows;
    for table in Table::ALL {
        rows(table).into_iter().for_each(|row: Row| proof.add(table, row));
    }
    log.iter().for_each(|entry| proof.add_event(*entry));
    if proof.end_log(Offset(newest)) {
        rows(Table::Commands).iter().for_each(|row| proof.name_command(row));
        log.iter().for_each(|entry| proof.add_event(*entry));
    }
    proof.finish()
}

/// What is found, one line for each.
fn found(verdict: &Verdict) -> Vec<String> {
    assert_eq!(verdict.ok, verdict.broken.is_empty());
    assert!(verdict.broken.iter().all(|broken| broken.promise == "a log without gaps"), "{verdict:?}");
    verdict.broken.iter().map(|broken| format!("{}: {}", broken.row, broken.finding)).collect()
}

#[test]
fn a_whole_log_is_proven() {
    let store = shop();
    let log = log(&store);
    assert_eq!(log.len(), 6, "five commands, and an alert");
    assert!(block_on(verify(&store)).unwrap().ok);
    assert_eq!(found(&proven(&store, &log, 6)), [""; 0]);
}

#[test]
fn an_event_that_is_missing_is_named() {
    let store = shop();
    let whole = log(&store);
    for missing in &whole {
        let rest: Vec<LogEntry> = whole.iter().filter(|entry| entry != &missing).copied().collect();
        let findings = found(&proven(&store, &rest, 6));
        let named = format!("event at offset {}: this event is missing", missing.offset);
        assert!(findings.contains(&named), "{findings:?}");
        if missing.tells == Tells::Done {
            let command = format!("command {}: it was done, and no event says so", missing.command);
            assert!(findings.contains(&command), "{findings:?}");
        }
    }
    let (gap, ..) = (&whole[..2], ());
    let rest = [gap, &whole[5..]].concat();
    assert!(
        found(&proven(&store, &rest, 6)).contains(&"event at offset 3: the events up to offset 5 are missing".into())
    );
}

#[test]
fn a_log_that_is_gone_is_missing_from_its_first_event_on() {
    let findings = found(&proven(&shop(), &[], 6));
    assert_eq!(findings[0], "event at offset 1: the events up to offset 6 are missing");
    assert_eq!(findings.len(), 6, "five commands were done: {findings:?}");
    let forgotten = found(&proven(&shop(), &[], 0));
    assert_eq!(forgotten.len(), 5, "also where the log says that it is empty: {forgotten:?}");
}

#[test]
fn events_that_were_numbered_anew_are_missed_by_their_commands() {
    let store = shop();
    let mut log = log(&store);
    let gone = log.remove(1);
    (1..).zip(&mut log).for_each(|(offset, entry)| entry.offset = Offset(offset));
    let command = format!("command {}: it was done, and no event says so", gone.command);
    assert_eq!(found(&proven(&store, &log, 5)), [command]);
}

#[test]
fn an_event_of_no_command_is_named() {
    let store = shop();
    let whole = log(&store);
    for command in [6, 99] {
        let mut more = whole.clone();
        more.push(LogEntry { offset: Offset(7), command: CommandId::from_u128(command), tells: Tells::Done });
        let command = CommandId::from_u128(command);
        let finding =
            format!("event at offset 7: it says that command {command} was done, and no answer to it says so");
        assert_eq!(found(&proven(&store, &more, 7)), [finding], "refused, or never given");
    }
    let mut twice = whole.clone();
    twice.push(LogEntry { offset: Offset(7), ..whole[0] });
    assert_eq!(found(&proven(&store, &twice, 7)).len(), 1, "told twice");
    let mut strange = whole.clone();
    strange.push(LogEntry { offset: Offset(7), command: whole[0].command, tells: Tells::More });
    let findings = found(&proven(&store, &strange, 7));
    assert!(findings[0].starts_with("event at offset 7: it follows no event that says"), "{findings:?}");
}

#[test]
fn a_log_ends_where_it_says() {
    let store = shop();
    let whole = log(&store);
    assert_eq!(found(&proven(&store, &whole, 8)), ["event at offset 7: the events up to offset 8 are missing"]);
    assert_eq!(found(&proven(&store, &whole, 4)), ["event at offset 6: the log says that it ends at offset 4"]);
}
