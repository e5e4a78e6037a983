//! SQLite by hand: one connection, prepared statements, a row of each table at a time or as many as an order has.
//!
//! SQLite has one writer at a time, so callers would take turns on this connection; one caller who never waits for a turn
//! is the fastest that they can be together.

use super::answer::{Answer, Line, Moved, Order, Receipt, Shipment};
use crate::{
    books::Books,
    contest::House,
    seller::Seller,
    work::{ACTOR, DAY, PlainOrder, SERIES, item_id, now, site_id},
};
use ims_core::{Amount, Quantity, location::CUSTOMERS};
use rusqlite::{Connection, OptionalExtension, Result, ToSql, params};
use std::path::{Path, PathBuf};

/// A folder for files.
#[derive(Debug)]
pub struct Sqlite(tempfile::TempDir);

/// A file; it is removed with the value.
#[derive(Debug)]
pub struct File {
    path: PathBuf,
    url: String,
}

impl Drop for File {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(end);
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Sqlite {
    /// Keeps files in a folder of its own in this one.
    pub fn new(folder: &str) -> Self {
        Sqlite(tempfile::tempdir_in(folder).expect("a folder that can be written to"))
    }

    fn connect(url: &str) -> Connection {
        let connection = Connection::open(url.trim_start_matches("sqlite:")).expect("a file that can be opened");
        // The same settings that the engine has.
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                       PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = memory";
        connection.execute_batch(pragmas).expect("settings that it knows");
        connection.set_prepared_statement_cache_capacity(64);
        connection
    }
}

impl House for Sqlite {
    type Database = File;
    type Clerk = Clerk;
    const NAME: &'static str = "SQLite, synchronous=FULL";
    const MOST_CLERKS: usize = 1;

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn database(&self, name: &str) -> File {
        let path = self.0.path().join(name);
        let url = format!("sqlite:{}", path.display());
        File { path, url }
    }

    fn url(database: &File) -> &str {
        &database.url
    }

    async fn prepare(_: &str) {}

    async fn clerk(url: &str) -> Clerk {
        Clerk(Self::connect(url))
    }

    async fn books(url: &str) -> Books {
        let question = Books::question("INTEGER");
        let read = |row: &rusqlite::Row<'_>| {
            let mut sums = Books([0; _]);
            for (at, sum) in sums.0.iter_mut().enumerate() {
                *sum = row.get(at)?;
            }
            Ok(sums)
        };
        Self::connect(url).query_row(&question, [], read).expect("sums over the tables")
    }
}

/// Sells on a connection of its own.
#[derive(Debug)]
pub struct Clerk(Connection);

impl Seller for Clerk {
    async fn sell(&mut self, order: &PlainOrder) {
        let answer = self.transact(order).expect("an order that is sold");
        std::hint::black_box(answer);
    }
}

impl Clerk {
    fn transact(&self, order: &PlainOrder) -> Result<String> {
        self.0.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let done = self.sell_in_transaction(order);
        self.0.prepare_cached(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?.execute([])?;
        done
    }

    fn run(&self, sql: &str, params: &[&dyn ToSql]) -> Result<()> {
        self.0.prepare_cached(sql)?.execute(params).map(drop)
    }

    fn sell_in_transaction(&self, order: &PlainOrder) -> Result<String> {
        let id = order.id.to_be_bytes();
        let fingerprint = order.fingerprint().to_be_bytes();
        let known = self
            .0
            .prepare_cached("SELECT fingerprint, answer FROM commands WHERE id = ?")?
            .query_row([id], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get::<_, String>(1)?)))
            .optional()?;
        if let Some((with, answer)) = known {
            assert_eq!(with, fingerprint, "the id belongs to another command");
            return Ok(answer);
        }

