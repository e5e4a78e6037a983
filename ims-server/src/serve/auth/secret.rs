//! Secrets: made, compared, and never shown.

use crate::serve::Problem;
use aws_lc_rs::{constant_time::verify_slices_are_equal, digest, rand};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;

/// Bytes of a secret: nobody guesses it, so that one fast hash is enough to keep it.
const SECRET_BYTES: usize = 32;

/// A text that no log and no answer shows. It is written out only into the registry, or by [`expose`](Secret::expose).
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// Takes a text.
    pub(crate) fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Makes one that was never there before.
    ///
    /// # Errors
    /// Where the machine has no randomness.
    pub(crate) fn random() -> Result<Secret, Problem> {
        Ok(Secret(URL_SAFE_NO_PAD.encode(random::<SECRET_BYTES>()?)))
    }

    /// What is kept in place of it: its SHA-256.
    pub(crate) fn digest(&self) -> Secret {
        Secret(URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.0.as_bytes())))
    }

    /// Whether this is the secret that a digest was made of. It takes as long, however much of it is right.
    pub(super) fn matches(&self, digest: &Secret) -> bool {
        verify_slices_are_equal(self.digest().0.as_bytes(), digest.0.as_bytes()).is_ok()
    }
}

impl<'de> Deserialize<'de> for Secret {
    /// Says nothing of what stands in its place.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        let unreadable = |_| serde::de::Error::custom("expected a text");
        String::deserialize(deserializer).map(Secret).map_err(unreadable)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Random bytes.
pub(super) fn random<const BYTES: usize>() -> Result<[u8; BYTES], Problem> {
    let mut bytes = [0; BYTES];
    rand::fill(&mut bytes).map_err(|_| Problem::internal("there is no randomness to be had"))?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_matches_its_own_digest_alone() {
        let (one, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert!(one.matches(&one.digest()));
        assert!(!other.matches(&one.digest()));
        assert!(!one.matches(&Secret::new("")));
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert_eq!(format!("{:?}", Some(Secret::new("swordfish"))), "Some(***)");
        let problem = serde_json::from_str::<Secret>("12345").unwrap_err().to_string();
        assert!(!problem.contains("12345"), "{problem}");
    }
}
