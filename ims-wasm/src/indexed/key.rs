//! Keys: texts that sort as the keys that they stand for.
//!
//! IndexedDB compares texts by their UTF-16 units. Ids are 32 hexadecimal digits, so that a key made of several is
//! found by its beginning.

use super::fault;
use ims_core::{ItemId, LayerKey, MovementKey, Name, Offset, StockKey, StoreError};
use wasm_bindgen::JsValue;
use web_sys::IdbKeyRange;

/// The key of the one row of a table that has one.
pub(super) const ONLY: &str = "only";

/// Above every digit.
const END: &str = "~";

/// Sorts as the number.
pub(super) fn id(bits: u128) -> String {
    format!("{bits:032x}")
}

pub(super) fn stock(key: &StockKey) -> String {
    format!("{:032x}{:032x}", key.item.as_u128(), key.site.as_u128())
}

/// Something that belongs to a stock.
pub(super) fn of_stock(key: &StockKey, bits: u128) -> String {
    format!("{}{bits:032x}", stock(key))
}

pub(super) fn name(name: &Name) -> String {
    format!("{}:{}", name.kind().word(), name.key())
}

pub(super) fn layer(key: &LayerKey) -> String {
    // The highest bit turned over: then times before 1970 sort before those after it.
    let moment = key.acquired_at.micros().cast_unsigned() ^ (1 << 63);
    let stock = stock(&StockKey { item: key.item, site: key.site });
    format!("{stock}{moment:016x}{:08x}", key.number)
}

pub(super) fn movement(key: &MovementKey) -> String {
    format!("{:032x}{:08x}", key.command.as_u128(), key.number)
}

/// A document by its number in a series.
pub(super) fn numbered(series: &str, number: u64) -> String {
    format!("{number:016x}{series}")
}

pub(super) fn offset(offset: Offset) -> JsValue {
    // Offsets count from 1 without gaps: none comes near 2⁵³, above which a number of JavaScript is not exact.
    JsValue::from_f64(offset.0 as f64)
}

/// All keys that begin like this.
pub(super) fn beginning_with(begin: &str) -> Result<IdbKeyRange, StoreError> {
    IdbKeyRange::bound(&begin.into(), &format!("{begin}{END}").into()).map_err(fault::unavailable)
}

pub(super) fn stock_of(item: ItemId) -> Result<IdbKeyRange, StoreError> {
    beginning_with(&id(item.as_u128()))
}

/// All keys after this one.
pub(super) fn after(key: &str) -> Result<IdbKeyRange, StoreError> {
    IdbKeyRange::lower_bound_with_open(&key.into(), true).map_err(fault::unavailable)
}

pub(super) fn events_after(after: Offset) -> Result<IdbKeyRange, StoreError> {
    IdbKeyRange::lower_bound_with_open(&offset(after), true).map_err(fault::unavailable)
}
