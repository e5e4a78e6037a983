//! Conflicts: what was decided on rows that have changed since is not written, nor any part of it.

use super::{
    StoreFactory,
    drive::{CATALOG, COMMANDS, ROWS, commit, commit_to, conflicts},
    finding::{Finding, ensure, equal, read},
    model::Model,
    sample::{self, command, in_order, item_id, new, quantity, stock_key, text, trade, trade_again},
};
use crate::{store::ReadSet, *};
use std::sync::Arc;

/// A store with a catalogue and two trades, one of them gone on: rows of versions 1 and 2.
async fn traded<F: StoreFactory>(factory: &F) -> Result<(F::Store, Model), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    commit_to(&store, &mut model, trade(1)?).await?;
    commit_to(&store, &mut model, trade(2)?).await?;
    commit_to(&store, &mut model, trade_again(1)?).await?;
    Ok((store, model))
}

/// Adds to a change that would be written.
fn with(add: impl FnOnce(&mut ChangeSet)) -> Result<ChangeSet, Finding> {
    let mut change = trade(3)?;
    add(&mut change);
    Ok(in_order(change))
}

pub(super) async fn a_stale_write_conflicts<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, model) = traded(factory).await?;
    // Rows of trade 1 have version 2, those of trade 2 have version 1, and those of trade 4 are not there.
    for (number, over) in [(1, 0), (1, 1), (1, 3), (2, 0), (2, 2), (4, 1)] {
        let mut changes = vec![
            ("a series", with(|to| to.series.push(Write { over, row: sample::series(number) }))?),
            ("a stock", with(|to| to.stock.push(Write { over, row: sample::stock(number, 1) }))?),
            ("a hold", with(|to| to.holds.push(Write { over, row: hold(number) }))?),
        ];
        // Documents are never deleted: nobody can have seen one that is not there.
        if number < 4 {
            let (order, purchase) = (Arc::new(sample::order(number)?), Arc::new(sample::purchase(number)?));
            changes.push(("an order", with(|to| to.orders.push(Write { over, row: order }))?));
            changes.push(("a purchase", with(|to| to.purchases.push(Write { over, row: purchase }))?));
        }
        for (what, change) in changes {
            let what = format!("{what} of trade {number} written over version {over}");
            conflicts(&store, &model, &what, &change, ROWS).await?;
        }
        if over > 0 {
            let change = with(|to| to.holds_gone.push((hold(number).id, over)))?;
            let what = format!("a hold of trade {number} deleted at version {over}");
            conflicts(&store, &model, &what, &change, ROWS).await?;
        }
    }
    for over in [0, 2] {
        let mut item = sample::item(1)?;
        item.name = text("Another name");
        let changes = [
            ("the shop", ChangeSet { shop: Some(Write { over, row: Arc::new(sample::shop()?) }), ..trade(3)? }),
            ("an item", with(|to| to.items.push(Write { over, row: Arc::new(item) }))?),
            ("a site", with(|to| to.locations.push(Write { over, row: Arc::new(sample::site(1)) }))?),
            ("a supplier", with(|to| to.suppliers.push(Write { over, row: Arc::new(sample::supplier(1)) }))?),
            ("a customer", with(|to| to.customers.push(Write { over, row: Arc::new(sample::customer(1)) }))?),
        ];
        for (what, change) in changes {
            let what = format!("{what} of version 1 written over version {over}");
            conflicts(&store, &model, &what, &change, CATALOG).await?;
        }
    }
    Ok(())
}

