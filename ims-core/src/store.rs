//! What a store is asked to do: load rows, commit a change, read the log.
//!
//! A store knows no rule. It keeps the rows of [`crate::tables`] and two promises: what it loads is one moment's truth,
//! and what it commits is written whole or not at all, over exactly the versions that were seen. The suite in
//! [`crate::conformance`] tells whether a store keeps them.

use crate::{
    Alert, CatalogMark, ChangeSet, CommandId, CommandRecord, Customer, CustomerId, EventPage, Hold, HoldId, Item,
    ItemId, Layer, Location, LocationId, Movement, Name, NameRow, Offset, Order, OrderId, OrderStatus, Outcome,
    Purchase, PurchaseId, PurchaseStatus, Quantity, Series, Shop, Stock, StockKey, Supplier, SupplierId, Text,
    Timestamp, Undone, Version,
};
use std::{any::Any, collections::BTreeMap, collections::BTreeSet, future::Future, sync::Arc};

/// `Send` where there are threads, nothing in a browser.
#[cfg(not(target_family = "wasm"))]
pub trait MaybeSend: Send {}
#[cfg(not(target_family = "wasm"))]
impl<T: Send + ?Sized> MaybeSend for T {}
/// `Send` where there are threads, nothing in a browser.
#[cfg(target_family = "wasm")]
pub trait MaybeSend {}
#[cfg(target_family = "wasm")]
impl<T: ?Sized> MaybeSend for T {}

/// `Sync` where there are threads, nothing in a browser.
#[cfg(not(target_family = "wasm"))]
pub trait MaybeSync: Sync {}
#[cfg(not(target_family = "wasm"))]
impl<T: Sync + ?Sized> MaybeSync for T {}
/// `Sync` where there are threads, nothing in a browser.
#[cfg(target_family = "wasm")]
pub trait MaybeSync {}
#[cfg(target_family = "wasm")]
impl<T: ?Sized> MaybeSync for T {}

/// Keeps rows.
pub trait Store: MaybeSend + MaybeSync + 'static {
    /// Loads the rows named in `keys`, as of one moment, and the catalogue's version at that moment. A row that is not
    /// there is left out of the answer. The shop is always loaded.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot answer now; nothing has changed.
    fn load(&self, keys: &ReadSet) -> impl Future<Output = Result<Loaded, StoreError>> + MaybeSend;

    /// Writes a change whole or not at all.
    ///
    /// It conflicts, and nothing is written, unless: no row or name in `change.uses` was written since the catalogue had the
    /// version `change.catalog` (a store may also insist on that very version); every checked row and
    /// every row to be written has the version that was seen; no command of the change is recorded yet; and every name that
    /// is given ([`ChangeSet::names`]) is nobody's, once those that are given up are free. The events get the next offsets, without a gap, in the order given, and no reader ever sees an offset
    /// before all smaller ones.
    ///
    /// # Errors
    /// [`StoreError`]: with [`StoreErrorKind::Unknown`] the change may or may not have been written; with any other
    /// kind it has not.
    fn commit(&self, change: ChangeSet) -> impl Future<Output = Result<Outcome, StoreError>> + MaybeSend;

    /// Takes a turn: waits until nobody else is about to change these rows, and keeps it so until a change is [committed with
    /// it](Store::commit_in), or it is dropped. A decision that is made within a turn, on rows that are loaded within it, is
    /// not overtaken by others. Of the keys, number series and stock are kept from being changed by others, and so are items,
    /// locations, suppliers and customers, which others may still look at; other keys mean nothing here. Whoever takes turns
    /// takes one at a time, and takes series before stock.
    ///
    /// A store that has none, because nobody else writes to it or because it finds out at the commit anyway, gives `None`.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot give one now; nothing is kept from anybody then.
    fn take_turn(&self, keys: &ReadSet) -> impl Future<Output = Result<Option<Turn>, StoreError>> + MaybeSend {
        let _ = keys;
        std::future::ready(Ok(None))
    }

    /// Keeps more rows from being changed in a turn that was taken: stock, where the turn is for series.
    ///
    /// # Errors
    /// As [`Store::take_turn`]; the turn is over then.
    fn extend_turn(&self, turn: Turn, keys: &ReadSet) -> impl Future<Output = Result<Turn, StoreError>> + MaybeSend {
        let _ = keys;
        std::future::ready(Ok(turn))
    }

    /// Writes a change as [`Store::commit`] does, in a turn that this store gave, which ends with it.
    ///
    /// # Errors
    /// As [`Store::commit`].
    fn commit_in(
        &self,
        turn: Turn,
        change: ChangeSet,
    ) -> impl Future<Output = Result<Outcome, StoreError>> + MaybeSend {
        drop(turn);
        self.commit(change)
    }

    /// Reads the events after an offset, oldest first, at most `limit` and at most [`crate::limits::EVENTS_PER_PAGE`].
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot answer now.
    fn events(&self, after: Offset, limit: u32) -> impl Future<Output = Result<EventPage, StoreError>> + MaybeSend;

    /// Waits before the `attempt`-th try (counted from 1) of a commit that conflicted: longer for later attempts, and
    /// not equally long for two writers. A store that has no other writers need not wait.
    fn pause(&self, attempt: u32) -> impl Future<Output = ()> + MaybeSend {
        let _ = attempt;
        std::future::ready(())
    }

    /// Lets go of what it holds, such as files and connections, once nothing is asked of it any more. A store in a file is
    /// whole in that one file then, as long as nobody else has it open. What is asked of it afterwards may fail.
    fn close(&self) -> impl Future<Output = ()> + MaybeSend {
        std::future::ready(())
    }

    /// The connections that it has to a database, where it has any.
    fn connections(&self) -> Option<Connections> {
        None
    }
}

