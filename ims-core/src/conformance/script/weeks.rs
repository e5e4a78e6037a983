//! The shop's first weeks.

use super::{FIRST_LAPSE, SECOND_LAPSE, Script, made::*, requests::*};
use crate::{
    alert::AcknowledgeAlert,
    conformance::{
        finding::{Finding, read},
        sample::{command, minute, quantity, text},
    },
    cost::SetStandardCost,
    item::{CreateItem, RetireItem, UpdateItem},
    location::{CreateLocation, UpdateLocation},
    order::{CancelOrder, Discount, LooseLine, OnShortage, PlaceOrder, Sell},
    party::{CreateCustomer, CreateSupplier, UpdateCustomer, UpdateSupplier},
    period::ClosePeriod,
    purchase::{CancelPurchase, ClosePurchase, PlacePurchase, ReceivePurchase},
    shop::OpenShop,
    stock::{ExtendHold, ReceiveStock, ReleaseHold, SendBackStock},
    *,
};

/// Everything that happens, in the order in which it does.
pub(super) fn all(script: &mut Script) -> Result<(), Finding> {
    catalogue(script)?;
    goods_in(script)?;
    promises(script)?;
    purchases(script)?;
    orders(script)?;
    sales(script)?;
    changes(script)
}

/// Opens the shop; adds sites, suppliers, customers and items.
fn catalogue(script: &mut Script) -> Result<(), Finding> {
    script.refused("shop_not_open", CreateLocation { code: text("MAIN"), name: text("Main") });
    let mut open = OpenShop::new("Ünïque's \"Shop\" 🍵", read("EUR")?);
    open.time_zone = read("America/New_York")?;
    script.named(1, open.clone());
    script.refused("shop_already_open", open.clone());
    script.again(1);
    script.named(1, OpenShop { name: text("Another shop"), ..open });
    script.last(|step| step.refused = Some("id_reused"));

    script.named(MAIN, CreateLocation { code: text("MAIN"), name: text("Main shop") });
    script.named(ANNEX, CreateLocation { code: text("annex"), name: text("O'Annex") });
    script.named(CELLAR, CreateLocation { code: text("Überlager-ß"), name: text("Cellar") });
    script.refused("code_taken", CreateLocation { code: text("ÜBERLAGER-SS"), name: text("Cellar") });
    script.refused("invalid_field", CreateLocation { code: text("*loss"), name: text("Loss") });
    script.done(UpdateLocation {
        location: site(CELLAR),
        name: Patch::Set(text("Keller")),
        standing: Patch::Keep,
        if_tag: None,
    });

    for (number, code, name, city) in [
        (MILL, "s-1", "Müller & Söhne", "Köln"),
        (WOOL, "S'2", "100% Wool_Co", "köln"),
        (OLD_SUPPLIER, "straße", "A supplier from before", ""),
    ] {
        script.named(number, CreateSupplier { code: text(code), contact: party(name, city) });
    }
    script.refused("code_taken", CreateSupplier { code: text("STRASSE"), contact: party("Another", "") });
    let standing = Patch::Set(Standing::Retired);
    script.done(UpdateSupplier {
        supplier: command(OLD_SUPPLIER).into(),
        contact: Patch::Keep,
        standing,
        if_tag: None,
    });
    for (number, code, name, city) in [
        (JOSE, "c-1", "José", "São Paulo"),
        (BAKER, "C_2", "Jose\u{301} \"the\" Baker", "são paulo"),
        (LTD, "c%3", "İSTANBUL Ltd", "Sao Paulo"),
        (TEA_LOVER, "🍵", "Tea \\ lover", "İstanbul"),
    ] {
        script.named(number, CreateCustomer { code: text(code), contact: party(name, city) });
    }
    script.refused("code_taken", CreateCustomer { code: text("C-1"), contact: party("Another", "") });
    items(script)
}

