//! The orders that both sides are given.

use ims_core::{
    Amount, Command, CommandId, Context, CostingMethod, ItemId, LocationId, Quantity, Timestamp,
    item::CreateItem,
    location::CreateLocation,
    order::{OrderedLine, Sell},
    shop::OpenShop,
    stock::{CostedGoods, ReceiveStock},
};

/// How many items there are.
pub const ITEMS: u64 = 10_000;
/// How many lines an order has.
pub const LINES: u64 = 3;

/// How many there are of each item at first: more than any run can sell, and little enough for exact sums over all items.
pub const UNITS: i64 = 100_000_000;

/// 2026-01-31 09:00 UTC.
const NOW_US: i64 = 1_769_850_000_000_000;
/// [`now`] as text.
pub const NOW_TEXT: &str = "2026-01-31T09:00:00Z";
/// The business day of [`now`], counted from 1970-01-01.
pub const DAY: i64 = 20_484;
/// Who gives all commands.
pub const ACTOR: &str = "bench";
/// The series of all orders: the code of the site.
pub const SERIES: &str = "MAIN";
const SITE: u128 = 2;
const FIRST_ITEM: u128 = 1_000;

/// Which items orders are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spread {
    /// Any of them.
    Uniform,
    /// One line of every order is for the same one.
    Hot,
}

impl Spread {
    /// What it is called in a table.
    pub fn name(self) -> &'static str {
        match self {
            Spread::Uniform => "any items",
            Spread::Hot => "one hot item",
        }
    }
}

/// The id of an item by its number.
pub fn item_id(number: u64) -> ItemId {
    ItemId::from_u128(FIRST_ITEM + u128::from(number))
}

/// The site that all orders are from.
pub fn site_id() -> LocationId {
    LocationId::from_u128(SITE)
}

/// The time at which everything happens.
pub fn now() -> Timestamp {
    Timestamp::from_micros(NOW_US).expect("a time of our days")
}

fn context(id: u128) -> Context {
    Context::new(CommandId::from_u128(id), ACTOR, now())
}

/// A shop with its items, and plenty of stock of each.
pub fn opening(costing: CostingMethod) -> Vec<(Context, Command)> {
    let mut shop = OpenShop::new("Bench", "EUR".parse().expect("a currency"));
    shop.costing = costing;
    let mut commands = vec![
        (context(1), shop.into()),
        (context(SITE), CreateLocation { code: SERIES.into(), name: "Main".into() }.into()),
    ];
    for number in 0..ITEMS {
        let sku = format!("SKU-{number:05}").parse().expect("a SKU");
        let mut item = CreateItem::new(sku, &format!("Item {number}"));
        item.brand = format!("Brand {}", number % 50).into();
        item.category = format!("Category {}", number % 20).into();
        item.price = Amount::from_units(10);
        item.standard_cost = Amount::from_units(6).filter(|_| costing == CostingMethod::Standard);
        commands.push((context(FIRST_ITEM + u128::from(number)), item.into()));
    }
    for first in (0..ITEMS).step_by(1_000) {
        let line = |number| CostedGoods {
            item: item_id(number),
            quantity: Quantity::from_units(UNITS).expect("a quantity"),
            unit_cost: Amount::from_units(6).expect("an amount"),
        };
        let lines = (first..first + 1_000).map(line).collect();
        let receive = ReceiveStock { site: site_id(), supplier: None, lines };
        commands.push((context(500 + u128::from(first / 1_000)), receive.into()));
    }
    commands
}

/// Numbers that look random and are the same every time: SplitMix64.
#[derive(Clone, Debug)]
pub struct Numbers(u64);

impl Numbers {
    /// Begins a sequence.
    pub fn new(seed: u64) -> Self {
        Numbers(seed)
    }

    /// The next one.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// An order as its caller knows it.
#[derive(Clone, Debug)]
pub struct PlainOrder {
    /// Made by the caller: rising, as a UUIDv7 is.
    pub id: u128,
    /// Item number and units.
    pub lines: [(u64, i64); LINES as usize],
}

/// Orders without end.
#[derive(Clone, Debug)]
pub struct Orders {
    numbers: Numbers,
    spread: Spread,
    next: u128,
}

impl Orders {
    /// Begins with an id; no two sequences of one run may overlap.
    pub fn new(seed: u64, spread: Spread, first_id: u128) -> Self {
        Orders { numbers: Numbers::new(seed), spread, next: first_id }
    }
}

impl Iterator for Orders {
    type Item = PlainOrder;

    fn next(&mut self) -> Option<PlainOrder> {
        let mut lines = [(0, 1); LINES as usize];
        for index in 0..lines.len() {
            let hot = self.spread == Spread::Hot && index == 0;
            // Three different items: nobody writes the same one down twice.
            while !hot && (lines[index].0 == 0 || lines[..index].iter().any(|line| line.0 == lines[index].0)) {
                lines[index].0 = 1 + self.numbers.draw() % (ITEMS - 1);
            }
            lines[index].1 = 1 + (self.numbers.draw() % 3) as i64;
        }
        self.next += 1;
        Some(PlainOrder { id: self.next, lines })
    }
}

/// Orders that together are for every item: whoever sold them has seen all rows once.
pub fn every_item() -> Vec<PlainOrder> {
    let line = |number: u64| (number % ITEMS, 1 + (number % 3) as i64);
    let order =
        |first: u64| PlainOrder { id: (1 << 64) + u128::from(first), lines: [0, 1, 2].map(|at| line(first + at)) };
    (0..ITEMS).step_by(LINES as usize).map(order).collect()
}

impl PlainOrder {
    /// Its id, as the engine has it.
    pub fn command_id(&self) -> CommandId {
        CommandId::from_u128(self.id)
    }

    /// How many units it is for.
    pub fn units(&self) -> i64 {
        self.lines.iter().map(|(_, units)| units).sum()
    }

    /// Tells it from another order with its id.
    pub fn fingerprint(&self) -> u128 {
        let (ctx, command) = self.command();
        command.fingerprint(&ctx)
    }

    /// The order as a command of the engine.
    pub fn command(&self) -> (Context, Command) {
        let line = |(item, units): (u64, i64)| {
            OrderedLine::new(item_id(item), Quantity::from_units(units).expect("a quantity"))
        };
        (context(self.id), Sell::new(site_id(), self.lines.into_iter().map(line).collect()).into())
    }
}
