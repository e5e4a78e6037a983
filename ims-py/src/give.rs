//! Rust values as Python objects: a serde serializer that knows, from the shape of what is expected, that a text is a
//! decimal or a time and which class a record is of.

use crate::book::{Book, Field, Kind, Make, Record, Shape, Style};
use pyo3::{
    exceptions::PyRuntimeError,
    prelude::*,
    types::{PyDict, PyString, PyTuple},
};
use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTupleVariant, Serializer,
};
use std::fmt::{self, Display};

/// Gives a value as an object.
pub(crate) fn value<T: Serialize + ?Sized>(
    py: Python<'_>,
    book: &Book,
    shape: &Shape,
    value: &T,
) -> PyResult<Py<PyAny>> {
    Ok(value.serialize(Giver { py, book, shape, fields: Fields::Now })?.unbind())
}

/// Gives a value as an object: one without any fields, where its class can be asked for them later.
pub(crate) fn late<'py, T: Serialize + ?Sized>(
    py: Python<'py>,
    book: &Book,
    shape: &Shape,
    value: &T,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(value.serialize(Giver { py, book, shape, fields: Fields::Later })?)
}

/// When an object gets its fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fields {
    Now,
    /// When it is asked for one, if its class can be asked.
    Later,
}

/// Why a value cannot be given.
#[derive(Debug)]
pub(crate) struct GiveError(PyErr);

impl Display for GiveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for GiveError {}

impl ser::Error for GiveError {
    fn custom<T: Display>(message: T) -> Self {
        GiveError(PyRuntimeError::new_err(message.to_string()))
    }
}

impl From<PyErr> for GiveError {
    fn from(error: PyErr) -> Self {
        GiveError(error)
    }
}

impl From<GiveError> for PyErr {
    fn from(error: GiveError) -> Self {
        error.0
    }
}

fn unexpected(what: &str, shape: &Shape) -> GiveError {
    GiveError(PyRuntimeError::new_err(format!("{what} has no form as {shape:?}")))
}

/// Gives one value.
struct Giver<'py, 'a> {
    py: Python<'py>,
    book: &'a Book,
    shape: &'a Shape,
    fields: Fields,
}

type Given<'py> = Result<Bound<'py, PyAny>, GiveError>;

impl<'py, 'a> Giver<'py, 'a> {
    /// The shape of what is there, where it might not be.
    fn inner(&self) -> &'a Shape {
        match self.shape {
            Shape::Optional(inner) => inner,
            other => other,
        }
    }

    fn record_giver(&self) -> Result<RecordGiver<'py, 'a>, GiveError> {
        let Shape::Named(place) = self.inner() else { return Err(unexpected("a record", self.shape)) };
        self.record_of(*place)
    }

    fn record_of(&self, place: usize) -> Result<RecordGiver<'py, 'a>, GiveError> {
        let (py, book) = (self.py, self.book);
        let record = book.record(place)?;
        let fields = if record.make == Make::FillLate { self.fields } else { Fields::Now };
        Ok(RecordGiver { py, book, record, fields, values: PyDict::new(py), next: 0, key: None })
    }

    fn variant(&self, name: &str) -> Result<(Style, usize), GiveError> {
        let Shape::Named(place) = self.inner() else { return Err(unexpected("a variant", self.shape)) };
        let Kind::Union(variants) = self.book.kind(*place)? else { return Err(unexpected("a variant", self.shape)) };
        let variant = self.book.variant(variants, name)?;
        Ok((variant.style, variant.kind))
    }

    fn text(&self, text: &str) -> Given<'py> {
        let (py, book) = (self.py, self.book);
        Ok(match self.inner() {
            Shape::Text | Shape::Id => PyString::new(py, text).into_any(),
            Shape::Decimal => book.decimals.get(py, text, || book.decimal.bind(py).call1((text,)))?,
            Shape::DateTime => book.moments.get(py, text, || moment(py, book, text))?,
            Shape::Date => book.days.get(py, text, || book.date.bind(py).call1(<(u32, u32, u32)>::from(ymd(text))))?,
            other => return Err(unexpected("a text", other)),
        })
    }
}

fn moment<'py>(py: Python<'py>, book: &Book, text: &str) -> PyResult<Bound<'py, PyAny>> {
    let [year, month, day] = ymd(text);
    let [hour, minute, second] = [11, 14, 17].map(|at| digits(text, at, 2));
    let micros = text.get(20..).map_or(0, micros);
    book.datetime.bind(py).call1((year, month, day, hour, minute, second, micros, book.utc.bind(py)))
}

