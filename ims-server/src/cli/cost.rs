//! `ims cost`

use crate::{failure::Outcome, session::Session};
use clap::Subcommand;
use ims_core::{Amount, Receipt, cost::SetStandardCost};

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// Set the standard cost of an item and revalue what is on hand
    Set {
        /// SKU or barcode
        item: String,
        /// The cost of one from now on
        #[arg(value_name = "AMOUNT")]
        cost: Amount,
    },
}

impl Command {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let Command::Set { item, cost } = self;
        let item = session.item_named(&item).await?;
        let receipt = session.execute(SetStandardCost { item: item.id, unit_cost: cost }).await?;
        let show = session.show().await?;
        let more = match &*receipt {
            Receipt::StandardCostSet { revaluation, .. } => *revaluation,
            _ => Amount::ZERO,
        };
        let text =
            format!("One {} costs {} now. Stock revalued by {}.", item.sku, show.price(cost), show.cost_named(more));
        session.done(&text, Some(item.sku.as_str()), &receipt)
    }
}
