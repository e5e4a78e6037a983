//! What names a row of the catalogue, and which texts are the same name.

use super::{
    fold,
    gtin::{self, Gtin},
};
use crate::{Customer, Item, Location, Supplier, Text};
use std::collections::BTreeSet;

/// Digits of the longest number of goods; shorter ones are filled up to as many.
pub(super) const GTIN_DIGITS: usize = 14;

/// What a name is one of. Each kind has names of its own: a supplier may have the code of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameKind {
    /// A SKU or a barcode of an item: there is one set of them.
    Item,
    /// The code of a location.
    Location,
    /// The code of a supplier.
    Supplier,
    /// The code of a customer.
    Customer,
}

/// A name in the form in which names are compared: at most one row has it.
///
/// ```
/// use ims_core::text::Name;
///
/// assert_eq!(Name::item("rum-1l"), Name::item("RUM-1L"));
/// assert_eq!(Name::item("012345678905"), Name::item("0012345678905"), "one number of goods, whatever its width");
/// assert_eq!(Name::supplier("Caf\u{e9}"), Name::supplier("CAFE\u{301}"));
/// assert_ne!(Name::supplier("A"), Name::customer("A"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    kind: NameKind,
    key: Text,
}

/// Which row has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRow {
    /// The name.
    pub name: Name,
    /// The 128 bits of the id of the row.
    pub id: u128,
}

impl Name {
    /// The name that a SKU or barcode is: folded, and a GTIN with its right check digit in 14 digits.
    pub fn item(text: &str) -> Name {
        let key = match gtin::read(text) {
            Gtin::Right(number) => number,
            Gtin::WrongCheckDigit(_) | Gtin::Other => fold(text),
        };
        Name { kind: NameKind::Item, key: key.into() }
    }

    /// The name that a code of a location is.
    pub fn location(code: &str) -> Name {
        Name::code(NameKind::Location, code)
    }

    /// The name that a code of a supplier is.
    pub fn supplier(code: &str) -> Name {
        Name::code(NameKind::Supplier, code)
    }

    /// The name that a code of a customer is.
    pub fn customer(code: &str) -> Name {
        Name::code(NameKind::Customer, code)
    }

    fn code(kind: NameKind, code: &str) -> Name {
        Name { kind, key: fold(code).into() }
    }

    /// The name of a kind that a text is; the same as before for the [key](Name::key) of one.
    pub fn of(kind: NameKind, text: &str) -> Name {
        match kind {
            NameKind::Item => Name::item(text),
            kind => Name::code(kind, text),
        }
    }

    /// What it is a name of.
    pub fn kind(&self) -> NameKind {
        self.kind
    }

    /// The text that is compared, and that a store keeps.
    pub fn key(&self) -> &Text {
        &self.key
    }
}

impl NameKind {
    /// A word for it, as it stands in databases.
    pub fn word(self) -> &'static str {
        match self {
            NameKind::Item => "item",
            NameKind::Location => "location",
            NameKind::Supplier => "supplier",
            NameKind::Customer => "customer",
        }
    }
}

impl Item {
    /// Its names, SKU and barcodes; each once.
    pub fn names(&self) -> BTreeSet<Name> {
        let mut names = BTreeSet::from([Name::item(self.sku.as_str())]);
        names.extend(self.barcodes.iter().map(|barcode| Name::item(barcode)));
        names
    }
}

macro_rules! named_by_code {
    ($($row:ident: $name:ident;)*) => {$(
        impl $row {
            /// Its name: its code.
            pub fn names(&self) -> BTreeSet<Name> {
                BTreeSet::from([Name::$name(&self.code)])
            }
        }
    )*};
}

named_by_code! {
    Location: location;
    Supplier: supplier;
    Customer: customer;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_name_is_the_same_name() {
        for text in ["tea-1", "straße", "cafe\u{301}", "73513537", "4006381333932", "日本語"] {
            let name = Name::item(text);
            assert_eq!(Name::of(NameKind::Item, name.key()), name);
        }
    }

    #[test]
    fn a_wrong_check_digit_is_a_code_of_its_own() {
        assert_eq!(&**Name::item("4006381333932").key(), "4006381333932");
        assert_eq!(&**Name::item("4006381333931").key(), "04006381333931");
    }
}
