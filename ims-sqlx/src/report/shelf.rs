//! What is on the shelves, what it is worth, and what needs attention.

use super::paging::Listing;
use super::too_large;
use crate::dialect::Ask;
use crate::engine::Engine;
use crate::sql::Sql;
use crate::value::{Field, Fields, Kind, Row, Value};
use ims_core::report::{
    AlertLine, AlertQuery, List, Page, PageRequest, ReorderLine, StockLine, StockQuery, StockValue, ValueQuery,
};
use ims_core::{Amount, LocationKind, Quantity, Standing, StoreError, Text, Timestamp, Tracking};

/// What stock is listed by.
const BY_SKU_AND_SITE: &[(&str, Kind)] =
    &[("i.sku_folded", Kind::Text), ("l.code_folded", Kind::Text), ("i.id", Kind::Id), ("l.id", Kind::Id)];
/// The numbers of a stock `s`, which are zero where there is none.
const NUMBERS: &str = "COALESCE(s.on_hand, 0), COALESCE(s.allocated, 0), COALESCE(s.incoming, 0), \
                       COALESCE(s.backordered, 0)";

/// Smallest units of a quantity: micros.
const DECIMALS_OF_QUANTITY: u32 = 6;

impl<D: Ask> Engine<D> {
    pub(crate) async fn stock(&self, query: &StockQuery, page: &PageRequest) -> Result<Page<StockLine>, StoreError> {
        let mut listing = Listing::by(page, List::Stock, BY_SKU_AND_SITE)?;
        let (key, kinds) = listing.key();
        let columns = format!("i.id, i.sku, i.name, l.code, {NUMBERS}, COALESCE(s.value, 0)");
        let shape = [Kind::Id, Kind::Text, Kind::Text, Kind::Text].into_iter().chain([Kind::Int; 6]);
        let mut question = Sql::new(kinds.chain(shape), format!("SELECT {key}, {columns}, COALESCE("))
            .append(held(query.now, Use::Read))
            .sql(", 0) ")
            .append(stock_listed(""));
        if let Some(item) = query.item {
            question = question.sql(" AND i.id = ").value(item);
        }
        if let Some(site) = query.site {
            question = question.sql(" AND l.id = ").value(site);
        }
        let rows = self.list_one(&mut listing, |listing| listing.end(listing.begin(question.clone()))).await?;
        listing.page(rows, read_stock)
    }

