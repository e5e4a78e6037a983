//! A change as texts that are sent to the server.
//!
//! The server stops at the first statement that fails, and the last one is `COMMIT`. So everything on which the change
//! depends is written in such a way that it fails where it is not so: a version that is not the one that was seen makes
//! a column null that cannot be, and a guard adds to the largest number.

use super::connect::Server;
use super::literal::{equal, longest, push, push_keys};
use crate::plan::{CatalogMay, Guard, MARK, Op, Plan, Step};
use crate::record::events;
use crate::table::{CATALOG, Column, ROWS, Table, list};
use crate::value::{Kind, Value};
use ims_core::{Conflict, limits};
use std::fmt::Write as _;

/// What the failure of a statement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Nothing but what the server says.
    Plain,
    /// A row was there already, or was not at the version before: this had changed.
    Write(Conflict),
    /// It was not as it should be: this had changed.
    Guard(Conflict),
    /// The row of the log: the catalogue had changed.
    Head,
    /// Perhaps nothing: it may have been committed.
    Commit,
}

/// Whether a change begins its transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    /// It does.
    Now,
    /// It is in one.
    Before,
}

/// One message: its text, and the mark of each of its statements.
#[derive(Debug, Default)]
pub(super) struct Packet {
    pub(super) text: String,
    pub(super) marks: Vec<Mark>,
}

/// All messages of a change.
#[derive(Debug)]
pub(super) struct Script {
    pub(super) packets: Vec<Packet>,
    server: Server,
    current: Packet,
}

/// Rows that go into one table, in as many statements as they need.
struct Rows<'p> {
    mark: Mark,
    /// What stands before the first row.
    begin: String,
    /// What stands after the last row.
    end: String,
    /// How many rows the server counts for each, where it is a conflict if they are fewer.
    counts: Option<(usize, Conflict)>,
    /// Which columns are written.
    columns: Vec<Written>,
    cells: &'p [Value<'p>],
}

/// Whether a column is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Written {
    Yes,
    /// All rows have in it what the table has by default. A row costs the server about as much as it has values.
    ByDefault,
}

impl Script {
    /// Writes a change.
    pub(super) fn of(plan: &Plan<'_>, server: &Server, begin: Begin) -> Self {
        let mut script = Script { packets: Vec::with_capacity(1), server: *server, current: Packet::default() };
        if begin == Begin::Now {
            script.statement(Mark::Plain, "START TRANSACTION");
        }
        for step in &plan.steps {
            script.step(step);
        }
        script.take_head(plan);
        for check in &plan.checks {
            script.check(check);
        }
        script.statement(Mark::Commit, "COMMIT");
        script.flush();
        script
    }

    /// Writes a step alone, in a transaction that is open.
    pub(super) fn of_step(step: &Step<'_>, server: &Server) -> Self {
        let mut script = Script { packets: Vec::with_capacity(1), server: *server, current: Packet::default() };
        script.step(step);
        script.flush();
        script
    }

    fn flush(&mut self) {
        self.packets.push(std::mem::take(&mut self.current));
    }

    fn statement(&mut self, mark: Mark, text: &str) {
        self.begin(mark, text.len());
        self.current.text.push_str(text);
    }

    /// Begins a statement that will be about so long.
    fn begin(&mut self, mark: Mark, bytes: usize) {
        let packet = &mut self.current;
        if !packet.marks.is_empty() {
            if packet.text.len().saturating_add(bytes) > self.server.packet_bytes {
                self.flush();
            } else {
                packet.text.push(';');
            }
        }
        self.current.marks.push(mark);
    }

    fn step(&mut self, step: &Step<'_>) {
        let table = step.table;
        let blame = table.blame();
        let set = |columns: &[Column], each: fn(&Column) -> String| {
            format!(" ON DUPLICATE KEY UPDATE {}", list(columns, each))
        };
        let (end, counts) = match step.op {
            Op::Insert => (String::new(), None),
            Op::Put => (set(table.rest(), overwrite), None),
            Op::Append => (set(table.key().get(..1).unwrap_or_default(), |c| format!("{0} = {0}", c.name)), None),
            Op::Add => (set(table.rest(), |c| format!("{0} = {0} + VALUES({0})", c.name)), None),
            // A row that was replaced counts twice, one that was not there once.
            Op::Update if table.is_versioned() => (replace(step), Some((2, blame))),
            Op::Update => return self.update_each(step),
            Op::Delete | Op::DeleteSeen => return self.delete(step),
        };
        let columns = written(table, &step.cells);
        let begin = format!("INSERT INTO {} ({}) VALUES ", table.name, names(table, &columns));
        self.rows(&Rows { mark: Mark::Write(blame), begin, end, counts, columns, cells: &step.cells }, |_, _| {});
    }

