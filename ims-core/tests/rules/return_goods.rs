//! Goods that come back.

use crate::words::*;
use ims_core::{
    CommandId, Receipt, Rejection, Sku, StockLevel,
    order::{Discount, LooseLine, OrderedLine, ReturnGoods, ReturnedGoods, ReturnedLine},
};

fn sku(text: &str) -> Sku {
    text.parse().unwrap()
}

/// Two at 1.00 and two at 2.00, three of them sold at 5.00 each.
fn sold_from_two_layers() -> [Deed; 4] {
    [
        item("tea"),
        receive("tea", "2", "1"),
        receive("tea", "2", "2").at("10:00"),
        sell([priced("tea", "3", "5")]).named("sale").at("11:00"),
    ]
}

/// Refunds so much for so many of the first line.
fn refunding(order: &str, count: &str, refund: &str) -> Deed {
    take_back_lines(order, None, [ReturnedLine { refund: Some(amount(refund)), ..back(0, count) }])
}

/// The same, and says why.
fn for_a_reason(order: &str, count: &str, refund: &str) -> Deed {
    let lines = vec![ReturnedLine { refund: Some(amount(refund)), ..back(0, count) }];
    let goods = ReturnedGoods::OfOrder { order: id(order), shipment: None, site: None, lines };
    deed(ReturnGoods { refund_reason: Some("As a favour".into()), ..ReturnGoods::new(goods) })
}

fn too_large(item: &str, wanted: &str, refundable: &str) -> Fact {
    let (wanted, refundable) = (amount(wanted), amount(refundable));
    refused(Rejection::RefundTooLarge { sku: sku(item), wanted, refundable })
}

#[test]
fn a_return_restores_what_its_issue_took() {
    let facts = [told(), cost("4"), on_hand("tea", "4"), value("tea", "6")];
    check(given(sold_from_two_layers()), take_back("sale", "3").at("12:00"), expect(facts));
}

#[test]
fn what_comes_back_keeps_its_age() {
    let parts = [("2", "2", "09:00"), ("1", "2", "10:00")];
    check(given(sold_from_two_layers()), take_back("sale", "3").at("12:00"), expect([moved(parts)]));
    // The oldest are sold first again.
    let [tea, first, second, sale] = sold_from_two_layers();
    let back = given([tea, first, second, sale, take_back("sale", "3").at("12:00")]);
    check(back, sell([line("tea", "2")]), expect([moved([("2", "2", "09:00")])]));
}

#[test]
fn what_comes_back_is_first_in_line_again_among_goods_of_one_moment() {
    let deeds = [
        item("tea"),
        receive("tea", "2", "1").at("09:00"),
        receive("tea", "2", "2").at("09:00"),
        sell([line("tea", "1")]).named("sale").at("11:00"),
        take_back("sale", "1").at("12:00"),
    ];
    check(given(deeds.clone()), sell([line("tea", "2")]), expect([moved([("2", "2", "09:00")])]));
    // Also where the layer had been used up.
    let [tea, first, second, _, _] = deeds;
    let all = sell([line("tea", "3")]).named("sale").at("11:00");
    let shop = given([tea, first, second, all, take_back("sale", "3").at("12:00")]);
    check(shop, sell([line("tea", "3")]), expect([moved([("2", "2", "09:00"), ("1", "2", "09:00")])]));
}

#[test]
fn a_part_comes_back_in_proportion() {
    let parts = [("1", "1", "09:00"), ("1", "2", "10:00")];
    check(given(sold_from_two_layers()), take_back("sale", "2").at("12:00"), expect([moved(parts)]));
}

#[test]
fn the_last_part_takes_the_residue() {
    // Three that cost 10.00 together.
    let shop = [
        average_item("tea"),
        receive("tea", "1", "3"),
        receive("tea", "2", "3.5"),
        sell([line("tea", "3")]).named("sale"),
    ];
    let part = || take_back("sale", "1");
    let [tea, first, second, sale] = shop.clone();
    check(given([tea, first, second, sale]), part(), expect([cost("3.333333")]));
    let [tea, first, second, sale] = shop.clone();
    check(given([tea, first, second, sale, part()]), part(), expect([cost("3.333334")]));
    let [tea, first, second, sale] = shop;
    check(given([tea, first, second, sale, part(), part()]), part(), expect([cost("3.333333"), value("tea", "10")]));
}

#[test]
fn what_is_refunded_is_what_was_paid_where_nothing_is_said() {
    let refunded = |is: &'static str| order_line("sale", 0, move |line| line.refunded == amount(is));
    check(given(sold_from_two_layers()), take_back("sale", "1"), expect([refunded("5")]));
    let less = ReturnedLine { refund: Some(amount("4.5")), ..back(0, "1") };
    let [tea, first, second, sale] = sold_from_two_layers();
    check(given([tea, first, second, sale]), take_back_lines("sale", None, [less]), expect([refunded("4.5")]));
    let negative = ReturnedLine { refund: Some(amount("-1")), ..back(0, "1") };
    let refusal = Rejection::AmountNegative { field: "refund".into(), amount: amount("-1") };
    check(given(sold_from_two_layers()), take_back_lines("sale", None, [negative]), expect([refused(refusal)]));
}

