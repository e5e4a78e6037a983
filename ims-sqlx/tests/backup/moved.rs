//! From each database to each other one.

use crate::place::{Folder, Place};
use crate::run;
use crate::till::{ITEM, SITE, context, engine, furniture, look, open, remember, sale, unpack};
use futures_util::future::join_all;
use ims_core::{Answer, Error, ItemId, LocationId, MemoryStore, Quantity, stock::PlaceHold};
use ims_scenarios::{Played, Scenario, play, read_all, record};
use ims_sqlx::OpenOptions;
use ims_sqlx::backup::{Existing, back_up, restore};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Together with [`with_an_open_hold`] they have rows in every table, and in every script.
const STORIES: [&str; 5] = ["alerts", "fifo_and_returns", "orders", "purchases", "scripts_and_extremes"];

fn stories() -> Vec<Played> {
    let of_these = |scenario: &Scenario| STORIES.contains(&scenario.name.as_str());
    let stories: Vec<_> = read_all().unwrap().into_iter().filter(of_these).collect();
    assert_eq!(stories.len(), STORIES.len());
    stories.into_iter().map(|scenario| scenario.expand().unwrap()).chain([with_an_open_hold()]).collect()
}

fn with_an_open_hold() -> Played {
    let hold = PlaceHold {
        item: ItemId::from_u128(ITEM),
        site: LocationId::from_u128(SITE),
        quantity: Quantity::ONE,
        until: "2026-02-01T00:00:00Z".parse().unwrap(),
    };
    let commands = furniture(5).into_iter().chain([hold.into(), sale().into()]);
    let commands = (1..).zip(commands).map(|(id, command)| (context(id), command)).collect();
    let (steps, state_hash) = run(record(MemoryStore::new(), commands)).unwrap();
    Played { name: "an_open_hold".into(), about: "Something is put aside at the end.".into(), steps, state_hash }
}

/// The tables that a backup has rows of, and all tables.
fn tables(lines: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let trailer: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    let all: BTreeMap<String, u64> = serde_json::from_value(trailer["tables"].clone()).unwrap();
    (all.iter().filter(|(_, rows)| **rows > 0).map(|(name, _)| name.clone()).collect(), all.into_keys().collect())
}

/// Backs the shop of a story up and restores it elsewhere, from one database to the next; the lines of the backups.
async fn goes_round(story: &Played, places: &[Place]) -> String {
    let folder = Folder::new();
    let first = open(places[0].url()).await;
    play(first.clone(), story).await.unwrap();
    remember(&first).await;
    let seen = look(&first).await;
    let mut lines = None;
    for (number, pair) in places.windows(2).enumerate() {
        let file = PathBuf::from(folder.file(&format!("{number}.imsb")));
        let saved = back_up(&open(pair[0].url()).await, &file, Existing::Keep).await.unwrap();
        assert_eq!((&saved.state_hash, saved.newest.0), (&story.state_hash, seen.events.len() as u64));
        let unpacked = unpack(&file);
        assert_eq!(unpacked.lines().filter(|line| line.starts_with('[')).count() as u64, saved.rows);
        // Every database keeps the very same rows, in the same order, with the same versions.
        assert_eq!(*lines.get_or_insert_with(|| unpacked.clone()), unpacked, "{}", story.name);

        assert_eq!(restore(&file, pair[1].url(), OpenOptions::default()).await.unwrap(), saved);
        let restored = open(pair[1].url()).await;
        assert_eq!(look(&restored).await, seen, "{}", story.name);
    }
    let last = engine(open(places.last().unwrap().url()).await);
    answers_as_before(&last, story).await;
    assert_eq!(look(last.store()).await, seen, "nothing was done twice");
    lines.unwrap()
}

/// Sends every command of a story once more.
async fn answers_as_before(ims: &ims_core::Ims<ims_sqlx::SqlStore>, story: &Played) {
    let replies = story.steps.iter().map(|step| ims.execute(step.context.clone(), step.command.clone()));
    for (reply, step) in join_all(replies).await.into_iter().zip(&story.steps) {
        match (reply, &step.answer) {
            (Ok(receipt), Answer::Done(first)) => assert_eq!(receipt, *first),
            (Err(Error::Rejected(rejection)), Answer::Refused(first)) => assert_eq!(*rejection, *first),
            (reply, first) => panic!("{reply:?} after {first:?}"),
        }
    }
}

#[test]
fn a_shop_is_the_same_on_every_database_that_it_is_restored_to() {
    let (mut with_rows, mut all) = (BTreeSet::new(), BTreeSet::new());
    for story in stories() {
        let places = [Some(Place::sqlite()), Place::postgres(), Place::mariadb(), Some(Place::sqlite())];
        let lines = run(goes_round(&story, &places.into_iter().flatten().collect::<Vec<_>>()));
        let (its, every) = tables(&lines);
        with_rows.extend(its);
        all = every;
    }
    assert_eq!(with_rows, all, "every table was tried");
}

#[test]
fn a_shop_goes_from_mariadb_to_postgres() {
    let (Some(mariadb), Some(postgres)) = (Place::mariadb(), Place::postgres()) else { return };
    run(goes_round(&with_an_open_hold(), &[mariadb, postgres]));
}

#[test]
fn an_empty_store_is_backed_up_and_restored_too() {
    crate::on_each(async |place: Place| {
        let folder = Folder::new();
        let (file, new) = (PathBuf::from(folder.file("nothing")), Place::sqlite());
        let saved = back_up(&open(place.url()).await, &file, Existing::Keep).await.unwrap();
        assert_eq!(restore(&file, new.url(), OpenOptions::default()).await.unwrap(), saved);
        assert_eq!(look(&open(new.url()).await).await, look(&open(place.url()).await).await);
    });
}
