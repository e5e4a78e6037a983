//! What the core does not see of a shop in a database: names, folded texts, spellings, and where lines stand. The proof that
//! they are right.

use crate::dialect::Ask;
use crate::engine::Engine;
use crate::record::names;
use crate::sql::Sql;
use crate::table::{Column, Table};
use crate::value::{Field as _, Fields, Kind, Value};
use ims_core::audit::{Broken, ONE_NAME, TOLD, Verdict, names_of};
use ims_core::report::{Page, PageRequest, Row};
use ims_core::{CommandId, Name, NameRow, ReadSet, StoreError, Text, fold};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Every brand and category that stands somewhere.
pub(crate) const ALL_SPELLINGS: &str = "SELECT brand FROM items UNION SELECT category FROM items \
     UNION SELECT brand FROM order_lines UNION SELECT category FROM order_lines \
     UNION SELECT brand FROM return_lines UNION SELECT category FROM return_lines \
     UNION SELECT brand FROM sales UNION SELECT category FROM sales";

/// So many rows of one kind are named.
const ROWS_NAMED: u32 = 20;

/// Describes those columns of a table that a text and what it folds to are in.
macro_rules! folded {
    ($table:literal, $key:literal as $kind:ident $(, $column:literal)*) => {
        Table {
            name: $table,
            key_columns: 1,
            columns: &[
                Column { name: $key, kind: Kind::$kind },
                $(Column { name: $column, kind: Kind::Text },)*
            ],
        }
    };
}

/// The tables that have a folded text beside one that was typed.
pub(crate) static FOLDED: [Table; 8] = [
    folded!("suppliers", "id" as Id, "code", "code_folded", "name", "name_folded", "city", "city_folded"),
    folded!("customers", "id" as Id, "code", "code_folded", "name", "name_folded", "city", "city_folded"),
    folded!("locations", "id" as Id, "code", "code_folded"),
    folded!("items", "id" as Id, "sku", "sku_folded", "name", "name_folded"),
    folded!("spellings", "typed" as Text, "folded"),
    folded!("orders", "id" as Id, "party_city", "party_city_folded"),
    folded!("purchases", "id" as Id, "party_city", "party_city_folded"),
    folded!("returns", "id" as Id, "party_city", "party_city_folded"),
];

/// The tables whose rows stand in a place, counted from 0, among those that have the same owner.
const PLACED: [(&str, &str, &str); 6] = [
    ("item_barcodes", "item", "place"),
    ("order_lines", "order_id", "line"),
    ("shipments", "order_id", "number"),
    ("purchase_lines", "purchase_id", "line"),
    ("return_lines", "return_id", "line"),
    ("movements", "command", "number"),
];

/// A folded text that is not what its text folds to.
pub(crate) struct Misfolded {
    pub(crate) column: &'static str,
    /// What it was made of.
    typed: String,
    has: Option<String>,
    pub(crate) should: Option<String>,
}

