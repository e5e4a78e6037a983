//! What two sides tell of the same thing: each must tell the same, of everything.
//!
//! One side is the rows that keep a sum or a fact, the other side is the rows that it follows from. The first look at a
//! store adds both up in a table of a fixed size, whatever their number: that tells whether they match. Which of them do
//! not is told by a second look, which is taken only where they do not, and remembers only what is counted in the few parts
//! of the table that do not match. So memory does not grow with the store.

use super::rows::{Key, Mix};
use crate::{Quantity, StockLevel, Timestamp};
use rustc_hash::FxHashMap;
use serde_json::Value;
use std::{collections::BTreeMap, hash::Hash};
use xxhash_rust::xxh3::xxh3_128;

/// The most numbers that are summed up of one thing.
pub(super) const COLUMNS: usize = 4;

/// Into so many parts the things are divided that are compared: 256 KiB.
const PARTS: usize = 16_384;
/// So many parts that do not match are looked at again.
const PARTS_NAMED: usize = 32;
/// So many differences are told of one row.
const DIFFERENCES_TOLD: usize = 4;

/// Who tells something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The row that is proved.
    Has,
    /// The rows that it follows from.
    Should,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Account {
    /// Of a stock: what is on hand, against the movements.
    OnHand,
    /// Of a stock: what is promised, against orders, holds and purchases.
    Promised,
    /// Of a stock: the cost layers that there have been, against the movements.
    LayersMade,
    /// Of a stock: how far it has sunk, against its alert.
    Level,
    /// Cost layers, against the movements.
    Layers,
    /// What of purchases has come, against the movements.
    Received,
    /// What was undone of movements, against those that undo them.
    Undone,
    /// What of order lines has left, against the movements.
    Shipped,
    /// What came back, against the movements.
    CameBack,
    /// What of orders came back, against the returns.
    TakenBack,
    /// The totals by day and item, against orders and returns.
    Sales,
    /// The totals by day and customer, against orders and returns.
    CustomerSales,
    /// Shipments, against the log.
    Shipments,
    /// How much the value of stock was changed by standard costs that were set, against the log.
    Revaluation,
    /// Rows, against the log.
    Rows,
    /// Whether an item is in trade, against the log.
    Standing,
    /// What an item costs by standard, against the log.
    StandardCost,
}

/// How a number is shown.
#[derive(Clone, Copy)]
enum Shown {
    Micros,
    Count,
    Moment,
    Level,
}

/// One number of an account: which promise it is about, what it is, how it is shown.
struct Column(&'static str, &'static str, Shown);

const CONSERVATION: &str = "conservation";
const NO_OVERSELL: &str = "no oversell";
const COSTS: &str = "costs add up";
const MONEY: &str = "money adds up";
/// The promise that rows are what the log tells of them.
pub const TOLD: &str = "as the log tells";

