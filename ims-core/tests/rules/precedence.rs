//! What is said where several refusals apply: the first of the list, of the whole before its lines, line by line.

use crate::words::*;
use ims_core::{
    CostingMethod, Patch, Rejection, Standing,
    item::UpdateItem,
    location::UpdateLocation,
    order::{Discount, OrderedLine, ReturnGoods, ReturnedGoods, Sell, ShipOrder},
    purchase::{ClosePurchase, PlacePurchase, ReceivePurchase, ReceivedLine},
    stock::{AdjustStock, PlaceHold},
};

/// Five of one item, and the order `sold` and the purchase order `bought` of it.
fn shop() -> Given {
    given([
        item("tea"),
        receive("tea", "5", "1"),
        sell([line("tea", "1")]).named("sold"),
        order([line("tea", "1")]).named("open"),
        purchase([costed("tea", "2", "1")]).named("bought"),
    ])
}

fn sell_without_lines() -> Sell {
    Sell::new(id("main"), Vec::new())
}

#[test]
fn the_context_comes_before_all_else() {
    let tomorrow = deed(sell_without_lines()).occurred("2026-03-03 09:00");
    check(shop(), tomorrow, expect([refused_with("occurs_in_future")]));
}

#[test]
fn a_request_is_looked_at_before_the_shop() {
    let nameless = || item_with("cup", |cup| cup.name = "".into());
    check(given_nothing(), deed(sell_without_lines()), expect([refused_with("no_lines")]));
    check(given_nothing(), nameless(), expect([refused_with("invalid_field")]));
    check(given_nothing(), take_back_lines("sold", None, []), expect([refused_with("no_lines")]));
    let nothing_shipped = ShipOrder { order: id("nobody"), lines: Some(Vec::new()) };
    check(shop(), deed(nothing_shipped), expect([refused_with("no_lines")]));
    let nothing_came = ReceivePurchase { purchase: id("nobody"), lines: Some(Vec::new()) };
    check(shop(), deed(nothing_came), expect([refused_with("no_lines")]));
}

#[test]
fn a_field_is_looked_at_before_the_lines() {
    let odd_series = Sell { series: Some(" ".into()), ..sell_without_lines() };
    check(shop(), deed(odd_series), expect([refused_with("invalid_field")]));
    let (reason, direction) = (ims_core::AdjustmentReason::Lost, ims_core::Direction::Down);
    let odd_note = AdjustStock { site: id("main"), reason, direction, lines: Vec::new(), note: Some(" ".into()) };
    check(shop(), deed(odd_note), expect([refused_with("invalid_field")]));
}

#[test]
fn a_quantity_is_looked_at_before_its_line_is_looked_up() {
    check(shop(), ship_part("open", 9, "0"), expect([refused_with("quantity_not_positive")]));
    check(shop(), take_back_lines("sold", None, [back(9, "0")]), expect([refused_with("quantity_not_positive")]));
    let came = |quantity_came, unit_cost: &str| {
        let line = ReceivedLine { line: 9, quantity: quantity(quantity_came), unit_cost: Some(amount(unit_cost)) };
        deed(ReceivePurchase { purchase: id("bought"), lines: Some(vec![line]) })
    };
    check(shop(), came("0", "-1"), expect([refused_with("quantity_not_positive")]));
    check(shop(), came("1", "-1"), expect([refused_with("amount_negative")]));
    check(shop(), came("1", "1"), expect([refused_with("unknown_line")]));
    check(shop(), find("nobody", "1", Some("-1")), expect([refused_with("amount_negative")]));
}

#[test]
fn items_are_looked_up_first_then_sites_then_people_then_documents() {
    let hold = PlaceHold { item: id("nobody"), site: id("nowhere"), quantity: quantity("1"), until: time("10:00") };
    check(shop(), deed(hold), expect([refused_with("unknown_item")]));
    let lines = vec![costed("tea", "1", "1")];
    let bought = PlacePurchase { supplier: id("nobody"), site: id("nowhere"), expected: None, lines };
    check(shop(), deed(bought), expect([refused_with("unknown_location")]));
    let goods = ReturnedGoods::OfOrder {
        order: id("nobody"),
        shipment: None,
        site: Some(id("nowhere")),
        lines: vec![back(0, "1")],
    };
    check(shop(), deed(ReturnGoods::new(goods)), expect([refused_with("unknown_location")]));
}

#[test]
fn what_is_retired_is_refused_before_the_next_thing_is_looked_up() {
    let retire = |site: &str| UpdateLocation {
        location: id(site),
        name: Patch::Keep,
        standing: Patch::Set(Standing::Retired),
        if_tag: None,
    };
    let closed = given([item("tea"), deed(retire("main"))]);
    let sale = Sell { customer: Some(id("nobody")), ..Sell::new(id("main"), vec![line("tea", "1")]) };
    check(closed, deed(sale), expect([refused_with("location_retired")]));
    let ended = [
        item("tea"),
        purchase([costed("tea", "2", "1")]).named("bought"),
        deed(ClosePurchase { purchase: id("bought") }),
        deed(retire("main")),
    ];
    check(given(ended), arrive("bought"), expect([refused_with("location_retired")]));
}

#[test]
fn a_name_that_is_taken_is_refused_before_what_does_not_fit_together() {
    let standard = |change: fn(&mut ims_core::item::CreateItem)| {
        item_with("cup", move |cup| {
            cup.costing = Some(CostingMethod::Standard);
            cup.sku = "TEA".parse().unwrap();
            change(cup);
        })
    };
    check(shop(), standard(|cup| cup.supplier = Some(id("nobody"))), expect([refused_with("unknown_supplier")]));
    check(shop(), standard(|_| ()), expect([refused_with("sku_taken")]));
    check(shop(), standard(|cup| cup.sku = "cup".parse().unwrap()), expect([refused_with("cost_unknown")]));
}

#[test]
fn a_discount_is_looked_at_before_the_shelf() {
    let discount = Some(Discount::Amount(amount("1000")));
    let line = OrderedLine { discount, ..line("tea", "99") };
    check(shop(), sell([line]), expect([refused_with("discount_too_large")]));
}

#[test]
fn a_discount_below_zero_is_told_as_that_before_the_item_is_looked_at() {
    let discount = Some(Discount::Amount(amount("-0.001")));
    for name in ["tea", "nobody"] {
        let line = OrderedLine { discount, ..line(name, "1") };
        let refusal = Rejection::AmountNegative { field: "discount".into(), amount: amount("-0.001") };
        check(shop(), sell([line]), expect([refused(refusal)]));
    }
}

#[test]
fn the_shelf_is_looked_at_before_the_time_of_a_hold() {
    check(shop(), hold("tea", "99", "08:00"), expect([refused_with("insufficient_stock")]));
    check(shop(), hold("tea", "1", "08:00"), expect([refused_with("hold_in_past")]));
}

#[test]
fn a_line_is_refused_before_the_next_one_is_looked_at() {
    let lines = || [line("tea", "99"), line("nobody", "0")];
    check(shop(), sell(lines()), expect([refused_with("insufficient_stock")]));
    let [first, second] = lines();
    check(shop(), sell([second, first]), expect([refused_with("quantity_not_positive")]));
}

#[test]
fn an_update_is_judged_when_what_it_changes_is_found() {
    let nameless = |item: &str| UpdateItem { name: Patch::Set("".into()), ..UpdateItem::new(id(item)) };
    check(shop(), deed(nameless("nobody")), expect([refused_with("unknown_item")]));
    check(shop(), deed(nameless("tea")), expect([refused_with("invalid_field")]));
}
