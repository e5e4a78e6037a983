//! A client of a server: every call has a deadline, is tried again with the same key where that can help, and stops at
//! once while the server is known to be away.

mod backoff;
mod breaker;
mod fault;
mod store;

pub(crate) use store::RemoteStore;

use breaker::{Breaker, Verdict};
use fault::Fault;
use ims_core::{Command, Context, Receipt, Reply};
use reqwest::{Method, StatusCode, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How patient a client is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// From the first try of a call to the end of the last one.
    pub(crate) deadline: Duration,
    /// Failures in a row after which the server counts as away.
    pub(crate) failures: u32,
    /// For how long it then is not asked.
    pub(crate) away: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Patience { deadline: Duration::from_secs(30), failures: 5, away: Duration::from_secs(30) }
    }
}

/// A client. Cheap to clone; clones share what is known of the server.
#[derive(Clone)]
pub(crate) struct Client {
    shared: Arc<Shared>,
}

struct Shared {
    http: reqwest::Client,
    base: String,
    key: Option<String>,
    patience: Patience,
    breaker: Mutex<Breaker>,
}

/// Never with its key.
impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.shared.base).finish_non_exhaustive()
    }
}

/// A call, as it is sent each time that it is tried.
#[derive(Clone, Debug)]
struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
    /// Whether nobody knows what became of it when its answer is lost.
    writes: Writes,
}

/// Whether a call changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writes {
    Nothing,
    Something,
}

/// What one try came to.
enum Tried {
    Answered(Vec<u8>),
    /// It failed for good.
    Refused(Fault),
    /// It may do better later, at the earliest after so long.
    Failed(Fault, Duration),
}

impl Client {
    /// A client of the server at a URL, such as `https://shop.example`.
    ///
    /// # Errors
    /// Where the URL cannot be one of a server, or TLS cannot be used here.
    pub(crate) fn new(url: &str, key: Option<String>, patience: Patience) -> Result<Client, Fault> {
        let base = url.trim_end_matches('/').to_owned();
        let url = reqwest::Url::parse(&base).map_err(|_| Fault::url(&base))?;
        let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        if !plain || url.host_str().is_none() {
            return Err(Fault::url(&base));
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("ims/", env!("CARGO_PKG_VERSION")))
            // A redirect would send the key to somebody else.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| Fault::unreachable(&error, Writes::Nothing))?;
        let breaker = Mutex::new(Breaker::new(patience.failures, patience.away));
        Ok(Client { shared: Arc::new(Shared { http, base, key, patience, breaker }) })
    }

    /// Has a command done, or only tried.
    pub(crate) async fn command(&self, context: Context, command: Command, mode: &'static str) -> Reply {
        let replies = self.batch(vec![(context, command)], mode).await;
        replies.into_iter().next().unwrap_or_else(|| Err(Fault::answer("no answer to a command").into()))
    }

    /// Has commands done in this order, as many at once as the server takes.
    pub(crate) async fn commands(&self, commands: Vec<(Context, Command)>) -> Vec<Reply> {
        let mut replies = Vec::with_capacity(commands.len());
        let mut commands = commands.into_iter().peekable();
        while commands.peek().is_some() {
            let chunk: Vec<_> = commands.by_ref().take(COMMANDS_PER_CALL).collect();
            replies.extend(self.batch(chunk, "execute").await);
        }
        replies
    }

    async fn batch(&self, commands: Vec<(Context, Command)>, mode: &'static str) -> Vec<Reply> {
        let count = commands.len();
        let sent: Vec<Value> = commands
            .iter()
            .map(|(context, command)| {
                let mut one = json!({ "key": context.id, "command": command });
                if let (Some(at), Some(one)) = (context.occurred_at, one.as_object_mut()) {
                    one.insert("occurred_at".to_owned(), json!(at));
                }
                one
            })
            .collect();
        let call = Call {
            method: Method::POST,
            path: "/v1/batch".into(),
            query: vec![("mode", mode.to_owned())],
            body: Some(json!({ "commands": sent })),
            writes: Writes::Something,
        };
        match self.call::<Batch>(&call).await {
            Ok(Batch { answers }) if answers.len() == count => answers.into_iter().map(BatchAnswer::reply).collect(),
            Ok(_) => (0..count).map(|_| Err(Fault::answer("another number of answers").into())).collect(),
            Err(fault) => {
                let fault = Arc::new(fault);
                (0..count).map(|_| Err(Fault::shared(&fault).into())).collect()
            }
        }
    }

