//! A second engine, written to be obviously right and nothing else: it copies the whole shop for every command, sums in
//! 128 bits, and keeps everything in ordered maps. It reads the engine's requests as data and shares no rule with it.

mod catalog;
mod number;
mod order;
mod purchase;
mod returned;
mod shelf;
mod stock;

pub(crate) use order::{ShadowLine, ShadowOrder};
pub(crate) use shelf::Shelf;

use ims_core::{
    Amount, Command, CommandId, Context, CustomerId, HoldId, ItemId, LocationId, OrderId, PurchaseId, Quantity,
    Rejection, Timestamp, Unit,
};
use shelf::{Costing, Portion};
use std::collections::{BTreeMap, BTreeSet};

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// A refusal: its code, and what was wanted and what there was, where that is why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) numbers: Option<(i128, i128)>,
}

fn refuse<T>(code: &'static str) -> Result<T, Refusal> {
    Err(Refusal { code, numbers: None })
}

fn refuse_short<T>(code: &'static str, wanted: i128, there_is: i128) -> Result<T, Refusal> {
    Err(Refusal { code, numbers: Some((wanted, there_is)) })
}

impl From<&Rejection> for Refusal {
    fn from(rejection: &Rejection) -> Self {
        let numbers = match rejection {
            Rejection::InsufficientStock { wanted, available, .. }
            | Rejection::BackorderLimit { wanted, available, .. } => Some((wanted, available)),
            Rejection::ShipsTooMuch { wanted, allocated, .. } => Some((wanted, allocated)),
            Rejection::ReturnsTooMuch { wanted, returnable, .. } => Some((wanted, returnable)),
            Rejection::ReceivesTooMuch { wanted, open, .. } => Some((wanted, open)),
            Rejection::InsufficientStockThen { wanted, lowest, .. } => Some((wanted, lowest)),
            _ => None,
        };
        Refusal {
            code: rejection.code(),
            numbers: numbers.map(|(wanted, there_is)| (units(*wanted), units(*there_is))),
        }
    }
}

/// Goods that moved, by the line of their document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub(crate) line: u32,
    pub(crate) quantity: i128,
    pub(crate) cost: i128,
    pub(crate) acquired_at: i64,
}

/// What value came in and went out, by why. Value in less value out is what is on the shelves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Books {
    /// Paid to suppliers, less what was sent back.
    pub(crate) bought: i128,
    /// Cost of goods sold, less what came back.
    pub(crate) sold: i128,
    /// Found, less lost.
    pub(crate) found: i128,
    /// Paid above standard cost, less standard cost raised.
    pub(crate) variance: i128,
}

#[derive(Clone, Debug)]
struct ShadowItem {
    decimals: u32,
    stocked: bool,
    costing: Costing,
    price: Option<i128>,
    backorder_limit: i128,
    in_trade: bool,
}

#[derive(Clone, Copy, Debug)]
struct ShadowHold {
    item: ItemId,
    site: LocationId,
    quantity: i128,
    until: i64,
    changed_at: i64,
}

type Key = (ItemId, LocationId);

/// A shop as it should be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shadow {
    items: BTreeMap<ItemId, ShadowItem>,
    /// Sites, and whether they are in use.
    sites: BTreeMap<LocationId, bool>,
    customers: BTreeSet<CustomerId>,
    suppliers: BTreeSet<ims_core::SupplierId>,
    closed_until: Option<i64>,
    shelves: BTreeMap<Key, Shelf>,
    holds: BTreeMap<HoldId, ShadowHold>,
    orders: BTreeMap<OrderId, ShadowOrder>,
    purchases: BTreeMap<PurchaseId, purchase::ShadowPurchase>,
    books: BTreeMap<ItemId, Books>,
    /// What came onto each shelf and, below zero, left it, and when.
    moves: Vec<(Key, i64, i128)>,
    /// When what was there of an item was given another value.
    revalued: Vec<(ItemId, i64)>,
    newest_at: i64,
    /// The shelves that the running command has changed, in the order in which it did.
    touched: Vec<Key>,
    /// Those that it has taken goods from, in that order.
    taken: Vec<Key>,
}

