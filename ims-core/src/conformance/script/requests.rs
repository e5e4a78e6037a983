//! The script's requests, said shortly.

use super::made::MAIN;
use crate::{
    conformance::{
        finding::{Finding, read},
        sample::{command, item_id, minute, site_id, text},
    },
    order::{
        LooseLine, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods, ReturnedLine, Sell, ShipOrder,
        ShippedLine,
    },
    purchase::{PlacePurchase, ReceivePurchase, ReceivedLine},
    stock::{AdjustStock, Adjusted, CostedGoods, Goods, PlaceHold, ReceiveStock, TransferStock},
    *,
};

pub(super) fn item(number: u32) -> ItemId {
    item_id(number)
}

pub(super) fn site(number: u32) -> LocationId {
    site_id(number)
}

pub(super) fn goods(number: u32, units: &str) -> Result<Goods, Finding> {
    Ok(Goods { item: item(number), quantity: read(units)? })
}

pub(super) fn costed(number: u32, units: &str, unit_cost: &str) -> Result<CostedGoods, Finding> {
    Ok(CostedGoods { item: item(number), quantity: read(units)?, unit_cost: read(unit_cost)? })
}

pub(super) fn receive(at: u32, lines: &[(u32, &str, &str)]) -> Result<ReceiveStock, Finding> {
    let lines: Result<_, _> = lines.iter().map(|(number, units, cost)| costed(*number, units, cost)).collect();
    Ok(ReceiveStock { site: site(at), supplier: None, lines: lines? })
}

pub(super) fn transfer(from: u32, to: u32, lines: &[(u32, &str)]) -> Result<TransferStock, Finding> {
    let lines: Result<_, _> = lines.iter().map(|(number, units)| goods(*number, units)).collect();
    Ok(TransferStock { from: site(from), to: site(to), lines: lines? })
}

pub(super) fn adjust(
    at: u32,
    reason: AdjustmentReason,
    direction: Direction,
    (number, units, unit_cost): (u32, &str, Option<&str>),
) -> Result<AdjustStock, Finding> {
    let unit_cost = unit_cost.map(read).transpose()?;
    let lines = vec![Adjusted { item: item(number), quantity: read(units)?, unit_cost }];
    Ok(AdjustStock { site: site(at), reason, direction, lines, note: Some(text("Seen by \"two\" people;\nsigned")) })
}

pub(super) fn line(number: u32, units: &str, unit_price: Option<&str>) -> Result<OrderedLine, Finding> {
    let unit_price = unit_price.map(read).transpose()?;
    Ok(OrderedLine { item: item(number), quantity: read(units)?, unit_price, discount: None })
}

pub(super) fn sell(at: u32, customer: Option<u32>, lines: &[(u32, &str)]) -> Result<Sell, Finding> {
    let lines: Result<_, _> = lines.iter().map(|(number, units)| line(*number, units, None)).collect();
    let customer = customer.map(|number| command(number).into());
    Ok(Sell { customer, ..Sell::new(site(at), lines?) })
}

pub(super) fn order(
    at: u32,
    customer: Option<u32>,
    on_shortage: OnShortage,
    lines: &[(u32, &str)],
) -> Result<PlaceOrder, Finding> {
    let sell = sell(at, customer, lines)?;
    Ok(PlaceOrder { customer: sell.customer, on_shortage, ..PlaceOrder::new(site(at), sell.lines) })
}

pub(super) fn purchase(from: u32, to: u32, lines: &[(u32, &str, &str)]) -> Result<PlacePurchase, Finding> {
    let ReceiveStock { site, lines, .. } = receive(to, lines)?;
    Ok(PlacePurchase { supplier: command(from).into(), site, expected: Some(read("2024-04-05")?), lines })
}

pub(super) fn received(number: u32, lines: &[(u32, &str, Option<&str>)]) -> Result<ReceivePurchase, Finding> {
    let line = |&(line, units, cost): &(u32, &str, Option<&str>)| {
        let unit_cost = cost.map(read).transpose()?;
        Ok::<_, Finding>(ReceivedLine { line, quantity: read(units)?, unit_cost })
    };
    let lines: Result<_, _> = lines.iter().map(line).collect();
    Ok(ReceivePurchase { purchase: command(number).into(), lines: Some(lines?) })
}

pub(super) fn ship(number: u32, lines: &[(u32, &str)]) -> Result<ShipOrder, Finding> {
    let line = |&(line, units): &(u32, &str)| Ok::<_, Finding>(ShippedLine { line, quantity: read(units)? });
    let named: Result<Vec<_>, _> = lines.iter().map(line).collect();
    Ok(ShipOrder { order: command(number).into(), lines: Some(named?).filter(|lines| !lines.is_empty()) })
}

pub(super) fn returned(
    number: u32,
    shipment: Option<u32>,
    lines: &[(u32, &str, Option<&str>)],
) -> Result<ReturnGoods, Finding> {
    let line = |&(line, units, refund): &(u32, &str, Option<&str>)| {
        let refund = refund.map(read).transpose()?;
        Ok::<_, Finding>(ReturnedLine { line, quantity: read(units)?, refund })
    };
    let lines: Result<_, _> = lines.iter().map(line).collect();
    let (order, shipment, lines) = (command(number).into(), shipment.map(command), lines?);
    Ok(ReturnGoods::new(ReturnedGoods::OfOrder { order, shipment, site: None, lines }))
}

pub(super) fn loose(at: u32, customer: Option<u32>, line: LooseLine) -> ReturnGoods {
    let customer = customer.map(|number| command(number).into());
    ReturnGoods::new(ReturnedGoods::Loose { site: site(at), customer, lines: vec![line] })
}

/// The same, for more than was paid.
pub(super) fn kindly(back: ReturnGoods) -> ReturnGoods {
    ReturnGoods { refund_reason: Some(text("The kettle was late, too")), ..back }
}

pub(super) fn hold(number: u32, units: &str, until: i64) -> Result<PlaceHold, Finding> {
    Ok(PlaceHold { item: item(number), site: site(MAIN), quantity: read(units)?, until: minute(until) })
}

pub(super) fn party(name: &str, city: &str) -> Contact {
    Contact { city: text(city), email: text("o'reilly@example.org"), ..Contact::named(name) }
}
