//! The words that the rules are told in: `check(given(..), command, expect(..))`.
//!
//! Everything is named by a short text. What a command makes has the name of the command, so `sell(..).named("till-1")`
//! makes the order `till-1`. Every story is in one shop that keeps its books in EUR and its days in UTC; it has the sites
//! `main` and `east`, the supplier `wholesale` and the customer `regular`, and it is 2026-03-02 09:00 until a command
//! says otherwise.

mod deed;
mod fact;
mod story;

pub(crate) use deed::*;
pub(crate) use fact::*;
pub(crate) use story::*;

use ims_core::{Amount, CommandId, Quantity, Timestamp};

/// The bits of an id: the bytes of its name.
fn bits(name: &str) -> u128 {
    assert!(name.len() <= 15, "{name} is too long for a name");
    name.bytes().fold(1, |bits, byte| bits << 8 | u128::from(byte))
}

/// An id of any kind by its name.
pub(crate) fn id<I: From<CommandId>>(name: &str) -> I {
    CommandId::from_u128(bits(name)).into()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

/// A time of the day on which all begins, such as `10:30`, or of another day, such as `2026-03-05 10:30`.
pub(crate) fn time(text: &str) -> Timestamp {
    let (day, clock) = text.split_once(' ').unwrap_or(("2026-03-02", text));
    format!("{day}T{clock}:00Z").parse().unwrap()
}
