//! Lists in pages. A page begins after the row that ended the one before, named by what the list is sorted by: so rows
//! that come or go in between move nothing, and a late page costs no more than the first.

use crate::engine::fewer;
use crate::sql::{Direction, Place, Sql};
use crate::table::Column;
use crate::value::{Kind, Row, Value};
use ims_core::StoreError;
use ims_core::report::{Cursor, Page, PageRequest};
use serde_json::Value as Json;

/// What a list is sorted by, and where its page begins. The values that it is sorted by are the first ones of a row.
#[derive(Debug)]
pub(crate) struct Listing {
    columns: Vec<(String, Kind)>,
    direction: Direction,
    after: Option<Vec<Value<'static>>>,
    rows: u32,
}

impl Listing {
    /// A page of a list that is sorted by these columns.
    pub(crate) fn by(page: &PageRequest, direction: Direction, columns: &[(&str, Kind)]) -> Self {
        let kinds = columns.iter().map(|(_, kind)| *kind);
        Listing {
            columns: columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
            direction,
            after: page.after.as_ref().and_then(|cursor| read_cursor(cursor, kinds)),
            rows: page.rows(),
        }
    }

    /// A page of a table `t` that is sorted by its key.
    pub(crate) fn by_key(page: &PageRequest, key: &[Column]) -> Self {
        let names: Vec<String> = key.iter().map(|column| format!("t.{}", column.name)).collect();
        let columns: Vec<(&str, Kind)> = names.iter().map(String::as_str).zip(key.iter().map(|c| c.kind)).collect();
        Listing::by(page, Direction::Ascending, &columns)
    }

    /// The columns that it is sorted by, as a list, and what they hold.
    pub(crate) fn key(&self) -> (String, impl Iterator<Item = Kind>) {
        let names = self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        (names, self.columns.iter().map(|(_, kind)| *kind))
    }

    /// How many rows its page may have.
    pub(crate) fn rows(&self) -> usize {
        usize::try_from(self.rows).unwrap_or(usize::MAX)
    }

    /// Makes its page one of fewer rows.
    pub(crate) fn shorten(&mut self) {
        self.rows = fewer(self.rows);
    }

    /// Goes on with `AND` and the condition that a row stands after the page before.
    pub(crate) fn begin(&self, question: Sql) -> Sql {
        let Some(after) = &self.after else { return question };
        let names = self.columns.iter().map(|(name, _)| name.clone());
        let columns = names.zip(after.iter().cloned()).collect();
        question.sql(" AND ").beyond(Place { columns, direction: self.direction })
    }

    /// Goes on with the order, and with room for one row more than the page has: it tells whether there is a next page.
    pub(crate) fn end(&self, question: Sql) -> Sql {
        let down = match self.direction {
            Direction::Ascending => "",
            Direction::Descending => " DESC",
        };
        let order = self.columns.iter().map(|(name, _)| format!("{name}{down}")).collect::<Vec<_>>().join(", ");
        question.sql(format!(" ORDER BY {order} LIMIT {}", self.rows.saturating_add(1)))
    }

    /// Makes a page of rows that stand in order.
    pub(crate) fn page<T>(
        &self,
        rows: Vec<Row>,
        mut read: impl FnMut(Row) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let most = self.rows();
        let more = rows.len() > most;
        let mut page = Page { rows: Vec::with_capacity(rows.len().min(most)), next: None };
        for (at, mut row) in (1..=most).zip(rows) {
            let rest = row.split_off(self.columns.len().min(row.len()));
            if more && at == most {
                page.next = Some(cursor(&row));
            }
            page.rows.push(read(rest)?);
        }
        Ok(page)
    }
}

/// Names a place in a list.
pub(crate) fn cursor(values: &[Value<'_>]) -> Cursor {
    let json = |value: &Value<'_>| match value {
        Value::Null => Json::Null,
        Value::Int(number) => Json::from(*number),
        Value::Text(text) => Json::from(&**text),
        Value::Id(id) => Json::from(format!("{id:032x}")),
    };
    Cursor(Json::Array(values.iter().map(json).collect()).to_string())
}

