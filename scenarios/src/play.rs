//! Plays a story on a store.

use crate::{Failure, Played, Step};
use futures_util::future::join;
use ims_core::{Answer, Command, Context, Error, Ims, Reply, Reports, Store, audit};

/// Commands of a long story that are given at once, so that the group commit is played too. Those of a short one are
/// given one by one.
const TOGETHER: usize = 100;
/// Commands that a short story has at most.
const SHORT: usize = 1_000;

/// Plays a story on a store in which nothing has happened; returns the state hash.
///
/// # Errors
/// Where an answer, or the state at the end, is not what the story says.
pub async fn play<S: Store + Reports>(store: S, story: &Played) -> Result<String, Failure> {
    let commands = story.steps.iter().map(|step| (step.context.clone(), step.command.clone())).collect();
    let (steps, found) = record(store, commands).await?;
    for (number, (found, expected)) in steps.iter().zip(&story.steps).enumerate() {
        if found.answer != expected.answer {
            return Err(Failure::OtherAnswer {
                step: number,
                expected: json(&expected.answer),
                found: json(&found.answer),
            });
        }
    }
    if found != story.state_hash {
        return Err(Failure::OtherState { expected: story.state_hash.clone(), found });
    }
    Ok(found)
}

/// Gives commands to a store in which nothing has happened; returns them with their answers, and the state hash.
///
/// # Errors
/// Where a command has no answer, or a promise is broken at the end.
pub async fn record<S: Store + Reports>(
    store: S,
    commands: Vec<(Context, Command)>,
) -> Result<(Vec<Step>, String), Failure> {
    let (ims, worker) = Ims::new(store);
    let story = async move {
        let together = if commands.len() <= SHORT { 1 } else { TOGETHER };
        let mut steps = Vec::with_capacity(commands.len());
        for some in commands.chunks(together) {
            for ((context, command), reply) in some.iter().cloned().zip(ims.execute_all(some.to_vec()).await) {
                let answer = answer(reply).map_err(|error| Failure::NoAnswer { step: steps.len(), error })?;
                steps.push(Step { context, command, answer });
            }
        }
        let hash = sound(ims.store()).await?;
        Ok((steps, hash))
    };
    join(worker, story).await.1
}

/// Checks that a store keeps its promises; returns its state hash.
pub(crate) async fn sound(store: &(impl Reports + Store)) -> Result<String, Failure> {
    let verdict = audit::verify(store).await?;
    if verdict.ok { Ok(verdict.state_hash) } else { Err(Failure::Broken { what: format!("{:?}", verdict.broken) }) }
}

/// What a command was answered: done or refused. Anything else is no answer.
pub(crate) fn answer(reply: Reply) -> Result<Answer, Error> {
    match reply {
        Ok(receipt) => Ok(Answer::Done(receipt)),
        Err(Error::Rejected(rejection)) => Ok(Answer::Refused(*rejection)),
        Err(error) => Err(error),
    }
}

fn json(answer: &Answer) -> String {
    serde_json::to_string(answer).unwrap_or_else(|error| error.to_string())
}
