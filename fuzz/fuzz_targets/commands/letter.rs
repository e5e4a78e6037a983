//! Letters: what bytes are turned into. Few names, few things, and numbers of every size, so that they hit each other.

use arbitrary::Arbitrary;
use ims_core::{
    AdjustmentReason, Amount, Command, CommandId, Contact, Context, CostingMethod, Currency, Date, Direction, ItemId,
    LocationId, Patch, Quantity, Rounding, RoundingMode, Standing, SupplierId, Text, TimeZone, Timestamp, Tracking,
    Unit,
    alert::AcknowledgeAlert,
    cost::SetStandardCost,
    item::{CreateItem, RetireItem, UpdateItem},
    location::{CreateLocation, LOSS, UpdateLocation},
    money::Fraction,
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

/// 2026-01-31 09:00 UTC.
const MORNING: i64 = 1_769_850_000_000_000;
const MICROS_PER_SECOND: i64 = 1_000_000;

/// The ids of the commands that open the shop.
const SHOP: u128 = 1_000;
const SITES: u128 = 1_001;
const ITEMS: u128 = 1_003;
const SUPPLIER: u128 = 1_008;
const CUSTOMER: u128 = 1_009;
/// The id of the first letter; the second has the next one.
const LETTERS: u128 = 2_000;

/// A command with its context.
#[derive(Arbitrary, Clone, Debug)]
pub struct Letter {
    id: Id,
    at: Moment,
    occurred: Option<Moment>,
    request: Request,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Id {
    /// The next one.
    New,
    New2,
    New3,
    /// That of another letter.
    Of(Nth),
    /// Any number.
    Any(u128),
}

/// One of the letters, by its place.
type Nth = u8;

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Moment {
    Seconds(i8),
    Minutes(i16),
    Days(i8),
    Micros(i64),
}

/// A quantity or an amount.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Number {
    Units(i8),
    Thousandths(i16),
    Millionths(i64),
}

/// One of the things that are there when the shop opens, or something that a letter made.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Name {
    First,
    Second,
    Third,
    Fourth,
    Fifth,
    Of(Nth),
    Virtual,
}

