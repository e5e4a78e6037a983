//! What engines are asked to do: a shop's first weeks, in which every verb is used and refused.

use super::{
    finding::{Finding, read},
    sample::{command, item_id, minute, quantity, site_id, text},
};
use crate::{
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
    *,
};

/// A command, and how it must be answered.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) ctx: Context,
    pub(super) command: Command,
    /// The code that it is refused with, if it is.
    pub(super) refused: Option<&'static str>,
}

/// Somebody says so many minutes after the first of March 2024, 9:00 UTC.
pub(super) fn at(number: u32, minutes: i64) -> Context {
    Context::new(command(number), "somebody", minute(minutes))
}

/// Sites and items of [`opening`] have these numbers; its commands are from 1 to 999.
const FIRST_SITE: u32 = 1;

/// Opens a shop with one site that has so many of each of some items.
pub(super) fn opening(items: u32, units: i64) -> Result<Vec<(Context, Command)>, Finding> {
    let mut commands: Vec<Command> = vec![
        OpenShop::new("Corner shop", read("EUR")?).into(),
        CreateLocation { code: text("MAIN"), name: text("Main") }.into(),
        CreateLocation { code: text("ANNEX"), name: text("Annex") }.into(),
    ];
    let mut contexts = vec![at(900, 0), at(FIRST_SITE, 0), at(2, 0)];
    for number in 1..=items {
        let mut item = CreateItem::new(read(&format!("SKU-{number}"))?, &format!("Item {number}"));
        item.price = Some(read("1.99")?);
        commands.push(item.into());
        contexts.push(at(opened_item(number), 0));
    }
    let lines = (1..=items).map(|number| CostedGoods {
        item: item_id(opened_item(number)),
        quantity: quantity(units),
        unit_cost: Amount::ONE,
    });
    commands.push(ReceiveStock { site: site_id(FIRST_SITE), supplier: None, lines: lines.collect() }.into());
    contexts.push(at(901, 0));
    Ok(contexts.into_iter().zip(commands).collect())
}

/// The number of the command that made an item of [`opening`].
pub(super) fn opened_item(number: u32) -> u32 {
    number.saturating_add(10_000)
}

/// A sale at the first site of [`opening`]; sales are numbered from 0.
pub(super) fn sale(number: u32, lines: &[(u32, i64)]) -> (Context, Command) {
    let line = |&(item, units): &(u32, i64)| OrderedLine::new(item_id(opened_item(item)), quantity(units));
    let sell = Sell::new(site_id(FIRST_SITE), lines.iter().map(line).collect());
    (at(number.saturating_add(1_000), i64::from(number)), sell.into())
}

/// The numbers of what the script makes.
pub(super) mod made {
    pub(in super::super) const MAIN: u32 = 10;
    pub(in super::super) const ANNEX: u32 = 11;
    pub(in super::super) const CELLAR: u32 = 12;
    pub(in super::super) const MILL: u32 = 20;
    pub(in super::super) const WOOL: u32 = 21;
    pub(in super::super) const OLD_SUPPLIER: u32 = 22;
    pub(in super::super) const JOSE: u32 = 30;
    pub(in super::super) const BAKER: u32 = 31;
    pub(in super::super) const LTD: u32 = 32;
    pub(in super::super) const TEA_LOVER: u32 = 33;
    pub(in super::super) const TEA: u32 = 40;
    pub(in super::super) const COFFEE: u32 = 41;
    pub(in super::super) const RICE: u32 = 42;
    pub(in super::super) const STANDARD: u32 = 43;
    pub(in super::super) const POSTAGE: u32 = 44;
    pub(in super::super) const ECLAIR: u32 = 45;
    pub(in super::super) const OTHER_ECLAIR: u32 = 46;
    pub(in super::super) const WAVE: u32 = 47;
    pub(in super::super) const CUP: u32 = 48;
    pub(in super::super) const OLD: u32 = 49;
    pub(in super::super) const NEVER: u32 = 50;
}
use made::*;

/// Puts the script together: every step is later than the one before.
#[derive(Default)]
struct Script {
    steps: Vec<Step>,
    minutes: i64,
    next: u32,
}

impl Script {
    /// A command that makes something that others refer to.
    fn named(&mut self, number: u32, command: impl Into<Command>) {
        // Long enough to come through all hours of the day, and into another month.
        self.minutes = self.minutes.saturating_add(359);
        self.steps.push(Step { ctx: at(number, self.minutes), command: command.into(), refused: None });
    }

