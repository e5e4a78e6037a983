//! `ims period`

use crate::{failure::Outcome, session::Session};
use clap::Subcommand;
use ims_core::{Date, period::ClosePeriod};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Close the books up to a day: nothing can be entered on or before it any more, ever
    Close {
        /// The last closed day
        until: Date,
    },
}

impl Command {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let Command::Close { until } = self;
        let receipt = session.execute(ClosePeriod { until }).await?;
        session.done(&format!("The books are closed until {until}."), None, &receipt)
    }
}
