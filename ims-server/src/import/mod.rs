//! Files that are taken in: read and checked as a whole, before anything is written.

mod items;
mod parties;
mod row;

use crate::{
    engine::Engine,
    failure::{Outcome, for_people},
    session::derived_id,
    spreadsheet::{Columns, Problems, ReadAs, Reading, Sheet},
};
use ims_core::{
    Answer, Answered, AnyStore, Command, CommandId, Context, Error, LocationId, Novelty, ReadSet, Receipt, Rejection,
    Standing, Store, StoreError, item::RetireItem,
};
use row::Row;
use serde_json::{Map, Value, json};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

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

/// What a row asks for.
struct Asked {
    line: u64,
    /// The same for the same row, in whatever file it stands.
    row: CommandId,
    /// Adds what the row describes.
    command: Command,
    /// Makes a command that takes in its stock, of the id of what was added.
    stock: Option<MakeStock>,
    standing: Standing,
}

type MakeStock = Box<dyn FnOnce(CommandId) -> Command + Send>;

/// A command that a row asks for.
struct Part {
    line: u64,
    /// Of the command, and so of what it adds.
    id: CommandId,
    /// Of the command that adds what it is about.
    made: CommandId,
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
    before: Before,
}

/// What was done of it by earlier imports.
#[derive(Default)]
struct Before {
    done: HashMap<CommandId, Arc<Answer>>,
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

/// Why not all of an import was written.
#[derive(Debug)]
pub(crate) struct Stopped {
    /// The line of the first command that was not done.
    pub(crate) line: u64,
    /// How many commands were done before it.
    pub(crate) done: usize,
    pub(crate) error: Error,
}

impl Stopped {
    /// What is said of the failure, which is that of one command: others may have been written.
    pub(crate) fn said_of_the_rest(&self, said: &str) -> String {
        if self.done == 0 {
            return said.to_owned();
        }
        said.replacen("nothing was written", "nothing more was written", 1)
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
        let asked = match rows.kind {
            Kind::Items => items::read(store, rows, site, problems).await?,
            Kind::Suppliers | Kind::Customers => parties::read(rows, problems),
        };
        Import::of(store, rows.kind, asked).await
    }

    /// Makes commands of what rows ask for, and finds those that were done before.
    async fn of(store: &AnyStore, kind: Kind, asked: Vec<Asked>) -> Result<Import, StoreError> {
        let (mut made, mut receipts, mut retired) = (Vec::new(), Vec::new(), Vec::new());
        let mut before = Before::default();
        let mut follow = Vec::with_capacity(asked.len());
        for Asked { line, row, command, stock, standing } in asked {
            made.push(Part { line, id: row, made: row, command });
            follow.push((stock, standing));
        }
        before.look_up(store, &mut made).await?;
        for (part, (stock, standing)) in made.iter_mut().zip(follow) {
            part.made = part.id;
            let Part { line, id: made, .. } = *part;
            if let Some(stock) = stock {
                receipts.push(Part { line, id: derived_id(made, "stock"), made, command: stock(made) });
            }
            if standing == Standing::Retired {
                let command = retire(kind, made);
                retired.push(Part { line, id: derived_id(made, "retired"), made, command });
            }
        }
        before.look_up(store, &mut receipts).await?;
        before.look_up(store, &mut retired).await?;
        Ok(Import { kind, made, receipts, retired, before })
    }

    /// Whether stock comes in with it.
    pub(crate) fn moves_stock(&self) -> bool {
        !self.receipts.is_empty()
    }

    /// How many commands are given.
    pub(crate) fn commands(&self) -> usize {
        self.parts().count()
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.made.iter().chain(&self.receipts).chain(&self.retired)
    }

