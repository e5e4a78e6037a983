//! Hand-made rows: a small catalogue, and trade in it that has a row for every table.
//!
//! What is numbered differs in every way, and refers only to what is there: a store may have foreign keys. Ids have
//! bits all over, so that rows are not in the order of their numbers and a store must keep all 128 bits.

use super::finding::{Finding, read};
use crate::{location, rounding::RoundingMode, *};
use std::{collections::BTreeSet, sync::Arc};

/// Items of the catalogue, numbered from 1.
pub(super) const ITEMS: u32 = 12;
/// Its sites: numbers 1 and 2.
pub(super) const SITES: [u32; 2] = [1, 2];

/// 2024-03-01T09:00:00.654321Z: with a part of a second, down to the last microsecond.
const START_MICROS: i64 = 1_709_283_600_654_321;
const START_DAYS: i32 = 19_783;

pub(super) fn command(number: u32) -> CommandId {
    // Odd, so that no two numbers have the same id.
    CommandId::from_u128(u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}

pub(super) fn item_id(number: u32) -> ItemId {
    command(number).into()
}

pub(super) fn site_id(number: u32) -> LocationId {
    command(number).into()
}

pub(super) fn stock_key(item: u32, site: u32) -> StockKey {
    StockKey { item: item_id(item), site: site_id(site) }
}

pub(super) fn quantity(units: i64) -> Quantity {
    Quantity::from_micros(units.saturating_mul(1_000_000))
}

pub(super) fn amount(cents: i64) -> Amount {
    Amount::from_micros(cents.saturating_mul(10_000))
}

/// So many minutes after the first of March 2024, 9:00 UTC.
pub(super) fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_micros(START_MICROS.saturating_add(minutes.saturating_mul(60_000_000))).unwrap_or(Timestamp::MAX)
}

/// So many days after the first of March 2024.
pub(super) fn day(days: u32) -> Date {
    let days = i32::try_from(days).unwrap_or_default();
    Date::from_days(START_DAYS.saturating_add(days)).unwrap_or(Date::MAX)
}

pub(super) fn text(text: &str) -> Text {
    text.into()
}

pub(super) fn new<R>(row: R) -> Write<R> {
    Write { over: 0, row }
}

/// Rows of the catalogue.
pub(super) fn shop() -> Result<Shop, Finding> {
    Ok(Shop {
        name: text("Corner shop"),
        currency: read("EUR")?,
        time_zone: read("Europe/Vienna")?,
        rounding: Rounding { digits: 2, mode: RoundingMode::HalfUp },
        costing: CostingMethod::Fifo,
        closed_until: None,
    })
}

pub(super) fn item(number: u32) -> Result<Item, Finding> {
    let even = number.is_multiple_of(2);
    let units = i64::from(number);
    Ok(Item {
        id: item_id(number),
        sku: read(&format!("SKU-{number}"))?,
        name: text(&format!("Item {number}")),
        description: text(if even { "" } else { "First line.\n\tSecond line." }),
        brand: text(if even { "" } else { "Brand" }),
        category: text(if even { "Drinks/Tea" } else { "" }),
        unit: Unit::piece(),
        tracking: Tracking::Stocked,
        costing: if even { CostingMethod::Average } else { CostingMethod::Fifo },
        standard_cost: even.then(|| amount(units)),
        price: (!even).then(|| amount(units)),
        barcodes: if even { Vec::new() } else { vec![text(&format!("b-{number}")), text(&format!("Bé-{number}"))] },
        reorder_point: even.then(|| quantity(units)),
        reorder_to: even.then(|| quantity(units.saturating_mul(2))),
        backorder_limit: quantity(units),
        supplier: even.then(|| command(1).into()),
        standing: Standing::Active,
    })
}

pub(super) fn site(number: u32) -> Location {
    let (code, name) = (text(&format!("site {number}")), text("A site"));
    Location { id: site_id(number), code, name, kind: LocationKind::Site, standing: Standing::Active }
}

fn contact(number: u32) -> Contact {
    Contact {
        name: text(&format!("Company {number}")),
        contact: text("Somebody"),
        email: text("somebody@example.org"),
        phone: text("+43 1 234"),
        address: text("A street 1\nBack door"),
        city: text("Wien"),
        country: text(""),
    }
}

pub(super) fn supplier(number: u32) -> Supplier {
    let code = text(&format!("party {number}"));
    Supplier { id: command(number).into(), code, contact: contact(number), standing: Standing::Active }
}

