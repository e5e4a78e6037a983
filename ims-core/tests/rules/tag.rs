//! Changing only what is still as it was seen.

use futures_util::future::join;
use ims_core::{
    Command, CommandId, Contact, Context, Error, Ims, Item, MemoryStore, Patch, Receipt, Rejection, Sku,
    item::{CreateItem, UpdateItem},
    location::{CreateLocation, UpdateLocation},
    party::{CreateCustomer, CreateSupplier, UpdateCustomer, UpdateSupplier},
    shop::OpenShop,
    tag_of,
};
use std::{future::Future, sync::Arc};

/// Does something in a shop that is open.
fn in_a_shop<F: Future<Output = ()>>(tell: impl FnOnce(Ims<MemoryStore>) -> F) {
    let (ims, worker) = Ims::new(MemoryStore::new());
    let story = async move {
        done(&ims, 1, OpenShop::new("Corner shop", "EUR".parse().unwrap())).await.unwrap();
        tell(ims).await;
    };
    futures_executor::block_on(join(worker, story));
}

async fn done(ims: &Ims<MemoryStore>, id: u128, command: impl Into<Command>) -> Result<Arc<Receipt>, Rejection> {
    let now = "2026-01-31T09:00:00Z".parse().unwrap();
    match ims.execute(Context::new(CommandId::from_u128(id), "me", now), command).await {
        Ok(receipt) => Ok(receipt),
        Err(Error::Rejected(rejection)) => Err(*rejection),
        Err(error) => panic!("{error}"),
    }
}

async fn tea(ims: &Ims<MemoryStore>) -> Arc<Item> {
    match &*done(ims, 2, CreateItem::new(Sku::new("TEA").unwrap(), "Tea")).await.unwrap() {
        Receipt::ItemCreated(item) => Arc::clone(item),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_as_it_was_seen_is_changed_and_then_is_not_as_it_was_seen() {
    in_a_shop(|ims| async move {
        let seen = tea(&ims).await;
        let rename = |name: &str| UpdateItem {
            name: Patch::Set(name.into()),
            if_tag: Some(tag_of(&seen)),
            ..UpdateItem::new(seen.id)
        };
        let receipt = done(&ims, 3, rename("Green tea")).await.unwrap();
        let Receipt::ItemUpdated(now) = &*receipt else { panic!("{receipt:?}") };
        let refusal = done(&ims, 4, rename("Black tea")).await.unwrap_err();
        assert_eq!(refusal, Rejection::Changed { tag: tag_of(now) });
    });
}

#[test]
fn one_of_several_tags_has_to_be_the_rows() {
    in_a_shop(|ims| async move {
        let seen = tea(&ims).await;
        let (tag, other) = (tag_of(&seen), "0".repeat(32));
        let rename = |name: &str, tags: String| UpdateItem {
            name: Patch::Set(name.into()),
            if_tag: Some(tags.into()),
            ..UpdateItem::new(seen.id)
        };
        for (id, tags) in [(3, other.clone()), (4, format!("{other},{other}")), (5, String::new()), (6, ",".into())] {
            let refusal = done(&ims, id, rename("Black tea", tags)).await.unwrap_err();
            assert_eq!(refusal, Rejection::Changed { tag: Arc::clone(&tag) });
        }
        done(&ims, 7, rename("Green tea", format!("{other}, {tag}"))).await.unwrap();
    });
}

#[test]
fn of_two_who_saw_the_same_one_wins_also_when_they_come_together() {
    in_a_shop(|ims| async move {
        let seen = tea(&ims).await;
        let rename = |id: u128, name: &str| {
            let update =
                UpdateItem { name: Patch::Set(name.into()), if_tag: Some(tag_of(&seen)), ..UpdateItem::new(seen.id) };
            (Context::new(CommandId::from_u128(id), "me", "2026-01-31T09:00:00Z".parse().unwrap()), update.into())
        };
        let replies = ims.execute_all(vec![rename(3, "Green tea"), rename(4, "Black tea")]).await;
        assert_eq!(replies.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false]);
    });
}

#[test]
fn sites_suppliers_and_customers_have_tags_too() {
    in_a_shop(|ims| async move {
        let if_tag = Some("0".repeat(32).as_str().into());
        done(&ims, 2, CreateLocation { code: "MAIN".into(), name: "Main".into() }).await.unwrap();
        done(&ims, 3, CreateSupplier { code: "S".into(), contact: Contact::named("S") }).await.unwrap();
        done(&ims, 4, CreateCustomer { code: "C".into(), contact: Contact::named("C") }).await.unwrap();
        let id = CommandId::from_u128;
        let (contact, standing) = (Patch::Keep, Patch::Keep);
        let site =
            UpdateLocation { location: id(2).into(), name: Patch::Keep, standing, if_tag: Option::clone(&if_tag) };
        let supplier = UpdateSupplier {
            supplier: id(3).into(),
            contact: contact.clone(),
            standing,
            if_tag: Option::clone(&if_tag),
        };
        let customer = UpdateCustomer { customer: id(4).into(), contact, standing, if_tag };
        let updates: [Command; 3] = [site.into(), supplier.into(), customer.into()];
        for (command, sent) in updates.into_iter().zip(5..) {
            let refusal = done(&ims, sent, command).await.unwrap_err();
            assert!(matches!(refusal, Rejection::Changed { .. }), "{refusal:?}");
        }
    });
}
