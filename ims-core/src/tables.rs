//! Every row that a store keeps, listed once.
//!
//! A store knows these shapes and no rule about them. Rows are plain values with public fields; what may be in them is
//! decided by the commands (`src/<noun>/<verb>.rs`), never by whoever stores them. Quantities and amounts are scaled by
//! 10⁻⁶ ([`Quantity`], [`Amount`]), times are microseconds since the Unix epoch ([`Timestamp`]).

use crate::{
    Amount, CommandId, Currency, CustomerId, Date, HoldId, ItemId, LocationId, OrderId, PurchaseId, Quantity, ReturnId,
    Rounding, Sku, SupplierId, TimeZone, Timestamp, Unit,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A short text that is shared, not copied, when a row is snapshotted into another.
pub type Text = Arc<str>;

/// Counts the changes of a row: 0 means that there is no such row, 1 that it was written once.
pub type Version = u64;

/// The shop itself: one row, written by `OpenShop`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// What the shop is called.
    pub name: Text,
    /// The currency of its books.
    pub currency: Currency,
    /// Decides the business day.
    pub time_zone: TimeZone,
    /// How the total of a document's line is rounded.
    pub rounding: Rounding,
    /// The costing method of an item that names none.
    pub costing: CostingMethod,
    /// Nothing may be booked on or before this day.
    pub closed_until: Option<Date>,
}

/// How the cost of goods that leave is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostingMethod {
    /// The oldest acquisition leaves first.
    Fifo,
    /// Value on hand divided by quantity on hand.
    Average,
    /// A cost set by hand; what was paid above or below it is a variance.
    Standard,
}

/// Whether stock is kept of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tracking {
    /// Goods: counted, valued, never oversold.
    Stocked,
    /// A service, a fee, postage: sold without any stock.
    Service,
}

/// Whether something may still be used. Nothing that has a history is ever deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In use.
    Active,
    /// Kept for its history; new business with it is refused.
    Retired,
}

/// Something that is bought or sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The id of the command that created it.
    pub id: ItemId,
    /// The shop's own code. A SKU or barcode names one item of the shop: see [`Name::item`](crate::Name::item).
    pub sku: Sku,
    /// What it is called.
    pub name: Text,
    /// More words about it; may be empty.
    pub description: Text,
    /// Its brand; may be empty.
    pub brand: Text,
    /// Its category, a path such as `Drinks/Tea`; may be empty.
    pub category: Text,
    /// What one of it is, and how finely it divides.
    pub unit: Unit,
    /// Whether stock is kept of it.
    pub tracking: Tracking,
    /// How its cost of goods sold is found.
    pub costing: CostingMethod,
    /// The cost of one unit where the method is [`CostingMethod::Standard`].
    pub standard_cost: Option<Amount>,
    /// The price of one unit, in the shop's currency.
    pub price: Option<Amount>,
    /// Its barcodes. A SKU or barcode names one item of the shop: see [`Name::item`](crate::Name::item).
    pub barcodes: Vec<Text>,
    /// At or below this many available it is low on stock.
    pub reorder_point: Option<Quantity>,
    /// Reorder so many that this many are available again.
    pub reorder_to: Option<Quantity>,
    /// How many more than available may be promised per site.
    pub backorder_limit: Quantity,
    /// Who usually supplies it.
    pub supplier: Option<SupplierId>,
    /// Whether it is still sold.
    pub standing: Standing,
}

/// What a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LocationKind {
    /// A shop or a warehouse: the only kind that has stock of its own.
    Site,
    /// Where received goods come from.
    Supplier,
    /// Where sold goods go.
    Customer,
    /// Where lost and damaged goods go, and found ones come from.
    Loss,
    /// Where differences between a standard cost and a price paid go; values only.
    Variance,
    /// Where services come from.
    Service,
}

