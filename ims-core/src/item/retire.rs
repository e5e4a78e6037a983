use super::{check_nothing_open, touch_everywhere};
use crate::{
    command::Decide,
    draft::{Decided, Draft},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Takes an item out of trade. It is no longer bought or sold; what is left of it can still be adjusted, transferred,
/// sent back and taken back. Nothing of it may be promised or on its way. Its alerts are resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetireItem {
    /// Which item.
    pub item: ItemId,
}

impl Decide for RetireItem {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.items.insert(self.item);
        reads.stock_everywhere.insert(self.item);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::open_shop(ctx, draft)?;
        let mut item = Item::clone(&*rules::item_in_trade(draft, self.item)?);
        check_nothing_open(draft, &item)?;

        touch_everywhere(draft, item.id)?;
        item.standing = Standing::Retired;
        let receipt = Receipt::ItemRetired { item: item.id, sku: item.sku.clone() };
        draft.put_item(Arc::new(item))?;
        Ok(receipt)
    }
}
