//! Orders and purchases: found by number, listed newest first.

use super::paging::Listing;
use crate::dialect::Ask;
use crate::engine::Engine;
use crate::load::{by_document, in_place};
use crate::record::{order_lines, orders, purchase_lines, purchases, shipments};
use crate::sql::{Direction, Sql};
use crate::table::Table;
use crate::value::{Field, Fields, Kind, Value};
use ims_core::report::{OrderQuery, Page, PageRequest, PurchaseQuery};
use ims_core::{ItemId, Order, OrderId, Purchase, PurchaseId, StoreError};

/// What sales orders are sorted by, downwards.
pub(super) const ORDERS_BY: &[(&str, Kind)] = &[("t.placed_at", Kind::Int), ("t.id", Kind::Id)];
/// What purchase orders are sorted by, downwards.
pub(super) const PURCHASES_BY: &[(&str, Kind)] = &[("t.ordered_at", Kind::Int), ("t.id", Kind::Id)];

impl<D: Ask> Engine<D> {
    pub(crate) async fn order_numbered(&self, series: &str, number: u64) -> Result<Option<OrderId>, StoreError> {
        self.numbered("orders", series, number).await
    }

    pub(crate) async fn purchase_numbered(&self, series: &str, number: u64) -> Result<Option<PurchaseId>, StoreError> {
        self.numbered("purchases", series, number).await
    }

    async fn numbered<I: Field>(
        &self,
        table: &'static str,
        series: &str,
        number: u64,
    ) -> Result<Option<I>, StoreError> {
        if series.contains('\0') {
            return Ok(None);
        }
        let question = Sql::new([Kind::Id], format!("SELECT id FROM {table} WHERE series = "))
            .value(series.to_owned())
            .sql(" AND number = ")
            .value(number);
        let row = self.ask_one(question).await?.into_iter().next();
        row.map(|row| Fields::of(table, row).next("id")).transpose()
    }

    pub(crate) async fn orders(&self, query: &OrderQuery, page: &PageRequest) -> Result<Page<Order>, StoreError> {
        let listing = Listing::by(page, Direction::Descending, ORDERS_BY);
        let filter = |mut question: Sql| {
            question = only(question, "t.customer", query.customer);
            question = only(question, "t.site", query.site);
            question = only(question, "t.status", query.status);
            with_line(question, "order_lines l WHERE l.order_id = t.id", query.item)
        };
        self.order_page(&listing, filter).await
    }

    /// A page of orders with their lines and shipments.
    pub(crate) async fn order_page(
        &self,
        listing: &Listing,
        filter: impl Fn(Sql) -> Sql,
    ) -> Result<Page<Order>, StoreError> {
        let questions = vec![
            heads(listing, &orders::TABLE, &filter),
            parts(listing, &orders::TABLE, &order_lines::TABLE, &filter),
            parts(listing, &orders::TABLE, &shipments::TABLE, &filter),
        ];
        let mut answers = self.ask(questions).await?;
        let mut shipments = by_document("shipments", answers.pop().unwrap_or_default(), shipments::read)?;
        let mut lines = by_document("order_lines", answers.pop().unwrap_or_default(), order_lines::read)?;
        listing.page(answers.pop().unwrap_or_default(), |row| {
            let mut order = orders::read(&mut Fields::of("orders", row))?;
            order.lines = in_place(&mut lines, &order.id);
            order.shipments = in_place(&mut shipments, &order.id);
            Ok(order)
        })
    }

    pub(crate) async fn purchases(
        &self,
        query: &PurchaseQuery,
        page: &PageRequest,
    ) -> Result<Page<Purchase>, StoreError> {
        let listing = Listing::by(page, Direction::Descending, PURCHASES_BY);
        let filter = |mut question: Sql| {
            question = only(question, "t.supplier", query.supplier);
            question = only(question, "t.site", query.site);
            question = only(question, "t.status", query.status);
            with_line(question, "purchase_lines l WHERE l.purchase_id = t.id", query.item)
        };
        self.purchase_page(&listing, filter).await
    }

    /// A page of purchases with their lines.
    pub(crate) async fn purchase_page(
        &self,
        listing: &Listing,
        filter: impl Fn(Sql) -> Sql,
    ) -> Result<Page<Purchase>, StoreError> {
        let questions = vec![
            heads(listing, &purchases::TABLE, &filter),
            parts(listing, &purchases::TABLE, &purchase_lines::TABLE, &filter),
        ];
        let mut answers = self.ask(questions).await?;
        let mut lines = by_document("purchase_lines", answers.pop().unwrap_or_default(), purchase_lines::read)?;
        listing.page(answers.pop().unwrap_or_default(), |row| {
            let mut purchase = purchases::read(&mut Fields::of("purchases", row))?;
            purchase.lines = in_place(&mut lines, &purchase.id);
            Ok(purchase)
        })
    }
}

/// Goes on with the condition that a column has a value, where there is one to have.
fn only<V: Into<Value<'static>>>(question: Sql, column: &'static str, value: Option<V>) -> Sql {
    match value {
        None => question,
        Some(value) => question.sql(format!(" AND {column} = ")).value(value),
    }
}

/// Goes on with the condition that there is a line of an item.
fn with_line(question: Sql, lines: &'static str, item: Option<ItemId>) -> Sql {
    match item {
        None => question,
        Some(item) => question.sql(format!(" AND EXISTS (SELECT 1 FROM {lines} AND l.item = ")).value(item).sql(")"),
    }
}

/// Asks for a page of a table `t`.
pub(super) fn heads(listing: &Listing, table: &Table, filter: impl Fn(Sql) -> Sql) -> Sql {
    let (key, kinds) = listing.key();
    let select = format!("SELECT {key}, {} FROM {} t WHERE true", table.list("t"), table.name);
    listing.end(filter(listing.begin(Sql::new(kinds.chain(table.kinds()), select))))
}

/// Asks for the rows of another table that belong to a page of a table `t`.
pub(super) fn parts(listing: &Listing, table: &Table, of: &Table, filter: impl Fn(Sql) -> Sql) -> Sql {
    let ids = Sql::new([], format!("SELECT t.id FROM {} t WHERE true", table.name));
    let owner = of.columns.first().map_or("", |column| column.name);
    Sql::new(of.kinds(), format!("SELECT {} FROM (", of.list("o")))
        .append(listing.end(filter(listing.begin(ids))))
        .sql(format!(") p JOIN {} o ON o.{owner} = p.id", of.name))
}
