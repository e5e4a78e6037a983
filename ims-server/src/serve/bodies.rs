//! Memory for what callers send: a body takes its part before it is read, and gives it back when its request is answered.
//!
//! A body may take many times its bytes once it is JSON in memory. So the memory is what is shared, and not the
//! connections: it is taken whole and at once, by the length that is announced, so that nobody waits for the rest of it
//! while others wait for theirs. Those who have not signed in have a part of their own, and so have small bodies, such as
//! those of sales: a file that is imported never keeps a sale waiting.

use super::{
    Caller, Operation,
    config::Http,
    limits::network_of,
    operation::{Access, Work},
    turns::{Turn, Turns},
};
use std::net::IpAddr;

/// Bytes of a body that somebody sends who has not signed in: names and passwords.
const STRANGERS_BODY_BYTES: usize = 16 * 1024;
/// Bytes up to which a body is small.
const SMALL_BODY_BYTES: usize = 64 * 1024;
/// Bytes of memory that a byte of JSON takes at most when it has been read: a list of empty lists.
const MEMORY_PER_JSON_BYTE: usize = 16;
/// Bytes of memory that a byte of a file with rows takes when it has been read.
const MEMORY_PER_FILE_BYTE: usize = 4;
/// Bytes of memory in a part.
const PART_BYTES: usize = 1024;

/// The memory for bodies, in parts of a KiB.
#[derive(Debug)]
pub(crate) struct Bodies {
    strangers: Turns,
    small: Turns,
    large: Turns,
}

/// A body that is to be read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent<'a> {
    /// What it asks for.
    pub(crate) operation: &'a Operation,
    /// Who sends it.
    pub(crate) caller: &'a Caller,
    /// From where.
    pub(crate) address: IpAddr,
    /// How many bytes it has at most.
    pub(crate) bytes: usize,
}

impl Bodies {
    /// Shares out so many bytes of memory: an eighth for those who have not signed in, a quarter for small bodies, and the
    /// rest for large ones. Of each, one caller has a quarter at most, and of the large ones two thirds: a whole file.
    pub(crate) fn new(memory_bytes: usize) -> Bodies {
        let parts = u32::try_from(memory_bytes / PART_BYTES).unwrap_or(u32::MAX).max(16);
        let (strangers, small) = (parts / 8, parts / 4);
        let large = parts.saturating_sub(strangers).saturating_sub(small);
        Bodies {
            strangers: Turns::new(strangers, strangers / 4),
            small: Turns::new(small, small / 4),
            large: Turns::new(large, (large / 3).saturating_mul(2)),
        }
    }

    /// Waits for the memory that a body takes; none at all takes none.
    pub(crate) async fn reserve(&self, sent: Sent<'_>) -> Option<Turn> {
        let Sent { operation, caller, address, bytes } = sent;
        let each = if matches!(operation.work, Work::Import(_)) { MEMORY_PER_FILE_BYTE } else { MEMORY_PER_JSON_BYTE };
        let parts = bytes.saturating_mul(each).div_ceil(PART_BYTES);
        let parts = u32::try_from(parts).unwrap_or(u32::MAX);
        match operation.access {
            _ if bytes == 0 => None,
            Access::Everybody => Some(self.strangers.take(&network_of(address).into(), parts).await),
            _ if bytes <= SMALL_BODY_BYTES => Some(self.small.take(&caller.name, parts).await),
            _ => Some(self.large.take(&caller.name, parts).await),
        }
    }
}

impl Operation {
    /// Bytes that its body may have.
    pub(crate) fn body_limit_bytes(&self, http: &Http) -> usize {
        match self.work {
            Work::Import(_) => http.import_limit_bytes,
            _ => self.access.body_limit_bytes(http.body_limit_bytes),
        }
    }
}

impl Access {
    /// Bytes that a body may have: fewer than usual, where nobody has to sign in.
    pub(crate) fn body_limit_bytes(self, usual_bytes: usize) -> usize {
        if self == Access::Everybody { usual_bytes.min(STRANGERS_BODY_BYTES) } else { usual_bytes }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::right::Role;
    use super::*;
    use futures_util::FutureExt;

    const MIB: usize = 1024 * 1024;

    fn caller(name: &str) -> Caller {
        Caller { name: name.into(), ..Caller::in_role(Role::Clerk) }
    }

    fn reserved(bodies: &Bodies, operation: &str, caller: &Caller, bytes: usize) -> Option<Option<Turn>> {
        let operation = Operation::named(operation).unwrap();
        let address = "192.0.2.1".parse().unwrap();
        bodies.reserve(Sent { operation, caller, address, bytes }).now_or_never()
    }

    #[test]
    fn large_bodies_keep_no_sale_waiting_and_nobody_who_signs_in() {
        let (bodies, anna, ben) = (Bodies::new(128 * MIB), caller("user:anna"), caller("user:ben"));
        let mut read = Vec::new();
        while let Some(turn) = reserved(&bodies, "batch", &anna, MIB) {
            read.push(turn);
        }
        assert!((2..=4).contains(&read.len()), "{}", read.len());
        for (operation, caller, bytes) in
            [("sell", &anna, 2_000), ("batch", &ben, MIB), ("sign_in", &Caller::nobody(), 100)]
        {
            assert!(reserved(&bodies, operation, caller, bytes).is_some(), "{operation}");
        }
        assert!(matches!(reserved(&bodies, "orders", &anna, 0), Some(None)), "no body takes no memory");
        drop(read);
        assert!(reserved(&bodies, "batch", &anna, MIB).is_some());
    }

    #[test]
    fn a_whole_file_fits() {
        let (bodies, anna) = (Bodies::new(128 * MIB), caller("user:anna"));
        let file = reserved(&bodies, "import_items", &anna, 16 * MIB);
        assert!(file.is_some());
        assert!(reserved(&bodies, "import_items", &anna, MIB).is_none(), "one after the other");
    }

    #[test]
    fn half_sent_sign_ins_of_one_address_keep_no_others_out() {
        let (bodies, nobody) = (Bodies::new(128 * MIB), Caller::nobody());
        let mut read = Vec::new();
        while let Some(turn) = reserved(&bodies, "sign_in", &nobody, STRANGERS_BODY_BYTES) {
            read.push(turn);
        }
        let operation = Operation::named("sign_in").unwrap();
        let address = "192.0.2.2".parse().unwrap();
        assert!(bodies.reserve(Sent { operation, caller: &nobody, address, bytes: 100 }).now_or_never().is_some());
    }
}