    /// Has the engine try every command, without writing any. `context` is what commands are given with, but for their ids.
    ///
    /// # Errors
    /// [`Error`] where there is no answer.
    pub(crate) async fn check(
        &self,
        store: &AnyStore,
        engine: &Engine,
        context: &Context,
        problems: &mut Problems,
        mut checked: impl FnMut(),
    ) -> Result<(), Error> {
        let mut reused = Vec::new();
        // What is wrong with several commands of a row is said once.
        let mut told = HashSet::new();
        let parts: Vec<&Part> = self.parts().collect();
        for parts in parts.chunks(CHECKS_AT_ONCE) {
            let tried = parts.iter().map(|part| (Context { id: part.id, ..context.clone() }, part.command.clone()));
            for (part, answer) in parts.iter().zip(engine.simulate_all(tried.collect()).await) {
                checked();
                match answer {
                    Ok(_) => {}
                    // All else is checked before what the row itself adds is looked for.
                    Err(Error::Rejected(rejection)) if part.is_unknown_yet(&rejection) => {}
                    Err(Error::Rejected(rejection)) => {
                        let problem = for_people(&rejection);
                        if told.insert((part.line, problem.clone())) {
                            problems.add(part.line, problem);
                        }
                    }
                    Err(Error::IdReused { .. }) => reused.push(*part),
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(self.tell_reused(store, &reused, problems).await?)
    }

    /// Says of rows that were imported before how that was not the same.
    async fn tell_reused(&self, store: &AnyStore, reused: &[&Part], problems: &mut Problems) -> Result<(), StoreError> {
        let mut lines = BTreeSet::new();
        for part in reused {
            let site = self.before.other_site(part);
            if site.is_none() && !lines.insert(part.line) {
                continue;
            }
            let how = match site {
                Some(id) => {
                    let found = store.load(&ReadSet { locations: [id].into(), ..ReadSet::default() }).await?;
                    let code =
                        found.locations.first().map(|site| Arc::clone(&site.row.code)).unwrap_or_else(|| "".into());
                    format!("to {code}")
                }
                None => "by somebody else or as of another time".to_owned(),
            };
            problems.add(part.line, format!("was imported before, {how}"));
        }
        Ok(())
    }

    /// Counts what is new in it.
    pub(crate) fn count(&self) -> Counted {
        let is_new = |part: &&Part| !self.before.done.contains_key(&part.id);
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

    /// Has everything done. What turns out to have been done by another import of the same rows is answered and not done
    /// again, and counts as imported before.
    ///
    /// # Errors
    /// Where it stopped, and why.
    pub(crate) async fn write(
        &mut self,
        engine: &Engine,
        context: &Context,
        mut written: impl FnMut(),
    ) -> Result<(), Stopped> {
        let mut replayed = Vec::new();
        let mut done: usize = 0;
        let parts: Vec<&Part> = self.parts().collect();
        for parts in parts.chunks(COMMANDS_AT_ONCE) {
            let given = parts.iter().map(|part| (Context { id: part.id, ..context.clone() }, part.command.clone()));
            for (part, Answered { reply, novelty }) in parts.iter().zip(engine.answer_all(given.collect()).await) {
                written();
                let receipt = reply.map_err(|error| Stopped { line: part.line, done, error })?;
                done = done.saturating_add(1);
                if novelty == Novelty::Replayed {
                    replayed.push((part.id, Arc::new(Answer::Done(receipt))));
                }
            }
        }
        self.before.done.extend(replayed);
        Ok(())
    }
}

impl Part {
    /// Whether it is refused only because what the row adds is not there yet.
    fn is_unknown_yet(&self, rejection: &Rejection) -> bool {
        match rejection {
            Rejection::UnknownItem { item } => *item == self.made.into(),
            Rejection::UnknownSupplier { supplier } => *supplier == self.made.into(),
            Rejection::UnknownCustomer { customer } => *customer == self.made.into(),
            _ => false,
        }
    }
}

impl Before {
    /// Finds which of these commands were done. A refusal is the answer to its command for ever, so one that was refused
    /// gets another id: what stood in its way may be gone, and the row is tried anew.
    async fn look_up(&mut self, store: &AnyStore, parts: &mut [Part]) -> Result<(), StoreError> {
        for parts in parts.chunks_mut(COMMANDS_AT_ONCE) {
            loop {
                let open = parts.iter().map(|part| part.id).filter(|id| !self.done.contains_key(id));
                let reads = ReadSet { commands: open.collect(), ..ReadSet::default() };
                let mut refused = HashSet::new();
                for record in store.load(&reads).await?.commands {
                    match *record.answer {
                        Answer::Done(_) => _ = self.done.insert(record.id, record.answer),
                        Answer::Refused(_) => _ = refused.insert(record.id),
                    }
                }
                if refused.is_empty() {
                    break;
                }
                for part in parts.iter_mut().filter(|part| refused.contains(&part.id)) {
                    part.id = derived_id(part.id, "again");
                }
            }
        }
        Ok(())
    }

    /// To which other site its goods came, where they did.
    fn other_site(&self, part: &Part) -> Option<LocationId> {
        let Answer::Done(receipt) = &**self.done.get(&part.id)? else { return None };
        match (&**receipt, &part.command) {
            (Receipt::StockReceived { site, .. }, Command::ReceiveStock(wanted)) if *site != wanted.site => Some(*site),
            _ => None,
        }
    }
}

/// Takes out of trade what the command `made` adds.
fn retire(kind: Kind, made: CommandId) -> Command {
    match kind {
        Kind::Items => RetireItem { item: made.into() }.into(),
        Kind::Suppliers | Kind::Customers => parties::retire(kind, made),
    }
}

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
        let mut one = read(&store, "code,name,standing\nA,Anna,retired\nB,Ben,active\n").await;
        let mut other = read(&store, "code,name,standing\nB,Ben,active\nC,Carla,\n").await;
        // Both have looked before either has written.
        one.write(&engine, &context, || {}).await.unwrap();
        other.write(&engine, &context, || {}).await.unwrap();
        let counted =
            |made, imported_before| Counted { kind: Kind::Customers, rows: 2, made, receipts: 0, imported_before };
        assert_eq!(one.count(), counted(2, 0));
        assert_eq!(other.count(), counted(1, 1));
        drop(engine);
        worker.await.unwrap();
    }

    #[tokio::test]
    async fn a_row_that_was_refused_is_tried_anew_and_one_that_was_done_is_not() {
        let store = AnyStore::new(MemoryStore::new());
        let (ims, worker) = Ims::new(store.clone());
        let worker = tokio::spawn(worker);
        let context = Context::new(CommandId::from_u128(1), "me", "2026-01-31T09:00:00Z".parse().unwrap());
        let engine = Engine::Here(ims.clone());
        let file = "code,name,standing\nA,Anna,retired\n";
        // Twice too early: the shop is not open yet.
        for _ in 0..2 {
            let refused = read(&store, file).await.write(&engine, &context, || {}).await.unwrap_err();
            let Stopped { line: 2, done: 0, error: Error::Rejected(rejection) } = &refused else {
                panic!("{refused:?}")
            };
            assert_eq!(**rejection, Rejection::ShopNotOpen);
        }
        ims.execute(context.clone(), OpenShop::new("Corner shop", "EUR".parse().unwrap())).await.unwrap();
        for made in [1, 0] {
            let mut import = read(&store, file).await;
            import.write(&engine, &context, || {}).await.unwrap();
            let imported_before = 1_usize.saturating_sub(made);
            let counted = Counted { kind: Kind::Customers, rows: 1, made, receipts: 0, imported_before };
            assert_eq!(import.count(), counted);
        }
        drop((ims, engine));
        worker.await.unwrap();
    }
}
