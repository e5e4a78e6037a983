//! A change as data: all that a store is ever asked to write.

use crate::{
    Alert, Answer, CommandId, Customer, CustomerId, CustomerSalesKey, EventRecord, Hold, HoldId, Item, ItemId, Layer,
    LayerKey, Location, LocationId, Movement, MovementKey, Name, NameRow, Order, OrderId, Purchase, PurchaseId,
    Quantity, Return, Sales, SalesKey, Series, Shop, Stock, StockKey, Supplier, SupplierId, Text, Undone, Version,
};
use std::sync::Arc;

/// A row to be written over the version that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write<R> {
    /// The version that the decision saw: 0 where there was no such row. The row is written as version `over + 1`, and
    /// only if the stored version is still `over`; otherwise the whole change conflicts.
    pub over: Version,
    /// The whole new row.
    pub row: R,
}

/// What the decisions of one or many commands change: committed whole or not at all.
///
/// Every list is in ascending order of its key and names no key twice: a store that locks rows locks them in this order,
/// list after list as they stand here, and so never deadlocks with another writer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// The catalogue's version that the decisions saw. The change conflicts if a row of [`uses`](ChangeSet::uses) was
    /// written after it; where the stored version is still this one, nothing was.
    ///
    /// The catalogue is everything that changes seldom and is read by every command: shop, items, locations, suppliers,
    /// customers. Any write to it adds 1 to its version.
    pub catalog: Version,
    /// The rows and names of the catalogue that the decisions depend on and that are not written, also those that were
    /// looked for and not there.
    pub uses: Vec<CatalogMark>,
    /// Rows that were seen, not written, and that the decisions depend on.
    pub checks: Vec<Check>,

    /// The shop.
    pub shop: Option<Write<Arc<Shop>>>,
    /// Items.
    pub items: Vec<Write<Arc<Item>>>,
    /// Locations.
    pub locations: Vec<Write<Arc<Location>>>,
    /// Suppliers.
    pub suppliers: Vec<Write<Arc<Supplier>>>,
    /// Customers.
    pub customers: Vec<Write<Arc<Customer>>>,
    /// Names that are given up. They are free before any of [`names`](ChangeSet::names) is given.
    pub names_gone: Vec<Name>,
    /// Names that are given to rows of the catalogue. One that is somebody's makes the change conflict.
    pub names: Vec<NameRow>,

    /// Number series.
    pub series: Vec<Write<Series>>,
    /// Stock.
    pub stock: Vec<Write<Stock>>,
    /// Holds to be written.
    pub holds: Vec<Write<Hold>>,
    /// Holds to be deleted, and the version that was seen.
    pub holds_gone: Vec<(HoldId, Version)>,
    /// Sales orders with their lines and shipments. Lines are never added or removed after the first version; shipments
    /// are only ever appended.
    pub orders: Vec<Write<Arc<Order>>>,
    /// Purchase orders with their lines. Lines are never added or removed after the first version.
    pub purchases: Vec<Write<Arc<Purchase>>>,

    /// Cost layers to be written, new or not; guarded by their stock row.
    pub layers: Vec<Layer>,
    /// Cost layers to be deleted; guarded by their stock row.
    pub layers_gone: Vec<LayerKey>,
    /// Alerts to be written, new or not; guarded by their stock row.
    pub alerts: Vec<Alert>,
    /// How much of a movement has been undone, new or not; guarded by the order or purchase that it belongs to.
    pub undone: Vec<(MovementKey, Undone)>,

    /// New movements.
    pub movements: Vec<Movement>,
    /// New returns.
    pub returns: Vec<Return>,
    /// To be added to the sales totals by item; a key that is not there yet starts from zero.
    pub sales: Vec<(SalesKey, Sales)>,
    /// To be added to the sales totals by customer; a key that is not there yet starts from zero.
    pub customer_sales: Vec<(CustomerSalesKey, Sales)>,
    /// Answers, by command id: new ones only. A command id that is there already makes the change conflict.
    pub commands: Vec<CommandRecord>,
    /// New events, in the order in which they get their offsets; not sorted.
    pub events: Vec<EventRecord>,
}

impl ChangeSet {
    /// Whether it writes to the catalogue, and so adds 1 to the catalogue's version.
    pub fn writes_catalog(&self) -> bool {
        self.shop.is_some()
            || !self.items.is_empty()
            || !self.locations.is_empty()
            || !self.suppliers.is_empty()
            || !self.customers.is_empty()
    }

    /// The rows and names of the catalogue that it writes, gives or takes away, in ascending order.
    pub fn catalog_marks(&self) -> Vec<CatalogMark> {
        let shop = self.shop.iter().map(|_| CatalogMark::SHOP);
        let items = self.items.iter().map(|write| write.row.id.into());
        let locations = self.locations.iter().map(|write| write.row.id.into());
        let suppliers = self.suppliers.iter().map(|write| write.row.id.into());
        let customers = self.customers.iter().map(|write| write.row.id.into());
        let names = self.names.iter().map(|row| &row.name).chain(&self.names_gone).map(CatalogMark::of_name);
        let mut marks: Vec<CatalogMark> =
            shop.chain(items).chain(locations).chain(suppliers).chain(customers).chain(names).collect();
        marks.sort_unstable();
        marks.dedup();
        marks
    }
}