/// A place that goods move from and to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The id of the command that created it, or one of the well-known virtual ids.
    pub id: LocationId,
    /// Its short code, unique when folded.
    pub code: Text,
    /// What it is called.
    pub name: Text,
    /// What kind of place it is.
    pub kind: LocationKind,
    /// Whether it is still in use.
    pub standing: Standing,
}

/// How to reach somebody the shop trades with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// The company or the person.
    pub name: Text,
    /// Whom to ask for; may be empty.
    #[serde(default)]
    pub contact: Text,
    /// May be empty.
    #[serde(default)]
    pub email: Text,
    /// May be empty.
    #[serde(default)]
    pub phone: Text,
    /// Street and number; may be empty.
    #[serde(default)]
    pub address: Text,
    /// May be empty.
    #[serde(default)]
    pub city: Text,
    /// May be empty.
    #[serde(default)]
    pub country: Text,
}

/// Somebody the shop buys from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplier {
    /// The id of the command that created it.
    pub id: SupplierId,
    /// The shop's short code for it, unique among suppliers when folded.
    pub code: Text,
    /// How to reach it.
    pub contact: Contact,
    /// Whether the shop still trades with it.
    pub standing: Standing,
}

/// Somebody the shop sells to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The id of the command that created it.
    pub id: CustomerId,
    /// The shop's short code for it, unique among customers when folded.
    pub code: Text,
    /// How to reach it.
    pub contact: Contact,
    /// Whether the shop still trades with it.
    pub standing: Standing,
}

/// Whom a document was made out to, as it was called and where it was then. What a supplier or customer is called later
/// changes no document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The company or the person.
    pub name: Text,
    /// Street and number; may be empty.
    pub address: Text,
    /// May be empty.
    pub city: Text,
    /// May be empty.
    pub country: Text,
}

/// Names the stock of an item at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StockKey {
    /// Which item.
    pub item: ItemId,
    /// At which site.
    pub site: LocationId,
}

/// How far the stock of an item has sunk at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockLevel {
    /// Above the reorder point.
    Normal,
    /// At or below the reorder point.
    Low,
    /// Nothing available.
    Out,
}

/// The stock of an item at a site. Its version guards everything else about this item at this site: its cost layers,
/// its alert, which holds and backorders there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// Which item.
    pub item: ItemId,
    /// At which site.
    pub site: LocationId,
    /// What is on the shelf: the sum of its movements.
    pub on_hand: Quantity,
    /// What it cost: the sum of its movements' values.
    pub value: Amount,
    /// Claimed by placed orders.
    pub allocated: Quantity,
    /// Claimed by holds that nobody released, lapsed ones included.
    pub held: Quantity,
    /// When the first of those holds lapses; before this moment `held` is exact.
    pub holds_lapse_at: Option<Timestamp>,
    /// Promised to orders but not allocated yet.
    pub backordered: Quantity,
    /// Ordered from suppliers and not received yet.
    pub incoming: Quantity,
    /// The cost of one unit in the last receipt.
    pub last_unit_cost: Option<Amount>,
    /// How many cost layers there have been; numbers the next one.
    pub layers_made: u32,
    /// What the alert was last told.
    pub level: StockLevel,
}

impl Stock {
    /// Names this row.
    pub fn key(&self) -> StockKey {
        StockKey { item: self.item, site: self.site }
    }
}

/// Names a cost layer. Layers are consumed in the order of this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LayerKey {
    /// Which item.
    pub item: ItemId,
    /// At which site.
    pub site: LocationId,
    /// When the goods were acquired.
    pub acquired_at: Timestamp,
    /// Tells layers of one moment apart: in the order of entry.
    pub number: u32,
}

/// What is left of one acquisition. A layer with nothing left is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layer {
    /// Which one.
    #[serde(flatten)]
    pub key: LayerKey,
    /// What is left of it.
    pub quantity: Quantity,
    /// What that cost.
    pub value: Amount,
}

