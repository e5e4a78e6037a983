//! Exactly once, for ever: the same id again gives the first answer.

use crate::words::*;
use futures_executor::block_on;
use ims_core::{
    Command, CommandId, Context, Error, Ims, MemoryStore, Offset, Rejection, item::CreateItem,
    location::CreateLocation, order::Sell, shop::OpenShop, stock::ReceiveStock,
};

/// A till that sends its commands itself.
async fn send(
    ims: &Ims<MemoryStore>,
    name: &str,
    at: &str,
    command: impl Into<Command>,
) -> Result<std::sync::Arc<ims_core::Receipt>, Error> {
    ims.execute(Context::new(id::<CommandId>(name), "till", time(at)), command).await
}

/// Runs a story in a shop that has five of `tea`.
fn in_a_shop(story: impl AsyncFnOnce(&Ims<MemoryStore>)) {
    let (ims, worker) = Ims::new(MemoryStore::new());
    let story = async move {
        send(&ims, "shop", "09:00", OpenShop::new("Shop", "EUR".parse().unwrap())).await.unwrap();
        send(&ims, "main", "09:00", CreateLocation { code: "main".into(), name: "Main".into() }).await.unwrap();
        send(&ims, "tea", "09:00", CreateItem::new("tea".parse().unwrap(), "Tea")).await.unwrap();
        let lines = vec![costed("tea", "5", "1")];
        send(&ims, "goods", "09:00", ReceiveStock { site: id("main"), supplier: None, lines }).await.unwrap();
        story(&ims).await;
    };
    block_on(futures_util::future::join(worker, story));
}

fn sale(count: &str) -> Sell {
    Sell::new(id("main"), vec![priced("tea", count, "2")])
}

fn rejection(error: Error) -> Rejection {
    match error {
        Error::Rejected(rejection) => *rejection,
        other => panic!("{other}"),
    }
}

#[test]
fn a_command_that_is_sent_twice_is_done_once() {
    in_a_shop(async |ims| {
        let first = send(ims, "sale", "10:00", sale("3")).await.unwrap();
        let second = send(ims, "sale", "11:00", sale("3")).await.unwrap();
        assert_eq!(first, second);
        // Two are left.
        send(ims, "rest", "12:00", sale("2")).await.unwrap();
    });
}

#[test]
fn an_answer_comes_when_the_engine_knows_how_far_the_log_is() {
    let store = MemoryStore::new();
    let send_all = |story: &dyn Fn(u64)| {
        let (ims, worker) = Ims::new(store.clone());
        let send_all = async move {
            assert_eq!(ims.newest(), Offset::START);
            send(&ims, "shop", "09:00", OpenShop::new("Shop", "EUR".parse().unwrap())).await.unwrap();
            story(ims.newest().0);
            send(&ims, "main", "09:00", CreateLocation { code: "main".into(), name: "Main".into() }).await.unwrap();
            assert_eq!(ims.newest(), Offset(2));
            rejection(send(&ims, "again", "09:00", OpenShop::new("Shop", "EUR".parse().unwrap())).await.unwrap_err());
            assert_eq!(ims.newest(), Offset(2));
        };
        block_on(futures_util::future::join(worker, send_all));
    };
    send_all(&|newest| assert_eq!(newest, 1));
    // Another process, which does nothing and is told what was done: the log is further on than it has come itself.
    send_all(&|newest| assert_eq!(newest, 2));
}

#[test]
fn a_refusal_is_as_final_as_a_receipt() {
    in_a_shop(async |ims| {
        let refused = rejection(send(ims, "sale", "10:00", sale("6")).await.unwrap_err());
        let lines = vec![costed("tea", "5", "1")];
        send(ims, "more", "11:00", ReceiveStock { site: id("main"), supplier: None, lines }).await.unwrap();
        // There is enough now, but its caller was told that there is not.
        assert_eq!(rejection(send(ims, "sale", "12:00", sale("6")).await.unwrap_err()), refused);
        send(ims, "another", "12:00", sale("6")).await.unwrap();
    });
}

#[test]
fn an_id_is_for_one_command() {
    in_a_shop(async |ims| {
        send(ims, "sale", "10:00", sale("3")).await.unwrap();
        let other = send(ims, "sale", "10:00", sale("2")).await.unwrap_err();
        assert!(matches!(other, Error::IdReused { id: reused } if reused == id("sale")), "{other}");
        assert_eq!(other.code(), "id_reused");
    });
}

#[test]
fn who_did_it_and_when_it_happened_is_part_of_a_command() {
    in_a_shop(async |ims| {
        let ctx = Context::new(id::<CommandId>("sale"), "till", time("10:00"));
        ims.execute(ctx.clone(), sale("1")).await.unwrap();
        for other in [
            Context { actor: "another till".into(), ..ctx.clone() },
            Context { occurred_at: Some(time("09:30")), ..ctx.clone() },
        ] {
            let error = ims.execute(other, sale("1")).await.unwrap_err();
            assert!(matches!(error, Error::IdReused { .. }), "{error}");
        }
    });
}

#[test]
fn what_is_only_tried_is_forgotten() {
    in_a_shop(async |ims| {
        let ctx = Context::new(id::<CommandId>("sale"), "till", time("10:00"));
        let tried = ims.simulate(ctx.clone(), sale("5")).await.unwrap();
        // The id is free, and the goods are there.
        send(ims, "sale", "10:00", sale("4")).await.unwrap();
        assert!(matches!(&*tried, ims_core::Receipt::Sold { .. }));
    });
}

#[test]
fn an_actor_has_a_name() {
    in_a_shop(async |ims| {
        let ctx = Context::new(id::<CommandId>("sale"), "", time("10:00"));
        let refused = rejection(ims.execute(ctx, sale("1")).await.unwrap_err());
        assert_eq!(refused.to_string(), "actor must not be empty");
    });
}
