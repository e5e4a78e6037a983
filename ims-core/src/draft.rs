//! What a decision sees and makes: the rows that were loaded, as earlier decisions of the same batch left them.
//!
//! A decision asks for a row; if nobody has loaded it yet, it stops with [`Stop::Need`] and is asked again once it is
//! there. What it changes stays in the draft and is taken back if it is refused after all. Nothing here touches a store.

use crate::{
    rows::{Changed, Kept, Rows},
    store::{LayerPage, Loaded, OnHandSince, ReadSet, SiteUse, Versioned},
    *,
};
use rustc_hash::FxHashSet;
use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

/// Why a decision ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The rules said no.
    Reject(Box<Rejection>),
    /// It depends on a row that is not loaded.
    Need(Need),
    /// The engine is wrong about itself.
    Broken(&'static str),
}

impl From<Rejection> for Stop {
    fn from(rejection: Rejection) -> Self {
        Stop::Reject(Box::new(rejection))
    }
}

/// A decision, or part of one.
pub(crate) type Decided<T> = Result<T, Stop>;

/// Ends a decision with a refusal.
pub(crate) fn reject<T>(rejection: Rejection) -> Decided<T> {
    Err(rejection.into())
}

/// A sum that did not fit is a refusal.
pub(crate) fn fits<T>(value: Option<T>, what: &'static str) -> Decided<T> {
    value.ok_or_else(|| Rejection::overflow(what).into())
}

/// Names rows that a decision cannot go on without.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    Shop,
    Item(ItemId),
    Location(LocationId),
    Supplier(SupplierId),
    Customer(CustomerId),
    Names(Vec<Name>),
    Series(Text),
    Stock(StockKey),
    StockEverywhere(ItemId),
    Layers(StockKey, u32),
    Hold(HoldId),
    HoldsOn(StockKey),
    Orders(Vec<OrderId>),
    Backorders(StockKey),
    Purchase(PurchaseId),
    Alert(StockKey),
    MovementsOf(CommandId),
    OnHandSince(Vec<StockKey>, Timestamp),
    SiteUse(LocationId, Timestamp),
    NewestEvent,
}

impl Need {
    pub(crate) fn add_to(&self, reads: &mut ReadSet) {
        match self.clone() {
            Need::Shop => {}
            Need::Item(key) => _ = reads.items.insert(key),
            Need::Location(key) => _ = reads.locations.insert(key),
            Need::Supplier(key) => _ = reads.suppliers.insert(key),
            Need::Customer(key) => _ = reads.customers.insert(key),
            Need::Names(keys) => reads.names.extend(keys),
            Need::Series(key) => _ = reads.series.insert(key),
            Need::Stock(key) => _ = reads.stock.insert(key),
            Need::StockEverywhere(key) => _ = reads.stock_everywhere.insert(key),
            Need::Layers(key, first) => _ = reads.layers.insert(key, first),
            Need::Hold(key) => _ = reads.holds.insert(key),
            Need::HoldsOn(key) => _ = reads.holds_on.insert(key),
            Need::Orders(keys) => reads.orders.extend(keys),
            Need::Backorders(key) => _ = reads.backorders.insert(key),
            Need::Purchase(key) => _ = reads.purchases.insert(key),
            Need::Alert(key) => _ = reads.alerts.insert(key),
            Need::MovementsOf(key) => _ = reads.movements_of.insert(key),
            Need::SiteUse(site, now) => _ = reads.site_uses.insert((site, now)),
            Need::NewestEvent => reads.newest_event = true,
            Need::OnHandSince(keys, from) => reads.on_hand_since.extend(keys.into_iter().map(|key| (key, from))),
        }
    }
}

/// Cost layers as far as they are loaded, and newer ones that were made since.
#[derive(Clone, Debug, Default)]
struct Layers {
    /// The oldest ones, in order.
    known: VecDeque<Layer>,
    /// Whether the store has more after those.
    more: bool,
    /// How many were asked for.
    asked: u32,
    /// What the store has of the known ones, once they differ.
    stored: Option<Arc<VecDeque<Layer>>>,
    /// Made since, and after those that are not loaded.
    beyond: VecDeque<Layer>,
}

/// The rows that decisions see and change.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    catalog: Option<Version>,
    shop: Rows<(), Arc<Shop>>,
    items: Rows<ItemId, Arc<Item>>,
    locations: Rows<LocationId, Arc<Location>>,
    suppliers: Rows<SupplierId, Arc<Supplier>>,
    customers: Rows<CustomerId, Arc<Customer>>,
    names: Rows<Name, NameRow>,
    series: Rows<Text, Series>,
    stock: Rows<StockKey, Stock>,
    stock_everywhere: Rows<ItemId, Vec<LocationId>>,
    layers: Rows<StockKey, Layers>,
    holds: Rows<HoldId, Hold>,
    holds_on: Rows<StockKey, Vec<HoldId>>,
    orders: Rows<OrderId, Arc<Order>>,
    backorders: Rows<StockKey, Vec<OrderId>>,
    purchases: Rows<PurchaseId, Arc<Purchase>>,
    alerts: Rows<StockKey, Alert>,
    movements_of: Rows<CommandId, Arc<Vec<(Movement, Undone)>>>,
    on_hand_since: Rows<(StockKey, Timestamp), OnHandSince>,
    site_uses: Rows<(LocationId, Timestamp), SiteUse>,
    /// When the newest event in the store was recorded; `None` where nobody has asked.
    newest_event: Option<Option<Timestamp>>,
    undone: Rows<MovementKey, Undone>,
    commands: Rows<CommandId, CommandRecord>,

    movements: Vec<Movement>,
    returns: Vec<Return>,
    sales: Vec<(SalesKey, Sales)>,
    customer_sales: Vec<(CustomerSalesKey, Sales)>,
    events: Vec<EventRecord>,
    answered: FxHashSet<CommandId>,
    /// Stock that the running command has changed: its alerts are looked at when it ends.
    touched: Vec<StockKey>,
    before: Lengths,
    /// What the last change that was made of this draft wrote to the catalogue.
    wrote: Wrote,
    /// Whether others may have written to the catalogue since the version that is known.
    moved: bool,
    /// For so many more loads others are expected to write to the catalogue.
    loads_beside_others: u32,
}