    /// Writes rows, with something before the cells of each, and a new statement whenever one has become too long.
    fn rows(&mut self, rows: &Rows<'_>, mut first: impl FnMut(&mut String, usize)) {
        let mut open: usize = 0;
        for (at, row) in rows.cells.chunks(rows.columns.len().max(1)).enumerate() {
            let bytes =
                row.iter().map(longest).fold(rows.end.len(), |sum, bytes| sum.saturating_add(bytes).saturating_add(1));
            if open > 0 && self.current.text.len().saturating_add(bytes) > self.server.packet_bytes {
                self.end_rows(rows, open);
                open = 0;
            }
            if open == 0 {
                self.begin(rows.mark, bytes.saturating_add(rows.begin.len()));
                self.current.text.push_str(&rows.begin);
            }
            let text = &mut self.current.text;
            text.push_str(if open == 0 { "(" } else { ",(" });
            first(text, at);
            let cells = row.iter().zip(&rows.columns).filter(|(_, written)| **written == Written::Yes);
            for (place, (value, _)) in cells.enumerate() {
                if place > 0 {
                    text.push(',');
                }
                push(text, value);
            }
            text.push(')');
            open = open.saturating_add(1);
        }
        if open > 0 {
            self.end_rows(rows, open);
        }
    }

    fn end_rows(&mut self, rows: &Rows<'_>, written: usize) {
        self.current.text.push_str(&rows.end);
        if let Some((each, blame)) = rows.counts {
            self.count(each.saturating_mul(written), blame);
        }
    }

    /// Fails unless the statement before has written so many rows.
    fn count(&mut self, rows: usize, blame: Conflict) {
        self.statement(Mark::Guard(blame), &fail_if(&format!("ROW_COUNT() <> {rows}")));
    }

    /// Replaces columns of rows one by one: only codes that change hands, which is rare.
    fn update_each(&mut self, step: &Step<'_>) {
        let table = step.table;
        for row in step.cells.chunks(table.columns.len().max(1)) {
            let mut parts = table.columns.iter().zip(row).map(|(column, value)| {
                let mut part = format!("{} = ", column.name);
                push(&mut part, value);
                part
            });
            let key = parts.by_ref().take(table.key_columns).collect::<Vec<_>>().join(" AND ");
            let rest = parts.collect::<Vec<_>>().join(", ");
            self.statement(Mark::Write(table.blame()), &format!("UPDATE {} SET {rest} WHERE {key}", table.name));
        }
    }

    fn delete(&mut self, step: &Step<'_>) {
        let columns = step.columns();
        let name = step.table.name;
        for cells in self.chunks(&columns, &step.cells) {
            let mut text = String::from("DELETE t FROM ");
            self.push_keys(&mut text, &columns, cells);
            _ = write!(text, " STRAIGHT_JOIN {name} t ON {}", equal(&columns));
            self.statement(Mark::Plain, &text);
            if step.is_guarded() {
                self.count(cells.len().checked_div(columns.len()).unwrap_or(0), step.table.blame());
            }
        }
    }

    /// Takes the row of the log, compares the catalogue's version, and appends the events.
    fn take_head(&mut self, plan: &Plan<'_>) {
        let (seen, step, count) = (plan.catalog.cast_signed(), plan.catalog_step, plan.event_count);
        let is_as_seen = match plan.catalog_may {
            CatalogMay::Stay => "=",
            CatalogMay::Move => ">=",
        };
        let take = format!(
            "UPDATE head SET newest = LAST_INSERT_ID(newest + {count}), \
             catalog = IF(catalog {is_as_seen} {seen}, catalog + {step}, NULL) WHERE id = 1"
        );
        self.statement(Mark::Head, &take);
        if plan.catalog_may == CatalogMay::Move {
            self.check_uses(plan);
        }
        let columns = written(&events::TABLE, &plan.events);
        let begin = format!("INSERT INTO events (event_offset, {}) VALUES ", names(&events::TABLE, &columns));
        let rows = Rows { mark: Mark::Plain, begin, end: String::new(), counts: None, columns, cells: &plan.events };
        let last = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(1);
        self.rows(&rows, |text, at| _ = write!(text, "LAST_INSERT_ID() - {},", last.saturating_sub(at)));
        if !plan.marks.is_empty() {
            self.note_marks(plan);
        }
    }

    /// Fails where something was written to the catalogue since it was seen that was used. Every version that was missed has
    /// a mark; if not, nobody knows what was written.
    fn check_uses(&mut self, plan: &Plan<'_>) {
        let seen = plan.catalog.cast_signed();
        let own = seen.saturating_add(plan.catalog_step);
        let missed = format!(
            "(SELECT ABS((SELECT catalog FROM head WHERE id = 1) - {own} - COUNT(DISTINCT version)) \
             FROM catalog_changes WHERE version > {seen})"
        );
        self.statement(Mark::Guard(CATALOG), &fail_if(&missed));
        for cells in self.chunks(&MARK, &plan.uses) {
            let mut used = format!("(SELECT COUNT(*) FROM catalog_changes WHERE version > {seen} AND mark IN (");
            for (at, mark) in cells.iter().enumerate() {
                used.push_str(if at == 0 { "" } else { "," });
                push(&mut used, mark);
            }
            used.push_str("))");
            self.statement(Mark::Guard(CATALOG), &fail_if(&used));
        }
    }

