//! How an HTTP request becomes a WebSocket: RFC 6455, section 4.2.

use crate::serve::Problem;
use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::upgrade::OnUpgrade;
use sha1_smol::Sha1;

/// What the accepted key is made with.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// The only version of the protocol.
const VERSION: &str = "13";

/// Accepts a request to change to a WebSocket: the response, and the connection that there is after it.
///
/// # Errors
/// `upgrade_required` where it is not such a request.
pub(crate) fn accept(parts: &mut Parts) -> Result<(Response, OnUpgrade), Problem> {
    let headers = &parts.headers;
    let asks = has_word(headers, &header::CONNECTION, "upgrade")
        && has_word(headers, &header::UPGRADE, "websocket")
        && has_word(headers, &header::SEC_WEBSOCKET_VERSION, VERSION);
    let key = headers.get(header::SEC_WEBSOCKET_KEY).filter(|_| asks).ok_or_else(required)?;
    let accepted = accepted(key.as_bytes()).ok_or_else(required)?;
    let upgrade = parts.extensions.remove::<OnUpgrade>().ok_or_else(required)?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accepted);
    Ok((response, upgrade))
}

fn required() -> Problem {
    let detail =
        "this is for WebSockets (version 13, over HTTP/1.1); GET /v1/events and /v1/events/stream are for others";
    Problem::new(StatusCode::UPGRADE_REQUIRED, "upgrade_required", detail)
}

fn has_word(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|list| list.split(',')).any(|one| one.trim().eq_ignore_ascii_case(word))
}

/// Proves that the key was read.
fn accepted(key: &[u8]) -> Option<HeaderValue> {
    let mut hash = Sha1::from(key);
    hash.update(GUID);
    HeaderValue::try_from(STANDARD.encode(hash.digest().bytes())).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_rfc_is_accepted_as_it_says() {
        assert_eq!(accepted(b"dGhlIHNhbXBsZSBub25jZQ==").unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
