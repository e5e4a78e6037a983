//! A store of a kind that is known only when the program runs.

use crate::{
    audit::Verdict,
    report::{
        AlertLine, AlertQuery, ItemQuery, MovementQuery, OrderQuery, Page, PageRequest, PartyQuery, ProfitLine,
        ProfitQuery, PurchaseQuery, ReorderLine, Row, StockLine, StockQuery, StockValue, Table, ValueQuery,
    },
    store::{Connections, Loaded, MaybeSend, MaybeSync, ReadSet},
    *,
};
use std::{fmt, future::Future, pin::Pin, sync::Arc};

/// What is still to be answered, on the heap.
#[cfg(not(target_family = "wasm"))]
type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
#[cfg(target_family = "wasm")]
type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Any [`Store`] with any [`Reports`], for programs that choose one by a URL or by what an app gives them. Clones share
/// the same store. Each call costs one allocation more than on the store itself.
///
/// ```
/// use ims_core::{AnyStore, Ims, MemoryStore};
///
/// let (ims, worker) = Ims::new(AnyStore::new(MemoryStore::new()));
/// # drop((ims, worker));
/// ```
#[derive(Clone)]
pub struct AnyStore {
    store: Arc<dyn DynStore>,
    reports: Arc<dyn DynReports>,
}

impl AnyStore {
    /// Hides what kind of store it is.
    pub fn new<S: Store + Reports>(store: S) -> Self {
        let both = Arc::new(store);
        AnyStore { store: Arc::clone(&both) as Arc<dyn DynStore>, reports: both }
    }

    /// Writes to one and asks the other: for stores that wrap another one and answer no questions themselves.
    pub fn of_parts(store: impl Store, reports: impl Reports + Store) -> Self {
        AnyStore { store: Arc::new(store), reports: Arc::new(reports) }
    }
}

impl fmt::Debug for AnyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnyStore").finish_non_exhaustive()
    }
}

/// The type of an argument: `by_ref T` is `&T`, with the lifetime that is named; `by_value T` is `T`.
macro_rules! argument {
    ($($life:lifetime)? by_ref $kind:ty) => { &$($life)? $kind };
    ($($life:lifetime)? by_value $kind:ty) => { $kind };
}

/// Writes a trait down again with answers on the heap, so that a type of it can be chosen while the program runs.
macro_rules! on_the_heap {
    ($trait:ident as $dyn:ident at $part:ident of $($of:ident)and+;
     $(fn $name:ident($($argument:ident: $how:ident $kind:ty),*) -> $answer:ty;)*
     $(at once fn $tells:ident() -> $told:ty;)*) => {
        trait $dyn: MaybeSend + MaybeSync {
            $(fn $name<'a>(&'a self $(, $argument: argument!('a $how $kind))*) -> Answer<'a, $answer>;)*
            $(fn $tells(&self) -> $told;)*
        }

        impl<T: $($of +)+> $dyn for T {
            $(fn $name<'a>(&'a self $(, $argument: argument!('a $how $kind))*) -> Answer<'a, $answer> {
                Box::pin($trait::$name(self $(, $argument)*))
            })*
            $(fn $tells(&self) -> $told {
                $trait::$tells(self)
            })*
        }

        impl $trait for AnyStore {
            $(async fn $name(&self $(, $argument: argument!($how $kind))*) -> $answer {
                self.$part.$name($($argument),*).await
            })*
            $(fn $tells(&self) -> $told {
                self.$part.$tells()
            })*
        }
    };
}

on_the_heap! {
    Store as DynStore at store of Store;
    fn load(keys: by_ref ReadSet) -> Result<Loaded, StoreError>;
    fn commit(change: by_value ChangeSet) -> Result<Outcome, StoreError>;
    fn take_turn(keys: by_ref ReadSet) -> Result<Option<Turn>, StoreError>;
    fn extend_turn(turn: by_value Turn, keys: by_ref ReadSet) -> Result<Turn, StoreError>;
    fn commit_in(turn: by_value Turn, change: by_value ChangeSet) -> Result<Outcome, StoreError>;
    fn events(after: by_value Offset, limit: by_value u32) -> Result<EventPage, StoreError>;
    fn pause(attempt: by_value u32) -> ();
    fn close() -> ();
    at once fn connections() -> Option<Connections>;
}

on_the_heap! {
    Reports as DynReports at reports of Reports and Store;
    fn items(query: by_ref ItemQuery, page: by_ref PageRequest) -> Result<Page<Arc<Item>>, StoreError>;
    fn locations(page: by_ref PageRequest) -> Result<Page<Arc<Location>>, StoreError>;
    fn suppliers(query: by_ref PartyQuery, page: by_ref PageRequest) -> Result<Page<Arc<Supplier>>, StoreError>;
    fn customers(query: by_ref PartyQuery, page: by_ref PageRequest) -> Result<Page<Arc<Customer>>, StoreError>;
    fn stock(query: by_ref StockQuery, page: by_ref PageRequest) -> Result<Page<StockLine>, StoreError>;
    fn order_numbered(series: by_ref str, number: by_value u64) -> Result<Option<OrderId>, StoreError>;
    fn orders(query: by_ref OrderQuery, page: by_ref PageRequest) -> Result<Page<Order>, StoreError>;
    fn purchase_numbered(series: by_ref str, number: by_value u64) -> Result<Option<PurchaseId>, StoreError>;
    fn purchases(query: by_ref PurchaseQuery, page: by_ref PageRequest) -> Result<Page<Purchase>, StoreError>;
    fn alerts(query: by_value AlertQuery, now: by_value Timestamp, page: by_ref PageRequest) -> Result<Page<AlertLine>, StoreError>;
    fn profit(query: by_ref ProfitQuery, page: by_ref PageRequest) -> Result<Page<ProfitLine>, StoreError>;
    fn value(query: by_ref ValueQuery) -> Result<StockValue, StoreError>;
    fn reorder(now: by_value Timestamp, page: by_ref PageRequest) -> Result<Page<ReorderLine>, StoreError>;
    fn movements(query: by_ref MovementQuery, page: by_ref PageRequest) -> Result<Page<Movement>, StoreError>;
    fn scan(table: by_value Table, page: by_ref PageRequest) -> Result<Page<Row>, StoreError>;
    fn verify() -> Result<Verdict, StoreError>;
}
