//! What requests look like: the steps of one story, which the tests play from the first to the last.

use serde::Deserialize;
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// The steps.
const STORY: &str = include_str!("examples.json");

/// A request.
#[derive(Debug, Deserialize)]
pub(crate) struct Example {
    /// Which operation.
    operation: String,
    /// The fields of its path.
    #[serde(default)]
    pub(crate) path: Map<String, Value>,
    /// The fields of its query.
    #[serde(default)]
    pub(crate) query: Map<String, Value>,
    /// Its body.
    #[serde(default)]
    pub(crate) body: Map<String, Value>,
}

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| serde_json::from_str(STORY).unwrap_or_default());

/// The first example of an operation.
pub(crate) fn of(operation: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.operation == operation)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::serve::Operation;

    #[test]
    fn every_operation_has_an_example() {
        let story: Vec<Example> = serde_json::from_str(STORY).unwrap();
        let missing: Vec<&str> = Operation::all()
            .filter(|operation| !story.iter().any(|example| example.operation == operation.name))
            .map(|operation| operation.name)
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }
}
