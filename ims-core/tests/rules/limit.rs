//! Numbers that are too large to be kept exactly: a refusal, never a panic.

use crate::words::*;
use ims_core::Rejection;

const ABSURD: &str = "999999999999.999999";
const WHOLE: &str = "999999999999";
const LARGEST: &str = "9223372036854.775807";
const LARGEST_COINS: &str = "9223372036854.77";

fn overflow(what: &str) -> Fact {
    refused(Rejection::Overflow { what: what.into() })
}

/// An item that is counted in millionths.
fn fine(name: &'static str) -> Deed {
    item_with(name, |item| item.unit = Some(ims_core::Unit::new("g", 6).unwrap()))
}

#[test]
fn what_costs_too_much_is_refused() {
    for count in [ABSURD, LARGEST] {
        check(given([fine("tea")]), receive("tea", count, count), expect([overflow("the value received")]));
        check(given([fine("tea")]), find("tea", count, Some(count)), expect([overflow("the value added")]));
        let purchase = purchase([costed("tea", count, count)]);
        check(given([fine("tea")]), purchase, expect([overflow("the order's total")]));
        let back = take_back_loose("tea", count, count, Some("1"));
        check(given([fine("tea")]), back, expect([overflow("the refund")]));
    }
    let back = take_back_loose("tea", ABSURD, "1", Some(ABSURD));
    check(given([fine("tea")]), back, expect([overflow("the cost of what came back")]));
}

#[test]
fn what_sells_for_too_much_is_refused() {
    let shop = || given([fine("tea"), receive("tea", ABSURD, "0")]);
    check(shop(), sell([priced("tea", ABSURD, ABSURD)]), expect([overflow("the line's total")]));
    let lines = [priced("tea", "1", LARGEST_COINS), priced("tea", "1", LARGEST_COINS)];
    check(shop(), order(lines), expect([overflow("the order's total")]));
}

#[test]
fn more_than_can_be_counted_is_refused() {
    let full = || given([fine("tea"), receive("tea", LARGEST, "0"), purchase([costed("tea", LARGEST, "0")])]);
    check(full(), receive("tea", "1", "0"), expect([overflow("the quantity on hand")]));
    check(full(), purchase([costed("tea", "1", "0")]), expect([overflow("the quantity incoming")]));
    let dear = || given([fine("tea"), receive("tea", "1", LARGEST)]);
    check(dear(), receive("tea", "1", "1"), expect([overflow("the value on hand")]));
}

#[test]
fn more_than_can_be_promised_is_refused() {
    let waits = item_with("tea", |item| {
        item.unit = Some(ims_core::Unit::new("g", 6).unwrap());
        item.backorder_limit = quantity(LARGEST);
    });
    let backorder = |count: &str| order_or(ims_core::order::OnShortage::Backorder, [priced("tea", count, "0")]);
    let shop = given([waits, backorder(LARGEST)]);
    check(shop, backorder("1"), expect([overflow("the quantity backordered")]));
}

#[test]
fn a_days_sales_are_kept_exactly_or_refused() {
    let shop = given([item("tea"), receive("tea", "9", "1"), sell([priced("tea", "1", LARGEST_COINS)])]);
    check(shop, sell([priced("tea", "1", "1")]), expect([overflow("a total that the shop keeps")]));
}

#[test]
fn absurd_demand_is_only_a_shortage() {
    let shop = given([item("tea"), receive("tea", "5", "1")]);
    check(shop, order([priced("tea", WHOLE, "0.01")]), expect([insufficient("tea", WHOLE, "5")]));
}

#[test]
fn a_standard_cost_that_makes_too_much_of_the_stock_is_refused() {
    let shop = given([standard_item("tea", "1"), receive("tea", WHOLE, "1")]);
    let command = ims_core::cost::SetStandardCost { item: id("tea"), unit_cost: amount(ABSURD) };
    check(shop, deed(command), expect([overflow("the value at standard cost")]));
}
