//! The work of `run.py` in Rust, on the same kind of store and runtime: prints seconds as JSON.

use ims_core::{
    Command, CommandId, Context, Error, Ims, ItemId, LocationId, MemoryStore, Quantity, Timestamp,
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    shop::OpenShop,
    stock::{CostedGoods, PlaceHold, ReceiveStock},
};
use std::{error::Error as StdError, time::Instant};
use tokio::runtime::{Builder, Runtime};

const NOW: &str = "2026-03-02T12:00:00Z";
const UNTIL: &str = "2026-03-02T13:00:00Z";
const ITEMS: u32 = 1_000;
const LINES: u32 = 3;

type Outcome<T> = Result<T, Box<dyn StdError>>;

struct Bench {
    runtime: Runtime,
    ims: Ims<MemoryStore>,
    site: LocationId,
    items: Vec<ItemId>,
    ids: u128,
}

fn main() -> Outcome<()> {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse::<u32>().ok());
    let (calls, batch) = (numbers.next().unwrap_or(1_000), numbers.next().unwrap_or(1_000));
    let mut bench = Bench::open()?;
    let holds = bench.holds(calls)?;
    let single = bench.time_single(holds)?;
    let sales = bench.sales(calls)?;
    let sales = bench.time_single(sales)?;
    let many = bench.sales(batch)?;
    let many = bench.time_together(many)?;
    println!("{{\"hold\": {single}, \"sell\": {sales}, \"sell_many\": {many}}}");
    Ok(())
}

impl Bench {
    fn open() -> Outcome<Bench> {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let (ims, worker) = Ims::new(MemoryStore::new());
        runtime.spawn(worker);
        let site = LocationId::from_u128(2);
        let mut bench = Bench { runtime, ims, site, items: Vec::new(), ids: 0 };
        bench.give(OpenShop::new("Corner shop", "EUR".parse()?))?;
        bench.give(CreateLocation { code: "MAIN".into(), name: "Main street".into() })?;
        for number in 0..ITEMS {
            let create = CreateItem::new(format!("S{number}").parse()?, "Tea");
            bench.give(CreateItem { price: Some("4.5".parse()?), ..create })?;
            let item = ItemId::from_u128(bench.ids);
            bench.items.push(item);
        }
        let line = |item: &ItemId| -> Outcome<CostedGoods> {
            Ok(CostedGoods { item: *item, quantity: "1000000".parse()?, unit_cost: "2".parse()? })
        };
        let lines = bench.items.iter().map(line).collect::<Outcome<_>>()?;
        bench.give(ReceiveStock { site, supplier: None, lines })?;
        Ok(bench)
    }

    fn next(&mut self) -> Outcome<Context> {
        self.ids = self.ids.saturating_add(1);
        Ok(Context::new(CommandId::from_u128(self.ids), "bench", NOW.parse()?))
    }

    fn give(&mut self, command: impl Into<Command>) -> Outcome<()> {
        let ctx = self.next()?;
        self.runtime.block_on(self.ims.execute(ctx, command))?;
        Ok(())
    }

    fn item(&self, place: u32) -> ItemId {
        let place = usize::try_from(place.checked_rem(ITEMS).unwrap_or_default()).unwrap_or_default();
        self.items.get(place).copied().unwrap_or(ItemId::from_u128(0))
    }

    fn holds(&mut self, count: u32) -> Outcome<Vec<(Context, Command)>> {
        let until: Timestamp = UNTIL.parse()?;
        let mut holds = Vec::new();
        for number in 0..count {
            let hold = PlaceHold { item: self.item(number), site: self.site, quantity: Quantity::ONE, until };
            holds.push((self.next()?, hold.into()));
        }
        Ok(holds)
    }

    fn sales(&mut self, count: u32) -> Outcome<Vec<(Context, Command)>> {
        let mut sales = Vec::new();
        for number in 0..count {
            let first = number.saturating_mul(LINES);
            let lines = (0..LINES).map(|line| OrderedLine::new(self.item(first.saturating_add(line)), Quantity::ONE));
            let sell = Sell::new(self.site, lines.collect());
            sales.push((self.next()?, sell.into()));
        }
        Ok(sales)
    }

    /// Seconds for one call.
    fn time_single(&self, commands: Vec<(Context, Command)>) -> Outcome<serde_json::Number> {
        let count = u32::try_from(commands.len())?;
        let began = Instant::now();
        for (ctx, command) in commands {
            self.runtime.block_on(self.ims.execute(ctx, command))?;
        }
        per(began, count)
    }

    /// Seconds for one command of a batch.
    fn time_together(&self, commands: Vec<(Context, Command)>) -> Outcome<serde_json::Number> {
        let count = u32::try_from(commands.len())?;
        let began = Instant::now();
        let replies = self.runtime.block_on(self.ims.execute_all(commands));
        let each = per(began, count)?;
        replies.into_iter().collect::<Result<Vec<_>, Error>>()?;
        Ok(each)
    }
}

fn per(began: Instant, count: u32) -> Outcome<serde_json::Number> {
    let each = began.elapsed().checked_div(count).ok_or("nothing was timed")?;
    serde_json::Number::from_f64(each.as_secs_f64()).ok_or_else(|| "a time is finite".into())
}
