//! Goods that come, go and are corrected.

use crate::words::*;
use ims_core::{
    AdjustmentReason, Direction, Rejection, Sku,
    location::CreateLocation,
    order::Sell,
    stock::{AdjustStock, Adjusted, ReceiveStock},
};

fn sku(text: &str) -> Sku {
    text.parse().unwrap()
}

#[test]
fn what_comes_in_is_on_hand_and_has_a_value() {
    let facts = [told(), cost("15"), on_hand("tea", "10"), available("tea", "10"), value("tea", "15")];
    check(given([item("tea")]), receive("tea", "10", "1.5"), expect(facts));
}

#[test]
fn a_document_has_lines() {
    let receive = |lines| deed(ReceiveStock { site: id("main"), supplier: None, lines });
    check(given([item("tea")]), receive(Vec::new()), expect([refused(Rejection::NoLines)]));
    let too_many = Rejection::TooManyLines { lines: 2_001, limit: 2_000 };
    check(given([item("tea")]), receive(vec![costed("tea", "1", "1"); 2_001]), expect([refused(too_many)]));
    check(given([item("tea")]), receive(vec![costed("tea", "1", "1"); 2_000]), expect([on_hand("tea", "2000")]));
}

#[test]
fn quantities_are_above_zero_and_costs_not_below_it() {
    let shop = || given([item("tea"), receive("tea", "10", "1")]);
    for count in ["0", "-1"] {
        let refusal = || refused(Rejection::QuantityNotPositive { line: 0, quantity: quantity(count) });
        check(shop(), receive("tea", count, "1"), expect([refusal()]));
        check(shop(), lose("tea", count), expect([refusal()]));
        check(shop(), transfer("tea", count), expect([refusal()]));
        check(shop(), send_back("tea", count), expect([refusal()]));
        check(shop(), sell([line("tea", count)]), expect([refusal()]));
        check(shop(), hold("tea", count, "10:00"), expect([refusal()]));
    }
    let refusal = || refused(Rejection::AmountNegative { field: "unit_cost".into(), amount: amount("-1") });
    check(shop(), receive("tea", "1", "-1"), expect([refusal()]));
    check(shop(), find("tea", "1", Some("-1")), expect([refusal()]));
    check(shop(), receive("tea", "1", "0"), expect([on_hand("tea", "11"), value("tea", "10")]));
}

#[test]
fn a_quantity_is_no_finer_than_its_unit() {
    let refusal = Rejection::QuantityTooFine { sku: sku("tea"), quantity: quantity("0.5"), decimals: 0 };
    check(given([item("tea")]), receive("tea", "0.5", "1"), expect([refused(refusal)]));
    let refusal = Rejection::QuantityTooFine { sku: sku("rice"), quantity: quantity("0.0005"), decimals: 3 };
    check(given([item_by_weight("rice")]), receive("rice", "0.0005", "1"), expect([refused(refusal)]));
    check(given([item_by_weight("rice")]), receive("rice", "0.125", "1"), expect([on_hand("rice", "0.125")]));
}

#[test]
fn a_service_has_no_stock() {
    let refusal = || refused(Rejection::ServiceHasNoStock { sku: sku("wrapping") });
    let shop = || given([service("wrapping")]);
    check(shop(), receive("wrapping", "1", "1"), expect([refusal()]));
    check(shop(), find("wrapping", "1", None), expect([refusal()]));
    check(shop(), transfer("wrapping", "1"), expect([refusal()]));
    check(shop(), send_back("wrapping", "1"), expect([refusal()]));
    check(shop(), hold("wrapping", "1", "10:00"), expect([refusal()]));
    check(shop(), purchase([costed("wrapping", "1", "1")]), expect([refusal()]));
    check(shop(), sell([line("wrapping", "1")]), expect([done(), cost("0")]));
}