/// What keeps others from changing rows for a while: whatever the store that gave it holds. See [`Store::take_turn`].
pub struct Turn(Box<dyn Any + Send>);

impl Turn {
    /// Makes a turn of what is held.
    pub fn of(held: impl Any + Send) -> Turn {
        Turn(Box::new(held))
    }

    /// What is held, where it is of this type.
    pub fn held<T: Any>(self) -> Option<T> {
        self.0.downcast().ok().map(|held| *held)
    }
}

impl std::fmt::Debug for Turn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}

/// Connections to a database, for those who watch a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Connections {
    /// How many there may be.
    pub most: u32,
    /// How many there are.
    pub open: u32,
    /// How many of these wait to be used.
    pub idle: u32,
}

/// The rows to be loaded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadSet {
    /// Items by id.
    pub items: BTreeSet<ItemId>,
    /// Locations by id.
    pub locations: BTreeSet<LocationId>,
    /// Suppliers by id.
    pub suppliers: BTreeSet<SupplierId>,
    /// Customers by id.
    pub customers: BTreeSet<CustomerId>,
    /// Which rows have these names: SKUs and barcodes of items, codes of locations, suppliers and customers.
    pub names: BTreeSet<Name>,
    /// Number series by code.
    pub series: BTreeSet<Text>,
    /// Stock by item and site.
    pub stock: BTreeSet<StockKey>,
    /// The stock of an item at every site that has a row for it.
    pub stock_everywhere: BTreeSet<ItemId>,
    /// The first so many cost layers of a stock, in the order of their keys.
    pub layers: BTreeMap<StockKey, u32>,
    /// Holds by id.
    pub holds: BTreeSet<HoldId>,
    /// All holds on a stock.
    pub holds_on: BTreeSet<StockKey>,
    /// Sales orders by id, with lines and shipments.
    pub orders: BTreeSet<OrderId>,
    /// The sales orders that have a line of this item waiting for goods at this site (`backordered` above zero).
    pub backorders: BTreeSet<StockKey>,
    /// Purchase orders by id, with lines.
    pub purchases: BTreeSet<PurchaseId>,
    /// Alerts by item and site.
    pub alerts: BTreeSet<StockKey>,
    /// The answers to commands.
    pub commands: BTreeSet<CommandId>,
    /// All movements that a command made, and how much of each has been undone.
    pub movements_of: BTreeSet<CommandId>,
    /// What was on hand of a stock at a moment and at every later one: see [`OnHandSince`].
    pub on_hand_since: BTreeSet<(StockKey, Timestamp)>,
    /// What is still open at a site, where holds that lapse at or before a moment count no more: see [`SiteUse`].
    pub site_uses: BTreeSet<(LocationId, Timestamp)>,
    /// Whether it is asked when the newest event of the log was recorded.
    pub newest_event: bool,
    /// Since which version of the catalogue it is asked what was written to it.
    pub catalog_since: Option<Version>,
}

