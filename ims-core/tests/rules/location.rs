//! Sites, and the places that goods come from and go to.

use crate::words::*;
use ims_core::{
    Location, LocationId, Patch, Receipt, Rejection, Standing,
    location::{CUSTOMERS, CreateLocation, LOSS, SERVICES, SUPPLIERS, UpdateLocation, VARIANCE},
    order::{OrderedLine, Sell},
    stock::ReceiveStock,
};

fn site(code: &str) -> Deed {
    deed(CreateLocation { code: code.into(), name: "Site".into() })
}

fn stand(site: &str, standing: Standing) -> Deed {
    let location = id(site);
    deed(UpdateLocation { location, name: Patch::Keep, standing: Patch::Set(standing), if_tag: None })
}

#[test]
fn a_code_is_taken_once_whatever_its_case() {
    check(given([]), site("MAIN"), expect([refused(Rejection::CodeTaken { taken: "MAIN".into() })]));
    check(given([]), site("north"), expect([done(), told()]));
}

#[test]
fn codes_with_a_star_are_the_virtual_locations() {
    let problem = "must not begin with a star: such codes are the virtual locations'";
    check(given([]), site("*loss"), expect([invalid("code", problem)]));
}

#[test]
fn nobody_takes_the_numbers_of_purchase_orders() {
    let problem = "must not begin with P-: such series number purchase orders";
    check(given([]), site("P-MAIN"), expect([invalid("code", problem)]));
    let sale = ims_core::order::Sell {
        series: Some("P-MAIN".into()),
        ..ims_core::order::Sell::new(id("main"), vec![line("tea", "1")])
    };
    let shop = given([item("tea"), receive("tea", "5", "1")]);
    check(shop, deed(sale), expect([invalid("series", problem)]));
}

#[test]
fn a_virtual_location_has_no_stock() {
    for (location, code) in [
        (SUPPLIERS, "*suppliers"),
        (CUSTOMERS, "*customers"),
        (LOSS, "*loss"),
        (VARIANCE, "*variance"),
        (SERVICES, "*services"),
    ] {
        let lines = vec![costed("tea", "1", "1")];
        let command = ReceiveStock { site: location, supplier: None, lines };
        let refusal = Rejection::NotASite { location: code.into() };
        check(given([item("tea")]), deed(command), expect([refused(refusal)]));
    }
}

#[test]
fn a_virtual_location_cannot_be_changed() {
    let change =
        UpdateLocation { location: LOSS, name: Patch::Set("Found".into()), standing: Patch::Keep, if_tag: None };
    check(given([]), deed(change), expect([refused(Rejection::NotASite { location: "*loss".into() })]));
}

#[test]
fn an_unknown_location_is_named() {
    let nowhere: LocationId = id("nowhere");
    let sale = Sell::new(nowhere, vec![OrderedLine::new(id("tea"), quantity("1"))]);
    check(given([item("tea")]), deed(sale), expect([refused(Rejection::UnknownLocation { location: nowhere })]));
}

#[test]
fn a_retired_site_takes_nothing_in() {
    let retired =
        || given([item("tea"), receive_at("east", [costed("tea", "5", "1")]), stand("main", Standing::Retired)]);
    let refusal = || refused(Rejection::LocationRetired { location: "main".into() });
    check(retired(), receive("tea", "1", "1"), expect([refusal()]));
    check(retired(), sell([line("tea", "1")]), expect([refusal()]));
    check(retired(), hold("tea", "1", "10:00"), expect([refusal()]));
    check(retired(), transfer_between("east", "main", "tea", "1"), expect([refusal()]));
}

#[test]
fn a_site_is_retired_once_nothing_is_left_at_it() {
    let in_use = |items, orders, purchases, holds| {
        refused(Rejection::LocationInUse { location: "main".into(), items, orders, purchases, holds })
    };
    let retire = || stand("main", Standing::Retired);
    let stocked = || [item("tea"), receive("tea", "5", "1")];
    check(given(stocked()), retire(), expect([in_use(1, 0, 0, 0)]));
    let [tea, five] = stocked();
    let promised = given([tea, five, order([line("tea", "1")]), hold("tea", "1", "10:00")]);
    check(promised, retire(), expect([in_use(1, 1, 0, 1)]));
    check(given([item("tea"), purchase([costed("tea", "2", "1")])]), retire(), expect([in_use(0, 0, 1, 0)]));
    // An order of services alone has nothing on the shelf, and is open all the same.
    check(given([service("advice"), order([line("advice", "1")])]), retire(), expect([in_use(0, 1, 0, 0)]));
    // Elsewhere it may be as it likes.
    check(given([item("tea"), receive_at("east", [costed("tea", "5", "1")])]), retire(), expect([done()]));
    for empty in [transfer("tea", "5"), lose("tea", "5"), send_back("tea", "5"), sell([line("tea", "5")])] {
        let [tea, five] = stocked();
        check(given([tea, five, empty]), retire(), expect([done()]));
    }
    let ended = given([
        item("tea"),
        purchase([costed("tea", "2", "1")]).named("bought"),
        arrive("bought"),
        order([line("tea", "2")]).named("sold"),
        ship("sold"),
    ]);
    check(ended, retire(), expect([done()]));
}

#[test]
fn a_hold_that_has_lapsed_keeps_no_site() {
    let shop =
        given([item("tea"), receive("tea", "1", "1"), hold("tea", "1", "10:00"), sell([line("tea", "1")]).at("11:00")]);
    check(shop, stand("main", Standing::Retired).at("11:00"), expect([done()]));
}

#[test]
fn what_a_site_still_has_is_told_with_what_to_do() {
    let refusal = Rejection::LocationInUse { location: "MAIN".into(), items: 3, orders: 0, purchases: 1, holds: 2 };
    assert_eq!(
        refusal.to_string(),
        "site MAIN cannot be retired yet: it has 3 items on hand, 1 open purchase order, 2 holds; transfer, sell or adjust \
         what is on hand, receive, close or cancel the purchase orders, release the holds first"
    );
}

#[test]
fn a_retired_site_can_be_put_back_into_use() {
    let retired = [item("tea"), stand("main", Standing::Retired), stand("main", Standing::Active)];
    check(given(retired), receive("tea", "1", "1"), expect([on_hand("tea", "1")]));
}

#[test]
fn a_renamed_site_keeps_its_code() {
    let rename = UpdateLocation {
        location: id("main"),
        name: Patch::Set("High Street".into()),
        standing: Patch::Keep,
        if_tag: None,
    };
    let is = |location: &Location| &*location.name == "High Street" && &*location.code == "main";
    let renamed = receipt_is(move |receipt| matches!(receipt, Receipt::LocationUpdated(location) if is(location)));
    check(given([]), deed(rename), expect([renamed]));
}
