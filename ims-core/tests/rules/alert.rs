//! Alerts: raised once per crossing.

use crate::words::*;
use Turn::{Raised, Resolved};
use ims_core::{
    Alert, ItemId, Patch, Receipt, Rejection,
    StockLevel::{Low, Out},
    alert::AcknowledgeAlert,
    item::UpdateItem,
};

/// Ten on hand of an item that is low at three.
fn ten_of_which_three_are_low() -> [Deed; 2] {
    [item_with("tea", |item| item.reorder_point = Some(quantity("3"))), receive("tea", "10", "1")]
}

fn acknowledge(item: &str) -> Deed {
    deed(AcknowledgeAlert { item: id(item), site: id("main") })
}

fn after<const N: usize>(more: [Deed; N]) -> Given {
    let mut deeds = ten_of_which_three_are_low().to_vec();
    deeds.extend(more);
    given_all(deeds)
}

#[test]
fn an_alert_is_raised_once_per_crossing() {
    let one = || sell([line("tea", "1")]);
    let six = || sell([line("tea", "6")]);
    check(after([]), six(), expect([alerts([])]));
    check(after([six()]), one(), expect([alerts([(Raised, Low, "tea")])]));
    check(after([six(), one()]), one(), expect([alerts([])]));
    check(after([six(), one(), one(), one()]), one(), expect([alerts([(Raised, Out, "tea")])]));
}

#[test]
fn an_alert_is_resolved_when_the_level_recovers() {
    let low = || after([sell([line("tea", "8")])]);
    check(low(), receive("tea", "1", "1"), expect([alerts([])]));
    check(low(), receive("tea", "2", "1"), expect([alerts([(Resolved, Low, "tea")])]));
    let out = || after([sell([line("tea", "10")])]);
    check(out(), receive("tea", "9", "1"), expect([alerts([(Resolved, Out, "tea")])]));
    check(out(), receive("tea", "2", "1"), expect([alerts([(Resolved, Out, "tea"), (Raised, Low, "tea")])]));
}

#[test]
fn what_counts_is_what_is_available() {
    check(after([]), order([line("tea", "7")]), expect([alerts([(Raised, Low, "tea")])]));
    check(after([]), hold("tea", "7", "10:00"), expect([alerts([(Raised, Low, "tea")])]));
    check(after([]), transfer("tea", "7"), expect([alerts([(Raised, Low, "tea")])]));
}

#[test]
fn an_item_without_a_reorder_point_is_only_ever_out_of_stock() {
    let shop = || [item("tea"), receive("tea", "5", "1")];
    check(given(shop()), sell([line("tea", "4")]), expect([alerts([])]));
    check(given(shop()), sell([line("tea", "5")]), expect([alerts([(Raised, Out, "tea")])]));
}

#[test]
fn an_item_that_was_never_there_is_not_out_of_stock() {
    check(given([item("tea")]), purchase([costed("tea", "1", "1")]), expect([alerts([])]));
    // Unless somebody says how many there should be.
    let [tea, _] = ten_of_which_three_are_low();
    check(given([tea]), purchase([costed("tea", "1", "1")]), expect([alerts([(Raised, Out, "tea")])]));
}

#[test]
fn another_reorder_point_is_another_threshold() {
    let raise = |point: &str| {
        deed(UpdateItem { reorder_point: Patch::Set(Some(quantity(point))), ..UpdateItem::new(id("tea")) })
    };
    check(after([]), raise("9"), expect([alerts([])]));
    check(after([]), raise("10"), expect([alerts([(Raised, Low, "tea")])]));
    check(after([raise("10")]), raise("9"), expect([alerts([(Resolved, Low, "tea")])]));
}

#[test]
fn an_alert_says_what_there_was_and_what_the_threshold_is() {
    let is = |alert: &Alert| {
        (alert.available, alert.threshold) == (quantity("2"), quantity("3"))
            && alert.acknowledged_at == Some(time("09:30"))
    };
    let told = receipt_is(move |receipt| matches!(receipt, Receipt::AlertAcknowledged(alert) if is(alert)));
    check(after([sell([line("tea", "8")])]), acknowledge("tea").at("09:30"), expect([told]));
}

#[test]
fn an_alert_is_acknowledged_by_whoever_is_first() {
    let first = |alert: &Alert| alert.acknowledged_at == Some(time("09:30"));
    let told = receipt_is(move |receipt| matches!(receipt, Receipt::AlertAcknowledged(alert) if first(alert)));
    let known = after([sell([line("tea", "8")]), acknowledge("tea").at("09:30")]);
    check(known, acknowledge("tea").at("10:00"), expect([told]));
}

#[test]
fn only_an_open_alert_can_be_acknowledged() {
    let refusal = || refused(Rejection::UnknownAlert { sku: "tea".parse().unwrap(), site: "main".into() });
    check(after([]), acknowledge("tea"), expect([refusal()]));
    let recovered = after([sell([line("tea", "8")]), receive("tea", "9", "1")]);
    check(recovered, acknowledge("tea"), expect([refusal()]));
    let item: ItemId = id("nothing");
    check(given([]), acknowledge("nothing"), expect([refused(Rejection::UnknownItem { item })]));
}
