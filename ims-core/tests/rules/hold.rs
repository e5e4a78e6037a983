//! Goods that are put aside for a while.

use crate::words::*;
use ims_core::{HoldId, Rejection, order::OnShortage, stock::ExtendHold};

fn extend(hold: &str, until: &str) -> Deed {
    deed(ExtendHold { hold: id(hold), until: time(until) })
}

/// Five on hand, three of them held until ten.
fn shop_with_a_basket() -> [Deed; 3] {
    [item("tea"), receive("tea", "5", "1"), hold("tea", "3", "10:00").named("basket")]
}

#[test]
fn what_is_held_is_not_available_to_others() {
    let facts = [told(), on_hand("tea", "5"), committed("tea", "3"), available("tea", "2")];
    let [tea, received, held] = shop_with_a_basket();
    check(given([tea, received]), held, expect(facts));
    check(given(shop_with_a_basket()), sell([line("tea", "3")]), expect([insufficient("tea", "3", "2")]));
}

#[test]
fn a_hold_lapses_without_any_job() {
    let late = |time| sell([line("tea", "5")]).at(time);
    check(given(shop_with_a_basket()), late("09:59"), expect([insufficient("tea", "5", "2")]));
    check(given(shop_with_a_basket()), late("10:00"), expect([on_hand("tea", "0"), committed("tea", "0")]));
}

#[test]
fn a_hold_does_not_count_against_its_owner() {
    let bought = sell_held([line("tea", "5")], &["basket"]);
    check(given(shop_with_a_basket()), bought, expect([on_hand("tea", "0"), committed("tea", "0")]));
}

#[test]
fn a_hold_is_its_owners_though_others_wait() {
    let tea = item_with("tea", |item| item.backorder_limit = quantity("9"));
    let shop = || {
        let waits = order_or(OnShortage::Backorder, [line("tea", "4")]);
        given([tea.clone(), receive("tea", "5", "1"), hold("tea", "3", "10:00").named("basket"), waits])
    };
    check(shop(), sell_held([line("tea", "3")], &["basket"]), expect([on_hand("tea", "2"), backordered("tea", "2")]));
    // What is not held for it goes to those who came first.
    let more = sell_held([line("tea", "2"), line("tea", "2")], &["basket"]);
    check(shop(), more, expect([insufficient("tea", "4", "3")]));
}

#[test]
fn a_hold_is_used_once() {
    let [tea, received, held] = shop_with_a_basket();
    let used = [tea, received, held, sell_held([line("tea", "3")], &["basket"])];
    let refusal = Rejection::UnknownHold { hold: id("basket") };
    check(given(used), sell_held([line("tea", "1")], &["basket"]), expect([refused(refusal)]));
}

#[test]
fn a_hold_is_for_what_is_ordered_and_for_no_more() {
    let refusal = || refused(Rejection::HoldMismatch { hold: id("basket") });
    let [tea, received, held] = shop_with_a_basket();
    let less = sell_held([line("tea", "2")], &["basket"]);
    check(given(shop_with_a_basket()), less, expect([refusal()]));
    let other = sell_held([line("cup", "3")], &["basket"]);
    let shop = given([tea, received, held, item("cup"), receive("cup", "5", "1")]);
    check(shop, other, expect([refusal()]));
}

#[test]
fn what_a_lapsed_hold_sets_free_goes_to_those_who_wait() {
    let tea = item_with("tea", |item| item.backorder_limit = quantity("9"));
    let waits = order_or(OnShortage::Backorder, [line("tea", "2")]).named("waits");
    let shop = || given([tea.clone(), receive("tea", "5", "1"), hold("tea", "5", "10:00"), waits.clone()]);
    check(shop(), sell([line("tea", "4")]).at("10:00"), expect([insufficient("tea", "4", "3")]));
    let facts = [on_hand("tea", "2"), filled([("waits", 0, "2")]), available("tea", "0")];
    check(shop(), sell([line("tea", "3")]).at("10:00"), expect(facts));
}

#[test]
fn a_hold_that_is_refused_to_an_order_stays() {
    let shop = given(shop_with_a_basket());
    // The order wants more than there is: all of it is taken back, the end of the hold too.
    check(
        shop,
        sell_held([line("tea", "6")], &["basket"]),
        expect([insufficient("tea", "6", "5"), committed("tea", "3")]),
    );
}

#[test]
fn a_released_hold_is_available_again() {
    check(given(shop_with_a_basket()), release("basket"), expect([told(), available("tea", "5")]));
    let [tea, received, held] = shop_with_a_basket();
    let released = given([tea, received, held, release("basket")]);
    check(released, release("basket"), expect([refused(Rejection::UnknownHold { hold: id("basket") })]));
}

#[test]
fn a_hold_can_be_extended_until_it_lapses() {
    let longer = |time| extend("basket", "11:00").at(time);
    check(given(shop_with_a_basket()), longer("09:59"), expect([committed("tea", "3")]));
    let refusal = Rejection::HoldLapsed { until: time("10:00") };
    check(given(shop_with_a_basket()), longer("10:00"), expect([refused(refusal)]));
    let [tea, received, held] = shop_with_a_basket();
    let extended = given([tea, received, held, longer("09:30")]);
    check(extended, sell([line("tea", "3")]).at("10:30"), expect([insufficient("tea", "3", "2")]));
}

#[test]
fn a_hold_can_be_shortened() {
    let [tea, received, held] = shop_with_a_basket();
    let shortened = given([tea, received, held, extend("basket", "09:30")]);
    check(shortened, sell([line("tea", "5")]).at("09:30"), expect([on_hand("tea", "0")]));
}

#[test]
fn a_lapsed_hold_cannot_be_used() {
    let refusal = || refused(Rejection::HoldLapsed { until: time("10:00") });
    check(given(shop_with_a_basket()), release("basket").at("10:00"), expect([refusal()]));
    let late = sell_held([line("tea", "3")], &["basket"]).at("10:00");
    check(given(shop_with_a_basket()), late, expect([refusal()]));
}

#[test]
fn a_hold_ends_in_the_future() {
    let refusal = || refused(Rejection::HoldInPast { until: time("09:00") });
    check(given([item("tea"), receive("tea", "5", "1")]), hold("tea", "1", "09:00"), expect([refusal()]));
    check(given(shop_with_a_basket()), extend("basket", "09:00"), expect([refusal()]));
}

#[test]
fn an_unknown_hold_is_named() {
    let hold: HoldId = id("nothing");
    check(given([]), release("nothing"), expect([refused(Rejection::UnknownHold { hold })]));
    check(given([]), extend("nothing", "10:00"), expect([refused(Rejection::UnknownHold { hold })]));
}

#[test]
fn each_hold_lapses_at_its_own_time() {
    let baskets = || {
        given([
            item("tea"),
            receive("tea", "5", "1"),
            hold("tea", "1", "10:00").named("first"),
            hold("tea", "2", "11:00").named("second"),
            hold("tea", "2", "12:00").named("third"),
        ])
    };
    for (at, free) in [("09:59", "0"), ("10:00", "1"), ("11:30", "3")] {
        check(baskets(), sell([line("tea", "5")]).at(at), expect([insufficient("tea", "5", free)]));
    }
    check(baskets(), sell([line("tea", "5")]).at("12:00"), expect([done()]));
}
