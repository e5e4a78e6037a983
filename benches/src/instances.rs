//! Several processes on one database: what each of them does, and a shop for them.

use crate::{
    table::rate,
    work::{Numbers, item_id, now},
};
use ims_core::{
    Amount, Command, CommandId, Contact, Context, Error, Ims, LocationId, Patch, Quantity, Store,
    item::{CreateItem, UpdateItem},
    location::CreateLocation,
    order::{OrderedLine, Sell},
    party::CreateCustomer,
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};
use ims_sqlx::OpenOptions;
use serde::{Deserialize, Serialize};
use std::{
    process::{Child, Command as Program, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How many items the sites have.
pub const ITEMS: u64 = 1_000;
/// How many sites there are.
pub const SITES: u32 = 4;
const LINES: u64 = 3;
const UNITS: i64 = 100_000_000;
const FIRST_SITE: u128 = 2;

/// What one process is to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// The database.
    pub url: String,
    /// Different for every process that ever works on a database.
    pub number: u32,
    /// For how long.
    pub time: Duration,
    /// What.
    pub work: Work,
}

/// What one process is to do.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum Work {
    /// Sells orders of three lines.
    Sell {
        /// From which site.
        site: u32,
        /// How many callers at once.
        callers: usize,
    },
    /// Writes to the catalogue: new customers, prices, new items in turn.
    Catalogue {
        /// How many writes a second.
        rate: u32,
    },
}

/// What came of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Done {
    /// Commands a second.
    pub rate: f64,
    /// 99 % of the commands were answered within so many milliseconds.
    pub slow_ms: f64,
    /// Commands that other writers were too fast for.
    pub contended: u64,
    /// Batches that were decided again.
    pub conflicts: u64,
    /// Batches that were committed.
    pub batches: u64,
}

/// A shop with four sites that have all items.
pub async fn open_shop(url: &str) {
    let store = ims_sqlx::open(url, OpenOptions::default()).await.expect("a store");
    let (ims, worker) = Ims::new(store);
    let worker = tokio::spawn(worker);
    let shop = OpenShop::new("Bench", "EUR".parse().expect("a currency"));
    let mut commands: Vec<(Context, Command)> = vec![(context(1), shop.into())];
    for site in 0..SITES {
        let create = CreateLocation { code: format!("S{site}").into(), name: "Site".into() };
        commands.push((context(FIRST_SITE + u128::from(site)), create.into()));
    }
    for number in 0..ITEMS {
        let mut item = CreateItem::new(format!("SKU-{number:05}").parse().expect("a SKU"), &format!("Item {number}"));
        item.price = Amount::from_units(10);
        commands.push((context(item_id(number).as_u128()), item.into()));
    }
    for site in 0..SITES {
        let line = |number| CostedGoods {
            item: item_id(number),
            quantity: Quantity::from_units(UNITS).expect("a quantity"),
            unit_cost: Amount::from_units(6).expect("an amount"),
        };
        let lines = (0..ITEMS).map(line).collect();
        commands.push((
            context(100 + u128::from(site)),
            ReceiveStock { site: site_id(site), supplier: None, lines }.into(),
        ));
    }
    for reply in ims.execute_all(commands).await {
        reply.expect("a shop that opens");
    }
    drop(ims);
    worker.await.expect("a worker that ends");
}

fn site_id(site: u32) -> LocationId {
    LocationId::from_u128(FIRST_SITE + u128::from(site))
}

fn context(id: u128) -> Context {
    Context::new(CommandId::from_u128(id), "bench", now())
}

impl Task {
    /// Has a process of its own do it.
    pub fn start(&self) -> Child {
        let program = std::env::current_exe().expect("this program");
        let task = serde_json::to_string(self).expect("a task as text");
        Program::new(program).args(["--task", &task]).stdout(Stdio::piped()).spawn().expect("a process that starts")
    }

    /// Waits for a process that does a task.
    pub fn wait(child: Child) -> Done {
        let output = child.wait_with_output().expect("a process that ends");
        assert!(output.status.success(), "a process failed: {}", output.status);
        serde_json::from_slice(&output.stdout).expect("what came of a task")
    }

