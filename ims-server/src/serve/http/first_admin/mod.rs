//! The page behind the link that the server prints at its first start: it makes the first admin, and opens the shop.
//!
//! The token stands after the `#` of the link, which no browser sends: no proxy and no log sees it.

use axum::{Router, http::header, response::IntoResponse, routing::get};

/// Where the page is.
pub(crate) const PATH: &str = "/first-admin";
const SCRIPT: &str = "/first-admin.js";

/// The page and its script. There is nothing secret in them.
pub(super) fn page<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route(PATH, get(|| sent("text/html; charset=utf-8", include_str!("page.html"))))
        .route(SCRIPT, get(|| sent("text/javascript; charset=utf-8", include_str!("page.js"))))
}

async fn sent(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind)], text)
}
