//! Races: several writers and readers of one store at once.

use super::{
    StoreFactory,
    drive::{answers, commit, commit_to, log, shown, step_aside, two_handles, with_engine, with_two_engines},
    finding::{Finding, ensure, equal, equal_lists, wrong},
    model::Model,
    sample::{self, command, in_order, item_id, quantity, stock_key, text, trade},
    script::{self, at},
};
use crate::{
    audit,
    report::StockQuery,
    stock::{AdjustStock, Adjusted, CostedGoods, Goods, PlaceHold, ReceiveStock, TransferStock},
    store::ReadSet,
    *,
};
use futures_util::future::{join, join_all};
use std::{cell::Cell, sync::Arc};

pub(super) async fn one_of_many_writers_of_a_version_wins<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    const WRITERS: u32 = 8;
    let (one, other) = two_handles(factory).await?;
    let mut model = Model::default();
    commit_to(&one, &mut model, sample::catalogue()?).await?;
    for round in 0..6_u32 {
        let number = |writer: u32| round.saturating_mul(100).saturating_add(writer);
        let change = |writer: u32| ChangeSet {
            catalog: 1,
            stock: vec![Write { over: round.into(), row: sample::stock(1, 1) }],
            sales: vec![(sample::sales_key(1), sample::sales(writer))],
            commands: vec![sample::done(number(writer))],
            events: vec![sample::event(number(writer))],
            ..ChangeSet::default()
        };
        let changes: Vec<ChangeSet> = (1..=WRITERS).map(change).collect();
        let writes = changes.iter().zip([&one, &other].into_iter().cycle());
        let outcomes = join_all(writes.map(|(change, store)| commit(store, change))).await;
        let mut winners = Vec::new();
        for (outcome, change) in outcomes.into_iter().zip(&changes) {
            if let Outcome::Done { newest, .. } = outcome? {
                winners.push((newest, change));
            }
        }
        let [(newest, winner)] = winners.as_slice() else {
            return wrong(format!(
                "{} of {WRITERS} writers of one version were told that they wrote it",
                winners.len()
            ));
        };
        model.apply(winner)?;
        equal("the newest offset", newest, &model.newest())?;
        model.check(&one).await?;
        model.check(&other).await?;
    }
    Ok(())
}

pub(super) async fn writers_of_different_rows_do_not_wait_for_each_other_forever<F: StoreFactory>(
    factory: &F,
) -> Result<(), Finding> {
    let (one, other) = two_handles(factory).await?;
    let mut model = Model::default();
    commit_to(&one, &mut model, sample::catalogue()?).await?;
    let mut changes = Vec::new();
    for number in 1..=sample::ITEMS {
        let mut change = sample::trade(number)?;
        // All add to the same totals, some in the opposite order of their own rows.
        let shared = [11, 5, 8].map(|day| SalesKey { day: sample::day(day), ..sample::sales_key(99) });
        let shared = shared.map(|key| SalesKey { item: item_id(1), ..key });
        change.sales.extend(shared.map(|key| (key, sample::sales(number))));
        let nobody = CustomerSalesKey { day: sample::day(40), customer: None };
        change.customer_sales.push((nobody, sample::sales(number)));
        changes.push(in_order(change));
    }
    let writes = changes.iter().zip([&one, &other].into_iter().cycle());
    let outcomes = join_all(writes.map(|(change, store)| commit(store, change))).await;
    let mut written = Vec::new();
    for (outcome, change) in outcomes.into_iter().zip(&changes) {
        match outcome? {
            Outcome::Done { newest, .. } => written.push((newest, change)),
            Outcome::Conflict(told) => return wrong(format!("a change of rows of its own conflicted: {told:?}")),
        }
    }
    written.sort_by_key(|(newest, _)| *newest);
    for (newest, change) in written {
        model.apply(change)?;
        equal("the newest offset after a change", &newest, &model.newest())?;
    }
    model.check(&one).await?;
    model.check(&other).await
}

