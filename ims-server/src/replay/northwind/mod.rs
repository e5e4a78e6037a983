//! Northwind: a small trader of food from the years 1996 to 1998, known from many a database course.
//!
//! Its products say what is in stock at the end. Opening stock is chosen so that this comes out: what is there at the
//! end and all that was shipped. Orders that were shipped are entered as they happened. Those that never were are
//! entered last, under the day they are from: they get what is left and wait for the rest, which is on order.

mod files;
mod run;

pub(crate) use run::replay;

use super::ReplayIds;

const IDS: ReplayIds = ReplayIds { mark: 0x0401_7791 };

/// Kinds of commands, for their ids.
mod kind {
    pub(super) const SHOP: u16 = 0x001;
    pub(super) const SITE: u16 = 0x002;
    pub(super) const ITEM: u16 = 0x003;
    pub(super) const CUSTOMER: u16 = 0x004;
    pub(super) const OPENING: u16 = 0x005;
    pub(super) const SUPPLIER: u16 = 0x006;
    pub(super) const ORDER: u16 = 0x007;
    pub(super) const SHIPMENT: u16 = 0x008;
    pub(super) const PURCHASE: u16 = 0x009;
    pub(super) const RETIREMENT: u16 = 0x00a;
}
