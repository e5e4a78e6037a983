//! `ims period`

use crate::{
    failure::{Failure, Outcome},
    session::{Session, now},
};
use clap::Subcommand;
use ims_core::{Date, Receipt, Rejection, Shop, Text, period::ClosePeriod};

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

/// Whether books that were closed, or opened again, have been closed until this day since.
fn ends_with(receipt: &Receipt, day: Date) -> bool {
    matches!(receipt, Receipt::PeriodClosed { until, .. } if *until == day)
}

/// Refuses a day that is closed already, and one that still goes on: the books would be closed on what is yet to come.
fn can_be_closed(shop: &Shop, until: Date) -> Outcome {
    if let Some(closed_until) = shop.closed_until.filter(|closed_until| *closed_until >= until) {
        let rejection = Rejection::PeriodClosed { day: until, closed_until };
        return Err(Failure::refused(rejection.code(), format!("the books are closed until {closed_until} already"))
            .hint(format!("`ims period reopen {until} --reason TEXT` opens what follows that day")));
    }
    if until < shop.time_zone.business_day(now()) {
        return Ok(());
    }
    Err(Failure::refused("occurs_in_future", format!("{until} is not over yet"))
        .hint("close the books up to a day that has passed: yesterday at the latest"))
}

/// Refuses a day after which nothing is closed.
fn can_be_reopened(shop: &Shop, until: Date) -> Outcome {
    if shop.closed_until.is_none_or(|closed_until| closed_until < until) {
        return Err(Failure::refused("period_open", format!("the books are open after {until} already"))
            .hint("`ims period close` closes them"));
    }
    if shop.closed_until == Some(until) {
        return Err(Failure::refused("period_open", format!("the books are closed until {until} as it is"))
            .hint("name the last day that is to stay closed: an earlier one"));
    }
    Ok(())
}

impl Command {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        match self {
            Command::Close { until, reason } => {
                if session.done_before(|receipt| ends_with(receipt, until)).await?.is_none() {
                    can_be_closed(&*session.open_shop().await?, until)?;
                }
                let reason = reason.map(Text::from);
                let receipt = session.execute(ClosePeriod { until, reason }).await?;
                session.done(&format!("The books are closed until {until}."), None, &receipt)
            }
            Command::Reopen { until, reason } => {
                if session.done_before(|receipt| ends_with(receipt, until)).await?.is_none() {
                    can_be_reopened(&*session.open_shop().await?, until)?;
                }
                let receipt = session.execute(ClosePeriod { until, reason: Some(reason.into()) }).await?;
                session.done(&format!("The books are open again after {until}."), None, &receipt)
            }
        }
    }
}
