//! Lists of what is sold, where, from whom and to whom.

use super::can_be_stored;
use super::documents::{compare, heads, parts};
use super::paging::Listing;
use crate::dialect::Ask;
use crate::engine::Engine;
use crate::load::{by_document, in_place};
use crate::record::{customers, item_barcodes, items, locations, suppliers};
use crate::sql::Sql;
use crate::table::Table;
use crate::value::{Fields, Kind, Value};
use ims_core::report::{ItemQuery, List, Listed, Page, PageRequest, PartyQuery};
use ims_core::text::fold;
use ims_core::{Customer, Item, Location, Standing, StoreError, Supplier};
use std::sync::Arc;

/// What items are listed by.
pub(super) const BY_SKU: &[(&str, Kind)] = &[("t.sku_folded", Kind::Text), ("t.id", Kind::Id)];
/// What places and parties are listed by.
pub(super) const BY_CODE: &[(&str, Kind)] = &[("t.code_folded", Kind::Text), ("t.id", Kind::Id)];

impl<D: Ask> Engine<D> {
    pub(crate) async fn items(&self, query: &ItemQuery, page: &PageRequest) -> Result<Page<Arc<Item>>, StoreError> {
        let listing = Listing::by(page, List::Items, BY_SKU)?;
        if ![&query.text, &query.brand, &query.category].into_iter().all(can_be_stored) {
            return Ok(Page::default());
        }
        self.item_page(listing, |question| filter_items(question, query)).await
    }

    /// A page of items with their barcodes.
    pub(crate) async fn item_page(
        &self,
        mut listing: Listing,
        filter: impl Fn(Sql) -> Sql,
    ) -> Result<Page<Arc<Item>>, StoreError> {
        let questions = |listing: &Listing| {
            vec![heads(listing, &items::TABLE, &filter), parts(listing, &items::TABLE, &item_barcodes::TABLE, &filter)]
        };
        let mut answers = self.list(&mut listing, questions).await?;
        let mut barcodes = by_document("item_barcodes", answers.pop().unwrap_or_default(), item_barcodes::read)?;
        listing.page(answers.pop().unwrap_or_default(), |row| {
            let mut item = items::read(&mut Fields::of("items", row))?;
            item.barcodes = in_place(&mut barcodes, &item.id);
            Ok(Arc::new(item))
        })
    }

    pub(crate) async fn locations(&self, page: &PageRequest) -> Result<Page<Arc<Location>>, StoreError> {
        let mut listing = Listing::by(page, List::Locations, BY_CODE)?;
        let rows =
            self.list_one(&mut listing, |listing| heads(listing, &locations::TABLE, |question| question)).await?;
        listing.page(rows, |row| locations::read(&mut Fields::of("locations", row)).map(Arc::new))
    }

    pub(crate) async fn suppliers(
        &self,
        query: &PartyQuery,
        page: &PageRequest,
    ) -> Result<Page<Arc<Supplier>>, StoreError> {
        self.parties(List::Suppliers, query, page, &suppliers::TABLE, suppliers::read).await
    }

    pub(crate) async fn customers(
        &self,
        query: &PartyQuery,
        page: &PageRequest,
    ) -> Result<Page<Arc<Customer>>, StoreError> {
        self.parties(List::Customers, query, page, &customers::TABLE, customers::read).await
    }

    async fn parties<P>(
        &self,
        list: List,
        query: &PartyQuery,
        page: &PageRequest,
        table: &'static Table,
        read: impl Fn(&mut Fields) -> Result<P, StoreError>,
    ) -> Result<Page<Arc<P>>, StoreError> {
        let mut listing = Listing::by(page, list, BY_CODE)?;
        if ![&query.text, &query.city].into_iter().all(can_be_stored) {
            return Ok(Page::default());
        }
        let question = |listing: &Listing| heads(listing, table, |question| filter_parties(question, query));
        let rows = self.list_one(&mut listing, question).await?;
        listing.page(rows, |row| read(&mut Fields::of(table.name, row)).map(Arc::new))
    }
}

fn filter_items(mut question: Sql, query: &ItemQuery) -> Sql {
    question = filter_standing(question, query.standing);
    if let Some(text) = &query.text {
        question = contains_either(question, "t.sku_folded", "t.name_folded", text);
    }
    question = compare(question, "t.supplier =", query.supplier);
    of_wares(question, "t", query.brand.as_deref(), query.category.as_deref())
}

/// Goes on with the conditions that a row of a table has a brand, and a category or one below it.
pub(super) fn of_wares(mut question: Sql, table: &str, brand: Option<&str>, category: Option<&str>) -> Sql {
    if let Some(brand) = brand {
        question = question
            .sql(format!(" AND {table}.brand IN (SELECT f.typed FROM spellings f WHERE f.folded = "))
            .value(fold(brand))
            .sql(")");
    }
    if let Some(category) = category {
        let category = fold(category);
        // `0` is the character after `/`: what is below a category lies between the two.
        let (below, beyond) = (format!("{category}/"), format!("{category}0"));
        question = question
            .sql(format!(" AND {table}.category IN (SELECT f.typed FROM spellings f WHERE f.folded = "))
            .value(category)
            .sql(" OR (f.folded >= ")
            .value(below)
            .sql(" AND f.folded < ")
            .value(beyond)
            .sql("))");
    }
    question
}

fn filter_parties(mut question: Sql, query: &PartyQuery) -> Sql {
    question = filter_standing(question, query.standing);
    if let Some(text) = &query.text {
        question = contains_either(question, "t.code_folded", "t.name_folded", text);
    }
    if let Some(city) = &query.city {
        question = question.sql(" AND t.city_folded = ").value(fold(city));
    }
    question
}

fn filter_standing(question: Sql, listed: Listed) -> Sql {
    match listed {
        Listed::All => question,
        Listed::Active => question.sql(" AND t.standing = ").value(Value::from(Standing::Active)),
    }
}

fn contains_either(question: Sql, a: &'static str, b: &'static str, text: &str) -> Sql {
    let text = fold(text);
    question.sql(" AND (").contains(a, text.clone()).sql(" OR ").contains(b, text).sql(")")
}
