//! What was sold and what came back, as orders, returns, movements and totals tell it: each must tell the same.

use super::{
    rows::{Names, RowKey},
    verify::{Broken, micros, sorted},
};
use crate::*;
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Units, revenue and cost: what one tells less what another does. In 128 bits, as what is verified may have overflowed.
#[derive(Clone, Copy, Debug, Default)]
struct Balance([i128; 3]);

/// Whether something is told, or told by the other side.
#[derive(Clone, Copy)]
enum Side {
    One,
    Other,
}

impl Balance {
    fn add(&mut self, sales: Sales, side: Side) {
        let parts = [sales.units.micros(), sales.revenue.micros(), sales.cost.micros()].map(i128::from);
        for (sum, part) in self.0.iter_mut().zip(parts) {
            *sum = match side {
                Side::One => sum.saturating_add(part),
                Side::Other => sum.saturating_sub(part),
            };
        }
    }
}

/// Where a sale or a return is counted.
struct Counted {
    site: LocationId,
    customer: Option<CustomerId>,
    /// Brand and category of each line.
    lines: Vec<(Text, Text)>,
}

/// The balances that must be zero.
#[derive(Default)]
pub(super) struct Sold {
    zone: Option<TimeZone>,
    orders: FxHashMap<OrderId, Counted>,
    returns: FxHashMap<ReturnId, Counted>,
    shipped: FxHashMap<(OrderId, u32), Balance>,
    came_back: FxHashMap<(ReturnId, u32), Balance>,
    taken_back: FxHashMap<(OrderId, ItemId), Balance>,
    by_item: FxHashMap<SalesKey, Balance>,
    by_customer: FxHashMap<CustomerSalesKey, Balance>,
}

impl Sold {
    pub(super) fn see_shop(&mut self, shop: &Shop) {
        self.zone = Some(shop.time_zone.clone());
    }

    pub(super) fn see_order(&mut self, order: &Order) {
        for (number, line) in (0_u32..).zip(&order.lines) {
            let shipped = Sales { units: line.shipped, revenue: line.revenue, cost: line.cost };
            self.shipped.entry((order.id, number)).or_default().add(shipped, Side::One);
            let returned = Sales { units: line.returned, revenue: line.refunded, cost: line.cost_returned };
            self.taken_back.entry((order.id, line.item)).or_default().add(returned, Side::One);
        }
        let lines = order.lines.iter().map(|line| (Text::clone(&line.brand), Text::clone(&line.category))).collect();
        self.orders.insert(order.id, Counted { site: order.site, customer: order.customer, lines });
    }

    pub(super) fn see_return(&mut self, goods: &Return) {
        for (number, line) in (0_u32..).zip(&goods.lines) {
            let returned = Sales { units: line.quantity, revenue: line.refund, cost: line.cost };
            self.came_back.entry((goods.id, number)).or_default().add(returned, Side::One);
            if let Some(order) = goods.order {
                self.taken_back.entry((order, line.item)).or_default().add(returned, Side::Other);
            }
        }
        // What had left with an order counts where it was sold.
        let order = goods.order.and_then(|order| self.orders.get(&order));
        let site = order.map_or(goods.site, |order| order.site);
        let lines = goods.lines.iter().map(|line| (Text::clone(&line.brand), Text::clone(&line.category))).collect();
        self.returns.insert(goods.id, Counted { site, customer: goods.customer, lines });
    }

    pub(super) fn see_totals(&mut self, key: &SalesKey, sales: Sales) {
        self.by_item.entry(key.clone()).or_default().add(sales, Side::One);
    }

    pub(super) fn see_customer_totals(&mut self, key: &CustomerSalesKey, sales: Sales) {
        self.by_customer.entry(*key).or_default().add(sales, Side::One);
    }

    /// Looks at a movement; false where it is a sale of no order or a return of no return.
    pub(super) fn see_movement(&mut self, row: &Movement) -> bool {
        let sales = Sales { units: row.quantity, revenue: row.revenue, cost: row.value };
        let (counted, line, side) = match (row.kind, row.document) {
            (MovementKind::Sale, Some(Document::Order(order, line))) => {
                self.shipped.entry((order, line)).or_default().add(sales, Side::Other);
                (self.orders.get(&order), line, Side::Other)
            }
            (MovementKind::Return, Some(Document::Return(goods, line))) => {
                self.came_back.entry((goods, line)).or_default().add(sales, Side::Other);
                (self.returns.get(&goods), line, Side::One)
            }
            (MovementKind::Sale | MovementKind::Return, _) => return false,
            _ => return true,
        };
        let (Some(zone), Some(counted)) = (&self.zone, counted) else { return false };
        let Some((brand, category)) = usize::try_from(line).ok().and_then(|line| counted.lines.get(line)) else {
            return false;
        };
        let (day, brand, category) = (zone.business_day(row.occurred_at), Text::clone(brand), Text::clone(category));
        let key = SalesKey { day, site: counted.site, item: row.item, brand, category };
        self.by_item.entry(key).or_default().add(sales, side);
        let key = CustomerSalesKey { day, customer: counted.customer };
        self.by_customer.entry(key).or_default().add(sales, side);
        true
    }

    /// What does not add up.
    pub(super) fn findings(self, names: &Names) -> impl Iterator<Item = Broken> {
        let shipped = unequal(names, self.shipped, "what an order line says was shipped, less its movements");
        let came_back = unequal(names, self.came_back, "what a return line says came back, less its movements");
        let taken_back = unequal(names, self.taken_back, "what an order says came back, less its returns");
        let by_item = unequal(names, self.by_item, "the total of a day's sales, less the movements");
        let by_customer = unequal(names, self.by_customer, "the total of a customer's day, less the movements");
        shipped.chain(came_back).chain(taken_back).chain(by_item).chain(by_customer)
    }
}

/// The balances that are not zero, in the order of their keys.
fn unequal<K: RowKey + Eq + Hash + Ord>(
    names: &Names,
    balances: FxHashMap<K, Balance>,
    what: &'static str,
) -> impl Iterator<Item = Broken> {
    let balances = sorted(balances);
    balances.into_iter().flat_map(move |(key, Balance([units, revenue, cost]))| {
        let row = key.called(names);
        [("conservation", "units", units), ("money adds up", "revenue", revenue), ("costs add up", "cost", cost)]
            .into_iter()
            .filter(|(_, _, left)| *left != 0)
            .map(move |(promise, unit, left)| Broken {
                promise,
                row: row.clone(),
                finding: format!("{what}: {} of {unit}, should be 0", micros(left)),
            })
    })
}
