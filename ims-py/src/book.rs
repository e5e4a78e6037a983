//! Which Python class stands for which Rust type. Python tells when it is imported (`python/ims/_shapes.py`, which is
//! generated from the Rust sources).

use crate::cache::{Cache, Last};
use pyo3::{
    exceptions::{PyBaseException, PyKeyError, PyRuntimeError},
    intern,
    prelude::*,
    sync::PyOnceLock,
    types::{PyString, PyTuple, PyType},
};
use std::collections::HashMap;

/// What a Python value looks like.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Text,
    Id,
    Decimal,
    DateTime,
    Date,
    Int,
    /// Or `None`.
    Optional(Box<Shape>),
    /// Several, as a tuple.
    Many(Box<Shape>),
    /// A record or a union: its place in the book.
    Named(usize),
}

/// A class with fields.
pub(crate) struct Record {
    pub(crate) class: Py<PyType>,
    pub(crate) make: Make,
    pub(crate) fields: Vec<Field>,
}

/// How an object of a class is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Make {
    /// A data class: its fields are put into place. Its `__init__` would do the same more slowly.
    Fill,
    /// A data class that can be asked for its fields later.
    FillLate,
    /// An exception: it is called with its fields.
    Call,
}

/// A field of a class.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) key: Py<PyString>,
    pub(crate) shape: Shape,
    /// What it is where nothing is said. A value that is this very object is not passed on.
    pub(crate) default: Option<Py<PyAny>>,
}

/// How the content of an enum's variant becomes an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The content is a whole record or union.
    Through,
    /// The content is the one field of a record.
    Only,
    /// The fields of the content are those of a record.
    Fields,
    /// The record has the name of the variant first, then the content.
    Tagged,
}

/// A variant of an enum.
pub(crate) struct Variant {
    pub(crate) name: String,
    pub(crate) style: Style,
    pub(crate) kind: usize,
}

/// What a name stands for.
pub(crate) enum Kind {
    Record(Record),
    Union(Vec<Variant>),
}

/// All classes, and those of Python's own that values are made of.
pub(crate) struct Book {
    kinds: Vec<Kind>,
    names: HashMap<String, usize>,
    pub(crate) decimal: Py<PyAny>,
    pub(crate) datetime: Py<PyAny>,
    pub(crate) date: Py<PyAny>,
    pub(crate) uuid: Py<PyAny>,
    pub(crate) utc: Py<PyAny>,
    pub(crate) new_object: Py<PyAny>,
    pub(crate) set_attribute: Py<PyAny>,
    pub(crate) decimals: Cache,
    pub(crate) moments: Cache,
    pub(crate) days: Cache,
    pub(crate) read_lately: Last,
}

static BOOK: PyOnceLock<Book> = PyOnceLock::new();

/// A field: its name in Rust and in Python, its shape, and its default where it has one.
type FieldEntry<'py> = (String, Bound<'py, PyString>, String, Bound<'py, PyTuple>);
/// A variant: its name, its style, and what it holds.
type VariantEntry = (String, String, String);

/// Learns which classes there are: `records` are `(name, class, ((name, attribute, shape, (default,)), ...))`, `unions` are
/// `(name, ((variant, style, name), ...))`.
#[pyo3::pyfunction]
pub(crate) fn learn(
    py: Python<'_>,
    records: Vec<(String, Bound<'_, PyType>, Vec<FieldEntry<'_>>)>,
    unions: Vec<(String, Vec<VariantEntry>)>,
) -> PyResult<()> {
    let names = records.iter().map(|(name, ..)| name).chain(unions.iter().map(|(name, _)| name));
    let names: HashMap<String, usize> = names.cloned().zip(0..).collect();
    let late = py.import("ims._late")?.getattr("Late")?;
    let mut kinds = Vec::with_capacity(names.len());
    for (_, class, fields) in records {
        let fields = fields.into_iter().map(|entry| field(&names, entry)).collect::<PyResult<_>>()?;
        let make = if class.is_subclass_of::<PyBaseException>()? {
            Make::Call
        } else if class.is_subclass(&late)? {
            Make::FillLate
        } else {
            Make::Fill
        };
        kinds.push(Kind::Record(Record { class: class.unbind(), make, fields }));
    }
    for (_, variants) in unions {
        let variants = variants.into_iter().map(|entry| variant(&names, entry)).collect::<PyResult<_>>()?;
        kinds.push(Kind::Union(variants));
    }
    let (datetime, object) = (py.import("datetime")?, py.import("builtins")?.getattr("object")?);
    let book = Book {
        kinds,
        names,
        decimal: py.import("decimal")?.getattr("Decimal")?.unbind(),
        datetime: datetime.getattr("datetime")?.unbind(),
        date: datetime.getattr("date")?.unbind(),
        uuid: py.import("uuid")?.getattr("UUID")?.unbind(),
        utc: datetime.getattr("timezone")?.getattr("utc")?.unbind(),
        new_object: object.getattr(intern!(py, "__new__"))?.unbind(),
        set_attribute: object.getattr(intern!(py, "__setattr__"))?.unbind(),
        decimals: Cache::new(),
        moments: Cache::new(),
        days: Cache::new(),
        read_lately: Last::default(),
    };
    // Learnt once; an import that is repeated tells the same.
    let _ = BOOK.set(py, book);
    Ok(())
}

