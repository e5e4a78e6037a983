//! The words that the rules are told in: `check(given(..), command, expect(..))`.
//!
//! Everything is named by a short text. What a command makes has the name of the command, so `sell(..).named("till-1")`
//! makes the order `till-1`. Every story is in one shop that keeps its books in EUR and its days in UTC; it has the sites
//! `main` and `east`, the supplier `wholesale` and the customer `regular`, and it is 2026-03-02 09:00 until a command
//! says otherwise.

use futures_executor::block_on;
use ims_core::{
    AdjustmentReason, Alert, Amount, Answer, Command, CommandId, Contact, Context, CostingMethod, Direction, Error,
    Event, EventBody, Filled, HoldId, Ims, ItemId, MemoryStore, Moved, Offset, Order, OrderId, Quantity, Receipt,
    Rejection, Reply, Reports, StockLevel, Store, Timestamp, Tracking, Unit, audit,
    item::CreateItem,
    location::CreateLocation,
    order::{
        CancelOrder, LooseLine, OnShortage, OrderedLine, PlaceOrder, ReturnGoods, ReturnedGoods, ReturnedLine, Sell,
        ShipOrder, ShippedLine,
    },
    party::{CreateCustomer, CreateSupplier},
    purchase::{PlacePurchase, ReceivePurchase, ReceivedLine},
    report::{OrderQuery, PageRequest, StockLine, StockQuery},
    shop::OpenShop,
    stock::{
        AdjustStock, Adjusted, CostedGoods, Goods, PlaceHold, ReceiveStock, ReleaseHold, SendBackStock, TransferStock,
    },
};

/// The ids of commands without a name, above those of names.
const UNNAMED: u128 = 1 << 124;
const LAST: u128 = 1 << 64;

// Names.

/// The bits of an id: the bytes of its name.
fn bits(name: &str) -> u128 {
    assert!(name.len() <= 15, "{name} is too long for a name");
    name.bytes().fold(1, |bits, byte| bits << 8 | u128::from(byte))
}

/// An id of any kind by its name.
pub(crate) fn id<I: From<CommandId>>(name: &str) -> I {
    CommandId::from_u128(bits(name)).into()
}

pub(crate) fn quantity(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub(crate) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

/// A time of the day on which all begins, such as `10:30`, or of another day, such as `2026-03-05 10:30`.
pub(crate) fn time(text: &str) -> Timestamp {
    let (day, clock) = text.split_once(' ').unwrap_or(("2026-03-02", text));
    format!("{day}T{clock}:00Z").parse().unwrap()
}

// Commands.

/// A command, and when and under which name it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    command: Command,
    name: Option<&'static str>,
    at: Option<&'static str>,
    occurred_at: Option<&'static str>,
}

impl<C: Into<Command>> From<C> for Deed {
    fn from(command: C) -> Self {
        Deed { command: command.into(), name: None, at: None, occurred_at: None }
    }
}

impl Deed {
    /// Gives the command, and what it makes, a name.
    pub(crate) fn named(self, name: &'static str) -> Self {
        Deed { name: Some(name), ..self }
    }

    /// Says when the command is sent; what comes after it is sent then too.
    pub(crate) fn at(self, time: &'static str) -> Self {
        Deed { at: Some(time), ..self }
    }

    /// Says when it happened, where that was earlier.
    pub(crate) fn occurred(self, time: &'static str) -> Self {
        Deed { occurred_at: Some(time), ..self }
    }
}

/// Makes any request a deed.
pub(crate) fn deed(request: impl Into<Command>) -> Deed {
    request.into().into()
}

/// An item: pieces at 3.00, first in, first out.
pub(crate) fn item(name: &'static str) -> Deed {
    item_with(name, |_| {})
}

/// An item that differs from [`item`].
pub(crate) fn item_with(name: &'static str, change: impl FnOnce(&mut CreateItem)) -> Deed {
    let mut item = CreateItem { price: Some(amount("3")), ..CreateItem::new(name.parse().unwrap(), name) };
    change(&mut item);
    deed(item).named(name)
}

