//! The rules of IMS.
