//! Day after day: goods come, orders leave, people buy, some bring things back, and in the evening the shop reorders.

use super::{
    assortment::{products, units},
    random::Random,
    setup::Shop,
};
use crate::{
    failure::{Failure, Outcome},
    progress::Progress,
    replay::{Pipeline, ReplayIds},
    session::Session,
};
use ims_core::{
    AdjustmentReason, Command, CommandId, Context, Date, Direction, Error, ItemId, OrderId, OrderStatus, PurchaseId,
    Receipt, Reply, Reports, TimeZone, Timestamp,
    money::Fraction,
    order::{Discount, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods, ReturnedLine, Sell, ShipOrder},
    purchase::{PlacePurchase, ReceivePurchase},
    report::{OrderQuery, PageRequest, ReorderLine},
    stock::{AdjustStock, Adjusted, CostedGoods},
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The first day of trade is the first of July 2025, the last one the end of that year.
const FIRST_DAY: (u16, u8, u8) = (2025, 7, 1);
const DAYS: u32 = 184;
const SEED: u64 = 20_250_701;
const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: u32 = 1_440;
const GOODS_COME_AT: u32 = 8 * 60;
const ORDERS_LEAVE_AT: u32 = 8 * 60 + 30;
const OPENS_AT: u32 = 9 * 60;
const CLOSES_AT: u32 = 18 * 60;
/// How often the reorder list is looked at, and how much of it is overlooked.
const DAYS_BETWEEN_REORDERS: u32 = 3;
const OVERLOOKED_PERCENT: u32 = 12;
/// Sales that something may still come back of.
const SALES_REMEMBERED: usize = 100;
const ACTOR: &str = "demo";
const IDS: ReplayIds = ReplayIds { mark: 0x0de3_0001 };

/// What was traded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Traded {
    pub(crate) days: u32,
    pub(crate) commands: u64,
    pub(crate) orders: u64,
    pub(crate) returns: u64,
    pub(crate) purchases: u64,
    /// What was refused, mostly because a shelf was empty.
    pub(crate) turned_away: u64,
}

/// Commands that are given in this order, with ids that follow from it.
#[derive(Default)]
pub(super) struct Commands {
    waiting: Vec<(Context, Command)>,
    given: u32,
}

impl Commands {
    /// Gives a command. Its id names what it makes.
    pub(super) fn give(&mut self, at: Timestamp, command: impl Into<Command>) -> CommandId {
        self.given = self.given.saturating_add(1);
        let id = IDS.id(at, 0, self.given);
        self.waiting.push((Context::new(id, ACTOR, at), command.into()));
        id
    }
}

/// Opens the shop and trades in it.
pub(crate) async fn run(session: &Session) -> Outcome<Traded> {
    if let Some(shop) = session.shop().await? {
        let message =
            format!("there is a shop in {} already: {}", crate::store_url::shown(&session.store_url), shop.name);
        return Err(Failure::refused("shop_already_open", message)
            .hint("the demo needs a store of its own: ims demo --store sqlite:demo.db"));
    }
    let (year, month, day) = FIRST_DAY;
    let start = TimeZone::utc().start_of(Date::new(year, month, day).unwrap_or(Date::MIN));
    let mut random = Random::new(SEED);
    let mut commands = Commands::default();
    let products = products(&mut random);
    let shop = Shop::open(&mut commands, start, products)?;
    let mut trader = Trader {
        session,
        shop,
        random,
        commands,
        pipeline: Pipeline::new(session.engine.clone()),
        traded: Traded::default(),
        sold: Vec::new(),
        coming: BTreeMap::new(),
        start,
    };
    let progress = Progress::of(&session.out, "Trading six months", u64::from(DAYS), "days");
    trader.settle().await?;
    for day in 0..DAYS {
        trader.day(day).await?;
        progress.advance(1);
    }
    Ok(trader.traded)
}

