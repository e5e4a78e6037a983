//! Names as people use them, in place of ids: `sku:TEA-1`, `code:MAIN`, `number:MAIN-17`.
//!
//! Wherever the id of an item, a location, a supplier, a customer or an order is expected, in a path, a query or a body,
//! a name may stand with the word before it that says which name it is. All names of a request are looked up at once.

use super::Problem;
use axum::http::StatusCode;
use ims_core::{AnyStore, ItemId, ReadSet, Reports, Store, StoreError, fold};
use serde_json::{Map, Value};
use std::collections::HashMap;

/// The schemas of ids in whose place names may stand.
pub(crate) const SCHEMAS: &str = r##"{
  "ItemName": {
    "description": "An item: its id, or `sku:` or `barcode:` and its SKU or one of its barcodes, which are one set of names.",
    "anyOf": [{"$ref": "#/components/schemas/ItemId"}, {"type": "string", "pattern": "^(sku|barcode):."}]
  },
  "LocationName": {
    "description": "A location: its id, or `code:` and its code.",
    "anyOf": [{"$ref": "#/components/schemas/LocationId"}, {"type": "string", "pattern": "^code:."}]
  },
  "SupplierName": {
    "description": "A supplier: its id, or `code:` and its code.",
    "anyOf": [{"$ref": "#/components/schemas/SupplierId"}, {"type": "string", "pattern": "^code:."}]
  },
  "CustomerName": {
    "description": "A customer: its id, or `code:` and its code.",
    "anyOf": [{"$ref": "#/components/schemas/CustomerId"}, {"type": "string", "pattern": "^code:."}]
  },
  "OrderName": {
    "description": "A sales order: its id, or `number:`, its series, a hyphen and its number.",
    "anyOf": [{"$ref": "#/components/schemas/OrderId"}, {"type": "string", "pattern": "^number:.*-[0-9]+$"}]
  },
  "PurchaseName": {
    "description": "A purchase order: its id, or `number:`, its series, a hyphen and its number.",
    "anyOf": [{"$ref": "#/components/schemas/PurchaseId"}, {"type": "string", "pattern": "^number:.*-[0-9]+$"}]
  }
}"##;

/// The schema of an id and the one of what may stand in its place, in a field of this name.
pub(crate) fn schemas_of_field(field: &str) -> Option<(&'static str, &'static str)> {
    Some(match Noun::of_field(field)? {
        Noun::Item => ("ItemId", "ItemName"),
        Noun::Location => ("LocationId", "LocationName"),
        Noun::Supplier => ("SupplierId", "SupplierName"),
        Noun::Customer => ("CustomerId", "CustomerName"),
        Noun::Order => ("OrderId", "OrderName"),
        Noun::Purchase => ("PurchaseId", "PurchaseName"),
    })
}

/// What a field names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Noun {
    Item,
    Location,
    Supplier,
    Customer,
    Order,
    Purchase,
}

/// By which kind of name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum By {
    Sku,
    Barcode,
    Code,
    Number,
}

/// A name in place of an id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Name {
    noun: Noun,
    by: By,
    text: String,
}

impl Noun {
    /// What a field of this name holds the id of.
    fn of_field(field: &str) -> Option<Noun> {
        Some(match field {
            "item" => Noun::Item,
            "site" | "location" | "from" | "to" => Noun::Location,
            "supplier" => Noun::Supplier,
            "customer" => Noun::Customer,
            "order" => Noun::Order,
            "purchase" => Noun::Purchase,
            _ => return None,
        })
    }
}

impl Name {
    /// Reads a field's text as a name, where it is one.
    fn of(field: &str, text: &str) -> Option<Name> {
        let noun = Noun::of_field(field)?;
        let (word, name) = text.split_once(':')?;
        let by = match (noun, word) {
            (Noun::Item, "sku") => By::Sku,
            (Noun::Item, "barcode") => By::Barcode,
            (Noun::Location | Noun::Supplier | Noun::Customer, "code") => By::Code,
            (Noun::Order | Noun::Purchase, "number") => By::Number,
            _ => return None,
        };
        Some(Name { noun, by, text: name.to_owned() })
    }
}

/// Puts ids in the place of names.
///
/// # Errors
/// `unknown_name` where nothing has such a name.
pub(crate) async fn resolve(store: &AnyStore, fields: &mut Map<String, Value>) -> Result<(), Problem> {
    let mut names = Names::default();
    names.note(fields);
    names.look_up(store).await?;
    names.put_ids(fields)
}

/// The names in one request or in many, and the ids that they stand for.
#[derive(Debug, Default)]
pub(crate) struct Names {
    ids: HashMap<Name, Option<String>>,
}

impl Names {
    /// Notes the names that stand in these fields.
    pub(crate) fn note(&mut self, fields: &mut Map<String, Value>) {
        each_text(fields, &mut |field, text| {
            if let Some(name) = Name::of(field, text) {
                self.ids.insert(name, None);
            }
        });
    }

    /// Looks all of them up at once.
    pub(crate) async fn look_up(&mut self, store: &AnyStore) -> Result<(), StoreError> {
        if self.ids.is_empty() { Ok(()) } else { look_up(store, &mut self.ids).await }
    }