pub(super) fn customer(number: u32) -> Customer {
    // The same codes as the suppliers': they are unique each in its own kind.
    let code = text(&format!("party {number}"));
    Customer { id: command(number).into(), code, contact: contact(number), standing: Standing::Retired }
}

/// The whole catalogue, to be written into an empty store.
pub(super) fn catalogue() -> Result<ChangeSet, Finding> {
    let mut change = ChangeSet { shop: Some(new(Arc::new(shop()?))), ..ChangeSet::default() };
    for number in 1..=ITEMS {
        change.items.push(new(Arc::new(item(number)?)));
    }
    let locations = location::virtual_ones().into_iter().chain(SITES.map(site));
    change.locations = locations.map(|location| new(Arc::new(location))).collect();
    change.suppliers = SITES.map(|number| new(Arc::new(supplier(number)))).into();
    change.customers = SITES.map(|number| new(Arc::new(customer(number)))).into();
    Ok(in_order(change))
}

/// Trade in an item of the catalogue, with new rows for every table but the catalogue's.
pub(super) fn trade(number: u32) -> Result<ChangeSet, Finding> {
    Ok(in_order(ChangeSet {
        catalog: 1,
        series: vec![new(series(number))],
        stock: SITES.map(|site| new(stock(number, site))).into(),
        holds: [later(number, 1), later(number, 2)].map(|id| new(hold(number, id))).into(),
        orders: vec![new(Arc::new(order(number)?))],
        purchases: vec![new(Arc::new(purchase(number)?))],
        layers: vec![layer(number, 1), layer(number, 2), layer(number, 3)],
        alerts: vec![alert(number)],
        undone: vec![(movement_key(number, 0), Undone { quantity: quantity(1), value: amount(150) })],
        movements: movements(number, number),
        returns: vec![goods_back(number)?],
        sales: vec![(sales_key(number), sales(number))],
        customer_sales: vec![
            (CustomerSalesKey { day: day(number), customer: Some(command(1).into()) }, sales(number)),
            (CustomerSalesKey { day: day(number), customer: None }, Sales::default()),
        ],
        commands: vec![done(number), refused(later(number, 1))],
        events: events(number)?,
        ..ChangeSet::default()
    }))
}

/// The same trade going on: every row that can be is written again, some are gone, some are new.
pub(super) fn trade_again(number: u32) -> Result<ChangeSet, Finding> {
    let (_, gone) = (later(number, 1), later(number, 2));
    let mut kept = hold(number, later(number, 1));
    kept.until = minute(10_000);
    kept.quantity = quantity(1);
    let mut less = layer(number, 2);
    (less.quantity, less.value) = (quantity(1), amount(1));
    let seen = |row| Write { over: 1, row };
    Ok(in_order(ChangeSet {
        catalog: 1,
        series: vec![Write { over: 1, row: Series { last: u64::from(number).saturating_add(1), ..series(number) } }],
        stock: vec![seen(Stock {
            on_hand: quantity(99),
            holds_lapse_at: None,
            last_unit_cost: None,
            ..stock(number, 1)
        })],
        holds: vec![Write { over: 1, row: kept }],
        holds_gone: vec![(command(gone).into(), 1)],
        orders: vec![Write { over: 1, row: Arc::new(order_again(number)?) }],
        purchases: vec![Write { over: 1, row: Arc::new(purchase_again(number)?) }],
        layers: vec![less, layer(number, 4)],
        layers_gone: vec![layer(number, 1).key],
        alerts: vec![Alert { acknowledged_at: None, resolved_at: Some(minute(9)), ..alert(number) }],
        undone: vec![(movement_key(number, 0), Undone { quantity: quantity(3), value: amount(450) })],
        movements: movements(number, later(number, 3)),
        returns: Vec::new(),
        sales: vec![(sales_key(number), sales(number))],
        customer_sales: vec![(CustomerSalesKey { day: day(number), customer: None }, sales(number))],
        commands: vec![done(later(number, 3))],
        events: events(later(number, 3))?,
        ..ChangeSet::default()
    }))
}

/// The number of another command about the same trade.
pub(super) fn later(number: u32, turn: u32) -> u32 {
    turn.saturating_mul(100_000).saturating_add(number)
}

pub(super) fn series(number: u32) -> Series {
    Series { code: text(&format!("till {number}")), last: u64::from(number) }
}

