//! `/metrics`, on a listener of its own.

use super::Figures;
use crate::serve::{Problem, layers, listen};
use axum::{
    Router,
    http::header,
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};

/// What the text format of OpenMetrics is sent as.
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The one route of the listener for figures.
pub(crate) fn router(figures: Figures) -> Router {
    let routes = Router::new().route("/metrics", get(move || std::future::ready(answer(&figures))));
    layers::in_words(routes).layer(middleware::from_fn(listen::refuse_unfit))
}

fn answer(figures: &Figures) -> Response {
    match figures.text() {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        // Only a figure of ours that cannot write itself gets here.
        Err(error) => {
            tracing::error!(%error, "the figures cannot be written");
            Problem::internal("the figures cannot be written; the log says why").into_response()
        }
    }
}
