//! The log: lines of JSON for machines, text for people on a terminal.

use super::Traces;
use crate::serve::config::{Log, LogFormat};
use std::io::{self, IsTerminal};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    fmt,
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

/// Begins to write the log and to send traces.
pub(crate) fn start(log: &Log, traces: Option<&Traces>) -> Result<(), String> {
    let level: EnvFilter = log.level.parse().map_err(|error| format!("log.level: {error}"))?;
    let traced = traces.map(|traces| {
        // What the exporter itself does must not become a span, which it would have to send.
        let ours = EnvFilter::new("off,ims=info");
        tracing_opentelemetry::layer().with_tracer(traces.tracer()).with_filter(ours)
    });
    let begun = tracing_subscriber::registry().with(written(log.format, level)).with(traced).try_init();
    begun.map_err(|error| format!("log: {error}"))
}

fn written<S>(format: LogFormat, level: EnvFilter) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let text = match format {
        LogFormat::Text => true,
        LogFormat::Json => false,
        LogFormat::Auto => io::stderr().is_terminal(),
    };
    if text {
        let colours = io::stderr().is_terminal();
        return fmt::layer()
            .with_writer(io::stderr)
            .with_ansi(colours)
            .with_target(false)
            .compact()
            .with_filter(level)
            .boxed();
    }
    let json = fmt::layer().json().flatten_event(true).with_current_span(false).with_span_list(false);
    // A line has the fields of its entry alone. Spans that no trace wants are not made: each field of one would be written as
    // JSON, and all of them once more for each that is learned later.
    json.with_writer(io::stderr).with_filter(level.and(filter_fn(|metadata| metadata.is_event()))).boxed()
}
