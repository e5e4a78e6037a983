//! What many commands check at the door: each rule once.

use crate::{
    draft::{Decided, Draft, reject},
    text::{TextError, check_code, check_lines, check_text},
    *,
};
use std::sync::Arc;

/// A text that must be there.
pub(crate) fn text(field: &'static str, text: &str, max_chars: usize) -> Result<(), Rejection> {
    check_text(field, text, max_chars).map_err(invalid)
}

/// A text by which something is told apart and found.
pub(crate) fn code(field: &'static str, text: &str, max_chars: usize) -> Result<(), Rejection> {
    check_code(field, text, max_chars).map_err(invalid)
}

fn invalid(error: TextError) -> Rejection {
    Rejection::InvalidField { field: error.field.into(), problem: error.problem.to_string().into() }
}

/// A text that may be empty.
pub(crate) fn optional_text(field: &'static str, text: &str, max_chars: usize) -> Result<(), Rejection> {
    if text.is_empty() { Ok(()) } else { self::text(field, text, max_chars) }
}

/// A text that may be empty, or several lines long.
pub(crate) fn optional_lines(field: &'static str, text: &str, max_chars: usize) -> Result<(), Rejection> {
    if text.is_empty() {
        return Ok(());
    }
    check_lines(field, text, max_chars).map_err(invalid)
}

/// At least one line, and no more than a document may have.
pub(crate) fn line_count(lines: usize) -> Result<(), Rejection> {
    match lines {
        0 => Err(Rejection::NoLines),
        1..=limits::LINES_PER_DOCUMENT => Ok(()),
        _ => Err(Rejection::TooManyLines { lines: lines as u64, limit: limits::LINES_PER_DOCUMENT as u64 }),
    }
}

