//! What the process takes from the machine, under the names that Prometheus gives it everywhere.

use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};
use std::{fmt, time::SystemTime};

/// The process. Its figures are found when they are asked for.
#[derive(Debug)]
pub(super) struct Process {
    started: f64,
}

/// A figure that is found anew each time.
pub(super) struct Found<M>(pub(super) M);

impl<M: EncodeMetric> Found<M> {
    /// Writes it under a name.
    pub(super) fn write(&self, encoder: &mut DescriptorEncoder<'_>, name: &str, help: &str) -> fmt::Result {
        let encoder: MetricEncoder<'_> = encoder.encode_descriptor(name, help, None, self.0.metric_type())?;
        self.0.encode(encoder)
    }
}

impl Process {
    /// This process, which has just begun.
    pub(super) fn now() -> Process {
        let started = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Process { started: started.as_secs_f64() }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let started = Found(ConstGauge::new(self.started));
        started.write(&mut encoder, "process_start_time_seconds", "When the process began, in seconds since 1970")?;
        #[cfg(target_os = "linux")]
        of_linux(&mut encoder)?;
        Ok(())
    }
}

/// What `proc(5)` tells. What it does not tell is left out.
#[cfg(target_os = "linux")]
fn of_linux(encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
    let Ok(process) = procfs::process::Process::myself() else { return Ok(()) };
    if let Ok(stat) = process.stat() {
        let resident = Found(ConstGauge::new(procfs::WithCurrentSystemInfo::get(stat.rss_bytes())));
        resident.write(encoder, "process_resident_memory_bytes", "Memory that the process has in use")?;
        let virtual_ = Found(ConstGauge::new(stat.vsize));
        virtual_.write(encoder, "process_virtual_memory_bytes", "Memory that the process has set aside")?;
        let ticks = stat.utime.saturating_add(stat.stime);
        let millis = ticks.saturating_mul(1_000).checked_div(procfs::ticks_per_second()).unwrap_or_default();
        let seconds = std::time::Duration::from_millis(millis).as_secs_f64();
        Found(ConstCounter::new(seconds)).write(
            encoder,
            "process_cpu_seconds",
            "Processor time that the process took",
        )?;
        let threads = Found(ConstGauge::new(stat.num_threads));
        threads.write(encoder, "process_threads", "Threads of the process")?;
    }
    if let Ok(open) = process.fd_count() {
        let open = u64::try_from(open).unwrap_or(u64::MAX);
        Found(ConstGauge::new(open)).write(encoder, "process_open_fds", "Handles that are open")?;
    }
    if let Ok((soft, _)) = rlimit::Resource::NOFILE.get() {
        Found(ConstGauge::new(soft)).write(encoder, "process_max_fds", "Handles that may be open")?;
    }
    Ok(())
}