    pub(crate) async fn alerts(
        &self,
        query: AlertQuery,
        now: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<AlertLine>, StoreError> {
        let mut listing = Listing::by(page, List::Alerts, BY_SKU_AND_SITE)?;
        let (key, kinds) = listing.key();
        let shape = [Kind::Id, Kind::Text, Kind::Text, Kind::Text, Kind::Text].into_iter().chain([Kind::Int; 9]);
        let columns = "a.item, i.sku, i.name, l.code, a.kind, s.on_hand, s.allocated, i.reorder_point, a.available, \
                       a.threshold, a.raised_at, a.acknowledged_at, a.resolved_at";
        let only = match query {
            AlertQuery::All => "",
            AlertQuery::Open => " AND a.resolved_at IS NULL",
            AlertQuery::Unacknowledged => " AND a.resolved_at IS NULL AND a.acknowledged_at IS NULL",
        };
        let question = Sql::new(kinds.chain(shape), format!("SELECT {key}, {columns}, COALESCE("))
            .append(held(now, Use::Read))
            .sql(
                ", 0) FROM alerts a JOIN stock s ON s.item = a.item AND s.site = a.site \
                 JOIN items i ON i.id = a.item JOIN locations l ON l.id = a.site \
                 WHERE (a.resolved_at IS NOT NULL OR l.standing = ",
            )
            .value(Value::from(Standing::Active))
            .sql(format!("){only}"));
        let rows = self.list_one(&mut listing, |listing| listing.end(listing.begin(question.clone()))).await?;
        listing.page(rows, read_alert)
    }

    pub(crate) async fn reorder(&self, now: Timestamp, page: &PageRequest) -> Result<Page<ReorderLine>, StoreError> {
        let mut listing = Listing::by(page, List::Reorder, BY_SKU_AND_SITE)?;
        let (key, kinds) = listing.key();
        let shape = [Kind::Id].into_iter().chain([Kind::Text; 4]).chain([Kind::Int; 8]);
        let columns = format!(
            "i.id, i.sku, i.name, l.code, COALESCE(p.code, ''), i.unit_decimals, {NUMBERS}, i.reorder_point, \
             i.reorder_to"
        );
        let question = Sql::new(kinds.chain(shape), format!("SELECT {key}, {columns}, COALESCE("))
            .append(held(now, Use::Read))
            .sql(", 0) ")
            .append(stock_listed(" LEFT JOIN suppliers p ON p.id = i.supplier"))
            .sql(" AND i.standing = ")
            .value(Value::from(Standing::Active))
            .sql(" AND l.standing = ")
            .value(Value::from(Standing::Active))
            .sql(
                " AND COALESCE(s.on_hand, 0) - COALESCE(s.allocated, 0) + COALESCE(s.incoming, 0) \
                 - COALESCE(s.backordered, 0) - COALESCE(",
            )
            .append(held(now, Use::Compare))
            // Without a reorder point: below zero.
            .sql(", 0) <= COALESCE(i.reorder_point, -1)");
        let rows = self.list_one(&mut listing, |listing| listing.end(listing.begin(question.clone()))).await?;
        listing.page(rows, read_reorder)
    }

    pub(crate) async fn value(&self, query: &ValueQuery) -> Result<StockValue, StoreError> {
        let at_site = |mut question: Sql| {
            if let Some(site) = query.site {
                question = question.sql(" AND l.id = ").value(site);
            }
            question
        };
        let Some(as_of) = query.as_of else {
            let now = at_site(values("s.on_hand", "stock s", "s.site"));
            return sum(self.report(vec![now]).await?.pop().unwrap_or_default());
        };
        let until = |question: Sql| at_site(question).sql(" AND m.occurred_at <= ").value(as_of);
        let came = until(values("m.quantity", "movements m", "m.to_location"));
        let went = until(values("m.quantity", "movements m", "m.from_location"));
        let mut sums = self.report(vec![came, went]).await?;
        let (went, came) = (sum(sums.pop().unwrap_or_default())?, sum(sums.pop().unwrap_or_default())?);
        let quantity = came.quantity.checked_sub(went.quantity).ok_or_else(too_large)?;
        let value = came.value.checked_sub(went.value).ok_or_else(too_large)?;
        Ok(StockValue { quantity, value })
    }
}

/// What a sum in a question is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It is a column of the answer.
    Read,
    /// It is part of a condition.
    Compare,
}

/// All stock `s` with its item `i` and site `l`, and an item in trade that never was anywhere at the first site, with no
/// stock; joins other tables, and ends in a condition.
fn stock_listed(joins: &'static str) -> Sql {
    Sql::new([], "FROM items i LEFT JOIN stock s ON s.item = i.id JOIN locations l ON l.id = COALESCE(s.site, (")
        .sql("SELECT f.id FROM locations f WHERE f.kind = ")
        .value(Value::from(LocationKind::Site))
        .sql(" AND f.standing = ")
        .value(Value::from(Standing::Active))
        .sql(format!(" ORDER BY f.code_folded LIMIT 1)){joins} WHERE (s.item IS NOT NULL OR (i.standing = "))
        .value(Value::from(Standing::Active))
        .sql(" AND i.tracking = ")
        .value(Value::from(Tracking::Stocked))
        .sql("))")
}

/// What is held of a stock `s`, without the holds that have lapsed.
fn held(now: Timestamp, purpose: Use) -> Sql {
    let question = Sql::new([], "(SELECT ");
    let question = match purpose {
        Use::Read => question.sum("h.quantity"),
        Use::Compare => question.sql("SUM(h.quantity)"),
    };
    question.sql(" FROM holds h WHERE h.item = s.item AND h.site = s.site AND h.lapses_at > ").value(now).sql(")")
}

