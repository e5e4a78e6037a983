//! Connections of callers, counted when they are asked for.

use crate::serve::listen::Open;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{MetricType, gauge::ConstGauge},
};
use std::{fmt, sync::Arc};

/// The connections that are open at each listener.
#[derive(Debug)]
pub(crate) struct Connections(Vec<(&'static str, Arc<Open>)>);

impl Connections {
    /// Those of some listeners, each with its name.
    pub(crate) fn new(listeners: Vec<(&'static str, Arc<Open>)>) -> Connections {
        Connections(listeners)
    }
}

impl Collector for Connections {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Connections of callers that are open, by listener";
        let mut open = encoder.encode_descriptor("ims_connections_open", help, None, MetricType::Gauge)?;
        let mut listeners = self.0.iter();
        listeners.try_for_each(|(listener, connections)| {
            ConstGauge::new(connections.count()).encode(open.encode_family(&[("listener", *listener)])?)
        })
    }
}
