//! Stock: what is on the shelf, what is promised, and how both change.

mod adjust;
pub(crate) mod allocate;
mod book;
mod extend_hold;
mod place_hold;
mod receive;
pub(crate) mod release_hold;
mod send_back;
mod transfer;

pub use adjust::{AdjustStock, Adjusted};
pub(crate) use book::{Route, bring_in, take_out};
pub use extend_hold::ExtendHold;
pub use place_hold::PlaceHold;
pub use receive::ReceiveStock;
pub use release_hold::ReleaseHold;
pub use send_back::SendBackStock;
pub use transfer::TransferStock;

use crate::{Amount, ItemId, Quantity};
use serde::{Deserialize, Serialize};

/// So many of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// Which item.
    pub item: ItemId,
    /// How many.
    pub quantity: Quantity,
}

/// So many of an item at a cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostedGoods {
    /// Which item.
    pub item: ItemId,
    /// How many.
    pub quantity: Quantity,
    /// The cost of one.
    pub unit_cost: Amount,
}