/// Sums quantities and values up of what is at sites.
fn values(quantity: &'static str, table: &'static str, place: &'static str) -> Sql {
    let value = quantity.split_once('.').map_or("", |(alias, _)| alias);
    Sql::new([Kind::Int, Kind::Int], "SELECT ")
        .sum(quantity)
        .sql(", ")
        .sum(format!("{value}.value"))
        .sql(format!(" FROM {table} JOIN locations l ON l.id = {place} WHERE l.kind = "))
        .value(Value::from(LocationKind::Site))
}

fn sum(rows: Vec<Row>) -> Result<StockValue, StoreError> {
    let mut fields = Fields::of("stock", rows.into_iter().next().unwrap_or_default());
    let quantity: Option<Quantity> = fields.next("on_hand")?;
    let value: Option<Amount> = fields.next("value")?;
    Ok(StockValue { quantity: quantity.unwrap_or_default(), value: value.unwrap_or_default() })
}

fn read_stock(row: Row) -> Result<StockLine, StoreError> {
    let mut fields = Fields::of("stock", row);
    let (item, sku, name, site) = named(&mut fields)?;
    let on_hand: Quantity = fields.next("on_hand")?;
    let allocated: Quantity = fields.next("allocated")?;
    let incoming = fields.next("incoming")?;
    let backordered = fields.next("backordered")?;
    let value = fields.next("value")?;
    let held = fields.next("held")?;
    let committed = allocated.checked_add(held).ok_or_else(too_large)?;
    let available = on_hand.checked_sub(committed).ok_or_else(too_large)?;
    Ok(StockLine { item, sku, name, site, on_hand, committed, available, incoming, backordered, value })
}

fn read_alert(row: Row) -> Result<AlertLine, StoreError> {
    let mut fields = Fields::of("alerts", row);
    let (item, sku, name, site) = named(&mut fields)?;
    let kind = fields.next("kind")?;
    let on_hand: Quantity = fields.next("on_hand")?;
    let allocated: Quantity = fields.next("allocated")?;
    let threshold = fields.next("reorder_point")?;
    let (available_then, threshold_then) = (fields.next("available")?, fields.next("threshold")?);
    let raised_at = fields.next("raised_at")?;
    let acknowledged_at = fields.next("acknowledged_at")?;
    let resolved_at = fields.next("resolved_at")?;
    let held: Quantity = fields.next("held")?;
    let available = || on_hand.checked_sub(allocated.checked_add(held)?);
    Ok(AlertLine {
        item,
        sku,
        name,
        site,
        kind,
        available: available().ok_or_else(too_large)?,
        threshold,
        available_then,
        threshold_then,
        raised_at,
        acknowledged_at,
        resolved_at,
    })
}

/// Item, SKU, name and site, as every row about stock begins.
fn named<A: Field, B: Field>(fields: &mut Fields) -> Result<(A, B, Text, Text), StoreError> {
    Ok((fields.next("item")?, fields.next("sku")?, fields.next("name")?, fields.next("code")?))
}

fn read_reorder(row: Row) -> Result<ReorderLine, StoreError> {
    let mut fields = Fields::of("stock", row);
    let (item, sku, name, site) = named(&mut fields)?;
    let supplier = fields.next("supplier")?;
    let decimals: u32 = fields.next("unit_decimals")?;
    let on_hand: Quantity = fields.next("on_hand")?;
    let allocated: Quantity = fields.next("allocated")?;
    let incoming: Quantity = fields.next("incoming")?;
    let backordered: Quantity = fields.next("backordered")?;
    let threshold: Option<Quantity> = fields.next("reorder_point")?;
    let reorder_to: Option<Quantity> = fields.next("reorder_to")?;
    let held: Quantity = fields.next("held")?;
    let numbers = || {
        let available = on_hand.checked_sub(allocated.checked_add(held)?)?;
        let expected = available.checked_add(incoming)?.checked_sub(backordered)?;
        let point = threshold.unwrap_or_default();
        let target = reorder_to.or_else(|| point.checked_add(point))?;
        let smallest = 10_i64.checked_pow(DECIMALS_OF_QUANTITY.saturating_sub(decimals))?;
        Some((available, target.checked_sub(expected)?.max(Quantity::from_micros(smallest))))
    };
    let (available, propose) = numbers().ok_or_else(too_large)?;
    Ok(ReorderLine { item, sku, name, site, supplier, available, incoming, backordered, threshold, propose })
}
