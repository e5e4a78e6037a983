//! An example of every event and of every answer.

use crate::rows::{alert, at, id, quantity, shop};
use ims_core::{Answer, Event, EventBody, EventRecord, Filled, Offset, Receipt, Rejection};
use std::sync::Arc;

fn bodies() -> Vec<EventBody> {
    let filled = Filled { order: id(6), line: 1, quantity: quantity("0.5") };
    examples!(EventBody:
        Done => [EventBody::Done(Arc::new(Receipt::ShopOpened(shop())))],
        BackordersFilled => [EventBody::BackordersFilled(vec![filled])],
        AlertRaised => [EventBody::AlertRaised(alert())],
        AlertResolved => [EventBody::AlertResolved(ims_core::Alert { resolved_at: Some(at()), ..alert() })],
    )
}

pub(crate) fn examples() -> Vec<Event> {
    let event = |(offset, body)| Event {
        offset: Offset(offset),
        record: EventRecord {
            command: id(11),
            actor: "till 2".into(),
            occurred_at: "2026-01-30T18:00:00Z".parse().unwrap(),
            recorded_at: at(),
            body,
        },
    };
    (1..).zip(bodies()).map(event).collect()
}

pub(crate) fn answers() -> Vec<Answer> {
    examples!(Answer:
        Done => [Answer::Done(Arc::new(Receipt::ShopOpened(shop())))],
        Refused => [Answer::Refused(Rejection::NoLines)],
    )
}
