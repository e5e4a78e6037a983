use super::{check_fields, check_kind, check_unique};
use crate::{
    command::Decide,
    draft::{Decided, Draft},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, sync::Arc};

/// Adds an item.
///
/// ```
/// use ims_core::{Sku, item::CreateItem};
///
/// let tea = CreateItem::new("TEA-1".parse()?, "Green tea");
/// assert_eq!(serde_json::to_string(&tea)?, r#"{"sku":"TEA-1","name":"Green tea"}"#);
/// assert!(serde_json::from_str::<CreateItem>(r#"{"sku":"TEA-1","name":"Tea","colour":"green"}"#).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateItem {
    /// The shop's own code, unique when folded.
    pub sku: Sku,
    /// What it is called.
    pub name: Text,
    /// More words about it.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub description: Text,
    /// Its brand.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub brand: Text,
    /// Its category, a path such as `Drinks/Tea`.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub category: Text,
    /// What one of it is; a piece where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Whether stock is kept of it; it is where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracking: Option<Tracking>,
    /// How its cost of goods sold is found; as the shop's other items' where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub costing: Option<CostingMethod>,
    /// The standard cost of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard_cost: Option<Amount>,
    /// The price of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// Its barcodes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub barcodes: Vec<Text>,
    /// At or below this many available it is low on stock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reorder_point: Option<Quantity>,
    /// Reorder so many that this many are available again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reorder_to: Option<Quantity>,
    /// How many more than available may be promised per site; none where nothing is said.
    #[serde(default, skip_serializing_if = "is_none")]
    pub backorder_limit: Quantity,
    /// Who usually supplies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplier: Option<SupplierId>,
}

fn is_empty(text: &Text) -> bool {
    text.is_empty()
}

fn is_none(quantity: &Quantity) -> bool {
    quantity.is_zero()
}

impl CreateItem {
    /// An item of which only code and name are known.
    pub fn new(sku: Sku, name: &str) -> Self {
        let empty: Text = "".into();
        CreateItem {
            sku,
            name: name.into(),
            description: empty.clone(),
            brand: empty.clone(),
            category: empty,
            unit: None,
            tracking: None,
            costing: None,
            standard_cost: None,
            price: None,
            barcodes: Vec::new(),
            reorder_point: None,
            reorder_to: None,
            backorder_limit: Quantity::ZERO,
            supplier: None,
        }
    }
}

impl Decide for CreateItem {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.names.insert(Name::item(self.sku.as_str()));
        reads.names.extend(self.barcodes.iter().map(|barcode| Name::item(barcode)));
        reads.suppliers.extend(self.supplier);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        let mut item = Item {
            id: ctx.id.into(),
            sku: self.sku.clone(),
            name: Arc::clone(&self.name),
            description: Arc::clone(&self.description),
            brand: Arc::clone(&self.brand),
            category: Arc::clone(&self.category),
            unit: self.unit.clone().unwrap_or_else(Unit::piece),
            tracking: self.tracking.unwrap_or(Tracking::Stocked),
            // The shop's own where none is given: see below, where the shop is known.
            costing: self.costing.unwrap_or(CostingMethod::Fifo),
            standard_cost: self.standard_cost,
            price: self.price,
            barcodes: self.barcodes.clone(),
            reorder_point: self.reorder_point,
            reorder_to: self.reorder_to,
            backorder_limit: self.backorder_limit,
            supplier: self.supplier,
            standing: Standing::Active,
        };
        check_fields(&item, None)?;
        let shop = rules::open_shop(ctx, draft)?;
        item.costing = self.costing.unwrap_or(shop.costing);
        if let Some(supplier) = item.supplier {
            rules::supplier(draft, supplier)?;
        }
        check_unique(draft, &item, &BTreeSet::new())?;
        check_kind(&item)?;

        let item = Arc::new(item);
        draft.put_item(Arc::clone(&item))?;
        Ok(Receipt::ItemCreated(item))
    }
}
