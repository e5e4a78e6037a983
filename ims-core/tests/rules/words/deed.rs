//! What people do, and when.

use super::{amount, id, quantity, time};
use ims_core::{
    AdjustmentReason, Command, CommandId, CostingMethod, Direction, HoldId, Tracking, Unit,
    item::CreateItem,
    order::{
        CancelOrder, LooseLine, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods, ReturnedLine, Sell,
        ShipOrder, ShippedLine,
    },
    purchase::{PlacePurchase, ReceivePurchase, ReceivedLine},
    stock::{
        AdjustStock, Adjusted, CostedGoods, Goods, PlaceHold, ReceiveStock, ReleaseHold, SendBackStock, TransferStock,
    },
};

/// A command, and when and under which name it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    pub(super) command: Command,
    pub(super) name: Option<&'static str>,
    pub(super) at: Option<&'static str>,
    pub(super) occurred_at: Option<&'static str>,
    pub(super) earliest: Option<&'static str>,
}

impl<C: Into<Command>> From<C> for Deed {
    fn from(command: C) -> Self {
        Deed { command: command.into(), name: None, at: None, occurred_at: None, earliest: None }
    }
}

impl Deed {
    /// Gives the command, and what it makes, a name.
    pub(crate) fn named(self, name: &'static str) -> Self {
        Deed { name: Some(name), ..self }
    }

    /// Says when the command is sent; what comes after it is sent then too.
    pub(crate) fn at(self, time: &'static str) -> Self {
        Deed { at: Some(time), ..self }
    }

    /// Says when it happened, where that was earlier.
    pub(crate) fn occurred(self, time: &'static str) -> Self {
        Deed { occurred_at: Some(time), ..self }
    }
}

impl Deed {
    /// Says what the earliest moment is that its caller may say.
    pub(crate) fn earliest(self, time: &'static str) -> Self {
        Deed { earliest: Some(time), ..self }
    }
}

/// Makes any request a deed.
pub(crate) fn deed(request: impl Into<Command>) -> Deed {
    request.into().into()
}

/// An item: pieces at 3.00, first in, first out.
pub(crate) fn item(name: &'static str) -> Deed {
    item_with(name, |_| {})
}

/// An item that differs from [`item`].
pub(crate) fn item_with(name: &'static str, change: impl FnOnce(&mut CreateItem)) -> Deed {
    let mut item = CreateItem { price: Some(amount("3")), ..CreateItem::new(name.parse().unwrap(), name) };
    change(&mut item);
    deed(item).named(name)
}

/// An item that is sold by weight, in grams.
pub(crate) fn item_by_weight(name: &'static str) -> Deed {
    item_with(name, |item| item.unit = Some(Unit::new("kg", 3).unwrap()))
}

/// An item whose cost is the average of what was paid.
pub(crate) fn average_item(name: &'static str) -> Deed {
    item_with(name, |item| item.costing = Some(CostingMethod::Average))
}

/// An item whose cost is set by hand.
pub(crate) fn standard_item(name: &'static str, cost: &str) -> Deed {
    item_with(name, |item| {
        item.costing = Some(CostingMethod::Standard);
        item.standard_cost = Some(amount(cost));
    })
}

/// An item that has no stock.
pub(crate) fn service(name: &'static str) -> Deed {
    item_with(name, |item| item.tracking = Some(Tracking::Service))
}

pub(crate) fn goods(item: &str, count: &str) -> Goods {
    Goods { item: id(item), quantity: quantity(count) }
}

pub(crate) fn costed(item: &str, count: &str, unit_cost: &str) -> CostedGoods {
    CostedGoods { item: id(item), quantity: quantity(count), unit_cost: amount(unit_cost) }
}

pub(crate) fn line(item: &str, count: &str) -> OrderedLine {
    OrderedLine::new(id(item), quantity(count))
}

pub(crate) fn priced(item: &str, count: &str, unit_price: &str) -> OrderedLine {
    OrderedLine::priced(id(item), quantity(count), amount(unit_price))
}

/// Takes in goods at `main`.
pub(crate) fn receive(item: &str, count: &str, unit_cost: &str) -> Deed {
    receive_at("main", [costed(item, count, unit_cost)])
}

pub(crate) fn receive_at<const N: usize>(site: &str, lines: [CostedGoods; N]) -> Deed {
    deed(ReceiveStock { site: id(site), supplier: None, lines: lines.to_vec() })
}

pub(crate) fn send_back(item: &str, count: &str) -> Deed {
    deed(SendBackStock { site: id("main"), supplier: None, lines: vec![goods(item, count)] })
}

pub(crate) fn find(item: &str, count: &str, unit_cost: Option<&str>) -> Deed {
    adjust(AdjustmentReason::Found, Direction::Up, item, count, unit_cost)
}

