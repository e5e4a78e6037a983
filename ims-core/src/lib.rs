//! The rules of IMS.

pub mod decimal;
mod form;
pub mod id;
pub mod money;
pub mod quantity;
pub mod rounding;
pub mod text;
pub mod time;
pub mod unit;
