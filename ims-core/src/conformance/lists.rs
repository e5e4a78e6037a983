//! Lists that are found by something else than their own keys.

use super::{
    StoreFactory,
    drive::commit_to,
    finding::{Finding, ensure, equal, equal_lists},
    model::Model,
    sample::{self, command, in_order, minute, new, quantity, stock_key},
};
use crate::{
    report::{
        AlertQuery, Cursor, Direction, ItemQuery, List, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery,
        ProfitBy, ProfitQuery, PurchaseQuery, Sort, SortBy, StockQuery,
    },
    store::ReadSet,
    *,
};
use std::{collections::BTreeSet, sync::Arc};

async fn catalogued<F: StoreFactory>(factory: &F) -> Result<(F::Store, Model), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    Ok((store, model))
}

/// A change that makes all stock rows of some items at both sites, and nothing else.
fn stocked(items: u32) -> ChangeSet {
    let keys = (1..=items).flat_map(|item| sample::SITES.map(|site| (item, site)));
    let stock = keys.map(|(item, site)| new(sample::stock(item, site))).collect();
    in_order(ChangeSet { catalog: 1, stock, ..ChangeSet::default() })
}

pub(super) async fn layers_come_in_the_order_of_their_keys<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    let layer = |item: u32, site: u32, minutes: i64, number: u32| {
        let StockKey { item, site } = stock_key(item, site);
        let key = LayerKey { item, site, acquired_at: minute(minutes), number };
        Layer { key, quantity: quantity(i64::from(number)), value: Amount::from_micros(minutes) }
    };
    let mut change = stocked(4);
    // Before and after 1970; numbers that sort otherwise as texts; and neighbours of other items and sites.
    for minutes in [-40_000_000, -5, 0, 3] {
        change.layers.extend([2, 10, 9, 100].map(|number| layer(1, 1, minutes, number)));
        change.layers.extend([1, 3].map(|number| layer(1, 2, minutes, number)));
        change.layers.push(layer(2, 1, minutes, 1));
    }
    commit_to(&store, &mut model, in_order(change)).await?;
    for first in [1, 2, 3, 15, 16, 17, u32::MAX] {
        let layers = [(1, 1), (1, 2), (2, 1), (3, 1)].map(|(item, site)| (stock_key(item, site), first));
        model.check_load(&store, &ReadSet { layers: layers.into(), ..ReadSet::default() }).await?;
    }
    let layers = [(stock_key(1, 1), 3), (stock_key(1, 2), 8), (stock_key(2, 1), 1)];
    model.check_load(&store, &ReadSet { layers: layers.into(), ..ReadSet::default() }).await?;
    // Some go, some are less, one is older than all others.
    let change = ChangeSet {
        catalog: 1,
        layers_gone: [2, 9, 10].map(|number| layer(1, 1, -40_000_000, number).key).into(),
        layers: vec![Layer { quantity: quantity(1), ..layer(1, 1, -40_000_000, 100) }, layer(1, 1, -50_000_000, 101)],
        ..ChangeSet::default()
    };
    commit_to(&store, &mut model, in_order(change)).await?;
    for first in [1, 2, 13, 14, 15] {
        let layers = [(stock_key(1, 1), first)];
        model.check_load(&store, &ReadSet { layers: layers.into(), ..ReadSet::default() }).await?;
    }
    let gone = [-40_000_000, -5, 0, 3].map(|minutes| layer(2, 1, minutes, 1).key);
    let change = ChangeSet { catalog: 1, layers_gone: gone.into(), ..ChangeSet::default() };
    commit_to(&store, &mut model, in_order(change)).await?;
    model.check(&store).await
}

