//! The numbers of fields in protobuf: given once, and never again to another field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The numbers that were given, by message or enum and by field or value. What is gone keeps its number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct FieldNumbers(BTreeMap<String, BTreeMap<String, u32>>);

/// The numbers of one message.
pub(crate) struct Numbered {
    /// In the order that was asked for.
    pub(crate) numbers: Vec<u32>,
    /// Fields that once were, and their numbers.
    pub(crate) gone: Vec<(String, u32)>,
}

/// protobuf keeps these for itself.
const RESERVED: std::ops::RangeInclusive<u32> = 19_000..=19_999;

impl FieldNumbers {
    /// Gives the fields of a message their numbers: those that they have, and for new ones the next that was never given.
    pub(crate) fn number(&mut self, owner: &str, first: u32, names: &[&str]) -> Numbered {
        let given = self.0.entry(owner.to_owned()).or_default();
        let mut next = given.values().max().map_or(first, |last| last.saturating_add(1));
        for name in names {
            if RESERVED.contains(&next) {
                next = RESERVED.end().saturating_add(1);
            }
            if !given.contains_key(*name) {
                given.insert((*name).to_owned(), next);
                next = next.saturating_add(1);
            }
        }
        let numbers = names.iter().filter_map(|name| given.get(*name).copied()).collect();
        let mut gone: Vec<(String, u32)> = given.iter().map(|(name, number)| (name.clone(), *number)).collect();
        gone.retain(|(name, _)| !names.contains(&name.as_str()));
        gone.sort_by_key(|(_, number)| *number);
        Numbered { numbers, gone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_keeps_its_number_when_another_comes_before_it() {
        let mut numbers = FieldNumbers::default();
        assert_eq!(numbers.number("A", 1, &["a", "c"]).numbers, [1, 2]);
        assert_eq!(numbers.number("A", 1, &["a", "b", "c"]).numbers, [1, 3, 2]);
    }

    #[test]
    fn the_number_of_a_field_that_is_gone_is_never_given_again() {
        let mut numbers = FieldNumbers::default();
        numbers.number("A", 1, &["a", "b"]);
        let left = numbers.number("A", 1, &["a"]);
        assert_eq!((left.numbers, left.gone), (vec![1], vec![("b".to_owned(), 2)]));
        assert_eq!(numbers.number("A", 1, &["a", "c"]).numbers, [1, 3]);
        assert_eq!(numbers.number("A", 1, &["b"]).numbers, [2]);
    }

    #[test]
    fn what_protobuf_keeps_for_itself_is_left_out() {
        let mut numbers = FieldNumbers::default();
        let names: Vec<String> = (0..2).map(|number| number.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(numbers.number("A", 18_999, &names).numbers, [18_999, 20_000]);
    }
}
