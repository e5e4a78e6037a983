//! What a server and the command line that works on it say to each other beyond what other clients need: rows by key, and
//! tables whole.

mod answer;
mod found;
mod proved;
mod row;

pub(crate) use answer::{Told, read_answer, read_value};
pub(crate) use found::{Found, Wanted};
pub(crate) use proved::{Proved, UnknownWord};
pub(crate) use row::{read, table_named, write};
