//! The hosts that a URL names, of which one takes what is written.
//!
//! A pool connects to one host. Where there are several, the one that takes writes is looked for at the beginning, and
//! again where there is no connection to be had in a moment or a write is refused because the host may only be read: then
//! the pools are told of another one, and connections to the last one are not used any more.

use super::{failure, reach};
use crate::address::{Target, Wanted};
use futures_util::future::{Either, select};
use ims_core::{StoreError, StoreErrorKind};
use sqlx::pool::PoolConnection;
use sqlx::{Connection, Database, Pool};
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Whoever has waited so long for a connection looks whether another host takes writes now, or whether one is idle.
const LOOK_AFTER: Duration = Duration::from_millis(250);
/// How long a server may take to say why there is no connection.
const WHY_WAIT: Duration = Duration::from_secs(1);

type Options<D> = <<D as Database>::Connection as Connection>::Options;

/// A kind of server.
pub(super) trait Server: Database {
    /// What a person calls one.
    fn target(options: &Options<Self>) -> Target;

    /// What an error that it tells at the door means.
    fn kind_of(error: &sqlx::Error) -> StoreErrorKind;

    /// Whether what is at the other end of a connection takes what is written.
    fn takes_writes(connection: &mut Self::Connection) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// The hosts of one server, and the one that is used. Clones are the same.
pub(super) struct Hosts<D: Server>(Arc<Inner<D>>);

struct Inner<D: Server> {
    all: Vec<Options<D>>,
    wanted: Wanted,
    limit: Duration,
    used: Mutex<Used>,
    /// When somebody last looked for another host; held by the one who does.
    looked: tokio::sync::Mutex<Option<Instant>>,
    /// When the server was last asked why there is no connection, and what it said; held by the one who asks.
    said: tokio::sync::Mutex<Option<(Instant, Said)>>,
}

/// Why there is no connection: what the server says to whoever wants one more; nothing where it gives one.
type Said = Option<(StoreErrorKind, String)>;

/// Which host is used.
#[derive(Clone, Copy, Debug, Default)]
struct Used {
    at: usize,
    /// Since when, where it was another one before.
    since: Option<Instant>,
    /// How often it was another one.
    moves: u64,
}

impl<D: Server> Hosts<D> {
    /// Makes it of what leads to each host, in the order in which they are tried.
    pub(super) fn new(all: Vec<Options<D>>, wanted: Wanted, limit: Duration) -> Self {
        let (used, looked, said) = Default::default();
        Hosts(Arc::new(Inner { all, wanted, limit, used, looked, said }))
    }

    /// Connects to the first host that will do, which is used from then on. Tells what it is called and what leads to it.
    pub(super) async fn connect(&self) -> Result<(D::Connection, Target, Options<D>), StoreError> {
        let mut refusals = Vec::new();
        for at in 0..self.0.all.len() {
            match self.try_host(at).await {
                Ok((connection, target, options)) => {
                    self.used().at = at;
                    return Ok((connection, target, options));
                }
                // User and database are the same wherever they are asked for.
                Err(error) if matches!(error.kind, StoreErrorKind::Denied | StoreErrorKind::Missing) => {
                    return Err(error);
                }
                Err(error) => refusals.push(error),
            }
        }
        Err(none(refusals))
    }

    /// Takes a connection from a pool, to another host where the one that was used is not there any more.
    ///
    /// # Errors
    /// What [`Server::kind_of`] calls it, in the words of the server where it has no connection to give.
    pub(super) async fn acquire(&self, pool: &Pool<D>, pools: &[&Pool<D>]) -> Result<PoolConnection<D>, StoreError> {
        let began = Instant::now();
        let acquired = match self.0.all.len() {
            1 => acquire_or_idle(pool).await,
            _ => self.acquire_of_any(pool, pools).await,
        };
        match acquired {
            Ok(connection) => Ok(connection),
            Err(sqlx::Error::PoolTimedOut) => Err(self.why_none(began).await),
            Err(error) => Err(match D::kind_of(&error) {
                StoreErrorKind::Retry => failure(StoreErrorKind::Unavailable, error),
                kind => failure(kind, error),
            }),
        }
    }

    /// Says why no connection came in time to whoever has waited since then. A pool goes on trying where a server has none to
    /// give, and does not tell what the server says.
    async fn why_none(&self, since: Instant) -> StoreError {
        let mut said = self.0.said.lock().await;
        let known = said.take().filter(|(at, _)| *at > since);
        let (at, why) = match known {
            Some(known) => known,
            None => (Instant::now(), self.ask_why().await),
        };
        *said = Some((at, why.clone()));
        match why {
            Some((kind, words)) => StoreError::new(kind, words),
            None => failure(StoreErrorKind::Unavailable, sqlx::Error::PoolTimedOut),
        }
    }

    async fn ask_why(&self) -> Said {
        let options = self.0.all.get(self.used().at)?;
        let wait = WHY_WAIT.min(self.0.limit);
        match reach::connect_now(options, &D::target(options), wait, D::kind_of).await {
            Ok(connection) => {
                reach::close(connection).await;
                None
            }
            Err(error) => Some((error.kind, error.source.to_string())),
        }
    }

