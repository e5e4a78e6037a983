//! What a browser sees that comes to the server itself: what this is, and where to go.

use axum::{Router, http::header, response::IntoResponse, routing::get};

/// Where the page is.
const PATH: &str = "/";

/// The page. There is nothing of the shop in it.
pub(super) fn page<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route(PATH, get(sent).fallback(super::no_such_method))
}

async fn sent() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], include_str!("page.html"))
}
