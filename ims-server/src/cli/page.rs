//! Lists that come in pages.

use crate::failure::Outcome;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ims_core::{
    StoreError,
    report::{Page, PageRequest, Sort},
};

/// The engine's lists: `List` is a command here.
pub(super) use ims_core::report::List as Lists;

/// Reads in which order a list is wanted.
pub(super) fn sorts(list: Lists) -> impl TypedValueParser<Value = Sort> {
    PossibleValuesParser::new(list.sorts().iter().map(|sort| sort.word())).try_map(|word| word.parse::<Sort>())
}

/// Whether there is more than was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    Nothing,
    More,
}

/// Asks for page after page until there are no more, or `limit` rows (0: all) have come.
pub(super) async fn each_page<T>(
    limit: u32,
    sort: Option<Sort>,
    mut ask: impl AsyncFnMut(&PageRequest) -> Result<Page<T>, StoreError>,
    mut see: impl AsyncFnMut(Vec<T>) -> Outcome,
) -> Outcome<Rest> {
    let mut left = if limit == 0 { u32::MAX } else { limit };
    let mut request = PageRequest { sort, ..PageRequest::default() };
    loop {
        request.limit = left.min(ims_core::limits::ROWS_PER_PAGE);
        let page = ask(&request).await?;
        left = left.saturating_sub(u32::try_from(page.rows.len()).unwrap_or(u32::MAX));
        see(page.rows).await?;
        match page.next {
            None => return Ok(Rest::Nothing),
            Some(_) if left == 0 => return Ok(Rest::More),
            Some(next) => request.after = Some(next),
        }
    }
}

impl crate::session::Session {
    /// Says that a list was cut off.
    pub(super) fn say_if_more(&self, rest: Rest) {
        if rest == Rest::More {
            self.out.say("There is more: --limit 0 shows all.");
        }
    }
}
