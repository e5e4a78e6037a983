//! What goods cost and what was earned, taken out of an answer for those who may not see it.

use super::{Problem, caller::Costs};
use ims_core::{Text, tag_of};
use serde::Serialize;
use serde_json::Value;

/// The names that costs, values of stock and profits have in every row, receipt and event.
const NAMES: &[&str] =
    &["cost", "cost_returned", "costs", "margin", "profit", "revaluation", "standard_cost", "unit_cost", "value"];

/// Whether a field of this name tells a cost.
pub(crate) fn is_one(name: &str) -> bool {
    NAMES.contains(&name)
}

/// Writes JSON, without costs where they are hidden.
pub(crate) fn json(costs: Costs, content: &impl Serialize) -> Result<Vec<u8>, Problem> {
    match costs {
        Costs::Shown => serde_json::to_vec(content).map_err(unwritable),
        Costs::Hidden => {
            let mut value = serde_json::to_value(content).map_err(unwritable)?;
            hide(&mut value);
            serde_json::to_vec(&value).map_err(unwritable)
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
            fields.retain(|name, _| !is_one(name));
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
