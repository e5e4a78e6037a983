//! What goods cost and what was earned, taken out of an answer for those who may not see it.

use super::{Problem, caller::Costs};
use serde::Serialize;
use serde_json::Value;

/// The names that costs, values of stock and profits have in every row, receipt and event. A test compares the list with
/// the schemas.
const NAMES: &[&str] =
    &["cost", "cost_returned", "costs", "margin", "profit", "revaluation", "standard_cost", "unit_cost", "value"];

/// Writes JSON, without costs where they are hidden.
pub(crate) fn json(costs: Costs, content: &impl Serialize) -> Result<Vec<u8>, Problem> {
    let unwritable = |error: serde_json::Error| Problem::internal(format!("an answer cannot be written: {error}"));
    match costs {
        Costs::Shown => serde_json::to_vec(content).map_err(unwritable),
        Costs::Hidden => {
            let mut value = serde_json::to_value(content).map_err(unwritable)?;
            hide(&mut value);
            serde_json::to_vec(&value).map_err(unwritable)
        }
    }
}

/// Takes the costs out.
pub(crate) fn hide(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !NAMES.contains(&name.as_str()));
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

    fn json_of(costs: Costs, value: &Value) -> String {
        String::from_utf8(json(costs, value).unwrap()).unwrap()
    }
}
