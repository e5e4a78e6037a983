//! What a database says was sold: both sides must have done the same work, and none of it twice or not at all.

use crate::{seller::Sold, work::LINES};

/// What is counted. Its order is that of [`Books`].
const COUNTED: [(&str, &str); 14] = [
    ("units on hand", "SUM(on_hand) {int} FROM stock"),
    ("value on hand", "SUM(value) {int} FROM stock"),
    ("writes of stock rows", "SUM(version) {int} FROM stock"),
    ("orders", "COUNT(*) {int} FROM orders"),
    ("order lines", "COUNT(*) {int} FROM order_lines"),
    ("shipments", "COUNT(*) {int} FROM shipments"),
    ("movements", "COUNT(*) {int} FROM movements"),
    ("answers", "COUNT(*) {int} FROM commands"),
    ("events", "COUNT(*) {int} FROM events"),
    ("offset of the newest event", "MAX(newest) {int} FROM head"),
    ("last number of the series", "SUM(last) {int} FROM series"),
    ("units in the sales by item", "SUM(units) {int} FROM sales"),
    ("units in the sales by customer", "SUM(units) {int} FROM customer_sales"),
    ("revenue", "SUM(revenue) {int} FROM sales"),
];
const WRITES_OF_STOCK: usize = 2;

/// The sums over a whole database, in the order in which they were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Books(pub [i64; COUNTED.len()]);

impl Books {
    /// The question that gives all sums as one row; `int` is what this database calls a 64-bit integer in a cast.
    pub fn question(int: &str) -> String {
        let sum = |(_, sum): &(&str, &str)| {
            let (what, table) = sum.split_once(" {int} ").expect("a sum and its table");
            format!("(SELECT CAST(COALESCE({what}, 0) AS {int}) {table})")
        };
        format!("SELECT {}", COUNTED.iter().map(sum).collect::<Vec<_>>().join(", "))
    }

    /// Panics unless what has changed since `before` is what was sold.
    pub fn check(self, side: &str, before: Books, sold: Sold) {
        let orders = i64::try_from(sold.orders).expect("a number of orders");
        let (lines, units) = (orders * LINES as i64, sold.units * 1_000_000);
        // Each unit costs 6 and is sold for 10.
        let expected = [
            -units,
            -6 * units,
            lines,
            orders,
            lines,
            orders,
            lines,
            orders,
            orders,
            orders,
            orders,
            units,
            units,
            10 * units,
        ];
        for (at, (what, _)) in COUNTED.iter().enumerate() {
            let change = self.0[at] - before.0[at];
            // The engine writes a row once for all orders of a batch.
            let right =
                if at == WRITES_OF_STOCK { 0 < change && change <= expected[at] } else { change == expected[at] };
            assert!(right, "{side}: {what} changed by {change}, should have by {}; {sold:?}", expected[at]);
        }
    }
}
