//! An example of every command: with as much as can be said, and with as little as must be.

use crate::rows::{amount, at, contact, day, eur, id, kilogram, quantity, sku};
use ims_core::{
    AdjustmentReason, Command, Contact, Context, CostingMethod, Direction, Patch, Rounding, RoundingMode, Standing,
    TimeZone, Tracking,
    alert::AcknowledgeAlert,
    cost::SetStandardCost,
    item::{CreateItem, RetireItem, UpdateItem},
    location::{CreateLocation, UpdateLocation},
    order::{
        CancelOrder, Discount, LooseLine, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods,
        ReturnedLine, Sell, ShipOrder, ShippedLine,
    },
    party::{CreateCustomer, CreateSupplier, UpdateCustomer, UpdateSupplier},
    period::ClosePeriod,
    purchase::{CancelPurchase, ClosePurchase, PlacePurchase, ReceivePurchase, ReceivedLine},
    shop::OpenShop,
    stock::{
        AdjustStock, Adjusted, CostedGoods, ExtendHold, Goods, PlaceHold, ReceiveStock, ReleaseHold, SendBackStock,
        TransferStock,
    },
};

pub(crate) fn contexts() -> Vec<Context> {
    let now = Context::new(id(1), "till 2", at());
    vec![Context { occurred_at: Some("2026-01-30T18:00:00Z".parse().unwrap()), ..now.clone() }, now]
}

pub(crate) fn examples() -> Vec<Command> {
    examples!(Command:
        OpenShop => [open_shop(), OpenShop::new("Corner shop", eur())],
        ClosePeriod => [ClosePeriod { until: day(), reason: Some("The clock was wrong".into()) }, ClosePeriod::new(day())],
        CreateItem => [create_item(), CreateItem::new(sku(), "Green tea")],
        UpdateItem => [update_item(), emptied_item(), UpdateItem::new(id(1))],
        RetireItem => [RetireItem { item: id(1) }],
        CreateLocation => [CreateLocation { code: "MAIN".into(), name: "Main street".into() }],
        UpdateLocation => [
            UpdateLocation { location: id(2), name: name(), standing: Patch::Set(Standing::Active), if_tag: None },
            UpdateLocation { location: id(2), name: Patch::Keep, standing: Patch::Keep, if_tag: None },
        ],
        CreateSupplier => [CreateSupplier { code: "IMPORT".into(), contact: contact() }],
        UpdateSupplier => [
            UpdateSupplier { supplier: id(3), contact: Patch::Set(contact()), standing: Patch::Set(Standing::Retired), if_tag: None },
            UpdateSupplier { supplier: id(3), contact: Patch::Keep, standing: Patch::Keep, if_tag: None },
        ],
        CreateCustomer => [CreateCustomer { code: "C-1".into(), contact: Contact::named("Café") }],
        UpdateCustomer => [
            UpdateCustomer { customer: id(4), contact: Patch::Set(contact()), standing: Patch::Set(Standing::Retired), if_tag: None },
            UpdateCustomer { customer: id(4), contact: Patch::Keep, standing: Patch::Keep, if_tag: None },
        ],
        ReceiveStock => [
            ReceiveStock { site: id(2), supplier: Some(id(3)), lines: vec![costed()] },
            ReceiveStock { site: id(2), supplier: None, lines: vec![costed()] },
        ],
        SendBackStock => [
            SendBackStock { site: id(2), supplier: Some(id(3)), lines: vec![goods()] },
            SendBackStock { site: id(2), supplier: None, lines: vec![goods()] },
        ],
        AdjustStock => [
            adjust(Direction::Up, Some(amount("7.125")), Some("Behind the shelf")),
            adjust(Direction::Down, None, None),
        ],
        TransferStock => [TransferStock { from: id(2), to: id(12), lines: vec![goods()] }],
        PlaceHold => [PlaceHold { item: id(1), site: id(2), quantity: quantity("0.5"), until: at() }],
        ExtendHold => [ExtendHold { hold: id(5), until: at() }],
        ReleaseHold => [ReleaseHold { hold: id(5) }],
        SetStandardCost => [SetStandardCost { item: id(1), unit_cost: amount("7.25") }],
        PlacePurchase => [
            PlacePurchase { supplier: id(3), site: id(2), expected: Some(day()), lines: vec![costed()] },
            PlacePurchase { supplier: id(3), site: id(2), expected: None, lines: vec![costed()] },
        ],
        ReceivePurchase => [
            ReceivePurchase { purchase: id(8), lines: Some(vec![received(Some("7.5")), received(None)]) },
            ReceivePurchase { purchase: id(8), lines: None },
        ],
        ClosePurchase => [ClosePurchase { purchase: id(8) }],
        CancelPurchase => [CancelPurchase { purchase: id(8) }],
        PlaceOrder => [place_order(), PlaceOrder::new(id(2), ordered())],
        ShipOrder => [
            ShipOrder { order: id(6), lines: Some(vec![ShippedLine { line: 0, quantity: quantity("3") }]) },
            ShipOrder { order: id(6), lines: None },
        ],
        CancelOrder => [CancelOrder { order: id(6) }],
        Sell => [sell(), Sell::new(id(2), ordered())],
        ReturnGoods => [
            of_order(Some(id(7)), Some(id(12)), Some("17.5")),
            of_order(None, None, None),
            loose(Some(id(4)), Some("7")),
            loose(None, None),
            ReturnGoods { refund_reason: Some("Its box was torn".into()), ..of_order(None, None, Some("25")) },
        ],
        AcknowledgeAlert => [AcknowledgeAlert { item: id(1), site: id(2) }],
    )
}

