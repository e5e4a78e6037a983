//! All tables, in an order in which each stands after those that it names.

use crate::record::{
    alerts, commands, customer_sales, customers, holds, item_barcodes, items, layers, locations, movements, names,
    order_lines, orders, purchase_lines, purchases, return_lines, returns, sales, series, shipments, shop, spellings,
    stock, suppliers, undone,
};
use crate::table::{Column, Table};
use crate::value::Kind;

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

/// The log with its offsets.
static EVENTS: Table = Table {
    name: "events",
    key_columns: 1,
    columns: &[
        column("event_offset", Kind::Int),
        column("command", Kind::Id),
        column("actor", Kind::Text),
        column("occurred_at", Kind::Int),
        column("recorded_at", Kind::Int),
        column("body", Kind::Text),
    ],
};

/// What a program around the shop remembers.
static REGISTRY: Table = Table {
    name: "registry",
    key_columns: 2,
    columns: &[
        column("kind", Kind::Text),
        column("name", Kind::Text),
        column("version", Kind::Int),
        column("body", Kind::Text),
        column("expires_at", Kind::Int),
    ],
};

/// How far the log and the catalogue have come: the one table that has a row in an empty store.
pub(super) static HEAD: Table = Table {
    name: "head",
    key_columns: 1,
    columns: &[column("id", Kind::Int), column("newest", Kind::Int), column("catalog", Kind::Int)],
};

/// Every table.
pub(super) static TABLES: [&Table; 28] = [
    &suppliers::TABLE,
    &customers::TABLE,
    &locations::TABLE,
    &items::TABLE,
    &item_barcodes::TABLE,
    &names::TABLE,
    &spellings::TABLE,
    &shop::TABLE,
    &series::TABLE,
    &stock::TABLE,
    &layers::TABLE,
    &holds::TABLE,
    &alerts::TABLE,
    &orders::TABLE,
    &order_lines::TABLE,
    &shipments::TABLE,
    &purchases::TABLE,
    &purchase_lines::TABLE,
    &returns::TABLE,
    &return_lines::TABLE,
    &movements::TABLE,
    &undone::TABLE,
    &sales::TABLE,
    &customer_sales::TABLE,
    &commands::TABLE,
    &EVENTS,
    &REGISTRY,
    &HEAD,
];

#[cfg(all(test, feature = "sqlite"))]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use sqlx::{Connection as _, Executor as _, Row as _, SqliteConnection};
    use std::collections::BTreeSet;

    #[tokio::test]
    async fn every_column_of_every_table_is_backed_up() {
        let mut database = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        crate::dialect::sqlite::migrate(&mut database, crate::Missing::Create).await.unwrap();
        // What was changed of late concerns only programs that have the database open.
        let columns = "SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c \
                       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' \
                       AND t.name NOT IN ('ims_schema', 'catalog_changes')";
        let there = database.fetch_all(columns).await.unwrap();
        let there: BTreeSet<(String, String)> = there.iter().map(|row| (row.get(0), row.get(1))).collect();
        let known = TABLES.iter().flat_map(|table| table.columns.iter().map(|column| (table.name, column.name)));
        assert_eq!(there, known.map(|(table, column)| (table.to_owned(), column.to_owned())).collect());
    }
}
