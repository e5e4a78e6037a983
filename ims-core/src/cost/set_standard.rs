use crate::{
    command::Decide,
    draft::{Decided, Draft, fits, reject},
    location::VARIANCE,
    rules,
    stock::Route,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Sets the standard cost of an item and revalues what is on hand, at every site. The difference is a variance. Entered late,
/// it follows everything that has moved of the item: what came later was not there to be revalued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetStandardCost {
    /// Which item.
    pub item: ItemId,
    /// The cost of one unit from now on.
    pub unit_cost: Amount,
}

impl Decide for SetStandardCost {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.items.insert(self.item);
        reads.stock_everywhere.insert(self.item);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::not_negative("unit_cost", self.unit_cost)?;
        rules::open_shop(ctx, draft)?;
        let mut item = Item::clone(&*rules::item_in_trade(draft, self.item)?);
        if item.costing != CostingMethod::Standard {
            return reject(Rejection::NotStandardCosted { sku: item.sku.clone() });
        }

        let sites = draft.sites_with(item.id)?;
        let keys: Vec<StockKey> = sites.iter().map(|site| StockKey { item: item.id, site: *site }).collect();
        late::check_nothing_since(ctx, draft, &item.sku, &keys)?;

        item.standard_cost = Some(self.unit_cost);
        let mut revaluation = Amount::ZERO;
        for site in sites {
            let Some(mut stock) = draft.stock(&StockKey { item: item.id, site })? else { continue };
            let value = fits(self.unit_cost.times(stock.on_hand, Rounding::LEDGER), "the value at standard cost")?;
            let more = fits(value.checked_sub(stock.value), "the revaluation")?;
            if more.is_zero() {
                continue;
            }
            stock.value = value;
            draft.put_stock(stock);
            Route::new(&item, VARIANCE, site, MovementKind::Revaluation).value(ctx, draft, more)?;
            revaluation = fits(revaluation.checked_add(more), "the revaluation")?;
        }
        let receipt = Receipt::StandardCostSet { item: item.id, unit_cost: self.unit_cost, revaluation };
        draft.put_item(Arc::new(item))?;
        Ok(receipt)
    }
}