/// What is decided on stale rows may be what no row can be: less than nothing, a number that is taken. That is a
/// conflict like any other; a database's own checks must not come before it.
pub(super) async fn a_stale_change_may_be_absurd<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, model) = traded(factory).await?;
    let less = quantity(-1);
    for over in [1, 3] {
        let stock = sample::stock(1, 1);
        for row in [
            Stock { on_hand: less, ..stock },
            Stock { allocated: less, ..stock },
            Stock { held: less, ..stock },
            Stock { backordered: less, ..stock },
            Stock { incoming: less, ..stock },
        ] {
            let change = with(|to| to.stock.push(Write { over, row }))?;
            conflicts(&store, &model, &format!("{row:?} written over version {over}"), &change, ROWS).await?;
        }
        let (mut order, mut purchase) = (sample::order(1)?, sample::purchase(1)?);
        for line in &mut order.lines {
            (line.allocated, line.backordered, line.shipped) = (less, less, less);
        }
        purchase.lines.iter_mut().for_each(|line| line.received = less);
        let (order, purchase) = (Arc::new(order), Arc::new(purchase));
        let change = with(|to| to.orders.push(Write { over, row: order }))?;
        conflicts(&store, &model, "a stale order of less than nothing", &change, ROWS).await?;
        let change = with(|to| to.purchases.push(Write { over, row: purchase }))?;
        conflicts(&store, &model, "a stale purchase of less than nothing", &change, ROWS).await?;

        let order = Arc::new(Order { id: command(50).into(), ..sample::order(1)? });
        let purchase = Arc::new(Purchase { id: command(50).into(), ..sample::purchase(1)? });
        let change = with(|to| {
            to.series.push(Write { over, row: sample::series(1) });
            to.orders.push(new(order));
            to.purchases.push(new(purchase));
        })?;
        conflicts(&store, &model, "numbers that are taken, from a stale series", &change, ROWS).await?;
    }
    Ok(())
}

/// The hold of a trade that stays; on a stock that is there, whether the hold is or not.
fn hold(number: u32) -> Hold {
    sample::hold(number.min(2), sample::later(number, 1))
}

/// A row of every kind that can be checked.
fn checked(number: u32) -> [CheckedKey; 5] {
    [
        CheckedKey::Series(sample::series(number).code),
        CheckedKey::Stock(stock_key(number, 1)),
        CheckedKey::Hold(hold(number).id),
        CheckedKey::Order(command(number).into()),
        CheckedKey::Purchase(command(number).into()),
    ]
}

pub(super) async fn a_stale_check_conflicts<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = traded(factory).await?;
    for (number, seen) in [(1, 0), (1, 1), (1, 3), (2, 0), (2, 2), (4, 1)] {
        for key in checked(number) {
            let what = format!("{key:?} of trade {number}, said to be seen at version {seen}");
            let change = with(|to| {
                to.checks.push(Check { key, seen });
                to.checks.extend(checked(5).map(|key| Check { key, seen: 0 }));
            })?;
            conflicts(&store, &model, &what, &change, ROWS).await?;
        }
    }
    for key in checked(1) {
        let what = format!("a change of nothing but a stale check of {key:?}");
        let alone = ChangeSet { catalog: 1, checks: vec![Check { key, seen: 1 }], ..ChangeSet::default() };
        conflicts(&store, &model, &what, &alone, ROWS).await?;
    }
    let change = with(|to| {
        for (number, seen) in [(1, 2), (2, 1), (4, 0)] {
            to.checks.extend(checked(number).map(|key| Check { key, seen }));
        }
    })?;
    commit_to(&store, &mut model, change).await?;
    model.check(&store).await
}

pub(super) async fn a_change_of_checks_alone_writes_nothing<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = traded(factory).await?;
    for _ in 0..2 {
        let mut change = ChangeSet { catalog: 1, ..ChangeSet::default() };
        for (number, seen) in [(1, 2), (2, 1), (4, 0)] {
            change.checks.extend(checked(number).map(|key| Check { key, seen }));
        }
        commit_to(&store, &mut model, in_order(change)).await?;
        model.check(&store).await?;
        commit_to(&store, &mut model, ChangeSet { catalog: 1, ..ChangeSet::default() }).await?;
        model.check(&store).await?;
    }
    Ok(())
}

