//! What names a row, and what people call it: its table, and its key in the names that they use, or in ids where a name is
//! not known.

use crate::*;
use std::{collections::BTreeMap, hash::Hasher};

/// Names a row, or several rows that are summed up together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    Shop,
    Item(ItemId),
    Location(LocationId),
    Supplier(SupplierId),
    Customer(CustomerId),
    Series(Text),
    Stock(StockKey),
    /// The layers of goods of a stock that were acquired at a moment.
    Layers(StockKey, Timestamp),
    Layer(LayerKey),
    Hold(HoldId),
    Order(OrderId),
    OrderLine(OrderId, u32),
    /// The lines of an order that are of an item.
    OrderItem(OrderId, ItemId),
    /// What a command shipped of an order.
    Shipment(OrderId, CommandId),
    Purchase(PurchaseId),
    PurchaseLine(PurchaseId, u32),
    Return(ReturnId),
    ReturnLine(ReturnId, u32),
    Alert(StockKey),
    Movement(MovementKey),
    /// All movements of a command.
    Movements(CommandId),
    Undone(MovementKey),
    Sales(SalesKey),
    CustomerSales(CustomerSalesKey),
}

/// What the rows are called that findings are about.
#[derive(Debug, Default)]
pub(super) struct Names {
    called: BTreeMap<u128, String>,
}

impl Names {
    /// Which rows tell what those are called that keys name.
    pub(super) fn wanted<'a>(keys: impl Iterator<Item = &'a Key>) -> ReadSet {
        let mut reads = ReadSet::default();
        for key in keys {
            match key {
                Key::Item(id) => _ = reads.items.insert(*id),
                Key::Location(id) => _ = reads.locations.insert(*id),
                Key::Supplier(id) => _ = reads.suppliers.insert(*id),
                Key::Customer(id) | Key::CustomerSales(CustomerSalesKey { customer: Some(id), .. }) => {
                    reads.customers.insert(*id);
                }
                Key::Stock(at) | Key::Layers(at, _) | Key::Alert(at) => want_stock(&mut reads, *at),
                Key::Layer(LayerKey { item, site, .. }) | Key::Sales(SalesKey { item, site, .. }) => {
                    want_stock(&mut reads, StockKey { item: *item, site: *site });
                }
                Key::Order(id) | Key::OrderLine(id, _) | Key::Shipment(id, _) => _ = reads.orders.insert(*id),
                Key::OrderItem(id, item) => {
                    reads.orders.insert(*id);
                    reads.items.insert(*item);
                }
                Key::Purchase(id) | Key::PurchaseLine(id, _) => _ = reads.purchases.insert(*id),
                Key::Shop
                | Key::Series(_)
                | Key::Hold(_)
                | Key::Return(_)
                | Key::ReturnLine(..)
                | Key::Movement(_)
                | Key::Movements(_)
                | Key::Undone(_)
                | Key::CustomerSales(_) => {}
            }
        }
        reads
    }

    /// The names that are in rows which were loaded.
    pub(super) fn of(loaded: &Loaded) -> Names {
        let mut names = Names::default();
        let mut call = |id: u128, name: String| _ = names.called.insert(id, name);
        loaded.items.iter().for_each(|item| call(item.row.id.as_u128(), item.row.sku.to_string()));
        loaded.locations.iter().for_each(|place| call(place.row.id.as_u128(), place.row.code.to_string()));
        loaded.suppliers.iter().for_each(|row| call(row.row.id.as_u128(), row.row.code.to_string()));
        loaded.customers.iter().for_each(|row| call(row.row.id.as_u128(), row.row.code.to_string()));
        let number = |series: &Text, number: u64| format!("{series}-{number}");
        loaded.orders.iter().for_each(|row| call(row.row.id.as_u128(), number(&row.row.series, row.row.number)));
        loaded.purchases.iter().for_each(|row| call(row.row.id.as_u128(), number(&row.row.series, row.row.number)));
        names
    }

    fn named(&self, what: &str, id: u128) -> String {
        match self.called.get(&id) {
            Some(name) => format!("{what} {name}"),
            None => format!("{what} with id {}", CommandId::from_u128(id)),
        }
    }

    fn item(&self, id: ItemId) -> String {
        self.named("item", id.as_u128())
    }

    fn place(&self, id: LocationId) -> String {
        match self.called.get(&id.as_u128()) {
            Some(code) => code.clone(),
            None => format!("the place with id {id}"),
        }
    }

    fn stock(&self, key: StockKey) -> String {
        format!("{} at {}", self.item(key.item), self.place(key.site))
    }
}

fn want_stock(reads: &mut ReadSet, key: StockKey) {
    reads.items.insert(key.item);
    reads.locations.insert(key.site);
}

