//! What goods cost: when they come, while they are here, and when they go.

use crate::words::*;
use ims_core::{Rejection, cost::SetStandardCost};

fn set_standard_cost(item: &str, unit_cost: &str) -> Deed {
    deed(SetStandardCost { item: id(item), unit_cost: amount(unit_cost) })
}

#[test]
fn what_came_first_leaves_first() {
    let shop = || [item("tea"), receive("tea", "2", "1"), receive("tea", "2", "2").at("10:00")];
    let facts = [moved([("2", "2", "09:00"), ("1", "2", "10:00")]), value("tea", "2")];
    check(given(shop()), sell([line("tea", "3")]), expect(facts));
}

#[test]
fn what_was_acquired_first_leaves_first_though_it_was_entered_later() {
    let late = receive("tea", "1", "9").occurred("08:00").at("10:00");
    let shop = [item("tea"), receive("tea", "1", "1"), late];
    check(given(shop), sell([line("tea", "1")]), expect([moved([("1", "9", "08:00")])]));
}

#[test]
fn goods_of_one_moment_leave_in_the_order_of_entry() {
    let shop = [item("tea"), receive_at("main", [costed("tea", "1", "2"), costed("tea", "1", "1")])];
    check(given(shop), sell([line("tea", "1")]), expect([cost("2")]));
}

#[test]
fn an_average_is_of_all_that_is_there() {
    let shop = || [average_item("tea"), receive("tea", "1", "1"), receive("tea", "3", "2")];
    check(given(shop()), sell([line("tea", "2")]), expect([cost("3.5"), value("tea", "3.5")]));
}

#[test]
fn the_last_unit_takes_the_residue() {
    // Three that cost 10.00 together: no third of it can be kept exactly.
    let receipts = || [receive("tea", "1", "3"), receive("tea", "2", "3.5")];
    let one = || sell([line("tea", "1")]);
    let [first, second] = receipts();
    check(given([average_item("tea"), first, second]), one(), expect([cost("3.333333"), value("tea", "6.666667")]));
    let [first, second] = receipts();
    let facts = [cost("3.333334"), value("tea", "3.333333")];
    check(given([average_item("tea"), first, second, one()]), one(), expect(facts));
    let [first, second] = receipts();
    check(
        given([average_item("tea"), first, second, one(), one()]),
        one(),
        expect([cost("3.333333"), value("tea", "0")]),
    );
}

#[test]
fn the_last_unit_of_a_layer_takes_its_residue() {
    let third = || [item_by_weight("rice"), receive("rice", "0.003", "3.333333")];
    // 0.003 × 3.333333 is 0.010000 to six decimals, of which each gram takes a third.
    let gram = || sell([line("rice", "0.001")]);
    let [rice, received] = third();
    check(given([rice, received, gram(), gram()]), gram(), expect([cost("0.003333"), value("rice", "0")]));
}

#[test]
fn at_standard_cost_the_difference_is_a_variance() {
    let shop = || [standard_item("tea", "2"), receive("tea", "10", "2.5")];
    // 25.00 was paid, 20.00 is on the shelf.
    let [tea, received] = shop();
    check(given([tea]), received, expect([cost("25"), value("tea", "20")]));
    check(given(shop()), sell([line("tea", "4")]), expect([cost("8"), value("tea", "12")]));
}

#[test]
fn a_new_standard_cost_revalues_what_is_there() {
    let shop = || given([standard_item("tea", "2"), receive("tea", "10", "2"), transfer("tea", "4")]);
    let facts = [told(), value("tea", "18"), value_at("east", "tea", "12")];
    check(shop(), set_standard_cost("tea", "3"), expect(facts));
    let refusal = Rejection::AmountNegative { field: "unit_cost".into(), amount: amount("-1") };
    check(shop(), set_standard_cost("tea", "-1"), expect([refused(refusal)]));
}

