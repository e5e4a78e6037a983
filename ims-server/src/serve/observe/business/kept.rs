//! What was counted, kept in the shop's registry for the next instance that starts.
//!
//! An entry of the registry has a limit and the totals have none, since a shop may have any number of open alerts: so they
//! are kept in parts. Each part says of which offset it is. Where parts do not fit together, since two instances wrote at
//! once, the log is counted from its beginning: that costs time, and never an answer.

use super::totals::Totals;
use ims_core::{Offset, StoreError};
use ims_sqlx::{
    Registry,
    registry::{Expected, Written},
};
use serde::{Deserialize, Serialize};

/// Under what the parts are kept.
const KIND: &str = "figures";
/// Characters of a part: escaped as a text of JSON, they fit into an entry.
const PART_CHARACTERS: usize = 10_000;

/// A part of the totals, which are a text of JSON.
#[derive(Debug, Serialize, Deserialize)]
struct Part {
    counted: Offset,
    parts: usize,
    text: String,
}

/// The totals that were kept; nothing where none were, or where they do not fit together.
pub(super) async fn read(registry: &Registry) -> Result<Option<Totals>, StoreError> {
    let Some(first) = part(registry, 0).await? else { return Ok(None) };
    let mut text = first.text;
    for number in 1..first.parts {
        match part(registry, number).await? {
            Some(part) if part.counted == first.counted => text.push_str(&part.text),
            _ => return Ok(None),
        }
    }
    Ok(serde_json::from_str(&text).ok())
}

async fn part(registry: &Registry, number: usize) -> Result<Option<Part>, StoreError> {
    let entry = registry.get(KIND, &name(number)).await?;
    Ok(entry.and_then(|entry| serde_json::from_str(&entry.body).ok()))
}

/// Keeps totals. Another instance may have kept others meanwhile: each is right for its own offset.
pub(super) async fn write(registry: &Registry, totals: &Totals) -> Result<(), StoreError> {
    // Sums, words and ids are always values of JSON.
    let characters: Vec<char> = serde_json::to_string(totals).unwrap_or_default().chars().collect();
    let parts = characters.chunks(PART_CHARACTERS);
    for (number, part) in parts.clone().enumerate() {
        let part = Part { counted: totals.counted, parts: parts.len(), text: part.iter().collect() };
        let body = serde_json::to_string(&part).unwrap_or_default();
        match registry.put(KIND, &name(number), Expected::Any, &body, None).await? {
            Written::Done { .. } | Written::Conflict => {}
        }
    }
    Ok(())
}

fn name(number: usize) -> String {
    format!("business/{number}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn many() -> Totals {
        let mut totals = Totals { counted: Offset(7), ..Totals::default() };
        totals.adjusted = (0..3_000).map(|number| (format!("reason \"{number}\""), ims_core::Quantity::ONE)).collect();
        totals
    }

    #[tokio::test]
    async fn totals_of_any_size_are_kept() {
        let registry = Registry::memory();
        assert_eq!(read(&registry).await.unwrap(), None);
        let totals = many();
        write(&registry, &totals).await.unwrap();
        assert_eq!(read(&registry).await.unwrap(), Some(totals));
    }

    #[tokio::test]
    async fn parts_of_different_offsets_are_nothing() {
        let registry = Registry::memory();
        write(&registry, &many()).await.unwrap();
        let body = registry.get(KIND, &name(1)).await.unwrap().unwrap().body.replace("\"counted\":7", "\"counted\":8");
        assert!(matches!(
            registry.put(KIND, &name(1), Expected::Any, &body, None).await.unwrap(),
            Written::Done { .. }
        ));
        assert_eq!(read(&registry).await.unwrap(), None);
    }
}
