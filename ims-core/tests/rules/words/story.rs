//! A shop, what has happened in it, and what comes of one more command.

use super::{Deed, Expect, deed, id, time};
use futures_executor::block_on;
use ims_core::{
    Answer, CommandId, Contact, Context, Error, Event, EventBody, Ims, MemoryStore, Offset, Order, Reply, Reports,
    Store, Timestamp, audit,
    location::CreateLocation,
    party::{CreateCustomer, CreateSupplier},
    report::{OrderQuery, PageRequest, StockLine, StockQuery},
    shop::OpenShop,
};

/// The ids of commands without a name, above those of names.
const UNNAMED: u128 = 1 << 124;
const LAST: u128 = 1 << 64;

/// What has happened before; all of it was done.
pub(crate) struct Given(Vec<Deed>);

/// The shop, and what has happened in it.
pub(crate) fn given<const N: usize>(deeds: [Deed; N]) -> Given {
    let site = |code: &'static str| deed(CreateLocation { code: code.into(), name: code.into() }).named(code);
    let contact = Contact::named("Somebody");
    let opening = [
        deed(OpenShop::new("Shop", "EUR".parse().unwrap())).named("shop"),
        site("main"),
        site("east"),
        deed(CreateSupplier { code: "W".into(), contact: contact.clone() }).named("wholesale"),
        deed(CreateCustomer { code: "R".into(), contact }).named("regular"),
    ];
    Given(opening.into_iter().chain(deeds).collect())
}

/// The same for a list of any length.
pub(crate) fn given_all(deeds: Vec<Deed>) -> Given {
    let Given(opening) = given([]);
    Given(opening.into_iter().chain(deeds).collect())
}

/// A store in which nothing has happened.
pub(crate) fn given_nothing() -> Given {
    Given(Vec::new())
}

/// What came of a command.
pub(crate) struct Outcome {
    pub(super) answer: Answer,
    /// What the log says of it.
    pub(super) events: Vec<EventBody>,
    /// When each of these is said to have happened.
    pub(super) happened: Vec<Timestamp>,
    pub(super) stock: Vec<StockLine>,
    pub(super) orders: Vec<Order>,
}

/// Gives a command to the shop and checks what comes of it: the facts that are expected, and that all adds up.
pub(crate) fn check(given: Given, command: impl Into<Deed>, expect: Expect) {
    let outcome = run(given.0, command.into());
    expect.check(&outcome);
}

fn run(given: Vec<Deed>, last: Deed) -> Outcome {
    let store = MemoryStore::new();
    let (ims, worker) = Ims::new(store.clone());
    let mut now = time("09:00");
    let story = async move {
        for (number, deed) in (0_u128..).zip(given) {
            let said = send(&ims, number, &deed, &mut now).await;
            assert!(matches!(said, Answer::Done(_)), "{deed:?} was answered {said:?}");
        }
        let newest = newest(ims.store()).await;
        let answer = send(&ims, LAST, &last, &mut now).await;
        look(&ims, newest, answer, now).await
    };
    block_on(futures_util::future::join(worker, story)).1
}

async fn send(ims: &Ims<MemoryStore>, number: u128, deed: &Deed, now: &mut Timestamp) -> Answer {
    if let Some(at) = deed.at {
        *now = time(at);
    }
    let id = deed.name.map_or(CommandId::from_u128(UNNAMED + number), id);
    let (occurred_at, earliest) = (deed.occurred_at.map(time), deed.earliest.map(time));
    let ctx = Context { occurred_at, earliest, ..Context::new(id, "somebody", *now) };
    said(ims.execute(ctx, deed.command.clone()).await)
}

fn said(reply: Reply) -> Answer {
    match reply {
        Ok(receipt) => Answer::Done(receipt),
        Err(Error::Rejected(rejection)) => Answer::Refused(*rejection),
        Err(error) => panic!("no answer: {error}"),
    }
}

async fn newest(store: &MemoryStore) -> Offset {
    store.events(Offset::START, 0).await.unwrap().newest
}

async fn look(ims: &Ims<MemoryStore>, before: Offset, answer: Answer, now: Timestamp) -> Outcome {
    let (store, page) = (ims.store(), PageRequest::default());
    let events = store.events(before, 1_000).await.unwrap().events;
    let query = StockQuery { item: None, site: None, now };
    let verdict = audit::verify(store).await.unwrap();
    assert!(verdict.ok, "{:#?}", verdict.broken);
    Outcome {
        answer,
        happened: events.iter().map(|event| event.record.occurred_at).collect(),
        events: events.into_iter().map(|Event { record, .. }| record.body).collect(),
        stock: store.stock(&query, &page).await.unwrap().rows,
        orders: store.orders(&OrderQuery::default(), &page).await.unwrap().rows,
    }
}
