//! Whether what is expected is what came out.

use super::{
    claims::Claims,
    costs::Costs,
    facts::{Exactness, Fact, Facts, agrees},
    fields::number,
    shop::Shop,
    stop::Stop,
};
use serde_json::{Map, Value};

/// What is not as it was expected.
#[derive(Clone, Debug)]
pub(crate) struct Difference {
    /// What it is about.
    pub(crate) what: String,
    pub(crate) expected: String,
    pub(crate) got: String,
}

/// A case that is being run.
pub(crate) struct World {
    pub(crate) shop: Shop,
    pub(crate) costs: Costs,
    pub(crate) claims: Claims,
}

impl World {
    /// Compares everything that is expected, but for refusals, after an operation or at the end.
    pub(crate) fn check(&self, expect: &Map<String, Value>, facts: &Facts) -> Result<Option<Difference>, Stop> {
        for (key, expected) in expect.iter().filter(|(key, _)| *key != "error") {
            let difference = match key.as_str() {
                "locs" => self.check_sites(expected)?,
                "value_map" => self.check_made(expected)?,
                _ => self.check_one(key, expected, facts)?,
            };
            if difference.is_some() {
                return Ok(difference);
            }
        }
        Ok(None)
    }

    fn check_one(&self, key: &str, expected: &Value, facts: &Facts) -> Result<Option<Difference>, Stop> {
        let (name, digits) = name_and_digits(key);
        let fact = match facts.get(name) {
            Some(fact) => Some(fact.clone()),
            None => self.state(name, facts.site.as_deref())?,
        };
        self.compare(key, expected, fact, digits)
    }

    fn check_sites(&self, expected: &Value) -> Result<Option<Difference>, Stop> {
        let Some(sites) = expected.as_object() else { return Stop::not_modelled("the form of locs") };
        for (site, expect) in sites {
            let Some(expect) = expect.as_object() else { return Stop::not_modelled("the form of locs") };
            for (key, expected) in expect {
                let (name, digits) = name_and_digits(key);
                let fact = self.state_at(name, site)?;
                let difference = self.compare(&format!("{key} at {site}"), expected, fact, digits)?;
                if difference.is_some() {
                    return Ok(difference);
                }
            }
        }
        Ok(None)
    }

    /// What operations with an id did, as the movements say at the end.
    fn check_made(&self, expected: &Value) -> Result<Option<Difference>, Stop> {
        let Some(made) = expected.as_object() else { return Stop::not_modelled("the form of value_map") };
        for (key, expected) in made {
            let Some((id, name)) = key.split_once('.') else { return Stop::not_modelled(format!("value {key}")) };
            let (name, digits) = name_and_digits(name);
            let fact = self.costs.made(&self.shop, id, name)?;
            let difference = self.compare(key, expected, fact, digits)?;
            if difference.is_some() {
                return Ok(difference);
            }
        }
        Ok(None)
    }

    /// What is true now of the whole shop; of claims, at the site that the operation was about.
    fn state(&self, name: &str, site: Option<&str>) -> Result<Option<Fact>, Stop> {
        match self.costs.state(&self.shop, name, None)? {
            Some(fact) => Ok(Some(fact)),
            None => self.claims.state(&self.shop, name, site),
        }
    }

    fn state_at(&self, name: &str, site: &str) -> Result<Option<Fact>, Stop> {
        match self.costs.state(&self.shop, name, Some(site))? {
            Some(fact) => Ok(Some(fact)),
            None => self.claims.state(&self.shop, name, Some(site)),
        }
    }

    fn compare(
        &self,
        key: &str,
        expected: &Value,
        fact: Option<Fact>,
        digits: Option<u32>,
    ) -> Result<Option<Difference>, Stop> {
        let Some(fact) = fact else { return Stop::not_modelled(format!("expectation {key}")) };
        if let Fact::OfOne { value, quantity } = &fact
            && quantity.is_zero()
            && number(expected) != Some(*value)
        {
            return Stop::not_modelled("what one costs where there is none");
        }
        let exactness = Exactness { last_digit: self.shop.scale.last_digit(), issues: self.costs.issues, digits };
        match agrees(&fact, expected, exactness) {
            Some(true) => Ok(None),
            Some(false) => {
                Ok(Some(Difference { what: key.to_owned(), expected: expected.to_string(), got: fact.to_string() }))
            }
            None => Stop::not_modelled(format!("the form of expectation {key}")),
        }
    }
}

/// `avg_3` is `avg`, rounded to three decimals; so is `avg_rounded_3`.
fn name_and_digits(key: &str) -> (&str, Option<u32>) {
    match key.rsplit_once('_').map(|(name, digits)| (name, digits.parse().ok())) {
        Some((name, Some(digits))) if digits <= 9 => (name.strip_suffix("_rounded").unwrap_or(name), Some(digits)),
        _ => (key, None),
    }
}
