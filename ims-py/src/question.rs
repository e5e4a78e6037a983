//! The reports: what is asked, and rows of any kind.

use crate::{
    book::{Book, Shape},
    columns::{Column, batch},
    give,
};
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use ims_core::{
    Amount, CommandId, CommandRecord, Customer, CustomerId, CustomerSalesKey, Date, Item, ItemId, Location, LocationId,
    Movement, MovementKey, Order, OrderId, Purchase, PurchaseId, Quantity, Reports, Sales, SalesKey, StoreError,
    Supplier, Text, Timestamp, Undone,
    report::{
        AlertLine, AlertQuery, Cursor, ItemQuery, MovementQuery, OrderQuery, PageRequest, PartyQuery, ProfitLine,
        ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, ValueQuery,
    },
};
use pyo3::{exceptions::PyValueError, prelude::*};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A question that is answered with a list.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Question {
    Items(ItemQuery),
    Locations {},
    Suppliers(PartyQuery),
    Customers(PartyQuery),
    Stock(StockQuery),
    Orders(OrderQuery),
    Purchases(PurchaseQuery),
    Alerts { which: AlertQuery, now: Timestamp },
    Profit(ProfitQuery),
    Reorder { now: Timestamp },
    Movements(MovementQuery),
}

/// Asks the store with the method that is named after the question, and does something with the page.
macro_rules! reports {
    ($self:ident, $store:ident, $page:ident, $rows:ident => $do:expr) => {
        match $self {
            Question::Items(query) => {
                let $rows = $store.items(query, $page).await?;
                $do
            }
            Question::Locations {} => {
                let $rows = $store.locations($page).await?;
                $do
            }
            Question::Suppliers(query) => {
                let $rows = $store.suppliers(query, $page).await?;
                $do
            }
            Question::Customers(query) => {
                let $rows = $store.customers(query, $page).await?;
                $do
            }
            Question::Stock(query) => {
                let $rows = $store.stock(query, $page).await?;
                $do
            }
            Question::Orders(query) => {
                let $rows = $store.orders(query, $page).await?;
                $do
            }
            Question::Purchases(query) => {
                let $rows = $store.purchases(query, $page).await?;
                $do
            }
            Question::Alerts { which, now } => {
                let $rows = $store.alerts(*which, *now, $page).await?;
                $do
            }
            Question::Profit(query) => {
                let $rows = $store.profit(query, $page).await?;
                $do
            }
            Question::Reorder { now } => {
                let $rows = $store.reorder(*now, $page).await?;
                $do
            }
            Question::Movements(query) => {
                let $rows = $store.movements(query, $page).await?;
                $do
            }
        }
    };
}

impl Question {
    /// Reads a page, and where the next one begins.
    pub(crate) async fn page(
        &self,
        store: &impl Reports,
        page: &PageRequest,
    ) -> Result<(Box<dyn Rows>, Option<Cursor>), StoreError> {
        Ok(reports!(self, store, page, found => (Box::new(found.rows) as Box<dyn Rows>, found.next)))
    }

    /// The columns of its answer.
    pub(crate) fn data_type(&self) -> DataType {
        match self {
            Question::Items(_) => Item::data_type(),
            Question::Locations {} => Location::data_type(),
            Question::Suppliers(_) => Supplier::data_type(),
            Question::Customers(_) => Customer::data_type(),
            Question::Stock(_) => StockLine::data_type(),
            Question::Orders(_) => Order::data_type(),
            Question::Purchases(_) => Purchase::data_type(),
            Question::Alerts { .. } => AlertLine::data_type(),
            Question::Profit(_) => ProfitLine::data_type(),
            Question::Reorder { .. } => ReorderLine::data_type(),
            Question::Movements(_) => Movement::data_type(),
        }
    }
}

/// Rows of one kind.
pub(crate) trait Rows: Send + Sync {
    /// Gives them as a tuple of objects.
    fn give(&self, py: Python<'_>, book: &Book) -> PyResult<Py<PyAny>>;

    /// How many there are.
    fn count(&self) -> usize;

    /// Gives them as columns.
    fn batch(&self, schema: &SchemaRef) -> Result<RecordBatch, ArrowError>;
}

impl<T: Named + Serialize + Column + Send + Sync> Rows for Vec<T> {
    fn give(&self, py: Python<'_>, book: &Book) -> PyResult<Py<PyAny>> {
        give::value(py, book, &Shape::Many(Box::new(book.named(T::NAME)?)), self)
    }

    fn count(&self) -> usize {
        self.len()
    }

