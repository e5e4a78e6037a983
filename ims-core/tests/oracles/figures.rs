//! Small operations: rounding, units, money that is split, and numbers of goods.

use super::{
    facts::{Fact, Facts},
    fields::Fields,
    shop::valid,
    stop::{Refusal, Stop},
};
use ims_core::{
    Amount, Rejection, RoundingMode,
    money::split,
    text::gtin::{self, Gtin},
    unit::{Factor, convert, convert_price, round_to_step},
};
use rust_decimal::Decimal;
use serde_json::Value;

/// Does a small operation; nothing where it is not one.
pub(crate) fn act(op: &Fields<'_>) -> Result<Option<Facts>, Stop> {
    match op.op {
        "round" => round(op).map(Some),
        "round_step" => round_step(op).map(Some),
        "convert_qty" => convert_quantity(op).map(Some),
        "convert_price" => price(op).map(Some),
        "allocate_money" => allocate_money(op).map(Some),
        "check_digit" => digit(op).map(Some),
        "gtin_valid" => number_of_goods(op).map(Some),
        "gs1_decode" => Stop::not_modelled("GS1-128"),
        _ => Ok(None),
    }
}

fn round(op: &Fields<'_>) -> Result<Facts, Stop> {
    let value = op.needed_number("value")?;
    let digits = op.needed_number("digits")?;
    let mode = mode(op.needed_text("mode")?)?;
    op.end()?;
    let rounded = match (u32::try_from(digits), u32::try_from(-digits)) {
        (Ok(digits), _) => mode.round_decimal(value, digits),
        // To tens, to hundreds: a step that is larger than one.
        (_, Ok(zeros)) => 10_i64.checked_pow(zeros).and_then(|step| round_to_step(value, Decimal::from(step), mode)),
        _ => None,
    };
    Ok(Facts::default().number("result", some(rounded, "a number that cannot be rounded so")?))
}

fn round_step(op: &Fields<'_>) -> Result<Facts, Stop> {
    let (value, step) = (op.needed_number("value")?, op.needed_number("step")?);
    let nearest = op.text("mode")?.map_or(Ok(RoundingMode::HalfEven), mode)?;
    op.end()?;
    let on_step = |mode| some(round_to_step(value, step, mode), "no such step");
    Ok(Facts::default()
        .number("round", on_step(nearest)?)
        .number("ceil", on_step(RoundingMode::Ceiling)?)
        .number("floor", on_step(RoundingMode::Floor)?))
}

/// Converts; where units of two kinds meet, by way of what one of the one is in the other.
fn convert_quantity(op: &Fields<'_>) -> Result<Facts, Stop> {
    if op.value("category_from") != op.value("category_to") && op.value("cross_factor").is_none() {
        return Stop::not_modelled("units of different kinds");
    }
    let quantity = op.needed_number("qty")?;
    let (from, to) = (factor(op, "factor_from")?, factor(op, "factor_to")?);
    let step = op.number("step")?;
    let quantity = match op.value("cross_factor") {
        Some(_) => valid(convert(quantity, factor(op, "cross_factor")?, Factor::ONE))?,
        None => quantity,
    };
    op.end()?;
    let result = convert(quantity, from, to).map_err(|error| Stop::Refused(Refusal::Value(error.to_string())))?;
    let facts = Facts::default().number("result", result).with("result_approx", Fact::Nearly(result));
    let Some(step) = step else { return Ok(facts) };
    let rounded = round_to_step(result, step, RoundingMode::HalfEven);
    Ok(facts.number("rounded", some(rounded, "no such step")?))
}

fn price(op: &Fields<'_>) -> Result<Facts, Stop> {
    let price = op.needed_number("price")?;
    let (from, to) = (factor(op, "factor_from")?, factor(op, "factor_to")?);
    op.end()?;
    let result = convert_price(price, from, to).map_err(|error| Stop::Refused(Refusal::Value(error.to_string())))?;
    Ok(Facts::default().number("result", result).with("result_approx", Fact::Nearly(result)))
}

/// Splits an amount, in steps of its own last digit.
fn allocate_money(op: &Fields<'_>) -> Result<Facts, Stop> {
    let amount = op.needed_number("amount")?;
    let ratios = op.needed_numbers("ratios")?;
    op.end()?;
    let digits = amount.scale();
    let decimals = ratios.iter().map(|ratio| ratio.normalize().scale()).max().unwrap_or_default();
    let power = 10_i64.checked_pow(decimals).map(Decimal::from);
    let weight = |ratio: &Decimal| {
        power.and_then(|power| ratio.checked_mul(power)).and_then(|weight| u64::try_from(weight).ok())
    };
    let weights: Option<Vec<u64>> = ratios.iter().map(weight).collect();
    let weights = some(weights, "a ratio below zero")?;
    let total = Amount::try_from(amount).map_err(|error| Stop::Refused(Refusal::Value(error.to_string())))?;
    let shares = some(split(total, &weights, digits), "no such split")?;
    Ok(Facts::default().with("shares", Fact::Numbers(shares.iter().map(|share| share.to_decimal()).collect())))
}

fn digit(op: &Fields<'_>) -> Result<Facts, Stop> {
    let digits = op.needed_text("number")?;
    op.end()?;
    let digit = some(gtin::check_digit(digits), "a number with something else than digits")?;
    // The sum fills up to a multiple of ten: nobody keeps it.
    Ok(Facts::default().number("digit", digit.into()))
}

/// Whether a text is the number of some goods. One that is none has a wrong length or is no number: the engine takes either
/// for a code of the shop's own.
fn number_of_goods(op: &Fields<'_>) -> Result<Facts, Stop> {
    let number = op.needed_text("number")?;
    op.end()?;
    if number.contains('-') {
        return Stop::not_modelled("hyphens in a number of goods");
    }
    let refused = match gtin::read(number) {
        Gtin::Right(_) => None,
        Gtin::WrongCheckDigit(expected) => {
            let rejection = Rejection::WrongCheckDigit { barcode: number.into(), expected };
            Some(Refusal::Rules(Box::new(rejection)))
        }
        Gtin::Other => Some(Refusal::NoGtin),
    };
    let mut facts = Facts::default().with("ok", Fact::Flag(refused.is_none()));
    facts.refused_in_part = refused;
    Ok(facts)
}

fn mode(name: &str) -> Result<RoundingMode, Stop> {
    match serde_json::from_value(Value::String(name.to_owned())) {
        Ok(mode) => Ok(mode),
        Err(_) => Stop::not_modelled(format!("rounding mode {name}")),
    }
}

fn factor(op: &Fields<'_>, key: &'static str) -> Result<Factor, Stop> {
    op.needed_text(key)?.parse().map_err(|_| Stop::Refused(Refusal::Value(format!("{key} is not a factor"))))
}

fn some<T>(value: Option<T>, problem: &str) -> Result<T, Stop> {
    value.ok_or_else(|| Stop::Refused(Refusal::Value(problem.to_owned())))
}
