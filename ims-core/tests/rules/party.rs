//! Those the shop trades with.

use crate::words::*;
use ims_core::{
    Contact, CustomerId, Patch, Rejection, Standing, SupplierId,
    order::Sell,
    party::{CreateCustomer, CreateSupplier, UpdateCustomer, UpdateSupplier},
    stock::{ReceiveStock, SendBackStock},
};

fn retire_supplier() -> Deed {
    let standing = Patch::Set(Standing::Retired);
    deed(UpdateSupplier { supplier: id("wholesale"), contact: Patch::Keep, standing, if_tag: None })
}

fn retire_customer() -> Deed {
    let standing = Patch::Set(Standing::Retired);
    deed(UpdateCustomer { customer: id("regular"), contact: Patch::Keep, standing, if_tag: None })
}

fn sell_to(customer: CustomerId) -> Deed {
    deed(Sell { customer: Some(customer), ..Sell::new(id("main"), vec![line("tea", "1")]) })
}

fn receive_from(supplier: SupplierId) -> Deed {
    deed(ReceiveStock { site: id("main"), supplier: Some(supplier), lines: vec![costed("tea", "1", "1")] })
}

#[test]
fn a_code_is_taken_once_whatever_its_case() {
    let contact = || Contact::named("Somebody else");
    let refusal = || refused(Rejection::CodeTaken { taken: "w".into() });
    check(given([]), deed(CreateSupplier { code: "w".into(), contact: contact() }), expect([refusal()]));
    // Suppliers and customers have codes of their own.
    check(given([]), deed(CreateCustomer { code: "w".into(), contact: contact() }), expect([done(), told()]));
    let refusal = refused(Rejection::CodeTaken { taken: "r".into() });
    check(given([]), deed(CreateCustomer { code: "r".into(), contact: contact() }), expect([refusal]));
}

#[test]
fn a_contact_has_a_name() {
    let contact = Contact::named("");
    check(
        given([]),
        deed(CreateSupplier { code: "X".into(), contact }),
        expect([invalid("name", "must not be empty")]),
    );
    let contact = Contact { city: " London".into(), ..Contact::named("Somebody") };
    let update =
        UpdateCustomer { customer: id("regular"), contact: Patch::Set(contact), standing: Patch::Keep, if_tag: None };
    check(given([]), deed(update), expect([invalid("city", "must not begin or end with a space")]));
}

#[test]
fn an_address_has_lines_and_a_city_has_not() {
    let with = |address: &str, city: &str| {
        let contact = Contact { address: address.into(), city: city.into(), ..Contact::named("Somebody") };
        deed(CreateSupplier { code: "X".into(), contact })
    };
    check(given([]), with("1 High Street\nBack door", "Leeds"), expect([done()]));
    let problem = "must not hold a control character (character 6)";
    check(given([]), with("", "Leeds\nEngland"), expect([invalid("city", problem)]));
}

#[test]
fn an_unknown_party_is_named() {
    let supplier: SupplierId = id("nobody");
    let customer: CustomerId = id("nobody");
    let shop = || given([item("tea"), receive("tea", "5", "1")]);
    check(shop(), receive_from(supplier), expect([refused(Rejection::UnknownSupplier { supplier })]));
    check(shop(), sell_to(customer), expect([refused(Rejection::UnknownCustomer { customer })]));
    let update = UpdateSupplier { supplier, contact: Patch::Keep, standing: Patch::Keep, if_tag: None };
    check(shop(), deed(update), expect([refused(Rejection::UnknownSupplier { supplier })]));
    let update = UpdateCustomer { customer, contact: Patch::Keep, standing: Patch::Keep, if_tag: None };
    check(shop(), deed(update), expect([refused(Rejection::UnknownCustomer { customer })]));
}

#[test]
fn what_is_open_with_a_retired_party_comes_to_its_end() {
    let bought = purchase([costed("tea", "2", "1")]).named("bought");
    check(given([item("tea"), bought, retire_supplier()]), arrive("bought"), expect([on_hand("tea", "2")]));
    let to_regular = ims_core::order::PlaceOrder {
        customer: Some(id("regular")),
        ..ims_core::order::PlaceOrder::new(id("main"), vec![line("tea", "1")])
    };
    let sold = deed(to_regular).named("sold");
    let shop = given([item("tea"), receive("tea", "5", "1"), sold, retire_customer()]);
    check(shop, ship("sold"), expect([on_hand("tea", "4")]));
}

#[test]
fn one_does_not_trade_with_a_retired_party() {
    let shop = || given([item("tea"), receive("tea", "5", "1"), retire_supplier(), retire_customer()]);
    let retired = || refused(Rejection::SupplierRetired { supplier: "W".into() });
    check(shop(), receive_from(id("wholesale")), expect([retired()]));
    check(shop(), purchase([costed("tea", "1", "1")]), expect([retired()]));
    let refusal = refused(Rejection::CustomerRetired { customer: "R".into() });
    check(shop(), sell_to(id("regular")), expect([refusal]));
}

#[test]
fn goods_can_be_sent_back_to_a_retired_supplier() {
    let command = SendBackStock { site: id("main"), supplier: Some(id("wholesale")), lines: vec![goods("tea", "1")] };
    let shop = given([item("tea"), receive("tea", "5", "1"), retire_supplier()]);
    check(shop, deed(command), expect([on_hand("tea", "4")]));
}

#[test]
fn a_retired_party_can_come_back() {
    let standing = Patch::Set(Standing::Active);
    let back = deed(UpdateCustomer { customer: id("regular"), contact: Patch::Keep, standing, if_tag: None });
    let shop = given([item("tea"), receive("tea", "5", "1"), retire_customer(), back]);
    check(shop, sell_to(id("regular")), expect([done()]));
}
