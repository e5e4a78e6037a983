//! `ims period`

use crate::{
    failure::{Failure, Outcome},
    session::Session,
};
use clap::Subcommand;
use ims_core::{Date, Rejection, Text, period::ClosePeriod};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Close the books up to a day: nothing can be entered on or before it any more
    Close {
        /// The last closed day
        until: Date,
        /// Why, where nothing was entered for a long time before that day
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// Open the books again that were closed by mistake; the log keeps who did it, and why
    Reopen {
        /// The last day that stays closed
        until: Date,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

impl Command {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::Close { until, reason } => {
                let shop = session.open_shop().await?;
                if let Some(closed_until) = shop.closed_until.filter(|closed_until| *closed_until > until) {
                    return Err(Failure::from(&Rejection::PeriodClosed { day: until, closed_until }));
                }
                let reason = reason.map(Text::from);
                let receipt = session.execute(ClosePeriod { until, reason }).await?;
                session.done(&format!("The books are closed until {until}."), None, &receipt)
            }
            Command::Reopen { until, reason } => {
                let shop = session.open_shop().await?;
                if shop.closed_until.is_none_or(|closed_until| closed_until < until) {
                    return Err(Failure::refused("period_open", format!("the books are open after {until} already"))
                        .hint("`ims period close` closes them"));
                }
                let receipt = session.execute(ClosePeriod { until, reason: Some(reason.into()) }).await?;
                session.done(&format!("The books are open again after {until}."), None, &receipt)
            }
        }
    }
}
