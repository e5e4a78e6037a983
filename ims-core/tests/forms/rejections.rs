//! An example of every rejection.

use crate::rows::{amount, at, day, eur, id, quantity, sku};
use ims_core::{OrderStatus, PurchaseStatus, Rejection, Text};

pub(crate) fn examples() -> Vec<Rejection> {
    let site = || Text::from("MAIN");
    examples!(Rejection:
        InvalidField => [Rejection::InvalidField { field: "name".into(), problem: "must not be empty".into() }],
        WrongCheckDigit => [Rejection::WrongCheckDigit { barcode: "4006381333932".into(), expected: 1 }],
        TooManyLines => [Rejection::TooManyLines { lines: 2_001, limit: 2_000 }],
        NoLines => [Rejection::NoLines],
        QuantityNotPositive => [Rejection::QuantityNotPositive { line: 2, quantity: quantity("-1") }],
        AmountNegative => [Rejection::AmountNegative { field: "unit_cost".into(), amount: amount("-0.5") }],
        OccursInFuture => [
            Rejection::OccursInFuture { occurred_at: "2026-02-01T00:00:00Z".parse().unwrap(), now: at() },
        ],
        OccursTooEarly => [
            Rejection::OccursTooEarly { occurred_at: "2026-01-01T00:00:00Z".parse().unwrap(), earliest: at() },
        ],
        ShopNotOpen => [Rejection::ShopNotOpen],
        ShopAlreadyOpen => [Rejection::ShopAlreadyOpen],
        PeriodClosed => [Rejection::PeriodClosed { day: "2026-01-15".parse().unwrap(), closed_until: day() }],
        PeriodTooFar => [Rejection::PeriodTooFar { until: "2036-01-01".parse().unwrap(), newest: day() }],
        CurrencyMismatch => [Rejection::CurrencyMismatch { given: "GBP".parse().unwrap(), shop: eur() }],
        UnknownItem => [Rejection::UnknownItem { item: id(1) }],
        UnknownLocation => [Rejection::UnknownLocation { location: id(2) }],
        NotASite => [Rejection::NotASite { location: "*loss".into() }],
        UnknownSupplier => [Rejection::UnknownSupplier { supplier: id(3) }],
        UnknownCustomer => [Rejection::UnknownCustomer { customer: id(4) }],
        UnknownOrder => [Rejection::UnknownOrder { order: id(6) }],
        UnknownPurchase => [Rejection::UnknownPurchase { purchase: id(8) }],
        UnknownShipment => [Rejection::UnknownShipment { shipment: id(7) }],
        UnknownLine => [Rejection::UnknownLine { line: 9 }],
        UnknownHold => [Rejection::UnknownHold { hold: id(5) }],
        UnknownAlert => [Rejection::UnknownAlert { sku: sku(), site: site() }],
        Changed => [Rejection::Changed { tag: "00000000000000000000000000000007".into() }],
        ItemRetired => [Rejection::ItemRetired { sku: sku() }],
        LocationRetired => [Rejection::LocationRetired { location: site() }],
        SupplierRetired => [Rejection::SupplierRetired { supplier: "IMPORT".into() }],
        CustomerRetired => [Rejection::CustomerRetired { customer: "C-1".into() }],
        SkuTaken => [Rejection::SkuTaken { sku: sku(), by: id(1) }],
        BarcodeTaken => [Rejection::BarcodeTaken { barcode: "4006381333931".into(), by: id(1) }],
        CodeTaken => [Rejection::CodeTaken { taken: site() }],
        ServiceHasNoStock => [Rejection::ServiceHasNoStock { sku: sku() }],
        QuantityTooFine => [Rejection::QuantityTooFine { sku: sku(), quantity: quantity("0.0005"), decimals: 3 }],
        PriceUnknown => [Rejection::PriceUnknown { sku: sku() }],
        PriceNegative => [Rejection::PriceNegative { sku: sku(), price: amount("-2") }],
        CostUnknown => [Rejection::CostUnknown { sku: sku() }],
        NotStandardCosted => [Rejection::NotStandardCosted { sku: sku() }],
        ItemInUse => [Rejection::ItemInUse { sku: sku(), site: site() }],
        LocationInUse => [
            Rejection::LocationInUse { location: site(), items: 3, orders: 2, purchases: 1, holds: 4 },
        ],
        SameSite => [Rejection::SameSite { site: site() }],
        NotStocked => [Rejection::NotStocked { sku: sku(), site: site() }],
        InsufficientStock => [
            Rejection::InsufficientStock {
                sku: sku(),
                site: site(),
                wanted: quantity("6"),
                available: quantity("5"),
            },
        ],
        BackorderLimit => [
            Rejection::BackorderLimit {
                sku: sku(),
                site: site(),
                wanted: quantity("9"),
                available: quantity("5"),
                limit: quantity("2"),
            },
        ],
        HoldInPast => [Rejection::HoldInPast { until: at() }],
        HoldLapsed => [Rejection::HoldLapsed { until: at() }],
        HoldMismatch => [Rejection::HoldMismatch { hold: id(5) }],
        OrderEnded => [Rejection::OrderEnded { status: OrderStatus::Cancelled }],
        ShipsTooMuch => [Rejection::ShipsTooMuch { line: 0, wanted: quantity("3"), allocated: quantity("2") }],
        ReturnsTooMuch => [Rejection::ReturnsTooMuch { line: 0, wanted: quantity("3"), returnable: quantity("2") }],
        DiscountTooLarge => [Rejection::DiscountTooLarge { discount: amount("30"), amount: amount("29.97") }],
        RefundTooLarge => [
            Rejection::RefundTooLarge { sku: sku(), wanted: amount("25"), refundable: amount("17.91") },
        ],
        PurchaseEnded => [Rejection::PurchaseEnded { status: PurchaseStatus::ClosedShort }],
        PurchasePartlyReceived => [Rejection::PurchasePartlyReceived],
        ReceivesTooMuch => [Rejection::ReceivesTooMuch { line: 0, wanted: quantity("11"), open: quantity("10") }],
        OccursBefore => [
            Rejection::OccursBefore {
                occurred_at: "2026-01-01T00:00:00Z".parse().unwrap(),
                earlier: "order MAIN-1 was placed".into(),
                happened_at: at(),
            },
        ],
        InsufficientStockThen => [
            Rejection::InsufficientStockThen {
                sku: sku(),
                site: site(),
                wanted: quantity("6"),
                occurred_at: "2026-01-01T00:00:00Z".parse().unwrap(),
                on_hand: quantity("7"),
                lowest: quantity("5"),
                lowest_at: at(),
            },
        ],
        Overflow => [Rejection::Overflow { what: "the quantity on hand".into() }],
    )
}
