//! Comparing the engine with its shadow.

use crate::{
    engine::{Engine, Said, events, execute, movements, orders, verdict},
    script::{Expected, Letter},
    shadow::{self, Refusal, Shadow, ShadowLine},
    universe::{ITEM_COUNT, item},
};
use ims_core::{
    Answer, Event, EventBody, ItemId, LocationId, Moved, Offset, Order, OrderId, OrderLine, Receipt, StockKey,
    StockLevel,
    location::{CUSTOMERS, LOSS, SUPPLIERS, VARIANCE},
};
use proptest::{
    prelude::*,
    test_runner::{TestCaseError, TestCaseResult},
};
use std::collections::BTreeMap;

/// Gives a command to the engine and compares what it says with what its shadow said.
pub(crate) async fn follow(ims: &Engine, letter: Letter, expected: Expected) -> TestCaseResult {
    let outcome = match execute(ims, letter.clone()).await {
        Said::Answered(Answer::Done(receipt)) => Ok(moved(&receipt)),
        Said::Answered(Answer::Refused(rejection)) => Err(Refusal::from(&rejection)),
        Said::IdReused => return Err(TestCaseError::fail(format!("its id is new: {letter:?}"))),
    };
    prop_assert_eq!(outcome, expected, "{:?}", letter);
    Ok(())
}

/// What an order got of all that it asked for: allocated, backordered, cancelled.
pub(crate) fn granted(said: Said) -> Result<[i128; 3], Refusal> {
    match said {
        Said::Answered(Answer::Done(receipt)) => match &*receipt {
            Receipt::OrderPlaced(order) => {
                let parts = order.lines.iter().map(|line| [line.allocated, line.backordered, line.cancelled]);
                let parts = parts.map(|parts| parts.map(|part| i128::from(part.micros())));
                Ok(parts.fold([0; 3], |sum, part| [sum[0] + part[0], sum[1] + part[1], sum[2] + part[2]]))
            }
            other => panic!("an order was asked for: {other:?}"),
        },
        Said::Answered(Answer::Refused(rejection)) => Err(Refusal::from(&rejection)),
        Said::IdReused => panic!("its id is new"),
    }
}

/// What a receipt says has moved.
fn moved(receipt: &Receipt) -> Vec<shadow::Moved> {
    let lines: &[Moved] = match receipt {
        Receipt::StockReceived { lines, .. }
        | Receipt::StockSentBack { lines, .. }
        | Receipt::StockAdjusted { lines, .. }
        | Receipt::StockTransferred { lines, .. }
        | Receipt::PurchaseReceived { lines, .. }
        | Receipt::OrderShipped { lines, .. }
        | Receipt::Sold { lines, .. }
        | Receipt::GoodsReturned { lines, .. } => lines,
        _ => &[],
    };
    let moved = |line: &Moved| shadow::Moved {
        line: line.line,
        quantity: line.quantity.micros().into(),
        cost: line.cost.micros().into(),
        acquired_at: line.acquired_at.micros(),
    };
    lines.iter().map(moved).collect()
}

/// Looks at the shop as a whole when the days are over.
pub(crate) async fn conclude(ims: &Engine, shadow: &Shadow) -> TestCaseResult {
    let verdict = verdict(ims).await;
    prop_assert!(verdict.ok, "{:#?}", verdict.broken);
    compare_orders(&orders(ims).await, shadow)?;
    compare_books(ims, shadow).await?;
    check_log(&events(ims).await)
}

fn compare_orders(orders: &[Order], shadow: &Shadow) -> TestCaseResult {
    let lines: BTreeMap<OrderId, Vec<[i128; 10]>> =
        orders.iter().map(|order| (order.id, order.lines.iter().map(line_numbers).collect())).collect();
    let shadows: BTreeMap<OrderId, Vec<[i128; 10]>> =
        shadow.orders().iter().map(|(id, order)| (*id, order.lines.iter().map(shadow_numbers).collect())).collect();
    prop_assert_eq!(lines, shadows);
    let mut numbers: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    orders.iter().for_each(|order| numbers.entry(&order.series).or_default().push(order.number));
    for (series, mut numbers) in numbers {
        numbers.sort_unstable();
        prop_assert!(numbers.iter().copied().eq(1..=numbers.len() as u64), "series {series} has a gap: {numbers:?}");
    }
    Ok(())
}

