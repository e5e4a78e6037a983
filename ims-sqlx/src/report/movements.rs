//! The ledger, by time.

use super::documents::{compare, heads};
use super::paging::Listing;
use crate::dialect::Ask;
use crate::engine::Engine;
use crate::record::movements;
use crate::sql::Sql;
use crate::value::{Fields, Kind};
use ims_core::report::{List, MovementQuery, Page, PageRequest};
use ims_core::{Movement, StoreError};

/// What the ledger is sorted by.
pub(super) const BY_TIME: &[(&str, Kind)] =
    &[("t.occurred_at", Kind::Int), ("t.command", Kind::Id), ("t.number", Kind::Int)];

impl<D: Ask> Engine<D> {
    pub(crate) async fn movements(
        &self,
        query: &MovementQuery,
        page: &PageRequest,
    ) -> Result<Page<Movement>, StoreError> {
        let mut listing = Listing::by(page, List::Movements, BY_TIME)?;
        let rows = self.list_one(&mut listing, |listing| question(listing, query)).await?;
        listing.page(rows, |row| movements::read(&mut Fields::of("movements", row)))
    }
}

/// Asks for a page of the ledger.
pub(super) fn question(listing: &Listing, query: &MovementQuery) -> Sql {
    heads(listing, &movements::TABLE, |mut question| {
        question = compare(question, "t.item =", query.item);
        if let Some(place) = query.location {
            question =
                question.sql(" AND (t.from_location = ").value(place).sql(" OR t.to_location = ").value(place).sql(")");
        }
        question = compare(question, "t.occurred_at >=", query.from);
        compare(question, "t.occurred_at <=", query.until)
    })
}