/// An item that is sold by weight, in grams.
pub(crate) fn item_by_weight(name: &'static str) -> Deed {
    item_with(name, |item| item.unit = Some(Unit::new("kg", 3).unwrap()))
}

/// An item whose cost is the average of what was paid.
pub(crate) fn average_item(name: &'static str) -> Deed {
    item_with(name, |item| item.costing = Some(CostingMethod::Average))
}

/// An item whose cost is set by hand.
pub(crate) fn standard_item(name: &'static str, cost: &str) -> Deed {
    item_with(name, |item| {
        item.costing = Some(CostingMethod::Standard);
        item.standard_cost = Some(amount(cost));
    })
}

/// An item that has no stock.
pub(crate) fn service(name: &'static str) -> Deed {
    item_with(name, |item| item.tracking = Some(Tracking::Service))
}

pub(crate) fn goods(item: &str, count: &str) -> Goods {
    Goods { item: id(item), quantity: quantity(count) }
}

pub(crate) fn costed(item: &str, count: &str, unit_cost: &str) -> CostedGoods {
    CostedGoods { item: id(item), quantity: quantity(count), unit_cost: amount(unit_cost) }
}

pub(crate) fn line(item: &str, count: &str) -> OrderedLine {
    OrderedLine::new(id(item), quantity(count))
}

pub(crate) fn priced(item: &str, count: &str, unit_price: &str) -> OrderedLine {
    OrderedLine::priced(id(item), quantity(count), amount(unit_price))
}

/// Takes in goods at `main`.
pub(crate) fn receive(item: &str, count: &str, unit_cost: &str) -> Deed {
    receive_at("main", [costed(item, count, unit_cost)])
}

pub(crate) fn receive_at<const N: usize>(site: &str, lines: [CostedGoods; N]) -> Deed {
    deed(ReceiveStock { site: id(site), supplier: None, lines: lines.to_vec() })
}

pub(crate) fn send_back(item: &str, count: &str) -> Deed {
    deed(SendBackStock { site: id("main"), supplier: None, lines: vec![goods(item, count)] })
}

pub(crate) fn find(item: &str, count: &str, unit_cost: Option<&str>) -> Deed {
    adjust(AdjustmentReason::Found, Direction::Up, item, count, unit_cost)
}

pub(crate) fn lose(item: &str, count: &str) -> Deed {
    adjust(AdjustmentReason::Lost, Direction::Down, item, count, None)
}

fn adjust(reason: AdjustmentReason, direction: Direction, item: &str, count: &str, unit_cost: Option<&str>) -> Deed {
    let line = Adjusted { item: id(item), quantity: quantity(count), unit_cost: unit_cost.map(amount) };
    deed(AdjustStock { site: id("main"), reason, direction, lines: vec![line], note: None })
}

/// Moves goods from `main` to `east`.
pub(crate) fn transfer(item: &str, count: &str) -> Deed {
    transfer_between("main", "east", item, count)
}

pub(crate) fn transfer_between(from: &str, to: &str, item: &str, count: &str) -> Deed {
    deed(TransferStock { from: id(from), to: id(to), lines: vec![goods(item, count)] })
}

/// Puts goods aside at `main`.
pub(crate) fn hold(item: &str, count: &str, until: &str) -> Deed {
    deed(PlaceHold { item: id(item), site: id("main"), quantity: quantity(count), until: time(until) })
}

pub(crate) fn release(hold: &str) -> Deed {
    deed(ReleaseHold { hold: id(hold) })
}

/// Sells over the counter at `main`.
pub(crate) fn sell<const N: usize>(lines: [OrderedLine; N]) -> Deed {
    deed(Sell::new(id("main"), lines.to_vec()))
}

/// Sells over the counter what is held.
pub(crate) fn sell_held<const N: usize>(lines: [OrderedLine; N], holds: &[&str]) -> Deed {
    let holds = holds.iter().map(|hold| id::<HoldId>(hold)).collect();
    deed(Sell { holds, ..Sell::new(id("main"), lines.to_vec()) })
}

