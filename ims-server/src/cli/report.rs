//! `ims report`

use super::{
    entry::{AS_OF, Entry, PERIOD},
    page::each_page,
};
use crate::{
    failure::{Failure, Outcome},
    moment::Moment,
    output::{self, Column, Format, Line, Show, bar},
    session::{Session, now},
};
use clap::{Args, Subcommand, ValueEnum};
use ims_core::{
    Amount, Currency, Date, Quantity, Reports, Sales,
    report::{ProfitBy, ProfitLine, ProfitQuery, ReorderLine, ValueQuery},
};
use serde::Serialize;
use std::cmp::Reverse;

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Units, revenue, cost, profit and margin of what was sold less what came back
    Profit(Profit),
    /// How much stock there is and what it cost
    Value(Value),
    /// What should be ordered now: stock at or below its reorder point
    Reorder,
}

impl Command {
    /// What it enters in the books: nothing.
    pub(super) fn entry(&self) -> Entry {
        match self {
            Command::Profit(_) => PERIOD,
            Command::Value(_) => AS_OF,
            Command::Reorder => Entry::Nothing,
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct Profit {
    /// By what profit is told apart
    #[arg(long, value_enum, default_value_t = By::Month)]
    by: By,
    /// From this business day on
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,
    /// Up to and including this business day
    #[arg(long, value_name = "DAY")]
    until: Option<Date>,
    /// Only so many, those with the most profit; 0 for all
    #[arg(long, value_name = "N")]
    top: Option<usize>,
}

/// By what profit is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum By {
    /// The SKU
    Item,
    /// The brand when it was sold
    Brand,
    /// The category when it was sold
    Category,
    /// The customer's code
    Customer,
    /// The business day
    Day,
    /// The month
    Month,
    /// The site's code
    Site,
}

impl From<By> for ProfitBy {
    fn from(by: By) -> ProfitBy {
        match by {
            By::Item => ProfitBy::Item,
            By::Brand => ProfitBy::Brand,
            By::Category => ProfitBy::Category,
            By::Customer => ProfitBy::Customer,
            By::Day => ProfitBy::Day,
            By::Month => ProfitBy::Month,
            By::Site => ProfitBy::Site,
        }
    }
}

#[derive(Args, Debug)]
pub(super) struct Value {
    /// Only at this site
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// As it was at the end of that day, or at that moment
    #[arg(long, value_name = "TIME")]
    as_of: Option<Moment>,
}

impl Command {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::Profit(command) => command.run(session).await,
            Command::Value(command) => command.run(session).await,
            Command::Reorder => reorder(session).await,
        }
    }
}

/// A line of the profit report.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ProfitRow {
    key: String,
    name: String,
    units: Quantity,
    revenue: Amount,
    cost: Amount,
    profit: Amount,
    /// Profit as a part of revenue; nothing where nothing was earned.
    margin: Option<Amount>,
    /// The largest profit of the report, for the length of the bar.
    #[serde(skip)]
    largest: Amount,
}

impl ProfitRow {
    /// Revenue less cost.
    pub(super) fn profit(&self) -> Amount {
        self.profit
    }
}

/// Cells of the longest bar.
const BAR_CELLS: u32 = 24;

impl Line for ProfitRow {
    const KEYS: &'static [&'static str] = &["key", "name", "units", "revenue", "cost", "profit", "margin"];
    const COLUMNS: &'static [Column] = &[
        Column::text(""),
        Column::text("Name"),
        Column::number("Units"),
        Column::number("Revenue"),
        Column::number("Cost"),
        Column::number("Profit"),
        Column::number("Margin"),
        Column::text(""),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        vec![
            if self.key.is_empty() { "(none)".to_owned() } else { self.key.clone() },
            self.name.clone(),
            output::quantity(self.units),
            show.money(self.revenue),
            show.cost(self.cost),
            show.cost(self.profit),
            show.where_known(|| self.margin.map(output::percent).unwrap_or_default()),
            show.where_known(|| bar(self.profit, self.largest, BAR_CELLS)),
        ]
    }
}

/// The same without a name, for what has none of its own.
#[derive(Serialize)]
#[serde(transparent)]
pub(super) struct UnnamedRow(ProfitRow);

impl From<ProfitRow> for UnnamedRow {
    fn from(row: ProfitRow) -> UnnamedRow {
        UnnamedRow(row)
    }
}

impl Line for UnnamedRow {
    const KEYS: &'static [&'static str] = ProfitRow::KEYS;
    const COLUMNS: &'static [Column] = &[
        Column::text(""),
        Column::number("Units"),
        Column::number("Revenue"),
        Column::number("Cost"),
        Column::number("Profit"),
        Column::number("Margin"),
        Column::text(""),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        let mut cells = self.0.cells(show);
        cells.remove(1);
        cells
    }
}

impl Profit {
    async fn run(self, session: &Session) -> Outcome {
        let show = session.show().await?;
        let query = ProfitQuery { by: self.by.into(), from: self.from, until: self.until };
        let mut rows = profit(session, &query).await?;
        // Days and months follow one another; everything else is read from the top.
        if !matches!(self.by, By::Day | By::Month) || self.top.is_some() {
            rows.sort_by_key(|row| Reverse(row.profit));
        }
        let total = total(&rows)?;
        rows.truncate(self.top.filter(|top| *top > 0).unwrap_or(usize::MAX));
        let nothing = "Nothing was sold in this time.";
        if matches!(self.by, By::Item | By::Customer | By::Site) {
            let mut listing = session.out.listing::<ProfitRow>(&show);
            listing.add(rows)?;
            listing.total(total_cells(&show, total));
            return listing.end_or(nothing);
        }
        let mut listing = session.out.listing::<UnnamedRow>(&show);
        listing.add(rows.into_iter().map(UnnamedRow::from))?;
        let mut cells = total_cells(&show, total);
        cells.remove(1);
        listing.total(cells);
        listing.end_or(nothing)
    }
}

