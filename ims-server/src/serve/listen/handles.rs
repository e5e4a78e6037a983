//! Handles: every connection takes one.

/// Raises the number of handles that the process may have to what the system allows it at most.
pub(crate) fn raise_limit() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(limit) => tracing::debug!(limit, "handles that may be open"),
        Err(error) => tracing::warn!(%error, "the limit of open handles stays as it is"),
    }
}