impl Account {
    /// The numbers that are summed up.
    fn columns(self) -> &'static [Column] {
        use Shown::{Count, Level, Micros, Moment};
        match self {
            Account::OnHand => &[
                Column(CONSERVATION, "the quantity on hand (on_hand)", Micros),
                Column(CONSERVATION, "the value on hand (value)", Micros),
            ],
            Account::Promised => &[
                Column(NO_OVERSELL, "the quantity allocated (allocated)", Micros),
                Column(NO_OVERSELL, "the quantity backordered (backordered)", Micros),
                Column(NO_OVERSELL, "the quantity held (held)", Micros),
                Column(NO_OVERSELL, "the quantity incoming (incoming)", Micros),
            ],
            Account::LayersMade => &[Column(COSTS, "the number of cost layers made (layers_made)", Count)],
            Account::Level => &[Column(TOLD, "the level (level), beside the alert that is open,", Level)],
            Account::Layers => &[
                Column(COSTS, "the quantity of the cost layers (quantity)", Micros),
                Column(COSTS, "the value of the cost layers (value)", Micros),
            ],
            Account::Received => &[
                Column(CONSERVATION, "the quantity received (received)", Micros),
                Column(COSTS, "what that cost (received_cost)", Micros),
            ],
            Account::Undone => &[
                Column(CONSERVATION, "the quantity undone (quantity)", Micros),
                Column(COSTS, "the value undone (value)", Micros),
            ],
            Account::Shipped => &[
                Column(CONSERVATION, "the quantity shipped (shipped)", Micros),
                Column(MONEY, "the revenue (revenue)", Micros),
                Column(COSTS, "the cost of goods sold (cost)", Micros),
            ],
            Account::CameBack => &[
                Column(CONSERVATION, "the quantity that came back (quantity)", Micros),
                Column(MONEY, "the refund (refund)", Micros),
                Column(COSTS, "the cost of what came back (cost)", Micros),
            ],
            Account::TakenBack => &[
                Column(CONSERVATION, "the quantity returned (returned)", Micros),
                Column(MONEY, "the amount refunded (refunded)", Micros),
                Column(COSTS, "the cost of what came back (cost_returned)", Micros),
            ],
            Account::Sales | Account::CustomerSales => &[
                Column(CONSERVATION, "the day's units (units)", Micros),
                Column(MONEY, "the day's revenue (revenue)", Micros),
                Column(COSTS, "the day's cost (cost)", Micros),
            ],
            Account::Shipments => &[
                Column(TOLD, "the number of shipments (command)", Count),
                Column(TOLD, "the moment at which they left (shipped_at)", Moment),
            ],
            Account::Revaluation => &[Column(COSTS, "the revaluation (value)", Micros)],
            Account::Rows | Account::Standing | Account::StandardCost => &[],
        }
    }
}

impl Shown {
    fn show(self, number: i128) -> String {
        match self {
            Shown::Micros => micros(number),
            Shown::Count => number.to_string(),
            Shown::Moment => match i64::try_from(number).ok().and_then(Timestamp::from_micros) {
                Some(moment) => moment.to_string(),
                None => number.to_string(),
            },
            Shown::Level => match number {
                0 => "normal".to_owned(),
                1 => "low".to_owned(),
                2 => "out".to_owned(),
                _ => number.to_string(),
            },
        }
    }
}

/// A level as a number that is summed up.
pub(super) fn level(level: StockLevel) -> i128 {
    match level {
        StockLevel::Normal => 0,
        StockLevel::Low => 1,
        StockLevel::Out => 2,
    }
}

/// A number of micros as a person reads it.
pub(super) fn micros(number: i128) -> String {
    match i64::try_from(number) {
        Ok(micros) => Quantity::from_micros(micros).to_string(),
        Err(_) => format!("{number} millionths"),
    }
}

/// What a row breaks: which promise, which row, and what is wrong with it.
pub(super) struct Found {
    pub(super) promise: &'static str,
    pub(super) key: Key,
    pub(super) finding: String,
}

/// What both sides tell.
pub(super) struct Sums {
    /// For each part of the things: what one side tells less what the other does.
    parts: Vec<u128>,
    /// What the log has told last of the rows that were written more than once, by what names them. It takes its place
    /// among the sums when the log is at its end.
    latest: FxHashMap<u128, u128>,
    /// The parts that do not match, once that is known, with all that is in them.
    named: Option<Named>,
}

#[derive(Default)]
struct Named {
    parts: Vec<usize>,
    numbers: BTreeMap<(Account, Key), [[i128; COLUMNS]; 2]>,
    texts: BTreeMap<(Account, Key), [Vec<Numbered>; 2]>,
    latest: BTreeMap<(Account, Key), Numbered>,
}

/// What is told of a row, in JSON, and which of several rows of that key it is.
type Numbered = (u32, Vec<u8>);

impl Default for Sums {
    fn default() -> Self {
        Sums { parts: vec![0; PARTS], latest: FxHashMap::default(), named: None }
    }
}

/// What names a thing, in 128 bits.
pub(super) fn name(account: Account, key: &Key) -> u128 {
    let mut mix = Mix::default();
    (account, key).hash(&mut mix);
    if let Key::Sales(key) = key {
        // What a table of these keys need not look at.
        (&key.brand, &key.category).hash(&mut mix);
    }
    mix.bits()
}

