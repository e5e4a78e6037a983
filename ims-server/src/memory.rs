//! How much memory the program has taken, and how it gives some back.

use std::{hint::black_box, time::Duration};

/// Between two times at which the allocator is given something to do.
const EVERY: Duration = Duration::from_secs(1);
/// More than the allocator keeps at hand for small things: it asks the system for it, and sees what it can give back.
const BYTES: usize = 4 * 1024 * 1024;

/// The most memory that was ever resident, where the system tells (Linux: `VmHWM` in `proc(5)`).
pub(crate) fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1_024)
}

/// Lets memory go back to the system also where the program is at rest: the allocator gives back what is free only while it
/// is asked for something. What is taken here is never touched, so that it costs no memory.
pub(crate) async fn give_back() {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        drop(black_box(Vec::<u8>::with_capacity(BYTES)));
    }
}