    /// Puts ids in the place of names.
    ///
    /// # Errors
    /// `unknown_name` for the first one that nothing has.
    pub(crate) fn put_ids(&self, fields: &mut Map<String, Value>) -> Result<(), Problem> {
        let mut first = None;
        each_text(fields, &mut |field, text| {
            let Some(name) = Name::of(field, text) else { return };
            match self.ids.get(&name) {
                Some(Some(id)) => text.clone_from(id),
                _ => _ = first.get_or_insert((field.to_owned(), name.text)),
            }
        });
        let Some((field, name)) = first else { return Ok(()) };
        Err(unknown(&field, &name))
    }
}

/// Says that nothing has a name.
fn unknown(field: &str, name: &str) -> Problem {
    let detail = format!("{field}: nothing has the name {name}");
    Problem::new(StatusCode::NOT_FOUND, "unknown_name", detail).field("at", field).field("name", name)
}

/// A document that a request named by its number.
#[derive(Clone, Debug)]
pub(crate) struct NamedDocument {
    field: String,
    name: String,
}

/// The first order or purchase order that is named by its number.
pub(crate) fn document_named(fields: &mut Map<String, Value>) -> Option<NamedDocument> {
    let mut found = None;
    each_text(fields, &mut |field, text| match Name::of(field, text) {
        Some(Name { noun: Noun::Order | Noun::Purchase, text, .. }) if found.is_none() => {
            found = Some(NamedDocument { field: field.to_owned(), name: text });
        }
        _ => {}
    });
    found
}

impl NamedDocument {
    /// Says of a document that is not shown what is said of numbers that nothing has: nobody learns from it which numbers
    /// there are.
    pub(crate) fn hidden(&self, problem: Problem) -> Problem {
        match problem.code() {
            "not_found" | "unknown_order" | "unknown_purchase" => unknown(&self.field, &self.name),
            _ => problem,
        }
    }
}

/// Visits every text that a field holds, alone or in a list, however deep.
fn each_text(fields: &mut Map<String, Value>, visit: &mut impl FnMut(&str, &mut String)) {
    for (field, value) in fields {
        each_text_of(field, value, visit);
    }
}

fn each_text_of(field: &str, value: &mut Value, visit: &mut impl FnMut(&str, &mut String)) {
    match value {
        Value::String(text) => visit(field, text),
        Value::Array(values) => values.iter_mut().for_each(|value| each_text_of(field, value, visit)),
        Value::Object(fields) => each_text(fields, visit),
        _ => {}
    }
}

async fn look_up(store: &AnyStore, names: &mut HashMap<Name, Option<String>>) -> Result<(), StoreError> {
    let reads = ReadSet::named(names.keys().filter_map(Name::in_catalog));
    let found = store.load(&reads).await?;
    for (name, id) in names {
        *id = match (name.noun, name.by) {
            (Noun::Item | Noun::Location | Noun::Supplier | Noun::Customer, _) => {
                // Ids of every kind are written alike.
                name.in_catalog().and_then(|name| found.named::<ItemId>(&name)).map(|id| id.to_string())
            }
            (Noun::Order, _) => match numbered(&name.text) {
                Some((series, number)) => match store.order_numbered(series, number).await? {
                    None => store.order_numbered(&fold(series), number).await?.map(|id| id.to_string()),
                    found => found.map(|id| id.to_string()),
                },
                None => None,
            },
            (Noun::Purchase, _) => match numbered(&name.text) {
                Some((series, number)) => match store.purchase_numbered(series, number).await? {
                    None => store.purchase_numbered(&fold(series), number).await?.map(|id| id.to_string()),
                    found => found.map(|id| id.to_string()),
                },
                None => None,
            },
        };
    }
    Ok(())
}

impl Name {
    /// The name that a row of the catalogue has.
    fn in_catalog(&self) -> Option<ims_core::Name> {
        match self.noun {
            Noun::Item => Some(ims_core::Name::item(&self.text)),
            Noun::Location => Some(ims_core::Name::location(&self.text)),
            Noun::Supplier => Some(ims_core::Name::supplier(&self.text)),
            Noun::Customer => Some(ims_core::Name::customer(&self.text)),
            Noun::Order | Noun::Purchase => None,
        }
    }
}

/// Splits `MAIN-17` into its series and its number.
fn numbered(name: &str) -> Option<(&str, u64)> {
    let (series, number) = name.rsplit_once('-')?;
    Some((series, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stands_where_an_id_is_expected_and_nowhere_else() {
        let name = |field, text| Name::of(field, text).map(|name| (name.noun, name.by, name.text));
        assert_eq!(name("item", "sku:TEA:1"), Some((Noun::Item, By::Sku, "TEA:1".to_owned())));
        assert_eq!(name("from", "code:MAIN"), Some((Noun::Location, By::Code, "MAIN".to_owned())));
        assert_eq!(name("order", "number:MAIN-17"), Some((Noun::Order, By::Number, "MAIN-17".to_owned())));
        assert_eq!(name("note", "sku:TEA-1"), None);
        assert_eq!(name("item", "code:MAIN"), None);
    }
}
