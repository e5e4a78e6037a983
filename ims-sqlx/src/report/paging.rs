//! Lists in pages. A page begins after the row that ended the one before, named by what the list is sorted by: so rows
//! that come or go in between move nothing, and a late page costs no more than the first.

use crate::engine::fewer;
use crate::sql::{Place, Sql};
use crate::table::Column;
use crate::value::{Kind, Row, Value};
use ims_core::StoreError;
use ims_core::report::{Cursor, Direction, List, Page, PageRequest, Sort};
use serde_json::Value as Json;

/// What a list is sorted by, and where its page begins. The values that it is sorted by are the first ones of a row.
#[derive(Debug)]
pub(crate) struct Listing {
    columns: Vec<(String, Kind)>,
    /// None where a table is read in the order of its key.
    sort: Option<Sort>,
    after: Option<Vec<Value<'static>>>,
    rows: u32,
}

impl Listing {
    /// A page of a list that is sorted by these columns, the way that is asked for.
    ///
    /// # Errors
    /// `Question` where the list does not come in the order that is asked for, or the cursor is of another one.
    pub(crate) fn by(page: &PageRequest, list: List, columns: &[(&str, Kind)]) -> Result<Self, StoreError> {
        let sort = page.sorted(list)?;
        let kinds = columns.iter().map(|(_, kind)| *kind);
        Ok(Listing {
            columns: columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
            sort: Some(sort),
            after: page.place(sort)?.and_then(|place| read_place(place, kinds)),
            rows: page.rows(),
        })
    }

    /// A page of a table `t` that is sorted by its key.
    pub(crate) fn by_key(page: &PageRequest, key: &[Column]) -> Self {
        let place = page.after.as_ref().and_then(|cursor| serde_json::from_str(&cursor.0).ok());
        Listing {
            columns: key.iter().map(|column| (format!("t.{}", column.name), column.kind)).collect(),
            sort: None,
            after: place.and_then(|place| read_place(place, key.iter().map(|column| column.kind))),
            rows: page.rows(),
        }
    }

    /// Which way it is sorted.
    pub(crate) fn direction(&self) -> Direction {
        self.sort.map_or(Direction::Ascending, |sort| sort.direction)
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
        question.sql(" AND ").beyond(Place { columns, direction: self.direction() })
    }

    /// Goes on with the order, and with room for one row more than the page has: it tells whether there is a next page.
    pub(crate) fn end(&self, question: Sql) -> Sql {
        self.ordered(question, self.rows().saturating_add(1))
    }

    /// Goes on with the order, and with room for so many rows.
    pub(crate) fn ordered(&self, question: Sql, rows: usize) -> Sql {
        let down = match self.direction() {
            Direction::Ascending => "",
            Direction::Descending => " DESC",
        };
        let order = self.columns.iter().map(|(name, _)| format!("{name}{down}")).collect::<Vec<_>>().join(", ");
        question.sql(format!(" ORDER BY {order} LIMIT {rows}"))
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
                page.next = Some(self.cursor(&row)?);
            }
            page.rows.push(read(rest)?);
        }
        Ok(page)
    }

    /// Names a place in it.
    pub(crate) fn cursor(&self, values: &[Value<'_>]) -> Result<Cursor, StoreError> {
        let place = write_place(values);
        match self.sort {
            Some(sort) => Cursor::at(sort, &place),
            None => Ok(Cursor(place.to_string())),
        }
    }
}

fn write_place(values: &[Value<'_>]) -> Json {
    let json = |value: &Value<'_>| match value {
        Value::Null => Json::Null,
        Value::Int(number) => Json::from(*number),
        Value::Text(text) => Json::from(&**text),
        Value::Id(id) => Json::from(format!("{id:032x}")),
    };
    Json::Array(values.iter().map(json).collect())
}

