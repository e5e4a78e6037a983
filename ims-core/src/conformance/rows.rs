//! Rows: what is written is what is read.

use super::{
    StoreFactory,
    drive::{commit_to, two_handles},
    finding::{Finding, ensure, equal, read},
    model::Model,
    sample::{self, command, in_order, item_id, minute, new, stock_key, text, trade, trade_again},
};
use crate::{
    report::{PageRequest, Table},
    store::ReadSet,
    *,
};
use std::sync::Arc;

/// Texts that databases, collations and escapes have been known to change or to take for equal: quotes, escapes and
/// wildcards; letters whose upper case is another number of letters; letters with accents that no single letter has; letters from beyond the first plane, and ones that sort before them in UTF-8 and after them in UTF-16;
/// words that differ in case, in accents, or in what a locale would make of them. No two are the same when folded.
pub(super) const AWKWARD: [&str; 24] = [
    "O'Reilly & \"Sons\"",
    "back\\slash \\n \\' \\\" \\0",
    "100%_sure",
    "100xxsure",
    "$1 ?1 :name @p {json} [list] <b> -- /* */ ;",
    "null",
    "NULL,NULL",
    "straße",
    "strase",
    "İstanbul",
    "istanbul",
    "\u{e9}clair",
    "m\u{301}clair",
    "eclair",
    "ﬃ ŉ ΐ",
    "\u{1f375} tea",
    "\u{1f469}\u{200d}\u{1f692} crew",
    "\u{ff5e} wave",
    "日本語",
    "\u{feff}mark",
    "a\u{a0}b",
    "a b",
    "a  b",
    "\u{10ffff}",
];

pub(super) async fn an_empty_store_is_empty<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    Model::default().check(&store).await?;
    let mut all = Model::default();
    all.apply(&sample::catalogue()?)?;
    all.apply(&trade(1)?)?;
    Model::default().check_load(&store, &all.every_key()).await
}

pub(super) async fn what_is_committed_is_loaded_back<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    model.check(&store).await?;
    for number in 1..=3 {
        commit_to(&store, &mut model, trade(number)?).await?;
        model.check(&store).await?;
    }
    Ok(())
}

pub(super) async fn what_is_written_again_is_replaced_whole<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    commit_to(&store, &mut model, trade(1)?).await?;
    commit_to(&store, &mut model, trade(2)?).await?;
    commit_to(&store, &mut model, trade_again(1)?).await?;
    model.check(&store).await?;
    for (change, over) in [(catalogue_again(1)?, 1), (catalogue_again(2)?, 2)] {
        let change = model.renaming(ChangeSet { catalog: over, ..change });
        commit_to(&store, &mut model, change).await?;
        model.check(&store).await?;
    }
    Ok(())
}

/// The catalogue's rows written over a version: the second time as they were at first.
fn catalogue_again(over: Version) -> Result<ChangeSet, Finding> {
    let mut shop = sample::shop()?;
    let mut item = sample::item(1)?;
    let (mut site, mut supplier, mut customer) = (sample::site(1), sample::supplier(2), sample::customer(1));
    if over == 1 {
        (shop.name, shop.closed_until, shop.costing) = (text("Renamed"), Some(sample::day(1)), CostingMethod::Average);
        shop.time_zone = TimeZone::utc();
        item = Item { id: item.id, sku: read("another sku")?, ..sample::item(2)? };
        item.unit = Unit::new("kg", 3).map_err(|error| Finding::Wrong(error.to_string()))?;
        (item.tracking, item.standing, item.costing) = (Tracking::Service, Standing::Retired, CostingMethod::Standard);
        item.barcodes = vec![text("b-1"), text("b-another")];
        (site.name, site.standing) = (text("Closed"), Standing::Retired);
        (supplier.contact.city, supplier.standing) = (text("Graz"), Standing::Retired);
        (customer.contact.name, customer.standing) = (text("Another name"), Standing::Active);
    }
    Ok(ChangeSet {
        shop: Some(Write { over, row: Arc::new(shop) }),
        items: vec![Write { over, row: Arc::new(item) }],
        locations: vec![Write { over, row: Arc::new(site) }],
        suppliers: vec![Write { over, row: Arc::new(supplier) }],
        customers: vec![Write { over, row: Arc::new(customer) }],
        ..ChangeSet::default()
    })
}

