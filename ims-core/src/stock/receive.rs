use super::{CostedGoods, Route, bring_in};
use crate::{
    command::Decide,
    cost::Portion,
    draft::{Decided, Draft, fits},
    location::SUPPLIERS,
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Takes in goods that no purchase order announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiveStock {
    /// At which site.
    pub site: LocationId,
    /// Who delivered, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierId>,
    /// What came.
    pub lines: Vec<CostedGoods>,
}

impl Decide for ReceiveStock {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.locations.insert(self.site);
        reads.suppliers.extend(self.supplier);
        for line in &self.lines {
            reads.items.insert(line.item);
            reads.stock.insert(StockKey { item: line.item, site: self.site });
        }
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::line_count(self.lines.len())?;
        rules::open_shop(ctx, draft)?;
        let site = rules::site(draft, self.site)?;
        if let Some(supplier) = self.supplier {
            rules::supplier(draft, supplier)?;
        }

        let mut moved = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.iter().enumerate() {
            let number = rules::line_number(index);
            rules::positive(number, line.quantity)?;
            rules::not_negative("unit_cost", line.unit_cost)?;
            let item = rules::item_in_trade(draft, line.item)?;
            rules::stocked(&item)?;
            rules::fits_unit(&item, line.quantity)?;
            let value = fits(line.unit_cost.times(line.quantity, Rounding::LEDGER), "the value received")?;
            let goods = Portion::new(line.quantity, value, ctx.moment());
            let route = Route::new(&item, SUPPLIERS, site.id, MovementKind::Receipt);
            bring_in(ctx, draft, route, goods, Amount::ZERO)?;
            moved.push(goods.moved(number, &item));
        }
        Ok(Receipt::StockReceived { site: site.id, supplier: self.supplier, lines: moved })
    }
}
