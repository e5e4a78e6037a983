//! Running a case.

use super::{
    cases::{Case, Portability},
    check::{Difference, World},
    claims::Claims,
    costs::{Costs, costing_of},
    facts::Facts,
    fields::{Fields, pairs},
    figures,
    scale::Scale,
    shop::Shop,
    stop::{Levels, Stop},
};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What came of a case.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// Everything was as expected.
    Passed,
    /// Something was not.
    Differs(Finding),
    /// There is no command for something of it yet.
    NotModelled(String),
    /// The engine contradicted itself, whatever the case expects.
    Broken(Finding),
}

/// Where something was not as expected, and what.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The number of the operation, counted from 0; none at the end.
    pub(crate) op: Option<usize>,
    pub(crate) difference: Difference,
}

/// The policies that a case may presuppose. Nothing is done about most of them: what the engine does is compared with
/// what they lead to.
const POLICIES: [&str; 15] = [
    "negative",
    "order",
    "backdated",
    "same_day",
    "average_scope",
    "cost_scope",
    "layer_scope",
    "avg_digits",
    "value_digits",
    "round_mode",
    "zero_qty_clears_value",
    "near_zero_qty",
    "availability_precision",
    "factors",
    "stock_uom",
];

/// Runs a case. A panic is the engine's fault, or this test's: either way the case is broken.
pub(crate) fn run(case: &Case) -> Verdict {
    let op = std::cell::Cell::new(None);
    match catch_unwind(AssertUnwindSafe(|| run_ops(case, &op))) {
        Ok(Ok(verdict)) => verdict,
        Ok(Err(Stop::NotModelled(what))) => Verdict::NotModelled(what),
        Ok(Err(Stop::Broken(what))) => broken(op.get(), what),
        Ok(Err(Stop::Refused(refusal))) => Verdict::Differs(Finding {
            op: op.get(),
            difference: Difference { what: "the case".into(), expected: "no refusal".into(), got: refusal.to_string() },
        }),
        Err(_) => broken(op.get(), "a panic, see above".to_owned()),
    }
}

fn broken(op: Option<usize>, what: String) -> Verdict {
    let difference = Difference { what: "the engine".into(), expected: "an answer that makes sense".into(), got: what };
    Verdict::Broken(Finding { op, difference })
}

fn run_ops(case: &Case, at: &std::cell::Cell<Option<usize>>) -> Result<Verdict, Stop> {
    if let Some(key) = case.unknown.first() {
        return Stop::not_modelled(format!("field {key} of a case"));
    }
    check_policy(case)?;
    let Some(costing) = costing_of(&case.method) else { return Stop::not_modelled(format!("method {}", case.method)) };
    let mut world = World {
        shop: Shop::open(costing, Scale::of(case))?,
        costs: Costs::of(case, costing)?,
        claims: Claims::of(case),
    };
    world.shop.site(super::shop::MAIN)?;
    let levels = if case.method == "reservation" { Levels::Stated } else { Levels::Implied };

    for (index, op) in case.ops.iter().enumerate() {
        at.set(Some(index));
        let nothing = Map::new();
        let expect = match op.get("expect") {
            None | Some(Value::Null) => &nothing,
            Some(Value::Object(expect)) => expect,
            Some(_) => return Stop::not_modelled("the form of expect"),
        };
        if let Some(difference) = world.run_op(op, expect, levels)? {
            return Ok(Verdict::Differs(Finding { op: Some(index), difference }));
        }
    }
    at.set(None);
    let difference = world.check(&case.expect, &Facts::default())?;
    world.shop.audit()?;
    Ok(match difference {
        None if case.expect.contains_key("error") => return Stop::not_modelled("an error at the end of a case"),
        None => Verdict::Passed,
        Some(difference) => Verdict::Differs(Finding { op: None, difference }),
    })
}

fn check_policy(case: &Case) -> Result<(), Stop> {
    for (key, value) in &case.policy {
        if !POLICIES.contains(&key.as_str()) {
            return Stop::not_modelled(format!("policy {key}"));
        }
        if key.ends_with("_scope") {
            match value.as_str() {
                Some("location" | "global" | "item") => {}
                Some("lot") => return Stop::not_modelled("lots"),
                _ => return Stop::not_modelled(format!("policy {key} = {value}")),
            }
        }
    }
    Ok(())
}

impl World {
    /// Does an operation and compares what is expected right after it.
    fn run_op(
        &mut self,
        op: &Map<String, Value>,
        expect: &Map<String, Value>,
        levels: Levels,
    ) -> Result<Option<Difference>, Stop> {
        let fields = Fields::of(op)?;
        if levels == Levels::Implied {
            // What is entered later happened later. Where claims lapse, only the case's own clock goes.
            self.shop.wait(1_000)?;
        }
        let refusal = match expect.get("error") {
            None => None,
            Some(Value::String(word)) => Some(word.as_str()),
            Some(_) => return Stop::not_modelled("the form of expectation error"),
        };
        self.claims.prepare(&mut self.shop, op)?;
        let before = if refusal.is_some() { self.shop.rows()? } else { Vec::new() };
        let mut facts = Facts::at_any(op.get("loc").and_then(Value::as_str));
        let refused = match self.act(&fields, expect) {
            Ok(done) => {
                facts = done;
                facts.refused_in_part.take()
            }
            Err(Stop::Refused(refused)) => {
                if refusal.is_some() && self.shop.rows()? != before {
                    return Stop::broken(format!("{refused}, and yet something changed"));
                }
                Some(refused)
            }
            Err(stop) => return Err(stop),
        };
        self.claims.settle(&mut self.shop)?;
        let told = |got: String| {
            let expected = refusal.map_or_else(|| "no refusal".to_owned(), |word| format!("refused: {word}"));
            Ok(Some(Difference { what: fields.op.to_owned(), expected, got }))
        };
        match (refusal, refused) {
            (None, None) => {}
            (Some(word), Some(refused)) if refused.is_called(word, levels) => {}
            (_, Some(refused)) => return told(refused.to_string()),
            (Some(_), None) => return told("it was done".to_owned()),
        }
        self.check(expect, &facts)
    }

    fn act(&mut self, op: &Fields<'_>, expect: &Map<String, Value>) -> Result<Facts, Stop> {
        if let Some(facts) = self.costs.act(&mut self.shop, op, price_of(expect)?)? {
            return Ok(facts);
        }
        if let Some(facts) = self.claims.act(&mut self.shop, op)? {
            return Ok(facts);
        }
        match figures::act(op)? {
            Some(facts) => Ok(facts),
            None => Stop::not_modelled(format!("operation {}", op.op)),
        }
    }
}

/// At which price goods are sold: where a case expects a gain it says the price with it.
fn price_of(expect: &Map<String, Value>) -> Result<Option<Decimal>, Stop> {
    let Some(gain) = expect.get("gain_at_price") else { return Ok(None) };
    match pairs(&Value::Array(vec![gain.clone()])).as_deref() {
        Some([(price, _)]) => Ok(Some(*price)),
        _ => Stop::not_modelled("the form of expectation gain_at_price"),
    }
}

/// Whether what came of a case is a failure.
pub(crate) fn fails(case: &Case, verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Broken(_) => true,
        Verdict::Differs(_) => case.portability == Portability::Universal,
        Verdict::Passed | Verdict::NotModelled(_) => false,
    }
}
