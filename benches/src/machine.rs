//! What else the machine is doing, and how fast its disk is: without this a rate means little.

use crate::{effort::Effort, table::median};
use std::{
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

/// Writes to a disk that take longer than this say that the machine is busy with something else.
const SLOW_FSYNC_US: f64 = 300.0;
const FSYNCS: usize = 50;

/// Watches the machine from round to round.
#[derive(Debug)]
pub struct Watch {
    folder: PathBuf,
    effort: Effort,
    spare: usize,
    kept: Vec<Gauge>,
    discarded: usize,
}

/// What was seen around a round.
#[derive(Clone, Copy, Debug)]
struct Gauge {
    fsync_us: f64,
    load: f64,
}

impl Watch {
    /// Watches the disk that a folder is on.
    pub fn new(folder: &Path, effort: Effort) -> Self {
        Watch { folder: folder.into(), effort, spare: effort.spare_rounds(), kept: Vec::new(), discarded: 0 }
    }

    /// The number of the round to be measured next, from 0; none when there were enough.
    pub fn next_round(&self) -> Option<usize> {
        (self.kept.len() < self.effort.rounds()).then_some(self.kept.len() + self.discarded)
    }

    /// Measures a round, unless the disk turns out to be slow before or after it: then there is nothing, as long as
    /// there are rounds to spare.
    pub async fn measure<T>(&mut self, round: impl AsyncFnOnce() -> T) -> Option<T> {
        let before = self.gauge();
        let measured = round().await;
        let after = self.gauge();
        let gauge = Gauge { fsync_us: before.fsync_us.max(after.fsync_us), load: before.load.max(after.load) };
        if gauge.fsync_us > SLOW_FSYNC_US && self.spare > 0 {
            self.spare -= 1;
            self.discarded += 1;
            return None;
        }
        self.kept.push(gauge);
        Some(measured)
    }

    /// Prints what was seen.
    pub fn print(&self) {
        let fsyncs: Vec<f64> = self.kept.iter().map(|gauge| gauge.fsync_us).collect();
        let loads: Vec<f64> = self.kept.iter().map(|gauge| gauge.load).collect();
        let most = |numbers: &[f64]| numbers.iter().copied().fold(0.0, f64::max);
        println!(
            "\nRounds: {}; fsync {:.0} µs (at most {:.0} µs), load {:.1} (at most {:.1}), medians; {} rounds discarded \
             because an fsync took longer than {SLOW_FSYNC_US:.0} µs.",
            self.kept.len(),
            median(&fsyncs),
            most(&fsyncs),
            median(&loads),
            most(&loads),
            self.discarded,
        );
        let slow = fsyncs.iter().filter(|us| **us > SLOW_FSYNC_US).count();
        if slow > 0 {
            println!(
                "**The machine was busy: {slow} of these rounds were as slow, and rates are lower than it can do.**"
            );
        }
    }

    fn gauge(&self) -> Gauge {
        Gauge { fsync_us: fsync_us(&self.folder), load: load() }
    }
}

/// How many processes wanted to run in the last minute.
fn load() -> f64 {
    let loads = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    loads.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or(f64::NAN)
}

/// How long it takes to bring a page to the disk: the median of some.
fn fsync_us(folder: &Path) -> f64 {
    let path = folder.join(format!("fsync-probe-{}", std::process::id()));
    let mut file = File::create(&path).expect("a folder that can be written to");
    let once = |_| {
        file.write_all(&[7; 4_096]).expect("room on the disk");
        let begin = Instant::now();
        file.sync_data().expect("a disk that takes it");
        begin.elapsed().as_secs_f64() * 1e6
    };
    let took: Vec<f64> = (0..FSYNCS).map(once).collect();
    let _ = fs::remove_file(&path);
    median(&took)
}