#[test]
fn a_standard_cost_that_is_entered_late_follows_all_that_moved() {
    let shop = || {
        given([
            standard_item("tea", "2"),
            receive("tea", "1", "2").at("09:00"),
            receive("tea", "9", "2").at("10:00"),
            sell([line("tea", "9")]).at("10:30"),
        ])
    };
    let set = |at| set_standard_cost("tea", "3").at("12:00").occurred(at);
    check(shop(), set("11:00"), expect([value("tea", "3")]));
    // What came at ten was not there before, and what is there now may be less than what was.
    for early in ["08:00", "09:30", "10:15"] {
        check(shop(), set(early), expect([refused_with("occurs_before")]));
    }
    // Two new costs come in their order, too.
    let revalued = || {
        let shop = [standard_item("tea", "2"), receive("tea", "1", "2").at("09:00")];
        let [tea, one] = shop;
        given([tea, one, set_standard_cost("tea", "3").at("11:00")])
    };
    check(
        revalued(),
        set_standard_cost("tea", "4").at("12:00").occurred("10:00"),
        expect([refused_with("occurs_before")]),
    );
    check(revalued(), set_standard_cost("tea", "4").at("12:00").occurred("11:30"), expect([value("tea", "4")]));
}

#[test]
fn a_standard_cost_is_not_set_in_a_closed_period() {
    let close = deed(ims_core::period::ClosePeriod::new("2026-03-01".parse().unwrap()));
    let shop = given([standard_item("tea", "2"), close]);
    let set = set_standard_cost("tea", "3").occurred("2026-03-01 12:00");
    check(shop, set, expect([refused_with("period_closed")]));
}

#[test]
fn only_an_item_at_standard_cost_has_one_set() {
    let refusal = Rejection::NotStandardCosted { sku: "tea".parse().unwrap() };
    check(given([item("tea")]), set_standard_cost("tea", "3"), expect([refused(refusal)]));
}

#[test]
fn goods_at_standard_cost_never_leave_for_more_than_there_is() {
    // Half a gram at 0.000001 a gram is worth nothing; two halves are worth no more when they leave together.
    let rice = item_with("rice", |item| {
        item.unit = Some(ims_core::Unit::new("g", 1).unwrap());
        item.costing = Some(ims_core::CostingMethod::Standard);
        item.standard_cost = Some(amount("0.000001"));
    });
    let half = || receive("rice", "0.5", "0");
    let shop = given([rice, half(), half(), half()]);
    check(shop, sell([line("rice", "1")]), expect([cost("0"), on_hand("rice", "0.5"), value("rice", "0")]));
}

#[test]
fn a_transfer_keeps_cost_and_age() {
    let shop = [item("tea"), receive("tea", "2", "1"), receive("tea", "2", "2").at("10:00")];
    let facts = [moved([("2", "2", "09:00"), ("1", "2", "10:00")]), value_at("east", "tea", "4"), value("tea", "2")];
    check(given(shop), transfer("tea", "3").at("12:00"), expect(facts));
}

#[test]
fn what_is_sent_back_leaves_at_its_cost() {
    let shop = [item("tea"), receive("tea", "2", "1"), receive("tea", "2", "2").at("10:00")];
    check(given(shop), send_back("tea", "3"), expect([cost("4"), value("tea", "2")]));
}

#[test]
fn many_layers_are_consumed_in_order() {
    // Forty receipts of one, each a cent dearer.
    let lines: [_; 40] = std::array::from_fn(|nth| {
        let unit_cost = ims_core::Amount::from_micros(1_000_000 + 10_000 * nth as i64);
        ims_core::stock::CostedGoods { unit_cost, ..costed("tea", "1", "0") }
    });
    let shop = given([item("tea"), receive_at("main", lines), sell([line("tea", "30")])]);
    // 1.30 to 1.38.
    check(shop, sell([line("tea", "9")]), expect([cost("12.06"), value("tea", "1.39")]));
}