fn items(script: &mut Script) -> Result<(), Finding> {
    let new = |sku: &str, name: &str, brand: &str, category: &str, price: &str| {
        let (brand, category, price) = (text(brand), text(category), Some(read(price)?));
        Ok::<_, Finding>(CreateItem { brand, category, price, ..CreateItem::new(read(sku)?, name) })
    };
    script.named(
        TEA,
        CreateItem {
            barcodes: vec![text("4006381333931"), text("A%B_c")],
            description: text("Green.\n\t\"Very\" green."),
            reorder_point: Some(quantity(5)),
            reorder_to: Some(quantity(20)),
            backorder_limit: quantity(10),
            supplier: Some(command(MILL).into()),
            ..new("TEA-1", "Green tea", "Acme", "Drinks/Tea", "4.99")?
        },
    );
    script.named(
        COFFEE,
        CreateItem {
            costing: Some(CostingMethod::Average),
            reorder_point: Some(quantity(3)),
            supplier: Some(command(WOOL).into()),
            ..new("straße", "Straßenkaffee 100%", "acme", "Drinks", "7.5")?
        },
    );
    script.named(
        RICE,
        CreateItem {
            costing: Some(CostingMethod::Average),
            unit: Some(Unit::new("kg", 3).map_err(|error| Finding::Wrong(error.to_string()))?),
            reorder_point: Some(read("1.5")?),
            ..new("KG_1", "Rice_loose", "", "Drinksware", "2.333333")?
        },
    );
    let standard =
        CreateItem { costing: Some(CostingMethod::Standard), ..new("STD", "A set", "Ácme", "drinks", "6")? };
    script.refused("cost_unknown", standard.clone());
    script.named(STANDARD, CreateItem { standard_cost: Some(read("2.5")?), ..standard });
    script.named(POSTAGE, CreateItem { tracking: Some(Tracking::Service), ..new("post", "Postage", "", "", "3.95")? });
    script.named(ECLAIR, new("m\u{301}clair", "E\u{301}clair", "Acme", "Food/Cake", "1")?);
    let costing = Some(CostingMethod::Average);
    script.named(OTHER_ECLAIR, CreateItem { costing, ..new("\u{e9}clair", "Éclair", "ACME", "Food", "1.1")? });
    script.named(WAVE, new("\u{ff5e}wave", "Wave", "A\u{301}cme", "Food_Cake", "10")?);
    script.named(CUP, new("\u{1f375}cup", "Cup", "Acme", "Drinks/Tea/Cups", "10")?);
    script.named(OLD, new("old", "From before", "Acme ltd", "Drinks%", "10")?);
    script.named(NEVER, CreateItem { reorder_point: Some(quantity(2)), ..new("never", "Never had", "", "", "1")? });
    // Nothing of these is ever anywhere.
    let (reorder_point, reorder_to) = (Some(quantity(3)), Some(quantity(10)));
    let supplier = Some(command(MILL).into());
    let nowhere = CreateItem { reorder_point, reorder_to, supplier, ..new("nowhere", "Wanted", "", "", "1")? };
    script.named(NOWHERE, nowhere.clone());
    script.named(OLD_NOWHERE, CreateItem { sku: read("nowhere old")?, ..nowhere.clone() });
    script.done(RetireItem { item: item(OLD_NOWHERE) });
    let (sku, tracking) = (read("nowhere service")?, Some(Tracking::Service));
    script.done(CreateItem { sku, tracking, ..nowhere });

    script.refused("sku_taken", new("tea-1", "Another tea", "", "", "1")?);
    script.refused("sku_taken", new("STRASSE", "Another coffee", "", "", "1")?);
    let barcodes = vec![text("4006381333931")];
    script.refused("barcode_taken", CreateItem { barcodes, ..new("new", "New", "", "", "1")? });
    let barcodes = vec![text("a%b_C")];
    script.refused("barcode_taken", CreateItem { barcodes, ..new("other case", "Other case", "", "", "1")? });
    let barcodes = vec![text("4006381333932")];
    script.refused("wrong_check_digit", CreateItem { barcodes, ..new("new", "New", "", "", "1")? });
    script.refused("sku_taken", new("04006381333931", "A number of goods", "", "", "1")?);
    script.refused("sku_taken", new("e\u{301}clair", "The same when composed", "", "", "1")?);
    script.refused("invalid_field", new("never\u{200b}", "With a space of no width", "", "", "1")?);
    script.done(CreateItem { barcodes: vec![text("a%bxC")], ..new("other case", "Other case", "", "", "1")? });
    let supplier = Some(command(OLD_SUPPLIER).into());
    script.refused("supplier_retired", CreateItem { supplier, ..new("new", "New", "", "", "1")? });
    let supplier = Some(command(999).into());
    script.refused("unknown_supplier", CreateItem { supplier, ..new("new", "New", "", "", "1")? });
    script
        .refused("quantity_too_fine", CreateItem { reorder_point: Some(read("0.5")?), ..new("n", "N", "", "", "1")? });
    script.refused("invalid_field", new("new", "New", "", "Drinks//Tea", "1")?);
    Ok(())
}