pub(super) async fn a_turn_keeps_rows_as_they_are<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (one, other) = two_handles(factory).await?;
    let mut model = Model::default();
    commit_to(&one, &mut model, sample::catalogue()?).await?;
    commit_to(&one, &mut model, trade(1)?).await?;
    let stock = ReadSet { stock: [stock_key(1, 1)].into(), ..ReadSet::default() };
    let over = |over: Version, units: i64| {
        let row = Stock { on_hand: quantity(units), ..sample::stock(1, 1) };
        ChangeSet { catalog: 1, stock: vec![Write { over, row }], ..ChangeSet::default() }
    };
    // One that is given up keeps nobody from anything.
    drop(one.take_turn(&stock).await?);
    commit_to(&other, &mut model, over(1, 70)).await?;
    for (round, units) in (2..).zip(80..84) {
        let keys = ReadSet { series: [sample::series(1).code].into(), ..ReadSet::default() };
        let Some(turn) = one.take_turn(&keys).await? else { return model.check(&one).await };
        let turn = one.extend_turn(turn, &stock).await?;
        let mine = over(round, units);
        let write_mine = async {
            step_aside().await;
            one.commit_in(turn, mine.clone()).await
        };
        let theirs = over(round, 0);
        let (written, told) = join(write_mine, commit(&other, &theirs)).await;
        model.apply(&mine)?;
        ensure!(matches!(written?, Outcome::Done { .. }), "in a turn, others changed a row");
        ensure!(matches!(told?, Outcome::Conflict(_)), "a change was written over rows of somebody else's turn");
    }
    model.check(&one).await?;
    model.check(&other).await
}

pub(super) async fn a_load_is_of_one_moment<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    const WRITES: i64 = 40;
    let (writer, reader) = two_handles(factory).await?;
    let mut model = Model::default();
    commit_to(&writer, &mut model, sample::catalogue()?).await?;
    let ended = Cell::new(false);
    let write = async {
        for (version, units) in (0..).zip(1..=WRITES) {
            let outcome = commit(&writer, &same_number_everywhere(version, units)?).await?;
            ensure!(matches!(outcome, Outcome::Done { .. }), "the only writer was told {outcome:?}");
            step_aside().await;
        }
        Ok::<_, Finding>(())
    };
    let write = async {
        let written = write.await;
        ended.set(true);
        written
    };
    let read = async {
        let mut before = 0;
        loop {
            let last_time = ended.get();
            let seen = one_number(&reader).await?;
            ensure!(before <= seen, "a load has {seen} where one before it had {before}");
            before = seen;
            if last_time {
                return equal("the last number", &seen, &WRITES);
            }
            step_aside().await;
        }
    };
    let (written, was_read) = join(write, read).await;
    written.and(was_read)
}

/// A change that writes one number into rows of many tables.
fn same_number_everywhere(version: Version, units: i64) -> Result<ChangeSet, Finding> {
    let over = version;
    let stock = |item, site| Stock { on_hand: quantity(units), ..sample::stock(item, site) };
    let mut order = sample::order(1)?;
    order.lines.iter_mut().for_each(|line| line.allocated = quantity(units));
    let item = Item { reorder_point: Some(quantity(units)), ..sample::item(1)? };
    let layer = sample::layer(1, 1);
    let kept = u64::try_from(units).unwrap_or_default();
    Ok(in_order(ChangeSet {
        catalog: version.saturating_add(1),
        items: vec![Write { over: version.saturating_add(1), row: Arc::new(item) }],
        series: vec![Write { over, row: Series { last: kept, ..sample::series(1) } }],
        stock: [(1, 1), (1, 2), (12, 1)].map(|(item, site)| Write { over, row: stock(item, site) }).into(),
        orders: vec![Write { over, row: Arc::new(order) }],
        layers: vec![Layer { quantity: quantity(units), ..layer }],
        ..ChangeSet::default()
    }))
}

