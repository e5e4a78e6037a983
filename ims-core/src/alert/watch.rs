//! When an alert is raised and resolved.
//!
//! The threshold is the item's reorder point: the same one that the reorder list uses. An alert is raised when what is
//! available comes to it from above, and resolved when it is above it again.

use crate::{
    Alert, Context, EventBody, Item, Quantity, Standing, Stock, StockLevel, Tracking,
    draft::{Decided, Draft},
    rules,
    stock::allocate::available,
};

/// Looks at a stock that the running command has changed; notes which alerts were raised and resolved.
pub(crate) fn watch(ctx: &Context, draft: &mut Draft, stock: &mut Stock, events: &mut Vec<EventBody>) -> Decided<()> {
    let item = rules::item(draft, stock.item)?;
    let available = available(stock)?;
    let level = level(&item, stock, available);
    if level == stock.level {
        return Ok(());
    }
    if level == StockLevel::Normal || stock.level == StockLevel::Out {
        events.extend(resolve(ctx, draft, stock)?);
    }
    if level != StockLevel::Normal {
        let alert = Alert {
            item: stock.item,
            site: stock.site,
            kind: level,
            available,
            threshold: item.reorder_point.unwrap_or(Quantity::ZERO),
            raised_at: ctx.now,
            acknowledged_at: None,
            resolved_at: None,
        };
        draft.put_alert(alert.clone());
        events.push(EventBody::AlertRaised(alert));
    }
    stock.level = level;
    draft.put_stock(*stock);
    Ok(())
}

/// How far a stock has sunk. Stock that was never there is not out of stock, unless somebody set a reorder point; and
/// nobody waits for more of an item that is retired.
fn level(item: &Item, stock: &Stock, available: Quantity) -> StockLevel {
    let awaited = item.reorder_point.is_some() || stock.last_unit_cost.is_some();
    if item.tracking == Tracking::Service || item.standing == Standing::Retired || !awaited {
        StockLevel::Normal
    } else if !available.is_positive() {
        StockLevel::Out
    } else if item.reorder_point.is_some_and(|point| available <= point) {
        StockLevel::Low
    } else {
        StockLevel::Normal
    }
}

fn resolve(ctx: &Context, draft: &mut Draft, stock: &Stock) -> Decided<Option<EventBody>> {
    let Some(mut alert) = draft.alert(&stock.key())? else { return Ok(None) };
    alert.resolved_at = Some(ctx.now);
    draft.put_alert(alert.clone());
    Ok(Some(EventBody::AlertResolved(alert)))
}
