//! In which units a case is counted.
//!
//! The ledger keeps six decimals. A case that is finer (a coin of a currency that has eight) is counted in a smaller
//! unit of goods and of money, as a shop would; so is one whose goods at their cost are worth something finer. This is
//! the only place that knows.

use super::{
    cases::Case,
    fields::number,
    stop::{Refusal, Stop},
};
use ims_core::{Amount, Quantity};
use rust_decimal::Decimal;
use serde_json::Value;

/// Decimals that the ledger keeps.
const LEDGER_DECIMALS: u32 = 6;
/// As much goods or money, in the smaller unit, is not counted: the case keeps its own unit then.
const TOO_MUCH: i64 = 100_000_000_000;

/// How much smaller than what a case says the units are, in digits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Scale {
    goods: u32,
    money: u32,
}

impl Scale {
    /// The units that hold every figure of a case exactly, and what goods are worth if possible; those of the case
    /// where six decimals are enough.
    pub(crate) fn of(case: &Case) -> Scale {
        let (mut goods, mut cost) = (Figures::default(), Figures::default());
        for (key, value) in case.ops.iter().flatten() {
            match key.as_str() {
                "qty" | "qtys" | "delta" | "on_hand" | "new_qty" | "waiting" => goods.see(value),
                "unit_cost" | "match_cost" | "fallback_cost" | "amount" => cost.see(value),
                "layers" => {
                    for layer in value.as_array().into_iter().flatten() {
                        layer.get(0).into_iter().for_each(|quantity| goods.see(quantity));
                        layer.get(1).into_iter().for_each(|unit_cost| cost.see(unit_cost));
                    }
                }
                _ => {}
            }
        }
        let finer = |decimals: u32| decimals.saturating_sub(LEDGER_DECIMALS);
        let said = Scale { goods: finer(goods.decimals), money: finer(goods.decimals) + finer(cost.decimals) };
        let worth = Scale { money: said.money.max(finer(goods.decimals + cost.decimals)), ..said };
        let fits = |figure: Option<Decimal>, digits: u32| {
            figure.and_then(|figure| smaller(figure, digits)).is_some_and(|figure| figure < Decimal::from(TOO_MUCH))
        };
        let value = goods.sum.checked_mul(cost.largest.max(Decimal::ONE));
        let holds = |scale: &Scale| fits(Some(goods.sum), scale.goods) && fits(value, scale.money);
        [worth, said].into_iter().find(holds).unwrap_or_default()
    }

    /// So many goods.
    pub(crate) fn quantity(self, figure: Decimal) -> Result<Quantity, Stop> {
        said(smaller(figure, self.goods), Quantity::try_from)
    }

    /// So much for one.
    pub(crate) fn price(self, figure: Decimal) -> Result<Amount, Stop> {
        said(smaller(figure, self.money - self.goods), Amount::try_from)
    }

    /// As the case counts goods.
    pub(crate) fn goods(self, quantity: Quantity) -> Decimal {
        larger(quantity.to_decimal(), self.goods)
    }

    /// As the case counts money.
    pub(crate) fn money(self, amount: Amount) -> Decimal {
        larger(amount.to_decimal(), self.money)
    }

    /// The last digit of money that the ledger keeps, as the case counts it.
    pub(crate) fn last_digit(self) -> Decimal {
        Decimal::new(1, LEDGER_DECIMALS + self.money)
    }
}

/// How fine and how large the figures of a case are.
#[derive(Default)]
struct Figures {
    decimals: u32,
    largest: Decimal,
    sum: Decimal,
}

impl Figures {
    fn see(&mut self, value: &Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.see(value)),
            value => {
                let figure = number(value).unwrap_or_default().normalize().abs();
                self.decimals = self.decimals.max(figure.scale());
                self.largest = self.largest.max(figure);
                self.sum = self.sum.saturating_add(figure);
            }
        }
    }
}

fn smaller(figure: Decimal, digits: u32) -> Option<Decimal> {
    10_i64.checked_pow(digits).and_then(|power| figure.checked_mul(Decimal::from(power)))
}

fn larger(figure: Decimal, digits: u32) -> Decimal {
    figure * Decimal::new(1, digits)
}

fn said<T, E: std::fmt::Display>(
    figure: Option<Decimal>,
    say: impl FnOnce(Decimal) -> Result<T, E>,
) -> Result<T, Stop> {
    let unsaid = |problem: String| Stop::Refused(Refusal::Value(problem));
    let figure = figure.ok_or_else(|| unsaid("the number is out of range".into()))?;
    say(figure).map_err(|error| unsaid(format!("{figure}: {error}")))
}
