//! The proof of a store sees a log that is not whole, and names what is missing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, missing_docs)]

use futures_executor::block_on;
use ims_core::{
    audit::{LogEntry, Source, Verdict, prove, verify},
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    report::{Page, PageRequest, Row, Table},
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
    events.into_iter().map(LogEntry::from).collect()
}

/// A store that somebody has changed: its log, or rows of it.
struct Changed {
    store: MemoryStore,
    log: Vec<LogEntry>,
    newest: Offset,
    rows: fn(&mut Row),
}

impl Source for Changed {
    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        let mut page = self.store.scan(table, page).await?;
        page.rows.iter_mut().for_each(self.rows);
        Ok(page)
    }

    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.store.load(keys).await
    }

    async fn log(&self, after: Offset) -> Result<(Vec<LogEntry>, Offset), StoreError> {
        // Not all of it at once.
        let rest = self.log.iter().filter(|entry| entry.offset > after).take(4).cloned();
        Ok((rest.collect(), self.newest))
    }
}

fn prove_changed(changed: &Changed) -> Verdict {
    block_on(prove(changed)).unwrap().verdict
}

/// Proves the rows of a store with another log.
fn proven(store: &MemoryStore, log: &[LogEntry], newest: u64) -> Verdict {
    prove_changed(&Changed { store: store.clone(), log: log.to_vec(), newest: Offset(newest), rows: |_| () })
}

/// What is found of the log, one line for each. What it does not tell of rows any more follows from that.
fn found(verdict: &Verdict) -> Vec<String> {
    assert_eq!(verdict.ok, verdict.broken.is_empty());
    let of_log = verdict.broken.iter().filter(|broken| broken.promise == "a log without gaps");
    of_log.map(|broken| format!("{}: {}", broken.row, broken.finding)).collect()
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
        let rest: Vec<LogEntry> = whole.iter().filter(|entry| entry != &missing).cloned().collect();
        let findings = found(&proven(&store, &rest, 6));
        let named = match missing.offset {
            Offset(6) => {
                "head: the newest offset (newest) is 6, and the log ends at 5: the events after that are missing".into()
            }
            offset => format!("events: offset {offset}: this event (event_offset) is missing"),
        };
        assert!(findings.contains(&named), "{findings:?}");
        if matches!(missing.body, Some(EventBody::Done(_))) {
            let command = format!("commands: {}: it was done, and no event says so", missing.command);
            assert!(findings.contains(&command), "{findings:?}");
        }
    }
    let (gap, ..) = (&whole[..2], ());
    let rest = [gap, &whole[5..]].concat();
    assert!(
        found(&proven(&store, &rest, 6))
            .contains(&"events: offset 3: the events up to offset 5 (event_offset) are missing".into())
    );
}

#[test]
fn a_log_that_is_gone_is_missing_from_its_first_event_on() {
    let findings = found(&proven(&shop(), &[], 6));
    let ends = "head: the newest offset (newest) is 6, and the log ends at 0: the events after that are missing";
    assert_eq!(findings[0], ends);
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
    let command = format!("commands: {}: it was done, and no event says so", gone.command);
    assert_eq!(found(&proven(&store, &log, 5)), [command]);
}

#[test]
fn an_event_of_no_command_is_named() {
    let store = shop();
    let whole = log(&store);
    for command in [6, 99] {
        let mut more = whole.clone();
        more.push(LogEntry {
            offset: Offset(7),
            command: CommandId::from_u128(command),
            body: None,
            ..whole[0].clone()
        });
        let command = CommandId::from_u128(command);
        let finding = format!(
            "events: offset 7: it says that the command {command} (command) was done, and no answer to it says so"
        );
        assert_eq!(found(&proven(&store, &more, 7)), [finding], "refused, or never given");
    }
    let mut twice = whole.clone();
    twice.push(LogEntry { offset: Offset(7), ..whole[0].clone() });
    assert_eq!(found(&proven(&store, &twice, 7)).len(), 1, "told twice");
    let mut strange = whole.clone();
    let filled = Some(EventBody::BackordersFilled(Vec::new()));
    strange.push(LogEntry { offset: Offset(7), body: filled, ..whole[0].clone() });
    let findings = found(&proven(&store, &strange, 7));
    assert!(findings[0].starts_with("events: offset 7: it follows no event that says"), "{findings:?}");
}

