//! A client of a server: every call has a deadline, is tried again with the same key where that can help, and stops at
//! once while the server is known to be away.

mod address;
mod backoff;
mod batch;
mod breaker;
mod fault;
mod store;
#[cfg(test)]
mod tests;
mod tries;
mod users;

pub(crate) use address::PlainText;
pub(crate) use batch::Mode;
pub(crate) use fault::{Fate, Fault};
pub(crate) use store::RemoteStore;

use crate::{
    failure::{Failure, Outcome},
    output::Costs,
    wire,
};
use address::{Address, Place};
use breaker::{Breaker, Verdict};
use bytes::Bytes;
use fault::{Response, Signed};
use ims_core::report::{Page, PageRequest};
use reqwest::{
    Method,
    header::{self, HeaderMap, HeaderValue},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tries::Tries;

/// How patient a client is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// From the first try of a call to the end of the last one.
    pub(crate) deadline: Duration,
    /// The same where the server looks at its whole store.
    pub(crate) long_deadline: Duration,
    /// Failures in a row after which the server counts as away.
    pub(crate) failures: u32,
    /// For how long it then is not asked.
    pub(crate) away: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let half_a_minute = Duration::from_secs(30);
        Patience {
            deadline: half_a_minute,
            long_deadline: Duration::from_secs(60 * 60),
            failures: 5,
            away: half_a_minute,
        }
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
    authorization: Option<HeaderValue>,
    patience: Patience,
    breaker: Mutex<Breaker>,
    costs: Costs,
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
    /// JSON.
    body: Option<Bytes>,
    /// Whether nobody knows what became of it when its answer is lost.
    writes: Writes,
    repeat: Repeat,
    length: Length,
}

/// Whether a call changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writes {
    Nothing,
    Something,
}

/// Whether a call may be made again when nobody knows what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeat {
    /// Done twice it is as if it had been done once.
    Freely,
    Never,
}

/// How long an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// As long as a person waits.
    Short,
    /// As long as it takes to look at a whole store.
    Long,
}

/// Until a connection is there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How often a connection on which nothing comes is asked whether its other end is still there.
const KEEPALIVE: Duration = Duration::from_secs(30);

