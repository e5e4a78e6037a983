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

/// Adds a supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateSupplier {
    /// The shop's short code for it, unique among suppliers when folded.
    pub code: Text,
    /// How to reach it.
    pub contact: Contact,
}

impl Decide for CreateSupplier {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.names.insert(Name::supplier(&self.code));
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        check_code(&self.code)?;
        check_contact(&self.contact, None)?;
        rules::open_shop(ctx, draft)?;
        if draft.named(&Name::supplier(&self.code))?.is_some() {
            return reject(Rejection::CodeTaken { taken: Arc::clone(&self.code) });
        }

        let supplier = Arc::new(Supplier {
            id: ctx.id.into(),
            code: Arc::clone(&self.code),
            contact: self.contact.clone(),
            standing: Standing::Active,
        });
        draft.put_supplier(Arc::clone(&supplier))?;
        Ok(Receipt::SupplierCreated(supplier))
    }
}
