//! A long story from a seed: weeks of trade that use every command, with a mistake now and then.
//!
//! It knows no rule. It gives a command, hears the answer and remembers from that what is there, so that most of what it
//! asks for next makes sense. What a command makes has the command's id: that is all it takes for granted.
#![allow(
    clippy::arithmetic_side_effects,
    reason = "overflow is checked in every build, and a story that cannot be told has to fail"
)]

mod books;
mod buying;
mod catalogue;
mod dice;
mod mistakes;
mod selling;
mod shelf;

use crate::{Failure, Step, play};
use books::Books;
use dice::Dice;
use ims_core::{Amount, Answer, Command, CommandId, Context, Ims, Item, MemoryStore, Quantity, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a generated story is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Another seed gives another story.
    seed: u64,
    /// How many commands it has.
    commands: usize,
}

/// An idea what to ask for, if there is anything that it can be asked of.
type Idea = fn(&mut Trade) -> Option<Command>;

/// What is asked for, and how often.
const IDEAS: [(i64, Idea); 29] = [
    (280, Trade::sell),
    (120, Trade::place_order),
    (110, Trade::ship_order),
    (25, Trade::cancel_order),
    (45, Trade::return_goods),
    (70, Trade::receive_stock),
    (45, Trade::place_purchase),
    (60, Trade::receive_purchase),
    (8, Trade::close_purchase),
    (8, Trade::cancel_purchase),
    (45, Trade::adjust_stock),
    (40, Trade::transfer_stock),
    (15, Trade::send_back_stock),
    (45, Trade::place_hold),
    (15, Trade::extend_hold),
    (15, Trade::release_hold),
    (12, Trade::set_standard_cost),
    (10, Trade::create_item),
    (20, Trade::update_item),
    (4, Trade::retire_item),
    (2, Trade::create_location),
    (4, Trade::update_location),
    (3, Trade::create_supplier),
    (5, Trade::update_supplier),
    (8, Trade::create_customer),
    (10, Trade::update_customer),
    (12, Trade::acknowledge_alert),
    (4, Trade::close_period),
    (70, Trade::mistake),
];

/// What a shop begins with: before it is open, nothing can be done.
const OPENING: [(usize, Idea); 7] = [
    (1, Trade::create_location),
    (1, Trade::open_shop),
    (4, Trade::create_location),
    (5, Trade::create_supplier),
    (15, Trade::create_customer),
    (40, Trade::create_item),
    (60, Trade::receive_stock),
];

/// Everything that an idea may look at.
struct Trade {
    dice: Dice,
    books: Books,
    opening: std::vec::IntoIter<Idea>,
    /// Microseconds since 1970.
    now: i64,
    /// When the next command happened, where that was before it is told.
    occurred: Option<i64>,
    /// How many commands there were of each kind of id.
    made: [u64; 10],
    /// Commands that may be sent once more.
    sent: Vec<(Context, Command)>,
    /// Those that are answered.
    heard: BTreeSet<CommandId>,
}

/// 2026-01-05 08:00 UTC.
const BEGIN: i64 = 1_767_600_000_000_000;
const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// Tells the story.
pub(crate) async fn generate(recipe: Recipe) -> Result<(Vec<Step>, String), Failure> {
    let (ims, worker) = Ims::new(MemoryStore::new());
    let story = async move {
        let mut trade = Trade::new(recipe.seed);
        let mut steps = Vec::with_capacity(recipe.commands);
        while steps.len() < recipe.commands {
            let (context, command) = trade.next();
            let reply = ims.execute(context.clone(), command.clone()).await;
            let answer = play::answer(reply).map_err(|error| Failure::NoAnswer { step: steps.len(), error })?;
            trade.hear(&context, &command, &answer);
            steps.push(Step { context, command, answer });
        }
        let hash = play::sound(ims.store()).await?;
        Ok((steps, hash))
    };
    futures_util::future::join(worker, story).await.1
}