/// Reads where a page begins. A place that no list has given is the start.
fn read_place(values: Vec<Json>, kinds: impl ExactSizeIterator<Item = Kind>) -> Option<Vec<Value<'static>>> {
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

    const COLUMNS: &[(&str, Kind)] = &[("t.a", Kind::Int), ("t.b", Kind::Text), ("t.c", Kind::Id)];

    fn after(cursor: Cursor) -> PageRequest {
        PageRequest { after: Some(cursor), ..PageRequest::default() }
    }

    #[test]
    fn a_cursor_comes_back_as_it_was() {
        let values = vec![Value::from(7_i64), Value::from("a \"b\"".to_owned()), Value::from(u128::MAX)];
        let first = Listing::by(&PageRequest::default(), List::Items, COLUMNS).unwrap();
        let next = after(first.cursor(&values).unwrap());
        assert_eq!(Listing::by(&next, List::Items, COLUMNS).unwrap().after, Some(values));
    }

    #[test]
    fn a_strange_cursor_begins_at_the_start() {
        let strange = ["", "[]", "7", "[\"x\"]", "[1, 2]", "{}", "[\"sku\",[1,2]]", "[\"sku\",[\"1\",\"b\",\"c\"]]"];
        for text in strange {
            let page = after(Cursor(text.to_owned()));
            assert_eq!(Listing::by(&page, List::Items, COLUMNS).unwrap().after, None, "{text}");
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
    use crate::record::{customers, items, locations, movements, orders, purchases, suppliers};
    use crate::report::catalog::{BY_CODE, BY_SKU};
    use crate::report::documents::{ORDERS_BY, PURCHASES_BY, filter_orders, filter_purchases, heads};
    use crate::report::movements::{BY_TIME, question};
    use crate::sql::{Piece, beyond};
    use crate::table::Table;
    use crate::value::Fields;
    use ims_core::report::{MovementQuery, OrderQuery, PurchaseQuery, SortBy};
    use ims_core::{ItemId, LocationId, Timestamp};

    /// How SQLite goes about a question, in its own words.
    async fn steps(mut question: Sql) -> Vec<String> {
        let engine = Engine::new(Sqlite::open("sqlite::memory:", &OpenOptions::default()).await.unwrap());
        question.pieces.insert(0, Piece::Sql("EXPLAIN QUERY PLAN ".into()));
        question.shape = vec![Kind::Int, Kind::Int, Kind::Int, Kind::Text];
        let rows = engine.ask_one(question).await.unwrap();
        rows.into_iter().map(|mut row| Fields::of("steps", row.split_off(3)).next("detail").unwrap()).collect()
    }

    fn after(sort: Sort, values: &[Value<'_>]) -> PageRequest {
        let cursor = Cursor::at(sort, &write_place(values)).unwrap();
        PageRequest { after: Some(cursor), limit: 0, sort: Some(sort) }
    }

    fn sorted(page: &PageRequest, list: List, columns: &[(&str, Kind)]) -> Listing {
        Listing::by(page, list, columns).unwrap()
    }

    #[tokio::test]
    async fn a_late_page_of_the_ledger_is_found_in_an_index() {
        let page = after(Sort::up(SortBy::OccurredAt), &[Value::from(7_i64), Value::from(7_u128), Value::from(7_i64)]);
        let listing = sorted(&page, List::Movements, BY_TIME);
        let search = "SEARCH t USING INDEX movements_occurred_at ((occurred_at,command,number)>(?,?,?))";
        assert_eq!(steps(question(&listing, &MovementQuery::default())).await, [search]);
        let at_a_site = MovementQuery { location: Some(LocationId::from_u128(7)), ..MovementQuery::default() };
        assert_eq!(steps(question(&listing, &at_a_site)).await, [search]);
        let until = MovementQuery { until: Timestamp::from_micros(9), ..MovementQuery::default() };
        let until = steps(question(&listing, &until)).await;
        assert_eq!(until, [search.replace("))", ") AND occurred_at<?)")]);
        let (from, until) = period();
        let first = sorted(&PageRequest::default(), List::Movements, BY_TIME);
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
        let moment = [Value::from(7_i64), Value::from(7_u128)];
        let page = after(Sort::down(SortBy::PlacedAt), &moment);
        let listing = sorted(&page, List::Orders, ORDERS_BY);
        let found = steps(heads(&listing, &orders::TABLE, |question| question)).await;
        assert_eq!(found, ["SEARCH t USING INDEX orders_placed_at ((placed_at,id)<(?,?))"]);
        let page = after(Sort::down(SortBy::OrderedAt), &moment);
        let listing = sorted(&page, List::Purchases, PURCHASES_BY);
        let found = steps(heads(&listing, &purchases::TABLE, |question| question)).await;
        assert_eq!(found, ["SEARCH t USING INDEX purchases_ordered_at ((ordered_at,id)<(?,?))"]);
    }

    #[tokio::test]
    async fn a_late_page_the_other_way_is_found_in_the_same_index() {
        type Listed<'a> = (List, &'a Table, &'a [(&'a str, Kind)], &'a str);
        let lists: [Listed<'_>; 7] = [
            (List::Items, &items::TABLE, BY_SKU, "items_sku_folded ((sku_folded,id)"),
            (List::Locations, &locations::TABLE, BY_CODE, "locations_code_folded ((code_folded,id)"),
            (List::Suppliers, &suppliers::TABLE, BY_CODE, "suppliers_code_folded ((code_folded,id)"),
            (List::Customers, &customers::TABLE, BY_CODE, "customers_code_folded ((code_folded,id)"),
            (List::Orders, &orders::TABLE, ORDERS_BY, "orders_placed_at ((placed_at,id)"),
            (List::Purchases, &purchases::TABLE, PURCHASES_BY, "purchases_ordered_at ((ordered_at,id)"),
            (List::Movements, &movements::TABLE, BY_TIME, "movements_occurred_at ((occurred_at,command,number)"),
        ];
        for (list, table, columns, index) in lists {
            let value = |(_, kind): &(&str, Kind)| match kind {
                Kind::Int => Value::from(7_i64),
                Kind::Text => Value::from("tea".to_owned()),
                Kind::Id => Value::from(7_u128),
            };
            let place: Vec<Value<'_>> = columns.iter().map(value).collect();
            let marks = vec!["?"; columns.len()].join(",");
            for sort in list.sorts() {
                let listing = sorted(&after(*sort, &place), list, columns);
                let found = steps(heads(&listing, table, |question| question)).await;
                let search = format!("SEARCH t USING INDEX {index}{}({marks}))", beyond(sort.direction));
                assert_eq!(found, [search], "{list:?} by {sort}");
            }
        }
    }

    fn period() -> (Option<Timestamp>, Option<Timestamp>) {
        (Timestamp::from_micros(5), Timestamp::from_micros(9))
    }

    #[tokio::test]
    async fn a_page_of_documents_of_a_period_is_found_in_an_index() {
        let (from, until) = period();
        let late = |by| after(Sort::down(by), &[Value::from(7_i64), Value::from(7_u128)]);
        let first = |_| PageRequest::default();
        let pages: [(&dyn Fn(SortBy) -> PageRequest, &str); 2] =
            [(&first, "?_at>? AND ?_at<?"), (&late, "?_at>? AND (?_at,id)<(?,?)")];
        for (page, range) in pages {
            let listing = sorted(&page(SortBy::PlacedAt), List::Orders, ORDERS_BY);
            let query = OrderQuery { from, until, ..OrderQuery::default() };
            let found = steps(heads(&listing, &orders::TABLE, |question| filter_orders(question, &query))).await;
            let range_of = |verb: &str| range.replace("?_at", &format!("{verb}_at"));
            assert_eq!(found, [format!("SEARCH t USING INDEX orders_placed_at ({})", range_of("placed"))]);
            let listing = sorted(&page(SortBy::OrderedAt), List::Purchases, PURCHASES_BY);
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
        let listing = sorted(&PageRequest::default(), List::Orders, ORDERS_BY);
        let query = OrderQuery { city: said(), brand: said(), category: said(), from, until, ..OrderQuery::default() };
        let found = steps(heads(&listing, &orders::TABLE, |question| filter_orders(question, &query))).await;
        assert_eq!(
            searched(found),
            [
                "SEARCH t USING INDEX orders_placed_at (placed_at>? AND placed_at<?)",
                "SEARCH l EXISTS USING INDEX sqlite_autoindex_order_lines_1 (order_id=?)",
            ]
        );
        let listing = sorted(&PageRequest::default(), List::Purchases, PURCHASES_BY);
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
