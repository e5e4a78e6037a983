//! A store with an engine on it, and everything a command is given with: its id, its time, who gives it.

use crate::{
    client::{Client, Fate, Fault, RemoteStore},
    engine::Engine,
    failure::{Failure, Outcome},
    moment::Moment,
    output::{Out, Show, tell},
    store_url::Opened,
};
use ims_core::{
    Answer, AnyStore, Command, CommandId, Context, Error, Ims, ReadSet, Receipt, Rejection, Shop, Store,
    StoreErrorKind, Text, Timestamp,
};
use ims_sqlx::Registry;
use std::{
    future::Future,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::task::JoinHandle;
use uuid::{ContextV7, Uuid};

/// After so long a command that has no answer is worth a word: nobody should wait in silence.
const LONG: Duration = Duration::from_secs(1);

/// A store, open for one command of the command line.
pub(crate) struct Session {
    pub(crate) engine: Engine,
    store: AnyStore,
    accounts: Accounts,
    pub(crate) out: Out,
    /// The URL that the store was opened with.
    pub(crate) store_url: String,
    worker: Option<JoinHandle<()>>,
    id: CommandId,
    id_given: bool,
    /// Whether a command of this call was done before.
    repeated: AtomicBool,
    at: Option<Moment>,
    actor: Text,
    /// Once it is open: nothing that is asked of it here changes after that.
    shop: OnceLock<Arc<Shop>>,
}

/// Where users and keys are kept: beside the shop, or by the server that has it.
pub(crate) enum Accounts {
    Here(Registry),
    There(Client),
}

/// What a command of the command line is given with.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    /// Made anew where none is given.
    pub(crate) id: Option<CommandId>,
    /// When it happened, where that was earlier.
    pub(crate) at: Option<Moment>,
    /// Who gives it.
    pub(crate) actor: String,
}

impl Session {
    /// Starts an engine on a store, or works on a server's.
    pub(crate) fn new(opened: Opened, store_url: String, given: Given, out: Out) -> Session {
        let (engine, store, accounts, worker) = match opened {
            Opened::Store(store, registry) => {
                let (ims, worker) = Ims::new(store.clone());
                (Engine::Here(ims), store, Accounts::Here(registry), Some(tokio::spawn(worker)))
            }
            Opened::Server(client) => {
                let store = AnyStore::new(RemoteStore::new(client.clone()));
                (Engine::There(client.clone()), store, Accounts::There(client), None)
            }
        };
        let (id, id_given, repeated) = (given.id.unwrap_or_else(new_id), given.id.is_some(), AtomicBool::new(false));
        let (at, actor, shop) = (given.at, given.actor.as_str().into(), OnceLock::new());
        Session { engine, store, accounts, out, store_url, worker, id, id_given, repeated, at, actor, shop }
    }

    /// Rows and reports.
    pub(crate) fn store(&self) -> &AnyStore {
        &self.store
    }

    /// Those who may come in over the network.
    pub(crate) fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The id of this command, for repeating it.
    pub(crate) fn id(&self) -> CommandId {
        self.id
    }

    /// An id that follows from this command's id, for one of several that it takes.
    pub(crate) fn id_of_part(&self, part: &str) -> CommandId {
        derived_id(self.id, part)
    }

    /// The shop, if it is open.
    pub(crate) async fn shop(&self) -> Outcome<Option<Arc<Shop>>> {
        if let Some(shop) = self.shop.get() {
            return Ok(Some(Arc::clone(shop)));
        }
        let loaded = self.store().load(&ReadSet::default()).await?;
        Ok(loaded.shop.map(|shop| Arc::clone(self.shop.get_or_init(|| shop.row))))
    }

    /// The shop, which must be open.
    pub(crate) async fn open_shop(&self) -> Outcome<Arc<Shop>> {
        let shop = self.shop().await?;
        shop.ok_or_else(|| Failure::from(&ims_core::Rejection::ShopNotOpen))
    }