/// Places an order at `main` that is refused where there is not enough.
pub(crate) fn order<const N: usize>(lines: [OrderedLine; N]) -> Deed {
    order_or(OnShortage::Refuse, lines)
}

/// Places an order at `main`.
pub(crate) fn order_or<const N: usize>(on_shortage: OnShortage, lines: [OrderedLine; N]) -> Deed {
    deed(PlaceOrder { on_shortage, ..PlaceOrder::new(id("main"), lines.to_vec()) })
}

/// Ships all of an order that is allocated.
pub(crate) fn ship(order: &str) -> Deed {
    deed(ShipOrder { order: id(order), lines: None })
}

/// Ships so many of a line of an order.
pub(crate) fn ship_part(order: &str, line: u32, count: &str) -> Deed {
    deed(ShipOrder { order: id(order), lines: Some(vec![ShippedLine { line, quantity: quantity(count) }]) })
}

pub(crate) fn cancel(order: &str) -> Deed {
    deed(CancelOrder { order: id(order) })
}

/// Takes back so many of the first line of an order, for what they were sold.
pub(crate) fn take_back(order: &str, count: &str) -> Deed {
    take_back_lines(order, None, [back(0, count)])
}

pub(crate) fn back(line: u32, count: &str) -> ReturnedLine {
    ReturnedLine { line, quantity: quantity(count), refund: None }
}

pub(crate) fn take_back_lines<const N: usize>(order: &str, shipment: Option<&str>, lines: [ReturnedLine; N]) -> Deed {
    let (order, shipment) = (id(order), shipment.map(id::<CommandId>));
    deed(ReturnGoods { goods: ReturnedGoods::OfOrder { order, shipment, site: None, lines: lines.to_vec() } })
}

/// Takes back goods that nobody knows the order of.
pub(crate) fn take_back_loose(item: &str, count: &str, unit_price: &str, unit_cost: Option<&str>) -> Deed {
    let (unit_price, unit_cost) = (amount(unit_price), unit_cost.map(amount));
    let line = LooseLine { item: id(item), quantity: quantity(count), unit_price, unit_cost };
    deed(ReturnGoods { goods: ReturnedGoods::Loose { site: id("main"), customer: None, lines: vec![line] } })
}

/// Orders goods for `main` from `wholesale`.
pub(crate) fn purchase<const N: usize>(lines: [CostedGoods; N]) -> Deed {
    let (supplier, site) = (id("wholesale"), id("main"));
    deed(PlacePurchase { supplier, site, expected: None, lines: lines.to_vec() })
}

/// Takes in all of a purchase order that is still to come.
pub(crate) fn arrive(purchase: &str) -> Deed {
    deed(ReceivePurchase { purchase: id(purchase), lines: None })
}

/// Takes in so many of the first line of a purchase order.
pub(crate) fn arrive_part(purchase: &str, count: &str) -> Deed {
    let line = ReceivedLine { line: 0, quantity: quantity(count), unit_cost: None };
    deed(ReceivePurchase { purchase: id(purchase), lines: Some(vec![line]) })
}

// A story.

/// What has happened before; all of it was done.
pub(crate) struct Given(Vec<Deed>);

/// The shop, and what has happened in it.
pub(crate) fn given<const N: usize>(deeds: [Deed; N]) -> Given {
    let site = |code: &'static str| deed(CreateLocation { code: code.into(), name: code.into() }).named(code);
    let contact = Contact::named("Somebody");
    let opening = [
        deed(OpenShop::new("Shop", "EUR".parse().unwrap())).named("shop"),
        site("main"),
        site("east"),
        deed(CreateSupplier { code: "W".into(), contact: contact.clone() }).named("wholesale"),
        deed(CreateCustomer { code: "R".into(), contact }).named("regular"),
    ];
    Given(opening.into_iter().chain(deeds).collect())
}

