//! The types that cross the border. Each looks like one of `ims-core`, has the same JSON form, and is turned into it
//! through that form: what may be in a value is decided there alone.
//!
//! A type that lacks a variant or a field of its original does not compile.

mod command;
mod event;
mod page;
mod receipt;
mod rejection;
mod report;
mod request;
mod row;
mod value;
mod verdict;

pub use command::*;
pub use event::*;
pub use page::*;
pub use receipt::*;
pub use rejection::*;
pub use report::*;
pub use request::*;
pub use row::*;
pub use value::*;
pub use verdict::*;

use crate::ImsError;
use ims_core::limits::COMMAND_JSON_BYTES;
use serde::{Deserialize, Deserializer, Serialize, de::DeserializeOwned};

/// A type that looks like one of `ims-core`.
pub(crate) trait Mirror: Serialize + DeserializeOwned {
    /// The original.
    type Core: Serialize + DeserializeOwned;

    /// Gives the original of what a caller made.
    fn to_core(&self) -> Result<Self::Core, ImsError> {
        let json = serde_json::to_vec(self).map_err(ImsError::invalid)?;
        parse(&json)
    }

    /// Shows a caller what the engine made.
    fn from_core(core: &Self::Core) -> Result<Self, ImsError> {
        shown(core)
    }
}

/// Reads JSON of a caller.
pub(crate) fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, ImsError> {
    if json.len() > COMMAND_JSON_BYTES {
        let reason =
            format!("{} bytes of JSON are more than a command may have: at most {COMMAND_JSON_BYTES}", json.len());
        return Err(ImsError::invalid(reason));
    }
    serde_json::from_slice(json).map_err(ImsError::invalid)
}

/// Shows a caller what the engine made, where that is never read back.
pub(crate) fn shown<T: DeserializeOwned>(core: &impl Serialize) -> Result<T, ImsError> {
    let json = serde_json::to_vec(core).map_err(|error| ImsError::internal(error.to_string()))?;
    serde_json::from_slice(&json).map_err(|error| ImsError::internal(error.to_string()))
}

/// A field that may be left out.
trait Optional: Sized {
    fn is_left_out(&self) -> bool;

    /// Reads a field that is there: `null` is a value of some.
    fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<T: DeserializeOwned> Optional for Option<T> {
    fn is_left_out(&self) -> bool {
        self.is_none()
    }

    fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Some)
    }
}

impl<T: DeserializeOwned> Optional for Vec<T> {
    fn is_left_out(&self) -> bool {
        self.is_empty()
    }

    fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer)
    }
}

impl Optional for String {
    fn is_left_out(&self) -> bool {
        self.is_empty()
    }

    fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)
    }
}

/// Defines types that look like those of `ims-core`.
///
/// `struct Name = original { field: Type, … }` is a record; `field: Type = default` may be left out.
/// `struct Name in original { … }` holds the fields of the variant `Name` of an enum.
/// `enum Name = original, "case" { … }` has the same variants, in JSON in that case.
macro_rules! mirror {
    () => {};
    (
        $(#[$doc:meta])*
        struct $name:ident = $core:path {
            $($(#[$field_doc:meta])* $field:ident: $type:ty $(= $default:tt)?,)*
        }
        $($rest:tt)*
    ) => {
        mirror!(@record [$(#[$doc])*] $name { $([$(#[$field_doc])*] $field: $type $(= $default)?,)* });

        impl Mirror for $name {
            type Core = $core;
        }

        const _: fn(&$core) = |original| {
            use $core as Original;
            let Original { $($field: _),* } = original;
        };

        mirror! { $($rest)* }
    };
    (
        $(#[$doc:meta])*
        struct $name:ident in $core:path {
            $($(#[$field_doc:meta])* $field:ident: $type:ty $(= $default:tt)?,)*
        }
        $($rest:tt)*
    ) => {
        mirror!(@record [$(#[$doc])*] $name { $([$(#[$field_doc])*] $field: $type $(= $default)?,)* });

        const _: fn(&$core) = |original| {
            use $core as Original;
            if let Original::$name { $($field: _),* } = original {}
        };

        mirror! { $($rest)* }
    };
    (
        $(#[$doc:meta])*
        enum $name:ident = $core:path, $case:literal {
            $($(#[$variant_doc:meta])* $variant:ident $(($($type:ty),*))?,)*
        }
        $($rest:tt)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Enum)]
        #[serde(rename_all = $case)]
        pub enum $name {
            $($(#[$variant_doc])* $variant $(($($type),*))?,)*
        }

        impl Mirror for $name {
            type Core = $core;
        }

        const _: fn(&$core) = |original| {
            use $core as Original;
            match original { $(Original::$variant { .. } => {})* }
        };

        mirror! { $($rest)* }
    };
    (@record [$(#[$doc:meta])*] $name:ident {
        $([$(#[$field_doc:meta])*] $field:ident: $type:ty $(= $default:tt)?,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[$field_doc])*
                $(
                    #[uniffi(default = $default)]
                    #[serde(default, skip_serializing_if = "Optional::is_left_out", deserialize_with = "Optional::given")]
                )?
                pub $field: $type,
            )*
        }
    };
}
use mirror;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
mod tests;
