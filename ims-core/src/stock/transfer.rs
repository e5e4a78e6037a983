use super::{Goods, Route, allocate};
use crate::{
    command::Decide,
    cost::{self, Portion},
    draft::{Decided, Draft, fits, reject},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Moves stock from one site to another, at once. Goods keep their cost and the date they were acquired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferStock {
    /// From here.
    pub from: LocationId,
    /// To there.
    pub to: LocationId,
    /// What goes.
    pub lines: Vec<Goods>,
}

impl Decide for TransferStock {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.locations.extend([self.from, self.to]);
        for line in &self.lines {
            reads.items.insert(line.item);
            reads.stock.insert(StockKey { item: line.item, site: self.from });
            reads.stock.insert(StockKey { item: line.item, site: self.to });
        }
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::line_count(self.lines.len())?;
        rules::open_shop(ctx, draft)?;
        let from = rules::any_site(draft, self.from)?;
        let to = rules::site(draft, self.to)?;
        if from.id == to.id {
            return reject(Rejection::SameSite { site: Text::clone(&from.code) });
        }

        let mut moved = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.iter().enumerate() {
            let number = rules::line_number(index);
            rules::positive(number, line.quantity)?;
            let item = rules::item(draft, line.item)?;
            rules::stocked(&item)?;
            rules::fits_unit(&item, line.quantity)?;
            let mut stock = allocate::known_stock(ctx, draft, &item, &from)?;
            allocate::check_available(&stock, &item, &from, line.quantity)?;
            let portions = cost::take(draft, &item, &mut stock, line.quantity, ctx.moment())?;
            draft.put_stock(stock);

            let key = StockKey { item: item.id, site: to.id };
            let mut arrived = allocate::stock_now(ctx, draft, key)?.unwrap_or_else(|| Stock::empty(key));
            let route = Route::new(&item, from.id, to.id, MovementKind::Transfer);
            for portion in portions {
                // At standard cost the value is the same on both sides, but for what the last unit took with it.
                let added = cost::add(draft, &item, &mut arrived, Portion { layer: None, ..portion })?;
                arrived.last_unit_cost = Some(fits(portion.value.unit(portion.quantity), "the cost of one")?);
                route.goods(ctx, draft, portion, Amount::ZERO)?;
                let residue = fits(portion.value.checked_sub(added.value), "the variance")?;
                if !residue.is_zero() {
                    Route::new(&item, to.id, location::VARIANCE, MovementKind::Revaluation)
                        .value(ctx, draft, residue)?;
                }
                moved.push(portion.moved(number, &item));
            }
            draft.put_stock(arrived);
        }
        Ok(Receipt::StockTransferred { from: from.id, to: to.id, lines: moved })
    }
}
