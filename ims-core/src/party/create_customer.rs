use super::{check_code, check_contact};
use crate::{
    command::Decide,
    draft::{Decided, Draft, reject},
    rules,
    store::ReadSet,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Adds a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateCustomer {
    /// The shop's short code for it, unique among customers when folded.
    pub code: Text,
    /// How to reach it.
    pub contact: Contact,
}

impl Decide for CreateCustomer {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.names.insert(Name::customer(&self.code));
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        check_code(&self.code)?;
        check_contact(&self.contact, None)?;
        rules::open_shop(ctx, draft)?;
        if draft.named(&Name::customer(&self.code))?.is_some() {
            return reject(Rejection::CodeTaken { taken: Arc::clone(&self.code) });
        }

        let customer = Arc::new(Customer {
            id: ctx.id.into(),
            code: Arc::clone(&self.code),
            contact: self.contact.clone(),
            standing: Standing::Active,
        });
        draft.put_customer(Arc::clone(&customer))?;
        Ok(Receipt::CustomerCreated(customer))
    }
}