pub(super) async fn rows_that_are_not_there_are_left_out<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    commit_to(&store, &mut model, trade(1)?).await?;
    let mut keys = model.every_key();
    let absent = command(999);
    keys.items.insert(absent.into());
    keys.locations.insert(absent.into());
    keys.suppliers.insert(absent.into());
    keys.customers.insert(absent.into());
    let absent_names = ["sku-999", "\"b-1\"", "b-1 ", "", "site 1", "party 1", "nul\0"];
    keys.names.extend(absent_names.map(Name::item));
    keys.names.extend([Name::location("SITE 999"), Name::location("party 1"), Name::supplier("PARTY 999")]);
    keys.names.extend([Name::customer("PARTY 999"), Name::customer("site 1"), Name::supplier("site 1")]);
    // Compared exactly, not folded.
    keys.series.extend([text("till 999"), text("Till 1"), text("till 1 ")]);
    keys.stock.insert(stock_key(999, 1));
    keys.stock_everywhere.insert(item_id(999));
    keys.layers.insert(stock_key(999, 1), 5);
    keys.holds.insert(absent.into());
    keys.holds_on.insert(stock_key(999, 1));
    keys.orders.insert(absent.into());
    keys.backorders.insert(stock_key(999, 1));
    keys.purchases.insert(absent.into());
    keys.alerts.insert(stock_key(999, 1));
    keys.commands.insert(absent);
    keys.movements_of.insert(absent);
    model.check_load(&store, &keys).await?;
    model.check_load(&store, &ReadSet::default()).await
}

pub(super) async fn another_handle_sees_what_was_committed<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let (one, other) = two_handles(factory).await?;
    let mut model = Model::default();
    commit_to(&one, &mut model, sample::catalogue()?).await?;
    for (number, (writer, reader)) in (1..=4).zip([(&one, &other), (&other, &one)].into_iter().cycle()) {
        let keys = model.after(&trade(number)?)?.every_key();
        for change in [trade(number)?, trade_again(number)?] {
            // Both have looked before, and must look again.
            model.check_load(reader, &keys).await?;
            model.check_load(writer, &keys).await?;
            commit_to(writer, &mut model, change).await?;
            model.check_load(reader, &keys).await?;
            model.check_load(writer, &keys).await?;
        }
        model.check(reader).await?;
    }
    model.check(&factory.reopen(&one).await?).await
}

pub(super) async fn awkward_texts_survive<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    let mut change = ChangeSet { catalog: 1, ..ChangeSet::default() };
    for (number, awkward) in (100_u32..).zip(AWKWARD) {
        write_everywhere(&mut change, number, awkward, awkward)?;
    }
    // Series are compared exactly: these are others than those above.
    for (number, other) in (200_u32..).zip(["STRASSE", "ÉCLAIR", "Eclair", "ISTANBUL", "a b\u{301}"]) {
        change.series.push(new(Series { code: text(other), last: u64::from(number) }));
    }
    commit_to(&store, &mut model, in_order(change)).await?;
    model.check(&store).await?;
    model.check_load(&store, &ReadSet::named(AWKWARD.map(|text| Name::item(&text.to_lowercase())))).await?;
    check_order(&store, &model).await
}

/// Lists are in the order of the UTF-8 bytes of folded codes.
async fn check_order<R: Reports>(store: &R, model: &Model) -> Result<(), Finding> {
    let page = PageRequest::default();
    let mut expected: Vec<SkuKey> = model.items.values().map(|item| item.row.sku.folded()).collect();
    expected.sort_by(|a, b| a.as_str().as_bytes().cmp(b.as_str().as_bytes()));
    let found = store.items(&Default::default(), &page).await?;
    let found: Vec<SkuKey> = found.rows.iter().map(|item| item.sku.folded()).collect();
    equal("the order of items", &found, &expected)?;
    let mut expected: Vec<String> = model.suppliers.values().map(|supplier| fold(&supplier.row.code)).collect();
    expected.sort_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
    let found = store.suppliers(&Default::default(), &page).await?;
    let found: Vec<String> = found.rows.iter().map(|supplier| fold(&supplier.code)).collect();
    equal("the order of suppliers", &found, &expected)
}

