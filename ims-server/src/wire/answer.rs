//! An answer of a server to somebody who may not see costs: the server leaves them out, and the engine's types have no
//! form without them. They are read as zero, and it is noted that they are not known.

use serde::{
    Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, EnumAccess, Error as _, IntoDeserializer, Unexpected, VariantAccess,
        Visitor,
        value::{MapDeserializer, SeqDeserializer},
    },
    forward_to_deserialize_any,
};
use serde_json::{Error, Map, Value};
use std::cell::Cell;

/// Whether an answer tells costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// As far as there are any.
    WithCosts,
    /// They were left out, and are zero in what was read.
    WithoutCosts,
}

/// The names of costs that every row, receipt and event has that has them at all. What may be missing from them anyway,
/// such as an item's standard cost, is missing here too.
const COSTS: [&str; 5] = ["cost", "cost_returned", "revaluation", "unit_cost", "value"];

/// Reads an answer.
pub(crate) fn read_answer<T: DeserializeOwned>(body: &[u8]) -> Result<(T, Told), Error> {
    match serde_json::from_slice(body) {
        Ok(answer) => Ok((answer, Told::WithCosts)),
        Err(error) => without_costs(serde_json::from_slice(body)?).map_err(|_| error),
    }
}

/// Reads a part of an answer.
pub(crate) fn read_value<T: DeserializeOwned>(value: Value) -> Result<(T, Told), Error> {
    match T::deserialize(&value) {
        Ok(answer) => Ok((answer, Told::WithCosts)),
        Err(error) => without_costs(value).map_err(|_| error),
    }
}

fn without_costs<T: DeserializeOwned>(value: Value) -> Result<(T, Told), Error> {
    let missed = Cell::new(Told::WithCosts);
    let answer = T::deserialize(Partial { value, missed: &missed })?;
    Ok((answer, missed.get()))
}

/// A value whose objects are given the costs that they lack.
struct Partial<'a> {
    value: Value,
    missed: &'a Cell<Told>,
}

impl<'a> Partial<'a> {
    fn part(&self, value: Value) -> Partial<'a> {
        Partial { value, missed: self.missed }
    }

    fn fill(&self, fields: &mut Map<String, Value>, wanted: impl Iterator<Item = &'static str>) {
        for name in wanted {
            fields.entry(name).or_insert_with(|| {
                self.missed.set(Told::WithoutCosts);
                Value::from("0")
            });
        }
    }

    fn visit_object<'de, V: Visitor<'de>>(&self, fields: Map<String, Value>, visitor: V) -> Result<V::Value, Error> {
        let parts = fields.into_iter().map(|(name, value)| (name, self.part(value)));
        visitor.visit_map(MapDeserializer::new(parts))
    }
}

impl<'de> Deserializer<'de> for Partial<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        match self.value.take() {
            Value::Array(values) => {
                visitor.visit_seq(SeqDeserializer::new(values.into_iter().map(|value| self.part(value))))
            }
            Value::Object(fields) => self.visit_object(fields, visitor),
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut object = match self.value.take() {
            Value::Object(object) => object,
            other => return self.part(other).deserialize_any(visitor),
        };
        // What a purchase order comes to is a cost.
        let is_bought = fields.contains(&"supplier") && fields.contains(&"total");
        let total = is_bought.then_some("total");
        let costs = COSTS.into_iter().filter(|name| fields.contains(name));
        self.fill(&mut object, costs.chain(total));
        self.visit_object(object, visitor)
    }

    /// A struct of which a part is flattened does not say what it has: it is given all costs, and takes its own.
    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Error> {
        let mut object = match self.value.take() {
            Value::Object(object) => object,
            other => return self.part(other).deserialize_any(visitor),
        };
        self.fill(&mut object, COSTS.into_iter());
        self.visit_object(object, visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.value.take() {
            Value::Object(object) => {
                let mut variant = object.into_iter();
                let (Some((name, value)), None) = (variant.next(), variant.next()) else {
                    return Err(Error::invalid_value(Unexpected::Map, &"one variant"));
                };
                visitor.visit_enum(Variant { name, content: self.part(value) })
            }
            plain => plain.deserialize_enum(name, variants, visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Partial<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A variant and what it holds.
struct Variant<'a> {
    name: String,
    content: Partial<'a>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Error;
    type Variant = Partial<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Partial<'a>), Error> {
        Ok((seed.deserialize(self.name.into_deserializer())?, self.content))
    }
}

impl<'de> VariantAccess<'de> for Partial<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        serde::Deserialize::deserialize(self.value)
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.deserialize_struct("", fields, visitor)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::serve::{CostSight, Sight};
    use ims_core::{
        Receipt,
        report::{Page, ProfitLine, StockLine},
    };
    use serde_json::json;

    /// Reads a value as it is, and as the server tells it to somebody who may not see costs.
    fn both<T: DeserializeOwned>(mut value: Value) -> (T, T) {
        let (whole, told) = read_answer(value.to_string().as_bytes()).unwrap();
        assert_eq!(told, Told::WithCosts);
        crate::serve::hide(Sight::with(CostSight::Hidden), &mut value);
        let (rest, told) = read_answer(value.to_string().as_bytes()).unwrap();
        assert_eq!(told, Told::WithoutCosts, "{value}");
        (whole, rest)
    }

    const ID: &str = "0190f5a4-7e1b-7c3d-8f00-000000000001";

    fn moved() -> Value {
        json!({"line": 0, "item": ID, "quantity": "2", "cost": "4.2", "acquired_at": "2026-01-31T09:00:00Z"})
    }

    #[test]
    fn a_list_without_values_is_read() {
        let line = json!({
            "item": ID, "sku": "TEA-1", "name": "Tea", "site": "MAIN", "on_hand": "20", "committed": "0",
            "available": "20", "incoming": "0", "backordered": "0", "value": "42",
        });
        let (whole, rest) = both::<Page<StockLine>>(json!({"rows": [line], "next": null}));
        let (whole, rest) = (whole.rows.first().unwrap(), rest.rows.first().unwrap());
        assert_eq!(whole.value.to_string(), "42");
        assert!(rest.value.is_zero());
        assert_eq!(rest.on_hand, whole.on_hand);
    }

    #[test]
    fn what_stands_flat_beside_its_costs_is_read() {
        let line = json!({"key": "TEA-1", "name": "Tea", "units": "3", "revenue": "9", "cost": "6.3"});
        let (_, rest) = both::<Page<ProfitLine>>(json!({"rows": [line], "next": null}));
        let sales = rest.rows.first().unwrap().sales;
        assert!(sales.cost.is_zero());
        assert_eq!(sales.revenue.to_string(), "9");
    }

    #[test]
    fn a_receipt_without_costs_is_read_however_deep_they_lay() {
        let (_, rest) = both::<Receipt>(json!({"stock_received": {"site": ID, "lines": [moved()]}}));
        assert!(matches!(rest, Receipt::StockReceived { lines, .. } if lines.len() == 1));
        let set = json!({"standard_cost_set": {"item": ID, "unit_cost": "3", "revaluation": "1"}});
        assert!(matches!(both::<Receipt>(set).1, Receipt::StandardCostSet { .. }));
    }

    #[test]
    fn what_cannot_be_read_for_another_reason_is_not_read() {
        let lacks_more = json!({"stock_received": {"site": ID, "lines": [{"item": ID, "quantity": "2"}]}});
        let error = read_answer::<Receipt>(lacks_more.to_string().as_bytes()).unwrap_err();
        assert!(error.to_string().contains("missing field"), "{error}");
        assert!(read_answer::<Receipt>(b"<html>").is_err());
    }
}
