//! The shop that all trade is in: its sites, its items, and the ids of what is there and what is not.

use crate::step::Nth;
use ims_core::{
    Amount, Command, Contact, CostingMethod, ItemId, LocationId, Quantity, Tracking, Unit,
    item::CreateItem,
    location::{CUSTOMERS, CreateLocation},
    party::CreateSupplier,
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};

/// 2026-01-31 09:00 UTC.
pub(crate) const OPENING: i64 = 1_769_850_000_000_000;
pub(crate) const MICROS_PER_SECOND: i64 = 1_000_000;
pub(crate) const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
/// Ids of what is never made.
pub(crate) const NOBODY: u128 = 99;
const OPEN: u128 = 100;
const FIRST_GOODS: u128 = 101;
const SITES: u128 = 1_000;
const ITEMS: u128 = 2_000;
pub(crate) const SUPPLIER: u128 = 3_000;
pub(crate) const COMMANDS: u128 = 10_000;
/// The largest whole number that a command may state, in millionths.
const ENORMOUS: i64 = 9_223_372_036_854_000_000;

/// The n-th site; after the last come a virtual location and one that is not there.
pub(crate) fn site(nth: Nth) -> LocationId {
    match nth {
        0..3 => LocationId::from_u128(SITES + nth as u128),
        3 => CUSTOMERS,
        _ => LocationId::from_u128(NOBODY),
    }
}

/// The n-th item; after the last comes one that is not there.
pub(crate) fn item(nth: Nth) -> ItemId {
    ItemId::from_u128(if nth < ITEM_COUNT { ITEMS + nth as u128 } else { NOBODY })
}

pub(crate) const ITEM_COUNT: usize = 7;

/// The items of the shop: one of each kind that costs or counts differently.
fn items() -> [CreateItem; ITEM_COUNT] {
    let new = |sku: &str, costing, unit: (&str, u32), price: Option<i64>, backorder_limit| CreateItem {
        costing: Some(costing),
        unit: Some(Unit::new(unit.0, unit.1).unwrap()),
        price: price.map(Amount::from_micros),
        backorder_limit: Quantity::from_micros(backorder_limit),
        ..CreateItem::new(sku.parse().unwrap(), sku)
    };
    let standard = |item: CreateItem, cost| CreateItem { standard_cost: Some(Amount::from_micros(cost)), ..item };
    let (fifo, average) = (CostingMethod::Fifo, CostingMethod::Average);
    [
        new("CUP", fifo, ("piece", 0), Some(3_990_000), 5_000_000),
        new("TEA", average, ("kg", 3), Some(12_345_000), 2_500_000),
        standard(new("POT", CostingMethod::Standard, ("piece", 0), Some(25_000_000), 0), 1_230_000),
        new("SAFFRON", fifo, ("g", 6), None, 1_000_000),
        standard(new("SUGAR", CostingMethod::Standard, ("kg", 3), Some(1_000_000), 3_000_000), 3),
        CreateItem { tracking: Some(Tracking::Service), ..new("WRAPPING", fifo, ("piece", 0), Some(500_000), 0) },
        new("SPOON", average, ("piece", 0), Some(0), 0),
    ]
}

/// The commands that open the shop and put something on most shelves, with their ids.
pub(crate) fn opening() -> Vec<(u128, Command)> {
    let site_named = |nth: usize| CreateLocation { code: format!("S{nth}").into(), name: "Site".into() };
    let supplier = CreateSupplier { code: "WHOLESALE".into(), contact: Contact::named("Wholesale") };
    let first = [0, 1, 2, 3, 4, 6].map(|nth| CostedGoods {
        item: item(nth),
        quantity: quantity(item(nth), 15_000),
        unit_cost: amount(13_333 * (nth as i64 + 1)),
    });
    let mut commands: Vec<(u128, Command)> = vec![(OPEN, OpenShop::new("Shadow", "EUR".parse().unwrap()).into())];
    commands.extend((0..3).map(|nth| (SITES + nth as u128, site_named(nth).into())));
    commands.extend((ITEMS..).zip(items().map(Command::from)));
    commands.push((SUPPLIER, supplier.into()));
    commands.push((FIRST_GOODS, ReceiveStock { site: site(0), supplier: None, lines: first.to_vec() }.into()));
    commands
}

/// So many of an item; see [`crate::step::Line::quantity`].
pub(crate) fn quantity(of: ItemId, thousandths: i64) -> Quantity {
    let pieces = [0, 2, 5, 6].map(item).contains(&of) && thousandths > 100;
    Quantity::from_micros(if pieces { (thousandths + 999) / 1_000 * 1_000_000 } else { thousandths * 1_000 })
}

/// So much money, in ten-thousandths.
pub(crate) fn amount(ten_thousandths: i64) -> Amount {
    Amount::from_micros(ten_thousandths * 100)
}

/// More of an item than can be paid for.
pub(crate) fn enormous(nth: Nth) -> CostedGoods {
    let (quantity, unit_cost) = (Quantity::from_micros(ENORMOUS), Amount::from_micros(ENORMOUS));
    CostedGoods { item: item(nth), quantity, unit_cost }
}
