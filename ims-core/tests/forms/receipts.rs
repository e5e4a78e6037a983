//! An example of every receipt.

use crate::rows::*;
use ims_core::{AdjustmentReason, Direction, Receipt};

pub(crate) fn examples() -> Vec<Receipt> {
    let lines = || vec![moved()];
    examples!(Receipt:
        ShopOpened => [Receipt::ShopOpened(shop())],
        PeriodClosed => [
            Receipt::PeriodClosed { until: day(), reopened_from: None, reason: None },
            Receipt::PeriodClosed {
                until: day(),
                reopened_from: Some("2036-01-01".parse().unwrap()),
                reason: Some("The clock was wrong".into()),
            },
        ],
        ItemCreated => [Receipt::ItemCreated(item())],
        ItemUpdated => [Receipt::ItemUpdated(item())],
        ItemRetired => [Receipt::ItemRetired { item: id(1), sku: sku() }],
        LocationCreated => [Receipt::LocationCreated(location())],
        LocationUpdated => [Receipt::LocationUpdated(location())],
        SupplierCreated => [Receipt::SupplierCreated(supplier())],
        SupplierUpdated => [Receipt::SupplierUpdated(supplier())],
        CustomerCreated => [Receipt::CustomerCreated(customer())],
        CustomerUpdated => [Receipt::CustomerUpdated(customer())],
        StockReceived => [Receipt::StockReceived { site: id(2), supplier: Some(id(3)), lines: lines() }],
        StockSentBack => [Receipt::StockSentBack { site: id(2), supplier: None, lines: lines() }],
        StockAdjusted => [
            Receipt::StockAdjusted {
                site: id(2),
                reason: AdjustmentReason::OwnUse,
                direction: Direction::Down,
                note: Some("For the window".into()),
                lines: lines(),
            },
        ],
        StockTransferred => [Receipt::StockTransferred { from: id(2), to: id(12), lines: lines() }],
        HoldPlaced => [Receipt::HoldPlaced(hold())],
        HoldExtended => [Receipt::HoldExtended(hold())],
        HoldReleased => [Receipt::HoldReleased(hold())],
        StandardCostSet => [
            Receipt::StandardCostSet { item: id(1), unit_cost: amount("7.25"), revaluation: amount("-0.125") },
        ],
        PurchasePlaced => [Receipt::PurchasePlaced(purchase())],
        PurchaseReceived => [Receipt::PurchaseReceived { purchase: purchase(), lines: lines() }],
        PurchaseClosed => [Receipt::PurchaseClosed(purchase())],
        PurchaseCancelled => [Receipt::PurchaseCancelled(purchase())],
        OrderPlaced => [Receipt::OrderPlaced(order())],
        OrderShipped => [Receipt::OrderShipped { order: order(), lines: lines() }],
        OrderCancelled => [Receipt::OrderCancelled(order())],
        Sold => [Receipt::Sold { order: order(), lines: lines() }],
        GoodsReturned => [Receipt::GoodsReturned { goods: returned(), lines: lines() }],
        AlertAcknowledged => [Receipt::AlertAcknowledged(alert())],
    )
}
