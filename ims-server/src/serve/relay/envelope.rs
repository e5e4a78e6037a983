//! An event of the log as a CloudEvent 1.0, in its JSON form.

use super::{names::Happening, subject};
use crate::serve::{
    caller::{Costs, Sight},
    costs,
};
use bytes::Bytes;
use ims_core::{CommandId, Event, Offset, Timestamp};
use serde::Serialize;
use serde_json::Value;

/// What a message is sent as.
pub(crate) const CONTENT_TYPE: &str = "application/cloudevents+json";

/// A message to those who listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Where its event stands in the log.
    pub(crate) offset: Offset,
    /// Tells duplicates: the same event has the same id however often it is sent, and no other has it.
    pub(crate) id: String,
    /// What happened, as its names tell.
    pub(crate) happening: Happening,
    /// Messages of one key are sent in their order.
    pub(crate) key: String,
    /// When it happened.
    pub(crate) time: Timestamp,
    /// The CloudEvent.
    pub(crate) json: Bytes,
}

/// How messages are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Writing {
    /// The store that the events are from: the command that opened its shop.
    pub(crate) store: CommandId,
    /// What has an order of its own.
    pub(crate) order: Order,
    /// Bytes of a message; one that would be larger goes without its data.
    pub(crate) limit_bytes: usize,
}

/// What has an order of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Each subject: events of different subjects may overtake each other.
    #[default]
    Subject,
    /// The whole log: nothing overtakes anything, and a broker spreads nothing.
    Log,
}

/// A CloudEvent. Its attributes are of the types that the specification has: numbers of 64 bits are texts.
#[derive(Serialize)]
struct CloudEvent<'a> {
    specversion: &'static str,
    id: &'a str,
    source: String,
    #[serde(rename = "type")]
    event_type: &'static str,
    subject: &'a str,
    time: String,
    datacontenttype: &'static str,
    partitionkey: &'a str,
    offset: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dataref: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
}

impl Message {
    /// Writes an event down, with its [`data`].
    ///
    /// # Errors
    /// What JSON cannot hold, which no event has in it.
    pub(crate) fn of(writing: Writing, event: &Event, data: Value) -> Result<Message, serde_json::Error> {
        let happening = Happening::of(&event.record.body);
        let subject = subject::of(event);
        let key = match writing.order {
            Order::Subject => subject.clone(),
            Order::Log => "log".to_owned(),
        };
        // With the command, because a store that was brought back from a backup uses its offsets anew.
        let id = format!("{}-{}", event.offset, event.record.command);
        let aliases = happening.aliases().join(",");
        let cloud_event = CloudEvent {
            specversion: "1.0",
            id: &id,
            source: format!("urn:uuid:{}", writing.store),
            event_type: happening.event_type(),
            subject: &subject,
            time: event.record.occurred_at.to_string(),
            datacontenttype: "application/json",
            partitionkey: &key,
            offset: event.offset.to_string(),
            alias: (!aliases.is_empty()).then_some(aliases),
            dataref: None,
            data: Some(&data),
        };
        let mut json = serde_json::to_vec(&cloud_event)?;
        if json.len() > writing.limit_bytes {
            // The claim check of the CloudEvents extension "dataref".
            let before = event.offset.0.saturating_sub(1);
            let dataref = Some(format!("/v1/events?after={before}&limit=1"));
            json = serde_json::to_vec(&CloudEvent { data: None, dataref, ..cloud_event })?;
        }
        let time = event.record.occurred_at;
        Ok(Message { offset: event.offset, id, happening, key, time, json: json.into() })
    }
}

/// The event as it stands in the log, without costs where they are hidden.
pub(crate) fn data(hidden: Costs, event: &Event) -> Result<Value, serde_json::Error> {
    let mut data = serde_json::to_value(event)?;
    costs::hide(Sight::with(hidden), &mut data);
    Ok(data)
}
