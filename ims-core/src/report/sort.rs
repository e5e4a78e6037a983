//! In which orders lists come: one table for every store and every frontend.

use super::{Cursor, PageRequest};
use crate::{StoreError, StoreErrorKind};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error as _, IgnoredAny},
};
use std::{fmt, str::FromStr};

/// A list that [`Reports`](crate::Reports) answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum List {
    Items,
    Locations,
    Suppliers,
    Customers,
    Stock,
    Orders,
    Purchases,
    Alerts,
    Profit,
    Reorder,
    Movements,
}

impl List {
    /// Every list.
    pub const ALL: [List; 11] = [
        List::Items,
        List::Locations,
        List::Suppliers,
        List::Customers,
        List::Stock,
        List::Orders,
        List::Purchases,
        List::Alerts,
        List::Profit,
        List::Reorder,
        List::Movements,
    ];

    /// Its name, as the method that answers with it is called.
    pub const fn name(self) -> &'static str {
        match self {
            List::Items => "items",
            List::Locations => "locations",
            List::Suppliers => "suppliers",
            List::Customers => "customers",
            List::Stock => "stock",
            List::Orders => "orders",
            List::Purchases => "purchases",
            List::Alerts => "alerts",
            List::Profit => "profit",
            List::Reorder => "reorder",
            List::Movements => "movements",
        }
    }

    /// Both orders that it comes in. The first one is its own: what it comes in where none is asked for.
    pub const fn sorts(self) -> &'static [Sort; 2] {
        use SortBy::*;
        match self {
            List::Items | List::Stock | List::Alerts | List::Reorder => const { &[Sort::up(Sku), Sort::down(Sku)] },
            List::Locations | List::Suppliers | List::Customers => const { &[Sort::up(Code), Sort::down(Code)] },
            List::Orders => const { &[Sort::down(PlacedAt), Sort::up(PlacedAt)] },
            List::Purchases => const { &[Sort::down(OrderedAt), Sort::up(OrderedAt)] },
            List::Profit => const { &[Sort::up(Key), Sort::down(Key)] },
            List::Movements => const { &[Sort::up(OccurredAt), Sort::down(OccurredAt)] },
        }
    }

    /// The words of its orders, for a person.
    pub fn words(self) -> String {
        let [own, other] = self.sorts();
        format!("{own} or {other}")
    }
}

/// By what a list is sorted. Rows that are alike in that stand in the order of their ids, the same way up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SortBy {
    /// The folded SKU; what is of a site by the folded code of that next.
    Sku,
    /// The folded code.
    Code,
    /// When a sales order was placed.
    PlacedAt,
    /// When a purchase order was placed.
    OrderedAt,
    /// When a movement occurred, then by its key.
    OccurredAt,
    /// The key of a line of profit.
    Key,
}

impl SortBy {
    const ALL: [SortBy; 6] =
        [SortBy::Sku, SortBy::Code, SortBy::PlacedAt, SortBy::OrderedAt, SortBy::OccurredAt, SortBy::Key];

    /// Its words, upwards and downwards: the name of the field of a row, where there is one.
    const fn words(self) -> [&'static str; 2] {
        match self {
            SortBy::Sku => ["sku", "-sku"],
            SortBy::Code => ["code", "-code"],
            SortBy::PlacedAt => ["placed_at", "-placed_at"],
            SortBy::OrderedAt => ["ordered_at", "-ordered_at"],
            SortBy::OccurredAt => ["occurred_at", "-occurred_at"],
            SortBy::Key => ["key", "-key"],
        }
    }
}

/// Which way a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The smallest and the oldest first.
    Ascending,
    /// The largest and the newest first.
    Descending,
}

/// The order of a list. Written as a word, with a minus where it is descending: `sku`, `-placed_at`.
///
/// ```
/// use ims_core::report::{Direction, Sort, SortBy};
///
/// let newest_first: Sort = "-placed_at".parse().unwrap();
/// assert_eq!(newest_first, Sort { by: SortBy::PlacedAt, direction: Direction::Descending });
/// assert_eq!(newest_first.to_string(), "-placed_at");
/// assert!("colour".parse::<Sort>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Which way.
    pub direction: Direction,
}

impl Sort {
    /// Ascending.
    pub const fn up(by: SortBy) -> Sort {
        Sort { by, direction: Direction::Ascending }
    }

    /// Descending.
    pub const fn down(by: SortBy) -> Sort {
        Sort { by, direction: Direction::Descending }
    }

    /// How it is written.
    pub const fn word(self) -> &'static str {
        let [up, down] = self.by.words();
        match self.direction {
            Direction::Ascending => up,
            Direction::Descending => down,
        }
    }
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that no list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no list is sorted by {0:?}")]
pub struct NoSort(pub String);

impl FromStr for Sort {
    type Err = NoSort;