/// A name, a code or a note.
#[derive(Arbitrary, Clone, Debug)]
enum Word {
    A,
    SmallA,
    B,
    Path,
    Empty,
    Any(String),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Line {
    what: Name,
    nth: u8,
    quantity: Number,
    money: Option<Number>,
    off: Option<Off>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Off {
    Fraction(u8),
    Amount(Number),
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Costing {
    Fifo,
    Average,
    Standard,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Shortage {
    Refuse,
    Backorder,
    Cancel,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Stand {
    Keep,
    Active,
    Retired,
}

/// What an item is, besides its name.
#[derive(Arbitrary, Clone, Debug)]
struct Kind {
    decimals: u8,
    costing: Option<Costing>,
    cost: Option<Number>,
    price: Option<Number>,
    is_service: bool,
    barcode: Option<Word>,
    reorder_point: Option<Number>,
    backorder_limit: Number,
    supplier: Option<Name>,
}

#[derive(Arbitrary, Clone, Debug)]
enum Request {
    OpenShop(Word, u8, Costing),
    ClosePeriod(Moment),
    CreateItem(Word, Word, Kind),
    UpdateItem(Name, Option<Word>, Option<Kind>, Stand),
    RetireItem(Name),
    CreateLocation(Word),
    UpdateLocation(Name, Option<Word>, Stand),
    CreateSupplier(Word),
    UpdateSupplier(Name, Option<Word>, Stand),
    CreateCustomer(Word),
    UpdateCustomer(Name, Option<Word>, Stand),
    ReceiveStock(Name, Option<Name>, Vec<Line>),
    ReceiveManyTimes(Name, Line, u8),
    SendBackStock(Name, Option<Name>, Vec<Line>),
    AdjustStock(Name, Option<Word>, Vec<Line>),
    AdjustStockDown(Name, Vec<Line>),
    TransferStock(Name, Name, Vec<Line>),
    PlaceHold(Name, Name, Number, Moment),
    ExtendHold(Nth, Moment),
    ReleaseHold(Nth),
    SetStandardCost(Name, Number),
    PlacePurchase(Name, Name, Vec<Line>),
    ReceivePurchase(Nth, Option<Vec<Line>>),
    ClosePurchase(Nth),
    CancelPurchase(Nth),
    PlaceOrder(Name, Option<Name>, Vec<Line>, Shortage, Vec<Nth>),
    ShipOrder(Nth, Option<Vec<Line>>),
    CancelOrder(Nth),
    Sell(Name, Option<Name>, Option<Word>, Vec<Line>, Vec<Nth>),
    ReturnOfOrder(Nth, Option<Nth>, Option<Name>, Vec<Line>),
    ReturnLoose(Name, Option<Name>, Vec<Line>),
    AcknowledgeAlert(Name, Name),
}

/// Turns letters into commands, after those that open a shop with something in it.
pub fn write(letters: &[Letter], most: usize) -> Vec<(Context, Command)> {
    let opening = opening().into_iter().map(|(id, command)| (context(id, Moment::Seconds(0), None), command));
    let letters = (LETTERS..).zip(letters).take(most).map(|(next, letter)| {
        let id = match letter.id {
            Id::New | Id::New2 | Id::New3 => next,
            Id::Of(nth) => of(nth),
            Id::Any(id) => id,
        };
        (context(id, letter.at, letter.occurred), letter.request.command())
    });
    opening.chain(letters).collect()
}

fn opening() -> Vec<(u128, Command)> {
    let site = |code: &str| CreateLocation { code: code.into(), name: "Site".into() };
    let item = |sku: &str, costing, decimals, limit| CreateItem {
        unit: Unit::new("unit", decimals).ok(),
        costing: Some(costing),
        standard_cost: Some(Amount::from_micros(1_333_333)),
        price: Some(Amount::from_micros(2_990_000)),
        reorder_point: Some(Quantity::from_micros(2_000_000)),
        backorder_limit: Quantity::from_micros(limit),
        ..CreateItem::new(sku.parse().expect("a SKU"), sku)
    };
    let service = CreateItem { tracking: Some(Tracking::Service), ..item("SERVICE", CostingMethod::Fifo, 0, 0) };
    let lines = (0..4)
        .map(|nth| CostedGoods {
            item: ItemId::from_u128(ITEMS + nth),
            quantity: Quantity::from_micros(20_000_000),
            unit_cost: Amount::from_micros(1_111_111),
        })
        .collect();
    let receipt = ReceiveStock { site: LocationId::from_u128(SITES), supplier: None, lines };
    vec![
        (SHOP, OpenShop::new("Shop", "EUR".parse().expect("a currency")).into()),
        (SITES, site("S1").into()),
        (SITES + 1, site("S2").into()),
        (ITEMS, item("FIFO", CostingMethod::Fifo, 3, 5_000_000).into()),
        (ITEMS + 1, item("AVERAGE", CostingMethod::Average, 0, 3_000_000).into()),
        (ITEMS + 2, item("STANDARD", CostingMethod::Standard, 3, 0).into()),
        (ITEMS + 3, item("FINE", CostingMethod::Fifo, 6, i64::MAX).into()),
        (ITEMS + 4, service.into()),
        (SUPPLIER, CreateSupplier { code: "W".into(), contact: Contact::named("Wholesale") }.into()),
        (CUSTOMER, CreateCustomer { code: "R".into(), contact: Contact::named("Regular") }.into()),
        (CUSTOMER + 1, receipt.into()),
    ]
}

fn context(id: u128, at: Moment, occurred: Option<Moment>) -> Context {
    Context { occurred_at: occurred.map(moment), ..Context::new(CommandId::from_u128(id), "fuzzer", moment(at)) }
}

/// The id of a letter, and of what it makes.
fn of(nth: Nth) -> u128 {
    LETTERS + u128::from(nth % 64)
}

fn id<I: From<CommandId>>(nth: Nth) -> I {
    CommandId::from_u128(of(nth)).into()
}

fn moment(moment: Moment) -> Timestamp {
    let later = |count: i64, seconds: i64| MORNING + count * seconds * MICROS_PER_SECOND;
    let micros = match moment {
        Moment::Seconds(count) => later(count.into(), 1),
        Moment::Minutes(count) => later(count.into(), 60),
        Moment::Days(count) => later(count.into(), 86_400),
        Moment::Micros(micros) => micros,
    };
    Timestamp::from_micros(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

impl Number {
    fn micros(self) -> i64 {
        match self {
            Number::Units(count) => i64::from(count) * 1_000_000,
            Number::Thousandths(count) => i64::from(count) * 1_000,
            Number::Millionths(count) => count,
        }
    }

    fn quantity(self) -> Quantity {
        Quantity::from_micros(self.micros())
    }

    fn amount(self) -> Amount {
        Amount::from_micros(self.micros())
    }
}

impl Name {
    fn among(self, first: u128, count: u128) -> u128 {
        let nth = match self {
            Name::First => 0,
            Name::Second => 1,
            Name::Third => 2,
            Name::Fourth => 3,
            Name::Fifth => 4,
            Name::Of(nth) => return of(nth),
            Name::Virtual => return LOSS.as_u128(),
        };
        first + nth % count
    }

    fn item(self) -> ItemId {
        ItemId::from_u128(self.among(ITEMS, 5))
    }

    fn site(self) -> LocationId {
        LocationId::from_u128(self.among(SITES, 2))
    }

    fn supplier(self) -> SupplierId {
        SupplierId::from_u128(self.among(SUPPLIER, 1))
    }

    fn customer(self) -> ims_core::CustomerId {
        ims_core::CustomerId::from_u128(self.among(CUSTOMER, 1))
    }
}

impl Word {
    fn text(&self) -> Text {
        match self {
            Word::A => "A".into(),
            Word::SmallA => "a".into(),
            Word::B => "B".into(),
            Word::Path => "Drinks/Tea".into(),
            Word::Empty => "".into(),
            Word::Any(text) => text.as_str().into(),
        }
    }

    fn sku(&self) -> ims_core::Sku {
        self.text().parse().unwrap_or_else(|_| "FIFO".parse().expect("a SKU"))
    }
}

impl Costing {
    fn method(self) -> CostingMethod {
        match self {
            Costing::Fifo => CostingMethod::Fifo,
            Costing::Average => CostingMethod::Average,
            Costing::Standard => CostingMethod::Standard,
        }
    }
}

impl Stand {
    fn patch(self) -> Patch<Standing> {
        match self {
            Stand::Keep => Patch::Keep,
            Stand::Active => Patch::Set(Standing::Active),
            Stand::Retired => Patch::Set(Standing::Retired),
        }
    }
}

impl Line {
    fn goods(&self) -> Goods {
        Goods { item: self.what.item(), quantity: self.quantity.quantity() }
    }

    fn costed(&self) -> CostedGoods {
        let Goods { item, quantity } = self.goods();
        CostedGoods { item, quantity, unit_cost: self.money.map_or(Amount::ONE, Number::amount) }
    }

    fn adjusted(&self) -> Adjusted {
        let Goods { item, quantity } = self.goods();
        Adjusted { item, quantity, unit_cost: self.money.map(Number::amount) }
    }

    fn ordered(&self) -> OrderedLine {
        let Goods { item, quantity } = self.goods();
        let discount = self.off.map(|off| match off {
            Off::Fraction(percent) => {
                Discount::Fraction(Fraction::from_micros(i64::from(percent % 101) * 10_000).unwrap_or_default())
            }
            Off::Amount(amount) => Discount::Amount(amount.amount()),
        });
        OrderedLine { item, quantity, unit_price: self.money.map(Number::amount), discount }
    }

    /// The line of a document that it is about: most have few.
    fn number(&self) -> u32 {
        u32::from(self.nth % 4)
    }

    fn shipped(&self) -> ShippedLine {
        ShippedLine { line: self.number(), quantity: self.quantity.quantity() }
    }

    fn received(&self) -> ReceivedLine {
        let unit_cost = self.money.map(Number::amount);
        ReceivedLine { line: self.number(), quantity: self.quantity.quantity(), unit_cost }
    }

    fn returned(&self) -> ReturnedLine {
        let refund = self.money.map(Number::amount);
        ReturnedLine { line: self.number(), quantity: self.quantity.quantity(), refund }
    }

    fn loose(&self) -> LooseLine {
        let Goods { item, quantity } = self.goods();
        let unit_cost = self.off.map(|off| match off {
            Off::Fraction(count) => Amount::from_micros(i64::from(count) * 10_000),
            Off::Amount(amount) => amount.amount(),
        });
        LooseLine { item, quantity, unit_price: self.money.map_or(Amount::ONE, Number::amount), unit_cost }
    }
}

fn each<T>(lines: &[Line], make: impl Fn(&Line) -> T) -> Vec<T> {
    lines.iter().map(make).collect()
}

fn contact(name: &Word) -> Contact {
    Contact { city: name.text(), ..Contact::named(&name.text()) }
}

fn patch<T, U>(value: Option<T>, make: impl FnOnce(T) -> U) -> Patch<U> {
    value.map_or(Patch::Keep, |value| Patch::Set(make(value)))
}

impl Kind {
    fn unit(&self) -> Unit {
        Unit::new("unit", u32::from(self.decimals % 7)).expect("a unit")
    }

    fn tracking(&self) -> Tracking {
        if self.is_service { Tracking::Service } else { Tracking::Stocked }
    }

    fn barcodes(&self) -> Vec<Text> {
        self.barcode.iter().map(Word::text).collect()
    }

    fn create(&self, sku: &Word, name: &Word) -> CreateItem {
        CreateItem {
            brand: name.text(),
            category: name.text(),
            unit: Some(self.unit()),
            tracking: Some(self.tracking()),
            costing: self.costing.map(Costing::method),
            standard_cost: self.cost.map(Number::amount),
            price: self.price.map(Number::amount),
            barcodes: self.barcodes(),
            reorder_point: self.reorder_point.map(Number::quantity),
            reorder_to: self.reorder_point.map(Number::quantity),
            backorder_limit: self.backorder_limit.quantity(),
            supplier: self.supplier.map(Name::supplier),
            ..CreateItem::new(sku.sku(), &name.text())
        }
    }

    fn update(&self, update: UpdateItem) -> UpdateItem {
        UpdateItem {
            unit: Patch::Set(self.unit()),
            tracking: Patch::Set(self.tracking()),
            costing: patch(self.costing, Costing::method),
            price: Patch::Set(self.price.map(Number::amount)),
            barcodes: Patch::Set(self.barcodes()),
            reorder_point: Patch::Set(self.reorder_point.map(Number::quantity)),
            backorder_limit: Patch::Set(self.backorder_limit.quantity()),
            supplier: Patch::Set(self.supplier.map(Name::supplier)),
            ..update
        }
    }
}

impl Request {
    fn command(&self) -> Command {
        match self {
            Request::OpenShop(name, digits, costing) => open_shop(name, *digits, *costing).into(),
            Request::ClosePeriod(until) => {
                let days = moment(*until).micros().div_euclid(86_400 * MICROS_PER_SECOND);
                let until = i32::try_from(days).ok().and_then(Date::from_days).unwrap_or(Date::MAX);
                ClosePeriod::new(until).into()
            }
            Request::CreateItem(sku, name, kind) => kind.create(sku, name).into(),
            Request::UpdateItem(item, sku, kind, stand) => {
                let update = UpdateItem {
                    sku: patch(sku.as_ref(), Word::sku),
                    standing: stand.patch(),
                    ..UpdateItem::new(item.item())
                };
                kind.as_ref().map_or(update.clone(), |kind| kind.update(update)).into()
            }
            Request::RetireItem(item) => RetireItem { item: item.item() }.into(),
            Request::CreateLocation(code) => CreateLocation { code: code.text(), name: "Site".into() }.into(),
            Request::UpdateLocation(site, name, stand) => {
                let name = patch(name.as_ref(), Word::text);
                UpdateLocation { location: site.site(), name, standing: stand.patch(), if_tag: None }.into()
            }
            Request::CreateSupplier(code) => CreateSupplier { code: code.text(), contact: contact(code) }.into(),
            Request::UpdateSupplier(supplier, name, stand) => {
                let contact = patch(name.as_ref(), contact);
                UpdateSupplier { supplier: supplier.supplier(), contact, standing: stand.patch(), if_tag: None }.into()
            }
            Request::CreateCustomer(code) => CreateCustomer { code: code.text(), contact: contact(code) }.into(),
            Request::UpdateCustomer(customer, name, stand) => {
                let contact = patch(name.as_ref(), contact);
                UpdateCustomer { customer: customer.customer(), contact, standing: stand.patch(), if_tag: None }.into()
            }
            Request::AcknowledgeAlert(item, site) => AcknowledgeAlert { item: item.item(), site: site.site() }.into(),
            Request::ReceiveStock(..)
            | Request::ReceiveManyTimes(..)
            | Request::SendBackStock(..)
            | Request::AdjustStock(..)
            | Request::AdjustStockDown(..)
            | Request::TransferStock(..)
            | Request::PlaceHold(..)
            | Request::ExtendHold(..)
            | Request::ReleaseHold(..)
            | Request::SetStandardCost(..) => self.stock(),
            Request::PlacePurchase(..)
            | Request::ReceivePurchase(..)
            | Request::ClosePurchase(..)
            | Request::CancelPurchase(..) => self.purchase(),
            _ => self.order(),
        }
    }

    fn stock(&self) -> Command {
        match self {
            Request::ReceiveStock(site, supplier, lines) => {
                let supplier = supplier.map(Name::supplier);
                ReceiveStock { site: site.site(), supplier, lines: each(lines, Line::costed) }.into()
            }
            Request::ReceiveManyTimes(site, line, times) => {
                let lines = vec![line.costed(); usize::from(*times)];
                ReceiveStock { site: site.site(), supplier: None, lines }.into()
            }
            Request::SendBackStock(site, supplier, lines) => {
                let supplier = supplier.map(Name::supplier);
                SendBackStock { site: site.site(), supplier, lines: each(lines, Line::goods) }.into()
            }
            Request::AdjustStock(site, note, lines) => AdjustStock {
                site: site.site(),
                reason: AdjustmentReason::Found,
                direction: Direction::Up,
                lines: each(lines, Line::adjusted),
                note: note.as_ref().map(Word::text),
            }
            .into(),
            Request::AdjustStockDown(site, lines) => AdjustStock {
                site: site.site(),
                reason: AdjustmentReason::Lost,
                direction: Direction::Down,
                lines: each(lines, Line::adjusted),
                note: None,
            }
            .into(),
            Request::TransferStock(from, to, lines) => {
                TransferStock { from: from.site(), to: to.site(), lines: each(lines, Line::goods) }.into()
            }
            Request::PlaceHold(item, site, quantity, until) => {
                let (item, site, quantity) = (item.item(), site.site(), quantity.quantity());
                PlaceHold { item, site, quantity, until: moment(*until) }.into()
            }
            Request::ExtendHold(hold, until) => ExtendHold { hold: id(*hold), until: moment(*until) }.into(),
            Request::ReleaseHold(hold) => ReleaseHold { hold: id(*hold) }.into(),
            Request::SetStandardCost(item, cost) => {
                SetStandardCost { item: item.item(), unit_cost: cost.amount() }.into()
            }
            other => unreachable!("{other:?} is not about stock"),
        }
    }

    fn purchase(&self) -> Command {
        match self {
            Request::PlacePurchase(supplier, site, lines) => {
                let (supplier, site) = (supplier.supplier(), site.site());
                PlacePurchase { supplier, site, expected: None, lines: each(lines, Line::costed) }.into()
            }
            Request::ReceivePurchase(purchase, lines) => {
                let lines = lines.as_ref().map(|lines| each(lines, Line::received));
                ReceivePurchase { purchase: id(*purchase), lines }.into()
            }
            Request::ClosePurchase(purchase) => ClosePurchase { purchase: id(*purchase) }.into(),
            Request::CancelPurchase(purchase) => CancelPurchase { purchase: id(*purchase) }.into(),
            other => unreachable!("{other:?} is not about purchases"),
        }
    }

    fn order(&self) -> Command {
        match self {
            Request::PlaceOrder(site, customer, lines, shortage, holds) => PlaceOrder {
                customer: customer.map(Name::customer),
                on_shortage: match shortage {
                    Shortage::Refuse => OnShortage::Refuse,
                    Shortage::Backorder => OnShortage::Backorder,
                    Shortage::Cancel => OnShortage::Cancel,
                },
                holds: holds.iter().map(|hold| id(*hold)).collect(),
                ..PlaceOrder::new(site.site(), each(lines, Line::ordered))
            }
            .into(),
            Request::ShipOrder(order, lines) => {
                let lines = lines.as_ref().map(|lines| each(lines, Line::shipped));
                ShipOrder { order: id(*order), lines }.into()
            }
            Request::CancelOrder(order) => CancelOrder { order: id(*order) }.into(),
            Request::Sell(site, customer, series, lines, holds) => Sell {
                customer: customer.map(Name::customer),
                series: series.as_ref().map(Word::text),
                holds: holds.iter().map(|hold| id(*hold)).collect(),
                ..Sell::new(site.site(), each(lines, Line::ordered))
            }
            .into(),
            Request::ReturnOfOrder(order, shipment, site, lines) => {
                let (order, shipment, site) = (id(*order), shipment.map(id), site.map(Name::site));
                let goods = ReturnedGoods::OfOrder { order, shipment, site, lines: each(lines, Line::returned) };
                ReturnGoods::new(goods).into()
            }
            Request::ReturnLoose(site, customer, lines) => {
                let (site, customer) = (site.site(), customer.map(Name::customer));
                let goods = ReturnedGoods::Loose { site, customer, lines: each(lines, Line::loose) };
                ReturnGoods { refund_reason: Some("As a favour".into()), ..ReturnGoods::new(goods) }.into()
            }
            other => unreachable!("{other:?} is not about orders"),
        }
    }
}

fn open_shop(name: &Word, digits: u8, costing: Costing) -> OpenShop {
    OpenShop {
        time_zone: TimeZone::utc(),
        rounding: Rounding::new(u32::from(digits), RoundingMode::HalfEven),
        costing: costing.method(),
        ..OpenShop::new(&name.text(), Currency::from_code(*b"EUR").expect("a currency"))
    }
}
