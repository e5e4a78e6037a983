//! Why the rules said no.
//!
//! A rejection carries the numbers that explain it and a code that is the same in every language. It is as final as a
//! receipt: the same command sent again is refused again, with the same numbers.

use crate::{
    Amount, CommandId, Currency, CustomerId, Date, HoldId, ItemId, LocationId, OrderId, OrderStatus, PurchaseId,
    PurchaseStatus, Quantity, Sku, SupplierId, Text, Timestamp,
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};

/// Why a command was refused; nothing has changed.
///
/// The variants stand in order of precedence. First what a command says as a whole is checked, its context before all
/// else, then its lines, one by one; each is refused with the first variant that applies to it. What can only be judged
/// by what is named, such as a field of an update, is judged when that is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
#[allow(missing_docs)] // The fields are named after what they hold; the message says the rest.
pub enum Rejection {
    // The request itself.
    #[error("{field} {problem}")]
    InvalidField { field: Text, problem: Text },
    #[error(
        "barcode {barcode} has a wrong check digit: {expected} should stand at its end; read it again from the package, or put a \
         letter before a code of your own"
    )]
    WrongCheckDigit { barcode: Text, expected: u32 },
    #[error("{lines} lines are more than a document may have: at most {limit}")]
    TooManyLines { lines: u64, limit: u64 },
    #[error("there is no line: at least one is needed")]
    NoLines,
    #[error("line {line}: the quantity must be above zero, not {quantity}")]
    QuantityNotPositive { line: u32, quantity: Quantity },
    #[error("{field} must not be below zero: {amount}")]
    AmountNegative { field: Text, amount: Amount },
    #[error("it cannot have happened at {occurred_at}, after it was recorded at {now}")]
    OccursInFuture { occurred_at: Timestamp, now: Timestamp },
    #[error(
        "what happened at {occurred_at} is entered too late: you may enter what happened at {earliest} or later; ask \
         somebody who keeps the books"
    )]
    OccursTooEarly { occurred_at: Timestamp, earliest: Timestamp },

    // The shop.
    #[error("the shop is not open yet: open it first")]
    ShopNotOpen,
    #[error("the shop is open already")]
    ShopAlreadyOpen,
    #[error("{day} is in a closed period: the books are closed until {closed_until}")]
    PeriodClosed { day: Date, closed_until: Date },
    #[error("nothing was entered after {newest}: to close the books until {until}, look at the clock, or say why")]
    PeriodTooFar { until: Date, newest: Date },
    #[error("prices are in {given}, the shop's books are in {shop}")]
    CurrencyMismatch { given: Currency, shop: Currency },

    // Who and what is named.
    #[error("there is no item with this id")]
    UnknownItem { item: ItemId },
    #[error("item {sku} is retired: restore it to trade with it again")]
    ItemRetired { sku: Sku },
    #[error("there is no site with this id")]
    UnknownLocation { location: LocationId },
    #[error("{location} is not a site and has no stock of its own")]
    NotASite { location: Text },
    #[error("site {location} is retired: restore it to use it again")]
    LocationRetired { location: Text },
    #[error("there is no supplier with this id")]
    UnknownSupplier { supplier: SupplierId },
    #[error("supplier {supplier} is retired: restore it to buy from it again")]
    SupplierRetired { supplier: Text },
    #[error("there is no customer with this id")]
    UnknownCustomer { customer: CustomerId },
    #[error("customer {customer} is retired: restore it to sell to it again")]
    CustomerRetired { customer: Text },
    #[error("there is no order with this id")]
    UnknownOrder { order: OrderId },
    #[error("there is no purchase order with this id")]
    UnknownPurchase { purchase: PurchaseId },
    #[error("the order has no such shipment")]
    UnknownShipment { shipment: CommandId },
    #[error("there is no line {line}")]
    UnknownLine { line: u32 },
    #[error(
        "there is no such hold: it was released or used, it lapsed and its goods were given to others, or it was never placed"
    )]
    UnknownHold { hold: HoldId },
    #[error("there is no open alert for {sku} at {site}")]
    UnknownAlert { sku: Sku, site: Text },
    #[error("it was changed since it was seen: look at it again before you change it")]
    Changed { tag: Text },

    // What must be unique.
    #[error("SKU {sku} is taken by another item, in trade or retired")]
    SkuTaken { sku: Sku, by: ItemId },
    #[error("barcode {barcode} is taken by another item, in trade or retired")]
    BarcodeTaken { barcode: Text, by: ItemId },
    #[error("code {taken} is taken by another one, in use or retired")]
    CodeTaken { taken: Text },

    // Items and stock.
    #[error("{sku} is a service and has no stock")]
    ServiceHasNoStock { sku: Sku },
    #[error("{sku} is counted with at most {decimals} decimals, not as {quantity}")]
    QuantityTooFine { sku: Sku, quantity: Quantity, decimals: u32 },
    #[error("{sku} has no price: state one")]
    PriceUnknown { sku: Sku },
    #[error("the price of {sku} must not be below zero: {price}")]
    PriceNegative { sku: Sku, price: Amount },
    #[error("the discount {discount} is more than the line's {amount}")]
    DiscountTooLarge { discount: Amount, amount: Amount },
    #[error("the cost of {sku} is not known: state it")]
    CostUnknown { sku: Sku },
    #[error("{sku} is not costed at standard")]
    NotStandardCosted { sku: Sku },
    #[error("{sku} cannot be retired or changed in kind: {site} has stock of it or something open with it")]
    ItemInUse { sku: Sku, site: Text },
    #[error("site {location} cannot be retired yet: it has {there}", there = still_there(*.items, *.orders, *.purchases, *.holds))]
    LocationInUse { location: Text, items: u64, orders: u64, purchases: u64, holds: u64 },
    #[error("the two sites are the same: {site}")]
    SameSite { site: Text },
    #[error("{site} never had any {sku}")]
    NotStocked { sku: Sku, site: Text },
    #[error("{wanted} of {sku} wanted, {available} available at {site}")]
    InsufficientStock { sku: Sku, site: Text, wanted: Quantity, available: Quantity },
    #[error("{wanted} of {sku} wanted, {available} available at {site} and at most {limit} backordered")]
    BackorderLimit { sku: Sku, site: Text, wanted: Quantity, available: Quantity, limit: Quantity },

    // Holds.
    #[error("a hold until {until} is over already")]
    HoldInPast { until: Timestamp },
    #[error("the hold lapsed at {until}")]
    HoldLapsed { until: Timestamp },
    #[error("a hold that is named is for another item or site, or for more than is ordered")]
    HoldMismatch { hold: HoldId },

    // Orders, returns, purchases.
    #[error("the order was {status}", status = after_the_end(.status))]
    OrderEnded { status: OrderStatus },
    #[error("line {line}: {wanted} cannot be shipped, {allocated} is allocated to it and not shipped yet")]
    ShipsTooMuch { line: u32, wanted: Quantity, allocated: Quantity },
    #[error("line {line}: {wanted} cannot come back, {returnable} was shipped and is not back yet")]
    ReturnsTooMuch { line: u32, wanted: Quantity, returnable: Quantity },
    #[error(
        "{wanted} cannot be refunded for {sku}, at most {refundable} can be: what was paid for it and not refunded yet, or its list price where no order is known; to refund more, state a reason"
    )]
    RefundTooLarge { sku: Sku, wanted: Amount, refundable: Amount },
    #[error("the purchase order was {status}", status = after_the_end_of_purchase(.status))]
    PurchaseEnded { status: PurchaseStatus },
    #[error("some of the purchase order has come: close it instead of cancelling it")]
    PurchasePartlyReceived,
    #[error("line {line}: {wanted} cannot be received, {open} is still to come")]
    ReceivesTooMuch { line: u32, wanted: Quantity, open: Quantity },

    // What is entered late.
    #[error("it cannot have happened at {occurred_at}: {earlier} at {happened_at}")]
    OccursBefore { occurred_at: Timestamp, earlier: Text, happened_at: Timestamp },
    #[error(
        "{wanted} of {sku} cannot have left {site} at {occurred_at}: {on_hand} were there then, and at {lowest_at} there \
         were {lowest}"
    )]
    InsufficientStockThen {
        sku: Sku,
        site: Text,
        wanted: Quantity,
        occurred_at: Timestamp,
        on_hand: Quantity,
        lowest: Quantity,
        lowest_at: Timestamp,
    },

    // Numbers.
    #[error("{what} would be larger than can be kept exactly")]
    Overflow { what: Text },
}

