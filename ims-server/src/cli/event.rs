//! `ims events`

use super::item::word;
use crate::{
    failure::Outcome,
    output::{Format, Show},
    session::Session,
    spreadsheet::{LineEnd, write_row},
};
use clap::Args;
use ims_core::{Event, EventBody, Offset, Receipt, Store, limits};
use std::{
    io::{self, Write},
    time::Duration,
};

/// How long a follower waits before it asks again.
const POLL_MS: u64 = 500;

/// `ims events`
#[derive(Args, Debug)]
pub(super) struct Events {
    /// Only events after this offset
    #[arg(long, value_name = "OFFSET", default_value_t = 0)]
    after: u64,
    /// Go on with new events as they come, until interrupted
    #[arg(long)]
    follow: bool,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 0)]
    limit: u64,
}

impl Events {
    /// Writes one event a line, in JSON too: a log has no end at which a list could be closed.
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let show = session.show().await?;
        let mut after = Offset(self.after);
        let mut left = if self.limit == 0 { u64::MAX } else { self.limit };
        if session.out.format == Format::Csv {
            session.out.text("offset,occurred_at,command,actor,event")?;
        }
        while left > 0 {
            let limit = u32::try_from(left).unwrap_or(u32::MAX).min(limits::EVENTS_PER_PAGE);
            let page = session.store().events(after, limit).await?;
            write(session, &show, &page.events)?;
            left = left.saturating_sub(u64::try_from(page.events.len()).unwrap_or(u64::MAX));
            match page.events.last() {
                Some(last) => after = last.offset,
                None if self.follow => tokio::time::sleep(Duration::from_millis(POLL_MS)).await,
                None => break,
            }
        }
        Ok(())
    }
}

fn write(session: &Session, show: &Show, events: &[Event]) -> Outcome {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for event in events {
        let record = &event.record;
        match session.out.format {
            Format::Json => {
                out.write_all(&session.out.costs.json(event).map_err(io::Error::from)?)?;
                out.write_all(b"\n")?;
            }
            Format::Csv => {
                let (at, command, actor) = (record.occurred_at, record.command, &record.actor);
                let cells = [event.offset.to_string(), at.to_string(), command.to_string(), actor.to_string()];
                let mut line = Vec::new();
                write_row(&mut line, cells.iter().chain([&name(&record.body)]), LineEnd::Lf);
                out.write_all(&line)?;
            }
            Format::Table => {
                let at = show.moment(record.occurred_at);
                writeln!(out, "{:>8}  {at}  {}", event.offset, sentence(show, &record.body))?;
            }
        }
    }
    Ok(out.flush()?)
}

/// The event's name in its JSON form; that of the receipt where a command was done.
fn name(body: &EventBody) -> String {
    let value = match body {
        EventBody::Done(receipt) => serde_json::to_value(receipt),
        other => serde_json::to_value(other),
    };
    match value {
        Ok(serde_json::Value::Object(object)) => object.into_iter().next().map(|(name, _)| name).unwrap_or_default(),
        _ => String::new(),
    }
}

/// What happened, in a few words.
fn sentence(show: &Show, body: &EventBody) -> String {
    let what = match body {
        EventBody::Done(receipt) => about(show, receipt),
        EventBody::BackordersFilled(filled) => Some(format!("{} waiting lines", filled.len())),
        EventBody::AlertRaised(alert) => Some(format!("{}: {} available", word(&alert.kind), alert.available)),
        EventBody::AlertResolved(_) => None,
    };
    let name = name(body).replace('_', " ");
    what.map_or_else(|| name.clone(), |what| format!("{name}: {what}"))
}

fn about(show: &Show, receipt: &Receipt) -> Option<String> {
    Some(match receipt {
        Receipt::ShopOpened(shop) => shop.name.to_string(),
        Receipt::PeriodClosed { until, reopened_from, reason } => {
            let opened = reopened_from.map(|day| format!(", open again after it; were closed until {day}"));
            let reason = reason.as_ref().map(|reason| format!(" ({reason})"));
            format!("{until}{}{}", opened.unwrap_or_default(), reason.unwrap_or_default())
        }
        Receipt::ItemCreated(item) | Receipt::ItemUpdated(item) => format!("{} {}", item.sku, item.name),
        Receipt::ItemRetired { sku, .. } => sku.to_string(),
        Receipt::LocationCreated(site) | Receipt::LocationUpdated(site) => format!("{} {}", site.code, site.name),
        Receipt::SupplierCreated(party) | Receipt::SupplierUpdated(party) => {
            format!("{} {}", party.code, party.contact.name)
        }
        Receipt::CustomerCreated(party) | Receipt::CustomerUpdated(party) => {
            format!("{} {}", party.code, party.contact.name)
        }
        Receipt::StockReceived { lines, .. }
        | Receipt::StockSentBack { lines, .. }
        | Receipt::StockTransferred { lines, .. } => lines_in_words(lines.len()),
        Receipt::StockAdjusted { reason, lines, .. } => format!("{}, {}", word(reason), lines_in_words(lines.len())),
        Receipt::OrderPlaced(order)
        | Receipt::OrderCancelled(order)
        | Receipt::OrderShipped { order, .. }
        | Receipt::Sold { order, .. } => {
            format!("{}-{}, {}", order.series, order.number, show.money_named(order.amounts.to_pay))
        }
        Receipt::PurchasePlaced(purchase)
        | Receipt::PurchaseClosed(purchase)
        | Receipt::PurchaseCancelled(purchase)
        | Receipt::PurchaseReceived { purchase, .. } => {
            format!("{}-{}, {}", purchase.series, purchase.number, show.cost_named(purchase.amounts.to_pay))
        }
        Receipt::GoodsReturned { goods, .. } => {
            format!("{}, refund {}", lines_in_words(goods.lines.len()), show.money_named(goods.refund))
        }
        Receipt::HoldPlaced(hold) | Receipt::HoldExtended(hold) | Receipt::HoldReleased(hold) => hold.id.to_string(),
        Receipt::StandardCostSet { unit_cost, .. } => show.unit_cost(*unit_cost),
        Receipt::AlertAcknowledged(_) => return None,
    })
}

fn lines_in_words(lines: usize) -> String {
    if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") }
}
