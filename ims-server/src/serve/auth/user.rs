//! Users: people with a name and a password.

use super::{Secret, records::Record};
use crate::serve::{Problem, right::Role};
use axum::http::StatusCode;
use ims_core::{LocationId, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Characters of a user's or a key's name.
pub(crate) const MOST_NAME_CHARS: usize = 64;
/// Characters of an e-mail address, as SMTP has it.
const MOST_EMAIL_CHARS: usize = 254;

/// The name of a user or a key, in lower case: a name is not given twice, and no letter looks like another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub(crate) struct Name(String);

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// `name_invalid`, without the name: people type passwords where a name is asked for.
    pub(crate) fn new(text: &str) -> Result<Name, Problem> {
        let name = text.to_ascii_lowercase();
        let begins = name.chars().next().is_some_and(|first| first.is_ascii_alphanumeric());
        let fits = name.chars().all(|char| char.is_ascii_alphanumeric() || ".-@+".contains(char));
        if begins && fits && name.len() <= MOST_NAME_CHARS {
            return Ok(Name(name));
        }
        let detail = format!(
            "a name has 1 to {MOST_NAME_CHARS} of the characters a to z, 0 to 9, `.`, `-`, `@` and `+`, and begins with a letter or a digit"
        );
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "name_invalid", detail))
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        let text = String::deserialize(deserializer)?;
        Name::new(&text).map_err(|problem| serde::de::Error::custom(problem.detail()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether somebody may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// They may.
    Active,
    /// They may not.
    Disabled,
}

/// A user as the registry has them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct User {
    /// By which they sign in, and by which the log of the shop names them.
    pub(crate) name: Name,
    /// Where they can be written to.
    pub(crate) email: Option<Email>,
    /// What they are.
    pub(crate) role: Role,
    /// Whether they may come in.
    pub(crate) standing: Standing,
    /// The only site that they may work at.
    pub(crate) site: Option<LocationId>,
    /// The hash of the password.
    pub(crate) password: Secret,
    /// Sessions that began with another number have ended.
    pub(crate) epoch: u64,
    /// When the user was made.
    pub(crate) made_at: Timestamp,
    /// When the password was set.
    pub(crate) password_set_at: Timestamp,
}

impl Record for User {
    const KIND: &'static str = "user";

    fn key(&self) -> String {
        self.name.to_string()
    }
}

impl User {
    /// Ends all sessions of the user, in all instances.
    pub(super) fn end_sessions(&mut self) {
        self.epoch = self.epoch.wrapping_add(1);
    }
}

/// An e-mail address, as far as can be told by looking at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Email(String);

impl<'de> Deserialize<'de> for Email {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Email, D::Error> {
        let text = String::deserialize(deserializer)?;
        let plain = text.chars().all(|char| !char.is_whitespace() && !char.is_control());
        let whole = text.split_once('@').is_some_and(|(who, host)| !who.is_empty() && !host.is_empty());
        if plain && whole && text.chars().count() <= MOST_EMAIL_CHARS {
            return Ok(Email(text));
        }
        Err(serde::de::Error::custom("this is not an e-mail address"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain_and_in_lower_case() {
        assert_eq!(Name::new("Anna.B").unwrap().as_str(), "anna.b");
        for bad in ["", "a b", "a/b", "änna", ".anna", "a\nb", "a_b", "a'--", &"a".repeat(65)] {
            assert_eq!(Name::new(bad).unwrap_err().code(), "name_invalid", "{bad}");
        }
    }

    #[test]
    fn an_email_has_two_parts() {
        assert!(serde_json::from_str::<Email>(r#""anna@example.com""#).is_ok());
        for bad in ["anna", "@example.com", "anna@", "an na@example.com", "anna@example.com\\nBcc: x"] {
            assert!(serde_json::from_str::<Email>(&format!("\"{bad}\"")).is_err(), "{bad}");
        }
    }
}
