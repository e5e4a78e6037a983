//! What is written down of who came in and who changed what: structured lines, in which no secret stands and in which
//! what callers said is escaped.

use super::user::Name;
use crate::serve::{Caller, right::Role};
use std::net::IpAddr;

/// Characters of what a stranger said that are written down.
const MOST_SAID_CHARS: usize = 64;

/// A line of the audit: `audit!("signed_in", user = …)`. All of them have the target `audit`.
macro_rules! audit {
    ($what:literal $(, $($fields:tt)*)?) => {
        tracing::info!(target: "audit", event = $what $(, $($fields)*)?)
    };
}

/// Somebody signed in.
pub(super) fn signed_in(user: &Name, address: Option<IpAddr>) {
    audit!("signed_in", user = %user, address = shown(address));
}

/// Somebody did not know a password. What they said may be a password that was typed into the wrong field: of a name that
/// no user can have nothing is written down.
pub(super) fn sign_in_failed(said: &str, address: Option<IpAddr>) {
    let name = Name::new(said).map_or_else(|_| "(not a name)".to_owned(), |name| name.to_string());
    audit!("sign_in_failed", user = name, address = shown(address));
}

/// Somebody ended a session, or all of them.
pub(super) fn signed_out(user: &Name, what: &'static str) {
    audit!("signed_out", user = %user, what);
}

/// A refresh token was used for the second time: it was copied.
pub(super) fn refresh_reused(user: &Name, address: Option<IpAddr>) {
    tracing::warn!(target: "audit", event = "refresh_reused", user = %user, address = shown(address));
}

/// A token or a key was refused.
pub(super) fn refused(why: &'static str, name: Option<&Name>) {
    let name = name.map(Name::to_string);
    audit!("refused", why, name);
}

/// A user was made.
pub(super) fn user_made(by: &str, user: &Name, role: Role) {
    audit!("user_made", by, user = %user, role = ?role);
}

/// A user was changed.
pub(super) fn user_changed(by: &str, user: &Name, what: &'static str, now: &str) {
    audit!("user_changed", by, user = %user, what, now);
}

/// Somebody changed a password.
pub(super) fn password_changed(by: &str, user: &Name) {
    audit!("password_changed", by, user = %user);
}

/// A key was made.
pub(super) fn key_made(by: &Caller, key: &Name, scopes: &str) {
    audit!("key_made", by = &*by.name, key = %key, scopes);
}

/// A key was revoked, or has another owner.
pub(super) fn key_changed(by: &Caller, key: &Name, what: &'static str) {
    audit!("key_changed", by = &*by.name, key = %key, what);
}

/// Somebody was invited, or is not any more.
pub(super) fn invitation(by: &Caller, what: &'static str, role: Role) {
    audit!("invitation", by = &*by.name, what, role = ?role);
}

/// The keys that tokens are signed with were replaced.
pub(super) fn signing_keys_replaced(by: &Caller) {
    audit!("signing_keys_replaced", by = &*by.name);
}

fn shown(address: Option<IpAddr>) -> String {
    address.map_or_else(|| "unknown".to_owned(), |address| address.to_string())
}

/// What a stranger said of themselves, fit to be kept: no control characters, and not long.
pub(super) fn said(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).take(MOST_SAID_CHARS).collect()
}
