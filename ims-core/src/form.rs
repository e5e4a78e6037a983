//! The one text form that every value has, in JSON and on paper: written without the heap, read strictly.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::str::FromStr;

use serde::de::Visitor;

/// Writes a short ASCII text without the heap: numbers, ids and times are printed on the path of every command.
///
/// A byte that finds no room is dropped, so `N` must fit the longest text of its type; each type tests its longest.
pub(crate) struct StackText<const N: usize> {
    bytes: [u8; N],
    used: usize,
}

impl<const N: usize> StackText<N> {
    pub(crate) const fn new() -> Self {
        Self { bytes: [b'0'; N], used: 0 }
    }

    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(free) = self.bytes.get_mut(self.used) {
            *free = byte;
            self.used = self.used.saturating_add(1);
        }
    }

    /// Writes `number` in decimal, with leading zeros up to `width`.
    pub(crate) fn push_number(&mut self, number: u64, width: usize) {
        let mut digits = [b'0'; 20];
        let mut left = number;
        let mut count = 0_usize;
        for digit in digits.iter_mut().rev() {
            if left == 0 && count >= width {
                break;
            }
            *digit = b'0' | (left % 10) as u8;
            left /= 10;
            count = count.saturating_add(1);
        }
        for digit in digits.iter().skip(digits.len().saturating_sub(count)) {
            self.push(*digit);
        }
    }
}

impl<const N: usize> Deref for StackText<N> {
    type Target = str;

    fn deref(&self) -> &str {
        let used = self.bytes.get(..self.used).unwrap_or_default();
        std::str::from_utf8(used).unwrap_or_default()
    }
}

/// Reads a value from a string and from nothing else, with the type's own parser and its own error.
pub(crate) struct TextVisitor<T> {
    pub(crate) expecting: &'static str,
    pub(crate) makes: PhantomData<T>,
}

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in a string", self.expecting)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

/// Gives a type that has `form()` and `FromStr` the serde form of a string, in every format.
macro_rules! string_form {
    ($name:ty, $expecting:literal) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.form())
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::form::TextVisitor {
                    expecting: $expecting,
                    makes: std::marker::PhantomData,
                })
            }
        }
    };
}
pub(crate) use string_form;

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: u64, width: usize) -> String {
        let mut text = StackText::<20>::new();
        text.push_number(number, width);
        text.to_string()
    }

    #[test]
    fn numbers_are_padded_to_their_width() {
        assert_eq!(number(0, 0), "");
        assert_eq!(number(0, 1), "0");
        assert_eq!(number(7, 2), "07");
        assert_eq!(number(1234, 2), "1234");
        assert_eq!(number(u64::MAX, 1), u64::MAX.to_string());
    }

    #[test]
    fn what_finds_no_room_is_dropped() {
        let mut text = StackText::<2>::new();
        text.push_number(123, 1);
        assert_eq!(&*text, "12");
    }
}
