//! The shop of a case: a fresh engine on a fresh store, one item, and everything that is asked of them.

use super::{scale::Scale, stop::Stop};
use futures_executor::{LocalPool, block_on};
use futures_util::task::LocalSpawnExt;
use ims_core::{
    Amount, Command, CommandId, Context, CostingMethod, Error, Ims, Item, ItemId, Layer, LocationId, MemoryStore,
    Movement, Order, OrderId, ReadSet, Receipt, Reports, Rounding, Standing, Store, StoreError, Timestamp, Tracking,
    Unit,
    audit::{state_hash, verify},
    item::CreateItem,
    location::{CreateLocation, UpdateLocation},
    report::{MovementQuery, Page, PageRequest, ProfitBy, ProfitQuery, Row, StockLine, StockQuery, Table},
    shop::OpenShop,
};
use rust_decimal::Decimal;
use std::{collections::BTreeMap, sync::Arc};

/// When a case begins to be entered; what it says happened earlier happened earlier.
const NOW: &str = "2100-01-01T00:00:00Z";
/// The id of the first command; the one before it is for those that are only simulated.
const FIRST_ID: u128 = 1_000_000;
/// The site of a case that names none.
pub(crate) const MAIN: &str = "main";
/// The only item.
const SKU: &str = "SKU";

type Answer = Result<Arc<Receipt>, Error>;

/// A shop with one item.
pub(crate) struct Shop {
    ims: Ims<MemoryStore>,
    store: MemoryStore,
    worker: LocalPool,
    /// Every command that was executed, and its answer.
    sent: Vec<(Context, Command, Answer)>,
    sites: BTreeMap<String, LocationId>,
    /// The item.
    pub(crate) item: ItemId,
    /// The time now.
    pub(crate) now: Timestamp,
    /// In which units the case is counted.
    pub(crate) scale: Scale,
}

impl Shop {
    /// Opens a shop with an item of this costing method.
    pub(crate) fn open(costing: CostingMethod, scale: Scale) -> Result<Shop, Stop> {
        let store = MemoryStore::new();
        let (ims, work) = Ims::new(store.clone());
        let worker = LocalPool::new();
        worker.spawner().spawn_local(work).map_err(|error| Stop::Broken(error.to_string()))?;
        let mut shop = Shop {
            ims,
            store,
            worker,
            sent: Vec::new(),
            sites: BTreeMap::new(),
            item: ItemId::from_u128(0),
            now: valid(NOW.parse())?,
            scale,
        };
        // Rounding to coins would hide what the ledger knows.
        let open = OpenShop { rounding: Some(Rounding::LEDGER), ..OpenShop::new("Oracle", valid("EUR".parse())?) };
        shop.send(open, None)?;
        let create = CreateItem {
            unit: Some(valid(Unit::new("unit", 6))?),
            costing: Some(costing),
            // Used at standard cost only; until a case sets one, it is nothing.
            standard_cost: Some(Amount::ZERO),
            ..CreateItem::new(valid(SKU.parse())?, "The item")
        };
        match &*shop.send(create, None)? {
            Receipt::ItemCreated(item) => shop.item = item.id,
            other => return Stop::broken(format!("an item was to be created: {other:?}")),
        }
        Ok(shop)
    }

    /// Lets time go by.
    pub(crate) fn wait(&mut self, ms: i64) -> Result<(), Stop> {
        match self.now.checked_add_ms(ms) {
            Some(later) => self.now = later,
            None => return Stop::not_modelled(format!("{ms} ms from now")),
        }
        Ok(())
    }

    /// Executes a command, after simulating it: both must answer the same.
    pub(crate) fn send(&mut self, command: impl Into<Command>, at: Option<Timestamp>) -> Result<Arc<Receipt>, Stop> {
        let id = CommandId::from_u128(FIRST_ID + self.sent.len() as u128);
        self.send_as(id, command, at)
    }

