//! `ims serve`: the engine over the network.
//!
//! Every request takes the same way, whatever carries it: a frontend (`http/`, `grpc/`) finds the [`Operation`], learns who
//! calls, and hands both to the [`Service`], which checks the right, has the engine do or answer it, and hides what the
//! caller may not see. Nothing here is a rule of the shop.

mod answer;
mod auth;
mod batch;
mod bodies;
mod call;
mod caller;
mod clock;
mod codes;
pub(crate) mod config;
mod costs;
mod cursor;
mod days;
mod ending;
mod forms;
mod grpc;
mod health;
mod holds;
mod http;
mod idempotency;
mod late_entries;
mod layers;
mod limits;
mod listen;
mod live;
mod observe;
mod operation;
mod operations;
mod problem;
mod readers;
mod reading;
mod reference;
mod relay;
mod right;
#[cfg(test)]
mod rights_table;
mod run;
mod service;
mod site;
mod turns;

pub(crate) use auth::{Config as AuthConfig, Gate, Name, NewUser, Secret, Standing, UserChange, UserShown};
pub(crate) use caller::{Costs as CostSight, Sight};
pub(crate) use config::{Config, Sources};
pub(crate) use costs::{hide, is_one as is_cost};
pub(crate) use problem::Problem;
pub(crate) use problem::STATUS_OF_DOCUMENT;
pub(crate) use right::Role;
pub(crate) use run::run;

use answer::Answer;
use call::Call;
use caller::Caller;
use ending::Ending;
use operation::Operation;
use right::Right;
use service::Service;