/// Loads the rows of [`same_number_everywhere`], and ends the case unless all have the same number.
async fn one_number<S: Store>(store: &S) -> Result<i64, Finding> {
    let keys = ReadSet {
        items: [item_id(1)].into(),
        series: [sample::series(1).code].into(),
        stock: [stock_key(1, 1), stock_key(12, 1)].into(),
        stock_everywhere: [item_id(1)].into(),
        orders: [command(1).into()].into(),
        layers: [(stock_key(1, 1), 3)].into(),
        ..ReadSet::default()
    };
    let seen = store.load(&keys).await?;
    let units = |quantity: Quantity| quantity.micros().checked_div(1_000_000).unwrap_or_default();
    let version = |version: Version| i64::try_from(version).unwrap_or_default();
    let Some(number) = seen.catalog.checked_sub(1).map(version) else {
        return wrong("the catalogue is loaded at version 0");
    };
    let mut told = vec![("catalogue", number)];
    if number > 0 {
        told.extend(seen.items.iter().map(|item| ("item", item.row.reorder_point.map_or(0, units))));
        told.extend(seen.items.iter().map(|item| ("version of the item", version(item.version).saturating_sub(1))));
        told.extend(
            seen.layers.iter().flat_map(|(_, page)| &page.layers).map(|layer| ("layer", units(layer.quantity))),
        );
    }
    told.extend(seen.series.iter().map(|series| ("series", version(series.row.last))));
    told.extend(seen.stock.iter().map(|stock| ("stock", units(stock.row.on_hand))));
    told.extend(seen.stock.iter().map(|stock| ("version of stock", version(stock.version))));
    let lines = seen.orders.iter().flat_map(|order| &order.row.lines);
    told.extend(lines.map(|line| ("order line", units(line.allocated))));
    ensure!(told.iter().all(|(_, other)| *other == number), "a load has rows of several moments: {told:?}");
    let rows = [seen.series.len(), seen.stock.len(), seen.orders.len(), seen.layers.len()];
    let expected = if number > 0 { [1, 3, 1, 1] } else { [0; 4] };
    equal("the number of rows loaded at one moment", &rows, &expected)?;
    Ok(number)
}

pub(super) async fn a_reader_sees_every_event_once<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    const SALES: u32 = 60;
    let handles = two_handles(factory).await?;
    let reader = factory.reopen(&handles.0).await?;
    let opening = script::opening(4, 1_000)?;
    let ended = Cell::new(false);
    let work = with_two_engines(handles, async |one, other| {
        answers(&one, &opening).await;
        for wave in 0..5_u32 {
            let sales = (0..SALES).skip_while(|number| *number < wave.saturating_mul(12)).take(12);
            let sell = sales.map(|number| {
                let engine = if number.is_multiple_of(2) { &one } else { &other };
                let (ctx, command) =
                    script::sale(number, &[(number.checked_rem(4).unwrap_or_default().saturating_add(1), 1)]);
                engine.execute(ctx, command)
            });
            for reply in join_all(sell).await {
                reply?;
            }
        }
        Ok(())
    });
    let work = async {
        let worked = work.await;
        ended.set(true);
        worked
    };
    let (worked, seen) = join(work, follow(&reader, &ended)).await;
    worked?;
    let seen = seen?;
    equal_lists("the log read again, and as it was followed", &log(&reader).await?, &seen)?;
    let sold = seen.iter().filter(
        |event| matches!(&event.record.body, EventBody::Done(receipt) if matches!(**receipt, Receipt::Sold { .. })),
    );
    let ids: std::collections::BTreeSet<CommandId> = sold.clone().map(|event| event.record.command).collect();
    equal("the number of sales in the log, and of different ones", &(sold.count(), ids.len()), &(60, 60))
}

/// Polls the log until its writers have ended and all of it was seen.
async fn follow<S: Store>(store: &S, ended: &Cell<bool>) -> Result<Vec<Event>, Finding> {
    let mut seen: Vec<Event> = Vec::new();
    let mut newest = Offset::START;
    loop {
        let last_time = ended.get();
        let after = seen.last().map_or(Offset::START, |event| event.offset);
        let page = store.events(after, 7).await?;
        for (offset, event) in (after.0.saturating_add(1)..).zip(&page.events) {
            ensure!(event.offset.0 == offset, "after {after} came {}, where {offset} should have", event.offset);
        }
        let last = page.events.last().map_or(after, |event| event.offset);
        ensure!(page.newest >= newest, "the newest offset went from {newest} to {}", page.newest);
        ensure!(page.newest >= last, "{last} came when the newest was said to be {}", page.newest);
        newest = page.newest;
        if page.events.is_empty() {
            ensure!(newest == after, "nothing came after {after}, when the newest was said to be {newest}");
            if last_time {
                return Ok(seen);
            }
            step_aside().await;
        }
        seen.extend(page.events);
    }
}

