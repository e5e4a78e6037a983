//! `ims purchase`

use super::{
    entry::{Entry, PERIOD},
    item::word,
    order::{address_in_words, name_then},
    page::{Lists, each_page, sorts},
    stock::{cost_of, resolve},
};
use crate::{
    failure::Outcome,
    line_arg::{self, LineArg},
    lookup::Document,
    moment::Moment,
    output::{self, Column, Format, Line, Show, Table, Tone},
    session::Session,
};
use clap::{Args, Subcommand, ValueEnum};
use ims_core::{
    Amount, Date, Purchase, PurchaseLine, PurchaseStatus, Quantity, Receipt, Reports, Sku, Timestamp,
    purchase::{CancelPurchase, ClosePurchase, PlacePurchase, ReceivePurchase, ReceivedLine},
    report::{PurchaseQuery, Sort},
    stock::CostedGoods,
};
use serde::Serialize;

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Order from a supplier: the goods are incoming until they come
    Place(Place),
    /// Take in goods of a purchase order, or a part of them
    Receive {
        /// Its number, such as P-MAIN-3
        purchase: String,
        /// What came: ITEM=QUANTITY, or #2=QUANTITY for line 2, with @COST where that differs from what was agreed; all
        /// that is still to come where nothing is named
        #[arg(value_name = "LINE", value_parser = line_arg::undiscounted)]
        lines: Vec<LineArg>,
    },
    /// End a purchase order of which only a part has come
    Close {
        /// Its number, such as P-MAIN-3
        purchase: String,
    },
    /// Cancel a purchase order of which nothing has come
    Cancel {
        /// Its number, such as P-MAIN-3
        purchase: String,
    },
    /// List purchase orders, newest first
    List(List),
    /// Show a purchase order
    Show {
        /// Its number, such as P-MAIN-3
        purchase: String,
    },
}

impl Command {
    /// What it enters in the books.
    pub(super) fn entry(&self) -> Entry {
        match self {
            Command::List(_) => PERIOD,
            Command::Show { .. } => Entry::Nothing,
            _ => Entry::Made,
        }
    }

    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::Place(command) => command.run(session).await,
            Command::Receive { purchase, lines } => receive(session, &purchase, lines).await,
            Command::Close { purchase } => {
                let purchase = session.purchase_named(&purchase).await?.id;
                end(session, ClosePurchase { purchase }, "Closed").await
            }
            Command::Cancel { purchase } => {
                let purchase = session.purchase_named(&purchase).await?.id;
                end(session, CancelPurchase { purchase }, "Cancelled").await
            }
            Command::List(command) => command.run(session).await,
            Command::Show { purchase } => {
                let purchase = session.purchase_named(&purchase).await?;
                show(session, &purchase).await
            }
        }
    }
}

/// A purchase order's number, such as `P-MAIN-3`.
fn number_of(purchase: &Purchase) -> String {
    format!("{}-{}", purchase.series, purchase.number)
}

#[derive(Args, Debug)]
pub(super) struct Place {
    /// The supplier's code
    supplier: String,
    /// What: ITEM=QUANTITY@COST
    #[arg(required = true, value_name = "LINE", value_parser = line_arg::costed)]
    lines: Vec<LineArg>,
    /// To which site; the only one where the shop has one
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// The day on which the goods should be there
    #[arg(long, value_name = "DAY")]
    expected: Option<Date>,
}

impl Place {
    async fn run(self, session: &Session) -> Outcome {
        let supplier = session.supplier_named(&self.supplier).await?.id;
        let site = session.site(self.site.as_deref()).await?.id;
        let lines = resolve(session, self.lines).await?.into_iter().map(|(line, item)| CostedGoods {
            item: item.id,
            quantity: line.quantity,
            unit_cost: line.amount.unwrap_or_default(),
        });
        let place = PlacePurchase { supplier, site, expected: self.expected, lines: lines.collect() };
        let receipt = session.execute(place).await?;
        tell(session, &receipt, "Ordered").await?;
        if let Receipt::PurchasePlaced(purchase) = &*receipt {
            session.out.say(format!("Next, when the goods come: ims purchase receive {}", number_of(purchase)));
        }
        Ok(())
    }
}

