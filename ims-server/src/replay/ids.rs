//! Ids that follow from the data.

use ims_core::{CommandId, Timestamp};

/// Makes ids of commands from what they are made of, so that a second run gives the same ones and does nothing twice.
///
/// They are UUIDs of version 8 (RFC 9562, section 5.8): the milliseconds of the moment, so that they sort as the
/// commands happened; what kind of command it is; a mark for the data; a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReplayIds {
    /// Tells one set of data from another; 30 bits of it are used.
    pub(crate) mark: u32,
}

impl ReplayIds {
    /// The id of the command number `number` of its kind.
    pub(crate) fn id(self, at: Timestamp, kind: u16, number: u32) -> CommandId {
        let milliseconds = u128::from(at.micros().div_euclid(1_000).unsigned_abs()) & 0xffff_ffff_ffff;
        let kind = u128::from(kind) & 0x0fff;
        let mark = u128::from(self.mark) & 0x3fff_ffff;
        let bits = (milliseconds << 80) | (8 << 76) | (kind << 64) | (0b10 << 62) | (mark << 32) | u128::from(number);
        CommandId::from_u128(bits)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_version_8_that_begins_with_its_time() {
        let ids = ReplayIds { mark: 0x1234_5678 };
        let id = ids.id("2010-12-01T08:26:00Z".parse().unwrap(), 0xabc, 0xdead_beef);
        assert_eq!(id.to_string(), "012ca109-c1c0-8abc-9234-5678deadbeef");
    }
}
