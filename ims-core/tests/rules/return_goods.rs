//! Goods that come back.

use crate::words::*;
use ims_core::{
    CommandId, Rejection, Sku, StockLevel,
    order::{LooseLine, ReturnGoods, ReturnedGoods, ReturnedLine},
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
    let generous = ReturnedLine { refund: Some(amount("20")), ..back(0, "1") };
    let [tea, first, second, sale] = sold_from_two_layers();
    let shop = given([tea, first, second, sale, take_back_lines("sale", None, [generous])]);
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
    check(given(sold_from_two_layers()), deed(ReturnGoods { goods }), expect(facts));
}

#[test]
fn goods_without_an_order_come_back_at_what_one_costs_now() {
    let shop = || given([average_item("tea"), receive("tea", "2", "1"), receive("tea", "2", "2")]);
    let facts = [told(), cost("3"), on_hand("tea", "6"), value("tea", "9")];
    check(shop(), take_back_loose("tea", "2", "5", None), expect(facts));
    check(shop(), take_back_loose("tea", "2", "5", Some("0.25")), expect([cost("0.5"), value("tea", "6.5")]));
    let never = given([item("tea")]);
    let refusal = Rejection::CostUnknown { sku: sku("tea") };
    check(never, take_back_loose("tea", "1", "5", None), expect([refused(refusal)]));
    let refusal = Rejection::AmountNegative { field: "unit_price".into(), amount: amount("-5") };
    check(shop(), take_back_loose("tea", "1", "-5", None), expect([refused(refusal)]));
}

#[test]
fn a_loose_return_names_a_customer_that_is_there() {
    let line =
        LooseLine { item: id("tea"), quantity: quantity("1"), unit_price: amount("1"), unit_cost: Some(amount("1")) };
    let goods = ReturnedGoods::Loose { site: id("main"), customer: Some(id("nobody")), lines: vec![line] };
    let refusal = Rejection::UnknownCustomer { customer: id("nobody") };
    check(given([item("tea")]), deed(ReturnGoods { goods }), expect([refused(refusal)]));
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
