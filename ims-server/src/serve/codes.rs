//! The codes of problems that are the server's own, beside the engine's: the list of docs/codes.md.

/// Each with its status and when it is told.
pub(crate) const CODES: &[(&str, u16, &str)] = &[
    ("malformed", 400, "the request cannot be understood: `at` says where"),
    ("bad_cursor", 400, "the cursor was not given by this list with these filters in this order"),
    ("idempotency_key_missing", 400, "a write came without `Idempotency-Key`"),
    ("idempotency_key_invalid", 400, "`Idempotency-Key` is empty or too long"),
    ("unauthenticated", 401, "nobody has signed in, or their time is over"),
    ("sign_in_failed", 401, "the name or the password is wrong"),
    ("no_right", 403, "the caller lacks *right*"),
    ("not_at_one_site", 403, "the caller works at one site, and this is about the whole shop or another site's series"),
    ("not_for_keys", 403, "this is for people who sign in, and not for API keys"),
    ("scope_too_wide", 403, "an API key was to have *right*, which its maker has not or no key has"),
    ("password_wrong", 403, "the current password is another one"),
    (
        "token_invalid",
        403,
        "the token of an invitation, or the one that makes the first admin, was used, has ended or was never given",
    ),
    ("registration_closed", 403, "nobody makes an account without an invitation here"),
    ("origin_refused", 403, "a page of the web that is not listed wants to open a WebSocket"),
    ("not_found", 404, "there is no such thing, or no such path"),
    ("unknown_name", 404, "nothing has the name *name*, which stands in the place of an id"),
    ("method_not_allowed", 405, "the path has no such method: `Allow` says which it has"),
    ("in_flight", 409, "the same command is being done now: send it again for its answer"),
    ("name_taken", 409, "a user or an API key has, or had, the name *name*"),
    ("last_admin", 409, "this is the last admin"),
    ("too_many_holds", 409, "the caller has *limit* open holds"),
    ("signing_key_given", 409, "the signing key was given by the configuration"),
    ("too_many_webhooks", 409, "there are *limit* webhooks, as many as there may be"),
    ("resync", 409, "who follows the log has missed what is after *from*, up to *offset*"),
    ("unread", 409, "who follows the log did not read for too long: follow again from the last event on"),
    ("offset_not_reached", 409, "the log has not reached `min_offset` yet: it is at *newest*"),
    ("body_too_large", 413, "the body is larger than *limit_bytes*, or than any number of bytes that is counted"),
    ("batch_too_large", 413, "*commands* commands are more than a batch may have: at most *limit*"),
    ("path_too_long", 414, "the path with its query is too long"),
    ("media_type", 415, "the body is not sent as *expected*"),
    ("content_encoding", 415, "the body is packed: `Accept-Encoding` says how it is taken"),
    ("bad_rows", 422, "*rows* of an imported file cannot be imported; nothing was written"),
    ("bad_file", 422, "an imported file cannot be taken apart; nothing was written"),
    ("name_invalid", 422, "no user or API key can have this name"),
    ("password_too_weak", 422, "the password is too short, too long or too well known"),
    ("too_many_keys", 422, "more than *limit* keys are looked up at once"),
    ("webhook_invalid", 422, "the webhook's *field* cannot be"),
    ("upgrade_required", 426, "the path is for WebSockets alone"),
    ("rate_limited", 429, "too many requests by *violated_policies*: `Retry-After` says when to try again"),
    ("too_many_listeners", 429, "*limit* listen already: of the caller; with status 503, of all"),
    ("head_too_large", 431, "the head of the request is too large, or has too many fields"),
    ("not_ready", 503, "the server cannot do its work now: *failing* says which of its *parts* cannot"),
    ("ending", 503, "the server ends, and the body had not come whole: send the same request again"),
    ("sign_in_busy", 503, "too many people sign in at this moment"),
    ("relay_busy", 503, "a relay's position was written by others every time: try again"),
    ("timed_out", 504, "there is no answer in time: send the same request again to find out what became of it"),
];

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ims_core::{Error, Rejection, StoreErrorKind};
    use std::{collections::BTreeSet, fs, path::Path};

    #[test]
    fn every_code_of_the_server_is_in_the_documentation() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/codes.md");
        let text = fs::read_to_string(path).unwrap();
        let (_, server) = text.split_once("\n## The server\n").unwrap();
        let listed = server.lines().filter(|line| line.starts_with("| `")).map(str::to_owned);
        let row = |(code, status, says): &(&str, u16, &str)| format!("| `{code}` | {status} | {says} |");
        assert_eq!(listed.collect::<Vec<_>>(), CODES.iter().map(row).collect::<Vec<_>>());
    }

    #[test]
    fn every_code_that_is_told_is_listed() {
        let own = CODES.iter().map(|(code, ..)| *code);
        let engines = [Rejection::CODES, Error::CODES, StoreErrorKind::CODES].concat();
        let known: BTreeSet<&str> = own.chain(engines).collect();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/serve");
        let mut told = BTreeSet::new();
        find(&folder, &mut told);
        assert!(told.len() > 10, "only {told:?} were found");
        let unknown: Vec<&String> = told.iter().filter(|code| !known.contains(code.as_str())).collect();
        assert!(unknown.is_empty(), "these codes are in no list: {unknown:?}");
    }

    /// Finds the codes that problems are made with: the first text after `Problem::new(`.
    fn find(folder: &Path, told: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                find(&path, told);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("codes.rs") {
                let text = fs::read_to_string(&path).unwrap();
                for made in text.split("Problem::new(").skip(1) {
                    // Codes that are not written there are those of the engine.
                    let statement = made.split(';').next().unwrap_or_default();
                    let code = statement.split('"').nth(1).unwrap_or_default();
                    let is_code = !code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                    if is_code {
                        told.insert(code.to_owned());
                    }
                }
            }
        }
    }
}
