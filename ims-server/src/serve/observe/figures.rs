//! The figures of the server, as Prometheus reads them.

use super::{panics::Panics, process::Process};
use prometheus_client::{
    collector::Collector,
    encoding::{EncodeLabelSet, EncodeLabelValue, text},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};
use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock, atomic::AtomicU64},
    time::Duration,
};

/// All figures. Cheap to clone; all clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    registry: Arc<RwLock<Registry>>,
    requests: Family<Answered, Counter>,
    durations: Family<Answered, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    problems: Family<Code, Counter>,
    store: Family<StoreWork, Histogram, fn() -> Histogram>,
    store_failures: Family<Code, Counter>,
    streams: Family<Kind, Gauge>,
    relay_lag: Family<Relay, Gauge>,
    clock: Family<Against, Gauge<f64, AtomicU64>>,
}

/// How a request was answered.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Answered {
    operation: &'static str,
    status: StatusClass,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum StatusClass {
    Informed,
    Done,
    Elsewhere,
    CallersFault,
    OurFault,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StoreWork {
    work: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Relay {
    relay: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Against {
    against: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// Something that is counted while it is open.
#[derive(Debug)]
pub(crate) struct Counted(Gauge);

impl Counted {
    fn begin(gauge: Gauge) -> Counted {
        gauge.inc();
        Counted(gauge)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl StatusClass {
    fn of(status: u16) -> StatusClass {
        match status {
            0..200 => StatusClass::Informed,
            200..300 => StatusClass::Done,
            300..400 => StatusClass::Elsewhere,
            400..500 => StatusClass::CallersFault,
            _ => StatusClass::OurFault,
        }
    }
}

impl EncodeLabelValue for StatusClass {
    fn encode(&self, encoder: &mut prometheus_client::encoding::LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        fmt::Write::write_str(
            encoder,
            match self {
                StatusClass::Informed => "1xx",
                StatusClass::Done => "2xx",
                StatusClass::Elsewhere => "3xx",
                StatusClass::CallersFault => "4xx",
                StatusClass::OurFault => "5xx",
            },
        )
    }
}

/// Seconds: from what memory answers to what a caller gives up on.
const REQUEST_BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];
/// Seconds: from a row in memory to a database that hangs.
const STORE_BUCKETS: [f64; 11] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

impl Figures {
    /// Figures that are all zero.
    pub(crate) fn new() -> Figures {
        let figures = Figures {
            registry: Arc::new(RwLock::new(Registry::default())),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(REQUEST_BUCKETS)),
            in_flight: Gauge::default(),
            problems: Family::default(),
            store: Family::new_with_constructor(|| Histogram::new(STORE_BUCKETS)),
            store_failures: Family::default(),
            streams: Family::default(),
            relay_lag: Family::default(),
            clock: Family::default(),
        };
        let build = Family::<Build, Gauge>::default();
        build.get_or_create(&Build { version: env!("CARGO_PKG_VERSION") }).set(1);
        let mut all = figures.registry.write().unwrap_or_else(PoisonError::into_inner);
        all.register_collector(Box::new(Process::now()));
        all.register_collector(Box::new(Panics));
        let registry = all.sub_registry_with_prefix("ims");
        registry.register(
            "requests",
            "Requests that were answered, by operation and class of status",
            figures.requests.clone(),
        );
        registry.register_with_unit(
            "request_duration",
            "How long requests took until the head of their answer",
            Unit::Seconds,
            figures.durations.clone(),
        );
        registry.register("requests_in_flight", "Requests that are being answered", figures.in_flight.clone());
        registry.register(
            "problems",
            "Requests that were not done, by the code of the problem: refusals of the rules, limits, rights, failures",
            figures.problems.clone(),
        );
        registry.register_with_unit(
            "store_duration",
            "How long the store took, by what it did",
            Unit::Seconds,
            figures.store.clone(),
        );
        registry.register("store_failures", "What the store did not do, by code", figures.store_failures.clone());
        registry.register("streams_open", "Streams of live events that are open, by kind", figures.streams.clone());
        registry.register("relay_lag_events", "Events that a relay has not sent yet", figures.relay_lag.clone());
        registry.register_with_unit(
            "clock_difference",
            "By how much the clocks of this machine and of its database differ",
            Unit::Seconds,
            figures.clock.clone(),
        );
        registry.register("build_info", "Which version this is; always 1", build);
        drop(all);
        figures
    }

    /// Adds figures that are found when they are asked for.
    pub(crate) fn add(&self, collector: impl Collector) {
        self.registry.write().unwrap_or_else(PoisonError::into_inner).register_collector(Box::new(collector));
    }

    /// All figures in the text format of OpenMetrics.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut written = String::new();
        text::encode(&mut written, &self.registry.read().unwrap_or_else(PoisonError::into_inner))?;
        Ok(written)
    }

    /// Counts a request while it is answered.
    pub(super) fn begin_request(&self) -> Counted {
        Counted::begin(self.in_flight.clone())
    }

    /// Notes how a request was answered.
    pub(super) fn end_request(&self, operation: &'static str, status: u16, took: Duration) {
        let answered = Answered { operation, status: StatusClass::of(status) };
        self.requests.get_or_create(&answered).inc();
        self.durations.get_or_create(&answered).observe(took.as_secs_f64());
    }

    /// Notes why a request was not done. Codes are a closed list; what a caller says is never one.
    pub(super) fn note_problem(&self, code: &str) {
        self.problems.get_or_create(&Code { code: code.to_owned() }).inc();
    }

    /// Notes what the store did.
    pub(super) fn note_store(&self, work: &'static str, took: Duration) {
        self.store.get_or_create(&StoreWork { work }).observe(took.as_secs_f64());
    }

    /// Notes what the store did not do.
    pub(super) fn note_store_failure(&self, code: &str) {
        self.store_failures.get_or_create(&Code { code: code.to_owned() }).inc();
    }

    /// Notes how far the clocks of this machine and of its database are apart.
    pub(crate) fn note_clock(&self, apart: Duration) {
        self.clock.get_or_create(&Against { against: "database" }).set(apart.as_secs_f64());
    }

    /// Counts a stream of live events, such as `websocket`, while it is open.
    pub(crate) fn begin_stream(&self, kind: &'static str) -> Counted {
        Counted::begin(self.streams.get_or_create_owned(&Kind { kind }))
    }

    /// Notes how far a relay is behind the log.
    pub(crate) fn note_relay(&self, relay: &str, lag_events: u64) {
        let lag = i64::try_from(lag_events).unwrap_or(i64::MAX);
        self.relay_lag.get_or_create(&Relay { relay: relay.to_owned() }).set(lag);
    }
}
