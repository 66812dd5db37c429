//! This module is what a Parquet column's type means: how stored values become canonical values.

use std::fmt::Write as _;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::schema::types::ColumnDescriptor;

use super::plain::{Layout, Raw};
use crate::canonical::{widened, write_date, write_decimal, write_timestamp};
use crate::kernel::{Coded, Coder, Unusable};

/// What the values of a column are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Truth values, floating-point numbers and signed whole numbers, as their storage says.
    #[default]
    Stored,
    /// Whole numbers stored in the same bits as signed ones.
    Unsigned,
    /// Days since 1970-01-01.
    Date,
    /// So many units to a second since 1970-01-01T00:00:00; whether that is in UTC.
    Timestamp(i64, bool),
    /// Whole numbers that stand for themselves divided by a power of ten.
    Decimal(usize),
    /// Text.
    Text,
    /// Sixteen bytes, written as hexadecimal digits.
    Uuid,
}

/// A value in the form in which a [`Coder`] takes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    /// Text that should be UTF-8.
    Text(&'a [u8]),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// The text of a number that has places behind a point.
    Amount(&'a [u8]),
    /// A truth value.
    Bool(bool),
}

/// How the values of a column are laid out and what they are; the name of its type when it cannot be read.
///
/// No layout stands for booleans, which are bits.
pub(super) fn kind_of(column: &ColumnDescriptor) -> Result<(Option<Layout>, Kind), String> {
    if column.max_rep_level() > 0 || column.max_def_level() > 1 || column.path().parts().len() != 1 {
        return Err("a nested one".to_owned());
    }
    leaf_kind(column)
}

/// The same for the values in a column that may be nested.
pub(super) fn leaf_kind(column: &ColumnDescriptor) -> Result<(Option<Layout>, Kind), String> {
    let physical = column.physical_type();
    let unfit = || match (column.logical_type_ref(), column.converted_type()) {
        // Its name, without units and other details.
        (Some(logical), _) => {
            let name = format!("{logical:?}");
            name.split(['(', ' ']).next().unwrap_or_default().to_owned()
        }
        (None, ConvertedType::NONE) => format!("{physical}"),
        (None, converted) => format!("{converted}"),
    };
    if physical == Type::BOOLEAN {
        return Ok((None, Kind::Stored));
    }
    let layout = Layout::of(physical, physical_length(column)).ok_or_else(unfit)?;
    let kind = match column.logical_type_ref() {
        Some(logical) => logical_kind(logical, layout),
        None => converted_kind(column, layout),
    };
    kind.map(|kind| (Some(layout), kind)).ok_or_else(unfit)
}

fn physical_length(column: &ColumnDescriptor) -> i32 {
    if column.physical_type() == Type::FIXED_LEN_BYTE_ARRAY {
        column.type_length()
    } else {
        0
    }
}

fn logical_kind(logical: &LogicalType, layout: Layout) -> Option<Kind> {
    let whole = matches!(layout, Layout::Int32 | Layout::Int64);
    let bytes = matches!(layout, Layout::Bytes | Layout::Fixed(_));
    match logical {
        LogicalType::String | LogicalType::Enum | LogicalType::Json if bytes => Some(Kind::Text),
        LogicalType::Integer(int) if whole => Some(if int.is_signed { Kind::Stored } else { Kind::Unsigned }),
        LogicalType::Date if layout == Layout::Int32 => Some(Kind::Date),
        LogicalType::Timestamp(stamp) if layout == Layout::Int64 => {
            let per_second = match stamp.unit {
                TimeUnit::MILLIS => 1_000,
                TimeUnit::MICROS => 1_000_000,
                TimeUnit::NANOS => 1_000_000_000,
            };
            Some(Kind::Timestamp(per_second, stamp.is_adjusted_to_u_t_c))
        }
        LogicalType::Decimal(decimal) => decimal_kind(decimal.scale, layout),
        LogicalType::Uuid if layout == Layout::Fixed(16) => Some(Kind::Uuid),
        // A column of nulls; its storage does not matter.
        LogicalType::Unknown => Some(if bytes { Kind::Text } else { Kind::Stored }),
        _ => None,
    }
}

fn converted_kind(column: &ColumnDescriptor, layout: Layout) -> Option<Kind> {
    use ConvertedType as C;
    let whole = matches!(layout, Layout::Int32 | Layout::Int64);
    let bytes = matches!(layout, Layout::Bytes | Layout::Fixed(_));
    match column.converted_type() {
        // Some writers do not say that their byte strings are text; if they are not, the coder finds out.
        C::NONE if layout == Layout::Bytes => Some(Kind::Text),
        C::NONE if !bytes => Some(Kind::Stored),
        C::UTF8 | C::ENUM | C::JSON if bytes => Some(Kind::Text),
        C::INT_8 | C::INT_16 | C::INT_32 | C::INT_64 if whole => Some(Kind::Stored),
        C::UINT_8 | C::UINT_16 | C::UINT_32 | C::UINT_64 if whole => Some(Kind::Unsigned),
        C::DATE if layout == Layout::Int32 => Some(Kind::Date),
        C::TIMESTAMP_MILLIS if layout == Layout::Int64 => Some(Kind::Timestamp(1_000, true)),
        C::TIMESTAMP_MICROS if layout == Layout::Int64 => Some(Kind::Timestamp(1_000_000, true)),
        C::DECIMAL => decimal_kind(column.type_scale(), layout),
        _ => None,
    }
}

fn decimal_kind(scale: i32, layout: Layout) -> Option<Kind> {
    // An `i128` has up to 39 digits.
    let scale = usize::try_from(scale).ok().filter(|scale| *scale <= 38)?;
    let fits = match layout {
        Layout::Int32 | Layout::Int64 => true,
        Layout::Fixed(length) => length <= 16,
        _ => false,
    };
    fits.then_some(Kind::Decimal(scale))
}

impl Kind {
    /// The canonical value of a stored one; `text` is room for values that are written out.
    #[inline]
    pub(super) fn value<'a>(self, raw: Raw<'a>, text: &'a mut String) -> Value<'a> {
        text.clear();
        // Writing into a string cannot fail.
        let _ = match (self, raw) {
            (_, Raw::Bool(value)) => return Value::Bool(value),
            (_, Raw::Float(value)) => return Value::Float(widened(value)),
            (_, Raw::Double(value)) => return Value::Float(value),
            (Self::Unsigned, Raw::Int32(value)) => return Value::Int(i64::from(value as u32)),
            (Self::Unsigned, Raw::Int64(value)) if value < 0 => write!(text, "{}", value as u64),
            (Self::Date, Raw::Int32(value)) => write_date(text, i64::from(value)),
            (Self::Timestamp(per_second, utc), Raw::Int64(value)) => write_timestamp(text, value, per_second, utc),
            (Self::Decimal(0), Raw::Int32(value)) => return Value::Int(i64::from(value)),
            (Self::Decimal(0), Raw::Int64(value)) => return Value::Int(value),
            (Self::Decimal(scale), Raw::Int32(value)) => write_decimal(text, i128::from(value), scale),
            (Self::Decimal(scale), Raw::Int64(value)) => write_decimal(text, i128::from(value), scale),
            (Self::Decimal(scale), Raw::Bytes(bytes)) => write_decimal(text, big_endian(bytes), scale),
            (Self::Uuid, Raw::Bytes(bytes)) => write_uuid(text, bytes),
            (_, Raw::Int32(value)) => return Value::Int(i64::from(value)),
            (_, Raw::Int64(value)) => return Value::Int(value),
            (_, Raw::Bytes(bytes)) => return Value::Text(bytes),
        };
        match self {
            Self::Decimal(_) => Value::Amount(text.as_bytes()),
            _ => Value::Text(text.as_bytes()),
        }
    }
}

/// Codes a value for one slot.
pub(super) fn code(coder: &mut Coder, value: Value<'_>) -> Result<Coded, Unusable> {
    match value {
        Value::Int(value) => coder.int(value),
        Value::Float(value) => coder.float(value),
        Value::Bool(value) => coder.boolean(value),
        Value::Amount(value) => coder.amount(value),
        Value::Text(value) => coder.text(value).map_err(|unusable| {
            if std::str::from_utf8(value).is_ok() {
                return unusable;
            }
            Unusable::new(
                coder.column(),
                "it holds bytes that are not UTF-8 text",
                "write the column as text (UTF-8) and try again",
            )
        }),
    }
}

fn big_endian(bytes: &[u8]) -> i128 {
    let start = if bytes.first().is_some_and(|first| first & 0x80 != 0) {
        -1
    } else {
        0
    };
    bytes.iter().fold(start, |value, byte| value << 8 | i128::from(*byte))
}

fn write_uuid(text: &mut String, bytes: &[u8]) -> std::fmt::Result {
    for (index, byte) in bytes.iter().enumerate() {
        let dash = if matches!(index, 4 | 6 | 8 | 10) { "-" } else { "" };
        write!(text, "{dash}{byte:02x}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: Kind, raw: Raw<'_>) -> String {
        match kind.value(raw, &mut String::new()) {
            Value::Text(text) | Value::Amount(text) => String::from_utf8(text.to_vec()).unwrap(),
            value => format!("{value:?}"),
        }
    }

    #[test]
    fn dates_and_times_are_iso() {
        let dates = [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (19_782, "2024-02-29"),
            (20_088, "2024-12-31"),
        ];
        for (days, expected) in dates {
            assert_eq!(text(Kind::Date, Raw::Int32(days)), expected);
        }
        let millis = Kind::Timestamp(1_000, true);
        assert_eq!(text(millis, Raw::Int64(1_704_164_645_120)), "2024-01-02T03:04:05.12Z");
        assert_eq!(
            text(Kind::Timestamp(1_000_000, false), Raw::Int64(-1)),
            "1969-12-31T23:59:59.999999"
        );
        assert_eq!(
            text(Kind::Timestamp(1_000_000_000, false), Raw::Int64(0)),
            "1970-01-01T00:00:00"
        );
        // The ends of the range must not overflow.
        text(millis, Raw::Int64(i64::MIN));
        text(millis, Raw::Int64(i64::MAX));
        text(Kind::Date, Raw::Int32(i32::MIN));
    }

    #[test]
    fn decimals_keep_their_places() {
        assert_eq!(text(Kind::Decimal(2), Raw::Int32(50)), "0.50");
        assert_eq!(text(Kind::Decimal(2), Raw::Int64(-12_345)), "-123.45");
        assert_eq!(text(Kind::Decimal(1), Raw::Bytes(&[0xff, 0xfb])), "-0.5");
        assert_eq!(text(Kind::Decimal(0), Raw::Bytes(&[1, 0])), "256");
        assert_eq!(text(Kind::Decimal(0), Raw::Int32(7)), "Int(7)");
    }

    #[test]
    fn whole_numbers_keep_their_sign() {
        assert_eq!(text(Kind::Unsigned, Raw::Int32(-1)), "Int(4294967295)");
        assert_eq!(text(Kind::Unsigned, Raw::Int64(-1)), "18446744073709551615");
        assert_eq!(text(Kind::Stored, Raw::Int64(-1)), "Int(-1)");
    }

    #[test]
    fn single_precision_keeps_its_digits() {
        assert_eq!(text(Kind::Stored, Raw::Float(0.7)), "Float(0.7)");
        assert_eq!(text(Kind::Stored, Raw::Float(1e30)), "Float(1e30)");
        assert_eq!(text(Kind::Stored, Raw::Float(f32::NAN)), "Float(NaN)");
        assert_eq!(text(Kind::Stored, Raw::Float(-3.0)), "Float(-3.0)");
    }

    #[test]
    fn uuids_have_dashes() {
        let bytes: Vec<u8> = (0..16).collect();
        assert_eq!(
            text(Kind::Uuid, Raw::Bytes(&bytes)),
            "00010203-0405-0607-0809-0a0b0c0d0e0f"
        );
    }
}
