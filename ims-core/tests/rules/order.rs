//! Sales orders: placed, shipped, cancelled.

use crate::words::*;
use futures_executor::block_on;
use ims_core::{
    ChangeSet, CommandId, Context, Ims, MemoryStore, Order, OrderId, OrderStatus, Outcome, ReadSet, Receipt, Rejection,
    Series, Sku, Store as _, Tracking, Write,
    item::CreateItem,
    location::CreateLocation,
    money::Fraction,
    order::{Discount, OnShortage, OrderedLine, Sell, ShipOrder},
    shop::OpenShop,
};

fn sku(text: &str) -> Sku {
    text.parse().unwrap()
}

/// An item of which some may be promised that are not there yet.
fn on_backorder(name: &'static str, limit: &str) -> Deed {
    let limit = quantity(limit);
    item_with(name, |item| item.backorder_limit = limit)
}

fn backorder<const N: usize>(lines: [OrderedLine; N]) -> Deed {
    order_or(OnShortage::Backorder, lines)
}

fn status(order: &'static str, status: OrderStatus) -> Fact {
    order_is(order, move |order| order.status == status)
}

#[test]
fn what_is_ordered_is_allocated() {
    let shop = given([item("tea"), receive("tea", "5", "1")]);
    let facts = [told(), on_hand("tea", "5"), committed("tea", "3"), available("tea", "2")];
    check(shop, order([line("tea", "3")]), expect(facts));
}

#[test]
fn an_order_is_all_or_nothing() {
    let shop = given([item("tea"), receive("tea", "5", "1"), item("cup"), receive("cup", "1", "1")]);
    let facts = [insufficient("cup", "2", "1"), committed("tea", "0")];
    check(shop, order([line("tea", "3"), line("cup", "2")]), expect(facts));
}

#[test]
fn demand_is_checked_cumulatively_over_lines() {
    let shop = || given([item("tea"), receive("tea", "5", "1")]);
    check(shop(), order([line("tea", "6")]), expect([insufficient("tea", "6", "5")]));
    check(shop(), order([line("tea", "3"), line("tea", "3")]), expect([insufficient("tea", "6", "5")]));
    check(
        shop(),
        order([line("tea", "4"), line("tea", "1"), line("tea", "1")]),
        expect([insufficient("tea", "6", "5")]),
    );
    check(shop(), order([line("tea", "3"), line("tea", "2")]), expect([available("tea", "0")]));
}

#[test]
fn a_backorder_is_refused_alike_however_it_is_split() {
    let shop = || given([on_backorder("tea", "2"), receive("tea", "5", "1")]);
    let refusal = || {
        let (site, wanted, available, limit) = ("main".into(), quantity("9"), quantity("5"), quantity("2"));
        refused(Rejection::BackorderLimit { sku: sku("tea"), site, wanted, available, limit })
    };
    check(shop(), backorder([line("tea", "9")]), expect([refusal()]));
    check(shop(), backorder([line("tea", "6"), line("tea", "3")]), expect([refusal()]));
}

#[test]
fn what_is_missing_can_be_cancelled_at_once() {
    let shop = given([item("tea"), receive("tea", "5", "1")]);
    let partial = order_or(OnShortage::Cancel, [line("tea", "4"), line("tea", "4")]).named("order");
    let second = order_line("order", 1, |line| {
        (line.allocated, line.cancelled, line.backordered) == (quantity("1"), quantity("3"), quantity("0"))
    });
    check(shop, partial, expect([second, available("tea", "0"), status("order", OrderStatus::Placed)]));
}

#[test]
fn an_order_of_which_there_is_nothing_is_cancelled() {
    let shop = given([item("tea"), receive("tea", "1", "1"), sell([line("tea", "1")])]);
    let partial = order_or(OnShortage::Cancel, [line("tea", "4")]).named("order");
    check(shop, partial, expect([status("order", OrderStatus::Cancelled)]));
}

#[test]
fn what_is_missing_can_wait_within_the_limit() {
    let shop = || given([on_backorder("tea", "2"), receive("tea", "5", "1")]);
    check(shop(), backorder([line("tea", "7")]), expect([committed("tea", "5"), backordered("tea", "2")]));
    let never_there = given([on_backorder("tea", "2")]);
    check(never_there, backorder([line("tea", "2")]), expect([on_hand("tea", "0"), backordered("tea", "2")]));
}

