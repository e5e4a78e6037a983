//! `grpc.health.v1.Health`: whether the server is well, as `/health/ready` says it too.

use super::described::SERVICES;
use crate::serve::{Ending, health::Doctor};
use futures_util::stream::{self, BoxStream, StreamExt};
use std::time::Duration;
use tonic::{Request, Response, Status};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse,
    health_check_response::ServingStatus,
    health_server::{Health, HealthServer},
};

/// The server as a whole.
const WHOLE: &str = "";
/// Between two looks for those who watch.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Says whether the server is well.
pub(super) struct Visits {
    doctor: Doctor,
    ending: Ending,
}

impl Visits {
    /// The service that asks a doctor, until the server ends.
    pub(super) fn to(doctor: Doctor, ending: Ending) -> HealthServer<Visits> {
        HealthServer::new(Visits { doctor, ending })
    }
}

#[async_trait::async_trait]
impl Health for Visits {
    type WatchStream = BoxStream<'static, Result<HealthCheckResponse, Status>>;

    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        is_served(&request)?;
        Ok(Response::new(answer(look(&self.doctor).await)))
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        is_served(&request)?;
        let (doctor, ending) = (self.doctor.clone(), self.ending.clone());
        let changes = stream::unfold((doctor, None), |(doctor, told)| async move {
            let now = change(&doctor, told).await;
            Some((Ok(answer(now)), (doctor, Some(now))))
        });
        Ok(Response::new(changes.take_until(async move { ending.begun().await }).boxed()))
    }
}

/// Waits until the server is otherwise than it was told.
async fn change(doctor: &Doctor, told: Option<ServingStatus>) -> ServingStatus {
    loop {
        let now = look(doctor).await;
        if told != Some(now) {
            return now;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(doctor: &Doctor) -> ServingStatus {
    if doctor.is_ready().await { ServingStatus::Serving } else { ServingStatus::NotServing }
}

fn answer(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}

fn is_served(request: &Request<HealthCheckRequest>) -> Result<(), Status> {
    let asked = request.get_ref().service.as_str();
    if asked == WHOLE || SERVICES.contains(&asked) {
        return Ok(());
    }
    Err(Status::not_found("there is no such service; reflection tells which there are"))
}
