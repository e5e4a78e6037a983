//! A question in SQL, before a database's own spelling is chosen.

use crate::table::Table;
use crate::value::{Field, Kind, Value};
use ims_core::report::Direction;
use std::borrow::Cow;

/// A part of a question.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// SQL that every database understands.
    Sql(Cow<'static, str>),
    /// A value.
    Value(Value<'static>),
    /// A table `k` of keys with the columns `c0`, `c1`, …
    Keys(Keys),
    /// Joins a table so that it is looked up once for each of the keys before it.
    JoinEach,
    /// That a line `l` of an order waits for goods of the item `k.c0`.
    Waits,
    /// The exact sum of a column.
    Sum(Cow<'static, str>),
    /// The exact sum of a column over a window, to be read.
    SumOver(&'static str, &'static str),
    /// That a row stands beyond another in a sorted list.
    Beyond(Place),
    /// Whether the text before it contains the text that follows as an argument.
    Contains(Cow<'static, str>, String),
    /// After an `INSERT` into the registry: writes over the entry that is there instead, and tells its version.
    OrOverEntry,
    /// Locks the rows of `t`.
    Lock(Lock),
}

/// What others may not do with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lock {
    /// Write it.
    Kept,
    /// Write it, or lock it.
    Mine,
}

/// A row in a list: what the list is sorted by, and what the row has there.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) columns: Vec<(String, Value<'static>)>,
    pub(crate) direction: Direction,
}

/// How a value compares with one that stands before it.
pub(crate) fn beyond(direction: Direction) -> &'static str {
    match direction {
        Direction::Ascending => ">",
        Direction::Descending => "<",
    }
}

/// Rows to look for, each as long as `kinds`.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) cells: Vec<Value<'static>>,
}

impl Keys {
    /// Collects keys of one column.
    pub(crate) fn of<T: Into<Value<'static>> + Field>(keys: impl IntoIterator<Item = T>) -> Self {
        Keys { kinds: vec![T::KIND], cells: keys.into_iter().map(Into::into).collect() }
    }

    /// Collects keys of two columns.
    pub(crate) fn of_pairs<A, B>(keys: impl IntoIterator<Item = (A, B)>) -> Self
    where
        A: Into<Value<'static>> + Field,
        B: Into<Value<'static>> + Field,
    {
        let cells = keys.into_iter().flat_map(|(a, b)| [a.into(), b.into()]).collect();
        Keys { kinds: vec![A::KIND, B::KIND], cells }
    }
}

/// A question and what its answer looks like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sql {
    pub(crate) pieces: Vec<Piece>,
    /// What the columns of the answer hold.
    pub(crate) shape: Vec<Kind>,
}

impl Sql {
    /// Begins a question whose answer has columns of these kinds.
    pub(crate) fn new(shape: impl IntoIterator<Item = Kind>, sql: impl Into<Cow<'static, str>>) -> Self {
        Sql { pieces: vec![Piece::Sql(sql.into())], shape: shape.into_iter().collect() }
    }

    /// Begins with `SELECT` and the columns of a table, which the rest is to call `t`.
    pub(crate) fn select(table: &Table) -> Self {
        Sql::new(table.kinds(), format!("SELECT {} ", table.list("t")))
    }

    /// Looks up rows of a table `t` by keys: `condition` says how the columns of `t` and `k` belong together.
    pub(crate) fn look_up(table: &Table, keys: Keys, condition: &'static str) -> Self {
        Sql::select(table).sql("FROM ").keys(keys).join_each().sql(format!("{} t ON {condition}", table.name))
    }

    /// Whether it looks rows up by keys.
    #[cfg(feature = "postgres")]
    pub(crate) fn has_keys(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Keys(_)))
    }

    /// Goes on with SQL.
    pub(crate) fn sql(mut self, sql: impl Into<Cow<'static, str>>) -> Self {
        self.pieces.push(Piece::Sql(sql.into()));
        self
    }

    /// Goes on with a value.
    pub(crate) fn value(mut self, value: impl Into<Value<'static>>) -> Self {
        self.pieces.push(Piece::Value(value.into()));
        self
    }

    /// Goes on with a table of keys.
    pub(crate) fn keys(mut self, keys: Keys) -> Self {
        self.pieces.push(Piece::Keys(keys));
        self
    }

    /// Goes on with a join that follows the keys.
    pub(crate) fn join_each(mut self) -> Self {
        self.pieces.push(Piece::JoinEach);
        self
    }

    /// Goes on with the condition that a line `l` of an order waits for goods of the item `k.c0`.
    pub(crate) fn waits(mut self) -> Self {
        self.pieces.push(Piece::Waits);
        self
    }

    /// Goes on with the condition that a row stands beyond this place.
    pub(crate) fn beyond(mut self, place: Place) -> Self {
        self.pieces.push(Piece::Beyond(place));
        self
    }

    /// Goes on with the condition that the text in a column contains another.
    pub(crate) fn contains(mut self, column: impl Into<Cow<'static, str>>, text: String) -> Self {
        self.pieces.push(Piece::Contains(column.into(), text));
        self
    }

    /// Goes on with the sum of a column, to be read.
    pub(crate) fn sum(mut self, column: impl Into<Cow<'static, str>>) -> Self {
        self.pieces.push(Piece::Sum(column.into()));
        self
    }

    /// Goes on with the sum of a column over a window, to be read.
    pub(crate) fn sum_over(mut self, column: &'static str, window: &'static str) -> Self {
        self.pieces.push(Piece::SumOver(column, window));
        self
    }

    /// Goes on after an `INSERT` into the registry: writes over the entry that is there instead, and tells its version.
    pub(crate) fn or_over_entry(mut self) -> Self {
        self.pieces.push(Piece::OrOverEntry);
        self
    }

    /// Goes on with a lock on the rows of `t`.
    pub(crate) fn lock(mut self, lock: Lock) -> Self {
        self.pieces.push(Piece::Lock(lock));
        self
    }

    /// Goes on with the pieces of another question.
    pub(crate) fn append(mut self, other: Sql) -> Self {
        self.pieces.extend(other.pieces);
        self
    }
}
