//! What people may do in a shop, as data that shrinks well: whatever was made earlier is named by counting back.

use proptest::{collection::vec, option, prelude::*, sample::select};

/// Something that is done, some time after what was done before.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) wait_s: i64,
    /// How long before now it is said to have happened.
    pub(crate) late_s: Option<i64>,
    pub(crate) deed: Deed,
}

/// One of the things of a kind: of sites and items the n-th, of what was made the n-th before the last.
pub(crate) type Nth = usize;

/// Names something that was never made.
pub(crate) const NOT_MADE: Nth = 40;

/// A line of any document: fields that a document has no use for are left aside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// The n-th item, or the n-th line of an earlier document.
    pub(crate) nth: Nth,
    /// In thousandths. What is counted in pieces is rounded up to whole ones, unless there is less than a tenth of one.
    pub(crate) quantity: i64,
    /// A price, a cost or a refund, in ten-thousandths.
    pub(crate) money: Option<i64>,
    pub(crate) off: Off,
}

/// What is taken off a line.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Off {
    Nothing,
    /// In hundredths of the line.
    Percent(i64),
    /// In ten-thousandths.
    Amount(i64),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Shortage {
    Refuse,
    Backorder,
    Cancel,
}

#[derive(Clone, Debug)]
pub(crate) enum Deed {
    Receive {
        site: Nth,
        lines: Vec<Line>,
    },
    /// Many equal lines, and with them many cost layers.
    ReceiveBitByBit {
        site: Nth,
        line: Line,
        times: usize,
    },
    /// More than can be counted.
    ReceiveTooMuch {
        site: Nth,
        nth: Nth,
    },
    SendBack {
        site: Nth,
        lines: Vec<Line>,
    },
    Find {
        site: Nth,
        lines: Vec<Line>,
    },
    Lose {
        site: Nth,
        lines: Vec<Line>,
    },
    Transfer {
        from: Nth,
        to: Nth,
        lines: Vec<Line>,
    },
    Hold {
        site: Nth,
        line: Line,
        for_s: i64,
    },
    ExtendHold {
        hold: Nth,
        for_s: i64,
    },
    ReleaseHold {
        hold: Nth,
    },
    SetStandardCost {
        nth: Nth,
        unit_cost: i64,
    },
    PlacePurchase {
        site: Nth,
        lines: Vec<Line>,
    },
    ReceivePurchase {
        purchase: Nth,
        lines: Option<Vec<Line>>,
    },
    ClosePurchase {
        purchase: Nth,
    },
    CancelPurchase {
        purchase: Nth,
    },
    PlaceOrder {
        site: Nth,
        lines: Vec<Line>,
        shortage: Shortage,
        holds: Vec<Nth>,
    },
    /// More than can be counted, at a price that cannot be either.
    OrderTooMuch {
        site: Nth,
        nth: Nth,
    },
    Sell {
        site: Nth,
        lines: Vec<Line>,
        holds: Vec<Nth>,
    },
    Ship {
        order: Nth,
        lines: Option<Vec<Line>>,
    },
    CancelOrder {
        order: Nth,
    },
    Return {
        order: Nth,
        shipment: Option<Nth>,
        site: Option<Nth>,
        lines: Vec<Line>,
    },
    ReturnLoose {
        site: Nth,
        lines: Vec<Line>,
    },
    RetireItem {
        nth: Nth,
    },
    /// Puts an item back into trade, with another backorder limit.
    ReviveItem {
        nth: Nth,
        backorder_limit: i64,
    },
    RetireSite {
        site: Nth,
    },
    ReviveSite {
        site: Nth,
    },
    ClosePeriod {
        days_ago: i32,
    },
    /// The same command again.
    Again {
        nth: Nth,
    },
    /// Another command with the same id.
    Otherwise {
        nth: Nth,
    },
}

/// A day of trade.
pub(crate) fn days(steps: usize) -> impl Strategy<Value = Vec<Step>> {
    vec(step(), 1..=steps)
}

fn step() -> impl Strategy<Value = Step> {
    let wait_s = prop_oneof![6 => 0..600_i64, 1 => 0..100_000_i64];
    let late_s = prop_oneof![
        40 => Just(None),
        12 => (0..20_000_i64).prop_map(Some),
        2 => (0..300_000_i64).prop_map(Some),
        1 => Just(Some(-1)),
    ];
    (wait_s, late_s, deed()).prop_map(|(wait_s, late_s, deed)| Step { wait_s, late_s, deed })
}

/// Most trade is at the first site.
fn site() -> impl Strategy<Value = Nth> {
    prop_oneof![40 => Just(0), 12 => Just(1), 4 => Just(2), 1 => Just(3), 1 => Just(4)]
}

/// Most that is moved goes to another site than where most is.
fn other_site() -> impl Strategy<Value = Nth> {
    prop_oneof![12 => Just(1), 6 => Just(2), 3 => Just(0), 1 => site()]
}

/// Most trade is in the first items.
fn item() -> impl Strategy<Value = Nth> {
    prop_oneof![30 => 0..3_usize, 12 => 3..5_usize, 6 => Just(6), 3 => Just(5), 1 => Just(7)]
}

/// Most that is done to something is done to what was made last.
fn earlier() -> impl Strategy<Value = Nth> {
    prop_oneof![12 => Just(0), 12 => 0..4_usize, 4 => 0..NOT_MADE, 1 => Just(NOT_MADE)]
}

fn quantity(most: i64) -> impl Strategy<Value = i64> {
    prop_oneof![
        36 => (1..=most).prop_map(|whole| whole * 1000),
        16 => 1..most * 1000,
        1 => Just(0),
        1 => -2_000..0_i64,
    ]
}