pub(super) async fn a_command_sent_many_times_is_done_once<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    with_two_engines(two_handles(factory).await?, async |one, other| {
        answers(&one, &script::opening(2, 50)?).await;
        for number in 0..5 {
            // One that is done and one that is refused, ten times each, through both.
            for sale in [script::sale(number, &[(1, 3), (2, 1)]), script::sale(number.saturating_add(100), &[(1, 51)])]
            {
                let engines = [&one, &other].into_iter().cycle().take(10);
                let asked = engines.map(|engine| engine.execute(sale.0.clone(), sale.1.clone()));
                let replies: Vec<String> = join_all(asked).await.iter().map(shown).collect();
                let first = replies.first().cloned().unwrap_or_default();
                let same = vec![first; replies.len()];
                equal_lists("ten answers to one command", &replies, &same)?;
            }
        }
        let stock = on_hand(&one.store().0).await?;
        equal("what is left of 50 each after five sales of 3 and 1", &stock, &vec![quantity(35), quantity(45)])?;
        let log = log(other.store()).await?;
        let sold = |event: &&Event| event.record.command.as_u128() == command(1_000).as_u128();
        equal("how often the first sale is in the log", &log.iter().filter(sold).count(), &1)?;
        kept(&one.store().0).await
    })
    .await
}

/// What is on hand, by SKU.
async fn on_hand<R: Reports>(reports: &R) -> Result<Vec<Quantity>, Finding> {
    let query = StockQuery { item: None, site: None, now: Timestamp::MAX };
    let page = reports.stock(&query, &Default::default()).await?;
    Ok(page.rows.iter().map(|line| line.on_hand).collect())
}

async fn kept<S: Reports + Store>(reports: &S) -> Result<(), Finding> {
    let verdict = audit::verify(reports).await?;
    ensure!(verdict.ok, "verify: {:?}", verdict.broken);
    Ok(())
}

pub(super) async fn the_last_unit_is_sold_once<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    const UNITS: u32 = 20;
    const BUYERS: u32 = 50;
    with_two_engines(two_handles(factory).await?, async |one, other| {
        answers(&one, &script::opening(1, i64::from(UNITS))?).await;
        let mut buyers = (0..BUYERS).zip([&one, &other].into_iter().cycle());
        let mut replies = Vec::new();
        // In waves, so that each engine has seen the stock before the other sold of it.
        while replies.len() < usize::try_from(BUYERS).unwrap_or(usize::MAX) {
            let buy = buyers.by_ref().take(10).map(|(number, engine)| {
                let (ctx, command) = script::sale(number, &[(1, 1)]);
                engine.execute(ctx, command)
            });
            replies.extend(join_all(buy).await);
        }
        let mut numbers = Vec::new();
        let mut too_late = 0_u32;
        for reply in replies {
            match reply {
                Ok(receipt) => match &*receipt {
                    Receipt::Sold { order, .. } => numbers.push(order.number),
                    receipt => return wrong(format!("a sale was answered {receipt:?}")),
                },
                Err(Error::Rejected(rejection)) => match *rejection {
                    Rejection::InsufficientStock { available: Quantity::ZERO, .. } => {
                        too_late = too_late.saturating_add(1);
                    }
                    rejection => return wrong(format!("a sale was refused with {rejection:?}")),
                },
                Err(error) => return Err(error.into()),
            }
        }
        numbers.sort_unstable();
        equal_lists("the numbers of the sales", &numbers, &(1..=u64::from(UNITS)).collect::<Vec<_>>())?;
        equal("the buyers that came too late", &too_late, &BUYERS.saturating_sub(UNITS))?;
        equal("what is left", &on_hand(&other.store().0).await?, &vec![Quantity::ZERO])?;
        kept(&other.store().0).await
    })
    .await
}

