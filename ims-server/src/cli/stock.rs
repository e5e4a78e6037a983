//! `ims stock`, and what changes it without an order: `ims receive`, `send-back`, `adjust`, `transfer`.

use super::page::{Lists, each_page, sorts};
use crate::{
    failure::{Failure, Outcome},
    line_arg::{self, LineArg},
    output::{self, Column, Line, Show, Tone},
    session::{Session, now},
};
use clap::{Args, ValueEnum};
use ims_core::{
    AdjustmentReason, Amount, Direction, Item, Moved, Quantity, Receipt, Reports,
    report::{Sort, StockLine, StockQuery},
    stock::{AdjustStock, Adjusted, CostedGoods, Goods, ReceiveStock, SendBackStock, TransferStock},
};
use serde::Serialize;
use std::sync::Arc;

/// `ims stock`
#[derive(Args, Debug)]
pub(super) struct List {
    /// Only this item: SKU or barcode
    item: Option<String>,
    /// Only at this site
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// In which order; with a minus, the last or the newest first
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true, value_parser = sorts(Lists::Stock))]
    sort: Option<Sort>,
    /// At most so many lines; 0 for all
    #[arg(long, value_name = "N", default_value_t = 0)]
    limit: u32,
}

/// A line of the stock list.
#[derive(Serialize)]
pub(super) struct StockRow {
    sku: String,
    name: String,
    site: String,
    on_hand: Quantity,
    committed: Quantity,
    available: Quantity,
    incoming: Quantity,
    backordered: Quantity,
    value: Amount,
}

impl From<StockLine> for StockRow {
    fn from(line: StockLine) -> StockRow {
        StockRow {
            sku: line.sku.to_string(),
            name: line.name.to_string(),
            site: line.site.to_string(),
            on_hand: line.on_hand,
            committed: line.committed,
            available: line.available,
            incoming: line.incoming,
            backordered: line.backordered,
            value: line.value,
        }
    }
}

impl Line for StockRow {
    const KEYS: &'static [&'static str] =
        &["sku", "name", "site", "on_hand", "committed", "available", "incoming", "backordered", "value"];
    const COLUMNS: &'static [Column] = &[
        Column::text("SKU"),
        Column::text("Name"),
        Column::text("Site"),
        Column::number("On hand"),
        Column::number("Committed"),
        Column::number("Available"),
        Column::number("Incoming"),
        Column::number("Backordered"),
        Column::number("Value"),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        vec![
            self.sku.clone(),
            self.name.clone(),
            self.site.clone(),
            output::quantity(self.on_hand),
            output::quantity(self.committed),
            output::quantity(self.available),
            output::quantity(self.incoming),
            output::quantity(self.backordered),
            show.cost(self.value),
        ]
    }

    fn tone(&self) -> Tone {
        if self.available.is_positive() { Tone::Plain } else { Tone::Alarm }
    }
}

impl List {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let show = session.show().await?;
        let item = match &self.item {
            Some(name) => Some(session.item_named(name).await?.id),
            None => None,
        };
        let site = match &self.site {
            Some(code) => Some(session.site_named(code).await?.id),
            None => None,
        };
        let query = StockQuery { item, site, now: now() };
        let mut listing = session.out.listing::<StockRow>(&show);
        let rest = each_page(
            self.limit,
            self.sort,
            async |page| session.store().stock(&query, page).await,
            async |lines| listing.add(lines.into_iter().map(StockRow::from)),
        )
        .await?;
        listing.end_or("Nothing was ever in stock: `ims receive ITEM=QUANTITY@COST` takes goods in.")?;
        session.say_if_more(rest);
        Ok(())
    }
}

/// Lines that were typed, with the items that they name.
pub(super) async fn resolve(session: &Session, lines: Vec<LineArg>) -> Outcome<Vec<(LineArg, Arc<Item>)>> {
    let names: Vec<&str> = lines.iter().map(|line| line.item.as_str()).collect();
    let items = session.items_named(&names).await?;
    Ok(lines.into_iter().zip(items).collect())
}

/// Goods in words: `10 × TEA-1, 5 × MUG-2`.
fn in_words(lines: &[(LineArg, Arc<Item>)]) -> String {
    let one = |(line, item): &(LineArg, Arc<Item>)| format!("{} × {}", output::quantity(line.quantity), item.sku);
    lines.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What goods cost together.
pub(super) fn cost_of(moved: &[Moved]) -> Amount {
    moved.iter().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.cost)).unwrap_or(Amount::ZERO)
}

/// `ims receive`
#[derive(Args, Debug)]
pub(super) struct Receive {
    /// What came: ITEM=QUANTITY@COST
    #[arg(required = true, value_name = "LINE", value_parser = line_arg::costed)]
    lines: Vec<LineArg>,
    /// At which site; the only one where the shop has one
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// The code of who delivered
    #[arg(long, value_name = "CODE")]
    supplier: Option<String>,
}

