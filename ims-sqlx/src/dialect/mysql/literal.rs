//! Values as they stand in a statement.

use crate::table::Column;
use crate::value::{Kind, Value};
use std::fmt::Write as _;

/// Appends a value. It means the same whatever the session's `sql_mode` says about backslashes.
pub(super) fn push(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => out.push_str("NULL"),
        Value::Int(number) => _ = write!(out, "{number}"),
        Value::Id(id) => {
            out.push_str("0x");
            push_hex(out, &id.to_be_bytes());
        }
        Value::Text(text) => push_text(out, text),
    }
}

/// How many bytes a value takes at most.
pub(super) fn longest(value: &Value<'_>) -> usize {
    match value {
        Value::Null | Value::Int(_) => 20,
        Value::Id(_) => 34,
        Value::Text(text) => text.len().saturating_mul(2).saturating_add(11),
    }
}

fn push_text(out: &mut String, text: &str) {
    // One mode takes a backslash for itself and another one as an escape: hexadecimal says what is meant.
    if text.contains('\\') {
        out.push_str("_utf8mb4 0x");
        push_hex(out, text.as_bytes());
        return;
    }
    out.push('\'');
    for (at, part) in text.split('\'').enumerate() {
        if at > 0 {
            out.push_str("''");
        }
        out.push_str(part);
    }
    out.push('\'');
}

fn push_hex(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().map_or('0', char::from);
    out.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
}

/// Appends rows of keys as a table with the columns `c0`, `c1`, …, to be called `alias`.
///
/// They travel as JSON, the one form of a list that both kinds of server take in one way; ids and texts in hexadecimal,
/// so that nothing has to be escaped.
pub(super) fn push_keys(out: &mut String, alias: &str, kinds: &[Kind], cells: &[Value<'_>], collation: &str) {
    out.push_str("(SELECT ");
    for (place, kind) in kinds.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        _ = match kind {
            Kind::Int => write!(out, "{comma}j.c{place}"),
            Kind::Id => write!(out, "{comma}UNHEX(j.c{place}) AS c{place}"),
            Kind::Text => {
                write!(out, "{comma}CONVERT(UNHEX(j.c{place}) USING utf8mb4) COLLATE {collation} AS c{place}")
            }
        };
    }
    out.push_str(" FROM JSON_TABLE('[");
    for (at, row) in cells.chunks(kinds.len().max(1)).enumerate() {
        out.push_str(if at == 0 { "[" } else { ",[" });
        for (place, value) in row.iter().enumerate() {
            if place > 0 {
                out.push(',');
            }
            push_json(out, value);
        }
        out.push(']');
    }
    out.push_str("]', '$[*]' COLUMNS (");
    for (place, kind) in kinds.iter().enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        let holds = match kind {
            Kind::Int => "BIGINT",
            Kind::Id => "CHAR(32)",
            Kind::Text => LONGEST_KEY,
        };
        _ = write!(out, "{comma}c{place} {holds} PATH '$[{place}]'");
    }
    _ = write!(out, ")) AS j) AS {alias}");
}

/// Says that the columns of a table `t` are those of the keys `k`.
pub(super) fn equal(columns: &[Column]) -> String {
    let equal = |(place, column): (usize, &Column)| format!("t.{} = k.c{place}", column.name);
    columns.iter().enumerate().map(equal).collect::<Vec<_>>().join(" AND ")
}

/// Holds any text that a column with an index has, in hexadecimal. A longer one becomes null, and is not found.
const LONGEST_KEY: &str = "VARCHAR(2048)";

fn push_json(out: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Int(number) => _ = write!(out, "{number}"),
        Value::Id(id) => push_quoted_hex(out, &id.to_be_bytes()),
        Value::Text(text) => push_quoted_hex(out, text.as_bytes()),
    }
}

fn push_quoted_hex(out: &mut String, bytes: &[u8]) {
    out.push('"');
    push_hex(out, bytes);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(value: impl Into<Value<'static>>) -> String {
        let value = value.into();
        let mut out = String::new();
        push(&mut out, &value);
        assert!(out.len() <= longest(&value), "{out}");
        out
    }

    #[test]
    fn texts_are_quoted_so_that_no_mode_reads_them_otherwise() {
        assert_eq!(literal("Tea"), "'Tea'");
        assert_eq!(literal("O'Neill's"), "'O''Neill''s'");
        assert_eq!(literal("'"), "''''");
        assert_eq!(literal("\\' OR 1 = 1 --"), "_utf8mb4 0x5c27204f522031203d2031202d2d");
        assert_eq!(literal("café"), "'café'");
    }

    #[test]
    fn numbers_and_ids_are_written_whole() {
        assert_eq!(literal(i64::MIN), "-9223372036854775808");
        assert_eq!(literal(u128::MAX), format!("0x{}", "f".repeat(32)));
        assert_eq!(literal(7_u128), format!("0x{}7", "0".repeat(31)));
        assert_eq!(literal(None::<i64>), "NULL");
    }
}
