//! Lists in pages. A page begins after the row that ended the one before, named by what the list is sorted by.

use crate::{
    StoreError,
    report::{Cursor, Direction, List, Page, PageRequest},
};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// The most parts that a list is sorted by.
const PARTS: usize = 4;

/// A part of what a row is sorted by. All lists share its type: a sort for each kind of row is a lot of code to download.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Part {
    #[default]
    Nothing,
    Int(i64),
    Id(u128),
    Text(String),
}

impl Part {
    pub(super) fn text(text: &str) -> Part {
        Part::Text(text.to_owned())
    }
}

/// What a row is sorted by, part by part.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Key([Part; PARTS]);

impl Key {
    pub(super) fn of(parts: impl IntoIterator<Item = Part>) -> Key {
        let mut key = Key::default();
        for (place, part) in key.0.iter_mut().zip(parts) {
            *place = part;
        }
        key
    }
}

/// A page of rows, in the order that is asked for. They are made only of what is on the page.
pub(super) fn page_of<T, R>(
    page: &PageRequest,
    list: List,
    rows: Vec<(Key, T)>,
    make: impl Fn(&T) -> R,
) -> Result<Page<R>, StoreError> {
    let sort = page.sorted(list)?;
    let keys: Vec<&Key> = rows.iter().map(|(key, _)| key).collect();
    let places = following(&keys, sort.direction, page.place(sort)?.as_ref());
    let most = usize::try_from(page.rows()).unwrap_or(usize::MAX);
    let on_page = places.iter().take(most).filter_map(|place| rows.get(*place));
    let last = on_page.clone().next_back().filter(|_| places.len() > most);
    let next = last.map(|(key, _)| Cursor::at(sort, key)).transpose()?;
    Ok(Page { rows: on_page.map(|(_, row)| make(row)).collect(), next })
}

/// The places of the rows that stand after one, in their order.
fn following(keys: &[&Key], direction: Direction, after: Option<&Key>) -> Vec<usize> {
    let compare = |a: &Key, b: &Key| match direction {
        Direction::Ascending => a.cmp(b),
        Direction::Descending => b.cmp(a),
    };
    let follows = |key: &&Key| after.is_none_or(|after| compare(key, after) == Ordering::Greater);
    let mut rows: Vec<(usize, &Key)> = keys.iter().copied().enumerate().filter(|(_, key)| follows(key)).collect();
    rows.sort_by(|(_, a), (_, b)| compare(a, b));
    rows.into_iter().map(|(place, _)| place).collect()
}