impl ReadSet {
    /// How many keys it names.
    pub fn len(&self) -> usize {
        [
            self.items.len(),
            self.locations.len(),
            self.suppliers.len(),
            self.customers.len(),
            self.names.len(),
            self.series.len(),
            self.stock.len(),
            self.stock_everywhere.len(),
            self.layers.len(),
            self.holds.len(),
            self.holds_on.len(),
            self.orders.len(),
            self.backorders.len(),
            self.purchases.len(),
            self.alerts.len(),
            self.commands.len(),
            self.movements_of.len(),
            self.on_hand_since.len(),
            self.site_uses.len(),
            usize::from(self.newest_event),
            usize::from(self.catalog_since.is_some()),
        ]
        .into_iter()
        .fold(0, usize::saturating_add)
    }

    /// Whether it names no key: then only the shop and the catalogue's version are loaded.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A row and how often it has been written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned<R> {
    /// 1 after the first write.
    pub version: Version,
    /// The row.
    pub row: R,
}

/// The rows that were there, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The catalogue's version: 0 before the first write to it.
    pub catalog: Version,
    /// The shop.
    pub shop: Option<Versioned<Arc<Shop>>>,
    /// Items asked for by id.
    pub items: Vec<Versioned<Arc<Item>>>,
    /// Locations asked for by id.
    pub locations: Vec<Versioned<Arc<Location>>>,
    /// Suppliers asked for by id.
    pub suppliers: Vec<Versioned<Arc<Supplier>>>,
    /// Customers asked for by id.
    pub customers: Vec<Versioned<Arc<Customer>>>,
    /// Which rows have the names that were asked for.
    pub names: Vec<NameRow>,
    /// Number series.
    pub series: Vec<Versioned<Series>>,
    /// Stock, asked for by key or everywhere.
    pub stock: Vec<Versioned<Stock>>,
    /// The first layers of each stock that was asked for and has any.
    pub layers: Vec<(StockKey, LayerPage)>,
    /// Holds, asked for by id or by stock.
    pub holds: Vec<Versioned<Hold>>,
    /// Sales orders asked for by id.
    pub orders: Vec<Versioned<Order>>,
    /// Which orders wait for goods of a stock.
    pub backorders: Vec<(StockKey, Vec<OrderId>)>,
    /// Purchase orders.
    pub purchases: Vec<Versioned<Purchase>>,
    /// Alerts.
    pub alerts: Vec<Alert>,
    /// Answers to commands.
    pub commands: Vec<CommandRecord>,
    /// Movements of commands in the order of their numbers, each with what has been undone of it.
    pub movements_of: Vec<(CommandId, Vec<(Movement, Undone)>)>,
    /// What was on hand since a moment, of each stock that was asked for and has a row.
    pub on_hand_since: Vec<OnHandSince>,
    /// What is still open at each site that was asked for and has anything of it.
    pub site_uses: Vec<SiteUse>,
    /// When the newest event of the log was recorded, if that was asked and there is one.
    pub newest_event: Option<Timestamp>,
    /// What was written to the catalogue since the version that was asked for, in any order; `None` where nobody asked, and
    /// where the store does not know any more: then it may be everything.
    pub catalog_changes: Option<Vec<CatalogMark>>,
}

/// What was on hand of a stock at a moment and at every later one, told by the moments at which goods moved: what is
/// entered as of one moment has happened together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnHandSince {
    /// Of which stock.
    pub key: StockKey,
    /// From which moment on.
    pub from: Timestamp,
    /// What was there at that moment.
    pub on_hand: Quantity,
    /// The lowest that was there, at that moment or at any later one.
    pub lowest: Quantity,
    /// The first moment from which on so few were there.
    pub lowest_at: Timestamp,
    /// The newest moment at which anything of it moved, goods or value alone; `from` where nothing did after that.
    pub newest: Timestamp,
}

