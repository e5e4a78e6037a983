//! Signatures as Standard Webhooks has them, so that a listener's library can check them.

use aws_lc_rs::{hmac, rand};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::fmt;

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// Random bytes of a secret.
const SECRET_BYTES: usize = 32;

/// What a listener and the server know, and nobody else. It is never printed.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

impl Secret {
    /// Makes one; nothing where the system has no random numbers.
    pub(crate) fn make() -> Option<Secret> {
        let mut bytes = [0_u8; SECRET_BYTES];
        rand::fill(&mut bytes).ok()?;
        Some(Secret(format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes))))
    }

    /// As it is told once.
    pub(crate) fn told(&self) -> &str {
        &self.0
    }

    /// Signs a delivery: `v1,` and the HMAC-SHA256 of its id, its time and its body.
    pub(super) fn sign(&self, id: &str, timestamp_s: i64, body: &[u8]) -> String {
        let encoded = self.0.strip_prefix(PREFIX).unwrap_or(&self.0);
        // A secret that is not Base64 is its own bytes: it was not made here.
        let bytes = BASE64_STANDARD.decode(encoded).unwrap_or_else(|_| encoded.as_bytes().to_vec());
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &bytes));
        context.update(format!("{id}.{timestamp_s}.").as_bytes());
        context.update(body);
        format!("v1,{}", BASE64_STANDARD.encode(context.sign()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// The case of the specification's own libraries.
    #[test]
    fn a_signature_is_that_of_standard_webhooks() {
        let secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned());
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn no_two_secrets_are_alike_and_none_is_printed() {
        let (one, other) = (Secret::make().unwrap(), Secret::make().unwrap());
        assert_ne!(one, other);
        assert!(!format!("{one:?}").contains(one.told()));
    }
}
