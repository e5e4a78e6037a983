//! Commands on their way to the engine: many at once, answered in the order in which they were given.

use crate::engine::Engine;
use futures_util::{FutureExt, future::BoxFuture};
use ims_core::{Command, Context, Reply};
use std::collections::VecDeque;

/// Commands that are given together.
const COMMANDS_PER_CHUNK: usize = 500;
/// Lines of documents that are given together: few large documents weigh as much as many small ones.
const LINES_PER_CHUNK: usize = 12_000;
/// Chunks that wait for their answers while the next one is read: one is being committed, one is waiting behind it.
const CHUNKS_IN_FLIGHT: usize = 2;

/// Keeps the engine busy. What is noted with a command comes back with its answer.
pub(crate) struct Pipeline<N> {
    engine: Engine,
    commands: Vec<(Context, Command)>,
    notes: Vec<N>,
    lines: usize,
    in_flight: VecDeque<(BoxFuture<'static, Vec<Reply>>, Vec<N>)>,
}

/// Answers that have come, oldest first, each with what was noted with its command.
pub(crate) type Answered<N> = Vec<(N, Reply)>;

impl<N> Pipeline<N> {
    pub(crate) fn new(engine: Engine) -> Self {
        Pipeline { engine, commands: Vec::new(), notes: Vec::new(), lines: 0, in_flight: VecDeque::new() }
    }

    /// Gives a command of so many lines. Returns the answers that had to be waited for.
    pub(crate) async fn give(&mut self, context: Context, command: Command, lines: usize, note: N) -> Answered<N> {
        self.commands.push((context, command));
        self.notes.push(note);
        self.lines = self.lines.saturating_add(lines);
        if self.commands.len() < COMMANDS_PER_CHUNK && self.lines < LINES_PER_CHUNK {
            return Vec::new();
        }
        self.send();
        if self.in_flight.len() <= CHUNKS_IN_FLIGHT {
            return Vec::new();
        }
        self.oldest().await
    }

    /// Gives what is left and returns all answers that have not come yet.
    pub(crate) async fn finish(&mut self) -> Answered<N> {
        self.send();
        let mut answered = Vec::new();
        while !self.in_flight.is_empty() {
            answered.extend(self.oldest().await);
        }
        answered
    }

    fn send(&mut self) {
        self.lines = 0;
        if self.commands.is_empty() {
            return;
        }
        let commands = std::mem::take(&mut self.commands);
        let engine = self.engine.clone();
        let mut replies = async move { engine.execute_all(commands).await }.boxed();
        // The first look at the future puts the commands into the engine's queue, in this order; far fewer chunks than
        // the queue has room for are ever in flight.
        match (&mut replies).now_or_never() {
            Some(done) => {
                self.in_flight.push_back((futures_util::future::ready(done).boxed(), std::mem::take(&mut self.notes)))
            }
            None => self.in_flight.push_back((replies, std::mem::take(&mut self.notes))),
        }
    }

    async fn oldest(&mut self) -> Answered<N> {
        match self.in_flight.pop_front() {
            Some((replies, notes)) => notes.into_iter().zip(replies.await).collect(),
            None => Vec::new(),
        }
    }
}
