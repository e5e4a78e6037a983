//! Threads that hash passwords. What Argon2 fills, 19 MiB for each hash, belongs to the thread: it is used again for the
//! next password that waits, and given back when none does.

use super::Secret;
use argon2::{
    Algorithm, Argon2, Block, Params, PasswordHash, Version,
    password_hash::phc::{Output, ParamsString, Salt},
};
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};
use tokio::sync::oneshot;

/// Something to be done with the memory of a thread.
type Job = Box<dyn FnOnce(&mut Memory) + Send>;
/// Bytes of a thread's stack: what is large is not there.
const STACK_BYTES: usize = 256 * 1024;

/// The threads. They end when this is dropped and nothing waits any more.
#[derive(Debug)]
pub(super) struct Hashers {
    jobs: Sender<Job>,
}

/// What Argon2 fills.
#[derive(Default)]
pub(super) struct Memory {
    blocks: Vec<Block>,
}

/// Why a password cannot be hashed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unhashed {
    /// A hash that is none.
    #[error(transparent)]
    Hash(#[from] argon2::password_hash::phc::Error),
    /// A hash of a kind that is not known here.
    #[error(transparent)]
    Kind(#[from] argon2::password_hash::Error),
    /// A hash with parameters that cannot be.
    #[error(transparent)]
    Parameters(#[from] argon2::Error),
    /// The thread met a defect.
    #[error("the thread for it has ended")]
    Gone,
}

impl Hashers {
    /// Starts so many threads.
    ///
    /// # Errors
    /// Where the system starts none.
    pub(super) fn start(threads: usize) -> io::Result<Hashers> {
        let (jobs, received) = channel();
        let received = Arc::new(Mutex::new(received));
        for _ in 0..threads.max(1) {
            let received = Arc::clone(&received);
            let thread = thread::Builder::new().name("password".to_owned()).stack_size(STACK_BYTES);
            thread.spawn(move || work(&received))?;
        }
        Ok(Hashers { jobs })
    }

    /// Has something done with a thread's memory, unless its caller is gone when it is its turn.
    ///
    /// # Errors
    /// [`Unhashed`].
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> Result<T, Unhashed> + Send + 'static,
    ) -> Result<T, Unhashed> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |memory| {
            if !answer.is_closed() {
                // Who has gone meanwhile needs no answer.
                let _ = answer.send(work(memory));
            }
        });
        self.jobs.send(job).map_err(|_| Unhashed::Gone)?;
        answered.await.unwrap_or(Err(Unhashed::Gone))
    }
}

/// Does one job after the other. Whoever holds the lock waits for the next one; so who does not get it has nothing to do.
fn work(jobs: &Mutex<Receiver<Job>>) {
    let mut memory = Memory::default();
    loop {
        let waiting = jobs.try_lock().ok().and_then(|jobs| jobs.try_recv().ok());
        let next = waiting.or_else(|| {
            memory = Memory::default();
            jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
        });
        let Some(job) = next else { return };
        // It was counted and logged where it happened, and the thread does the next one.
        let _ = catch_unwind(AssertUnwindSafe(|| job(&mut memory)));
    }
}

/// How passwords are hashed: Argon2id with the parameters that OWASP names first, 19 MiB, two passes, one lane.
fn chosen() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

/// The hash of a password, as it is kept.
///
/// # Errors
/// [`Unhashed`].
fn written(salt: Salt, hash: Output) -> Result<Secret, Unhashed> {
    let params = ParamsString::try_from(&Params::DEFAULT)?;
    let (algorithm, version) = (Algorithm::Argon2id.ident(), Some(Version::V0x13.into()));
    Ok(Secret::new(PasswordHash { algorithm, version, params, salt: Some(salt), hash: Some(hash) }.to_string()))
}

/// A hash that no password has, as far as anybody can find out: made of bytes by chance, without hashing.
///
/// # Errors
/// [`Unhashed`].
pub(super) fn nobodys(salt: &[u8], hash: &[u8; Params::DEFAULT_OUTPUT_LEN]) -> Result<Secret, Unhashed> {
    written(Salt::new(salt)?, Output::new(hash)?)
}

impl Memory {
    /// Hashes a password.
    ///
    /// # Errors
    /// [`Unhashed`].
    pub(super) fn hash(&mut self, password: &Secret, salt: &[u8]) -> Result<Secret, Unhashed> {
        let salt = Salt::new(salt)?;
        written(salt, self.output(chosen(), password, &salt)?)
    }

    /// Whether a password is the one that was hashed.
    ///
    /// # Errors
    /// [`Unhashed`].
    pub(super) fn is_right(&mut self, password: &Secret, hash: &Secret) -> Result<bool, Unhashed> {
        let hash = PasswordHash::new(hash.expose())?;
        let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else { return Ok(false) };
        let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
        let version = hash.version.map(Version::try_from).transpose()?;
        let params = Params::try_from(&hash)?;
        let found = self.output(Argon2::new(algorithm, version.unwrap_or_default(), params), password, salt)?;
        // Compared in a time that tells nothing.
        Ok(found == *expected)
    }

    fn output(&mut self, argon2: Argon2<'_>, password: &Secret, salt: &Salt) -> Result<Output, Unhashed> {
        let params = argon2.params();
        self.blocks.resize(params.block_count(), Block::default());
        let mut output = [0; Output::MAX_LENGTH];
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN).min(output.len());
        let (output, _) = output.split_at_mut(length);
        argon2.hash_password_into_with_memory(password.expose().as_bytes(), salt, output, &mut self.blocks)?;
        Ok(Output::new(output)?)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use argon2::{PasswordHasher, PasswordVerifier};
    use std::time::Duration;

    #[tokio::test]
    async fn a_hash_is_the_one_that_the_library_makes() {
        let hashers = Hashers::start(1).unwrap();
        let salt = b"a salt of 16 B..";
        let hash = hashers.run(|memory| memory.hash(&Secret::new("swordfish"), salt)).await.unwrap();
        let theirs = Argon2::default().hash_password_with_salt(b"swordfish", salt).unwrap();
        assert_eq!(hash.expose(), theirs.to_string());
        Argon2::default().verify_password(b"swordfish", hash.expose()).unwrap();
        assert!(hashers.run(move |memory| memory.is_right(&Secret::new("swordfish"), &hash)).await.unwrap());
    }

    #[tokio::test]
    async fn a_thread_outlives_a_defect_and_keeps_no_memory() {
        let hashers = Hashers::start(1).unwrap();
        let failed = hashers.run(|_| -> Result<(), Unhashed> { panic!("a planted defect") }).await;
        assert!(matches!(failed, Err(Unhashed::Gone)));
        hashers.run(|memory| memory.hash(&Secret::new("swordfish"), b"a salt of 16 B..")).await.unwrap();
        // The next password may come before the thread has seen that none waits: then it uses the same memory again.
        for _ in 0..1_000 {
            tokio::time::sleep(Duration::from_millis(1)).await;
            if hashers.run(|memory| Ok(memory.blocks.len())).await.unwrap() == 0 {
                return;
            }
        }
        panic!("nothing waits, and it keeps its memory");
    }

    #[tokio::test]
    async fn what_is_no_hash_is_said_to_be_none() {
        let hashers = Hashers::start(1).unwrap();
        for text in ["", "swordfish", "$argon2id$v=19$m=19456,t=2,p=1$x", "$md5$v=19$c2FsdHNhbHQ$aGFzaGhhc2g"] {
            let answered = hashers.run(move |memory| memory.is_right(&Secret::new("x"), &Secret::new(text))).await;
            assert!(!matches!(answered, Ok(true)), "{text}");
        }
    }
}