/// What a change wrote to the catalogue.
#[derive(Debug, Default)]
struct Wrote {
    shop: bool,
    items: Vec<ItemId>,
    locations: Vec<LocationId>,
    suppliers: Vec<SupplierId>,
    customers: Vec<CustomerId>,
    names: Vec<Name>,
}

impl Wrote {
    fn is_nothing(&self) -> bool {
        !self.shop
            && self.items.is_empty()
            && self.locations.is_empty()
            && self.suppliers.is_empty()
            && self.customers.is_empty()
    }
}

/// The versions that rows had which others may write.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    series: Vec<(Text, Version)>,
    stock: Vec<(StockKey, Version)>,
}

/// How long the lists were before the running command.
#[derive(Debug, Default, Clone, Copy)]
struct Lengths {
    movements: usize,
    returns: usize,
    sales: usize,
    customer_sales: usize,
    events: usize,
}

/// Does the same to every table.
macro_rules! every_table {
    ($draft:ident . $method:ident ()) => {
        $draft.shop.$method();
        $draft.items.$method();
        $draft.locations.$method();
        $draft.suppliers.$method();
        $draft.customers.$method();
        $draft.names.$method();
        $draft.series.$method();
        $draft.stock.$method();
        $draft.stock_everywhere.$method();
        $draft.layers.$method();
        $draft.holds.$method();
        $draft.holds_on.$method();
        $draft.orders.$method();
        $draft.backorders.$method();
        $draft.purchases.$method();
        $draft.alerts.$method();
        $draft.movements_of.$method();
        $draft.on_hand_since.$method();
        $draft.site_uses.$method();
        $draft.undone.$method();
    };
}

