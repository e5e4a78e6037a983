//! The log of events, page by page. Streams and WebSockets are in `live/`.

use crate::serve::{
    Operation, Right, live,
    operation::{Access, Answering, Key, Length, Question, Task, Verb},
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation::task(
        "create_event_ticket",
        Verb::Post,
        "/v1/events/tickets",
        Access::With(Right::ReadEvents),
        Task {
            run: |call| -> Answering<'_> { Box::pin(live::ticket(call)) },
            summary: "Makes a ticket that opens one WebSocket, for browsers: /v1/events/ws?ticket=….",
            body: None,
            answer: "EventTicket",
            key: Key::Without,
        },
    ),
    Operation::question(
        "events",
        "/v1/events",
        Right::ReadEvents,
        Question {
            ask: |call| -> Answering<'_> { Box::pin(live::page(call)) },
            summary: "The log of events after an offset, oldest first, waited for where there is nothing yet.",
            fields: &[
                (
                    "after",
                    "Only events after this offset: the `next` of the page before. From the first one by default.",
                ),
                ("limit", "How many at most: 100 by default, 1000 at most."),
                ("wait_ms", "How long to wait where there is nothing yet; not at all by default."),
                (
                    "room",
                    "Only of these rooms, with commas between them: all, item:ID, category:NAME, site:CODE, order:ID, customer:ID, alerts.",
                ),
            ],
            answer: "EventBatch",
            length: Length::One,
        },
    ),
];

pub(super) const SCHEMAS: &str = r##"{
  "EventBatch": {
    "description": "A part of the log.",
    "type": "object",
    "properties": {
      "events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}, "description": "Oldest first."},
      "next": {"$ref": "#/components/schemas/Offset", "description": "What to ask for next: there is nothing else for you up to here."},
      "newest": {"$ref": "#/components/schemas/Offset", "description": "The offset of the newest event in the log."}
    },
    "required": ["events", "next", "newest"]
  },
  "EventTicket": {
    "description": "What opens one WebSocket.",
    "type": "object",
    "properties": {
      "ticket": {"type": "string", "description": "For /v1/events/ws?ticket=…."},
      "expires_at": {"$ref": "#/components/schemas/Timestamp", "description": "When it lapses."}
    },
    "required": ["ticket", "expires_at"]
  }
}"##;
