//! Real trade, entered again as a shop would have entered it: through commands of the public API, one after the other.

mod count;
mod ids;
pub(crate) mod northwind;
pub(crate) mod online_retail;
mod pipeline;

pub(crate) use count::{Count, Refusal};
pub(crate) use ids::ReplayIds;
pub(crate) use pipeline::Pipeline;

/// Who enters what is replayed.
const ACTOR: &str = "replay";