/// Writes rows that have a text wherever there can be one: `short` where a code or a SKU stands.
fn write_everywhere(change: &mut ChangeSet, number: u32, short: &str, long: &str) -> Result<(), Finding> {
    let (id, code, name) = (command(number), text(short), text(long));
    let sku: Sku = read(short)?;
    let contact = || Contact {
        name: text(long),
        contact: text(long),
        email: text(long),
        phone: text(long),
        address: text(long),
        city: text(long),
        country: text(long),
    };
    let mut item = sample::item(number)?;
    (item.sku, item.barcodes) = (sku.clone(), vec![code.clone()]);
    (item.name, item.description) = (name.clone(), name.clone());
    (item.brand, item.category) = (name.clone(), name.clone());
    change.items.push(new(Arc::new(item)));
    let standing = Standing::Active;
    let location =
        Location { id: id.into(), code: code.clone(), name: name.clone(), kind: LocationKind::Site, standing };
    change.locations.push(new(Arc::new(location)));
    let supplier = Supplier { id: id.into(), code: code.clone(), contact: contact(), standing };
    change.suppliers.push(new(Arc::new(supplier)));
    let customer = Customer { id: id.into(), code: code.clone(), contact: contact(), standing };
    change.customers.push(new(Arc::new(customer)));
    change.series.push(new(Series { code: code.clone(), last: u64::from(number) }));

    let mut order = sample::order(number)?;
    (order.series, order.site) = (code.clone(), id.into());
    for line in &mut order.lines {
        (line.sku, line.name) = (sku.clone(), name.clone());
        (line.brand, line.category) = (name.clone(), name.clone());
    }
    let mut event = sample::event(number);
    event.actor = name.clone();
    event.body = EventBody::Done(Arc::new(Receipt::OrderPlaced(Arc::new(order.clone()))));
    change.orders.push(new(Arc::new(order)));
    let mut purchase = sample::purchase(number)?;
    (purchase.series, purchase.supplier) = (code.clone(), id.into());
    for line in &mut purchase.lines {
        (line.sku, line.name) = (sku.clone(), name.clone());
    }
    change.purchases.push(new(Arc::new(purchase)));
    let line = ReturnLine {
        item: item_id(number),
        sku,
        name: name.clone(),
        brand: name.clone(),
        category: name.clone(),
        quantity: Quantity::ONE,
        refund: Amount::ZERO,
        cost: Amount::ZERO,
    };
    let (order, site, customer) = (Some(id.into()), id.into(), Some(id.into()));
    let (returned_at, refund, lines) = (minute(0), Amount::ZERO, vec![line]);
    let (party, refund_reason) = (Some(sample::party(&name)), Some(name.clone()));
    let back = id.into();
    change.returns.push(Return { id: back, order, site, customer, party, returned_at, refund, refund_reason, lines });
    let key =
        SalesKey { day: sample::day(0), site, item: item_id(number), brand: name.clone(), category: name.clone() };
    change.sales.push((key, sample::sales(number)));
    let answer = Answer::Refused(Rejection::InvalidField { field: name, problem: code });
    change.commands.push(CommandRecord { id, fingerprint: 0, answer: Arc::new(answer) });
    change.events.push(event);
    Ok(())
}

pub(super) async fn the_longest_texts_survive<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    let mut change = ChangeSet { catalog: 1, ..ChangeSet::default() };
    // Four bytes a character; three characters when folded.
    for (number, letter) in [(100, "\u{1f375}"), (101, "ﬃ"), (102, "a")] {
        let (code, name) = (letter.repeat(limits::CODE_CHARS), letter.repeat(text::MAX_NAME_CHARS));
        write_everywhere(&mut change, number, &code, &name)?;
    }
    for (write, letter) in change.items.iter_mut().zip(["\u{1f375}", "ﬃ", "a"]) {
        let mut item = Item::clone(&write.row);
        item.description = text(&letter.repeat(text::MAX_DESCRIPTION_CHARS));
        let barcode = |number: usize| text(&format!("{number:02}{}", letter.repeat(limits::BARCODE_CHARS - 2)));
        item.barcodes = (0..limits::BARCODES_PER_ITEM).map(barcode).collect();
        item.unit = Unit::new(&letter.repeat(16), 6).map_err(|error| Finding::Wrong(error.to_string()))?;
        write.row = Arc::new(item);
    }
    for purchase in change.purchases.iter_mut().map(|write| Arc::make_mut(&mut write.row)) {
        // A purchase order's series is `P-` and the code of a site.
        purchase.series = format!("P-{}", purchase.series).into();
    }
    for event in &mut change.events {
        event.actor = "\u{1f375}".repeat(limits::NOTE_CHARS).into();
    }
    commit_to(&store, &mut model, in_order(change)).await?;
    model.check(&store).await
}

