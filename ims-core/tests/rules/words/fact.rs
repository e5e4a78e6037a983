//! What is so after a command.

use super::{Outcome, amount, id, quantity, time};
use ims_core::{
    Alert, Amount, Answer, EventBody, Filled, ItemId, Moved, Order, OrderId, OrderLine, Receipt, Rejection, StockLevel,
    report::StockLine,
};

/// Something that is so after a command.
pub(crate) type Fact = Box<dyn Fn(&Outcome)>;

pub(crate) struct Expect(Vec<Fact>);

pub(crate) fn expect<const N: usize>(facts: [Fact; N]) -> Expect {
    Expect(facts.into_iter().collect())
}

impl Expect {
    pub(super) fn check(&self, outcome: &Outcome) {
        self.0.iter().for_each(|fact| fact(outcome));
    }
}

fn fact(fact: impl Fn(&Outcome) + 'static) -> Fact {
    Box::new(fact)
}

impl Outcome {
    fn receipt(&self) -> &Receipt {
        match &self.answer {
            Answer::Done(receipt) => receipt,
            Answer::Refused(rejection) => panic!("refused: {rejection}"),
        }
    }

    fn moved(&self) -> &[Moved] {
        match self.receipt() {
            Receipt::StockReceived { lines, .. }
            | Receipt::StockSentBack { lines, .. }
            | Receipt::StockAdjusted { lines, .. }
            | Receipt::StockTransferred { lines, .. }
            | Receipt::PurchaseReceived { lines, .. }
            | Receipt::OrderShipped { lines, .. }
            | Receipt::Sold { lines, .. }
            | Receipt::GoodsReturned { lines, .. } => lines,
            other => panic!("nothing has moved: {other:?}"),
        }
    }

    fn stock(&self, site: &str, item: &str) -> &StockLine {
        let item: ItemId = id(item);
        let found = self.stock.iter().find(|line| line.item == item && &*line.site == site);
        found.unwrap_or_else(|| panic!("no such stock: {:?}", self.stock))
    }

    fn order(&self, name: &str) -> &Order {
        let order: OrderId = id(name);
        self.orders.iter().find(|found| found.id == order).unwrap_or_else(|| panic!("no order {name}"))
    }
}

/// It was done.
pub(crate) fn done() -> Fact {
    fact(|outcome| _ = outcome.receipt())
}

/// The receipt is as this function says.
pub(crate) fn receipt_is(is: impl Fn(&Receipt) -> bool + 'static) -> Fact {
    fact(move |outcome| assert!(is(outcome.receipt()), "{:?}", outcome.receipt()))
}

/// The rules said no, with just these numbers, and nobody else heard of it.
pub(crate) fn refused(rejection: Rejection) -> Fact {
    fact(move |outcome| {
        assert_eq!(outcome.answer, Answer::Refused(rejection.clone()));
        assert_eq!(outcome.events, []);
    })
}

/// The rules said no, and this is why, whatever the numbers.
pub(crate) fn refused_with(code: &'static str) -> Fact {
    fact(move |outcome| match &outcome.answer {
        Answer::Refused(rejection) => assert_eq!(rejection.code(), code, "{rejection}"),
        Answer::Done(receipt) => panic!("done: {receipt:?}"),
    })
}

/// What has moved cost this much, all together.
pub(crate) fn cost(is: &'static str) -> Fact {
    fact(move |outcome| {
        let cost = outcome.moved().iter().try_fold(Amount::ZERO, |sum, line| sum.checked_add(line.cost));
        assert_eq!(cost.unwrap().to_string(), is, "cost of {:?}", outcome.moved());
    })
}

