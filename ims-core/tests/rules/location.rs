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
fn a_retired_site_takes_nothing_in_and_can_be_emptied() {
    let retired = || given([item("tea"), receive("tea", "5", "1"), stand("main", Standing::Retired)]);
    let refusal = || refused(Rejection::LocationRetired { location: "main".into() });
    check(retired(), receive("tea", "1", "1"), expect([refusal()]));
    check(retired(), sell([line("tea", "1")]), expect([refusal()]));
    check(retired(), hold("tea", "1", "10:00"), expect([refusal()]));
    check(retired(), transfer_between("east", "main", "tea", "1"), expect([refusal()]));
    check(retired(), transfer("tea", "5"), expect([on_hand("tea", "0"), on_hand_at("east", "tea", "5")]));
    check(retired(), lose("tea", "5"), expect([on_hand("tea", "0")]));
    check(retired(), send_back("tea", "5"), expect([on_hand("tea", "0")]));
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
