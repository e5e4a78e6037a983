//! Every value that a shop in SQLite keeps, changed by hand: `verify` finds it, and says in which table, row and column it
//! is; or it is one of those that `docs/verify.md` lists, with the reason why nothing proves it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::arithmetic_side_effects, missing_docs)]

mod place;

use ims_core::{
    Command, CommandId, Context, CostingMethod, Ims, ItemId, LocationId, Name, Quantity, ReadSet, Store as _,
    Timestamp,
    audit::verify,
    item::CreateItem,
    stock::{CostedGoods, PlaceHold, ReceiveStock},
};
use ims_scenarios::{play, read_all};
use ims_sqlx::{OpenOptions, SqlStore};
use place::Folder;
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection, sqlite::SqliteRow};
use std::collections::{BTreeMap, BTreeSet};

/// The stories whose shops are changed: together they fill every column.
const STORIES: [&str; 7] =
    ["alerts", "backorders", "fifo_and_returns", "holds", "orders", "purchases", "standard_cost"];

/// So many rows are changed in each column, and so many where it is empty.
const ROWS_TRIED: usize = 2;

/// What `docs/verify.md` lists under a heading: columns, and tables whose rows may be missing.
fn listed(heading: &str) -> BTreeSet<String> {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/verify.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let part = docs.split("\n## ").find(|part| part.starts_with(heading)).unwrap();
    let names = part.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    names.flat_map(|(names, _)| names.split("`, `")).map(str::to_owned).collect()
}

#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Cell {
    fn sql(&self) -> String {
        match self {
            Cell::Null => "NULL".to_owned(),
            Cell::Int(number) => number.to_string(),
            Cell::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Cell::Blob(bytes) => format!("X'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
        }
    }

    /// How a person may read it.
    fn shown(&self) -> Vec<String> {
        match self {
            Cell::Null => vec!["nothing".to_owned()],
            Cell::Int(number) => {
                let mut shown = vec![number.to_string(), Quantity::from_micros(*number).to_string()];
                shown.extend(Timestamp::from_micros(*number).map(|moment| moment.to_string()));
                shown
            }
            Cell::Text(text) => vec![text.clone()],
            Cell::Blob(bytes) => match <[u8; 16]>::try_from(bytes.as_slice()) {
                Ok(id) => vec![CommandId::from_u128(u128::from_be_bytes(id)).to_string()],
                Err(_) => Vec::new(),
            },
        }
    }
}

struct Column {
    table: String,
    name: String,
    kind: String,
    /// The words that it may hold, where these are fixed.
    words: Vec<String>,
}

/// A shop whose file is changed past the store.
struct Shop {
    store: SqlStore,
    file: SqliteConnection,
    _folder: Folder,
}

impl Shop {
    async fn of(story: &str) -> Shop {
        let folder = Folder::new();
        let url = format!("sqlite:{}", folder.file("shop.db"));
        let store = ims_sqlx::open(&url, OpenOptions::default()).await.unwrap();
        let stories = read_all().unwrap();
        let story = stories.into_iter().find(|told| told.name == story).unwrap().expand().unwrap();
        play(store.clone(), &story).await.unwrap();
        let mut file = SqliteConnection::connect(&url).await.unwrap();
        for pragma in ["PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON", "PRAGMA synchronous = OFF"]
        {
            sqlx::query(pragma).execute(&mut file).await.unwrap();
        }
        let shop = Shop { store, file, _folder: folder };
        shop.put_more().await;
        shop
    }

