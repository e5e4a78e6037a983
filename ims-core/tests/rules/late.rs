//! What may be entered late: nothing that was not possible then.

use crate::words::*;
use ims_core::{
    Receipt, Rejection, Timestamp,
    order::{OnShortage, PlaceOrder},
    purchase::{CancelPurchase, ClosePurchase},
    stock::ExtendHold,
};

/// Five of January, which were sold on the tenth, and five of March; it is the fifth of March.
fn bought_twice() -> Given {
    given([
        item("tea").at("2026-01-01 08:00"),
        receive("tea", "5", "1").at("2026-01-01 09:00"),
        sell([line("tea", "5")]).at("2026-01-10 09:00"),
        receive("tea", "5", "9").at("2026-03-01 09:00"),
        receive_at("east", [costed("tea", "1", "1")]).at("2026-03-05 09:00"),
    ])
}

/// What a late entry is refused with that takes goods which were not there.
fn not_there(wanted: &str, at: &str, on_hand: &str, lowest: &str, lowest_at: &str) -> Fact {
    refused(Rejection::InsufficientStockThen {
        sku: "tea".parse().unwrap(),
        site: "main".into(),
        wanted: quantity(wanted),
        occurred_at: time(at),
        on_hand: quantity(on_hand),
        lowest: quantity(lowest),
        lowest_at: time(lowest_at),
    })
}

#[test]
fn goods_that_were_not_there_cannot_have_left() {
    let on = "2026-02-01 09:00";
    for takes in [sell([line("tea", "3")]), lose("tea", "3"), transfer("tea", "3"), send_back("tea", "3")] {
        check(bought_twice(), takes.occurred(on), expect([not_there("3", on, "0", "0", on)]));
    }
    // They were there then, and are needed for what was sold later.
    let on = "2026-01-05 09:00";
    check(
        bought_twice(),
        sell([line("tea", "3")]).occurred(on),
        expect([not_there("3", on, "5", "0", "2026-01-10 09:00")]),
    );
    // Before there were any at all.
    let on = "2025-12-31 09:00";
    check(bought_twice(), lose("tea", "1").occurred(on), expect([not_there("1", on, "0", "0", on)]));
}

#[test]
fn goods_that_were_there_can_have_left() {
    for takes in [sell([line("tea", "5")]), lose("tea", "5"), transfer("tea", "5"), send_back("tea", "5")] {
        check(bought_twice(), takes.occurred("2026-03-01 09:00"), expect([on_hand("tea", "0"), cost("45")]));
    }
}

#[test]
fn a_day_begins_before_the_goods_of_its_afternoon() {
    let on = "2026-03-01 00:00";
    check(bought_twice(), sell([line("tea", "1")]).occurred(on), expect([not_there("1", on, "0", "0", on)]));
}

#[test]
fn lines_of_one_item_count_together() {
    let on = "2026-03-01 09:00";
    let more = || receive("tea", "5", "1").at("2026-03-04 09:00");
    let shop = || given([item("tea").at("2026-03-01 08:00"), receive("tea", "5", "1").at(on), more()]);
    check(shop(), sell([line("tea", "5")]).occurred(on), expect([done()]));
    let split = sell([line("tea", "3"), line("tea", "3")]).occurred(on);
    check(shop(), split, expect([not_there("6", on, "5", "5", on)]));
    check(shop(), sell([line("tea", "6")]).occurred(on), expect([not_there("6", on, "5", "5", on)]));
}

#[test]
fn what_came_to_another_site_was_not_here() {
    let shop = given([
        item("tea"),
        receive("tea", "2", "1"),
        receive_at("east", [costed("tea", "9", "1")]),
        transfer_between("east", "main", "tea", "4").at("11:00"),
        lose("tea", "1").at("12:00"),
    ]);
    check(shop, lose("tea", "3").occurred("10:00"), expect([not_there("3", "10:00", "2", "2", "10:00")]));
}

