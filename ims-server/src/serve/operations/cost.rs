//! Standard costs.

use crate::serve::{
    Operation, Right,
    operation::{Makes, Verb},
};

pub(super) const OPERATIONS: &[Operation] = &[Operation::command(
    "set_standard_cost",
    Verb::Put,
    "/v1/items/{item}/standard-cost",
    Right::KeepBooks,
    Makes::Nothing,
)];