impl Rejection {
    /// A number that would not fit: says of what.
    pub(crate) fn overflow(what: &str) -> Rejection {
        Rejection::Overflow { what: what.into() }
    }
}

/// What a site still has, and what to do with each.
fn still_there(items: u64, orders: u64, purchases: u64, holds: u64) -> String {
    let kinds = [
        (items, "item on hand", "items on hand", "transfer, sell or adjust what is on hand"),
        (orders, "open order", "open orders", "ship or cancel the orders"),
        (purchases, "open purchase order", "open purchase orders", "receive, close or cancel the purchase orders"),
        (holds, "hold", "holds", "release the holds"),
    ];
    let there = kinds.into_iter().filter(|(count, ..)| *count > 0);
    let (has, to_do): (Vec<String>, Vec<&str>) = there
        .map(|(count, one, many, to_do)| (format!("{count} {}", if count == 1 { one } else { many }), to_do))
        .unzip();
    format!("{}; {} first", has.join(", "), to_do.join(", "))
}

/// What became of an order, and what to do instead.
fn after_the_end(status: &OrderStatus) -> &'static str {
    match status {
        OrderStatus::Shipped => "shipped: take goods back with a return",
        OrderStatus::Cancelled => "cancelled: place a new one",
        OrderStatus::Placed | OrderStatus::PartlyShipped => "changed meanwhile: look at it again",
    }
}