/// What is on a shelf, as a report tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) on_hand: i128,
    pub(crate) committed: i128,
    pub(crate) available: i128,
    pub(crate) backordered: i128,
    pub(crate) incoming: i128,
    pub(crate) value: i128,
}

impl Shadow {
    /// Does a command, or leaves everything as it is.
    pub(crate) fn execute(&mut self, ctx: &Context, command: &Command) -> Result<Vec<Moved>, Refusal> {
        let mut after = self.clone();
        let at = Moment::of(ctx);
        let moved = after.decide(&at, command)?;
        after.note_moves(self, &at)?;
        after.newest_at = at.now;
        *self = after;
        Ok(moved)
    }

    /// Notes what a command has moved. What is entered late must have been there, at its moment and at every later one.
    fn note_moves(&mut self, before: &Shadow, at: &Moment) -> Result<(), Refusal> {
        let change = |key: &Key| self.shelves[key].on_hand - before.shelves.get(key).map_or(0, |shelf| shelf.on_hand);
        for key in self.taken.iter().filter(|key| change(key) < 0 && at.is_late) {
            let lowest = before.lowest_since(*key, at.occurred_at);
            if lowest + change(key) < 0 {
                return refuse_short("insufficient_stock_then", -change(key), lowest);
            }
        }
        let moves: Vec<_> = self.shelves.keys().map(|key| (*key, at.occurred_at, change(key))).collect();
        self.moves.extend(moves);
        Ok(())
    }

    /// The lowest that was on a shelf at a moment or later.
    fn lowest_since(&self, key: Key, moment: i64) -> i128 {
        let of_shelf = || self.moves.iter().filter(|(of, _, _)| *of == key);
        let there = |moment: i64| -> i128 { of_shelf().filter(|(_, at, _)| *at <= moment).map(|(_, _, by)| by).sum() };
        let later = of_shelf().map(|(_, at, _)| *at).filter(|at| *at > moment);
        later.chain([moment]).map(there).min().expect("there is the moment itself")
    }

    /// The level of every shelf that ever was.
    pub(crate) fn levels(&self, now: Timestamp) -> BTreeMap<Key, Level> {
        let level = |(key, shelf): (&Key, &Shelf)| {
            let committed = shelf.allocated + self.held(*key, now.micros());
            let level = Level {
                on_hand: shelf.on_hand,
                committed,
                available: shelf.on_hand - committed,
                backordered: shelf.backordered,
                incoming: shelf.incoming,
                value: shelf.value,
            };
            (*key, level)
        };
        self.shelves.iter().map(level).collect()
    }

    /// The orders of which something is still to be shipped.
    pub(crate) fn open_orders(&self) -> Vec<OrderId> {
        self.orders.iter().filter(|(_, order)| order.is_open()).map(|(id, _)| *id).collect()
    }

    /// The orders of which something can come back.
    pub(crate) fn orders_with_goods_out(&self) -> Vec<OrderId> {
        self.orders.iter().filter(|(_, order)| order.has_goods_out()).map(|(id, _)| *id).collect()
    }

    pub(crate) fn shipments_of(&self, order: OrderId) -> Vec<CommandId> {
        self.orders.get(&order).map_or_else(Vec::new, |order| order.shipments.clone())
    }

    /// The item of a line of an order.
    pub(crate) fn item_of_order(&self, order: OrderId, line: usize) -> ItemId {
        let line = self.orders.get(&order).and_then(|order| order.lines.get(line));
        line.map_or(ItemId::from_u128(0), |line| line.item)
    }

    /// The purchase orders of which something is still to come.
    pub(crate) fn open_purchases(&self) -> Vec<PurchaseId> {
        self.purchases.iter().filter(|(_, purchase)| purchase.is_open()).map(|(id, _)| *id).collect()
    }

    /// The item of a line of a purchase order.
    pub(crate) fn item_of_purchase(&self, purchase: PurchaseId, line: usize) -> ItemId {
        self.purchases.get(&purchase).and_then(|purchase| purchase.item(line)).unwrap_or(ItemId::from_u128(0))
    }

    /// The holds that nobody has ended, lapsed ones included.
    pub(crate) fn holds(&self) -> Vec<HoldId> {
        self.holds.keys().copied().collect()
    }

