//! What was sold less what came back, told apart in one of several ways. All of it is read from totals that every sale
//! keeps up to date, never from the history.

use super::paging::Listing;
use super::too_large;
use crate::dialect::Ask;
use crate::engine::Engine;
use crate::sql::Sql;
use crate::value::{Fields, Kind, Row, Value};
use ims_core::report::{Direction, List, Page, PageRequest, ProfitBy, ProfitLine, ProfitQuery};
use ims_core::{Date, Sales, StoreError, Text};

/// The longest month.
const DAYS_PER_MONTH: usize = 31;

impl<D: Ask> Engine<D> {
    pub(crate) async fn profit(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        let totals = match query.by {
            ProfitBy::Day => return self.profit_by_day(query, page).await,
            ProfitBy::Month => return self.profit_by_month(query, page).await,
            ProfitBy::Brand => by_text("brand", query),
            ProfitBy::Category => by_text("category", query),
            ProfitBy::Item => by_row("sales", "item", "items", "sku", query),
            ProfitBy::Site => by_row("sales", "site", "locations", "code", query),
            ProfitBy::Customer => by_row("customer_sales", "customer", "customers", "code", query),
        };
        let mut listing = Listing::by(page, List::Profit, &[("g.same", Kind::Text)])?;
        let shape = [Kind::Text, Kind::Text, Kind::Text, Kind::Int, Kind::Int, Kind::Int];
        let question = Sql::new(shape, "SELECT g.same, g.sold, g.name, g.units, g.revenue, g.cost FROM (")
            .append(totals)
            .sql(") g WHERE true");
        let rows = self.list_one(&mut listing, |listing| listing.end(listing.begin(question.clone()))).await?;
        listing.page(rows, |row| {
            let mut fields = Fields::of("sales", row);
            Ok(ProfitLine { key: fields.next("key")?, name: fields.next("name")?, sales: read_sales(&mut fields)? })
        })
    }

    async fn profit_by_day(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        let mut listing = Listing::by(page, List::Profit, &[("s.day", Kind::Int)])?;
        let rows = self.list_one(&mut listing, |listing| listing.end(by_day(listing, query))).await?;
        listing.page(rows, |row| {
            let (day, sales) = read_day(row)?;
            Ok(ProfitLine { key: day.to_string().into(), name: Text::from(""), sales })
        })
    }

    /// Days are summed up to months here: every database has another way to tell the month of a day. A page that has
    /// room for so many months never needs more than so many times the days of the longest.
    async fn profit_by_month(&self, query: &ProfitQuery, page: &PageRequest) -> Result<Page<ProfitLine>, StoreError> {
        let mut listing = Listing::by(page, List::Profit, &[("s.day", Kind::Int)])?;
        let days = |listing: &Listing| {
            let days = listing.rows().saturating_add(1).saturating_mul(DAYS_PER_MONTH);
            listing.ordered(by_day(listing, query), days)
        };
        let rows = self.list_one(&mut listing, days).await?;
        let mut months: Vec<(Date, ProfitLine)> = Vec::new();
        for mut row in rows {
            let (day, sales) = read_day(row.split_off(1.min(row.len())))?;
            let end = match listing.direction() {
                Direction::Ascending => day.month().last_day(),
                Direction::Descending => day.month().first_day(),
            };
            let key = Text::from(day.month().to_string());
            match months.last_mut() {
                Some((last, line)) if *last == end => {
                    line.sales = line.sales.checked_add(sales).ok_or_else(too_large)?;
                }
                _ => months.push((end, ProfitLine { key, name: Text::from(""), sales })),
            }
        }
        let more = months.len() > listing.rows();
        months.truncate(listing.rows());
        let next = months.last().filter(|_| more).map(|(end, _)| listing.cursor(&[Value::from(*end)])).transpose()?;
        Ok(Page { rows: months.into_iter().map(|(_, line)| line).collect(), next })
    }
}

/// Sums up by a text that stands with the sale, whatever its spelling; shows the last of its spellings.
fn by_text(column: &'static str, query: &ProfitQuery) -> Sql {
    let same = format!("COALESCE(f.folded, s.{column})");
    let question = sums(Sql::new([], format!("SELECT {same} AS same, MAX(s.{column}) AS sold, '' AS name, ")));
    within(question.sql(each_once("sales", column)), query)
        .sql(format!(" GROUP BY s.{column}) s LEFT JOIN spellings f ON f.typed = s.{column} GROUP BY {same}"))
}

/// Sums up by a row that the sale names, and calls it by its code. The totals are summed up before they are joined: there
/// are many times more of them than rows.
fn by_row(
    totals: &'static str,
    column: &'static str,
    table: &'static str,
    code: &'static str,
    query: &ProfitQuery,
) -> Sql {
    let same = format!("COALESCE(n.{code}, '')");
    let begin = format!("SELECT {same} AS same, {same} AS sold, COALESCE(MAX(n.name), '') AS name, ");
    within(sums(Sql::new([], begin)).sql(each_once(totals, column)), query)
        .sql(format!(" GROUP BY s.{column}) s LEFT JOIN {table} n ON n.id = s.{column} GROUP BY {same}"))
}

/// Begins to sum totals up by a column.
fn each_once(totals: &'static str, column: &'static str) -> String {
    format!(
        " FROM (SELECT s.{column}, SUM(s.units) AS units, SUM(s.revenue) AS revenue, SUM(s.cost) AS cost \
         FROM {totals} s WHERE true"
    )
}

/// Sums up by day, after the page before.
fn by_day(listing: &Listing, query: &ProfitQuery) -> Sql {
    let shape = [Kind::Int, Kind::Int, Kind::Int, Kind::Int, Kind::Int];
    let question = sums(Sql::new(shape, "SELECT s.day, s.day, ")).sql(" FROM sales s WHERE true");
    listing.begin(within(question, query)).sql(" GROUP BY s.day")
}

fn sums(question: Sql) -> Sql {
    question.sum("s.units").sql(" AS units, ").sum("s.revenue").sql(" AS revenue, ").sum("s.cost").sql(" AS cost")
}

/// Goes on with the condition that a day is asked for.
fn within(mut question: Sql, query: &ProfitQuery) -> Sql {
    if let Some(from) = query.from {
        question = question.sql(" AND s.day >= ").value(from);
    }
    if let Some(until) = query.until {
        question = question.sql(" AND s.day <= ").value(until);
    }
    question
}

fn read_day(row: Row) -> Result<(Date, Sales), StoreError> {
    let mut fields = Fields::of("sales", row);
    Ok((fields.next("day")?, read_sales(&mut fields)?))
}

fn read_sales(fields: &mut Fields) -> Result<Sales, StoreError> {
    Ok(Sales { units: fields.next("units")?, revenue: fields.next("revenue")?, cost: fields.next("cost")? })
}
