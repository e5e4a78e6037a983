//! A backup has everything as of one moment, is restored whole or not at all, and a file that is not whole is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, missing_docs)]

#[path = "../place/mod.rs"]
mod place;

mod damaged;
mod interrupted;
mod moved;
mod selling;
mod till;

use ims_sqlx::OpenOptions;
use ims_sqlx::backup::restore;
use place::Place;
use std::path::Path;

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test)
}

/// Runs a test on each database, where there is one.
fn on_each<F: Future<Output = ()>>(test: impl Fn(Place) -> F) {
    for place in Place::all() {
        run(test(place));
    }
}

/// Restores what has to be restored.
async fn backup_restored(file: &Path, url: &str) {
    restore(file, url, OpenOptions::default()).await.unwrap();
}
