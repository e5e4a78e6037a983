//! The second reading: rows of one invoice and minute become commands.

use super::{
    IDS, kind,
    row::{Class, Row},
};
use ims_core::{
    AdjustmentReason, Amount, Command, CommandId, CustomerId, Direction, ItemId, LocationId, Quantity, Timestamp,
    limits::LINES_PER_DOCUMENT,
    order::{LooseLine, OrderedLine, ReturnGoods, ReturnedGoods, Sell},
    stock::{AdjustStock, Adjusted},
};

/// The rows of one invoice and minute, put together by what they ask for.
#[derive(Default)]
pub(super) struct Invoice {
    number: String,
    at: Option<Timestamp>,
    customer: Option<CustomerId>,
    parts: Vec<Part>,
}

/// Rows of an invoice that are one command.
pub(super) struct Part {
    act: Act,
    pub(super) line: u64,
    entries: Vec<Entry>,
    /// What class each of its rows is of.
    pub(super) classes: Vec<Class>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Act {
    Sell,
    TakeBack,
    Adjust { direction: Direction, reason: AdjustmentReason, note: String },
}

struct Entry {
    item: ItemId,
    /// Without its sign.
    quantity: Quantity,
    price: Amount,
    /// What one costs that comes in; nothing for services.
    cost: Option<Amount>,
}

/// An item of the store, as a row finds it.
#[derive(Clone, Copy)]
pub(super) struct KnownItem {
    pub(super) id: ItemId,
    pub(super) cost: Option<Amount>,
}

impl Invoice {
    /// Whether a row belongs to it.
    pub(super) fn has(&self, row: &Row<'_>) -> bool {
        self.at == Some(row.at) && self.number == row.invoice
    }

    /// Begins the next invoice; returns what the one before asks for.
    pub(super) fn begin(&mut self, row: &Row<'_>, customer: Option<CustomerId>) -> Invoice {
        let next = Invoice { number: row.invoice.to_owned(), at: Some(row.at), customer, parts: Vec::new() };
        std::mem::replace(self, next)
    }

    /// Adds a row that moves something.
    pub(super) fn add(&mut self, row: &Row<'_>, class: Class, item: KnownItem) {
        let act = act(row, class);
        let quantity = if row.quantity.is_negative() { row.quantity.checked_neg() } else { Some(row.quantity) };
        // A quantity that was read has a negative of its own.
        let Some(quantity) = quantity else { return };
        let entry = Entry { item: item.id, quantity, price: row.price, cost: item.cost };
        match self.parts.iter_mut().find(|part| part.act == act && part.entries.len() < LINES_PER_DOCUMENT) {
            Some(part) => {
                part.entries.push(entry);
                part.classes.push(class);
            }
            None => self.parts.push(Part { act, line: row.line, entries: vec![entry], classes: vec![class] }),
        }
    }

    /// The commands, in the order of their first rows.
    pub(super) fn commands(self, site: LocationId) -> impl Iterator<Item = InvoiceCommand> {
        let Invoice { number, at, customer, parts } = self;
        let at = at.unwrap_or(Timestamp::MIN);
        parts.into_iter().map(move |part| InvoiceCommand {
            id: IDS.id(at, kind::ROW, u32::try_from(part.line).unwrap_or(u32::MAX)),
            at,
            invoice: number.clone(),
            command: part.command(site, customer),
            line: part.line,
            classes: part.classes,
        })
    }
}

/// A command and what has to be known about it when its answer comes.
pub(super) struct InvoiceCommand {
    pub(super) id: CommandId,
    pub(super) at: Timestamp,
    pub(super) command: Command,
    pub(super) invoice: String,
    pub(super) line: u64,
    pub(super) classes: Vec<Class>,
}

impl Part {
    fn command(&self, site: LocationId, customer: Option<CustomerId>) -> Command {
        let entries = self.entries.iter();
        match &self.act {
            Act::Sell => {
                let lines = entries.map(|entry| OrderedLine::priced(entry.item, entry.quantity, entry.price)).collect();
                Sell { customer, ..Sell::new(site, lines) }.into()
            }
            Act::TakeBack => {
                let lines = entries.map(Entry::returned).collect();
                // History is booked as it was: the data knows no list prices.
                let goods = ReturnedGoods::Loose { site, customer, lines };
                ReturnGoods { goods, refund_reason: Some("As it was invoiced".into()) }.into()
            }
            Act::Adjust { direction, reason, note } => {
                let lines = entries.map(|entry| entry.adjusted(*direction)).collect();
                let note = Some(note.as_str()).filter(|note| !note.is_empty()).map(Into::into);
                AdjustStock { site, reason: *reason, direction: *direction, lines, note }.into()
            }
        }
    }
}

impl Entry {
    fn returned(&self) -> LooseLine {
        LooseLine { item: self.item, quantity: self.quantity, unit_price: self.price, unit_cost: self.cost }
    }

    fn adjusted(&self, direction: Direction) -> Adjusted {
        let unit_cost = self.cost.filter(|_| direction == Direction::Up);
        Adjusted { item: self.item, quantity: self.quantity, unit_cost }
    }
}

/// What a row asks for, by its class and its sign.
fn act(row: &Row<'_>, class: Class) -> Act {
    let comes = row.quantity.is_negative();
    match class {
        Class::Sale | Class::Return | Class::NonStock | Class::BadDebt if comes => Act::TakeBack,
        Class::Sale | Class::Return | Class::NonStock | Class::BadDebt => Act::Sell,
        Class::FreeIssue => Act::Adjust {
            direction: if comes { Direction::Up } else { Direction::Down },
            reason: AdjustmentReason::Gift,
            note: row.customer.map(|code| format!("given to {code}")).unwrap_or_default(),
        },
        Class::Adjustment => Act::Adjust {
            direction: if comes { Direction::Down } else { Direction::Up },
            reason: reason(row.description),
            note: row.description.to_owned(),
        },
    }
}

/// Why stock was adjusted, by the words that the shop used.
fn reason(description: &str) -> AdjustmentReason {
    let words = description.to_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if says(&["damage", "smash", "crush", "broke", "wet", "faulty", "destroyed"]) {
        AdjustmentReason::Damaged
    } else if says(&["found"]) {
        AdjustmentReason::Found
    } else if says(&["lost", "missing"]) {
        AdjustmentReason::Lost
    } else if says(&["check", "count"]) {
        AdjustmentReason::Counted
    } else {
        AdjustmentReason::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shop_s_own_words_tell_the_reason() {
        for (words, expected) in [
            ("wet damaged", AdjustmentReason::Damaged),
            ("Unsaleable, destroyed.", AdjustmentReason::Damaged),
            ("Found", AdjustmentReason::Found),
            ("missing?", AdjustmentReason::Lost),
            ("check", AdjustmentReason::Counted),
            ("sold as set on dotcom", AdjustmentReason::Other),
            ("", AdjustmentReason::Other),
        ] {
            assert_eq!(reason(words), expected, "{words}");
        }
    }
}