async fn receive(session: &Session, name: &str, lines: Vec<LineArg>) -> Outcome {
    let purchase = session.purchase_named(name).await?;
    let numbers = line_numbers(session, &purchase, &lines).await?.into_iter().zip(&lines);
    let received = |(line, arg): (u32, &LineArg)| ReceivedLine { line, quantity: arg.quantity, unit_cost: arg.amount };
    let came: Vec<_> = numbers.map(received).collect();
    let lines = Some(came).filter(|came| !came.is_empty());
    let received = session.execute(ReceivePurchase { purchase: purchase.id, lines }).await;
    let skus: Vec<&Sku> = purchase.lines.iter().map(|line| &line.sku).collect();
    let receipt = received.map_err(|failure| failure.on_lines(&skus))?;
    let done = match &*receipt {
        Receipt::PurchaseReceived { purchase, .. } if purchase.status == PurchaseStatus::Received => "Received all of",
        _ => "Received a part of",
    };
    tell(session, &receipt, done).await
}

async fn end(session: &Session, command: impl Into<ims_core::Command>, done: &str) -> Outcome {
    let receipt = session.execute(command).await?;
    tell(session, &receipt, done).await
}

/// Says what became of a purchase order, and shows its lines to people.
async fn tell(session: &Session, receipt: &Receipt, done: &str) -> Outcome {
    let (Receipt::PurchasePlaced(purchase)
    | Receipt::PurchaseReceived { purchase, .. }
    | Receipt::PurchaseClosed(purchase)
    | Receipt::PurchaseCancelled(purchase)) = receipt
    else {
        return session.done(done, None, receipt);
    };
    let number = number_of(purchase);
    if session.out.format != Format::Table {
        return session.done("", Some(&number), receipt);
    }
    let show = session.show().await?;
    let worth = match receipt {
        Receipt::PurchaseReceived { lines, .. } => cost_of(lines),
        _ => purchase.amounts.to_pay,
    };
    let told = match (receipt, purchase.amounts.to_pay == purchase.total) {
        (Receipt::PurchaseReceived { .. }, _) | (_, true) => format!("{done} {number}: {}.\n", show.cost_named(worth)),
        (_, false) => {
            let total = show.cost_named(purchase.total);
            format!("{done} {number}: {} to pay, {total} ordered.\n", show.cost_named(worth))
        }
    };
    session.out.text(&session.told(&told))?;
    lines_table(&show, purchase).print()
}

/// Finds the lines of a purchase order that are named.
async fn line_numbers(session: &Session, purchase: &Purchase, named: &[LineArg]) -> Outcome<Vec<u32>> {
    let lines = purchase.lines.iter().map(|line| (line.item, &line.sku)).collect();
    let names: Vec<&str> = named.iter().map(|line| line.item.as_str()).collect();
    session.lines_named(&Document { noun: "purchase", number: &number_of(purchase), lines }, &names).await
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Only from this supplier
    #[arg(long, value_name = "CODE")]
    supplier: Option<String>,
    /// Only to this site
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// Only this far
    #[arg(long, value_enum)]
    status: Option<Status>,
    /// Only with a line of this item: SKU or barcode
    #[arg(long)]
    item: Option<String>,
    /// Only from suppliers that were in this city when it was ordered, whatever its case
    #[arg(long)]
    city: Option<String>,
    /// Only with a line of an item that is of this brand now
    #[arg(long)]
    brand: Option<String>,
    /// Only with a line of an item that is of this category, or one below it, now
    #[arg(long)]
    category: Option<String>,
    /// Only those ordered on or after that day, or at or after that moment
    #[arg(long, value_name = "TIME")]
    from: Option<Moment>,
    /// Only those ordered up to the end of that day, or that moment
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
    /// In which order; with a minus, the last or the newest first
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true, value_parser = sorts(Lists::Purchases))]
    sort: Option<Sort>,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u32,
}

/// How far a purchase order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Status {
    Ordered,
    PartlyReceived,
    Received,
    ClosedShort,
    Cancelled,
}

