use super::{
    ledger::{self, Beside, Ledger, NUMBERED},
    log::{self, Log, LogEntry},
    names::{ONE_NAME, called, misnamed, names_of},
    rows::Names,
    state_hash::StateHash,
    sums::{Found, TOLD},
    told::At,
};
use crate::{
    report::{Page, PageRequest, Row, Table},
    store::{MaybeSend, MaybeSync},
    *,
};
use futures_util::future::join;
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    sync::Arc,
};

/// What `verify` found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether nothing is broken.
    pub ok: bool,
    /// The state hash of what was verified.
    pub state_hash: String,
    /// How many rows there are.
    pub counts: Counts,
    /// What is broken; at most [`BROKEN_REPORTED`](crate::limits::BROKEN_REPORTED) of it.
    pub broken: Vec<Broken>,
}

/// How many rows there are, by table.
pub type Counts = BTreeMap<&'static str, u64>;

/// The promises that a row may break: all that [`Broken`] names.
pub const PROMISES: [&str; 8] =
    ["conservation", "no oversell", "costs add up", "money adds up", log::PROMISE, ONE_NAME, NUMBERED, TOLD];

/// A promise that a row breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Which promise.
    pub promise: &'static str,
    /// Which row: its table and its key, in the names that people use where they are known, else in ids. Lines count from 1.
    pub row: String,
    /// Which column, what it has, and what it should have.
    pub finding: String,
}

impl Verdict {
    /// Adds what else is broken.
    pub fn note(&mut self, broken: Broken) {
        self.ok = false;
        if self.broken.len() < limits::BROKEN_REPORTED {
            self.broken.push(broken);
        }
    }
}

/// Proves over a whole store that goods, promises, costs and money add up, and that every row is what the log tells of it.
///
/// - Conservation: what is on hand is the sum of its movements, in quantity and in value; nothing else has changed it.
///   Every movement goes where its kind goes, and what documents say was shipped, received and returned has moved.
/// - No oversell: what is promised is on hand, and is what open orders and holds promise.
/// - Costs add up: cost layers are what the movements left of each acquisition; what orders say they cost is what the
///   movements took.
/// - Money adds up: lines are price less discount and sum to their documents; what documents have come to follows from
///   their lines; revenue and refunds are those of the movements; each sales total is the sum of what was sold and
///   returned on its day.
/// - A log without gaps: every offset up to the newest is there; every event is of a command that was done, and of every
///   command that was done an event says so.
/// - As the log tells: the shop, the catalogue, holds, documents, alerts and movements are what the answers to commands and
///   the events say that they are, field by field.
/// - Numbers without gaps: the documents of a series have the numbers from 1 on, and the series knows the last.
/// - One name: every SKU, barcode and code finds the row that has it, and no two rows have the same; in the databases of
///   `ims-sqlx`, where the texts that lists and searches go by are folded as they should be, too.
///
/// What it cannot prove is listed in `docs/verify.md`.
///
/// Rows are read page by page and none are kept: memory does not grow with what is sold. What is remembered is which rows of
/// the catalogue, orders, purchases, holds and alerts were written more than once: 40 bytes for each.
///
/// What is written meanwhile does not disturb it, in memory and in the databases of `ims-sqlx`: everything is read as of
/// one moment. A store that reads its tables one after the other says so at [`Reports::verify`].
///
/// # Errors
/// [`StoreError`] where the store cannot be read.
pub async fn verify(store: &(impl Reports + Store)) -> Result<Verdict, StoreError> {
    store.verify().await
}

/// A store as of one moment, as far as the proof asks it.
pub trait Source: MaybeSend + MaybeSync {
    /// Reads a table whole, page by page, in any order that is the same every time.
    fn scan(&self, table: Table, page: &PageRequest)
    -> impl Future<Output = Result<Page<Row>, StoreError>> + MaybeSend;