    async fn rows(&mut self, sql: String) -> Vec<SqliteRow> {
        sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut self.file).await.unwrap()
    }

    async fn run(&mut self, sql: String) -> Result<u64, sqlx::Error> {
        Ok(sqlx::query(AssertSqlSafe(sql)).execute(&mut self.file).await?.rows_affected())
    }

    async fn columns(&mut self) -> Vec<Column> {
        let tables = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
                      AND name NOT IN ('registry', 'ims_schema')";
        let mut columns = Vec::new();
        for row in self.rows(tables.to_owned()).await {
            let (table, sql): (String, String) = (row.get(0), row.get(1));
            for row in self.rows(format!("SELECT name, type FROM pragma_table_info('{table}')")).await {
                let (name, kind): (String, String) = (row.get(0), row.get(1));
                let words = sql.lines().find(|line| line.trim_start().starts_with(&format!("{name} ")));
                let words = words.and_then(|line| line.split_once(" IN (")).map(|(_, words)| words);
                let words = words.and_then(|words| words.split_once(')')).map_or("", |(words, _)| words);
                let words = words.split(',').map(|word| word.trim().trim_matches('\'').to_owned());
                let words = words.filter(|word| !word.is_empty()).collect();
                columns.push(Column { table: table.clone(), name, kind, words });
            }
        }
        columns
    }

    async fn key(&mut self, table: &str) -> Vec<String> {
        let keys = format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk");
        self.rows(keys).await.iter().map(|row| row.get(0)).collect()
    }

    /// Puts what no story ends with into the shop: an item with barcodes, and a hold.
    async fn put_more(&self) {
        let (ims, worker) = Ims::new(self.store.clone());
        let worker = tokio::spawn(worker);
        let site = self.store.load(&ReadSet::named([Name::location("MAIN")])).await.unwrap();
        let site: LocationId = site.named(&Name::location("MAIN")).unwrap();
        let (item, one) = (ItemId::from_u128(0xf001), Quantity::ONE);
        let barcodes = vec!["4006381333931".into(), "SECOND".into()];
        let lines = vec![CostedGoods { item, quantity: one, unit_cost: "2".parse().unwrap() }];
        let commands: [Command; 3] = [
            CreateItem {
                barcodes,
                costing: Some(CostingMethod::Fifo),
                ..CreateItem::new("MORE".parse().unwrap(), "More")
            }
            .into(),
            ReceiveStock { site, supplier: None, lines }.into(),
            PlaceHold { item, site, quantity: one, until: "2037-01-31T09:00:00Z".parse().unwrap() }.into(),
        ];
        for (id, command) in (0xf001..).zip(commands) {
            let now = "2036-01-31T09:00:00Z".parse().unwrap();
            ims.execute(Context::new(CommandId::from_u128(id), "test", now), command).await.unwrap();
        }
        drop(ims);
        worker.await.unwrap();
    }

    /// Rows of a table in which a column is empty, or is not: some of them, each by its key and with its value.
    async fn some(&mut self, column: &Column, test: &str) -> Vec<(String, Vec<Cell>, Cell)> {
        let key = self.key(&column.table).await;
        let (table, name) = (&column.table, &column.name);
        let sql = format!("SELECT {}, {name} FROM {table} WHERE {name} {test}", key.join(", "));
        let rows = self.rows(sql).await;
        let picked = [0, rows.len() / 2].into_iter().collect::<BTreeSet<_>>();
        let picked = picked.into_iter().filter_map(|place| rows.get(place));
        let cells = |row: &SqliteRow| (0..=key.len()).map(|place| cell(row, place)).collect::<Vec<_>>();
        let named = |mut cells: Vec<Cell>| {
            let value = cells.pop().unwrap();
            let named = key.iter().zip(&cells).map(|(name, cell)| format!("{name} IS {}", cell.sql()));
            (named.collect::<Vec<_>>().join(" AND "), cells, value)
        };
        picked.map(cells).map(named).collect()
    }
}

fn cell(row: &SqliteRow, place: usize) -> Cell {
    if let Ok(number) = row.try_get::<Option<i64>, _>(place) {
        return number.map_or(Cell::Null, Cell::Int);
    }
    if let Ok(text) = row.try_get::<Option<String>, _>(place) {
        return text.map_or(Cell::Null, Cell::Text);
    }
    Cell::Blob(row.get(place))
}

/// Another value of a column.
fn other(column: &Column, value: &Cell) -> Cell {
    match (value, column.kind.as_str()) {
        (Cell::Int(number), _) => Cell::Int(if *number == 2_000_000 { 5_000_000 } else { number + 1_000_000 }),
        (Cell::Null, "INTEGER") => Cell::Int(3_000_000),
        (Cell::Null, "BLOB") => Cell::Blob(vec![7; 16]),
        (Cell::Null, _) if column.name == "body" => Cell::Text("{\"backorders_filled\":[]}".to_owned()),
        (Cell::Null, _) => Cell::Text("x".to_owned()),
        (Cell::Blob(bytes), _) => {
            let mut bytes = bytes.clone();
            *bytes.last_mut().unwrap() ^= 1;
            Cell::Blob(bytes)
        }
        (Cell::Text(text), _) => Cell::Text(match column.name.as_str() {
            "currency" => "USD".to_owned(),
            "time_zone" => "Asia/Tokyo".to_owned(),
            "round_mode" => if text == "half-up" { "half-even" } else { "half-up" }.to_owned(),
            "kind" if column.table == "movements" => if text == "sale" { "transfer" } else { "sale" }.to_owned(),
            "reason" => if text == "lost" { "theft" } else { "lost" }.to_owned(),
            "answer" | "body" => in_json(text),
            _ => match column.words.iter().find(|word| *word != text) {
                Some(word) => word.clone(),
                None => format!("{text}x"),
            },
        }),
    }
}

