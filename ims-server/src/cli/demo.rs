//! `ims demo`

use super::{
    alert::AlertRow,
    order::OrderRow,
    page::{Rest, each_page},
    report::{UnnamedRow, profit},
};
use crate::{
    demo,
    failure::Outcome,
    lookup::quoted,
    output::{self, Format, Line, Listing},
    session::Session,
    stopwatch::{self, Stopwatch},
};
use clap::Args;
use ims_core::{
    Reports,
    report::{AlertQuery, OrderQuery, ProfitBy, ProfitQuery},
};
use serde::Serialize;

/// Lines of each part of what is shown.
const ALERTS_SHOWN: u32 = 12;
const ORDERS_SHOWN: u32 = 8;

/// Trades some months in a made-up shop, from a fixed seed, and shows what an owner wants to see.
#[derive(Args, Debug)]
pub(super) struct Demo {}

#[derive(Serialize)]
struct DemoOut {
    store: String,
    seconds: serde_json::Number,
    #[serde(flatten)]
    traded: demo::Traded,
}

impl Demo {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let watch = Stopwatch::start();
        let traded = demo::run(session).await?;
        let seconds = stopwatch::seconds(watch.elapsed_ms());
        if session.out.format != Format::Table {
            let store = session.store_url.clone();
            return session.out.json(&DemoOut { store, seconds, traded });
        }
        session.out.text(&format!(
            "A made-up shop traded for {} days: {} orders, {} returns and {} purchase orders in {seconds} s.",
            traded.days,
            output::count(traded.orders),
            output::count(traded.returns),
            output::count(traded.purchases),
        ))?;
        look_at(session).await
    }
}

/// What an owner wants to see.
async fn look_at(session: &Session) -> Outcome {
    heading(session, "Stock that needs attention")?;
    let mut listing = session.out.listing::<AlertRow>(&session.show().await?);
    let rest = each_page(
        ALERTS_SHOWN,
        async |page| session.store().alerts(AlertQuery::Unacknowledged, page).await,
        async |lines| listing.add(lines.into_iter().map(AlertRow::from)),
    )
    .await?;
    end(session, listing, rest)?;
    for (title, by) in [("Profit by category", ProfitBy::Category), ("Profit by brand", ProfitBy::Brand)] {
        heading(session, title)?;
        let mut rows = profit(session, &ProfitQuery { by, from: None, until: None }).await?;
        rows.sort_by_key(|row| std::cmp::Reverse(row.profit()));
        session
            .out
            .list(&session.show().await?, rows.into_iter().map(UnnamedRow::from).collect::<Vec<UnnamedRow>>())?;
    }
    heading(session, "The last orders")?;
    let mut listing = session.out.listing::<OrderRow>(&session.show().await?);
    each_page(
        ORDERS_SHOWN,
        async |page| session.store().orders(&OrderQuery::default(), page).await,
        async |orders| listing.add(OrderRow::all(session, orders).await?),
    )
    .await?;
    listing.end()?;
    heading(session, "Try next")?;
    let store = quoted(&session.store_url);
    session.out.text(&format!(
        "  ims report profit --by month --store {store}\n  ims report reorder --store {store}\n  \
         ims order show MAIN-17 --store {store}"
    ))
}

fn heading(session: &Session, title: &str) -> Outcome {
    session.out.text(&format!("\n{title}\n"))
}

fn end<T: Line>(session: &Session, listing: Listing<T>, rest: Rest) -> Outcome {
    listing.end_or("Nothing: every shelf is well filled.")?;
    if rest == Rest::More { session.out.text("… and more: `ims alerts` shows all.") } else { Ok(()) }
}
