//! The rules of IMS: stock, orders, costs and alerts, behind a storage trait.
//!
//! A command is data, a decision is a pure function, a change is data. A store does two things: it loads rows and
//! commits a change. [`Ims`] takes commands and has them done exactly once, all or nothing; [`MemoryStore`] is the
//! meaning of [`Store`]. Nothing here reads a clock, makes a random number, or does I/O.

#[macro_use]
mod codes;

pub mod alert;
mod amounts;
mod any_store;
pub mod audit;
mod change;
mod command;
pub mod conformance;
mod context;
pub mod cost;
pub mod decimal;
mod draft;
mod error;
mod event;
mod figures;
mod form;
pub mod id;
mod ims;
pub mod item;
mod late;
pub mod limits;
pub mod location;
mod memory;
pub mod money;
pub mod order;
pub mod party;
mod patch;
pub mod period;
pub mod purchase;
pub mod quantity;
mod receipt;
mod rejection;
pub mod report;
pub mod rounding;
mod rows;
mod rules;
pub mod shop;
pub mod stock;
pub mod store;
pub mod tables;
mod tag;
pub mod text;
pub mod time;
pub mod unit;
mod unmoved;

pub use any_store::AnyStore;
pub use change::{CatalogMark, ChangeSet, Check, CheckedKey, CommandRecord, Conflict, Outcome, Write};
pub use command::{Command, FORM_VERSION};
pub use context::Context;
pub use error::Error;
pub use event::{Event, EventBody, EventPage, EventRecord, Offset};
pub use figures::Figures;
pub use id::{CommandId, CustomerId, HoldId, ItemId, LocationId, OrderId, PurchaseId, ReturnId, SupplierId};
pub use ims::{Answered, Ims, Novelty, Reply};
pub use memory::MemoryStore;
pub use money::{Amount, Currency, Money};
pub use patch::Patch;
pub use quantity::Quantity;
pub use receipt::{Answer, Direction, Filled, Moved, Receipt};
pub use rejection::Rejection;
pub use report::Reports;
pub use rounding::{Rounding, RoundingMode};
pub use store::{Connections, Loaded, OnHandSince, ReadSet, SiteUse, Store, StoreError, StoreErrorKind, Turn};
pub use tables::*;
pub use tag::tag_of;
pub use text::{Name, NameKind, NameRow, Sku, SkuKey, fold};
pub use time::{Date, Month, TimeZone, Timestamp, WallClock};
pub use unit::Unit;