    /// Reads something.
    async fn get<T: DeserializeOwned>(&self, path: String, query: Vec<(&'static str, String)>) -> Result<T, Fault> {
        self.call(&Call { method: Method::GET, path, query, body: None, writes: Writes::Nothing }).await
    }

    /// Makes a call until it is answered, refused for good, or too late.
    async fn call<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Fault> {
        let begun = Instant::now();
        let deadline = self.shared.patience.deadline;
        let mut attempt: u32 = 0;
        loop {
            if let Verdict::Away(left) = self.breaker(|breaker| breaker.ask(Instant::now())) {
                return Err(Fault::away(left));
            }
            let left = deadline.saturating_sub(begun.elapsed());
            let (fault, pause) = match tokio::time::timeout(left, self.once(call)).await {
                Ok(Tried::Answered(body)) => {
                    self.breaker(Breaker::succeeded);
                    return serde_json::from_slice(&body).map_err(|error| Fault::answer(&error.to_string()));
                }
                Ok(Tried::Refused(fault)) => {
                    self.breaker(Breaker::succeeded);
                    return Err(fault);
                }
                Ok(Tried::Failed(fault, pause)) => (fault, pause),
                Err(_) => (Fault::too_late(deadline, call.writes), Duration::ZERO),
            };
            self.breaker(|breaker| breaker.failed(Instant::now()));
            attempt = attempt.saturating_add(1);
            let pause = backoff::pause(attempt, fastrand::u32(..)).max(pause);
            if begun.elapsed().saturating_add(pause) >= deadline {
                return Err(fault);
            }
            tracing::debug!(attempt, path = call.path, "trying again");
            tokio::time::sleep(pause).await;
        }
    }

    async fn once(&self, call: &Call) -> Tried {
        let mut request = self.shared.http.request(call.method.clone(), format!("{}{}", self.shared.base, call.path));
        request = request.query(&call.query);
        if let Some(key) = &self.shared.key {
            request = request.bearer_auth(key);
        }
        if let Some(body) = &call.body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Tried::Failed(Fault::unreachable(&error, call.writes), Duration::ZERO),
        };
        let status = response.status();
        let after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let body = match response.bytes().await {
            Ok(body) => body.to_vec(),
            Err(error) => return Tried::Failed(Fault::unreachable(&error, call.writes), Duration::ZERO),
        };
        if status.is_success() {
            return Tried::Answered(body);
        }
        let fault = Fault::said(status, &body);
        if is_passing(status, &fault) {
            Tried::Failed(fault, Duration::from_secs(after.unwrap_or_default()))
        } else {
            Tried::Refused(fault)
        }
    }

    fn breaker<T>(&self, use_it: impl FnOnce(&mut Breaker) -> T) -> T {
        // Counters are whole, whoever panicked while holding them.
        use_it(&mut self.shared.breaker.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Commands that are sent at once.
const COMMANDS_PER_CALL: usize = 500;

/// Whether the same call may do better later.
fn is_passing(status: StatusCode, fault: &Fault) -> bool {
    match status {
        StatusCode::REQUEST_TIMEOUT
        | StatusCode::TOO_MANY_REQUESTS
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => true,
        StatusCode::CONFLICT => fault.code() == "in_flight",
        _ => false,
    }
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
}

impl BatchAnswer {
    fn reply(self) -> Reply {
        match (self.receipt, self.problem) {
            (Some(receipt), _) => Ok(receipt),
            (None, Some(problem)) => Err(Fault::problem(problem).into()),
            (None, None) => Err(Fault::answer("neither a receipt nor a problem").into()),
        }
    }
}
