//! The first reading: which codes and customers there are, and the stock that each code must begin with.

use super::row::{BadRow, Class, Row, Rows};
use crate::failure::{Failure, Outcome};
use ims_core::{Amount, Quantity, RoundingMode, Timestamp};
use std::{collections::HashMap, path::Path};

/// What is found out before the first sale.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) codes: HashMap<String, Code>,
    pub(super) customers: HashMap<String, Buyer>,
    pub(super) rows: u64,
    pub(super) first_at: Option<Timestamp>,
}

/// A stock code.
pub(super) struct Code {
    /// The line that it stands in first.
    pub(super) line: u64,
    pub(super) at: Timestamp,
    pub(super) is_stock: bool,
    /// What would be there had it begun with nothing, and the lowest that this ever was.
    balance: Quantity,
    lowest: Quantity,
    prices: Vec<Amount>,
    /// Its descriptions in sales, and how often each was used.
    names: Vec<(String, u64)>,
    /// The last description of any other row.
    other_name: String,
}

/// A customer.
pub(super) struct Buyer {
    /// The line that it stands in first.
    pub(super) line: u64,
    pub(super) at: Timestamp,
    pub(super) country: String,
}

/// How many bad rows are told apart; the rest is only counted.
const MOST_REPORTED: usize = 50;

impl Plan {
    /// Reads the whole file. Rows that cannot be read are reported all together, before anything is done.
    pub(super) fn read(path: &Path, mut rows: Rows) -> Outcome<Plan> {
        let mut plan = Plan::default();
        let mut bad = Vec::new();
        while let Some(row) = rows.next() {
            match row.and_then(|row| plan.see(&row)) {
                Ok(()) => {}
                Err(row) => {
                    let fatal = row.fatal;
                    bad.push(row);
                    if fatal {
                        break;
                    }
                }
            }
        }
        if bad.is_empty() { Ok(plan) } else { Err(unreadable(path, &bad)) }
    }

    fn see(&mut self, row: &Row<'_>) -> Result<(), BadRow> {
        let bad = |problem: &str| BadRow { line: row.line, problem: problem.to_owned(), fatal: false };
        self.rows = self.rows.saturating_add(1);
        self.first_at.get_or_insert(row.at);
        if let Some(customer) = row.customer.filter(|code| !self.customers.contains_key(*code)) {
            let buyer = Buyer { line: row.line, at: row.at, country: row.country.to_owned() };
            self.customers.insert(customer.to_owned(), buyer);
        }
        let class = row.class();
        if !self.codes.contains_key(&*row.code) {
            self.codes.insert(row.code.to_string(), Code::new(row, class));
        }
        let Some(code) = self.codes.get_mut(&*row.code) else { return Ok(()) };
        if code.is_stock != class.is_stock() {
            return Err(bad(&format!("{} is goods in one row and a service in another", row.code)));
        }
        code.see(row, class).ok_or_else(|| bad("Quantity is too large"))
    }
}

impl Code {
    fn new(row: &Row<'_>, class: Class) -> Code {
        Code {
            line: row.line,
            at: row.at,
            is_stock: class.is_stock(),
            balance: Quantity::ZERO,
            lowest: Quantity::ZERO,
            prices: Vec::new(),
            names: Vec::new(),
            other_name: String::new(),
        }
    }

    /// `None` where a sum does not fit.
    fn see(&mut self, row: &Row<'_>, class: Class) -> Option<()> {
        if class.is_stock() {
            // An adjustment says how the stock changes, every other row what left.
            self.balance = match class {
                Class::Adjustment => self.balance.checked_add(row.quantity)?,
                _ => self.balance.checked_sub(row.quantity)?,
            };
            self.lowest = self.lowest.min(self.balance);
        }
        if row.price.is_positive() {
            self.prices.push(row.price);
        }
        if row.description.is_empty() {
            return Some(());
        }
        if class == Class::Adjustment {
            row.description.clone_into(&mut self.other_name);
            return Some(());
        }
        match self.names.iter_mut().find(|(name, _)| name == row.description) {
            Some((_, times)) => *times = times.saturating_add(1),
            None => self.names.push((row.description.to_owned(), 1)),
        }
        Some(())
    }

    /// The stock that keeps it from ever falling below zero.
    pub(super) fn opening(&self) -> Option<Quantity> {
        self.lowest.checked_neg()
    }

    /// What one costs: 0.60 × the median of its positive prices, half-even to 4 decimals; 1.00 where it has none.
    pub(super) fn unit_cost(&self) -> Option<Amount> {
        let mut prices = self.prices.clone();
        prices.sort_unstable();
        let upper = prices.get(prices.len() / 2);
        let lower = prices.get(prices.len().saturating_sub(1) / 2);
        let (Some(lower), Some(upper)) = (lower, upper) else { return Some(Amount::ONE) };
        // 0.60 × (lower + upper) ÷ 2 micros, in steps of 100 micros.
        let both = i128::from(lower.micros()).checked_add(i128::from(upper.micros()))?;
        let steps = RoundingMode::HalfEven.divide(both.checked_mul(3)?, 1_000)?;
        i64::try_from(steps.checked_mul(100)?).ok().map(Amount::from_micros)
    }

    /// What it is called: its most frequent description, the earlier one of two that are equally frequent.
    pub(super) fn name(&self) -> Option<&str> {
        let most = self.names.iter().map(|(_, times)| *times).max()?;
        self.names.iter().find(|(_, times)| *times == most).map(|(name, _)| name.as_str())
    }

    /// What it is called, if need be by a remark in its adjustments.
    pub(super) fn any_name(&self) -> Option<&str> {
        self.name().or(Some(self.other_name.as_str())).filter(|name| !name.is_empty())
    }
}

fn unreadable(path: &Path, bad: &[BadRow]) -> Failure {
    let lines = bad.iter().take(MOST_REPORTED).map(|row| format!("line {}: {}", row.line, row.problem)).collect();
    let rows: Vec<serde_json::Value> = bad
        .iter()
        .take(MOST_REPORTED)
        .map(|row| serde_json::json!({ "line": row.line, "problem": row.problem }))
        .collect();
    Failure::usage(
        "bad_rows",
        format!("{} has {} rows that cannot be read; nothing was done", path.display(), bad.len()),
    )
    .details(lines)
    .field("rows", rows)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn cost_of(prices: &[&str]) -> String {
        let mut code = Code {
            line: 2,
            at: Timestamp::MIN,
            is_stock: true,
            balance: Quantity::ZERO,
            lowest: Quantity::ZERO,
            prices: Vec::new(),
            names: Vec::new(),
            other_name: String::new(),
        };
        code.prices.extend(prices.iter().map(|price| price.parse::<Amount>().unwrap()));
        code.unit_cost().unwrap().to_string()
    }

    #[test]
    fn the_cost_is_six_tenths_of_the_median_price() {
        assert_eq!(cost_of(&["2.55", "9", "1"]), "1.53");
        assert_eq!(cost_of(&["1", "2"]), "0.9");
        assert_eq!(cost_of(&[]), "1");
        // 0.60 × 0.00025 = 0.00015: half-way between 0.0001 and 0.0002, the even one is 0.0002.
        assert_eq!(cost_of(&["0.00025"]), "0.0002");
        assert_eq!(cost_of(&["0.00075"]), "0.0004");
    }
}
