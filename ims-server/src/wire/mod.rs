//! What a server and the command line that works on it say to each other beyond what other clients need: rows by key, and
//! tables whole.

mod found;
mod row;

pub(crate) use found::{Found, Wanted};
pub(crate) use row::{read, table_named, write};