    /// Loads rows by what names them.
    fn load(&self, keys: &ReadSet) -> impl Future<Output = Result<Loaded, StoreError>> + MaybeSend;

    /// Reads the log after an offset, oldest first, and says where it ends.
    fn log(&self, after: Offset) -> impl Future<Output = Result<(Vec<LogEntry>, Offset), StoreError>> + MaybeSend;
}

/// A store that is read while others may write it.
pub(super) struct Live<'a, S>(pub(super) &'a S);

impl<S: Reports + Store> Source for Live<'_, S> {
    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        self.0.scan(table, page).await
    }

    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        self.0.load(keys).await
    }

    async fn log(&self, after: Offset) -> Result<(Vec<LogEntry>, Offset), StoreError> {
        let page = self.0.events(after, limits::EVENTS_PER_PAGE).await?;
        Ok((page.events.into_iter().map(LogEntry::from).collect(), page.newest))
    }
}

/// What [`prove`] has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proved {
    /// What is to be told.
    pub verdict: Verdict,
    /// How many names the rows of the catalogue have: a store that has more finds something by a name that nothing has.
    pub names: u64,
}

/// Proves what a store has as of one moment: what [`verify`] asks.
///
/// # Errors
/// [`StoreError`] where the store cannot be read.
pub async fn prove(source: &impl Source) -> Result<Proved, StoreError> {
    let mut proof = Proof::default();
    proof.look(source).await?;
    if proof.end() {
        proof.look(source).await?;
        proof.end();
    }
    proof.proved(source).await
}

/// The order in which tables are read: what tells how others are to be looked at comes first.
fn in_order() -> impl Iterator<Item = Table> {
    let first = [Table::Shop, Table::Commands];
    first.into_iter().chain(Table::ALL.into_iter().filter(move |table| !first.contains(table)))
}

/// What has been seen of a store.
#[derive(Default)]
struct Proof {
    ledger: Ledger,
    log: Log,
    counts: Counts,
    hash: StateHash,
    broken: Vec<Broken>,
    names: u64,
    look: Look,
    newest: Offset,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Look {
    /// Tells whether everything matches.
    #[default]
    First,
    /// Tells what does not.
    Second,
}

impl Proof {
    /// Reads the whole store. The next page is asked for while one is looked at.
    async fn look(&mut self, source: &impl Source) -> Result<(), StoreError> {
        for table in in_order() {
            self.counts.entry(table.name()).or_default();
            let mut page = Some(source.scan(table, &PageRequest::default()).await?);
            while let Some(Page { rows, next }) = page {
                let following = async {
                    let Some(after) = next else { return Ok(None) };
                    let request = PageRequest { after: Some(after), ..PageRequest::default() };
                    source.scan(table, &request).await.map(Some)
                };
                let (following, seen) = join(following, self.see(source, table, rows)).await;
                seen?;
                page = following?;
            }
        }
        let mut page = source.log(Offset::START).await?;
        while let (entries, _) = &page
            && let Some(last) = entries.last().map(|last| last.offset)
        {
            let seen = async { entries.iter().for_each(|entry| self.see_event(entry)) };
            let (following, ()) = join(source.log(last), seen).await;
            page = following?;
        }
        self.newest = page.1;
        Ok(())
    }

    async fn see(&mut self, source: &impl Source, table: Table, rows: Vec<Row>) -> Result<(), StoreError> {
        if self.look == Look::First {
            self.see_names(source, &rows).await?;
        }
        let wanted = ledger::wanted(&rows, self.ledger.zone());
        let beside = if wanted.is_empty() { Beside::default() } else { Beside::of(source.load(&wanted).await?) };
        for row in rows {
            self.ledger.see(&row, &beside);
            if let Row::Command(record) = &row {
                self.log.see_command(record);
            }
            if self.look == Look::First {
                let count = self.counts.entry(table.name()).or_default();
                *count = count.saturating_add(1);
                self.hash.add(table, row);
            }
        }
        Ok(())
    }

