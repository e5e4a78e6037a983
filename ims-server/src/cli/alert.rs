//! `ims alerts`

use super::{entry::Entry, item::word, page::each_page};
use crate::{
    failure::Outcome,
    output::{self, Column, Line, Show, Tone},
    session::{Session, now},
};
use clap::{Args, Subcommand};
use ims_core::{
    Quantity, Reports, StockLevel, Timestamp,
    alert::AcknowledgeAlert,
    report::{AlertLine, AlertQuery},
};
use serde::Serialize;
use std::collections::BTreeSet;

/// `ims alerts`
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Alerts {
    #[command(subcommand)]
    command: Option<Command>,
    /// Resolved ones too
    #[arg(long, conflicts_with = "new")]
    all: bool,
    /// Only those that nobody has acknowledged
    #[arg(long)]
    new: bool,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Say that somebody knows of an alert
    Ack {
        /// SKU or barcode
        item: String,
        /// At which site; the only one where the shop has one
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
    },
}

impl Alerts {
    /// What it enters in the books.
    pub(super) fn entry(&self) -> Entry {
        match self.command {
            Some(Command::Ack { .. }) => Entry::Made,
            None => Entry::Nothing,
        }
    }

    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self.command {
            Some(Command::Ack { item, site }) => acknowledge(session, &item, site).await,
            None if self.all => list(session, AlertQuery::All).await,
            None if self.new => list(session, AlertQuery::Unacknowledged).await,
            None => list(session, AlertQuery::Open).await,
        }
    }
}

async fn acknowledge(session: &Session, name: &str, site: Option<String>) -> Outcome {
    let item = session.item_named(name).await?;
    let site = session.site(site.as_deref()).await?;
    let receipt = session.execute(AcknowledgeAlert { item: item.id, site: site.id }).await?;
    let text = format!("Acknowledged: {} at {}. The alert stays open until the stock recovers.", item.sku, site.code);
    session.done(&text, Some(item.sku.as_str()), &receipt)
}

/// A line of the list of alerts.
#[derive(Serialize)]
pub(crate) struct AlertRow {
    sku: String,
    name: String,
    site: String,
    kind: StockLevel,
    available: Quantity,
    threshold: Option<Quantity>,
    available_then: Quantity,
    threshold_then: Quantity,
    raised_at: Timestamp,
    acknowledged_at: Option<Timestamp>,
    resolved_at: Option<Timestamp>,
}

impl From<AlertLine> for AlertRow {
    fn from(line: AlertLine) -> AlertRow {
        AlertRow {
            sku: line.sku.to_string(),
            name: line.name.to_string(),
            site: line.site.to_string(),
            kind: line.kind,
            available: line.available,
            threshold: line.threshold,
            available_then: line.available_then,
            threshold_then: line.threshold_then,
            raised_at: line.raised_at,
            acknowledged_at: line.acknowledged_at,
            resolved_at: line.resolved_at,
        }
    }
}

impl Line for AlertRow {
    const KEYS: &'static [&'static str] = &[
        "sku",
        "name",
        "site",
        "kind",
        "available",
        "threshold",
        "available_then",
        "threshold_then",
        "raised_at",
        "acknowledged_at",
        "resolved_at",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::text("SKU"),
        Column::text("Name"),
        Column::text("Site"),
        Column::text("Stock"),
        Column::number("Available"),
        Column::number("Reorder at"),
        Column::text("Since"),
        Column::number("Available then"),
        Column::text("Seen"),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        vec![
            self.sku.clone(),
            self.name.clone(),
            self.site.clone(),
            if self.resolved_at.is_some() { "recovered".to_owned() } else { word(&self.kind) },
            output::quantity(self.available),
            self.threshold.map_or_else(output::dash, output::quantity),
            show.moment(self.raised_at),
            output::quantity(self.available_then),
            show.moment_or_dash(self.acknowledged_at),
        ]
    }

    fn tone(&self) -> Tone {
        match (self.resolved_at, self.kind) {
            (Some(_), _) => Tone::Faint,
            (None, StockLevel::Out) => Tone::Alarm,
            (None, _) => Tone::Warning,
        }
    }
}

async fn list(session: &Session, query: AlertQuery) -> Outcome {
    let show = session.show().await?;
    let mut listing = session.out.listing::<AlertRow>(&show);
    let now = now();
    each_page(
        0,
        None,
        async |page| session.store().alerts(query, now, page).await,
        async |lines| listing.add(lines.into_iter().map(AlertRow::from)),
    )
    .await?;
    listing.end_or("No alerts.")?;
    let quiet = low_without_alert(session, now).await?;
    if quiet > 0 {
        let are = if quiet == 1 { "1 item is" } else { &format!("{quiet} items are") };
        session.out.say(format!(
            "{are} low that never sank, as there never was any stock: `ims report reorder` lists all that is low."
        ));
    }
    Ok(())
}

/// How many stocks are at or below their reorder point without an alert: an alert says that a stock sank, and what never was
/// anywhere did not.
async fn low_without_alert(session: &Session, now: Timestamp) -> Outcome<usize> {
    let (mut low, mut told) = (BTreeSet::new(), BTreeSet::new());
    each_page(
        0,
        None,
        async |page| session.store().reorder(now, page).await,
        async |lines| {
            let lines = lines.into_iter().filter(|line| line.available <= line.threshold.unwrap_or_default());
            low.extend(lines.map(|line| (line.item, line.site)));
            Ok(())
        },
    )
    .await?;
    if low.is_empty() {
        return Ok(0);
    }
    each_page(
        0,
        None,
        async |page| session.store().alerts(AlertQuery::Open, now, page).await,
        async |lines| {
            told.extend(lines.into_iter().map(|line| (line.item, line.site)));
            Ok(())
        },
    )
    .await?;
    Ok(low.difference(&told).count())
}
