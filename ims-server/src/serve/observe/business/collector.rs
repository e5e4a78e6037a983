//! The totals of the shop as Prometheus reads them.

use super::totals::Totals;
use crate::serve::observe::process::Found;
use ims_core::Offset;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder},
    metrics::{MetricType, counter::ConstCounter, gauge::ConstGauge},
};
use std::{
    collections::BTreeMap,
    fmt::{self, Display},
    sync::{Arc, Mutex, PoisonError},
};

/// What is shown of the shop. Cheap to clone; all clones are the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Business {
    shown: Arc<Mutex<Option<(Totals, Offset)>>>,
}

impl Business {
    /// Shows what was counted, and how long the log is.
    pub(super) fn show(&self, totals: &Totals, newest: Offset) {
        let shown = Some((totals.clone(), newest));
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }
}

#[cfg(test)]
impl Business {
    /// Shows every figure that there can be.
    #[allow(clippy::field_reassign_with_default, reason = "one of the fields is private")]
    pub(in crate::serve::observe) fn show_everything(&self) {
        let mut totals = Totals::default();
        totals.currency = Some("EUR".into());
        totals.alerts_open.insert("low".into(), 1);
        totals.alerts_raised.insert("low".into(), 1);
        totals.adjusted.insert("damaged".into(), ims_core::Quantity::ONE);
        self.show(&totals, Offset::START);
    }
}

impl Collector for Business {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // Before the log was read nothing is known, and nothing is said: 0 would be a wrong answer.
        let Some((totals, newest)) = shown else { return Ok(()) };
        write(&mut encoder, &totals, newest)
    }
}

fn write(encoder: &mut DescriptorEncoder<'_>, totals: &Totals, newest: Offset) -> fmt::Result {
    let counts = [
        ("ims_orders", "Orders that were placed, counter sales included", totals.orders),
        ("ims_order_lines", "Lines of these orders", totals.order_lines),
        ("ims_orders_cancelled", "Orders that were cancelled, at least in part", totals.orders_cancelled),
        ("ims_shipments", "Shipments, counter sales included", totals.shipments),
        ("ims_returns", "Returns of customers", totals.returns),
        ("ims_purchase_orders", "Purchase orders that were placed", totals.purchases),
        ("ims_holds", "Holds that were placed", totals.holds),
    ];
    for (name, help, count) in counts {
        Found(ConstCounter::new(count)).write(encoder, name, help)?;
    }
    let sums: [(&str, &str, &dyn Display); 7] = [
        ("ims_revenue", "What shipped goods earned, in the currency of the books", &totals.revenue),
        ("ims_cost_of_goods_sold", "What shipped goods had cost", &totals.cost),
        ("ims_refunds", "What was refunded for returns", &totals.refunds),
        ("ims_units_sold", "Units that were shipped", &totals.units_sold),
        ("ims_units_returned", "Units that came back", &totals.units_returned),
        ("ims_units_received", "Units that came in", &totals.units_received),
        ("ims_units_backordered", "Units that were promised without being there", &totals.units_backordered),
    ];
    for (name, help, sum) in sums {
        Found(ConstCounter::new(float(sum))).write(encoder, name, help)?;
    }
    let gauges = [
        ("ims_items", "Items that are traded", totals.items),
        ("ims_log_offset", "The newest event of the log", newest.0),
        ("ims_log_counted_offset", "The newest event that the figures of the shop have", totals.counted.0),
    ];
    for (name, help, value) in gauges {
        Found(ConstGauge::new(value)).write(encoder, name, help)?;
    }
    labelled(encoder, "ims_alerts_open", "Alerts that are open", "kind", MetricType::Gauge, &totals.alerts_open)?;
    let raised = &totals.alerts_raised;
    labelled(encoder, "ims_alerts_raised", "Alerts that were raised", "kind", MetricType::Counter, raised)?;
    let help = "Units that corrections added or took, by reason";
    labelled(encoder, "ims_units_adjusted", help, "reason", MetricType::Counter, &totals.adjusted)?;
    let currency = BTreeMap::from_iter(totals.currency.iter().map(|currency| (currency.clone(), 1)));
    labelled(
        encoder,
        "ims_shop_currency",
        "The currency of the books; always 1",
        "currency",
        MetricType::Gauge,
        &currency,
    )
}

/// Writes a figure for each word that there is.
fn labelled<V: Display>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    label: &str,
    kind: MetricType,
    values: &BTreeMap<String, V>,
) -> fmt::Result {
    if values.is_empty() {
        return Ok(());
    }
    let mut encoder = encoder.encode_descriptor(name, help, None, kind)?;
    for (word, value) in values {
        let labels = [(label, word.as_str())];
        let encoder: MetricEncoder<'_> = encoder.encode_family(&labels)?;
        match kind {
            MetricType::Counter => ConstCounter::new(float(value)).encode(encoder)?,
            _ => ConstGauge::new(float(value)).encode(encoder)?,
        }
    }
    Ok(())
}

/// The number nearest to a decimal: what is read here is looked at, and never booked.
fn float(decimal: &dyn Display) -> f64 {
    decimal.to_string().parse().unwrap_or(f64::NAN)
}
