//! Keeps an IMS shop in SQLite, PostgreSQL, MySQL or MariaDB.
//!
//! [`open`] takes a URL and gives a [`SqlStore`], which is an [`ims_core::Store`] and answers [`ims_core::Reports`]. The
//! tables are meant to be read by people, too: see `migrations/`, and the views that end in `_view`.
//!
//! ```
//! # let folder = std::env::temp_dir().join(format!("ims-sqlx-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let url = format!("sqlite:{}/shop.db", folder.display());
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! use ims_core::{Store, store::ReadSet};
//!
//! let store = ims_sqlx::open(&url, ims_sqlx::OpenOptions::default()).await?;
//! assert!(store.load(&ReadSet::default()).await?.shop.is_none(), "nobody has opened the shop yet");
//! # Ok::<(), ims_core::StoreError>(()) })?;
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`open_with_registry`] opens a [`Registry`] beside the shop: what a program around the engine has to remember itself.
//!
//! What is the same for every database is written once: the tables (`record/`), which rows a load asks for (`load`), the
//! steps of a change (`plan`), the questions of the reports (`report/`). What differs is in `dialect/`, one file each.

mod address;
mod answer;
pub mod backup;
mod dialect;
mod engine;
mod load;
mod log;
mod migrate;
mod names;
mod options;
mod plan;
mod proof;
mod record;
pub mod registry;
mod report;
mod sql;
mod store;
mod table;
mod value;
mod word;

pub use address::check as check_address;
pub use dialect::is_of_disk;
pub use options::{Durability, Missing, OpenOptions};
pub use registry::Registry;
pub use store::{SqlStore, open, open_any, open_with_registry};

/// What the README shows has to run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
