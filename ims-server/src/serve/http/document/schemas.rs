//! The schemas of the document: those that operations name, and all that these name.

use super::operation;
use crate::serve::{Operation, costs, days, forms, operation::Work, reference};
use ims_core::limits::EVENTS_PER_PAGE;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Says of a cost that not everybody gets it.
const HIDDEN: &str = "Left out for callers without the right costs:read.";
/// Says the same of whom a document was made out to.
const HIDDEN_CONTACT: &str = "Left out for callers without the right parties:read.";

/// The field of an update that says what its caller saw: by HTTP it is `If-Match`.
pub(crate) const TAG: &str = "if_tag";

/// All schemas that the document names, each as requests and answers have it.
pub(crate) fn all() -> Map<String, Value> {
    let (mut asked, mut answered) = (BTreeSet::new(), BTreeSet::from(["Problem"]));
    let (mut all, mut bodies) = (Map::new(), BTreeSet::new());
    for operation in Operation::all() {
        if let Some((name, body)) = body(operation) {
            follow(&body, &mut asked);
            bodies.insert(name.clone());
            all.insert(name, body);
        }
        each_field(operation, &mut |schema| follow(schema, &mut asked));
        let answer = operation::answer(operation);
        if !forms::schemas().contains_key(&answer) {
            let row = operation::row(operation);
            all.insert(answer.clone(), page_of(row));
            follow(&forms::named(row), &mut answered);
        }
        follow(&forms::named(&answer), &mut answered);
    }
    for (name, schema) in forms::schemas() {
        if asked.contains(name.as_str()) || answered.contains(name.as_str()) {
            all.entry(name).or_insert_with(|| schema.clone());
        }
    }
    for (name, schema) in &mut all {
        // What is only answered has ids and may lack costs; what is asked may have names and lacks nothing.
        if asked.contains(name.as_str()) || bodies.contains(name) {
            take_names(schema);
        } else {
            may_lack_costs(schema);
        }
    }
    for name in ["ItemName", "LocationName", "SupplierName", "CustomerName", "OrderName", "PurchaseName"] {
        if let Some(schema) = forms::schemas().get(name) {
            all.insert(name.to_owned(), schema.clone());
        }
    }
    name_cases(&mut all);
    all
}

/// Gives the cases of a choice schemas of their own, `ReceiptItemCreated` for `item_created` of `Receipt`: generators of
/// clients call each by its schema, and would call two things the same that they had to name by the title.
fn name_cases(all: &mut Map<String, Value>) {
    let mut named = Map::new();
    for (owner, schema) in all.iter_mut() {
        for case in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
            let title = case.as_object_mut().and_then(|case| case.remove("title"));
            let Some(title) = title.as_ref().and_then(Value::as_str) else { continue };
            let name = format!("{owner}{}", pascal(title));
            named.insert(name.clone(), std::mem::replace(case, forms::named(&name)));
        }
    }
    all.extend(named);
}

/// `item_created` and `not done` as names of types are written.
fn pascal(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric());
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    words.map(capital).collect()
}

/// The schema of a body, with its name: that of what is said, less the fields that stand in the path.
pub(crate) fn body(operation: &Operation) -> Option<(String, Value)> {
    let name = match operation.work {
        Work::Command(_) => forms::command(operation.name)?.request,
        Work::Task(task) => task.body?,
        Work::Batch => "Batch",
        Work::Question(_) | Work::Import(_) => return None,
    };
    let mut schema = forms::schemas().get(name)?.clone();
    let in_path: Vec<&str> = operation.fields_of_path().collect();
    let fields = schema.get_mut("properties")?.as_object_mut()?;
    let before = fields.len();
    let is_command = matches!(operation.work, Work::Command(_));
    fields.retain(|name, _| !(in_path.contains(&name.as_str()) || is_command && name == TAG));
    let (left, taken) = (fields.len(), fields.len() < before);
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !in_path.iter().any(|field| name == field));
    }
    match (left, taken) {
        (0, _) => None,
        (_, true) => Some((format!("{name}Body"), schema)),
        (_, false) => Some((name.to_owned(), schema)),
    }
}

/// The schema of a field that stands in a path or in a query.
pub(crate) fn field(operation: &Operation, name: &str) -> Value {
    if days::may_stand(operation, name) {
        return forms::named("DayOrTime");
    }
    if let Some(schema) = forms::filter_of(operation.name, name) {
        let mut schema = plain(schema);
        take_name(name, &mut schema);
        // What is there says something.
        if let Value::Object(words) = &mut schema
            && words.get("type").is_some_and(|kind| kind == "string")
            && !words.contains_key("enum")
        {
            words.entry("minLength").or_insert_with(|| 1.into());
        }
        return schema;
    }
    match reference::schemas_of_field(name) {
        Some((_, schema)) => forms::named(schema),
        None if name == "hold" => forms::named("HoldId"),
        None if matches!(name, "user" | "key") => forms::named("UserName"),
        None if matches!(name, "session" | "invitation" | "webhook") => json!({"type": "string", "format": "uuid"}),
        None if matches!(name, "after" | "wait_ms") => json!({"type": "integer", "minimum": 0, "maximum": u64::MAX}),
        None if name == "limit" => json!({"type": "integer", "minimum": 1, "maximum": EVENTS_PER_PAGE, "default": 100}),
        None if name == "delimiter" => json!({"type": "string", "minLength": 1, "maxLength": 1}),
        None => json!({"type": "string", "minLength": 1}),
    }
}

