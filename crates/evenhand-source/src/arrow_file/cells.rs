//! This module gives the values of Arrow columns the text that they have in every other kind of source.

use std::fmt::Write as _;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowDictionaryKeyType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Float32Type,
    Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef};
use arrow_schema::{DataType, Field, Fields, TimeUnit};

use crate::canonical::{widened, write_date, write_decimal, write_timestamp};

/// What a column is called, and how to get to it: the places of its fields, from the outside in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Leaf {
    pub(super) name: String,
    places: Vec<usize>,
}

/// The columns of a table: structures as one column per field, such as `user.sex`.
///
/// # Errors
/// The name and the type of a column that is not read.
pub(super) fn leaves(fields: &Fields) -> Result<Vec<Leaf>, (String, String)> {
    let mut leaves = Vec::new();
    add(fields, "", &[], &mut leaves)?;
    Ok(leaves)
}

fn add(fields: &Fields, start: &str, places: &[usize], leaves: &mut Vec<Leaf>) -> Result<(), (String, String)> {
    for (place, field) in fields.iter().enumerate() {
        let name = format!("{start}{}", field.name());
        let places = [places, &[place]].concat();
        match field.data_type() {
            DataType::Struct(fields) => add(fields, &format!("{name}."), &places, leaves)?,
            kind => {
                if let Some(unfit) = unfit(kind) {
                    return Err((name, unfit));
                }
                leaves.push(Leaf { name, places });
            }
        }
    }
    Ok(())
}

/// The name of the type where it, or one in it, is not read.
fn unfit(kind: &DataType) -> Option<String> {
    use DataType as D;
    let of_field = |field: &Field| unfit(field.data_type());
    match kind {
        D::Null | D::Boolean | D::Int8 | D::Int16 | D::Int32 | D::Int64 => None,
        D::UInt8 | D::UInt16 | D::UInt32 | D::UInt64 | D::Float32 | D::Float64 => None,
        D::Utf8 | D::LargeUtf8 | D::Utf8View | D::Binary | D::LargeBinary | D::BinaryView => None,
        D::Date32 | D::Date64 | D::Timestamp(..) => None,
        D::Decimal32(_, 0..) | D::Decimal64(_, 0..) | D::Decimal128(_, 0..) => None,
        D::Dictionary(_, values) => unfit(values),
        D::List(field) | D::LargeList(field) | D::FixedSizeList(field, _) => of_field(field),
        D::Struct(fields) => fields.iter().find_map(|field| of_field(field)),
        other => {
            let name = format!("{other:?}");
            Some(name.split(['(', ' ']).next().unwrap_or_default().to_owned())
        }
    }
}

/// The value of `leaf` in this row, and whether it is a number; nothing where it is missing.
///
/// # Errors
/// What the value is that is no text.
pub(super) fn cell(columns: &[ArrayRef], leaf: &Leaf, row: usize) -> Result<Option<(String, bool)>, String> {
    let Some((first, rest)) = leaf.places.split_first() else {
        return Ok(None);
    };
    let Some(mut column) = columns.get(*first) else {
        return Ok(None);
    };
    for place in rest {
        let Some(parts) = column.as_struct_opt().filter(|parts| parts.is_valid(row)) else {
            return Ok(None);
        };
        let Some(next) = parts.columns().get(*place) else {
            return Ok(None);
        };
        column = next;
    }
    let mut text = String::new();
    Ok(match write(column, row, &mut text)? {
        Written::Nothing => None,
        written @ (Written::Number | Written::Text) => Some((text, written == Written::Number)),
        Written::Json => {
            text.clear();
            json(column, row, &mut text)?;
            Some((text, false))
        }
    })
}

/// What became of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Written {
    /// It is missing.
    Nothing,
    /// A number or a truth value, which JSON writes without quotes.
    Number,
    Text,
    /// It has to be written as JSON.
    Json,
}