/// Reads where a page begins. A cursor that no list has given begins at the start.
fn read_cursor(cursor: &Cursor, kinds: impl ExactSizeIterator<Item = Kind>) -> Option<Vec<Value<'static>>> {
    let values: Vec<Json> = serde_json::from_str(&cursor.0).ok()?;
    if values.len() != kinds.len() {
        return None;
    }
    let value = |(json, kind): (Json, Kind)| match (kind, json) {
        (Kind::Int, json) => json.as_i64().map(Value::from),
        (Kind::Text, Json::String(text)) => Some(Value::from(text)),
        (Kind::Id, Json::String(text)) => u128::from_str_radix(&text, 16).ok().map(Value::from),
        (Kind::Text | Kind::Id, _) => None,
    };
    values.into_iter().zip(kinds).map(value).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let values = vec![Value::from(7_i64), Value::from("a \"b\"".to_owned()), Value::from(u128::MAX)];
        let kinds = [Kind::Int, Kind::Text, Kind::Id];
        assert_eq!(read_cursor(&cursor(&values), kinds.into_iter()), Some(values));
    }

    #[test]
    fn a_strange_cursor_begins_at_the_start() {
        for text in ["", "[]", "7", "[\"x\"]", "[1, 2]", "{}"] {
            assert_eq!(read_cursor(&Cursor(text.to_owned()), [Kind::Int].into_iter()), None);
        }
    }
}

#[cfg(all(test, feature = "sqlite"))]
#[allow(clippy::unwrap_used)]
mod plans {
    use super::*;
    use crate::dialect::sqlite::Sqlite;
    use crate::engine::Engine;
    use crate::options::OpenOptions;
    use crate::record::{orders, purchases};
    use crate::report::documents::{ORDERS_BY, PURCHASES_BY, filter_orders, filter_purchases, heads};
    use crate::report::movements::{OLDEST_FIRST, question};
    use crate::sql::Piece;
    use crate::value::Fields;
    use ims_core::report::{MovementQuery, OrderQuery, PurchaseQuery};
    use ims_core::{ItemId, LocationId, Timestamp};

    /// How SQLite goes about a question, in its own words.
    async fn steps(mut question: Sql) -> Vec<String> {
        let engine = Engine::new(Sqlite::open("sqlite::memory:", &OpenOptions::default()).await.unwrap());
        question.pieces.insert(0, Piece::Sql("EXPLAIN QUERY PLAN ".into()));
        question.shape = vec![Kind::Int, Kind::Int, Kind::Int, Kind::Text];
        let rows = engine.ask_one(question).await.unwrap();
        rows.into_iter().map(|mut row| Fields::of("steps", row.split_off(3)).next("detail").unwrap()).collect()
    }

