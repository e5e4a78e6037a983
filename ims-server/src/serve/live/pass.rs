//! Whether somebody may listen, at first and still.

use crate::serve::{
    Caller, Problem, Right, Service,
    auth::Secret,
    caller::Proof,
    http,
    limits::{Class, Told},
};
use axum::http::{HeaderMap, StatusCode, request::Parts};

/// What a listener came in with. It is shown again from time to time.
pub(crate) enum Pass {
    /// What stood in the headers.
    Headers(Option<Secret>),
    /// What the maker of their ticket had proved.
    Ticket(Proof),
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
    /// What stands in the headers.
    ///
    /// # Errors
    /// `malformed`.
    pub(crate) fn of(headers: &HeaderMap) -> Result<Pass, Problem> {
        Ok(Pass::Headers(http::authorization(headers)?.map(Secret::new)))
    }

    /// Lets somebody in: counts the request as any other, and tells who they are.
    ///
    /// # Errors
    /// `rate_limited`, or as [`Pass::caller`].
    pub(crate) async fn admit(&self, service: &Service, parts: &Parts) -> Result<Caller, Problem> {
        let (limits, mut told) = (service.limits(), Told::default());
        limits.address(Class::Else, limits.client(&parts.extensions, &parts.headers), &mut told)?;
        let caller = self.caller(service).await?;
        limits.caller(Class::Else, &caller, &mut told)?;
        Ok(caller)
    }

    /// Who it lets in.
    ///
    /// # Errors
    /// Where it lets nobody in, or nobody who may follow events.
    async fn caller(&self, service: &Service) -> Result<Caller, Problem> {
        let caller = match self {
            Pass::Headers(authorization) => service.gate().caller(authorization.as_ref().map(Secret::expose)).await?,
            Pass::Ticket(proof) => service.gate().again(proof).await?,
        };
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
