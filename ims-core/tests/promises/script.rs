//! Turns steps into commands: keeps the time, makes the ids, and knows what was made.

use crate::step::{Deed, Line, Nth, Off, Shortage, Step};
use ims_core::{
    Amount, Command, CommandId, Context, CostingMethod, Date, Direction, HoldId, ItemId, LocationId, OrderId, Patch,
    PurchaseId, Quantity, Standing, SupplierId, Timestamp, Tracking, Unit,
    cost::SetStandardCost,
    item::{CreateItem, RetireItem, UpdateItem},
    location::{CreateLocation, UpdateLocation},
    money::Fraction,
    order::{
        CancelOrder, Discount, LooseLine, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods,
        ReturnedLine, Sell, ShipOrder, ShippedLine,
    },
    party::CreateSupplier,
    period::ClosePeriod,
    purchase::{CancelPurchase, ClosePurchase, PlacePurchase, ReceivePurchase, ReceivedLine},
    shop::OpenShop,
    stock::{
        AdjustStock, Adjusted, CostedGoods, ExtendHold, Goods, PlaceHold, ReceiveStock, ReleaseHold, SendBackStock,
        TransferStock,
    },
};

/// 2026-01-31 09:00 UTC.
const OPENING: i64 = 1_769_850_000_000_000;
const MICROS_PER_SECOND: i64 = 1_000_000;
const MICROS_PER_DAY: i64 = 86_400 * MICROS_PER_SECOND;
/// Ids of what is never made.
const NOBODY: u128 = 99;
const SITES: u128 = 1_000;
const ITEMS: u128 = 2_000;
const SUPPLIER: u128 = 3_000;
const COMMANDS: u128 = 10_000;
/// The largest whole number that a command may state, in millionths.
const ENORMOUS: i64 = 9_223_372_036_854_000_000;

/// The n-th site; after the last come a virtual location and one that is not there.
fn site(nth: Nth) -> LocationId {
    match nth {
        0..3 => LocationId::from_u128(SITES + nth as u128),
        3 => ims_core::location::CUSTOMERS,
        _ => LocationId::from_u128(NOBODY),
    }
}

/// The n-th item; after the last comes one that is not there.
pub(crate) fn item(nth: Nth) -> ItemId {
    ItemId::from_u128(if nth < ITEM_COUNT { ITEMS + nth as u128 } else { NOBODY })
}

pub(crate) const ITEM_COUNT: usize = 7;

/// The items of the shop: one of each kind that costs or counts differently.
fn items() -> [CreateItem; ITEM_COUNT] {
    let new = |sku: &str, costing, unit: (&str, u32), price: Option<i64>, backorder_limit| CreateItem {
        costing: Some(costing),
        unit: Some(Unit::new(unit.0, unit.1).unwrap()),
        price: price.map(Amount::from_micros),
        backorder_limit: Quantity::from_micros(backorder_limit),
        ..CreateItem::new(sku.parse().unwrap(), sku)
    };
    let standard = |item: CreateItem, cost| CreateItem { standard_cost: Some(Amount::from_micros(cost)), ..item };
    let (fifo, average) = (CostingMethod::Fifo, CostingMethod::Average);
    [
        new("CUP", fifo, ("piece", 0), Some(3_990_000), 5_000_000),
        new("TEA", average, ("kg", 3), Some(12_345_000), 2_500_000),
        standard(new("POT", CostingMethod::Standard, ("piece", 0), Some(25_000_000), 0), 1_230_000),
        new("SAFFRON", fifo, ("g", 6), None, 1_000_000),
        standard(new("SUGAR", CostingMethod::Standard, ("kg", 3), Some(1_000_000), 3_000_000), 3),
        CreateItem { tracking: Some(Tracking::Service), ..new("WRAPPING", fifo, ("piece", 0), Some(500_000), 0) },
        new("SPOON", average, ("piece", 0), Some(0), 0),
    ]
}

pub(crate) type Letter = (Context, Command);

/// What a letter is about to be, of those who were sent before.
#[derive(Debug)]
pub(crate) enum Sent {
    /// For the first time.
    New(Letter),
    /// The n-th of all, sent again.
    Again(usize, Letter),
    /// Under an id that was used before.
    Otherwise(Letter),
}

