//! The stories that every store and language agrees on, on every database.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod place;

use ims_scenarios::{check_all, play};
use ims_sqlx::OpenOptions;
use place::Place;
use tokio::runtime::Builder;

/// Plays every story on a database of its own.
fn every_story_holds(store: &str, place: fn() -> Option<Place>) {
    // Where there is no server, this has said so.
    if place().is_none() {
        return;
    }
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let held = check_all(store, |story| {
        let place = place().unwrap();
        runtime.block_on(async { play(ims_sqlx::open(place.url(), OpenOptions::default()).await?, story).await })
    });
    held.unwrap_or_else(|wrong| panic!("{wrong}"));
}

#[test]
fn every_story_holds_on_sqlite() {
    every_story_holds("sqlite", || Some(Place::sqlite()));
}

#[test]
fn every_story_holds_on_postgres() {
    every_story_holds("postgres", Place::postgres);
}

#[test]
fn every_story_holds_on_mariadb() {
    every_story_holds("mariadb", Place::mariadb);
}
