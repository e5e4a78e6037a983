//! Where messages go: what every broker is asked to do.

use super::envelope::Message;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A broker that can be connected to.
#[async_trait]
pub(crate) trait Broker: Send + Sync {
    /// Connects. Called again after every failure, with pauses.
    async fn connect(&self) -> Result<Box<dyn Sink>, Failed>;

    /// How many messages are published at once.
    fn batch(&self) -> usize;
}

/// A connection to a broker.
#[async_trait]
pub(crate) trait Sink: Send {
    /// Publishes messages and waits until the broker has acknowledged them all. Of those with one key, none is with the
    /// broker before the ones that stand before it, also where this fails.
    async fn publish(&mut self, batch: &[Message]) -> Result<(), Failed>;

    /// Ends the connection in an orderly way.
    async fn close(self: Box<Self>) {}
}

/// Why messages were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The broker cannot be reached, or its connection broke.
    Unreachable,
    /// It does not answer in time.
    TimedOut,
    /// It said no.
    Refused,
    /// Nobody has asked it to keep such messages: no queue, no stream, no topic.
    Unroutable,
    /// The message is larger than it takes.
    TooLarge,
    /// A listener answered with an HTTP status that is no success.
    Status,
    /// A listener sent the delivery elsewhere, which is not followed.
    Redirected,
    /// A listener's address is one that must not be called.
    AddressForbidden,
    /// A listener is gone for good.
    Gone,
}

impl Trouble {
    /// All of them.
    #[cfg(test)]
    pub(crate) const ALL: [Trouble; 9] = [
        Trouble::Unreachable,
        Trouble::TimedOut,
        Trouble::Refused,
        Trouble::Unroutable,
        Trouble::TooLarge,
        Trouble::Status,
        Trouble::Redirected,
        Trouble::AddressForbidden,
        Trouble::Gone,
    ];

    /// A code that never changes; docs/codes.md lists them.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Trouble::Unreachable => "relay_unreachable",
            Trouble::TimedOut => "relay_timed_out",
            Trouble::Refused => "relay_refused",
            Trouble::Unroutable => "relay_unroutable",
            Trouble::TooLarge => "relay_too_large",
            Trouble::Status => "webhook_status",
            Trouble::Redirected => "webhook_redirected",
            Trouble::AddressForbidden => "webhook_address_forbidden",
            Trouble::Gone => "webhook_gone",
        }
    }
}

/// Messages were not taken, or nobody knows whether they were.
#[derive(Debug)]
pub(crate) struct Failed {
    /// Why, for programs.
    pub(crate) trouble: Trouble,
    /// What the broker or its library said: for the log only.
    pub(crate) source: String,
}

impl Failed {
    /// Says why.
    pub(crate) fn new(trouble: Trouble, source: impl ToString) -> Failed {
        Failed { trouble, source: source.to_string() }
    }
}

/// How messages are named where there are several places for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Routing {
    /// By their type, each once.
    #[default]
    Type,
    /// By the names of older systems, once for each; what has none is not sent.
    Alias,
}

/// A message on its way to a place.
#[derive(Clone, Debug)]
pub(crate) struct Routed<'a> {
    /// The message.
    pub(crate) message: &'a Message,
    /// The word of its type, or an alias.
    pub(crate) word: &'static str,
    /// Tells duplicates at this place.
    pub(crate) id: String,
}

impl Routing {
    /// Where messages go, in their order.
    pub(crate) fn of(self, batch: &[Message]) -> Vec<Routed<'_>> {
        fn route(routing: Routing, message: &Message) -> Vec<Routed<'_>> {
            let Message { happening, id, .. } = message;
            match routing {
                Routing::Type => {
                    let word = happening.event_type();
                    vec![Routed { message, word: word.strip_prefix("ims.").unwrap_or(word), id: id.clone() }]
                }
                Routing::Alias => {
                    let aliases = happening.aliases().iter();
                    aliases.map(|alias| Routed { message, word: alias, id: format!("{id}-{alias}") }).collect()
                }
            }
        }
        batch.iter().flat_map(|message| route(self, message)).collect()
    }

    /// The one place of a relay, or one of its places.
    pub(crate) fn place(self, target: &str, word: &str) -> String {
        match self {
            Routing::Type => target.to_owned(),
            Routing::Alias => format!("{target}.{word}"),
        }
    }
}

/// Splits what is published at once so that each part has a key at most once: where a broker can refuse one message and
/// take the next, the next of the same key waits for the first one's acknowledgement.
pub(crate) fn waves<'a>(routed: Vec<Routed<'a>>) -> Vec<Vec<Routed<'a>>> {
    let mut waves: Vec<Vec<Routed<'a>>> = Vec::new();
    let mut keys = HashSet::new();
    for one in routed {
        let is_new = keys.insert(&one.message.key);
        match waves.last_mut() {
            Some(wave) if is_new => wave.push(one),
            _ => {
                keys = HashSet::from([&one.message.key]);
                waves.push(vec![one]);
            }
        }
    }
    waves
}

#[cfg(test)]
mod tests {
    use super::super::names::Happening;
    use super::*;
    use ims_core::{Offset, Timestamp};

    fn message(offset: u64, happening: Happening, key: &str) -> Message {
        let id = format!("{offset}-c");
        Message { offset: Offset(offset), id, happening, key: key.to_owned(), time: Timestamp::MAX, json: "{}".into() }
    }

    #[test]
    fn no_key_is_twice_in_a_wave_and_the_order_stays() {
        let keys = ["a", "b", "a", "c", "a", "a"];
        let batch: Vec<Message> =
            keys.iter().zip(1..).map(|(key, offset)| message(offset, Happening::Sold, key)).collect();
        let waves: Vec<Vec<u64>> = waves(Routing::Type.of(&batch))
            .iter()
            .map(|wave| wave.iter().map(|one| one.message.offset.0).collect())
            .collect();
        assert_eq!(waves, [vec![1, 2], vec![3, 4], vec![5], vec![6]]);
    }

    #[test]
    fn by_alias_a_message_goes_to_each_of_its_names() {
        let batch = [message(1, Happening::Sold, "a"), message(2, Happening::HoldPlaced, "a")];
        let by = |routing: Routing| -> Vec<(&str, String)> {
            routing.of(&batch).into_iter().map(|one| (one.word, one.id)).collect()
        };
        assert_eq!(by(Routing::Type), [("sold", "1-c".to_owned()), ("hold_placed", "2-c".to_owned())]);
        let both = [("SaleCreated", "1-c-SaleCreated".to_owned()), ("StockOut", "1-c-StockOut".to_owned())];
        assert_eq!(by(Routing::Alias), both);
    }
}