#[test]
fn the_limit_is_for_all_orders_together() {
    let shop = given([on_backorder("tea", "2"), backorder([line("tea", "2")])]);
    let (site, wanted, available, limit) = ("main".into(), quantity("1"), quantity("0"), quantity("2"));
    let refusal = Rejection::BackorderLimit { sku: sku("tea"), site, wanted, available, limit };
    check(shop, backorder([line("tea", "1")]), expect([refused(refusal)]));
}

#[test]
fn backorders_are_filled_oldest_first() {
    let shop = || {
        given([
            on_backorder("tea", "9"),
            backorder([line("tea", "3")]).named("first"),
            backorder([line("tea", "2"), line("tea", "1")]).named("second").at("09:10"),
            backorder([line("tea", "3")]).named("third").at("09:20"),
        ])
    };
    let facts = [filled([("first", 0, "3"), ("second", 0, "1")]), backordered("tea", "5"), available("tea", "0")];
    check(shop(), receive("tea", "4", "1"), expect(facts));
    let facts = [
        filled([("first", 0, "3"), ("second", 0, "2"), ("second", 1, "1"), ("third", 0, "3")]),
        backordered("tea", "0"),
        available("tea", "11"),
    ];
    check(shop(), receive("tea", "20", "1"), expect(facts));
}

#[test]
fn an_order_that_was_placed_earlier_comes_first_though_it_was_entered_later() {
    let shop = given([
        on_backorder("tea", "9"),
        backorder([line("tea", "1")]).named("entered-first").at("10:00"),
        backorder([line("tea", "1")]).named("placed-first").occurred("09:30"),
    ]);
    check(shop, receive("tea", "1", "1"), expect([filled([("placed-first", 0, "1")])]));
}

#[test]
fn whatever_becomes_available_goes_to_those_who_wait() {
    let shop = || {
        given([
            on_backorder("tea", "9"),
            receive("tea", "2", "1"),
            order([line("tea", "1")]).named("first"),
            hold("tea", "1", "10:00").named("basket"),
            backorder([line("tea", "1")]).named("waits"),
        ])
    };
    check(shop(), cancel("first"), expect([filled([("waits", 0, "1")]), available("tea", "0")]));
    check(shop(), release("basket"), expect([filled([("waits", 0, "1")]), available("tea", "0")]));
    check(shop(), find("tea", "1", None), expect([filled([("waits", 0, "1")]), available("tea", "0")]));
}

#[test]
fn what_is_allocated_can_leave() {
    let shop = || given([item("tea"), receive("tea", "5", "1"), order([line("tea", "3")]).named("order")]);
    let facts = [told(), cost("3"), on_hand("tea", "2"), committed("tea", "0"), status("order", OrderStatus::Shipped)];
    check(shop(), ship("order"), expect(facts));
    let facts = [cost("1"), committed("tea", "2"), status("order", OrderStatus::PartlyShipped)];
    check(shop(), ship_part("order", 0, "1"), expect(facts));
}

#[test]
fn no_more_leaves_than_is_allocated() {
    let shop =
        || given([on_backorder("tea", "9"), receive("tea", "2", "1"), backorder([line("tea", "3")]).named("order")]);
    let refusal = Rejection::ShipsTooMuch { line: 0, wanted: quantity("3"), allocated: quantity("2") };
    check(shop(), ship_part("order", 0, "3"), expect([refused(refusal)]));
    check(shop(), ship("order"), expect([on_hand("tea", "0"), status("order", OrderStatus::PartlyShipped)]));
    check(shop(), ship_part("order", 1, "1"), expect([refused(Rejection::UnknownLine { line: 1 })]));
    let nothing = ShipOrder { order: id("order"), lines: Some(Vec::new()) };
    check(shop(), deed(nothing), expect([refused(Rejection::NoLines)]));
}

#[test]
fn the_same_line_twice_is_checked_cumulatively() {
    let shop = given([item("tea"), receive("tea", "5", "1"), order([line("tea", "3")]).named("order")]);
    let part = |count| ims_core::order::ShippedLine { line: 0, quantity: quantity(count) };
    let command = ShipOrder { order: id("order"), lines: Some(vec![part("2"), part("2")]) };
    let refusal = Rejection::ShipsTooMuch { line: 0, wanted: quantity("2"), allocated: quantity("1") };
    check(shop, deed(command), expect([refused(refusal)]));
}

