//! What a shop keeps, as it is shown.

use super::*;

/// A movement of goods or of value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
#[serde(deny_unknown_fields)]
pub struct Movement {
    /// The command that made it.
    pub command: CommandId,
    /// Its number among those of its command, counted from 0.
    pub number: u32,
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
    /// When they moved.
    pub occurred_at: Timestamp,
    /// When the shop was told.
    pub recorded_at: Timestamp,
    /// The order, return, or purchase that they moved for.
    pub document: Option<Document>,
    /// The sale that is undone by a return, the receipt by a supplier return.
    pub undoes: Option<MovementKey>,
    /// Which cost layer they were of at the site that they left, or became where they came from no site; `None` where no
    /// layers are kept. Numbered in the order of entry.
    pub layer: Option<u32>,
}

impl Mirror for Movement {
    type Core = ims_core::Movement;
}

const _: fn(&ims_core::Movement) = |original| {
    let ims_core::Movement {
        key: ims_core::MovementKey { command: _, number: _ },
        item: _,
        from: _,
        to: _,
        kind: _,
        reason: _,
        quantity: _,
        value: _,
        revenue: _,
        acquired_at: _,
        occurred_at: _,
        recorded_at: _,
        document: _,
        undoes: _,
        layer: _,
    } = original;
};

/// What an item is counted in, and how finely: a piece is whole, a kilogram may have three decimals.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
#[serde(deny_unknown_fields)]
pub struct UnitOfMeasure {
    /// What it is called.
    pub code: String,
    /// To how many decimals it is counted, 0 to 6.
    pub decimals: u32,
}

impl Mirror for UnitOfMeasure {
    type Core = ims_core::Unit;
}

