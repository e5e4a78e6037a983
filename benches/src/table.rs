//! Medians and the printed tables.

use std::time::{Duration, Instant};

/// How fast two sides were, in orders a second, round by round.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub name: String,
    /// What is compared with: a rate for each round.
    pub baseline: Vec<f64>,
    /// The engine: a rate for each round.
    pub engine: Vec<f64>,
    /// What the ratio should be at least; none where there is no target.
    pub target: Option<f64>,
}

impl Row {
    /// Engine over baseline: the median of the rounds' ratios, so that what slowed a round down does not count.
    pub fn ratio(&self) -> f64 {
        let ratios: Vec<f64> = self.engine.iter().zip(&self.baseline).map(|(engine, other)| engine / other).collect();
        median(&ratios)
    }

    fn verdict(&self) -> String {
        match self.target {
            None => String::new(),
            Some(target) if self.ratio() >= target => format!("≥ {target}"),
            Some(target) => format!("≥ {target}, **missed**"),
        }
    }
}

/// The middle of some numbers.
pub fn median(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
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

/// Prints rows as a Markdown table; `baseline` says what the engine is compared with.
pub fn print(title: &str, baseline: &str, rows: &[Row]) {
    println!("\n### {title}\n");
    println!("| | {baseline}, orders/s | IMS, orders/s | ratio | target |");
    println!("|---|---:|---:|---:|---|");
    for row in rows {
        let (left, right) = (median(&row.baseline), median(&row.engine));
        println!("| {} | {left:.0} | {right:.0} | {:.2} | {} |", row.name, row.ratio(), row.verdict());
    }
}
