//! What an entry may be.

/// Bytes of a kind.
pub const KIND_BYTES: usize = 40;
/// Bytes of a name.
pub const NAME_BYTES: usize = 200;
/// Bytes of a body: 64 KiB.
pub const BODY_BYTES: usize = 64 * 1024;
/// Entries in one page of a list.
pub const ENTRIES_PER_PAGE: u32 = 500;

/// Why an entry cannot be kept: the source of a [`StoreError`](ims_core::StoreError).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// Its kind is too long.
    #[error("a kind of the registry has {bytes} bytes; at most {KIND_BYTES} are kept")]
    Kind {
        /// How long it is.
        bytes: usize,
    },
    /// Its name is too long.
    #[error("a name in the registry has {bytes} bytes; at most {NAME_BYTES} are kept")]
    Name {
        /// How long it is.
        bytes: usize,
    },
    /// Its body is too long.
    #[error("an entry of the registry has {bytes} bytes; at most {BODY_BYTES} are kept")]
    Body {
        /// How long it is.
        bytes: usize,
    },
    /// There is a NUL in it, which not every database keeps.
    #[error("an entry of the registry has the character NUL in it, which cannot be kept")]
    Nul,
}

/// Refuses a kind and a name that no entry can have.
pub(super) fn check_names(kind: &str, name: &str) -> Result<(), Unfit> {
    if kind.len() > KIND_BYTES {
        return Err(Unfit::Kind { bytes: kind.len() });
    }
    if name.len() > NAME_BYTES {
        return Err(Unfit::Name { bytes: name.len() });
    }
    if [kind, name].iter().any(|text| text.contains('\0')) {
        return Err(Unfit::Nul);
    }
    Ok(())
}

/// Refuses an entry that cannot be kept.
pub(super) fn check(kind: &str, name: &str, body: &str) -> Result<(), Unfit> {
    check_names(kind, name)?;
    if body.len() > BODY_BYTES {
        return Err(Unfit::Body { bytes: body.len() });
    }
    if body.contains('\0') {
        return Err(Unfit::Nul);
    }
    Ok(())
}