fn money() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![20 => Just(None), 20 => (0..200_000_i64).prop_map(Some), 2 => Just(Some(0)), 1 => Just(Some(-12_345))]
}

fn off() -> impl Strategy<Value = Off> {
    prop_oneof![
        9 => Just(Off::Nothing),
        3 => (0..=100_i64).prop_map(Off::Percent),
        1 => (-100..60_000_i64).prop_map(Off::Amount),
    ]
}

fn line(nth: impl Strategy<Value = Nth>, most: i64) -> impl Strategy<Value = Line> {
    (nth, quantity(most), money(), off()).prop_map(|(nth, quantity, money, off)| Line { nth, quantity, money, off })
}

/// Lines of items.
fn goods() -> impl Strategy<Value = Vec<Line>> {
    prop_oneof![30 => vec(line(item(), 9), 1..=3), 2 => vec(line(item(), 5), 4..=6), 1 => Just(Vec::new())]
}

/// Lines of an earlier document.
fn parts() -> impl Strategy<Value = Vec<Line>> {
    let nth = prop_oneof![12 => Just(0), 4 => Just(1), 2 => Just(2), 1 => Just(9)];
    prop_oneof![20 => vec(line(nth, 4), 1..=3), 1 => Just(Vec::new())]
}

pub(crate) fn shortage() -> impl Strategy<Value = Shortage> {
    select(vec![Shortage::Refuse, Shortage::Backorder, Shortage::Cancel])
}

fn for_s() -> impl Strategy<Value = i64> {
    prop_oneof![8 => 1..3_000_i64, 1 => -10..=0_i64]
}

fn holds() -> impl Strategy<Value = Vec<Nth>> {
    prop_oneof![3 => Just(Vec::new()), 1 => vec(0..4_usize, 1..=2)]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        18 => goods_come().boxed(),
        12 => goods_go().boxed(),
        10 => holds_change().boxed(),
        10 => purchases_change().boxed(),
        36 => orders_change().boxed(),
        6 => the_catalog_changes().boxed(),
        4 => earlier().prop_map(|nth| Deed::Again { nth }),
        1 => earlier().prop_map(|nth| Deed::Otherwise { nth }),
    ]
}

fn goods_come() -> impl Strategy<Value = Deed> {
    prop_oneof![
        24 => (site(), goods()).prop_map(|(site, lines)| Deed::Receive { site, lines }),
        6 => (site(), line(item(), 9), 2..40_usize)
            .prop_map(|(site, line, times)| Deed::ReceiveBitByBit { site, line, times }),
        1 => (site(), item()).prop_map(|(site, nth)| Deed::ReceiveTooMuch { site, nth }),
        9 => (site(), goods()).prop_map(|(site, lines)| Deed::Find { site, lines }),
        6 => (site(), goods()).prop_map(|(site, lines)| Deed::ReturnLoose { site, lines }),
    ]
}

fn goods_go() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (site(), goods()).prop_map(|(site, lines)| Deed::SendBack { site, lines }),
        3 => (site(), goods()).prop_map(|(site, lines)| Deed::Lose { site, lines }),
        5 => (site(), other_site(), goods()).prop_map(|(from, to, lines)| Deed::Transfer { from, to, lines }),
        2 => (select(vec![2, 2, 4, 4, 0]), 0..100_000_i64).prop_map(|(nth, unit_cost)| Deed::SetStandardCost { nth, unit_cost }),
    ]
}

fn holds_change() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (site(), line(item(), 9), for_s()).prop_map(|(site, line, for_s)| Deed::Hold { site, line, for_s }),
        1 => (earlier(), for_s()).prop_map(|(hold, for_s)| Deed::ExtendHold { hold, for_s }),
        1 => earlier().prop_map(|hold| Deed::ReleaseHold { hold }),
    ]
}

fn purchases_change() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (site(), goods()).prop_map(|(site, lines)| Deed::PlacePurchase { site, lines }),
        4 => (earlier(), option::of(parts()))
            .prop_map(|(purchase, lines)| Deed::ReceivePurchase { purchase, lines }),
        1 => earlier().prop_map(|purchase| Deed::ClosePurchase { purchase }),
        1 => earlier().prop_map(|purchase| Deed::CancelPurchase { purchase }),
    ]
}

fn orders_change() -> impl Strategy<Value = Deed> {
    prop_oneof![
        28 => (site(), goods(), shortage(), holds())
            .prop_map(|(site, lines, shortage, holds)| Deed::PlaceOrder { site, lines, shortage, holds }),
        1 => (site(), item()).prop_map(|(site, nth)| Deed::OrderTooMuch { site, nth }),
        16 => (site(), goods(), holds()).prop_map(|(site, lines, holds)| Deed::Sell { site, lines, holds }),
        18 => (earlier(), option::of(parts())).prop_map(|(order, lines)| Deed::Ship { order, lines }),
        3 => earlier().prop_map(|order| Deed::CancelOrder { order }),
        14 => (earlier(), option::of(0..3_usize), option::of(site()), parts())
            .prop_map(|(order, shipment, site, lines)| Deed::Return { order, shipment, site, lines }),
    ]
}

fn the_catalog_changes() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => item().prop_map(|nth| Deed::RetireItem { nth }),
        3 => (item(), -1..8_000_i64).prop_map(|(nth, backorder_limit)| Deed::ReviveItem { nth, backorder_limit }),
        1 => other_site().prop_map(|site| Deed::RetireSite { site }),
        2 => other_site().prop_map(|site| Deed::ReviveSite { site }),
        1 => (-1..5_i32).prop_map(|days_ago| Deed::ClosePeriod { days_ago }),
    ]
}