fn ymd(text: &str) -> [u32; 3] {
    [digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)]
}

/// The number that so many digits are; the engine writes every time in one form.
fn digits(text: &str, at: usize, count: usize) -> u32 {
    let digits = text.bytes().skip(at).take(count).map(|byte| u32::from(byte & 0x0f));
    digits.fold(0, |sum, digit| sum.saturating_mul(10).saturating_add(digit))
}

/// The millionths that the decimals of a second are.
fn micros(decimals: &str) -> u32 {
    let digits = decimals.bytes().take_while(u8::is_ascii_digit).chain(std::iter::repeat(b'0')).take(6);
    digits.fold(0, |sum, byte| sum.saturating_mul(10).saturating_add(u32::from(byte & 0x0f)))
}

/// Forms that no row, receipt or event has.
macro_rules! no_such_form {
    ($($method:ident($($name:ident: $argument:ty),*);)*) => {$(
        fn $method(self, $($name: $argument),*) -> Result<Self::Ok, GiveError> {
            $(let _ = $name;)*
            Err(unexpected(stringify!($method), self.shape))
        }
    )*};
}

impl<'py, 'a> Serializer for Giver<'py, 'a> {
    type Ok = Bound<'py, PyAny>;
    type Error = GiveError;
    type SerializeSeq = ManyGiver<'py, 'a>;
    type SerializeTuple = Impossible<Self::Ok, GiveError>;
    type SerializeTupleStruct = Impossible<Self::Ok, GiveError>;
    type SerializeTupleVariant = TaggedGiver<'py, 'a>;
    type SerializeMap = RecordGiver<'py, 'a>;
    type SerializeStruct = RecordGiver<'py, 'a>;
    type SerializeStructVariant = RecordGiver<'py, 'a>;

    no_such_form! {
        serialize_bool(value: bool);
        serialize_f32(value: f32);
        serialize_f64(value: f64);
        serialize_char(value: char);
        serialize_bytes(value: &[u8]);
        serialize_unit();
        serialize_unit_struct(name: &'static str);
    }

    fn serialize_i8(self, value: i8) -> Given<'py> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Given<'py> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Given<'py> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Given<'py> {
        Ok(value.into_pyobject(self.py).map_err(PyErr::from)?.into_any())
    }

    fn serialize_u8(self, value: u8) -> Given<'py> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Given<'py> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Given<'py> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Given<'py> {
        Ok(value.into_pyobject(self.py).map_err(PyErr::from)?.into_any())
    }

    fn serialize_str(self, value: &str) -> Given<'py> {
        self.text(value)
    }

