//! What the log tells of rows, and what rows tell of themselves: both in the same form, so that they can be compared.
//!
//! What later commands change without telling all of it (what of an order is allocated, waits, or came back) is left out
//! of that form: it is proved by the movements, the returns and the sums that it is part of.

use super::rows::Key;
use super::sums::{Account, Side, Sums};
use crate::{
    location::{CUSTOMERS, LOSS, SERVICES, SUPPLIERS, virtual_ones},
    *,
};
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::{borrow::Cow, collections::BTreeMap};

/// Something that a row and the log both tell.
enum Told<'a> {
    Item(&'a Item),
    Standing(ItemId, Standing),
    StandardCost(ItemId, Option<Amount>),
    Location(Cow<'a, Location>),
    Supplier(&'a Supplier),
    Customer(&'a Customer),
    Hold(&'a Hold),
    Order(&'a Order),
    Purchase(&'a Purchase),
    Return(&'a Return),
    Alert(&'a Alert),
    Movement(Movement),
}

/// Documents of which the log does not tell whom they were made out to: it was written before that was kept.
#[derive(Default)]
pub(super) struct Unaddressed(FxHashSet<u128>);

impl Told<'_> {
    fn account(&self) -> Account {
        match self {
            Told::Standing(..) => Account::Standing,
            Told::StandardCost(..) => Account::StandardCost,
            _ => Account::Rows,
        }
    }

    fn key(&self) -> Key {
        match self {
            Told::Item(row) => Key::Item(row.id),
            Told::Standing(item, _) | Told::StandardCost(item, _) => Key::Item(*item),
            Told::Location(row) => Key::Location(row.id),
            Told::Supplier(row) => Key::Supplier(row.id),
            Told::Customer(row) => Key::Customer(row.id),
            Told::Hold(row) => Key::Hold(row.id),
            Told::Order(row) => Key::Order(row.id),
            Told::Purchase(row) => Key::Purchase(row.id),
            Told::Return(row) => Key::Return(row.id),
            Told::Alert(row) => Key::Alert(row.key()),
            Told::Movement(row) => Key::Movements(row.key.command),
        }
    }

    /// The command that made the row, if that can be told from what names it.
    fn made_by(&self) -> Option<u128> {
        Some(match self {
            Told::Item(row) => row.id.as_u128(),
            Told::Standing(item, _) | Told::StandardCost(item, _) => item.as_u128(),
            Told::Location(row) => row.id.as_u128(),
            Told::Supplier(row) => row.id.as_u128(),
            Told::Customer(row) => row.id.as_u128(),
            Told::Order(row) => row.id.as_u128(),
            Told::Purchase(row) => row.id.as_u128(),
            Told::Return(row) => row.id.as_u128(),
            Told::Movement(row) => row.key.command.as_u128(),
            Told::Hold(_) | Told::Alert(_) => return None,
        })
    }

    fn number(&self) -> u32 {
        match self {
            Told::Movement(row) => row.key.number,
            _ => 0,
        }
    }

    /// Writes it in the form that is compared.
    fn write(self, json: &mut Vec<u8>, unaddressed: &Unaddressed) {
        json.clear();
        match self {
            Told::Item(row) => {
                form(json, &Item { standing: Standing::Active, standard_cost: None, ..row.clone() });
            }
            Told::Standing(_, standing) => form(json, &BTreeMap::from([("standing", standing)])),
            Told::StandardCost(_, cost) => form(json, &BTreeMap::from([("standard_cost", cost)])),
            Told::Location(row) => form(json, &*row),
            Told::Supplier(row) => form(json, row),
            Told::Customer(row) => form(json, row),
            Told::Hold(row) => form(json, row),
            Told::Order(row) => {
                let mut row = row.clone();
                row.amounts = OrderAmounts::default();
                row.party = row.party.filter(|_| !unaddressed.0.contains(&row.id.as_u128()));
                for line in &mut row.lines {
                    (line.allocated, line.backordered, line.returned) = <_>::default();
                    (line.refunded, line.cost_returned) = <_>::default();
                }
                form(json, &row);
            }
            Told::Purchase(row) => {
                let mut row = row.clone();
                row.amounts = PurchaseAmounts::default();
                row.party = row.party.filter(|_| !unaddressed.0.contains(&row.id.as_u128()));
                row.lines.iter_mut().for_each(|line| line.received_cost = Amount::ZERO);
                form(json, &row);
            }
            Told::Return(row) => {
                let party = row.party.clone().filter(|_| !unaddressed.0.contains(&row.id.as_u128()));
                form(json, &Return { party, ..row.clone() });
            }
            Told::Alert(row) => form(json, row),
            Told::Movement(mut row) => {
                row.key.number = 0;
                row.revenue = Amount::ZERO;
                (row.layer, row.undoes) = (None, None);
                if row.kind == MovementKind::Return {
                    // Where they came back to, the receipt does not tell of a service.
                    row.to = row.from;
                }
                form(json, &row);
            }
        }
    }
}

fn form(json: &mut Vec<u8>, row: &impl Serialize) {
    // No row has a map whose keys are not strings, and a vector takes every byte.
    let _ = serde_json::to_writer(json, row);
}

/// Calls back with what rows of the catalogue tell.
fn of_item<'a>(item: &'a Item, tell: &mut impl FnMut(Told<'a>)) {
    tell(Told::Item(item));
    tell(Told::Standing(item.id, item.standing));
    tell(Told::StandardCost(item.id, item.standard_cost));
}

/// Calls back with what the receipt of a command tells.
fn of_receipt<'a>(at: &At, receipt: &'a Receipt, tell: &mut impl FnMut(Told<'a>)) {
    match receipt {
        Receipt::ShopOpened(_) => virtual_ones().into_iter().for_each(|row| tell(Told::Location(Cow::Owned(row)))),
        Receipt::ItemCreated(row) | Receipt::ItemUpdated(row) => of_item(row, tell),
        Receipt::ItemRetired { item, .. } => tell(Told::Standing(*item, Standing::Retired)),
        Receipt::StandardCostSet { item, unit_cost, .. } => tell(Told::StandardCost(*item, Some(*unit_cost))),
        Receipt::LocationCreated(row) | Receipt::LocationUpdated(row) => tell(Told::Location(Cow::Borrowed(row))),
        Receipt::SupplierCreated(row) | Receipt::SupplierUpdated(row) => tell(Told::Supplier(row)),
        Receipt::CustomerCreated(row) | Receipt::CustomerUpdated(row) => tell(Told::Customer(row)),
        Receipt::HoldPlaced(row) | Receipt::HoldExtended(row) => tell(Told::Hold(row)),
        Receipt::PurchasePlaced(row) | Receipt::PurchaseClosed(row) | Receipt::PurchaseCancelled(row) => {
            tell(Told::Purchase(row));
        }
        Receipt::OrderPlaced(row) | Receipt::OrderCancelled(row) => tell(Told::Order(row)),
        Receipt::AlertAcknowledged(row) => tell(Told::Alert(row)),
        Receipt::StockReceived { site, lines, .. } => {
            let route = at.moved(MovementKind::Receipt, SUPPLIERS, *site);
            lines.iter().for_each(|line| tell(Told::Movement(route.of(line, None))));
        }
        Receipt::StockSentBack { site, lines, .. } => {
            let route = at.moved(MovementKind::SupplierReturn, *site, SUPPLIERS);
            lines.iter().for_each(|line| tell(Told::Movement(route.of(line, None))));
        }
        Receipt::StockAdjusted { site, reason, direction, lines, .. } => {
            let (from, to) = match direction {
                Direction::Up => (LOSS, *site),
                Direction::Down => (*site, LOSS),
            };
            let route = Route { reason: Some(*reason), ..at.moved(MovementKind::Adjustment, from, to) };
            lines.iter().for_each(|line| tell(Told::Movement(route.of(line, None))));
        }
        Receipt::StockTransferred { from, to, lines } => {
            let route = at.moved(MovementKind::Transfer, *from, *to);
            lines.iter().for_each(|line| tell(Told::Movement(route.of(line, None))));
        }
        Receipt::PurchaseReceived { purchase, lines } => {
            tell(Told::Purchase(purchase));
            let route = at.moved(MovementKind::Receipt, SUPPLIERS, purchase.site);
            for line in lines {
                tell(Told::Movement(route.of(line, Some(Document::Purchase(purchase.id, line.line)))));
            }
        }
        Receipt::OrderShipped { order, lines } | Receipt::Sold { order, lines } => {
            tell(Told::Order(order));
            for line in lines {
                let sold = usize::try_from(line.line).ok().and_then(|place| order.lines.get(place));
                let service = sold.is_some_and(|sold| sold.tracking == Tracking::Service);
                let from = if service { SERVICES } else { order.site };
                let route = at.moved(MovementKind::Sale, from, CUSTOMERS);
                tell(Told::Movement(route.of(line, Some(Document::Order(order.id, line.line)))));
            }
        }
        Receipt::GoodsReturned { goods, lines } => {
            tell(Told::Return(goods));
            let route = at.moved(MovementKind::Return, CUSTOMERS, goods.site);
            for line in lines {
                tell(Told::Movement(route.of(line, Some(Document::Return(goods.id, line.line)))));
            }
        }
        Receipt::PeriodClosed { .. } | Receipt::HoldReleased(_) => {}
    }
}

/// When a command was done.
pub(super) struct At {
    pub(super) command: CommandId,
    pub(super) occurred_at: Timestamp,
    pub(super) recorded_at: Timestamp,
}

/// How goods of a command moved.
struct Route<'a> {
    at: &'a At,
    kind: MovementKind,
    from: LocationId,
    to: LocationId,
    reason: Option<AdjustmentReason>,
}

impl At {
    fn moved(&self, kind: MovementKind, from: LocationId, to: LocationId) -> Route<'_> {
        Route { at: self, kind, from, to, reason: None }
    }
}

impl Route<'_> {
    fn of(&self, line: &Moved, document: Option<Document>) -> Movement {
        Movement {
            key: MovementKey { command: self.at.command, number: 0 },
            item: line.item,
            from: self.from,
            to: self.to,
            kind: self.kind,
            reason: self.reason,
            quantity: line.quantity,
            value: line.cost,
            revenue: Amount::ZERO,
            acquired_at: line.acquired_at,
            layer: None,
            occurred_at: self.at.occurred_at,
            recorded_at: self.at.recorded_at,
            document,
            undoes: None,
        }
    }
}

/// Compares rows with the log.
#[derive(Default)]
pub(super) struct Facts {
    unaddressed: Unaddressed,
    json: Vec<u8>,
    shop: Option<Shop>,
    opened: Option<Shop>,
}

impl Facts {
    /// Looks at the answer to a command, before any other row but the shop: which rows does the log tell of more than once?
    pub(super) fn see_receipt(&mut self, sums: &mut Sums, command: CommandId, receipt: &Receipt) {
        let at = At { command, occurred_at: Timestamp::MIN, recorded_at: Timestamp::MIN };
        of_receipt(&at, receipt, &mut |told| {
            let made_by = told.made_by();
            if made_by.is_some_and(|id| id != command.as_u128()) {
                sums.told_again(told.account(), &told.key());
            }
            let unaddressed = match &told {
                Told::Order(row) => row.party.is_none() && row.customer.is_some(),
                Told::Purchase(row) => row.party.is_none(),
                Told::Return(row) => row.party.is_none() && row.customer.is_some(),
                _ => false,
            };
            if unaddressed {
                self.unaddressed.0.extend(made_by);
            }
        });
    }

    pub(super) fn see_shop(&mut self, shop: &Shop) {
        self.shop = Some(shop.clone());
    }

    pub(super) fn see_item(&mut self, sums: &mut Sums, row: &Item) {
        of_item(row, &mut |told| self.has(sums, told));
    }

    pub(super) fn see_location(&mut self, sums: &mut Sums, row: &Location) {
        self.has(sums, Told::Location(Cow::Borrowed(row)));
    }

    pub(super) fn see_supplier(&mut self, sums: &mut Sums, row: &Supplier) {
        self.has(sums, Told::Supplier(row));
    }

    pub(super) fn see_customer(&mut self, sums: &mut Sums, row: &Customer) {
        self.has(sums, Told::Customer(row));
    }

    /// A hold is gone when it was used or released: the log is asked only about those that are there.
    pub(super) fn see_hold(&mut self, sums: &mut Sums, row: &Hold) {
        sums.told_again(Account::Rows, &Key::Hold(row.id));
        self.has(sums, Told::Hold(row));
    }

    pub(super) fn see_alert(&mut self, sums: &mut Sums, row: &Alert) {
        sums.told_again(Account::Rows, &Key::Alert(row.key()));
        self.has(sums, Told::Alert(row));
    }

    pub(super) fn see_order(&mut self, sums: &mut Sums, row: &Order) {
        self.has(sums, Told::Order(row));
    }

    pub(super) fn see_purchase(&mut self, sums: &mut Sums, row: &Purchase) {
        self.has(sums, Told::Purchase(row));
    }

    pub(super) fn see_return(&mut self, sums: &mut Sums, row: &Return) {
        self.has(sums, Told::Return(row));
    }

    /// What moved by value alone follows from costs, and no receipt tells it for each site.
    pub(super) fn see_movement(&mut self, sums: &mut Sums, row: &Movement) {
        if row.kind != MovementKind::Revaluation {
            self.has(sums, Told::Movement(row.clone()));
        }
    }

    fn has(&mut self, sums: &mut Sums, told: Told<'_>) {
        let (account, key, number) = (told.account(), told.key(), told.number());
        told.write(&mut self.json, &self.unaddressed);
        sums.tell(account, key, Side::Has, number, &self.json);
    }

    /// Looks at the next event of the log.
    pub(super) fn see_event(&mut self, sums: &mut Sums, at: &At, body: &EventBody) {
        let receipt = match body {
            EventBody::Done(receipt) => receipt,
            EventBody::AlertRaised(row) | EventBody::AlertResolved(row) => return self.should(sums, Told::Alert(row)),
            EventBody::BackordersFilled(_) => return,
        };
        match &**receipt {
            Receipt::ShopOpened(shop) => self.opened = Some(Shop::clone(shop)),
            Receipt::PeriodClosed { until, .. } => {
                self.opened.iter_mut().for_each(|shop| shop.closed_until = Some(*until));
            }
            _ => {}
        }
        of_receipt(at, receipt, &mut |told| self.should(sums, told));
    }

    fn should(&mut self, sums: &mut Sums, told: Told<'_>) {
        let (account, key) = (told.account(), told.key());
        if told.made_by().is_none() && !sums.is_told_again(account, &key) {
            return;
        }
        told.write(&mut self.json, &self.unaddressed);
        sums.tell_latest(account, key, &self.json);
    }

    /// Ends the log.
    pub(super) fn end(&mut self, sums: &mut Sums) {
        for (side, shop) in [(Side::Has, &self.shop), (Side::Should, &self.opened)] {
            if let Some(shop) = shop {
                self.json.clear();
                form(&mut self.json, shop);
                sums.tell(Account::Rows, Key::Shop, side, 0, &self.json);
            }
        }
    }
}