impl Trade {
    fn new(seed: u64) -> Self {
        let opening: Vec<Idea> = OPENING.iter().flat_map(|(times, idea)| std::iter::repeat_n(*idea, *times)).collect();
        Trade {
            dice: Dice::new(seed),
            books: Books::default(),
            opening: opening.into_iter(),
            now: BEGIN,
            occurred: None,
            made: [0; 10],
            sent: Vec::new(),
            heard: BTreeSet::new(),
        }
    }

    /// The next command: what comes to mind and can be asked for.
    fn next(&mut self) -> (Context, Command) {
        self.now += self.dice.between(1, 20) * MINUTE + self.dice.between(0, 59_999_999);
        self.books.forget_lapsed(self.now);
        if self.opening.len() == 0
            && self.dice.percent(1)
            && let Some((context, command)) = self.dice.pick(&self.sent).cloned()
        {
            return (Context { now: moment(self.now), ..context }, command);
        }
        let command = loop {
            let idea = self.opening.next().or_else(|| self.dice.weighted(&IDEAS));
            if let Some(command) = idea.and_then(|idea| idea(self)) {
                break command;
            }
        };
        let context = self.context(&command);
        self.sent.push((context.clone(), command.clone()));
        (context, command)
    }

    fn context(&mut self, command: &Command) -> Context {
        let kind = id_kind(command);
        let number = self.made.get_mut(kind).map_or(0, |number| {
            *number += 1;
            *number
        });
        let actor = match self.dice.between(1, 4) {
            1 => "Ada",
            2 => "Büro",
            3 => "Till 2",
            _ => "店長",
        };
        let late = self.dice.percent(3).then(|| self.now - self.dice.between(1, 2 * DAY));
        let occurred_at = self.occurred.take().or(late).map(moment);
        Context { occurred_at, ..Context::new(id(kind, number), actor, moment(self.now)) }
    }

    /// Remembers what a command was answered.
    fn hear(&mut self, context: &Context, command: &Command, answer: &Answer) {
        // What is sent once more is not done once more.
        if !self.heard.insert(context.id) {
            return;
        }
        match answer {
            Answer::Done(receipt) => self.books.note(command, receipt),
            Answer::Refused(rejection) => self.books.note_refusal(rejection),
        }
    }

    /// So many of an item, and at most so many millionths.
    fn some_of(&mut self, item: &Item, most_units: i64, most_micros: i64) -> Option<Quantity> {
        let step = 10_i64.pow(6 - item.unit.decimals().min(6));
        let most = most_micros.min(most_units * 1_000_000) / step;
        (most > 0).then(|| Quantity::from_micros(self.dice.between(1, most) * step))
    }

    /// An amount of whole cents.
    fn cents(&mut self, first: i64, last: i64) -> Amount {
        Amount::from_micros(self.dice.between(first, last) * 10_000)
    }
}

/// What the first group of an id says: what the command makes.
fn id_kind(command: &Command) -> usize {
    match command {
        Command::OpenShop(_) => 1,
        Command::CreateLocation(_) => 2,
        Command::CreateSupplier(_) => 3,
        Command::CreateCustomer(_) => 4,
        Command::CreateItem(_) => 5,
        Command::PlacePurchase(_) => 6,
        Command::PlaceOrder(_) | Command::Sell(_) => 7,
        Command::PlaceHold(_) => 8,
        _ => 9,
    }
}

/// An id that reads `0000000K-0000-4000-8000-000000000NNN`, K the kind and N the number in decimal digits.
fn id(kind: usize, number: u64) -> CommandId {
    let text = format!("{kind:08}-0000-4000-8000-{number:012}");
    text.parse().unwrap_or(CommandId::from_u128(1))
}

fn moment(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_can_be_read() {
        assert_eq!(id(7, 42).to_string(), "00000007-0000-4000-8000-000000000042");
    }

    #[test]
    fn a_seed_always_tells_the_same_story() {
        let tell = |seed| futures_executor::block_on(generate(Recipe { seed, commands: 300 })).unwrap();
        assert_eq!(tell(1), tell(1));
        assert_ne!(tell(1).1, tell(2).1);
    }
}