pub(super) fn stock(item: u32, site: u32) -> Stock {
    let units = i64::from(item);
    Stock {
        on_hand: quantity(units.saturating_add(10)),
        value: amount(units.saturating_mul(1_000)),
        allocated: quantity(units),
        held: quantity(2),
        holds_lapse_at: Some(minute(500)),
        backordered: quantity(i64::from(site)),
        incoming: quantity(7),
        last_unit_cost: Some(amount(123)),
        layers_made: 3,
        level: StockLevel::Low,
        ..Stock::empty(stock_key(item, site))
    }
}

pub(super) fn hold(item: u32, id: u32) -> Hold {
    let StockKey { item, site } = stock_key(item, 1);
    Hold {
        id: command(id).into(),
        item,
        site,
        quantity: quantity(2),
        until: minute(500),
        changed_at: Some(minute(i64::from(id))),
    }
}

pub(super) fn layer(item: u32, place: u32) -> Layer {
    let StockKey { item, site } = stock_key(item, 1);
    // The first ones are of one moment and told apart by their numbers, 9 before 10.
    let (acquired_at, number) = if place < 3 { (minute(0), place.saturating_add(8)) } else { (minute(1), place) };
    let key = LayerKey { item, site, acquired_at, number };
    Layer { key, quantity: quantity(i64::from(place)), value: amount(i64::from(place)) }
}

pub(super) fn alert(item: u32) -> Alert {
    let StockKey { item, site } = stock_key(item, 1);
    Alert {
        item,
        site,
        kind: StockLevel::Low,
        available: quantity(3),
        threshold: quantity(4),
        raised_at: minute(1),
        acknowledged_at: Some(minute(2)),
        resolved_at: None,
    }
}

pub(super) fn order_line(item: u32, backordered: i64) -> Result<OrderLine, Finding> {
    Ok(OrderLine {
        item: item_id(item),
        sku: read(&format!("sku-{item}"))?,
        name: text("As it was called then"),
        brand: text("As it was branded then"),
        category: text(""),
        tracking: Tracking::Stocked,
        quantity: quantity(9),
        unit_price: amount(300),
        discount: amount(100),
        total: amount(2_600),
        allocated: quantity(4),
        backordered: quantity(backordered),
        shipped: quantity(3),
        cancelled: quantity(2_i64.saturating_sub(backordered)),
        returned: quantity(1),
        revenue: amount(900),
        cost: amount(450),
        refunded: amount(300),
        cost_returned: amount(150),
    })
}

pub(super) fn party(name: &str) -> Party {
    Party { name: text(name), address: text("Line one\nLine two"), city: text("Straße"), country: text("") }
}

pub(super) fn order(number: u32) -> Result<Order, Finding> {
    Ok(Order {
        id: command(number).into(),
        series: text(&format!("till {number}")),
        number: u64::from(number),
        site: site_id(1),
        customer: number.is_multiple_of(2).then(|| command(1).into()),
        party: number.is_multiple_of(2).then(|| party("As it was called then")),
        currency: read("EUR")?,
        status: OrderStatus::PartlyShipped,
        placed_at: minute(i64::from(number)),
        total: amount(5_200),
        amounts: OrderAmounts {
            cancelled: amount(1_155),
            shipped: amount(1_800),
            returned: amount(601),
            refunded: amount(600),
            to_pay: amount(3_445),
        },
        lines: vec![order_line(number, 0)?, order_line(number, 1)?],
        shipments: vec![Shipment { id: command(number), shipped_at: minute(i64::from(number)) }],
    })
}

fn order_again(number: u32) -> Result<Order, Finding> {
    let mut order = order(number)?;
    order.status = OrderStatus::Shipped;
    for line in &mut order.lines {
        (line.allocated, line.backordered) = (Quantity::ZERO, Quantity::ZERO);
        (line.shipped, line.cancelled, line.returned) = (quantity(8), quantity(1), quantity(8));
        (line.revenue, line.cost) = (amount(2_600), amount(1_200));
        (line.refunded, line.cost_returned) = (amount(2_600), amount(1_200));
    }
    let [cancelled, shipped, returned, refunded, to_pay] = [578, 4_622, 4_622, 4_623, -1].map(amount);
    order.amounts = OrderAmounts { cancelled, shipped, returned, refunded, to_pay };
    order.shipments.push(Shipment { id: command(later(number, 3)), shipped_at: minute(i64::from(number)) });
    Ok(order)
}