    /// How the shop's numbers and times are shown.
    pub(crate) async fn show(&self) -> Outcome<Show> {
        let shop = self.shop().await?;
        let show = shop.map_or_else(Show::default, |shop| Show::of(&shop));
        Ok(Show { costs: self.out.costs.clone(), ..show })
    }

    /// When the command happens and by whom it is given.
    pub(crate) async fn context(&self, id: CommandId) -> Outcome<Context> {
        let mut context = Context::new(id, Text::clone(&self.actor), now());
        context.occurred_at = self.occurred_at().await?;
        Ok(context)
    }

    async fn occurred_at(&self) -> Outcome<Option<Timestamp>> {
        let Some(at) = &self.at else { return Ok(None) };
        at.in_zone(&self.show().await?.zone).map(Some)
    }

    /// Has the command done.
    pub(crate) async fn execute(&self, command: impl Into<Command>) -> Outcome<Arc<Receipt>> {
        self.execute_as(self.id, command).await
    }

    /// Has one of several commands done.
    pub(crate) async fn execute_as(&self, id: CommandId, command: impl Into<Command>) -> Outcome<Arc<Receipt>> {
        let context = self.context(id).await?;
        // Only an id that was given, or follows from one, can have been used before.
        let is_repeated = self.id_given && self.answer_to(id).await?.is_some();
        if is_repeated {
            self.repeated.store(true, Ordering::Relaxed);
        }
        match with_words(self.engine.execute(context, command)).await {
            Ok(receipt) => Ok(receipt),
            Err(Error::Rejected(rejection)) if is_repeated => Err(again(self.refused(&rejection).await)),
            Err(Error::Rejected(rejection)) => Err(self.refused(&rejection).await),
            Err(error) => Err(self.explain(error)),
        }
    }

    /// What was done under the id that was typed, where anything was, and `is_this` says that it is what is asked for now.
    /// Verbs whose command follows from what is there now, or from the clock, ask before they work it out: it would be
    /// another one. What was refused has changed nothing, so that it can be worked out again: the engine knows whether it is
    /// the same.
    ///
    /// # Errors
    /// [`Failure`] where the id is that of something else.
    pub(crate) async fn done_before(&self, is_this: impl FnOnce(&Receipt) -> bool) -> Outcome<Option<Arc<Receipt>>> {
        if !self.id_given {
            return Ok(None);
        }
        match self.answer_to(self.id).await? {
            None | Some(Answer::Refused(_)) => Ok(None),
            Some(Answer::Done(receipt)) if is_this(&receipt) => {
                self.repeated.store(true, Ordering::Relaxed);
                Ok(Some(receipt))
            }
            Some(Answer::Done(_)) => Err(Failure::from(Error::IdReused { id: self.id })),
        }
    }

    /// Repeats what refused the command of the id that was typed, for verbs whose command follows from the clock: nobody
    /// can tell whether it was this one.
    ///
    /// # Errors
    /// [`Failure`] where it was refused.
    pub(crate) async fn refused_before(&self) -> Outcome {
        if !self.id_given {
            return Ok(());
        }
        match self.answer_to(self.id).await? {
            Some(Answer::Refused(rejection)) => Err(again(self.refused(&rejection).await)),
            Some(Answer::Done(_)) | None => Ok(()),
        }
    }

    /// What a command of this id was answered.
    async fn answer_to(&self, id: CommandId) -> Outcome<Option<Answer>> {
        let found = self.store().load(&ReadSet { commands: [id].into(), ..ReadSet::default() }).await?;
        Ok(found.commands.into_iter().next().map(|command| Answer::clone(&command.answer)))
    }

    /// What a person is told that was done: also that it was done before, where it was.
    pub(crate) fn told(&self, text: &str) -> String {
        if self.was_repeated() { format!("Done before, nothing new: {text}") } else { text.to_owned() }
    }

    /// Whether a command of this call was done before.
    pub(crate) fn was_repeated(&self) -> bool {
        self.repeated.load(Ordering::Relaxed)
    }

