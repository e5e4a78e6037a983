//! Why the rules said no.

use super::*;

/// Why a command was refused; nothing has changed. The variants stand in order of precedence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Enum)]
#[serde(tag = "code", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs, reason = "the fields are named after what they hold")]
pub enum Rejection {
    /// `field` `problem`.
    InvalidField { field: String, problem: String },
    /// Barcode `barcode` has a wrong check digit: `expected` should stand at its end; read it again from the package, or put a
    /// letter before a code of your own.
    WrongCheckDigit { barcode: String, expected: u32 },
    /// `lines` lines are more than a document may have: at most `limit`.
    TooManyLines { lines: u64, limit: u64 },
    /// There is no line.
    NoLines,
    /// Line `line`: the quantity must be above zero, not `quantity`.
    QuantityNotPositive { line: u32, quantity: Quantity },
    /// `field` must not be below zero: `amount`.
    AmountNegative { field: String, amount: Amount },
    /// It cannot have happened at `occurred_at`, after it was recorded at `now`.
    OccursInFuture { occurred_at: Timestamp, now: Timestamp },
    /// What happened at `occurred_at` is entered too late: the caller may enter what happened at `earliest` or later.
    OccursTooEarly { occurred_at: Timestamp, earliest: Timestamp },
    /// The shop is not open yet: open it first.
    ShopNotOpen,
    /// The shop is open already.
    ShopAlreadyOpen,
    /// `day` is in a closed period: the books are closed until `closed_until`.
    PeriodClosed { day: Day, closed_until: Day },
    /// Nothing was entered after `newest`: to close the books until `until`, look at the clock, or say why.
    PeriodTooFar { until: Day, newest: Day },
    /// Prices are in `given`, the shop's books are in `shop`.
    CurrencyMismatch { given: String, shop: String },
    /// There is no item `item`.
    UnknownItem { item: ItemId },
    /// There is no location `location`.
    UnknownLocation { location: LocationId },
    /// `location` is not a site and has no stock of its own.
    NotASite { location: String },
    /// There is no supplier `supplier`.
    UnknownSupplier { supplier: SupplierId },
    /// There is no customer `customer`.
    UnknownCustomer { customer: CustomerId },
    /// There is no order `order`.
    UnknownOrder { order: OrderId },
    /// There is no purchase order `purchase`.
    UnknownPurchase { purchase: PurchaseId },
    /// There is no shipment `shipment` of this order.
    UnknownShipment { shipment: CommandId },
    /// There is no line `line`.
    UnknownLine { line: u32 },
    /// There is no hold `hold`: it was released, used, or never placed.
    UnknownHold { hold: HoldId },
    /// There is no open alert for `sku` at `site`.
    UnknownAlert { sku: String, site: String },
    /// It was changed since it was seen: its tag is `tag` now.
    Changed { tag: String },
    /// Item `sku` is retired.
    ItemRetired { sku: String },
    /// Location `location` is retired.
    LocationRetired { location: String },
    /// Supplier `supplier` is retired.
    SupplierRetired { supplier: String },
    /// Customer `customer` is retired.
    CustomerRetired { customer: String },
    /// SKU `sku` is taken by item `by`.
    SkuTaken { sku: String, by: ItemId },
    /// Barcode `barcode` is taken by item `by`.
    BarcodeTaken { barcode: String, by: ItemId },
    /// Code `taken` is taken.
    CodeTaken { taken: String },
    /// `sku` is a service and has no stock.
    ServiceHasNoStock { sku: String },
    /// `sku` is counted with at most `decimals` decimals, not as `quantity`.
    QuantityTooFine { sku: String, quantity: Quantity, decimals: u32 },
    /// `sku` has no price: state one.
    PriceUnknown { sku: String },
    /// The price of `sku` must not be below zero: `price`.
    PriceNegative { sku: String, price: Amount },
    /// The cost of `sku` is not known: state it.
    CostUnknown { sku: String },
    /// `sku` is not costed at standard.
    NotStandardCosted { sku: String },
    /// `sku` cannot be retired or changed in kind: `site` has stock of it or something open with it.
    ItemInUse { sku: String, site: String },
    /// Site `location` cannot be retired yet: it has `items` items on hand, `orders` open orders, `purchases` open purchase
    /// orders and `holds` holds.
    LocationInUse { location: String, items: u64, orders: u64, purchases: u64, holds: u64 },
    /// The two sites are the same: `site`.
    SameSite { site: String },
    /// `site` never had any `sku`.
    NotStocked { sku: String, site: String },
    /// `wanted` of `sku` wanted, `available` available at `site`.
    InsufficientStock { sku: String, site: String, wanted: Quantity, available: Quantity },
    /// `wanted` of `sku` wanted, `available` available at `site` and at most `limit` backordered.
    BackorderLimit { sku: String, site: String, wanted: Quantity, available: Quantity, limit: Quantity },
    /// A hold until `until` is over already.
    HoldInPast { until: Timestamp },
    /// The hold lapsed at `until`.
    HoldLapsed { until: Timestamp },
    /// Hold `hold` is for another item or site, or for more than is ordered.
    HoldMismatch { hold: HoldId },
    /// The order is `status` and cannot be changed any more.
    OrderEnded { status: OrderStatus },
    /// Line `line`: `wanted` to be shipped, `allocated` allocated.
    ShipsTooMuch { line: u32, wanted: Quantity, allocated: Quantity },
    /// Line `line`: `wanted` to be returned, `returnable` can be.
    ReturnsTooMuch { line: u32, wanted: Quantity, returnable: Quantity },
    /// `wanted` cannot be refunded for `sku`, at most `refundable` can be: what was paid for it and not refunded yet, or its
    /// list price where no order is known; to refund more, state a reason.
    RefundTooLarge { sku: String, wanted: Amount, refundable: Amount },
    /// The discount `discount` is more than the line's `amount`.
    DiscountTooLarge { discount: Amount, amount: Amount },
    /// The purchase order is `status` and cannot be changed any more.
    PurchaseEnded { status: PurchaseStatus },
    /// Some of the purchase order has come: close it instead of cancelling it.
    PurchasePartlyReceived,
    /// Line `line`: `wanted` to be received, `open` still to come.
    ReceivesTooMuch { line: u32, wanted: Quantity, open: Quantity },
    /// It cannot have happened at `occurred_at`: what is said in `earlier` happened at `happened_at`.
    OccursBefore { occurred_at: Timestamp, earlier: String, happened_at: Timestamp },
    /// `wanted` of `sku` cannot have left `site` at `occurred_at`: `on_hand` were there then, and at `lowest_at` there were
    /// `lowest`.
    InsufficientStockThen {
        sku: String,
        site: String,
        wanted: Quantity,
        occurred_at: Timestamp,
        on_hand: Quantity,
        lowest: Quantity,
        lowest_at: Timestamp,
    },
    /// `what` would be larger than can be kept exactly.
    Overflow { what: String },
}

