//! What goods cost, what was earned, and whom documents were made out to: taken out of an answer for those who may not see
//! it.

use super::{
    Problem,
    caller::{Contacts, Costs, Sight},
};
use ims_core::{Text, report::Page, tag_of};
use serde::Serialize;
use serde_json::Value;

/// The names that costs, values of stock and profits have in every row, receipt and event.
const NAMES: &[&str] = &[
    "cost",
    "cost_returned",
    "costs",
    "margin",
    "profit",
    "received_cost",
    "revaluation",
    "standard_cost",
    "unit_cost",
    "value",
];

/// Bytes that most answers have: a receipt.
const USUAL_JSON_BYTES: usize = 2 * 1024;

/// Whether a field of this name tells a cost, where it stands beside others.
pub(crate) fn is_one(name: &str, beside: impl Fn(&str) -> bool) -> bool {
    // What a purchase order comes to is a cost, and is called what the price of a sales order is called.
    NAMES.contains(&name) || matches!(name, "total" | "amounts") && beside("supplier")
}

/// Whether a field of this name tells whom a document was made out to.
pub(crate) fn is_contact(name: &str) -> bool {
    name == "party"
}

/// Whether a field of this name is hidden from somebody, where it stands beside others.
pub(crate) fn is_hidden(sight: Sight, name: &str, beside: impl Fn(&str) -> bool) -> bool {
    sight.costs == Costs::Hidden && is_one(name, beside) || sight.contacts == Contacts::Hidden && is_contact(name)
}

/// Writes JSON, without what is hidden.
pub(crate) fn json(sight: Sight, content: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let mut json = Vec::with_capacity(USUAL_JSON_BYTES);
    write(sight, content, &mut json)?;
    Ok(json)
}

/// Writes a page of a list, without what is hidden: row by row, so that no more than one row is in memory in more than one
/// form.
pub(crate) fn page<T: Serialize>(sight: Sight, page: Page<T>) -> Result<Vec<u8>, Problem> {
    let mut json = b"{\"rows\":[".to_vec();
    for (at, row) in page.rows.into_iter().enumerate() {
        if at > 0 {
            json.push(b',');
        }
        write(sight, &row, &mut json)?;
    }
    json.extend_from_slice(b"],\"next\":");
    write(Sight::ALL, &page.next, &mut json)?;
    json.push(b'}');
    Ok(json)
}

fn write(sight: Sight, content: &impl Serialize, json: &mut Vec<u8>) -> Result<(), Problem> {
    if sight == Sight::ALL {
        return serde_json::to_writer(json, content).map_err(unwritable);
    }
    let mut value = serde_json::to_value(content).map_err(unwritable)?;
    hide(sight, &mut value);
    serde_json::to_writer(json, &value).map_err(unwritable)
}

/// The tag of a row as its caller sees it, so that nobody guesses from it what is hidden. What has nothing to hide has its
/// own tag, the one that updates take.
pub(crate) fn tag(sight: Sight, row: &impl Serialize) -> Result<Text, Problem> {
    if sight != Sight::ALL {
        let whole = serde_json::to_value(row).map_err(unwritable)?;
        let mut seen = whole.clone();
        hide(sight, &mut seen);
        if seen != whole {
            return Ok(tag_of(&seen));
        }
    }
    Ok(tag_of(row))
}

fn unwritable(error: serde_json::Error) -> Problem {
    Problem::internal(format!("an answer cannot be written: {error}"))
}

/// Takes out what is hidden.
pub(crate) fn hide(sight: Sight, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let is_bought = fields.contains_key("supplier");
            fields.retain(|name, _| !is_hidden(sight, name, |_| is_bought));
            fields.values_mut().for_each(|value| hide(sight, value));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| hide(sight, value)),
        _ => {}
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn costs_are_hidden_however_deep_they_lie() {
        let order = json!({"order": {"lines": [{"revenue": "9", "cost": "4", "unit_price": "3"}]}});
        let shown = json_of(Costs::Shown, &order);
        assert!(shown.contains("cost"));
        let hidden = json_of(Costs::Hidden, &order);
        assert_eq!(hidden, r#"{"order":{"lines":[{"revenue":"9","unit_price":"3"}]}}"#);
    }

    #[test]
    fn what_a_purchase_order_comes_to_is_a_cost_and_what_a_sales_order_comes_to_is_not() {
        let both =
            json!([{"supplier": "A", "total": "4", "amounts": {"to_pay": "4"}}, {"customer": "B", "total": "9"}]);
        assert_eq!(json_of(Costs::Hidden, &both), r#"[{"supplier":"A"},{"customer":"B","total":"9"}]"#);
    }

    #[test]
    fn whom_a_document_was_made_out_to_is_hidden_as_costs_are() {
        let order = json!({"order": {"customer": "B", "party": {"name": "Bea", "city": "Graz"}, "total": "9"}});
        let hidden = json(Sight { costs: Costs::Shown, ..Sight::default() }, &order).unwrap();
        assert_eq!(String::from_utf8(hidden).unwrap(), r#"{"order":{"customer":"B","total":"9"}}"#);
        assert!(json_of(Costs::Hidden, &order).contains("Graz"));
    }

    #[test]
    fn a_tag_tells_no_cost() {
        let (cheap, dear) = (json!({"name": "Tea", "cost": "1"}), json!({"name": "Tea", "cost": "9"}));
        assert_ne!(tag(Sight::ALL, &cheap).unwrap(), tag(Sight::ALL, &dear).unwrap());
        assert_eq!(tag(Sight::with(Costs::Hidden), &cheap).unwrap(), tag(Sight::with(Costs::Hidden), &dear).unwrap());
        let plain = json!({"name": "Tea"});
        assert_eq!(tag(Sight::with(Costs::Hidden), &plain).unwrap(), tag(Sight::ALL, &plain).unwrap());
    }

    fn json_of(costs: Costs, value: &Value) -> String {
        String::from_utf8(json(Sight::with(costs), value).unwrap()).unwrap()
    }
}