fn open_shop() -> OpenShop {
    OpenShop {
        time_zone: TimeZone::new("Europe/Lisbon").unwrap(),
        rounding: Some(Rounding { digits: 2, mode: RoundingMode::HalfEven }),
        costing: CostingMethod::Average,
        ..OpenShop::new("Corner shop", eur())
    }
}

fn create_item() -> CreateItem {
    CreateItem {
        description: "Loose leaves.\nKeep dry.".into(),
        brand: "House".into(),
        category: "Drinks/Tea".into(),
        unit: Some(kilogram()),
        tracking: Some(Tracking::Stocked),
        costing: Some(CostingMethod::Standard),
        standard_cost: Some(amount("7.125")),
        price: Some(amount("19.9")),
        barcodes: vec!["4006381333931".into(), "2012345678900".into()],
        reorder_point: Some(quantity("2.5")),
        reorder_to: Some(quantity("10")),
        backorder_limit: quantity("1"),
        supplier: Some(id(3)),
        ..CreateItem::new(sku(), "Green tea")
    }
}

fn name() -> Patch<ims_core::Text> {
    Patch::Set("High street".into())
}

fn update_item() -> UpdateItem {
    UpdateItem {
        item: id(1),
        sku: Patch::Set("TEA-2".parse().unwrap()),
        name: Patch::Set("Greener tea".into()),
        description: Patch::Set("".into()),
        brand: Patch::Set("House".into()),
        category: Patch::Set("Drinks".into()),
        unit: Patch::Set(kilogram()),
        tracking: Patch::Set(Tracking::Service),
        costing: Patch::Set(CostingMethod::Fifo),
        price: Patch::Set(Some(amount("21"))),
        barcodes: Patch::Set(vec!["4006381333931".into()]),
        reorder_point: Patch::Set(Some(quantity("3"))),
        reorder_to: Patch::Set(Some(quantity("12"))),
        backorder_limit: Patch::Set(quantity("0")),
        supplier: Patch::Set(Some(id(3))),
        standing: Patch::Set(Standing::Active),
        if_tag: Some("00000000000000000000000000000007".into()),
    }
}

/// What may be empty, emptied.
fn emptied_item() -> UpdateItem {
    UpdateItem {
        price: Patch::Set(None),
        barcodes: Patch::Set(Vec::new()),
        reorder_point: Patch::Set(None),
        reorder_to: Patch::Set(None),
        supplier: Patch::Set(None),
        ..UpdateItem::new(id(1))
    }
}

fn goods() -> Goods {
    Goods { item: id(1), quantity: quantity("3") }
}

fn costed() -> CostedGoods {
    CostedGoods { item: id(1), quantity: quantity("10"), unit_cost: amount("7.125") }
}

fn adjust(direction: Direction, unit_cost: Option<ims_core::Amount>, note: Option<&str>) -> AdjustStock {
    let lines = vec![Adjusted { item: id(1), quantity: quantity("0.25"), unit_cost }];
    AdjustStock { site: id(2), reason: AdjustmentReason::Counted, direction, lines, note: note.map(Into::into) }
}

fn received(unit_cost: Option<&str>) -> ReceivedLine {
    ReceivedLine { line: 0, quantity: quantity("4"), unit_cost: unit_cost.map(amount) }
}

fn ordered() -> Vec<OrderedLine> {
    let line = OrderedLine::priced(id(1), quantity("5"), amount("19.9"));
    vec![
        OrderedLine { discount: Some(Discount::Fraction("0.15".parse().unwrap())), ..line },
        OrderedLine { discount: Some(Discount::Amount(amount("9.95"))), ..line },
        OrderedLine::new(id(1), quantity("1")),
    ]
}

fn place_order() -> PlaceOrder {
    PlaceOrder {
        customer: Some(id(4)),
        currency: Some(eur()),
        series: Some("WEB".into()),
        on_shortage: OnShortage::Backorder,
        holds: vec![id(5)],
        ..PlaceOrder::new(id(2), ordered())
    }
}

fn sell() -> Sell {
    Sell {
        customer: Some(id(4)),
        currency: Some(eur()),
        series: Some("TILL-2".into()),
        holds: vec![id(5)],
        ..Sell::new(id(2), ordered())
    }
}

fn of_order(
    shipment: Option<ims_core::CommandId>,
    site: Option<ims_core::LocationId>,
    refund: Option<&str>,
) -> ReturnGoods {
    let lines = vec![ReturnedLine { line: 0, quantity: quantity("1"), refund: refund.map(amount) }];
    ReturnGoods::new(ReturnedGoods::OfOrder { order: id(6), shipment, site, lines })
}

fn loose(customer: Option<ims_core::CustomerId>, unit_cost: Option<&str>) -> ReturnGoods {
    let (quantity, unit_price) = (quantity("1"), amount("19.9"));
    let lines = vec![LooseLine { item: id(1), quantity, unit_price, unit_cost: unit_cost.map(amount) }];
    ReturnGoods::new(ReturnedGoods::Loose { site: id(2), customer, lines })
}