pub(crate) struct Script {
    now: i64,
    sent: Vec<Letter>,
    holds: Vec<HoldId>,
    orders: Vec<OrderId>,
    shipments: Vec<CommandId>,
    purchases: Vec<PurchaseId>,
}

/// The n-th before the last, counting on from the last again after the first.
fn nth_last<T: Copy>(made: &[T], nth: Nth, nobody: T) -> T {
    if made.is_empty() { nobody } else { made[made.len() - 1 - nth % made.len()] }
}

fn quantity(thousandths: i64) -> Quantity {
    Quantity::from_micros(thousandths * 1_000)
}

fn amount(ten_thousandths: i64) -> Amount {
    Amount::from_micros(ten_thousandths * 100)
}

impl Script {
    /// The shop as it opens, with something on most shelves, and the commands that open it.
    pub(crate) fn open() -> (Script, Vec<Letter>) {
        let script = Script {
            now: OPENING,
            sent: Vec::new(),
            holds: Vec::new(),
            orders: Vec::new(),
            shipments: Vec::new(),
            purchases: Vec::new(),
        };
        let site_named = |nth: usize| CreateLocation { code: format!("S{nth}").into(), name: "Site".into() };
        let supplier = CreateSupplier { code: "WHOLESALE".into(), contact: ims_core::Contact::named("Wholesale") };
        let first = [0, 1, 2, 4, 6].map(|nth| CostedGoods {
            item: item(nth),
            quantity: quantity(7_000),
            unit_cost: amount(13_333 * (nth as i64 + 1)),
        });
        let mut commands: Vec<(u128, Command)> = vec![(1, OpenShop::new("Shadow", "EUR".parse().unwrap()).into())];
        commands.extend((0..3).map(|nth| (SITES + nth as u128, site_named(nth).into())));
        commands.extend((ITEMS..).zip(items().map(Command::from)));
        commands.push((SUPPLIER, supplier.into()));
        commands.push((NOBODY + 1, ReceiveStock { site: site(0), supplier: None, lines: first.to_vec() }.into()));
        let letters = commands.into_iter().map(|(id, command)| (script.context(id, None), command)).collect();
        (script, letters)
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now).unwrap()
    }

    fn context(&self, id: u128, late_s: Option<i64>) -> Context {
        let occurred_at = late_s.map(|late_s| Timestamp::from_micros(self.now - late_s * MICROS_PER_SECOND).unwrap());
        Context { occurred_at, ..Context::new(CommandId::from_u128(id), "shadow", self.now()) }
    }

    /// The command that a step is.
    pub(crate) fn write(&mut self, step: &Step) -> Sent {
        self.now += step.wait_s * MICROS_PER_SECOND;
        if let Deed::Again { nth } | Deed::Otherwise { nth } = step.deed
            && !self.sent.is_empty()
        {
            let nth = self.sent.len() - 1 - nth % self.sent.len();
            let (mut ctx, command) = self.sent[nth].clone();
            ctx.now = self.now();
            return match step.deed {
                Deed::Again { .. } => Sent::Again(nth, (ctx, command)),
                _ => Sent::Otherwise((ctx, ReleaseHold { hold: HoldId::from_u128(NOBODY - 1) }.into())),
            };
        }
        let id = COMMANDS + self.sent.len() as u128;
        let letter = (self.context(id, step.late_s), self.command(CommandId::from_u128(id), &step.deed));
        self.sent.push(letter.clone());
        Sent::New(letter)
    }

    fn command(&mut self, id: CommandId, deed: &Deed) -> Command {
        match deed {
            Deed::Receive { site: at, lines } => receive(*at, lines.iter().map(costed).collect()),
            Deed::ReceiveBitByBit { site: at, line, times } => receive(*at, vec![costed(line); *times]),
            Deed::ReceiveTooMuch { site: at, nth } => receive(*at, vec![enormous(*nth)]),
            Deed::SendBack { site: at, lines } => {
                SendBackStock { site: site(*at), supplier: None, lines: goods(lines) }.into()
            }
            Deed::Find { site: at, lines } => adjust(*at, Direction::Up, lines),
            Deed::Lose { site: at, lines } => adjust(*at, Direction::Down, lines),
            Deed::Transfer { from, to, lines } => {
                TransferStock { from: site(*from), to: site(*to), lines: goods(lines) }.into()
            }
            Deed::Hold { site: at, line, for_s } => {
                self.holds.push(id.into());
                let until = self.after(*for_s);
                PlaceHold { item: item(line.nth), site: site(*at), quantity: quantity(line.quantity), until }.into()
            }
            Deed::ExtendHold { hold, for_s } => ExtendHold { hold: self.hold(*hold), until: self.after(*for_s) }.into(),
            Deed::ReleaseHold { hold } => ReleaseHold { hold: self.hold(*hold) }.into(),
            Deed::SetStandardCost { nth, unit_cost } => {
                SetStandardCost { item: item(*nth), unit_cost: amount(*unit_cost) }.into()
            }
            Deed::PlacePurchase { .. }
            | Deed::ReceivePurchase { .. }
            | Deed::ClosePurchase { .. }
            | Deed::CancelPurchase { .. } => self.purchase(id, deed),
            Deed::RetireItem { .. }
            | Deed::ReviveItem { .. }
            | Deed::RetireSite { .. }
            | Deed::ReviveSite { .. }
            | Deed::ClosePeriod { .. } => self.catalog(deed),
            Deed::Again { .. } | Deed::Otherwise { .. } => {
                ReleaseHold { hold: HoldId::from_u128(NOBODY) }.into() // Nothing was sent before.
            }
            _ => self.order(id, deed),
        }
    }

    fn purchase(&mut self, id: CommandId, deed: &Deed) -> Command {
        let nth = |nth: &Nth| nth_last(&self.purchases, *nth, PurchaseId::from_u128(NOBODY));
        match deed {
            Deed::ReceivePurchase { purchase, lines } => {
                let part = |line: &Line| ReceivedLine {
                    line: line.nth as u32,
                    quantity: quantity(line.quantity),
                    unit_cost: line.money.map(amount),
                };
                let lines = lines.as_ref().map(|lines| lines.iter().map(part).collect());
                ReceivePurchase { purchase: nth(purchase), lines }.into()
            }
            Deed::ClosePurchase { purchase } => ClosePurchase { purchase: nth(purchase) }.into(),
            Deed::CancelPurchase { purchase } => CancelPurchase { purchase: nth(purchase) }.into(),
            Deed::PlacePurchase { site: at, lines } => {
                self.purchases.push(id.into());
                let lines = lines.iter().map(costed).collect();
                let supplier = SupplierId::from_u128(SUPPLIER);
                PlacePurchase { supplier, site: site(*at), expected: None, lines }.into()
            }
            _ => unreachable!("{deed:?} is no purchase"),
        }
    }

    fn order(&mut self, id: CommandId, deed: &Deed) -> Command {
        match deed {
            Deed::PlaceOrder { site: at, lines, shortage, holds } => {
                self.orders.push(id.into());
                let holds = holds.iter().map(|hold| self.hold(*hold)).collect();
                let on_shortage = match shortage {
                    Shortage::Refuse => OnShortage::Refuse,
                    Shortage::Backorder => OnShortage::Backorder,
                    Shortage::Cancel => OnShortage::Cancel,
                };
                PlaceOrder { on_shortage, holds, ..PlaceOrder::new(site(*at), ordered(lines)) }.into()
            }
            Deed::OrderTooMuch { site: at, nth } => {
                self.orders.push(id.into());
                let CostedGoods { item, quantity, unit_cost } = enormous(*nth);
                PlaceOrder::new(site(*at), vec![OrderedLine::priced(item, quantity, unit_cost)]).into()
            }
            Deed::Sell { site: at, lines, holds } => {
                self.orders.push(id.into());
                self.shipments.push(id);
                let holds = holds.iter().map(|hold| self.hold(*hold)).collect();
                Sell { holds, ..Sell::new(site(*at), ordered(lines)) }.into()
            }
            Deed::Ship { order, lines } => {
                self.shipments.push(id);
                let part = |line: &Line| ShippedLine { line: line.nth as u32, quantity: quantity(line.quantity) };
                let lines = lines.as_ref().map(|lines| lines.iter().map(part).collect());
                ShipOrder { order: self.nth_order(*order), lines }.into()
            }
            Deed::CancelOrder { order } => CancelOrder { order: self.nth_order(*order) }.into(),
            Deed::Return { order, shipment, site: at, lines } => {
                let part = |line: &Line| ReturnedLine {
                    line: line.nth as u32,
                    quantity: quantity(line.quantity),
                    refund: line.money.map(amount),
                };
                let nobody = CommandId::from_u128(NOBODY);
                let goods = ReturnedGoods::OfOrder {
                    order: self.nth_order(*order),
                    shipment: shipment.map(|nth| nth_last(&self.shipments, nth, nobody)),
                    site: at.map(site),
                    lines: lines.iter().map(part).collect(),
                };
                ReturnGoods { goods }.into()
            }
            Deed::ReturnLoose { site: at, lines } => {
                let lines = lines.iter().map(loose).collect();
                ReturnGoods { goods: ReturnedGoods::Loose { site: site(*at), customer: None, lines } }.into()
            }
            _ => unreachable!("{deed:?} is no order"),
        }
    }

    fn catalog(&self, deed: &Deed) -> Command {
        let stand = |nth: &Nth, standing| UpdateLocation {
            location: site(*nth),
            name: Patch::Keep,
            standing: Patch::Set(standing),
        };
        match deed {
            Deed::RetireItem { nth } => RetireItem { item: item(*nth) }.into(),
            Deed::ReviveItem { nth, backorder_limit } => UpdateItem {
                standing: Patch::Set(Standing::Active),
                backorder_limit: Patch::Set(quantity(*backorder_limit)),
                ..UpdateItem::new(item(*nth))
            }
            .into(),
            Deed::RetireSite { site } => stand(site, Standing::Retired).into(),
            Deed::ReviveSite { site } => stand(site, Standing::Active).into(),
            Deed::ClosePeriod { days_ago } => {
                let today = i32::try_from(self.now.div_euclid(MICROS_PER_DAY)).unwrap();
                ClosePeriod { until: Date::from_days(today - days_ago).unwrap() }.into()
            }
            _ => unreachable!("{deed:?} changes no catalogue"),
        }
    }

    fn hold(&self, nth: Nth) -> HoldId {
        nth_last(&self.holds, nth, HoldId::from_u128(NOBODY))
    }

    fn nth_order(&self, nth: Nth) -> OrderId {
        nth_last(&self.orders, nth, OrderId::from_u128(NOBODY))
    }

    fn after(&self, seconds: i64) -> Timestamp {
        Timestamp::from_micros(self.now + seconds * MICROS_PER_SECOND).unwrap()
    }
}