/// What became of a purchase order, and what to do instead.
fn after_the_end_of_purchase(status: &PurchaseStatus) -> &'static str {
    match status {
        PurchaseStatus::Received => "received: send goods back to their supplier",
        PurchaseStatus::ClosedShort => "closed: place a new one for what did not come",
        PurchaseStatus::Cancelled => "cancelled: place a new one",
        PurchaseStatus::Ordered | PurchaseStatus::PartlyReceived => "changed meanwhile: look at it again",
    }
}

/// Makes, from one table of all variants with their fields, what is known of them by their codes. A variant or a field that
/// is missing in it does not compile.
///
/// serde would make a reader of its own for each variant of an enum that is told apart by a field: 100 KB of code, which
/// a browser has to download.
macro_rules! by_code {
    ($($code:literal => $variant:ident { $($field:ident),* },)*) => {
        impl Rejection {
            /// All codes, in order of precedence.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// A code that is the same in every language: the variant's name in snake case.
            pub fn code(&self) -> &'static str {
                match self { $(Rejection::$variant { .. } => $code,)* }
            }
        }

        impl Fields {
            fn rejection(mut self) -> Result<Rejection, serde_json::Error> {
                let code: Text = self.take("code")?;
                match &*code {
                    $($code => Ok(Rejection::$variant { $($field: self.take(stringify!($field))?),* }),)*
                    unknown => Err(serde_json::Error::custom(format_args!("there is no code `{unknown}`"))),
                }
            }
        }
    };
}

