use super::{
    place::{Asked, OnShortage, OrderedLine, place},
    save,
    ship::{all_allocated, ship},
};
use crate::{
    command::Decide,
    draft::{Decided, Draft},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Sells over the counter: places an order and ships all of it, or does nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sell {
    /// Where the goods are.
    pub site: LocationId,
    /// Who buys, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The currency of the prices; the shop's where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// The series that its number is from, the same for all codes that fold alike; the site's code where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Text>,
    /// What is sold.
    pub lines: Vec<OrderedLine>,
    /// Holds whose goods are sold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holds: Vec<HoldId>,
}

impl Sell {
    /// A sale to somebody unknown.
    pub fn new(site: LocationId, lines: Vec<OrderedLine>) -> Self {
        Sell { site, customer: None, currency: None, series: None, lines, holds: Vec::new() }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            site: self.site,
            customer: self.customer,
            currency: self.currency,
            series: self.series.as_ref(),
            lines: &self.lines,
            on_shortage: OnShortage::Refuse,
            holds: &self.holds,
        }
    }
}

impl Decide for Sell {
    fn reads(&self, known: &Draft, reads: &mut ReadSet) {
        self.asked().reads(known, reads);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        self.asked().check()?;
        let shop = rules::open_shop(ctx, draft)?;
        let mut order = place(ctx, draft, &shop, &self.asked())?;
        let lines = all_allocated(&order);
        let moved = ship(ctx, draft, &shop, &mut order, &lines)?;
        Ok(Receipt::Sold { order: save(draft, &shop, order)?, lines: moved })
    }
}