    /// Executes a command that may have been sent before, with the same id.
    pub(crate) fn send_as(
        &mut self,
        id: CommandId,
        command: impl Into<Command>,
        at: Option<Timestamp>,
    ) -> Result<Arc<Receipt>, Stop> {
        let command = command.into();
        let ctx = Context { occurred_at: at, ..Context::new(id, "oracle", self.now) };
        let is_new = self.sent.iter().all(|(sent, ..)| sent.id != id);
        let tried = self.worker.run_until(self.ims.simulate(ctx.clone(), command.clone()));
        let done = self.worker.run_until(self.ims.execute(ctx.clone(), command.clone()));
        if is_new && !same(&tried, &done) {
            return Stop::broken(format!("simulated {tried:?}, executed {done:?}"));
        }
        self.sent.push((ctx, command, done.clone()));
        Ok(done?)
    }

    /// What a command would do now.
    pub(crate) fn simulate(&mut self, command: impl Into<Command>) -> Result<Arc<Receipt>, Stop> {
        let id = CommandId::from_u128(FIRST_ID - 1);
        let ctx = Context::new(id, "oracle", self.now);
        Ok(self.worker.run_until(self.ims.simulate(ctx, command))?)
    }

    /// How many commands have been executed.
    pub(crate) fn sent(&self) -> usize {
        self.sent.len()
    }

    /// The commands that have been executed since then.
    pub(crate) fn sent_since(&self, before: usize) -> Vec<CommandId> {
        self.sent.iter().skip(before).map(|(ctx, ..)| ctx.id).collect()
    }

    /// The site of this name; it is created when it is first named.
    pub(crate) fn site(&mut self, name: &str) -> Result<LocationId, Stop> {
        if let Some(site) = self.sites.get(name) {
            return Ok(*site);
        }
        match &*self.send(CreateLocation { code: name.into(), name: name.into() }, None)? {
            Receipt::LocationCreated(location) => {
                self.sites.insert(name.to_owned(), location.id);
                Ok(location.id)
            }
            other => Stop::broken(format!("a site was to be created: {other:?}")),
        }
    }

    /// Retires a site.
    pub(crate) fn retire(&mut self, name: &str) -> Result<(), Stop> {
        let location = self.site(name)?;
        let standing = ims_core::Patch::Set(Standing::Retired);
        self.send(UpdateLocation { location, name: ims_core::Patch::Keep, standing, if_tag: None }, None)?;
        Ok(())
    }

    /// The stock of the item, by site.
    pub(crate) fn stock(&self) -> Result<Vec<StockLine>, Stop> {
        let query = StockQuery { item: Some(self.item), site: None, now: self.now };
        Ok(every(|page| block_on(self.store.stock(&query, page)))?)
    }

    /// The stock of the item at a site, where there ever was any.
    pub(crate) fn stock_at(&self, site: &str) -> Result<Option<StockLine>, Stop> {
        Ok(self.stock()?.into_iter().find(|line| &*line.site == site))
    }

    /// What is left of each acquisition, at one site or everywhere, oldest first.
    pub(crate) fn layers(&self, site: Option<&str>) -> Result<Vec<Layer>, Stop> {
        let only = site.map(|name| self.sites.get(name).copied());
        let mut layers = Vec::new();
        for row in every(|page| block_on(self.store.scan(Table::Layers, page)))? {
            match row {
                Row::Layer(layer) if only.is_none_or(|only| only == Some(layer.key.site)) => layers.push(layer),
                _ => {}
            }
        }
        layers.sort_by_key(|layer| (layer.key.acquired_at, layer.key.number, layer.key.site));
        Ok(layers)
    }

    /// An order as it is now.
    pub(crate) fn order(&self, id: OrderId) -> Result<Order, Stop> {
        let reads = ReadSet { orders: [id].into(), ..ReadSet::default() };
        match block_on(self.store.load(&reads))?.orders.pop() {
            Some(order) => Ok(order.row),
            None => Stop::broken(format!("order {id} is gone")),
        }
    }

    /// The item as it is now.
    pub(crate) fn item_now(&self) -> Result<Arc<Item>, Stop> {
        let reads = ReadSet { items: [self.item].into(), ..ReadSet::default() };
        match block_on(self.store.load(&reads))?.items.pop() {
            Some(item) => Ok(item.row),
            None => Stop::broken("the item is gone"),
        }
    }

