//! What may be entered late: all rules about a moment that has passed, in one place.
//!
//! An entry of now says no moment of its own. It is bound by what is on the shelf now and by nothing else, whatever the
//! clocks of others say: two tills whose clocks differ by a second get in nobody's way, and nothing more is read for it.
//! An entry that says when it happened is late, and has to have been possible then: its moment is not in the future, not
//! longer ago than its caller may say, not in a closed period, not before what it follows, and the goods that it takes
//! were there, at that moment and at every later one.

use crate::{
    Command, Context, Movement, Quantity, Rejection, Shop, Sku, StockKey, Text, Timestamp,
    command::Decide,
    draft::{Decided, Draft, fits, reject},
    location::FIRST_VIRTUAL_ID,
    rules,
    store::ReadSet,
};
use std::collections::BTreeMap;

/// When a late entry happened; nothing for an entry of now.
fn late(ctx: &Context) -> Option<Timestamp> {
    ctx.occurred_at.filter(|at| *at < ctx.now)
}

/// Refuses a moment that has not come yet, and one that is longer ago than the caller may say.
pub(crate) fn check_moment(ctx: &Context) -> Result<(), Rejection> {
    let Some(occurred_at) = ctx.occurred_at else { return Ok(()) };
    if occurred_at > ctx.now {
        return Err(Rejection::OccursInFuture { occurred_at, now: ctx.now });
    }
    match ctx.earliest {
        Some(earliest) if occurred_at < earliest => Err(Rejection::OccursTooEarly { occurred_at, earliest }),
        _ => Ok(()),
    }
}

/// Refuses a day whose books are closed.
pub(crate) fn check_period(ctx: &Context, shop: &Shop) -> Result<(), Rejection> {
    let Some(closed_until) = shop.closed_until else { return Ok(()) };
    let day = shop.time_zone.business_day(ctx.moment());
    if day <= closed_until { Err(Rejection::PeriodClosed { day, closed_until }) } else { Ok(()) }
}

/// Refuses a late entry of something that follows what happened after it. `earlier` says what that is, such as `order
/// MAIN-1 was placed`.
pub(crate) fn check_follows(
    ctx: &Context,
    happened_at: Timestamp,
    earlier: impl FnOnce() -> String,
) -> Result<(), Rejection> {
    match late(ctx) {
        Some(occurred_at) if occurred_at < happened_at => {
            Err(Rejection::OccursBefore { occurred_at, earlier: earlier().into(), happened_at })
        }
        _ => Ok(()),
    }
}

/// Refuses a late entry that takes goods which were not there: the running command has made its movements, and no stock
/// may have been below zero because of them, at its moment or at any later one. All that it takes of a stock counts
/// together, however it is split into lines.
pub(crate) fn check_goods(ctx: &Context, draft: &mut Draft) -> Decided<()> {
    let Some(occurred_at) = late(ctx) else { return Ok(()) };
    let taken = taken(draft.movements_made())?;
    let keys: Vec<StockKey> = taken.iter().map(|(key, _)| *key).collect();
    for ((key, wanted), since) in taken.into_iter().zip(draft.on_hand_since(&keys, occurred_at)?) {
        if since.lowest >= wanted {
            continue;
        }
        let sku = rules::item(draft, key.item)?.sku.clone();
        let site = Text::clone(&rules::any_site(draft, key.site)?.code);
        let (on_hand, lowest, lowest_at) = (since.on_hand, since.lowest, since.lowest_at);
        return reject(Rejection::InsufficientStockThen { sku, site, wanted, occurred_at, on_hand, lowest, lowest_at });
    }
    Ok(())
}

/// Refuses a late entry that changes what all of some stocks is worth, where anything of them has moved since: what is there
/// now was not there then.
pub(crate) fn check_nothing_since(ctx: &Context, draft: &mut Draft, sku: &Sku, keys: &[StockKey]) -> Decided<()> {
    let Some(occurred_at) = late(ctx) else { return Ok(()) };
    let newest = draft.on_hand_since(keys, occurred_at)?.iter().map(|since| since.newest).max();
    Ok(check_follows(ctx, newest.unwrap_or(occurred_at), || format!("goods or costs of {sku} changed"))?)
}

/// What movements take from each stock, in the order of the first one that does.
fn taken(movements: &[Movement]) -> Decided<Vec<(StockKey, Quantity)>> {
    let mut places: BTreeMap<StockKey, usize> = BTreeMap::new();
    let mut sums: Vec<(StockKey, Quantity)> = Vec::new();
    for movement in movements {
        let less = fits(movement.quantity.checked_neg(), "a quantity")?;
        for (site, change) in [(movement.from, less), (movement.to, movement.quantity)] {
            if site.as_u128() >= FIRST_VIRTUAL_ID {
                continue;
            }
            let key = StockKey { item: movement.item, site };
            let place = *places.entry(key).or_insert(sums.len());
            match sums.get_mut(place) {
                Some((_, sum)) => *sum = fits(sum.checked_add(change), "a quantity")?,
                None => sums.push((key, change)),
            }
        }
    }
    let negative = sums.into_iter().filter(|(_, sum)| sum.is_negative());
    negative.map(|(key, sum)| Ok((key, fits(sum.checked_neg(), "a quantity")?))).collect()
}

/// Names what a late command that waits behind another will need to know of earlier moments, so that a thousand of them
/// are loaded in one go.
pub(crate) fn foresee(ctx: &Context, command: &Command, known: &Draft, reads: &mut ReadSet) {
    let Some(at) = late(ctx) else { return };
    let mut own = ReadSet::default();
    command.reads(known, &mut own);
    reads.on_hand_since.extend(own.stock.into_iter().map(|key| (key, at)));
}
