//! What SQL cannot do: the names of rows, and how texts are folded, in a shop that an older version has made; and the proof
//! that they are right.

use crate::dialect::{Ask, Dialect, Held, Moment, Purpose};
use crate::engine::Engine;
use crate::plan::{Op, Step};
use crate::record::{customers, items, locations, names, spellings, suppliers};
use crate::sql::Sql;
use crate::table;
use crate::value::{Field as _, Kind, Value};
use ims_core::audit::{Broken, Proof, called, misnamed, names_of};
use ims_core::report::{Page, PageRequest, Row, Table};
use ims_core::{Item, Name, NameRow, ReadSet, StoreError, StoreErrorKind, Text, fold};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The tables that have a folded text beside one that was typed.
static FOLDED: [&table::Table; 5] =
    [&suppliers::TABLE, &customers::TABLE, &locations::TABLE, &items::TABLE, &spellings::TABLE];

/// Every brand and category that stands somewhere.
const ALL_SPELLINGS: &str = "SELECT brand FROM items UNION SELECT category FROM items \
     UNION SELECT brand FROM order_lines UNION SELECT category FROM order_lines \
     UNION SELECT brand FROM return_lines UNION SELECT category FROM return_lines \
     UNION SELECT brand FROM sales UNION SELECT category FROM sales";

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
        for table in FOLDED {
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
                    let set = set.value(wrong.right).sql(format!(" WHERE {} = ", key.name)).value(id.clone());
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

/// A folded text that is not what its text folds to.
struct Misfolded {
    column: &'static str,
    typed: String,
    right: String,
}

/// The folded texts of a row that are wrong.
fn misfolded(table: &table::Table, row: &[Value<'static>]) -> Vec<Misfolded> {
    let text = |name: &str| {
        let cells = table.columns.iter().zip(row);
        cells.into_iter().find(|(column, _)| column.name == name).and_then(|(_, value)| match value {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        })
    };
    let wrong = |column: &table::Column| {
        let typed = match column.name {
            "folded" => text("typed")?,
            name => text(name.strip_suffix("_folded")?)?,
        };
        let right = fold(&typed);
        (text(column.name)? != right).then_some(Misfolded { column: column.name, typed, right })
    };
    table.columns.iter().filter_map(wrong).collect()
}

/// What is found of the names while a shop is verified.
#[derive(Default)]
pub(crate) struct NameCheck {
    owned: u64,
}

impl NameCheck {
    /// Looks at the names of some rows of a table.
    pub(crate) async fn see<D: Ask>(
        &mut self,
        shop: &Engine<D>,
        rows: &[Row],
        proof: &mut Proof,
    ) -> Result<(), StoreError> {
        let all: Vec<(u128, BTreeSet<Name>)> = rows.iter().filter_map(names_of).collect();
        if all.is_empty() {
            return Ok(());
        }
        let asked = ReadSet::named(all.iter().flat_map(|(_, names)| names.iter().cloned()));
        let found = shop.load(&asked).await?.names;
        let owners: BTreeMap<Name, u128> = found.into_iter().map(|row| (row.name, row.id)).collect();
        let mut others = BTreeSet::new();
        for (id, names) in &all {
            for owner in names.iter().filter_map(|name| owners.get(name)) {
                if owner == id {
                    self.owned = self.owned.saturating_add(1);
                } else {
                    others.insert(*owner);
                }
            }
        }
        let others = if others.is_empty() { BTreeMap::new() } else { shop.called(others).await? };
        rows.iter().flat_map(|row| misnamed(row, &owners, &others)).for_each(|broken| proof.note(broken));
        Ok(())
    }

    /// Looks for names of nothing, and for texts that are folded otherwise than they should be.
    pub(crate) async fn finish<D: Ask>(self, shop: &Engine<D>, proof: &mut Proof) -> Result<(), StoreError> {
        let rows = shop.ask_one(Sql::new([Kind::Int], "SELECT COUNT(*) FROM names")).await?;
        let there = rows.into_iter().flatten().find_map(u64::read).unwrap_or_default();
        if there != self.owned {
            let stray = i128::from(there).saturating_sub(i128::from(self.owned));
            let finding = format!("{stray} names find something that does not have them");
            proof.note(Broken { promise: ims_core::audit::ONE_NAME, row: "names".to_owned(), finding });
        }
        for table in FOLDED {
            let mut page = PageRequest::default();
            loop {
                let Page { rows, next } = shop.stored(table, &page).await?;
                let wrong = rows.iter().flat_map(|row| misfolded(table, row));
                wrong.for_each(|wrong| proof.note(wrong.broken(table)));
                match next {
                    Some(next) => page.after = Some(next),
                    None => break,
                }
            }
        }
        Ok(())
    }
}

impl Misfolded {
    fn broken(&self, table: &table::Table) -> Broken {
        let (row, right) = (format!("{} {}", table.name, self.typed), &self.right);
        let finding = format!("{} is not {right}: lists and searches miss it", self.column);
        Broken { promise: ims_core::audit::ONE_NAME, row, finding }
    }
}

impl<D: Ask> Engine<D> {
    /// What rows of the catalogue are called.
    async fn called(&self, ids: BTreeSet<u128>) -> Result<BTreeMap<u128, String>, StoreError> {
        let keys = ReadSet {
            items: ids.iter().map(|id| ims_core::ItemId::from_u128(*id)).collect(),
            locations: ids.iter().map(|id| ims_core::LocationId::from_u128(*id)).collect(),
            suppliers: ids.iter().map(|id| ims_core::SupplierId::from_u128(*id)).collect(),
            customers: ids.iter().map(|id| ims_core::CustomerId::from_u128(*id)).collect(),
            ..ReadSet::default()
        };
        let found = self.load(&keys).await?;
        let rows = found.items.iter().map(|row| Row::Item(Arc::clone(&row.row)));
        let rows = rows.chain(found.locations.iter().map(|row| Row::Location(Arc::clone(&row.row))));
        let rows = rows.chain(found.suppliers.iter().map(|row| Row::Supplier(Arc::clone(&row.row))));
        let rows = rows.chain(found.customers.iter().map(|row| Row::Customer(Arc::clone(&row.row))));
        Ok(rows.filter_map(|row| Some((names_of(&row)?.0, called(&row)))).collect())
    }
}