    /// What a hold is for.
    pub(crate) fn goods_of_hold(&self, hold: HoldId) -> Option<(ItemId, Quantity)> {
        let hold = self.holds.get(&hold)?;
        Some((hold.item, Quantity::from_micros(i64::try_from(hold.quantity).ok()?)))
    }

    pub(crate) fn orders(&self) -> &BTreeMap<OrderId, ShadowOrder> {
        &self.orders
    }

    pub(crate) fn books(&self, item: ItemId) -> Books {
        self.books.get(&item).copied().unwrap_or_default()
    }

    /// The value of an item on all shelves.
    pub(crate) fn value_of(&self, item: ItemId) -> i128 {
        self.shelves.iter().filter(|((of, _), _)| *of == item).map(|(_, shelf)| shelf.value).sum()
    }

    fn decide(&mut self, at: &Moment, command: &Command) -> Result<Vec<Moved>, Refusal> {
        if at.occurred_at > at.now {
            return refuse("occurs_in_future");
        }
        self.touched.clear();
        self.taken.clear();
        let moved = match command {
            Command::OpenShop(_) => Vec::new(),
            Command::ClosePeriod(request) => self.close_period(at, request)?,
            Command::CreateItem(request) => self.create_item(at, request)?,
            Command::UpdateItem(request) => self.update_item(at, request)?,
            Command::RetireItem(request) => self.retire_item(at, request.item)?,
            Command::CreateLocation(_) => self.create_site(at)?,
            Command::UpdateLocation(request) => self.update_site(at, request)?,
            Command::CreateSupplier(_) => self.create_supplier(at)?,
            Command::CreateCustomer(_) => self.create_customer(at)?,
            Command::ReceiveStock(request) => self.receive(at, request)?,
            Command::SendBackStock(request) => self.send_back(at, request)?,
            Command::AdjustStock(request) => self.adjust(at, request)?,
            Command::TransferStock(request) => self.transfer(at, request)?,
            Command::PlaceHold(request) => self.place_hold(at, request)?,
            Command::ExtendHold(request) => self.extend_hold(at, request)?,
            Command::ReleaseHold(request) => self.release_hold(at, request.hold)?,
            Command::SetStandardCost(request) => self.set_standard_cost(at, request)?,
            Command::PlacePurchase(request) => self.place_purchase(at, request)?,
            Command::ReceivePurchase(request) => self.receive_purchase(at, request)?,
            Command::ClosePurchase(request) => self.close_purchase(at, request.purchase)?,
            Command::CancelPurchase(request) => self.cancel_purchase(at, request.purchase)?,
            Command::PlaceOrder(request) => self.place_order(at, request)?,
            Command::Sell(request) => self.sell(at, request)?,
            Command::ShipOrder(request) => self.ship_order(at, request)?,
            Command::CancelOrder(request) => self.cancel_order(at, request.order)?,
            Command::ReturnGoods(request) => self.take_back(at, request)?,
            Command::UpdateSupplier(_) | Command::UpdateCustomer(_) | Command::AcknowledgeAlert(_) => {
                panic!("no step makes {command:?}")
            }
        };
        self.fill_backorders(at);
        Ok(moved)
    }

    /// Nothing is entered into a closed period.
    fn check_open(&self, at: &Moment) -> Result<(), Refusal> {
        let day = at.occurred_at.div_euclid(MICROS_PER_DAY);
        if self.closed_until.is_some_and(|closed| day <= closed) { refuse("period_closed") } else { Ok(()) }
    }

    /// A shelf that the running command changes, rid of holds that have lapsed.
    fn shelf(&mut self, at: &Moment, key: Key) -> &mut Shelf {
        self.drop_lapsed(at, key);
        if !self.touched.contains(&key) {
            self.touched.push(key);
        }
        self.shelves.entry(key).or_default()
    }

    /// A shelf that something must have been on before.
    fn known_shelf(&mut self, at: &Moment, key: Key) -> Result<&mut Shelf, Refusal> {
        if self.shelves.contains_key(&key) { Ok(self.shelf(at, key)) } else { refuse("not_stocked") }
    }

    fn drop_lapsed(&mut self, at: &Moment, key: Key) {
        self.holds.retain(|_, hold| (hold.item, hold.site) != key || hold.until > at.now);
    }

