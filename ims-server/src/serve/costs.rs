//! What goods cost and what was earned, taken out of an answer for those who may not see it.

use super::{Problem, caller::Costs};
use ims_core::{Text, report::Page, tag_of};
use serde::Serialize;
use serde_json::Value;

/// The names that costs, values of stock and profits have in every row, receipt and event.
const NAMES: &[&str] =
    &["cost", "cost_returned", "costs", "margin", "profit", "revaluation", "standard_cost", "unit_cost", "value"];

/// Bytes that most answers have: a receipt.
const USUAL_JSON_BYTES: usize = 2 * 1024;

/// Whether a field of this name tells a cost, where it stands beside others.
pub(crate) fn is_one(name: &str, beside: impl Fn(&str) -> bool) -> bool {
    // What a purchase order comes to is a cost, and is called what the price of a sales order is called.
    NAMES.contains(&name) || name == "total" && beside("supplier")
}

/// Writes JSON, without costs where they are hidden.
pub(crate) fn json(costs: Costs, content: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let mut json = Vec::with_capacity(USUAL_JSON_BYTES);
    write(costs, content, &mut json)?;
    Ok(json)
}

/// Writes a page of a list, without costs where they are hidden: row by row, so that no more than one row is in memory in
/// more than one form.
pub(crate) fn page<T: Serialize>(costs: Costs, page: Page<T>) -> Result<Vec<u8>, Problem> {
    let mut json = b"{\"rows\":[".to_vec();
    for (at, row) in page.rows.into_iter().enumerate() {
        if at > 0 {
            json.push(b',');
        }
        write(costs, &row, &mut json)?;
    }
    json.extend_from_slice(b"],\"next\":");
    write(Costs::Shown, &page.next, &mut json)?;
    json.push(b'}');
    Ok(json)
}

fn write(costs: Costs, content: &impl Serialize, json: &mut Vec<u8>) -> Result<(), Problem> {
    match costs {
        Costs::Shown => serde_json::to_writer(json, content).map_err(unwritable),
        Costs::Hidden => {
            let mut value = serde_json::to_value(content).map_err(unwritable)?;
            hide(&mut value);
            serde_json::to_writer(json, &value).map_err(unwritable)
        }
    }
}

/// The tag of a row as its caller sees it, so that nobody guesses a cost from it. What has no costs has its own tag, the
/// one that updates take.
pub(crate) fn tag(costs: Costs, row: &impl Serialize) -> Result<Text, Problem> {
    if costs == Costs::Hidden {
        let whole = serde_json::to_value(row).map_err(unwritable)?;
        let mut seen = whole.clone();
        hide(&mut seen);
        if seen != whole {
            return Ok(tag_of(&seen));
        }
    }
    Ok(tag_of(row))
}

fn unwritable(error: serde_json::Error) -> Problem {
    Problem::internal(format!("an answer cannot be written: {error}"))
}

/// Takes the costs out.
pub(crate) fn hide(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let is_bought = fields.contains_key("supplier");
            fields.retain(|name, _| !is_one(name, |_| is_bought));
            fields.values_mut().for_each(hide);
        }
        Value::Array(values) => values.iter_mut().for_each(hide),
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
        let both = json!([{"supplier": "A", "total": "4"}, {"customer": "B", "total": "9"}]);
        assert_eq!(json_of(Costs::Hidden, &both), r#"[{"supplier":"A"},{"customer":"B","total":"9"}]"#);
    }

    #[test]
    fn a_tag_tells_no_cost() {
        let (cheap, dear) = (json!({"name": "Tea", "cost": "1"}), json!({"name": "Tea", "cost": "9"}));
        assert_ne!(tag(Costs::Shown, &cheap).unwrap(), tag(Costs::Shown, &dear).unwrap());
        assert_eq!(tag(Costs::Hidden, &cheap).unwrap(), tag(Costs::Hidden, &dear).unwrap());
        let plain = json!({"name": "Tea"});
        assert_eq!(tag(Costs::Hidden, &plain).unwrap(), tag(Costs::Shown, &plain).unwrap());
    }

    fn json_of(costs: Costs, value: &Value) -> String {
        String::from_utf8(json(costs, value).unwrap()).unwrap()
    }
}
