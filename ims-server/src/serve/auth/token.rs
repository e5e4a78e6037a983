//! Access tokens: JWTs of one algorithm, signed with keys that change.

use super::{
    Config, Secret,
    records::{Record, Records},
    secret::random,
    user::Name,
};
use crate::{
    serve::Problem,
    session::{new_uuid, now},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ims_core::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// The one algorithm. Only this server reads its tokens, so that what signs may be what verifies.
const ALGORITHM: Algorithm = Algorithm::HS256;
/// What the tokens say that they are (RFC 9068).
const TYPE: &str = "at+jwt";
/// Bytes of a key, as RFC 7518 wants them for this algorithm.
const KEY_BYTES: usize = 32;
/// Bytes of a token that is looked at.
const MOST_TOKEN_BYTES: usize = 2048;
/// By how much the clocks of two instances may differ.
const LEEWAY_S: u64 = 5;
/// How often, at most, the keys are read anew because a token names one that is not known here.
const READ_AGAIN_AFTER: Duration = Duration::from_secs(1);
/// What the key of the configuration is called, and the one before it.
const GIVEN: &str = "given";

/// What an access token says. Each field must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// Who issued it.
    iss: String,
    /// For whom.
    aud: String,
    /// Whose it is: the user's name.
    pub(super) sub: Name,
    /// When it was made, in seconds since 1970.
    iat: i64,
    /// When it ends.
    exp: i64,
    /// Its own id.
    jti: Uuid,
    /// Of which session it is.
    pub(super) sid: Uuid,
}

/// A key of the server's own, as the registry has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct SigningKey {
    /// Its name in the header of a token.
    kid: Uuid,
    /// The key in base64.
    key: Secret,
    made_at: Timestamp,
    /// When no token that was signed with it is good any more.
    ends_at: Timestamp,
}

impl Record for SigningKey {
    const KIND: &'static str = "signing_key";

    fn key(&self) -> String {
        self.kid.to_string()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.ends_at)
    }
}

/// Signs and verifies.
#[derive(Debug)]
pub(super) struct Tokens {
    records: Records,
    validation: Validation,
    issuer: String,
    audience: String,
    access_token_ms: u64,
    signing_key_ms: u64,
    /// For how long the keys that were read are believed to be the keys.
    believed: Duration,
    /// Whether the keys are the server's own.
    own: Own,
    ring: RwLock<Arc<Ring>>,
    /// When the keys were last read for a token that named an unknown one.
    looked_at: Mutex<Option<Instant>>,
}

/// Whose the keys are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    /// The server made them and changes them.
    Own,
    /// They were given by the configuration.
    Given,
}

/// The keys of this moment.
struct Ring {
    /// What is signed with, and since when; none of the server's own was made yet.
    newest: Option<(String, EncodingKey, Timestamp)>,
    known: HashMap<String, DecodingKey>,
    read_at: Instant,
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ring").field("known", &self.known.keys()).finish_non_exhaustive()
    }
}

