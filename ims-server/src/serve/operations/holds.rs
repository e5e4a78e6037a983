//! Holds: stock put aside for a while.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Makes, Question, Verb},
};
use ims_core::{
    Hold, HoldId, ItemId, LocationId, ReadSet, Reports, StockKey, Store,
    report::{Page, Row, Table},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::command("place_hold", Verb::Post, "/v1/holds", Right::Hold, Makes::Under("/v1/holds")),
    Operation::question(
        "holds",
        "/v1/holds",
        Right::ReadStock,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(list(call)) },
            summary: "Holds that have not lapsed, in the order of their ids. A page may have fewer rows than asked for, and \
                      more follow.",
            fields: &[("item", "Only of this item."), ("site", "Only at this site.")],
            answer: "Hold",
            length: Length::Pages,
        },
    ),
    Operation::question(
        "hold",
        "/v1/holds/{hold}",
        Right::ReadStock,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(show(call)) },
            summary: "One hold.",
            fields: &[],
            answer: "Hold",
            length: Length::Row,
        },
    ),
    Operation::command("extend_hold", Verb::Patch, "/v1/holds/{hold}", Right::Hold, Makes::Nothing),
    Operation::command("release_hold", Verb::Delete, "/v1/holds/{hold}", Right::Hold, Makes::Nothing),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Which {
    item: Option<ItemId>,
    site: Option<LocationId>,
}

async fn list(call: Call<'_>) -> Result<Answer, Problem> {
    let Which { item, site } = call.fields()?;
    let now = call.service.now();
    let wanted = |hold: &Hold| {
        hold.until > now && item.is_none_or(|item| hold.item == item) && site.is_none_or(|site| hold.site == site)
    };
    if let (Some(item), Some(site)) = (item, site) {
        let reads = ReadSet { holds_on: [StockKey { item, site }].into(), ..ReadSet::default() };
        let found = call.service.store().load(&reads).await?;
        let mut rows: Vec<Hold> = found.holds.into_iter().map(|hold| hold.row).filter(wanted).collect();
        rows.sort_by_key(|hold| hold.id);
        return call.page(Page { rows, next: None });
    }
    let mut page = call.said.page.clone();
    loop {
        let found = call.service.store().scan(Table::Holds, &page).await?;
        let holds = found.rows.into_iter().filter_map(|row| match row {
            Row::Hold(hold) => Some(hold),
            _ => None,
        });
        let rows: Vec<Hold> = holds.filter(wanted).collect();
        // An empty page in the middle would only be asked on from.
        match found.next {
            Some(next) if rows.is_empty() => page.after = Some(next),
            next => return call.page(Page { rows, next }),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    hold: HoldId,
}

async fn show(call: Call<'_>) -> Result<Answer, Problem> {
    let One { hold } = call.fields()?;
    let found = call.service.store().load(&ReadSet { holds: [hold].into(), ..ReadSet::default() }).await?;
    let hold = found.holds.into_iter().next().ok_or_else(|| Problem::not_found(format!("there is no hold {hold}")))?;
    call.answer(&hold.row)
}