/// The same JSON with another digit in it: of the last amount, or of whatever there is.
fn in_json(json: &str) -> String {
    let Some(at) = json.rfind(|char: char| char.is_ascii_digit()) else { return format!("{json}x") };
    let digit = if &json[at..=at] == "7" { "3" } else { "7" };
    format!("{}{digit}{}", &json[..at], &json[at + 1..])
}

/// How a change was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    /// Nothing was found.
    Nothing,
    /// Something was found, and it does not name the table and the column.
    Elsewhere,
    /// Table and column are named.
    Column,
    /// And what stands there, and what stood there before.
    Values,
}

/// The words by which findings name a column that they do not call by its name in SQL: rows that the log tells of are
/// compared in the form in which callers see them.
fn called(column: &Column) -> Vec<String> {
    let name = column.name.as_str();
    let word = match (column.table.as_str(), name) {
        (_, "party_name" | "party_address" | "party_city" | "party_country") => &name.replace("party_", "party."),
        ("movements", "from_location") => "from",
        ("movements", "to_location") => "to",
        ("movements", "order_id" | "return_id" | "purchase_id" | "document_line") => "document",
        ("holds", "lapses_at") => "until",
        ("items", "unit_decimals") => "unit",
        ("shop", "round_digits" | "round_mode") => "rounding",
        ("item_barcodes", "barcode") => "barcodes",
        ("alerts" | "items" | "stock", "item" | "site") => "item",
        ("returns", "order_id") => "order",
        _ => name,
    };
    vec![name.to_owned(), word.to_owned()]
}

fn told(column: &Column, is_key: bool, was: &Cell, is: &Cell, found: &Result<Vec<String>, String>) -> Told {
    // What is part of the key is named with the row.
    let names = |text: &String| is_key || called(column).iter().any(|name| text.contains(name));
    let says = |text: &String, cell: &Cell| cell.shown().iter().any(|shown| text.contains(shown));
    match found {
        // What cannot be read names table and column.
        // Some columns are read together.
        Err(error) if error.contains(&format!("column (several) of a row in table {}", column.table)) => Told::Column,
        Err(error) if error.contains(&format!("column {} of a row in table {}", column.name, column.table)) => {
            Told::Values
        }
        Err(_) => Told::Elsewhere,
        Ok(found) if found.is_empty() => Told::Nothing,
        Ok(found) => {
            let named = found.iter().filter(|text| text.contains(&column.table) && names(text)).collect::<Vec<_>>();
            if named.iter().any(|text| says(text, was) && says(text, is)) {
                Told::Values
            } else if named.is_empty() {
                Told::Elsewhere
            } else {
                Told::Column
            }
        }
    }
}

