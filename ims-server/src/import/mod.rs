//! Files that are taken in: read and checked as a whole, before anything is written.

mod items;
mod parties;
mod row;

use crate::{
    engine::Engine,
    failure::{Outcome, for_people},
    spreadsheet::{Columns, Problems, ReadAs, Reading, Sheet},
};
use ims_core::{
    Answer, Answered, AnyStore, Command, CommandId, Context, Error, LocationId, Novelty, ReadSet, Store, StoreError,
};
use row::Row;
use serde_json::{Map, Value, json};
use std::collections::{BTreeSet, HashSet};

/// Checks that are under way together.
const CHECKS_AT_ONCE: usize = 1_000;
/// Commands that are given together.
const COMMANDS_AT_ONCE: usize = 1_000;

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Items, with their stock.
    Items,
    Suppliers,
    Customers,
}

impl Kind {
    /// What one of them is called.
    pub(crate) fn one(self) -> &'static str {
        match self {
            Kind::Items => "item",
            Kind::Suppliers => "supplier",
            Kind::Customers => "customer",
        }
    }

    /// What several of them are called.
    fn many(self) -> &'static str {
        match self {
            Kind::Items => "items",
            Kind::Suppliers => "suppliers",
            Kind::Customers => "customers",
        }
    }

    fn columns(self) -> &'static Columns {
        match self {
            Kind::Items => &items::COLUMNS,
            Kind::Suppliers | Kind::Customers => &parties::COLUMNS,
        }
    }
}

/// A file taken apart.
pub(crate) struct Rows {
    kind: Kind,
    sheet: Sheet,
}

impl Rows {
    /// Takes a file apart. Rows that are not whole are added to `problems`.
    ///
    /// # Errors
    /// Where its columns are not understood.
    pub(crate) fn parse(
        kind: Kind,
        file: &str,
        bytes: &[u8],
        reading: &Reading,
        problems: &mut Problems,
    ) -> Outcome<Rows> {
        let sheet = Sheet::read(file, bytes, reading, kind.columns(), problems)?;
        Ok(Rows { kind, sheet })
    }

    /// How it was read.
    pub(crate) fn read_as(&self) -> ReadAs {
        self.sheet.read_as
    }

    /// Whether there is a quantity without a site.
    pub(crate) fn need_a_site(&self) -> bool {
        self.each().any(|row| row.text("quantity").is_some() && row.text("site").is_none())
    }

    fn each(&self) -> impl Iterator<Item = Row<'_>> {
        let Sheet { places, records, .. } = &self.sheet;
        records.iter().map(move |(line, record)| Row { line: *line, record, places })
    }
}

/// A command that a row asks for.
struct Part {
    line: u64,
    id: CommandId,
    command: Command,
}

/// What a file asks for.
pub(crate) struct Import {
    kind: Kind,
    /// What is made of each row.
    made: Vec<Part>,
    /// One for each row with a quantity.
    receipts: Vec<Part>,
    /// One for each row of what is out of trade. They come last: nothing is taken in of what is retired.
    retired: Vec<Part>,
}

/// What an import has written, or would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) kind: Kind,
    /// Rows of the file.
    pub(crate) rows: usize,
    /// Those made of a row, by this import.
    pub(crate) made: usize,
    /// Quantities taken in by this import.
    pub(crate) receipts: usize,
    /// Rows of which nothing is new: the same was imported before.
    pub(crate) imported_before: usize,
}

impl Counted {
    /// Its JSON form: `{"rows": 3, "items": 3, "receipts": 2, "imported_before": 0}`.
    pub(crate) fn to_json(self) -> Map<String, Value> {
        let mut told = Map::new();
        told.insert("rows".to_owned(), json!(self.rows));
        told.insert(self.kind.many().to_owned(), json!(self.made));
        if self.kind == Kind::Items {
            told.insert("receipts".to_owned(), json!(self.receipts));
        }
        told.insert("imported_before".to_owned(), json!(self.imported_before));
        told
    }
}

impl Import {
    /// Reads rows; `site` is where quantities go that name none. What is wrong with single rows is added to `problems`.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be read.
    pub(crate) async fn read(
        store: &AnyStore,
        rows: &Rows,
        site: Option<LocationId>,
        problems: &mut Problems,
    ) -> Result<Import, StoreError> {
        match rows.kind {
            Kind::Items => items::read(store, rows, site, problems).await,
            Kind::Suppliers | Kind::Customers => Ok(parties::read(rows, problems)),
        }
    }

    fn of(kind: Kind) -> Import {
        Import { kind, made: Vec::new(), receipts: Vec::new(), retired: Vec::new() }
    }

    /// Whether stock comes in with it.
    pub(crate) fn moves_stock(&self) -> bool {
        !self.receipts.is_empty()
    }

    /// How many rows are checked.
    pub(crate) fn checks(&self) -> usize {
        self.made.len()
    }

    /// How many commands are given.
    pub(crate) fn commands(&self) -> usize {
        self.parts().count()
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.made.iter().chain(&self.receipts).chain(&self.retired)
    }

