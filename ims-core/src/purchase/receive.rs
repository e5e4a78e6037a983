use super::{check_open, check_placed, known, lower_incoming, save};
use crate::{
    command::Decide,
    cost::Portion,
    draft::{Decided, Draft, fits, reject},
    location::SUPPLIERS,
    rules,
    stock::{Route, bring_in},
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Takes in goods of a purchase order: what is named, or all that is still to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivePurchase {
    /// Which purchase order.
    pub purchase: PurchaseId,
    /// What came; all that is still to come where nothing is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<ReceivedLine>>,
}

/// So many of a line of a purchase order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedLine {
    /// Which line, counted from 0.
    pub line: u32,
    /// How many.
    pub quantity: Quantity,
    /// What one cost; as agreed where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Amount>,
}

impl Decide for ReceivePurchase {
    fn reads(&self, known: &Draft, reads: &mut ReadSet) {
        super::reads_purchase(known, reads, self.purchase);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        if let Some(lines) = &self.lines {
            rules::line_count(lines.len())?;
        }
        rules::open_shop(ctx, draft)?;
        let mut purchase = known(draft, self.purchase)?;
        let site = rules::site(draft, purchase.site)?;
        check_open(&purchase)?;
        check_placed(ctx, &purchase)?;
        let came = match &self.lines {
            Some(lines) => lines.clone(),
            None => all_open(&purchase),
        };
        rules::line_count(came.len())?;

        let mut moved = Vec::with_capacity(came.len());
        for part in &came {
            rules::positive(part.line, part.quantity)?;
            rules::not_negative("unit_cost", part.unit_cost.unwrap_or_default())?;
            let Some(line) = usize::try_from(part.line).ok().and_then(|index| purchase.lines.get_mut(index)) else {
                return reject(Rejection::UnknownLine { line: part.line });
            };
            let unit_cost = part.unit_cost.unwrap_or(line.unit_cost);
            let item = rules::item(draft, line.item)?;
            rules::fits_unit(&item, part.quantity)?;
            let open = fits(line.open(), "a quantity")?;
            if part.quantity > open {
                return reject(Rejection::ReceivesTooMuch { line: part.line, wanted: part.quantity, open });
            }
            lower_incoming(ctx, draft, line, site.id, part.quantity)?;
            line.received = fits(line.received.checked_add(part.quantity), "a quantity")?;
            let value = fits(unit_cost.times(part.quantity, Rounding::LEDGER), "the value received")?;
            line.received_cost = fits(line.received_cost.checked_add(value), "the value received")?;
            let goods = Portion::new(part.quantity, value, ctx.moment());
            let route = Route::new(&item, SUPPLIERS, site.id, MovementKind::Receipt)
                .of(Document::Purchase(purchase.id, part.line));
            bring_in(ctx, draft, route, goods, Amount::ZERO)?;
            moved.push(goods.moved(part.line, &item));
        }
        purchase.received_at = purchase.received_at.max(Some(ctx.moment()));
        let open = purchase.lines.iter().any(|line| line.open().is_some_and(Quantity::is_positive));
        purchase.status = if open { PurchaseStatus::PartlyReceived } else { PurchaseStatus::Received };
        Ok(Receipt::PurchaseReceived { purchase: save(draft, purchase)?, lines: moved })
    }
}

/// Everything that is still to come.
fn all_open(purchase: &Purchase) -> Vec<ReceivedLine> {
    let lines = purchase.lines.iter().enumerate().filter_map(|(index, line)| {
        let quantity = line.open().filter(|open| open.is_positive())?;
        Some(ReceivedLine { line: rules::line_number(index), quantity, unit_cost: None })
    });
    lines.collect()
}
