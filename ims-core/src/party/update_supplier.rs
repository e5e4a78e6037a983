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

/// Changes how to reach a supplier, retires it, or takes it back. Its code stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateSupplier {
    /// Which supplier.
    pub supplier: SupplierId,
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

impl Decide for UpdateSupplier {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.suppliers.insert(self.supplier);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        rules::open_shop(ctx, draft)?;
        let Some(supplier) = draft.supplier(&self.supplier)? else {
            return reject(Rejection::UnknownSupplier { supplier: self.supplier });
        };
        tag::unchanged(&supplier, self.if_tag.as_ref())?;
        if let Patch::Set(contact) = &self.contact {
            check_contact(contact, Some(&supplier.contact))?;
        }

        let mut supplier = Supplier::clone(&supplier);
        self.contact.apply(&mut supplier.contact);
        self.standing.apply(&mut supplier.standing);
        let supplier = Arc::new(supplier);
        draft.put_supplier(Arc::clone(&supplier))?;
        Ok(Receipt::SupplierUpdated(supplier))
    }
}
