//! REST: a request becomes an [`Operation`] and what was said; an answer becomes a response.

mod accept;
mod csv;
mod document;
mod first_admin;
mod json;
mod request;
mod response;
mod tags;
mod welcome;

use super::{
    Caller, Operation, Problem, Service,
    auth::Peer,
    bodies::Sent,
    layers,
    limits::{Class, Told},
    live,
    observe::Seen,
    operation::{Access, Verb},
};
use axum::{
    Router,
    body::Body,
    extract::{RawPathParams, State, rejection::RawPathParamsRejection},
    http::{Method, Request, StatusCode},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, get},
};
use std::{borrow::Cow, collections::BTreeMap, time::Duration};

pub(crate) use first_admin::PATH as FIRST_ADMIN;
pub(crate) use request::{agent, authorization};

/// All routes: each operation where its list says, and the document that tells of them.
pub(crate) fn router(service: Service) -> Router {
    let mut paths: BTreeMap<Cow<'static, str>, MethodRouter<Service>> = BTreeMap::new();
    let mut add = |path: Cow<'static, str>, operation: &'static Operation, form: Form| {
        let handler =
            move |service: State<Service>,
                  params: Result<RawPathParams, RawPathParamsRejection>,
                  request: Request<Body>| serve(operation, form, service, params, request);
        let methods = paths.remove(&path).unwrap_or_default();
        paths.insert(path, methods.on(filter(operation.verb), handler));
    };
    for operation in Operation::all() {
        add(operation.path.into(), operation, Form::Json);
        if csv::is_there(operation) {
            add(format!("{}{}", operation.path, csv::ENDING).into(), operation, Form::Csv);
        }
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        router = router.route(&path, methods.fallback(no_such_method));
    }
    router
        .route(document::PATH, get(document::send).fallback(no_such_method))
        .merge(document::page())
        .merge(first_admin::page())
        .merge(welcome::page())
        .merge(live::routes())
        .fallback(no_such_path)
        .with_state(service)
}

/// What an operation is answered with by its path. A list is sent as CSV also where `Accept` asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// One thing or one page.
    Json,
    /// A whole list.
    Csv,
}

/// Answers a request for an operation.
async fn serve(
    operation: &'static Operation,
    form: Form,
    State(service): State<Service>,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request<Body>,
) -> Response {
    let mut told = Told::default();
    let answering = answer(operation, form, &service, params, request, &mut told);
    let answered = match operation.takes_its_time() {
        true => answering.await,
        false => {
            let answered = tokio::time::timeout(longest(&service), answering).await;
            answered.unwrap_or_else(|_| Err(Problem::timed_out()))
        }
    };
    let mut response = answered.unwrap_or_else(IntoResponse::into_response);
    told.write(response.headers_mut());
    response
}

/// How long a request may take.
fn longest(service: &Service) -> Duration {
    Duration::from_millis(service.config().http.request_timeout_ms)
}

async fn answer(
    operation: &'static Operation,
    form: Form,
    service: &Service,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request<Body>,
    told: &mut Told,
) -> Result<Response, Problem> {
    let params = params.map_err(|_| Problem::malformed("the path is not UTF-8 in percent-encoding"))?;
    let (head, body) = request.into_parts();
    let seen = Seen::of(&head.extensions);
    seen.note_operation(operation.name);
    let class = Class::of(operation);
    let address = service.limits().client(&head.extensions, &head.headers);
    service.limits().address(class, address, told)?;
    let caller = match operation.access {
        Access::Everybody => Caller::nobody(),
        Access::SignedIn => {
            let caller = service.gate().caller(request::authorization(&head.headers)?.as_deref()).await?;
            seen.note_caller(&caller.name);
            service.limits().caller(class, &caller, told)?;
            caller
        }
        Access::With(right) => {
            let caller = service.gate().caller(request::authorization(&head.headers)?.as_deref()).await?;
            seen.note_caller(&caller.name);
            service.limits().caller(class, &caller, told)?;
            // Before the body is read: nobody makes the server read what they may not ask.
            caller.must(right)?;
            caller
        }
    };
    // The body has to come in time, however long the answer takes; what it takes is given back after the answer.
    let reading = async {
        let config = &service.config().http;
        let bytes = request::announced(&body, operation.body_limit_bytes(config))?;
        let memory = service.bodies().reserve(Sent { operation, caller: &caller, address, bytes }).await;
        Ok((request::read(operation, form, config, &params, &head, body).await?, memory))
    };
    let reading = tokio::time::timeout(longest(service), reading).await;
    let (mut asked, _memory) = reading.unwrap_or_else(|_| Err(Problem::timed_out()))?;
    asked.said.peer = Peer { address: Some(address), agent: request::agent(&head.headers) };
    if let Some(offset) = asked.min_offset {
        service.reached(offset).await?;
    }
    if form == Form::Csv || csv::wanted(operation, &head.headers) {
        return csv::send(service.clone(), operation, caller, asked.said).await;
    }
    let answer = service.answer(operation, &caller, asked.said).await?;
    match operation.writes() {
        true => Ok(response::of(answer)),
        false => response::of_question(&head.headers, answer),
    }
}

async fn no_such_path() -> Problem {
    Problem::not_found("there is nothing at this path; /api/docs shows what there is, and /openapi.json tells programs")
}

/// Says which methods a path has: the router adds `Allow`.
async fn no_such_method(method: Method) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    layers::no_such_method().into_response()
}

fn filter(verb: Verb) -> MethodFilter {
    match verb {
        Verb::Get => MethodFilter::GET,
        Verb::Post => MethodFilter::POST,
        Verb::Put => MethodFilter::PUT,
        Verb::Patch => MethodFilter::PATCH,
        Verb::Delete => MethodFilter::DELETE,
    }
}