impl Client {
    /// A client of the server at a URL, such as `https://shop.example`, which notes in `costs` whether the server leaves
    /// them out of its answers.
    ///
    /// # Errors
    /// Where the URL cannot be one of a server, its key cannot be told there, or TLS cannot be used here.
    pub(crate) fn new(
        url: &str,
        key: Option<&str>,
        plain: PlainText,
        patience: Patience,
        costs: Costs,
    ) -> Outcome<Client> {
        let address = Address::read(url)?;
        let authorization = key.map(|key| address.authorization(key, plain)).transpose()?;
        let mut http = reqwest::Client::builder()
            .user_agent(concat!("ims/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .tcp_keepalive(KEEPALIVE)
            // A redirect would send the key to somebody else.
            .redirect(reqwest::redirect::Policy::none());
        if address.place == Place::Here {
            // A proxy is somebody else, too.
            http = http.no_proxy();
        }
        let http = http.build().map_err(|error| Failure::store("tls", format!("TLS cannot be used here: {error}")))?;
        let breaker = Mutex::new(Breaker::new(patience.failures, patience.away));
        let shared = Shared { http, base: address.base, authorization, patience, breaker, costs };
        Ok(Client { shared: Arc::new(shared) })
    }

    /// Reads something.
    async fn get<T: DeserializeOwned>(&self, path: String, query: Vec<(&'static str, String)>) -> Result<T, Fault> {
        let (writes, repeat, length) = (Writes::Nothing, Repeat::Freely, Length::Short);
        self.call(&Call { method: Method::GET, path, query, body: None, writes, repeat, length }).await
    }

    /// Reads a page of a list.
    async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        mut query: Vec<(&'static str, String)>,
        page: &PageRequest,
    ) -> Result<Page<T>, Fault> {
        query.push(("limit", page.rows().to_string()));
        query.extend(page.after.as_ref().map(|cursor| ("cursor", cursor.0.clone())));
        query.extend(page.sort.map(|sort| ("sort", sort.to_string())));
        self.get(path.to_owned(), query).await
    }

    /// Makes a call until it is answered, refused for good, or too late.
    async fn call<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Fault> {
        self.call_within(call, &mut Tries::begin(Instant::now(), self.shared.patience.deadline)).await
    }

    /// Makes a call that is one of several tries of the same thing.
    async fn call_within<T: DeserializeOwned>(&self, call: &Call, tries: &mut Tries) -> Result<T, Fault> {
        if let Verdict::Away(left) = self.breaker(|breaker| breaker.ask(Instant::now())) {
            return Err(Fault::away(&self.shared.base, left).at_least(tries.fate()));
        }
        loop {
            let fault = match self.try_once(call, tries).await {
                Ok(body) => {
                    self.breaker(Breaker::succeeded);
                    return self.read(call, &body).map_err(|fault| fault.at_least(tries.fate()));
                }
                Err(fault) => fault,
            };
            tries.note(fault.fate());
            let is_last = call.repeat == Repeat::Never && fault.fate() == Fate::Open;
            if self.is_away_after(&fault) || !fault.is_passing() || is_last {
                return Err(fault.at_least(tries.fate()));
            }
            let chance = fastrand::u32(..);
            let Some(pause) = tries.again(Instant::now(), fault.fate(), fault.retry_after(), chance) else {
                return Err(fault.at_least(tries.fate()));
            };
            tracing::debug!(path = call.path, %fault, "trying again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Notes a failure. Whether the server counts as away now.
    fn is_away_after(&self, fault: &Fault) -> bool {
        self.breaker(|breaker| {
            if fault.is_outage() {
                breaker.failed(Instant::now());
            } else {
                breaker.succeeded();
            }
            breaker.is_open(Instant::now())
        })
    }

    /// Tries a call once, for as long as is left.
    async fn try_once(&self, call: &Call, tries: &Tries) -> Result<Bytes, Fault> {
        let longest = match call.length {
            Length::Short => tries.left(Instant::now()),
            Length::Long => self.shared.patience.long_deadline,
        };
        let too_late = |_| {
            let patience = self.shared.patience;
            let after = if call.length == Length::Long { patience.long_deadline } else { patience.deadline };
            Err(Fault::too_late(&self.shared.base, after, call.writes))
        };
        tokio::time::timeout(longest, self.send(call)).await.unwrap_or_else(too_late)
    }

    async fn send(&self, call: &Call) -> Result<Bytes, Fault> {
        let shared = &self.shared;
        let mut request = shared.http.request(call.method.clone(), format!("{}{}", shared.base, call.path));
        request = request.query(&call.query);
        if let Some(authorization) = &shared.authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        if let Some(body) = &call.body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.clone());
        }
        let unreachable = |error| Fault::unreachable(&shared.base, &error, call.writes);
        let response = request.send().await.map_err(unreachable)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.map_err(unreachable)?;
        if status.is_success() {
            return Ok(body);
        }
        let text = |name| headers_text(&headers, name);
        let response = Response {
            status,
            body: &body,
            location: text(header::LOCATION).filter(|_| status.is_redirection()),
            retry_after_s: text(header::RETRY_AFTER).and_then(|seconds| seconds.parse().ok()),
            signed: self.signed(),
        };
        Err(Fault::said(&response, call.writes))
    }

    /// Reads an answer.
    fn read<T: DeserializeOwned>(&self, call: &Call, body: &[u8]) -> Result<T, Fault> {
        self.told(wire::read_answer(body), call.writes)
    }

    /// Reads a part of an answer to a question.
    fn read_value<T: DeserializeOwned>(&self, value: Value) -> Result<T, Fault> {
        self.told(wire::read_value(value), Writes::Nothing)
    }

    /// Notes whether costs were left out of an answer.
    fn told<T>(&self, read: Result<(T, wire::Told), serde_json::Error>, writes: Writes) -> Result<T, Fault> {
        let (answer, told) = read.map_err(|error| Fault::answer(&error.to_string(), writes))?;
        if told == wire::Told::WithoutCosts {
            self.shared.costs.hide();
        }
        Ok(answer)
    }

    fn signed(&self) -> Signed {
        if self.shared.authorization.is_some() { Signed::WithKey } else { Signed::WithoutKey }
    }

    fn breaker<T>(&self, use_it: impl FnOnce(&mut Breaker) -> T) -> T {
        // Counters are whole, whoever panicked while holding them.
        use_it(&mut self.shared.breaker.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn headers_text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