/// A filter that is there is something: nothing cannot be said in a query.
fn plain(schema: &Value) -> Value {
    match schema.get("oneOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([some, nothing]) if nothing.get("type").is_some_and(|kind| kind == "null") => some.clone(),
        _ => match schema.get("type").and_then(Value::as_array).map(Vec::as_slice) {
            Some([kind, _]) => json!({ "type": kind }),
            _ => forms::target(schema).map_or_else(|| schema.clone(), forms::named),
        },
    }
}

fn each_field(operation: &Operation, visit: &mut impl FnMut(&Value)) {
    operation.fields_of_path().for_each(|name| visit(&field(operation, name)));
    operation::query_fields(operation).for_each(|(name, _)| visit(&field(operation, name)));
}

fn page_of(row: &str) -> Value {
    json!({
        "description": "A part of a list.",
        "type": "object",
        "properties": {
            "rows": {"type": "array", "items": forms::named(row), "description": "Its rows."},
            "next": {"type": ["string", "null"], "description": "Where the next page begins, if there is one."},
        },
        "required": ["rows", "next"],
    })
}

/// Notes the names of all schemas that one names, and that those name.
fn follow(schema: &Value, names: &mut BTreeSet<&'static str>) {
    forms::each_target(schema, &mut |name| {
        if let Some((name, schema)) = forms::schemas().get_key_value(name)
            && names.insert(name.as_str())
        {
            follow(schema, names);
        }
    });
}

/// Lets names stand in the place of ids.
fn take_names(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(properties)) = fields.get_mut("properties") {
                properties.iter_mut().for_each(|(name, schema)| take_name(name, schema));
            }
            fields.values_mut().for_each(take_names);
        }
        Value::Array(values) => values.iter_mut().for_each(take_names),
        _ => {}
    }
}

/// Lets a name stand in the place of the id that a field has.
fn take_name(field: &str, schema: &mut Value) {
    let Some((id, name)) = reference::schemas_of_field(field) else { return };
    replace(schema, id, name);
}

fn replace(schema: &mut Value, from: &str, to: &str) {
    if forms::target(schema) == Some(from) {
        if let (Value::Object(fields), Value::Object(named)) = (schema, forms::named(to)) {
            fields.extend(named);
        }
        return;
    }
    let one_of = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    one_of.into_iter().flatten().for_each(|one| replace(one, from, to));
}

/// Says that what is hidden from some need not be there.
fn may_lack_costs(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let is_bought = fields.get("properties").is_some_and(|fields| fields.get("supplier").is_some());
            let is_cost = |name: &str| costs::is_one(name, |_| is_bought);
            if let Some(Value::Array(required)) = fields.get_mut("required") {
                required.retain(|name| !name.as_str().is_some_and(|name| is_cost(name) || costs::is_contact(name)));
            }
            if let Some(Value::Object(properties)) = fields.get_mut("properties") {
                for (name, schema) in properties {
                    let hidden = match &**name {
                        cost if is_cost(cost) => HIDDEN,
                        contact if costs::is_contact(contact) => HIDDEN_CONTACT,
                        _ => continue,
                    };
                    let said = schema.get("description").and_then(Value::as_str).unwrap_or_default();
                    schema["description"] = format!("{said} {hidden}").trim_start().into();
                }
            }
            fields.values_mut().for_each(may_lack_costs);
        }
        Value::Array(values) => values.iter_mut().for_each(may_lack_costs),
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn every_case_of_a_choice_has_a_schema_of_its_own() {
        let before = forms::schemas();
        let all = all();
        assert_eq!(forms::target(&all["Receipt"]["oneOf"][0]), Some("ReceiptShopOpened"));
        assert_eq!(forms::target(&all["BatchAnswer"]["oneOf"][1]), Some("BatchAnswerNotDone"));
        for (name, schema) in &all {
            for case in schema["oneOf"].as_array().into_iter().flatten() {
                let is_plain = forms::target(case).is_some() || case.get("properties").is_none();
                assert!(is_plain, "{name}: {case}");
                let is_new = forms::target(case).is_none_or(|case| case != name && all.contains_key(case));
                assert!(is_new, "{name}: {case}");
            }
        }
        assert!(all.keys().filter(|name| !before.contains_key(*name)).count() > 60);
    }

    #[test]
    fn a_field_of_the_path_is_not_in_the_body() {
        let (name, body) = body(Operation::named("ship_order").unwrap()).unwrap();
        assert_eq!(name, "ShipOrderBody");
        assert!(body["properties"].get("order").is_none());
        assert!(super::body(Operation::named("retire_item").unwrap()).is_none());
    }

    #[test]
    fn a_name_may_stand_for_an_id_where_something_is_asked() {
        let all = all();
        assert_eq!(forms::target(&all["PlaceOrder"]["properties"]["site"]), Some("LocationName"));
        assert_eq!(forms::target(&all["OrderedLine"]["properties"]["item"]), Some("ItemName"));
        assert_eq!(forms::target(&all["Order"]["properties"]["site"]), Some("LocationId"));
        assert_eq!(field(Operation::named("orders").unwrap(), "customer"), forms::named("CustomerName"));
        assert_eq!(field(Operation::named("profit").unwrap(), "by"), forms::named("ProfitBy"));
    }

    #[test]
    fn what_is_answered_may_lack_costs_and_what_is_asked_may_not() {
        let all = all();
        let required =
            |name: &str, field: &str| all[name]["required"].as_array().unwrap().iter().any(|one| one == field);
        assert!(!required("StockLine", "value"));
        assert!(required("StockLine", "on_hand"));
        assert!(required("CostedGoods", "unit_cost"));
    }
}
