//! What came out of an operation, and whether it is what was expected.

use super::{
    fields::{number, pairs},
    stop::Refusal,
};
use rust_decimal::Decimal;
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// Something that a case may expect.
#[derive(Clone, Debug)]
pub(crate) enum Fact {
    /// A figure.
    Number(Decimal),
    /// What one costs: compared by what all of them cost, because that is what is kept.
    OfOne { value: Decimal, quantity: Decimal },
    /// A figure that the case states as a binary fraction, with what that leaves of it.
    Nearly(Decimal),
    /// Yes or no.
    Flag(bool),
    /// Acquisitions, oldest first: how many, and what they cost together.
    Layers(Vec<(Decimal, Decimal)>),
    /// A list of figures.
    Numbers(Vec<Decimal>),
    /// Several facts with names.
    Parts(BTreeMap<String, Fact>),
}

/// What came out of an operation.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    facts: BTreeMap<&'static str, Fact>,
    /// The site that it was about.
    pub(crate) site: Option<String>,
    /// What was refused although the rest was done.
    pub(crate) refused_in_part: Option<Refusal>,
}

impl Facts {
    /// Nothing yet, at this site.
    pub(crate) fn at(site: &str) -> Facts {
        Facts::at_any(Some(site))
    }

    /// Nothing yet, at this site where there is one.
    pub(crate) fn at_any(site: Option<&str>) -> Facts {
        Facts { site: site.map(str::to_owned), ..Facts::default() }
    }

    /// With one more.
    pub(crate) fn with(mut self, name: &'static str, fact: Fact) -> Facts {
        self.facts.insert(name, fact);
        self
    }

    /// With one more figure.
    pub(crate) fn number(self, name: &'static str, figure: Decimal) -> Facts {
        self.with(name, Fact::Number(figure))
    }

    /// With one more yes or no.
    pub(crate) fn flag(self, name: &'static str, flag: bool) -> Facts {
        self.with(name, Fact::Flag(flag))
    }

    /// The one of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&Fact> {
        self.facts.get(name)
    }
}

/// How exactly figures are compared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exactness {
    /// The last digit of money that the ledger keeps.
    pub(crate) last_digit: Decimal,
    /// How many times goods have left, each time with a cost that was rounded to that digit.
    pub(crate) issues: u32,
    /// To how many decimals the case has rounded what it expects, where it has.
    pub(crate) digits: Option<u32>,
}

/// Whether a fact is what was expected; nothing where the case expects something of another form.
pub(crate) fn agrees(fact: &Fact, expected: &Value, exactness: Exactness) -> Option<bool> {
    Some(match fact {
        Fact::Number(got) => exactness.same(*got, number(expected)?),
        Fact::OfOne { value, quantity } => exactness.same_of_one(*value, *quantity, number(expected)?),
        Fact::Nearly(got) => {
            let expected = number(expected)?;
            (got - expected).abs() <= Decimal::new(1, 12) * expected.abs().max(Decimal::ONE)
        }
        Fact::Flag(got) => *got == expected.as_bool()?,
        Fact::Layers(got) => exactness.same_layers(got, &pairs(expected)?),
        Fact::Numbers(got) => {
            let expected: Vec<Decimal> = expected.as_array()?.iter().map(number).collect::<Option<_>>()?;
            got.len() == expected.len()
                && got.iter().zip(expected).all(|(got, expected)| exactness.same(*got, expected))
        }
        Fact::Parts(parts) => {
            let mut all = true;
            for (name, expected) in expected.as_object()? {
                all &= agrees(parts.get(name)?, expected, exactness)?;
            }
            all
        }
    })
}

impl Exactness {
    /// A figure must be the same. Where the case states more digits than the ledger keeps, it is a division that does
    /// not end, and every issue may have rounded once.
    fn same(self, got: Decimal, expected: Decimal) -> bool {
        let apart = (got - expected).abs();
        match self.digits {
            Some(digits) => apart <= half_of(digits),
            None if expected.normalize().scale() > self.last_digit.scale() => {
                apart <= self.last_digit * Decimal::from(self.issues.max(1))
            }
            None => apart.is_zero(),
        }
    }

    fn same_of_one(self, value: Decimal, quantity: Decimal, expected: Decimal) -> bool {
        if quantity.is_zero() {
            return value == expected;
        }
        let apart = (expected * quantity - value).abs();
        // A division that does not end is stated with many digits, but not with all of them.
        let cut_off = self.digits.map_or(Decimal::new(1, 12), half_of) * quantity.abs();
        apart <= cut_off + self.last_digit * Decimal::from(self.issues)
    }

    fn same_layers(self, got: &[(Decimal, Decimal)], expected: &[(Decimal, Decimal)]) -> bool {
        let expected: Vec<_> = expected.iter().map(|(quantity, cost)| (*quantity, quantity * cost)).collect();
        let (got, expected) = (self.merged(got), self.merged(&expected));
        let alike = |(got, expected): (&(Decimal, Decimal), &(Decimal, Decimal))| {
            got.0 == expected.0 && self.same(got.1, expected.1)
        };
        got.len() == expected.len() && got.iter().zip(&expected).all(alike)
    }

    /// Neighbours of equal unit cost are one.
    fn merged(self, layers: &[(Decimal, Decimal)]) -> Vec<(Decimal, Decimal)> {
        let mut merged: Vec<(Decimal, Decimal)> = Vec::new();
        for (quantity, value) in layers.iter().filter(|(quantity, _)| !quantity.is_zero()) {
            match merged.last_mut() {
                Some(last) if (last.1 * quantity - value * last.0).abs() <= self.last_digit * (last.0 + quantity) => {
                    *last = (last.0 + quantity, last.1 + value);
                }
                _ => merged.push((*quantity, *value)),
            }
        }
        merged
    }
}

/// Half of the last of so many decimals.
fn half_of(digits: u32) -> Decimal {
    Decimal::new(5, digits + 1)
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fact::Number(number) | Fact::Nearly(number) => number.normalize().fmt(f),
            Fact::OfOne { value, quantity } => match value.checked_div(*quantity) {
                Some(cost) => cost.round_dp(9).normalize().fmt(f),
                None => f.write_str("nothing is there to have a cost"),
            },
            Fact::Flag(flag) => flag.fmt(f),
            Fact::Layers(layers) => {
                let layer = |(quantity, value): &(Decimal, Decimal)| {
                    let cost = value.checked_div(*quantity).unwrap_or_default();
                    format!("[{}, {}]", quantity.normalize(), cost.round_dp(9).normalize())
                };
                write!(f, "[{}]", layers.iter().map(layer).collect::<Vec<_>>().join(", "))
            }
            Fact::Numbers(numbers) => {
                let numbers: Vec<String> = numbers.iter().map(|number| number.normalize().to_string()).collect();
                write!(f, "[{}]", numbers.join(", "))
            }
            Fact::Parts(parts) => {
                let parts: Vec<String> = parts.iter().map(|(name, fact)| format!("{name}: {fact}")).collect();
                write!(f, "{{{}}}", parts.join(", "))
            }
        }
    }
}