/// The shop in the middle of its trade.
struct Trader<'a> {
    session: &'a Session,
    shop: Shop,
    random: Random,
    commands: Commands,
    pipeline: Pipeline<()>,
    traded: Traded,
    /// Sales of late that something may come back of.
    sold: Vec<OrderId>,
    /// Purchase orders, by the day on which they come.
    coming: BTreeMap<u32, Vec<PurchaseId>>,
    start: Timestamp,
}

impl Trader<'_> {
    async fn day(&mut self, day: u32) -> Outcome {
        self.traded.days = self.traded.days.saturating_add(1);
        let morning = self.at(day, GOODS_COME_AT);
        for purchase in self.coming.remove(&day).unwrap_or_default() {
            self.commands.give(morning, ReceivePurchase { purchase, lines: None });
        }
        self.settle().await?;
        self.ship(day).await?;
        self.open_hours(day);
        self.settle().await?;
        if day.is_multiple_of(DAYS_BETWEEN_REORDERS) {
            self.reorder(day).await?;
        }
        self.settle().await
    }

    fn at(&self, day: u32, minute: u32) -> Timestamp {
        let minutes = day.saturating_mul(DAY_MINUTES).saturating_add(minute);
        self.start.checked_add_ms(i64::from(minutes).saturating_mul(MINUTE_MS)).unwrap_or(self.start)
    }

    /// Ships what is promised to orders of earlier days.
    async fn ship(&mut self, day: u32) -> Outcome {
        let at = self.at(day, ORDERS_LEAVE_AT);
        for status in [OrderStatus::Placed, OrderStatus::PartlyShipped] {
            let query = OrderQuery { status: Some(status), ..OrderQuery::default() };
            let open = self.session.store().orders(&query, &PageRequest::default()).await?;
            for order in open.rows.iter().rev() {
                if order.lines.iter().any(|line| line.allocated.is_positive()) {
                    self.commands.give(at, ShipOrder { order: order.id, lines: None });
                }
            }
        }
        self.settle().await
    }

    /// What happens between opening and closing.
    fn open_hours(&mut self, day: u32) {
        let weekend = if matches!(day % 7, 4 | 5) { 12 } else { 0 };
        // Trade grows towards the end of the year.
        let sales = self.random.between(14, 22).saturating_add(day / 16).saturating_add(weekend);
        let width = CLOSES_AT.saturating_sub(OPENS_AT);
        for number in 0..sales {
            let minute = number.saturating_mul(width).checked_div(sales).unwrap_or(0).saturating_add(OPENS_AT);
            let at = self.at(day, minute);
            match self.random.below(100) {
                0..=69 => self.sell(at),
                70..=93 => self.take_order(at),
                94..=97 => self.take_back(at),
                _ => self.lose(at),
            }
        }
    }

    fn basket(&mut self) -> Vec<OrderedLine> {
        let mut basket: Vec<OrderedLine> = Vec::new();
        for _ in 0..self.random.between(1, 4) {
            let Some(item) = self.draw() else { continue };
            if basket.iter().any(|line| line.item == item) {
                continue;
            }
            let quantity = units(if self.random.percent(75) { 1 } else { self.random.between(2, 4) });
            // Now and then something is on offer.
            let discount = if self.random.percent(8) { Fraction::from_micros(100_000) } else { None };
            basket.push(OrderedLine { discount: discount.map(Discount::Fraction), ..OrderedLine::new(item, quantity) });
        }
        basket
    }

    /// Draws an item, popular ones more often.
    fn draw(&mut self) -> Option<ItemId> {
        let all = self.shop.demand.last().copied().unwrap_or(0);
        let drawn = self.random.below(all);
        let place = self.shop.demand.partition_point(|up_to| *up_to <= drawn);
        self.shop.products.get(place).map(|(_, item)| *item)
    }

    fn sell(&mut self, at: Timestamp) {
        let lines = self.basket();
        let customer = if self.random.percent(40) { self.random.pick(&self.shop.customers).copied() } else { None };
        self.commands.give(at, Sell { customer, ..Sell::new(self.shop.site, lines) });
    }

    fn take_order(&mut self, at: Timestamp) {
        let lines = self.basket();
        let customer = self.random.pick(&self.shop.customers).copied();
        let on_shortage = OnShortage::Backorder;
        self.commands.give(at, PlaceOrder { customer, on_shortage, ..PlaceOrder::new(self.shop.site, lines) });
    }

    fn take_back(&mut self, at: Timestamp) {
        let drawn = self.random.below(u32::try_from(self.sold.len()).unwrap_or(0));
        let place = usize::try_from(drawn).unwrap_or(0);
        if place >= self.sold.len() {
            return;
        }
        // Nothing comes back twice.
        let order = self.sold.swap_remove(place);
        let lines = vec![ReturnedLine { line: 0, quantity: units(1), refund: None }];
        let goods = ReturnedGoods::OfOrder { order, shipment: None, site: None, lines };
        self.commands.give(at, ReturnGoods::new(goods));
    }

    fn lose(&mut self, at: Timestamp) {
        let Some(item) = self.draw() else { return };
        let reason = if self.random.percent(70) { AdjustmentReason::Damaged } else { AdjustmentReason::Lost };
        let lines = vec![Adjusted { item, quantity: units(1), unit_cost: None }];
        let (site, direction) = (self.shop.site, Direction::Down);
        self.commands.give(at, AdjustStock { site, reason, direction, lines, note: None });
    }

    /// Orders what the reorder list proposes, one purchase order for each supplier. Some of it is overlooked.
    async fn reorder(&mut self, day: u32) -> Outcome {
        let evening = self.at(day, CLOSES_AT.saturating_add(30));
        let proposals = self.session.store().reorder(evening, &PageRequest::default()).await?.rows;
        for (code, supplier, days) in self.shop.suppliers.clone() {
            let of_supplier = proposals.iter().filter(|proposal| *proposal.supplier == *code);
            let lines: Vec<CostedGoods> = of_supplier.filter_map(|proposal| self.agree(proposal)).collect();
            if lines.is_empty() {
                continue;
            }
            let due = day.saturating_add(days).saturating_add(self.random.below(3));
            let expected = TimeZone::utc().business_day(self.at(due, 0));
            let place = PlacePurchase { supplier, site: self.shop.site, expected: Some(expected), lines };
            let purchase = self.commands.give(evening, place).into();
            self.coming.entry(due).or_default().push(purchase);
        }
        Ok(())
    }

    fn agree(&mut self, proposal: &ReorderLine) -> Option<CostedGoods> {
        if self.random.percent(OVERLOOKED_PERCENT) {
            return None;
        }
        let (product, item) = self.shop.products.iter().find(|(_, item)| *item == proposal.item)?;
        Some(CostedGoods { item: *item, quantity: proposal.propose, unit_cost: product.cost })
    }

    /// Gives what is waiting and takes in the answers.
    async fn settle(&mut self) -> Outcome {
        for (context, command) in std::mem::take(&mut self.commands.waiting) {
            let answered = self.pipeline.give(context, command, 1, ()).await;
            self.take(answered)?;
        }
        let answered = self.pipeline.finish().await;
        self.take(answered)
    }

    fn take(&mut self, answered: Vec<((), Reply)>) -> Outcome {
        for ((), reply) in answered {
            self.traded.commands = self.traded.commands.saturating_add(1);
            let receipt = match reply {
                Ok(receipt) => receipt,
                Err(Error::Rejected(_)) => {
                    self.traded.turned_away = self.traded.turned_away.saturating_add(1);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let counter = match &*receipt {
                Receipt::Sold { order, .. } => {
                    self.sold.push(order.id);
                    &mut self.traded.orders
                }
                Receipt::OrderPlaced(_) => &mut self.traded.orders,
                Receipt::GoodsReturned { .. } => &mut self.traded.returns,
                Receipt::PurchasePlaced(_) => &mut self.traded.purchases,
                _ => continue,
            };
            *counter = counter.saturating_add(1);
        }
        // What was bought long ago does not come back any more.
        let old = self.sold.len().saturating_sub(SALES_REMEMBERED);
        self.sold.drain(..old);
        Ok(())
    }
}