pub(super) async fn holds_are_found_by_stock<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    let hold = |item: u32, site: u32, id: u32| {
        let StockKey { item, site } = stock_key(item, site);
        let until = minute(i64::from(id));
        Hold { id: command(id).into(), item, site, quantity: quantity(1), until, changed_at: None }
    };
    let holds = [(1, 1, 1), (1, 1, 2), (1, 1, 3), (1, 2, 4), (2, 1, 5), (2, 1, 6)];
    let mut change = stocked(3);
    change.holds = holds.map(|(item, site, id)| new(hold(item, site, id))).into();
    commit_to(&store, &mut model, in_order(change)).await?;
    let by_id = |ids: &[u32]| ids.iter().map(|id| command(*id).into()).collect();
    let by_stock = |keys: &[(u32, u32)]| keys.iter().map(|(item, site)| stock_key(*item, *site)).collect();
    let reads = [
        ReadSet { holds: by_id(&[2, 5, 9]), ..ReadSet::default() },
        ReadSet { holds_on: by_stock(&[(1, 1)]), ..ReadSet::default() },
        ReadSet { holds_on: by_stock(&[(1, 1), (2, 1), (2, 2), (3, 1)]), ..ReadSet::default() },
        // One that is asked for both ways is there once.
        ReadSet { holds: by_id(&[1, 4]), holds_on: by_stock(&[(1, 1)]), ..ReadSet::default() },
    ];
    for keys in &reads {
        model.check_load(&store, keys).await?;
    }
    let change = ChangeSet {
        catalog: 1,
        holds: vec![Write { over: 1, row: Hold { until: minute(7_000), ..hold(1, 1, 2) } }],
        holds_gone: vec![(command(1).into(), 1), (command(5).into(), 1)],
        ..ChangeSet::default()
    };
    commit_to(&store, &mut model, in_order(change)).await?;
    for keys in &reads {
        model.check_load(&store, keys).await?;
    }
    // A hold that was deleted counts as never there.
    let again = ChangeSet { catalog: 1, holds: vec![new(hold(1, 1, 1))], ..ChangeSet::default() };
    commit_to(&store, &mut model, again).await?;
    model.check(&store).await
}

pub(super) async fn waiting_orders_are_found_by_stock<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    let order = |id: u32, site: u32, lines: &[(u32, i64)]| {
        let lines: Result<_, Finding> =
            lines.iter().map(|(item, backordered)| sample::order_line(*item, *backordered)).collect();
        Ok::<_, Finding>(Order { site: sample::site_id(site), lines: lines?, ..sample::order(id)? })
    };
    let mut change = stocked(4);
    let orders = [
        order(1, 1, &[(1, 1)])?,
        order(2, 1, &[(1, 0), (1, 2), (1, 1)])?,
        order(3, 1, &[(1, 0), (2, 1)])?,
        order(4, 2, &[(1, 1), (3, 1)])?,
        order(5, 1, &[(1, 0)])?,
    ];
    change.orders = orders.clone().map(|order| new(Arc::new(order))).into();
    commit_to(&store, &mut model, in_order(change)).await?;
    let keys = ReadSet {
        backorders: [(1, 1), (1, 2), (2, 1), (3, 2), (3, 1), (4, 1)].map(|(item, site)| stock_key(item, site)).into(),
        ..ReadSet::default()
    };
    model.check_load(&store, &keys).await?;
    let [one, other, third, ..] = orders;
    let mut filled = [one, other, third];
    for (order, waiting) in filled.iter_mut().zip([0, 1, 0]) {
        for line in &mut order.lines {
            line.backordered = line.backordered.min(quantity(waiting));
        }
    }
    let orders = filled.map(|order| Write { over: 1, row: Arc::new(order) }).into();
    commit_to(&store, &mut model, in_order(ChangeSet { catalog: 1, orders, ..ChangeSet::default() })).await?;
    model.check_load(&store, &keys).await?;
    model.check(&store).await
}

pub(super) async fn stock_is_found_at_every_site<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    let mut change = stocked(2);
    change.stock.push(new(sample::stock(3, 2)));
    commit_to(&store, &mut model, in_order(change)).await?;
    for (everywhere, by_key) in [(vec![1], vec![]), (vec![1, 2, 3, 4], vec![]), (vec![1, 3], vec![(1, 1), (2, 1)])] {
        let keys = ReadSet {
            stock_everywhere: everywhere.into_iter().map(sample::item_id).collect(),
            stock: by_key.into_iter().map(|(item, site)| stock_key(item, site)).collect(),
            ..ReadSet::default()
        };
        model.check_load(&store, &keys).await?;
    }
    Ok(())
}

