//! A report as a stream of Arrow record batches, one for each page, read as they are asked for.

use crate::question::Question;
use arrow_array::{RecordBatch, RecordBatchReader, ffi_stream::FFI_ArrowArrayStream};
use arrow_schema::{ArrowError, DataType, Schema, SchemaRef};
use ims_core::{
    AnyStore, limits,
    report::{Cursor, PageRequest},
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
) -> PyResult<Bound<'py, PyCapsule>> {
    let fields = match question.data_type() {
        DataType::Struct(fields) => fields,
        _ => arrow_schema::Fields::empty(),
    };
    let schema = Arc::new(Schema::new(fields));
    let pages = Pages { runtime, store, question, schema, next: Next::First };
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(pages)), c"arrow_array_stream")
}

/// The pages of a report.
struct Pages {
    runtime: &'static Runtime,
    store: AnyStore,
    question: Question,
    schema: SchemaRef,
    next: Next,
}

/// Which page comes next.
enum Next {
    First,
    After(Cursor),
    None,
}

impl Iterator for Pages {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let after = match std::mem::replace(&mut self.next, Next::None) {
            Next::First => None,
            Next::After(cursor) => Some(cursor),
            Next::None => return None,
        };
        let page = PageRequest { after, limit: limits::ROWS_PER_PAGE };
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
