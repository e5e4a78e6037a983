use super::save;
use crate::{
    command::Decide,
    draft::{Decided, Draft, fits},
    rules,
    stock::{CostedGoods, allocate::stock_now},
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Orders goods from a supplier. They are incoming until they come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlacePurchase {
    /// Who delivers.
    pub supplier: SupplierId,
    /// Where the goods go.
    pub site: LocationId,
    /// When the goods should be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Date>,
    /// What is ordered.
    pub lines: Vec<CostedGoods>,
}

impl Decide for PlacePurchase {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.suppliers.insert(self.supplier);
        reads.locations.insert(self.site);
        for line in &self.lines {
            reads.items.insert(line.item);
            reads.stock.insert(StockKey { item: line.item, site: self.site });
        }
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::line_count(self.lines.len())?;
        rules::open_shop(ctx, draft)?;
        let site = rules::site(draft, self.site)?;
        let supplier = rules::supplier(draft, self.supplier)?;

        let mut lines = Vec::with_capacity(self.lines.len());
        let mut total = Amount::ZERO;
        for (index, line) in self.lines.iter().enumerate() {
            rules::positive(rules::line_number(index), line.quantity)?;
            rules::not_negative("unit_cost", line.unit_cost)?;
            let item = rules::item_in_trade(draft, line.item)?;
            rules::stocked(&item)?;
            rules::fits_unit(&item, line.quantity)?;
            let amount = fits(line.unit_cost.times(line.quantity, Rounding::LEDGER), "the order's total")?;
            total = fits(total.checked_add(amount), "the order's total")?;
            let key = StockKey { item: item.id, site: site.id };
            let mut stock = stock_now(ctx, draft, key)?.unwrap_or_else(|| Stock::empty(key));
            stock.incoming = fits(stock.incoming.checked_add(line.quantity), "the quantity incoming")?;
            draft.put_stock(stock);
            lines.push(PurchaseLine {
                item: item.id,
                sku: item.sku.clone(),
                name: Arc::clone(&item.name),
                quantity: line.quantity,
                unit_cost: line.unit_cost,
                received: Quantity::ZERO,
                received_cost: Amount::ZERO,
                cancelled: Quantity::ZERO,
            });
        }
        let series = rules::series(draft, &format!("{}{}", rules::PURCHASE_SERIES, site.code).into())?;
        let purchase = Purchase {
            id: ctx.id.into(),
            number: rules::next_number(draft, &series)?,
            series,
            supplier: supplier.id,
            party: Some(supplier.contact.party()),
            site: site.id,
            status: PurchaseStatus::Ordered,
            ordered_at: ctx.moment(),
            expected: self.expected,
            received_at: None,
            total,
            amounts: PurchaseAmounts::default(),
            lines,
        };
        Ok(Receipt::PurchasePlaced(save(draft, purchase)?))
    }
}