pub(super) async fn what_was_used_of_the_catalogue_is_guarded<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    let early = ChangeSet { catalog: 1, ..sample::catalogue()? };
    conflicts(&store, &model, "a first change that says it has seen a catalogue", &early, CATALOG).await?;
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    // Each writes to one kind of row alone, and adds 1.
    let mut renamed = sample::item(1)?;
    renamed.name = text("Another name");
    let change = || ChangeSet { catalog: model.catalog, ..ChangeSet::default() };
    let writes = [
        ChangeSet { shop: Some(Write { over: 1, row: Arc::new(sample::shop()?) }), ..change() },
        ChangeSet { items: vec![Write { over: 1, row: Arc::new(renamed) }], ..change() },
        in_order(ChangeSet { locations: vec![new(Arc::new(sample::site(20)))], ..change() }),
        in_order(ChangeSet { suppliers: vec![new(Arc::new(sample::supplier(20)))], ..change() }),
        in_order(ChangeSet { customers: vec![new(Arc::new(sample::customer(20)))], ..change() }),
    ];
    let mut written = Vec::new();
    for (catalog, write) in (1..).zip(writes) {
        written.push(write.catalog_marks());
        commit_to(&store, &mut model, ChangeSet { catalog, ..write }).await?;
        equal("the catalogue's version", &model.catalog, &catalog.saturating_add(1))?;
        model.check(&store).await?;
    }
    let current = model.catalog;
    for (catalog, marks) in (1..).zip(&written) {
        for used in marks {
            let what = format!("a change that saw version {catalog} of the catalogue and used what came after it");
            let using = |change: ChangeSet| ChangeSet { catalog, uses: vec![*used], ..change };
            conflicts(&store, &model, &what, &using(trade(1)?), CATALOG).await?;
            conflicts(&store, &model, &what, &using(ChangeSet::default()), CATALOG).await?;
            let items = vec![new(Arc::new(sample::item(30)?))];
            conflicts(&store, &model, &what, &using(ChangeSet { items, ..ChangeSet::default() }), CATALOG).await?;
        }
        let since = ReadSet { catalog_since: Some(catalog), ..ReadSet::default() };
        let told = store.load(&since).await?.catalog_changes;
        let after = written.iter().skip(usize::try_from(catalog).unwrap_or(usize::MAX).saturating_sub(1)).flatten();
        let missing = |changes: Vec<CatalogMark>| after.filter(|mark| !changes.contains(mark)).count();
        equal("what was written since and is not told", &told.map_or(0, missing), &0)?;
    }
    let newer = ChangeSet { catalog: current.saturating_add(1), ..trade(1)? };
    conflicts(&store, &model, "a change that says it has seen a newer catalogue", &newer, CATALOG).await?;
    other_rows_may_be_written(&store, &mut model, current).await?;
    commit_to(&store, &mut model, ChangeSet { catalog: current, ..trade(1)? }).await?;
    equal("the catalogue's version after trade", &model.catalog, &current)?;
    model.check(&store).await
}

/// What others write to the catalogue need not concern a change that does not use it: a store writes the change, or has it
/// decided once more.
async fn other_rows_may_be_written<S: Store + Reports>(
    store: &S,
    model: &mut Model,
    current: Version,
) -> Result<(), Finding> {
    let used = CatalogMark::from(sample::item_id(2));
    let change = ChangeSet { catalog: current.saturating_sub(1), uses: vec![used], ..trade(2)? };
    match commit(store, &change).await? {
        Outcome::Done { newest, .. } => {
            model.apply(&change)?;
            equal("the newest offset", &newest, &model.newest())?;
        }
        Outcome::Conflict(told) => {
            ensure!(told.catalog, "the catalogue alone had changed, and the conflict is {told:?}")
        }
    }
    model.check(store).await
}

