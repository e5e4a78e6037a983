//! Identifiers: 128 bits, chosen by the caller, shown as UUID text.
//!
//! A command carries an id that its caller made, and **what a command makes has the id of the command**: the order that command
//! `…0b7e` places is order `…0b7e`. So a till that is cut off knows the id of the order it just took, prints it, and refers to it in its next
//! command; the server that decides the command again a day later arrives at the same id, with no table of temporary ids to reconcile; and a
//! command that is sent twice names the same thing twice. Hence `From<CommandId>` for every other id, and no way back.
//!
//! Make ids with any UUID library: version 7 keeps database indexes compact. The engine itself reads no clock and no random number.

use std::fmt;
use std::str::FromStr;

use crate::form::{StackText, string_form};

const UUID_TEXT_BYTES: usize = 36;
const HALF_BYTES: usize = 18;
const HEX_DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Says why a text is not an id.
///
/// ```
/// use ims_core::id::{CommandId, IdError, ItemId};
///
/// assert_eq!("42".parse::<ItemId>(), Err(IdError::Malformed));
/// assert_eq!("00000000-0000-0000-0000-000000000000".parse::<CommandId>(), Err(IdError::Nil));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is not a UUID with hyphens.
    #[error("an id is a UUID such as 0190163d-8694-739b-aea5-966c26f8ad91")]
    Malformed,
    /// The id of a command is all zeros: somebody forgot to make one.
    #[error("the id of a command must not be nil")]
    Nil,
}

/// Reads 8-4-4-4-12 hexadecimal digits of either case (RFC 9562, section 4).
fn parse_uuid(text: &str) -> Result<u128, IdError> {
    let (upper, lower) = text.as_bytes().split_first_chunk::<HALF_BYTES>().ok_or(IdError::Malformed)?;
    let lower = <&[u8; HALF_BYTES]>::try_from(lower).map_err(|_| IdError::Malformed)?;
    let (upper, lower) = (read_half(upper, [8, 13])?, read_half(lower, [0, 5])?);
    Ok((u128::from(upper) << 64) | u128::from(lower))
}

/// Reads 16 hexadecimal digits and the two hyphens that stand among them.
#[inline]
fn read_half(half: &[u8; HALF_BYTES], hyphens: [usize; 2]) -> Result<u64, IdError> {
    half.iter().enumerate().try_fold(0_u64, |bits, (at, &byte)| {
        if hyphens.contains(&at) {
            return if byte == b'-' { Ok(bits) } else { Err(IdError::Malformed) };
        }
        let digit = char::from(byte).to_digit(16).ok_or(IdError::Malformed)?;
        Ok((bits << 4) | u64::from(digit))
    })
}

fn uuid_form(bits: u128) -> StackText<UUID_TEXT_BYTES> {
    let mut text = *b"00000000-0000-0000-0000-000000000000";
    let (upper, lower) = text.split_at_mut(HALF_BYTES);
    write_half(upper, (bits >> 64) as u64);
    write_half(lower, bits as u64);
    StackText::new(text, 0..UUID_TEXT_BYTES)
}

/// Writes 16 hexadecimal digits around the hyphens.
#[inline]
fn write_half(half: &mut [u8], bits: u64) {
    let mut left = bits;
    for slot in half.iter_mut().rev().filter(|slot| **slot != b'-') {
        *slot = HEX_DIGITS.get((left & 0x0f) as usize).copied().unwrap_or(b'0');
        left >>= 4;
    }
}

fn refuse_nil(bits: u128) -> Result<u128, IdError> {
    if bits == 0 { Err(IdError::Nil) } else { Ok(bits) }
}

/// Defines an id type; `$check` says which ids its parser refuses.
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $check:expr, $expecting:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u128);

        impl $name {
            /// Takes the 128 bits as they are, as stores keep them.
            #[must_use]
            pub const fn from_u128(bits: u128) -> Self {
                Self(bits)
            }

            /// Returns the 128 bits, as stores keep them.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                self.0
            }

            fn form(self) -> StackText<UUID_TEXT_BYTES> {
                uuid_form(self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_uuid(text).and_then($check).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.form())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        string_form!($name, $expecting);
    };
}