mirror! {
    /// The shop itself: one row, written by `OpenShop`.
    struct Shop = ims_core::Shop {
        /// What the shop is called.
        name: String,
        /// The currency of its books.
        currency: String,
        /// Decides the business day.
        time_zone: String,
        /// How the total of a document's line is rounded.
        rounding: Rounding,
        /// The costing method of an item that names none.
        costing: CostingMethod,
        /// Nothing may be booked on or before this day.
        closed_until: Option<Day>,
    }

    /// Something that is bought or sold.
    struct Item = ims_core::Item {
        /// The id of the command that created it.
        id: ItemId,
        /// The shop's own code, unique when folded.
        sku: String,
        /// What it is called.
        name: String,
        /// More words about it; may be empty.
        description: String,
        /// Its brand; may be empty.
        brand: String,
        /// Its category, a path such as `Drinks/Tea`; may be empty.
        category: String,
        /// What one of it is, and how finely it divides.
        unit: UnitOfMeasure,
        /// Whether stock is kept of it.
        tracking: Tracking,
        /// How its cost of goods sold is found.
        costing: CostingMethod,
        /// The cost of one unit where the method is `CostingMethod::Standard`.
        standard_cost: Option<Amount>,
        /// The price of one unit, in the shop's currency.
        price: Option<Amount>,
        /// Its barcodes, each unique in the shop.
        barcodes: Vec<String>,
        /// At or below this many available it is low on stock.
        reorder_point: Option<Quantity>,
        /// Reorder so many that this many are available again.
        reorder_to: Option<Quantity>,
        /// How many more than available may be promised per site.
        backorder_limit: Quantity,
        /// Who usually supplies it.
        supplier: Option<SupplierId>,
        /// Whether it is still sold.
        standing: Standing,
    }

    /// A place that goods move from and to.
    struct Location = ims_core::Location {
        /// The id of the command that created it, or one of the well-known virtual ids.
        id: LocationId,
        /// Its short code, unique when folded.
        code: String,
        /// What it is called.
        name: String,
        /// What kind of place it is.
        kind: LocationKind,
        /// Whether it is still in use.
        standing: Standing,
    }

    /// How to reach somebody the shop trades with.
    struct Contact = ims_core::Contact {
        /// The company or the person.
        name: String,
        /// Whom to ask for; may be empty.
        contact: String,
        /// May be empty.
        email: String,
        /// May be empty.
        phone: String,
        /// Street and number; may be empty.
        address: String,
        /// May be empty.
        city: String,
        /// May be empty.
        country: String,
    }

    /// Somebody the shop buys from.
    struct Supplier = ims_core::Supplier {
        /// The id of the command that created it.
        id: SupplierId,
        /// The shop's short code for it, unique among suppliers when folded.
        code: String,
        /// How to reach it.
        contact: Contact,
        /// Whether the shop still trades with it.
        standing: Standing,
    }

    /// Somebody the shop sells to.
    struct Customer = ims_core::Customer {
        /// The id of the command that created it.
        id: CustomerId,
        /// The shop's short code for it, unique among customers when folded.
        code: String,
        /// How to reach it.
        contact: Contact,
        /// Whether the shop still trades with it.
        standing: Standing,
    }

    /// Stock put aside until a moment. Deleted when released, used, or found lapsed.
    struct Hold = ims_core::Hold {
        /// The id of the command that placed it.
        id: HoldId,
        /// Which item.
        item: ItemId,
        /// At which site.
        site: LocationId,
        /// How many.
        quantity: Quantity,
        /// From this moment on it counts no more.
        until: Timestamp,
        /// When it was placed, or extended last: what ends it came after that. Not known of holds that were placed before
        /// this was noted.
        changed_at: Option<Timestamp>,
    }

    /// Whom a document was made out to, as it was called and where it was then. What a supplier or customer is called later
    /// changes no document.
    struct Party = ims_core::Party {
        /// The company or the person.
        name: String,
        /// Street and number; may be empty.
        address: String,
        /// May be empty.
        city: String,
        /// May be empty.
        country: String,
    }

    /// What a sales order has come to. `total` of the order is what was ordered; all of these are sums over its lines, in
    /// coins, and `total = cancelled + what is still open + shipped`.
    struct OrderAmounts = ims_core::OrderAmounts {
        /// What will not be delivered any more, at the price it was ordered at.
        cancelled: Amount,
        /// What has left: the revenue.
        shipped: Amount,
        /// What has come back, at the price it was sold at.
        returned: Amount,
        /// What was given back for that.
        refunded: Amount,
        /// What the customer has to pay in all: what was ordered, less `cancelled`, less `refunded`.
        to_pay: Amount,
    }

    /// What a purchase order has come to. `total` of the purchase order is what was ordered at the agreed cost; all of these
    /// are sums over its lines.
    struct PurchaseAmounts = ims_core::PurchaseAmounts {
        /// What will not come any more, at the agreed cost.
        cancelled: Amount,
        /// What has come, at what it cost then.
        received: Amount,
        /// What the shop has to pay in all: `received`, and what is still to come at the agreed cost.
        to_pay: Amount,
    }

    /// A sales order and its lines.
    struct Order = ims_core::Order {
        /// The id of the command that placed it.
        id: OrderId,
        /// Which series of numbers it is in: the code of its site unless the caller named another.
        series: String,
        /// Its number in the series, without gaps, from 1.
        number: u64,
        /// Where its goods come from.
        site: LocationId,
        /// Who bought, where it is known.
        customer: Option<CustomerId>,
        /// The customer as it was when the order was placed.
        party: Option<Party>,
        /// The currency of its prices.
        currency: String,
        /// How far it has come.
        status: OrderStatus,
        /// When it was placed.
        placed_at: Timestamp,
        /// What was ordered: the sum of its lines' totals.
        total: Amount,
        /// What that has come to since: cancelled, shipped, returned, refunded, and to pay.
        amounts: OrderAmounts,
        /// What was ordered.
        lines: Vec<OrderLine>,
        /// What has left, oldest first.
        shipments: Vec<Shipment>,
    }

    /// A line of a sales order, with everything as it was when the order was placed.
    struct OrderLine = ims_core::OrderLine {
        /// Which item.
        item: ItemId,
        /// Its SKU then.
        sku: String,
        /// Its name then.
        name: String,
        /// Its brand then.
        brand: String,
        /// Its category then.
        category: String,
        /// Whether stock was kept of it then.
        tracking: Tracking,
        /// How many were ordered.
        quantity: Quantity,
        /// The price of one.
        unit_price: Amount,
        /// Taken off the line.
        discount: Amount,
        /// `quantity × unit_price − discount`, rounded as the shop rounds.
        total: Amount,
        /// Claimed on the shelf and not shipped yet.
        allocated: Quantity,
        /// Promised and waiting for goods.
        backordered: Quantity,
        /// Has left.
        shipped: Quantity,
        /// Will not be delivered any more.
        cancelled: Quantity,
        /// Has come back.
        returned: Quantity,
        /// The part of `total` that has been earned by shipping.
        revenue: Amount,
        /// The cost of the goods that have left.
        cost: Amount,
        /// The part of `revenue` that has been given back.
        refunded: Amount,
        /// The part of `cost` that has come back.
        cost_returned: Amount,
    }

    /// Goods of an order that left together.
    struct Shipment = ims_core::Shipment {
        /// The command that shipped them; their movements carry this id.
        id: CommandId,
        /// When they left.
        shipped_at: Timestamp,
    }

    /// Goods that came back.
    struct Return = ims_core::Return {
        /// The id of the command that took them back.
        id: ReturnId,
        /// The order they had left with, where it is known.
        order: Option<OrderId>,
        /// Where they came back to.
        site: LocationId,
        /// Who brought them, where it is known.
        customer: Option<CustomerId>,
        /// The customer as it was when the goods were sold, or when they came back where no order is known.
        party: Option<Party>,
        /// When they came back.
        returned_at: Timestamp,
        /// What is refunded: the sum over the lines.
        refund: Amount,
        /// Why more may be refunded than was paid, where that was said.
        refund_reason: Option<String>,
        /// What came back.
        lines: Vec<ReturnLine>,
    }

    /// A line of a return.
    struct ReturnLine = ims_core::ReturnLine {
        /// Which item.
        item: ItemId,
        /// Its SKU then.
        sku: String,
        /// Its name then.
        name: String,
        /// Its brand when it was sold, or when it came back where no order is known.
        brand: String,
        /// Its category when it was sold, or when it came back where no order is known.
        category: String,
        /// How many came back.
        quantity: Quantity,
        /// What is refunded for them.
        refund: Amount,
        /// What they cost.
        cost: Amount,
    }

    /// A purchase order and its lines.
    struct Purchase = ims_core::Purchase {
        /// The id of the command that placed it.
        id: PurchaseId,
        /// Which series of numbers it is in: `P-` and the code of its site.
        series: String,
        /// Its number in the series, without gaps, from 1.
        number: u64,
        /// Who delivers.
        supplier: SupplierId,
        /// The supplier as it was when the goods were ordered.
        party: Option<Party>,
        /// Where the goods go.
        site: LocationId,
        /// How far it has come.
        status: PurchaseStatus,
        /// When it was placed.
        ordered_at: Timestamp,
        /// When the goods should be there.
        expected: Option<Day>,
        /// When goods of it came last.
        received_at: Option<Timestamp>,
        /// What was ordered, at the agreed cost: the sum over its lines.
        total: Amount,
        /// What that has come to since: cancelled, received, and to pay.
        amounts: PurchaseAmounts,
        /// What was ordered.
        lines: Vec<PurchaseLine>,
    }

    /// A line of a purchase order.
    struct PurchaseLine = ims_core::PurchaseLine {
        /// Which item.
        item: ItemId,
        /// Its SKU when it was ordered.
        sku: String,
        /// Its name when it was ordered.
        name: String,
        /// How many were ordered.
        quantity: Quantity,
        /// The agreed cost of one.
        unit_cost: Amount,
        /// How many have come.
        received: Quantity,
        /// What those that have come cost together.
        received_cost: Amount,
        /// How many will not come any more.
        cancelled: Quantity,
    }

    /// An alert about the stock of an item at a site: one row for each, kept after it is resolved.
    struct Alert = ims_core::Alert {
        /// Which item.
        item: ItemId,
        /// At which site.
        site: LocationId,
        /// How far the stock has sunk; never `StockLevel::Normal`.
        kind: StockLevel,
        /// What was available when it was raised.
        available: Quantity,
        /// At or below how many it is raised.
        threshold: Quantity,
        /// When it was raised.
        raised_at: Timestamp,
        /// When somebody said that they know of it.
        acknowledged_at: Option<Timestamp>,
        /// When the level recovered.
        resolved_at: Option<Timestamp>,
    }

    /// Says to how many decimals a number is rounded, and which way. In JSON: `{"digits":2,"mode":"half-even"}`.
    struct Rounding = ims_core::Rounding {
        /// Decimals that are kept, 0 to 6. A rounding to more is refused wherever it is used.
        digits: u32,
        /// Which way the rest goes.
        mode: RoundingMode,
    }

    /// How the cost of goods that leave is found.
    enum CostingMethod = ims_core::CostingMethod, "snake_case" {
        /// The oldest acquisition leaves first.
        Fifo,
        /// Value on hand divided by quantity on hand.
        Average,
        /// A cost set by hand; what was paid above or below it is a variance.
        Standard,
    }

    /// Whether stock is kept of an item.
    enum Tracking = ims_core::Tracking, "snake_case" {
        /// Goods: counted, valued, never oversold.
        Stocked,
        /// A service, a fee, postage: sold without any stock.
        Service,
    }

    /// Whether something may still be used. Nothing that has a history is ever deleted.
    enum Standing = ims_core::Standing, "snake_case" {
        /// In use.
        Active,
        /// Kept for its history; new business with it is refused.
        Retired,
    }

    /// What a place is.
    enum LocationKind = ims_core::LocationKind, "snake_case" {
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

    /// How far the stock of an item has sunk at a site.
    enum StockLevel = ims_core::StockLevel, "snake_case" {
        /// Above the reorder point.
        Normal,
        /// At or below the reorder point.
        Low,
        /// Nothing available.
        Out,
    }

    /// How far an order has come.
    enum OrderStatus = ims_core::OrderStatus, "snake_case" {
        /// Promised; nothing has left yet.
        Placed,
        /// Some of it has left.
        PartlyShipped,
        /// All of it that was not cancelled has left.
        Shipped,
        /// Nothing of it left and nothing will.
        Cancelled,
    }

    /// How far a purchase has come.
    enum PurchaseStatus = ims_core::PurchaseStatus, "snake_case" {
        /// Ordered; nothing has come yet.
        Ordered,
        /// Some of it has come.
        PartlyReceived,
        /// All of it has come.
        Received,
        /// Some of it came, and no more will.
        ClosedShort,
        /// Nothing came and nothing will.
        Cancelled,
    }

    /// Why goods moved.
    enum MovementKind = ims_core::MovementKind, "snake_case" {
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
    enum AdjustmentReason = ims_core::AdjustmentReason, "snake_case" {
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

    /// What goods moved for.
    enum Document = ims_core::Document, "snake_case" {
        /// A line of a sales order, counted from 0.
        Order(OrderId, u32),
        /// A line of a return, counted from 0.
        Return(ReturnId, u32),
        /// A line of a purchase order, counted from 0.
        Purchase(PurchaseId, u32),
    }

    /// Whether stock was added or taken.
    enum Direction = ims_core::Direction, "snake_case" {
        /// Added.
        Up,
        /// Taken.
        Down,
    }

    /// Says which way a number goes that has too many digits. In JSON: `"half-even"`.
    ///
    /// The first six go to the nearest and differ only in what they do with a number that is exactly half-way.
    /// The names are those of Python's `decimal` and Java's `RoundingMode`, where `HalfUp` is away from zero too; `HalfCeiling` and `HalfFloor` are
    /// those of ECMA-402.
    ///
    /// | | 2.5 | 3.5 | −2.5 | 2.1 | −2.1 |
    /// |---|---|---|---|---|---|
    /// | `HalfEven` | 2 | 4 | −2 | 2 | −2 |
    /// | `HalfUp` | 3 | 4 | −3 | 2 | −2 |
    /// | `HalfDown` | 2 | 3 | −2 | 2 | −2 |
    /// | `HalfOdd` | 3 | 3 | −3 | 2 | −2 |
    /// | `HalfCeiling` | 3 | 4 | −2 | 2 | −2 |
    /// | `HalfFloor` | 2 | 3 | −3 | 2 | −2 |
    /// | `Up` | 3 | 4 | −3 | 3 | −3 |
    /// | `Down` | 2 | 3 | −2 | 2 | −2 |
    /// | `Ceiling` | 3 | 4 | −2 | 3 | −2 |
    /// | `Floor` | 2 | 3 | −3 | 2 | −3 |
    enum RoundingMode = ims_core::RoundingMode, "kebab-case" {
        /// Half-way goes to the even neighbour, so that many roundings do not drift. "Banker's rounding".
        HalfEven,
        /// Half-way goes away from zero, as taught at school.
        HalfUp,
        /// Half-way goes towards zero.
        HalfDown,
        /// Half-way goes to the odd neighbour.
        HalfOdd,
        /// Half-way goes to the larger neighbour.
        HalfCeiling,
        /// Half-way goes to the smaller neighbour.
        HalfFloor,
        /// Away from zero.
        Up,
        /// Towards zero: digits are cut off.
        Down,
        /// To the larger neighbour.
        Ceiling,
        /// To the smaller neighbour.
        Floor,
    }

    /// Names a movement.
    struct MovementKey = ims_core::MovementKey {
        /// The command that made it.
        command: CommandId,
        /// Its number among those of its command, counted from 0.
        number: u32,
    }
}
