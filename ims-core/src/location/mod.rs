//! Locations: the sites that have stock, and the virtual ones where goods come from and go to.

mod create;
mod update;

pub use create::CreateLocation;
pub use update::UpdateLocation;

use crate::{Location, LocationId, LocationKind, Rejection, Standing, limits, rules};

/// Where received goods come from.
pub const SUPPLIERS: LocationId = virtual_id(1);
/// Where sold goods go.
pub const CUSTOMERS: LocationId = virtual_id(2);
/// Where lost and damaged goods go, and found ones come from.
pub const LOSS: LocationId = virtual_id(3);
/// Where differences between a standard cost and a price paid go.
pub const VARIANCE: LocationId = virtual_id(4);
/// Where services come from.
pub const SERVICES: LocationId = virtual_id(5);

/// Ids from here on are the virtual locations'; no command may have one, so no site can.
pub(crate) const FIRST_VIRTUAL_ID: u128 = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_0000;

const fn virtual_id(number: u128) -> LocationId {
    LocationId::from_u128(FIRST_VIRTUAL_ID | number)
}

/// The locations that every shop has.
pub(crate) fn virtual_ones() -> [Location; 5] {
    let make = |id, code: &str, name: &str, kind| Location {
        id,
        code: code.into(),
        name: name.into(),
        kind,
        standing: Standing::Active,
    };
    [
        make(SUPPLIERS, "*suppliers", "Suppliers", LocationKind::Supplier),
        make(CUSTOMERS, "*customers", "Customers", LocationKind::Customer),
        make(LOSS, "*loss", "Loss and gain", LocationKind::Loss),
        make(VARIANCE, "*variance", "Cost variance", LocationKind::Variance),
        make(SERVICES, "*services", "Services", LocationKind::Service),
    ]
}

/// A code that a person gives: the virtual locations have those that begin with a star.
fn check_code(code: &str) -> Result<(), Rejection> {
    rules::code("code", code, limits::CODE_CHARS)?;
    if code.starts_with('*') {
        let problem = "must not begin with a star: such codes are the virtual locations'".into();
        return Err(Rejection::InvalidField { field: "code".into(), problem });
    }
    rules::not_for_purchases("code", code)
}
