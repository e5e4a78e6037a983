//! Items: what is bought and sold.

mod create;
mod retire;
mod update;

pub use create::CreateItem;
pub use retire::RetireItem;
pub use update::UpdateItem;

use crate::{
    CostingMethod, Item, ItemId, Name, Rejection, Text, Tracking,
    draft::{Decided, Draft, Stop, reject},
    limits, rules,
    text::{
        MAX_DESCRIPTION_CHARS, MAX_NAME_CHARS, MAX_SKU_CHARS,
        gtin::{self, Gtin},
    },
};
use std::collections::BTreeSet;

/// Checks what is said of an item, new or changed, and needs no look at anything else. What it had `before` it may keep, even
/// if older versions took what would be refused now.
fn check_fields(item: &Item, before: Option<&Item>) -> Result<(), Rejection> {
    if before.is_none_or(|before| before.sku != item.sku) {
        rules::code("sku", item.sku.as_str(), MAX_SKU_CHARS)?;
    }
    if before.is_none_or(|before| before.name != item.name) {
        rules::text("name", &item.name, MAX_NAME_CHARS)?;
    }
    rules::optional_lines("description", &item.description, MAX_DESCRIPTION_CHARS)?;
    if before.is_none_or(|before| before.brand != item.brand) {
        rules::optional_text("brand", &item.brand, MAX_NAME_CHARS)?;
    }
    if before.is_none_or(|before| before.category != item.category) {
        rules::optional_text("category", &item.category, MAX_NAME_CHARS)?;
    }
    let invalid =
        |field: &str, problem: &str| Err(Rejection::InvalidField { field: field.into(), problem: problem.into() });
    if item.category.split('/').any(|part| part != part.trim() || (part.is_empty() && !item.category.is_empty())) {
        return invalid("category", "must be names with a slash between them and no blanks around");
    }
    if before.is_none_or(|before| before.barcodes != item.barcodes) {
        check_barcodes(&item.barcodes, before.map_or(&[], |before| &before.barcodes))?;
    }
    for (field, quantity) in [("reorder_point", item.reorder_point), ("reorder_to", item.reorder_to)] {
        let Some(quantity) = quantity else { continue };
        if quantity.is_negative() {
            return invalid(field, "must not be below zero");
        }
    }
    let levels = |item: &Item| (item.reorder_point, item.reorder_to);
    if before.is_none_or(|before| levels(before) != levels(item))
        && let (Some(point), Some(target)) = levels(item)
        && target < point
    {
        return invalid("reorder_to", "must not be below the reorder point");
    }
    if item.backorder_limit.is_negative() {
        return invalid("backorder_limit", "must not be below zero");
    }
    check_digits(&item.barcodes, before.map_or(&[], |before| &before.barcodes))?;
    if let Some(cost) = item.standard_cost {
        rules::not_negative("standard_cost", cost)?;
    }
    match item.price {
        Some(price) if item.tracking == Tracking::Stocked => rules::not_negative("price", price),
        _ => Ok(()),
    }
}

/// Checks barcodes, as far as the item did not have them before.
fn check_barcodes(barcodes: &[Text], before: &[Text]) -> Result<(), Rejection> {
    let invalid = |problem: &str| Err(Rejection::InvalidField { field: "barcodes".into(), problem: problem.into() });
    if barcodes.len() > limits::BARCODES_PER_ITEM {
        return invalid("are too many");
    }
    let mut names = BTreeSet::new();
    for barcode in barcodes {
        if !before.contains(barcode) {
            rules::code("barcodes", barcode, limits::BARCODE_CHARS)?;
            // They stand between several barcodes where these are one text, as in a spreadsheet.
            if barcode.contains(['|', ';']) {
                return invalid("must have no | and no ; in it");
            }
        }
        if !names.insert(Name::item(barcode)) {
            return invalid("must not be the same twice");
        }
    }
    Ok(())
}

/// Checks that barcodes which look like numbers of goods end as such, as far as the item did not have them before.
fn check_digits(barcodes: &[Text], before: &[Text]) -> Result<(), Rejection> {
    for barcode in barcodes.iter().filter(|barcode| !before.contains(barcode)) {
        if let Gtin::WrongCheckDigit(expected) = gtin::read(barcode) {
            return Err(Rejection::WrongCheckDigit { barcode: Text::clone(barcode), expected });
        }
    }
    Ok(())
}

/// Checks that what is said of an item fits together.
fn check_kind(item: &Item) -> Result<(), Rejection> {
    for quantity in [item.reorder_point, item.reorder_to, Some(item.backorder_limit)].into_iter().flatten() {
        rules::fits_unit(item, quantity)?;
    }
    if item.costing == CostingMethod::Standard && item.standard_cost.is_none() && item.tracking == Tracking::Stocked {
        return Err(Rejection::CostUnknown { sku: item.sku.clone() });
    }
    Ok(())
}

/// Checks that its SKU and barcodes are nobody else's: one set of names for both. Names that it had `before` it may keep.
fn check_unique(draft: &mut Draft, item: &Item, before: &BTreeSet<Name>) -> Decided<()> {
    let mut taken_by = |name: Name| {
        let id = if before.contains(&name) { None } else { draft.named(&name)? };
        Ok::<_, Stop>(id.map(ItemId::from_u128).filter(|by| *by != item.id))
    };
    if let Some(by) = taken_by(Name::item(item.sku.as_str()))? {
        return reject(Rejection::SkuTaken { sku: item.sku.clone(), by });
    }
    for barcode in &item.barcodes {
        if let Some(by) = taken_by(Name::item(barcode))? {
            return reject(Rejection::BarcodeTaken { barcode: Text::clone(barcode), by });
        }
    }
    Ok(())
}

/// Checks that nothing is promised or on its way, at any site.
fn check_nothing_open(draft: &mut Draft, item: &Item) -> Decided<()> {
    check_stock_everywhere(draft, item, |stock| {
        stock.allocated.is_zero() && stock.backordered.is_zero() && stock.incoming.is_zero()
    })
}

/// Checks that there is nothing of it anywhere, and nothing on its way.
fn check_no_stock(draft: &mut Draft, item: &Item) -> Decided<()> {
    check_stock_everywhere(draft, item, |stock| {
        stock.on_hand.is_zero() && stock.value.is_zero() && stock.backordered.is_zero() && stock.incoming.is_zero()
    })
}

fn check_stock_everywhere(draft: &mut Draft, item: &Item, is_fine: impl Fn(&crate::Stock) -> bool) -> Decided<()> {
    for site in draft.sites_with(item.id)? {
        let Some(stock) = draft.stock(&crate::StockKey { item: item.id, site })? else { continue };
        if !is_fine(&stock) {
            let site = rules::any_site(draft, site)?;
            return reject(Rejection::ItemInUse { sku: item.sku.clone(), site: Text::clone(&site.code) });
        }
    }
    Ok(())
}

/// Makes sure that its alerts are looked at again, at every site.
fn touch_everywhere(draft: &mut Draft, item: ItemId) -> Decided<()> {
    for site in draft.sites_with(item)? {
        if let Some(stock) = draft.stock(&crate::StockKey { item, site })? {
            draft.put_stock(stock);
        }
    }
    Ok(())
}
