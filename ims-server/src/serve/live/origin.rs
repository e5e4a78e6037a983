//! Which pages of the web may open a WebSocket.

use crate::serve::Problem;
use axum::http::{HeaderMap, StatusCode, header};

/// Refuses a page that may not. A browser always says which page asks; other programs say nothing, and have nothing that
/// a page could misuse.
///
/// # Errors
/// `origin_refused`.
pub(crate) fn check(headers: &HeaderMap, allowed: &[String]) -> Result<(), Problem> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    if allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(origin)) || is_of(origin, host) {
        return Ok(());
    }
    let detail = "this page may not open a WebSocket here; the setting live.origins lists those that may";
    Err(Problem::new(StatusCode::FORBIDDEN, "origin_refused", detail))
}

/// Whether a page is of this server itself.
fn is_of(origin: &str, host: Option<&str>) -> bool {
    let of_page = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
    of_page.zip(host).is_some_and(|(page, host)| page.eq_ignore_ascii_case(host))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn of(origin: Option<&str>) -> Result<(), Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, "shop.example:8080".parse().unwrap());
        headers.extend(origin.map(|origin| (header::ORIGIN, origin.parse().unwrap())));
        check(&headers, &["https://till.example".to_owned()])
    }

    #[test]
    fn pages_of_the_server_and_those_that_are_listed_may() {
        assert!(of(None).is_ok());
        assert!(of(Some("http://shop.example:8080")).is_ok());
        assert!(of(Some("https://till.example")).is_ok());
    }

    #[test]
    fn no_other_page_may() {
        for origin in ["https://evil.example", "null", "https://shop.example", "https://till.example.evil.example"] {
            assert_eq!(of(Some(origin)).unwrap_err().code(), "origin_refused", "{origin}");
        }
    }
}
