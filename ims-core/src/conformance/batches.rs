//! Large changes: hundreds of rows of every table, written whole or not at all.

use super::{
    StoreFactory,
    drive::{CATALOG, COMMANDS, ROWS, commit_to, conflicts},
    finding::{Finding, equal, read, wrong},
    model::Model,
    sample::{self, in_order, new, trade},
};
use crate::*;
use std::sync::Arc;

/// Adds one change to another.
fn merge(into: &mut ChangeSet, from: ChangeSet) {
    into.items.extend(from.items);
    into.suppliers.extend(from.suppliers);
    into.series.extend(from.series);
    into.stock.extend(from.stock);
    into.holds.extend(from.holds);
    into.orders.extend(from.orders);
    into.purchases.extend(from.purchases);
    into.layers.extend(from.layers);
    into.alerts.extend(from.alerts);
    into.undone.extend(from.undone);
    into.movements.extend(from.movements);
    into.returns.extend(from.returns);
    into.sales.extend(from.sales);
    into.customer_sales.extend(from.customer_sales);
    into.commands.extend(from.commands);
    into.events.extend(from.events);
}

/// New items, a new supplier for each, and trade in all of them.
fn large(numbers: std::ops::Range<u32>) -> Result<ChangeSet, Finding> {
    let mut change = ChangeSet { catalog: 1, ..ChangeSet::default() };
    for number in numbers {
        change.items.push(new(Arc::new(sample::item(number)?)));
        change.suppliers.push(new(Arc::new(sample::supplier(number))));
        merge(&mut change, trade(number)?);
    }
    Ok(in_order(change))
}

pub(super) async fn a_large_change_is_written_whole<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    commit_to(&store, &mut model, large(100..400)?).await?;
    model.check(&store).await
}

pub(super) async fn a_conflict_in_a_large_change_leaves_nothing<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    let mut change = large(100..160)?;
    // Again and again somebody else is first, always with the very last row of a list.
    let first = || ChangeSet { catalog: 1, ..ChangeSet::default() };
    macro_rules! somebody_writes {
        ($($list:ident),*) => {$(
            let rows = change.$list.last().cloned().into_iter().collect();
            commit_to(&store, &mut model, ChangeSet { $list: rows, ..first() }).await?;
            let what = concat!("a large change whose last row of ", stringify!($list), " was written by somebody else");
            conflicts(&store, &model, what, &change, ROWS).await?;
            change.$list.last_mut().into_iter().for_each(|write| write.over = 1);
        )*};
    }
    somebody_writes!(series, orders, purchases);
    somebody_takes_part_of_stock(&store, &mut model, &mut change).await?;
    let last = change.commands.last().cloned();
    commit_to(&store, &mut model, ChangeSet { commands: last.into_iter().collect(), ..first() }).await?;
    let what = "a large change whose last command was recorded by somebody else";
    conflicts(&store, &model, what, &change, COMMANDS).await?;
    change.commands.pop();

    somebody_takes_the_last_sku(&store, &mut model, &mut change).await?;
    a_total_too_large(&store, &mut model, &mut change).await?;
    commit_to(&store, &mut model, change).await?;
    model.check(&store).await
}

/// Stock and holds are of items that the large change makes, so somebody else has those of the catalogue.
async fn somebody_takes_part_of_stock<S: Store + Reports>(
    store: &S,
    model: &mut Model,
    change: &mut ChangeSet,
) -> Result<(), Finding> {
    let mine = || Ok::<_, Finding>(ChangeSet { catalog: 1, ..trade(1)? });
    let (stock, holds) = (mine()?.stock, mine()?.holds);
    commit_to(
        store,
        model,
        ChangeSet { catalog: 1, stock: stock.clone(), holds: holds.clone(), ..ChangeSet::default() },
    )
    .await?;
    let with_stock =
        in_order(ChangeSet { stock: change.stock.iter().cloned().chain(stock).collect(), ..change.clone() });
    conflicts(store, model, "a large change with two stale stock rows", &with_stock, ROWS).await?;
    let with_holds =
        in_order(ChangeSet { holds: change.holds.iter().cloned().chain(holds).collect(), ..change.clone() });
    conflicts(store, model, "a large change with two stale holds", &with_holds, ROWS).await?;
    let gone = sample::hold(1, 77).id;
    let with_gone = ChangeSet { holds_gone: vec![(gone, 1)], ..change.clone() };
    conflicts(store, model, "a large change that deletes a hold that is not there", &with_gone, ROWS).await?;
    let key = CheckedKey::Stock(sample::stock_key(1, 1));
    let with_check = ChangeSet { checks: vec![Check { key, seen: 0 }], ..change.clone() };
    conflicts(store, model, "a large change with a stale check", &with_check, ROWS).await
}

async fn somebody_takes_the_last_sku<S: Store + Reports>(
    store: &S,
    model: &mut Model,
    change: &mut ChangeSet,
) -> Result<(), Finding> {
    let Some(last) = change.items.last().map(|write| Item::clone(&write.row)) else { return Ok(()) };
    let taken = Item { id: sample::item_id(900), barcodes: Vec::new(), ..last.clone() };
    let items = vec![new(Arc::new(taken))];
    commit_to(store, model, in_order(ChangeSet { catalog: 1, items, ..ChangeSet::default() })).await?;
    conflicts(store, model, "a large change that saw an older catalogue", change, CATALOG).await?;
    change.catalog = 2;
    conflicts(store, model, "a large change whose last SKU is taken", change, CATALOG).await?;
    let free = Item { sku: read("a free sku")?, ..last };
    change.items.last_mut().into_iter().for_each(|write| write.row = Arc::new(free.clone()));
    change.names = sample::names_of_new(change);
    Ok(())
}

async fn a_total_too_large<S: Store + Reports>(
    store: &S,
    model: &mut Model,
    change: &mut ChangeSet,
) -> Result<(), Finding> {
    let key = CustomerSalesKey { day: Date::MAX, customer: None };
    let most = Sales { units: Quantity::MAX, ..Sales::default() };
    let full = ChangeSet { catalog: change.catalog, customer_sales: vec![(key, most)], ..ChangeSet::default() };
    commit_to(store, model, full).await?;
    change.customer_sales.push((key, most));
    let outcome = store.commit(change.clone()).await;
    change.customer_sales.pop();
    match outcome {
        Err(error) => equal("the kind of error", &error.kind, &StoreErrorKind::OutOfRange)?,
        Ok(outcome) => wrong(format!("a large change whose last total does not fit gave {outcome:?}"))?,
    }
    model.check(store).await
}
