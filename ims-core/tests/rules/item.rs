//! Items: what is bought and sold.

use crate::words::*;
use ims_core::{
    CostingMethod, Item, ItemId, Patch, Receipt, Rejection, Sku, Standing, Tracking, Unit,
    item::{CreateItem, RetireItem, UpdateItem},
    limits,
    order::OnShortage,
};

fn sku(text: &str) -> Sku {
    text.parse().unwrap()
}

fn retire(name: &str) -> Deed {
    deed(RetireItem { item: id(name) })
}

fn update(name: &str, change: impl FnOnce(&mut UpdateItem)) -> Deed {
    let mut update = UpdateItem::new(id(name));
    change(&mut update);
    deed(update)
}

#[test]
fn a_sku_is_taken_once_whatever_its_case() {
    let create = CreateItem::new(sku("TEA"), "Tea");
    check(
        given([item("tea")]),
        deed(create),
        expect([refused(Rejection::SkuTaken { sku: sku("TEA"), by: id("tea") })]),
    );
    let rename = update("cup", |update| update.sku = Patch::Set(sku("Tea")));
    let refusal = refused(Rejection::SkuTaken { sku: sku("Tea"), by: id("tea") });
    check(given([item("tea"), item("cup")]), rename, expect([refusal]));
}

#[test]
fn a_sku_may_change_its_case() {
    let rename = update("tea", |update| update.sku = Patch::Set(sku("TEA")));
    check(given([item("tea")]), rename, expect([done()]));
}

#[test]
fn a_sku_that_was_given_up_can_be_taken() {
    let rename = update("tea", |update| update.sku = Patch::Set(sku("green-tea")));
    check(given([item("tea"), rename]), deed(CreateItem::new(sku("tea"), "Tea")), expect([done(), told()]));
}

#[test]
fn a_barcode_is_taken_once() {
    let with_barcode = |name| item_with(name, |item| item.barcodes = vec!["4006381333931".into()]);
    let refusal = Rejection::BarcodeTaken { barcode: "4006381333931".into(), by: id("tea") };
    check(given([with_barcode("tea")]), with_barcode("cup"), expect([refused(refusal)]));
    let give_up = update("tea", |update| update.barcodes = Patch::Set(Vec::new()));
    check(given([with_barcode("tea"), give_up]), with_barcode("cup"), expect([done()]));
}

#[test]
fn a_sku_and_a_barcode_are_one_set_of_names() {
    let milk = || item_with("milk", |item| item.barcodes = vec!["4006381333931".into()]);
    for spelling in ["4006381333931", "04006381333931"] {
        let key = item_with("key", |item| item.sku = sku(spelling));
        let refusal = Rejection::SkuTaken { sku: sku(spelling), by: id("milk") };
        check(given([milk()]), key, expect([refused(refusal)]));
    }
    let key = item_with("key", |item| item.barcodes = vec!["MILK".into()]);
    let refusal = Rejection::BarcodeTaken { barcode: "MILK".into(), by: id("milk") };
    check(given([item("milk")]), key, expect([refused(refusal)]));
    // An item's own SKU may stand on its label.
    let own = item_with("milk", |item| item.barcodes = vec!["Milk".into(), "4006381333931".into()]);
    check(given([]), own, expect([done()]));
    let update = update("milk", |update| update.barcodes = Patch::Set(vec!["MILK".into()]));
    check(given([milk(), update]), item_with("key", |item| item.sku = sku("4006381333931")), expect([done()]));
}

#[test]
fn one_number_of_goods_names_one_item_in_every_width() {
    let with = |name, barcode: &'static str| item_with(name, |item| item.barcodes = vec![barcode.into()]);
    for other in ["0012345678905", "00012345678905"] {
        let refusal = Rejection::BarcodeTaken { barcode: other.into(), by: id("rice") };
        check(given([with("rice", "012345678905")]), with("more", other), expect([refused(refusal)]));
    }
    let both = item_with("rice", |item| item.barcodes = vec!["012345678905".into(), "0012345678905".into()]);
    check(given([]), both, expect([invalid("barcodes", "must not be the same twice")]));
}