fn field(names: &HashMap<String, usize>, (name, key, shape, default): FieldEntry<'_>) -> PyResult<Field> {
    Ok(Field {
        name,
        shape: shape_of(names, &shape)?,
        default: default.get_item(0).ok().map(Bound::unbind),
        key: key.unbind(),
    })
}

fn variant(names: &HashMap<String, usize>, (name, style, kind): VariantEntry) -> PyResult<Variant> {
    let style = match style.as_str() {
        "through" => Style::Through,
        "only" => Style::Only,
        "fields" => Style::Fields,
        "tagged" => Style::Tagged,
        other => return Err(PyRuntimeError::new_err(format!("{other} is no style of a variant"))),
    };
    Ok(Variant { name, style, kind: known(names, &kind)? })
}

/// Reads a shape: `?` before what may be `None`, `*` before what there may be several of.
fn shape_of(names: &HashMap<String, usize>, text: &str) -> PyResult<Shape> {
    if let Some(rest) = text.strip_prefix('?') {
        return Ok(Shape::Optional(Box::new(shape_of(names, rest)?)));
    }
    if let Some(rest) = text.strip_prefix('*') {
        return Ok(Shape::Many(Box::new(shape_of(names, rest)?)));
    }
    Ok(match text {
        "text" => Shape::Text,
        "id" => Shape::Id,
        "decimal" => Shape::Decimal,
        "datetime" => Shape::DateTime,
        "date" => Shape::Date,
        "int" => Shape::Int,
        name => Shape::Named(known(names, name)?),
    })
}

fn known(names: &HashMap<String, usize>, name: &str) -> PyResult<usize> {
    names.get(name).copied().ok_or_else(|| PyKeyError::new_err(format!("no class stands for {name}")))
}

impl Book {
    /// What Python has told.
    pub(crate) fn get(py: Python<'_>) -> PyResult<&'static Book> {
        BOOK.get(py).ok_or_else(|| PyRuntimeError::new_err("import ims, not ims._native"))
    }

    /// The shape that has a name.
    pub(crate) fn named(&self, name: &str) -> PyResult<Shape> {
        known(&self.names, name).map(Shape::Named)
    }

    /// What stands at a place of the book.
    pub(crate) fn kind(&self, place: usize) -> PyResult<&Kind> {
        self.kinds.get(place).ok_or_else(|| PyRuntimeError::new_err("a shape is a place in the book"))
    }

    /// The record at a place of the book.
    pub(crate) fn record(&self, place: usize) -> PyResult<&Record> {
        match self.kind(place)? {
            Kind::Record(record) => Ok(record),
            Kind::Union(_) => Err(PyRuntimeError::new_err("a record was expected, not a union")),
        }
    }

    /// The variant of a union that has a name.
    pub(crate) fn variant<'a>(&self, variants: &'a [Variant], name: &str) -> PyResult<&'a Variant> {
        variants
            .iter()
            .find(|variant| variant.name == name)
            .ok_or_else(|| PyKeyError::new_err(format!("no class stands for {name}")))
    }

    /// The shape of the exception that stands for a rejection's code.
    pub(crate) fn rejection(&self, code: &str) -> PyResult<Shape> {
        match self.kind(known(&self.names, "Rejection")?)? {
            Kind::Union(variants) => Ok(Shape::Named(self.variant(variants, code)?.kind)),
            Kind::Record(_) => Err(PyRuntimeError::new_err("the rejections are a union")),
        }
    }
}