    fn done(&mut self, command: impl Into<Command>) {
        self.next = self.next.saturating_add(1);
        self.named(self.next.saturating_add(1_000), command);
    }

    fn refused(&mut self, code: &'static str, command: impl Into<Command>) {
        self.done(command);
        self.last(|step| step.refused = Some(code));
    }

    /// The last step happened so many minutes before it was told.
    fn late(&mut self, minutes: i64) {
        let at = minute(self.minutes.saturating_sub(minutes));
        self.last(|step| step.ctx.occurred_at = Some(at));
    }

    /// A step from before is sent once more.
    fn again(&mut self, number: u32) {
        self.minutes = self.minutes.saturating_add(1);
        let known = self.steps.iter().find(|step| step.ctx.id == command(number)).cloned();
        let now = minute(self.minutes);
        self.steps.extend(known.map(|step| Step { ctx: Context { now, ..step.ctx }, ..step }));
    }

    fn last(&mut self, change: impl FnMut(&mut Step)) {
        self.steps.last_mut().into_iter().for_each(change);
    }
}

fn item(number: u32) -> ItemId {
    item_id(number)
}

fn site(number: u32) -> LocationId {
    site_id(number)
}

fn goods(number: u32, units: &str) -> Result<Goods, Finding> {
    Ok(Goods { item: item(number), quantity: read(units)? })
}

fn costed(number: u32, units: &str, unit_cost: &str) -> Result<CostedGoods, Finding> {
    Ok(CostedGoods { item: item(number), quantity: read(units)?, unit_cost: read(unit_cost)? })
}

fn receive(at: u32, lines: &[(u32, &str, &str)]) -> Result<ReceiveStock, Finding> {
    let lines: Result<_, _> = lines.iter().map(|(number, units, cost)| costed(*number, units, cost)).collect();
    Ok(ReceiveStock { site: site(at), supplier: None, lines: lines? })
}

fn transfer(from: u32, to: u32, lines: &[(u32, &str)]) -> Result<TransferStock, Finding> {
    let lines: Result<_, _> = lines.iter().map(|(number, units)| goods(*number, units)).collect();
    Ok(TransferStock { from: site(from), to: site(to), lines: lines? })
}

fn adjust(
    at: u32,
    reason: AdjustmentReason,
    direction: Direction,
    (number, units, unit_cost): (u32, &str, Option<&str>),
) -> Result<AdjustStock, Finding> {
    let unit_cost = unit_cost.map(read).transpose()?;
    let lines = vec![Adjusted { item: item(number), quantity: read(units)?, unit_cost }];
    Ok(AdjustStock { site: site(at), reason, direction, lines, note: Some(text("Seen by \"two\" people;\nsigned")) })
}

fn line(number: u32, units: &str, unit_price: Option<&str>) -> Result<OrderedLine, Finding> {
    let unit_price = unit_price.map(read).transpose()?;
    Ok(OrderedLine { item: item(number), quantity: read(units)?, unit_price, discount: None })
}

fn sell(at: u32, customer: Option<u32>, lines: &[(u32, &str)]) -> Result<Sell, Finding> {
    let lines: Result<_, _> = lines.iter().map(|(number, units)| line(*number, units, None)).collect();
    let customer = customer.map(|number| command(number).into());
    Ok(Sell { customer, ..Sell::new(site(at), lines?) })
}

fn order(
    at: u32,
    customer: Option<u32>,
    on_shortage: OnShortage,
    lines: &[(u32, &str)],
) -> Result<PlaceOrder, Finding> {
    let sell = sell(at, customer, lines)?;
    Ok(PlaceOrder { customer: sell.customer, on_shortage, ..PlaceOrder::new(site(at), sell.lines) })
}

fn purchase(from: u32, to: u32, lines: &[(u32, &str, &str)]) -> Result<PlacePurchase, Finding> {
    let ReceiveStock { site, lines, .. } = receive(to, lines)?;
    Ok(PlacePurchase { supplier: command(from).into(), site, expected: Some(read("2024-04-05")?), lines })
}

fn received(number: u32, lines: &[(u32, &str, Option<&str>)]) -> Result<ReceivePurchase, Finding> {
    let line = |&(line, units, cost): &(u32, &str, Option<&str>)| {
        let unit_cost = cost.map(read).transpose()?;
        Ok::<_, Finding>(ReceivedLine { line, quantity: read(units)?, unit_cost })
    };
    let lines: Result<_, _> = lines.iter().map(line).collect();
    Ok(ReceivePurchase { purchase: command(number).into(), lines: Some(lines?) })
}

