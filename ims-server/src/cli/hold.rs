//! `ims hold`

use super::{entry::Entry, page::each_page};
use crate::{
    failure::Outcome,
    line_arg::{self, LineArg},
    lookup::hold_id,
    moment::{Moment, span_ms},
    output::{self, Column, Line, Show, Tone},
    session::{Session, now},
};
use clap::{Args, Subcommand};
use ims_core::{
    HoldId, Quantity, Receipt, Timestamp,
    stock::{ExtendHold, PlaceHold, ReleaseHold},
};
use serde::Serialize;
use std::sync::Arc;

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Put stock aside
    Place {
        /// What: ITEM=QUANTITY
        #[arg(value_name = "LINE", value_parser = line_arg::goods)]
        line: LineArg,
        /// At which site; the only one where the shop has one
        #[arg(long, value_name = "CODE")]
        site: Option<String>,
        #[command(flatten)]
        until: Until,
    },
    /// Change until when stock is put aside
    Extend {
        /// The id of the hold
        #[arg(value_parser = hold_id)]
        hold: HoldId,
        #[command(flatten)]
        until: Until,
    },
    /// Stop putting stock aside
    Release {
        /// The id of the hold
        #[arg(value_parser = hold_id)]
        hold: HoldId,
    },
    /// List what is put aside
    List,
}

/// How long.
#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct Until {
    /// For how long from now: 45s, 30m, 2h or 1d
    #[arg(long = "for", value_name = "TIME", value_parser = span_ms)]
    span_ms: Option<i64>,
    /// Until when
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
}

impl Until {
    /// What was done before, where it is counted from now: then the same words mean another moment.
    async fn done_before(
        &self,
        session: &Session,
        is_this: impl FnOnce(&Receipt) -> bool,
    ) -> Outcome<Option<Arc<Receipt>>> {
        if self.span_ms.is_none() {
            return Ok(None);
        }
        session.refused_before().await?;
        session.done_before(is_this).await
    }

    async fn moment(&self, session: &Session) -> Outcome<Timestamp> {
        if let Some(until) = &self.until {
            return until.in_zone(&session.show().await?.zone);
        }
        Ok(now().checked_add_ms(self.span_ms.unwrap_or(0)).unwrap_or(Timestamp::MAX))
    }
}

impl Command {
    /// What it enters in the books.
    pub(super) fn entry(&self) -> Entry {
        match self {
            Command::List => Entry::Nothing,
            _ => Entry::Made,
        }
    }

    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::Place { line, site, until } => place(session, line, site, until).await,
            Command::Extend { hold, until } => {
                let is_this = |receipt: &Receipt| matches!(receipt, Receipt::HoldExtended(held) if held.id == hold);
                let receipt = match until.done_before(session, is_this).await? {
                    Some(receipt) => receipt,
                    None => session.execute(ExtendHold { hold, until: until.moment(session).await? }).await?,
                };
                let Receipt::HoldExtended(held) = &*receipt else { return session.done("Held.", None, &receipt) };
                let until = session.show().await?.moment(held.until);
                session.done(&format!("Held until {until}."), Some(&hold.to_string()), &receipt)
            }
            Command::Release { hold } => {
                let receipt = session.execute(ReleaseHold { hold }).await?;
                session.done("Released.", Some(&hold.to_string()), &receipt)
            }
            Command::List => list(session).await,
        }
    }
}

async fn place(session: &Session, line: LineArg, site: Option<String>, until: Until) -> Outcome {
    let item = session.item_named(&line.item).await?;
    let site = session.site(site.as_deref()).await?;
    let (item_id, site_id, quantity) = (item.id, site.id, line.quantity);
    let is_this = |receipt: &Receipt| matches!(receipt, Receipt::HoldPlaced(held) if (held.item, held.site, held.quantity) == (item_id, site_id, quantity));
    let receipt = match until.done_before(session, is_this).await? {
        Some(receipt) => receipt,
        None => {
            let until = until.moment(session).await?;
            session.execute(PlaceHold { item: item_id, site: site_id, quantity, until }).await?
        }
    };
    let Receipt::HoldPlaced(hold) = &*receipt else { return session.done("Held.", None, &receipt) };
    let text = format!(
        "{}\nHeld {} × {} at {} until {}.",
        hold.id,
        output::quantity(hold.quantity),
        item.sku,
        site.code,
        session.show().await?.moment(hold.until),
    );
    session.done(&text, Some(&hold.id.to_string()), &receipt)
}

#[derive(Serialize)]
struct HoldRow {
    id: HoldId,
    sku: String,
    site: String,
    quantity: Quantity,
    until: Timestamp,
}

impl Line for HoldRow {
    const KEYS: &'static [&'static str] = &["id", "sku", "site", "quantity", "until"];
    const COLUMNS: &'static [Column] = &[
        Column::text("Hold"),
        Column::text("SKU"),
        Column::text("Site"),
        Column::number("Quantity"),
        Column::text("Until"),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        let (quantity, until) = (output::quantity(self.quantity), show.moment(self.until));
        vec![self.id.to_string(), self.sku.clone(), self.site.clone(), quantity, until]
    }

    fn tone(&self) -> Tone {
        if self.until <= now() { Tone::Faint } else { Tone::Plain }
    }
}

/// Lists holds that have not lapsed, those that lapse first first.
async fn list(session: &Session) -> Outcome {
    let show = session.show().await?;
    let sites = session.locations_by_id().await?;
    let mut holds = Vec::new();
    each_page(
        0,
        None,
        async |page| session.engine.holds(page).await,
        async |rows| {
            holds.extend(rows.into_iter().filter(|hold| hold.until > now()));
            Ok(())
        },
    )
    .await?;
    holds.sort_unstable_by_key(|hold| (hold.until, hold.id));
    let items = session.items_with(holds.iter().map(|hold| hold.item)).await?;
    let mut listing = session.out.listing::<HoldRow>(&show);
    listing.add(holds.into_iter().map(|hold| HoldRow {
        id: hold.id,
        sku: items.get(&hold.item).map(|item| item.sku.to_string()).unwrap_or_default(),
        site: sites.get(&hold.site).map(|site| site.code.to_string()).unwrap_or_default(),
        quantity: hold.quantity,
        until: hold.until,
    }))?;
    listing.end_or("Nothing is put aside.")
}
