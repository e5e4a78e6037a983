use crate::{
    command::Decide,
    draft::{Decided, Draft, reject},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};

/// Says that somebody knows of an alert. It stays open until the stock recovers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeAlert {
    /// About which item.
    pub item: ItemId,
    /// At which site.
    pub site: LocationId,
}

impl Decide for AcknowledgeAlert {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        let key = StockKey { item: self.item, site: self.site };
        reads.items.insert(self.item);
        reads.locations.insert(self.site);
        reads.stock.insert(key);
        reads.alerts.insert(key);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::open_shop(ctx, draft)?;
        let item = rules::item(draft, self.item)?;
        let site = rules::any_site(draft, self.site)?;
        let key = StockKey { item: item.id, site: site.id };
        let (Some(stock), Some(mut alert)) = (draft.stock(&key)?, draft.alert(&key)?) else {
            return reject(Rejection::UnknownAlert { sku: item.sku.clone(), site: Text::clone(&site.code) });
        };
        if alert.resolved_at.is_some() {
            return reject(Rejection::UnknownAlert { sku: item.sku.clone(), site: Text::clone(&site.code) });
        }

        alert.acknowledged_at = alert.acknowledged_at.or(Some(ctx.now));
        draft.put_alert(alert.clone());
        // The stock row guards its alert.
        draft.put_stock(stock);
        Ok(Receipt::AlertAcknowledged(alert))
    }
}
