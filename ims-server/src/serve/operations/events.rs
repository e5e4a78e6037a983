//! The log of events, page by page. Streams and WebSockets are in `live/`.

use crate::serve::{
    Operation, Right, live,
    operation::{Answering, Length, Question},
};

pub(super) const OPERATIONS: &[Operation] = &[Operation::question(
    "events",
    "/v1/events",
    Right::ReadEvents,
    Question {
        ask: |call| -> Answering<'_> { Box::pin(live::page(call)) },
        summary: "The log of events after an offset, oldest first, waited for where there is nothing yet.",
        fields: &[
            ("after", "Only events after this offset: the `next` of the page before. From the first one by default."),
            ("limit", "How many at most: 100 by default, 1000 at most."),
            ("wait_ms", "How long to wait where there is nothing yet; not at all by default."),
            (
                "room",
                "Only of these rooms, with commas between them: all, item:ID, category:NAME, site:CODE, order:ID, customer:ID, alerts.",
            ),
        ],
        answer: "EventPage",
        length: Length::One,
    },
)];
