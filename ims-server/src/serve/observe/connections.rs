//! Connections of callers, counted when they are asked for.

use super::process::Found;
use crate::serve::listen::Open;
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, metrics::gauge::ConstGauge};
use std::{fmt, sync::Arc};

/// The connections that are open.
#[derive(Debug)]
pub(crate) struct Connections(Arc<Open>);

impl Connections {
    /// Those of a listener.
    pub(crate) fn new(open: Arc<Open>) -> Connections {
        Connections(open)
    }
}

impl Collector for Connections {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let open = Found(ConstGauge::new(self.0.count()));
        open.write(&mut encoder, "ims_connections_open", "Connections of callers that are open")
    }
}
