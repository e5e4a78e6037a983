//! Rows as Arrow columns. Quantities and amounts are decimals of six places, times are microseconds in UTC, ids and words
//! are texts; what is optional may be null. Nothing is rounded and nothing is guessed from the first rows.

use arrow_array::{
    Array, ArrayRef, Date32Array, Decimal128Array, ListArray, RecordBatch, StructArray, TimestampMicrosecondArray,
    UInt32Array, UInt64Array, builder::StringBuilder,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, Fields, SchemaRef, TimeUnit};
use ims_core::{
    AdjustmentReason, Amount, CommandId, Contact, CostingMethod, Currency, Customer, CustomerId, Date, Document, Item,
    ItemId, Location, LocationId, LocationKind, Movement, MovementKey, MovementKind, Order, OrderAmounts, OrderId,
    OrderLine, OrderStatus, Party, Purchase, PurchaseAmounts, PurchaseId, PurchaseLine, PurchaseStatus, Quantity,
    Shipment, Sku, Standing, StockLevel, Supplier, SupplierId, Timestamp, Tracking, Unit,
    report::{AlertLine, ProfitLine, ReorderLine, StockLine},
};
use serde::Serialize;
use std::{
    fmt::{self, Display, Write},
    sync::Arc,
};

/// Digits of a decimal: as many as 64 bits have.
const DECIMAL_DIGITS: u8 = 19;
/// Decimals of a quantity or an amount.
const DECIMAL_PLACES: i8 = 6;

/// What can stand in a column.
pub(crate) trait Column {
    /// Whether there may be nothing.
    const NULLABLE: bool = false;

    /// The type of the column.
    fn data_type() -> DataType;

    /// Makes a column.
    fn array<'a>(values: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError>
    where
        Self: 'a;
}

/// Values of a column, or nothing; they can be gone through more than once.
pub(crate) trait Values<'a, T: ?Sized + 'a>: Iterator<Item = Option<&'a T>> + Clone {}

impl<'a, T: ?Sized + 'a, I: Iterator<Item = Option<&'a T>> + Clone> Values<'a, T> for I {}

/// Makes a batch of rows.
pub(crate) fn batch<T: Column>(schema: &SchemaRef, rows: &[T]) -> Result<RecordBatch, ArrowError> {
    let columns = T::array(rows.iter().map(Some))?;
    match columns.as_any().downcast_ref::<StructArray>() {
        Some(columns) => RecordBatch::try_new(Arc::clone(schema), columns.columns().to_vec()),
        None => Err(ArrowError::SchemaError("rows have columns".to_owned())),
    }
}

impl<T: Column> Column for Option<T> {
    const NULLABLE: bool = true;

    fn data_type() -> DataType {
        T::data_type()
    }

    fn array<'a>(values: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError>
    where
        Self: 'a,
    {
        T::array(values.map(|value| value.and_then(Option::as_ref)))
    }
}

impl<T: Column> Column for Arc<T> {
    fn data_type() -> DataType {
        T::data_type()
    }

    fn array<'a>(values: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError>
    where
        Self: 'a,
    {
        T::array(values.map(|value| value.map(|shared| &**shared)))
    }
}

impl<T: Column> Column for Vec<T> {
    fn data_type() -> DataType {
        DataType::List(Arc::new(item::<T>()))
    }

    fn array<'a>(values: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError>
    where
        Self: 'a,
    {
        let items = T::array(values.clone().flatten().flatten().map(Some))?;
        let lengths = values.map(|value| value.map_or(0, Vec::len));
        let offsets = OffsetBuffer::from_lengths(lengths);
        Ok(Arc::new(ListArray::try_new(Arc::new(item::<T>()), offsets, items, None)?))
    }
}

fn item<T: Column>() -> Field {
    Field::new("item", T::data_type(), T::NULLABLE)
}

/// Numbers that are counted in whole units of something.
macro_rules! number_column {
    ($($value:ty => $array:ty, $type:expr, $get:expr;)*) => {$(
        impl Column for $value {
            fn data_type() -> DataType {
                $type
            }

            fn array<'a>(values: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError> {
                let numbers: $array = values.map(|value| value.map($get)).collect();
                Ok(Arc::new(numbers.with_data_type($type)))
            }
        }
    )*};
}

number_column! {
    Quantity => Decimal128Array, DataType::Decimal128(DECIMAL_DIGITS, DECIMAL_PLACES), |value| i128::from(value.micros());
    Amount => Decimal128Array, DataType::Decimal128(DECIMAL_DIGITS, DECIMAL_PLACES), |value| i128::from(value.micros());
    Timestamp => TimestampMicrosecondArray, DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), |value| value.micros();
    Date => Date32Array, DataType::Date32, |value| value.days();
    u32 => UInt32Array, DataType::UInt32, |value| *value;
    u64 => UInt64Array, DataType::UInt64, |value| *value;
}

