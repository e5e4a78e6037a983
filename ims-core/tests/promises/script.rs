//! Turns steps into commands: keeps the time, makes the ids, and knows what is there.

use crate::{
    shadow::{Moved, Refusal, Shadow},
    step::{Deed, Line, NOT_MADE, Nth, Off, Shortage, Step},
    universe::{
        COMMANDS, MICROS_PER_DAY, MICROS_PER_SECOND, NOBODY, OPENING, SUPPLIER, amount, enormous, item, opening,
        quantity, site,
    },
};
use ims_core::{
    AdjustmentReason, Command, CommandId, Context, Date, Direction, HoldId, OrderId, Patch, PurchaseId, Standing,
    SupplierId, Timestamp,
    cost::SetStandardCost,
    item::{RetireItem, UpdateItem},
    location::UpdateLocation,
    money::Fraction,
    order::{
        CancelOrder, Discount, LooseLine, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods,
        ReturnedLine, Sell, ShipOrder, ShippedLine,
    },
    period::ClosePeriod,
    purchase::{CancelPurchase, ClosePurchase, PlacePurchase, ReceivePurchase, ReceivedLine},
    stock::{
        AdjustStock, Adjusted, CostedGoods, ExtendHold, Goods, PlaceHold, ReceiveStock, ReleaseHold, SendBackStock,
        TransferStock,
    },
};

pub(crate) type Letter = (Context, Command);

/// A command that a step is.
#[derive(Debug)]
pub(crate) enum Sent {
    /// Sent for the first time, and what should come of it.
    New(Letter, Expected),
    /// The n-th of those, sent again.
    Again(usize, Letter),
    /// Sent under an id that was used before.
    Otherwise(Letter),
}

pub(crate) type Expected = Result<Vec<Moved>, Refusal>;

/// Follows the trade in a shadow, so that it can name what is there.
pub(crate) struct Script {
    now: i64,
    sent: Vec<Letter>,
    shadow: Shadow,
}

/// The n-th before the last, counting on from the last again after the first.
fn nth_last<T: Copy>(made: impl IntoIterator<Item = T>, nth: Nth, nobody: T) -> T {
    let made: Vec<T> = made.into_iter().collect();
    if made.is_empty() || nth >= NOT_MADE { nobody } else { made[made.len() - 1 - nth % made.len()] }
}

