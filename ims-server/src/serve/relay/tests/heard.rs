//! What a listener heard, and whether that is what a relay promises.

use super::Shop;
use ims_core::{EventBody, Offset, Store, limits::EVENTS_PER_PAGE};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// CloudEvents in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Heard(pub(super) Vec<Value>);

impl Heard {
    /// Reads what was heard.
    pub(super) fn of<T: AsRef<[u8]>>(messages: impl IntoIterator<Item = T>) -> Heard {
        Heard(messages.into_iter().map(|message| serde_json::from_slice(message.as_ref()).unwrap()).collect())
    }

    /// How many came again.
    pub(super) fn duplicates(&self) -> usize {
        self.0.len() - self.ids().len()
    }

    fn ids(&self) -> BTreeSet<&str> {
        self.0.iter().map(|event| event["id"].as_str().unwrap()).collect()
    }

    /// Every event of the log came, at least once; what came again is the same; and what is new of a key comes in order.
    pub(super) async fn check(&self, shop: &Shop) {
        let offsets: BTreeSet<u64> = self.0.iter().map(offset).collect();
        assert_eq!(offsets, (1..=shop.newest().await).collect(), "each event of the log, and no other");
        let mut last: BTreeMap<&str, u64> = BTreeMap::new();
        let mut seen: HashMap<&str, &Value> = HashMap::new();
        for event in &self.0 {
            let id = event["id"].as_str().unwrap();
            if let Some(before) = seen.insert(id, event) {
                assert_eq!(before, event, "what comes again is the same");
                continue;
            }
            let before = last.insert(event["partitionkey"].as_str().unwrap(), offset(event)).unwrap_or_default();
            assert!(before < offset(event), "{id} came after {before} of its key");
        }
        assert_eq!(seen.len(), offsets.len(), "an id for each event");
        self.is_what_the_log_says(shop).await;
    }

    async fn is_what_the_log_says(&self, shop: &Shop) {
        let mut after = Offset::START;
        loop {
            let page = shop.store().events(after, EVENTS_PER_PAGE).await.unwrap().events;
            let Some(last) = page.last() else { return };
            after = last.offset;
            for event in &page {
                let heard = self.0.iter().find(|heard| offset(heard) == event.offset.0).unwrap();
                assert_eq!(heard["id"], format!("{}-{}", event.offset, event.record.command));
                assert_eq!(heard["data"]["command"], event.record.command.to_string());
                assert_eq!(heard["type"], type_of(&event.record.body));
                assert_eq!(heard["specversion"], "1.0");
                assert!(!heard.to_string().contains("\"cost\":"), "costs are hidden");
            }
        }
    }
}

fn offset(event: &Value) -> u64 {
    event["offset"].as_str().unwrap().parse().unwrap()
}

/// The word under which an event stands in JSON.
fn type_of(body: &EventBody) -> String {
    let json = match body {
        EventBody::Done(receipt) => serde_json::to_value(receipt).unwrap(),
        other => serde_json::to_value(other).unwrap(),
    };
    format!("ims.{}", json.as_object().unwrap().keys().next().unwrap())
}