impl OnHandSince {
    /// Looks back from what is on hand now, over the goods that moved after the moment `from`: when, and how many came to
    /// the stock or, below zero, left it, in any order. `None` on overflow.
    pub fn look_back(
        key: StockKey,
        from: Timestamp,
        on_hand_now: Quantity,
        moved: impl IntoIterator<Item = (Timestamp, Quantity)>,
    ) -> Option<OnHandSince> {
        let mut changes: BTreeMap<Timestamp, Quantity> = BTreeMap::new();
        let mut on_hand = on_hand_now;
        for (at, change) in moved.into_iter().filter(|(at, _)| *at > from) {
            let sum = changes.entry(at).or_default();
            *sum = sum.checked_add(change)?;
            on_hand = on_hand.checked_sub(change)?;
        }
        let newest = changes.last_key_value().map_or(from, |(at, _)| *at);
        let mut since = OnHandSince { key, from, on_hand, lowest: on_hand, lowest_at: from, newest };
        let mut there = on_hand;
        for (at, change) in changes {
            there = there.checked_add(change)?;
            if there < since.lowest {
                (since.lowest, since.lowest_at) = (there, at);
            }
        }
        Some(since)
    }

    /// What a movement adds to a stock, or takes from it; `None` where it has nothing to do with it.
    pub fn change_by(key: StockKey, movement: &Movement) -> Option<(Timestamp, Quantity)> {
        if movement.item != key.item || movement.from == movement.to {
            return None;
        }
        let change = match (movement.from == key.site, movement.to == key.site) {
            (true, _) => movement.quantity.checked_neg()?,
            (_, true) => movement.quantity,
            _ => return None,
        };
        Some((movement.occurred_at, change))
    }
}

/// What is still open at a site: what would be stuck if it were used no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SiteUse {
    /// At which site.
    pub site: LocationId,
    /// As of which moment: holds that lapse at or before it do not count.
    pub now: Timestamp,
    /// Items that it has on hand, or value of.
    pub items: u64,
    /// Sales orders that are placed or partly shipped.
    pub orders: u64,
    /// Purchase orders that are ordered or partly received.
    pub purchases: u64,
    /// Holds.
    pub holds: u64,
}

impl SiteUse {
    /// Nothing yet.
    pub fn nothing(site: LocationId, now: Timestamp) -> SiteUse {
        SiteUse { site, now, items: 0, orders: 0, purchases: 0, holds: 0 }
    }

    /// Whether nothing is open.
    pub fn is_nothing(&self) -> bool {
        *self == SiteUse::nothing(self.site, self.now)
    }

    /// Counts a stock, if there is something of it at the site.
    pub fn add_stock(&mut self, stock: &Stock) {
        let counts = stock.site == self.site && !(stock.on_hand.is_zero() && stock.value.is_zero());
        self.items = self.items.saturating_add(u64::from(counts));
    }

    /// Counts a sales order, if it is open at the site.
    pub fn add_order(&mut self, order: &Order) {
        let open = matches!(order.status, OrderStatus::Placed | OrderStatus::PartlyShipped);
        self.orders = self.orders.saturating_add(u64::from(open && order.site == self.site));
    }

    /// Counts a purchase order, if it is open at the site.
    pub fn add_purchase(&mut self, purchase: &Purchase) {
        let open = matches!(purchase.status, PurchaseStatus::Ordered | PurchaseStatus::PartlyReceived);
        self.purchases = self.purchases.saturating_add(u64::from(open && purchase.site == self.site));
    }

    /// Counts a hold, if it is one at the site and has not lapsed.
    pub fn add_hold(&mut self, hold: &Hold) {
        self.holds = self.holds.saturating_add(u64::from(hold.site == self.site && hold.until > self.now));
    }
}

