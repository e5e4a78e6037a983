//! Names as people use them, in place of ids: `sku:TEA-1`, `code:MAIN`, `number:MAIN-17`.
//!
//! Wherever the id of an item, a location, a supplier, a customer or an order is expected, in a path, a query or a body,
//! a name may stand with the word before it that says which name it is. All names of a request are looked up at once.

use super::Problem;
use axum::http::StatusCode;
use ims_core::{AnyStore, ReadSet, Reports, SkuKey, Store, StoreError, Text, fold};
use serde_json::{Map, Value};
use std::collections::HashMap;

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
    let mut names = HashMap::new();
    each_text(fields, &mut |field, text| {
        if let Some(name) = Name::of(field, text) {
            names.insert(name, None);
        }
    });
    if names.is_empty() {
        return Ok(());
    }
    look_up(store, &mut names).await?;
    if let Some((name, _)) = names.iter().find(|(_, id)| id.is_none()) {
        return Err(unknown(&name.text));
    }
    each_text(fields, &mut |field, text| {
        if let Some(Some(id)) = Name::of(field, text).and_then(|name| names.get(&name)) {
            text.clone_from(id);
        }
    });
    Ok(())
}

/// Says that nothing has a name.
fn unknown(name: &str) -> Problem {
    let detail = format!("nothing has the name {name}");
    Problem::new(StatusCode::NOT_FOUND, "unknown_name", detail).field("name", name)
}

/// The first order or purchase order that is named by its number.
pub(crate) fn document_named(fields: &mut Map<String, Value>) -> Option<String> {
    let mut found = None;
    each_text(fields, &mut |field, text| match Name::of(field, text) {
        Some(Name { noun: Noun::Order | Noun::Purchase, text, .. }) if found.is_none() => found = Some(text),
        _ => {}
    });
    found
}

/// Says of a document that was named by its number and is not shown what is said of numbers that nothing has: nobody
/// learns from it which numbers there are.
pub(crate) fn hidden(problem: Problem, name: &str) -> Problem {
    match problem.code() {
        "not_found" | "unknown_order" | "unknown_purchase" => unknown(name),
        _ => problem,
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
    let mut reads = ReadSet::default();
    for name in names.keys() {
        let code = || Text::from(fold(&name.text));
        match (name.noun, name.by) {
            (Noun::Item, By::Barcode) => _ = reads.barcodes.insert(name.text.as_str().into()),
            (Noun::Item, _) => _ = reads.skus.insert(SkuKey::of(&name.text)),
            (Noun::Location, _) => _ = reads.location_codes.insert(code()),
            (Noun::Supplier, _) => _ = reads.supplier_codes.insert(code()),
            (Noun::Customer, _) => _ = reads.customer_codes.insert(code()),
            (Noun::Order | Noun::Purchase, _) => {}
        }
    }
    let found = store.load(&reads).await?;
    for (name, id) in names {
        let code = || Text::from(fold(&name.text));
        *id = match (name.noun, name.by) {
            (Noun::Item, By::Barcode) => id_of(&found.barcodes, &Text::from(name.text.as_str())),
            (Noun::Item, _) => id_of(&found.skus, &SkuKey::of(&name.text)),
            (Noun::Location, _) => id_of(&found.location_codes, &code()),
            (Noun::Supplier, _) => id_of(&found.supplier_codes, &code()),
            (Noun::Customer, _) => id_of(&found.customer_codes, &code()),
            (Noun::Order, _) => match numbered(&name.text) {
                Some((series, number)) => store.order_numbered(series, number).await?.map(|id| id.to_string()),
                None => None,
            },
            (Noun::Purchase, _) => match numbered(&name.text) {
                Some((series, number)) => store.purchase_numbered(series, number).await?.map(|id| id.to_string()),
                None => None,
            },
        };
    }
    Ok(())
}

fn id_of<K: PartialEq, I: ToString>(found: &[(K, I)], key: &K) -> Option<String> {
    found.iter().find(|(known, _)| known == key).map(|(_, id)| id.to_string())
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
