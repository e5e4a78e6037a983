//! Whether somebody may listen, at first and still.

use crate::serve::{Caller, Problem, Right, Service};
use axum::http::StatusCode;
use std::sync::Arc;

/// What a listener came in with. It is shown again from time to time.
#[derive(Clone)]
pub(crate) struct Pass {
    authorization: Option<Arc<str>>,
}

/// Whether somebody may still listen.
#[derive(Debug)]
pub(crate) enum Still {
    /// They may, and are this now.
    Yes(Caller),
    /// They may not.
    No(Problem),
    /// Nobody can tell now; they are asked again.
    Unknown,
}

impl Pass {
    /// What stands in `Authorization`.
    pub(crate) fn authorization(text: Option<&str>) -> Pass {
        Pass { authorization: text.map(Arc::from) }
    }

    /// Who it lets in.
    ///
    /// # Errors
    /// Where it lets nobody in, or nobody who may follow events.
    pub(crate) async fn caller(&self, service: &Service) -> Result<Caller, Problem> {
        let caller = service.gate().caller(self.authorization.as_deref()).await?;
        caller.must(Right::ReadEvents)?;
        Ok(caller)
    }

    /// Whether it still lets them in.
    pub(crate) async fn still(&self, service: &Service) -> Still {
        match self.caller(service).await {
            Ok(caller) => Still::Yes(caller),
            Err(problem) if matches!(problem.status(), StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                Still::No(problem)
            }
            Err(_) => Still::Unknown,
        }
    }
}