/// The number of a line, counted from 0.
pub(crate) fn line_number(index: usize) -> u32 {
    // Bounded by LINES_PER_DOCUMENT.
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Above zero.
pub(crate) fn positive(line: u32, quantity: Quantity) -> Result<(), Rejection> {
    if quantity.is_positive() { Ok(()) } else { Err(Rejection::QuantityNotPositive { line, quantity }) }
}

/// Not below zero.
pub(crate) fn not_negative(field: &'static str, amount: Amount) -> Result<(), Rejection> {
    if amount.is_negative() { Err(Rejection::AmountNegative { field: field.into(), amount }) } else { Ok(()) }
}

/// No finer than the item's unit.
pub(crate) fn fits_unit(item: &Item, quantity: Quantity) -> Result<(), Rejection> {
    if item.unit.admits(quantity) {
        return Ok(());
    }
    Err(Rejection::QuantityTooFine { sku: item.sku.clone(), quantity, decimals: item.unit.decimals() })
}

/// The shop, open, and with its books open on the day that the command is about.
pub(crate) fn open_shop(ctx: &Context, draft: &mut Draft) -> Decided<Arc<Shop>> {
    let Some(shop) = draft.shop()? else { return reject(Rejection::ShopNotOpen) };
    late::check_period(ctx, &shop)?;
    Ok(shop)
}

/// An item, retired or not.
pub(crate) fn item(draft: &mut Draft, id: ItemId) -> Decided<Arc<Item>> {
    draft.item(&id)?.ok_or_else(|| Rejection::UnknownItem { item: id }.into())
}

/// An item that is in trade.
pub(crate) fn item_in_trade(draft: &mut Draft, id: ItemId) -> Decided<Arc<Item>> {
    let item = item(draft, id)?;
    match item.standing {
        Standing::Active => Ok(item),
        Standing::Retired => reject(Rejection::ItemRetired { sku: item.sku.clone() }),
    }
}

/// Refuses a service.
pub(crate) fn stocked(item: &Item) -> Result<(), Rejection> {
    match item.tracking {
        Tracking::Stocked => Ok(()),
        Tracking::Service => Err(Rejection::ServiceHasNoStock { sku: item.sku.clone() }),
    }
}

/// A location that is a site, retired or not.
pub(crate) fn any_site(draft: &mut Draft, id: LocationId) -> Decided<Arc<Location>> {
    let Some(location) = draft.location(&id)? else { return reject(Rejection::UnknownLocation { location: id }) };
    match location.kind {
        LocationKind::Site => Ok(location),
        _ => reject(Rejection::NotASite { location: Arc::clone(&location.code) }),
    }
}

/// A site that is in use.
pub(crate) fn site(draft: &mut Draft, id: LocationId) -> Decided<Arc<Location>> {
    let site = any_site(draft, id)?;
    match site.standing {
        Standing::Active => Ok(site),
        Standing::Retired => reject(Rejection::LocationRetired { location: Arc::clone(&site.code) }),
    }
}

/// A supplier that the shop trades with.
pub(crate) fn supplier(draft: &mut Draft, id: SupplierId) -> Decided<Arc<Supplier>> {
    let Some(supplier) = draft.supplier(&id)? else { return reject(Rejection::UnknownSupplier { supplier: id }) };
    match supplier.standing {
        Standing::Active => Ok(supplier),
        Standing::Retired => reject(Rejection::SupplierRetired { supplier: Arc::clone(&supplier.code) }),
    }
}

/// A customer that the shop trades with, where one is named: as its documents will keep it.
pub(crate) fn customer(draft: &mut Draft, id: Option<CustomerId>) -> Decided<Option<Party>> {
    let Some(id) = id else { return Ok(None) };
    let Some(customer) = draft.customer(&id)? else { return reject(Rejection::UnknownCustomer { customer: id }) };
    match customer.standing {
        Standing::Active => Ok(Some(customer.contact.party())),
        Standing::Retired => reject(Rejection::CustomerRetired { customer: Arc::clone(&customer.code) }),
    }
}

/// The shop's currency: the only one that documents may be in.
pub(crate) fn currency(shop: &Shop, given: Option<Currency>) -> Result<Currency, Rejection> {
    match given {
        Some(given) if given != shop.currency => Err(Rejection::CurrencyMismatch { given, shop: shop.currency }),
        _ => Ok(shop.currency),
    }
}

/// What the series of purchase orders begin with, before the code of their site.
pub(crate) const PURCHASE_SERIES: &str = "P-";

/// Refuses a series of sales orders, or a site's code, which is one, that would take numbers of purchase orders.
pub(crate) fn not_for_purchases(field: &'static str, code: &str) -> Result<(), Rejection> {
    if fold(code).starts_with(PURCHASE_SERIES) {
        let problem = "must not begin with P-: such series number purchase orders".into();
        return Err(Rejection::InvalidField { field: field.into(), problem });
    }
    Ok(())
}

/// The series that a code names: one for all codes that fold to the same text, which is what it is called. A series of an
/// older shop that is called otherwise goes on where its code is given as it was.
pub(crate) fn series(draft: &mut Draft, code: &Text) -> Decided<Text> {
    let folded = folded_series(code);
    Ok(if folded == *code || draft.series(code)?.is_none() { folded } else { Arc::clone(code) })
}

/// What a code of a series folds to; the code itself where that is longer than a code may be.
pub(crate) fn folded_series(code: &Text) -> Text {
    let folded = fold(code);
    if folded == **code || folded.chars().count() > limits::CODE_CHARS { Arc::clone(code) } else { folded.into() }
}

/// The next number of a series; gives it away.
pub(crate) fn next_number(draft: &mut Draft, code: &Text) -> Decided<u64> {
    let last = draft.series(code)?.map_or(0, |series| series.last);
    // i64, because that is what databases count in.
    let next = draft::fits(last.checked_add(1).filter(|next| i64::try_from(*next).is_ok()), "a document's number")?;
    draft.put_series(Series { code: Arc::clone(code), last: next });
    Ok(next)
}
