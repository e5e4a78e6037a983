//! The same work on the same tables, by hand: one order per transaction, with the best SQL for each database.

mod answer;
pub mod mariadb;
pub mod postgres;
pub mod sqlite;