fn ship(number: u32, lines: &[(u32, &str)]) -> Result<ShipOrder, Finding> {
    let line = |&(line, units): &(u32, &str)| Ok::<_, Finding>(ShippedLine { line, quantity: read(units)? });
    let named: Result<Vec<_>, _> = lines.iter().map(line).collect();
    Ok(ShipOrder { order: command(number).into(), lines: Some(named?).filter(|lines| !lines.is_empty()) })
}

fn returned(number: u32, shipment: Option<u32>, lines: &[(u32, &str, Option<&str>)]) -> Result<ReturnGoods, Finding> {
    let line = |&(line, units, refund): &(u32, &str, Option<&str>)| {
        let refund = refund.map(read).transpose()?;
        Ok::<_, Finding>(ReturnedLine { line, quantity: read(units)?, refund })
    };
    let lines: Result<_, _> = lines.iter().map(line).collect();
    let (order, shipment, lines) = (command(number).into(), shipment.map(command), lines?);
    Ok(ReturnGoods { goods: ReturnedGoods::OfOrder { order, shipment, site: None, lines } })
}

fn loose(at: u32, customer: Option<u32>, line: LooseLine) -> ReturnGoods {
    let customer = customer.map(|number| command(number).into());
    ReturnGoods { goods: ReturnedGoods::Loose { site: site(at), customer, lines: vec![line] } }
}

fn hold(number: u32, units: &str, until: i64) -> Result<PlaceHold, Finding> {
    Ok(PlaceHold { item: item(number), site: site(MAIN), quantity: read(units)?, until: minute(until) })
}

fn party(name: &str, city: &str) -> Contact {
    Contact { city: text(city), email: text("o'reilly@example.org"), ..Contact::named(name) }
}

/// Moments that the holds of the script lapse at, in minutes.
pub(super) const FIRST_LAPSE: i64 = 60_000;
pub(super) const SECOND_LAPSE: i64 = 61_000;