/// Stock put aside until a moment. Deleted when released, used, or found lapsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The id of the command that placed it.
    pub id: HoldId,
    /// Which item.
    pub item: ItemId,
    /// At which site.
    pub site: LocationId,
    /// How many.
    pub quantity: Quantity,
    /// From this moment on it counts no more.
    pub until: Timestamp,
    /// When it was placed, or extended last: what ends it came after that. Not known of holds that were placed before this
    /// was noted.
    #[serde(default)]
    pub changed_at: Option<Timestamp>,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Promised; nothing has left yet.
    Placed,
    /// Some of it has left.
    PartlyShipped,
    /// All of it that was not cancelled has left.
    Shipped,
    /// Nothing of it left and nothing will.
    Cancelled,
}

/// What a sales order has come to. `total` of the order is what was ordered; all of these are sums over its lines, in
/// coins, and `total = cancelled + what is still open + shipped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderAmounts {
    /// What will not be delivered any more, at the price it was ordered at.
    pub cancelled: Amount,
    /// What has left: the revenue.
    pub shipped: Amount,
    /// What has come back, at the price it was sold at.
    pub returned: Amount,
    /// What was given back for that.
    pub refunded: Amount,
    /// What the customer has to pay in all: what was ordered, less `cancelled`, less `refunded`.
    pub to_pay: Amount,
}

/// A sales order and its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Order {
    /// The id of the command that placed it.
    pub id: OrderId,
    /// Which series of numbers it is in: the code of its site unless the caller named another, folded.
    pub series: Text,
    /// Its number in the series, without gaps, from 1.
    pub number: u64,
    /// Where its goods come from.
    pub site: LocationId,
    /// Who bought, where it is known.
    pub customer: Option<CustomerId>,
    /// The customer as it was when the order was placed.
    pub party: Option<Party>,
    /// The currency of its prices.
    pub currency: Currency,
    /// How far it has come.
    pub status: OrderStatus,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// What was ordered: the sum of its lines' totals.
    pub total: Amount,
    /// What that has come to since: cancelled, shipped, returned, refunded, and to pay.
    #[serde(default)]
    pub amounts: OrderAmounts,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
    /// What has left, oldest first.
    pub shipments: Vec<Shipment>,
}

/// A line of a sales order, with everything as it was when the order was placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// Which item.
    pub item: ItemId,
    /// Its SKU then.
    pub sku: Sku,
    /// Its name then.
    pub name: Text,
    /// Its brand then.
    pub brand: Text,
    /// Its category then.
    pub category: Text,
    /// Whether stock was kept of it then.
    pub tracking: Tracking,
    /// How many were ordered.
    pub quantity: Quantity,
    /// The price of one.
    pub unit_price: Amount,
    /// Taken off the line.
    pub discount: Amount,
    /// `quantity × unit_price − discount`, rounded as the shop rounds.
    pub total: Amount,
    /// Claimed on the shelf and not shipped yet.
    pub allocated: Quantity,
    /// Promised and waiting for goods.
    pub backordered: Quantity,
    /// Has left.
    pub shipped: Quantity,
    /// Will not be delivered any more.
    pub cancelled: Quantity,
    /// Has come back.
    pub returned: Quantity,
    /// The part of `total` that has been earned by shipping.
    pub revenue: Amount,
    /// The cost of the goods that have left.
    pub cost: Amount,
    /// The part of `revenue` that has been given back.
    pub refunded: Amount,
    /// The part of `cost` that has come back.
    pub cost_returned: Amount,
}

/// Goods of an order that left together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipment {
    /// The command that shipped them; their movements carry this id.
    pub id: CommandId,
    /// When they left.
    pub shipped_at: Timestamp,
}

