//! Questions that read and never write: lists, searches, totals.
//!
//! [`Reports`] is what a store answers itself, in the way that suits it (SQL databases by SQL). The meaning of each
//! answer is the fold over the rows in [`MemoryStore`](crate::MemoryStore); the conformance suite compares every store with it row for
//! row. Every list comes in pages.

pub mod scan;
mod sort;

pub use scan::{Row, Table};
pub use sort::{Direction, List, NoSort, Sort, SortBy};

use crate::audit::Verdict;
use crate::store::{MaybeSend, MaybeSync};
use crate::{
    Amount, Customer, CustomerId, Date, Item, ItemId, Location, LocationId, Movement, Order, OrderId, OrderStatus,
    Purchase, PurchaseId, PurchaseStatus, Quantity, Sales, Sku, StockLevel, StoreError, Supplier, SupplierId, Text,
    Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{future::Future, sync::Arc};

/// Where a page begins. What is in it is the store's own business.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Which page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// The `next` of the page before, or nothing for the first page.
    pub after: Option<Cursor>,
    /// At most so many rows; [`crate::limits::ROWS_PER_PAGE`] where it is zero or more than that. A page whose rows are
    /// large may have fewer, and a next page all the same: see [`crate::limits::PAGE_BYTES`].
    pub limit: u32,
    /// In which order: one that [`List::sorts`] has for the list, or nothing for the list's own.
    pub sort: Option<Sort>,
}

impl PageRequest {
    /// The number of rows that a page may have: `limit` kept within 1 and [`crate::limits::ROWS_PER_PAGE`].
    pub fn rows(&self) -> u32 {
        if self.limit == 0 { crate::limits::ROWS_PER_PAGE } else { self.limit.min(crate::limits::ROWS_PER_PAGE) }
    }
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// Its rows.
    pub rows: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Page { rows: Vec::new(), next: None }
    }
}

/// Which items.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemQuery {
    /// Only those whose folded SKU or folded name contains this, folded.
    pub text: Option<String>,
    /// Only those of this brand, folded.
    pub brand: Option<String>,
    /// Only those of this category or one below it, folded: `drinks` finds `Drinks/Tea` and not `Drinksware`.
    pub category: Option<String>,
    /// Only those that usually come from this supplier.
    pub supplier: Option<SupplierId>,
    /// Whether retired ones are listed too.
    pub standing: Listed,
}

/// Whether a list has what is no longer in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// Only what is in use.
    #[default]
    Active,
    /// Everything.
    All,
}

/// Which suppliers or customers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyQuery {
    /// Only those whose folded code or folded name contains this, folded.
    pub text: Option<String>,
    /// Only those whose folded city is this, folded.
    pub city: Option<String>,
    /// Whether retired ones are listed too.
    pub standing: Listed,
}

/// Which stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockQuery {
    /// Only of this item.
    pub item: Option<ItemId>,
    /// Only at this site.
    pub site: Option<LocationId>,
    /// Holds that lapse at or before this moment count no more.
    pub now: Timestamp,
}

/// The stock of an item at a site, as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockLine {
    /// Which item.
    pub item: ItemId,
    /// Its SKU now.
    pub sku: Sku,
    /// Its name now.
    pub name: Text,
    /// The code of the site.
    pub site: Text,
    /// On the shelf.
    pub on_hand: Quantity,
    /// Allocated to orders or held.
    pub committed: Quantity,
    /// `on_hand − committed`.
    pub available: Quantity,
    /// Ordered and not received.
    pub incoming: Quantity,
    /// Promised and not allocated.
    pub backordered: Quantity,
    /// What the stock on hand cost.
    pub value: Amount,
}

/// Which sales orders. All that is asked of lines has to be so of one line. Nothing is in a period that ends before it
/// begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderQuery {
    /// Only of this customer.
    pub customer: Option<CustomerId>,
    /// Only from this site.
    pub site: Option<LocationId>,
    /// Only this far.
    pub status: Option<OrderStatus>,
    /// Only with a line of this item.
    pub item: Option<ItemId>,
    /// Only of customers whose folded city was this when it was placed, folded. All of one customer, wherever it was, are
    /// found by `customer`.
    pub city: Option<String>,
    /// Only with a line that was of this brand when it was ordered, folded.
    pub brand: Option<String>,
    /// Only with a line that was of this category, or one below it, when it was ordered; folded.
    pub category: Option<String>,
    /// Only those that were placed at or after this moment.
    pub from: Option<Timestamp>,
    /// Only those that were placed at or before this moment.
    pub until: Option<Timestamp>,
}