by_code! {
    "invalid_field" => InvalidField { field, problem },
    "wrong_check_digit" => WrongCheckDigit { barcode, expected },
    "too_many_lines" => TooManyLines { lines, limit },
    "no_lines" => NoLines {},
    "quantity_not_positive" => QuantityNotPositive { line, quantity },
    "amount_negative" => AmountNegative { field, amount },
    "occurs_in_future" => OccursInFuture { occurred_at, now },
    "occurs_too_early" => OccursTooEarly { occurred_at, earliest },
    "shop_not_open" => ShopNotOpen {},
    "shop_already_open" => ShopAlreadyOpen {},
    "period_closed" => PeriodClosed { day, closed_until },
    "period_too_far" => PeriodTooFar { until, newest },
    "currency_mismatch" => CurrencyMismatch { given, shop },
    "unknown_item" => UnknownItem { item },
    "item_retired" => ItemRetired { sku },
    "unknown_location" => UnknownLocation { location },
    "not_a_site" => NotASite { location },
    "location_retired" => LocationRetired { location },
    "unknown_supplier" => UnknownSupplier { supplier },
    "supplier_retired" => SupplierRetired { supplier },
    "unknown_customer" => UnknownCustomer { customer },
    "customer_retired" => CustomerRetired { customer },
    "unknown_order" => UnknownOrder { order },
    "unknown_purchase" => UnknownPurchase { purchase },
    "unknown_shipment" => UnknownShipment { shipment },
    "unknown_line" => UnknownLine { line },
    "unknown_hold" => UnknownHold { hold },
    "unknown_alert" => UnknownAlert { sku, site },
    "changed" => Changed { tag },
    "sku_taken" => SkuTaken { sku, by },
    "barcode_taken" => BarcodeTaken { barcode, by },
    "code_taken" => CodeTaken { taken },
    "service_has_no_stock" => ServiceHasNoStock { sku },
    "quantity_too_fine" => QuantityTooFine { sku, quantity, decimals },
    "price_unknown" => PriceUnknown { sku },
    "price_negative" => PriceNegative { sku, price },
    "discount_too_large" => DiscountTooLarge { discount, amount },
    "cost_unknown" => CostUnknown { sku },
    "not_standard_costed" => NotStandardCosted { sku },
    "item_in_use" => ItemInUse { sku, site },
    "location_in_use" => LocationInUse { location, items, orders, purchases, holds },
    "same_site" => SameSite { site },
    "not_stocked" => NotStocked { sku, site },
    "insufficient_stock" => InsufficientStock { sku, site, wanted, available },
    "backorder_limit" => BackorderLimit { sku, site, wanted, available, limit },
    "hold_in_past" => HoldInPast { until },
    "hold_lapsed" => HoldLapsed { until },
    "hold_mismatch" => HoldMismatch { hold },
    "order_ended" => OrderEnded { status },
    "ships_too_much" => ShipsTooMuch { line, wanted, allocated },
    "returns_too_much" => ReturnsTooMuch { line, wanted, returnable },
    "refund_too_large" => RefundTooLarge { sku, wanted, refundable },
    "purchase_ended" => PurchaseEnded { status },
    "purchase_partly_received" => PurchasePartlyReceived {},
    "receives_too_much" => ReceivesTooMuch { line, wanted, open },
    "occurs_before" => OccursBefore { occurred_at, earlier, happened_at },
    "insufficient_stock_then" => InsufficientStockThen { sku, site, wanted, occurred_at, on_hand, lowest, lowest_at },
    "overflow" => Overflow { what },
}

/// The fields of a rejection, and its code.
struct Fields(serde_json::Map<String, serde_json::Value>);

impl Fields {
    fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, serde_json::Error> {
        let value = self.0.remove(name);
        let value = value.ok_or_else(|| serde_json::Error::custom(format_args!("missing field `{name}`")))?;
        serde_json::from_value(value).map_err(|error| serde_json::Error::custom(format_args!("{name}: {error}")))
    }
}

impl<'de> Deserialize<'de> for Rejection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Fields(serde_json::Map::deserialize(deserializer)?).rejection().map_err(D::Error::custom)
    }
}
