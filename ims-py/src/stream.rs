//! A report as a stream of Arrow record batches, one for each page, read as they are asked for.

use crate::{
    book::Book,
    gate,
    question::{Question, Rows},
};
use arrow_array::{RecordBatch, RecordBatchReader, ffi_stream::FFI_ArrowArrayStream};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use ims_core::{
    AnyStore, StoreError, limits,
    report::{Cursor, PageRequest, Sort},
};
use pyo3::{prelude::*, types::PyCapsule};
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Gives a report as the capsule that the Arrow PyCapsule interface asks for.
pub(crate) fn capsule<'py>(
    py: Python<'py>,
    runtime: &'static Runtime,
    store: AnyStore,
    question: Question,
    sort: Option<Sort>,
) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = schema_of(&question);
    in_capsule(py, Pages { runtime, store, question, sort, schema, next: Next::First })
}

fn in_capsule(py: Python<'_>, pages: impl RecordBatchReader + Send + 'static) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(pages)), c"arrow_array_stream")
}

fn schema_of(question: &Question) -> SchemaRef {
    match question.data_type() {
        DataType::Struct(fields) => Arc::new(Schema::new(fields)),
        _ => Arc::new(Schema::empty()),
    }
}

/// All rows of a report, read once.
#[pyclass(frozen, module = "ims._native")]
pub(crate) struct Fetched {
    schema: SchemaRef,
    pages: Arc<Vec<Box<dyn Rows>>>,
    count: usize,
}

impl Fetched {
    /// Reads all pages.
    pub(crate) async fn read(store: &AnyStore, question: &Question, sort: Option<Sort>) -> Result<Fetched, StoreError> {
        let (mut pages, mut count, mut next) = (Vec::new(), 0_usize, Next::First);
        while let Some(page) = next.request(sort) {
            let (rows, after) = question.page(store, &page).await?;
            count = count.saturating_add(rows.count());
            pages.push(rows);
            next = after.map_or(Next::None, Next::After);
        }
        Ok(Fetched { schema: schema_of(question), pages: Arc::new(pages), count })
    }
}

#[pymethods]
impl Fetched {
    /// How many rows there are.
    fn count(&self) -> usize {
        self.count
    }

    /// The rows of a page as objects; nothing behind the last one.
    fn page(&self, py: Python<'_>, number: usize) -> PyResult<Option<Py<PyAny>>> {
        let _inside = gate::enter(py);
        let page = self.pages.get(number);
        page.map(|rows| rows.give(py, Book::get(py)?)).transpose()
    }

    /// The rows as a stream of Arrow record batches.
    fn arrow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let (schema, pages) = (Arc::clone(&self.schema), Arc::clone(&self.pages));
        in_capsule(py, Kept { schema, pages, next: 0 })
    }
}

/// Pages that were read before.
struct Kept {
    schema: SchemaRef,
    pages: Arc<Vec<Box<dyn Rows>>>,
    next: usize,
}

impl Iterator for Kept {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let page = self.pages.get(self.next)?;
        self.next = self.next.saturating_add(1);
        Some(page.batch(&self.schema))
    }
}

impl RecordBatchReader for Kept {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// The pages of a report.
struct Pages {
    runtime: &'static Runtime,
    store: AnyStore,
    question: Question,
    sort: Option<Sort>,
    schema: SchemaRef,
    next: Next,
}

/// Which page comes next.
enum Next {
    First,
    After(Cursor),
    None,
}

impl Next {
    /// Asks for it.
    fn request(&mut self, sort: Option<Sort>) -> Option<PageRequest> {
        let after = match std::mem::replace(self, Next::None) {
            Next::First => None,
            Next::After(cursor) => Some(cursor),
            Next::None => return None,
        };
        Some(PageRequest { after, limit: limits::ROWS_PER_PAGE, sort })
    }
}

impl Iterator for Pages {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let page = self.next.request(self.sort)?;
        let found = self.runtime.block_on(self.question.page(&self.store, &page));
        Some(match found {
            Ok((rows, next)) => {
                self.next = next.map_or(Next::None, Next::After);
                rows.batch(&self.schema)
            }
            Err(error) => Err(ArrowError::ExternalError(error.into())),
        })
    }
}

impl RecordBatchReader for Pages {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}