fn line_numbers(line: &OrderLine) -> [i128; 10] {
    let quantities = [line.quantity, line.allocated, line.backordered, line.shipped, line.cancelled, line.returned]
        .map(|quantity| quantity.micros());
    let [quantity, allocated, backordered, shipped, cancelled, returned] = quantities.map(i128::from);
    let [revenue, cost, refunded, cost_returned] =
        [line.revenue, line.cost, line.refunded, line.cost_returned].map(|amount| amount.micros().into());
    [quantity, allocated, backordered, shipped, cancelled, returned, revenue, cost, refunded, cost_returned]
}

fn shadow_numbers(line: &ShadowLine) -> [i128; 10] {
    let ShadowLine { quantity, allocated, backordered, shipped, cancelled, returned, .. } = line;
    let ShadowLine { revenue, cost, refunded, cost_returned, .. } = line;
    [quantity, allocated, backordered, shipped, cancelled, returned, revenue, cost, refunded, cost_returned].map(|n| *n)
}

/// Value in = cost of goods sold + value on hand + named corrections, to the last digit; and goods neither appear nor
/// vanish.
async fn compare_books(ims: &Engine, shadow: &Shadow) -> TestCaseResult {
    let mut at: BTreeMap<(ItemId, LocationId), (i128, i128)> = BTreeMap::new();
    for movement in movements(ims).await {
        let (quantity, value) = (i128::from(movement.quantity.micros()), i128::from(movement.value.micros()));
        for (location, sign) in [(movement.to, 1), (movement.from, -1)] {
            let sum = at.entry((movement.item, location)).or_default();
            *sum = (sum.0 + sign * quantity, sum.1 + sign * value);
        }
    }
    for nth in 0..ITEM_COUNT {
        let (item, books) = (item(nth), shadow.books(item(nth)));
        let value_at = |location| at.get(&(item, location)).map_or(0, |sum| sum.1);
        prop_assert_eq!(value_at(SUPPLIERS), -books.bought, "bought");
        prop_assert_eq!(value_at(CUSTOMERS), books.sold, "sold");
        prop_assert_eq!(value_at(LOSS), -books.found, "found");
        prop_assert_eq!(value_at(VARIANCE), books.variance, "variance");
        prop_assert_eq!(books.bought + books.found - books.sold - books.variance, shadow.value_of(item));
        let everywhere = at.iter().filter(|((of, _), _)| *of == item).map(|(_, sum)| *sum);
        prop_assert_eq!(everywhere.fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1)), (0, 0));
    }
    Ok(())
}

/// Offsets without a gap, what was done first, and alerts that are raised once and resolved once.
fn check_log(events: &[Event]) -> TestCaseResult {
    prop_assert!(events.iter().map(|event| event.offset).eq((1..=events.len() as u64).map(Offset)));
    let mut open: BTreeMap<StockKey, StockLevel> = BTreeMap::new();
    let mut last = None;
    for event in events {
        let is_new = last.replace(event.record.command) != Some(event.record.command);
        prop_assert_eq!(is_new, matches!(event.record.body, EventBody::Done(_)), "{:?}", event);
        match &event.record.body {
            EventBody::AlertRaised(alert) => {
                prop_assert_ne!(open.insert(alert.key(), alert.kind), Some(alert.kind), "raised twice: {:?}", alert);
            }
            EventBody::AlertResolved(alert) => {
                prop_assert!(open.remove(&alert.key()).is_some(), "resolved but never raised: {alert:?}");
            }
            EventBody::Done(_) | EventBody::BackordersFilled(_) => {}
        }
    }
    Ok(())
}
