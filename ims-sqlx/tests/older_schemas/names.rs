//! Names that were several and are one.

use super::on_each_of_schema_1;
use ims_core::audit::{Verdict, verify};
use ims_core::item::UpdateItem;
use ims_core::report::{ItemQuery, PageRequest, PartyQuery, ProfitBy, ProfitQuery};
use ims_core::store::ReadSet;
use ims_core::{
    CommandId, Context, Customer, Error, Ims, Item, ItemId, LocationId, Name, Patch, Rejection, Reports, Sku, Store,
    SupplierId,
};
use ims_sqlx::{OpenOptions, SqlStore};
use std::sync::Arc;

const COMPOSED: &str = "caf\u{e9}";
const DECOMPOSED: &str = "cafe\u{301}";
const EAN: &str = "4006381333931";

async fn open(url: &str) -> SqlStore {
    ims_sqlx::open(url, OpenOptions::default()).await.unwrap()
}

async fn item_named(store: &SqlStore, name: &str) -> Option<Arc<Item>> {
    let name = Name::item(name);
    let id: ItemId = store.load(&ReadSet::named([name.clone()])).await.unwrap().named(&name)?;
    let reads = ReadSet { items: [id].into(), ..ReadSet::default() };
    store.load(&reads).await.unwrap().items.pop().map(|found| found.row)
}

async fn items(store: &SqlStore, query: ItemQuery) -> Vec<Arc<Item>> {
    store.items(&query, &PageRequest::default()).await.unwrap().rows
}

async fn item_called(store: &SqlStore, name: &str) -> Arc<Item> {
    let all = items(store, ItemQuery::default()).await;
    all.into_iter().find(|item| &*item.name == name).unwrap()
}

#[test]
fn every_row_is_there_and_called_as_before() {
    on_each_of_schema_1(async |url| {
        let store = open(&url).await;
        let all = items(&store, ItemQuery::default()).await;
        let skus: Vec<&str> = all.iter().map(|item| item.sku.as_str()).collect();
        let expected = [EAN, COMPOSED, DECOMPOSED, "gr\u{fc}n", "M1", "M5", "M6", "ZW\u{200b}1"];
        assert_eq!(skus, expected, "{url}");
        let milk = item_named(&store, "M1").await.unwrap();
        assert_eq!(milk.barcodes.iter().map(|code| &**code).collect::<Vec<_>>(), [EAN]);
        let customers = store.customers(&PartyQuery::default(), &PageRequest::default()).await.unwrap().rows;
        let cities: Vec<&str> = customers.iter().map(|customer: &Arc<Customer>| &*customer.contact.city).collect();
        assert_eq!(cities, ["Orle\u{301}ans", "ORL\u{c9}ANS"]);
    });
}

#[test]
fn one_name_finds_one_row_however_it_is_spelt() {
    on_each_of_schema_1(async |url| {
        let store = open(&url).await;
        let found = async |name: &str| item_named(&store, name).await.map(|item| item.name.to_string());
        for spelling in [COMPOSED, DECOMPOSED, "CAF\u{c9}", "CAFE\u{301}"] {
            assert_eq!(found(spelling).await.as_deref(), Some("Filter coffee 250 g, cre\u{301}me"), "{url} {spelling}");
        }
        // A SKU was found before a barcode, and still is.
        assert_eq!(found(EAN).await.as_deref(), Some("Key"), "{url}");
        assert_eq!(found("04006381333931").await.as_deref(), Some("Key"), "{url}");
        assert_eq!(found("0012345678905").await.as_deref(), Some("Rice"), "{url}");
        assert_eq!(found("4006381333932").await.as_deref(), Some("Rice, other width"), "{url}");
        assert_eq!(found("ZW1").await.as_deref(), Some("A hidden character in its code"), "{url}");
        assert_eq!(found("A%B_C").await.as_deref(), Some("Gr\u{fc}ner Tee"), "{url}");
        let codes = [Name::supplier("MCAFE\u{301}"), Name::location("filiale caf\u{e9}")];
        let loaded = store.load(&ReadSet::named(codes.clone())).await.unwrap();
        assert_eq!(
            loaded.named(&codes[0]),
            Some(SupplierId::from_u128(0x0190163d_8694_739b_aea5_000000000002)),
            "{url}"
        );
        assert_eq!(
            loaded.named(&codes[1]),
            Some(LocationId::from_u128(0x0190163d_8694_739b_aea5_000000000001)),
            "{url}"
        );
    });
}

#[test]
fn lists_searches_and_reports_take_one_name_for_one() {
    on_each_of_schema_1(async |url| {
        let store = open(&url).await;
        let count = async |query: ItemQuery| items(&store, query).await.len();
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(count(ItemQuery { text: said(DECOMPOSED), ..ItemQuery::default() }).await, 2, "{url}");
        assert_eq!(count(ItemQuery { text: said("CR\u{c9}ME"), ..ItemQuery::default() }).await, 1, "{url}");
        assert_eq!(count(ItemQuery { brand: said("old"), ..ItemQuery::default() }).await, 2, "{url}");
        assert_eq!(count(ItemQuery { brand: said("BLE\u{301}"), ..ItemQuery::default() }).await, 2, "{url}");
        assert_eq!(count(ItemQuery { category: said("FRUIT"), ..ItemQuery::default() }).await, 2, "{url}");
        assert_eq!(count(ItemQuery { category: said("DAIRY"), ..ItemQuery::default() }).await, 2, "{url}");
        let query = PartyQuery { city: said("orl\u{e9}ans"), ..PartyQuery::default() };
        assert_eq!(store.customers(&query, &PageRequest::default()).await.unwrap().rows.len(), 2, "{url}");
        assert_eq!(store.suppliers(&query, &PageRequest::default()).await.unwrap().rows.len(), 2, "{url}");
        let query = ProfitQuery { by: ProfitBy::Brand, from: None, until: None };
        let lines = store.profit(&query, &PageRequest::default()).await.unwrap().rows;
        let lines: Vec<(&str, String)> = lines.iter().map(|line| (&*line.key, line.sales.units.to_string())).collect();
        assert_eq!(lines, [("Ble\u{301}", "1".to_owned()), ("Old", "3".to_owned())], "{url}");
    });
}

