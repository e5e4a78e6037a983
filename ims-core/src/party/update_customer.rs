use super::check_contact;
use crate::{
    command::Decide,
    draft::{Decided, Draft, reject},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Changes how to reach a customer, retires it, or takes it back. Its code stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateCustomer {
    /// Which customer.
    pub customer: CustomerId,
    /// How to reach it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub contact: Patch<Contact>,
    /// Whether the shop trades with it.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub standing: Patch<Standing>,
    /// Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP.
    /// Several, with commas between them, where one of them has to be it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_tag: Option<Text>,
}

impl Decide for UpdateCustomer {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.customers.insert(self.customer);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::open_shop(ctx, draft)?;
        let Some(customer) = draft.customer(&self.customer)? else {
            return reject(Rejection::UnknownCustomer { customer: self.customer });
        };
        tag::unchanged(&customer, self.if_tag.as_ref())?;
        if let Patch::Set(contact) = &self.contact {
            check_contact(contact, Some(&customer.contact))?;
        }

        let mut customer = Customer::clone(&customer);
        self.contact.apply(&mut customer.contact);
        self.standing.apply(&mut customer.standing);
        let customer = Arc::new(customer);
        draft.put_customer(Arc::clone(&customer))?;
        Ok(Receipt::CustomerUpdated(customer))
    }
}