#[test]
fn what_never_was_there_is_another_refusal_than_what_is_gone() {
    let refusal = || refused(Rejection::NotStocked { sku: sku("tea"), site: "main".into() });
    let never = || given([item("tea")]);
    check(never(), sell([line("tea", "1")]), expect([refusal()]));
    check(never(), lose("tea", "1"), expect([refusal()]));
    check(never(), transfer("tea", "1"), expect([refusal()]));
    check(never(), send_back("tea", "1"), expect([refusal()]));
    check(never(), hold("tea", "1", "10:00"), expect([refusal()]));
    let gone = given([item("tea"), receive("tea", "1", "1"), sell([line("tea", "1")])]);
    check(gone, sell([line("tea", "1")]), expect([insufficient("tea", "1", "0")]));
}

#[test]
fn nothing_takes_what_is_promised_to_others() {
    let shop = || given([item("tea"), receive("tea", "5", "1"), order([line("tea", "4")])]);
    let refusal = || insufficient("tea", "2", "1");
    check(shop(), sell([line("tea", "2")]), expect([refusal()]));
    check(shop(), lose("tea", "2"), expect([refusal()]));
    check(shop(), transfer("tea", "2"), expect([refusal()]));
    check(shop(), send_back("tea", "2"), expect([refusal()]));
    check(shop(), hold("tea", "2", "10:00"), expect([refusal()]));
    check(shop(), lose("tea", "1"), expect([on_hand("tea", "4"), available("tea", "0")]));
}

#[test]
fn what_is_found_costs_what_the_others_cost() {
    let average = [average_item("tea"), receive("tea", "2", "1"), receive("tea", "2", "2")];
    check(given(average), find("tea", "1", None), expect([cost("1.5"), value("tea", "7.5")]));
    let sold_out = [item("tea"), receive("tea", "1", "1.25"), sell([line("tea", "1")])];
    check(given(sold_out), find("tea", "2", None), expect([cost("2.5")]));
    check(given([standard_item("tea", "4")]), find("tea", "2", None), expect([cost("8")]));
    let refusal = Rejection::CostUnknown { sku: sku("tea") };
    check(given([item("tea")]), find("tea", "1", None), expect([refused(refusal)]));
    check(given([item("tea")]), find("tea", "1", Some("0.75")), expect([cost("0.75"), on_hand("tea", "1")]));
}

#[test]
fn an_adjustment_may_say_more_about_why() {
    let adjust = |note: &str| {
        let line = Adjusted { item: id("tea"), quantity: quantity("1"), unit_cost: None };
        let (site, reason, direction) = (id("main"), AdjustmentReason::Other, Direction::Down);
        deed(AdjustStock { site, reason, direction, lines: vec![line], note: Some(note.into()) })
    };
    let shop = || given([item("tea"), receive("tea", "1", "1")]);
    check(shop(), adjust("Dropped.\nTwice."), expect([on_hand("tea", "0")]));
    check(shop(), adjust(&"x".repeat(1_001)), expect([invalid("note", "must not be longer than 1000 characters")]));
}

#[test]
fn a_transfer_goes_from_one_site_to_another() {
    let shop = || given([item("tea"), receive("tea", "5", "1.5")]);
    let facts = [cost("3"), on_hand("tea", "3"), on_hand_at("east", "tea", "2"), value_at("east", "tea", "3")];
    check(shop(), transfer("tea", "2"), expect(facts));
    let refusal = refused(Rejection::SameSite { site: "main".into() });
    check(shop(), transfer_between("main", "main", "tea", "2"), expect([refusal]));
}

#[test]
fn the_stock_of_one_site_is_not_that_of_another() {
    let north = deed(CreateLocation { code: "north".into(), name: "North".into() }).named("north");
    let shop = given([item("tea"), north, receive("tea", "5", "1"), transfer_between("main", "north", "tea", "2")]);
    let sale = Sell::new(id("north"), vec![line("tea", "3")]);
    let (wanted, there) = (quantity("3"), quantity("2"));
    let refusal = Rejection::InsufficientStock { sku: sku("tea"), site: "north".into(), wanted, available: there };
    check(shop, deed(sale), expect([refused(refusal)]));
}