    async fn acquire_of_any(&self, pool: &Pool<D>, pools: &[&Pool<D>]) -> Result<PoolConnection<D>, sqlx::Error> {
        let mut moves = self.used().moves;
        let mut acquiring = Box::pin(pool.acquire());
        loop {
            let began = Instant::now();
            let waited = tokio::time::timeout(LOOK_AFTER, acquiring.as_mut()).await;
            let looking = self.look(moves, began, pools);
            let (now, refused) = match waited {
                Ok(Ok(connection)) => return Ok(connection),
                Ok(Err(error)) => (looking.await, Some(error)),
                // Where all are busy it goes on waiting: what it is given is not kept from others meanwhile.
                Err(_) => match select(acquiring.as_mut(), pin!(looking)).await {
                    Either::Left((Ok(connection), _)) => return Ok(connection),
                    Either::Left((Err(error), looking)) => (looking.await, Some(error)),
                    Either::Right((now, _)) => (now, None),
                },
            };
            match refused {
                // It may still wait for the host that is not there.
                _ if now != moves => acquiring = Box::pin(pool.acquire()),
                Some(error) => return Err(error),
                None => {}
            }
            moves = now;
        }
    }

    /// Says what it means that something was not written: where another host takes it, that it can be tried again.
    pub(super) async fn unwritten(&self, error: StoreError, pools: &[&Pool<D>]) -> StoreError {
        if error.kind != StoreErrorKind::ReadOnly || self.0.all.len() == 1 {
            return error;
        }
        let moves = self.used().moves;
        match self.look(moves, Instant::now(), pools).await {
            now if now == moves => error,
            _ => StoreError::new(StoreErrorKind::Retry, error.source),
        }
    }

    /// Whether a connection of this age is to the host that is used.
    pub(super) fn is_to_the_used(&self, age: Duration) -> bool {
        self.used().since.is_none_or(|since| age <= since.elapsed())
    }

    /// Looks for the host that takes writes, the one that is used first, and tells how often it was another one. Whoever
    /// has seen `moves` and comes when somebody else has looked after `since` is told what they found.
    async fn look(&self, moves: u64, since: Instant, pools: &[&Pool<D>]) -> u64 {
        let mut looked = self.0.looked.lock().await;
        let used = *self.used();
        if used.moves != moves || looked.is_some_and(|at| at > since) {
            return used.moves;
        }
        let began = Instant::now();
        let moves = self.find(used, pools).await;
        *looked = Some(began);
        moves
    }

    async fn find(&self, used: Used, pools: &[&Pool<D>]) -> u64 {
        let others = (0..self.0.all.len()).filter(|at| *at != used.at);
        for at in [used.at].into_iter().chain(others) {
            let Ok((connection, _, options)) = self.try_host(at).await else { continue };
            reach::close(connection).await;
            if at == used.at {
                break;
            }
            pools.iter().for_each(|pool| pool.set_connect_options(options.clone()));
            let moves = used.moves.saturating_add(1);
            *self.used() = Used { at, since: Some(Instant::now()), moves };
            return moves;
        }
        used.moves
    }

    /// Connects to one host, if it will do.
    async fn try_host(&self, at: usize) -> Result<(D::Connection, Target, Options<D>), StoreError> {
        let Inner { all, wanted, limit, .. } = &*self.0;
        let none = || StoreError::new(StoreErrorKind::Address, "it names no host");
        let options = all.get(at).ok_or_else(none)?;
        let target = D::target(options);
        let each = limit.checked_div(u32::try_from(all.len()).unwrap_or(u32::MAX)).unwrap_or(*limit);
        let mut connection = reach::connect(options, &target, each, D::kind_of).await?;
        if *wanted == Wanted::Writable && !D::takes_writes(&mut connection).await? {
            reach::close(connection).await;
            return Err(StoreError::new(StoreErrorKind::ReadOnly, format!("{target} may only be read")));
        }
        Ok((connection, target, options.clone()))
    }

    fn used(&self) -> MutexGuard<'_, Used> {
        self.0.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a connection from a pool to the only host that there is. Whoever would make one more takes one that is there
/// meanwhile, where the server gives no more.
async fn acquire_or_idle<D: Database>(pool: &Pool<D>) -> Result<PoolConnection<D>, sqlx::Error> {
    let mut acquiring = pin!(pool.acquire());
    loop {
        if let Ok(acquired) = tokio::time::timeout(LOOK_AFTER, acquiring.as_mut()).await {
            return acquired;
        }
        if let Some(idle) = pool.try_acquire() {
            return Ok(idle);
        }
    }
}

/// Says why no host will do.
fn none(mut refusals: Vec<StoreError>) -> StoreError {
    if refusals.len() == 1
        && let Some(only) = refusals.pop()
    {
        return only;
    }
    let all_read = refusals.iter().all(|refusal| refusal.kind == StoreErrorKind::ReadOnly);
    let kind = if all_read { StoreErrorKind::ReadOnly } else { StoreErrorKind::Unavailable };
    let why: Vec<String> = refusals.iter().map(|refusal| refusal.source.to_string()).collect();
    StoreError::new(kind, format!("none of the {} hosts takes what is written: {}", why.len(), why.join("; ")))
}

impl<D: Server> Clone for Hosts<D> {
    fn clone(&self) -> Self {
        Hosts(Arc::clone(&self.0))
    }
}

impl<D: Server> std::fmt::Debug for Hosts<D> {
    /// Says nothing of what leads to them: there are passwords in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hosts").field("count", &self.0.all.len()).field("used", &self.used()).finish_non_exhaustive()
    }
}