    /// Says why a command was refused, with the names of what is in its way.
    async fn refused(&self, rejection: &Rejection) -> Failure {
        let failure = Failure::from(rejection);
        // Where the shop cannot be read, moments are those of UTC.
        let failure = match self.show().await {
            Ok(show) => failure.in_time_of(&show),
            Err(_) => failure,
        };
        let (Rejection::SkuTaken { by, .. } | Rejection::BarcodeTaken { by, .. }) = rejection else { return failure };
        // Where it cannot be read, the refusal is still one.
        match self.items_with([*by]).await.ok().and_then(|items| items.get(by).cloned()) {
            Some(item) => failure.taken_by(&item),
            None => failure,
        }
    }

    /// Says how to repeat a command that has no answer yet: nobody knows whether it was done.
    fn explain(&self, error: Error) -> Failure {
        let open = match &error {
            Error::Store(store) => match Fault::of(store) {
                Some(fault) => fault.fate() == Fate::Open,
                None => {
                    matches!(store.kind, StoreErrorKind::Retry | StoreErrorKind::Unknown | StoreErrorKind::Unavailable)
                }
            },
            Error::Contended { .. } | Error::Stopped => true,
            Error::Rejected(_) | Error::IdReused { .. } | Error::Internal { .. } => false,
        };
        let failure = Failure::from(error);
        if !open {
            return failure;
        }
        failure
            .field("id", self.id.to_string())
            .hint(format!("repeat the command with --id {}: it is done at most once", self.id))
    }

    /// Lets the engine end.
    pub(crate) async fn close(self) {
        let Session { engine, store, worker, .. } = self;
        drop(engine);
        if let Some(worker) = worker {
            // A worker that panicked has answered its callers with an error already.
            let _ = worker.await;
        }
        // Whoever copies its file has all of it.
        store.close().await;
    }
}

impl Show {
    /// In the shop's currency and time zone.
    pub(crate) fn of(shop: &Shop) -> Show {
        Show { currency: Some(shop.currency), rounding: shop.rounding, zone: shop.time_zone.clone(), ..Show::default() }
    }
}

/// Says that it is an earlier refusal.
fn again(refusal: Failure) -> Failure {
    let words = "the command with this id was refused before; leave --id out to give a new one";
    refusal.field("repeated", true).details(vec![words.to_owned()])
}

/// Waits for an answer, and says so where that takes long.
async fn with_words<T>(answering: impl Future<Output = T>) -> T {
    let mut answering = pin!(answering);
    if let Ok(answered) = tokio::time::timeout(LONG, &mut answering).await {
        return answered;
    }
    tell("this takes long: somebody else may be writing to the store; waiting for them");
    answering.await
}

/// The time now. The engine has no clock; this is where one is read.
pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}

/// An id that was never used: version 7, so that ids made later sort later.
pub(crate) fn new_uuid() -> Uuid {
    uuid_at(SystemTime::now())
}

/// An id of version 7 by what a clock shows. Such ids have no time before 1970: one that shows less makes ids of 1970, which
/// are told apart and sorted by what else is in them.
fn uuid_at(clock: SystemTime) -> Uuid {
    static MADE: Mutex<AssertUnwindSafe<ContextV7>> = Mutex::new(AssertUnwindSafe(ContextV7::new()));
    let since = clock.duration_since(UNIX_EPOCH).unwrap_or_default();
    Uuid::new_v7(uuid::Timestamp::from_unix(&MADE, since.as_secs(), since.subsec_nanos()))
}

fn new_id() -> CommandId {
    CommandId::from_u128(new_uuid().as_u128())
}

/// An id that follows from another one and a name: the same ones give the same id.
pub(crate) fn derived_id(from: CommandId, name: &str) -> CommandId {
    CommandId::from_u128(Uuid::new_v5(&Uuid::from_u128(from.as_u128()), name.as_bytes()).as_u128())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_before_1970_makes_ids_that_differ_and_sort() {
        let clock = UNIX_EPOCH.checked_sub(Duration::from_secs(86_400)).unwrap();
        let ids: Vec<Uuid> = (0..1_000).map(|_| uuid_at(clock)).collect();
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && !id.is_nil()), "{ids:?}");
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        assert!(uuid_at(SystemTime::now()) > *ids.last().unwrap());
    }
}
