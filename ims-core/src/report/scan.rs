//! Reading a store whole.

use crate::{
    Alert, CommandRecord, Customer, CustomerSalesKey, Hold, Item, Layer, Location, Movement, MovementKey, Order,
    Purchase, Return, Sales, SalesKey, Series, Shop, Stock, Supplier, Undone,
};
use std::sync::Arc;

/// Names a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// One row.
    Shop,
    /// By id.
    Items,
    /// By id.
    Locations,
    /// By id.
    Suppliers,
    /// By id.
    Customers,
    /// By code.
    Series,
    /// By item and site.
    Stock,
    /// By item, site, moment and number.
    Layers,
    /// By id.
    Holds,
    /// By id, with lines and shipments.
    Orders,
    /// By id, with lines.
    Purchases,
    /// By id, with lines.
    Returns,
    /// By item and site.
    Alerts,
    /// By command and number.
    Movements,
    /// By command and number of the movement that is undone.
    Undone,
    /// By day, site, item, brand and category.
    Sales,
    /// By day and customer.
    CustomerSales,
    /// By id.
    Commands,
}

impl Table {
    /// Every table.
    pub const ALL: [Table; 18] = [
        Table::Shop,
        Table::Items,
        Table::Locations,
        Table::Suppliers,
        Table::Customers,
        Table::Series,
        Table::Stock,
        Table::Layers,
        Table::Holds,
        Table::Orders,
        Table::Purchases,
        Table::Returns,
        Table::Alerts,
        Table::Movements,
        Table::Undone,
        Table::Sales,
        Table::CustomerSales,
        Table::Commands,
    ];

    /// Its name, as it stands in SQL.
    pub fn name(self) -> &'static str {
        match self {
            Table::Shop => "shop",
            Table::Items => "items",
            Table::Locations => "locations",
            Table::Suppliers => "suppliers",
            Table::Customers => "customers",
            Table::Series => "series",
            Table::Stock => "stock",
            Table::Layers => "layers",
            Table::Holds => "holds",
            Table::Orders => "orders",
            Table::Purchases => "purchases",
            Table::Returns => "returns",
            Table::Alerts => "alerts",
            Table::Movements => "movements",
            Table::Undone => "undone",
            Table::Sales => "sales",
            Table::CustomerSales => "customer_sales",
            Table::Commands => "commands",
        }
    }
}

/// A row of any table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Row {
    Shop(Arc<Shop>),
    Item(Arc<Item>),
    Location(Arc<Location>),
    Supplier(Arc<Supplier>),
    Customer(Arc<Customer>),
    Series(Series),
    Stock(Stock),
    Layer(Layer),
    Hold(Hold),
    Order(Order),
    Purchase(Purchase),
    Return(Return),
    Alert(Alert),
    Movement(Movement),
    Undone(MovementKey, Undone),
    Sales(SalesKey, Sales),
    CustomerSales(CustomerSalesKey, Sales),
    Command(CommandRecord),
}
