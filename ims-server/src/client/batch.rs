//! Commands for a server's engine: many in one call, each with an id of its own, so that a call whose answer is lost is
//! sent again and does nothing twice.

use super::{Call, Client, Fate, Fault, Length, Repeat, Writes, fault::Signed, tries::Tries};
use ims_core::{Answered, Command, Context, Novelty, Receipt, Reply};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::VecDeque, sync::Arc, time::Instant};

/// Commands that are sent at once.
const COMMANDS_PER_CALL: usize = 500;
/// Bytes of commands that are sent at once, unless one alone has more: half of what a server takes by default.
const BYTES_PER_CALL: usize = 512 * 1024;

/// Whether commands are done or only tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Done.
    Execute,
    /// Tried: the answers say what they would do.
    Simulate,
}

impl Mode {
    fn word(self) -> &'static str {
        match self {
            Mode::Execute => "execute",
            Mode::Simulate => "simulate",
        }
    }

    fn writes(self) -> Writes {
        match self {
            Mode::Execute => Writes::Something,
            Mode::Simulate => Writes::Nothing,
        }
    }
}

impl Client {
    /// Has a command done, or only tried.
    pub(crate) async fn command(&self, context: Context, command: Command, mode: Mode) -> Reply {
        let replies = self.commands(vec![(context, command)], mode).await;
        let none = || Err(Fault::answer("no answer to a command", mode.writes()).into());
        replies.into_iter().next().unwrap_or_else(none)
    }

    /// Has commands done in this order, or only tried.
    pub(crate) async fn commands(&self, commands: Vec<(Context, Command)>, mode: Mode) -> Vec<Reply> {
        self.answers(commands, mode).await.into_iter().map(|answered| answered.reply).collect()
    }

    /// Has commands done in this order, or only tried, as many at once as the server takes. Tells of each whether its answer
    /// is an earlier one, as far as that is known: what was sent again may have been done by the first try.
    pub(crate) async fn answers(&self, commands: Vec<(Context, Command)>, mode: Mode) -> Vec<Answered> {
        let mut replies = Vec::with_capacity(commands.len());
        let mut chunks = chunks(&commands);
        while let Some(mut chunk) = chunks.pop_front() {
            match self.batch(&chunk, mode).await {
                Err(fault) if fault.is_too_large() && chunk.len() > 1 => {
                    let second = chunk.split_off(chunk.len().div_ceil(2));
                    chunks.push_front(second);
                    chunks.push_front(chunk);
                }
                Err(fault) => replies.extend(chunk.iter().map(|_| {
                    let reply = Err(fault.clone().into());
                    Answered { reply, novelty: Novelty::New }
                })),
                Ok((answers, fate)) => {
                    replies.extend(answers.into_iter().map(|answer| answer.answered(fate, self.signed())));
                }
            }
        }
        replies
    }