pub(super) fn purchase(number: u32) -> Result<Purchase, Finding> {
    let line = |units: i64| {
        Ok::<_, Finding>(PurchaseLine {
            item: item_id(number),
            sku: read(&format!("sku-{number}"))?,
            name: text("As it was called then"),
            quantity: quantity(units),
            unit_cost: amount(units),
            received: quantity(1),
            received_cost: amount(units.saturating_add(1)),
            cancelled: Quantity::ZERO,
        })
    };
    Ok(Purchase {
        id: command(number).into(),
        series: text(&format!("P-till {number}")),
        number: u64::from(number),
        supplier: command(1).into(),
        party: number.is_multiple_of(3).then(|| party("As it was called then")),
        site: site_id(2),
        status: PurchaseStatus::PartlyReceived,
        ordered_at: minute(i64::from(number)),
        expected: number.is_multiple_of(2).then(|| day(number)),
        received_at: number.is_multiple_of(3).then(|| minute(i64::from(number).saturating_add(30))),
        total: amount(50),
        amounts: PurchaseAmounts { cancelled: amount(1), received: amount(14), to_pay: amount(52) },
        lines: vec![line(5)?, line(7)?],
    })
}

fn purchase_again(number: u32) -> Result<Purchase, Finding> {
    let mut purchase = purchase(number)?;
    purchase.status = PurchaseStatus::ClosedShort;
    for line in &mut purchase.lines {
        (line.received, line.cancelled) = (quantity(2), line.quantity.checked_sub(quantity(2)).unwrap_or_default());
        line.received_cost = amount(9);
    }
    purchase.amounts = PurchaseAmounts { cancelled: amount(30), received: amount(18), to_pay: amount(18) };
    Ok(purchase)
}

pub(super) fn movement_key(by: u32, number: u32) -> MovementKey {
    MovementKey { command: command(by), number }
}

/// Movements of every kind, made by one command.
pub(super) fn movements(item: u32, by: u32) -> Vec<Movement> {
    let sale = Movement {
        key: movement_key(by, 0),
        item: item_id(item),
        from: site_id(1),
        to: location::CUSTOMERS,
        kind: MovementKind::Sale,
        reason: None,
        quantity: quantity(3),
        value: amount(450),
        revenue: amount(900),
        acquired_at: minute(-1_000_000),
        layer: Some(item),
        occurred_at: minute(i64::from(item)),
        recorded_at: minute(i64::from(item).saturating_add(60)),
        document: Some(Document::Order(command(item).into(), 0)),
        undoes: None,
    };
    let plain = Movement { revenue: Amount::ZERO, document: None, layer: None, ..sale.clone() };
    vec![
        sale.clone(),
        Movement {
            key: movement_key(by, 1),
            from: location::CUSTOMERS,
            to: site_id(1),
            kind: MovementKind::Return,
            document: Some(Document::Return(command(item).into(), 1)),
            undoes: Some(movement_key(item, 0)),
            ..sale
        },
        Movement {
            key: movement_key(by, 2),
            to: location::LOSS,
            kind: MovementKind::Adjustment,
            reason: Some(AdjustmentReason::Theft),
            ..plain.clone()
        },
        Movement {
            key: movement_key(by, 3),
            from: location::SUPPLIERS,
            to: site_id(2),
            kind: MovementKind::Receipt,
            document: Some(Document::Purchase(command(item).into(), 1)),
            ..plain.clone()
        },
        Movement {
            key: movement_key(by, 4),
            to: location::VARIANCE,
            kind: MovementKind::Revaluation,
            quantity: Quantity::ZERO,
            value: amount(-7),
            ..plain.clone()
        },
        Movement { key: movement_key(by, 5), to: site_id(2), kind: MovementKind::Transfer, ..plain.clone() },
        Movement {
            key: movement_key(by, 6),
            to: location::SUPPLIERS,
            kind: MovementKind::SupplierReturn,
            undoes: Some(movement_key(by, 3)),
            ..plain
        },
    ]
}

fn goods_back(number: u32) -> Result<Return, Finding> {
    let line = |name: &str| {
        Ok::<_, Finding>(ReturnLine {
            item: item_id(number),
            sku: read("sku then")?,
            name: text(name),
            brand: text(""),
            category: text("Drinks/Tea"),
            quantity: quantity(1),
            refund: amount(300),
            cost: amount(150),
        })
    };
    let even = number.is_multiple_of(2);
    Ok(Return {
        id: command(number).into(),
        order: even.then(|| command(number).into()),
        site: site_id(1),
        customer: even.then(|| command(1).into()),
        party: even.then(|| party("As it was called then")),
        returned_at: minute(i64::from(number)),
        refund: amount(600),
        refund_reason: number.is_multiple_of(3).then(|| text("As we were rude")),
        lines: vec![line("One")?, line("Other")?],
    })
}