/// Writes a value that is no list.
fn write(array: &dyn Array, row: usize, text: &mut String) -> Result<Written, String> {
    use DataType as D;
    if array.is_null(row) {
        return Ok(Written::Nothing);
    }
    macro_rules! whole {
        ($kind:ty) => {{
            // Writing into a string cannot fail.
            let _ = write!(text, "{}", array.as_primitive::<$kind>().value(row));
            Ok(Written::Number)
        }};
    }
    macro_rules! moment {
        ($kind:ty, $per_second:expr, $zone:expr) => {{
            let value = array.as_primitive::<$kind>().value(row);
            let _ = write_timestamp(text, value, $per_second, $zone.is_some());
            Ok(Written::Text)
        }};
    }
    macro_rules! decimal {
        ($kind:ty, $scale:expr) => {{
            let value = i128::from(array.as_primitive::<$kind>().value(row));
            let _ = write_decimal(text, value, usize::try_from(*$scale).unwrap_or_default());
            Ok(Written::Number)
        }};
    }
    macro_rules! text {
        ($value:expr) => {{
            text.push_str($value);
            Ok(Written::Text)
        }};
    }
    match array.data_type() {
        D::Boolean => {
            text.push_str(if array.as_boolean().value(row) { "true" } else { "false" });
            Ok(Written::Number)
        }
        D::Int8 => whole!(Int8Type),
        D::Int16 => whole!(Int16Type),
        D::Int32 => whole!(Int32Type),
        D::Int64 => whole!(Int64Type),
        D::UInt8 => whole!(UInt8Type),
        D::UInt16 => whole!(UInt16Type),
        D::UInt32 => whole!(UInt32Type),
        D::UInt64 => whole!(UInt64Type),
        D::Float32 => Ok(float(widened(array.as_primitive::<Float32Type>().value(row)), text)),
        D::Float64 => Ok(float(array.as_primitive::<Float64Type>().value(row), text)),
        D::Utf8 => text!(array.as_string::<i32>().value(row)),
        D::LargeUtf8 => text!(array.as_string::<i64>().value(row)),
        D::Utf8View => text!(array.as_string_view().value(row)),
        D::Binary => text!(utf8(array.as_binary::<i32>().value(row))?),
        D::LargeBinary => text!(utf8(array.as_binary::<i64>().value(row))?),
        D::BinaryView => text!(utf8(array.as_binary_view().value(row))?),
        D::Date32 => {
            let _ = write_date(text, i64::from(array.as_primitive::<Date32Type>().value(row)));
            Ok(Written::Text)
        }
        D::Date64 => {
            const DAY: i64 = 86_400_000;
            let _ = write_date(text, array.as_primitive::<Date64Type>().value(row).div_euclid(DAY));
            Ok(Written::Text)
        }
        D::Timestamp(TimeUnit::Second, zone) => moment!(TimestampSecondType, 1, zone),
        D::Timestamp(TimeUnit::Millisecond, zone) => moment!(TimestampMillisecondType, 1_000, zone),
        D::Timestamp(TimeUnit::Microsecond, zone) => moment!(TimestampMicrosecondType, 1_000_000, zone),
        D::Timestamp(TimeUnit::Nanosecond, zone) => moment!(TimestampNanosecondType, 1_000_000_000, zone),
        D::Decimal32(_, scale) => decimal!(Decimal32Type, scale),
        D::Decimal64(_, scale) => decimal!(Decimal64Type, scale),
        D::Decimal128(_, scale) => decimal!(Decimal128Type, scale),
        D::Dictionary(key, _) => match key.as_ref() {
            D::Int8 => looked_up::<Int8Type>(array, row, text),
            D::Int16 => looked_up::<Int16Type>(array, row, text),
            D::Int32 => looked_up::<Int32Type>(array, row, text),
            D::Int64 => looked_up::<Int64Type>(array, row, text),
            D::UInt8 => looked_up::<UInt8Type>(array, row, text),
            D::UInt16 => looked_up::<UInt16Type>(array, row, text),
            D::UInt32 => looked_up::<UInt32Type>(array, row, text),
            _ => looked_up::<UInt64Type>(array, row, text),
        },
        D::Null => Ok(Written::Nothing),
        _ => Ok(Written::Json),
    }
}

/// Writes the entry of a dictionary that stands in this row.
fn looked_up<K: ArrowDictionaryKeyType>(array: &dyn Array, row: usize, text: &mut String) -> Result<Written, String> {
    let array = array.as_dictionary::<K>();
    match array.key(row) {
        Some(key) if key < array.values().len() => match write(array.values(), key, text)? {
            Written::Json => {
                json(array.values(), key, text)?;
                // Not to be quoted once more.
                Ok(Written::Number)
            }
            written => Ok(written),
        },
        _ => Ok(Written::Nothing),
    }
}

/// "Not a number" is a missing value, as in every other source.
fn float(value: f64, text: &mut String) -> Written {
    if value.is_nan() {
        return Written::Nothing;
    }
    // Adding zero turns -0.0 into 0.0.
    let _ = write!(text, "{:?}", value + 0.0);
    Written::Number
}

fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "bytes that are not UTF-8 text".to_owned())
}

/// Writes any value as compact JSON.
fn json(array: &dyn Array, row: usize, text: &mut String) -> Result<(), String> {
    let mut plain = String::new();
    match write(array, row, &mut plain)? {
        Written::Nothing => text.push_str("null"),
        // What is not finite has no form in JSON.
        Written::Number if !plain.ends_with("inf") => text.push_str(&plain),
        Written::Number | Written::Text => text.push_str(&quoted(&plain)),
        Written::Json => match array.data_type() {
            DataType::Struct(fields) => {
                let parts = array.as_struct();
                text.push('{');
                for (index, (field, column)) in fields.iter().zip(parts.columns()).enumerate() {
                    if index > 0 {
                        text.push(',');
                    }
                    text.push_str(&quoted(field.name()));
                    text.push(':');
                    json(column, row, text)?;
                }
                text.push('}');
            }
            DataType::LargeList(_) => entries(&array.as_list::<i64>().value(row), text)?,
            DataType::FixedSizeList(..) => entries(&array.as_fixed_size_list().value(row), text)?,
            _ => entries(&array.as_list::<i32>().value(row), text)?,
        },
    }
    Ok(())
}

/// A list of more bytes is no value of a table.
const LONGEST: usize = 16 << 20;

fn entries(values: &ArrayRef, text: &mut String) -> Result<(), String> {
    text.push('[');
    for row in 0..values.len() {
        if row > 0 {
            text.push(',');
        }
        json(values, row, text)?;
        if text.len() > LONGEST {
            return Err("a list of more than 16 MB".to_owned());
        }
    }
    text.push(']');
    Ok(())
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
