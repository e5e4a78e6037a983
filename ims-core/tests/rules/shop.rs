//! The shop itself.

use crate::words::*;
use ims_core::{
    Patch, Rejection,
    item::UpdateItem,
    location::CreateLocation,
    order::{PlaceOrder, Sell},
    period::ClosePeriod,
    shop::OpenShop,
    stock::ReceiveStock,
};

fn open(name: &str) -> Deed {
    deed(OpenShop::new(name, "EUR".parse().unwrap()))
}

#[test]
fn nothing_can_be_done_before_the_shop_is_open() {
    let sale = Sell::new(id("main"), vec![line("tea", "1")]);
    let lines = vec![costed("tea", "1", "1")];
    let receipt = ReceiveStock { site: id("main"), supplier: None, lines };
    let site = CreateLocation { code: "main".into(), name: "Main".into() };
    let closing = ClosePeriod::new("2026-02-28".parse().unwrap());
    for command in [deed(sale), deed(receipt), deed(site), deed(closing), item("tea"), hold("tea", "1", "10:00")] {
        check(given_nothing(), command, expect([refused(Rejection::ShopNotOpen)]));
    }
}

#[test]
fn a_shop_is_opened_once() {
    check(given_nothing(), open("Shop"), expect([done(), told()]));
    check(given([]), open("Another"), expect([refused(Rejection::ShopAlreadyOpen)]));
}

#[test]
fn a_name_is_one_line_of_text() {
    check(given_nothing(), open(""), expect([invalid("name", "must not be empty")]));
    check(given_nothing(), open(" Shop"), expect([invalid("name", "must not begin or end with a space")]));
    let problem = "must not hold a control character (character 5)";
    check(given_nothing(), open("Shop\n2"), expect([invalid("name", problem)]));
    check(given_nothing(), open(&"x".repeat(201)), expect([invalid("name", "must not be longer than 200 characters")]));
}

#[test]
fn prices_are_in_the_currency_of_the_books() {
    let (gbp, eur) = ("GBP".parse().unwrap(), "EUR".parse().unwrap());
    let in_pounds = || PlaceOrder { currency: Some(gbp), ..PlaceOrder::new(id("main"), vec![line("tea", "1")]) };
    let refusal = Rejection::CurrencyMismatch { given: gbp, shop: eur };
    check(given([item("tea"), receive("tea", "1", "1")]), deed(in_pounds()), expect([refused(refusal)]));
    let in_euros = PlaceOrder { currency: Some(eur), ..in_pounds() };
    check(given([item("tea"), receive("tea", "1", "1")]), deed(in_euros), expect([done()]));
}

#[test]
fn a_refusal_names_the_first_thing_that_is_wrong() {
    // No such item either, but the line is wrong in itself.
    let line_first = Rejection::QuantityNotPositive { line: 0, quantity: quantity("0") };
    check(given([]), receive("nothing", "0", "1"), expect([refused(line_first)]));
    // No such site either, but nothing is asked for.
    check(given([]), deed(Sell::new(id("nowhere"), Vec::new())), expect([refused(Rejection::NoLines)]));
}

#[test]
fn an_update_that_sets_nothing_changes_nothing() {
    let update = UpdateItem { name: Patch::Keep, ..UpdateItem::new(id("tea")) };
    check(given([item("tea"), receive("tea", "3", "1")]), deed(update), expect([done(), on_hand("tea", "3")]));
}
