//! Tests of the Parquet reader against files that the Parquet crate and other programs wrote.

mod amounts;
mod damaged;
mod elsewhere;
mod in_order;
mod refused;
mod written;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use evenhand_measure::policy::Threshold;
use evenhand_measure::{Policy, Problem};
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, FloatType, Int32Type, Int64Type};
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use tempfile::NamedTempFile;

use super::footer::Footer;
use super::head::{Head, Shown};
use super::{AtomicUsize, Ordering, Progress, parts};
use crate::input::Input;
use crate::kernel::{Batch, Coder, Counter, Partial};
use crate::plan::Plan;

/// The values of a column; a null is `None`.
#[derive(Clone, Debug)]
enum Values {
    Text(Vec<Option<String>>),
    Bool(Vec<Option<bool>>),
    Int32(Vec<Option<i32>>),
    Int64(Vec<Option<i64>>),
    Float(Vec<Option<f32>>),
    Double(Vec<Option<f64>>),
}

#[derive(Clone, Debug)]
struct Data {
    /// Name and values.
    columns: Vec<(&'static str, Values)>,
    /// Whether columns may have nulls.
    nullable: bool,
}

/// A generator of numbers that are random enough for tests (Knuth's MMIX constants).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

impl Data {
    /// Columns of every type. Some stretches are constant, so that there are long runs as well as packed values.
    fn sample(rows: usize, nullable: bool) -> Self {
        let mut random = Random(rows as u64 + 1);
        let mut stretch = Random(7);
        let mut pick = |bound: u64| -> Vec<Option<u64>> {
            let constant = stretch.below(3) == 0;
            let values = (0..rows).map(|row| {
                let calm = constant || row % 2_000 < 700;
                let value = if calm {
                    row as u64 / 2_000 % bound
                } else {
                    random.below(bound)
                };
                (!(nullable && random.below(10) == 0 && !(1_000..1_200).contains(&row))).then_some(value)
            });
            values.collect()
        };
        fn map<T>(values: Vec<Option<u64>>, make: impl Fn(u64) -> T) -> Vec<Option<T>> {
            values.into_iter().map(|value| value.map(&make)).collect()
        }
        let doubles = [0.25, -0.0, 0.0, f64::NAN, 1e100, 7.0];
        let floats = [0.1f32, 0.7, f32::NAN, 3.0];
        let columns = vec![
            (
                "sex",
                Values::Text(map(pick(3), |value| ["Female", "Male", ""][value as usize].to_owned())),
            ),
            (
                "shop",
                Values::Text(map(pick(300), |value| format!("shop number {value}"))),
            ),
            ("state", Values::Int32(map(pick(50), |value| value as i32 - 25))),
            ("zone", Values::Int64(map(pick(3), |value| (value as i64) << 40))),
            ("height", Values::Double(map(pick(6), |value| doubles[value as usize]))),
            ("grade", Values::Float(map(pick(4), |value| floats[value as usize]))),
            ("hired", Values::Bool(map(pick(2), |value| value == 1))),
            ("one", Values::Text(map(pick(1), |_| "always".to_owned()))),
        ];
        Self { columns, nullable }
    }

    fn rows(&self) -> usize {
        match &self.columns[0].1 {
            Values::Text(values) => values.len(),
            _ => unreachable!("the first column of a sample is text"),
        }
    }

    /// Writes a file with row groups of at most `group` rows, in calls of at most `call` rows.
    fn write(&self, properties: WriterProperties, group: usize, call: usize) -> NamedTempFile {
        let repetition = if self.nullable { "OPTIONAL" } else { "REQUIRED" };
        let fields = self.columns.iter().map(|(name, values)| {
            let (physical, logical) = match values {
                Values::Text(_) => ("BYTE_ARRAY", " (UTF8)"),
                Values::Bool(_) => ("BOOLEAN", ""),
                Values::Int32(_) => ("INT32", ""),
                Values::Int64(_) => ("INT64", ""),
                Values::Float(_) => ("FLOAT", ""),
                Values::Double(_) => ("DOUBLE", ""),
            };
            format!("{repetition} {physical} {name}{logical};")
        });
        let schema = format!("message rows {{ {} }}", fields.collect::<String>());
        let schema = Arc::new(parse_message_type(&schema).unwrap());
        let mut file = NamedTempFile::with_suffix(".parquet").unwrap();
        let mut writer = SerializedFileWriter::new(&mut file, schema, Arc::new(properties)).unwrap();
        for start in (0..self.rows()).step_by(group) {
            let end = self.rows().min(start + group);
            let mut group = writer.next_row_group().unwrap();
            for (_, values) in &self.columns {
                let mut column = group.next_column().unwrap().unwrap();
                macro_rules! write {
                    ($kind:ty, $values:expr, $make:expr) => {{
                        for part in $values[start..end].chunks(call) {
                            let levels: Vec<i16> = part
                                .iter()
                                .map(|value| i16::from(value.is_some()))
                                .collect();
                            let present: Vec<_> = part.iter().flatten().map($make).collect();
                            let levels = self.nullable.then_some(levels.as_slice());
                            column
                                .typed::<$kind>()
                                .write_batch(&present, levels, None)
                                .unwrap();
                        }
                    }};
                }
                match values {
                    Values::Text(values) => write!(ByteArrayType, values, |text| ByteArray::from(text.as_str())),
                    Values::Bool(values) => write!(BoolType, values, |value| *value),
                    Values::Int32(values) => write!(Int32Type, values, |value| *value),
                    Values::Int64(values) => write!(Int64Type, values, |value| *value),
                    Values::Float(values) => write!(FloatType, values, |value| *value),
                    Values::Double(values) => write!(DoubleType, values, |value| *value),
                }
                column.close().unwrap();
            }
            group.close().unwrap();
        }
        writer.close().unwrap();
        file.flush().unwrap();
        file
    }

