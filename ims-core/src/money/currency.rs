//! Currencies.

use std::fmt;
use std::str::FromStr;

use crate::form::string_form;

/// Names a currency by its ISO 4217 code: three upper-case letters. In JSON it is a string.
///
/// Any such code is accepted, so that a currency born tomorrow needs no release. [`Currency::digits`] knows those that differ from two.
///
/// ```
/// use ims_core::money::Currency;
///
/// let currency: Currency = "JPY".parse()?;
/// assert_eq!(currency.digits(), 0);
/// assert!("jpy".parse::<Currency>().is_err());
/// assert!("¥".parse::<Currency>().is_err());
/// # Ok::<(), ims_core::money::CurrencyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Says that a text is not a currency code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a currency is three capital letters, such as GBP")]
pub struct CurrencyError;

impl Currency {
    /// Makes a currency of three upper-case ASCII letters; `None` for anything else.
    #[must_use]
    pub const fn from_code(code: [u8; 3]) -> Option<Self> {
        let [a, b, c] = code;
        if a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_uppercase() { Some(Self(code)) } else { None }
    }

    /// Returns the code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Returns the digits of the minor unit: 2 for pence and cents, 0 for yen, 3 for fils, 4 for units of account.
    ///
    /// Source: ISO 4217, list one. A code that it does not list has two.
    #[must_use]
    pub const fn digits(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }

    fn form(&self) -> &str {
        self.as_str()
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        let code = <[u8; 3]>::try_from(text.as_bytes()).map_err(|_| CurrencyError)?;
        Self::from_code(code).ok_or(CurrencyError)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({self})")
    }
}

string_form!(Currency, "a currency such as \"GBP\"");

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_exceptions_of_iso_4217_are_known() {
        for (code, digits) in
            [("GBP", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("KWD", 3), ("TND", 3), ("CLF", 4)]
        {
            assert_eq!(code.parse::<Currency>().unwrap().digits(), digits, "{code}");
        }
    }

    #[test]
    fn what_is_not_three_capital_letters_is_refused() {
        for text in ["", "GB", "GBPS", "gbp", "G1P", "€€€", " GB", "É€"] {
            assert_eq!(text.parse::<Currency>(), Err(CurrencyError), "{text:?}");
        }
    }

    #[test]
    fn its_json_is_its_code() {
        let currency = Currency::from_code(*b"GBP").unwrap();
        assert_eq!(serde_json::to_string(&currency).unwrap(), r#""GBP""#);
        assert_eq!(serde_json::from_str::<Currency>(r#""GBP""#).unwrap(), currency);
        let error = serde_json::from_str::<Currency>(r#""gbp""#).unwrap_err();
        assert_eq!(error.to_string(), "a currency is three capital letters, such as GBP at line 1 column 5");
    }

    proptest! {
        #[test]
        fn a_code_that_is_printed_reads_back(code in "[A-Z]{3}") {
            prop_assert_eq!(code.parse::<Currency>().unwrap().to_string(), code);
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            if let Ok(currency) = text.parse::<Currency>() {
                prop_assert_eq!(currency.as_str(), text);
            }
        }
    }
}