    fn serialize_none(self) -> Given<'py> {
        Ok(self.py.None().into_bound(self.py))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Given<'py> {
        let shape = self.inner();
        value.serialize(Giver { shape, ..self })
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Given<'py> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Given<'py> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Given<'py> {
        let (style, kind) = self.variant(variant)?;
        if style == Style::Through {
            return value.serialize(Giver { shape: &Shape::Named(kind), ..self });
        }
        let mut record = self.record_of(kind)?;
        record.add_next(value)?;
        record.finish()
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<ManyGiver<'py, 'a>, GiveError> {
        let Shape::Many(shape) = self.inner() else { return Err(unexpected("a list", self.shape)) };
        let items = Vec::with_capacity(length.unwrap_or_default());
        Ok(ManyGiver { py: self.py, book: self.book, shape, items })
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, GiveError> {
        Err(unexpected("a tuple", self.shape))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, GiveError> {
        Err(unexpected("a tuple", self.shape))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<TaggedGiver<'py, 'a>, GiveError> {
        let (_, kind) = self.variant(variant)?;
        let mut record = self.record_of(kind)?;
        record.add_next(variant)?;
        Ok(TaggedGiver(record))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<RecordGiver<'py, 'a>, GiveError> {
        self.record_giver()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<RecordGiver<'py, 'a>, GiveError> {
        self.record_giver()
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<RecordGiver<'py, 'a>, GiveError> {
        let (_, kind) = self.variant(variant)?;
        self.record_of(kind)
    }
}

/// Gives a tuple.
struct ManyGiver<'py, 'a> {
    py: Python<'py>,
    book: &'a Book,
    shape: &'a Shape,
    items: Vec<Bound<'py, PyAny>>,
}

impl<'py> SerializeSeq for ManyGiver<'py, '_> {
    type Ok = Bound<'py, PyAny>;
    type Error = GiveError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), GiveError> {
        let giver = Giver { py: self.py, book: self.book, shape: self.shape, fields: Fields::Now };
        self.items.push(value.serialize(giver)?);
        Ok(())
    }

    fn end(self) -> Given<'py> {
        Ok(PyTuple::new(self.py, self.items)?.into_any())
    }
}

/// Gives an object of a class.
struct RecordGiver<'py, 'a> {
    py: Python<'py>,
    book: &'a Book,
    record: &'a Record,
    fields: Fields,
    values: Bound<'py, PyDict>,
    /// Fields mostly come in the order of the class.
    next: usize,
    key: Option<&'a Field>,
}

impl<'py, 'a> RecordGiver<'py, 'a> {
    fn field(&mut self, name: &str) -> Result<&'a Field, GiveError> {
        let fields = &self.record.fields;
        let expected = fields.get(self.next).is_some_and(|field| field.name == name);
        let place = if expected { Some(self.next) } else { fields.iter().position(|field| field.name == name) };
        let field = place.and_then(|place| fields.get(place));
        self.next = place.unwrap_or_default().saturating_add(1);
        field.ok_or_else(|| ser::Error::custom(format_args!("{:?} has no field {name}", self.record.class)))
    }

    fn set<T: Serialize + ?Sized>(&mut self, field: &'a Field, value: &T) -> Result<(), GiveError> {
        if self.fields == Fields::Later {
            return Ok(());
        }
        let giver = Giver { py: self.py, book: self.book, shape: &field.shape, fields: Fields::Now };
        let value = value.serialize(giver)?;
        Ok(self.values.set_item(field.key.bind(self.py), value)?)
    }

    /// Sets the next field, whatever its name.
    fn add_next<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), GiveError> {
        let field = self.record.fields.get(self.next);
        let field = field.ok_or_else(|| <GiveError as ser::Error>::custom("a class has too few fields"))?;
        self.next = self.next.saturating_add(1);
        self.set(field, value)
    }

    /// Makes the object. What the engine left out is what the class says.
    fn finish(self) -> Given<'py> {
        let py = self.py;
        let class = self.record.class.bind(py);
        if self.fields == Fields::Later {
            return Ok(self.book.new_object.bind(py).call1((class,))?);
        }
        if self.values.len() < self.record.fields.len() {
            for field in &self.record.fields {
                let key = field.key.bind(py);
                if self.values.contains(key)? {
                    continue;
                }
                let default = field.default.as_ref();
                let default = default.ok_or_else(|| <GiveError as ser::Error>::custom(format_args!("no {key}")))?;
                self.values.set_item(key, default)?;
            }
        }
        if self.record.make == Make::Call {
            return Ok(class.call((), Some(&self.values))?);
        }
        let object = self.book.new_object.bind(py).call1((class,))?;
        self.book.set_attribute.bind(py).call1((&object, pyo3::intern!(py, "__dict__"), self.values))?;
        Ok(object)
    }
}

impl<'py> SerializeStruct for RecordGiver<'py, '_> {
    type Ok = Bound<'py, PyAny>;
    type Error = GiveError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), GiveError> {
        let field = self.field(name)?;
        self.set(field, value)
    }

    fn end(self) -> Given<'py> {
        self.finish()
    }
}

impl<'py> SerializeStructVariant for RecordGiver<'py, '_> {
    type Ok = Bound<'py, PyAny>;
    type Error = GiveError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), GiveError> {
        SerializeStruct::serialize_field(self, name, value)
    }

    fn end(self) -> Given<'py> {
        self.finish()
    }
}

/// Records with a part that is flattened come as maps.
impl<'py> SerializeMap for RecordGiver<'py, '_> {
    type Ok = Bound<'py, PyAny>;
    type Error = GiveError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), GiveError> {
        let name = serde_json::to_value(key).map_err(<GiveError as ser::Error>::custom)?;
        self.key = Some(self.field(name.as_str().unwrap_or_default())?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), GiveError> {
        match self.key.take() {
            Some(field) => self.set(field, value),
            None => Err(ser::Error::custom("a value has a key")),
        }
    }

    fn end(self) -> Given<'py> {
        self.finish()
    }
}

/// Gives a record whose first field names the variant.
struct TaggedGiver<'py, 'a>(RecordGiver<'py, 'a>);

impl<'py> SerializeTupleVariant for TaggedGiver<'py, '_> {
    type Ok = Bound<'py, PyAny>;
    type Error = GiveError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), GiveError> {
        self.0.add_next(value)
    }

    fn end(self) -> Given<'py> {
        self.0.finish()
    }
}