#[test]
fn an_entry_of_now_is_bound_by_what_is_there_now() {
    // The clock of the till that sells is a second behind that of the one that received.
    let shop = given([item("tea"), receive("tea", "5", "1").at("2026-03-02 09:01")]);
    check(shop, sell([line("tea", "5")]).at("2026-03-02 09:00"), expect([done(), on_hand("tea", "0")]));
    let shop = given([item("tea"), receive("tea", "5", "1"), order([line("tea", "1")]).named("web").at("09:01")]);
    check(shop, ship("web").at("09:00"), expect([done()]));
    let shop = given([item("tea"), receive("tea", "5", "1").at("09:01")]);
    check(shop, sell([line("tea", "5")]).at("09:01").occurred("09:01"), expect([done()]));
}

#[test]
fn goods_may_come_late() {
    // They are older than those that are there, and leave before them.
    let shop = || {
        given([
            item("tea"),
            receive("tea", "5", "2").at("10:00"),
            receive("tea", "5", "1").at("12:00").occurred("09:30"),
        ])
    };
    check(shop(), sell([line("tea", "5")]), expect([cost("5"), on_hand("tea", "5")]));
    check(shop(), sell([line("tea", "5")]).occurred("09:30"), expect([cost("5")]));
    check(shop(), sell([line("tea", "6")]).occurred("09:45"), expect([not_there("6", "09:45", "5", "5", "09:45")]));
}

/// A refusal of what happened before something that it follows.
fn too_soon(at: &str, earlier: &str, happened_at: &str) -> Fact {
    let (occurred_at, happened_at): (Timestamp, Timestamp) = (time(at), time(happened_at));
    refused(Rejection::OccursBefore { occurred_at, earlier: earlier.into(), happened_at })
}

#[test]
fn an_order_is_placed_before_anything_else_happens_to_it() {
    let shop = || {
        given([
            item("tea").at("2026-02-01 09:00"),
            receive("tea", "9", "1"),
            order([line("tea", "3")]).at("2026-03-01 09:00").named("web"),
            ship_part("web", 0, "1").at("2026-03-03 09:00"),
            receive("tea", "1", "1").at("2026-03-09 09:00"),
        ])
    };
    let placed = |at| expect([too_soon(at, "order MAIN-1 was placed", "2026-03-01 09:00")]);
    check(shop(), ship("web").occurred("2026-02-10 09:00"), placed("2026-02-10 09:00"));
    check(shop(), cancel("web").occurred("2026-02-10 09:00"), placed("2026-02-10 09:00"));
    check(shop(), ship("web").occurred("2026-03-01 09:00"), expect([done()]));
    let left = |at| expect([too_soon(at, "goods of order MAIN-1 left", "2026-03-03 09:00")]);
    check(shop(), cancel("web").occurred("2026-03-02 09:00"), left("2026-03-02 09:00"));
    check(shop(), cancel("web").occurred("2026-03-03 09:00"), expect([done()]));
    check(shop(), take_back("web", "1").occurred("2026-03-02 09:00"), left("2026-03-02 09:00"));
    check(shop(), take_back("web", "1").occurred("2026-03-03 09:00"), expect([done()]));
}

#[test]
fn goods_come_back_after_the_shipment_that_they_left_with() {
    let shop = || {
        given([
            item("tea"),
            receive("tea", "9", "1"),
            order([line("tea", "3")]).named("web"),
            ship_part("web", 0, "1").at("10:00").named("first"),
            ship_part("web", 0, "1").at("12:00").named("second"),
            receive("tea", "1", "1").at("15:00"),
        ])
    };
    let of = |shipment: &str| take_back_lines("web", Some(shipment), [back(0, "1")]).occurred("11:00");
    check(shop(), of("first"), expect([done()]));
    check(shop(), of("second"), expect([too_soon("11:00", "goods of order MAIN-1 left", "12:00")]));
    // What the whole order has out would have to have left by then.
    check(shop(), take_back("web", "2").occurred("11:00"), expect([refused_with("occurs_before")]));
}

