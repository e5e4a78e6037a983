//! What the log of a shop comes to.

use ims_core::{
    AdjustmentReason, Amount, Event, EventBody, Moved, Offset, Order, OrderId, OrderStatus, Quantity, Receipt,
    StockLevel,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
    /// Alerts that are open, by their kind.
    pub(super) alerts_open: BTreeMap<String, u64>,
    /// What was earned by orders of which a part has left: their next shipment earns the rest.
    earned: BTreeMap<OrderId, Amount>,
}

impl Totals {
    /// Counts an event.
    pub(super) fn count(&mut self, event: &Event) {
        self.counted = event.offset;
        match &event.record.body {
            EventBody::Done(receipt) => self.count_receipt(receipt),
            EventBody::BackordersFilled(_) => {}
            EventBody::AlertRaised(alert) => {
                bump(self.alerts_raised.entry(word(alert.kind)).or_default());
                bump(self.alerts_open.entry(word(alert.kind)).or_default());
            }
            EventBody::AlertResolved(alert) => {
                let open = self.alerts_open.entry(word(alert.kind)).or_default();
                *open = open.saturating_sub(1);
            }
        }
    }

    fn count_receipt(&mut self, receipt: &Receipt) {
        match receipt {
            Receipt::ShopOpened(shop) => self.currency = Some(shop.currency.to_string()),
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
        let totals = after(&commands).await;
        assert_eq!(totals.alerts_open.values().sum::<u64>(), 1);
        commands.push(
            json!({"receive_stock": {"site": id(2), "lines": [{"item": id(3), "quantity": "9", "unit_cost": "2"}]}}),
        );
        let totals = after(&commands).await;
        assert_eq!(totals.alerts_open.values().sum::<u64>(), 0);
        assert_eq!(totals.alerts_raised.values().sum::<u64>(), 1);
    }

    #[tokio::test]
    async fn what_was_kept_is_counted_on() {
        let totals = after(&shop()).await;
        let kept: Totals = serde_json::from_str(&serde_json::to_string(&totals).unwrap()).unwrap();
        assert_eq!(kept, totals);
    }
}
