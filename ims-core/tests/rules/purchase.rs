//! Goods on order.

use crate::words::*;
use ims_core::{
    PurchaseId, PurchaseStatus, Receipt, Rejection,
    purchase::{CancelPurchase, ClosePurchase, ReceivePurchase, ReceivedLine},
};

fn close(purchase: &str) -> Deed {
    deed(ClosePurchase { purchase: id(purchase) })
}

fn cancel_purchase(purchase: &str) -> Deed {
    deed(CancelPurchase { purchase: id(purchase) })
}

/// Ten on order at 2.00.
fn ordered() -> [Deed; 2] {
    [item("tea"), purchase([costed("tea", "10", "2")]).named("purchase")]
}

fn status(is: PurchaseStatus) -> Fact {
    receipt_is(move |receipt| match receipt {
        Receipt::PurchaseReceived { purchase, .. }
        | Receipt::PurchasePlaced(purchase)
        | Receipt::PurchaseClosed(purchase)
        | Receipt::PurchaseCancelled(purchase) => purchase.status == is,
        _ => false,
    })
}

#[test]
fn what_is_ordered_is_incoming_and_not_available() {
    let [tea, ordered] = ordered();
    let facts = [told(), incoming("tea", "10"), on_hand("tea", "0"), available("tea", "0")];
    check(given([tea]), ordered, expect(facts));
}

#[test]
fn what_comes_is_on_hand_and_no_longer_incoming() {
    let facts = [cost("20"), incoming("tea", "0"), on_hand("tea", "10"), status(PurchaseStatus::Received)];
    check(given(ordered()), arrive("purchase"), expect(facts));
    let facts = [cost("6"), incoming("tea", "7"), on_hand("tea", "3"), status(PurchaseStatus::PartlyReceived)];
    check(given(ordered()), arrive_part("purchase", "3"), expect(facts));
}

#[test]
fn what_comes_may_cost_something_else() {
    let line = ReceivedLine { line: 0, quantity: quantity("10"), unit_cost: Some(amount("2.25")) };
    let command = ReceivePurchase { purchase: id("purchase"), lines: Some(vec![line]) };
    check(given(ordered()), deed(command), expect([value("tea", "22.5")]));
    let line = ReceivedLine { unit_cost: Some(amount("-1")), ..line };
    let command = ReceivePurchase { purchase: id("purchase"), lines: Some(vec![line]) };
    let refusal = Rejection::AmountNegative { field: "unit_cost".into(), amount: amount("-1") };
    check(given(ordered()), deed(command), expect([refused(refusal)]));
}

#[test]
fn no_more_comes_than_is_on_order() {
    let refusal = Rejection::ReceivesTooMuch { line: 0, wanted: quantity("11"), open: quantity("10") };
    check(given(ordered()), arrive_part("purchase", "11"), expect([refused(refusal)]));
    let part = |line| ReceivedLine { line, quantity: quantity("6"), unit_cost: None };
    let twice = ReceivePurchase { purchase: id("purchase"), lines: Some(vec![part(0), part(0)]) };
    let refusal = Rejection::ReceivesTooMuch { line: 0, wanted: quantity("6"), open: quantity("4") };
    check(given(ordered()), deed(twice), expect([refused(refusal)]));
    let elsewhere = ReceivePurchase { purchase: id("purchase"), lines: Some(vec![part(1)]) };
    check(given(ordered()), deed(elsewhere), expect([refused(Rejection::UnknownLine { line: 1 })]));
}

#[test]
fn what_does_not_come_is_closed_short() {
    let [tea, ordered] = ordered();
    let facts = [incoming("tea", "0"), on_hand("tea", "3"), status(PurchaseStatus::ClosedShort)];
    check(given([tea, ordered, arrive_part("purchase", "3")]), close("purchase"), expect(facts));
}

#[test]
fn only_what_has_not_come_can_be_cancelled() {
    let facts = [incoming("tea", "0"), status(PurchaseStatus::Cancelled)];
    check(given(ordered()), cancel_purchase("purchase"), expect(facts));
    let [tea, ordered] = ordered();
    let partly = given([tea, ordered, arrive_part("purchase", "3")]);
    check(partly, cancel_purchase("purchase"), expect([refused(Rejection::PurchasePartlyReceived)]));
}

#[test]
fn a_purchase_that_has_ended_stays_as_it_is() {
    for (end, status) in [
        (arrive("purchase"), PurchaseStatus::Received),
        (close("purchase"), PurchaseStatus::ClosedShort),
        (cancel_purchase("purchase"), PurchaseStatus::Cancelled),
    ] {
        for command in [arrive("purchase"), close("purchase"), cancel_purchase("purchase")] {
            let [tea, ordered] = ordered();
            let refusal = Rejection::PurchaseEnded { status };
            check(given([tea, ordered, end.clone()]), command, expect([refused(refusal)]));
        }
    }
}

#[test]
fn an_unknown_purchase_is_named() {
    let purchase: PurchaseId = id("nothing");
    for command in [arrive("nothing"), close("nothing"), cancel_purchase("nothing")] {
        check(given([]), command, expect([refused(Rejection::UnknownPurchase { purchase })]));
    }
}
