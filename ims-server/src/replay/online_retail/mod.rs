//! A year of a British gift retailer, row by row: the UCI set "Online Retail" (Chen, D., 2015,
//! <https://doi.org/10.24432/C5BW33>).
//!
//! The file has what the shop sold, took back, adjusted and gave away; it has no purchases. So it is read twice: first to
//! find the opening stock that keeps every code from falling below zero, then to trade.

mod plan;
mod row;
mod run;
mod setup;
mod tally;
mod trade;

pub(crate) use run::replay;

use super::ReplayIds;

const IDS: ReplayIds = ReplayIds { mark: 0x0e7a_1701 };

/// Kinds of commands, for their ids. A row's own number is that of its line in the file.
mod kind {
    pub(super) const SHOP: u16 = 0x001;
    pub(super) const SITE: u16 = 0x002;
    pub(super) const ITEM: u16 = 0x003;
    pub(super) const CUSTOMER: u16 = 0x004;
    pub(super) const OPENING: u16 = 0x005;
    pub(super) const ROW: u16 = 0x100;
}