    fn held(&self, key: Key, now: i64) -> i128 {
        let holds = self.holds.values().filter(|hold| (hold.item, hold.site) == key && hold.until > now);
        holds.map(|hold| hold.quantity).sum()
    }

    fn available(&self, at: &Moment, key: Key) -> i128 {
        let held = self.held(key, at.now);
        self.shelves.get(&key).map_or(0, |shelf| shelf.on_hand - shelf.allocated - held)
    }

    /// What of a shelf is not waited for by others; what was held for whoever asks is theirs.
    fn free(&self, at: &Moment, key: Key, own: i128) -> i128 {
        let waited_for = self.shelves.get(&key).map_or(0, |shelf| shelf.backordered);
        own + (self.available(at, key) - own - waited_for).max(0)
    }

    fn check_available(&self, at: &Moment, key: Key, wanted: i128) -> Result<(), Refusal> {
        let available = self.free(at, key, 0);
        if wanted > available { refuse_short("insufficient_stock", wanted, available) } else { Ok(()) }
    }

    fn books_of(&mut self, item: ItemId) -> &mut Books {
        self.books.entry(item).or_default()
    }

    /// Puts goods on a shelf; what they cost more than they are worth there is a variance.
    fn bring_in(&mut self, at: &Moment, key: Key, goods: Portion) -> Result<(), Refusal> {
        let costing = self.items[&key.0].costing;
        let value = self.shelf(at, key).put(costing, goods)?;
        self.books_of(key.0).variance += goods.value - value;
        Ok(())
    }

    fn take_out(&mut self, at: &Moment, key: Key, quantity: i128) -> Result<Vec<Portion>, Refusal> {
        let costing = self.items[&key.0].costing;
        self.taken.push(key);
        self.shelf(at, key).take(costing, quantity, at.occurred_at)
    }
}

/// Which command, and when.
struct Moment {
    id: CommandId,
    now: i64,
    occurred_at: i64,
    is_late: bool,
}

impl Moment {
    fn of(ctx: &Context) -> Moment {
        let (now, occurred_at) = (ctx.now.micros(), ctx.occurred_at.unwrap_or(ctx.now).micros());
        Moment { id: ctx.id, now, occurred_at, is_late: occurred_at < now }
    }

    /// What is entered late did not happen before what it follows.
    fn check_follows(&self, earlier: i64) -> Result<(), Refusal> {
        if self.is_late && self.occurred_at < earlier { refuse("occurs_before") } else { Ok(()) }
    }
}

fn units(quantity: Quantity) -> i128 {
    i128::from(quantity.micros())
}

fn money(amount: Amount) -> i128 {
    i128::from(amount.micros())
}

fn check_lines<T>(lines: &[T]) -> Result<(), Refusal> {
    match lines.len() {
        0 => refuse("no_lines"),
        1..=2_000 => Ok(()),
        _ => refuse("too_many_lines"),
    }
}

fn check_positive(quantity: Quantity) -> Result<i128, Refusal> {
    if units(quantity) > 0 { Ok(units(quantity)) } else { refuse("quantity_not_positive") }
}

fn check_not_negative(amount: i128) -> Result<i128, Refusal> {
    if amount < 0 { refuse("amount_negative") } else { Ok(amount) }
}

impl ShadowItem {
    fn check_fineness(&self, quantity: i128) -> Result<(), Refusal> {
        let step = 10_i128.pow(6 - self.decimals);
        if quantity % step == 0 { Ok(()) } else { refuse("quantity_too_fine") }
    }

    fn check_stocked(&self) -> Result<(), Refusal> {
        if self.stocked { Ok(()) } else { refuse("service_has_no_stock") }
    }
}

fn moved(line: usize, portions: &[Portion]) -> impl Iterator<Item = Moved> {
    let line = u32::try_from(line).unwrap();
    portions.iter().map(move |portion| {
        let Portion { quantity, value, acquired_at, .. } = *portion;
        Moved { line, quantity, cost: value, acquired_at }
    })
}

fn decimals(unit: &Option<Unit>) -> u32 {
    unit.as_ref().map_or(0, Unit::decimals)
}
