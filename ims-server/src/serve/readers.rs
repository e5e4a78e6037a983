//! Who may read what a command did and what the log tells: whoever may read the rows that it tells of.
//!
//! It is said here for each kind, so that a new kind of receipt does not compile until somebody has thought about it. What is
//! hidden inside of what somebody may read is in `costs.rs`.

use super::Right;
use ims_core::{EventBody, Receipt};

/// Whoever has all of these may read all of it.
pub(crate) const ALL: &[Right] = &[
    Right::ReadCatalogue,
    Right::ReadParties,
    Right::ReadStock,
    Right::ReadOrders,
    Right::ReadPurchases,
    Right::ReadAlerts,
    Right::SeeCosts,
];

/// The rights of which one is enough to read an event.
pub(crate) fn of_event(body: &EventBody) -> &'static [Right] {
    match body {
        EventBody::Done(receipt) => of_receipt(receipt),
        EventBody::BackordersFilled(_) => &[Right::ReadOrders],
        EventBody::AlertRaised(_) | EventBody::AlertResolved(_) => &[Right::ReadAlerts],
    }
}

/// The rights of which one is enough to read what a command did.
pub(crate) fn of_receipt(receipt: &Receipt) -> &'static [Right] {
    match receipt {
        Receipt::ShopOpened(_)
        | Receipt::PeriodClosed { .. }
        | Receipt::ItemCreated(_)
        | Receipt::ItemUpdated(_)
        | Receipt::ItemRetired { .. }
        | Receipt::LocationCreated(_)
        | Receipt::LocationUpdated(_) => &[Right::ReadCatalogue],
        Receipt::SupplierCreated(_)
        | Receipt::SupplierUpdated(_)
        | Receipt::CustomerCreated(_)
        | Receipt::CustomerUpdated(_) => &[Right::ReadParties],
        Receipt::StockReceived { .. }
        | Receipt::StockSentBack { .. }
        | Receipt::StockAdjusted { .. }
        | Receipt::StockTransferred { .. }
        | Receipt::HoldPlaced(_)
        | Receipt::HoldExtended(_)
        | Receipt::HoldReleased(_) => &[Right::ReadStock],
        Receipt::StandardCostSet { .. } => &[Right::SeeCosts],
        // What is on its way is a part of the stock: a till has to know of it. What it costs is hidden all the same.
        Receipt::PurchasePlaced(_)
        | Receipt::PurchaseReceived { .. }
        | Receipt::PurchaseClosed(_)
        | Receipt::PurchaseCancelled(_) => &[Right::ReadPurchases, Right::ReadStock],
        Receipt::OrderPlaced(_)
        | Receipt::OrderShipped { .. }
        | Receipt::OrderCancelled(_)
        | Receipt::Sold { .. }
        | Receipt::GoodsReturned { .. } => &[Right::ReadOrders],
        Receipt::AlertAcknowledged(_) => &[Right::ReadAlerts],
    }
}