    /// Has the engine try what is made of every row, without writing any. `context` is what commands are given with, but
    /// for their ids.
    ///
    /// # Errors
    /// [`Error`] where there is no answer.
    pub(crate) async fn check(
        &self,
        engine: &Engine,
        context: &Context,
        problems: &mut Problems,
        mut checked: impl FnMut(),
    ) -> Result<(), Error> {
        for parts in self.made.chunks(CHECKS_AT_ONCE) {
            let tried = parts.iter().map(|part| (Context { id: part.id, ..context.clone() }, part.command.clone()));
            for (part, answer) in parts.iter().zip(engine.simulate_all(tried.collect()).await) {
                checked();
                match answer {
                    Ok(_) => {}
                    Err(Error::Rejected(rejection)) => problems.add(part.line, for_people(&rejection)),
                    Err(Error::IdReused { .. }) => {
                        problems.add(part.line, "was imported before, by somebody else or as of another time");
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(())
    }

    /// Tells what was done before, by an earlier import of the same rows.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be read.
    pub(crate) async fn done_before(&self, store: &AnyStore) -> Result<DoneBefore, StoreError> {
        let mut before = HashSet::new();
        let ids: Vec<CommandId> = self.parts().map(|part| part.id).collect();
        for ids in ids.chunks(COMMANDS_AT_ONCE) {
            let found = store.load(&ReadSet { commands: ids.iter().copied().collect(), ..ReadSet::default() }).await?;
            let done = found.commands.iter().filter(|record| matches!(*record.answer, Answer::Done(_)));
            before.extend(done.map(|record| record.id));
        }
        Ok(DoneBefore(before))
    }

    /// Counts what is new in it.
    pub(crate) fn count(&self, before: &DoneBefore) -> Counted {
        let is_new = |part: &&Part| !before.0.contains(&part.id);
        let new = |parts: &[Part]| parts.iter().filter(is_new).count();
        let open: BTreeSet<u64> = self.parts().filter(is_new).map(|part| part.line).collect();
        let rows = self.made.len();
        Counted {
            kind: self.kind,
            rows,
            made: new(&self.made),
            receipts: new(&self.receipts),
            imported_before: rows.saturating_sub(open.len()),
        }
    }

    /// Has everything done, and adds to `before` what turns out to have been done by another import of the same rows, which
    /// is answered and not done again.
    ///
    /// # Errors
    /// The line at which it stopped, and why.
    pub(crate) async fn write(
        &self,
        engine: &Engine,
        context: &Context,
        before: &mut DoneBefore,
        mut written: impl FnMut(),
    ) -> Result<(), (u64, Error)> {
        let parts: Vec<&Part> = self.parts().collect();
        for parts in parts.chunks(COMMANDS_AT_ONCE) {
            let given = parts.iter().map(|part| (Context { id: part.id, ..context.clone() }, part.command.clone()));
            for (part, Answered { reply, novelty }) in parts.iter().zip(engine.answer_all(given.collect()).await) {
                written();
                reply.map_err(|error| (part.line, error))?;
                if novelty == Novelty::Replayed {
                    before.0.insert(part.id);
                }
            }
        }
        Ok(())
    }
}

/// The commands of an import that somebody else has had done.
pub(crate) struct DoneBefore(HashSet<CommandId>);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ims_core::{Ims, MemoryStore, shop::OpenShop};

    async fn read(store: &AnyStore, file: &str) -> Import {
        let mut problems = Problems::default();
        let rows = Rows::parse(Kind::Customers, "file", file.as_bytes(), &Reading::default(), &mut problems).unwrap();
        let import = Import::read(store, &rows, None, &mut problems).await.unwrap();
        assert_eq!(problems.rows, []);
        import
    }

    #[tokio::test]
    async fn two_imports_at_the_same_moment_each_count_what_they_did() {
        let store = AnyStore::new(MemoryStore::new());
        let (ims, worker) = Ims::new(store.clone());
        let worker = tokio::spawn(worker);
        let context = Context::new(CommandId::from_u128(1), "me", "2026-01-31T09:00:00Z".parse().unwrap());
        ims.execute(context.clone(), OpenShop::new("Corner shop", "EUR".parse().unwrap())).await.unwrap();
        let engine = Engine::Here(ims);
        let one = read(&store, "code,name,standing\nA,Anna,retired\nB,Ben,active\n").await;
        let other = read(&store, "code,name,standing\nB,Ben,active\nC,Carla,\n").await;
        // Both have looked before either has written.
        let mut before_one = one.done_before(&store).await.unwrap();
        let mut before_other = other.done_before(&store).await.unwrap();
        one.write(&engine, &context, &mut before_one, || {}).await.unwrap();
        other.write(&engine, &context, &mut before_other, || {}).await.unwrap();
        let counted =
            |made, imported_before| Counted { kind: Kind::Customers, rows: 2, made, receipts: 0, imported_before };
        assert_eq!(one.count(&before_one), counted(2, 0));
        assert_eq!(other.count(&before_other), counted(1, 1));
        drop(engine);
        worker.await.unwrap();
    }
}
