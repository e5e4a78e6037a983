//! `GET /v1/events`: a page of the log, waited for where there is nothing yet.

use super::{
    hub::Start,
    listener::Heard,
    ring::{Batch, Most},
    rooms::Rooms,
    view::View,
};
use crate::serve::{Answer, Call, Problem, auth::Watch, caller::Sight};
use axum::http::StatusCode;
use ims_core::{Offset, limits};
use serde::{Deserialize, Deserializer, de};
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Events of a page where nobody says how many.
const USUAL: usize = 100;
/// Pages of the log that are looked through for one answer, where most of it is for others: it says where to go on.
const PAGES_PER_ANSWER: u32 = 4;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default, deserialize_with = "number")]
    after: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    limit: Option<u64>,
    #[serde(default, deserialize_with = "number")]
    wait_ms: Option<u64>,
    room: Option<String>,
}

/// Reads a number, which in a query is text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a whole number")]
    enum Number {
        Number(u64),
        Text(String),
    }
    match Number::deserialize(deserializer)? {
        Number::Number(number) => Ok(Some(number)),
        Number::Text(text) => text.parse().map(Some).map_err(|_| de::Error::custom("expected a whole number")),
    }
}

/// Answers with what follows an offset, at once or as soon as there is something.
pub(crate) async fn page(call: Call<'_>) -> Result<Answer, Problem> {
    let Asked { after, limit, wait_ms, room } = call.fields()?;
    let hub = call.service.hub();
    let rooms = Rooms::of_query(room.as_deref(), hub.config().rooms, hub.store()).await?;
    let view = View::of(call.caller, rooms);
    let limit = limit.map_or(USUAL, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    if !(1..=limits::EVENTS_PER_PAGE as usize).contains(&limit) {
        let detail = format!("limit: a page has 1 to {} events", limits::EVENTS_PER_PAGE);
        return Err(Problem::malformed(detail).field("at", "limit"));
    }
    let most = Most { events: limit, bytes: limits::PAGE_BYTES };
    let mut reached = Offset(after.unwrap_or_default());
    // Whoever has heard of events that are not there has those of another log, or of this one before it was restored.
    if let Start::Beyond { newest } = hub.start(Some(reached)).await? {
        return Err(missed(newest, newest));
    }
    let turn = call.service.questions().take(&call.caller.name, 1).await;
    for _ in 0..PAGES_PER_ANSWER {
        let stored = hub.stored(&call.caller.name, reached, &view, most).await?;
        reached = stored.batch.reached;
        if !stored.batch.entries.is_empty() {
            return Ok(answer(call.sight(), &stored.batch, stored.newest)?.made_in(turn));
        }
        if reached >= stored.newest {
            drop(turn);
            let wait = Duration::from_millis(wait_ms.unwrap_or_default().min(longest(call)));
            return wait_for(call, view, reached, stored.newest, wait).await;
        }
    }
    let nothing = Batch { entries: Vec::new(), reached };
    answer(call.sight(), &nothing, reached)
}

/// How long a caller may wait: a little less than until the request is given up.
fn longest(call: Call<'_>) -> u64 {
    let config = call.service.config();
    let before_timeout = config.http.request_timeout_ms.saturating_sub(config.http.request_timeout_ms / 8);
    config.live.most_wait_ms.min(before_timeout)
}

async fn wait_for(
    call: Call<'_>,
    view: View,
    reached: Offset,
    newest: Offset,
    wait: Duration,
) -> Result<Answer, Problem> {
    let nothing = Batch { entries: Vec::new(), reached };
    if wait.is_zero() {
        return answer(call.sight(), &nothing, newest);
    }
    let until = Instant::now().checked_add(wait).unwrap_or_else(Instant::now);
    let hub = call.service.hub();
    let mut listener = hub.listen(call.caller, view, Some(reached)).await?;
    let heard = async {
        loop {
            match listener.next().await {
                Heard::Events(batch) if batch.entries.is_empty() => {}
                Heard::Events(batch) => return Ok(batch),
                Heard::Resync { from, offset } => return Err(missed(from, offset)),
            }
        }
    };
    let gate = call.service.gate();
    let mut watch = Watch::default();
    gate.watch(call.caller, &mut watch).await?;
    let out = async {
        loop {
            watch.changed().await;
            if let Err(problem) = gate.again(&call.caller.proof).await
                && problem.status() == StatusCode::UNAUTHORIZED
            {
                return problem;
            }
        }
    };
    let batch = tokio::select! {
        () = hub.ended() => None,
        problem = out => return Err(problem),
        heard = timeout_at(until, heard) => heard.ok().transpose()?,
    };
    let batch = batch.unwrap_or(Batch { entries: Vec::new(), reached: listener.position() });
    let newest = (*hub.newest().borrow()).max(batch.reached);
    answer(call.sight(), &batch, newest)
}

/// Says that events were missed: what comes next is after `offset`.
pub(crate) fn missed(from: Offset, offset: Offset) -> Problem {
    let detail = format!(
        "you have missed what is after {from}, up to {offset}: read it in pages or load what you show anew, and follow what \
         comes after {offset}"
    );
    Problem::new(StatusCode::CONFLICT, "resync", detail).field("from", from.0).field("offset", offset.0)
}

/// Writes `{"events": […], "next": 7, "newest": 9}`.
fn answer(sight: Sight, batch: &Batch, newest: Offset) -> Result<Answer, Problem> {
    let mut json = b"{\"events\":[".to_vec();
    for (at, entry) in batch.entries.iter().enumerate() {
        if at > 0 {
            json.push(b',');
        }
        json.extend_from_slice(entry.json(sight)?);
    }
    json.extend_from_slice(format!("],\"next\":{},\"newest\":{newest}}}", batch.reached).as_bytes());
    Ok(Answer::json(json).offset(batch.reached))
}