/// Receives, transfers, adjusts and sends back.
fn goods_in(script: &mut Script) -> Result<(), Finding> {
    script.done(ReceiveStock {
        supplier: Some(command(MILL).into()),
        ..receive(
            MAIN,
            &[
                (TEA, "10", "1"),
                (COFFEE, "5", "3.333333"),
                (RICE, "2.125", "1.1"),
                (STANDARD, "10", "2.75"),
                (ECLAIR, "3", "0.5"),
                (OTHER_ECLAIR, "3", "0.333333"),
                (WAVE, "1", "5"),
                (CUP, "4", "5.25"),
                (OLD, "2", "1"),
            ],
        )?
    });
    script.done(receive(ANNEX, &[(TEA, "4", "1.2"), (STANDARD, "4", "2.25"), (TEA, "1", "1.25")])?);
    script.done(receive(MAIN, &[(TEA, "5", "0.8")])?);
    script.late(5_000);
    script.refused("unknown_item", receive(MAIN, &[(TEA, "1", "1"), (999, "1", "1")])?);
    script.refused("service_has_no_stock", receive(MAIN, &[(POSTAGE, "1", "1")])?);
    script.refused("quantity_not_positive", receive(MAIN, &[(TEA, "1", "1"), (TEA, "0", "1")])?);
    script.refused("amount_negative", receive(MAIN, &[(TEA, "1", "-1")])?);
    script.refused("no_lines", receive(MAIN, &[])?);
    script.refused("unknown_location", receive(999, &[(TEA, "1", "1")])?);
    script.refused("not_a_site", ReceiveStock { site: location::LOSS, ..receive(MAIN, &[(TEA, "1", "1")])? });
    script.refused("overflow", receive(MAIN, &[(TEA, "9000000000000", "9000000000000")])?);

    script.done(transfer(MAIN, ANNEX, &[(TEA, "6"), (STANDARD, "3"), (COFFEE, "1")])?);
    script.refused("same_site", transfer(MAIN, MAIN, &[(TEA, "1")])?);
    script.refused("insufficient_stock", transfer(MAIN, ANNEX, &[(TEA, "5"), (TEA, "5")])?);
    script.refused("not_stocked", transfer(ANNEX, MAIN, &[(RICE, "1")])?);

    use AdjustmentReason::*;
    script.done(adjust(MAIN, Damaged, Direction::Down, (COFFEE, "1", None))?);
    script.done(adjust(MAIN, Found, Direction::Up, (COFFEE, "2", None))?);
    script.done(adjust(CELLAR, Opening, Direction::Up, (WAVE, "2", Some("4")))?);
    script.done(adjust(MAIN, Theft, Direction::Down, (RICE, "0.125", None))?);
    script.refused("cost_unknown", adjust(MAIN, Counted, Direction::Up, (NEVER, "1", None))?);
    script.refused("quantity_too_fine", adjust(MAIN, Counted, Direction::Up, (RICE, "0.0001", None))?);
    script.refused("insufficient_stock", adjust(MAIN, Lost, Direction::Down, (CUP, "5", None))?);
    let (site, supplier) = (site(MAIN), Some(command(WOOL).into()));
    script.done(SendBackStock { site, supplier, lines: vec![goods(COFFEE, "1")?] });
    script.refused("insufficient_stock", SendBackStock { site, supplier, lines: vec![goods(COFFEE, "100")?] });
    script.done(SetStandardCost { item: item(STANDARD), unit_cost: read("3")? });
    script.refused("not_standard_costed", SetStandardCost { item: item(TEA), unit_cost: read("3")? });
    Ok(())
}