/// All lines of a profit report, by key.
pub(super) async fn profit(session: &Session, query: &ProfitQuery) -> Outcome<Vec<ProfitRow>> {
    let mut rows = Vec::new();
    each_page(
        0,
        None,
        async |page| session.store().profit(query, page).await,
        async |lines| {
            for line in lines {
                rows.push(profit_row(line)?);
            }
            Ok(())
        },
    )
    .await?;
    let largest = rows.iter().map(|row| row.profit).max().unwrap_or(Amount::ZERO);
    rows.iter_mut().for_each(|row| row.largest = largest);
    Ok(rows)
}

fn profit_row(line: ProfitLine) -> Outcome<ProfitRow> {
    let ProfitLine { key, name, sales } = line;
    let profit = sales.profit().ok_or_else(too_large)?;
    let margin = sales.margin();
    let Sales { units, revenue, cost } = sales;
    let (key, name) = (key.to_string(), name.to_string());
    Ok(ProfitRow { key, name, units, revenue, cost, profit, margin, largest: Amount::ZERO })
}

fn total(rows: &[ProfitRow]) -> Outcome<Sales> {
    let sum = rows.iter().try_fold(Sales::default(), |sum, row| {
        sum.checked_add(Sales { units: row.units, revenue: row.revenue, cost: row.cost })
    });
    sum.ok_or_else(too_large)
}

fn total_cells(show: &Show, total: Sales) -> Vec<String> {
    let profit = total.profit().unwrap_or(Amount::ZERO);
    vec![
        "Total".to_owned(),
        String::new(),
        output::quantity(total.units),
        show.money(total.revenue),
        show.cost(total.cost),
        show.cost(profit),
        show.where_known(|| total.margin().map(output::percent).unwrap_or_default()),
        String::new(),
    ]
}

fn too_large() -> Failure {
    Failure::refused("overflow", "a sum of the report is too large")
}

#[derive(Serialize)]
struct ValueOut {
    quantity: Quantity,
    value: Amount,
    currency: Option<Currency>,
}

impl Value {
    async fn run(self, session: &Session) -> Outcome {
        let show = session.show().await?;
        let site = match &self.site {
            Some(code) => Some(session.site_named(code).await?.id),
            None => None,
        };
        let as_of = self.as_of.map(|at| at.end_in_zone(&show.zone)).transpose()?;
        let found = session.store().value(&ValueQuery { site, as_of }).await?;
        let text = format!("{} units that cost {}", output::quantity(found.quantity), show.cost_named(found.value));
        let value = ValueOut { quantity: found.quantity, value: found.value, currency: show.currency };
        session.out.one(&text, &value)
    }
}

/// A line of the reorder list.
#[derive(Serialize)]
struct ReorderRow {
    sku: String,
    name: String,
    site: String,
    supplier: String,
    available: Quantity,
    incoming: Quantity,
    backordered: Quantity,
    threshold: Option<Quantity>,
    propose: Quantity,
}

impl From<ReorderLine> for ReorderRow {
    fn from(line: ReorderLine) -> ReorderRow {
        ReorderRow {
            sku: line.sku.to_string(),
            name: line.name.to_string(),
            site: line.site.to_string(),
            supplier: line.supplier.to_string(),
            available: line.available,
            incoming: line.incoming,
            backordered: line.backordered,
            threshold: line.threshold,
            propose: line.propose,
        }
    }
}

impl Line for ReorderRow {
    const KEYS: &'static [&'static str] =
        &["sku", "name", "site", "supplier", "available", "incoming", "backordered", "threshold", "propose"];
    const COLUMNS: &'static [Column] = &[
        Column::text("SKU"),
        Column::text("Name"),
        Column::text("Site"),
        Column::text("Supplier"),
        Column::number("Available"),
        Column::number("Incoming"),
        Column::number("Backordered"),
        Column::number("Reorder at"),
        Column::number("Order"),
    ];

    fn cells(&self, _: &Show) -> Vec<String> {
        vec![
            self.sku.clone(),
            self.name.clone(),
            self.site.clone(),
            if self.supplier.is_empty() { output::dash() } else { self.supplier.clone() },
            output::quantity(self.available),
            output::quantity(self.incoming),
            output::quantity(self.backordered),
            self.threshold.map_or_else(output::dash, output::quantity),
            output::quantity(self.propose),
        ]
    }
}

async fn reorder(session: &Session) -> Outcome {
    let show = session.show().await?;
    let mut listing = session.out.listing::<ReorderRow>(&show);
    let now = now();
    let mut proposals = 0_usize;
    each_page(
        0,
        None,
        async |page| session.store().reorder(now, page).await,
        async |lines| {
            proposals = proposals.saturating_add(lines.len());
            listing.add(lines.into_iter().map(ReorderRow::from))
        },
    )
    .await?;
    listing.end_or("Nothing has to be reordered.")?;
    if session.out.format == Format::Table && proposals > 0 {
        session.out.say("Order with `ims purchase place SUPPLIER ITEM=QUANTITY@COST`.");
    }
    Ok(())
}