pub(super) async fn movements_are_found_by_command<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    let mut change = stocked(1);
    // More than ten, so that they sort otherwise as texts.
    for by in [1, 2] {
        for number in 0..12 {
            let movement = sample::movements(1, by).into_iter().take(1);
            let key = sample::movement_key(by, number);
            change.movements.extend(movement.map(|movement| Movement { key, document: None, ..movement }));
        }
    }
    let undone = |by, number, units| (sample::movement_key(by, number), units);
    let note =
        |(key, units): (MovementKey, i64)| (key, Undone { quantity: quantity(units), value: sample::amount(units) });
    change.undone = [undone(1, 0, 1), undone(1, 11, 2), undone(2, 3, 1)].map(note).into();
    change.commands = vec![sample::done(1), sample::done(2), sample::refused(3)];
    commit_to(&store, &mut model, in_order(change)).await?;
    for commands in [vec![1], vec![1, 2, 3, 4]] {
        let movements_of = commands.into_iter().map(command).collect();
        model.check_load(&store, &ReadSet { movements_of, ..ReadSet::default() }).await?;
    }
    let undone = [undone(1, 0, 3), undone(1, 1, 1)].map(note).into();
    commit_to(&store, &mut model, in_order(ChangeSet { catalog: 1, undone, ..ChangeSet::default() })).await?;
    model.check(&store).await
}

pub(super) async fn on_hand_is_known_since_any_moment<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    let (main, annex) = (sample::site_id(1), sample::site_id(2));
    let mut change = stocked(3);
    for write in &mut change.stock {
        write.row.on_hand = quantity(20);
    }
    let moved = [
        // Item, minute, from, to, units: several at one moment, some that were entered late, before 1970 and after.
        (1, 10, location::SUPPLIERS, main, 9),
        (1, 10, main, location::CUSTOMERS, 4),
        (1, 30, main, location::CUSTOMERS, 5),
        (1, 30, main, location::CUSTOMERS, 1),
        (1, 20, main, annex, 3),
        (1, 40, location::SUPPLIERS, main, 12),
        (1, -40_000_000, location::SUPPLIERS, main, 2),
        (1, 35, annex, main, 1),
        (2, 20, main, location::LOSS, 7),
        (2, 25, location::SUPPLIERS, main, 8),
        (2, 25, main, location::VARIANCE, 0),
    ];
    for (number, (item, minutes, from, to, units)) in (0..).zip(moved) {
        let movement = sample::movements(item, 1).into_iter().take(1);
        change.movements.extend(movement.map(|movement| Movement {
            key: sample::movement_key(1, number),
            from,
            to,
            quantity: quantity(units),
            occurred_at: minute(minutes),
            document: None,
            ..movement
        }));
    }
    change.commands = vec![sample::done(1)];
    commit_to(&store, &mut model, in_order(change)).await?;
    let stocks = [(1, 1), (1, 2), (2, 1), (3, 1)].map(|(item, site)| stock_key(item, site));
    let moments = [-50_000_000, 9, 10, 11, 20, 29, 30, 34, 39, 40, 1_000].map(minute);
    for moment in moments {
        let on_hand_since = stocks.map(|key| (key, moment)).into();
        model.check_load(&store, &ReadSet { on_hand_since, ..ReadSet::default() }).await?;
    }
    // Of several moments at once, and of stock that has no row.
    let every = stocks.into_iter().chain([stock_key(4, 1)]).flat_map(|key| moments.map(|moment| (key, moment)));
    model.check_load(&store, &ReadSet { on_hand_since: every.collect(), ..ReadSet::default() }).await
}

