//! What the log of a shop comes to.

use ims_core::{
    AdjustmentReason, Alert, Amount, Event, EventBody, LocationId, Moved, Offset, Order, OrderId, OrderStatus,
    Quantity, Receipt, Standing, StockLevel,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Sums over the log up to an offset. A sum that does not fit stays at its bound.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Totals {
    /// The last event that was counted.
    pub(super) counted: Offset,
    pub(super) currency: Option<String>,
    pub(super) orders: u64,
    pub(super) order_lines: u64,
    pub(super) orders_cancelled: u64,
    pub(super) shipments: u64,
    pub(super) revenue: Amount,
    pub(super) cost: Amount,
    pub(super) refunds: Amount,
    pub(super) returns: u64,
    pub(super) units_sold: Quantity,
    pub(super) units_returned: Quantity,
    pub(super) units_received: Quantity,
    pub(super) units_backordered: Quantity,
    pub(super) purchases: u64,
    pub(super) holds: u64,
    pub(super) items: u64,
    /// Units that corrections added or took, by their reason.
    pub(super) adjusted: BTreeMap<String, Quantity>,
    /// Alerts that were raised, by their kind: `low`, `out`.
    pub(super) alerts_raised: BTreeMap<String, u64>,
    /// What was earned by orders of which a part has left: their next shipment earns the rest.
    pub(super) earned: BTreeMap<OrderId, Amount>,
    /// The kind of the open alert of each item at each site that has one.
    pub(super) open: BTreeMap<String, String>,
    /// The sites that are retired: their alerts wait for nobody, as the list of alerts has it.
    pub(super) retired: BTreeSet<LocationId>,
}

impl Totals {
    /// Alerts that are open, by their kind; each kind that there ever was has a number.
    pub(super) fn alerts_open(&self) -> BTreeMap<String, u64> {
        let mut open: BTreeMap<String, u64> = self.alerts_raised.keys().map(|kind| (kind.clone(), 0)).collect();
        let is_awaited = |place: &str| !self.retired.iter().any(|site| place.ends_with(&format!("@{site}")));
        for (_, kind) in self.open.iter().filter(|(place, _)| is_awaited(place)) {
            bump(open.entry(kind.clone()).or_default());
        }
        open
    }

    /// Counts an event.
    pub(super) fn count(&mut self, event: &Event) {
        self.counted = event.offset;
        match &event.record.body {
            EventBody::Done(receipt) => self.count_receipt(receipt),
            EventBody::BackordersFilled(_) => {}
            EventBody::AlertRaised(alert) => {
                bump(self.alerts_raised.entry(word(alert.kind)).or_default());
                // One that was low and is sold out now has one alert, of the other kind.
                self.open.insert(place(alert), word(alert.kind));
            }
            EventBody::AlertResolved(alert) => _ = self.open.remove(&place(alert)),
        }
    }

    fn count_receipt(&mut self, receipt: &Receipt) {
        match receipt {
            Receipt::ShopOpened(shop) => self.currency = Some(shop.currency.to_string()),
            Receipt::LocationUpdated(site) => match site.standing {
                Standing::Retired => _ = self.retired.insert(site.id),
                Standing::Active => _ = self.retired.remove(&site.id),
            },
            Receipt::ItemCreated(_) => bump(&mut self.items),
            Receipt::ItemRetired { .. } => self.items = self.items.saturating_sub(1),
            Receipt::StockReceived { lines, .. } | Receipt::PurchaseReceived { lines, .. } => {
                add_units(&mut self.units_received, lines);
            }
            Receipt::StockAdjusted { reason, lines, .. } => {
                add_units(self.adjusted.entry(reason_word(reason)).or_default(), lines);
            }
            Receipt::HoldPlaced(_) => bump(&mut self.holds),
            Receipt::PurchasePlaced(_) => bump(&mut self.purchases),
            Receipt::OrderPlaced(order) => self.place(order),
            Receipt::OrderShipped { order, lines } => self.ship(order, lines),
            Receipt::Sold { order, lines } => {
                self.place(order);
                self.ship(order, lines);
            }
            Receipt::OrderCancelled(order) => {
                bump(&mut self.orders_cancelled);
                self.forget(order);
            }
            Receipt::GoodsReturned { goods, lines } => {
                bump(&mut self.returns);
                add(&mut self.refunds, goods.refund);
                add_units(&mut self.units_returned, lines);
            }
            _ => {}
        }
    }

    fn place(&mut self, order: &Order) {
        bump(&mut self.orders);
        self.order_lines = self.order_lines.saturating_add(order.lines.len().try_into().unwrap_or(u64::MAX));
        for line in &order.lines {
            self.units_backordered = self.units_backordered.checked_add(line.backordered).unwrap_or(Quantity::MAX);
        }
    }

    /// What has left now has earned what the order has earned since what left before.
    fn ship(&mut self, order: &Order, lines: &[Moved]) {
        bump(&mut self.shipments);
        let mut earned = Amount::ZERO;
        for line in &order.lines {
            add(&mut earned, line.revenue);
        }
        let before = self.earned.remove(&order.id).unwrap_or(Amount::ZERO);
        add(&mut self.revenue, earned.checked_sub(before).unwrap_or(Amount::ZERO));
        if order.status == OrderStatus::PartlyShipped {
            self.earned.insert(order.id, earned);
        }
        add_units(&mut self.units_sold, lines);
        for line in lines {
            add(&mut self.cost, line.cost);
        }
    }

    fn forget(&mut self, order: &Order) {
        if order.status != OrderStatus::PartlyShipped {
            self.earned.remove(&order.id);
        }
    }
}

fn bump(count: &mut u64) {
    *count = count.saturating_add(1);
}

fn add(sum: &mut Amount, more: Amount) {
    *sum = sum.checked_add(more).unwrap_or(Amount::MAX);
}

fn add_units(sum: &mut Quantity, lines: &[Moved]) {
    for line in lines {
        *sum = sum.checked_add(line.quantity).unwrap_or(Quantity::MAX);
    }
}

/// Which stock an alert is about, as a key of JSON.
fn place(alert: &Alert) -> String {
    format!("{}@{}", alert.item, alert.site)
}

fn word(kind: StockLevel) -> String {
    match kind {
        StockLevel::Normal => "normal",
        StockLevel::Low => "low",
        StockLevel::Out => "out",
    }
    .to_owned()
}

/// The word that the reason has in JSON.
fn reason_word(reason: &AdjustmentReason) -> String {
    serde_json::to_value(reason).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use ims_core::{AnyStore, Command, CommandId, Context, Ims, MemoryStore, Store};
    use serde_json::{Value, json};

    /// What a log comes to in which these commands were done.
    async fn after(commands: &[Value]) -> Totals {
        let (ims, worker) = Ims::new(AnyStore::new(MemoryStore::new()));
        tokio::spawn(worker);
        for (at, command) in commands.iter().enumerate() {
            let id = CommandId::from_u128(u128::try_from(at).unwrap().saturating_add(1));
            let command: Command = serde_json::from_value(command.clone()).unwrap();
            let context = Context::new(id, "me", "2026-01-31T09:00:00Z".parse().unwrap());
            ims.execute(context, command).await.unwrap_or_else(|error| panic!("{at}: {error}"));
        }
        let mut totals = Totals::default();
        for event in ims.store().events(Offset::START, 1_000).await.unwrap().events {
            totals.count(&event);
        }
        totals
    }

    fn id(number: u128) -> String {
        CommandId::from_u128(number).to_string()
    }

    fn shop() -> Vec<Value> {
        vec![
            json!({"open_shop": {"name": "Corner shop", "currency": "EUR"}}),
            json!({"create_location": {"code": "MAIN", "name": "Main"}}),
            json!({"create_item": {"sku": "TEA-1", "name": "Green tea", "price": "5", "reorder_point": "3"}}),
            json!({"receive_stock": {"site": id(2), "lines": [{"item": id(3), "quantity": "10", "unit_cost": "2"}]}}),
        ]
    }

    #[tokio::test]
    async fn an_order_that_leaves_in_parts_earns_its_total_once() {
        let mut commands = shop();
        commands.push(json!({"place_order": {"site": id(2), "lines": [{"item": id(3), "quantity": "4"}]}}));
        for _ in 0..2 {
            commands.push(json!({"ship_order": {"order": id(5), "lines": [{"line": 0, "quantity": "2"}]}}));
        }
        let totals = after(&commands).await;
        assert_eq!((totals.orders, totals.order_lines, totals.shipments), (1, 1, 2));
        assert_eq!((totals.revenue.to_string(), totals.cost.to_string()), ("20".into(), "8".into()));
        assert_eq!((totals.units_sold.to_string(), totals.units_received.to_string()), ("4".into(), "10".into()));
        assert!(totals.earned.is_empty(), "nothing is kept of an order that has left");
        assert_eq!(totals.currency.as_deref(), Some("EUR"));
    }

    #[tokio::test]
    async fn an_alert_is_open_until_it_is_resolved() {
        let mut commands = shop();
        let sell = |quantity: &str| json!({"sell": {"site": id(2), "lines": [{"item": id(3), "quantity": quantity}]}});
        commands.push(sell("8"));
        let open = after(&commands).await.alerts_open();
        assert_eq!(open, BTreeMap::from([("low".into(), 1)]));
        commands.push(sell("2"));
        let open = after(&commands).await.alerts_open();
        assert_eq!(open, BTreeMap::from([("low".into(), 0), ("out".into(), 1)]));
        commands.push(
            json!({"receive_stock": {"site": id(2), "lines": [{"item": id(3), "quantity": "9", "unit_cost": "2"}]}}),
        );
        let totals = after(&commands).await;
        assert_eq!(totals.alerts_open().values().sum::<u64>(), 0);
        assert_eq!(totals.alerts_raised.values().sum::<u64>(), 2);
    }

    #[tokio::test]
    async fn alerts_of_a_retired_site_are_open_only_while_it_is_in_use() {
        let mut commands = shop();
        commands.push(json!({"sell": {"site": id(2), "lines": [{"item": id(3), "quantity": "10"}]}}));
        assert_eq!(after(&commands).await.alerts_open(), BTreeMap::from([("out".into(), 1)]));
        for (standing, open) in [("retired", 0), ("active", 1)] {
            commands.push(json!({"update_location": {"location": id(2), "standing": standing}}));
            assert_eq!(after(&commands).await.alerts_open(), BTreeMap::from([("out".into(), open)]), "{standing}");
        }
    }

    #[tokio::test]
    async fn what_was_kept_is_counted_on() {
        let totals = after(&shop()).await;
        let kept: Totals = serde_json::from_str(&serde_json::to_string(&totals).unwrap()).unwrap();
        assert_eq!(kept, totals);
    }
}