/// Stands for a row or a name of the catalogue where it matters only whether it was written: a row's own 128 bits, or what
/// is made of a name. Two that happen to have the same mark cost a decision that is made once more, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CatalogMark(pub u128);

impl CatalogMark {
    /// The shop itself.
    pub const SHOP: CatalogMark = CatalogMark(0);

    /// A name: the XXH3-128 of its kind and the text that is compared.
    pub fn of_name(name: &Name) -> CatalogMark {
        let text = [name.kind().word(), name.key()].join("\0");
        CatalogMark(xxhash_rust::xxh3::xxh3_128(text.as_bytes()))
    }
}

macro_rules! marked_by_id {
    ($($id:ty),*) => {$(
        impl From<$id> for CatalogMark {
            fn from(id: $id) -> Self {
                CatalogMark(id.as_u128())
            }
        }
    )*};
}

marked_by_id!(ItemId, LocationId, SupplierId, CustomerId);

/// A row that must still be as it was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Check {
    /// Which row.
    pub key: CheckedKey,
    /// The version that was seen: 0 where there was no such row.
    pub seen: Version,
}

/// Names a row that a decision can depend on without writing it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CheckedKey {
    /// A number series.
    Series(Text),
    /// Stock of an item at a site.
    Stock(StockKey),
    /// A hold.
    Hold(HoldId),
    /// A sales order.
    Order(OrderId),
    /// A purchase order.
    Purchase(PurchaseId),
}

/// What a command was answered, kept for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandRecord {
    /// The command's id.
    pub id: CommandId,
    /// Tells whether a later command with this id is the same one: see [`crate::Command::fingerprint`].
    pub fingerprint: u128,
    /// What its caller was told.
    pub answer: Arc<Answer>,
}

/// What became of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All of it was written. The events got the offsets up to and including `newest`.
    Done {
        /// The offset of the newest event in the log.
        newest: crate::Offset,
        /// Whether others may have written to the catalogue since the version that was seen. A store may say so without
        /// cause: it only costs a look.
        moved: bool,
    },
    /// None of it was written: something had changed since it was read.
    Conflict(Conflict),
}

/// What had changed since it was read. Telling more than there is only costs a reload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conflict {
    /// The catalogue, or a name that was to be given.
    pub catalog: bool,
    /// A guarded row.
    pub rows: bool,
    /// A command id was there already.
    pub commands: bool,
}

/// Adds to sales totals; `None` on overflow.
impl Sales {
    /// The sum of two totals; `None` on overflow.
    pub fn checked_add(self, other: Sales) -> Option<Sales> {
        Some(Sales {
            units: self.units.checked_add(other.units)?,
            revenue: self.revenue.checked_add(other.revenue)?,
            cost: self.cost.checked_add(other.cost)?,
        })
    }

    /// What is earned: revenue − cost; `None` on overflow.
    pub fn profit(self) -> Option<crate::Amount> {
        self.revenue.checked_sub(self.cost)
    }

    /// Profit as a part of revenue, to four decimals, half-way to even. `None` where nothing was earned (revenue at or
    /// below zero has no parts), and on overflow.
    ///
    /// ```
    /// use ims_core::Sales;
    ///
    /// let sales = |revenue: &str, cost: &str| Sales {
    ///     revenue: revenue.parse().unwrap(),
    ///     cost: cost.parse().unwrap(),
    ///     ..Sales::default()
    /// };
    /// assert_eq!(sales("30", "17.5").margin().unwrap().to_string(), "0.4167");
    /// assert_eq!(sales("30", "60").margin().unwrap().to_string(), "-1");
    /// assert_eq!(sales("0", "30").margin(), None);
    /// assert_eq!(sales("-30", "-30").margin(), None);
    /// ```
    pub fn margin(self) -> Option<crate::Amount> {
        if !self.revenue.is_positive() {
            return None;
        }
        let parts = i128::from(self.profit()?.micros()).checked_mul(10_000)?;
        let parts = crate::RoundingMode::HalfEven.divide(parts, i128::from(self.revenue.micros()))?;
        i64::try_from(parts.checked_mul(100)?).ok().map(crate::Amount::from_micros)
    }
}

impl Stock {
    /// An item's stock at a site before anything has happened to it.
    pub fn empty(key: StockKey) -> Stock {
        Stock {
            item: key.item,
            site: key.site,
            on_hand: Quantity::ZERO,
            value: crate::Amount::ZERO,
            allocated: Quantity::ZERO,
            held: Quantity::ZERO,
            holds_lapse_at: None,
            backordered: Quantity::ZERO,
            incoming: Quantity::ZERO,
            last_unit_cost: None,
            layers_made: 0,
            level: crate::StockLevel::Normal,
        }
    }
}