pub(super) async fn a_recorded_command_conflicts<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, model) = traded(factory).await?;
    for record in [sample::done(1), sample::refused(sample::later(2, 1)), sample::refused(2)] {
        let what = format!("command {} recorded a second time", record.id);
        let alone = ChangeSet { catalog: 1, commands: vec![record.clone()], ..ChangeSet::default() };
        conflicts(&store, &model, &what, &alone, COMMANDS).await?;
        conflicts(&store, &model, &what, &with(|to| to.commands.push(record))?, COMMANDS).await?;
    }
    let both = ChangeSet { catalog: 9, ..with(|to| to.commands.push(sample::done(1)))? };
    let because = Conflict { catalog: true, rows: false, commands: true };
    // Which of the reasons is told first is the store's business; one of them is told.
    match commit(&store, &both).await? {
        Outcome::Conflict(told) if (told.catalog && because.catalog) || (told.commands && because.commands) => {}
        told => equal("a conflict for two reasons", &told, &Outcome::Conflict(because))?,
    }
    model.check(&store).await
}

pub(super) async fn codes_are_unique_when_folded<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (store, mut model) = traded(factory).await?;
    let item = |number, sku: &str, barcodes: &[&str]| {
        let barcodes = barcodes.iter().map(|barcode| text(barcode)).collect();
        Ok::<_, Finding>(new(Arc::new(Item { sku: read(sku)?, barcodes, ..sample::item(number)? })))
    };
    let site = |number, code: &str| new(Arc::new(Location { code: text(code), ..sample::site(number) }));
    let supplier = |number, code: &str| new(Arc::new(Supplier { code: text(code), ..sample::supplier(number) }));
    let customer = |number, code: &str| new(Arc::new(Customer { code: text(code), ..sample::customer(number) }));
    let fine = ChangeSet {
        catalog: 1,
        // Another kind's codes are free, accents count, an item's SKU may be its barcode, and a number with a wrong check
        // digit is another one.
        items: vec![
            item(40, "Straße", &["STRASSE", "be", "bé"])?,
            item(41, "party 1", &["4006381333931", "73513537"])?,
            item(42, "4006381333932", &["Caf\u{e9}"])?,
        ],
        locations: vec![site(40, "Party 1"), site(41, "straße")],
        suppliers: vec![supplier(40, "site 1"), supplier(41, "straße")],
        customers: vec![customer(40, "site 1"), customer(41, "straße")],
        ..ChangeSet::default()
    };
    commit_to(&store, &mut model, in_order(fine)).await?;
    model.check(&store).await?;
    let taken = [
        ("an item's SKU", ChangeSet { items: vec![item(50, "sku-1", &[])?], ..trade(3)? }),
        ("an item's SKU", ChangeSet { items: vec![item(50, "STRASSE", &[])?], ..trade(3)? }),
        ("an item's SKU, decomposed", ChangeSet { items: vec![item(50, "new", &["cafe\u{301}"])?], ..trade(3)? }),
        ("an item's barcode", ChangeSet { items: vec![item(50, "new", &["other", "b-1"])?], ..trade(3)? }),
        ("an item's barcode in capitals", ChangeSet { items: vec![item(50, "new", &["B-1"])?], ..trade(3)? }),
        ("a barcode that is a SKU", ChangeSet { items: vec![item(50, "new", &["SKU-1"])?], ..trade(3)? }),
        ("a SKU that is a barcode", ChangeSet { items: vec![item(50, "b-1", &[])?], ..trade(3)? }),
        ("a number in another width", ChangeSet { items: vec![item(50, "new", &["04006381333931"])?], ..trade(3)? }),
        ("a number with zeros", ChangeSet { items: vec![item(50, "000073513537", &[])?], ..trade(3)? }),
        (
            "two new widths",
            ChangeSet {
                items: vec![item(50, "a", &["012345678905"])?, item(51, "b", &["0012345678905"])?],
                ..trade(3)?
            },
        ),
        ("a site's code", ChangeSet { locations: vec![site(50, "SITE 1")], ..trade(3)? }),
        ("a virtual location's code", ChangeSet { locations: vec![site(50, "*LOSS")], ..trade(3)? }),
        ("a supplier's code", ChangeSet { suppliers: vec![supplier(50, "Strasse")], ..trade(3)? }),
        ("a customer's code", ChangeSet { customers: vec![customer(50, "PARTY 1")], ..trade(3)? }),
        ("two new SKUs", ChangeSet { items: vec![item(50, "new", &[])?, item(51, "NEW", &[])?], ..trade(3)? }),
        ("two new barcodes", ChangeSet { items: vec![item(50, "a", &["n"])?, item(51, "b", &["n"])?], ..trade(3)? }),
        ("two new sites", ChangeSet { locations: vec![site(50, "new"), site(51, "NEW")], ..trade(3)? }),
        ("two new suppliers", ChangeSet { suppliers: vec![supplier(50, "new"), supplier(51, "neW")], ..trade(3)? }),
        ("two new customers", ChangeSet { customers: vec![customer(50, "new"), customer(51, "neW")], ..trade(3)? }),
    ];
    for (what, change) in taken {
        let what = format!("{what} that would be there twice");
        conflicts(&store, &model, &what, &in_order(ChangeSet { catalog: 2, ..change }), CATALOG).await?;
    }
    Ok(())
}

