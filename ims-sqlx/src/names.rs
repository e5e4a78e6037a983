//! What SQL cannot do: the names of rows, and how texts are folded, in a shop that an older version has made.

use crate::dialect::{Ask, Dialect, Held, Moment, Purpose};
use crate::engine::Engine;
use crate::plan::{Op, Step};
use crate::proof::{ALL_SPELLINGS, FOLDED, misfolded};
use crate::record::{names, spellings};
use crate::sql::Sql;
use crate::table;
use crate::value::{Field as _, Kind, Value};
use ims_core::audit::names_of;
use ims_core::report::{Page, PageRequest, Row, Table};
use ims_core::{Item, Name, NameRow, StoreError, StoreErrorKind, Text};
use std::collections::BTreeSet;

/// Names that are written at once.
const NAMES_PER_STEP: usize = 500;

impl<D: Dialect> Engine<D> {
    /// Gives names to the rows of a shop that an older version has made, and folds its texts as this one does. Where two
    /// rows have one name now, the one that was found by it keeps it: an item by its SKU before one by its barcode, then the
    /// older id. The other one stays as it is, is found by its id and its other names, and `verify` names both.
    pub(crate) async fn bring_names_up_to_date(&self) -> Result<(), StoreError> {
        if !self.lacks_names().await? {
            return Ok(());
        }
        let moment = self.hold(Purpose::Write).await?;
        // The row that every change takes last: nobody else writes from here on, and what others have cached is stale.
        moment.write(Sql::new([], "UPDATE head SET catalog = catalog + 1")).await?;
        let shop = Engine::new(moment.clone());
        if !shop.lacks_names().await? {
            return Ok(());
        }
        for table in &FOLDED {
            shop.fold_again(&moment, table).await?;
        }
        shop.spell_all(&moment).await?;
        let mut given = Given { moment: &moment, taken: BTreeSet::new(), rows: Vec::new() };
        for table in [Table::Locations, Table::Suppliers, Table::Customers] {
            shop.name_each(table, &mut given, |row| names_of(row).map(|(_, names)| names)).await?;
        }
        shop.name_each(Table::Items, &mut given, |row| item(row).map(|item| [Name::item(item.sku.as_str())].into()))
            .await?;
        shop.name_each(Table::Items, &mut given, |row| item(row).map(|item| item.names())).await?;
        given.write().await?;
        moment.commit().await
    }
}

fn item(row: &Row) -> Option<&Item> {
    let Row::Item(item) = row else { return None };
    Some(item)
}

/// Names that have been given so far.
struct Given<'a, H> {
    moment: &'a Moment<H>,
    taken: BTreeSet<Name>,
    rows: Vec<NameRow>,
}

impl<H: Held> Given<'_, H> {
    async fn give(&mut self, id: u128, names: BTreeSet<Name>) -> Result<(), StoreError> {
        let free = names.into_iter().filter(|name| self.taken.insert(name.clone()));
        self.rows.extend(free.map(|name| NameRow { name, id }));
        if self.rows.len() >= NAMES_PER_STEP { self.write().await } else { Ok(()) }
    }

    async fn write(&mut self) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut self.rows);
        let mut cells = Vec::new();
        rows.iter().for_each(|row| names::write(&mut cells, row));
        insert(self.moment, &names::TABLE, cells).await
    }
}

async fn insert<H: Held>(
    moment: &Moment<H>,
    table: &'static table::Table,
    cells: Vec<Value<'_>>,
) -> Result<(), StoreError> {
    if cells.is_empty() {
        return Ok(());
    }
    let step = Step { op: Op::Insert, table, cells };
    let written = moment.insert(&step).await?;
    if usize::try_from(written) == Ok(step.rows()) {
        return Ok(());
    }
    let lost = format!("of {} rows of the table {} the database has written {written}", step.rows(), table.name);
    Err(StoreError::new(StoreErrorKind::Corrupt, lost))
}

impl<D: Ask> Engine<D> {
    /// Whether there is a shop in which nothing has a name: every shop has locations from its beginning.
    async fn lacks_names(&self) -> Result<bool, StoreError> {
        let question = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM locations LIMIT 1) l \
                        WHERE NOT EXISTS (SELECT 1 FROM names)";
        let rows = self.ask_one(Sql::new([Kind::Int], question)).await?;
        Ok(rows.iter().flatten().any(|count| *count != Value::Int(0)))
    }

    async fn fold_again<H: Held>(&self, moment: &Moment<H>, table: &'static table::Table) -> Result<(), StoreError> {
        let mut page = PageRequest::default();
        loop {
            let Page { rows, next } = self.stored(table, &page).await?;
            for row in &rows {
                let (Some(key), Some(id)) = (table.key().first(), row.first()) else { continue };
                for wrong in misfolded(table, row) {
                    let set = Sql::new([], format!("UPDATE {} SET {} = ", table.name, wrong.column));
                    let set = set
                        .value(wrong.should.unwrap_or_default())
                        .sql(format!(" WHERE {} = ", key.name))
                        .value(id.clone());
                    moment.write(set).await?;
                }
            }
            match next {
                Some(next) => page.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    async fn spell_all<H: Held>(&self, moment: &Moment<H>) -> Result<(), StoreError> {
        let rows = self.ask_one(Sql::new([Kind::Text], ALL_SPELLINGS)).await?;
        let typed: BTreeSet<Text> = rows.into_iter().flatten().filter_map(Text::read).collect();
        let typed: Vec<Text> = typed.into_iter().collect();
        for typed in typed.chunks(NAMES_PER_STEP) {
            let mut cells = Vec::new();
            typed.iter().for_each(|typed| spellings::write(&mut cells, typed));
            insert(moment, &spellings::TABLE, cells).await?;
        }
        Ok(())
    }

    async fn name_each<H: Held>(
        &self,
        table: Table,
        given: &mut Given<'_, H>,
        names: impl Fn(&Row) -> Option<BTreeSet<Name>>,
    ) -> Result<(), StoreError> {
        let mut page = PageRequest::default();
        loop {
            let Page { rows, next } = self.scan(table, &page).await?;
            for row in &rows {
                if let (Some((id, _)), Some(names)) = (names_of(row), names(row)) {
                    given.give(id, names).await?;
                }
            }
            match next {
                Some(next) => page.after = Some(next),
                None => return Ok(()),
            }
        }
    }
}