impl Receive {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let site = session.site(self.site.as_deref()).await?;
        let supplier = match &self.supplier {
            Some(code) => Some(session.supplier_named(code).await?.id),
            None => None,
        };
        let lines = resolve(session, self.lines).await?;
        let costed = lines.iter().map(|(line, item)| CostedGoods {
            item: item.id,
            quantity: line.quantity,
            unit_cost: line.amount.unwrap_or_default(),
        });
        let receive = ReceiveStock { site: site.id, supplier, lines: costed.collect() };
        let receipt = session.execute(receive).await?;
        let cost = match &*receipt {
            Receipt::StockReceived { lines, .. } => cost_of(lines),
            _ => Amount::ZERO,
        };
        let cost = session.show().await?.cost_named(cost);
        session.done(&format!("Received at {}: {}, for {cost}.", site.code, in_words(&lines)), None, &receipt)
    }
}

/// `ims send-back`
#[derive(Args, Debug)]
pub(super) struct SendBack {
    /// What goes back: ITEM=QUANTITY
    #[arg(required = true, value_name = "LINE", value_parser = line_arg::goods)]
    lines: Vec<LineArg>,
    /// From which site; the only one where the shop has one
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// The code of who gets it back
    #[arg(long, value_name = "CODE")]
    supplier: Option<String>,
}

impl SendBack {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let site = session.site(self.site.as_deref()).await?;
        let supplier = match &self.supplier {
            Some(code) => Some(session.supplier_named(code).await?.id),
            None => None,
        };
        let lines = resolve(session, self.lines).await?;
        let goods = lines.iter().map(|(line, item)| Goods { item: item.id, quantity: line.quantity }).collect();
        let receipt = session.execute(SendBackStock { site: site.id, supplier, lines: goods }).await?;
        session.done(&format!("Sent back from {}: {}.", site.code, in_words(&lines)), None, &receipt)
    }
}

/// `ims adjust`
#[derive(Args, Debug)]
pub(super) struct Adjust {
    /// What is there more or less: ITEM=-2 or ITEM=+3, and for what was found ITEM=+3@COST
    #[arg(required = true, value_name = "LINE", value_parser = line_arg::undiscounted)]
    lines: Vec<LineArg>,
    /// Why
    #[arg(long, value_enum)]
    reason: Reason,
    /// More about why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// At which site; the only one where the shop has one
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
}

/// Why stock is adjusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Reason {
    /// What was there when the books were opened
    Opening,
    /// Broken or spoilt
    Damaged,
    /// Not where it should be
    Lost,
    /// Where it should not be
    Found,
    /// Stolen
    Theft,
    /// Given away
    Gift,
    /// Used by the shop itself
    OwnUse,
    /// A count said so
    Counted,
    /// None of the others; say why with --note
    Other,
}

impl From<Reason> for AdjustmentReason {
    fn from(reason: Reason) -> AdjustmentReason {
        match reason {
            Reason::Opening => AdjustmentReason::Opening,
            Reason::Damaged => AdjustmentReason::Damaged,
            Reason::Lost => AdjustmentReason::Lost,
            Reason::Found => AdjustmentReason::Found,
            Reason::Theft => AdjustmentReason::Theft,
            Reason::Gift => AdjustmentReason::Gift,
            Reason::OwnUse => AdjustmentReason::OwnUse,
            Reason::Counted => AdjustmentReason::Counted,
            Reason::Other => AdjustmentReason::Other,
        }
    }
}

impl Adjust {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let down = self.lines.iter().filter(|line| line.quantity.is_negative()).count();
        if down > 0 && down < self.lines.len() {
            return Err(Failure::usage("mixed_signs", "some lines add to the stock and some take from it")
                .hint("give what is added and what is taken in two commands"));
        }
        let direction = if down > 0 { Direction::Down } else { Direction::Up };
        let site = session.site(self.site.as_deref()).await?;
        let mut lines = resolve(session, self.lines).await?;
        for (line, _) in &mut lines {
            if line.quantity.is_negative() {
                line.quantity = line.quantity.checked_neg().unwrap_or(line.quantity);
            }
        }
        let adjusted = lines.iter().map(|(line, item)| Adjusted {
            item: item.id,
            quantity: line.quantity,
            unit_cost: line.amount,
        });
        let adjust = AdjustStock {
            site: site.id,
            reason: self.reason.into(),
            direction,
            lines: adjusted.collect(),
            note: self.note.as_deref().map(Into::into),
        };
        let receipt = session.execute(adjust).await?;
        let done = if direction == Direction::Up { "Added at" } else { "Taken at" };
        session.done(&format!("{done} {}: {}.", site.code, in_words(&lines)), None, &receipt)
    }
}

/// `ims transfer`
#[derive(Args, Debug)]
pub(super) struct Transfer {
    /// What goes: ITEM=QUANTITY
    #[arg(required = true, value_name = "LINE", value_parser = line_arg::goods)]
    lines: Vec<LineArg>,
    /// From this site
    #[arg(long, value_name = "CODE")]
    from: String,
    /// To this site
    #[arg(long, value_name = "CODE")]
    to: String,
}

impl Transfer {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let from = session.site_named(&self.from).await?;
        let to = session.site_named(&self.to).await?;
        let lines = resolve(session, self.lines).await?;
        let goods = lines.iter().map(|(line, item)| Goods { item: item.id, quantity: line.quantity }).collect();
        let receipt = session.execute(TransferStock { from: from.id, to: to.id, lines: goods }).await?;
        session.done(&format!("Moved from {} to {}: {}.", from.code, to.code, in_words(&lines)), None, &receipt)
    }
}
