use super::check_code;
use crate::{
    command::Decide,
    draft::{Decided, Draft, reject},
    rules,
    store::ReadSet,
    text::MAX_NAME_CHARS,
    *,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Adds a site: a shop or a warehouse with stock of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateLocation {
    /// Its short code, unique when folded; also names its number series.
    pub code: Text,
    /// What it is called.
    pub name: Text,
}

impl Decide for CreateLocation {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.names.insert(Name::location(&self.code));
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        check_code(&self.code)?;
        rules::text("name", &self.name, MAX_NAME_CHARS)?;
        rules::open_shop(ctx, draft)?;
        if draft.named(&Name::location(&self.code))?.is_some() {
            return reject(Rejection::CodeTaken { taken: Arc::clone(&self.code) });
        }

        let location = Arc::new(Location {
            id: ctx.id.into(),
            code: Arc::clone(&self.code),
            name: Arc::clone(&self.name),
            kind: LocationKind::Site,
            standing: Standing::Active,
        });
        draft.put_location(Arc::clone(&location))?;
        Ok(Receipt::LocationCreated(location))
    }
}
