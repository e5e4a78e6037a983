//! One delivery: a signed POST to a checked address, and nothing else.

use super::{
    guard::{Forbidden, Guard},
    sign::Secret,
};
use crate::serve::relay::{
    config::{Allowed, Webhooks},
    envelope::{CONTENT_TYPE, Message},
    sink::{Broker, Failed, Sink, Trouble},
};
use async_trait::async_trait;
use bytes::Bytes;
use reqwest::{Client, StatusCode, Url, header, redirect};
use std::{error::Error, time::Duration};

/// Who the server says it is.
const AGENT: &str = concat!("ims/", env!("CARGO_PKG_VERSION"));
/// Microseconds of a second.
const SECOND_US: i64 = 1_000_000;

/// What all deliveries share: a client that follows nothing and reaches nothing that it must not.
#[derive(Clone, Debug)]
pub(in crate::serve::relay) struct Http {
    client: Client,
}

/// Who is called.
#[derive(Clone, Debug)]
pub(in crate::serve::relay) struct Listener {
    pub(super) url: Url,
    pub(super) secret: Secret,
}

/// A listener that can be called.
pub(in crate::serve::relay) struct Calls {
    http: Http,
    listener: Listener,
}

impl Http {
    /// Makes the client.
    ///
    /// # Errors
    /// Where the system has no certificates to trust.
    pub(in crate::serve::relay) fn new(config: &Webhooks) -> Result<Http, String> {
        let builder = Client::builder()
            .user_agent(AGENT)
            .timeout(Duration::from_millis(config.timeout_ms))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false);
        let builder = match config.private_addresses {
            Allowed::Allowed => builder,
            Allowed::Refused => builder.dns_resolver(Guard),
        };
        let client = builder.build().map_err(|error| format!("webhooks: no HTTP client: {error}"))?;
        Ok(Http { client })
    }

    /// The listener as a broker.
    pub(in crate::serve::relay) fn calls(&self, listener: Listener) -> Calls {
        Calls { http: self.clone(), listener }
    }

    /// Delivers something, once.
    pub(in crate::serve::relay) async fn deliver(
        &self,
        listener: &Listener,
        id: &str,
        json: Bytes,
    ) -> Result<StatusCode, Failed> {
        let timestamp_s = crate::session::now().micros().div_euclid(SECOND_US);
        let signature = listener.secret.sign(id, timestamp_s, &json);
        let sending = self
            .client
            .post(listener.url.clone())
            .header(header::CONTENT_TYPE, CONTENT_TYPE)
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp_s)
            .header("webhook-signature", signature)
            .body(json);
        // What a listener says beside its status is not read.
        let status = sending.send().await.map_err(failed)?.status();
        let trouble = match status.as_u16() {
            200..=299 => return Ok(status),
            410 => Trouble::Gone,
            300..=399 => Trouble::Redirected,
            _ => Trouble::Status,
        };
        Err(Failed::new(trouble, format!("the listener answered {status}")))
    }
}

#[async_trait]
impl Broker for Calls {
    async fn connect(&self) -> Result<Box<dyn Sink>, Failed> {
        Ok(Box::new(Calls { http: self.http.clone(), listener: self.listener.clone() }))
    }

    /// One by one: a failure sends nothing again that was taken.
    fn batch(&self) -> usize {
        1
    }
}

#[async_trait]
impl Sink for Calls {
    async fn publish(&mut self, batch: &[Message]) -> Result<(), Failed> {
        for message in batch {
            self.http.deliver(&self.listener, &message.id, message.json.clone()).await?;
        }
        Ok(())
    }
}

fn failed(error: reqwest::Error) -> Failed {
    let trouble = if causes(&error).any(|cause| cause.is::<Forbidden>()) {
        Trouble::AddressForbidden
    } else if error.is_timeout() {
        Trouble::TimedOut
    } else {
        Trouble::Unreachable
    };
    let said: Vec<String> = causes(&error).map(ToString::to_string).collect();
    // Without the URL: a token may be in it.
    Failed::new(trouble, format!("{}: {}", error.without_url(), said.join(": ")))
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source())
}