#[test]
fn what_is_cancelled_is_available_again() {
    let shop = || given([item("tea"), receive("tea", "5", "1"), order([line("tea", "3")]).named("order")]);
    check(shop(), cancel("order"), expect([told(), available("tea", "5"), status("order", OrderStatus::Cancelled)]));
    let part = given([
        item("tea"),
        receive("tea", "5", "1"),
        order([line("tea", "3")]).named("order"),
        ship_part("order", 0, "1"),
    ]);
    check(part, cancel("order"), expect([available("tea", "4"), status("order", OrderStatus::Shipped)]));
}

#[test]
fn an_order_that_has_ended_stays_as_it_is() {
    let shipped = || given([item("tea"), receive("tea", "5", "1"), sell([line("tea", "3")]).named("sale")]);
    let refusal = || refused(Rejection::OrderEnded { status: OrderStatus::Shipped });
    check(shipped(), ship("sale"), expect([refusal()]));
    check(shipped(), cancel("sale"), expect([refusal()]));
    let cancelled =
        given([item("tea"), receive("tea", "5", "1"), order([line("tea", "3")]).named("order"), cancel("order")]);
    check(cancelled, ship("order"), expect([refused(Rejection::OrderEnded { status: OrderStatus::Cancelled })]));
}

#[test]
fn an_unknown_order_is_named() {
    let order: OrderId = id("nothing");
    check(given([]), ship("nothing"), expect([refused(Rejection::UnknownOrder { order })]));
    check(given([]), cancel("nothing"), expect([refused(Rejection::UnknownOrder { order })]));
}

#[test]
fn a_price_is_stated_or_that_of_the_item() {
    let unpriced = |item: &mut CreateItem| item.price = None;
    let shop = || given([item_with("tea", unpriced), receive("tea", "5", "1")]);
    check(shop(), sell([line("tea", "1")]), expect([refused(Rejection::PriceUnknown { sku: sku("tea") })]));
    let total = |is: &'static str| order_is("sale", move |order: &Order| order.total == amount(is));
    check(shop(), sell([priced("tea", "2", "1.25")]).named("sale"), expect([total("2.5")]));
    let at_its_price = given([item("tea"), receive("tea", "5", "1")]);
    check(at_its_price, sell([line("tea", "2")]).named("sale"), expect([total("6")]));
}

#[test]
fn only_a_service_has_a_price_below_zero() {
    let shop = given([item("tea"), receive("tea", "5", "1")]);
    let refusal = Rejection::PriceNegative { sku: sku("tea"), price: amount("-1") };
    check(shop, sell([priced("tea", "1", "-1")]), expect([refused(refusal)]));
    let credit = given([service("voucher")]);
    let total = order_is("sale", |order| order.total == amount("-5"));
    check(credit, sell([priced("voucher", "1", "-5")]).named("sale"), expect([total]));
}

#[test]
fn a_line_is_rounded_once_to_the_coin() {
    let shop = given([item_by_weight("rice"), receive("rice", "9", "1")]);
    // 0.333 × 2.995 is 0.997335.
    let total = order_line("sale", 0, |line| line.total == amount("1"));
    check(shop, sell([priced("rice", "0.333", "2.995")]).named("sale"), expect([total]));
}

#[test]
fn a_discount_is_a_fraction_or_an_amount_of_the_line() {
    let shop = || given([item("tea"), receive("tea", "9", "1")]);
    let with = |discount| sell([OrderedLine { discount: Some(discount), ..priced("tea", "3", "9.99") }]).named("sale");
    let total = |is: &'static str| order_line("sale", 0, move |line| line.total == amount(is));
    let fraction = |text: &str| Discount::Fraction(text.parse::<Fraction>().unwrap());
    // 15 % of 29.97 is 4.4955.
    check(shop(), with(fraction("0.15")), expect([total("25.47")]));
    check(shop(), with(fraction("1")), expect([total("0")]));
    check(shop(), with(Discount::Amount(amount("9.97"))), expect([total("20")]));
    let (discount, whole) = (amount("29.98"), amount("29.97"));
    let refusal = Rejection::DiscountTooLarge { discount, amount: whole };
    check(shop(), with(Discount::Amount(discount)), expect([refused(refusal)]));
    let refusal = Rejection::AmountNegative { field: "discount".into(), amount: amount("-0.01") };
    check(shop(), with(Discount::Amount(amount("-0.01"))), expect([refused(refusal)]));
}