#[test]
fn nobody_pays_for_bringing_goods_back() {
    // More than all was refunded for the first one: nothing is left for the others.
    let [tea, first, second, sale] = sold_from_two_layers();
    let shop = given([tea, first, second, sale, for_a_reason("sale", "1", "20")]);
    check(shop, take_back("sale", "1"), expect([order_line("sale", 0, |line| line.refunded == amount("20"))]));
}

#[test]
fn no_more_comes_back_than_left() {
    let refusal = |wanted: &str, returnable: &str| {
        let (wanted, returnable) = (quantity(wanted), quantity(returnable));
        refused(Rejection::ReturnsTooMuch { line: 0, wanted, returnable })
    };
    check(given(sold_from_two_layers()), take_back("sale", "4"), expect([refusal("4", "3")]));
    let twice = take_back_lines("sale", None, [back(0, "2"), back(0, "2")]);
    check(given(sold_from_two_layers()), twice, expect([refusal("2", "1")]));
    let not_shipped = given([item("tea"), receive("tea", "5", "1"), order([line("tea", "3")]).named("sale")]);
    check(not_shipped, take_back("sale", "1"), expect([refusal("1", "0")]));
}

#[test]
fn a_return_may_name_the_shipment_it_is_of() {
    let shop = || {
        given([
            item("tea"),
            receive("tea", "2", "1"),
            receive("tea", "2", "2").at("10:00"),
            order([line("tea", "4")]).named("order"),
            ship_part("order", 0, "2").named("first"),
            ship_part("order", 0, "2").named("second"),
        ])
    };
    let of = |shipment| take_back_lines("order", Some(shipment), [back(0, "1")]);
    check(shop(), of("first"), expect([cost("1")]));
    check(shop(), of("second"), expect([cost("2")]));
    let shipment: CommandId = id("third");
    check(shop(), of("third"), expect([refused(Rejection::UnknownShipment { shipment })]));
    let too_much = take_back_lines("order", Some("first"), [back(0, "3")]);
    let refusal = Rejection::ReturnsTooMuch { line: 0, wanted: quantity("3"), returnable: quantity("2") };
    check(shop(), too_much, expect([refused(refusal)]));
}

#[test]
fn a_return_names_a_line_that_is_there() {
    let elsewhere = take_back_lines("sale", None, [back(1, "1")]);
    check(given(sold_from_two_layers()), elsewhere, expect([refused(Rejection::UnknownLine { line: 1 })]));
    let refusal = Rejection::UnknownOrder { order: id("nothing") };
    check(given([]), take_back("nothing", "1"), expect([refused(refusal)]));
}

#[test]
fn goods_may_come_back_to_another_site() {
    let (order, site) = (id("sale"), Some(id("east")));
    let goods = ReturnedGoods::OfOrder { order, shipment: None, site, lines: vec![back(0, "3")] };
    let facts = [on_hand("tea", "1"), on_hand_at("east", "tea", "3"), value_at("east", "tea", "4")];
    check(given(sold_from_two_layers()), deed(ReturnGoods::new(goods)), expect(facts));
}

#[test]
fn goods_without_an_order_come_back_at_what_one_costs_now() {
    let shop = || given([average_item("tea"), receive("tea", "2", "1"), receive("tea", "2", "2")]);
    let facts = [told(), cost("3"), on_hand("tea", "6"), value("tea", "9")];
    check(shop(), take_back_loose("tea", "2", "2.5", None), expect(facts));
    check(shop(), take_back_loose("tea", "2", "3", Some("0.25")), expect([cost("0.5"), value("tea", "6.5")]));
    let never = given([item("tea")]);
    let refusal = Rejection::CostUnknown { sku: sku("tea") };
    check(never, take_back_loose("tea", "1", "3", None), expect([refused(refusal)]));
    let refusal = Rejection::AmountNegative { field: "unit_price".into(), amount: amount("-5") };
    check(shop(), take_back_loose("tea", "1", "-5", None), expect([refused(refusal)]));
}

#[test]
fn a_loose_return_names_a_customer_that_is_there() {
    let line =
        LooseLine { item: id("tea"), quantity: quantity("1"), unit_price: amount("1"), unit_cost: Some(amount("1")) };
    let goods = ReturnedGoods::Loose { site: id("main"), customer: Some(id("nobody")), lines: vec![line] };
    let refusal = Rejection::UnknownCustomer { customer: id("nobody") };
    check(given([item("tea")]), deed(ReturnGoods::new(goods)), expect([refused(refusal)]));
}

#[test]
fn what_comes_back_ends_an_alert() {
    let shop = given([item("tea"), receive("tea", "1", "1"), sell([line("tea", "1")]).named("sale")]);
    check(shop, take_back("sale", "1"), expect([alerts([(Turn::Resolved, StockLevel::Out, "tea")])]));
}

