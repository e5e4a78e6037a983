use super::{check_fields, check_kind, check_no_stock, check_unique, touch_everywhere};
use crate::{
    command::Decide,
    draft::{Decided, Draft},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Changes an item. What has been sold keeps the name, price, brand and category that it was sold with.
///
/// Unit, tracking and costing can only change while there is none of it anywhere. A unit may get more decimals at any time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateItem {
    /// Which item.
    pub item: ItemId,
    /// The shop's own code.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub sku: Patch<Sku>,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub name: Patch<Text>,
    /// More words about it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub description: Patch<Text>,
    /// Its brand.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub brand: Patch<Text>,
    /// Its category.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub category: Patch<Text>,
    /// What one of it is.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub unit: Patch<Unit>,
    /// Whether stock is kept of it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub tracking: Patch<Tracking>,
    /// How its cost of goods sold is found.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub costing: Patch<CostingMethod>,
    /// The price of one.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub price: Patch<Option<Amount>>,
    /// Its barcodes, all of them.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub barcodes: Patch<Vec<Text>>,
    /// At or below this many available it is low on stock.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub reorder_point: Patch<Option<Quantity>>,
    /// Reorder so many that this many are available again.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub reorder_to: Patch<Option<Quantity>>,
    /// How many more than available may be promised per site. What is promised already stays promised.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub backorder_limit: Patch<Quantity>,
    /// Who usually supplies it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub supplier: Patch<Option<SupplierId>>,
    /// Whether it is in trade; to retire it, nothing of it may be promised or on its way.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub standing: Patch<Standing>,
    /// Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP.
    /// Several, with commas between them, where one of them has to be it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_tag: Option<Text>,
}

impl UpdateItem {
    /// An update that changes nothing yet.
    pub fn new(item: ItemId) -> Self {
        UpdateItem {
            item,
            sku: Patch::Keep,
            name: Patch::Keep,
            description: Patch::Keep,
            brand: Patch::Keep,
            category: Patch::Keep,
            unit: Patch::Keep,
            tracking: Patch::Keep,
            costing: Patch::Keep,
            price: Patch::Keep,
            barcodes: Patch::Keep,
            reorder_point: Patch::Keep,
            reorder_to: Patch::Keep,
            backorder_limit: Patch::Keep,
            supplier: Patch::Keep,
            standing: Patch::Keep,
            if_tag: None,
        }
    }
}

impl Decide for UpdateItem {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.items.insert(self.item);
        if let Patch::Set(sku) = &self.sku {
            reads.names.insert(Name::item(sku.as_str()));
        }
        if let Patch::Set(barcodes) = &self.barcodes {
            reads.names.extend(barcodes.iter().map(|barcode| Name::item(barcode)));
        }
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::open_shop(ctx, draft)?;
        let before = rules::item(draft, self.item)?;
        tag::unchanged(&before, self.if_tag.as_ref())?;
        let mut item = Item::clone(&before);
        self.sku.apply(&mut item.sku);
        self.name.apply(&mut item.name);
        self.description.apply(&mut item.description);
        self.brand.apply(&mut item.brand);
        self.category.apply(&mut item.category);
        self.unit.apply(&mut item.unit);
        self.tracking.apply(&mut item.tracking);
        self.costing.apply(&mut item.costing);
        self.price.apply(&mut item.price);
        self.barcodes.apply(&mut item.barcodes);
        self.reorder_point.apply(&mut item.reorder_point);
        self.reorder_to.apply(&mut item.reorder_to);
        self.backorder_limit.apply(&mut item.backorder_limit);
        self.supplier.apply(&mut item.supplier);
        self.standing.apply(&mut item.standing);
        check_fields(&item, Some(&before))?;
        if let Some(supplier) = item.supplier.filter(|_| item.supplier != before.supplier) {
            rules::supplier(draft, supplier)?;
        }
        check_unique(draft, &item, &before.names())?;
        check_kind(&item)?;
        if item.standing == Standing::Retired && before.standing == Standing::Active {
            super::check_nothing_open(draft, &item)?;
        }
        if !item.unit.refines(&before.unit) || item.tracking != before.tracking || item.costing != before.costing {
            check_no_stock(draft, &item)?;
        }

        let watched = |item: &Item| (item.reorder_point, item.tracking, item.standing);
        if watched(&item) != watched(&before) {
            touch_everywhere(draft, item.id)?;
        }
        let item = Arc::new(item);
        draft.put_item(Arc::clone(&item))?;
        Ok(Receipt::ItemUpdated(item))
    }
}
