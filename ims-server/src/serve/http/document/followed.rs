//! Streams in the document: they are asked as questions are, and do not end with their answer.

use super::{TOKEN, operation::parameter};
use crate::serve::{Right, live::Followed, problem};
use axum::http::StatusCode;
use serde_json::json;
use utoipa::openapi::{
    Content, Ref, Required, ResponseBuilder,
    path::{Operation as Described, OperationBuilder, ParameterIn},
    security::SecurityRequirement,
};

/// Problems that whoever begins to follow may be answered with.
const PROBLEMS: [(StatusCode, &str); 7] = [
    (StatusCode::BAD_REQUEST, "`malformed`"),
    (StatusCode::UNAUTHORIZED, "`unauthenticated`"),
    (StatusCode::FORBIDDEN, "`no_right`, `origin_refused`"),
    (StatusCode::NOT_FOUND, "`unknown_name`"),
    (StatusCode::UPGRADE_REQUIRED, "`upgrade_required`"),
    (StatusCode::TOO_MANY_REQUESTS, "`rate_limited`, `too_many_listeners`"),
    (StatusCode::SERVICE_UNAVAILABLE, "`too_many_listeners`, `store_unavailable`"),
];

/// Describes one.
pub(super) fn described(followed: &Followed) -> Described {
    let parameters = followed.fields.iter().map(|(name, what)| {
        let schema = match *name {
            "after" => json!({"type": "integer", "minimum": 0}),
            _ => json!({"type": "string", "minLength": 1}),
        };
        parameter(name, ParameterIn::Query, Required::False, what, schema).build()
    });
    let answer = ResponseBuilder::new().description(followed.answer);
    let answer = match followed.form {
        Some(form) => answer.content(form, Content::new(Some(Ref::from_schema_name("Event")))),
        None => answer,
    };
    let described = OperationBuilder::new()
        .operation_id(Some(followed.name))
        .tag("events")
        .summary(Some(followed.summary))
        .description(Some(format!("Needs the right `{}`.", Right::ReadEvents.word())))
        .parameters(Some(parameters))
        .security(SecurityRequirement::new(TOKEN, Vec::<String>::new()))
        .response(followed.status.to_string(), answer.build());
    // Only where it is no HTTP any more, the connection has to become something else.
    let upgrades = followed.form.is_none();
    let told = PROBLEMS.into_iter().filter(|(status, _)| upgrades || *status != StatusCode::UPGRADE_REQUIRED);
    let problems = told.fold(described, |described, (status, codes)| {
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        let response = ResponseBuilder::new().description(codes).content(problem::CONTENT_TYPE, problem);
        described.response(status.as_str(), response.build())
    });
    problems.build()
}