/// Holds, and orders that are allocated, backordered, or cut short.
fn promises(script: &mut Script) -> Result<(), Finding> {
    // Once the next few steps are done.
    let soon = script.minutes.saturating_add(1_600);
    script.named(60, hold(TEA, "2", FIRST_LAPSE)?);
    script.named(61, hold(COFFEE, "2", FIRST_LAPSE)?);
    script.named(62, hold(TEA, "1", soon)?);
    script.refused("hold_in_past", hold(TEA, "1", 0)?);
    script.refused("insufficient_stock", hold(TEA, "8", FIRST_LAPSE)?);
    script.refused("hold_lapsed", ExtendHold { hold: command(62).into(), until: minute(SECOND_LAPSE) });
    script.done(ExtendHold { hold: command(60).into(), until: minute(SECOND_LAPSE) });
    script.refused("unknown_hold", ReleaseHold { hold: command(999).into() });
    script.done(ReleaseHold { hold: command(60).into() });
    script.refused("unknown_hold", ReleaseHold { hold: command(60).into() });
    script.named(63, hold(TEA, "1", FIRST_LAPSE)?);
    script.named(64, hold(CUP, "1", SECOND_LAPSE)?);
    script.named(65, hold(CUP, "2", FIRST_LAPSE)?);

    let mut with_hold =
        order(MAIN, Some(JOSE), OnShortage::Refuse, &[(TEA, "3"), (COFFEE, "2"), (POSTAGE, "1"), (TEA, "1")])?;
    with_hold.holds = vec![command(61).into()];
    for (line, discount) in
        with_hold.lines.iter_mut().zip([Discount::Fraction(read("0.15")?), Discount::Amount(read("0.335")?)])
    {
        line.discount = Some(discount);
    }
    script.refused("hold_mismatch", PlaceOrder { holds: vec![command(64).into()], ..with_hold.clone() });
    script.named(70, with_hold);
    script.named(71, order(MAIN, Some(BAKER), OnShortage::Backorder, &[(TEA, "12"), (CUP, "1")])?);
    script.named(72, order(MAIN, None, OnShortage::Cancel, &[(TEA, "5"), (OTHER_ECLAIR, "1")])?);
    script.named(73, order(MAIN, Some(JOSE), OnShortage::Backorder, &[(TEA, "2")])?);
    script.refused("backorder_limit", order(MAIN, None, OnShortage::Backorder, &[(TEA, "2")])?);
    script.refused("insufficient_stock", order(MAIN, None, OnShortage::Refuse, &[(STANDARD, "5"), (STANDARD, "5")])?);
    script.refused(
        "currency_mismatch",
        PlaceOrder { currency: Some(read("USD")?), ..order(MAIN, None, OnShortage::Refuse, &[(STANDARD, "1")])? },
    );
    script.refused("unknown_customer", order(MAIN, Some(999), OnShortage::Refuse, &[(STANDARD, "1")])?);
    script.named(74, order(ANNEX, Some(LTD), OnShortage::Refuse, &[(TEA, "5"), (STANDARD, "2")])?);
    script.named(75, order(MAIN, Some(JOSE), OnShortage::Refuse, &[(STANDARD, "2"), (ECLAIR, "1")])?);

    script.done(AcknowledgeAlert { item: item(TEA), site: site(MAIN) });
    script.refused("unknown_alert", AcknowledgeAlert { item: item(STANDARD), site: site(MAIN) });
    Ok(())
}

