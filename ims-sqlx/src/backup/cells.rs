//! A row as a line: a JSON array of its columns in their order. Numbers are the integers that are stored, ids are 32
//! hexadecimal digits.

use crate::table::Table;
use crate::value::{Kind, Value};
use serde_json::Value as Json;
use std::io::Write as _;

/// Appends a row, and a newline.
pub(super) fn write(line: &mut Vec<u8>, row: &[Value<'_>]) {
    line.push(b'[');
    for (at, value) in row.iter().enumerate() {
        if at > 0 {
            line.push(b',');
        }
        // A vector takes every byte, and a text is always JSON.
        let _ = match value {
            Value::Null => line.write_all(b"null"),
            Value::Int(number) => write!(line, "{number}"),
            Value::Id(id) => write!(line, "\"{id:032x}\""),
            Value::Text(text) => serde_json::to_writer(&mut *line, &**text).map_err(Into::into),
        };
    }
    line.extend_from_slice(b"]\n");
}

/// Reads a row of a table; `None` where it cannot be one.
pub(super) fn read(line: &[u8], table: &Table) -> Option<Vec<Value<'static>>> {
    let cells: Vec<Json> = serde_json::from_slice(line).ok()?;
    if cells.len() != table.columns.len() {
        return None;
    }
    cells.into_iter().zip(table.kinds()).map(|(cell, kind)| read_cell(cell, kind)).collect()
}

fn read_cell(cell: Json, kind: Kind) -> Option<Value<'static>> {
    match (kind, cell) {
        (_, Json::Null) => Some(Value::Null),
        (Kind::Int, Json::Number(number)) => number.as_i64().map(Value::Int),
        (Kind::Text, Json::String(text)) => Some(Value::from(text)),
        (Kind::Id, Json::String(digits)) if digits.len() == 32 => {
            let plain = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            plain.then(|| u128::from_str_radix(&digits, 16).ok().map(Value::Id))?
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::table::Column;

    static ALL_KINDS: Table = Table {
        name: "all_kinds",
        key_columns: 1,
        columns: &[
            Column { name: "a", kind: Kind::Int },
            Column { name: "b", kind: Kind::Text },
            Column { name: "c", kind: Kind::Id },
        ],
    };

    #[test]
    fn a_row_comes_back_as_it_was() {
        let rows = [
            vec![Value::Int(i64::MIN), Value::from("\"\\\n\u{1}é🍵\u{2028}".to_owned()), Value::Id(u128::MAX)],
            vec![Value::Null, Value::Null, Value::Null],
            vec![Value::Int(i64::MAX), Value::from(String::new()), Value::Id(7)],
        ];
        for row in rows {
            let mut line = Vec::new();
            write(&mut line, &row);
            assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
            assert_eq!(read(&line, &ALL_KINDS).unwrap(), row);
        }
    }

    #[test]
    fn what_is_no_row_of_the_table_is_not_read() {
        let id = "00000000000000000000000000000007";
        for line in [
            "[]".to_owned(),
            "{}".to_owned(),
            "[1,\"b\"]".to_owned(),
            format!("[1,\"b\",\"{id}\",1]"),
            format!("[1.5,\"b\",\"{id}\"]"),
            format!("[9223372036854775808,\"b\",\"{id}\"]"),
            format!("[\"1\",\"b\",\"{id}\"]"),
            format!("[1,2,\"{id}\"]"),
            "[1,\"b\",\"+0000000000000000000000000000007\"]".to_owned(),
            "[1,\"b\",\"7\"]".to_owned(),
            format!("[1,\"b\",\"{id}\""),
        ] {
            assert_eq!(read(line.as_bytes(), &ALL_KINDS), None, "{line}");
        }
    }
}
