//! A shop that an older version has made is opened, on every database, and nothing of it is lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::arithmetic_side_effects, missing_docs)]

#[path = "../place/mod.rs"]
mod place;

mod names;
mod older;

use place::Place;

fn run<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(test)
}

/// Runs a test on each database, where there is one, with a shop of schema 1 in it.
fn on_each_of_schema_1<F: Future<Output = ()>>(test: impl Fn(String) -> F) {
    for place in Place::all() {
        run(async {
            older::make_schema_1(place.url()).await;
            test(place.url().to_owned()).await;
        });
    }
}
