use super::{Route, allocate, bring_in, take_out};
use crate::{
    command::Decide,
    cost::{self, Portion},
    draft::{Decided, Draft, fits, reject},
    location::LOSS,
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Corrects what is on the shelf, and says why. What is taken must be available: claims of others come first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdjustStock {
    /// At which site.
    pub site: LocationId,
    /// Why.
    pub reason: AdjustmentReason,
    /// Whether stock is added or taken.
    pub direction: Direction,
    /// What is added or taken.
    pub lines: Vec<Adjusted>,
    /// More about why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// A line of an adjustment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjusted {
    /// Which item.
    pub item: ItemId,
    /// How many.
    pub quantity: Quantity,
    /// The cost of one that is added; where none is given, what one of the stock costs now. Without meaning for what is
    /// taken: that leaves at its own cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_cost: Option<Amount>,
}

impl Decide for AdjustStock {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.locations.insert(self.site);
        for line in &self.lines {
            reads.items.insert(line.item);
            reads.stock.insert(StockKey { item: line.item, site: self.site });
        }
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        if let Some(note) = &self.note {
            rules::optional_lines("note", note, limits::NOTE_CHARS)?;
        }
        rules::line_count(self.lines.len())?;
        rules::open_shop(ctx, draft)?;
        let site = rules::any_site(draft, self.site)?;

        let mut moved = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.iter().enumerate() {
            let number = rules::line_number(index);
            rules::positive(number, line.quantity)?;
            if let (Direction::Up, Some(unit_cost)) = (self.direction, line.unit_cost) {
                rules::not_negative("unit_cost", unit_cost)?;
            }
            let item = rules::item(draft, line.item)?;
            rules::stocked(&item)?;
            rules::fits_unit(&item, line.quantity)?;
            match self.direction {
                Direction::Up => moved.push(self.add(ctx, draft, &item, &site, line)?.moved(number, &item)),
                Direction::Down => {
                    let portions = self.take(ctx, draft, &item, &site, line.quantity)?;
                    moved.extend(portions.iter().map(|portion| portion.moved(number, &item)));
                }
            }
        }
        let (reason, direction, note) = (self.reason, self.direction, self.note.clone());
        Ok(Receipt::StockAdjusted { site: site.id, reason, direction, lines: moved, note })
    }
}

impl AdjustStock {
    fn add(&self, ctx: &Context, draft: &mut Draft, item: &Item, site: &Location, line: &Adjusted) -> Decided<Portion> {
        let stock = allocate::stock_now(ctx, draft, StockKey { item: item.id, site: site.id })?;
        let Some(unit_cost) = line.unit_cost.or_else(|| cost::of_one(item, stock.as_ref())) else {
            return reject(Rejection::CostUnknown { sku: item.sku.clone() });
        };
        let value = fits(unit_cost.times(line.quantity, Rounding::LEDGER), "the value added")?;
        let goods = Portion::new(line.quantity, value, ctx.moment());
        let route = Route { reason: Some(self.reason), ..Route::new(item, LOSS, site.id, MovementKind::Adjustment) };
        bring_in(ctx, draft, route, goods, Amount::ZERO)?;
        Ok(goods)
    }

    fn take(
        &self,
        ctx: &Context,
        draft: &mut Draft,
        item: &Item,
        site: &Location,
        quantity: Quantity,
    ) -> Decided<Vec<Portion>> {
        let mut stock = allocate::known_stock(ctx, draft, item, site)?;
        allocate::check_available(&stock, item, site, quantity)?;
        let route = Route { reason: Some(self.reason), ..Route::new(item, site.id, LOSS, MovementKind::Adjustment) };
        take_out(ctx, draft, route, &mut stock, quantity, Amount::ZERO)
    }
}
