//! The book of movements: every change of what is on the shelf goes through here, and writes down where goods came
//! from, where they went, and what they cost.

use super::allocate::stock_now;
use crate::{
    AdjustmentReason, Amount, Context, Document, Item, LocationId, Movement, MovementKey, MovementKind, Quantity,
    Stock, StockKey,
    cost::{self, Portion},
    draft::{Decided, Draft, fits},
    location::VARIANCE,
};

/// Which item goes from where to where, and why.
#[derive(Clone, Copy)]
pub(crate) struct Route<'a> {
    pub(crate) item: &'a Item,
    pub(crate) from: LocationId,
    pub(crate) to: LocationId,
    pub(crate) kind: MovementKind,
    pub(crate) reason: Option<AdjustmentReason>,
    pub(crate) document: Option<Document>,
    pub(crate) undoes: Option<MovementKey>,
}

impl<'a> Route<'a> {
    pub(crate) fn new(item: &'a Item, from: LocationId, to: LocationId, kind: MovementKind) -> Self {
        Route { item, from, to, kind, reason: None, document: None, undoes: None }
    }

    pub(crate) fn of(mut self, document: Document) -> Self {
        self.document = Some(document);
        self
    }

    /// Writes down that goods went this way.
    pub(crate) fn goods(&self, ctx: &Context, draft: &mut Draft, goods: Portion, revenue: Amount) -> Decided<()> {
        let movement = Movement {
            key: MovementKey { command: ctx.id, number: draft.next_movement()? },
            item: self.item.id,
            from: self.from,
            to: self.to,
            kind: self.kind,
            reason: self.reason,
            quantity: goods.quantity,
            value: goods.value,
            revenue,
            acquired_at: goods.acquired_at,
            layer: goods.layer,
            occurred_at: ctx.moment(),
            recorded_at: ctx.now,
            document: self.document,
            undoes: self.undoes,
        };
        draft.add_movement(movement);
        Ok(())
    }

    /// Writes down that value alone went this way.
    pub(crate) fn value(&self, ctx: &Context, draft: &mut Draft, value: Amount) -> Decided<()> {
        let nothing = Portion::new(Quantity::ZERO, value, ctx.moment());
        self.goods(ctx, draft, nothing, Amount::ZERO)
    }
}

/// Brings goods to the site at the end of a route.
pub(crate) fn bring_in(
    ctx: &Context,
    draft: &mut Draft,
    route: Route<'_>,
    goods: Portion,
    revenue: Amount,
) -> Decided<()> {
    let key = StockKey { item: route.item.id, site: route.to };
    let mut stock = stock_now(ctx, draft, key)?.unwrap_or_else(|| Stock::empty(key));
    let added = cost::add(draft, route.item, &mut stock, goods)?;
    stock.last_unit_cost = Some(fits(goods.value.unit(goods.quantity), "the cost of one")?);
    draft.put_stock(stock);
    route.goods(ctx, draft, Portion { layer: added.layer, ..goods }, revenue)?;

    // What was paid above or below the standard cost leaves again, as value alone.
    let variance = fits(goods.value.checked_sub(added.value), "the variance")?;
    if !variance.is_zero() {
        Route::new(route.item, route.to, VARIANCE, MovementKind::Revaluation).value(ctx, draft, variance)?;
    }
    Ok(())
}

/// Takes goods from the site at the beginning of a route, which has enough of them, and writes down where they went.
/// `revenue` is split over them by quantity.
pub(crate) fn take_out(
    ctx: &Context,
    draft: &mut Draft,
    route: Route<'_>,
    stock: &mut Stock,
    quantity: Quantity,
    revenue: Amount,
) -> Decided<Vec<Portion>> {
    let portions = cost::take(draft, route.item, stock, quantity, ctx.moment())?;
    draft.put_stock(*stock);
    let (mut left, mut revenue_left) = (quantity, revenue);
    for portion in &portions {
        let part = fits(revenue_left.share(portion.quantity, left), "the revenue")?;
        route.goods(ctx, draft, *portion, part)?;
        left = fits(left.checked_sub(portion.quantity), "a quantity")?;
        revenue_left = fits(revenue_left.checked_sub(part), "the revenue")?;
    }
    Ok(portions)
}