fn line(number: u32) -> u32 {
    number.saturating_add(1)
}

impl Key {
    /// Its table and key, as people read them. Lines count from 1.
    pub(super) fn called(&self, names: &Names) -> String {
        let order = |id: &OrderId| names.named("order", id.as_u128());
        let purchase = |id: &PurchaseId| names.named("purchase", id.as_u128());
        match self {
            Key::Shop => "shop".to_owned(),
            Key::Item(id) => format!("items: {}", names.item(*id)),
            Key::Location(id) => format!("locations: {}", names.place(*id)),
            Key::Supplier(id) => format!("suppliers: {}", names.named("supplier", id.as_u128())),
            Key::Customer(id) => format!("customers: {}", names.named("customer", id.as_u128())),
            Key::Series(code) => format!("series: {code}"),
            Key::Stock(key) => format!("stock: {}", names.stock(*key)),
            Key::Layers(key, acquired_at) => format!("layers: {}, acquired at {acquired_at}", names.stock(*key)),
            Key::Layer(LayerKey { item, site, acquired_at, number }) => {
                let stock = names.stock(StockKey { item: *item, site: *site });
                format!("layers: {stock}, acquired at {acquired_at}, number {number}")
            }
            Key::Hold(id) => format!("holds: the hold with id {id}"),
            Key::Order(id) => format!("orders: {}", order(id)),
            Key::OrderLine(id, number) => format!("order_lines: {}, line {}", order(id), line(*number)),
            Key::OrderItem(id, item) => format!("order_lines: {}, {}", order(id), names.item(*item)),
            Key::Shipment(id, command) => format!("shipments: {}, command {command}", order(id)),
            Key::Purchase(id) => format!("purchases: {}", purchase(id)),
            Key::PurchaseLine(id, number) => format!("purchase_lines: {}, line {}", purchase(id), line(*number)),
            Key::Return(id) => format!("returns: the return with id {id}"),
            Key::ReturnLine(id, number) => format!("return_lines: the return with id {id}, line {}", line(*number)),
            Key::Alert(key) => format!("alerts: {}", names.stock(*key)),
            Key::Movement(key) => format!("movements: number {} of the command {}", key.number, key.command),
            Key::Movements(command) => format!("movements: those of the command {command}"),
            Key::Undone(key) => format!("undone: number {} of the command {}", key.number, key.command),
            Key::Sales(SalesKey { day, site, item, brand, category }) => {
                let stock = names.stock(StockKey { item: *item, site: *site });
                format!("sales: {day} of {stock}, brand {brand:?}, category {category:?}")
            }
            Key::CustomerSales(CustomerSalesKey { day, customer }) => match customer {
                Some(customer) => format!("customer_sales: {day} of {}", names.named("customer", customer.as_u128())),
                None => format!("customer_sales: {day} of customers that are not known"),
            },
        }
    }
}

/// Mixes what names something into 128 bits: numbers that no few of them sum up to by chance.
#[derive(Clone, Copy, Default)]
pub(super) struct Mix(u128);

/// Any odd number with many bits.
const ODD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

impl Mix {
    pub(super) fn take(&mut self, word: u128) {
        let mixed = (self.0 ^ word).wrapping_mul(ODD);
        self.0 = mixed ^ (mixed >> 71);
    }

    pub(super) fn bits(mut self) -> u128 {
        self.take(ODD);
        self.0
    }
}

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(16) {
            let mut word = [0; 16];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.take(u128::from_le_bytes(word));
        }
    }

    fn write_u128(&mut self, word: u128) {
        self.take(word);
    }

    fn finish(&self) -> u64 {
        u64::try_from(self.bits() >> 64).unwrap_or_default()
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
        names.called.insert(1, "TEA-1".into());
        names.called.insert(2, "MAIN".into());
        let key = StockKey { item: tea, site: main };
        assert_eq!(Key::Stock(key).called(&names), "stock: item TEA-1 at MAIN");
        let unknown = StockKey { item: ItemId::from_u128(3), site: main };
        let says = "stock: item with id 00000000-0000-0000-0000-000000000003 at MAIN";
        assert_eq!(Key::Stock(unknown).called(&names), says);
        let acquired_at = "2026-03-02T09:00:00Z".parse().unwrap();
        let layer = Key::Layer(LayerKey { item: tea, site: main, acquired_at, number: 2 });
        assert_eq!(layer.called(&names), "layers: item TEA-1 at MAIN, acquired at 2026-03-02T09:00:00Z, number 2");
        let line = Key::OrderLine(OrderId::from_u128(4), 0);
        let says = "order_lines: order with id 00000000-0000-0000-0000-000000000004, line 1";
        assert_eq!(line.called(&names), says);
    }
}