pub(crate) fn lose(item: &str, count: &str) -> Deed {
    adjust(AdjustmentReason::Lost, Direction::Down, item, count, None)
}

fn adjust(reason: AdjustmentReason, direction: Direction, item: &str, count: &str, unit_cost: Option<&str>) -> Deed {
    let line = Adjusted { item: id(item), quantity: quantity(count), unit_cost: unit_cost.map(amount) };
    deed(AdjustStock { site: id("main"), reason, direction, lines: vec![line], note: None })
}

/// Moves goods from `main` to `east`.
pub(crate) fn transfer(item: &str, count: &str) -> Deed {
    transfer_between("main", "east", item, count)
}

pub(crate) fn transfer_between(from: &str, to: &str, item: &str, count: &str) -> Deed {
    deed(TransferStock { from: id(from), to: id(to), lines: vec![goods(item, count)] })
}

/// Puts goods aside at `main`.
pub(crate) fn hold(item: &str, count: &str, until: &str) -> Deed {
    deed(PlaceHold { item: id(item), site: id("main"), quantity: quantity(count), until: time(until) })
}

pub(crate) fn release(hold: &str) -> Deed {
    deed(ReleaseHold { hold: id(hold) })
}

/// Sells over the counter at `main`.
pub(crate) fn sell<const N: usize>(lines: [OrderedLine; N]) -> Deed {
    deed(Sell::new(id("main"), lines.to_vec()))
}

/// Sells over the counter what is held.
pub(crate) fn sell_held<const N: usize>(lines: [OrderedLine; N], holds: &[&str]) -> Deed {
    let holds = holds.iter().map(|hold| id::<HoldId>(hold)).collect();
    deed(Sell { holds, ..Sell::new(id("main"), lines.to_vec()) })
}

/// Places an order at `main` that is refused where there is not enough.
pub(crate) fn order<const N: usize>(lines: [OrderedLine; N]) -> Deed {
    order_or(OnShortage::Refuse, lines)
}

/// Places an order at `main`.
pub(crate) fn order_or<const N: usize>(on_shortage: OnShortage, lines: [OrderedLine; N]) -> Deed {
    deed(PlaceOrder { on_shortage, ..PlaceOrder::new(id("main"), lines.to_vec()) })
}

/// Ships all of an order that is allocated.
pub(crate) fn ship(order: &str) -> Deed {
    deed(ShipOrder { order: id(order), lines: None })
}

/// Ships so many of a line of an order.
pub(crate) fn ship_part(order: &str, line: u32, count: &str) -> Deed {
    deed(ShipOrder { order: id(order), lines: Some(vec![ShippedLine { line, quantity: quantity(count) }]) })
}

pub(crate) fn cancel(order: &str) -> Deed {
    deed(CancelOrder { order: id(order) })
}

/// Takes back so many of the first line of an order, for what they were sold.
pub(crate) fn take_back(order: &str, count: &str) -> Deed {
    take_back_lines(order, None, [back(0, count)])
}

pub(crate) fn back(line: u32, count: &str) -> ReturnedLine {
    ReturnedLine { line, quantity: quantity(count), refund: None }
}

pub(crate) fn take_back_lines<const N: usize>(order: &str, shipment: Option<&str>, lines: [ReturnedLine; N]) -> Deed {
    let (order, shipment) = (id(order), shipment.map(id::<CommandId>));
    deed(ReturnGoods::new(ReturnedGoods::OfOrder { order, shipment, site: None, lines: lines.to_vec() }))
}

/// Takes back goods that nobody knows the order of.
pub(crate) fn take_back_loose(item: &str, count: &str, unit_price: &str, unit_cost: Option<&str>) -> Deed {
    let (unit_price, unit_cost) = (amount(unit_price), unit_cost.map(amount));
    let line = LooseLine { item: id(item), quantity: quantity(count), unit_price, unit_cost };
    deed(ReturnGoods::new(ReturnedGoods::Loose { site: id("main"), customer: None, lines: vec![line] }))
}

/// Orders goods for `main` from `wholesale`.
pub(crate) fn purchase<const N: usize>(lines: [CostedGoods; N]) -> Deed {
    let (supplier, site) = (id("wholesale"), id("main"));
    deed(PlacePurchase { supplier, site, expected: None, lines: lines.to_vec() })
}

/// Takes in all of a purchase order that is still to come.
pub(crate) fn arrive(purchase: &str) -> Deed {
    deed(ReceivePurchase { purchase: id(purchase), lines: None })
}

/// Takes in so many of the first line of a purchase order.
pub(crate) fn arrive_part(purchase: &str, count: &str) -> Deed {
    let line = ReceivedLine { line: 0, quantity: quantity(count), unit_cost: None };
    deed(ReceivePurchase { purchase: id(purchase), lines: Some(vec![line]) })
}
