//! Reports: what was earned, and what the stock is worth.

use crate::serve::{
    Answer, Call, Operation, Problem, Right,
    operation::{Answering, Length, Question},
};
use ims_core::{
    Date, LocationId, Reports, Timestamp,
    report::{List, ProfitBy, ProfitQuery, ValueQuery},
};
use serde::Deserialize;

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::question(
        "profit",
        "/v1/reports/profit",
        Right::ReadReports,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(profit(call)) },
            summary: "Units, revenue, cost and profit, by what you choose.",
            fields: &[
                (
                    "by",
                    "`item`, `brand`, `category`, `customer`, `day`, `month` or `site`; `customer` needs `parties:read`.",
                ),
                ("from", "From this business day on."),
                ("until", "Up to and including this business day."),
            ],
            answer: "ProfitLine",
            length: Length::Sorted(List::Profit),
        },
    ),
    Operation::question(
        "value",
        "/v1/reports/value",
        Right::SeeCosts,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(value(call)) },
            summary: "What is on the shelves and what it cost.",
            fields: &[
                ("site", "Only at this site."),
                ("as_of", "As it was at the end of this day, or at this time; now, where neither is given."),
            ],
            answer: "StockValue",
            length: Length::One,
        },
    ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Over {
    by: ProfitBy,
    from: Option<Date>,
    until: Option<Date>,
}

async fn profit(call: Call<'_>) -> Result<Answer, Problem> {
    let Over { by, from, until } = call.fields()?;
    if by == ProfitBy::Customer {
        call.caller.must(Right::ReadParties)?;
    }
    call.page(call.service.store().profit(&ProfitQuery { by, from, until }, &call.said.page).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Of {
    site: Option<LocationId>,
    as_of: Option<Timestamp>,
}

async fn value(call: Call<'_>) -> Result<Answer, Problem> {
    let Of { site, as_of } = call.fields()?;
    call.answer(&call.service.store().value(&ValueQuery { site, as_of }).await?)
}
