//! The client beside a server that answers as it is told to.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::failure::Exit;
use ims_core::{Command, CommandId, Context, Error, Reports, StoreError, Text, Timestamp, period::ClosePeriod};
use serde_json::json;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
};

/// A server that answers each request as it is told to, or not at all.
struct Told {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// What it answers to the request of this number and text: a response, or an end of the connection.
fn told(answer: impl Fn(usize, &str) -> Option<String> + Send + 'static) -> Told {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let Some(request) = read(&mut stream) else { continue };
            let number = {
                let mut seen = seen.lock().unwrap();
                seen.push(request.clone());
                seen.len()
            };
            if let Some(response) = answer(number, &request) {
                // The other end may have gone.
                let _ = stream.write_all(response.as_bytes());
            }
        }
    });
    Told { url, requests }
}

/// Reads a whole request; nothing where none came.
fn read(stream: &mut TcpStream) -> Option<String> {
    let mut text = String::new();
    let mut bytes = [0; 64 * 1024];
    loop {
        let count = stream.read(&mut bytes).ok().filter(|count| *count > 0)?;
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map(|text| text.parse());
        if body.len() >= length.map_or(0, |length| length.unwrap()) {
            return Some(text);
        }
    }
}

fn response(status: &str, headers: &str, body: &str) -> Option<String> {
    let length = body.len();
    Some(format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"))
}

fn ok(body: &Value) -> Option<String> {
    response("200 OK", "", &body.to_string())
}

fn problem(status: &str, headers: &str, code: &str) -> Option<String> {
    response(status, headers, &json!({"code": code, "detail": "as it was told"}).to_string())
}

/// An answer for each command of a batch.
fn answers(request: &str, answer: impl Fn(usize) -> Value) -> Option<String> {
    let count = commands(request);
    ok(&json!({"answers": (0..count).map(answer).collect::<Vec<_>>()}))
}

/// How many commands a request has.
fn commands(request: &str) -> usize {
    body(request)["commands"].as_array().unwrap().len()
}

fn body(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn done() -> Value {
    json!({"status": 200, "receipt": {"period_closed": {"until": "2026-01-31"}}})
}

fn not_done(status: u16, code: &str) -> Value {
    json!({"status": status, "problem": {"status": status, "code": code, "detail": "as it was told"}})
}

impl Told {
    fn client_with(&self, patience: Patience) -> Client {
        Client::new(&self.url, Some("ims_key_1"), PlainText::Refused, patience, Costs::default()).unwrap()
    }

    fn client(&self) -> Client {
        self.client_with(Patience { deadline: Duration::from_secs(20), ..Patience::default() })
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

fn given(id: u128) -> (Context, Command) {
    let context = Context::new(CommandId::from_u128(id), Text::from("me"), Timestamp::MIN);
    (context, ClosePeriod::new("2026-01-31".parse().unwrap()).into())
}

fn fault(reply: ims_core::Reply) -> Fault {
    let Error::Store(error) = reply.unwrap_err() else { panic!("it is no failure of the store") };
    Fault::of(&error).unwrap().clone()
}

fn exit_and_code(fault: &Fault) -> (Exit, String) {
    let failure = Failure::from(fault);
    (failure.exit, failure.to_json()["error"]["code"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_command_whose_answer_was_lost_is_sent_again_as_it_was() {
    let server = told(|number, request| if number == 1 { None } else { answers(request, |_| done()) });
    let (context, command) = given(7);
    server.client().command(context, command, Mode::Execute).await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0], requests[1], "with the same key");
    assert!(requests[0].contains(&CommandId::from_u128(7).to_string()));
}

#[tokio::test]
async fn a_command_that_is_being_done_is_asked_for_again() {
    for (status, code) in [(409, "in_flight"), (503, "store_unknown"), (503, "contended")] {
        let server = told(move |number, request| {
            answers(request, |place| if number < 3 && place == 1 { not_done(status, code) } else { done() })
        });
        let replies = server.client().commands(vec![given(1), given(2), given(3)], Mode::Execute).await;
        assert!(replies.iter().all(Result::is_ok), "{code}: {replies:?}");
        assert_eq!(server.requests().len(), 3);
    }
}

#[tokio::test]
async fn what_the_rules_refuse_is_not_asked_for_again() {
    let server = told(|_, request| answers(request, |_| not_done(409, "shop_not_open")));
    let (context, command) = given(1);
    let reply = server.client().command(context, command, Mode::Execute).await;
    assert_eq!(reply.unwrap_err().code(), "shop_not_open");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn after_five_failures_the_server_is_left_alone_and_the_cause_is_told() {
    let server = told(|_, _| problem("503 Service Unavailable", "", "not_ready"));
    let client = server.client();
    let (context, command) = given(1);
    let first = fault(client.command(context, command, Mode::Execute).await);
    assert_eq!(exit_and_code(&first), (Exit::Store, "not_ready".into()));
    assert_eq!(server.requests().len(), 5);
    let (context, command) = given(2);
    let second = fault(client.command(context, command, Mode::Execute).await);
    assert!(second.to_string().contains("is away"), "{second}");
    assert_eq!(second.fate(), Fate::NotDone);
    assert_eq!(server.requests().len(), 5, "nobody was asked");
}

#[tokio::test]
async fn when_the_time_has_passed_one_try_is_made() {
    let server = told(|number, request| match number {
        1 | 2 => problem("503 Service Unavailable", "", "not_ready"),
        _ => answers(request, |_| done()),
    });
    let client = server.client_with(Patience { failures: 2, away: Duration::ZERO, ..Patience::default() });
    let one = |id| {
        let (context, command) = given(id);
        client.command(context, command, Mode::Execute)
    };
    while one(1).await.is_err() {}
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn who_asks_too_much_waits_and_the_server_does_not_count_as_away() {
    let server = told(|number, request| match number {
        1..=6 => problem("429 Too Many Requests", "Retry-After: 0\r\n", "rate_limited"),
        _ => answers(request, |_| done()),
    });
    let (context, command) = given(1);
    server.client().command(context, command, Mode::Execute).await.unwrap();
    assert_eq!(server.requests().len(), 7);
}

#[tokio::test]
async fn a_wait_that_is_longer_than_there_is_time_for_is_told_and_not_begun() {
    let server = told(|_, _| problem("429 Too Many Requests", "Retry-After: 3600\r\n", "rate_limited"));
    let (context, command) = given(1);
    let fault = fault(server.client().command(context, command, Mode::Execute).await);
    assert_eq!(exit_and_code(&fault), (Exit::Store, "rate_limited".into()));
    assert_eq!(Failure::from(&fault).to_json()["error"]["retry_after_s"], 3600);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn when_no_answer_comes_in_time_it_may_have_been_done() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let patience = Patience { deadline: Duration::from_millis(200), ..Patience::default() };
    let client = Client::new(&url, None, PlainText::Refused, patience, Costs::default()).unwrap();
    let (context, command) = given(1);
    let fault = fault(client.command(context, command, Mode::Execute).await);
    assert_eq!(fault.fate(), Fate::Open);
    assert_eq!(exit_and_code(&fault), (Exit::Store, "store_unknown".into()));
    let error: StoreError = RemoteStore::new(client).locations(&Default::default()).await.unwrap_err();
    assert_eq!(Fault::of(&error).unwrap().fate(), Fate::NotDone, "a question changes nothing");
}

#[tokio::test]
async fn what_an_earlier_try_may_have_done_is_not_forgotten() {
    let server = told(|number, _| match number {
        1 => None,
        _ => problem("401 Unauthorized", "", "unauthenticated"),
    });
    let (context, command) = given(1);
    let fault = fault(server.client().command(context, command, Mode::Execute).await);
    assert_eq!(fault.fate(), Fate::Open, "the key may have been revoked after it was done");
    assert_eq!(exit_and_code(&fault), (Exit::Refused, "unauthenticated".into()));
}

#[tokio::test]
async fn a_batch_that_is_too_large_is_sent_in_halves_and_in_its_order() {
    for code in ["batch_too_large", "body_too_large"] {
        let server = told(move |_, request| match commands(request) {
            0..=2 => answers(request, |_| done()),
            _ => problem("413 Payload Too Large", "", code),
        });
        let all: Vec<_> = (0..5).map(given).collect();
        let replies = server.client().commands(all, Mode::Execute).await;
        assert_eq!(replies.iter().filter(|reply| reply.is_ok()).count(), 5);
        let taken: Vec<String> = server.requests().into_iter().filter(|request| commands(request) <= 2).collect();
        let keys: Vec<Value> =
            taken.iter().flat_map(|request| body(request)["commands"].as_array().unwrap().clone()).collect();
        let ids: Vec<String> = keys.iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids, (0..5).map(|id| CommandId::from_u128(id).to_string()).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let other = told(|_, _| ok(&json!({})));
    let location = format!("Location: {}/v1/batch\r\n", other.url);
    let server = told(move |_, _| response("308 Permanent Redirect", &location, ""));
    let (context, command) = given(1);
    let fault = fault(server.client().command(context, command, Mode::Execute).await);
    assert!(fault.to_string().contains(&other.url), "{fault}");
    assert_eq!(fault.fate(), Fate::NotDone);
    assert_eq!(other.requests().len(), 0, "the key goes to nobody else");
    assert!(server.requests()[0].contains("authorization: Bearer ims_key_1"));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_may_stand_for_something_done() {
    let server = told(|_, _| response("200 OK", "", "<html>"));
    let (context, command) = given(1);
    let fault = fault(server.client().command(context, command, Mode::Execute).await);
    assert_eq!(fault.fate(), Fate::Open);
    let error: StoreError = RemoteStore::new(server.client()).locations(&Default::default()).await.unwrap_err();
    assert_eq!(Fault::of(&error).unwrap().fate(), Fate::NotDone);
}

#[tokio::test]
async fn events_that_are_for_others_are_passed_over() {
    let server = told(|_, request| match request.contains("after=40") {
        true => ok(&json!({"events": [], "next": 50, "newest": 50})),
        false => ok(&json!({"events": [], "next": 40, "newest": 50})),
    });
    let store = RemoteStore::new(server.client());
    let page = ims_core::Store::events(&store, ims_core::Offset(0), 10).await.unwrap();
    assert!(page.events.is_empty());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_server_behind_a_path_is_asked_there() {
    let server = told(|_, request| answers(request, |_| done()));
    let url = format!("{}/shop/", server.url);
    let client = Client::new(&url, None, PlainText::Refused, Patience::default(), Costs::default()).unwrap();
    let (context, command) = given(1);
    client.command(context, command, Mode::Execute).await.unwrap();
    assert!(server.requests()[0].starts_with("POST /shop/v1/batch?mode=execute HTTP/1.1"), "{:?}", server.requests());
    assert!(!server.requests()[0].contains("authorization"));
}
