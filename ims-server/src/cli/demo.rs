//! `ims demo`

use super::{
    alert::AlertRow,
    order::OrderRow,
    page::each_page,
    report::{UnnamedRow, profit},
};
use crate::{
    demo,
    failure::Outcome,
    lookup::quoted,
    output::{self, Format},
    session::{Session, now},
    stopwatch::{self, Stopwatch},
};
use clap::Args;
use ims_core::{
    Reports,
    report::{AlertLine, AlertQuery, OrderQuery, ProfitBy, ProfitQuery},
};
use serde::Serialize;

/// Lines of each part of what is shown.
const ALERTS_SHOWN: usize = 12;
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
    show_alerts(session).await?;
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
        None,
        async |page| session.store().orders(&OrderQuery::default(), page).await,
        async |orders| listing.add(OrderRow::all(session, orders).await?),
    )
    .await?;
    listing.end()?;
    heading(session, "Try next")?;
    let ims = program();
    let store = match session.store_url.as_str() {
        // It is gone when this program ends; so is the shop.
        "memory:" => return session.out.text(&format!("  {ims} demo --store sqlite:demo.db")),
        url if crate::store_url::shown(url) == *url => format!(" --store {}", quoted(url)),
        _ => String::new(),
    };
    session.out.text(&format!(
        "  {ims} report profit --by month{store}\n  {ims} report reorder{store}\n  {ims} order show MAIN-17{store}"
    ))
}

/// How the reader started this program: by its path where it is not on theirs.
fn program() -> String {
    std::env::args().next().filter(|name| name.contains('/')).map_or_else(|| "ims".to_owned(), |name| quoted(&name))
}

/// What is out of stock first, then what has been low for longest.
async fn show_alerts(session: &Session) -> Outcome {
    let mut alerts: Vec<AlertLine> = Vec::new();
    let now = now();
    each_page(
        0,
        None,
        async |page| session.store().alerts(AlertQuery::Unacknowledged, now, page).await,
        async |lines| {
            alerts.extend(lines);
            Ok(())
        },
    )
    .await?;
    alerts.sort_by_key(|alert| (std::cmp::Reverse(alert.kind), alert.raised_at));
    let hidden = alerts.len().saturating_sub(ALERTS_SHOWN);
    alerts.truncate(ALERTS_SHOWN);
    let mut listing = session.out.listing::<AlertRow>(&session.show().await?);
    listing.add(alerts.into_iter().map(AlertRow::from))?;
    listing.end_or("Nothing: every shelf is well filled.")?;
    match hidden {
        0 => Ok(()),
        hidden => session.out.text(&format!("… and {hidden} more")),
    }
}

fn heading(session: &Session, title: &str) -> Outcome {
    session.out.text(&format!("\n{title}\n"))
}