    /// Whether stock is kept of the item.
    pub(crate) fn is_stocked(&self) -> Result<bool, Stop> {
        Ok(self.item_now()?.tracking == Tracking::Stocked)
    }

    /// What these commands moved.
    pub(crate) fn movements_of(&self, commands: &[CommandId]) -> Result<Vec<Movement>, Stop> {
        let query = MovementQuery::default();
        let mut movements = every(|page| block_on(self.store.movements(&query, page)))?;
        movements.retain(|movement| commands.contains(&movement.key.command));
        Ok(movements)
    }

    /// How many of the item these commands brought to a site, or took from it; at any site where none is named.
    pub(crate) fn net_movement(&self, commands: &[CommandId], site: Option<&str>) -> Result<Decimal, Stop> {
        let here = |id: LocationId| match site {
            Some(name) => self.sites.get(name) == Some(&id),
            None => self.sites.values().any(|site| *site == id),
        };
        let mut net = Decimal::ZERO;
        for movement in self.movements_of(commands)? {
            let quantity = self.scale.goods(movement.quantity);
            net += if here(movement.to) { quantity } else { Decimal::ZERO };
            net -= if here(movement.from) { quantity } else { Decimal::ZERO };
        }
        Ok(net)
    }

    /// The cost of everything that was sold, less what came back, as the profit report says it.
    pub(crate) fn cost_of_goods_sold(&self) -> Result<Decimal, Stop> {
        let query = ProfitQuery { by: ProfitBy::Item, from: None, until: None };
        let lines = every(|page| block_on(self.store.profit(&query, page)))?;
        Ok(lines.iter().map(|line| self.scale.money(line.sales.cost)).sum())
    }

    /// Every row but the answers to commands: what a refused command must not change.
    pub(crate) fn rows(&self) -> Result<Vec<Row>, Stop> {
        let mut rows = Vec::new();
        for table in Table::ALL.into_iter().filter(|table| *table != Table::Commands) {
            rows.extend(every(|page| block_on(self.store.scan(table, page)))?);
        }
        Ok(rows)
    }

    /// Says what is not as it must be: what `verify` finds, and what comes out differently when all commands are sent
    /// at once to another store.
    pub(crate) fn audit(&self) -> Result<(), Stop> {
        let verdict = block_on(verify(&self.store))?;
        if let Some(broken) = verdict.broken.first() {
            return Stop::broken(format!("verify: {} at {}: {}", broken.promise, broken.row, broken.finding));
        }
        let store = MemoryStore::new();
        let (ims, work) = Ims::new(store.clone());
        let commands = self.sent.iter().map(|(ctx, command, _)| (ctx.clone(), command.clone())).collect();
        let ((), answers) = block_on(futures_util::future::join(work, async move { ims.execute_all(commands).await }));
        for ((ctx, command, before), now) in self.sent.iter().zip(&answers) {
            if !same(before, now) {
                return Stop::broken(format!("{}: {command:?} alone gave {before:?}, in a batch {now:?}", ctx.id));
            }
        }
        let hash = block_on(state_hash(&store))?;
        if hash == verdict.state_hash { Ok(()) } else { Stop::broken("a batch leads to another state") }
    }
}

/// What must be right, because nobody has had a hand in it.
pub(crate) fn valid<T, E: std::fmt::Display>(value: Result<T, E>) -> Result<T, Stop> {
    value.map_err(|error| Stop::Broken(error.to_string()))
}

/// Every row of a list.
fn every<T>(mut ask: impl FnMut(&PageRequest) -> Result<Page<T>, StoreError>) -> Result<Vec<T>, StoreError> {
    let mut request = PageRequest::default();
    let mut rows = Vec::new();
    loop {
        let page = ask(&request)?;
        rows.extend(page.rows);
        match page.next {
            Some(next) => request.after = Some(next),
            None => return Ok(rows),
        }
    }
}

fn same(left: &Answer, right: &Answer) -> bool {
    match (left, right) {
        (Ok(left), Ok(right)) => left == right,
        (Err(Error::Rejected(left)), Err(Error::Rejected(right))) => left == right,
        (Err(left), Err(right)) => left.code() == right.code(),
        _ => false,
    }
}
