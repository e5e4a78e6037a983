//! `ims movements`

use super::{
    item::word,
    page::{Lists, each_page, sorts},
};
use crate::{
    failure::Outcome,
    moment::Moment,
    output::{self, Column, Line, Show},
    session::Session,
};
use clap::Args;
use ims_core::{
    AdjustmentReason, Amount, CommandId, MovementKind, Quantity, Reports, Timestamp,
    report::{MovementQuery, Sort},
};
use serde::Serialize;

/// `ims movements`
#[derive(Args, Debug)]
pub(super) struct Movements {
    /// Only of this item: SKU or barcode
    item: Option<String>,
    /// Only from or to this site
    #[arg(long, value_name = "CODE")]
    site: Option<String>,
    /// Only on or after that day, or at or after that moment
    #[arg(long, value_name = "TIME")]
    from: Option<Moment>,
    /// Only up to the end of that day, or that moment
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
    /// In which order: oldest first, or with a minus the newest first
    #[arg(long, value_name = "ORDER", allow_hyphen_values = true, value_parser = sorts(Lists::Movements))]
    sort: Option<Sort>,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
}

#[derive(Serialize)]
struct MovementRow {
    occurred_at: Timestamp,
    sku: String,
    from: String,
    to: String,
    kind: MovementKind,
    reason: Option<AdjustmentReason>,
    quantity: Quantity,
    value: Amount,
    revenue: Amount,
    acquired_at: Timestamp,
    recorded_at: Timestamp,
    command: CommandId,
    number: u32,
}

impl Line for MovementRow {
    const KEYS: &'static [&'static str] = &[
        "occurred_at",
        "sku",
        "from",
        "to",
        "kind",
        "reason",
        "quantity",
        "value",
        "revenue",
        "acquired_at",
        "recorded_at",
        "command",
        "number",
    ];
    const COLUMNS: &'static [Column] = &[
        Column::text("When"),
        Column::text("SKU"),
        Column::text("From"),
        Column::text("To"),
        Column::text("Why"),
        Column::number("Quantity"),
        Column::number("Cost"),
        Column::number("Revenue"),
    ];

    fn cells(&self, show: &Show) -> Vec<String> {
        let why = self.reason.map_or_else(|| word(&self.kind), |reason| word(&reason));
        vec![
            show.moment(self.occurred_at),
            self.sku.clone(),
            self.from.clone(),
            self.to.clone(),
            why,
            output::quantity(self.quantity),
            show.cost(self.value),
            if self.revenue.is_zero() { String::new() } else { show.money(self.revenue) },
        ]
    }
}

impl Movements {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let show = session.show().await?;
        let mut query = MovementQuery::default();
        if let Some(name) = &self.item {
            query.item = Some(session.item_named(name).await?.id);
        }
        if let Some(code) = &self.site {
            query.location = Some(session.site_named(code).await?.id);
        }
        query.from = self.from.map(|at| at.in_zone(&show.zone)).transpose()?;
        query.until = self.until.map(|at| at.end_in_zone(&show.zone)).transpose()?;
        let locations = session.locations_by_id().await?;
        let code = |id| locations.get(&id).map(|location| location.code.to_string()).unwrap_or_default();
        let mut listing = session.out.listing::<MovementRow>(&show);
        let rest = each_page(
            self.limit,
            self.sort,
            async |page| session.store().movements(&query, page).await,
            async |movements| {
                let items = session.items_with(movements.iter().map(|movement| movement.item)).await?;
                listing.add(movements.into_iter().map(|movement| MovementRow {
                    occurred_at: movement.occurred_at,
                    sku: items.get(&movement.item).map(|item| item.sku.to_string()).unwrap_or_default(),
                    from: code(movement.from),
                    to: code(movement.to),
                    kind: movement.kind,
                    reason: movement.reason,
                    quantity: movement.quantity,
                    value: movement.value,
                    revenue: movement.revenue,
                    acquired_at: movement.acquired_at,
                    recorded_at: movement.recorded_at,
                    command: movement.key.command,
                    number: movement.key.number,
                }))
            },
        )
        .await?;
        listing.end_or("Nothing has moved.")?;
        session.say_if_more(rest);
        Ok(())
    }
}
