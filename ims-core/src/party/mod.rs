//! Those the shop trades with: suppliers and customers.

mod create_customer;
mod create_supplier;
mod update_customer;
mod update_supplier;

pub use create_customer::CreateCustomer;
pub use create_supplier::CreateSupplier;
pub use update_customer::UpdateCustomer;
pub use update_supplier::UpdateSupplier;

use crate::{Contact, Party, Rejection, Text, limits, rules, text::MAX_NAME_CHARS};
use std::sync::Arc;

impl Contact {
    /// Somebody of whom only the name is known.
    pub fn named(name: &str) -> Contact {
        let empty: crate::Text = "".into();
        Contact {
            name: name.into(),
            contact: empty.clone(),
            email: empty.clone(),
            phone: empty.clone(),
            address: empty.clone(),
            city: empty.clone(),
            country: empty,
        }
    }

    /// What a document keeps of it.
    pub(crate) fn party(&self) -> Party {
        Party {
            name: Arc::clone(&self.name),
            address: Arc::clone(&self.address),
            city: Arc::clone(&self.city),
            country: Arc::clone(&self.country),
        }
    }
}

fn check_code(code: &str) -> Result<(), Rejection> {
    rules::code("code", code, limits::CODE_CHARS)
}

/// Checks how to reach somebody. What was so `before` may stay, even if older versions took what would be refused now.
fn check_contact(contact: &Contact, before: Option<&Contact>) -> Result<(), Rejection> {
    let changed = |field: fn(&Contact) -> &Text| before.is_none_or(|before| field(before) != field(contact));
    if changed(|of| &of.name) {
        rules::text("name", &contact.name, MAX_NAME_CHARS)?;
    }
    if changed(|of| &of.contact) {
        rules::optional_text("contact", &contact.contact, MAX_NAME_CHARS)?;
    }
    if changed(|of| &of.email) {
        rules::optional_text("email", &contact.email, MAX_NAME_CHARS)?;
    }
    if changed(|of| &of.phone) {
        rules::optional_text("phone", &contact.phone, MAX_NAME_CHARS)?;
    }
    if changed(|of| &of.address) {
        rules::optional_lines("address", &contact.address, limits::NOTE_CHARS)?;
    }
    if changed(|of| &of.city) {
        rules::optional_text("city", &contact.city, MAX_NAME_CHARS)?;
    }
    if changed(|of| &of.country) {
        rules::optional_text("country", &contact.country, MAX_NAME_CHARS)?;
    }
    Ok(())
}
