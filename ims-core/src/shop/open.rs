use crate::{
    command::Decide,
    draft::{Decided, Draft, reject},
    location, rules,
    store::ReadSet,
    text::MAX_NAME_CHARS,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Opens the shop, once. Nothing else can be done before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenShop {
    /// What it is called.
    pub name: Text,
    /// The currency of its books.
    pub currency: Currency,
    /// Decides the business day; UTC where none is given.
    #[serde(default = "TimeZone::utc")]
    pub time_zone: TimeZone,
    /// How the total of a document's line is rounded; to the currency's smallest coin, halves up, where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Rounding>,
    /// The costing method of an item that names none.
    #[serde(default = "fifo")]
    pub costing: CostingMethod,
}

fn fifo() -> CostingMethod {
    CostingMethod::Fifo
}

impl OpenShop {
    /// A shop whose days are those of UTC, whose totals are rounded to the smallest coin, and whose oldest goods leave
    /// first.
    pub fn new(name: &str, currency: Currency) -> Self {
        OpenShop { name: name.into(), currency, time_zone: TimeZone::utc(), rounding: None, costing: fifo() }
    }
}

impl Decide for OpenShop {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.names.extend(location::virtual_ones().iter().flat_map(Location::names));
    }

    fn decide(&self, _: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::text("name", &self.name, MAX_NAME_CHARS)?;
        if draft.shop()?.is_some() {
            return reject(Rejection::ShopAlreadyOpen);
        }

        let shop = Arc::new(Shop {
            name: Arc::clone(&self.name),
            currency: self.currency,
            time_zone: self.time_zone.clone(),
            rounding: self.rounding.unwrap_or_else(|| Rounding::of_coins(self.currency)),
            costing: self.costing,
            closed_until: None,
        });
        draft.put_shop(Arc::clone(&shop));
        for location in location::virtual_ones() {
            draft.put_location(Arc::new(location))?;
        }
        Ok(Receipt::ShopOpened(shop))
    }
}