macro_rules! look_up {
    ($(#[$doc:meta])* $name:ident, $table:ident, $key:ty, $row:ty, $need:path) => {
        $(#[$doc])*
        pub(crate) fn $name(&mut self, key: &$key) -> Decided<Option<$row>> {
            match self.$table.get(key) {
                Some(row) => Ok(row.cloned()),
                None => Err(Stop::Need($need(key.clone()))),
            }
        }
    };
}

/// What decisions read.
impl Draft {
    look_up!(item, items, ItemId, Arc<Item>, Need::Item);
    look_up!(location, locations, LocationId, Arc<Location>, Need::Location);
    look_up!(supplier, suppliers, SupplierId, Arc<Supplier>, Need::Supplier);
    look_up!(customer, customers, CustomerId, Arc<Customer>, Need::Customer);
    look_up!(series, series, Text, Series, Need::Series);
    look_up!(stock, stock, StockKey, Stock, Need::Stock);
    look_up!(hold, holds, HoldId, Hold, Need::Hold);
    look_up!(purchase, purchases, PurchaseId, Arc<Purchase>, Need::Purchase);
    look_up!(alert, alerts, StockKey, Alert, Need::Alert);

    /// The 128 bits of the id of the row that has a name.
    pub(crate) fn named(&mut self, name: &Name) -> Decided<Option<u128>> {
        match self.names.get(name) {
            Some(row) => Ok(row.map(|row| row.id)),
            None => Err(Stop::Need(Need::Names(vec![name.clone()]))),
        }
    }

    /// Asks for all of these names at once, unless they are known.
    fn need_names<'a>(&self, names: impl Iterator<Item = &'a Name>) -> Decided<()> {
        let unknown: Vec<Name> = names.filter(|name| !self.names.knows(name)).cloned().collect();
        if unknown.is_empty() { Ok(()) } else { Err(Stop::Need(Need::Names(unknown))) }
    }

    /// The shop, if it is open.
    pub(crate) fn shop(&mut self) -> Decided<Option<Arc<Shop>>> {
        match self.shop.get(&()) {
            Some(row) => Ok(row.cloned()),
            None => Err(Stop::Need(Need::Shop)),
        }
    }

    /// The sites that have a stock row of an item.
    pub(crate) fn sites_with(&mut self, item: ItemId) -> Decided<Vec<LocationId>> {
        match self.stock_everywhere.get(&item) {
            Some(sites) => Ok(sites.cloned().unwrap_or_default()),
            None => Err(Stop::Need(Need::StockEverywhere(item))),
        }
    }

    /// A sales order.
    pub(crate) fn order(&mut self, id: &OrderId) -> Decided<Option<Arc<Order>>> {
        match self.orders.get(id) {
            Some(row) => Ok(row.cloned()),
            None => Err(Stop::Need(Need::Orders(vec![*id]))),
        }
    }

    /// A sales order, if it is loaded.
    pub(crate) fn peek_order(&self, id: OrderId) -> Option<&Order> {
        self.orders.peek(&id).map(Arc::as_ref)
    }

    /// A purchase order, if it is loaded.
    pub(crate) fn peek_purchase(&self, id: PurchaseId) -> Option<&Purchase> {
        self.purchases.peek(&id).map(Arc::as_ref)
    }

    /// A location, if it is loaded.
    pub(crate) fn peek_location(&self, id: LocationId) -> Option<&Location> {
        self.locations.peek(&id).map(Arc::as_ref)
    }

    /// A hold, if it is loaded.
    pub(crate) fn peek_hold(&self, id: HoldId) -> Option<&Hold> {
        self.holds.peek(&id)
    }

    /// All holds on a stock.
    pub(crate) fn holds_on(&mut self, key: StockKey) -> Decided<Vec<Hold>> {
        let Some(ids) = self.holds_on.get(&key) else { return Err(Stop::Need(Need::HoldsOn(key))) };
        let ids = ids.cloned().unwrap_or_default();
        let mut holds = Vec::with_capacity(ids.len());
        for id in ids {
            holds.extend(self.hold(&id)?);
        }
        Ok(holds)
    }

    /// The orders that wait for goods of a stock, in the order in which they were placed.
    pub(crate) fn orders_waiting_for(&mut self, key: StockKey) -> Decided<Vec<Arc<Order>>> {
        let Some(ids) = self.backorders.get(&key) else { return Err(Stop::Need(Need::Backorders(key))) };
        let ids = ids.cloned().unwrap_or_default();
        let unknown: Vec<OrderId> = ids.iter().filter(|id| !self.orders.knows(id)).copied().collect();
        if !unknown.is_empty() {
            return Err(Stop::Need(Need::Orders(unknown)));
        }
        let mut orders = Vec::with_capacity(ids.len());
        for id in ids {
            orders.extend(self.order(&id)?);
        }
        orders.sort_by_key(|order| (order.placed_at, order.id));
        Ok(orders)
    }

    /// The movements that a command made, and how much of each had been undone when they were loaded: see
    /// [`Draft::undone`] for what has been since.
    pub(crate) fn movements_of(&mut self, command: CommandId) -> Decided<Arc<Vec<(Movement, Undone)>>> {
        match self.movements_of.get(&command) {
            Some(movements) => Ok(movements.cloned().unwrap_or_default()),
            None => Err(Stop::Need(Need::MovementsOf(command))),
        }
    }

    /// When the newest event was recorded, of those of this batch and of the store.
    pub(crate) fn newest_event(&self) -> Decided<Option<Timestamp>> {
        match self.events.last() {
            Some(event) => Ok(Some(event.recorded_at)),
            None => self.newest_event.ok_or(Stop::Need(Need::NewestEvent)),
        }
    }

    /// What was on hand of some stocks at a moment and at every later one, in the order of the keys. Asks for all of them
    /// at once; and has the batch committed first where it has moved goods of one, as only the store can tell then.
    pub(crate) fn on_hand_since(&mut self, keys: &[StockKey], from: Timestamp) -> Decided<Vec<OnHandSince>> {
        let need = || Stop::Need(Need::OnHandSince(keys.to_vec(), from));
        if self.moved_before(keys) {
            return Err(need());
        }
        let nothing = |key: StockKey| OnHandSince::look_back(key, from, Quantity::ZERO, []);
        let mut all = Vec::with_capacity(keys.len());
        for key in keys {
            let Some(known) = self.on_hand_since.get(&(*key, from)) else { return Err(need()) };
            all.extend(known.copied().or_else(|| nothing(*key)));
        }
        Ok(all)
    }

    /// What is still open at a site. Only the store can tell, once what the batch has changed is committed.
    pub(crate) fn site_use(&mut self, site: LocationId, now: Timestamp) -> Decided<SiteUse> {
        match self.site_uses.get(&(site, now)) {
            Some(found) if self.events.is_empty() => Ok(found.copied().unwrap_or_else(|| SiteUse::nothing(site, now))),
            _ => Err(Stop::Need(Need::SiteUse(site, now))),
        }
    }

    /// Whether an earlier command of the batch has moved goods of one of these stocks.
    fn moved_before(&self, keys: &[StockKey]) -> bool {
        let earlier = self.movements.get(..self.before.movements).unwrap_or_default();
        let of = |movement: &Movement, key: &StockKey| {
            movement.item == key.item && (movement.from == key.site || movement.to == key.site)
        };
        earlier.iter().any(|movement| keys.iter().any(|key| of(movement, key)))
    }

    /// The movements that the running command has made so far.
    pub(crate) fn movements_made(&self) -> &[Movement] {
        self.movements.get(self.before.movements..).unwrap_or_default()
    }

    /// How much of a movement this batch has undone, with what had been before; `None` where it has not touched it.
    pub(crate) fn undone(&self, movement: MovementKey) -> Option<Undone> {
        self.undone.peek(&movement).copied()
    }

    /// The oldest cost layer of a stock.
    pub(crate) fn first_layer(&mut self, key: StockKey) -> Decided<Option<Layer>> {
        let Some(layers) = self.layers.get(&key) else {
            return Err(Stop::Need(Need::Layers(key, limits::LAYERS_PER_LOAD)));
        };
        let Some(layers) = layers else { return Ok(None) };
        match layers.known.front() {
            Some(layer) => Ok(Some(*layer)),
            None if layers.more => Err(Stop::Need(layers.more_of(key))),
            None => Ok(layers.beyond.front().copied()),
        }
    }

    /// How a command was answered, if it was; `None` where nobody has asked the store.
    pub(crate) fn answer_to(&mut self, id: CommandId) -> Option<Option<CommandRecord>> {
        Some(self.commands.get(&id)?.cloned())
    }
}

/// What decisions change.
impl Draft {
    pub(crate) fn put_shop(&mut self, shop: Arc<Shop>) {
        self.shop.put((), Some(shop));
    }

    /// Writes an item and gives it its names.
    pub(crate) fn put_item(&mut self, item: Arc<Item>) -> Decided<()> {
        let before = self.items.peek(&item.id).map(|row| row.names()).unwrap_or_default();
        self.rename(item.id.as_u128(), &before, item.names())?;
        self.items.put(item.id, Some(item));
        Ok(())
    }

    /// Writes a location and gives it its name.
    pub(crate) fn put_location(&mut self, location: Arc<Location>) -> Decided<()> {
        // Its code never changes.
        self.rename(location.id.as_u128(), &BTreeSet::new(), location.names())?;
        self.locations.put(location.id, Some(location));
        Ok(())
    }

    /// Writes a supplier and gives it its name.
    pub(crate) fn put_supplier(&mut self, supplier: Arc<Supplier>) -> Decided<()> {
        self.rename(supplier.id.as_u128(), &BTreeSet::new(), supplier.names())?;
        self.suppliers.put(supplier.id, Some(supplier));
        Ok(())
    }

    /// Writes a customer and gives it its name.
    pub(crate) fn put_customer(&mut self, customer: Arc<Customer>) -> Decided<()> {
        self.rename(customer.id.as_u128(), &BTreeSet::new(), customer.names())?;
        self.customers.put(customer.id, Some(customer));
        Ok(())
    }

    /// Gives a row its names, as far as nobody has them, and takes those away that it has no more. A name of its own may be
    /// somebody else's only where an older version had taken the two for different names: then it stays there.
    fn rename(&mut self, id: u128, before: &BTreeSet<Name>, names: BTreeSet<Name>) -> Decided<()> {
        self.need_names(before.union(&names))?;
        for name in before.difference(&names) {
            if self.named(name)? == Some(id) {
                self.names.put(name.clone(), None);
            }
        }
        for name in names {
            if self.named(&name)?.is_none() {
                self.names.put(name.clone(), Some(NameRow { name, id }));
            }
        }
        Ok(())
    }

    pub(crate) fn put_series(&mut self, series: Series) {
        self.series.put(series.code.clone(), Some(series));
    }

    pub(crate) fn put_stock(&mut self, stock: Stock) {
        let key = stock.key();
        if self.stock_everywhere.len() > 0
            && let Some(Some(sites)) = self.stock_everywhere.get(&key.item)
            && let Err(place) = sites.binary_search(&key.site)
        {
            // In order, as they are loaded: what is done to each is written down in that order.
            self.stock_everywhere.change(&key.item, |sites| sites.insert(place, key.site));
        }
        if self.stock.peek(&key).is_none() {
            self.guard_sites_of(key.item);
        }
        if self.stock.put(key, Some(stock)) {
            self.touched.push(key);
        }
    }

    /// Writes an item again as it is. At which sites it has stock has no version of its own, and whoever retires, changes
    /// or revalues an item looks at all of them: so the first stock at another site counts as a change of the item.
    fn guard_sites_of(&mut self, item: ItemId) {
        if let Some(row) = self.items.peek(&item).cloned() {
            self.items.put(item, Some(row));
        }
    }

    pub(crate) fn put_hold(&mut self, hold: Hold) {
        let key = StockKey { item: hold.item, site: hold.site };
        self.holds_on.change(&key, |ids| {
            if !ids.contains(&hold.id) {
                ids.push(hold.id);
            }
        });
        self.holds.put(hold.id, Some(hold));
    }

    pub(crate) fn remove_hold(&mut self, hold: &Hold) {
        let key = StockKey { item: hold.item, site: hold.site };
        self.holds_on.change(&key, |ids| ids.retain(|id| *id != hold.id));
        self.holds.put(hold.id, None);
    }

    /// Writes an order and keeps the lists of waiting orders in step.
    pub(crate) fn put_order(&mut self, order: Arc<Order>) {
        // Most of the time nobody has asked who waits.
        let lines = if self.backorders.len() > 0 { order.lines.as_slice() } else { &[] };
        for line in lines {
            let key = StockKey { item: line.item, site: order.site };
            let waits = || order.lines.iter().any(|line| line.item == key.item && line.backordered.is_positive());
            self.backorders.change(&key, |ids| {
                ids.retain(|id| *id != order.id);
                if waits() {
                    ids.push(order.id);
                }
            });
        }
        self.orders.put(order.id, Some(order));
    }

    pub(crate) fn put_purchase(&mut self, purchase: Arc<Purchase>) {
        self.purchases.put(purchase.id, Some(purchase));
    }

    pub(crate) fn put_alert(&mut self, alert: Alert) {
        self.alerts.put(alert.key(), Some(alert));
    }

    /// Adds a cost layer. Its stock must have been written before, or be written after, in the same decision.
    pub(crate) fn add_layer(&mut self, layer: Layer) -> Decided<()> {
        let key = StockKey { item: layer.key.item, site: layer.key.site };
        let added = self.layers.change(&key, |layers| layers.insert(layer));
        added.ok_or(Stop::Need(Need::Layers(key, limits::LAYERS_PER_LOAD)))
    }

    /// Adds to a cost layer that goods had been taken from; makes it again where it was used up.
    pub(crate) fn fill_layer(&mut self, more: Layer) -> Decided<()> {
        let key = StockKey { item: more.key.item, site: more.key.site };
        match self.layers.get(&key) {
            Some(Some(layers)) if layers.may_be_unknown(more.key) => Err(Stop::Need(layers.more_of(key))),
            Some(_) => self.layers.change(&key, |layers| layers.fill(more)).unwrap_or(Ok(())),
            None => Err(Stop::Need(Need::Layers(key, limits::LAYERS_PER_LOAD))),
        }
    }

    /// Puts what is left of the oldest cost layer; one with nothing left goes.
    pub(crate) fn replace_first_layer(&mut self, left: Layer) -> Decided<()> {
        let key = StockKey { item: left.key.item, site: left.key.site };
        let replaced = self.layers.change(&key, |layers| layers.replace_first(left));
        replaced.unwrap_or(Err(Stop::Broken("a layer that is consumed was seen before")))
    }

    /// Notes how much of a movement has been undone.
    pub(crate) fn put_undone(&mut self, movement: MovementKey, undone: Undone) {
        self.undone.put(movement, Some(undone));
    }

    pub(crate) fn add_movement(&mut self, movement: Movement) {
        self.movements.push(movement);
    }

    /// The number of the running command's next movement.
    pub(crate) fn next_movement(&self) -> Decided<u32> {
        let made = self.movements.len().saturating_sub(self.before.movements);
        fits(u32::try_from(made).ok(), "the number of movements")
    }

    pub(crate) fn add_return(&mut self, goods: Return) {
        self.returns.push(goods);
    }

    pub(crate) fn add_sales(&mut self, key: SalesKey, customer: Option<CustomerId>, sales: Sales) {
        let of_customer = CustomerSalesKey { day: key.day, customer };
        let so_far = self.customer_sales.get_mut(self.before.customer_sales..).and_then(<[_]>::last_mut);
        // Nearly always the lines of a command are on one day and for one customer.
        match so_far.and_then(|(last, sum)| Some((sum.checked_add(sales).filter(|_| *last == of_customer)?, sum))) {
            Some((more, sum)) => *sum = more,
            None => self.customer_sales.push((of_customer, sales)),
        }
        self.sales.push((key, sales));
    }

    /// The stock that the running command has changed so far.
    pub(crate) fn touched(&self) -> &[StockKey] {
        &self.touched
    }
}

/// What the engine does around decisions.
impl Draft {
    /// Begins a command: what it changes can be taken back.
    pub(crate) fn begin(&mut self) {
        every_table!(self.begin());
        self.touched.clear();
        self.before = Lengths {
            movements: self.movements.len(),
            returns: self.returns.len(),
            sales: self.sales.len(),
            customer_sales: self.customer_sales.len(),
            events: self.events.len(),
        };
    }

    /// Takes back what the running command has changed.
    pub(crate) fn take_back(&mut self) {
        every_table!(self.take_back());
        self.touched.clear();
        self.movements.truncate(self.before.movements);
        self.returns.truncate(self.before.returns);
        self.sales.truncate(self.before.sales);
        self.customer_sales.truncate(self.before.customer_sales);
        self.events.truncate(self.before.events);
    }

    pub(crate) fn add_event(&mut self, event: EventRecord) {
        self.events.push(event);
    }

    /// Records an answer. Unlike all else it stays when the command is taken back.
    pub(crate) fn add_answer(&mut self, record: CommandRecord) {
        self.answered.insert(record.id);
        self.commands.put(record.id, Some(record));
    }

    /// Whether a need can only be met once this batch is committed: it asks for a list of rows that the batch has
    /// changed and the store does not know yet.
    pub(crate) fn must_commit_before(&self, need: &Need) -> bool {
        match need {
            Need::Layers(key, _) => self.stock.is_dirty(key) || self.layers.is_dirty(key),
            Need::HoldsOn(key) | Need::Backorders(key) => self.stock.is_dirty(key),
            Need::StockEverywhere(_) => self.stock.any_dirty(),
            Need::MovementsOf(command) => self.answered.contains(command),
            Need::OnHandSince(keys, _) => self.moved_before(keys),
            Need::SiteUse(..) => !self.events.is_empty(),
            _ => false,
        }
    }

    /// Adds what a decision will need next: what it needs of one stock, it may need of the others that it is about, and
    /// a document of two thousand lines shall not be loaded line by line.
    pub(crate) fn foresee(&self, need: &Need, reads: &mut ReadSet) {
        let stock = |is_so: fn(&Stock) -> bool| {
            let keys = reads.stock.iter().copied();
            keys.filter(move |key| self.stock.peek(key).is_some_and(is_so))
        };
        match need {
            // Only the decision knows which items have cost layers.
            Need::Layers(_, first) => reads.layers.extend(reads.stock.iter().map(|key| (*key, *first))),
            Need::HoldsOn(_) => reads.holds_on.extend(stock(|stock| stock.holds_lapse_at.is_some())),
            Need::Alert(_) => reads.alerts.extend(stock(|stock| stock.level != StockLevel::Normal)),
            Need::Backorders(_) => reads.backorders.extend(stock(|stock| stock.backordered.is_positive())),
            Need::Orders(_) => {
                reads.orders.extend(reads.stock.iter().filter_map(|key| self.backorders.peek(key)).flatten())
            }
            _ => {}
        }
    }

    /// Leaves only what is not known yet.
    pub(crate) fn leave_unknown(&self, reads: &mut ReadSet) {
        keep(&mut reads.items, |key| !self.items.knows(key));
        keep(&mut reads.locations, |key| !self.locations.knows(key));
        keep(&mut reads.suppliers, |key| !self.suppliers.knows(key));
        keep(&mut reads.customers, |key| !self.customers.knows(key));
        keep(&mut reads.names, |key| !self.names.knows(key));
        keep(&mut reads.series, |key| !self.series.knows(key));
        keep(&mut reads.stock, |key| !self.stock.knows(key));
        reads.layers.retain(|key, _| !self.layers.knows(key));
        keep(&mut reads.holds, |key| !self.holds.knows(key));
        // Lists that this batch has changed cannot be loaded before it is committed.
        reads.layers.retain(|key, first| !self.must_commit_before(&Need::Layers(*key, *first)));
        keep(&mut reads.holds_on, |key| !self.holds_on.knows(key) && !self.stock.is_dirty(key));
        keep(&mut reads.backorders, |key| !self.backorders.knows(key) && !self.stock.is_dirty(key));
        keep(&mut reads.stock_everywhere, |key| !self.stock_everywhere.knows(key) && !self.stock.any_dirty());
        keep(&mut reads.movements_of, |key| !self.movements_of.knows(key) && !self.answered.contains(key));
        keep(&mut reads.on_hand_since, |key| !self.on_hand_since.knows(key) && !self.stock.is_dirty(&key.0));
        keep(&mut reads.site_uses, |key| !self.site_uses.knows(key) && self.events.is_empty());
        keep(&mut reads.orders, |key| !self.orders.knows(key));
        keep(&mut reads.purchases, |key| !self.purchases.knows(key));
        keep(&mut reads.alerts, |key| !self.alerts.knows(key));
        keep(&mut reads.commands, |key| !self.commands.knows(key));
    }

    /// Takes in what a store answered to `asked`. False where something that was seen has changed since: then the draft
    /// is of two moments and must be dropped.
    #[must_use]
    pub(crate) fn learn(&mut self, asked: &ReadSet, found: Loaded) -> bool {
        let Some(mut one_moment) = self.catch_up(asked, &found) else { return false };
        match found.shop {
            Some(shop) => one_moment &= self.shop.learn((), shop.version, Some(shop.row)),
            None => self.shop.learn_absent(&()),
        }
        one_moment &= learn_rows(&mut self.items, &asked.items, found.items, |row| row.id);
        one_moment &= learn_rows(&mut self.locations, &asked.locations, found.locations, |row| row.id);
        one_moment &= learn_rows(&mut self.suppliers, &asked.suppliers, found.suppliers, |row| row.id);
        one_moment &= learn_rows(&mut self.customers, &asked.customers, found.customers, |row| row.id);
        for row in found.names {
            one_moment &= self.names.learn(row.name.clone(), 1, Some(row));
        }
        asked.names.iter().for_each(|name| self.names.learn_absent(name));
        one_moment &= learn_rows(&mut self.series, &asked.series, found.series, |row| row.code.clone());
        for item in &asked.stock_everywhere {
            let sites = found.stock.iter().map(|stock| stock.row).filter(|stock| stock.item == *item);
            let mut sites: Vec<LocationId> = sites.map(|stock| stock.site).collect();
            sites.sort_unstable();
            sites.dedup();
            self.stock_everywhere.learn_list(*item, sites);
        }
        for stock in &found.stock {
            // Layers are as old as the stock that guards them.
            let key = stock.row.key();
            if self.stock.version(&key) != Some(stock.version) {
                self.layers.forget(&key);
            }
        }
        one_moment &= learn_rows(&mut self.stock, &asked.stock, found.stock, Stock::key);
        let mut pages: std::collections::BTreeMap<StockKey, LayerPage> = found.layers.into_iter().collect();
        for (key, first) in &asked.layers {
            let page = pages.remove(key).unwrap_or_default();
            let layers = Layers { known: page.layers.into(), more: page.more, asked: *first, ..Layers::default() };
            self.layers.learn_list(*key, layers);
        }
        for key in &asked.holds_on {
            let holds = found.holds.iter().filter(|hold| hold.row.item == key.item && hold.row.site == key.site);
            let mut ids: Vec<HoldId> = holds.map(|hold| hold.row.id).collect();
            ids.sort_unstable();
            ids.dedup();
            self.holds_on.learn_list(*key, ids);
        }
        one_moment &= learn_rows(&mut self.holds, &asked.holds, found.holds, |row| row.id);
        one_moment &= learn_rows(&mut self.orders, &asked.orders, shared(found.orders), |row| row.id);
        learn_index(&mut self.backorders, &asked.backorders, found.backorders);
        one_moment &= learn_rows(&mut self.purchases, &asked.purchases, shared(found.purchases), |row| row.id);
        for alert in found.alerts {
            one_moment &= self.alerts.learn(alert.key(), 1, Some(alert));
        }
        asked.alerts.iter().for_each(|key| self.alerts.learn_absent(key));
        for record in found.commands {
            one_moment &= self.commands.learn(record.id, 1, Some(record));
        }
        asked.commands.iter().for_each(|key| self.commands.learn_absent(key));
        let movements = found.movements_of.into_iter().map(|(command, movements)| (command, Arc::new(movements)));
        learn_index(&mut self.movements_of, &asked.movements_of, movements.collect());
        if asked.newest_event {
            self.newest_event = Some(found.newest_event);
        }
        let since = found.on_hand_since.into_iter().map(|since| ((since.key, since.from), since));
        learn_index(&mut self.on_hand_since, &asked.on_hand_since, since.collect());
        let uses = found.site_uses.into_iter().map(|found| ((found.site, found.now), found));
        learn_index(&mut self.site_uses, &asked.site_uses, uses.collect());
        one_moment
    }

    /// Brings the rows of the catalogue to the moment of what was found: what was written since is forgotten. Tells whether
    /// the batch had seen none of that; nothing where it was not asked what was written.
    fn catch_up(&mut self, asked: &ReadSet, found: &Loaded) -> Option<bool> {
        let known = *self.catalog.get_or_insert(found.catalog);
        let asked_since = asked.catalog_since == Some(known);
        if known == found.catalog {
            self.moved &= !asked_since;
            self.loads_beside_others = self.loads_beside_others.saturating_sub(1);
            return Some(true);
        }
        self.loads_beside_others = limits::LOADS_BESIDE_OTHERS;
        self.moved = !asked_since;
        if !asked_since {
            return None;
        }
        self.catalog = Some(found.catalog);
        let Some(changes) = &found.catalog_changes else {
            let unused = !self.uses_catalog();
            self.forget_catalog();
            return Some(unused);
        };
        let mut unused = !self.names.is_used();
        self.names.clear();
        for mark in changes {
            let id = CommandId::from_u128(mark.0);
            unused &= *mark != CatalogMark::SHOP || forget_unused(&mut self.shop, &());
            unused &= forget_unused(&mut self.items, &id.into());
            unused &= forget_unused(&mut self.locations, &id.into());
            unused &= forget_unused(&mut self.suppliers, &id.into());
            unused &= forget_unused(&mut self.customers, &id.into());
        }
        Some(unused)
    }

    fn uses_catalog(&self) -> bool {
        self.shop.is_used()
            || self.items.is_used()
            || self.locations.is_used()
            || self.suppliers.is_used()
            || self.customers.is_used()
            || self.names.is_used()
    }

    fn forget_catalog(&mut self) {
        self.shop.clear();
        self.items.clear();
        self.locations.clear();
        self.suppliers.clear();
        self.customers.clear();
        self.names.clear();
    }

    /// Whether others may have written to the catalogue since it was looked at.
    pub(crate) fn must_catch_up(&self) -> bool {
        self.moved && self.catalog.is_some()
    }

    /// Since which version it is to be asked what others wrote to the catalogue, where they write to it.
    pub(crate) fn catalog_since(&self) -> Option<Version> {
        self.catalog.filter(|_| self.moved || self.loads_beside_others > 0)
    }

    /// Makes the change that the batch amounts to; afterwards the draft counts as committed.
    pub(crate) fn drain(&mut self) -> Result<ChangeSet, Rejection> {
        let mut change = ChangeSet { catalog: self.catalog.unwrap_or_default(), ..ChangeSet::default() };
        checks(&mut change.checks, &mut self.series, CheckedKey::Series);
        checks(&mut change.checks, &mut self.stock, CheckedKey::Stock);
        checks(&mut change.checks, &mut self.holds, CheckedKey::Hold);
        checks(&mut change.checks, &mut self.orders, CheckedKey::Order);
        checks(&mut change.checks, &mut self.purchases, CheckedKey::Purchase);
        self.layers.forget_reads();
        self.drain_uses(&mut change.uses);

        change.shop = writes(&mut self.shop, Kept::ForLater).pop();
        change.items = writes(&mut self.items, Kept::ForLater);
        change.locations = writes(&mut self.locations, Kept::ForLater);
        change.suppliers = writes(&mut self.suppliers, Kept::ForLater);
        change.customers = writes(&mut self.customers, Kept::ForLater);
        for changed in self.names.drain_changes(Kept::ForLater) {
            match changed {
                Changed::Put(over, row) => {
                    // Somebody's before, and given up to be given to somebody else.
                    change.names_gone.extend((over > 0).then(|| row.name.clone()));
                    change.names.push(row);
                }
                Changed::Gone(name, _) => change.names_gone.push(name),
            }
        }
        change.series = writes(&mut self.series, Kept::ForLater);
        change.stock = writes(&mut self.stock, Kept::ForLater);
        for changed in self.holds.drain_changes(Kept::No) {
            match changed {
                Changed::Put(over, row) => change.holds.push(Write { over, row }),
                Changed::Gone(id, over) => change.holds_gone.push((id, over)),
            }
        }
        change.orders = writes(&mut self.orders, Kept::No);
        change.purchases = writes(&mut self.purchases, Kept::No);
        self.drain_layers(&mut change);
        change.alerts = writes(&mut self.alerts, Kept::No).into_iter().map(|write| write.row).collect();
        change.undone = self.undone.dirty_rows();

        change.movements = std::mem::take(&mut self.movements);
        change.movements.sort_unstable_by_key(|movement| movement.key);
        change.returns = std::mem::take(&mut self.returns);
        change.returns.sort_unstable_by_key(|goods| goods.id);
        change.sales = add_up(std::mem::take(&mut self.sales))?;
        change.customer_sales = add_up(std::mem::take(&mut self.customer_sales))?;
        change.commands = writes(&mut self.commands, Kept::No).into_iter().map(|write| write.row).collect();
        change.events = std::mem::take(&mut self.events);
        self.before = Lengths::default();
        self.forget_what_batches_do_not_share();
        self.wrote = Wrote {
            shop: change.shop.is_some(),
            items: change.items.iter().map(|write| write.row.id).collect(),
            locations: change.locations.iter().map(|write| write.row.id).collect(),
            suppliers: change.suppliers.iter().map(|write| write.row.id).collect(),
            customers: change.customers.iter().map(|write| write.row.id).collect(),
            names: change.names.iter().map(|row| &row.name).chain(&change.names_gone).cloned().collect(),
        };
        Ok(change)
    }

    /// Notes that the last change was committed, and whether others may have written to the catalogue meanwhile.
    pub(crate) fn committed(&mut self, moved: bool) {
        let wrote = std::mem::take(&mut self.wrote);
        self.moved |= moved;
        if !moved && !wrote.is_nothing() {
            self.catalog = self.catalog.map(|catalog| catalog.saturating_add(1));
        }
    }

    /// Forgets what a change that was not committed has made of the rows, and what somebody else may have changed
    /// meanwhile, as far as a conflict says.
    pub(crate) fn forget(&mut self, conflict: Conflict) {
        self.shop.abandon();
        self.items.abandon();
        self.locations.abandon();
        self.suppliers.abandon();
        self.customers.abandon();
        self.names.abandon();
        let wrote = std::mem::take(&mut self.wrote);
        if wrote.shop {
            self.shop.clear();
        }
        wrote.items.iter().for_each(|id| self.items.forget(id));
        wrote.locations.iter().for_each(|id| self.locations.forget(id));
        wrote.suppliers.iter().for_each(|id| self.suppliers.forget(id));
        wrote.customers.iter().for_each(|id| self.customers.forget(id));
        wrote.names.iter().for_each(|name| self.names.forget(name));
        if conflict.catalog {
            self.names.clear();
            self.moved = true;
        }
        self.forget_shared_rows();
        self.forget_what_batches_do_not_share();
    }

    fn forget_shared_rows(&mut self) {
        self.series.clear();
        self.stock.clear();
        self.layers.clear();
    }

    /// Forgets the rows that others write as well, and tells which versions of them were known.
    pub(crate) fn set_aside(&mut self, keys: &ReadSet) -> Versions {
        let series = keys.series.iter().filter_map(|code| Some((code.clone(), self.series.version(code)?)));
        let stock = keys.stock.iter().filter_map(|key| Some((*key, self.stock.version(key)?)));
        let versions = Versions { series: series.collect(), stock: stock.collect() };
        self.forget_shared_rows();
        versions
    }

    /// Whether others have written rows since they had these versions, where any of them were known.
    pub(crate) fn others_wrote(&self, before: &Versions) -> Option<bool> {
        let mut known = before
            .series
            .iter()
            .filter_map(|(code, seen)| Some(self.series.version(code)? == *seen))
            .chain(before.stock.iter().filter_map(|(key, seen)| Some(self.stock.version(key)? == *seen)))
            .peekable();
        known.peek()?;
        Some(known.any(|same| !same))
    }

    /// Keeps the memory that rows take within bounds.
    pub(crate) fn stay_small(&mut self) {
        if self.rows_kept() > limits::ROWS_CACHED {
            *self = Draft::default();
        }
    }

    /// How many rows it keeps between batches, of the tables that grow with the shop.
    pub(crate) fn rows_kept(&self) -> usize {
        let rows = [self.items.len(), self.names.len(), self.customers.len(), self.stock.len(), self.layers.len()];
        rows.into_iter().fold(0, usize::saturating_add)
    }

    fn forget_what_batches_do_not_share(&mut self) {
        self.stock_everywhere.clear();
        self.holds.clear();
        self.holds_on.clear();
        self.orders.clear();
        self.backorders.clear();
        self.purchases.clear();
        self.alerts.clear();
        self.movements_of.clear();
        self.on_hand_since.clear();
        self.site_uses.clear();
        self.newest_event = None;
        self.undone.clear();
        self.commands.clear();
        self.answered.clear();
        self.movements.clear();
        self.returns.clear();
        self.sales.clear();
        self.customer_sales.clear();
        self.events.clear();
    }

    /// What of the catalogue was looked at and not changed. Layers, alerts and lists are guarded by their stock or order.
    fn drain_uses(&mut self, uses: &mut Vec<CatalogMark>) {
        uses.extend(self.shop.drain_reads().iter().map(|_| CatalogMark::SHOP));
        uses.extend(self.items.drain_reads().iter().map(|(id, _)| CatalogMark::from(*id)));
        uses.extend(self.locations.drain_reads().iter().map(|(id, _)| CatalogMark::from(*id)));
        uses.extend(self.suppliers.drain_reads().iter().map(|(id, _)| CatalogMark::from(*id)));
        uses.extend(self.customers.drain_reads().iter().map(|(id, _)| CatalogMark::from(*id)));
        uses.extend(self.names.drain_reads().iter().map(|(name, _)| CatalogMark::of_name(name)));
        uses.sort_unstable();
    }

    fn drain_layers(&mut self, change: &mut ChangeSet) {
        self.layers.settle_changes(|layers| layers.write_to(change));
    }
}

impl Layers {
    fn remember_stored(&mut self) {
        if self.stored.is_none() {
            self.stored = Some(Arc::new(self.known.clone()));
        }
    }

    /// Whether a layer comes after those that are loaded, where the store has more.
    fn follows_unknown(&self, key: LayerKey) -> bool {
        self.more && self.known.back().is_none_or(|last| last.key < key)
    }

    /// Whether the store may have this layer and nobody has loaded it.
    fn may_be_unknown(&self, key: LayerKey) -> bool {
        self.follows_unknown(key) && self.beyond.binary_search_by_key(&key, |layer| layer.key).is_err()
    }

    /// Asks for a longer page.
    fn more_of(&self, key: StockKey) -> Need {
        Need::Layers(key, self.asked.saturating_mul(8).max(limits::LAYERS_PER_LOAD))
    }

    fn insert(&mut self, layer: Layer) {
        self.remember_stored();
        let list = if self.follows_unknown(layer.key) { &mut self.beyond } else { &mut self.known };
        let place = list.partition_point(|other| other.key < layer.key);
        list.insert(place, layer);
    }

    /// Adds to a layer, or makes it; it must not be one that the store may have and nobody has loaded.
    fn fill(&mut self, more: Layer) -> Decided<()> {
        self.remember_stored();
        for list in [&mut self.known, &mut self.beyond] {
            let place = list.binary_search_by_key(&more.key, |layer| layer.key);
            if let Some(layer) = place.ok().and_then(|place| list.get_mut(place)) {
                layer.quantity = fits(layer.quantity.checked_add(more.quantity), "a cost layer")?;
                layer.value = fits(layer.value.checked_add(more.value), "a cost layer")?;
                return Ok(());
            }
        }
        self.insert(more);
        Ok(())
    }

    fn replace_first(&mut self, left: Layer) -> Decided<()> {
        self.remember_stored();
        let list = if self.known.is_empty() { &mut self.beyond } else { &mut self.known };
        let Some(first) = list.front_mut().filter(|first| first.key == left.key) else {
            return Err(Stop::Broken("the layer that is consumed is the oldest one"));
        };
        if left.quantity.is_zero() {
            list.pop_front();
        } else {
            *first = left;
        }
        Ok(())
    }

    /// Writes the difference to what is stored, in the order of the keys, and takes it for stored.
    fn write_to(&mut self, change: &mut ChangeSet) {
        let Some(stored) = self.stored.take() else { return };
        let mut known = self.known.iter().peekable();
        for before in stored.iter() {
            while let Some(new) = known.next_if(|layer| layer.key < before.key) {
                change.layers.push(*new);
            }
            match known.next_if(|layer| layer.key == before.key) {
                Some(now) if now != before => change.layers.push(*now),
                Some(_) => {}
                None => change.layers_gone.push(before.key),
            }
        }
        change.layers.extend(known);
        change.layers.extend(self.beyond.drain(..));
        // What was consumed is gone from the store too, so the next page begins behind it and may be small again.
        self.asked = 0;
    }
}

fn learn_rows<K: Clone + Eq + std::hash::Hash + Ord, R: Clone>(
    rows: &mut Rows<K, R>,
    asked: &BTreeSet<K>,
    found: Vec<Versioned<R>>,
    key: impl Fn(&R) -> K,
) -> bool {
    let mut one_moment = true;
    for row in found {
        one_moment &= rows.learn(key(&row.row), row.version, Some(row.row));
    }
    asked.iter().for_each(|key| rows.learn_absent(key));
    one_moment
}

/// Forgets a row, and tells whether the batch had not seen it.
fn forget_unused<K: Clone + Eq + std::hash::Hash + Ord, R: Clone>(rows: &mut Rows<K, R>, key: &K) -> bool {
    let unused = !rows.uses(key);
    rows.forget(key);
    unused
}

fn shared<R>(rows: Vec<Versioned<R>>) -> Vec<Versioned<Arc<R>>> {
    rows.into_iter().map(|Versioned { version, row }| Versioned { version, row: Arc::new(row) }).collect()
}

fn learn_index<K: Clone + Eq + std::hash::Hash + Ord, R: Clone>(
    rows: &mut Rows<K, R>,
    asked: &BTreeSet<K>,
    found: Vec<(K, R)>,
) {
    for (key, row) in found {
        rows.learn_list(key, row);
    }
    asked.iter().for_each(|key| rows.learn_absent(key));
}

fn checks<K: Clone + Eq + std::hash::Hash + Ord, R: Clone>(
    checks: &mut Vec<Check>,
    rows: &mut Rows<K, R>,
    key: impl Fn(K) -> CheckedKey,
) {
    checks.extend(rows.drain_reads().into_iter().map(|(row, seen)| Check { key: key(row), seen }));
}

/// The rows that were written; rows of these tables are never deleted.
fn writes<K: Clone + Eq + std::hash::Hash + Ord, R: Clone>(rows: &mut Rows<K, R>, kept: Kept) -> Vec<Write<R>> {
    let changes = rows.drain_changes(kept).into_iter();
    changes
        .filter_map(|change| match change {
            Changed::Put(over, row) => Some(Write { over, row }),
            Changed::Gone(..) => None,
        })
        .collect()
}

/// Merges totals of the same key.
fn add_up<K: Ord>(mut parts: Vec<(K, Sales)>) -> Result<Vec<(K, Sales)>, Rejection> {
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    let mut sums: Vec<(K, Sales)> = Vec::with_capacity(parts.len());
    for (key, part) in parts {
        match sums.last_mut() {
            Some((last, sum)) if *last == key => {
                *sum = sum.checked_add(part).ok_or_else(|| Rejection::overflow("a day's sales"))?;
            }
            _ => sums.push((key, part)),
        }
    }
    Ok(sums)
}

/// Keeps the wanted keys of a set. Most are wanted all; otherwise the set is made anew, as to take keys out of a tree one
/// by one is slower, and much code for each type of key.
fn keep<K: Ord>(keys: &mut BTreeSet<K>, wanted: impl Fn(&K) -> bool) {
    if !keys.iter().all(&wanted) {
        let mut kept = BTreeSet::new();
        kept.extend(std::mem::take(keys).into_iter().filter(|key| wanted(key)));
        *keys = kept;
    }
}
