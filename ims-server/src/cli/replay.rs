//! `ims replay`

use crate::{
    failure::Outcome,
    replay::{self, AtEnd},
    session::Session,
};
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// The UCI set "Online Retail": a year of a gift retailer, as CSV, compressed or not
    ///
    /// Opens a shop where the store has none. Interrupted and started again it finishes the job and does nothing twice.
    OnlineRetail {
        /// The file
        file: PathBuf,
        /// Prove at the end that everything adds up, and tell the state hash
        #[arg(long)]
        verify: bool,
    },
    /// Northwind: a folder with categories, suppliers, products, customers, orders and order_details as CSV
    ///
    /// Opens a shop where the store has none. Started again it does nothing twice.
    Northwind {
        /// The folder
        folder: PathBuf,
        /// Prove at the end that everything adds up, and tell the state hash
        #[arg(long)]
        verify: bool,
    },
}

impl Command {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::OnlineRetail { file, verify } => {
                replay::online_retail::replay(session, &file, at_end(verify)).await
            }
            Command::Northwind { folder, verify } => replay::northwind::replay(session, &folder, at_end(verify)).await,
        }
    }
}

fn at_end(verify: bool) -> AtEnd {
    if verify { AtEnd::Verify } else { AtEnd::Stop }
}