/// What has moved, part by part: how many, what they cost, and when they were acquired.
pub(crate) fn moved<const N: usize>(parts: [(&'static str, &'static str, &'static str); N]) -> Fact {
    fact(move |outcome| {
        let part = |line: &Moved| (line.quantity, line.cost, line.acquired_at);
        let moved: Vec<_> = outcome.moved().iter().map(part).collect();
        let parts = parts.map(|(count, cost, acquired)| (quantity(count), amount(cost), time(acquired)));
        assert_eq!(moved, parts);
    })
}

macro_rules! stock_facts {
    ($($(#[$doc:meta])* $name:ident, $name_at:ident: $field:ident;)*) => {
        $(
            $(#[$doc])*
            pub(crate) fn $name(item: &'static str, is: &'static str) -> Fact {
                $name_at("main", item, is)
            }

            /// The same at another site.
            #[allow(dead_code, reason = "every fact can be told of every site")]
            pub(crate) fn $name_at(site: &'static str, item: &'static str, is: &'static str) -> Fact {
                fact(move |outcome| {
                    let what = concat!(stringify!($field), " of");
                    assert_eq!(outcome.stock(site, item).$field.to_string(), is, "{what} {item} at {site}");
                })
            }
        )*
    };
}

stock_facts! {
    /// So much is on the shelf.
    on_hand, on_hand_at: on_hand;
    /// So much is allocated or held.
    committed, committed_at: committed;
    /// So much can be promised.
    available, available_at: available;
    /// So much is on order.
    incoming, incoming_at: incoming;
    /// So much is promised beyond what is there.
    backordered, backordered_at: backordered;
    /// What is on the shelf cost so much.
    value, value_at: value;
}

/// A line of an order is as this function says.
pub(crate) fn order_line(order: &'static str, line: usize, is: impl Fn(&OrderLine) -> bool + 'static) -> Fact {
    fact(move |outcome| {
        let line = &outcome.order(order).lines[line];
        assert!(is(line), "{line:?}");
    })
}

/// An order is as this function says.
pub(crate) fn order_is(order: &'static str, is: impl Fn(&Order) -> bool + 'static) -> Fact {
    fact(move |outcome| assert!(is(outcome.order(order)), "{:?}", outcome.order(order)))
}

/// Waiting orders got goods: order, line, how many.
pub(crate) fn filled<const N: usize>(parts: [(&'static str, u32, &'static str); N]) -> Fact {
    fact(move |outcome| {
        let filled = |(order, line, count)| Filled { order: id(order), line, quantity: quantity(count) };
        let expected = EventBody::BackordersFilled(parts.map(filled).to_vec());
        assert!(outcome.events.contains(&expected), "{expected:?} is not in {:?}", outcome.events);
    })
}

/// The alerts that were raised and resolved, in this order, all of them.
pub(crate) fn alerts<const N: usize>(expected: [(Turn, StockLevel, &'static str); N]) -> Fact {
    fact(move |outcome| {
        let told: Vec<_> = outcome.events.iter().filter_map(turn).collect();
        let expected = expected.map(|(turn, level, item)| (turn, level, id::<ItemId>(item)));
        assert_eq!(told, expected);
    })
}

/// What became of an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Raised,
    Resolved,
}

fn turn(event: &EventBody) -> Option<(Turn, StockLevel, ItemId)> {
    let told = |turn, alert: &Alert| Some((turn, alert.kind, alert.item));
    match event {
        EventBody::AlertRaised(alert) => told(Turn::Raised, alert),
        EventBody::AlertResolved(alert) => told(Turn::Resolved, alert),
        EventBody::Done(_) | EventBody::BackordersFilled(_) => None,
    }
}

/// Somebody heard of it: the first event of the command is its receipt.
pub(crate) fn told() -> Fact {
    fact(|outcome| {
        let Some(EventBody::Done(receipt)) = outcome.events.first() else { panic!("{:?}", outcome.events) };
        assert_eq!(&**receipt, outcome.receipt());
    })
}

/// The log says that its events happened at these times.
pub(crate) fn happened<const N: usize>(times: [&'static str; N]) -> Fact {
    fact(move |outcome| assert_eq!(outcome.happened, times.map(time), "{:?}", outcome.events))
}

/// A refusal for want of stock at `main`.
pub(crate) fn insufficient(item: &'static str, wanted: &str, available: &str) -> Fact {
    let (wanted, available) = (quantity(wanted), quantity(available));
    refused(Rejection::InsufficientStock { sku: item.parse().unwrap(), site: "main".into(), wanted, available })
}

/// A refusal of a field.
pub(crate) fn invalid(field: &str, problem: &str) -> Fact {
    refused(Rejection::InvalidField { field: field.into(), problem: problem.into() })
}
