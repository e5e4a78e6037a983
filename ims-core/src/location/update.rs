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

/// Renames a site, retires it, or puts it back into use. Its code stays: numbers of documents begin with it.
///
/// A site that is retired has nothing on hand, and nothing is open at it: goods could not come to it any more, and what is
/// promised from it could not come back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UpdateLocation {
    /// Which site.
    pub location: LocationId,
    /// What it is called.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub name: Patch<Text>,
    /// Whether it is in use.
    #[serde(default, skip_serializing_if = "Patch::is_keep")]
    pub standing: Patch<Standing>,
    /// Only if it still is what its caller saw: the entity tag of that, which is its `ETag` over HTTP.
    /// Several, with commas between them, where one of them has to be it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub if_tag: Option<Text>,
}

impl Decide for UpdateLocation {
    fn reads(&self, _: &Draft, reads: &mut ReadSet) {
        reads.locations.insert(self.location);
    }

    fn decide(&self, ctx: &Context, draft: &mut Draft) -> Decided<Receipt> {
        if let Patch::Set(name) = &self.name {
            rules::text("name", name, MAX_NAME_CHARS)?;
        }
        rules::open_shop(ctx, draft)?;
        let before = rules::any_site(draft, self.location)?;
        tag::unchanged(&before, self.if_tag.as_ref())?;

        if before.standing == Standing::Active && self.standing == Patch::Set(Standing::Retired) {
            check_nothing_open(ctx, draft, &before)?;
        }

        let mut location = Location::clone(&before);
        self.name.apply(&mut location.name);
        self.standing.apply(&mut location.standing);
        let location = Arc::new(location);
        draft.put_location(Arc::clone(&location))?;
        Ok(Receipt::LocationUpdated(location))
    }
}

/// Refuses to retire a site that still has something. What another process books at the same moment is not seen: it stays
/// where it is, and can be taken away from a retired site.
fn check_nothing_open(ctx: &Context, draft: &mut Draft, site: &Location) -> Decided<()> {
    let found = draft.site_use(site.id, ctx.now)?;
    if found.is_nothing() {
        return Ok(());
    }
    let SiteUse { items, orders, purchases, holds, .. } = found;
    reject(Rejection::LocationInUse { location: Arc::clone(&site.code), items, orders, purchases, holds })
}