    fn after(values: &[Value<'_>]) -> PageRequest {
        PageRequest { after: Some(cursor(values)), limit: 0 }
    }

    #[tokio::test]
    async fn a_late_page_of_the_ledger_is_found_in_an_index() {
        let page = after(&[Value::from(7_i64), Value::from(7_u128), Value::from(7_i64)]);
        let listing = Listing::by(&page, Direction::Ascending, OLDEST_FIRST);
        let search = "SEARCH t USING INDEX movements_occurred_at ((occurred_at,command,number)>(?,?,?))";
        assert_eq!(steps(question(&listing, &MovementQuery::default())).await, [search]);
        let at_a_site = MovementQuery { location: Some(LocationId::from_u128(7)), ..MovementQuery::default() };
        assert_eq!(steps(question(&listing, &at_a_site)).await, [search]);
        let until = MovementQuery { until: Timestamp::from_micros(9), ..MovementQuery::default() };
        let until = steps(question(&listing, &until)).await;
        assert_eq!(until, [search.replace("))", ") AND occurred_at<?)")]);
        let (from, until) = period();
        let first = Listing::by(&PageRequest::default(), Direction::Ascending, OLDEST_FIRST);
        let of_a_period = steps(question(&first, &MovementQuery { from, until, ..MovementQuery::default() })).await;
        assert_eq!(of_a_period, ["SEARCH t USING INDEX movements_occurred_at (occurred_at>? AND occurred_at<?)"]);
        let of_an_item = MovementQuery { item: Some(ItemId::from_u128(7)), ..MovementQuery::default() };
        let of_an_item = steps(question(&listing, &of_an_item)).await;
        // Only what has one moment is sorted.
        let sort = "USE TEMP B-TREE FOR LAST 2 TERMS OF ORDER BY";
        assert_eq!(of_an_item, ["SEARCH t USING INDEX movements_item (item=? AND occurred_at>?)", sort]);
    }

    #[tokio::test]
    async fn a_late_page_of_documents_is_found_in_an_index() {
        let page = after(&[Value::from(7_i64), Value::from(7_u128)]);
        let listing = Listing::by(&page, Direction::Descending, ORDERS_BY);
        let found = steps(heads(&listing, &orders::TABLE, |question| question)).await;
        assert_eq!(found, ["SEARCH t USING INDEX orders_placed_at ((placed_at,id)<(?,?))"]);
        let listing = Listing::by(&page, Direction::Descending, PURCHASES_BY);
        let found = steps(heads(&listing, &purchases::TABLE, |question| question)).await;
        assert_eq!(found, ["SEARCH t USING INDEX purchases_ordered_at ((ordered_at,id)<(?,?))"]);
    }

    fn period() -> (Option<Timestamp>, Option<Timestamp>) {
        (Timestamp::from_micros(5), Timestamp::from_micros(9))
    }

    #[tokio::test]
    async fn a_page_of_documents_of_a_period_is_found_in_an_index() {
        let (from, until) = period();
        let (first, late) = (PageRequest::default(), after(&[Value::from(7_i64), Value::from(7_u128)]));
        for (page, range) in [(&first, "?_at>? AND ?_at<?"), (&late, "?_at>? AND (?_at,id)<(?,?)")] {
            let listing = Listing::by(page, Direction::Descending, ORDERS_BY);
            let query = OrderQuery { from, until, ..OrderQuery::default() };
            let found = steps(heads(&listing, &orders::TABLE, |question| filter_orders(question, &query))).await;
            let range_of = |verb: &str| range.replace("?_at", &format!("{verb}_at"));
            assert_eq!(found, [format!("SEARCH t USING INDEX orders_placed_at ({})", range_of("placed"))]);
            let listing = Listing::by(page, Direction::Descending, PURCHASES_BY);
            let query = PurchaseQuery { from, until, ..PurchaseQuery::default() };
            let found = steps(heads(&listing, &purchases::TABLE, |question| filter_purchases(question, &query))).await;
            assert_eq!(found, [format!("SEARCH t USING INDEX purchases_ordered_at ({})", range_of("ordered"))]);
        }
    }

    /// The steps that read documents, lines and items. How a brand or a category is spelt is looked up once for all.
    fn searched(steps: Vec<String>) -> Vec<String> {
        assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{steps:?}");
        let spellings = "SEARCH f USING COVERING INDEX spellings_folded";
        assert!(steps.iter().any(|step| step.starts_with(spellings)), "{steps:?}");
        let read = |step: &String| step.starts_with("SEARCH") && !step.starts_with(spellings);
        steps.into_iter().filter(read).collect()
    }

    #[tokio::test]
    async fn lines_are_looked_up_for_each_document() {
        let said = || Some("Tea".to_owned());
        let item = Some(ItemId::from_u128(7));
        let (from, until) = period();
        let listing = Listing::by(&PageRequest::default(), Direction::Descending, ORDERS_BY);
        let query = OrderQuery { city: said(), brand: said(), category: said(), from, until, ..OrderQuery::default() };
        let found = steps(heads(&listing, &orders::TABLE, |question| filter_orders(question, &query))).await;
        assert_eq!(
            searched(found),
            [
                "SEARCH t USING INDEX orders_placed_at (placed_at>? AND placed_at<?)",
                "SEARCH l EXISTS USING INDEX sqlite_autoindex_order_lines_1 (order_id=?)",
            ]
        );
        let listing = Listing::by(&PageRequest::default(), Direction::Descending, PURCHASES_BY);
        let query = PurchaseQuery { item, city: said(), brand: said(), from, until, ..PurchaseQuery::default() };
        let found = steps(heads(&listing, &purchases::TABLE, |question| filter_purchases(question, &query))).await;
        assert_eq!(
            searched(found),
            [
                "SEARCH t USING INDEX purchases_ordered_at (ordered_at>? AND ordered_at<?)",
                "SEARCH l EXISTS USING COVERING INDEX purchase_lines_item (item=? AND purchase_id=?)",
                "SEARCH i EXISTS USING INDEX sqlite_autoindex_items_1 (id=?)",
            ]
        );
    }
}
