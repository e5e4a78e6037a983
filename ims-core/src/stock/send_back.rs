use super::{Goods, Route, allocate, take_out};
use crate::{
    command::Decide,
    draft::{Decided, Draft},
    location::SUPPLIERS,
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Sends goods back to a supplier. They leave at the cost that any goods would leave at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SendBackStock {
    /// From which site.
    pub site: LocationId,
    /// To whom, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierId>,
    /// What goes back.
    pub lines: Vec<Goods>,
}

impl Decide for SendBackStock {
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
        let site = rules::any_site(draft, self.site)?;
        if let Some(supplier) = self.supplier
            && draft.supplier(&supplier)?.is_none()
        {
            return Err(Rejection::UnknownSupplier { supplier }.into());
        }

        let mut moved = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.iter().enumerate() {
            let number = rules::line_number(index);
            rules::positive(number, line.quantity)?;
            let item = rules::item(draft, line.item)?;
            rules::stocked(&item)?;
            rules::fits_unit(&item, line.quantity)?;
            let mut stock = allocate::known_stock(ctx, draft, &item, &site)?;
            allocate::check_available(&stock, &item, &site, line.quantity)?;
            let route = Route::new(&item, site.id, SUPPLIERS, MovementKind::SupplierReturn);
            let portions = take_out(ctx, draft, route, &mut stock, line.quantity, Amount::ZERO)?;
            moved.extend(portions.iter().map(|portion| portion.moved(number, &item)));
        }
        Ok(Receipt::StockSentBack { site: site.id, supplier: self.supplier, lines: moved })
    }
}
