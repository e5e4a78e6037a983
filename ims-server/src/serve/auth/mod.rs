//! Who calls: told from the `Authorization` of a request.

use super::{Caller, Problem};

/// Knows who may come in.
#[derive(Debug)]
pub(crate) struct Gate;

impl Gate {
    /// Tells who calls, from what stands in `Authorization`.
    pub(crate) async fn caller(&self, authorization: Option<&str>) -> Result<Caller, Problem> {
        let _ = authorization;
        Err(Problem::unauthenticated("sign in first"))
    }
}
