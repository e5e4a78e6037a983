//! Orders and purchases: found by number, listed by time.

use super::can_be_stored;
use super::catalog::of_wares;
use super::paging::Listing;
use crate::dialect::Ask;
use crate::engine::Engine;
use crate::load::{by_document, in_place};
use crate::record::{order_lines, orders, purchase_lines, purchases, shipments};
use crate::sql::Sql;
use crate::table::Table;
use crate::value::{Field, Fields, Kind, Value};
use ims_core::report::{List, OrderQuery, Page, PageRequest, PurchaseQuery};
use ims_core::text::fold;
use ims_core::{Order, OrderId, Purchase, PurchaseId, StoreError};

/// What sales orders are sorted by.
pub(super) const ORDERS_BY: &[(&str, Kind)] = &[("t.placed_at", Kind::Int), ("t.id", Kind::Id)];
/// What purchase orders are sorted by.
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
        let listing = Listing::by(page, List::Orders, ORDERS_BY)?;
        if ![&query.city, &query.brand, &query.category].into_iter().all(can_be_stored) {
            return Ok(Page::default());
        }
        self.order_page(listing, |question| filter_orders(question, query)).await
    }

    /// A page of orders with their lines and shipments.
    pub(crate) async fn order_page(
        &self,
        mut listing: Listing,
        filter: impl Fn(Sql) -> Sql,
    ) -> Result<Page<Order>, StoreError> {
        let questions = |listing: &Listing| {
            vec![
                heads(listing, &orders::TABLE, &filter),
                parts(listing, &orders::TABLE, &order_lines::TABLE, &filter),
                parts(listing, &orders::TABLE, &shipments::TABLE, &filter),
            ]
        };
        let mut answers = self.list(&mut listing, questions).await?;
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
        let listing = Listing::by(page, List::Purchases, PURCHASES_BY)?;
        if ![&query.city, &query.brand, &query.category].into_iter().all(can_be_stored) {
            return Ok(Page::default());
        }
        self.purchase_page(listing, |question| filter_purchases(question, query)).await
    }

    /// A page of purchases with their lines.
    pub(crate) async fn purchase_page(
        &self,
        mut listing: Listing,
        filter: impl Fn(Sql) -> Sql,
    ) -> Result<Page<Purchase>, StoreError> {
        let questions = |listing: &Listing| {
            vec![
                heads(listing, &purchases::TABLE, &filter),
                parts(listing, &purchases::TABLE, &purchase_lines::TABLE, &filter),
            ]
        };
        let mut answers = self.list(&mut listing, questions).await?;
        let mut lines = by_document("purchase_lines", answers.pop().unwrap_or_default(), purchase_lines::read)?;
        listing.page(answers.pop().unwrap_or_default(), |row| {
            let mut purchase = purchases::read(&mut Fields::of("purchases", row))?;
            purchase.lines = in_place(&mut lines, &purchase.id);
            Ok(purchase)
        })
    }
}

/// Goes on with the conditions that a sales order `t` is asked for by.
pub(super) fn filter_orders(mut question: Sql, query: &OrderQuery) -> Sql {
    question = compare(question, "t.customer =", query.customer);
    question = compare(question, "t.site =", query.site);
    question = compare(question, "t.status =", query.status);
    question = compare(question, "t.placed_at >=", query.from);
    question = compare(question, "t.placed_at <=", query.until);
    question = in_city(question, query.city.as_deref());
    if query.item.is_none() && query.brand.is_none() && query.category.is_none() {
        return question;
    }
    question = question.sql(" AND EXISTS (SELECT 1 FROM order_lines l WHERE l.order_id = t.id");
    question = compare(question, "l.item =", query.item);
    of_wares(question, "l", query.brand.as_deref(), query.category.as_deref()).sql(")")
}

/// Goes on with the conditions that a purchase order `t` is asked for by.
pub(super) fn filter_purchases(mut question: Sql, query: &PurchaseQuery) -> Sql {
    question = compare(question, "t.supplier =", query.supplier);
    question = compare(question, "t.site =", query.site);
    question = compare(question, "t.status =", query.status);
    question = compare(question, "t.ordered_at >=", query.from);
    question = compare(question, "t.ordered_at <=", query.until);
    question = in_city(question, query.city.as_deref());
    if query.item.is_none() && query.brand.is_none() && query.category.is_none() {
        return question;
    }
    question = question.sql(" AND EXISTS (SELECT 1 FROM purchase_lines l WHERE l.purchase_id = t.id");
    question = compare(question, "l.item =", query.item);
    question = question.sql(" AND EXISTS (SELECT 1 FROM items i WHERE i.id = l.item");
    of_wares(question, "i", query.brand.as_deref(), query.category.as_deref()).sql("))")
}

/// Goes on with a comparison, such as `t.site =`, where there is a value to compare with.
pub(super) fn compare<V: Into<Value<'static>>>(question: Sql, how: &str, value: Option<V>) -> Sql {
    match value {
        None => question,
        Some(value) => question.sql(format!(" AND {how} ")).value(value),
    }
}

/// Goes on with the condition that whom a document `t` was made out to was in a city.
fn in_city(question: Sql, city: Option<&str>) -> Sql {
    compare(question, "t.party_city_folded =", city.map(fold))
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
