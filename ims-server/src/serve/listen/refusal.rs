//! What the library beneath answers by itself to what it cannot read: a status and nothing else. It goes out as the problem
//! that every other refusal is.

use super::framing::Unfit;
use crate::serve::{Problem, problem::CONTENT_TYPE};
use axum::http::StatusCode;
use std::str;

/// How all of them begin.
pub(super) const BEGINS: &[u8] = b"HTTP/1.1 4";

/// What such an answer becomes; nothing where the bytes are another one. No answer of the server's own has one of these
/// statuses and no body.
pub(super) fn told(bytes: &[u8], unfit: Option<Unfit>) -> Option<Vec<u8>> {
    let head = str::from_utf8(bytes).ok()?.strip_suffix("\r\n\r\n")?;
    let (line, fields) = head.split_once("\r\n")?;
    let status = line.strip_prefix("HTTP/1.1 ")?.split(' ').next()?;
    let is_empty = fields.split("\r\n").any(|field| field.eq_ignore_ascii_case("content-length: 0"));
    if fields.contains("\r\n\r\n") || !is_empty {
        return None;
    }
    let problem = match status {
        // The library calls the largest numbers too large a head.
        "400" | "431" if unfit == Some(Unfit::Huge) => Unfit::Huge.problem(),
        "400" => {
            unfit.map_or_else(|| Problem::malformed("the head of this request is none that HTTP has"), Unfit::problem)
        }
        "414" => Problem::new(StatusCode::URI_TOO_LONG, "path_too_long", "the path with its query is too long"),
        "431" => {
            let detail = "the head of this request is too large, or has too many fields";
            Problem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "head_too_large", detail)
        }
        _ => return None,
    };
    let body = problem.to_json().to_string();
    let mut told = format!("HTTP/1.1 {}\r\n", problem.status());
    let replaced = |field: &&str| {
        let name = field.split(':').next().unwrap_or_default();
        ["content-length", "connection"].iter().any(|known| name.eq_ignore_ascii_case(known))
    };
    for field in fields.split("\r\n").filter(|field| !replaced(field)) {
        told = format!("{told}{field}\r\n");
    }
    told = format!(
        "{told}content-type: {CONTENT_TYPE}\r\nx-content-type-options: nosniff\r\ncache-control: no-store\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    Some(told.into_bytes())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_a_body_is_told_as_a_problem() {
        let bare = |line: &str| format!("HTTP/1.1 {line}\r\ncontent-length: 0\r\ndate: now\r\n\r\n").into_bytes();
        const BAD: &str = "400 Bad Request";
        const LONG: &str = "414 URI Too Long";
        const LARGE: &str = "431 Request Header Fields Too Large";
        const HUGE: &str = "413 Payload Too Large";
        for (line, unfit, told_line, code, words) in [
            (BAD, None, BAD, "malformed", "none that HTTP has"),
            (BAD, Some(Unfit::Field), BAD, "malformed", "its name right before the colon"),
            (BAD, Some(Unfit::Huge), HUGE, "body_too_large", "larger than any"),
            (LARGE, Some(Unfit::Huge), HUGE, "body_too_large", "larger than any"),
            (LONG, None, LONG, "path_too_long", "too long"),
            (LARGE, None, LARGE, "head_too_large", "too large"),
        ] {
            let told = String::from_utf8(super::told(&bare(line), unfit).unwrap()).unwrap();
            let (head, body) = told.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with(&format!("HTTP/1.1 {told_line}\r\ndate: now\r\n")), "{head}");
            assert!(head.ends_with(&format!("content-length: {}", body.len())), "{head}");
            let problem: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(problem.get("code").unwrap(), code);
            assert!(body.contains(words), "{body}");
        }
        for other in [
            &bare("200 OK")[..],
            &bare("404 Not Found"),
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n",
            b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\nmore\r\n\r\n",
            b"HTTP/1.1 400",
            b"\xff\r\n\r\n",
            b"",
        ] {
            assert_eq!(super::told(other, None), None);
        }
    }
}
