//! The driver of the databases is the one that `vendor/` mends: what it sends over TLS leaves at once.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{fs, path::Path};

/// sqlx-core 0.9.0 as it was published leaves Nagle's algorithm on, which costs 40 ms a batch over TLS. Later ones do not.
#[test]
fn the_driver_is_one_that_sends_at_once() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let lock = fs::read_to_string(lock).unwrap();
    let package = lock.split("[[package]]").find(|package| package.contains("\nname = \"sqlx-core\"\n")).unwrap();
    let is_without = package.contains("version = \"0.9.0\"") && package.contains("source = ");
    assert!(!is_without, "sqlx-core 0.9.0 has to come from vendor/: {package}");
}