/// The whole script.
pub(super) fn script() -> Result<Vec<Step>, Finding> {
    let mut script = Script::default();
    catalogue(&mut script)?;
    goods_in(&mut script)?;
    promises(&mut script)?;
    purchases(&mut script)?;
    orders(&mut script)?;
    sales(&mut script)?;
    changes(&mut script)?;
    Ok(script.steps)
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
    script.done(UpdateLocation { location: site(CELLAR), name: Patch::Set(text("Keller")), standing: Patch::Keep });

    for (number, code, name, city) in [
        (MILL, "s-1", "Müller & Söhne", "Köln"),
        (WOOL, "S'2", "100% Wool_Co", "köln"),
        (OLD_SUPPLIER, "straße", "A supplier from before", ""),
    ] {
        script.named(number, CreateSupplier { code: text(code), contact: party(name, city) });
    }
    script.refused("code_taken", CreateSupplier { code: text("STRASSE"), contact: party("Another", "") });
    let standing = Patch::Set(Standing::Retired);
    script.done(UpdateSupplier { supplier: command(OLD_SUPPLIER).into(), contact: Patch::Keep, standing });
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
    script.named(ECLAIR, new("e\u{301}clair", "E\u{301}clair", "Acme", "Food/Cake", "1")?);
    let costing = Some(CostingMethod::Average);
    script.named(OTHER_ECLAIR, CreateItem { costing, ..new("\u{e9}clair", "Éclair", "ACME", "Food", "1.1")? });
    script.named(WAVE, new("\u{ff5e}wave", "Wave", "A\u{301}cme", "Food_Cake", "10")?);
    script.named(CUP, new("\u{1f375}cup", "Cup", "Acme", "Drinks/Tea/Cups", "10")?);
    script.named(OLD, new("old", "From before", "Acme ltd", "Drinks%", "10")?);
    script.named(NEVER, CreateItem { reorder_point: Some(quantity(2)), ..new("never", "Never had", "", "", "1")? });

    script.refused("sku_taken", new("tea-1", "Another tea", "", "", "1")?);
    script.refused("sku_taken", new("STRASSE", "Another coffee", "", "", "1")?);
    let barcodes = vec![text("4006381333931")];
    script.refused("barcode_taken", CreateItem { barcodes, ..new("new", "New", "", "", "1")? });
    script.done(CreateItem { barcodes: vec![text("a%b_C")], ..new("other case", "Other case", "", "", "1")? });
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
    script.done(loose(MAIN, None, back(OTHER_ECLAIR, "1", "1.1", None)?));
    script.done(loose(ANNEX, Some(JOSE), back(COFFEE, "2", "7.25", Some("3"))?));
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
    tea.reorder_point = Patch::Set(Some(quantity(60)));
    tea.barcodes = Patch::Set(vec![text("A%B_c"), text("new one")]);
    script.done(tea);
    let mut wave = UpdateItem::new(item(WAVE));
    (wave.price, wave.supplier) = (Patch::Set(None), Patch::Set(Some(command(WOOL).into())));
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
    script.done(UpdateCustomer { customer: command(JOSE).into(), contact, standing: Patch::Keep });
    let standing = Patch::Set(Standing::Retired);
    script.done(UpdateCustomer { customer: command(TEA_LOVER).into(), contact: Patch::Keep, standing });
    script.refused("customer_retired", sell(MAIN, Some(TEA_LOVER), &[(STANDARD, "1")])?);
    script.done(UpdateLocation { location: site(CELLAR), name: Patch::Keep, standing });
    script.refused("location_retired", receive(CELLAR, &[(TEA, "1", "1")])?);
    script.done(transfer(MAIN, ANNEX, &[(ECLAIR, "1"), (WAVE, "1")])?);

    script.refused("occurs_in_future", ClosePeriod { until: read("2030-01-01")? });
    script.done(ClosePeriod { until: read("2024-03-05")? });
    script.refused("period_closed", ClosePeriod { until: read("2024-03-05")? });
    script.refused("period_closed", sell(MAIN, None, &[(STANDARD, "1")])?);
    script.last(|step| step.ctx.occurred_at = Some(minute(0)));
    script.refused("occurs_in_future", sell(MAIN, None, &[(STANDARD, "1")])?);
    script.late(-1);
    script.named(105, sell(MAIN, Some(LTD), &[(STANDARD, "1"), (TEA, "1")])?);
    script.again(105);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A verb that is new must be given a number here, and a step in the script.
    fn number(command: &Command) -> u32 {
        match command {
            Command::OpenShop(_) => 0,
            Command::ClosePeriod(_) => 1,
            Command::CreateItem(_) => 2,
            Command::UpdateItem(_) => 3,
            Command::RetireItem(_) => 4,
            Command::CreateLocation(_) => 5,
            Command::UpdateLocation(_) => 6,
            Command::CreateSupplier(_) => 7,
            Command::UpdateSupplier(_) => 8,
            Command::CreateCustomer(_) => 9,
            Command::UpdateCustomer(_) => 10,
            Command::ReceiveStock(_) => 11,
            Command::SendBackStock(_) => 12,
            Command::AdjustStock(_) => 13,
            Command::TransferStock(_) => 14,
            Command::PlaceHold(_) => 15,
            Command::ExtendHold(_) => 16,
            Command::ReleaseHold(_) => 17,
            Command::SetStandardCost(_) => 18,
            Command::PlacePurchase(_) => 19,
            Command::ReceivePurchase(_) => 20,
            Command::ClosePurchase(_) => 21,
            Command::CancelPurchase(_) => 22,
            Command::PlaceOrder(_) => 23,
            Command::ShipOrder(_) => 24,
            Command::CancelOrder(_) => 25,
            Command::Sell(_) => 26,
            Command::ReturnGoods(_) => 27,
            Command::AcknowledgeAlert(_) => 28,
        }
    }

    #[test]
    fn the_script_does_and_is_refused_every_verb() {
        let script = script().unwrap();
        let done = script.iter().filter(|step| step.refused.is_none()).map(|step| number(&step.command));
        assert_eq!(done.collect::<BTreeSet<_>>(), (0..29).collect());
        let refused = script.iter().filter(|step| step.refused.is_some()).map(|step| number(&step.command));
        let never_refused: Vec<u32> =
            (0..29).filter(|number| !refused.clone().any(|refused| refused == *number)).collect();
        assert_eq!(never_refused, [6, 8, 10], "updates of parties and sites are refused only where they are unknown");
    }

    #[test]
    fn its_moments_only_go_forward() {
        let script = script().unwrap();
        assert!(script.windows(2).all(|steps| steps[0].ctx.now < steps[1].ctx.now));
        assert!(script.last().unwrap().ctx.now < minute(FIRST_LAPSE), "{} steps", script.len());
    }
}
