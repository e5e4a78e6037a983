//! Every operation, a file for each noun.

mod account;
mod alerts;
mod commands;
mod cost;
mod customers;
mod events;
mod holds;
mod imports;
mod invitations;
mod items;
mod keys;
mod limits;
mod movements;
mod orders;
mod purchases;
mod reports;
mod search;
mod shop;
mod sites;
mod stock;
mod suppliers;
mod tokens;
mod users;

use super::Operation;

/// The lists of all nouns.
const ALL: &[&[Operation]] = &[
    shop::OPERATIONS,
    items::OPERATIONS,
    sites::OPERATIONS,
    suppliers::OPERATIONS,
    customers::OPERATIONS,
    stock::OPERATIONS,
    holds::OPERATIONS,
    movements::OPERATIONS,
    orders::OPERATIONS,
    purchases::OPERATIONS,
    cost::OPERATIONS,
    alerts::OPERATIONS,
    reports::OPERATIONS,
    events::OPERATIONS,
    search::OPERATIONS,
    imports::OPERATIONS,
    commands::OPERATIONS,
    tokens::OPERATIONS,
    account::OPERATIONS,
    users::OPERATIONS,
    invitations::OPERATIONS,
    keys::OPERATIONS,
    limits::OPERATIONS,
];

/// The schemas that operations answer with and that are the server's own.
pub(super) const SCHEMAS: &[&str] =
    &[stock::SCHEMAS, search::SCHEMAS, imports::SCHEMAS, commands::SCHEMAS, events::SCHEMAS];

impl Operation {
    /// All operations, in the order of the document.
    pub(crate) fn all() -> impl Iterator<Item = &'static Operation> {
        ALL.iter().flat_map(|operations| operations.iter())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::operation::{Verb, Work};
    use super::*;
    use ims_core::Command;
    use std::collections::BTreeSet;

    #[test]
    fn every_command_of_the_engine_is_an_operation() {
        let is_command = |operation: &&Operation| matches!(operation.work, Work::Command(_));
        let names: BTreeSet<&str> = Operation::all().filter(is_command).map(|operation| operation.name).collect();
        assert_eq!(names, Command::NAMES.iter().copied().collect());
    }

    #[test]
    fn names_and_places_are_unique() {
        let names: Vec<&str> = Operation::all().map(|operation| operation.name).collect();
        let places: Vec<(Verb, &str)> = Operation::all().map(|operation| (operation.verb, operation.path)).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len());
    }
}
