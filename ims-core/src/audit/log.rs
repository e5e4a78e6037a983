//! Whether the log is whole: no offset is missing, every event has its command, and every command that was done its events.
//!
//! Commands and events are counted against each other in a table of a fixed size, whatever their number: the first look
//! tells whether they match. Which of them do not is told by a second look, which is taken only where they do not.

use super::verify::Broken;
use crate::{Answer, CommandId, CommandRecord, Event, EventBody, EventRecord, Offset, Text, Timestamp};
use std::collections::BTreeMap;

/// Which promise is broken.
pub(super) const PROMISE: &str = "a log without gaps";

/// An event, as far as the proof asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its place in the log.
    pub offset: Offset,
    /// The command that caused it.
    pub command: CommandId,
    /// Who gave that command.
    pub actor: Text,
    /// When it happened in the shop.
    pub occurred_at: Timestamp,
    /// When the shop was told.
    pub recorded_at: Timestamp,
    /// What happened; `None` where the event says that its command was done, and there is no receipt that says what.
    pub body: Option<EventBody>,
}

impl From<Event> for LogEntry {
    fn from(Event { offset, record }: Event) -> LogEntry {
        let EventRecord { command, actor, occurred_at, recorded_at, body } = record;
        LogEntry { offset, command, actor, occurred_at, recorded_at, body: Some(body) }
    }
}

impl LogEntry {
    /// Whether it tells that its command was done: the first event of each.
    fn is_first(&self) -> bool {
        matches!(self.body, None | Some(EventBody::Done(_)))
    }
}

/// In so many parts commands and events are counted: 64 KiB.
const PARTS: u128 = 4_096;
/// So many parts that do not match are looked at again.
const PARTS_NAMED: usize = 16;

/// Counts commands against events.
pub(super) struct Log {
    /// For each part of the commands: the sum over those that were done less the sum over those that events tell of.
    parts: Vec<u128>,
    last: Option<LogEntry>,
    /// Whether the first look is over.
    second: bool,
    /// The parts that do not match, once that is known, with their commands.
    unmatched: Option<(Vec<usize>, Told)>,
}

/// Of each command how often it was done less how often the log says so, and where it says so last.
type Told = BTreeMap<CommandId, (i64, Offset)>;

impl Default for Log {
    fn default() -> Self {
        let parts = usize::try_from(PARTS).unwrap_or_default();
        Log { parts: vec![0; parts], last: None, second: false, unmatched: None }
    }
}

impl Log {
    pub(super) fn see_command(&mut self, record: &CommandRecord) {
        if !matches!(*record.answer, Answer::Done(_)) {
            return;
        }
        let (part, sum) = place(record.id);
        match &mut self.unmatched {
            None => count(&mut self.parts, part, |total| total.wrapping_add(sum)),
            Some((parts, commands)) if parts.contains(&part) => {
                let (times, _) = commands.entry(record.id).or_default();
                *times = times.saturating_add(1);
            }
            Some(_) => {}
        }
    }

    /// Looks at the next event; tells what is wrong with its place.
    pub(super) fn see_event(&mut self, entry: &LogEntry) -> Option<Broken> {
        let (part, sum) = place(entry.command);
        match &mut self.unmatched {
            None if entry.is_first() => count(&mut self.parts, part, |total| total.wrapping_sub(sum)),
            Some((parts, commands)) if entry.is_first() && parts.contains(&part) => {
                let (times, offset) = commands.entry(entry.command).or_default();
                *times = times.saturating_sub(1);
                *offset = entry.offset;
            }
            _ => {}
        }
        if self.second {
            return None;
        }
        let before = self.last.replace(entry.clone());
        let expected = before.as_ref().map_or(0, |last| last.offset.0).saturating_add(1);
        if entry.offset.0 != expected {
            return Some(missing(expected, entry.offset.0.saturating_sub(1)));
        }
        if entry.is_first() {
            return None;
        }
        let Some(before) = before.filter(|last| last.command == entry.command) else {
            let finding =
                format!("it follows no event that says that its command {} (command) was done", entry.command);
            return Some(broken(entry.offset, finding));
        };
        // What follows from a command is told in one breath with it.
        let (actor, recorded_at) = (&before.actor, before.recorded_at);
        let together = entry.occurred_at == recorded_at || entry.occurred_at == before.occurred_at;
        if together && (&entry.actor, entry.recorded_at) == (actor, recorded_at) {
            return None;
        }
        let finding = format!(
            "by {:?} at {}, recorded at {} (actor, occurred_at, recorded_at): the event before it says that its command was \
             given by {actor:?} and recorded at {recorded_at}",
            entry.actor, entry.occurred_at, entry.recorded_at
        );
        Some(broken(entry.offset, finding))
    }

    /// Ends the first look: tells what is wrong with the end of the log, and whether a second look is needed.
    pub(super) fn end(&mut self, newest: Offset) -> (Option<Broken>, bool) {
        self.second = true;
        let last = self.last.take().map_or(0, |last| last.offset.0);
        let end = (last != newest.0).then(|| {
            let finding = match last < newest.0 {
                true => format!("the newest offset (newest) is {newest}, and the log ends at {last}: the events after that are missing"),
                false => format!("the newest offset (newest) is {newest}, should be {last}"),
            };
            Broken { promise: PROMISE, row: "head".to_owned(), finding }
        });
        let unmatched = self.parts.iter().enumerate().filter(|(_, sum)| **sum != 0).map(|(part, _)| part);
        let unmatched: Vec<usize> = unmatched.take(PARTS_NAMED).collect();
        let again = !unmatched.is_empty();
        self.unmatched = again.then(|| (unmatched, BTreeMap::new()));
        (end, again)
    }

    /// What the second look has found.
    pub(super) fn findings(self) -> Vec<Broken> {
        let Some((_, commands)) = self.unmatched else { return Vec::new() };
        let wrong = commands.into_iter().filter(|(_, (times, _))| *times != 0);
        wrong
            .map(|(command, (times, offset))| match times.is_positive() {
                true => Broken {
                    promise: PROMISE,
                    row: format!("commands: {command}"),
                    finding: "it was done, and no event says so".to_owned(),
                },
                false => broken(
                    offset,
                    format!("it says that the command {command} (command) was done, and no answer to it says so"),
                ),
            })
            .collect()
    }
}

/// In which part a command is counted, and as what: numbers that no few commands sum up to by chance.
fn place(command: CommandId) -> (usize, u128) {
    const ODD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let mixed = command.as_u128().wrapping_mul(ODD);
    let mixed = (mixed ^ (mixed >> 64)).wrapping_mul(ODD);
    let mixed = mixed ^ (mixed >> 61);
    (usize::try_from(mixed % PARTS).unwrap_or_default(), mixed | 1)
}

fn count(parts: &mut [u128], part: usize, change: impl FnOnce(u128) -> u128) {
    if let Some(total) = parts.get_mut(part) {
        *total = change(*total);
    }
}

fn missing(from: u64, to: u64) -> Broken {
    let finding = match from.cmp(&to) {
        std::cmp::Ordering::Less => format!("the events up to offset {to} (event_offset) are missing"),
        std::cmp::Ordering::Equal => "this event (event_offset) is missing".to_owned(),
        std::cmp::Ordering::Greater => "this offset (event_offset) was expected, and an earlier one follows".to_owned(),
    };
    broken(Offset(from), finding)
}

fn broken(offset: Offset, finding: String) -> Broken {
    Broken { promise: PROMISE, row: format!("events: offset {offset}"), finding }
}