impl Script {
    /// The shop as it opens, with something on most shelves, and the commands that open it.
    pub(crate) fn open() -> (Script, Vec<(Letter, Expected)>) {
        let mut script = Script { now: OPENING, sent: Vec::new(), shadow: Shadow::default() };
        let letters =
            opening().into_iter().map(|(id, command)| script.expect((script.context(id, None), command))).collect();
        (script, letters)
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now).unwrap()
    }

    pub(crate) fn shadow(&self) -> &Shadow {
        &self.shadow
    }

    fn expect(&mut self, letter: Letter) -> (Letter, Expected) {
        let expected = self.shadow.execute(&letter.0, &letter.1);
        (letter, expected)
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
        let letter = (self.context(id, step.late_s), self.command(&step.deed));
        self.sent.push(letter.clone());
        let (letter, expected) = self.expect(letter);
        Sent::New(letter, expected)
    }

    /// An order of whole units of an item, in so many lines as there are parts.
    pub(crate) fn demand(&self, nth: Nth, shortage: Shortage, parts: &[i64]) -> Letter {
        let line = |units: &i64| OrderedLine::priced(item(nth), quantity(item(nth), units * 1_000), amount(10_000));
        let lines = parts.iter().map(line).collect();
        let order = PlaceOrder { on_shortage: on_shortage(shortage), ..PlaceOrder::new(site(0), lines) };
        (self.context(NOBODY + 100, None), order.into())
    }

    fn command(&self, deed: &Deed) -> Command {
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
                let Goods { item, quantity } = one(line);
                PlaceHold { item, site: site(*at), quantity, until: self.after(*for_s) }.into()
            }
            Deed::ExtendHold { hold, for_s } => ExtendHold { hold: self.hold(*hold), until: self.after(*for_s) }.into(),
            Deed::ReleaseHold { hold } => ReleaseHold { hold: self.hold(*hold) }.into(),
            Deed::SetStandardCost { nth, unit_cost } => {
                SetStandardCost { item: item(*nth), unit_cost: amount(*unit_cost) }.into()
            }
            Deed::PlacePurchase { site: at, lines } => {
                let (supplier, lines) = (SupplierId::from_u128(SUPPLIER), lines.iter().map(costed).collect());
                PlacePurchase { supplier, site: site(*at), expected: None, lines }.into()
            }
            Deed::ReceivePurchase { purchase, lines } => self.receive_purchase(*purchase, lines.as_deref()),
            Deed::ClosePurchase { purchase } => ClosePurchase { purchase: self.purchase(*purchase) }.into(),
            Deed::CancelPurchase { purchase } => CancelPurchase { purchase: self.purchase(*purchase) }.into(),
            Deed::PlaceOrder { site: at, lines, shortage, holds } => {
                let on_shortage = on_shortage(*shortage);
                let (lines, holds) = self.ordered(lines, holds);
                PlaceOrder { on_shortage, holds, ..PlaceOrder::new(site(*at), lines) }.into()
            }
            Deed::OrderTooMuch { site: at, nth } => {
                let CostedGoods { item, quantity, unit_cost } = enormous(*nth);
                PlaceOrder::new(site(*at), vec![OrderedLine::priced(item, quantity, unit_cost)]).into()
            }
            Deed::Sell { site: at, lines, holds } => {
                let (lines, holds) = self.ordered(lines, holds);
                Sell { holds, ..Sell::new(site(*at), lines) }.into()
            }
            Deed::Ship { order, lines } => self.ship(*order, lines.as_deref()),
            Deed::CancelOrder { order } => CancelOrder { order: self.open_order(*order) }.into(),
            Deed::Return { order, shipment, site: at, lines } => self.take_back(*order, *shipment, *at, lines),
            Deed::ReturnLoose { site: at, lines } => {
                let lines = lines.iter().map(loose).collect();
                ReturnGoods::new(ReturnedGoods::Loose { site: site(*at), customer: None, lines }).into()
            }
            Deed::RetireItem { nth } => RetireItem { item: item(*nth) }.into(),
            Deed::ReviveItem { nth, backorder_limit } => UpdateItem {
                standing: Patch::Set(Standing::Active),
                backorder_limit: Patch::Set(quantity(item(*nth), *backorder_limit)),
                ..UpdateItem::new(item(*nth))
            }
            .into(),
            Deed::RetireSite { site: at } => stand(*at, Standing::Retired),
            Deed::ReviveSite { site: at } => stand(*at, Standing::Active),
            Deed::ClosePeriod { days_ago } => {
                let today = i32::try_from(self.now.div_euclid(MICROS_PER_DAY)).unwrap();
                ClosePeriod::new(Date::from_days(today - days_ago).unwrap()).into()
            }
            // Nothing was sent before.
            Deed::Again { .. } | Deed::Otherwise { .. } => ReleaseHold { hold: HoldId::from_u128(NOBODY) }.into(),
        }
    }

    fn receive_purchase(&self, nth: Nth, lines: Option<&[Line]>) -> Command {
        let purchase = self.purchase(nth);
        let part = |line: &Line| ReceivedLine {
            line: line.nth as u32,
            quantity: quantity(self.shadow.item_of_purchase(purchase, line.nth), line.quantity),
            unit_cost: line.money.map(amount),
        };
        ReceivePurchase { purchase, lines: lines.map(|lines| lines.iter().map(part).collect()) }.into()
    }

    fn ship(&self, nth: Nth, lines: Option<&[Line]>) -> Command {
        let order = self.open_order(nth);
        let part = |line: &Line| ShippedLine {
            line: line.nth as u32,
            quantity: quantity(self.shadow.item_of_order(order, line.nth), line.quantity),
        };
        ShipOrder { order, lines: lines.map(|lines| lines.iter().map(part).collect()) }.into()
    }

    fn take_back(&self, nth: Nth, shipment: Option<Nth>, at: Option<Nth>, lines: &[Line]) -> Command {
        let order = nth_last(self.shadow.orders_with_goods_out(), nth, OrderId::from_u128(NOBODY));
        let part = |line: &Line| ReturnedLine {
            line: line.nth as u32,
            quantity: quantity(self.shadow.item_of_order(order, line.nth), line.quantity),
            refund: line.money.map(amount),
        };
        let nobody = CommandId::from_u128(NOBODY);
        let goods = ReturnedGoods::OfOrder {
            order,
            shipment: shipment.map(|nth| nth_last(self.shadow.shipments_of(order), nth, nobody)),
            site: at.map(site),
            lines: lines.iter().map(part).collect(),
        };
        let refund_reason = shipment.map(|_| "As a favour".into());
        ReturnGoods { refund_reason, ..ReturnGoods::new(goods) }.into()
    }

    /// The lines of an order, and one for what is held for it.
    fn ordered(&self, lines: &[Line], holds: &[Nth]) -> (Vec<OrderedLine>, Vec<HoldId>) {
        let holds: Vec<HoldId> = holds.iter().map(|nth| self.hold(*nth)).collect();
        let held = holds.iter().filter_map(|hold| self.shadow.goods_of_hold(*hold));
        let held = held.map(|(item, quantity)| OrderedLine::new(item, quantity));
        (lines.iter().map(ordered_line).chain(held).collect(), holds)
    }

    fn hold(&self, nth: Nth) -> HoldId {
        nth_last(self.shadow.holds(), nth, HoldId::from_u128(NOBODY))
    }

    fn open_order(&self, nth: Nth) -> OrderId {
        nth_last(self.shadow.open_orders(), nth, OrderId::from_u128(NOBODY))
    }

    fn purchase(&self, nth: Nth) -> PurchaseId {
        nth_last(self.shadow.open_purchases(), nth, PurchaseId::from_u128(NOBODY))
    }

    fn after(&self, seconds: i64) -> Timestamp {
        Timestamp::from_micros(self.now + seconds * MICROS_PER_SECOND).unwrap()
    }
}

