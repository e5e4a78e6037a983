//! The one text form that every value has, in JSON and on paper: written without the heap, read strictly.

use std::fmt;
use std::iter::Rev;
use std::marker::PhantomData;
use std::ops::{Deref, Range};
use std::slice::IterMut;
use std::str::FromStr;

use serde::de::Visitor;

/// Holds a short ASCII text without the heap: numbers, ids and times are printed on the path of every command.
pub(crate) struct StackText<const N: usize> {
    bytes: [u8; N],
    used: Range<usize>,
}

impl<const N: usize> StackText<N> {
    /// Takes the text that stands in `bytes` at `used`.
    pub(crate) const fn new(bytes: [u8; N], used: Range<usize>) -> Self {
        Self { bytes, used }
    }

    /// Writes from right to left, the way digits come out of a number.
    #[inline]
    pub(crate) fn from_right(write: impl FnOnce(&mut Slots<'_>)) -> Self {
        let mut bytes = [b'0'; N];
        let mut slots = Slots(bytes.iter_mut().rev());
        write(&mut slots);
        let start = slots.0.len();
        Self { bytes, used: start..N }
    }
}

impl<const N: usize> Deref for StackText<N> {
    type Target = str;

    fn deref(&self) -> &str {
        let used = self.bytes.get(self.used.clone()).unwrap_or_default();
        std::str::from_utf8(used).unwrap_or_default()
    }
}

/// Holds the room to the left of a text that is written from right to left.
///
/// A byte that finds no room is dropped, so the room must fit the longest text of its type; each type tests its longest.
pub(crate) struct Slots<'a>(Rev<IterMut<'a, u8>>);

impl Slots<'_> {
    /// Writes an ASCII byte.
    #[inline]
    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(slot) = self.0.next() {
            *slot = byte;
        }
    }

    /// Writes `number` in decimal, with leading zeros up to `width`.
    #[inline]
    pub(crate) fn push_number(&mut self, number: u64, width: u32) {
        let mut left = number;
        let mut missing = width;
        while left > 0 || missing > 0 {
            self.push(b'0' | (left % 10) as u8);
            left /= 10;
            missing = missing.saturating_sub(1);
        }
    }
}

/// Returns the two digits of a number below 100.
#[inline]
pub(crate) fn two_digits(number: u8) -> [u8; 2] {
    [b'0' | (number / 10 % 10), b'0' | (number % 10)]
}

/// Takes the idle zeros off millionths: returns the digits that are left, and how many decimals they are, at least `min_decimals`.
#[inline]
pub(crate) fn trim_zeros(millionths: u64, min_decimals: u32) -> (u64, u32) {
    if millionths == 0 {
        return (0, min_decimals);
    }
    let (mut fraction, mut decimals) = (millionths, 6);
    while decimals > min_decimals && fraction.is_multiple_of(10) {
        fraction /= 10;
        decimals = decimals.saturating_sub(1);
    }
    (fraction, decimals)
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

    fn number(number: u64, width: u32) -> String {
        StackText::<20>::from_right(|text| text.push_number(number, width)).to_string()
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
        let text = StackText::<2>::from_right(|text| text.push_number(123, 1));
        assert_eq!(&*text, "23");
    }
}
