//! How a table is described, once, for every database and every statement.

use crate::value::Kind;
use ims_core::Conflict;

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
}

impl Column {
    /// Whether its texts are long: they are JSON.
    pub(crate) fn is_long(&self) -> bool {
        matches!(self.name, "answer" | "body")
    }
}

/// A table, or those columns of it that a statement is about.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// How many of the first columns name a row.
    pub(crate) key_columns: usize,
    /// The key, then the rest; last the version, where there is one.
    pub(crate) columns: &'static [Column],
}

const VERSION: &str = "version";

/// The catalogue had changed.
pub(crate) const CATALOG: Conflict = Conflict { catalog: true, rows: false, commands: false };
/// A row had changed.
pub(crate) const ROWS: Conflict = Conflict { catalog: false, rows: true, commands: false };
/// A command had been answered.
pub(crate) const COMMANDS: Conflict = Conflict { catalog: false, rows: false, commands: true };

/// Whatever had changed by either.
pub(crate) fn both(a: Conflict, b: Conflict) -> Conflict {
    Conflict { catalog: a.catalog || b.catalog, rows: a.rows || b.rows, commands: a.commands || b.commands }
}

impl Table {
    /// The columns that name a row.
    pub(crate) fn key(&self) -> &'static [Column] {
        self.columns.get(..self.key_columns).unwrap_or(self.columns)
    }

    /// The columns that do not name a row.
    pub(crate) fn rest(&self) -> &'static [Column] {
        self.columns.get(self.key_columns..).unwrap_or_default()
    }

    /// Whether its rows count their changes.
    pub(crate) fn is_versioned(&self) -> bool {
        self.columns.last().is_some_and(|column| column.name == VERSION)
    }

    /// What its columns hold.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.columns.iter().map(|column| column.kind)
    }

    /// Its columns as a list: `t.item, t.site, …`.
    pub(crate) fn list(&self, alias: &str) -> String {
        list(self.columns, |column| format!("{alias}.{}", column.name))
    }

    /// What had changed when a row of it was not as it should be.
    pub(crate) fn blame(&self) -> Conflict {
        match self.name {
            "commands" => COMMANDS,
            "shop" | "items" | "item_barcodes" | "names" | "spellings" | "locations" | "suppliers" | "customers" => {
                CATALOG
            }
            _ => ROWS,
        }
    }
}

/// Writes something for each column, with commas between.
pub(crate) fn list(columns: &[Column], each: impl Fn(&Column) -> String) -> String {
    columns.iter().map(each).collect::<Vec<_>>().join(", ")
}

/// Describes a table: its columns in order, how a row is written, how it is read.
///
/// The first block gives each column's type and value; the second one makes the row of the columns, as an `Option`: with
/// `?` where a column's value may turn out to be impossible.
macro_rules! table {
    (
        $(#[$doc:meta])*
        $module:ident $(: $versioned:ident)?, key $key:literal;
        write($($arg:ident: $arg_type:ty),*) { $($column:ident: $type:ty = $value:expr,)* }
        read -> $row:ty { $read:expr }
    ) => {
        $(#[$doc])*
        pub(crate) mod $module {
            use super::*;

            pub(crate) static TABLE: $crate::table::Table = $crate::table::Table {
                name: stringify!($module),
                key_columns: $key,
                columns: &[
                    $($crate::table::Column { name: stringify!($column), kind: <$type as $crate::value::Field>::KIND },)*
                    $($crate::table::Column { name: stringify!($versioned), kind: $crate::value::Kind::Int },)?
                ],
            };

            /// Appends the values of a row.
            pub(crate) fn write<'a>(cells: &mut Vec<$crate::value::Value<'a>>, $($arg: $arg_type),*) {
                $(cells.push($crate::value::Value::from($value));)*
            }

            /// Reads a row.
            #[allow(unused_variables, reason = "folded texts are stored for searching only")]
            pub(crate) fn read(fields: &mut $crate::value::Fields) -> Result<$row, ims_core::StoreError> {
                $(let $column = fields.next::<$type>(stringify!($column))?;)*
                let row = || Some($read);
                row().ok_or_else(|| fields.damage("(several)"))
            }
        }
    };
}
pub(crate) use table;