    /// Notes what is written to the catalogue, and forgets what was long ago.
    fn note_marks(&mut self, plan: &Plan<'_>) {
        for cells in self.chunks(&MARK, &plan.marks) {
            let mut note =
                String::from("INSERT INTO catalog_changes (version, mark) SELECT h.catalog, k.c0 FROM head h JOIN ");
            self.push_keys(&mut note, &MARK, cells);
            note.push_str(" WHERE h.id = 1");
            self.statement(Mark::Plain, &note);
        }
        let known = limits::CATALOG_VERSIONS_KNOWN;
        let forget = "DELETE FROM catalog_changes WHERE version <= (SELECT catalog FROM head WHERE id = 1)";
        self.statement(Mark::Plain, &format!("{forget} - {known}"));
    }

    /// Compares what was looked at and not written. Nothing else can become visible while the row of the log is ours.
    fn check(&mut self, guard: &Guard<'_>) {
        let columns = guard.columns();
        let name = guard.table.name;
        for cells in self.chunks(&columns, &guard.cells) {
            let mut stale = String::from("(SELECT COUNT(*) FROM ");
            self.push_keys(&mut stale, &columns, cells);
            let key = equal(guard.table.key());
            let seen = guard.table.key_columns;
            _ = write!(stale, " LEFT JOIN {name} t ON {key} WHERE COALESCE(t.version, 0) <> k.c{seen})");
            self.statement(Mark::Guard(ROWS), &fail_if(&stale));
        }
    }

    /// Keys in portions that go into one statement.
    fn chunks<'c>(
        &self,
        columns: &[Column],
        cells: &'c [Value<'c>],
    ) -> impl Iterator<Item = &'c [Value<'c>]> + use<'c> {
        let width = columns.len().max(1);
        let row_bytes = |row: &[Value<'_>]| row.iter().map(longest).fold(0, usize::saturating_add);
        let widest = cells.chunks(width).map(row_bytes).max().unwrap_or(1).max(1);
        let rows = self.server.packet_bytes.checked_div(widest.saturating_mul(2)).unwrap_or(1).max(1);
        cells.chunks(rows.saturating_mul(width))
    }

    fn push_keys(&self, text: &mut String, columns: &[Column], cells: &[Value<'_>]) {
        let kinds: Vec<Kind> = columns.iter().map(|column| column.kind).collect();
        push_keys(text, "k", &kinds, cells, self.server.collation);
    }
}

/// Which columns of rows have to be written.
fn written(table: &Table, cells: &[Value<'_>]) -> Vec<Written> {
    let width = table.columns.len();
    let by_default = |(place, column): (usize, &Column)| {
        let default = if defaults_to_zero(column) { Value::Int(0) } else { Value::Null };
        let same = cells.iter().skip(place).step_by(width).all(|value| *value == default);
        if same { Written::ByDefault } else { Written::Yes }
    };
    table.columns.iter().enumerate().map(by_default).collect()
}

/// Whether a column is zero in a row that does not name it. The others are null, or have no default.
fn defaults_to_zero(column: &Column) -> bool {
    ZERO_BY_DEFAULT.contains(&column.name)
}

const ZERO_BY_DEFAULT: [&str; 10] = [
    "allocated",
    "backordered",
    "cancelled",
    "cost_returned",
    "discount",
    "held",
    "incoming",
    "refunded",
    "returned",
    "shipped",
];

/// The names of the columns that are written.
fn names(table: &Table, columns: &[Written]) -> String {
    let written = table.columns.iter().zip(columns).filter(|(_, written)| **written == Written::Yes);
    written.map(|(column, _)| column.name).collect::<Vec<_>>().join(", ")
}

fn overwrite(column: &Column) -> String {
    format!("{0} = VALUES({0})", column.name)
}

/// Replaces rows that are at the version before. The key is compared too: it might be another row that has the same code.
fn replace(step: &Step<'_>) -> String {
    let table = step.table;
    let rest = table.rest();
    let values = rest.get(..rest.len().saturating_sub(1)).unwrap_or_default();
    let sets = values.iter().map(|column| format!("{}, ", overwrite(column))).collect::<String>();
    let same = table.key().iter().map(|column| format!("{0} = VALUES({0}) AND ", column.name)).collect::<String>();
    format!(" ON DUPLICATE KEY UPDATE {sets}version = IF({same}version + 1 = VALUES(version), VALUES(version), NULL)")
}

/// A statement that fails if a condition is true, or a count is not zero.
fn fail_if(condition: &str) -> String {
    format!("SET @ims = {} + ({condition})", i64::MAX)
}