/// Purchase orders, and the backorders that they fill.
fn purchases(script: &mut Script) -> Result<(), Finding> {
    script.named(80, purchase(MILL, MAIN, &[(TEA, "10", "0.9"), (COFFEE, "4", "3.1")])?);
    script.named(81, PlacePurchase { expected: None, ..purchase(WOOL, ANNEX, &[(RICE, "1.5", "1")])? });
    script.named(82, purchase(MILL, ANNEX, &[(STANDARD, "5", "2.9"), (WAVE, "1", "4.5")])?);
    script.named(83, purchase(MILL, MAIN, &[(NEVER, "3", "0.25"), (TEA, "2", "0.99")])?);
    script.refused("supplier_retired", purchase(OLD_SUPPLIER, MAIN, &[(TEA, "1", "1")])?);
    script.done(received(80, &[(0, "4", Some("0.95"))])?);
    script.refused("purchase_partly_received", CancelPurchase { purchase: command(80).into() });
    script.refused("receives_too_much", received(80, &[(0, "7", None)])?);
    script.refused("unknown_line", received(80, &[(2, "1", None)])?);
    script.done(received(80, &[(0, "6", None), (1, "1", Some("3.2"))])?);
    script.done(ClosePurchase { purchase: command(80).into() });
    script.refused("purchase_ended", received(80, &[(1, "1", None)])?);
    script.done(CancelPurchase { purchase: command(81).into() });
    script.done(ReceivePurchase { purchase: command(82).into(), lines: None });
    script.refused("unknown_purchase", ClosePurchase { purchase: command(999).into() });
    Ok(())
}

/// Shipments, cancellations and returns of orders.
fn orders(script: &mut Script) -> Result<(), Finding> {
    script.named(90, ship(70, &[(0, "1"), (2, "1")])?);
    script.named(91, ship(70, &[])?);
    script.refused("order_ended", ship(70, &[])?);
    script.named(92, ship(71, &[(0, "7")])?);
    script.refused("ships_too_much", ship(71, &[(0, "100")])?);
    script.done(CancelOrder { order: command(73).into() });
    script.refused("order_ended", CancelOrder { order: command(73).into() });
    script.named(93, ship(74, &[(0, "5")])?);
    script.done(CancelOrder { order: command(74).into() });
    script.refused("unknown_order", ship(999, &[])?);

    script.named(94, returned(70, None, &[(0, "1", None), (2, "1", Some("3"))])?);
    script.done(returned(70, Some(91), &[(0, "1", Some("0")), (1, "1", None)])?);
    script.refused("returns_too_much", returned(70, None, &[(0, "2", None)])?);
    script.refused("unknown_shipment", returned(70, Some(92), &[(0, "1", None)])?);
    // Of several acquisitions at once.
    script.done(returned(71, None, &[(0, "3", None)])?);
    script.done(returned(74, None, &[(0, "5", None)])?);
    Ok(())
}

/// Sales over the counter, and goods that come back from nobody knows where.
fn sales(script: &mut Script) -> Result<(), Finding> {
    script
        .named(100, sell(MAIN, Some(BAKER), &[(RICE, "0.125"), (STANDARD, "2"), (OTHER_ECLAIR, "1"), (POSTAGE, "1")])?);
    script
        .named(101, Sell { series: Some(text("till-1")), ..sell(MAIN, None, &[(ECLAIR, "1"), (OTHER_ECLAIR, "1")])? });
    script.named(
        102,
        Sell { series: Some(text("Till-1")), ..sell(ANNEX, Some(TEA_LOVER), &[(TEA, "8"), (STANDARD, "1")])? },
    );
    script.named(103, Sell { series: Some(text("till-1")), ..sell(MAIN, None, &[(WAVE, "1"), (OLD, "1")])? });
    let mut credit = sell(MAIN, Some(JOSE), &[(POSTAGE, "2")])?;
    credit.lines = vec![line(POSTAGE, "2", Some("-1.5"))?];
    script.done(credit);
    script.done(Sell { holds: vec![command(65).into()], ..sell(MAIN, None, &[(CUP, "2"), (RICE, "0.5")])? });
    let mut negative = sell(MAIN, None, &[(TEA, "1")])?;
    negative.lines = vec![line(TEA, "1", Some("-1"))?];
    script.refused("price_negative", negative);
    script.refused("insufficient_stock", sell(MAIN, None, &[(WAVE, "1")])?);
    // What sold out comes in again, and its alert is resolved.
    script.done(receive(MAIN, &[(WAVE, "3", "6"), (RICE, "0.001", "1.234567")])?);
    script.named(104, sell(CELLAR, None, &[(WAVE, "2")])?);
    script.late(700);
    script.done(returned(101, None, &[(0, "1", None)])?);
    let back = |number, units: &str, unit_price: &str, unit_cost: Option<&str>| {
        let (quantity, unit_price) = (read(units)?, read(unit_price)?);
        let unit_cost = unit_cost.map(read).transpose()?;
        Ok::<_, Finding>(LooseLine { item: item(number), quantity, unit_price, unit_cost })
    };
    script.done(kindly(loose(MAIN, None, back(OTHER_ECLAIR, "1", "1.1", None)?)));
    script.done(kindly(loose(ANNEX, Some(JOSE), back(COFFEE, "2", "7.25", Some("3"))?)));
    script.refused("refund_too_large", loose(ANNEX, Some(JOSE), back(COFFEE, "2", "999", Some("3"))?));
    script.done(loose(MAIN, None, back(POSTAGE, "1", "3.95", None)?));
    script.refused("cost_unknown", loose(MAIN, None, back(NEVER, "1", "1", None)?));
    Ok(())
}