    fn batch(&self, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
        batch(schema, self)
    }
}

/// What has a class in Python.
pub(crate) trait Named {
    const NAME: &'static str;
}

macro_rules! named {
    ($($row:ident),*) => { $(impl Named for $row { const NAME: &'static str = stringify!($row); })* };
}

named!(Item, Location, Supplier, Customer, StockLine, Order, Purchase, AlertLine, ProfitLine, ReorderLine, Movement);

impl<T: Named> Named for Arc<T> {
    const NAME: &'static str = T::NAME;
}

/// A question that has one answer.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Lookup {
    Value(ValueQuery),
    OrderNumbered { series: String, number: u64 },
    PurchaseNumbered { series: String, number: u64 },
}

/// What was found.
pub(crate) enum Found {
    Value(ims_core::report::StockValue),
    Order(Option<OrderId>),
    Purchase(Option<PurchaseId>),
}

impl Lookup {
    /// Asks the store.
    pub(crate) async fn answer(&self, store: &impl Reports) -> Result<Found, StoreError> {
        Ok(match self {
            Lookup::Value(query) => Found::Value(store.value(query).await?),
            Lookup::OrderNumbered { series, number } => Found::Order(store.order_numbered(series, *number).await?),
            Lookup::PurchaseNumbered { series, number } => {
                Found::Purchase(store.purchase_numbered(series, *number).await?)
            }
        })
    }
}

impl Found {
    /// Gives it as an object.
    pub(crate) fn give(&self, py: Python<'_>, book: &Book) -> PyResult<Py<PyAny>> {
        let id = Shape::Optional(Box::new(Shape::Id));
        match self {
            Found::Value(value) => give::value(py, book, &book.named("StockValue")?, value),
            Found::Order(order) => give::value(py, book, &id, order),
            Found::Purchase(purchase) => give::value(py, book, &id, purchase),
        }
    }
}

/// How much of a movement has been undone.
#[derive(Serialize)]
struct UndoneMovement {
    command: CommandId,
    number: u32,
    quantity: Quantity,
    value: Amount,
}

/// What was sold of an item on a day, less what came back.
#[derive(Serialize)]
struct ItemSales {
    day: Date,
    site: LocationId,
    item: ItemId,
    brand: Text,
    category: Text,
    units: Quantity,
    revenue: Amount,
    cost: Amount,
}

/// What was sold to a customer on a day, less what came back.
#[derive(Serialize)]
struct CustomerSales {
    day: Date,
    customer: Option<CustomerId>,
    units: Quantity,
    revenue: Amount,
    cost: Amount,
}

/// A command that was answered.
#[derive(Serialize)]
struct AnsweredCommand {
    id: CommandId,
    fingerprint: String,
    answer: String,
}

/// Gives a row of a table as an object. What a table keeps as key and row is one object.
pub(crate) fn give_row(py: Python<'_>, book: &Book, row: Row) -> PyResult<Py<PyAny>> {
    match row {
        Row::Shop(row) => give::value(py, book, &book.named("Shop")?, &row),
        Row::Item(row) => give::value(py, book, &book.named("Item")?, &row),
        Row::Location(row) => give::value(py, book, &book.named("Location")?, &row),
        Row::Supplier(row) => give::value(py, book, &book.named("Supplier")?, &row),
        Row::Customer(row) => give::value(py, book, &book.named("Customer")?, &row),
        Row::Series(row) => give::value(py, book, &book.named("Series")?, &row),
        Row::Stock(row) => give::value(py, book, &book.named("Stock")?, &row),
        Row::Layer(row) => give::value(py, book, &book.named("Layer")?, &row),
        Row::Hold(row) => give::value(py, book, &book.named("Hold")?, &row),
        Row::Order(row) => give::value(py, book, &book.named("Order")?, &row),
        Row::Purchase(row) => give::value(py, book, &book.named("Purchase")?, &row),
        Row::Return(row) => give::value(py, book, &book.named("Return")?, &row),
        Row::Alert(row) => give::value(py, book, &book.named("Alert")?, &row),
        Row::Movement(row) => give::value(py, book, &book.named("Movement")?, &row),
        Row::Undone(MovementKey { command, number }, Undone { quantity, value }) => {
            let row = UndoneMovement { command, number, quantity, value };
            give::value(py, book, &book.named("UndoneMovement")?, &row)
        }
        Row::Sales(SalesKey { day, site, item, brand, category }, Sales { units, revenue, cost }) => {
            let row = ItemSales { day, site, item, brand, category, units, revenue, cost };
            give::value(py, book, &book.named("ItemSales")?, &row)
        }
        Row::CustomerSales(CustomerSalesKey { day, customer }, Sales { units, revenue, cost }) => {
            let row = CustomerSales { day, customer, units, revenue, cost };
            give::value(py, book, &book.named("CustomerSales")?, &row)
        }
        Row::Command(CommandRecord { id, fingerprint, answer }) => {
            let answer = serde_json::to_string(&answer).map_err(|error| PyValueError::new_err(error.to_string()))?;
            let row = AnsweredCommand { id, fingerprint: format!("{fingerprint:032x}"), answer };
            give::value(py, book, &book.named("AnsweredCommand")?, &row)
        }
    }
}