fn part(name: u128) -> usize {
    usize::try_from(name >> 64 & (PARTS as u128).saturating_sub(1)).unwrap_or_default()
}

/// What stands for a text in a sum.
fn stands_for(name: u128, json: &[u8]) -> u128 {
    let mut mix = Mix::default();
    mix.take(name);
    mix.take(xxh3_128(json));
    mix.bits()
}

impl Sums {
    /// Adds numbers that one side tells.
    pub(super) fn add(&mut self, account: Account, key: Key, side: Side, numbers: [i128; COLUMNS]) {
        if numbers == [0; COLUMNS] {
            return;
        }
        let name = name(account, &key);
        let Some(named) = &mut self.named else {
            let mut mix = Mix::default();
            mix.take(name);
            let mut sum = 0_u128;
            for number in numbers {
                mix.take(1);
                sum = sum.wrapping_add((mix.bits() | 1).wrapping_mul(number.cast_unsigned()));
            }
            self.count(name, side, sum);
            return;
        };
        if named.parts.contains(&part(name)) {
            let [has, should] = named.numbers.entry((account, key)).or_default();
            let sums = match side {
                Side::Has => has,
                Side::Should => should,
            };
            sums.iter_mut().zip(numbers).for_each(|(sum, number)| *sum = sum.saturating_add(number));
        }
    }

    /// Adds what one side tells of a row, in JSON; `number` is which of several rows of that key it is.
    pub(super) fn tell(&mut self, account: Account, key: Key, side: Side, number: u32, json: &[u8]) {
        let name = name(account, &key);
        match &mut self.named {
            None => self.count(name, side, stands_for(name, json)),
            Some(named) if named.parts.contains(&part(name)) => {
                let [has, should] = named.texts.entry((account, key)).or_default();
                let texts = match side {
                    Side::Has => has,
                    Side::Should => should,
                };
                texts.push((number, json.to_vec()));
            }
            Some(_) => {}
        }
    }

    /// Notes that the log may tell of a row more than once: then what it tells last is what should be.
    pub(super) fn told_again(&mut self, account: Account, key: &Key) {
        self.latest.entry(name(account, key)).or_default();
    }

    /// Adds what the log tells of a row; if it tells of that row more than once, what it told before is forgotten.
    pub(super) fn tell_latest(&mut self, account: Account, key: Key, json: &[u8]) {
        let name = name(account, &key);
        let Some(latest) = self.latest.get_mut(&name) else { return self.tell(account, key, Side::Should, 0, json) };
        match &mut self.named {
            None => *latest = stands_for(name, json),
            Some(named) if named.parts.contains(&part(name)) => {
                named.latest.insert((account, key), (0, json.to_vec()));
            }
            Some(_) => {}
        }
    }

    /// Whether the log may tell of a row more than once.
    pub(super) fn is_told_again(&self, account: Account, key: &Key) -> bool {
        self.latest.contains_key(&name(account, key))
    }

    fn count(&mut self, name: u128, side: Side, sum: u128) {
        if let Some(total) = self.parts.get_mut(part(name)) {
            *total = match side {
                Side::Has => total.wrapping_add(sum),
                Side::Should => total.wrapping_sub(sum),
            };
        }
    }

    /// Ends a look: tells whether a second one is needed.
    pub(super) fn end(&mut self) -> bool {
        let latest = std::mem::take(&mut self.latest);
        if let Some(named) = &mut self.named {
            for (key, text) in std::mem::take(&mut named.latest) {
                let [_, should] = named.texts.entry(key).or_default();
                should.push(text);
            }
            return false;
        }
        latest.into_iter().for_each(|(name, sum)| self.count(name, Side::Should, sum));
        let unmatched = self.parts.iter().enumerate().filter(|(_, sum)| **sum != 0).map(|(part, _)| part);
        let parts: Vec<usize> = unmatched.take(PARTS_NAMED).collect();
        let again = !parts.is_empty();
        self.named = again.then(|| Named { parts, ..Named::default() });
        again
    }

