//! Questions as JSON: which report, or which row.

use crate::Failure;
use ims_core::{
    CustomerId, HoldId, ItemId, LocationId, Name, Offset, OrderId, PurchaseId, Reports, Sku, Store, StoreError,
    StoreErrorKind, SupplierId, Text, Timestamp, audit,
    report::{
        AlertQuery, ItemQuery, MovementQuery, OrderQuery, PageRequest, PartyQuery, ProfitQuery, PurchaseQuery,
        StockQuery, ValueQuery,
    },
    store::{Loaded, ReadSet, Versioned},
};
use serde::{Deserialize, Serialize};

/// A question, by the name of the method that asks it: `{"items": [query, page]}`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Question {
    Items(ItemQuery, PageRequest),
    Locations(PageRequest),
    Suppliers(PartyQuery, PageRequest),
    Customers(PartyQuery, PageRequest),
    Stock(StockQuery, PageRequest),
    Orders(OrderQuery, PageRequest),
    Purchases(PurchaseQuery, PageRequest),
    Alerts(AlertQuery, Timestamp, PageRequest),
    Profit(ProfitQuery, PageRequest),
    Value(ValueQuery),
    Reorder(Timestamp, PageRequest),
    Movements(MovementQuery, PageRequest),
    OrderNumbered(Text, u64),
    PurchaseNumbered(Text, u64),
    Shop,
    Item(ItemId),
    ItemBySku(Sku),
    ItemByBarcode(Text),
    Location(LocationId),
    Supplier(SupplierId),
    Customer(CustomerId),
    Hold(HoldId),
    Order(OrderId),
    Purchase(PurchaseId),
    Events(Offset, u32),
    Verify,
    StateHash,
}

/// Asks, and prints the answer as JSON.
pub(crate) async fn ask<S: Store + Reports>(store: &S, question: Question) -> Result<String, Failure> {
    match question {
        Question::Items(query, page) => shown(store.items(&query, &page).await),
        Question::Locations(page) => shown(store.locations(&page).await),
        Question::Suppliers(query, page) => shown(store.suppliers(&query, &page).await),
        Question::Customers(query, page) => shown(store.customers(&query, &page).await),
        Question::Stock(query, page) => shown(store.stock(&query, &page).await),
        Question::Orders(query, page) => shown(store.orders(&query, &page).await),
        Question::Purchases(query, page) => shown(store.purchases(&query, &page).await),
        Question::Alerts(query, now, page) => shown(store.alerts(query, now, &page).await),
        Question::Profit(query, page) => shown(store.profit(&query, &page).await),
        Question::Value(query) => shown(store.value(&query).await),
        Question::Reorder(now, page) => shown(store.reorder(now, &page).await),
        Question::Movements(query, page) => shown(store.movements(&query, &page).await),
        Question::OrderNumbered(series, number) => shown(store.order_numbered(&series, number).await),
        Question::PurchaseNumbered(series, number) => shown(store.purchase_numbered(&series, number).await),
        Question::Events(after, limit) => shown(store.events(after, limit).await),
        Question::Verify => shown(audit::verify(store).await),
        Question::StateHash => shown(audit::state_hash(store).await),
        Question::Shop => {
            let loaded = store.load(&ReadSet::default()).await?;
            shown(Ok(loaded.shop.map(|shop| shop.row)))
        }
        Question::Item(item) => item_shown(store, only(|keys| _ = keys.items.insert(item))).await,
        Question::ItemBySku(sku) => item_named(store, Name::item(sku.as_str())).await,
        Question::ItemByBarcode(barcode) => item_named(store, Name::item(&barcode)).await,
        Question::Location(location) => {
            row(store, only(|keys| _ = keys.locations.insert(location)), |found| found.locations).await
        }
        Question::Supplier(supplier) => {
            row(store, only(|keys| _ = keys.suppliers.insert(supplier)), |found| found.suppliers).await
        }
        Question::Customer(customer) => {
            row(store, only(|keys| _ = keys.customers.insert(customer)), |found| found.customers).await
        }
        Question::Hold(hold) => row(store, only(|keys| _ = keys.holds.insert(hold)), |found| found.holds).await,
        Question::Order(order) => row(store, only(|keys| _ = keys.orders.insert(order)), |found| found.orders).await,
        Question::Purchase(purchase) => {
            row(store, only(|keys| _ = keys.purchases.insert(purchase)), |found| found.purchases).await
        }
    }
}

/// Names one key. A set made of a list sorts it first, and the code for that is downloaded for every type of key.
fn only(name: impl FnOnce(&mut ReadSet)) -> ReadSet {
    let mut keys = ReadSet::default();
    name(&mut keys);
    keys
}

/// SKUs and barcodes are one set of names.
async fn item_named<S: Store>(store: &S, name: Name) -> Result<String, Failure> {
    let found = store.load(&only(|keys| _ = keys.names.insert(name.clone()))).await?;
    item_shown(store, only(|keys| keys.items.extend(found.named::<ItemId>(&name)))).await
}

async fn item_shown<S: Store>(store: &S, keys: ReadSet) -> Result<String, Failure> {
    row(store, keys, |found| found.items).await
}

/// Loads one row; `null` where there is none.
async fn row<S: Store, R: Serialize>(
    store: &S,
    keys: ReadSet,
    of: impl FnOnce(Loaded) -> Vec<Versioned<R>>,
) -> Result<String, Failure> {
    let row = of(store.load(&keys).await?).into_iter().next();
    shown(Ok(row.map(|found| found.row)))
}

fn shown<T: Serialize>(answer: Result<T, StoreError>) -> Result<String, Failure> {
    let unwritable = |error| StoreError::new(StoreErrorKind::Corrupt, error);
    Ok(serde_json::to_string(&answer?).map_err(unwritable)?)
}