pub(super) async fn codes_may_change_hands_in_one_change<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    let (one, other, third) = (sample::item(1)?, sample::item(3)?, sample::item(5)?);
    let swapped = |item: &Item, with: &Item| {
        let (sku, barcodes) = (with.sku.clone(), with.barcodes.clone());
        Arc::new(Item { sku, barcodes, ..item.clone() })
    };
    let over = |over, row| Write { over, row };
    let changes = [
        // Two items swap theirs.
        vec![over(1, swapped(&one, &other)), over(1, swapped(&other, &one))],
        // Back again, in a circle of three.
        vec![over(2, swapped(&one, &third)), over(2, swapped(&other, &one)), over(1, swapped(&third, &other))],
        // A new item takes those of one that takes others.
        vec![
            over(3, Arc::new(Item { sku: read("new")?, barcodes: vec![text("n")], ..one.clone() })),
            new(Arc::new(Item { id: item_id(60), ..third.clone() })),
        ],
        // An item's own are its own, however they are spelt.
        vec![over(4, Arc::new(Item { sku: read("NEW")?, barcodes: vec![text("m"), text("n")], ..one.clone() }))],
    ];
    for (catalog, items) in (1..).zip(changes) {
        let change = in_order(ChangeSet { catalog, items, ..ChangeSet::default() });
        let change = model.renaming(change);
        commit_to(&store, &mut model, change).await?;
        model.check(&store).await?;
    }
    Ok(())
}

pub(super) async fn a_name_that_is_given_up_is_free<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    let one = sample::item(1)?;
    let renamed = Arc::new(Item { sku: read("another")?, ..one.clone() });
    let renamed =
        in_order(ChangeSet { catalog: 1, items: vec![Write { over: 1, row: renamed }], ..ChangeSet::default() });
    let kept = ChangeSet { names_gone: Vec::new(), ..model.renaming(renamed.clone()) };
    let new_one = |catalog| {
        let taker = Item { id: item_id(60), barcodes: Vec::new(), ..one.clone() };
        in_order(ChangeSet { catalog, items: vec![new(Arc::new(taker))], ..ChangeSet::default() })
    };
    // A row that is written does not give up what its change does not name.
    commit_to(&store, &mut model, kept).await?;
    conflicts(&store, &model, "a name that somebody still has", &new_one(2), CATALOG).await?;
    let given_up = ChangeSet { catalog: 2, names_gone: vec![Name::item(one.sku.as_str())], ..new_one(2) };
    commit_to(&store, &mut model, given_up).await?;
    model.check(&store).await
}