fn receive(at: Nth, lines: Vec<CostedGoods>) -> Command {
    ReceiveStock { site: site(at), supplier: None, lines }.into()
}

fn adjust(at: Nth, direction: Direction, lines: &[Line]) -> Command {
    let adjusted = |line: &Line| Adjusted {
        item: item(line.nth),
        quantity: quantity(line.quantity),
        unit_cost: line.money.map(amount),
    };
    let reason = ims_core::AdjustmentReason::Counted;
    AdjustStock { site: site(at), reason, direction, lines: lines.iter().map(adjusted).collect(), note: None }.into()
}

fn goods(lines: &[Line]) -> Vec<Goods> {
    lines.iter().map(|line| Goods { item: item(line.nth), quantity: quantity(line.quantity) }).collect()
}

fn costed(line: &Line) -> CostedGoods {
    let unit_cost = amount(line.money.unwrap_or(12_345));
    CostedGoods { item: item(line.nth), quantity: quantity(line.quantity), unit_cost }
}

fn enormous(nth: Nth) -> CostedGoods {
    let (quantity, unit_cost) = (Quantity::from_micros(ENORMOUS), Amount::from_micros(ENORMOUS));
    CostedGoods { item: item(nth), quantity, unit_cost }
}

fn ordered(lines: &[Line]) -> Vec<OrderedLine> {
    let line = |line: &Line| OrderedLine {
        item: item(line.nth),
        quantity: quantity(line.quantity),
        unit_price: line.money.map(amount),
        discount: match line.off {
            Off::Nothing => None,
            Off::Percent(percent) => Some(Discount::Fraction(Fraction::from_micros(percent * 10_000).unwrap())),
            Off::Amount(off) => Some(Discount::Amount(amount(off))),
        },
    };
    lines.iter().map(line).collect()
}

fn loose(line: &Line) -> LooseLine {
    LooseLine {
        item: item(line.nth),
        quantity: quantity(line.quantity),
        unit_price: amount(line.money.unwrap_or(50_000)),
        unit_cost: line.money.map(|money| amount(money / 2)),
    }
}