pub(super) async fn what_was_there_is_sold_once_also_late<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    const THERE_THEN: usize = 20;
    const BUYERS: u32 = 40;
    with_two_engines(two_handles(factory).await?, async |one, other| {
        answers(&one, &script::opening(1, i64::try_from(THERE_THEN).unwrap_or_default())?).await;
        // More comes an hour later; until then only twenty can have left.
        let item = item_id(script::opened_item(1));
        let lines = vec![CostedGoods { item, quantity: quantity(100), unit_cost: Amount::ONE }];
        let more = ReceiveStock { site: sample::site_id(1), supplier: None, lines };
        one.execute(at(950, 60), more).await?;
        let mut buyers = (0..BUYERS).zip([&one, &other].into_iter().cycle());
        let (mut sold, mut refused) = (0, 0_usize);
        for _ in 0..4 {
            let buy = buyers.by_ref().take(10).map(|(number, engine)| {
                let (ctx, command) = script::sale(number, &[(1, 1)]);
                let (now, occurred_at) =
                    (sample::minute(90), Some(sample::minute(i64::from(number.checked_rem(3).unwrap_or_default()))));
                engine.execute(Context { now, occurred_at, ..ctx }, command)
            });
            for reply in join_all(buy).await {
                match reply {
                    Ok(_) => sold = usize::saturating_add(sold, 1),
                    Err(Error::Rejected(rejection)) if rejection.code() == "insufficient_stock_then" => {
                        refused = refused.saturating_add(1);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        equal("what was sold of what was there, and what was refused", &(sold, refused), &(THERE_THEN, THERE_THEN))?;
        equal("what is left", &on_hand(&other.store().0).await?, &vec![quantity(100)])?;
        kept(&other.store().0).await
    })
    .await
}

pub(super) async fn two_engines_trade_side_by_side<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let handles = two_handles(factory).await?;
    let third = factory.reopen(&handles.0).await?;
    let commands = with_two_engines(handles, async |one, other| {
        let opening = script::opening(3, 20)?;
        answers(&one, &opening).await;
        let commands = side_by_side();
        let trade = commands.iter().zip([&one, &other, &other].into_iter().cycle());
        let asked = trade.map(|((ctx, command), engine)| engine.execute(ctx.clone(), command.clone()));
        for reply in join_all(asked).await {
            match reply {
                Ok(_) | Err(Error::Rejected(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        kept(&one.store().0).await?;
        let (found, expected) = (log(one.store()).await?, log(other.store()).await?);
        equal_lists("the log through either handle", &found, &expected)?;
        Ok(commands)
    })
    .await?;
    // Everything has an answer that stays, also for an engine that was not there.
    let before = audit::state_hash(&third).await?;
    with_engine(third, async |engine| {
        for (ctx, command) in commands {
            match engine.execute(ctx, command).await {
                Ok(_) | Err(Error::Rejected(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        equal("the state after all was sent again", &audit::state_hash(engine.store()).await?, &before)
    })
    .await
}

/// Commands that meet on the same rows, in opposite orders.
fn side_by_side() -> Vec<(Context, Command)> {
    let item = |number: u32| item_id(script::opened_item(number.checked_rem(3).unwrap_or_default().saturating_add(1)));
    let goods = |number: u32| Goods { item: item(number), quantity: quantity(2) };
    let (main, annex) = (sample::site_id(1), sample::site_id(2));
    let mut commands: Vec<(Context, Command)> = Vec::new();
    for number in 0..12_u32 {
        let other = number.saturating_add(1);
        let mut give = |turn: u32, command: Command| commands.push((at(sample::later(number, turn), 20), command));
        give(1, TransferStock { from: main, to: annex, lines: vec![goods(number), goods(other)] }.into());
        give(2, TransferStock { from: annex, to: main, lines: vec![goods(other), goods(number)] }.into());
        give(3, script::sale(number, &[(1, 1), (2, 2), (3, 1)]).1);
        give(4, script::sale(number, &[(3, 1), (2, 1), (1, 2)]).1);
        let until = sample::minute(40);
        give(5, PlaceHold { item: item(number), site: main, quantity: quantity(1), until }.into());
        let lines = vec![CostedGoods { item: item(other), quantity: quantity(3), unit_cost: Amount::ONE }];
        give(6, ReceiveStock { site: annex, supplier: None, lines }.into());
        let lines = vec![Adjusted { item: item(number), quantity: quantity(1), unit_cost: None }];
        let (reason, direction, note) = (AdjustmentReason::Lost, Direction::Down, None);
        give(7, AdjustStock { site: annex, reason, direction, lines, note }.into());
        let code = text(&format!("{}", number.checked_rem(6).unwrap_or_default()));
        give(8, location::CreateLocation { code, name: text("Popular") }.into());
    }
    commands
}
