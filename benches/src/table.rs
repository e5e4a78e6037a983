//! Rounds, medians and the printed table.

use std::time::{Duration, Instant};

/// How fast both sides were, in orders a second.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// The median of the hand-written side.
    pub baseline: f64,
    /// The median of the engine.
    pub engine: f64,
    /// What the ratio should be at least; none where there is no target.
    pub target: Option<f64>,
}

impl Row {
    /// Engine over baseline.
    pub fn ratio(&self) -> f64 {
        self.engine / self.baseline
    }
}

/// The middle of some numbers.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Orders a second.
pub fn rate(orders: usize, took: Duration) -> f64 {
    orders as f64 / took.as_secs_f64()
}

/// Times a piece of work.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let result = work();
    (result, begin.elapsed())
}

/// Prints rows as a Markdown table.
pub fn print(title: &str, rows: &[Row]) {
    println!("\n### {title}\n");
    println!("| | hand-written, orders/s | IMS, orders/s | ratio | target |");
    println!("|---|---:|---:|---:|---:|");
    for row in rows {
        let target = row.target.map_or_else(String::new, |target| format!("≥ {target}"));
        println!("| {} | {:.0} | {:.0} | {:.2} | {target} |", row.name, row.baseline, row.engine, row.ratio());
    }
}