impl ReadSet {
    /// Asks which row has a name, and for nothing else.
    ///
    /// ```
    /// use ims_core::{Name, ReadSet};
    ///
    /// assert_eq!(ReadSet::named([Name::item("TEA-1"), Name::item("tea-1")]).len(), 1);
    /// ```
    pub fn named(names: impl IntoIterator<Item = Name>) -> ReadSet {
        ReadSet { names: names.into_iter().collect(), ..ReadSet::default() }
    }
}

impl Loaded {
    /// The id of the row that has a name, where the name was asked for and some row has it.
    pub fn named<I: From<CommandId>>(&self, name: &Name) -> Option<I> {
        self.names.iter().find(|row| row.name == *name).map(|row| CommandId::from_u128(row.id).into())
    }
}

/// The first cost layers of a stock, in the order in which they will be consumed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerPage {
    /// The layers.
    pub layers: Vec<Layer>,
    /// Whether more layers follow that were not asked for.
    pub more: bool,
}

/// The store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("{kind}: {source}")]
pub struct StoreError {
    /// Whether a retry can help, and whether anything may have been written.
    pub kind: StoreErrorKind,
    /// What the store itself said.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    /// Wraps what a store said.
    pub fn new(kind: StoreErrorKind, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        StoreError { kind, source: source.into() }
    }
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StoreErrorKind {
    /// Nothing was written, and trying again may help: a deadlock, a serialization failure, a busy file.
    Retry,
    /// The answer to a commit was lost: it may have been written. Sending the same command ids again settles it.
    Unknown,
    /// The store cannot be reached, or not in time. Nothing was written.
    Unavailable,
    /// The store is full. Nothing was written.
    Full,
    /// A total that the store keeps would not fit any more, or a text is longer than it keeps. Nothing was written.
    OutOfRange,
    /// The store may only be read. Nothing was written.
    ReadOnly,
    /// The store does not let this user in, or not see this. Nothing was written.
    Denied,
    /// There is no such store: no file, no database of this name.
    Missing,
    /// The address names no kind of store, or cannot be read.
    Address,
    /// The store was made by a newer version of this software, or is not a store of it at all.
    Schema,
    /// Rows that this software cannot have written: the store is damaged, or was changed by hand.
    Corrupt,
    /// A list was asked for in an order that it does not come in, or with a cursor of another order.
    Question,
}

impl StoreErrorKind {
    codes! {
        /// All codes.
        const CODES;
        /// A code that is the same in every language.
        fn code(self) for self;
        StoreErrorKind::Retry => "store_retry",
        StoreErrorKind::Unknown => "store_unknown",
        StoreErrorKind::Unavailable => "store_unavailable",
        StoreErrorKind::Full => "store_full",
        StoreErrorKind::OutOfRange => "store_out_of_range",
        StoreErrorKind::ReadOnly => "store_read_only",
        StoreErrorKind::Denied => "store_denied",
        StoreErrorKind::Missing => "store_missing",
        StoreErrorKind::Address => "store_address",
        StoreErrorKind::Schema => "store_schema",
        StoreErrorKind::Corrupt => "store_corrupt",
        StoreErrorKind::Question => "store_question",
    }
}

impl std::fmt::Display for StoreErrorKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            StoreErrorKind::Retry => "the store was busy and nothing was written; try again",
            StoreErrorKind::Unknown => "the store's answer was lost; send the same command id again to settle it",
            StoreErrorKind::Unavailable => "the store cannot be reached and nothing was written",
            StoreErrorKind::Full => "the store is full and nothing was written; make room and try again",
            StoreErrorKind::OutOfRange => "a total or a text would not fit and nothing was written",
            StoreErrorKind::ReadOnly => "the store may only be read; nothing was written",
            StoreErrorKind::Denied => "the store does not let this user in",
            StoreErrorKind::Missing => "there is no such store",
            StoreErrorKind::Address => "this is not the address of a store",
            StoreErrorKind::Schema => "the store's schema does not fit this version",
            StoreErrorKind::Corrupt => "the store holds a row that cannot be right",
            StoreErrorKind::Question => "the list cannot be asked for like this",
        })
    }
}
