//! Whether somebody may listen, at first and still.

use crate::serve::{
    Caller, Problem, Right, Service,
    auth::{Secret, Watch},
    caller::Proof,
    http,
    limits::{Class, Told},
    observe::Seen,
};
use axum::http::{HeaderMap, StatusCode, request::Parts};
use std::time::Duration;
use tokio::time::{Interval, interval};

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

/// When it is asked again whether somebody may listen: at first, now and then, and at once when something of theirs was
/// ended or changed.
pub(crate) struct Rechecks {
    ticks: Interval,
    watch: Watch,
}

impl Rechecks {
    /// So often at least.
    pub(crate) fn every(ms: u64) -> Rechecks {
        Rechecks { ticks: interval(Duration::from_millis(ms.max(1))), watch: Watch::default() }
    }

    /// Waits until it has to be asked.
    pub(crate) async fn due(&mut self) {
        tokio::select! {
            _ = self.ticks.tick() => {}
            () = self.watch.changed() => {}
        }
    }

    /// Hears of what is changed of whoever listens.
    pub(crate) async fn hear(&mut self, service: &Service, caller: &Caller) {
        if let Err(problem) = service.gate().watch(caller, &mut self.watch).await {
            tracing::debug!(code = problem.code(), "it is not known now whom a listener belongs to");
        }
    }
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
        Seen::of(&parts.extensions).note_caller(&caller.name);
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