    /// The tally of the same rows, coded value by value.
    fn coded(&self, plan: &Plan) -> Partial {
        let mut coders: Vec<Coder> = plan.slots.iter().map(|slot| Coder::new(slot, &plan.texts)).collect();
        let mut counter = Counter::new(plan);
        let mut batch = Batch::new(plan);
        for row in 0..self.rows() {
            for ((slot, coder), column) in plan.slots.iter().zip(&mut coders).zip(&mut batch.columns) {
                let values = &self.columns.iter().find(|(name, _)| *name == slot.column).unwrap().1;
                let coded = match values {
                    Values::Text(values) => values[row].as_ref().map(|value| coder.text(value.as_bytes())),
                    Values::Bool(values) => values[row].map(|value| coder.boolean(value)),
                    Values::Int32(values) => values[row].map(|value| coder.int(i64::from(value))),
                    Values::Int64(values) => values[row].map(|value| coder.int(value)),
                    Values::Float(values) => values[row].map(|value| coder.float(value.to_string().parse().unwrap())),
                    Values::Double(values) => values[row].map(|value| coder.float(value)),
                };
                column.push(coded.unwrap_or_else(|| coder.absent()).unwrap());
            }
        }
        batch.rows = self.rows();
        counter.add(&batch).unwrap();
        counter.finish(coders).unwrap()
    }
}

/// A plan that uses every type: as written, as a threshold, as bins, as buckets; one column twice.
fn plan() -> Plan {
    let mut policy = Policy::default();
    policy.roles.protected = ["sex", "state", "zone", "grade"].map(String::from).to_vec();
    policy.roles.strata = ["one", "height"].map(String::from).to_vec();
    policy.roles.label = Some("hired".into());
    policy.roles.score = Some("height".into());
    policy.roles.threshold = Some(0.25.into());
    policy.roles.cluster = Some("shop".into());
    policy.bins.insert("state".into(), vec![-10.0, 10.0].into());
    Plan::from_policy(&policy).unwrap()
}

fn properties() -> WriterPropertiesBuilder {
    WriterProperties::builder().set_compression(Compression::UNCOMPRESSED)
}

fn columns(path: &Path) -> Result<Vec<String>, Problem> {
    super::columns(&Input::named(path))
}

fn head(path: &Path, limit: u64, mut each: impl FnMut(usize, Option<&str>)) -> Result<Head, Problem> {
    let input = Input::named(path);
    let mut values: Vec<Vec<Option<String>>> = vec![Vec::new(); super::columns(&input)?.len()];
    let mut sinks: Vec<_> = values
        .iter_mut()
        .map(|column| {
            |value: Shown<'_>| {
                column.push(match value {
                    Shown::Missing => None,
                    Shown::Text(text) | Shown::Amount(text) => Some(text.to_owned()),
                    Shown::Number(number) => Some(format!("{number:?}")),
                });
            }
        })
        .collect();
    let head = super::head(&input, limit, &mut sinks)?;
    drop(sinks);
    for (place, column) in values.iter().enumerate() {
        column.iter().for_each(|value| each(place, value.as_deref()));
    }
    Ok(head)
}

fn tally_parquet(path: &Path, plan: &Plan, progress: &dyn Progress) -> Result<Partial, Vec<Problem>> {
    super::tally_parquet(&Input::named(path), plan, progress)
}

fn read(path: &Path, plan: &Plan) -> Result<Partial, Vec<Problem>> {
    tally_parquet(path, plan, &())
}

/// The file gives the tally of the rows in it.
#[track_caller]
fn assert_reads(data: &Data, properties: WriterProperties, group: usize, call: usize) {
    let file = data.write(properties, group, call);
    let partial = read(file.path(), &plan()).unwrap();
    assert_eq!(partial.rows, data.rows() as u64);
    assert_eq!(partial.tally.to_json(), data.coded(&plan()).tally.to_json());
}

#[test]
fn the_median_of_a_column_is_that_of_its_rows() {
    for (rows, nullable) in [(30_000, true), (1, false)] {
        let data = Data::sample(rows, nullable);
        let file = data.write(properties().build(), 9_000, 5_000);
        for column in ["height", "grade", "state", "zone"] {
            let mut policy = Policy::default();
            policy.roles.protected = vec!["sex".into()];
            policy.roles.score = Some(column.into());
            policy.roles.threshold = Some(Threshold::Median);
            let plan = Plan::from_policy(&policy).unwrap();
            let of_file = plan.clone().settled("it", |plan| read(file.path(), plan));
            let of_rows = plan.settled("it", |plan| Ok(data.coded(plan)));
            assert_eq!(of_file, of_rows, "{column}");
        }
    }
}
