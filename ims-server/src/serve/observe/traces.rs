//! Traces: what happened during a request, sent to a collector that speaks OpenTelemetry.

use crate::serve::config;
use axum::http::HeaderMap;
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator},
    trace::{TraceContextExt, TracerProvider},
};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    propagation::TraceContextPropagator,
    trace::{Sampler, SdkTracer, SdkTracerProvider},
};
use std::time::Duration;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// How long the last spans may take to be sent when the server ends.
const FLUSH: Duration = Duration::from_secs(3);

/// Where traces go.
#[derive(Debug)]
pub(crate) struct Traces(SdkTracerProvider);

impl Traces {
    /// Begins to send traces; nothing where no collector is named.
    pub(crate) fn start(traces: &config::Traces) -> Result<Option<Traces>, String> {
        let Some(endpoint) = &traces.endpoint else { return Ok(None) };
        let headers = traces.headers.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())).collect();
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint)
            .with_headers(headers)
            .build()
            .map_err(|error| format!("traces.endpoint: {error}"))?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(share(traces.sample_percent)))))
            .with_resource(Resource::builder().with_service_name(traces.service_name.clone()).build())
            .build();
        Ok(Some(Traces(provider)))
    }

    /// What makes spans.
    pub(super) fn tracer(&self) -> SdkTracer {
        self.0.tracer("ims")
    }

    /// Sends what has not been sent, for a while.
    pub(crate) async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(FLUSH)).await;
        if let Ok(Err(error)) = ended {
            tracing::warn!(%error, "the last spans were not sent");
        }
    }
}

/// A share of hundred as the sampler wants it.
#[allow(clippy::float_arithmetic, reason = "a share of requests, not of goods or money")]
fn share(percent: u8) -> f64 {
    f64::from(percent) / 100.0
}

/// Makes a span part of the trace that the caller has begun, as `traceparent` says (W3C Trace Context).
pub(super) fn follow(span: &Span, headers: &HeaderMap) {
    let parent = TraceContextPropagator::new().extract(&Headers(headers));
    if parent.span().span_context().is_valid() {
        // Without a collector there are no traces, and nothing to follow.
        let _ = span.set_parent(parent);
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}