    fn from_str(word: &str) -> Result<Sort, NoSort> {
        let mut sorts = SortBy::ALL.into_iter().flat_map(|by| [Sort::up(by), Sort::down(by)]);
        sorts.find(|sort| sort.word() == word).ok_or_else(|| NoSort(word.to_owned()))
    }
}

impl Serialize for Sort {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl<'de> Deserialize<'de> for Sort {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sort, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl Cursor {
    /// Names a place in a list of this order, by what its last row is sorted by.
    ///
    /// # Errors
    /// [`StoreErrorKind::Corrupt`] where that cannot be written.
    pub fn at(sort: Sort, place: &impl Serialize) -> Result<Cursor, StoreError> {
        let text = serde_json::to_string(&(sort, place));
        text.map(Cursor).map_err(|error| StoreError::new(StoreErrorKind::Corrupt, error))
    }
}

impl PageRequest {
    /// The order in which a page of a list is asked for.
    ///
    /// # Errors
    /// [`StoreErrorKind::Question`] where the list does not come in that order.
    pub fn sorted(&self, list: List) -> Result<Sort, StoreError> {
        let [own, other] = *list.sorts();
        match self.sort {
            None => Ok(own),
            Some(sort) if sort == own || sort == other => Ok(sort),
            Some(sort) => Err(unsorted(list, sort.word())),
        }
    }

    /// After which place of a list of this order the page begins, as [`Cursor::at`] named it; none for the first page, and
    /// where no list has given the cursor.
    ///
    /// # Errors
    /// [`StoreErrorKind::Question`] where a list of another order has given it.
    pub fn place<T: DeserializeOwned>(&self, sort: Sort) -> Result<Option<T>, StoreError> {
        let Some(Cursor(cursor)) = &self.after else { return Ok(None) };
        let Ok((given, _)) = serde_json::from_str::<(Sort, IgnoredAny)>(cursor) else { return Ok(None) };
        if given != sort {
            let why = format!("the cursor is of a list sorted by {given} and not by {sort}: begin without a cursor");
            return Err(StoreError::new(StoreErrorKind::Question, why));
        }
        Ok(serde_json::from_str::<(Sort, T)>(cursor).ok().map(|(_, place)| place))
    }
}

fn unsorted(list: List, word: &str) -> StoreError {
    let why = format!("the list of {} is not sorted by {word}: sort it by {}", list.name(), list.words());
    StoreError::new(StoreErrorKind::Question, why)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn request(sort: Option<Sort>, after: Option<Cursor>) -> PageRequest {
        PageRequest { sort, after, limit: 0 }
    }

    #[test]
    fn a_word_is_read_as_it_is_written() {
        for sort in List::ALL.into_iter().flat_map(List::sorts).copied() {
            assert_eq!(sort.to_string().parse(), Ok(sort));
            let json = serde_json::to_string(&sort).unwrap();
            assert_eq!(serde_json::from_str::<Sort>(&json).unwrap(), sort);
        }
        for word in ["", "-", "--sku", "+sku", "SKU", "sku ", "colour"] {
            assert_eq!(word.parse::<Sort>(), Err(NoSort(word.to_owned())));
        }
    }

    #[test]
    fn every_list_comes_both_ways_and_its_own_way_first() {
        assert_eq!(request(None, None).sorted(List::Orders).unwrap(), Sort::down(SortBy::PlacedAt));
        assert_eq!(request(None, None).sorted(List::Items).unwrap(), Sort::up(SortBy::Sku));
        for list in List::ALL {
            for sort in list.sorts() {
                assert_eq!(request(Some(*sort), None).sorted(list).unwrap(), *sort);
                let (up, down) = (Sort::up(sort.by), Sort::down(sort.by));
                assert!(list.sorts().contains(&up) && list.sorts().contains(&down), "{list:?} {sort}");
            }
        }
    }

    #[test]
    fn another_order_is_refused_with_the_words_that_there_are() {
        let error = request(Some(Sort::up(SortBy::PlacedAt)), None).sorted(List::Items).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Question);
        assert!(error.to_string().contains("items is not sorted by placed_at: sort it by sku or -sku"), "{error}");
    }

    #[test]
    fn a_cursor_is_of_its_order_alone() {
        let (up, down) = (Sort::up(SortBy::Sku), Sort::down(SortBy::Sku));
        let cursor = Cursor::at(up, &("tea", 7)).unwrap();
        let page = request(None, Some(cursor));
        assert_eq!(page.place::<(String, u32)>(up).unwrap(), Some(("tea".to_owned(), 7)));
        let error = page.place::<(String, u32)>(down).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Question);
        assert!(error.to_string().contains("sorted by sku and not by -sku"), "{error}");
        for strange in ["", "7", "[]", "[\"sku\"]", "[\"colour\",[]]", "[7,8]"] {
            let page = request(None, Some(Cursor(strange.to_owned())));
            assert_eq!(page.place::<(String, u32)>(up).unwrap(), None, "{strange}");
        }
    }
}