/// Defines the id of something that a command makes.
macro_rules! entity_id {
    ($(#[$doc:meta])* $name:ident, $expecting:literal) => {
        id_type!($(#[$doc])* $name, Ok, $expecting);

        impl From<CommandId> for $name {
            /// Names what the command made.
            fn from(command: CommandId) -> Self {
                Self(command.0)
            }
        }
    };
}

id_type!(
    /// Identifies a command. Its caller makes it, once per intention, and sends it again unchanged with every retry.
    ///
    /// In JSON it is UUID text. Nil is refused when read: it is what a caller sends who forgot to make one.
    ///
    /// ```
    /// use ims_core::id::{CommandId, OrderId};
    ///
    /// let command: CommandId = "0190163d-8694-739b-aea5-966c26f8ad91".parse()?;
    /// assert_eq!(OrderId::from(command).to_string(), command.to_string());
    /// assert!("0190163d8694739baea5966c26f8ad91".parse::<CommandId>().is_err());
    /// # Ok::<(), ims_core::id::IdError>(())
    /// ```
    CommandId,
    refuse_nil,
    "the id of a command"
);
entity_id!(
    /// Identifies an item: the id of the command that created it.
    ItemId,
    "the id of an item"
);
entity_id!(
    /// Identifies a location: the id of the command that created it.
    LocationId,
    "the id of a location"
);
entity_id!(
    /// Identifies a supplier: the id of the command that created it.
    SupplierId,
    "the id of a supplier"
);
entity_id!(
    /// Identifies a customer: the id of the command that created it.
    CustomerId,
    "the id of a customer"
);
entity_id!(
    /// Identifies a sales order: the id of the command that placed it.
    OrderId,
    "the id of an order"
);
entity_id!(
    /// Identifies a purchase order: the id of the command that created it.
    PurchaseId,
    "the id of a purchase order"
);
entity_id!(
    /// Identifies a hold: the id of the command that placed it.
    HoldId,
    "the id of a hold"
);
entity_id!(
    /// Identifies a return: the id of the command that authorised it.
    ReturnId,
    "the id of a return"
);

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "0190163d-8694-739b-aea5-966c26f8ad91";
    const BITS: u128 = 0x0190_163d_8694_739b_aea5_966c_26f8_ad91;

    #[test]
    fn an_id_is_shown_as_lower_case_uuid() {
        assert_eq!(ItemId::from_u128(BITS).to_string(), TEXT);
        assert_eq!(format!("{:?}", ItemId::from_u128(BITS)), format!("ItemId({TEXT})"));
        assert_eq!(ItemId::from_u128(u128::MAX).to_string(), "ffffffff-ffff-ffff-ffff-ffffffffffff");
    }

    #[test]
    fn capitals_are_understood() {
        assert_eq!(TEXT.to_uppercase().parse(), Ok(ItemId::from_u128(BITS)));
    }

    #[test]
    fn what_is_not_a_hyphenated_uuid_is_refused() {
        let hyphens_elsewhere = "01901-63d8694-739b-aea5-966c26f8ad91";
        let not_hex = "0190163g-8694-739b-aea5-966c26f8ad91";
        let wide = "０190163d-8694-739b-aea5-966c26f8ad";
        let braces = format!("{{{TEXT}}}");
        let urn = format!("urn:uuid:{TEXT}");
        let short = TEXT.split_at(35).0;
        for text in
            ["", "42", hyphens_elsewhere, not_hex, wide, &braces, &urn, short, "0190163d8694739baea5966c26f8ad91"]
        {
            assert_eq!(text.parse::<OrderId>(), Err(IdError::Malformed), "{text}");
        }
    }

    #[test]
    fn only_a_command_refuses_nil() {
        let nil = "00000000-0000-0000-0000-000000000000";
        assert_eq!(nil.parse::<CommandId>(), Err(IdError::Nil));
        assert_eq!(nil.parse(), Ok(CustomerId::from_u128(0)));
        assert_eq!(CommandId::from_u128(0).to_string(), nil);
        let error = serde_json::from_str::<CommandId>(&format!("\"{nil}\"")).unwrap_err();
        assert!(error.to_string().starts_with("the id of a command must not be nil"), "{error}");
    }

    #[test]
    fn what_a_command_makes_has_its_id() {
        let command = CommandId::from_u128(BITS);
        let made = [
            ItemId::from(command).as_u128(),
            LocationId::from(command).as_u128(),
            SupplierId::from(command).as_u128(),
            CustomerId::from(command).as_u128(),
            OrderId::from(command).as_u128(),
            PurchaseId::from(command).as_u128(),
            HoldId::from(command).as_u128(),
            ReturnId::from(command).as_u128(),
        ];
        assert_eq!(made, [BITS; 8]);
    }

    #[test]
    fn its_json_is_its_text() {
        let json = format!("\"{TEXT}\"");
        assert_eq!(serde_json::to_string(&HoldId::from_u128(BITS)).unwrap(), json);
        assert_eq!(serde_json::from_str::<HoldId>(&json).unwrap(), HoldId::from_u128(BITS));
        let error = serde_json::from_str::<HoldId>("42").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid type: integer `42`, expected the id of a hold in a string at line 1 column 2"
        );
    }

    #[test]
    fn an_id_can_be_a_key_in_json() {
        let levels = std::collections::BTreeMap::from([(ItemId::from_u128(BITS), 1)]);
        let json = serde_json::to_string(&levels).unwrap();
        assert_eq!(json, format!("{{\"{TEXT}\":1}}"));
        assert_eq!(serde_json::from_str::<std::collections::BTreeMap<ItemId, i32>>(&json).unwrap(), levels);
    }

    proptest! {
        #[test]
        fn an_id_that_is_printed_reads_back(bits in 1..=u128::MAX) {
            let id = CommandId::from_u128(bits);
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn ids_sort_as_their_texts_do(a: u128, b: u128) {
            let (a, b) = (ItemId::from_u128(a), ItemId::from_u128(b));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{36}|[-0-9a-f]{36}") {
            if let Ok(id) = text.parse::<ItemId>() {
                prop_assert_eq!(id.to_string(), text.to_lowercase());
            }
        }
    }
}