/// Goods that came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// The id of the command that took them back.
    pub id: ReturnId,
    /// The order they had left with, where it is known.
    pub order: Option<OrderId>,
    /// Where they came back to.
    pub site: LocationId,
    /// Who brought them, where it is known.
    pub customer: Option<CustomerId>,
    /// The customer as it was when the goods were sold, or when they came back where no order is known.
    pub party: Option<Party>,
    /// When they came back.
    pub returned_at: Timestamp,
    /// What is refunded: the sum over the lines.
    pub refund: Amount,
    /// Why more may be refunded than was paid, where that was said.
    pub refund_reason: Option<Text>,
    /// What came back.
    pub lines: Vec<ReturnLine>,
}

/// A line of a return.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnLine {
    /// Which item.
    pub item: ItemId,
    /// Its SKU then.
    pub sku: Sku,
    /// Its name then.
    pub name: Text,
    /// Its brand when it was sold, or when it came back where no order is known.
    pub brand: Text,
    /// Its category when it was sold, or when it came back where no order is known.
    pub category: Text,
    /// How many came back.
    pub quantity: Quantity,
    /// What is refunded for them.
    pub refund: Amount,
    /// What they cost.
    pub cost: Amount,
}

/// How far a purchase has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseStatus {
    /// Ordered; nothing has come yet.
    Ordered,
    /// Some of it has come.
    PartlyReceived,
    /// All of it has come.
    Received,
    /// It was ended before all of it had come.
    ClosedShort,
    /// Nothing came and nothing will.
    Cancelled,
}

/// What a purchase order has come to. `total` of the purchase order is what was ordered at the agreed cost; all of these
/// are sums over its lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseAmounts {
    /// What will not come any more, at the agreed cost.
    pub cancelled: Amount,
    /// What has come, at what it cost then.
    pub received: Amount,
    /// What the shop has to pay in all: `received`, and what is still to come at the agreed cost.
    pub to_pay: Amount,
}

/// A purchase order and its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Purchase {
    /// The id of the command that placed it.
    pub id: PurchaseId,
    /// Which series of numbers it is in: `P-` and the code of its site, folded.
    pub series: Text,
    /// Its number in the series, without gaps, from 1.
    pub number: u64,
    /// Who delivers.
    pub supplier: SupplierId,
    /// The supplier as it was when the goods were ordered.
    pub party: Option<Party>,
    /// Where the goods go.
    pub site: LocationId,
    /// How far it has come.
    pub status: PurchaseStatus,
    /// When it was placed.
    pub ordered_at: Timestamp,
    /// When the goods should be there.
    pub expected: Option<Date>,
    /// When goods of it came last.
    #[serde(default)]
    pub received_at: Option<Timestamp>,
    /// What was ordered, at the agreed cost: the sum over its lines.
    pub total: Amount,
    /// What that has come to since: cancelled, received, and to pay.
    #[serde(default)]
    pub amounts: PurchaseAmounts,
    /// What was ordered.
    pub lines: Vec<PurchaseLine>,
}

/// A line of a purchase order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurchaseLine {
    /// Which item.
    pub item: ItemId,
    /// Its SKU when it was ordered.
    pub sku: Sku,
    /// Its name when it was ordered.
    pub name: Text,
    /// How many were ordered.
    pub quantity: Quantity,
    /// The agreed cost of one.
    pub unit_cost: Amount,
    /// How many have come.
    pub received: Quantity,
    /// What those that have come cost together.
    #[serde(default)]
    pub received_cost: Amount,
    /// How many will not come any more.
    pub cancelled: Quantity,
}

/// An alert about the stock of an item at a site: one row for each, kept after it is resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Which item.
    pub item: ItemId,
    /// At which site.
    pub site: LocationId,
    /// How far the stock has sunk; never [`StockLevel::Normal`].
    pub kind: StockLevel,
    /// What was available when it was raised.
    pub available: Quantity,
    /// At or below how many it is raised.
    pub threshold: Quantity,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// When somebody said that they know of it.
    pub acknowledged_at: Option<Timestamp>,
    /// When the level recovered.
    pub resolved_at: Option<Timestamp>,
}

impl Alert {
    /// Names the stock that it is about.
    pub fn key(&self) -> StockKey {
        StockKey { item: self.item, site: self.site }
    }
}