/// Makes a column of texts. Most rows have the site, the kind and the document of the row before: what comes again is not
/// written again.
fn texts<'a, T: PartialEq + ?Sized + 'a>(
    values: impl Values<'a, T>,
    write: impl Fn(&mut String, &T) -> fmt::Result,
) -> Result<ArrayRef, ArrowError> {
    let (mut written, mut text) = (values.clone().flatten().next(), String::new());
    if let Some(first) = written {
        write(&mut text, first).map_err(unwritten)?;
    }
    // Most texts of a column are equally long.
    let rows = values.size_hint().0;
    let mut texts = StringBuilder::with_capacity(rows, rows.saturating_mul(text.len()));
    for value in values {
        match value {
            Some(value) => {
                if written != Some(value) {
                    text.clear();
                    write(&mut text, value).map_err(unwritten)?;
                    written = Some(value);
                }
                texts.append_value(&text);
            }
            None => texts.append_null(),
        }
    }
    Ok(Arc::new(texts.finish()))
}

fn unwritten(error: fmt::Error) -> ArrowError {
    ArrowError::ExternalError(Box::new(error))
}

impl Column for Arc<str> {
    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn array<'a>(values: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError> {
        texts(values, |texts, value| texts.write_str(value))
    }
}

/// What is shown as a text.
macro_rules! text_column {
    ($($value:ty),*) => {$(
        impl Column for $value {
            fn data_type() -> DataType {
                DataType::Utf8
            }

            fn array<'a>(values: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError> {
                texts(values, |texts, value| write!(texts, "{value}"))
            }
        }
    )*};
}

text_column!(Sku, Currency, CommandId, ItemId, LocationId, SupplierId, CustomerId, OrderId, PurchaseId);

/// A choice, written as it is in JSON.
struct Word<'a, T>(&'a T);

impl<T: Serialize> Display for Word<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.serialize(f)
    }
}

macro_rules! word_column {
    ($($value:ty),*) => {$(
        impl Column for $value {
            fn data_type() -> DataType {
                DataType::Utf8
            }

            fn array<'a>(values: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError> {
                texts(values, |texts, value| write!(texts, "{}", Word(value)))
            }
        }
    )*};
}

word_column!(
    AdjustmentReason,
    CostingMethod,
    LocationKind,
    MovementKind,
    OrderStatus,
    PurchaseStatus,
    Standing,
    StockLevel,
    Tracking
);

/// The field of a column that is read from a row.
fn field<R, T: Column>(name: &str, _: fn(&R) -> &T) -> Field {
    Field::new(name, T::data_type(), T::NULLABLE)
}

/// The column that is read from rows.
fn column<'a, R: 'a, T: Column + 'a>(rows: impl Values<'a, R>, get: fn(&R) -> &T) -> Result<ArrayRef, ArrowError> {
    T::array(rows.map(move |row| row.map(get)))
}

/// Puts columns together. Where there is no row, there is nothing in any of its columns.
fn structs<'a, R: 'a>(
    data_type: DataType,
    rows: impl Values<'a, R>,
    columns: Vec<ArrayRef>,
) -> Result<ArrayRef, ArrowError> {
    let DataType::Struct(fields) = data_type else {
        return Err(ArrowError::SchemaError("rows have columns".to_owned()));
    };
    let present: NullBuffer = rows.map(|row| row.is_some()).collect::<Vec<bool>>().into();
    let present = Some(present).filter(|present| present.null_count() > 0);
    Ok(Arc::new(StructArray::try_new(fields, columns, present)?))
}

/// Rows with columns: each with its name and where in the row it is.
macro_rules! columns {
    ($($row:ident { $($name:ident = $($path:ident).+),* $(,)? })*) => {$(
        impl Column for $row {
            fn data_type() -> DataType {
                DataType::Struct(Fields::from(vec![
                    $(field(stringify!($name), |row: &$row| &row.$($path).+),)*
                ]))
            }

            fn array<'a>(rows: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError> {
                let columns = vec![$(column(rows.clone(), |row: &$row| &row.$($path).+)?,)*];
                structs(Self::data_type(), rows, columns)
            }
        }
    )*};
}

