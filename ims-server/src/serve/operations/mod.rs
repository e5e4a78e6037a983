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
mod lookups;
mod movements;
mod orders;
pub(super) mod proof;
mod purchases;
mod relays;
mod reports;
mod search;
mod shop;
mod sites;
mod stock;
mod suppliers;
mod tokens;
mod users;
mod webhooks;

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
    lookups::OPERATIONS,
    imports::OPERATIONS,
    commands::OPERATIONS,
    relays::OPERATIONS,
    webhooks::OPERATIONS,
    tokens::OPERATIONS,
    account::OPERATIONS,
    users::OPERATIONS,
    invitations::OPERATIONS,
    keys::OPERATIONS,
    limits::OPERATIONS,
    proof::OPERATIONS,
];

/// The schemas that operations answer with and that are the server's own.
pub(super) const SCHEMAS: &[&str] = &[
    stock::SCHEMAS,
    search::SCHEMAS,
    lookups::SCHEMAS,
    imports::SCHEMAS,
    commands::SCHEMAS,
    events::SCHEMAS,
    relays::SCHEMAS,
    webhooks::SCHEMAS,
    proof::SCHEMAS,
];

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
    fn the_page_of_features_names_what_there_is() {
        let page = include_str!("../../../../docs/features.md");
        let verb = |operation: &Operation| format!("{:?}", operation.verb).to_uppercase();
        let route = |operation: &Operation| format!("{} {}", verb(operation), operation.path);
        let mut routes: BTreeSet<String> = Operation::all().map(route).collect();
        // Streams are no operations: they have no one answer.
        routes.extend(["GET /v1/events/stream".to_owned(), "GET /v1/events/ws".to_owned()]);
        let named = page.split('`').skip(1).step_by(2).filter(|code| code.contains(" /v1/"));
        let mut count = 0;
        for route in named {
            count += 1;
            assert!(routes.contains(route), "{route}");
        }
        assert!(count > 50, "{count}");
    }

    #[test]
    fn what_reads_much_is_there() {
        for name in super::super::operation::READS_MUCH {
            assert!(Operation::named(name).is_some_and(|operation| operation.reads_much()), "{name}");
        }
        assert!(Operation::named("orders").is_some_and(|orders| orders.reads_much()));
        assert!(Operation::named("order").is_some_and(|order| !order.reads_much()));
    }

    #[test]
    fn names_and_places_are_unique() {
        let names: Vec<&str> = Operation::all().map(|operation| operation.name).collect();
        let places: Vec<(Verb, &str)> = Operation::all().map(|operation| (operation.verb, operation.path)).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
        assert_eq!(places.iter().collect::<BTreeSet<_>>().len(), places.len());
    }
}