/// Why goods moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Bought.
    Receipt,
    /// Sent back to the supplier.
    SupplierReturn,
    /// Sold.
    Sale,
    /// Brought back by a customer.
    Return,
    /// Found, lost, damaged, given away: see the reason.
    Adjustment,
    /// From one site to another.
    Transfer,
    /// A change of value alone: a standard cost was set, or a receipt differed from it.
    Revaluation,
}

/// Why stock was adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentReason {
    /// What was there when the books were opened.
    Opening,
    /// Broken, spoilt.
    Damaged,
    /// Not where it should be.
    Lost,
    /// Where it should not be.
    Found,
    /// Stolen.
    Theft,
    /// Given away.
    Gift,
    /// Used by the shop itself.
    OwnUse,
    /// A count said so.
    Counted,
    /// None of the others; say why in the note.
    Other,
}

/// Names a movement: which command made it, and which of that command's movements it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MovementKey {
    /// The command that made it.
    pub command: CommandId,
    /// Its place among that command's movements, from 0.
    pub number: u32,
}

/// Goods, and what they cost, going from one location to another. Never changed, never deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// Which one.
    #[serde(flatten)]
    pub key: MovementKey,
    /// Which item.
    pub item: ItemId,
    /// Where it was.
    pub from: LocationId,
    /// Where it is now.
    pub to: LocationId,
    /// Why it moved.
    pub kind: MovementKind,
    /// Why it was adjusted, where it was.
    pub reason: Option<AdjustmentReason>,
    /// How many; zero where only value moved.
    pub quantity: Quantity,
    /// What they cost. Negative only where value alone moved the other way.
    pub value: Amount,
    /// What they were sold for, or what is refunded; zero unless sold or returned.
    pub revenue: Amount,
    /// When these goods were acquired: the age that they keep wherever they go.
    pub acquired_at: Timestamp,
    /// Which cost layer they were of at the site that they left, or became where they came from no site; `None` where no
    /// layers are kept. Counted as [`LayerKey::number`].
    pub layer: Option<u32>,
    /// When they moved.
    pub occurred_at: Timestamp,
    /// When the shop was told.
    pub recorded_at: Timestamp,
    /// The order, return, or purchase that they moved for.
    pub document: Option<Document>,
    /// The sale that is undone by a return, the receipt by a supplier return.
    pub undoes: Option<MovementKey>,
}

/// What goods moved for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Document {
    /// A line of a sales order, counted from 0.
    Order(OrderId, u32),
    /// A line of a return, counted from 0.
    Return(ReturnId, u32),
    /// A line of a purchase order, counted from 0.
    Purchase(PurchaseId, u32),
}

/// How much of a movement has been undone by later ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// How many.
    pub quantity: Quantity,
    /// What they cost.
    pub value: Amount,
}

/// Names a row of the sales totals by item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SalesKey {
    /// The business day.
    pub day: Date,
    /// At which site.
    pub site: LocationId,
    /// Which item.
    pub item: ItemId,
    /// Its brand when it was sold.
    pub brand: Text,
    /// Its category when it was sold.
    pub category: Text,
}

impl std::hash::Hash for SalesKey {
    /// Day, site and item tell nearly all keys apart; brand and category change once in a while at most.
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.day, self.site, self.item).hash(state);
    }
}

/// Names a row of the sales totals by customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CustomerSalesKey {
    /// The business day.
    pub day: Date,
    /// Who bought, where it is known.
    pub customer: Option<CustomerId>,
}

/// What was sold less what came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sales {
    /// How many.
    pub units: Quantity,
    /// What for.
    pub revenue: Amount,
    /// What they cost.
    pub cost: Amount,
}

/// Numbers documents without gaps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// What it is called: a folded code, but for series of older shops.
    pub code: Text,
    /// The number given last; 0 before the first.
    pub last: u64,
}