pub(super) async fn what_is_open_at_a_site_is_counted<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    let site_uses: BTreeSet<_> = [1, 2, 3]
        .into_iter()
        .flat_map(|site| [0, 60, 100_000].map(|now| (sample::site_id(site), minute(now))))
        .collect();
    let keys = ReadSet { site_uses, ..ReadSet::default() };
    model.check_load(&store, &keys).await?;
    let mut change = stocked(3);
    for (write, (on_hand, value)) in change.stock.iter_mut().zip([(2, 5), (0, 0), (0, 7), (3, 0)]) {
        (write.row.on_hand, write.row.value) = (quantity(on_hand), sample::amount(value));
    }
    for (number, minutes) in [(51, 30), (52, 60), (53, 90)] {
        change.holds.push(new(Hold { until: minute(minutes), ..sample::hold(1, number) }));
    }
    use {OrderStatus as Of, PurchaseStatus as From};
    for (number, status) in (1..).zip([Of::Placed, Of::PartlyShipped, Of::Shipped, Of::Cancelled]) {
        change.orders.push(new(Arc::new(Order { status, ..sample::order(number)? })));
    }
    change.orders.push(new(Arc::new(Order { site: sample::site_id(2), ..sample::order(5)? })));
    let ends = [From::Ordered, From::PartlyReceived, From::Received, From::ClosedShort, From::Cancelled];
    for (number, status) in (1..).zip(ends) {
        change.purchases.push(new(Arc::new(Purchase { status, ..sample::purchase(number)? })));
    }
    commit_to(&store, &mut model, in_order(change)).await?;
    model.check_load(&store, &keys).await
}

pub(super) async fn the_newest_event_is_known_by_its_time<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    let keys = ReadSet { newest_event: true, ..ReadSet::default() };
    model.check_load(&store, &keys).await?;
    let events = vec![sample::event(40), sample::event(7)];
    let change = ChangeSet { catalog: 1, commands: vec![sample::done(7)], events, ..ChangeSet::default() };
    commit_to(&store, &mut model, in_order(change)).await?;
    model.check_load(&store, &keys).await?;
    model.check_load(&store, &ReadSet::default()).await
}

pub(super) async fn large_documents_come_whole_in_pages<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    const ORDERS: u32 = 12;
    const LINES: usize = 500;
    let (store, mut model) = catalogued(factory).await?;
    let mut change = stocked(1);
    for number in 1..=ORDERS {
        let lines = vec![sample::order_line(1, 0)?; LINES];
        change.orders.push(new(Arc::new(Order { lines, ..sample::order(number)? })));
    }
    commit_to(&store, &mut model, in_order(change)).await?;
    // A page may have fewer rows than were asked for, and says where the next one begins.
    let (mut found, mut page) = (Vec::new(), PageRequest::default());
    for _ in 0..=ORDERS {
        let Page { rows, next } = store.orders(&OrderQuery::default(), &page).await?;
        found.extend(rows.into_iter().map(|order| (order.id, order.lines.len())));
        let Some(next) = next else { break };
        page.after = Some(next);
    }
    found.sort_unstable();
    let mut expected: Vec<(OrderId, usize)> = (1..=ORDERS).map(|number| (command(number).into(), LINES)).collect();
    expected.sort_unstable();
    equal_lists("large orders", &found, &expected)?;
    model.check(&store).await
}

pub(super) async fn what_comes_between_two_pages_moves_no_other_row<F: StoreFactory>(
    factory: &F,
) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    commit_to(&store, &mut model, stocked(1)).await?;
    let mut placed: Vec<(Timestamp, OrderId)> = Vec::new();
    let mut number = 0;
    // Newer than all, older than all, and at the moment of others, before and after each direction's first page.
    let moments: [(Sort, &[i64], &[i64]); 2] = [
        (Sort::down(SortBy::PlacedAt), &[1, 2, 3, 4, 4], &[9, -9, 2, 4, 3]),
        (Sort::up(SortBy::PlacedAt), &[3], &[-20, 20, 1, 1, 2, 3, 9]),
    ];
    for (sort, before, between) in moments {
        let mut place = async |minutes: &[i64]| {
            let mut change = ChangeSet { catalog: 1, ..ChangeSet::default() };
            for minutes in minutes {
                number = u32::saturating_add(number, 1);
                let (lines, placed_at) = (vec![sample::order_line(1, 0)?], minute(*minutes));
                let order = Order { lines, placed_at, ..sample::order(number)? };
                placed.push((placed_at, order.id));
                change.orders.push(new(Arc::new(order)));
            }
            commit_to(&store, &mut model, in_order(change)).await
        };
        place(before).await?;
        let mut page = PageRequest { limit: 2, sort: Some(sort), after: None };
        let first = store.orders(&OrderQuery::default(), &page).await?;
        place(between).await?;
        let mut found: Vec<OrderId> = first.rows.iter().map(|order| order.id).collect();
        let last = first.rows.last().map(|order| (order.placed_at, order.id));
        page.after = first.next;
        while page.after.is_some() {
            let Page { rows, next } = store.orders(&OrderQuery::default(), &page).await?;
            ensure!(!rows.is_empty(), "a page that was said to follow has no rows");
            found.extend(rows.into_iter().map(|order| order.id));
            page.after = next;
        }
        placed.sort_unstable();
        let mut expected: Vec<OrderId> = first.rows.iter().map(|order| order.id).collect();
        match sort.direction {
            Direction::Ascending => expected.extend(placed.iter().filter(|row| Some(**row) > last).map(|row| row.1)),
            Direction::Descending => {
                expected.extend(placed.iter().rev().filter(|row| Some(**row) < last).map(|row| row.1));
            }
        }
        equal_lists(&format!("orders sorted by {sort} while others were placed"), &found, &expected)?;
    }
    Ok(())
}

