//! Suppliers and customers in a CSV file: the same for both sides of trade.

use super::{Asked, Kind, Row, Rows};
use crate::{
    session::derived_id,
    spreadsheet::{Columns, Problems},
};
use ims_core::{
    Command, CommandId, Contact, Name, Patch, Standing, Text,
    party::{CreateCustomer, CreateSupplier, UpdateCustomer, UpdateSupplier},
};
use std::collections::HashMap;

pub(super) const COLUMNS: Columns = Columns {
    known: &["code", "name", "contact", "email", "phone", "address", "city", "country", "standing"],
    // As they stand in a list over HTTP.
    aliases: &[
        ("contact.name", "name"),
        ("contact.contact", "contact"),
        ("contact.email", "email"),
        ("contact.phone", "phone"),
        ("contact.address", "address"),
        ("contact.city", "city"),
        ("contact.country", "country"),
    ],
    needed: &["code", "name"],
    ignored: &["id"],
    numbers: &[],
    codes: &["code", "phone"],
};

/// Ids of imported rows follow from what is in them, beginning with this one for suppliers …
const ORIGIN_OF_SUPPLIERS: CommandId = CommandId::from_u128(0x2f0a_7c55_91d4_8b3e_a6c8_1e47_d05b_93f2);
/// … and with this one for customers.
const ORIGIN_OF_CUSTOMERS: CommandId = CommandId::from_u128(0xb81e_46d9_30fa_8c17_9427_e5d3_6ac0_1f8b);

/// Reads rows. What is wrong with single ones is added to `problems`.
pub(super) fn read(rows: &Rows, problems: &mut Problems) -> Vec<Asked> {
    let mut seen = HashMap::new();
    rows.each().filter_map(|row| asked(rows.kind, &row, &mut seen, problems)).collect()
}

/// What a row asks for, where nothing is wrong with it.
fn asked(kind: Kind, row: &Row<'_>, seen: &mut HashMap<Name, u64>, problems: &mut Problems) -> Option<Asked> {
    let before = problems.rows.len();
    let code = row.needed("code", problems);
    let contact = row.needed("name", problems).map(|name| contact(row, name));
    let standing = row.standing(problems);
    let (code, contact) = (code?, contact?);
    match seen.get(&name(kind, code)) {
        Some(first) => problems.add(row.line, format!("code {code} is in line {first} too")),
        None => _ = seen.insert(name(kind, code), row.line),
    }
    if problems.rows.len() > before {
        return None;
    }
    let id = derived_id(origin(kind), &row.content(&COLUMNS));
    Some(Asked { line: row.line, row: id, command: create(kind, code.into(), contact), stock: None, standing })
}

fn contact(row: &Row<'_>, name: &str) -> Contact {
    let text = |column| Text::from(row.text(column).unwrap_or_default());
    Contact {
        name: name.into(),
        contact: text("contact"),
        email: text("email"),
        phone: text("phone"),
        address: text("address"),
        city: text("city"),
        country: text("country"),
    }
}

fn name(kind: Kind, code: &str) -> Name {
    if kind == Kind::Suppliers { Name::supplier(code) } else { Name::customer(code) }
}

fn origin(kind: Kind) -> CommandId {
    if kind == Kind::Suppliers { ORIGIN_OF_SUPPLIERS } else { ORIGIN_OF_CUSTOMERS }
}

fn create(kind: Kind, code: Text, contact: Contact) -> Command {
    if kind == Kind::Suppliers {
        return CreateSupplier { code, contact }.into();
    }
    CreateCustomer { code, contact }.into()
}

/// Takes out of trade whom the command `made` adds.
pub(super) fn retire(kind: Kind, made: CommandId) -> Command {
    let (contact, standing, if_tag) = (Patch::Keep, Patch::Set(Standing::Retired), None);
    if kind == Kind::Suppliers {
        return UpdateSupplier { supplier: made.into(), contact, standing, if_tag }.into();
    }
    UpdateCustomer { customer: made.into(), contact, standing, if_tag }.into()
}
