//! Reading a table whole, in the order of its key.

use super::documents::{heads, parts};
use super::paging::Listing;
use crate::answer;
use crate::dialect::{Ask, Dialect, Purpose};
use crate::engine::Engine;
use crate::load::{by_document, in_place};
use crate::log;
use crate::record::{
    alerts, commands, customer_sales, customers, holds, items, layers, locations, movements, orders, purchases,
    return_lines, returns, sales, series, shop, stock, suppliers, undone,
};
use crate::table;
use crate::value::Fields;
use ims_core::audit::{self, LogEntry, Proved, Verdict};
use ims_core::report::{Page, PageRequest, Row, Table};
use ims_core::{Loaded, Offset, ReadSet, StoreError, limits};
use std::sync::Arc;

impl<D: Dialect> Engine<D> {
    /// Proves that everything adds up, as of one moment: others go on writing meanwhile.
    pub(crate) async fn verify(&self) -> Result<Verdict, StoreError> {
        let moment = Engine::new(self.hold(Purpose::Look).await?);
        let Proved { mut verdict, names } = audit::prove(&moment).await?;
        moment.see_stored(&mut verdict, names).await?;
        Ok(verdict)
    }
}

impl<D: Ask> audit::Source for Engine<D> {
    async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        Engine::scan(self, table, page).await
    }

    async fn load(&self, keys: &ReadSet) -> Result<Loaded, StoreError> {
        Engine::load(self, keys).await
    }

    async fn log(&self, after: Offset) -> Result<(Vec<LogEntry>, Offset), StoreError> {
        log::read_entries(self.log_page(after, limits::EVENTS_PER_PAGE).await?)
    }
}

impl<D: Ask> Engine<D> {
    pub(crate) async fn scan(&self, table: Table, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        macro_rules! rows {
            ($module:ident, $row:expr) => {
                self.scan_rows(page, &$module::TABLE, |fields| $module::read(fields).map($row)).await
            };
        }
        match table {
            Table::Shop => rows!(shop, |row| Row::Shop(Arc::new(row))),
            Table::Items => {
                let listing = Listing::by_key(page, items::TABLE.key());
                Ok(each(self.item_page(listing, |question| question).await?, Row::Item))
            }
            Table::Locations => rows!(locations, |row| Row::Location(Arc::new(row))),
            Table::Suppliers => rows!(suppliers, |row| Row::Supplier(Arc::new(row))),
            Table::Customers => rows!(customers, |row| Row::Customer(Arc::new(row))),
            Table::Series => rows!(series, Row::Series),
            Table::Stock => rows!(stock, Row::Stock),
            Table::Layers => rows!(layers, Row::Layer),
            Table::Holds => rows!(holds, Row::Hold),
            Table::Orders => {
                let listing = Listing::by_key(page, orders::TABLE.key());
                Ok(each(self.order_page(listing, |question| question).await?, Row::Order))
            }
            Table::Purchases => {
                let listing = Listing::by_key(page, purchases::TABLE.key());
                Ok(each(self.purchase_page(listing, |question| question).await?, Row::Purchase))
            }
            Table::Returns => self.scan_returns(page).await,
            Table::Alerts => rows!(alerts, Row::Alert),
            Table::Movements => rows!(movements, Row::Movement),
            Table::Undone => rows!(undone, |(key, row)| Row::Undone(key, row)),
            Table::Sales => rows!(sales, |(key, row)| Row::Sales(key, row)),
            Table::CustomerSales => rows!(customer_sales, |(key, row)| Row::CustomerSales(key, row)),
            Table::Commands => {
                let read = |fields: &mut Fields| commands::read(fields).and_then(answer::read).map(Row::Command);
                self.scan_rows(page, &commands::TABLE, read).await
            }
        }
    }

    async fn scan_rows(
        &self,
        page: &PageRequest,
        table: &'static table::Table,
        read: impl Fn(&mut Fields) -> Result<Row, StoreError>,
    ) -> Result<Page<Row>, StoreError> {
        let mut listing = Listing::by_key(page, table.key());
        let rows = self.list_one(&mut listing, |listing| heads(listing, table, |question| question)).await?;
        listing.page(rows, |row| read(&mut Fields::of(table.name, row)))
    }

    /// A page of a table's rows as they are stored.
    pub(crate) async fn stored(
        &self,
        table: &'static table::Table,
        page: &PageRequest,
    ) -> Result<Page<crate::value::Row>, StoreError> {
        let mut listing = Listing::by_key(page, table.key());
        let rows = self.list_one(&mut listing, |listing| heads(listing, table, |question| question)).await?;
        listing.page(rows, Ok)
    }

    async fn scan_returns(&self, page: &PageRequest) -> Result<Page<Row>, StoreError> {
        let mut listing = Listing::by_key(page, returns::TABLE.key());
        let all = |question| question;
        let questions = |listing: &Listing| {
            vec![heads(listing, &returns::TABLE, all), parts(listing, &returns::TABLE, &return_lines::TABLE, all)]
        };
        let mut answers = self.list(&mut listing, questions).await?;
        let mut lines = by_document("return_lines", answers.pop().unwrap_or_default(), return_lines::read)?;
        listing.page(answers.pop().unwrap_or_default(), |row| {
            let mut goods = returns::read(&mut Fields::of("returns", row))?;
            goods.lines = in_place(&mut lines, &goods.id);
            Ok(Row::Return(goods))
        })
    }
}

fn each<T>(page: Page<T>, row: impl Fn(T) -> Row) -> Page<Row> {
    Page { rows: page.rows.into_iter().map(row).collect(), next: page.next }
}