fn findings(verdict: &Verdict) -> Vec<String> {
    verdict.broken.iter().map(|broken| format!("{}: {}: {}", broken.promise, broken.row, broken.finding)).collect()
}

async fn update(ims: &Ims<SqlStore>, id: u128, change: UpdateItem) -> Result<(), Rejection> {
    let now = "2036-01-31T09:00:00Z".parse().unwrap();
    match ims.execute(Context::new(CommandId::from_u128(id), "test", now), change).await {
        Ok(_) => Ok(()),
        Err(Error::Rejected(rejection)) => Err(*rejection),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn what_had_the_same_name_is_told_and_can_be_put_right() {
    on_each_of_schema_1(async |url| {
        let store = open(&url).await;
        let found = findings(&verify(&store).await.unwrap());
        let expected = [
            format!("one name: item M1: 04006381333931 finds item {EAN} instead, which has that name too: give one of the two another"),
            "one name: item M6: 00012345678905 finds item M5 instead, which has that name too: give one of the two another".to_owned(),
            format!("one name: item {DECOMPOSED}: CAF\u{c9} finds item {COMPOSED} instead, which has that name too: give one of the two another"),
            format!("one name: supplier M{DECOMPOSED}: MCAF\u{c9} finds supplier M{COMPOSED} instead, which has that name too: give one of the two another"),
        ];
        let mut sorted = found.clone();
        sorted.sort();
        let mut wanted = expected.to_vec();
        wanted.sort();
        assert_eq!(sorted, wanted, "{url}");

        let second = item_called(&store, "The same code, decomposed").await;
        let (milk, other_width) = (item_named(&store, "M1").await.unwrap(), item_named(&store, "M6").await.unwrap());
        let (ims, worker) = Ims::new(store.clone());
        let worker = tokio::spawn(worker);
        // It goes on being sold and changed as it is.
        let price = Patch::Set(Some("4.80".parse().unwrap()));
        update(&ims, 1, UpdateItem { price, ..UpdateItem::new(second.id) }).await.unwrap();
        let name = Patch::Set("Milk, fresh".into());
        update(&ims, 2, UpdateItem { name, ..UpdateItem::new(milk.id) }).await.unwrap();
        // A name of somebody else's is not to be had.
        let sku = Patch::Set(Sku::new(EAN).unwrap());
        let refused = update(&ims, 3, UpdateItem { sku: sku.clone(), ..UpdateItem::new(second.id) }).await;
        assert!(matches!(refused, Err(Rejection::SkuTaken { .. })), "{url}: {refused:?}");
        // Another name, and all of them are one again.
        let sku = Patch::Set(Sku::new("cafe-2").unwrap());
        update(&ims, 4, UpdateItem { sku, ..UpdateItem::new(second.id) }).await.unwrap();
        for (id, item) in [(5, milk.id), (6, other_width.id)] {
            update(&ims, id, UpdateItem { barcodes: Patch::Set(Vec::new()), ..UpdateItem::new(item) }).await.unwrap();
        }
        assert_eq!(item_named(&store, "CAFE-2").await.unwrap().id, second.id, "{url}");
        assert_eq!(findings(&verify(&store).await.unwrap()), expected[3..], "{url}");
        // Who has a name gives it up, and it goes to the one that is saved next.
        let key = item_named(&store, EAN).await.unwrap();
        update(&ims, 7, UpdateItem { sku: Patch::Set(Sku::new("KEY").unwrap()), ..UpdateItem::new(key.id) })
            .await
            .unwrap();
        assert!(item_named(&store, EAN).await.is_none(), "{url}");
        let barcodes = Patch::Set(vec![EAN.into()]);
        update(&ims, 8, UpdateItem { barcodes, ..UpdateItem::new(milk.id) }).await.unwrap();
        assert_eq!(item_named(&store, EAN).await.unwrap().id, milk.id, "{url}");
        drop(ims);
        worker.await.unwrap();
    });
}

#[test]
fn a_shop_gets_its_names_once() {
    on_each_of_schema_1(async |url| {
        let first = open(&url).await;
        let catalog = first.load(&ReadSet::default()).await.unwrap().catalog;
        let again = open(&url).await;
        assert_eq!(again.load(&ReadSet::default()).await.unwrap().catalog, catalog, "{url}");
        // Two that open it at once give every name once.
        let (one, other) = tokio::join!(open(&url), open(&url));
        assert_eq!(verify(&one).await.unwrap().broken.len(), verify(&other).await.unwrap().broken.len());
    });
}