impl From<Status> for PurchaseStatus {
    fn from(status: Status) -> PurchaseStatus {
        match status {
            Status::Ordered => PurchaseStatus::Ordered,
            Status::PartlyReceived => PurchaseStatus::PartlyReceived,
            Status::Received => PurchaseStatus::Received,
            Status::ClosedShort => PurchaseStatus::ClosedShort,
            Status::Cancelled => PurchaseStatus::Cancelled,
        }
    }
}

impl List {
    async fn run(self, session: &Session) -> Outcome {
        let show = session.show().await?;
        let mut query = PurchaseQuery {
            status: self.status.map(Into::into),
            city: self.city,
            brand: self.brand,
            category: self.category,
            from: self.from.map(|at| at.in_zone(&show.zone)).transpose()?,
            until: self.until.map(|at| at.end_in_zone(&show.zone)).transpose()?,
            ..PurchaseQuery::default()
        };
        if let Some(code) = &self.supplier {
            query.supplier = Some(session.supplier_named(code).await?.id);
        }
        if let Some(code) = &self.site {
            query.site = Some(session.site_named(code).await?.id);
        }
        if let Some(name) = &self.item {
            query.item = Some(session.item_named(name).await?.id);
        }
        let mut listing = session.out.listing::<PurchaseRow>(&show);
        let rest = each_page(
            self.limit,
            self.sort,
            async |page| session.store().purchases(&query, page).await,
            async |purchases| listing.add(PurchaseRow::all(session, purchases).await?),
        )
        .await?;
        listing.end_or("No purchase order is like that.")?;
        session.say_if_more(rest);
        Ok(())
    }
}

/// A purchase order, as a line of a list.
#[derive(Serialize)]
pub(super) struct PurchaseRow {
    number: String,
    status: PurchaseStatus,
    ordered_at: Timestamp,
    expected: Option<Date>,
    site: String,
    supplier: String,
    supplier_name: String,
    lines: usize,
    total: Amount,
    to_pay: Amount,
    id: ims_core::PurchaseId,
}

impl PurchaseRow {
    /// The purchase orders, with the codes of their suppliers and sites.
    pub(super) async fn all(session: &Session, purchases: Vec<Purchase>) -> Outcome<Vec<PurchaseRow>> {
        let suppliers = session.suppliers_with(purchases.iter().map(|purchase| purchase.supplier)).await?;
        let sites = session.locations_by_id().await?;
        let rows = purchases.iter().map(|purchase| {
            let supplier = suppliers.get(&purchase.supplier);
            PurchaseRow {
                number: number_of(purchase),
                status: purchase.status,
                ordered_at: purchase.ordered_at,
                expected: purchase.expected,
                site: sites.get(&purchase.site).map(|site| site.code.to_string()).unwrap_or_default(),
                supplier: supplier.map(|supplier| supplier.code.to_string()).unwrap_or_default(),
                supplier_name: name_then(purchase.party.as_ref(), supplier.map(|supplier| &supplier.contact)),
                lines: purchase.lines.len(),
                total: purchase.total,
                to_pay: purchase.amounts.to_pay,
                id: purchase.id,
            }
        });
        Ok(rows.collect())
    }
}

impl Line for PurchaseRow {
    const KEYS: &'static [&'static str] = &[
        "number",
        "status",
        "ordered_at",
        "expected",
        "site",
        "supplier",
        "supplier_name",
        "lines",
        "total",
        "to_pay",
        "id",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::text("Purchase"),
        Column::text("Ordered"),
        Column::text("Expected"),
        Column::text("Supplier"),
        Column::text("Status"),
        Column::number("Lines"),
        Column::number("To pay"),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        vec![
            self.number.clone(),
            show.moment(self.ordered_at),
            self.expected.map_or_else(output::dash, |day| day.to_string()),
            format!("{} {}", self.supplier, self.supplier_name),
            word(&self.status),
            self.lines.to_string(),
            show.cost(self.to_pay),
        ]
    }

    fn tone(&self) -> Tone {
        match self.status {
            PurchaseStatus::Cancelled => Tone::Faint,
            PurchaseStatus::Ordered | PurchaseStatus::PartlyReceived => Tone::Warning,
            PurchaseStatus::Received | PurchaseStatus::ClosedShort => Tone::Plain,
        }
    }
}

