//! Rows as they are handed to SQLite: all rows of a statement as one JSON array, and beside it one blob for the texts
//! that are long. A text of two thousand characters would cost more to wrap in JSON and to unwrap than to store.

use crate::table::Column;
use crate::value::{Kind, Value};
use ims_core::{StoreError, StoreErrorKind};
use sqlx::Arguments as _;
use sqlx::sqlite::SqliteArguments;
use std::fmt::Write as _;

/// A long text is its first byte and its length in bytes in one number; this many bits of it are the length.
const LENGTH_BITS: u32 = 32;

/// What stands for a value of a row `v.value`; ids are hexadecimal there.
pub(super) fn cell(row: &str, place: usize, kind: Kind) -> String {
    match kind {
        Kind::Id => format!("unhex({row} ->> {place})"),
        Kind::Int | Kind::Text => format!("{row} ->> {place}"),
    }
}

/// What stands for a value of a column: where it is long, an argument comes first that holds all of its kind.
pub(super) fn column_cell(place: usize, column: &Column) -> String {
    if column.is_long() {
        let at = format!("(v.value ->> {place})");
        return format!("CAST(substr(?, ({at} >> {LENGTH_BITS}) + 1, {at} & 0xffffffff) AS TEXT)");
    }
    cell("v.value", place, column.kind)
}

/// Adds the arguments of a statement whose values are [`column_cell`]s.
pub(super) fn add_rows(
    arguments: &mut SqliteArguments,
    columns: &[Column],
    cells: &[Value<'_>],
) -> Result<(), StoreError> {
    let Some(long) = columns.iter().position(Column::is_long) else {
        return add(arguments, json(cells, columns.len()));
    };
    let mut heap: Vec<u8> = Vec::new();
    let mut places = Ok(());
    let short = array(cells, columns.len(), |out, at, value| match value {
        Value::Text(text) if at == long => match place_of(heap.len(), text.len()) {
            Ok(place) => {
                heap.extend_from_slice(text.as_bytes());
                push(out, &Value::Int(place));
            }
            Err(error) => places = Err(error),
        },
        value => push(out, value),
    });
    places?;
    add(arguments, heap)?;
    add(arguments, short)
}

pub(super) fn bind(arguments: &mut SqliteArguments, value: &Value<'_>) -> Result<(), StoreError> {
    match value {
        Value::Null => add(arguments, None::<i64>),
        Value::Int(number) => add(arguments, *number),
        Value::Text(text) => add(arguments, text.clone().into_owned()),
        Value::Id(id) => add(arguments, id.to_be_bytes().to_vec()),
    }
}

pub(super) fn add<'t, T>(arguments: &mut SqliteArguments, value: T) -> Result<(), StoreError>
where
    T: sqlx::Encode<'t, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    arguments.add(value).map_err(|error| StoreError::new(StoreErrorKind::Unavailable, error))
}

/// Names a part of a blob by one number.
fn place_of(begin: usize, bytes: usize) -> Result<i64, StoreError> {
    // SQLite takes no blob of 2³¹ bytes.
    let fits = |number: usize| i32::try_from(number).map(i64::from);
    let place = fits(begin).and_then(|begin| Ok(begin << LENGTH_BITS | fits(bytes)?));
    place.map_err(|error| StoreError::new(StoreErrorKind::OutOfRange, error))
}

/// Rows as a JSON array of arrays.
pub(super) fn json(cells: &[Value<'_>], width: usize) -> String {
    array(cells, width, |out, _, value| push(out, value))
}

fn array<'v, 'a: 'v>(
    cells: &'v [Value<'a>],
    width: usize,
    mut push: impl FnMut(&mut String, usize, &'v Value<'a>),
) -> String {
    let mut out = String::with_capacity(cells.len().saturating_mul(16).saturating_add(2));
    out.push('[');
    for (at, row) in cells.chunks(width.max(1)).enumerate() {
        out.push_str(if at == 0 { "[" } else { ",[" });
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push(&mut out, at, value);
        }
        out.push(']');
    }
    out.push(']');
    out
}

fn push(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Int(number) => _ = write!(out, "{number}"),
        Value::Id(id) => _ = write!(out, "\"{id:032x}\""),
        Value::Text(text) => push_text(out, text),
    }
}

fn push_text(out: &mut String, text: &str) {
    let special = |byte: u8| byte == b'"' || byte == b'\\' || byte < b' ';
    out.push('"');
    if text.bytes().any(special) {
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                control if control < ' ' => _ = write!(out, "\\u{:04x}", u32::from(control)),
                plain => out.push(plain),
            }
        }
    } else {
        out.push_str(text);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        let cells = [Value::from("a\"b\\c\n\u{1}é"), Value::Null, Value::from(-7_i64), Value::from(1_u128)];
        let expected = "[[\"a\\\"b\\\\c\\u000a\\u0001é\",null],[-7,\"00000000000000000000000000000001\"]]";
        assert_eq!(json(&cells, 2), expected);
        assert_eq!(json(&[], 2), "[]");
    }
}