    /// Does the task that the arguments name, if they name one.
    pub fn of_arguments() -> Option<Task> {
        let mut arguments = std::env::args().skip(1);
        (arguments.next()? == "--task").then(|| {
            let task = arguments.next().expect("a task");
            serde_json::from_str(&task).expect("a task that can be read")
        })
    }

    /// Does it, here.
    pub async fn run(self) -> Done {
        let store = ims_sqlx::open(&self.url, OpenOptions::default()).await.expect("a store");
        let (ims, worker) = Ims::new(store);
        let worker = tokio::spawn(worker);
        let begin = Instant::now();
        let mut took = match self.work {
            Work::Sell { site, callers } => self.sell(&ims, site, callers, begin).await,
            Work::Catalogue { rate } => self.write_catalogue(&ims, rate, begin).await,
        };
        let spent = begin.elapsed();
        let figures = ims.figures();
        drop(ims);
        worker.await.expect("a worker that ends");
        let contended = took.iter().filter(|took| took.is_none()).count() as u64;
        took.sort_unstable();
        let slow = took.get(took.len() * 99 / 100).copied().flatten().unwrap_or_default();
        Done {
            rate: rate(took.len(), spent),
            slow_ms: slow.as_secs_f64() * 1e3,
            contended,
            conflicts: figures.conflicts,
            batches: figures.batches,
        }
    }

    /// The first id of a caller.
    fn first_id(&self, caller: usize) -> u128 {
        (u128::from(self.number) + 1) << 80 | (caller as u128) << 48
    }

    async fn sell<S: Store>(&self, ims: &Ims<S>, site: u32, callers: usize, begin: Instant) -> Vec<Option<Duration>> {
        let mut tasks = JoinSet::new();
        for caller in 0..callers {
            let (ims, first_id, until) = (ims.clone(), self.first_id(caller), begin + self.time);
            let mut numbers = Numbers::new(first_id as u64 ^ (first_id >> 64) as u64);
            tasks.spawn(async move {
                let mut took = Vec::new();
                for id in first_id.. {
                    if Instant::now() >= until {
                        break;
                    }
                    let line = |at: u64| {
                        let part = ITEMS / LINES;
                        let item = item_id(at * part + numbers.draw() % part);
                        OrderedLine::new(item, Quantity::from_units(1).expect("a quantity"))
                    };
                    let sale = Sell::new(site_id(site), (0..LINES).map(line).collect());
                    took.push(answered(&ims, context(id), sale.into()).await);
                }
                took
            });
        }
        tasks.join_all().await.into_iter().flatten().collect()
    }

    async fn write_catalogue<S: Store>(&self, ims: &Ims<S>, rate: u32, begin: Instant) -> Vec<Option<Duration>> {
        let mut tasks = JoinSet::new();
        let mut took = Vec::new();
        let first_id = self.first_id(0);
        let pause = Duration::from_secs(1) / rate;
        let ims = Arc::new(ims.clone());
        let mut number = 0_u32;
        while begin.elapsed() < self.time {
            tokio::time::sleep_until((begin + pause * number).into()).await;
            let id = first_id + u128::from(number);
            let command: Command = match number % 3 {
                0 => CreateCustomer { code: format!("C{id:x}").into(), contact: Contact::named("Customer") }.into(),
                1 => {
                    let mut update = UpdateItem::new(item_id(u64::from(number) * 7 % ITEMS));
                    update.price = Patch::Set(Amount::from_units(10 + i64::from(number % 9)));
                    update.into()
                }
                _ => CreateItem::new(format!("X{id:x}").parse().expect("a SKU"), "Item").into(),
            };
            let ims = Arc::clone(&ims);
            tasks.spawn(async move { answered(&ims, context(id), command).await });
            number += 1;
        }
        took.extend(tasks.join_all().await);
        took
    }
}

/// How long a command took; nothing where other writers were too fast for it.
async fn answered<S: Store>(ims: &Ims<S>, ctx: Context, command: Command) -> Option<Duration> {
    let begin = Instant::now();
    match ims.execute(ctx, command).await {
        Ok(_) => Some(begin.elapsed()),
        Err(Error::Contended { .. }) => None,
        Err(error) => panic!("a command that is done: {error}"),
    }
}
