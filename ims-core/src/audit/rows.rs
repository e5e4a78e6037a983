//! What people call the row that breaks a promise: its table, and its key in the names that they use, or in ids where a
//! name is not known.

use crate::*;
use rustc_hash::FxHashMap;

/// What items and places are called.
#[derive(Debug, Default)]
pub(super) struct Names {
    items: FxHashMap<ItemId, Sku>,
    places: FxHashMap<LocationId, Text>,
}

impl Names {
    pub(super) fn see_item(&mut self, item: &Item) {
        self.items.insert(item.id, item.sku.clone());
    }

    pub(super) fn see_place(&mut self, place: &Location) {
        self.places.insert(place.id, Text::clone(&place.code));
    }

    fn item(&self, id: ItemId) -> String {
        self.items.get(&id).map_or_else(|| format!("item with id {id}"), |sku| format!("item {sku}"))
    }

    /// A site or a virtual location.
    pub(super) fn place(&self, id: LocationId) -> String {
        self.places.get(&id).map_or_else(|| format!("the place with id {id}"), |code| code.to_string())
    }
}

/// The key of a row.
pub(super) trait RowKey {
    /// Its table and key, as people read them. Lines count from 1.
    fn called(&self, names: &Names) -> String;
}

fn line(number: u32) -> u32 {
    number.saturating_add(1)
}

impl RowKey for StockKey {
    fn called(&self, names: &Names) -> String {
        format!("stock: {} at {}", names.item(self.item), names.place(self.site))
    }
}

impl RowKey for LayerKey {
    fn called(&self, names: &Names) -> String {
        let (item, site) = (names.item(self.item), names.place(self.site));
        format!("layers: {item} at {site}, acquired at {}, number {}", self.acquired_at, self.number)
    }
}

impl RowKey for MovementKey {
    fn called(&self, _: &Names) -> String {
        format!("movements: number {} of the command {}", self.number, self.command)
    }
}

impl RowKey for &Order {
    fn called(&self, _: &Names) -> String {
        format!("orders: {}-{}", self.series, self.number)
    }
}

impl RowKey for (&Order, u32) {
    fn called(&self, _: &Names) -> String {
        format!("order_lines: order {}-{}, line {}", self.0.series, self.0.number, line(self.1))
    }
}

impl RowKey for (OrderId, u32) {
    fn called(&self, _: &Names) -> String {
        format!("order_lines: the order with id {}, line {}", self.0, line(self.1))
    }
}

impl RowKey for (OrderId, ItemId) {
    fn called(&self, names: &Names) -> String {
        format!("order_lines: the order with id {}, {}", self.0, names.item(self.1))
    }
}

impl RowKey for &Purchase {
    fn called(&self, _: &Names) -> String {
        format!("purchases: {}-{}", self.series, self.number)
    }
}

impl RowKey for (PurchaseId, u32) {
    fn called(&self, _: &Names) -> String {
        format!("purchase_lines: the purchase with id {}, line {}", self.0, line(self.1))
    }
}

impl RowKey for ReturnId {
    fn called(&self, _: &Names) -> String {
        format!("returns: the return with id {self}")
    }
}

impl RowKey for (ReturnId, u32) {
    fn called(&self, _: &Names) -> String {
        format!("return_lines: the return with id {}, line {}", self.0, line(self.1))
    }
}

impl RowKey for SalesKey {
    fn called(&self, names: &Names) -> String {
        let (item, site) = (names.item(self.item), names.place(self.site));
        let (brand, category) = (&self.brand, &self.category);
        format!("sales: {} of {item} at {site}, brand {brand:?}, category {category:?}", self.day)
    }
}

impl RowKey for CustomerSalesKey {
    fn called(&self, _: &Names) -> String {
        match self.customer {
            Some(customer) => format!("customer_sales: {} of the customer with id {customer}", self.day),
            None => format!("customer_sales: {} of customers that are not known", self.day),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_called_by_the_names_that_are_known() {
        let (tea, main) = (ItemId::from_u128(1), LocationId::from_u128(2));
        let mut names = Names::default();
        names.items.insert(tea, "TEA-1".parse().unwrap());
        names.places.insert(main, "MAIN".into());
        let key = StockKey { item: tea, site: main };
        assert_eq!(key.called(&names), "stock: item TEA-1 at MAIN");
        let unknown = StockKey { item: ItemId::from_u128(3), site: main };
        let says = "stock: item with id 00000000-0000-0000-0000-000000000003 at MAIN";
        assert_eq!(unknown.called(&names), says);
        let acquired_at = "2026-03-02T09:00:00Z".parse().unwrap();
        let layer = LayerKey { item: tea, site: main, acquired_at, number: 2 };
        assert_eq!(layer.called(&names), "layers: item TEA-1 at MAIN, acquired at 2026-03-02T09:00:00Z, number 2");
        let line = (OrderId::from_u128(4), 0_u32);
        let says = "order_lines: the order with id 00000000-0000-0000-0000-000000000004, line 1";
        assert_eq!(line.called(&names), says);
    }

    #[test]
    fn no_finding_is_in_the_form_of_the_source() {
        let (item, site) = (ItemId::from_u128(1), LocationId::from_u128(2));
        let mut stock = Stock::empty(StockKey { item, site });
        stock.on_hand = Quantity::from_micros(5_000_000);
        let mut proof = crate::audit::Proof::new();
        proof.add(crate::report::Table::Stock, crate::report::Row::Stock(stock));
        let verdict = proof.finish();
        assert!(!verdict.ok);
        let broken = verdict.broken.first().unwrap();
        assert!(broken.row.starts_with("stock: item with id "), "{broken:?}");
        assert_eq!(broken.finding, "the quantity on hand (on_hand) is 5, should be 0");
        assert!(verdict.broken.iter().all(|broken| !broken.row.contains(['{', '('])), "{verdict:?}");
    }
}