/// What a store says of the first page of a list.
async fn first_page<R: Reports>(store: &R, list: List, page: &PageRequest) -> Result<Option<Cursor>, StoreError> {
    let now = minute(0);
    Ok(match list {
        List::Items => store.items(&ItemQuery::default(), page).await?.next,
        List::Locations => store.locations(page).await?.next,
        List::Suppliers => store.suppliers(&PartyQuery::default(), page).await?.next,
        List::Customers => store.customers(&PartyQuery::default(), page).await?.next,
        List::Stock => store.stock(&StockQuery { item: None, site: None, now }, page).await?.next,
        List::Orders => store.orders(&OrderQuery::default(), page).await?.next,
        List::Purchases => store.purchases(&PurchaseQuery::default(), page).await?.next,
        List::Alerts => store.alerts(AlertQuery::All, now, page).await?.next,
        List::Profit => store.profit(&ProfitQuery { by: ProfitBy::Item, from: None, until: None }, page).await?.next,
        List::Reorder => store.reorder(now, page).await?.next,
        List::Movements => store.movements(&MovementQuery::default(), page).await?.next,
    })
}

pub(super) async fn a_list_has_its_orders_and_no_others<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    for list in List::ALL {
        for sort in List::ALL.into_iter().flat_map(List::sorts).copied() {
            let page = PageRequest { sort: Some(sort), ..PageRequest::default() };
            match first_page(&store, list, &page).await {
                Ok(_) => ensure!(list.sorts().contains(&sort), "{list:?} was sorted by {sort}"),
                Err(error) => {
                    ensure!(!list.sorts().contains(&sort), "{list:?} could not be sorted by {sort}: {error}");
                    equal(&format!("why {list:?} is not sorted by {sort}"), &error.kind, &StoreErrorKind::Question)?;
                }
            }
        }
    }
    Ok(())
}

pub(super) async fn a_cursor_is_of_one_order<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = catalogued(factory).await?;
    commit_to(&store, &mut model, stocked(2)).await?;
    for list in [List::Items, List::Locations, List::Stock] {
        for sort in list.sorts().iter().copied().map(Some).chain([None]) {
            let mut page = PageRequest { limit: 1, sort, after: None };
            page.after = first_page(&store, list, &page).await?;
            ensure!(page.after.is_some(), "no page follows the first one of {list:?}");
            let sort = page.sorted(list)?;
            for other in list.sorts().iter().copied() {
                let asked = PageRequest { sort: Some(other), ..page.clone() };
                match first_page(&store, list, &asked).await {
                    Ok(_) => equal(&format!("the order that a cursor of {list:?} goes on in"), &other, &sort)?,
                    Err(error) => {
                        ensure!(other != sort, "a cursor of {list:?} sorted by {sort} is of no use: {error}");
                        equal("why a cursor of another order is refused", &error.kind, &StoreErrorKind::Question)?;
                    }
                }
            }
        }
    }
    Ok(())
}