    /// What the second look has found.
    pub(super) fn findings(self) -> Vec<Found> {
        let Some(Named { numbers, texts, .. }) = self.named else { return Vec::new() };
        let mut found = Vec::new();
        for ((account, key), [has, should]) in numbers {
            for ((Column(promise, what, shown), has), should) in account.columns().iter().zip(has).zip(should) {
                if has != should {
                    let finding = format!("{what} is {}, should be {}", shown.show(has), shown.show(should));
                    found.push(Found { promise, key: key.clone(), finding });
                }
            }
        }
        for ((account, key), [has, should]) in texts {
            // Whether the row is there at all is told once.
            let one_sided = has.is_empty() || should.is_empty();
            if account == Account::Rows || !one_sided {
                found.extend(unequal(key, has, should));
            }
        }
        found
    }
}

/// What is wrong with rows of one key, given what they are and what the log tells of them.
fn unequal(key: Key, has: Vec<Numbered>, mut should: Vec<Numbered>) -> Vec<Found> {
    let mut wrong = Vec::new();
    for row in has {
        match should.iter().position(|told| told.1 == row.1) {
            Some(place) => _ = should.swap_remove(place),
            None => wrong.push(row),
        }
    }
    let mut should = should.into_iter();
    let mut found = Vec::new();
    for (number, row) in wrong {
        let key = match &key {
            Key::Movements(command) => Key::Movement(crate::MovementKey { command: *command, number }),
            key => key.clone(),
        };
        match should.next() {
            Some((_, told)) => found.extend(differences(&key, &row, &told)),
            None => {
                let finding = "it is there, and the log tells nothing of it".to_owned();
                found.push(Found { promise: TOLD, key, finding });
            }
        }
    }
    found.extend(should.map(|_| {
        let finding = "it is not there, and the log tells of it".to_owned();
        Found { promise: TOLD, key: key.clone(), finding }
    }));
    found
}

/// In what a row, or a line of it, is not what the log tells of it.
fn differences(key: &Key, row: &[u8], told: &[u8]) -> Vec<Found> {
    let read = |json: &[u8]| serde_json::from_slice(json).unwrap_or(Value::Null);
    let mut found = Vec::new();
    differ(&mut found, &mut Vec::new(), Some(&read(row)), Some(&read(told)));
    found.truncate(DIFFERENCES_TOLD);
    let tell = |(path, finding): (Vec<String>, String)| {
        let line = match path.get(..2) {
            Some([list, line]) if list == "lines" => line.parse::<u32>().ok().and_then(|line| line.checked_sub(1)),
            _ => None,
        };
        let of_line = match (key, line) {
            (Key::Order(id), Some(line)) => Some(Key::OrderLine(*id, line)),
            (Key::Purchase(id), Some(line)) => Some(Key::PurchaseLine(*id, line)),
            (Key::Return(id), Some(line)) => Some(Key::ReturnLine(*id, line)),
            _ => None,
        };
        let path = path.get(if of_line.is_some() { 2.. } else { 0.. }).unwrap_or_default().join(".");
        let finding = if path.is_empty() { finding } else { format!("{path} {finding}") };
        Found { promise: TOLD, key: of_line.unwrap_or_else(|| key.clone()), finding }
    };
    found.into_iter().map(tell).collect()
}

fn differ(found: &mut Vec<(Vec<String>, String)>, path: &mut Vec<String>, has: Option<&Value>, should: Option<&Value>) {
    if has == should {
        return;
    }
    match (has, should) {
        (Some(Value::Object(has)), Some(Value::Object(should))) => {
            for name in has.keys().chain(should.keys().filter(|name| !has.contains_key(*name))) {
                path.push(name.clone());
                differ(found, path, has.get(name), should.get(name));
                path.pop();
            }
        }
        (Some(Value::Array(has)), Some(Value::Array(should))) => {
            for place in 0..has.len().max(should.len()) {
                path.push(place.saturating_add(1).to_string());
                differ(found, path, has.get(place), should.get(place));
                path.pop();
            }
        }
        _ => found.push((path.clone(), format!("is {}, should be {}", shown(has), shown(should)))),
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(value) => value.to_string(),
    }
}
