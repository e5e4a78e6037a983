//! Everything that can be asked of a shop.

use crate::{
    Context, Receipt, Rejection,
    draft::{Decided, Draft},
    store::ReadSet,
};
use serde::{Deserialize, Serialize};

/// A request, and what the rules make of it.
pub(crate) trait Decide {
    /// Names the rows that the decision will look at, as far as can be told from what is loaded so far, so that they are
    /// loaded in one go. Naming too few costs another round; there must not be more rounds than
    /// [`LOADS_PER_DECISION`](crate::limits::LOADS_PER_DECISION), however long the command is.
    fn reads(&self, known: &Draft, reads: &mut ReadSet);

    /// Decides: changes the draft and says what was done, or says why not.
    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt>;
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($request:path) -> $receipt:ident = $text:literal,)*) => {
        /// A command: one of the requests, as data. Its JSON form is the name of the request in snake case with its
        /// fields, such as `{"release_hold": {"hold": "…"}}`.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Command {
            $($(#[$doc])* #[serde(rename = $text)] $name($request),)*
        }

        impl Command {
            /// The names of all commands in their JSON form.
            pub const NAMES: &'static [&'static str] = &[$($text),*];

            /// The name of this command in its JSON form.
            pub const fn name(&self) -> &'static str {
                match self { $(Command::$name(_) => $text,)* }
            }
        }

        $(impl From<$request> for Command {
            fn from(request: $request) -> Self {
                Command::$name(request)
            }
        })*

        impl Decide for Command {
            fn reads(&self, known: &Draft, reads: &mut ReadSet) {
                match self { $(Command::$name(request) => request.reads(known, reads),)* }
            }

            fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
                match self {
                    $(Command::$name(request) => {
                        let receipt = request.decide(ctx, draft)?;
                        debug_assert!(matches!(receipt, Receipt::$receipt { .. }), "a command has the receipt that is listed");
                        Ok(receipt)
                    })*
                }
            }
        }
    };
}

// The request, and the receipt of one that was done.
commands! {
    /// Opens the shop.
    OpenShop(crate::shop::OpenShop) -> ShopOpened = "open_shop",
    /// Closes the books up to a day.
    ClosePeriod(crate::period::ClosePeriod) -> PeriodClosed = "close_period",
    /// Adds an item.
    CreateItem(crate::item::CreateItem) -> ItemCreated = "create_item",
    /// Changes an item.
    UpdateItem(crate::item::UpdateItem) -> ItemUpdated = "update_item",
    /// Takes an item out of trade.
    RetireItem(crate::item::RetireItem) -> ItemRetired = "retire_item",
    /// Adds a site.
    CreateLocation(crate::location::CreateLocation) -> LocationCreated = "create_location",
    /// Changes or retires a site.
    UpdateLocation(crate::location::UpdateLocation) -> LocationUpdated = "update_location",
    /// Adds a supplier.
    CreateSupplier(crate::party::CreateSupplier) -> SupplierCreated = "create_supplier",
    /// Changes or retires a supplier.
    UpdateSupplier(crate::party::UpdateSupplier) -> SupplierUpdated = "update_supplier",
    /// Adds a customer.
    CreateCustomer(crate::party::CreateCustomer) -> CustomerCreated = "create_customer",
    /// Changes or retires a customer.
    UpdateCustomer(crate::party::UpdateCustomer) -> CustomerUpdated = "update_customer",
    /// Takes in goods without a purchase order.
    ReceiveStock(crate::stock::ReceiveStock) -> StockReceived = "receive_stock",
    /// Sends goods back to a supplier.
    SendBackStock(crate::stock::SendBackStock) -> StockSentBack = "send_back_stock",
    /// Corrects stock, with a reason.
    AdjustStock(crate::stock::AdjustStock) -> StockAdjusted = "adjust_stock",
    /// Moves stock between sites.
    TransferStock(crate::stock::TransferStock) -> StockTransferred = "transfer_stock",
    /// Puts stock aside.
    PlaceHold(crate::stock::PlaceHold) -> HoldPlaced = "place_hold",
    /// Changes until when stock is put aside.
    ExtendHold(crate::stock::ExtendHold) -> HoldExtended = "extend_hold",
    /// Ends a hold.
    ReleaseHold(crate::stock::ReleaseHold) -> HoldReleased = "release_hold",
    /// Sets an item's standard cost.
    SetStandardCost(crate::cost::SetStandardCost) -> StandardCostSet = "set_standard_cost",
    /// Orders from a supplier.
    PlacePurchase(crate::purchase::PlacePurchase) -> PurchasePlaced = "place_purchase",
    /// Takes in goods of a purchase order.
    ReceivePurchase(crate::purchase::ReceivePurchase) -> PurchaseReceived = "receive_purchase",
    /// Ends a purchase order of which only a part has come.
    ClosePurchase(crate::purchase::ClosePurchase) -> PurchaseClosed = "close_purchase",
    /// Cancels a purchase order of which nothing has come.
    CancelPurchase(crate::purchase::CancelPurchase) -> PurchaseCancelled = "cancel_purchase",
    /// Places a sales order.
    PlaceOrder(crate::order::PlaceOrder) -> OrderPlaced = "place_order",
    /// Ships all or a part of a sales order.
    ShipOrder(crate::order::ShipOrder) -> OrderShipped = "ship_order",
    /// Cancels what has not been shipped.
    CancelOrder(crate::order::CancelOrder) -> OrderCancelled = "cancel_order",
    /// Sells over the counter: places and ships at once.
    Sell(crate::order::Sell) -> Sold = "sell",
    /// Takes goods back.
    ReturnGoods(crate::order::ReturnGoods) -> GoodsReturned = "return_goods",
    /// Says that somebody knows of an alert.
    AcknowledgeAlert(crate::alert::AcknowledgeAlert) -> AlertAcknowledged = "acknowledge_alert",
}

/// The version of the JSON forms of commands, receipts, rejections and events. Forms of this version stay readable.
pub const FORM_VERSION: u32 = 1;

impl Command {
    /// Tells commands apart that were sent with the same id: the XXH3-128 of the JSON form of the command and of what
    /// its caller says of when it happened and who did it. The time of sending is not part of it, so that a command
    /// sent again later is still the same.
    pub fn fingerprint(&self, ctx: &Context) -> u128 {
        let mut json = Vec::with_capacity(FINGERPRINTED_BYTES);
        // No request has a map with keys that are not strings, and a vector takes every byte.
        let _ = serde_json::to_writer(&mut json, &(self, &ctx.actor, ctx.occurred_at));
        xxhash_rust::xxh3::xxh3_128(&json)
    }
}

/// Room for the JSON of most commands.
const FINGERPRINTED_BYTES: usize = 512;

/// Checks what every command is checked for.
pub(crate) fn check_context(ctx: &Context) -> Result<(), Rejection> {
    if ctx.id.as_u128() >= crate::location::FIRST_VIRTUAL_ID {
        let problem = "is one of those that are the engine's own".into();
        return Err(Rejection::InvalidField { field: "id".into(), problem });
    }
    crate::rules::text("actor", &ctx.actor, crate::limits::NOTE_CHARS)?;
    crate::late::check_moment(ctx)
}