#[test]
fn a_purchase_is_placed_before_anything_else_happens_to_it() {
    let shop = || {
        given([
            item("tea"),
            purchase([costed("tea", "9", "1")]).at("2026-03-03 09:00").named("bought"),
            arrive_part("bought", "2").at("2026-03-04 09:00"),
            receive("tea", "1", "1").at("2026-03-09 09:00"),
        ])
    };
    let placed = || expect([too_soon("2026-03-02 12:00", "purchase order P-MAIN-1 was placed", "2026-03-03 09:00")]);
    check(shop(), arrive("bought").occurred("2026-03-02 12:00"), placed());
    let close = || deed(ClosePurchase { purchase: id("bought") });
    check(shop(), close().occurred("2026-03-02 12:00"), placed());
    let came = too_soon("2026-03-03 12:00", "goods of purchase order P-MAIN-1 came", "2026-03-04 09:00");
    check(shop(), close().occurred("2026-03-03 12:00"), expect([came]));
    check(shop(), close().occurred("2026-03-04 09:00"), expect([done()]));
    // One that came in part before another part is a receipt like any other.
    check(shop(), arrive_part("bought", "1").occurred("2026-03-03 12:00"), expect([done()]));
    let untouched = given([
        item("tea"),
        purchase([costed("tea", "9", "1")]).at("10:00").named("bought"),
        receive("tea", "1", "1").at("12:00"),
    ]);
    let cancel = deed(CancelPurchase { purchase: id("bought") }).occurred("09:30");
    check(untouched, cancel, expect([too_soon("09:30", "purchase order P-MAIN-1 was placed", "10:00")]));
}

#[test]
fn a_hold_is_placed_before_it_is_used_extended_or_ended() {
    let extend = || deed(ExtendHold { hold: id("basket"), until: time("20:00") });
    let shop = || {
        given([
            item("tea"),
            receive("tea", "9", "1"),
            hold("tea", "1", "18:00").at("10:00").named("basket"),
            extend().at("12:00"),
            receive("tea", "1", "1").at("15:00"),
        ])
    };
    for follows in [
        release("basket"),
        extend(),
        sell_held([line("tea", "1")], &["basket"]),
        deed(PlaceOrder { holds: vec![id("basket")], ..PlaceOrder::new(id("main"), vec![line("tea", "1")]) }),
    ] {
        check(shop(), follows.clone().occurred("11:00"), expect([refused_with("occurs_before")]));
        check(shop(), follows.occurred("12:00"), expect([done()]));
    }
}

#[test]
fn what_follows_from_a_late_receipt_is_so_from_now_on() {
    // The order was placed after the goods came that it gets now.
    let limit = |item: &mut ims_core::item::CreateItem| item.backorder_limit = quantity("9");
    let shop = given([
        item_with("tea", limit),
        order_or(OnShortage::Backorder, [line("tea", "2")]).at("12:00").named("web"),
        receive_at("east", [costed("tea", "1", "1")]).at("15:00"),
    ]);
    let facts = expect([filled([("web", 0, "2")]), happened(["10:00", "15:00", "15:00"])]);
    check(shop, receive("tea", "2", "1").occurred("10:00"), facts);
}

#[test]
fn who_does_not_keep_the_books_enters_what_happened_lately() {
    let shop = || given([item("tea"), receive("tea", "5", "1"), receive("tea", "1", "1").at("2026-03-12 09:00")]);
    let earliest = "2026-03-05 09:00";
    let refusal = Rejection::OccursTooEarly { occurred_at: time("2026-03-05 08:59"), earliest: time(earliest) };
    let sale = || sell([line("tea", "1")]).earliest(earliest);
    check(shop(), sale().occurred("2026-03-05 08:59"), expect([refused(refusal)]));
    check(shop(), sale().occurred(earliest), expect([done()]));
    check(shop(), sale(), expect([done()]));
    check(shop(), sell([line("tea", "1")]).occurred("2026-03-02 09:00"), expect([done()]));
    let is_sold = |receipt: &Receipt| matches!(receipt, Receipt::Sold { .. });
    check(shop(), sale().occurred("2026-03-11 00:00"), expect([receipt_is(is_sold)]));
}