/// The folded texts of a row that are wrong.
pub(crate) fn misfolded(table: &Table, row: &[Value<'static>]) -> Vec<Misfolded> {
    let text = |name: &str| {
        let cells = table.columns.iter().zip(row);
        cells.into_iter().find(|(column, _)| column.name == name).and_then(|(_, value)| match value {
            Value::Text(text) => Some(text.to_string()),
            _ => None,
        })
    };
    let wrong = |column: &Column| {
        let typed = match column.name {
            "folded" => "typed",
            name => name.strip_suffix("_folded")?,
        };
        let typed = text(typed);
        let (has, should) = (text(column.name), typed.as_deref().map(fold));
        let typed = typed.unwrap_or_default();
        (has != should).then_some(Misfolded { column: column.name, typed, has, should })
    };
    table.columns.iter().filter_map(wrong).collect()
}

impl Misfolded {
    fn broken(&self, table: &Table) -> Broken {
        let shown = |text: &Option<String>| text.as_ref().map_or("nothing".to_owned(), |text| format!("{text:?}"));
        let finding = format!(
            "{} is {}, should be {}: lists and searches miss it",
            self.column,
            shown(&self.has),
            shown(&self.should)
        );
        Broken { promise: ONE_NAME, row: format!("{}: {}", table.name, self.typed), finding }
    }
}

impl<D: Ask> Engine<D> {
    /// Notes what is wrong with what the core does not see. The rows of the catalogue have so many names.
    pub(crate) async fn see_stored(&self, verdict: &mut Verdict, names: u64) -> Result<(), StoreError> {
        self.see_names(verdict, names).await?;
        for table in &FOLDED {
            let mut page = PageRequest::default();
            loop {
                let Page { rows, next } = self.stored(table, &page).await?;
                let wrong = rows.iter().flat_map(|row| misfolded(table, row));
                wrong.for_each(|wrong| verdict.note(wrong.broken(table)));
                match next {
                    Some(next) => page.after = Some(next),
                    None => break,
                }
            }
        }
        self.see_spellings(verdict).await?;
        for (table, owner, place) in PLACED {
            self.see_places(verdict, table, owner, place).await?;
        }
        Ok(())
    }

    /// Looks for names of nothing, where there are more names than rows have.
    async fn see_names(&self, verdict: &mut Verdict, names: u64) -> Result<(), StoreError> {
        let rows = self.ask_one(Sql::new([Kind::Int], "SELECT COUNT(*) FROM names")).await?;
        let there = rows.into_iter().flatten().find_map(u64::read).unwrap_or_default();
        if there <= names {
            return Ok(());
        }
        let mut page = PageRequest::default();
        loop {
            let Page { rows, next } = self.stored(&names::TABLE, &page).await?;
            let rows = rows.into_iter().map(|row| names::read(&mut Fields::of("names", row)));
            let rows = rows.collect::<Result<Vec<NameRow>, StoreError>>()?;
            let owned = self.names_of(rows.iter().map(|row| row.id).collect()).await?;
            for NameRow { name, id } in rows {
                if !owned.get(&id).is_some_and(|names| names.contains(&name)) {
                    let finding =
                        format!("it finds the row with id {} (id), which has no such name", CommandId::from_u128(id));
                    let row = format!("names: {}", name.key());
                    verdict.note(Broken { promise: ONE_NAME, row, finding });
                }
            }
            match next {
                Some(next) => page.after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// The names of rows of the catalogue.
    async fn names_of(&self, ids: BTreeSet<u128>) -> Result<BTreeMap<u128, BTreeSet<Name>>, StoreError> {
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
        Ok(rows.filter_map(|row| names_of(&row)).collect())
    }

    /// Looks for brands and categories that no spelling stands for.
    async fn see_spellings(&self, verdict: &mut Verdict) -> Result<(), StoreError> {
        let question = format!(
            "SELECT s.brand FROM ({ALL_SPELLINGS}) s WHERE NOT EXISTS \
             (SELECT 1 FROM spellings p WHERE p.typed = s.brand) LIMIT {ROWS_NAMED}"
        );
        for typed in self.ask_one(Sql::new([Kind::Text], question)).await?.into_iter().flatten().filter_map(Text::read)
        {
            let finding = "it stands somewhere as a brand or a category, and it is not there (typed)".to_owned();
            verdict.note(Broken { promise: ONE_NAME, row: format!("spellings: {typed}"), finding });
        }
        Ok(())
    }

    /// Looks for rows that do not stand one after the other, from 0 on.
    async fn see_places(
        &self,
        verdict: &mut Verdict,
        table: &'static str,
        owner: &str,
        place: &str,
    ) -> Result<(), StoreError> {
        let question = format!(
            "SELECT {owner}, MIN({place}), MAX({place}), COUNT(*) FROM {table} GROUP BY {owner} \
             HAVING MIN({place}) <> 0 OR MAX({place}) <> COUNT(*) - 1 LIMIT {ROWS_NAMED}"
        );
        let shape = [Kind::Id, Kind::Int, Kind::Int, Kind::Int];
        for row in self.ask_one(Sql::new(shape, question)).await? {
            let mut fields = Fields::of(table, row);
            let (id, least, most, count): (CommandId, i64, i64, i64) =
                (fields.next("id")?, fields.next("least")?, fields.next("most")?, fields.next("count")?);
            let finding = format!(
                "{count} rows stand in places from {least} to {most} ({place}), should stand in 0 to {}",
                count.saturating_sub(1)
            );
            verdict.note(Broken { promise: TOLD, row: format!("{table}: {owner} {id}"), finding });
        }
        Ok(())
    }
}
