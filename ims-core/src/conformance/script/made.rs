//! The numbers of what the script makes.

pub(in crate::conformance) const MAIN: u32 = 10;
pub(in crate::conformance) const ANNEX: u32 = 11;
pub(in crate::conformance) const CELLAR: u32 = 12;
pub(in crate::conformance) const MILL: u32 = 20;
pub(in crate::conformance) const WOOL: u32 = 21;
pub(in crate::conformance) const OLD_SUPPLIER: u32 = 22;
pub(in crate::conformance) const JOSE: u32 = 30;
pub(in crate::conformance) const BAKER: u32 = 31;
pub(in crate::conformance) const LTD: u32 = 32;
pub(in crate::conformance) const TEA_LOVER: u32 = 33;
pub(in crate::conformance) const TEA: u32 = 40;
pub(in crate::conformance) const COFFEE: u32 = 41;
pub(in crate::conformance) const RICE: u32 = 42;
pub(in crate::conformance) const STANDARD: u32 = 43;
pub(in crate::conformance) const POSTAGE: u32 = 44;
pub(in crate::conformance) const ECLAIR: u32 = 45;
pub(in crate::conformance) const OTHER_ECLAIR: u32 = 46;
pub(in crate::conformance) const WAVE: u32 = 47;
pub(in crate::conformance) const CUP: u32 = 48;
pub(in crate::conformance) const OLD: u32 = 49;
pub(in crate::conformance) const NEVER: u32 = 50;
pub(in crate::conformance) const NOWHERE: u32 = 51;
pub(in crate::conformance) const OLD_NOWHERE: u32 = 52;