    /// Sends commands until each has an answer that is final, or it is too late. With the answers it tells what tries before
    /// the last one may have done.
    async fn batch(&self, commands: &[String], mode: Mode) -> Result<(Vec<BatchAnswer>, Fate), Fault> {
        let call = Call {
            method: Method::POST,
            path: "/v1/batch".into(),
            query: vec![("mode", mode.word().to_owned())],
            body: Some(format!(r#"{{"commands":[{}]}}"#, commands.join(",")).into()),
            writes: mode.writes(),
            repeat: Repeat::Freely,
            length: Length::Short,
        };
        let mut tries = Tries::begin(Instant::now(), self.shared.patience.deadline);
        let mut tried = Fate::NotDone;
        loop {
            let Batch { answers } = self.call_within(&call, &mut tries).await?;
            if answers.len() != commands.len() {
                return Err(Fault::answer("another number of answers", mode.writes()));
            }
            // The whole call goes again, in its order: what is done already is answered and not done again.
            let before = tried.max(tries.fate());
            let waiting = answers.iter().filter_map(|answer| answer.passing(self.signed()));
            let Some(fate) = waiting.map(|fault| fault.fate()).max() else { return Ok((answers, before)) };
            let pause = tries.again(Instant::now(), fate, std::time::Duration::ZERO, fastrand::u32(..));
            let Some(pause) = pause else { return Ok((answers, before)) };
            // Some of them may have been done now.
            tried = Fate::Open;
            tracing::debug!("some commands have no final answer yet: sending them again");
            tokio::time::sleep(pause).await;
        }
    }
}

/// The JSON of commands, in portions that are sent at once.
fn chunks(commands: &[(Context, Command)]) -> VecDeque<Vec<String>> {
    let mut chunks: VecDeque<Vec<String>> = VecDeque::new();
    let mut bytes: usize = 0;
    for (context, command) in commands {
        let one = sent(context, command);
        bytes = bytes.saturating_add(one.len());
        match chunks.back_mut().filter(|chunk| chunk.len() < COMMANDS_PER_CALL && bytes <= BYTES_PER_CALL) {
            Some(chunk) => chunk.push(one),
            None => {
                bytes = one.len();
                chunks.push_back(vec![one]);
            }
        }
    }
    chunks
}

/// A command as it is sent. Who gives it and when is known to the server.
fn sent(context: &Context, command: &Command) -> String {
    let mut one = json!({ "key": context.id, "command": command });
    if let (Some(at), Some(one)) = (context.occurred_at, one.as_object_mut()) {
        one.insert("occurred_at".to_owned(), json!(at));
    }
    one.to_string()
}

/// Answers to a batch.
#[derive(Deserialize)]
struct Batch {
    answers: Vec<BatchAnswer>,
}

/// An answer to a command of a batch.
#[derive(Deserialize)]
struct BatchAnswer {
    receipt: Option<Arc<Receipt>>,
    problem: Option<Value>,
    #[serde(default)]
    replayed: bool,
}

impl BatchAnswer {
    /// Why the command has no final answer yet, where that may pass.
    fn passing(&self, signed: Signed) -> Option<Fault> {
        let fault = Fault::of_command(self.problem.clone()?, signed);
        fault.is_passing().then_some(fault)
    }

    /// The answer, after tries that may have done the command.
    fn answered(self, tried: Fate, signed: Signed) -> Answered {
        let was_there = self.replayed && tried == Fate::NotDone;
        let novelty = if was_there { Novelty::Replayed } else { Novelty::New };
        Answered { reply: self.reply(signed), novelty }
    }

    fn reply(self, signed: Signed) -> Reply {
        match (self.receipt, self.problem) {
            (Some(receipt), _) => Ok(receipt),
            (None, Some(problem)) => Err(Fault::of_command(problem, signed).into()),
            (None, None) => Err(Fault::answer("neither a receipt nor a problem", Writes::Something).into()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ims_core::{CommandId, Text, Timestamp, item::CreateItem};

    fn commands(count: u128, name: &str) -> Vec<(Context, Command)> {
        let make = |id| {
            let context = Context::new(CommandId::from_u128(id), Text::from("me"), Timestamp::MIN);
            (context, CreateItem::new(format!("SKU-{id}").parse().unwrap(), name).into())
        };
        (0..count).map(make).collect()
    }

    #[test]
    fn no_call_is_larger_than_a_server_takes() {
        let sizes = |count, name: &str| chunks(&commands(count, name)).iter().map(Vec::len).collect::<Vec<usize>>();
        assert_eq!(sizes(0, "Tea"), Vec::<usize>::new());
        assert_eq!(sizes(1_200, "Tea"), [500, 500, 200]);
        let long = "tea ".repeat(50_000);
        assert_eq!(sizes(5, &long), [2, 2, 1]);
        let longer = long.repeat(4);
        assert_eq!(sizes(2, &longer), [1, 1], "one alone is sent whatever its size");
    }

    #[test]
    fn what_may_have_been_done_by_an_own_try_was_not_done_before() {
        let receipt = Receipt::PeriodClosed { until: "2026-01-31".parse().unwrap(), reopened_from: None, reason: None };
        let novelty = |replayed, tried| {
            let answer = BatchAnswer { receipt: Some(Arc::new(receipt.clone())), problem: None, replayed };
            answer.answered(tried, Signed::WithKey).novelty
        };
        assert_eq!(novelty(true, Fate::NotDone), Novelty::Replayed);
        assert_eq!(novelty(true, Fate::Open), Novelty::New);
        assert_eq!(novelty(false, Fate::NotDone), Novelty::New);
    }

    #[test]
    fn commands_keep_their_order() {
        let all: Vec<String> = chunks(&commands(700, "Tea")).into_iter().flatten().collect();
        let ids: Vec<Value> =
            all.iter().map(|one| serde_json::from_str::<Value>(one).unwrap()["key"].clone()).collect();
        assert!(ids.is_sorted_by_key(|id| id.to_string()));
    }
}