columns! {
    StockLine {
        item = item, sku = sku, name = name, site = site, on_hand = on_hand, committed = committed,
        available = available, incoming = incoming, backordered = backordered, value = value,
    }
    AlertLine {
        item = item, sku = sku, name = name, site = site, kind = kind, available = available,
        threshold = threshold, available_then = available_then, threshold_then = threshold_then,
        raised_at = raised_at, acknowledged_at = acknowledged_at, resolved_at = resolved_at,
    }
    ProfitLine {
        key = key, name = name, units = sales.units, revenue = sales.revenue, cost = sales.cost,
    }
    ReorderLine {
        item = item, sku = sku, name = name, site = site, supplier = supplier, available = available,
        incoming = incoming, backordered = backordered, threshold = threshold, propose = propose,
    }
    Item {
        id = id, sku = sku, name = name, description = description, brand = brand, category = category,
        unit = unit, tracking = tracking, costing = costing, standard_cost = standard_cost, price = price,
        barcodes = barcodes, reorder_point = reorder_point, reorder_to = reorder_to,
        backorder_limit = backorder_limit, supplier = supplier, standing = standing,
    }
    Location {
        id = id, code = code, name = name, kind = kind, standing = standing,
    }
    Contact {
        name = name, contact = contact, email = email, phone = phone, address = address, city = city,
        country = country,
    }
    Supplier {
        id = id, code = code, contact = contact, standing = standing,
    }
    Customer {
        id = id, code = code, contact = contact, standing = standing,
    }
    Party {
        name = name, address = address, city = city, country = country,
    }
    OrderAmounts {
        cancelled = cancelled, shipped = shipped, returned = returned, refunded = refunded, to_pay = to_pay,
    }
    PurchaseAmounts {
        cancelled = cancelled, received = received, to_pay = to_pay,
    }
    Order {
        id = id, series = series, number = number, site = site, customer = customer, party = party,
        currency = currency, status = status, placed_at = placed_at, total = total, amounts = amounts, lines = lines,
        shipments = shipments,
    }
    OrderLine {
        item = item, sku = sku, name = name, brand = brand, category = category, tracking = tracking,
        quantity = quantity, unit_price = unit_price, discount = discount, total = total, allocated = allocated,
        backordered = backordered, shipped = shipped, cancelled = cancelled, returned = returned,
        revenue = revenue, cost = cost, refunded = refunded, cost_returned = cost_returned,
    }
    Shipment {
        id = id, shipped_at = shipped_at,
    }
    Purchase {
        id = id, series = series, number = number, supplier = supplier, party = party, site = site, status = status,
        ordered_at = ordered_at, expected = expected, received_at = received_at, total = total, amounts = amounts,
        lines = lines,
    }
    PurchaseLine {
        item = item, sku = sku, name = name, quantity = quantity, unit_cost = unit_cost, received = received,
        received_cost = received_cost, cancelled = cancelled,
    }
    MovementKey {
        command = command, number = number,
    }
    Movement {
        command = key.command, number = key.number, item = item, from = from, to = to, kind = kind,
        reason = reason, quantity = quantity, value = value, revenue = revenue, acquired_at = acquired_at,
        layer = layer, occurred_at = occurred_at, recorded_at = recorded_at, document = document, undoes = undoes,
    }
}

impl Column for Unit {
    fn data_type() -> DataType {
        let code = Field::new("code", DataType::Utf8, false);
        DataType::Struct(Fields::from(vec![code, Field::new("decimals", DataType::UInt32, false)]))
    }

    fn array<'a>(units: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError> {
        let codes = texts(units.clone(), |texts, unit: &Unit| texts.write_str(unit.code()))?;
        let decimals: UInt32Array = units.clone().map(|unit| unit.map(Unit::decimals)).collect();
        structs(Self::data_type(), units, vec![codes, Arc::new(decimals)])
    }
}

impl Column for Document {
    fn data_type() -> DataType {
        let texts = ["kind", "id"].map(|name| Field::new(name, DataType::Utf8, false));
        DataType::Struct(texts.into_iter().chain([Field::new("line", DataType::UInt32, false)]).collect())
    }

    fn array<'a>(documents: impl Values<'a, Self>) -> Result<ArrayRef, ArrowError> {
        let kinds = texts(documents.clone(), |texts, document| {
            texts.write_str(match document {
                Document::Order(..) => "order",
                Document::Return(..) => "return",
                Document::Purchase(..) => "purchase",
            })
        })?;
        let ids = texts(documents.clone(), |texts, document| match document {
            Document::Order(id, _) => write!(texts, "{id}"),
            Document::Return(id, _) => write!(texts, "{id}"),
            Document::Purchase(id, _) => write!(texts, "{id}"),
        })?;
        let lines = documents.clone().map(|document| document.map(line_of));
        let lines: UInt32Array = lines.collect();
        structs(Self::data_type(), documents, vec![kinds, ids, Arc::new(lines)])
    }
}

fn line_of(document: &Document) -> u32 {
    match document {
        Document::Order(_, line) | Document::Return(_, line) | Document::Purchase(_, line) => *line,
    }
}