/// The same for a list of any length.
pub(crate) fn given_all(deeds: Vec<Deed>) -> Given {
    let Given(opening) = given([]);
    Given(opening.into_iter().chain(deeds).collect())
}

/// A store in which nothing has happened.
pub(crate) fn given_nothing() -> Given {
    Given(Vec::new())
}

/// What came of a command.
pub(crate) struct Outcome {
    answer: Answer,
    /// What the log says of it.
    events: Vec<EventBody>,
    stock: Vec<StockLine>,
    orders: Vec<Order>,
}

/// Something that is so after a command.
pub(crate) type Fact = Box<dyn Fn(&Outcome)>;

pub(crate) struct Expect(Vec<Fact>);

pub(crate) fn expect<const N: usize>(facts: [Fact; N]) -> Expect {
    Expect(facts.into_iter().collect())
}

/// Gives a command to the shop and checks what comes of it: the facts that are expected, and that all adds up.
pub(crate) fn check(given: Given, command: impl Into<Deed>, expect: Expect) {
    let outcome = run(given.0, command.into());
    expect.0.iter().for_each(|fact| fact(&outcome));
}

fn run(given: Vec<Deed>, last: Deed) -> Outcome {
    let store = MemoryStore::new();
    let (ims, worker) = Ims::new(store.clone());
    let mut now = time("09:00");
    let story = async move {
        for (number, deed) in (0_u128..).zip(given) {
            let said = send(&ims, number, &deed, &mut now).await;
            assert!(matches!(said, Answer::Done(_)), "{deed:?} was answered {said:?}");
        }
        let newest = newest(ims.store()).await;
        let answer = send(&ims, LAST, &last, &mut now).await;
        look(&ims, newest, answer, now).await
    };
    block_on(futures_util::future::join(worker, story)).1
}

async fn send(ims: &Ims<MemoryStore>, number: u128, deed: &Deed, now: &mut Timestamp) -> Answer {
    if let Some(at) = deed.at {
        *now = time(at);
    }
    let id = deed.name.map_or(CommandId::from_u128(UNNAMED + number), id);
    let ctx = Context { occurred_at: deed.occurred_at.map(time), ..Context::new(id, "somebody", *now) };
    said(ims.execute(ctx, deed.command.clone()).await)
}

fn said(reply: Reply) -> Answer {
    match reply {
        Ok(receipt) => Answer::Done(receipt),
        Err(Error::Rejected(rejection)) => Answer::Refused(*rejection),
        Err(error) => panic!("no answer: {error}"),
    }
}

async fn newest(store: &MemoryStore) -> Offset {
    store.events(Offset::START, 0).await.unwrap().newest
}

async fn look(ims: &Ims<MemoryStore>, before: Offset, answer: Answer, now: Timestamp) -> Outcome {
    let (store, page) = (ims.store(), PageRequest::default());
    let events = store.events(before, 1_000).await.unwrap().events;
    let query = StockQuery { item: None, site: None, now };
    let verdict = audit::verify(store).await.unwrap();
    assert!(verdict.ok, "{:#?}", verdict.broken);
    Outcome {
        answer,
        events: events.into_iter().map(|Event { record, .. }| record.body).collect(),
        stock: store.stock(&query, &page).await.unwrap().rows,
        orders: store.orders(&OrderQuery::default(), &page).await.unwrap().rows,
    }
}

// Facts.

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
pub(crate) fn order_line(
    order: &'static str,
    line: usize,
    is: impl Fn(&ims_core::OrderLine) -> bool + 'static,
) -> Fact {
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

/// A refusal for want of stock at `main`.
pub(crate) fn insufficient(item: &'static str, wanted: &str, available: &str) -> Fact {
    let (wanted, available) = (quantity(wanted), quantity(available));
    refused(Rejection::InsufficientStock { sku: item.parse().unwrap(), site: "main".into(), wanted, available })
}

/// A refusal of a field.
pub(crate) fn invalid(field: &str, problem: &str) -> Fact {
    refused(Rejection::InvalidField { field: field.into(), problem: problem.into() })
}