#[test]
fn the_parts_of_a_line_earn_its_total() {
    // 10.00 for three: 3.333333, then 3.333334, then what is left.
    let third = OrderedLine { discount: Some(Discount::Amount(amount("2"))), ..priced("tea", "3", "4") };
    let shop = || [item("tea"), receive("tea", "3", "1"), order([third]).named("order")];
    let revenue = |is: &'static str| order_line("order", 0, move |line| line.revenue == amount(is));
    let part = || ship_part("order", 0, "1");
    let [tea, received, ordered] = shop();
    check(given([tea, received, ordered]), part(), expect([revenue("3.33")]));
    let [tea, received, ordered] = shop();
    check(given([tea, received, ordered, part()]), part(), expect([revenue("6.67")]));
    let [tea, received, ordered] = shop();
    check(given([tea, received, ordered, part(), part()]), part(), expect([revenue("10")]));
}

#[test]
fn orders_are_numbered_without_a_gap() {
    let refused_order = order([line("tea", "6")]);
    let shop = || given([item("tea"), receive("tea", "5", "1"), order([line("tea", "1")])]);
    check(shop(), refused_order, expect([insufficient("tea", "6", "4")]));
    let second = order_is("second", |order| order.number == 2 && &*order.series == "MAIN");
    check(shop(), order([line("tea", "1")]).named("second"), expect([second]));
}

#[test]
fn a_till_may_have_a_series_of_its_own() {
    let sale = |series: &str| ims_core::order::Sell {
        series: Some(series.into()),
        ..ims_core::order::Sell::new(id("main"), vec![line("tea", "1")])
    };
    let shop = || given([item("tea"), receive("tea", "5", "1"), sell([line("tea", "1")])]);
    let first = order_is("sale", |order| order.number == 1 && &*order.series == "TILL-2");
    check(shop(), deed(sale("till-2")).named("sale"), expect([first]));
    check(shop(), deed(sale("")), expect([invalid("series", "must not be empty")]));
}

#[test]
fn codes_that_fold_alike_are_one_series() {
    let sale = |series: &str| ims_core::order::Sell {
        series: Some(series.into()),
        ..ims_core::order::Sell::new(id("main"), vec![line("tea", "1")])
    };
    let shop = || given([item("tea"), receive("tea", "5", "1"), deed(sale("Café")), sell([line("tea", "1")])]);
    let next = |series: &'static str| move |order: &Order| order.number == 2 && &*order.series == series;
    check(shop(), deed(sale("CAFE\u{301}")).named("sale"), expect([order_is("sale", next("CAFÉ"))]));
    check(shop(), deed(sale("Main")).named("sale"), expect([order_is("sale", next("MAIN"))]));
    let problem = "must not begin with P-: such series number purchase orders";
    check(shop(), deed(sale("p-main")), expect([invalid("series", problem)]));
}

#[test]
fn a_series_of_an_older_shop_goes_on_as_it_is_called() {
    let store = MemoryStore::new();
    let (ims, worker) = Ims::new(store.clone());
    let story = async move {
        let shop = OpenShop::new("Shop", "EUR".parse().unwrap());
        let context = |number: u128| Context::new(CommandId::from_u128(number), "somebody", time("09:00"));
        ims.execute(context(1), shop).await.unwrap();
        ims.execute(context(2), CreateLocation { code: "Web".into(), name: "Web".into() }).await.unwrap();
        ims.execute(context(3), CreateItem { tracking: Some(Tracking::Service), ..CreateItem::new(sku("FEE"), "Fee") })
            .await
            .unwrap();
        let before = Write { over: 0, row: Series { code: "Web".into(), last: 57 } };
        let catalog = store.load(&ReadSet::default()).await.unwrap().catalog;
        let change = ChangeSet { catalog, series: vec![before], ..ChangeSet::default() };
        assert!(matches!(store.commit(change).await, Ok(Outcome::Done { .. })));
        let mut told = Vec::new();
        for (number, series) in (4..).zip([None, Some("Web"), Some("web"), Some("WEB")]) {
            let fee = OrderedLine::priced(CommandId::from_u128(3).into(), quantity("1"), amount("1"));
            let sale = Sell { series: series.map(Into::into), ..Sell::new(CommandId::from_u128(2).into(), vec![fee]) };
            let receipt = ims.execute(context(number), sale).await.unwrap();
            let Receipt::Sold { order, .. } = &*receipt else { panic!("{receipt:?}") };
            told.push((order.series.to_string(), order.number));
        }
        told
    };
    let (_, told) = block_on(futures_util::future::join(worker, story));
    let expected = [("Web", 58), ("Web", 59), ("WEB", 1), ("WEB", 2)];
    assert_eq!(told, expected.map(|(series, number)| (series.to_owned(), number)));
}