pub(super) fn sales_key(number: u32) -> SalesKey {
    let (brand, category) = (text("Brand"), text(""));
    SalesKey { day: day(number), site: site_id(1), item: item_id(number), brand, category }
}

pub(super) fn sales(number: u32) -> Sales {
    let units = i64::from(number);
    Sales { units: quantity(units), revenue: amount(units), cost: amount(units.saturating_neg()) }
}

pub(super) fn done(number: u32) -> CommandRecord {
    let receipt = Receipt::PeriodClosed { until: day(number), reopened_from: None, reason: None };
    let fingerprint = u128::MAX.wrapping_sub(u128::from(number));
    CommandRecord { id: command(number), fingerprint, answer: Arc::new(Answer::Done(Arc::new(receipt))) }
}

pub(super) fn refused(number: u32) -> CommandRecord {
    let answer = Answer::Refused(Rejection::UnknownItem { item: item_id(number) });
    CommandRecord { id: command(number), fingerprint: u128::from(number), answer: Arc::new(answer) }
}

/// An event that differs from all others.
pub(super) fn event(number: u32) -> EventRecord {
    let receipt = Receipt::PeriodClosed { until: day(number), reopened_from: None, reason: None };
    EventRecord {
        command: command(number),
        actor: text("me"),
        occurred_at: minute(i64::from(number)),
        recorded_at: minute(i64::from(number).saturating_add(1)),
        body: EventBody::Done(Arc::new(receipt)),
    }
}

/// Events of every kind. The first has what its command was answered, as [`done`] says, and the others have not.
fn events(number: u32) -> Result<Vec<EventRecord>, Finding> {
    let order = Arc::new(order(number)?);
    let filled = Filled { order: order.id, line: 1, quantity: quantity(2) };
    let bodies = [
        EventBody::BackordersFilled(vec![filled, filled]),
        EventBody::Done(Arc::new(Receipt::OrderPlaced(order))),
        EventBody::AlertRaised(alert(number)),
        EventBody::AlertResolved(alert(number)),
    ];
    let others = bodies.into_iter().map(|body| EventRecord { body, ..event(number) });
    Ok(std::iter::once(event(number)).chain(others).collect())
}

/// Puts every list into the order of its keys, as every change has them.
pub(super) fn in_order(mut change: ChangeSet) -> ChangeSet {
    change.names = names_of_new(&change);
    change.checks.sort();
    change.items.sort_by_key(|write| write.row.id);
    change.locations.sort_by_key(|write| write.row.id);
    change.suppliers.sort_by_key(|write| write.row.id);
    change.customers.sort_by_key(|write| write.row.id);
    change.series.sort_by(|a, b| a.row.code.cmp(&b.row.code));
    change.stock.sort_by_key(|write| write.row.key());
    change.holds.sort_by_key(|write| write.row.id);
    change.holds_gone.sort();
    change.orders.sort_by_key(|write| write.row.id);
    change.purchases.sort_by_key(|write| write.row.id);
    change.layers.sort_by_key(|layer| layer.key);
    change.layers_gone.sort();
    change.alerts.sort_by_key(Alert::key);
    change.undone.sort_by_key(|(key, _)| *key);
    change.movements.sort_by_key(|movement| movement.key);
    change.returns.sort_by_key(|goods| goods.id);
    change.sales.sort_by(|a, b| a.0.cmp(&b.0));
    change.customer_sales.sort_by_key(|(key, _)| *key);
    change.commands.sort_by_key(|record| record.id);
    change
}

/// The names that the new rows of a change get.
pub(super) fn names_of_new(change: &ChangeSet) -> Vec<NameRow> {
    fn of<R>(writes: &[Write<R>], names: impl Fn(&R) -> (u128, BTreeSet<Name>)) -> Vec<NameRow> {
        let rows = writes.iter().filter(|write| write.over == 0).map(|write| names(&write.row));
        rows.flat_map(|(id, names)| names.into_iter().map(move |name| NameRow { name, id })).collect()
    }
    let mut names = of(&change.items, |row| (row.id.as_u128(), row.names()));
    names.extend(of(&change.locations, |row| (row.id.as_u128(), row.names())));
    names.extend(of(&change.suppliers, |row| (row.id.as_u128(), row.names())));
    names.extend(of(&change.customers, |row| (row.id.as_u128(), row.names())));
    names.sort_by(|a, b| a.name.cmp(&b.name));
    names
}