impl Mirror for Rejection {
    type Core = ims_core::Rejection;
}

// A rejection that has no mirror does not compile; that its fields are the same is tested on every example of one.
const _: fn(&ims_core::Rejection) = |original| {
    use ims_core::Rejection as Original;
    match original {
        Original::InvalidField { .. }
        | Original::TooManyLines { .. }
        | Original::NoLines
        | Original::QuantityNotPositive { .. }
        | Original::AmountNegative { .. }
        | Original::OccursInFuture { .. }
        | Original::OccursTooEarly { .. }
        | Original::OccursBefore { .. }
        | Original::InsufficientStockThen { .. }
        | Original::ShopNotOpen
        | Original::ShopAlreadyOpen
        | Original::PeriodClosed { .. }
        | Original::PeriodTooFar { .. }
        | Original::CurrencyMismatch { .. }
        | Original::UnknownItem { .. }
        | Original::UnknownLocation { .. }
        | Original::NotASite { .. }
        | Original::UnknownSupplier { .. }
        | Original::UnknownCustomer { .. }
        | Original::UnknownOrder { .. }
        | Original::UnknownPurchase { .. }
        | Original::UnknownShipment { .. }
        | Original::UnknownLine { .. }
        | Original::UnknownHold { .. }
        | Original::UnknownAlert { .. }
        | Original::Changed { .. }
        | Original::ItemRetired { .. }
        | Original::LocationRetired { .. }
        | Original::SupplierRetired { .. }
        | Original::CustomerRetired { .. }
        | Original::WrongCheckDigit { .. }
        | Original::SkuTaken { .. }
        | Original::BarcodeTaken { .. }
        | Original::CodeTaken { .. }
        | Original::ServiceHasNoStock { .. }
        | Original::QuantityTooFine { .. }
        | Original::PriceUnknown { .. }
        | Original::PriceNegative { .. }
        | Original::CostUnknown { .. }
        | Original::NotStandardCosted { .. }
        | Original::ItemInUse { .. }
        | Original::LocationInUse { .. }
        | Original::SameSite { .. }
        | Original::NotStocked { .. }
        | Original::InsufficientStock { .. }
        | Original::BackorderLimit { .. }
        | Original::HoldInPast { .. }
        | Original::HoldLapsed { .. }
        | Original::HoldMismatch { .. }
        | Original::OrderEnded { .. }
        | Original::ShipsTooMuch { .. }
        | Original::ReturnsTooMuch { .. }
        | Original::RefundTooLarge { .. }
        | Original::DiscountTooLarge { .. }
        | Original::PurchaseEnded { .. }
        | Original::PurchasePartlyReceived
        | Original::ReceivesTooMuch { .. }
        | Original::Overflow { .. } => {}
    }
};
