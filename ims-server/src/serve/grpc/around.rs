//! What stands around every method: what is no call, what a defect is answered, and what is seen of it all.

use super::{described::Described, status};
use crate::serve::{
    Problem, layers, listen,
    observe::{self, Figures},
    problem::Noted,
};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use std::{any::Any, future::ready, sync::Arc};
use tonic::Status;
use tower_http::catch_panic::CatchPanicLayer;

/// What every call is sent as.
const CONTENT_TYPE: &str = "application/grpc";

/// Puts the layers around the routes.
pub(super) fn around(routes: Router, described: &Arc<Described>, figures: &Figures) -> Router {
    let (nowhere, defects) = (Arc::clone(described), Arc::clone(described));
    let defect = move |_: Box<dyn Any + Send>| -> Response { status::response(&defects, &layers::defect()) };
    layers::fused(routes.fallback(move || ready(status::response::<Body>(&nowhere, &no_such_method()))))
        .layer(middleware::from_fn(calls_alone))
        .layer(CatchPanicLayer::custom(defect))
        .layer(middleware::from_fn(listen::refuse_unfit))
        .layer(middleware::from_fn_with_state(figures.clone(), observe::observe))
}

/// Sends away what is no call, and notes what is refused by those who know nothing of problems: health and reflection.
async fn calls_alone(request: Request, next: Next) -> Response {
    if !is_call(request.headers()) {
        let detail = "this port is for gRPC; HTTP has one of its own";
        let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media_type", detail);
        return problem.field("expected", CONTENT_TYPE).into_response();
    }
    let mut response = next.run(request).await;
    let extensions = response.extensions_mut();
    if extensions.get::<Noted>().is_none()
        && let Some(status) = extensions.get::<Status>()
    {
        let noted = status::problem(status).noted();
        extensions.insert(noted);
    }
    response
}

fn is_call(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let rest = kind.and_then(|kind| kind.strip_prefix(CONTENT_TYPE));
    rest.is_some_and(|rest| rest.is_empty() || rest == "+proto" || rest.starts_with(';'))
}

/// The path is that of no method.
pub(super) fn no_such_method() -> Problem {
    let detail = "there is no such method; reflection tells which there are";
    Problem::new(StatusCode::NOT_IMPLEMENTED, "method_not_allowed", detail)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use axum::{http::Request, routing::post};
    use tonic::Code;
    use tower::ServiceExt;

    /// What is answered by routes of which one has a defect, and the figures after it.
    async fn called(path: &str, headers: &[(&str, &str)]) -> (Response, String) {
        async fn fails() -> &'static str {
            panic!("a planted defect")
        }
        observe::watch_panics();
        let (described, figures) = (Arc::new(Described::read().unwrap()), Figures::new());
        let routes = around(Router::new().route("/ims.v1.Inventory/Fail", post(fails)), &described, &figures);
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = routes.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        (response, figures.text().unwrap())
    }

    fn status(response: &Response) -> Status {
        Status::from_header_map(response.headers()).unwrap()
    }

    #[tokio::test]
    async fn a_defect_is_answered_and_counted_and_not_told() {
        let call = [("content-type", "application/grpc"), ("x-request-id", "till-7")];
        let (response, figures) = called("/ims.v1.Inventory/Fail", &call).await;
        let status = status(&response);
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("planted"), "{status}");
        assert_eq!(response.headers()["x-request-id"], "till-7");
        assert!(!figures.contains("ims_panics_total 0"), "{figures}");
        for counted in ["ims_problems_total{code=\"internal\"} 1", "status=\"5xx\"} 1"] {
            assert!(figures.contains(counted), "{counted}: {figures}");
        }
    }

    #[tokio::test]
    async fn a_call_of_nothing_that_there_is_is_counted_as_one() {
        let (response, figures) = called("/ims.v1.Bank/Rob", &[("content-type", "application/grpc")]).await;
        assert_eq!(status(&response).code(), Code::Unimplemented);
        assert!(figures.contains("ims_problems_total{code=\"method_not_allowed\"} 1"), "{figures}");
    }

    #[tokio::test]
    async fn what_is_no_call_is_told_so_in_words_that_it_knows() {
        let (response, _) = called("/v1/items", &[("accept", "application/json")]).await;
        assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }

    #[test]
    fn a_call_is_told_by_its_content_type() {
        let sent_as =
            |kind: &'static str| is_call(&HeaderMap::from_iter([(header::CONTENT_TYPE, kind.parse().unwrap())]));
        assert!(["application/grpc", "application/grpc+proto", "application/grpc;x=y"].into_iter().all(sent_as));
        assert!(!["application/grpc-web", "application/grpc+json", "application/json"].into_iter().any(sent_as));
        assert!(!is_call(&HeaderMap::new()));
    }
}
