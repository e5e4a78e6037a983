//! Reading what a request says into the type that names all of it. Where it does not fit, what is wrong is said in the
//! words of JSON, and where: serde's own words are about Rust.

mod unfit;
mod words;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor, value::StringDeserializer,
};
use serde_json::{Map, Value};
pub(crate) use unfit::Unfit;

/// Reads a value.
///
/// # Errors
/// What does not fit, and where in the value.
pub(crate) fn read<T: DeserializeOwned>(value: Value) -> Result<T, Unfit> {
    T::deserialize(Reader(value))
}

/// A value that is read.
struct Reader(Value);

impl Reader {
    fn unexpected(&self) -> Unexpected<'_> {
        match &self.0 {
            Value::Null => Unexpected::Unit,
            Value::Bool(is) => Unexpected::Bool(*is),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => Unexpected::Unsigned(number),
                (None, Some(number)) => Unexpected::Signed(number),
                (None, None) => Unexpected::Float(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => Unexpected::Str(text),
            Value::Array(_) => Unexpected::Seq,
            Value::Object(_) => Unexpected::Map,
        }
    }
}

impl<'de> Deserializer<'de> for Reader {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(is) => visitor.visit_bool(is),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(values) => visitor.visit_seq(List { index: 0, values: values.into_iter() }),
            Value::Object(fields) => visitor.visit_map(Object { fields: fields.into_iter(), next: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        let only = |fields: Map<String, Value>| {
            let mut fields = fields.into_iter();
            fields.next().filter(|_| fields.next().is_none())
        };
        match self.0 {
            Value::String(name) => visitor.visit_enum(Choice { name, content: None }),
            Value::Object(fields) => {
                let unfit = || Unfit::custom("it must be an object with one field, which says what it is");
                let (name, content) = only(fields).ok_or_else(unfit)?;
                visitor.visit_enum(Choice { name, content: Some(content) })
            }
            _ => Err(Unfit::invalid_type(self.unexpected(), &"a word, or an object with one field")),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

/// The values of a list.
struct List {
    index: usize,
    values: std::vec::IntoIter<Value>,
}

impl<'de> SeqAccess<'de> for List {
    type Error = Unfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Unfit> {
        let Some(value) = self.values.next() else { return Ok(None) };
        let index = self.index;
        self.index = index.saturating_add(1);
        seed.deserialize(Reader(value)).map(Some).map_err(|unfit| unfit.in_place(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// The fields of an object.
struct Object {
    fields: serde_json::map::IntoIter,
    next: Option<(String, Value)>,
}

impl<'de> MapAccess<'de> for Object {
    type Error = Unfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Unfit> {
        let Some((name, value)) = self.fields.next() else { return Ok(None) };
        let key: StringDeserializer<Unfit> = name.clone().into_deserializer();
        let key = seed.deserialize(key).map_err(|unfit| unfit.in_field(&name))?;
        self.next = Some((name, value));
        Ok(Some(key))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Unfit> {
        let (name, value) = self.next.take().ok_or_else(|| Unfit::custom("a field has no value"))?;
        seed.deserialize(Reader(value)).map_err(|unfit| unfit.in_field(&name))
    }
}

/// One of several things, and what is in it.
struct Choice {
    name: String,
    content: Option<Value>,
}

impl<'de> EnumAccess<'de> for Choice {
    type Error = Unfit;
    type Variant = Content;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Content), Unfit> {
        let name: StringDeserializer<Unfit> = self.name.clone().into_deserializer();
        let chosen = seed.deserialize(name)?;
        Ok((chosen, Content { name: self.name, content: self.content }))
    }
}

/// What is in one of several things.
struct Content {
    name: String,
    content: Option<Value>,
}

impl Content {
    fn reader(self) -> Result<(String, Reader), Unfit> {
        match self.content {
            Some(content) => Ok((self.name, Reader(content))),
            None => Err(Unfit::custom(format!("{} must be an object with its fields", self.name))),
        }
    }
}

impl<'de> VariantAccess<'de> for Content {
    type Error = Unfit;

    fn unit_variant(self) -> Result<(), Unfit> {
        match self.content {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(Unfit::custom(format!("{} has nothing in it", self.name)).in_field(&self.name)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Unfit> {
        let (name, content) = self.reader()?;
        seed.deserialize(content).map_err(|unfit| unfit.in_field(&name))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        let (name, content) = self.reader()?;
        content.deserialize_any(visitor).map_err(|unfit| unfit.in_field(&name))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Unfit> {
        let (name, content) = self.reader()?;
        content.deserialize_any(visitor).map_err(|unfit| unfit.in_field(&name))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ims_core::Command;
    use serde_json::json;

    fn unfit(value: Value) -> (String, String) {
        let unfit = read::<Command>(value).unwrap_err();
        (unfit.path(), unfit.problem().to_owned())
    }

    #[test]
    fn what_fits_is_read_as_serde_reads_it() {
        for command in [
            json!({"create_item": {"sku": "A", "name": "a", "barcodes": ["4006381333931"]}}),
            json!({"sell": {"site": "0190f5a4-7e1b-7c3d-8f00-000000000001", "lines": [{"item": "0190f5a4-7e1b-7c3d-8f00-000000000002", "quantity": "1.5"}]}}),
            json!({"update_item": {"item": "0190f5a4-7e1b-7c3d-8f00-000000000001", "supplier": null}}),
        ] {
            assert_eq!(read::<Command>(command.clone()).unwrap(), serde_json::from_value(command).unwrap());
        }
    }

    #[test]
    fn what_does_not_fit_is_told_in_the_words_of_json() {
        let id = "0190f5a4-7e1b-7c3d-8f00-000000000001";
        let line = |line: Value| json!({"sell": {"site": id, "lines": [{"item": id, "quantity": "1"}, line]}});
        let told = |value| {
            let (path, problem) = unfit(value);
            format!("{path}: {problem}")
        };
        assert_eq!(told(json!({"create_item": {"sku": "A"}})), "create_item: the field name is missing");
        assert_eq!(
            told(line(json!({"item": id, "quantity": "1", "colour": "red"}))),
            "sell.lines[1].colour: there is no such field; there are item, quantity, unit_price, discount"
        );
        assert_eq!(
            told(json!({"sell": {"site": id, "lines": "A"}})),
            "sell.lines: it must be a list, and is the text \"A\""
        );
        assert_eq!(told(json!({"sell": 5})), "sell: it must be an object, and is the number 5");
        assert_eq!(told(line(json!(null))), "sell.lines[1]: it must be an object, and is null");
        assert!(told(json!({"steal": {}})).starts_with(": it must be one of open_shop, "));
    }

    #[test]
    fn nothing_is_told_in_the_words_of_rust() {
        let id = "0190f5a4-7e1b-7c3d-8f00-000000000001";
        let rust = ["struct", "enum", "variant", "sequence", "u32", "u64", "i64", "tuple", "newtype", "::", "map"];
        let values = [
            json!(null),
            json!(true),
            json!(-1),
            json!(1.5),
            json!("x"),
            json!([]),
            json!({}),
            json!({"a": 1, "b": 2}),
        ];
        let commands = [
            json!({"create_item": {"sku": "A", "name": "a"}}),
            json!({"sell": {"site": id, "lines": [{"item": id, "quantity": "1"}], "customer": id}}),
            json!({"return_goods": {"goods": {"of_order": {"order": id, "lines": [{"line": 0, "quantity": "1"}]}}}}),
            json!({"open_shop": {"name": "a", "currency": "EUR", "time_zone": "UTC", "rounding": {"digits": 2, "mode": "half-even"}, "costing": "fifo"}}),
        ];
        let mut told = 0;
        for command in &commands {
            let mut paths = vec![String::new()];
            pointers(command, "", &mut paths);
            for (path, value) in paths.iter().flat_map(|path| values.iter().map(move |value| (path, value))) {
                let mut wrong = command.clone();
                *wrong.pointer_mut(path).unwrap() = value.clone();
                if let Err(unfit) = read::<Command>(wrong) {
                    told += 1;
                    let words = unfit.problem().replace("open_shop", "");
                    let found: Vec<&&str> =
                        rust.iter().filter(|word| words.split([' ', ',', '"']).any(|one| one == **word)).collect();
                    assert!(found.is_empty(), "{path} = {value}: {}", unfit.problem());
                }
            }
        }
        assert!(told > 100, "{told}");
    }

    fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
        let mut inside = |name: String, value: &Value| {
            let path = format!("{at}/{name}");
            found.push(path.clone());
            pointers(value, &path, found);
        };
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, value)| inside(name.clone(), value)),
            Value::Array(values) => values.iter().enumerate().for_each(|(at, value)| inside(at.to_string(), value)),
            _ => {}
        }
    }
}
