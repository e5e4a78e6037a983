//! Questions and their answers are as the schemas say.

use crate::{Schemas, assert_fits};
use futures_executor::block_on;
use ims_core::{
    CustomerId, ItemId, LocationId, MemoryStore, Offset, OrderStatus, PurchaseStatus, Reports, Store, SupplierId,
    report::{
        AlertQuery, ItemQuery, Listed, MovementQuery, OrderQuery, PageRequest, PartyQuery, ProfitBy, ProfitQuery,
        PurchaseQuery, StockQuery, ValueQuery,
    },
};
use ims_scenarios::Story;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A shop of extremes: its sums are larger than a report can say.
const EXTREME: &str = "scripts_and_extremes";

/// The shops that the scenarios end in. What is made from a seed takes long, and has nothing that the others have not.
fn shops() -> Vec<MemoryStore> {
    let mut shops = Vec::new();
    for scenario in ims_scenarios::read_all().unwrap() {
        if scenario.name == EXTREME || matches!(scenario.story, Story::Generated(_)) {
            continue;
        }
        let shop = MemoryStore::new();
        block_on(ims_scenarios::play(shop.clone(), &scenario.expand().unwrap())).unwrap();
        shops.push(shop);
    }
    shops
}

/// The answer to each question, by its name.
async fn answers(store: &MemoryStore) -> Vec<(&'static str, Value)> {
    let page = PageRequest { limit: 1, ..PageRequest::default() };
    let now = "2100-01-01T00:00:00Z".parse().unwrap();
    let profit = ProfitQuery { by: ProfitBy::Item, from: None, until: None };
    let stock = StockQuery { item: None, site: None, now };
    vec![
        ("items", told(store.items(&ItemQuery::default(), &page).await.unwrap())),
        ("locations", told(store.locations(&page).await.unwrap())),
        ("suppliers", told(store.suppliers(&PartyQuery::default(), &page).await.unwrap())),
        ("customers", told(store.customers(&PartyQuery::default(), &page).await.unwrap())),
        ("stock", told(store.stock(&stock, &page).await.unwrap())),
        ("order_numbered", told(store.order_numbered("MAIN", 1).await.unwrap())),
        ("orders", told(store.orders(&OrderQuery::default(), &page).await.unwrap())),
        ("purchase_numbered", told(store.purchase_numbered("P-MAIN", 1).await.unwrap())),
        ("purchases", told(store.purchases(&PurchaseQuery::default(), &page).await.unwrap())),
        ("alerts", told(store.alerts(AlertQuery::All, now, &page).await.unwrap())),
        ("profit", told(store.profit(&profit, &page).await.unwrap())),
        ("value", told(store.value(&ValueQuery::default()).await.unwrap())),
        ("reorder", told(store.reorder(now, &page).await.unwrap())),
        ("movements", told(store.movements(&MovementQuery::default(), &page).await.unwrap())),
    ]
}

fn told(answer: impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap()
}

#[test]
fn every_answer_is_as_its_schema_says() {
    let schemas = Schemas::read();
    let mut answered = BTreeSet::new();
    for shop in shops() {
        for (name, answer) in block_on(answers(&shop)) {
            assert_fits(&schemas.at(&schemas.file["reports"][name]["answer"]), &answer);
            if answer["rows"].as_array().is_none_or(|rows| !rows.is_empty()) {
                answered.insert(name.to_owned());
            }
        }
    }
    let reports: BTreeSet<String> = schemas.names("reports").into_iter().collect();
    assert_eq!(answered, reports, "a report had no row in any shop");
}

#[test]
fn every_event_of_a_shop_is_as_its_schema_says() {
    let validator = Schemas::read().of("EventPage");
    for shop in shops() {
        assert_fits(&validator, &told(block_on(shop.events(Offset::START, 1_000)).unwrap()));
    }
}

#[test]
fn every_question_is_as_its_schema_says() {
    let schemas = Schemas::read();
    let item = Some(ItemId::from_u128(1));
    let site = Some(LocationId::from_u128(2));
    let supplier = Some(SupplierId::from_u128(4));
    let moment = Some("2026-01-31T09:30:00Z".parse().unwrap());
    let text = || Some("tea".to_owned());
    for (name, least, most) in [
        (
            "ItemQuery",
            told(ItemQuery::default()),
            told(ItemQuery { text: text(), brand: text(), category: text(), supplier, standing: Listed::All }),
        ),
        (
            "PartyQuery",
            told(PartyQuery::default()),
            told(PartyQuery { text: text(), city: text(), standing: Listed::All }),
        ),
        (
            "OrderQuery",
            told(OrderQuery::default()),
            told(OrderQuery {
                customer: Some(CustomerId::from_u128(3)),
                site,
                status: Some(OrderStatus::PartlyShipped),
                item,
                city: text(),
                brand: text(),
                category: text(),
                from: moment,
                until: moment,
            }),
        ),
        (
            "PurchaseQuery",
            told(PurchaseQuery::default()),
            told(PurchaseQuery {
                supplier,
                site,
                status: Some(PurchaseStatus::ClosedShort),
                item,
                city: text(),
                brand: text(),
                category: text(),
                from: moment,
                until: moment,
            }),
        ),
        ("ValueQuery", told(ValueQuery::default()), told(ValueQuery { site, as_of: moment })),
        (
            "MovementQuery",
            told(MovementQuery::default()),
            told(MovementQuery { item, location: site, from: moment, until: moment }),
        ),
        ("AlertQuery", told(AlertQuery::Open), told(AlertQuery::Unacknowledged)),
    ] {
        let validator = schemas.of(name);
        assert_fits(&validator, &least);
        assert_fits(&validator, &most);
        assert!(!validator.is_valid(&json!(12.5)), "{name}");
    }
}