#[test]
fn a_wrong_check_digit_is_told_with_the_right_one() {
    let wrong = || item_with("tea", |item| item.barcodes = vec!["4006381333931".into(), "4006381333932".into()]);
    let refusal = Rejection::WrongCheckDigit { barcode: "4006381333932".into(), expected: 1 };
    let says = "barcode 4006381333932 has a wrong check digit: 1 should stand at its end; read it again from the package, or \
                put a letter before a code of your own";
    assert_eq!(refusal.to_string(), says);
    check(given([]), wrong(), expect([refused(refusal)]));
    // What no number of goods is as long as, and what has a letter, is a code of the shop's own.
    for own in ["12345", "123456789", "A4006381333932", "978-0-471-11709-5"] {
        check(given([]), item_with("tea", |item| item.barcodes = vec![own.into()]), expect([done()]));
    }
    // A SKU is the shop's own, however many digits it has.
    check(given([]), item_with("tea", |item| item.sku = sku("4006381333932")), expect([done()]));
}

#[test]
fn a_name_is_one_composed_and_decomposed() {
    let cafe = item_with("tea", |item| item.sku = sku("caf\u{e9}"));
    let again = item_with("cup", |item| item.sku = sku("CAFE\u{301}"));
    let refusal = Rejection::SkuTaken { sku: sku("CAFE\u{301}"), by: id("tea") };
    check(given([cafe]), again, expect([refused(refusal)]));
}

#[test]
fn a_hidden_character_is_refused_in_codes() {
    let problem =
        "must not hold a hidden or unknown character (character 4 is U+200B): type it by hand instead of pasting it";
    let hidden = || "TEA\u{200b}".to_owned();
    check(given([]), item_with("tea", |item| item.sku = sku(&hidden())), expect([invalid("sku", problem)]));
    let barcode = item_with("tea", |item| item.barcodes = vec![hidden().into()]);
    check(given([]), barcode, expect([invalid("barcodes", problem)]));
    let rename = update("tea", |update| update.sku = Patch::Set(sku(&hidden())));
    check(given([item("tea")]), rename, expect([invalid("sku", problem)]));
    let turned = item_with("tea", |item| item.name = "Tea \u{202e}rood".into());
    let problem =
        "must not hold a hidden or unknown character (character 5 is U+202E): type it by hand instead of pasting it";
    check(given([]), turned, expect([invalid("name", problem)]));
}

#[test]
fn barcodes_are_few_and_different() {
    let twice = item_with("tea", |item| item.barcodes = vec!["1".into(), "1".into()]);
    check(given([]), twice, expect([invalid("barcodes", "must not be the same twice")]));
    let codes = |count: usize| (0..count).map(|number| number.to_string().into()).collect();
    let many = item_with("tea", |item| item.barcodes = codes(limits::BARCODES_PER_ITEM + 1));
    check(given([]), many, expect([invalid("barcodes", "are too many")]));
    let enough = item_with("tea", |item| item.barcodes = codes(limits::BARCODES_PER_ITEM));
    check(given([]), enough, expect([done()]));
}

#[test]
fn a_barcode_has_nothing_in_it_that_stands_between_two() {
    for code in ["A|B", "A;B"] {
        let with = item_with("tea", |item| item.barcodes = vec![code.into()]);
        check(given([]), with, expect([invalid("barcodes", "must have no | and no ; in it")]));
        let update = update("tea", |update| update.barcodes = Patch::Set(vec![code.into()]));
        check(given([item("tea")]), update, expect([invalid("barcodes", "must have no | and no ; in it")]));
    }
    let with = item_with("tea", |item| item.barcodes = vec!["A/B,C-D".into()]);
    check(given([]), with, expect([done()]));
}