/// A purchase order with the names of what it refers to, for scripts.
#[derive(Serialize)]
struct PurchaseOut<'a> {
    purchase_number: String,
    site_code: String,
    supplier_code: Option<String>,
    #[serde(flatten)]
    purchase: &'a Purchase,
}

async fn show(session: &Session, purchase: &Purchase) -> Outcome {
    let show = session.show().await?;
    let sites = session.locations_by_id().await?;
    let site = sites.get(&purchase.site).map(|site| site.code.to_string()).unwrap_or_default();
    let suppliers = session.suppliers_with([purchase.supplier]).await?;
    let supplier = suppliers.get(&purchase.supplier);
    match session.out.format {
        Format::Json => session.out.json(&PurchaseOut {
            purchase_number: number_of(purchase),
            site_code: site,
            supplier_code: supplier.map(|supplier| supplier.code.to_string()),
            purchase,
        }),
        Format::Csv => session.out.list(&show, (1_u32..).zip(&purchase.lines).map(PurchaseLineRow::from).collect()),
        Format::Table => {
            let mut table = Table::new(&[Column::text(""), Column::text("")]);
            let name = supplier.map(|supplier| {
                let name = name_then(purchase.party.as_ref(), Some(&supplier.contact));
                format!("{} {name}", supplier.code)
            });
            let unless_zero = |amount: Amount| if amount.is_zero() { String::new() } else { show.cost_named(amount) };
            let rows = [
                ("Purchase", number_of(purchase)),
                ("Status", word(&purchase.status)),
                ("Ordered", show.moment(purchase.ordered_at)),
                ("Expected", purchase.expected.map(|day| day.to_string()).unwrap_or_default()),
                ("Supplier", name.unwrap_or_default()),
                ("Site", site),
                ("Address", purchase.party.as_ref().map(address_in_words).unwrap_or_default()),
                ("Total", show.cost_named(purchase.total)),
                ("Cancelled", unless_zero(purchase.amounts.cancelled)),
                ("Received", unless_zero(purchase.amounts.received)),
                ("To pay", show.cost_named(purchase.amounts.to_pay)),
            ];
            for (name, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
                table.row(vec![name.to_owned(), value], Tone::Plain);
            }
            table.print()?;
            session.out.text("")?;
            lines_table(&show, purchase).print()
        }
    }
}

/// A line of a purchase order, for spreadsheets.
#[derive(Serialize)]
struct PurchaseLineRow {
    line: u32,
    sku: String,
    name: String,
    quantity: Quantity,
    unit_cost: Amount,
    received: Quantity,
    received_cost: Amount,
    cancelled: Quantity,
}

impl From<(u32, &PurchaseLine)> for PurchaseLineRow {
    fn from((number, line): (u32, &PurchaseLine)) -> PurchaseLineRow {
        PurchaseLineRow {
            line: number,
            sku: line.sku.to_string(),
            name: line.name.to_string(),
            quantity: line.quantity,
            unit_cost: line.unit_cost,
            received: line.received,
            received_cost: line.received_cost,
            cancelled: line.cancelled,
        }
    }
}

impl Line for PurchaseLineRow {
    const KEYS: &'static [&'static str] =
        &["line", "sku", "name", "quantity", "unit_cost", "received", "received_cost", "cancelled"];
    const COLUMNS: &'static [Column] = &[
        Column::number("Line"),
        Column::text("SKU"),
        Column::text("Name"),
        Column::number("Ordered"),
        Column::number("Cost of one"),
        Column::number("Received"),
        Column::number("Cost received"),
        Column::number("Cancelled"),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        vec![
            self.line.to_string(),
            self.sku.clone(),
            self.name.clone(),
            output::quantity(self.quantity),
            show.unit_cost(self.unit_cost),
            output::quantity(self.received),
            show.cost(self.received_cost),
            output::quantity(self.cancelled),
        ]
    }
}

fn lines_table(show: &Show, purchase: &Purchase) -> Table {
    let mut table = Table::new(PurchaseLineRow::COLUMNS);
    for row in (1_u32..).zip(&purchase.lines).map(PurchaseLineRow::from) {
        table.row(row.cells(show), Tone::Plain);
    }
    table
}
