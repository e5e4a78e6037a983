//! Where the next page of a list begins, as callers get it: good for the list that gave it, and for no other.
//!
//! What a store calls a cursor may be read by nobody, and one that no list has given begins at the start without a word.
//! So callers get it sealed: a sum over the list, its filters, its order and the store's cursor stands before it.

use super::Problem;
use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ims_core::report::{Cursor, Sort};
use serde_json::{Map, Value};

/// Bytes of the sum.
const SUM_BYTES: usize = 8;

/// Seals a cursor of a list with these filters, in this order.
pub(crate) fn seal(list: &str, filters: &Map<String, Value>, sort: Option<Sort>, cursor: &Cursor) -> Cursor {
    let sum = sum(list, filters, sort, cursor.0.as_bytes());
    Cursor(URL_SAFE_NO_PAD.encode([&sum, cursor.0.as_bytes()].concat()))
}

/// Opens a sealed cursor.
///
/// # Errors
/// `bad_cursor` where this list, with these filters, in this order, did not give it.
pub(crate) fn open(
    list: &str,
    filters: &Map<String, Value>,
    sort: Option<Sort>,
    sealed: &Cursor,
) -> Result<Cursor, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(&sealed.0).map_err(|_| bad())?;
    let (given, cursor) = bytes.split_at_checked(SUM_BYTES).ok_or_else(bad)?;
    if given != sum(list, filters, sort, cursor) {
        return Err(bad());
    }
    String::from_utf8(cursor.to_vec()).map(Cursor).map_err(|_| bad())
}

fn sum(list: &str, filters: &Map<String, Value>, sort: Option<Sort>, cursor: &[u8]) -> [u8; SUM_BYTES] {
    // The order of fields in a query makes no difference.
    let sorted: std::collections::BTreeMap<&String, &Value> = filters.iter().collect();
    let mut all = format!("{list}\n{sorted:?}\n{sort:?}\n").into_bytes();
    all.extend_from_slice(cursor);
    xxhash_rust::xxh3::xxh3_64(&all).to_be_bytes()
}

fn bad() -> Problem {
    let detail = "this cursor was not given by this list with these filters in this order; begin without one";
    Problem::new(StatusCode::BAD_REQUEST, "bad_cursor", detail).field("at", "cursor")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ims_core::report::SortBy;
    use serde_json::json;

    fn filters(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_cursor_comes_back_as_the_store_gave_it() {
        let (tea, cursor) = (filters(&json!({"text": "tea"})), Cursor("[\"é\"]".to_owned()));
        let sealed = seal("items", &tea, None, &cursor);
        assert_eq!(open("items", &tea, None, &sealed).unwrap(), cursor);
    }

    #[test]
    fn a_cursor_of_another_list_or_order_is_refused() {
        let (tea, none) = (filters(&json!({"text": "tea"})), Map::new());
        let (up, down) = (Some(Sort::up(SortBy::Sku)), Some(Sort::down(SortBy::Sku)));
        let sealed = seal("items", &tea, up, &Cursor("[7]".to_owned()));
        assert_eq!(open("orders", &tea, up, &sealed).unwrap_err().code(), "bad_cursor");
        assert_eq!(open("items", &none, up, &sealed).unwrap_err().code(), "bad_cursor");
        assert_eq!(open("items", &tea, down, &sealed).unwrap_err().code(), "bad_cursor");
        for forged in ["", "x", "AAAA", "[7]", "AAAAAAAAAAAAAAAAAAAA", "é", "\0"] {
            assert_eq!(open("items", &none, up, &Cursor(forged.to_owned())).unwrap_err().code(), "bad_cursor");
        }
    }
}