#[test]
fn a_category_is_a_path() {
    let in_category = |category: &str| {
        let category = category.into();
        item_with("tea", |item| item.category = category)
    };
    check(given([]), in_category("Drinks/Green tea"), expect([done()]));
    let problem = "must be names with a slash between them and no blanks around";
    for category in ["Drinks/", "/Drinks", "Drinks//Tea", "Drinks / Tea"] {
        check(given([]), in_category(category), expect([invalid("category", problem)]));
    }
}

#[test]
fn costs_and_prices_are_not_below_zero() {
    let dear = |field: &str| refused(Rejection::AmountNegative { field: field.into(), amount: amount("-1") });
    let cost = item_with("tea", |item| item.standard_cost = Some(amount("-1")));
    check(given([]), cost, expect([dear("standard_cost")]));
    let price = |item: &mut CreateItem| item.price = Some(amount("-1"));
    check(given([]), item_with("tea", price), expect([dear("price")]));
    // A credit is a service with a price below zero.
    let credit = item_with("credit", |item| {
        price(item);
        item.tracking = Some(Tracking::Service);
    });
    check(given([]), credit, expect([done()]));
}

#[test]
fn what_is_counted_at_standard_has_a_standard_cost() {
    let costing = item_with("tea", |item| item.costing = Some(CostingMethod::Standard));
    check(given([]), costing, expect([refused(Rejection::CostUnknown { sku: sku("tea") })]));
}

#[test]
fn thresholds_are_quantities_of_the_item() {
    let below = item_with("tea", |item| item.reorder_point = Some(quantity("-1")));
    check(given([]), below, expect([invalid("reorder_point", "must not be below zero")]));
    let below = item_with("tea", |item| item.backorder_limit = quantity("-1"));
    check(given([]), below, expect([invalid("backorder_limit", "must not be below zero")]));
    let levels = |point: &str, target: &str| {
        let (point, target) = (quantity(point), quantity(target));
        item_with("tea", move |item| (item.reorder_point, item.reorder_to) = (Some(point), Some(target)))
    };
    let too_low = || expect([invalid("reorder_to", "must not be below the reorder point")]);
    check(given([]), levels("5", "4"), too_low());
    check(given([]), levels("5", "5"), expect([done()]));
    let raise = update("tea", |update| update.reorder_point = Patch::Set(Some(quantity("6"))));
    check(given([levels("5", "5")]), raise, too_low());
    let lower = update("tea", |update| update.reorder_to = Patch::Set(Some(quantity("4"))));
    check(given([levels("5", "5")]), lower, too_low());
    let both = update("tea", |update| {
        (update.reorder_point, update.reorder_to) = (Patch::Set(Some(quantity("8"))), Patch::Set(Some(quantity("9"))));
    });
    check(given([levels("5", "5")]), both, expect([done()]));
    let half = item_with("tea", |item| item.reorder_to = Some(quantity("0.5")));
    let refusal = Rejection::QuantityTooFine { sku: sku("tea"), quantity: quantity("0.5"), decimals: 0 };
    check(given([]), half, expect([refused(refusal)]));
}

#[test]
fn an_unknown_item_is_named() {
    let item: ItemId = id("nothing");
    check(given([]), retire("nothing"), expect([refused(Rejection::UnknownItem { item })]));
    check(given([]), deed(UpdateItem::new(item)), expect([refused(Rejection::UnknownItem { item })]));
    check(given([]), receive("nothing", "1", "1"), expect([refused(Rejection::UnknownItem { item })]));
}