fn receive(at: Nth, lines: Vec<CostedGoods>) -> Command {
    ReceiveStock { site: site(at), supplier: None, lines }.into()
}

fn adjust(at: Nth, direction: Direction, lines: &[Line]) -> Command {
    let adjusted = |line: &Line| {
        let Goods { item, quantity } = one(line);
        Adjusted { item, quantity, unit_cost: line.money.map(amount) }
    };
    let reason = AdjustmentReason::Counted;
    AdjustStock { site: site(at), reason, direction, lines: lines.iter().map(adjusted).collect(), note: None }.into()
}

fn stand(at: Nth, standing: Standing) -> Command {
    UpdateLocation { location: site(at), name: Patch::Keep, standing: Patch::Set(standing), if_tag: None }.into()
}

fn on_shortage(shortage: Shortage) -> OnShortage {
    match shortage {
        Shortage::Refuse => OnShortage::Refuse,
        Shortage::Backorder => OnShortage::Backorder,
        Shortage::Cancel => OnShortage::Cancel,
    }
}

fn one(line: &Line) -> Goods {
    Goods { item: item(line.nth), quantity: quantity(item(line.nth), line.quantity) }
}

fn goods(lines: &[Line]) -> Vec<Goods> {
    lines.iter().map(one).collect()
}

fn costed(line: &Line) -> CostedGoods {
    let Goods { item, quantity } = one(line);
    CostedGoods { item, quantity, unit_cost: amount(line.money.unwrap_or(12_345)) }
}

fn ordered_line(line: &Line) -> OrderedLine {
    let Goods { item, quantity } = one(line);
    let discount = match line.off {
        Off::Nothing => None,
        Off::Percent(percent) => Some(Discount::Fraction(Fraction::from_micros(percent * 10_000).unwrap())),
        Off::Amount(off) => Some(Discount::Amount(amount(off))),
    };
    OrderedLine { item, quantity, unit_price: line.money.map(amount), discount }
}

fn loose(line: &Line) -> LooseLine {
    let Goods { item, quantity } = one(line);
    let unit_price = amount(line.money.unwrap_or(50_000));
    LooseLine { item, quantity, unit_price, unit_cost: line.money.map(|money| amount(money / 2)) }
}
