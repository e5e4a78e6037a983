//! Webhooks and a listener that says no in every way.

use super::{Heard, PACE, Relays, Running, Settings, Shop, eventually};
use crate::serve::{
    caller::Costs,
    relay::{
        Changed,
        config::{Allowed, Webhooks},
        status::WebhookLine,
        webhook::{Added, Existed, Secret, Webhook},
    },
};
use aws_lc_rs::hmac;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use ims_core::Offset;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch};

/// What the listener answers next.
#[derive(Clone, Debug)]
enum Says {
    Status(StatusCode),
    GoTo(String),
    Nothing,
}

/// A delivery, and what it was answered, where that was a status of its own.
#[derive(Clone, Debug)]
struct Call {
    status: Option<StatusCode>,
    body: Bytes,
}

/// A listener that checks signatures.
#[derive(Clone, Debug, Default)]
struct Listener {
    port: u16,
    plan: Arc<Mutex<VecDeque<Says>>>,
    secret: Arc<Mutex<Option<String>>>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Listener {
    async fn start(plan: impl IntoIterator<Item = Says>) -> Listener {
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let plan = Arc::new(Mutex::new(plan.into_iter().collect()));
        let listener = Listener { port, plan, ..Listener::default() };
        let routes = Router::new().fallback(hear).with_state(listener.clone());
        tokio::spawn(async move { axum::serve(socket, routes).await });
        listener
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hooks", self.port)
    }

    fn calls(&self) -> usize {
        self.calls.lock().unwrap().len()
    }

    /// What it took.
    fn heard(&self) -> Heard {
        let calls = self.calls.lock().unwrap();
        Heard::of(calls.iter().filter(|call| call.status == Some(StatusCode::OK)).map(|call| &call.body))
    }

    fn check(&self, headers: &HeaderMap, body: &[u8]) {
        let text = |name: &str| headers[name].to_str().unwrap();
        let secret = self.secret.lock().unwrap().clone().unwrap();
        let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
        let signed = [format!("{}.{}.", text("webhook-id"), text("webhook-timestamp")).as_bytes(), body].concat();
        let signature = BASE64_STANDARD.decode(text("webhook-signature").strip_prefix("v1,").unwrap()).unwrap();
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &key), &signed, &signature).unwrap();
        let event: serde_json::Value = serde_json::from_slice(body).unwrap();
        assert_eq!(event["id"], text("webhook-id"));
        assert_eq!(text("content-type"), "application/cloudevents+json");
    }
}

async fn hear(State(listener): State<Listener>, headers: HeaderMap, body: Bytes) -> Response {
    let says = listener.plan.lock().unwrap().pop_front().unwrap_or(Says::Status(StatusCode::OK));
    listener.check(&headers, &body);
    let note = |status| listener.calls.lock().unwrap().push(Call { status, body: body.clone() });
    match says {
        Says::Status(status) => {
            note(Some(status));
            status.into_response()
        }
        Says::GoTo(url) => {
            note(None);
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, url)]).into_response()
        }
        Says::Nothing => {
            note(None);
            std::future::pending().await
        }
    }
}

/// As for a listener on this machine, and fast.
fn config() -> Webhooks {
    Webhooks {
        plain_http: Allowed::Allowed,
        private_addresses: Allowed::Allowed,
        timeout_ms: 500,
        backoff_first_ms: 1,
        backoff_most_ms: 5,
        refresh_ms: 20,
        ..Webhooks::default()
    }
}

fn start(shop: &Shop, config: &Webhooks) -> (Relays, Running) {
    let woken = watch::channel(Offset::START).1;
    let settings = Settings { relays: &[], pace: PACE, webhooks: config };
    Relays::start(shop.store().clone(), shop.registry.clone(), settings, woken).unwrap()
}

fn webhook(url: &str) -> Webhook {
    Webhook {
        id: "00000000-0000-0000-0000-0000000000aa".to_owned(),
        url: url.to_owned(),
        description: "the till".to_owned(),
        types: Vec::new(),
        rooms: Vec::new(),
        costs: Costs::Hidden,
        secret: Secret::make().unwrap(),
        created_at: crate::session::now(),
    }
}

/// Adds a webhook that hears of everything from the first event on.
async fn add(relays: &Relays, listener: &Listener, url: &str) -> Webhook {
    let webhook = webhook(url);
    *listener.secret.lock().unwrap() = Some(webhook.secret.told().to_owned());
    assert_eq!(relays.add_webhook(&webhook).await.unwrap(), Added::Now);
    assert_eq!(relays.rewind(&Webhook::relay(&webhook.id), Offset::START).await.unwrap(), Changed::Done);
    webhook
}

async fn line(relays: &Relays, webhook: &Webhook) -> WebhookLine {
    relays.webhook(&webhook.id).await.unwrap().unwrap()
}

async fn state(relays: &Relays, webhook: &Webhook) -> (&'static str, Option<String>) {
    let relay = line(relays, webhook).await.relay.unwrap();
    (relay.state, relay.last_error.map(std::borrow::Cow::into_owned))
}