/// Which purchase orders. All that is asked of lines has to be so of one line. Nothing is in a period that ends before it
/// begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseQuery {
    /// Only from this supplier.
    pub supplier: Option<SupplierId>,
    /// Only to this site.
    pub site: Option<LocationId>,
    /// Only this far.
    pub status: Option<PurchaseStatus>,
    /// Only with a line of this item.
    pub item: Option<ItemId>,
    /// Only from suppliers whose folded city was this when it was ordered, folded. All of one supplier, wherever it was,
    /// are found by `supplier`.
    pub city: Option<String>,
    /// Only with a line of an item that is of this brand now, folded: a purchase keeps no brands.
    pub brand: Option<String>,
    /// Only with a line of an item that is of this category, or one below it, now; folded.
    pub category: Option<String>,
    /// Only those that were ordered at or after this moment.
    pub from: Option<Timestamp>,
    /// Only those that were ordered at or before this moment.
    pub until: Option<Timestamp>,
}

/// Which alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertQuery {
    /// Those that are not resolved.
    #[default]
    Open,
    /// Those that are neither resolved nor acknowledged.
    Unacknowledged,
    /// All.
    All,
}

/// An alert, as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertLine {
    /// Which item.
    pub item: ItemId,
    /// Its SKU now.
    pub sku: Sku,
    /// Its name now.
    pub name: Text,
    /// The code of the site.
    pub site: Text,
    /// How far the stock had sunk when it was raised.
    pub kind: StockLevel,
    /// What is available now.
    pub available: Quantity,
    /// The item's reorder point now, where it has one.
    pub threshold: Option<Quantity>,
    /// What was available when it was raised.
    pub available_then: Quantity,
    /// At or below how many it was raised; zero where the item had no reorder point.
    pub threshold_then: Quantity,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When somebody said that they know of it.
    pub acknowledged_at: Option<Timestamp>,
    /// When the level recovered.
    pub resolved_at: Option<Timestamp>,
}

/// By what profit is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfitBy {
    /// The item's SKU now.
    Item,
    /// The brand when it was sold; empty where there was none. Spellings that fold alike are one brand.
    Brand,
    /// The category when it was sold; empty where there was none. Spellings that fold alike are one category.
    Category,
    /// The customer's code; empty for those not known.
    Customer,
    /// The business day.
    Day,
    /// The month of the business day.
    Month,
    /// The code of the site.
    Site,
}

/// Over which time, by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfitQuery {
    /// By what.
    pub by: ProfitBy,
    /// From this business day on.
    pub from: Option<Date>,
    /// Up to and including this business day.
    pub until: Option<Date>,
}

/// What was sold less what came back. Lists of these are in ascending order of `key`, compared as UTF-8 bytes; brands and
/// categories in that of their folded form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfitLine {
    /// The SKU, brand, category, customer code, day, month or site. Of several spellings of a brand or a category, the one
    /// that comes last in the order of UTF-8 bytes: `Old` rather than `OLD`.
    pub key: Text,
    /// The name of that item or customer or site now; otherwise empty.
    pub name: Text,
    /// Units, revenue and cost.
    #[serde(flatten)]
    pub sales: Sales,
}

/// Of which stock the value is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueQuery {
    /// Only at this site.
    pub site: Option<LocationId>,
    /// As it was at this moment: by what had occurred at or before it. Now, where there is none.
    pub as_of: Option<Timestamp>,
}

/// What is on the shelves and what it cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockValue {
    /// How many units of everything.
    pub quantity: Quantity,
    /// What they cost.
    pub value: Amount,
}

/// An item that should be reordered: `available + incoming − backordered` is at or below its reorder point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReorderLine {
    /// Which item.
    pub item: ItemId,
    /// Its SKU.
    pub sku: Sku,
    /// Its name.
    pub name: Text,
    /// The code of the site.
    pub site: Text,
    /// The code of its usual supplier; empty where there is none.
    pub supplier: Text,
    /// What can be sold now.
    pub available: Quantity,
    /// What has been ordered already.
    pub incoming: Quantity,
    /// What has been promised beyond.
    pub backordered: Quantity,
    /// Its reorder point; nothing where it has none, and customers wait for it.
    pub threshold: Option<Quantity>,
    /// How many to order: what is missing to `reorder_to`, or to twice the reorder point where there is no `reorder_to`;
    /// at least one smallest unit.
    pub propose: Quantity,
}