pub(super) async fn the_largest_and_smallest_numbers_survive<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    let mut change = trade(1)?;
    let most = Quantity::MAX;
    let (dearest, cheapest) = (Amount::MAX, Amount::from_micros(i64::MIN));
    let largest = u64::MAX >> 1;
    let (first_id, last_id) = (CommandId::from_u128(1 << 64), CommandId::from_u128(u128::MAX));
    for write in &mut change.stock {
        (write.row.on_hand, write.row.incoming, write.row.value) = (most, most, dearest);
        (write.row.last_unit_cost, write.row.layers_made) = (Some(dearest), u32::MAX);
        write.row.holds_lapse_at = Some(Timestamp::MAX);
    }
    for write in &mut change.series {
        write.row.last = largest;
    }
    for order in change.orders.iter_mut().map(|write| Arc::make_mut(&mut write.row)) {
        (order.number, order.placed_at) = (largest, Timestamp::MIN);
        (order.total, order.customer) = (dearest, None);
        for line in &mut order.lines {
            (line.quantity, line.allocated) = (most, most);
            (line.unit_price, line.discount, line.total) = (cheapest, dearest, cheapest);
        }
    }
    for purchase in change.purchases.iter_mut().map(|write| Arc::make_mut(&mut write.row)) {
        (purchase.number, purchase.ordered_at) = (largest, Timestamp::MAX);
        purchase.expected = Some(Date::MAX);
    }
    let mut early = Purchase { id: command(50).into(), ..sample::purchase(1)? };
    (early.series, early.expected, early.ordered_at) = (text("early"), Some(Date::MIN), Timestamp::MIN);
    change.purchases.push(new(Arc::new(early)));
    let key = sample::layer(1, 1).key;
    change.layers.push(Layer {
        key: LayerKey { acquired_at: Timestamp::MIN, number: u32::MAX, ..key },
        quantity: Quantity::from_micros(1),
        value: Amount::ZERO,
    });
    change.layers.push(Layer {
        key: LayerKey { acquired_at: Timestamp::MAX, number: 0, ..key },
        quantity: most,
        value: dearest,
    });
    let mut movement = sample::movements(1, 1);
    movement.truncate(1);
    for (number, at) in [(7, Timestamp::MIN), (u32::MAX, Timestamp::MAX)] {
        change.movements.extend(movement.iter().map(|movement| Movement {
            key: sample::movement_key(1, number),
            quantity: most,
            value: if number == 7 { dearest } else { cheapest },
            revenue: cheapest,
            acquired_at: at,
            layer: Some(u32::MAX),
            occurred_at: at,
            recorded_at: at,
            ..movement.clone()
        }));
    }
    let extremes = Sales { units: most, revenue: cheapest, cost: dearest };
    change.sales.push((SalesKey { day: Date::MIN, ..sample::sales_key(1) }, extremes));
    change.sales.push((SalesKey { day: Date::MAX, ..sample::sales_key(1) }, extremes));
    change.customer_sales.push((CustomerSalesKey { day: Date::MAX, customer: None }, extremes));
    for id in [first_id, last_id] {
        change.commands.push(CommandRecord { id, fingerprint: u128::MAX, ..sample::done(1) });
    }
    for event in &mut change.events {
        (event.command, event.occurred_at, event.recorded_at) = (last_id, Timestamp::MIN, Timestamp::MAX);
    }
    commit_to(&store, &mut model, in_order(change)).await?;
    model.check(&store).await
}

pub(super) async fn every_table_is_scanned_whole<F: StoreFactory>(factory: &F) -> Result<(), Finding> {
    let store = factory.fresh().await?;
    let mut model = Model::default();
    commit_to(&store, &mut model, sample::catalogue()?).await?;
    for number in 1..=4 {
        commit_to(&store, &mut model, trade(number)?).await?;
        commit_to(&store, &mut model, trade_again(number)?).await?;
    }
    for table in Table::ALL {
        let rows = u32::try_from(model.rows(table).len()).unwrap_or(u32::MAX);
        ensure!(rows > 0, "the suite has no row of {table:?}");
        // The last page full, and not; all but one; all; more than there are; more than a page may have.
        for limit in [1, 2, 3, rows.saturating_sub(1).max(1), rows, rows.saturating_add(1), u32::MAX] {
            model.check_scan(&store, table, limit).await?;
        }
    }
    Ok(())
}