async fn proved(store: &SqlStore) -> Result<Vec<String>, String> {
    let verdict = verify(store).await.map_err(|error| error.to_string())?;
    Ok(verdict.broken.iter().map(|broken| format!("{}: {}", broken.row, broken.finding)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn every_value_that_is_changed_is_found_or_listed() {
    let mut best: BTreeMap<String, Option<(Told, String)>> = BTreeMap::new();
    let mut tried: BTreeMap<String, usize> = BTreeMap::new();
    for story in STORIES {
        let mut shop = Shop::of(story).await;
        assert_eq!(proved(&shop.store).await, Ok(Vec::new()), "{story}");
        for column in shop.columns().await {
            let name = format!("{}.{}", column.table, column.name);
            best.entry(name.clone()).or_default();
            let key = shop.key(&column.table).await;
            let mut rows = shop.some(&column, "IS NOT NULL").await;
            rows.extend(shop.some(&column, "IS NULL").await.into_iter().take(1));
            for (row, _, was) in rows {
                let tries =
                    tried.entry(format!("{name}{}", if was == Cell::Null { " empty" } else { "" })).or_default();
                if *tries == ROWS_TRIED {
                    continue;
                }
                *tries += 1;
                let is = other(&column, &was);
                let change = |from: &Cell, to: &Cell| {
                    let row = row.replace(
                        &format!("{} IS {}", column.name, was.sql()),
                        &format!("{} IS {}", column.name, from.sql()),
                    );
                    format!("UPDATE {} SET {} = {} WHERE {row}", column.table, column.name, to.sql())
                };
                if shop.run(change(&was, &is)).await.is_err() {
                    continue;
                }
                let found = proved(&shop.store).await;
                let is_key = key.contains(&column.name);
                let how = told(&column, is_key, &was, &is, &found);
                let line = format!("{story}: {name} of {row}: {was:?} -> {is:?}: {found:?}");
                assert_eq!(shop.run(change(&is, &was)).await.unwrap(), 1, "{line}");
                let worst = best.get_mut(&name).unwrap();
                if worst.as_ref().is_none_or(|(worst, _)| how < *worst) {
                    *worst = Some((how, line));
                }
            }
        }
        assert_eq!(proved(&shop.store).await, Ok(Vec::new()), "{story}: all is as it was");
        shop.store.close().await;
    }
    let (elsewhere, not_proved) = (listed("Told of another row"), listed("Not proved"));
    let listed = elsewhere.union(&not_proved).filter(|name| name.contains('.') && !name.starts_with("*."));
    let unknown: Vec<_> = listed.filter(|name| !best.contains_key(*name)).collect();
    assert!(unknown.is_empty(), "docs/verify.md lists columns that are not there: {unknown:?}");
    let mut wrong = Vec::new();
    for (name, told) in best {
        let in_every_table = name.split_once('.').map(|(_, column)| format!("*.{column}"));
        let not_proved = not_proved.contains(&name) || in_every_table.is_some_and(|name| not_proved.contains(&name));
        match told {
            None => wrong.push(format!("{name}: no story has a value in it")),
            Some((Told::Values | Told::Column, _)) => {}
            Some((Told::Elsewhere, _)) if not_proved || elsewhere.contains(&name) => {}
            Some((Told::Nothing, _)) if not_proved => {}
            Some((how, line)) => wrong.push(format!("{how:?}: {line}")),
        }
    }
    assert!(wrong.is_empty(), "{} columns are neither proved nor listed:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_that_is_deleted_is_missed_or_listed() {
    let mut missed: BTreeMap<String, Option<String>> = BTreeMap::new();
    for story in STORIES {
        let mut shop = Shop::of(story).await;
        let tables: BTreeSet<String> = shop.columns().await.into_iter().map(|column| column.table).collect();
        for table in tables {
            let missed = missed.entry(table.clone()).or_default();
            let count: i64 = shop.rows(format!("SELECT COUNT(*) FROM {table}")).await[0].get(0);
            if missed.is_some() || count == 0 {
                continue;
            }
            let key = shop.key(&table).await.join(", ");
            // The last row: what others follow from comes first.
            let last = format!("SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET {}", count - 1);
            shop.run(format!("CREATE TEMP TABLE kept AS SELECT * FROM {table} WHERE ({key}) IN ({last})"))
                .await
                .unwrap();
            assert_eq!(shop.run(format!("DELETE FROM {table} WHERE ({key}) IN ({last})")).await.unwrap(), 1, "{table}");
            let found = proved(&shop.store).await;
            shop.run(format!("INSERT INTO {table} SELECT * FROM kept")).await.unwrap();
            shop.run("DROP TABLE kept".to_owned()).await.unwrap();
            *missed = Some(if found == Ok(Vec::new()) { String::new() } else { format!("{found:?}") });
        }
        assert_eq!(proved(&shop.store).await, Ok(Vec::new()), "{story}: all is as it was");
        shop.store.close().await;
    }
    let not_proved = listed("Not proved");
    let never = missed.iter().filter(|(_, found)| found.is_none()).map(|(table, _)| table).collect::<Vec<_>>();
    assert!(never.is_empty(), "no story has a row in {never:?}");
    let nothing = missed.iter().filter(|(_, found)| found.as_deref() == Some(""));
    let wrong: Vec<_> = nothing.map(|(table, _)| table).filter(|table| !not_proved.contains(*table)).collect();
    assert!(wrong.is_empty(), "a row may be deleted from these tables, and nothing says so: {wrong:?}");
}