#[test]
fn a_retired_item_is_neither_bought_nor_sold_and_can_be_cleared() {
    let shop = || given([item("tea"), receive("tea", "5", "1"), sell([line("tea", "1")]).named("sale"), retire("tea")]);
    let refusal = || refused(Rejection::ItemRetired { sku: sku("tea") });
    check(shop(), sell([line("tea", "1")]), expect([refusal()]));
    check(shop(), receive("tea", "1", "1"), expect([refusal()]));
    check(shop(), purchase([costed("tea", "1", "1")]), expect([refusal()]));
    check(shop(), hold("tea", "1", "10:00"), expect([refusal()]));
    check(shop(), retire("tea"), expect([refusal()]));
    check(shop(), lose("tea", "4"), expect([on_hand("tea", "0")]));
    check(shop(), transfer("tea", "4"), expect([on_hand_at("east", "tea", "4")]));
    check(shop(), send_back("tea", "4"), expect([on_hand("tea", "0")]));
    check(shop(), take_back("sale", "1"), expect([on_hand("tea", "5")]));
}

#[test]
fn an_item_is_not_retired_while_something_is_open_with_it() {
    let in_use = || refused(Rejection::ItemInUse { sku: sku("tea"), site: "main".into() });
    let wanted = item_with("tea", |item| item.backorder_limit = quantity("9"));
    let waiting = given([wanted, order_or(OnShortage::Backorder, [line("tea", "1")])]);
    check(waiting, retire("tea"), expect([in_use()]));
    let allocated = given([item("tea"), receive("tea", "1", "1"), order([line("tea", "1")])]);
    check(allocated, retire("tea"), expect([in_use()]));
    let incoming = || given([item("tea"), purchase([costed("tea", "1", "1")])]);
    check(incoming(), retire("tea"), expect([in_use()]));
    let update = update("tea", |update| update.standing = Patch::Set(Standing::Retired));
    check(incoming(), update, expect([in_use()]));
}

#[test]
fn a_retired_item_can_be_put_back_into_trade() {
    let revive = update("tea", |update| update.standing = Patch::Set(Standing::Active));
    check(given([item("tea"), retire("tea"), revive]), receive("tea", "1", "1"), expect([on_hand("tea", "1")]));
}

#[test]
fn a_unit_counts_more_finely_at_any_time_and_less_finely_never() {
    let decimals = |decimals| update("tea", |update| update.unit = Patch::Set(Unit::new("piece", decimals).unwrap()));
    check(given([item("tea"), receive("tea", "3", "2")]), decimals(2), expect([done(), on_hand("tea", "3")]));
    let finer = || given([item("tea"), receive("tea", "3", "2"), decimals(2)]);
    check(finer(), sell([line("tea", "0.25")]), expect([on_hand("tea", "2.75")]));
    let refusal = Rejection::ItemInUse { sku: sku("tea"), site: "main".into() };
    check(finer(), decimals(0), expect([refused(refusal)]));
}

#[test]
fn unit_tracking_and_costing_change_only_while_there_is_none() {
    let changes: [fn(&mut UpdateItem); 3] = [
        |update| update.unit = Patch::Set(Unit::new("kg", 3).unwrap()),
        |update| update.tracking = Patch::Set(Tracking::Service),
        |update| update.costing = Patch::Set(CostingMethod::Average),
    ];
    for change in changes {
        let refusal = Rejection::ItemInUse { sku: sku("tea"), site: "main".into() };
        check(given([item("tea"), receive("tea", "1", "1")]), update("tea", change), expect([refused(refusal)]));
        let emptied = given([item("tea"), receive("tea", "1", "1"), sell([line("tea", "1")])]);
        check(emptied, update("tea", change), expect([done()]));
    }
}

#[test]
fn what_was_sold_keeps_the_name_it_was_sold_under() {
    let shop = [item("tea"), receive("tea", "1", "1"), sell([line("tea", "1")]).named("sale")];
    let rename = update("tea", |update| update.name = Patch::Set("Green tea".into()));
    let unchanged = order_line("sale", 0, |line| &*line.name == "tea");
    let renamed = |item: &Item| &*item.name == "Green tea";
    let told = receipt_is(move |receipt| matches!(receipt, Receipt::ItemUpdated(item) if renamed(item)));
    check(given(shop), rename, expect([unchanged, told]));
}