/// Which movements. Nothing is in a period that ends before it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementQuery {
    /// Only of this item.
    pub item: Option<ItemId>,
    /// Only from or to this location.
    pub location: Option<LocationId>,
    /// Only those that occurred at or after this moment.
    pub from: Option<Timestamp>,
    /// Only those that occurred at or before this moment.
    pub until: Option<Timestamp>,
}

/// Answers questions about what is stored. Each list is described in its own order; a page may ask for another one that
/// [`List::sorts`] has for it. A row that is added between two pages is on the second one if it belongs behind the first,
/// and moves no other.
pub trait Reports: MaybeSend + MaybeSync {
    /// Lists items by folded SKU, then id.
    fn items(
        &self,
        query: &ItemQuery,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<Arc<Item>>, StoreError>> + MaybeSend;

    /// Lists locations by folded code, then id, virtual ones included.
    fn locations(
        &self,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<Arc<Location>>, StoreError>> + MaybeSend;

    /// Lists suppliers by folded code, then id.
    fn suppliers(
        &self,
        query: &PartyQuery,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<Arc<Supplier>>, StoreError>> + MaybeSend;

    /// Lists customers by folded code, then id.
    fn customers(
        &self,
        query: &PartyQuery,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<Arc<Customer>>, StoreError>> + MaybeSend;

    /// Lists stock by folded SKU and folded site code. An item in trade that never was anywhere is listed with nothing at
    /// the site in use whose folded code comes first.
    fn stock(
        &self,
        query: &StockQuery,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<StockLine>, StoreError>> + MaybeSend;

    /// Finds a sales order by its number in a series.
    fn order_numbered(
        &self,
        series: &str,
        number: u64,
    ) -> impl Future<Output = Result<Option<OrderId>, StoreError>> + MaybeSend;

    /// Lists sales orders, newest first: by descending `placed_at`, then descending id. All that is asked of lines has to
    /// be so of one line.
    fn orders(
        &self,
        query: &OrderQuery,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<Order>, StoreError>> + MaybeSend;

    /// Finds a purchase order by its number in a series.
    fn purchase_numbered(
        &self,
        series: &str,
        number: u64,
    ) -> impl Future<Output = Result<Option<PurchaseId>, StoreError>> + MaybeSend;

    /// Lists purchase orders, newest first: by descending `ordered_at`, then descending id. All that is asked of lines has
    /// to be so of one line.
    fn purchases(
        &self,
        query: &PurchaseQuery,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<Purchase>, StoreError>> + MaybeSend;

    /// Lists alerts by folded SKU and folded site code, each with what is available now: holds that lapse at or before
    /// `now` count no more.
    fn alerts(
        &self,
        query: AlertQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<AlertLine>, StoreError>> + MaybeSend;

    /// Lists revenue, cost and units, in ascending order of the key, or of the folded key where that is a brand or a category.
    fn profit(
        &self,
        query: &ProfitQuery,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<ProfitLine>, StoreError>> + MaybeSend;

    /// Sums up what is on the shelves.
    fn value(&self, query: &ValueQuery) -> impl Future<Output = Result<StockValue, StoreError>> + MaybeSend;

    /// Lists what should be reordered, by folded SKU and folded site code. Holds that lapse at or before `now` count no
    /// more. Items that are retired or have no reorder point are never listed. An item that never was anywhere is to be
    /// ordered for the site where [`Reports::stock`] lists it.
    fn reorder(
        &self,
        now: Timestamp,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<ReorderLine>, StoreError>> + MaybeSend;

    /// Lists movements, oldest first: by `occurred_at`, then key.
    fn movements(
        &self,
        query: &MovementQuery,
        page: &PageRequest,
    ) -> impl Future<Output = Result<Page<Movement>, StoreError>> + MaybeSend;

    /// Reads a table whole, page by page, in any order that is the same for one run: for `verify` and the state hash.
    fn scan(&self, table: Table, page: &PageRequest)
    -> impl Future<Output = Result<Page<Row>, StoreError>> + MaybeSend;

    /// Proves that everything adds up and that the log is whole: what [`audit::verify`](crate::audit::verify) asks. A
    /// store that others write meanwhile should be a [`Source`](crate::audit::Source) as of one moment, and
    /// [prove](crate::audit::prove) that; without it tables are read one after the other, and what is written meanwhile looks
    /// broken.
    fn verify(&self) -> impl Future<Output = Result<Verdict, StoreError>> + MaybeSend
    where
        Self: Sized + crate::Store,
    {
        crate::audit::verify_tables(self)
    }
}
