//! Passwords: what they must be, and how they are kept.

use super::{
    Config, Secret,
    hashing::{Hashers, Memory, Unhashed, nobodys},
    secret::random,
};
use crate::serve::Problem;
use axum::http::StatusCode;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Characters of a password; more would only make the server work.
pub(crate) const MOST_PASSWORD_CHARS: usize = 256;
const SALT_BYTES: usize = 16;
/// Characters of a user's name from which on a password must not have it in it: any password may have an `a`.
const NAME_CHARS_THAT_TELL: usize = 4;
/// Passwords that everybody tries first, as far as they are long enough to be taken at all.
const COMMON: &str = include_str!("common_passwords.txt");

/// Hashes passwords, no more of them at once than the machine can bear.
#[derive(Debug)]
pub(super) struct Passwords {
    chars: usize,
    hashers: Hashers,
    waiting: AtomicUsize,
    most_waiting: usize,
    /// What is compared for users that are not there, so that they take as long as those that are.
    nobodys: Secret,
}

impl Passwords {
    /// Starts the threads that hash.
    pub(super) fn new(config: &Config) -> Result<Passwords, Problem> {
        let unstarted = |error| Problem::internal(format!("no thread for passwords could be started: {error}"));
        Ok(Passwords {
            chars: config.password_chars,
            hashers: Hashers::start(config.hashes_at_once).map_err(unstarted)?,
            waiting: AtomicUsize::new(0),
            most_waiting: config.hashes_waiting,
            nobodys: nobodys(&random::<SALT_BYTES>()?, &random()?).map_err(unhashed)?,
        })
    }

    /// Refuses a password that is too short, too long, or too well known.
    pub(super) fn check(&self, user: &str, password: &Secret) -> Result<(), Problem> {
        let chars = password.expose().chars().count();
        let lower = password.expose().to_lowercase();
        let problem = if chars < self.chars {
            format!("a password must have {} characters at least", self.chars)
        } else if chars > MOST_PASSWORD_CHARS {
            format!("a password must have {MOST_PASSWORD_CHARS} characters at most")
        } else if user.len() >= NAME_CHARS_THAT_TELL && lower.contains(user) {
            "a password must not have the user's name in it".to_owned()
        } else if COMMON.lines().any(|common| common == lower) || is_one_character(&lower) {
            "this password is among those that are tried first".to_owned()
        } else {
            return Ok(());
        };
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "password_too_weak", problem))
    }

    /// Hashes a password.
    pub(super) async fn hash(&self, password: Secret) -> Result<Secret, Problem> {
        let salt = random::<SALT_BYTES>()?;
        self.work(move |memory| memory.hash(&password, &salt)).await
    }

    /// Whether a password is the one that was hashed. It takes as long where there is no hash: nobody learns which users
    /// there are.
    pub(super) async fn is_right(&self, password: Secret, hash: Option<&Secret>) -> Result<bool, Problem> {
        // A password that is longer than any has nothing to be compared with.
        let hash = hash.filter(|_| password.expose().len() <= MOST_PASSWORD_CHARS.saturating_mul(4));
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.nobodys).clone();
        let compared = self.work(move |memory| memory.is_right(&password, &hash)).await?;
        Ok(known && compared)
    }

    /// Works where it stops nobody else, when it is its turn.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> Result<T, Unhashed> + Send + 'static,
    ) -> Result<T, Problem> {
        let _waiting = self.wait()?;
        self.hashers.run(work).await.map_err(unhashed)
    }

    fn wait(&self) -> Result<Waiting<'_>, Problem> {
        let waiting = Waiting { of: &self.waiting };
        if self.waiting.fetch_add(1, Ordering::Relaxed) < self.most_waiting {
            return Ok(waiting);
        }
        let detail = "too many people sign in now; try again in a moment";
        Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "sign_in_busy", detail).retry_after(2))
    }
}

fn unhashed(error: Unhashed) -> Problem {
    Problem::internal(format!("a password cannot be hashed: {error}"))
}

/// Somebody who waits for a password to be hashed.
struct Waiting<'a> {
    of: &'a AtomicUsize,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.of.fetch_sub(1, Ordering::Relaxed);
    }
}

fn is_one_character(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    chars.all(|char| Some(char) == first)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn passwords() -> Passwords {
        Passwords::new(&Config { hashes_waiting: 1, ..Config::default() }).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_right_or_wrong_and_nobodys_is_never_right() {
        let passwords = passwords();
        let hash = passwords.hash(Secret::new("correct horse")).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "the parameters of OWASP");
        assert!(passwords.is_right(Secret::new("correct horse"), Some(&hash)).await.unwrap());
        assert!(!passwords.is_right(Secret::new("correct hors"), Some(&hash)).await.unwrap());
        assert!(!passwords.is_right(Secret::new("correct horse"), None).await.unwrap());
        let parameters = |hash: &Secret| hash.expose().rsplitn(3, '$').last().map(ToOwned::to_owned);
        assert_eq!(parameters(&passwords.nobodys), parameters(&hash), "it takes as long");
        assert_eq!(passwords.nobodys.expose().len(), hash.expose().len());
    }

    #[tokio::test]
    async fn those_who_would_wait_too_long_are_sent_away() {
        let passwords = passwords();
        let waits = passwords.wait().unwrap();
        let problem = passwords.hash(Secret::new("correct horse")).await.unwrap_err();
        assert_eq!(problem.code(), "sign_in_busy");
        drop(waits);
        assert!(passwords.hash(Secret::new("correct horse")).await.is_ok());
    }

    #[test]
    fn weak_passwords_are_refused() {
        let passwords = passwords();
        for weak in ["short", "aaaaaaaaaaaa", "Password123", "I am anna, let me in", &"a1".repeat(200)] {
            let refused = passwords.check("anna", &Secret::new(weak)).unwrap_err();
            assert_eq!(refused.code(), "password_too_weak", "{weak}");
        }
        assert!(passwords.check("anna", &Secret::new("correct horse battery")).is_ok());
    }
}