#[test]
fn a_service_that_is_returned_has_no_stock() {
    let shop = given([service("wrapping"), sell([line("wrapping", "2")]).named("sale")]);
    let returned = order_line("sale", 0, |line| line.returned == quantity("2") && line.refunded == amount("6"));
    check(shop, take_back("sale", "2"), expect([cost("0"), returned]));
}

#[test]
fn no_more_is_refunded_than_was_paid() {
    check(given(sold_from_two_layers()), refunding("sale", "1", "5.01"), expect([too_large("tea", "5.01", "5")]));
    check(given(sold_from_two_layers()), refunding("sale", "2", "10"), expect([done()]));
    // A discount was not paid, and neither was what was given away.
    let off = OrderedLine { discount: Some(Discount::Amount(amount("7"))), ..priced("tea", "2", "5") };
    let cheap = || given([item("tea"), receive("tea", "9", "1"), sell([off]).named("sale")]);
    check(cheap(), refunding("sale", "1", "5"), expect([too_large("tea", "5", "1.5")]));
    let free = given([item("tea"), receive("tea", "9", "1"), sell([priced("tea", "1", "0")]).named("sale")]);
    check(free, refunding("sale", "1", "0.01"), expect([too_large("tea", "0.01", "0")]));
}

#[test]
fn parts_are_refunded_what_is_left_and_no_part_more_than_its_own() {
    let after = |deed: Deed| {
        let [tea, first, second, sale] = sold_from_two_layers();
        given([tea, first, second, sale, deed])
    };
    check(after(refunding("sale", "1", "0")), refunding("sale", "1", "10"), expect([too_large("tea", "10", "5")]));
    check(after(for_a_reason("sale", "1", "8")), refunding("sale", "2", "8"), expect([too_large("tea", "8", "7")]));
    // Two lines of one return are two parts, too.
    let lines = [back(0, "2"), ReturnedLine { refund: Some(amount("5.5")), ..back(0, "1") }];
    let twice = take_back_lines("sale", None, lines);
    check(given(sold_from_two_layers()), twice, expect([too_large("tea", "5.5", "5")]));
}

#[test]
fn more_is_refunded_for_a_reason_that_is_kept() {
    let kept = receipt_is(|receipt| match receipt {
        Receipt::GoodsReturned { goods, .. } => {
            goods.refund == amount("20") && goods.refund_reason.as_deref() == Some("As a favour")
        }
        _ => false,
    });
    let owes = order_is("sale", |order| order.amounts.refunded == amount("20") && order.amounts.to_pay == amount("-5"));
    check(given(sold_from_two_layers()), for_a_reason("sale", "1", "20"), expect([told(), kept, owes]));
    let lines = vec![back(0, "1")];
    let goods = ReturnedGoods::OfOrder { order: id("sale"), shipment: None, site: None, lines };
    let empty = deed(ReturnGoods { refund_reason: Some("".into()), ..ReturnGoods::new(goods) });
    check(given(sold_from_two_layers()), empty, expect([refused_with("invalid_field")]));
    check(given(sold_from_two_layers()), for_a_reason("sale", "1", "-1"), expect([refused_with("amount_negative")]));
}

#[test]
fn a_service_is_refunded_as_goods_are_and_a_credit_is_taken_back_whole() {
    let shop = |price: &str| given([service("wrapping"), sell([priced("wrapping", "2", price)]).named("sale")]);
    check(shop("3"), refunding("sale", "1", "3.5"), expect([too_large("wrapping", "3.5", "3")]));
    check(shop("3"), refunding("sale", "1", "-3"), expect([refused_with("amount_negative")]));
    check(shop("-3"), refunding("sale", "1", "0"), expect([too_large("wrapping", "0", "-3")]));
    check(shop("-3"), refunding("sale", "1", "-4"), expect([refused_with("amount_negative")]));
    check(shop("-3"), take_back("sale", "1"), expect([order_line("sale", 0, |line| line.refunded == amount("-3"))]));
}

#[test]
fn without_an_order_no_more_is_refunded_than_the_list_price() {
    let shop = || given([item_with("tea", |tea| tea.price = Some(amount("5"))), receive("tea", "2", "1")]);
    check(shop(), take_back_loose("tea", "2", "5", None), expect([done()]));
    check(shop(), take_back_loose("tea", "2", "5.5", None), expect([too_large("tea", "11", "10")]));
    let unpriced = given([item_with("tea", |tea| tea.price = None), receive("tea", "2", "1")]);
    check(unpriced, take_back_loose("tea", "1", "1", None), expect([too_large("tea", "1", "0")]));
    let line = LooseLine { item: id("tea"), quantity: quantity("1"), unit_price: amount("9"), unit_cost: None };
    let goods = ReturnedGoods::Loose { site: id("main"), customer: None, lines: vec![line] };
    let kindly =
        ReturnGoods { refund_reason: Some("Its receipt is from our old till".into()), ..ReturnGoods::new(goods) };
    check(shop(), deed(kindly), expect([done()]));
}
