//! What documents come to, and whom they were made out to.

use crate::words::*;
use ims_core::{
    Contact, Order, Patch, Purchase, Receipt,
    order::{OnShortage, Sell},
    party::{UpdateCustomer, UpdateSupplier},
    purchase::{ClosePurchase, ReceivePurchase, ReceivedLine},
};

/// What an order comes to: cancelled, shipped, returned, refunded, and to pay.
fn comes_to(order: &'static str, amounts: [&'static str; 5]) -> Fact {
    order_is(order, move |order| is(order, amounts))
}

fn is(order: &Order, amounts: [&str; 5]) -> bool {
    let has = order.amounts;
    [has.cancelled, has.shipped, has.returned, has.refunded, has.to_pay] == amounts.map(amount)
}

fn ten_at_five() -> [Deed; 3] {
    [item("tea"), receive("tea", "10", "1"), order([priced("tea", "10", "5")]).named("order")]
}

#[test]
fn an_order_has_to_be_paid_whole_until_something_of_it_is_cancelled() {
    let [tea, goods, placed] = ten_at_five();
    check(given([tea, goods]), placed, expect([comes_to("order", ["0", "0", "0", "0", "50"])]));
    let shipped = ship_part("order", 0, "3");
    check(given(ten_at_five()), shipped, expect([comes_to("order", ["0", "15", "0", "0", "50"])]));
}

#[test]
fn what_is_cancelled_need_not_be_paid() {
    let [tea, goods, placed] = ten_at_five();
    let facts = [
        comes_to("order", ["35", "15", "0", "0", "15"]),
        order_is("order", |order| order.total == amount("50")),
        receipt_is(|receipt| matches!(receipt, Receipt::OrderCancelled(order) if order.amounts.to_pay == amount("15"))),
    ];
    check(given([tea, goods, placed, ship_part("order", 0, "3")]), cancel("order"), expect(facts));
    check(given(ten_at_five()), cancel("order"), expect([comes_to("order", ["50", "0", "0", "0", "0"])]));
}

#[test]
fn what_is_cancelled_when_the_order_is_placed_need_not_be_paid() {
    let three = || [item("tea"), receive("tea", "3", "1")];
    let short = || order_or(OnShortage::Cancel, [priced("tea", "10", "5")]).named("order");
    check(given(three()), short(), expect([comes_to("order", ["35", "0", "0", "0", "15"])]));
    let [tea, goods] = three();
    check(given([tea, goods, short()]), ship("order"), expect([comes_to("order", ["35", "15", "0", "0", "15"])]));
}

#[test]
fn a_cent_that_does_not_divide_is_neither_lost_nor_paid_twice() {
    // Three for 10.00.
    let off = ims_core::order::OrderedLine {
        discount: Some(ims_core::order::Discount::Amount(amount("2"))),
        ..priced("tea", "3", "4")
    };
    let placed = [item("tea"), receive("tea", "3", "1"), order([off]).named("order"), ship_part("order", 0, "1")];
    check(given(placed), cancel("order"), expect([comes_to("order", ["6.67", "3.33", "0", "0", "3.33"])]));
}

#[test]
fn what_comes_back_lowers_what_is_to_pay_by_its_refund() {
    let sold = || [item("tea"), receive("tea", "4", "1"), sell([priced("tea", "4", "5")]).named("sale")];
    check(given(sold()), take_back("sale", "1"), expect([comes_to("sale", ["0", "20", "5", "5", "15"])]));
    let less = ims_core::order::ReturnedLine { refund: Some(amount("4")), ..back(0, "1") };
    let facts = [comes_to("sale", ["0", "20", "5", "4", "16"])];
    check(given(sold()), take_back_lines("sale", None, [less]), expect(facts));
}

/// What a purchase order comes to: cancelled, received, and to pay.
fn costs(amounts: [&'static str; 3]) -> Fact {
    let is = move |purchase: &Purchase| {
        let has = purchase.amounts;
        purchase.total == amount("20") && [has.cancelled, has.received, has.to_pay] == amounts.map(amount)
    };
    receipt_is(move |receipt| match receipt {
        Receipt::PurchaseReceived { purchase, .. }
        | Receipt::PurchasePlaced(purchase)
        | Receipt::PurchaseClosed(purchase)
        | Receipt::PurchaseCancelled(purchase) => is(purchase),
        _ => false,
    })
}

#[test]
fn a_purchase_comes_to_what_its_goods_cost_when_they_came() {
    let ordered = || [item("tea"), purchase([costed("tea", "10", "2")]).named("bought")];
    let [tea, placed] = ordered();
    check(given([tea]), placed, expect([costs(["0", "0", "20"])]));
    let dear = || {
        let line = ReceivedLine { line: 0, quantity: quantity("4"), unit_cost: Some(amount("2.5")) };
        deed(ReceivePurchase { purchase: id("bought"), lines: Some(vec![line]) })
    };
    check(given(ordered()), dear(), expect([costs(["0", "10", "22"])]));
    let [tea, placed] = ordered();
    let close = deed(ClosePurchase { purchase: id("bought") });
    check(given([tea, placed, dear()]), close, expect([costs(["12", "10", "10"])]));
}

fn somebody(name: &str, city: &str) -> Patch<Contact> {
    Patch::Set(Contact { city: city.into(), address: "2 New Street".into(), ..Contact::named(name) })
}

#[test]
fn a_sale_keeps_its_customer_as_it_was() {
    let to = |name: &'static str| {
        deed(Sell { customer: Some(id("regular")), ..Sell::new(id("main"), vec![line("tea", "1")]) }).named(name)
    };
    let renamed = deed(UpdateCustomer {
        customer: id("regular"),
        contact: somebody("Smith & Daughters", "Leeds"),
        standing: Patch::Keep,
        if_tag: None,
    });
    let was = |order: &'static str, name: &'static str, city: &'static str| {
        order_is(order, move |order| {
            order.party.as_ref().is_some_and(|party| &*party.name == name && &*party.city == city)
        })
    };
    let shop = given([item("tea"), receive("tea", "4", "1"), to("before"), renamed.clone()]);
    let facts = [was("before", "Somebody", ""), was("after", "Smith & Daughters", "Leeds")];
    check(shop, to("after"), expect(facts));
    // What comes back of it is of whom it was sold to.
    let shop = given([item("tea"), receive("tea", "4", "1"), to("before"), renamed]);
    let back = receipt_is(|receipt| match receipt {
        Receipt::GoodsReturned { goods, .. } => goods.party.as_ref().is_some_and(|party| &*party.name == "Somebody"),
        _ => false,
    });
    check(shop, take_back("before", "1"), expect([back]));
}

#[test]
fn a_purchase_keeps_its_supplier_as_it_was() {
    let renamed = deed(UpdateSupplier {
        supplier: id("wholesale"),
        contact: somebody("Tea & Sons", "Hull"),
        standing: Patch::Keep,
        if_tag: None,
    });
    let shop = given([item("tea"), purchase([costed("tea", "1", "1")]).named("bought"), renamed]);
    let was = receipt_is(|receipt| match receipt {
        Receipt::PurchaseReceived { purchase, .. } => {
            purchase.party.as_ref().is_some_and(|party| &*party.name == "Somebody")
        }
        _ => false,
    });
    check(shop, arrive("bought"), expect([was]));
}