    /// Looks at the names of rows of the catalogue.
    async fn see_names(&mut self, source: &impl Source, rows: &[Row]) -> Result<(), StoreError> {
        let wanted: BTreeSet<Name> = rows.iter().filter_map(names_of).flat_map(|(_, names)| names).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let found = source.load(&ReadSet::named(wanted)).await?.names;
        let owners: BTreeMap<Name, u128> = found.into_iter().map(|row| (row.name, row.id)).collect();
        let mut others = BTreeSet::new();
        for (id, names) in rows.iter().filter_map(names_of) {
            self.names = self.names.saturating_add(names.len() as u64);
            others.extend(names.iter().filter_map(|name| owners.get(name)).copied().filter(|owner| *owner != id));
        }
        let others = if others.is_empty() { BTreeMap::new() } else { called_in(source, others).await? };
        self.broken.extend(rows.iter().flat_map(|row| misnamed(row, &owners, &others)));
        self.broken.truncate(limits::BROKEN_REPORTED);
        Ok(())
    }

    fn see_event(&mut self, entry: &LogEntry) {
        self.broken.extend(self.log.see_event(entry).filter(|_| self.broken.len() < limits::BROKEN_REPORTED));
        if let Some(body) = &entry.body {
            let LogEntry { command, occurred_at, recorded_at, .. } = *entry;
            self.ledger.see_event(&At { command, occurred_at, recorded_at }, body);
        }
    }

    /// Ends a look: tells whether a second one is needed.
    fn end(&mut self) -> bool {
        let unmatched = self.ledger.end();
        let (end, unanswered) = match self.look {
            Look::First => self.log.end(self.newest),
            Look::Second => (None, false),
        };
        self.broken.extend(end);
        self.look = Look::Second;
        unmatched || unanswered
    }

    async fn proved(self, source: &impl Source) -> Result<Proved, StoreError> {
        let found = self.ledger.findings();
        let found = found.get(..found.len().min(limits::BROKEN_REPORTED)).unwrap_or_default();
        let wanted = Names::wanted(found.iter().map(|found| &found.key));
        let names = if wanted.is_empty() { Names::default() } else { Names::of(&source.load(&wanted).await?) };
        let tell = |Found { promise, key, finding }: &Found| Broken {
            promise,
            row: key.called(&names),
            finding: finding.clone(),
        };
        let mut broken = self.broken;
        broken.extend(self.log.findings());
        broken.extend(found.iter().map(tell));
        broken.truncate(limits::BROKEN_REPORTED);
        let (ok, state_hash) = (broken.is_empty(), self.hash.finish());
        Ok(Proved { verdict: Verdict { ok, state_hash, counts: self.counts, broken }, names: self.names })
    }
}

/// What rows of the catalogue are called.
async fn called_in(source: &impl Source, ids: BTreeSet<u128>) -> Result<BTreeMap<u128, String>, StoreError> {
    let keys = ReadSet {
        items: ids.iter().map(|id| ItemId::from_u128(*id)).collect(),
        locations: ids.iter().map(|id| LocationId::from_u128(*id)).collect(),
        suppliers: ids.iter().map(|id| SupplierId::from_u128(*id)).collect(),
        customers: ids.iter().map(|id| CustomerId::from_u128(*id)).collect(),
        ..ReadSet::default()
    };
    let found = source.load(&keys).await?;
    let rows = found.items.iter().map(|row| Row::Item(Arc::clone(&row.row)));
    let rows = rows.chain(found.locations.iter().map(|row| Row::Location(Arc::clone(&row.row))));
    let rows = rows.chain(found.suppliers.iter().map(|row| Row::Supplier(Arc::clone(&row.row))));
    let rows = rows.chain(found.customers.iter().map(|row| Row::Customer(Arc::clone(&row.row))));
    Ok(rows.filter_map(|row| Some((names_of(&row)?.0, called(&row)))).collect())
}