#[test]
fn a_log_ends_where_it_says() {
    let store = shop();
    let whole = log(&store);
    let more = "head: the newest offset (newest) is 8, and the log ends at 6: the events after that are missing";
    assert_eq!(found(&proven(&store, &whole, 8)), [more]);
    assert_eq!(found(&proven(&store, &whole, 4)), ["head: the newest offset (newest) is 4, should be 6"]);
}

#[test]
fn what_follows_from_a_command_is_told_with_it() {
    let store = shop();
    let mut log = log(&store);
    let alert = log.iter().position(|entry| !matches!(entry.body, Some(EventBody::Done(_)))).unwrap();
    log[alert].actor = "somebody else".into();
    let findings = found(&proven(&store, &log, 6));
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].contains("by \"somebody else\"") && findings[0].contains("given by \"test\""), "{findings:?}");
}

/// What is found where somebody has changed rows.
fn found_of(rows: fn(&mut Row)) -> Vec<String> {
    let store = shop();
    let verdict = prove_changed(&Changed { log: log(&store), store, newest: Offset(6), rows });
    verdict.broken.iter().map(|broken| format!("{}: {}: {}", broken.promise, broken.row, broken.finding)).collect()
}

#[test]
fn the_last_number_of_a_series_is_that_of_a_document() {
    let findings = found_of(|row| {
        if let Row::Series(series) = row {
            series.last = 0;
        }
    });
    assert_eq!(findings, ["numbers without gaps: series: MAIN: the number given last (last) is 0, should be 1"]);
    let findings = found_of(|row| {
        if let Row::Order(order) = row {
            order.number = 2;
        }
    });
    let told = [
        "numbers without gaps: series: MAIN: the number given last (last) is 1, should be 2",
        "numbers without gaps: series: MAIN: of the numbers from 1 to 2 documents have 1, and each should be there once",
        "as the log tells: orders: order MAIN-1: number is 2, should be 1",
    ];
    assert_eq!(findings, told);
}

#[test]
fn a_row_is_what_the_log_tells_last() {
    let findings = found_of(|row| match row {
        Row::Item(item) => *item = Item { name: "Coffee".into(), price: None, ..Item::clone(item) }.into(),
        Row::Location(place) if &*place.code == "MAIN" => {
            *place = Location { standing: Standing::Retired, ..Location::clone(place) }.into();
        }
        Row::Shop(shop) => *shop = Shop { closed_until: Some(Date::MIN), ..Shop::clone(shop) }.into(),
        _ => {}
    });
    let told = [
        format!("as the log tells: shop: closed_until is \"{}\", should be nothing", Date::MIN),
        "as the log tells: items: item TEA: name is \"Coffee\", should be \"Tea\"".into(),
        "as the log tells: items: item TEA: price is nothing, should be \"2\"".into(),
        "as the log tells: locations: MAIN: standing is \"retired\", should be \"active\"".into(),
    ];
    assert_eq!(findings, told);
}

#[test]
fn the_level_of_a_stock_is_that_of_its_open_alert() {
    let findings = found_of(|row| {
        if let Row::Alert(alert) = row {
            alert.resolved_at = Some(alert.raised_at);
        }
    });
    let resolved = "resolved_at is \"2026-01-31T09:00:00Z\", should be nothing";
    let level = "the level (level), beside the alert that is open, is out, should be normal";
    assert_eq!(
        findings,
        [
            format!("as the log tells: stock: item TEA at MAIN: {level}"),
            format!("as the log tells: alerts: item TEA at MAIN: {resolved}")
        ]
    );
}

#[test]
fn goods_that_moved_are_those_of_the_receipt() {
    let findings = found_of(|row| {
        if let Row::Movement(movement) = row
            && movement.kind == MovementKind::Receipt
        {
            movement.recorded_at = Timestamp::MIN;
        }
    });
    let moved = format!("movements: number 0 of the command {}", CommandId::from_u128(4));
    let recorded = format!("recorded_at is \"{}\", should be \"2026-01-31T09:00:00Z\"", Timestamp::MIN);
    assert_eq!(findings, [format!("as the log tells: {moved}: {recorded}")]);
}