impl Tokens {
    /// Reads the keys.
    ///
    /// # Errors
    /// Where the registry cannot be read, and `config_invalid` for a key that is none.
    pub(super) async fn new(records: Records, config: &Config) -> Result<Tokens, Problem> {
        let mut validation = Validation::new(ALGORITHM);
        validation.leeway = LEEWAY_S;
        validation.set_issuer(&[&config.issuer]);
        validation.set_audience(&[&config.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let (own, ring) = match &config.signing_key {
            Some(key) => (Own::Given, given(key, config.previous_signing_key.as_ref())?),
            None => (Own::Own, read(&records).await?),
        };
        Ok(Tokens {
            records,
            validation,
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            access_token_ms: config.access_token_ms,
            signing_key_ms: config.signing_key_ms,
            believed: Duration::from_millis(config.believed_ms),
            own,
            ring: RwLock::new(Arc::new(ring)),
            looked_at: Mutex::default(),
        })
    }

    /// Makes an access token.
    pub(super) async fn sign(&self, user: &Name, session: Uuid) -> Result<Secret, Problem> {
        let mut ring = self.ring();
        if self.own == Own::Own && ring.newest.as_ref().is_none_or(|(_, _, made_at)| self.is_old(*made_at)) {
            ring = self.renewed().await?;
        }
        let unsigned = || Problem::internal("there is no key to sign with");
        let (kid, key, _) = ring.newest.as_ref().ok_or_else(unsigned)?;
        let header = Header { typ: Some(TYPE.into()), kid: Some(kid.clone()), ..Header::new(ALGORITHM) };
        let iat = now_s();
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: user.clone(),
            iat,
            exp: iat.saturating_add(i64::try_from(self.access_token_ms / 1000).unwrap_or(i64::MAX)),
            jti: Uuid::from_bytes(random()?),
            sid: session,
        };
        let signed = jsonwebtoken::encode(&header, &claims, key);
        signed.map(Secret::new).map_err(|error| Problem::internal(format!("a token cannot be signed: {error}")))
    }

    /// Reads an access token; `None` for everything that is not a good one.
    pub(super) async fn verify(&self, token: &str) -> Result<Option<Claims>, Problem> {
        if token.len() > MOST_TOKEN_BYTES {
            return Ok(None);
        }
        let Ok(header) = jsonwebtoken::decode_header(token) else { return Ok(None) };
        if header.alg != ALGORITHM || header.typ.as_deref() != Some(TYPE) {
            return Ok(None);
        }
        let Some(kid) = header.kid else { return Ok(None) };
        let mut ring = self.ring();
        if self.own == Own::Own {
            if !ring.known.contains_key(&kid) {
                ring = self.looked_for(&kid).await?;
            } else if ring.read_at.elapsed() >= self.believed {
                ring = self.read_again().await?;
            }
        }
        let Some(key) = ring.known.get(&kid) else { return Ok(None) };
        let Ok(read) = jsonwebtoken::decode::<Claims>(token, key, &self.validation) else { return Ok(None) };
        let made_in_future = read.claims.iat > now_s().saturating_add(i64::try_from(LEEWAY_S).unwrap_or_default());
        Ok((!made_in_future).then_some(read.claims))
    }

    /// Signs with a new key from now on, and takes no token any more that was signed with another one.
    ///
    /// # Errors
    /// `signing_key_given` where the keys are not the server's own.
    pub(super) async fn replace_keys(&self) -> Result<(), Problem> {
        if self.own == Own::Given {
            let detail = "the signing key was given by the configuration: change it there";
            return Err(Problem::new(axum::http::StatusCode::CONFLICT, "signing_key_given", detail));
        }
        for key in self.records.beginning_with::<SigningKey>("").await? {
            self.records.forget::<SigningKey>(&key.key()).await?;
        }
        self.renewed().await?;
        Ok(())
    }

    /// Reads the keys for a token that names an unknown one, unless that was just done: another instance may have made it
    /// just now, and whoever makes names up must not have them read all the time. Those who name one at the same moment
    /// wait for the same reading.
    async fn looked_for(&self, kid: &str) -> Result<Arc<Ring>, Problem> {
        let mut looked_at = self.looked_at.lock().await;
        let ring = self.ring();
        let just_done = looked_at.is_some_and(|looked_at| looked_at.elapsed() < READ_AGAIN_AFTER.min(self.believed));
        if just_done || ring.known.contains_key(kid) {
            return Ok(ring);
        }
        *looked_at = Some(Instant::now());
        self.read_again().await
    }

    fn is_old(&self, made_at: Timestamp) -> bool {
        after(made_at, self.signing_key_ms) <= now()
    }

    /// Makes a new key, unless another instance just did.
    async fn renewed(&self) -> Result<Arc<Ring>, Problem> {
        let ring = self.read_again().await?;
        if ring.newest.as_ref().is_some_and(|(_, _, made_at)| !self.is_old(*made_at)) {
            return Ok(ring);
        }
        let made_at = now();
        let good_for_ms = self.signing_key_ms.saturating_add(self.access_token_ms.saturating_mul(2));
        let key = SigningKey {
            kid: new_uuid(),
            key: Secret::new(STANDARD.encode(random::<KEY_BYTES>()?)),
            made_at,
            ends_at: after(made_at, good_for_ms),
        };
        self.records.set(&key).await?;
        self.read_again().await
    }

    async fn read_again(&self) -> Result<Arc<Ring>, Problem> {
        let ring = Arc::new(read(&self.records).await?);
        // A ring is put in place whole, whoever panicked.
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&ring);
        Ok(ring)
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads the server's own keys.
async fn read(records: &Records) -> Result<Ring, Problem> {
    let mut ring = Ring { newest: None, known: HashMap::new(), read_at: Instant::now() };
    // Oldest first: the last one is the newest.
    for SigningKey { kid, key, made_at, .. } in records.beginning_with::<SigningKey>("").await? {
        ring.add(kid.to_string(), &bytes(&key)?, made_at);
    }
    Ok(ring)
}

/// Reads the keys that were given.
fn given(key: &Secret, previous: Option<&Secret>) -> Result<Ring, Problem> {
    let mut ring = Ring { newest: None, known: HashMap::new(), read_at: Instant::now() };
    for key in previous.into_iter().chain([key]) {
        let bytes = bytes(key)?;
        if bytes.len() < KEY_BYTES {
            return Err(invalid(&format!("a signing key must have {KEY_BYTES} bytes at least")));
        }
        ring.add(format!("{GIVEN}-{}", short_digest(key)), &bytes, Timestamp::MAX);
    }
    Ok(ring)
}

impl Ring {
    /// Adds a key that is newer than those before it.
    fn add(&mut self, kid: String, bytes: &[u8], made_at: Timestamp) {
        self.known.insert(kid.clone(), DecodingKey::from_secret(bytes));
        self.newest = Some((kid, EncodingKey::from_secret(bytes), made_at));
    }
}

/// Tells one given key from another one, and nothing of either: half of the digest of a digest.
fn short_digest(key: &Secret) -> String {
    key.digest().digest().expose().chars().take(12).collect()
}

fn bytes(key: &Secret) -> Result<Vec<u8>, Problem> {
    STANDARD.decode(key.expose().trim()).map_err(|_| invalid("a signing key is not base64"))
}

fn invalid(problem: &str) -> Problem {
    Problem::internal(problem)
}

/// A moment that many milliseconds later.
pub(crate) fn after(moment: Timestamp, ms: u64) -> Timestamp {
    i64::try_from(ms).ok().and_then(|ms| moment.checked_add_ms(ms)).unwrap_or(Timestamp::MAX)
}

fn now_s() -> i64 {
    now().micros().div_euclid(1_000_000)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn those_who_name_a_new_key_at_once_wait_for_the_same_reading() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("shop.db").display());
        let (_, registry) = ims_sqlx::open_with_registry(&url, ims_sqlx::OpenOptions::default()).await.unwrap();
        let instance = async || Tokens::new(Records::new(registry.clone()), &Config::default()).await.unwrap();
        let (signs, reads) = (instance().await, instance().await);
        let token = signs.sign(&Name::new("ada").unwrap(), Uuid::nil()).await.unwrap();
        let verified = futures_util::future::join_all((0..8).map(|_| reads.verify(token.expose()))).await;
        assert!(verified.into_iter().all(|claims| claims.unwrap().is_some()));
    }
}