/// Changes to what has a history, and the end of a period.
fn changes(script: &mut Script) -> Result<(), Finding> {
    let mut tea = UpdateItem::new(item(TEA));
    tea.sku = Patch::Set(read("TEA-ONE")?);
    tea.brand = Patch::Set(text("Acme & Co"));
    tea.category = Patch::Set(text("Drinks/Herbs"));
    (tea.reorder_point, tea.reorder_to) = (Patch::Set(Some(quantity(60))), Patch::Set(Some(quantity(90))));
    tea.barcodes = Patch::Set(vec![text("A%B_c"), text("new one")]);
    script.done(tea);
    let mut wave = UpdateItem::new(item(WAVE));
    (wave.price, wave.supplier) = (Patch::Set(None), Patch::Set(Some(command(WOOL).into())));
    // As much is to be reordered at a site that is retired below.
    wave.reorder_point = Patch::Set(Some(quantity(1)));
    script.done(wave);
    script.refused("price_unknown", sell(MAIN, None, &[(WAVE, "1")])?);
    let mut coffee = UpdateItem::new(item(COFFEE));
    coffee.costing = Patch::Set(CostingMethod::Fifo);
    script.refused("item_in_use", coffee);
    let mut coffee = UpdateItem::new(item(COFFEE));
    coffee.sku = Patch::Set(read("tea-ONE")?);
    script.refused("sku_taken", coffee);
    script.refused("item_in_use", RetireItem { item: item(NEVER) });
    script.done(RetireItem { item: item(OLD) });
    script.refused("item_retired", sell(MAIN, None, &[(OLD, "1")])?);
    let contact = Patch::Set(party("José Luis", "Paris"));
    script.done(UpdateCustomer { customer: command(JOSE).into(), contact, standing: Patch::Keep, if_tag: None });
    let standing = Patch::Set(Standing::Retired);
    script.done(UpdateCustomer { customer: command(TEA_LOVER).into(), contact: Patch::Keep, standing, if_tag: None });
    script.refused("customer_retired", sell(MAIN, Some(TEA_LOVER), &[(STANDARD, "1")])?);
    script.done(UpdateLocation { location: site(CELLAR), name: Patch::Keep, standing, if_tag: None });
    script.refused("location_retired", receive(CELLAR, &[(TEA, "1", "1")])?);
    script.done(transfer(MAIN, ANNEX, &[(ECLAIR, "1"), (WAVE, "1")])?);

    script.refused("occurs_in_future", ClosePeriod::new(read("2030-01-01")?));
    script.done(ClosePeriod::new(read("2024-03-05")?));
    script.refused("period_closed", ClosePeriod::new(read("2024-03-05")?));
    script.refused("period_closed", sell(MAIN, None, &[(STANDARD, "1")])?);
    script.last(|step| step.ctx.occurred_at = Some(minute(0)));
    script.refused("occurs_in_future", sell(MAIN, None, &[(STANDARD, "1")])?);
    script.late(-1);
    script.named(105, sell(MAIN, Some(LTD), &[(STANDARD, "1"), (TEA, "1")])?);
    script.again(105);
    Ok(())
}
