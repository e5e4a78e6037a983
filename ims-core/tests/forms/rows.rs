//! Rows as the examples show them.

use ims_core::*;
use std::sync::Arc;

/// The n-th id of any kind.
pub(crate) fn id<I: From<CommandId>>(nth: u128) -> I {
    CommandId::from_u128(0x0190_163d_8694_739b_aea5_0000_0000_0000 + nth).into()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub(crate) fn sku() -> Sku {
    "TEA-1".parse().unwrap()
}

pub(crate) fn at() -> Timestamp {
    "2026-01-31T09:30:00.25Z".parse().unwrap()
}

pub(crate) fn day() -> Date {
    "2026-01-31".parse().unwrap()
}

pub(crate) fn eur() -> Currency {
    "EUR".parse().unwrap()
}

pub(crate) fn kilogram() -> Unit {
    Unit::new("kg", 3).unwrap()
}

pub(crate) fn shop() -> Arc<Shop> {
    Arc::new(Shop {
        name: "Corner shop".into(),
        currency: eur(),
        time_zone: TimeZone::new("Europe/Lisbon").unwrap(),
        rounding: Rounding { digits: 2, mode: RoundingMode::HalfUp },
        costing: CostingMethod::Average,
        closed_until: Some(day()),
    })
}

pub(crate) fn item() -> Arc<Item> {
    Arc::new(Item {
        id: id(1),
        sku: sku(),
        name: "Green tea".into(),
        description: "Loose leaves.\nKeep dry.".into(),
        brand: "House".into(),
        category: "Drinks/Tea".into(),
        unit: kilogram(),
        tracking: Tracking::Stocked,
        costing: CostingMethod::Fifo,
        standard_cost: Some(amount("7.125")),
        price: Some(amount("19.9")),
        barcodes: vec!["4006381333931".into()],
        reorder_point: Some(quantity("2.5")),
        reorder_to: Some(quantity("10")),
        backorder_limit: quantity("1"),
        supplier: Some(id(3)),
        standing: Standing::Active,
    })
}

pub(crate) fn location() -> Arc<Location> {
    let (code, name) = ("MAIN".into(), "Main street".into());
    Arc::new(Location { id: id(2), code, name, kind: LocationKind::Site, standing: Standing::Retired })
}

pub(crate) fn contact() -> Contact {
    Contact {
        name: "Tea import".into(),
        contact: "Sales".into(),
        email: "sales@example.com".into(),
        phone: "+351 000 000".into(),
        address: "Quay 1\nGate B".into(),
        city: "Lisbon".into(),
        country: "PT".into(),
    }
}

pub(crate) fn supplier() -> Arc<Supplier> {
    Arc::new(Supplier { id: id(3), code: "IMPORT".into(), contact: contact(), standing: Standing::Active })
}

pub(crate) fn customer() -> Arc<Customer> {
    Arc::new(Customer { id: id(4), code: "C-1".into(), contact: Contact::named("Café"), standing: Standing::Active })
}

pub(crate) fn hold() -> Hold {
    Hold { id: id(5), item: id(1), site: id(2), quantity: quantity("0.5"), until: at(), changed_at: Some(at()) }
}

pub(crate) fn party() -> Party {
    Party { name: "Tea import".into(), address: "1 Quay".into(), city: "Lisboa".into(), country: "PT".into() }
}

pub(crate) fn order() -> Arc<Order> {
    let line = OrderLine {
        item: id(1),
        sku: sku(),
        name: "Green tea".into(),
        brand: "House".into(),
        category: "Drinks/Tea".into(),
        tracking: Tracking::Stocked,
        quantity: quantity("5"),
        unit_price: amount("19.9"),
        discount: amount("9.95"),
        total: amount("89.55"),
        allocated: quantity("1"),
        backordered: quantity("0.5"),
        shipped: quantity("3"),
        cancelled: quantity("0.5"),
        returned: quantity("1"),
        revenue: amount("53.73"),
        cost: amount("21.375"),
        refunded: amount("17.91"),
        cost_returned: amount("7.125"),
    };
    Arc::new(Order {
        id: id(6),
        series: "MAIN".into(),
        number: 42,
        site: id(2),
        customer: Some(id(4)),
        party: Some(party()),
        currency: eur(),
        status: OrderStatus::PartlyShipped,
        placed_at: at(),
        total: amount("89.55"),
        amounts: OrderAmounts {
            cancelled: amount("8.95"),
            shipped: amount("53.73"),
            returned: amount("17.91"),
            refunded: amount("17.91"),
            to_pay: amount("62.69"),
        },
        lines: vec![line],
        shipments: vec![Shipment { id: id(7), shipped_at: at() }],
    })
}

pub(crate) fn purchase() -> Arc<Purchase> {
    let line = PurchaseLine {
        item: id(1),
        sku: sku(),
        name: "Green tea".into(),
        quantity: quantity("10"),
        unit_cost: amount("7.125"),
        received: quantity("4"),
        received_cost: amount("29"),
        cancelled: quantity("1"),
    };
    Arc::new(Purchase {
        id: id(8),
        series: "P-MAIN".into(),
        number: 7,
        supplier: id(3),
        party: Some(party()),
        site: id(2),
        status: PurchaseStatus::PartlyReceived,
        ordered_at: at(),
        expected: Some(day()),
        received_at: Some(at()),
        total: amount("71.25"),
        amounts: PurchaseAmounts { cancelled: amount("7.125"), received: amount("29"), to_pay: amount("64.625") },
        lines: vec![line],
    })
}

pub(crate) fn returned() -> Arc<Return> {
    let line = ReturnLine {
        item: id(1),
        sku: sku(),
        name: "Green tea".into(),
        brand: "House".into(),
        category: "Drinks/Tea".into(),
        quantity: quantity("1"),
        refund: amount("17.91"),
        cost: amount("7.125"),
    };
    Arc::new(Return {
        id: id(9),
        order: Some(id(6)),
        site: id(2),
        customer: Some(id(4)),
        party: Some(party()),
        returned_at: at(),
        refund: amount("17.91"),
        refund_reason: Some("Its box was torn".into()),
        lines: vec![line],
    })
}

pub(crate) fn alert() -> Alert {
    Alert {
        item: id(1),
        site: id(2),
        kind: StockLevel::Low,
        available: quantity("2"),
        threshold: quantity("2.5"),
        raised_at: at(),
        acknowledged_at: Some(at()),
        resolved_at: None,
    }
}

pub(crate) fn moved() -> Moved {
    Moved { line: 0, item: id(1), quantity: quantity("3"), cost: amount("21.375"), acquired_at: at() }
}