#[tokio::test]
async fn a_listener_that_says_no_hears_again_until_it_says_yes() {
    let says = [
        Says::Status(StatusCode::INTERNAL_SERVER_ERROR),
        Says::Status(StatusCode::OK),
        Says::Status(StatusCode::TOO_MANY_REQUESTS),
        Says::Nothing,
        Says::Status(StatusCode::BAD_REQUEST),
    ];
    let listener = Listener::start(says).await;
    let mut shop = Shop::open().await;
    shop.trade(20).await;
    let (relays, running) = start(&shop, &config());
    add(&relays, &listener, &listener.url()).await;
    eventually("everything", async || (listener.heard().0.len() as u64 >= shop.newest().await).then_some(())).await;
    running.end().await;
    let heard = listener.heard();
    heard.check(&shop).await;
    assert_eq!(heard.duplicates(), 0, "nothing again that was taken");
    assert_eq!(listener.calls() as u64, shop.newest().await + 4);
}

#[tokio::test]
async fn a_redirection_is_not_followed() {
    let elsewhere = Listener::start([]).await;
    let listener = Listener::start(std::iter::repeat_n(Says::GoTo(elsewhere.url()), 1000)).await;
    let shop = Shop::open().await;
    let (relays, running) = start(&shop, &Webhooks { failures_limit: 4, ..config() });
    let webhook = add(&relays, &listener, &listener.url()).await;
    eventually("the end of its patience", async || (state(&relays, &webhook).await.0 == "disabled").then_some(()))
        .await;
    running.end().await;
    assert_eq!(state(&relays, &webhook).await, ("disabled", Some("webhook_redirected".to_owned())));
    assert_eq!((listener.calls(), elsewhere.calls()), (4, 0));
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_called() {
    let listener = Listener::start([]).await;
    let shop = Shop::open().await;
    let inside = Webhooks { private_addresses: Allowed::Refused, failures_limit: 2, ..config() };
    let (relays, running) = start(&shop, &inside);
    let url = format!("http://localhost:{}/", listener.port);
    let webhook = add(&relays, &listener, &url).await;
    eventually("the end of its patience", async || (state(&relays, &webhook).await.0 == "disabled").then_some(()))
        .await;
    assert_eq!(state(&relays, &webhook).await.1.as_deref(), Some("webhook_address_forbidden"));
    let tested = relays.test_webhook(&webhook.id).await.unwrap().unwrap();
    assert_eq!((tested.status, tested.error), (None, Some("webhook_address_forbidden")));
    running.end().await;
    assert_eq!(listener.calls(), 0);
}

#[tokio::test]
async fn a_listener_that_is_gone_is_not_called_again_until_it_is_enabled() {
    let listener = Listener::start([Says::Status(StatusCode::GONE)]).await;
    let shop = Shop::open().await;
    let (relays, running) = start(&shop, &config());
    let webhook = add(&relays, &listener, &listener.url()).await;
    eventually("that it is gone", async || (state(&relays, &webhook).await.0 == "disabled").then_some(())).await;
    assert_eq!(state(&relays, &webhook).await.1.as_deref(), Some("webhook_gone"));
    assert_eq!(listener.calls(), 1);
    assert_eq!(relays.enable(&webhook.id).await.unwrap(), Changed::Done);
    eventually("everything", async || (listener.heard().0.len() as u64 >= shop.newest().await).then_some(())).await;
    running.end().await;
    listener.heard().check(&shop).await;
}

#[tokio::test]
async fn a_webhook_is_tested_listed_and_taken_away() {
    let listener = Listener::start([]).await;
    let mut shop = Shop::open().await;
    let (relays, running) = start(&shop, &config());
    let webhook = webhook(&listener.url());
    *listener.secret.lock().unwrap() = Some(webhook.secret.told().to_owned());
    assert_eq!(relays.add_webhook(&webhook).await.unwrap(), Added::Now);
    assert_eq!(relays.add_webhook(&webhook).await.unwrap(), Added::Before);
    let tested = relays.test_webhook(&webhook.id).await.unwrap().unwrap();
    assert_eq!((tested.status, tested.error), (Some(200), None));
    assert_eq!(listener.heard().0[0]["type"], "ims.webhook_test");

    let lines = relays.webhooks("", 10).await.unwrap();
    assert_eq!(lines.len(), 1);
    let shown = serde_json::to_string(&lines).unwrap();
    assert!(shown.contains("the till") && !shown.contains(webhook.secret.told()));
    assert_eq!(lines[0].relay.as_ref().unwrap().lag, 0, "it hears of what happens from now on");

    assert_eq!(relays.remove_webhook(&webhook.id).await.unwrap(), Existed::Yes);
    assert_eq!(relays.remove_webhook(&webhook.id).await.unwrap(), Existed::No);
    let before = listener.calls();
    shop.trade(10).await;
    tokio::time::timeout(Duration::from_secs(30), running.end()).await.unwrap();
    assert_eq!(listener.calls(), before, "nobody calls it any more");
    assert!(relays.list().await.unwrap().is_empty());
}