        let site = site_id().as_u128().to_be_bytes();
        let now_us = now().micros();
        let mut lines = Vec::with_capacity(order.lines.len());
        for (number, units) in order.lines {
            lines.push(self.take(number, units, &site)?);
        }
        let total = lines.iter().map(|line| line.total.micros()).sum::<i64>();
        let cost = lines.iter().map(|line| line.cost.micros()).sum::<i64>();
        let units = lines.iter().map(|line| line.quantity.micros()).sum::<i64>();
        let number: i64 = self
            .0
            .prepare_cached(
                "INSERT INTO series (code, last, version) VALUES (?, 1, 1) \
                 ON CONFLICT (code) DO UPDATE SET last = last + 1, version = version + 1 RETURNING last",
            )?
            .query_row([SERIES], |row| row.get(0))?;
        self.run(
            "INSERT INTO orders (id, series, number, site, currency, status, placed_at, total, version) \
             VALUES (?, ?, ?, ?, 'EUR', 'shipped', ?, ?, 1)",
            params![id, SERIES, number, site, now_us, total],
        )?;
        let customers = CUSTOMERS.as_u128().to_be_bytes();
        for (at, line) in (0_i64..).zip(&lines) {
            let item = line.item.as_u128().to_be_bytes();
            let (quantity, total, cost) = (line.quantity.micros(), line.total.micros(), line.cost.micros());
            self.run(
                "INSERT INTO order_lines (order_id, line, item, sku, name, brand, category, tracking, quantity, unit_price, \
                 discount, total, allocated, backordered, shipped, cancelled, returned, revenue, cost, refunded, \
                 cost_returned) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'stocked', ?8, ?9, 0, ?10, 0, 0, ?8, 0, 0, ?10, ?11, 0, 0)",
                params![
                    id, at, item, line.sku, line.name, line.brand, line.category, quantity, line.unit_price.micros(), total,
                    cost
                ],
            )?;
            self.run(
                "INSERT INTO movements (command, number, item, from_location, to_location, kind, quantity, value, revenue, \
                 acquired_at, occurred_at, recorded_at, order_id, document_line) \
                 VALUES (?1, ?2, ?3, ?4, ?5, 'sale', ?6, ?7, ?8, ?9, ?9, ?9, ?1, ?2)",
                params![id, at, item, site, customers, quantity, cost, total, now_us],
            )?;
            self.run(
                "INSERT INTO sales (day, site, item, brand, category, units, revenue, cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?) \
                 ON CONFLICT (day, site, item, brand, category) DO UPDATE \
                 SET units = units + excluded.units, revenue = revenue + excluded.revenue, cost = cost + excluded.cost",
                params![DAY, site, item, line.brand, line.category, quantity, total, cost],
            )?;
        }
        self.run(
            "INSERT INTO shipments (order_id, number, command, shipped_at) VALUES (?1, 0, ?1, ?2)",
            params![id, now_us],
        )?;
        self.run(
            "INSERT INTO customer_sales (day, customer, units, revenue, cost) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (day, customer) DO UPDATE \
             SET units = units + excluded.units, revenue = revenue + excluded.revenue, cost = cost + excluded.cost",
            params![DAY, [0_u8; 16], units, total, cost],
        )?;
        let answer = answer(order, number, &lines);
        self.run(
            "INSERT INTO commands (id, fingerprint, form, answer) VALUES (?, ?, 1, ?)",
            params![id, fingerprint, answer],
        )?;
        let newest: i64 = self
            .0
            .prepare_cached("UPDATE head SET newest = newest + 1 RETURNING newest")?
            .query_row([], |row| row.get(0))?;
        self.run(
            "INSERT INTO events (event_offset, command, actor, occurred_at, recorded_at) VALUES (?1, ?2, ?3, ?4, ?4)",
            params![newest, id, ACTOR, now_us],
        )?;
        Ok(answer)
    }

    /// Takes the goods of a line from the shelf.
    fn take(&self, number: u64, units: i64, site: &[u8; 16]) -> Result<Line> {
        let item = item_id(number);
        let key = item.as_u128().to_be_bytes();
        let quantity = units * 1_000_000;
        let mut look = self.0.prepare_cached(
            "SELECT i.sku, i.name, i.brand, i.category, i.price, s.on_hand, s.value \
             FROM items i JOIN stock s ON s.item = i.id WHERE i.id = ? AND s.site = ? AND i.standing = 'active'",
        )?;
        let (mut line, on_hand, value) = look.query_row(params![key, site], |row| {
            let price: i64 = row.get(4)?;
            let (zero, nothing) = (Quantity::ZERO, Amount::ZERO);
            let quantity = Quantity::from_micros(quantity);
            let total = Amount::from_micros(units * price);
            let line = Line {
                item,
                sku: row.get(0)?,
                name: row.get(1)?,
                brand: row.get(2)?,
                category: row.get(3)?,
                tracking: "stocked",
                quantity,
                unit_price: Amount::from_micros(price),
                discount: nothing,
                total,
                allocated: zero,
                backordered: zero,
                shipped: quantity,
                cancelled: zero,
                returned: zero,
                revenue: total,
                cost: nothing,
                refunded: nothing,
                cost_returned: nothing,
            };
            Ok((line, row.get::<_, i64>(5)?, row.get::<_, i64>(6)?))
        })?;
        line.cost = share(value, quantity, on_hand);
        let taken = self
            .0
            .prepare_cached(
                "UPDATE stock SET on_hand = on_hand - ?1, value = value - ?2, version = version + 1 \
                 WHERE item = ?3 AND site = ?4 AND on_hand - allocated - held >= ?1",
            )?
            .execute(params![quantity, line.cost.micros(), key, site])?;
        assert_eq!(taken, 1, "not enough of an item");
        Ok(line)
    }
}

/// The part of a value that goes with a part of a quantity, rounded half up.
fn share(value: i64, part: i64, whole: i64) -> Amount {
    let product = i128::from(value) * i128::from(part) * 2;
    let doubled = i128::from(whole) * 2;
    let rounded = (product + i128::from(whole)) / doubled;
    Amount::from_micros(i64::try_from(rounded).expect("a part of a value"))
}

fn answer(order: &PlainOrder, number: i64, lines: &[Line]) -> String {
    let moved = |(line, sold): (usize, &Line)| Moved {
        line,
        item: sold.item,
        quantity: sold.quantity,
        cost: sold.cost,
        acquired_at: now(),
    };
    let answer = Answer::Done(Receipt::Sold {
        lines: lines.iter().enumerate().map(moved).collect(),
        order: Order {
            id: order.command_id().into(),
            series: SERIES,
            number,
            site: site_id(),
            customer: None,
            currency: "EUR",
            status: "shipped",
            placed_at: now(),
            total: Amount::from_micros(lines.iter().map(|line| line.total.micros()).sum()),
            lines,
            shipments: [Shipment { id: order.command_id(), shipped_at: now() }],
        },
    });
    serde_json::to_string(&answer).expect("an answer that has a JSON form")
}
