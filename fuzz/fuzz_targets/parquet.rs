//! Whatever a Parquet file says, it is refused or its rows are counted, as the Parquet crate's own reader has them.
#![no_main]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use evenhand_fuzz::damage::{distorted, edited};
use evenhand_fuzz::{Counted, begin, counted, policy, scratch, seeds};
use libfuzzer_sys::fuzz_target;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use parquet::schema::types::Type;

/// The Parquet crate makes a row of everything, so it is asked about small files only.
const MOST_ROWS: u64 = 10_000;

static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| seeds::seeds().into_iter().map(|(_, file)| file).collect());

fuzz_target!(|data: &[u8]| {
    begin();
    let Some((&choice, rest)) = data.split_first() else {
        return;
    };
    // Bytes of a file, or damage done to a whole one, or a file that lies in its fields.
    let file = match choice % 4 {
        0 => rest.to_vec(),
        1 => edited(&SEEDS[usize::from(choice >> 2) % SEEDS.len()], rest),
        _ => distorted(rest),
    };
    let path = scratch("parquet");
    std::fs::write(&path, &file).expect("the folder for temporary files can be written");
    let mut policy = policy();
    let with_count = choice & 128 != 0;
    if with_count {
        policy.roles.count = Some("n".to_owned());
    }
    let found = evenhand_source::tally(&[path.clone()], &policy, &());
    let seen = evenhand_source::profile(&path);
    for problem in found.as_ref().err().into_iter().flatten() {
        assert!(problem.message.contains("evenhand-fuzz-"), "{problem:?}");
    }
    let Ok(tally) = found else { return };
    if let Ok(profile) = seen {
        assert_eq!(profile.records_seen, tally.records.min(evenhand_source::MOST_RECORDS));
    }
    let found = counted(&tally);
    if tally.records > MOST_ROWS || with_count {
        return;
    }
    let expected = catch_unwind(AssertUnwindSafe(|| twin(&path)));
    if let Ok(Some(expected)) = expected {
        assert_eq!(found, expected);
    }
});

/// The same counts from the Parquet crate's rows; nothing where it refuses the file or has values that it writes
/// differently.
fn twin(path: &Path) -> Option<Counted> {
    let reader = SerializedFileReader::new(std::fs::File::open(path).ok()?).ok()?;
    let schema = reader.metadata().file_metadata().schema();
    let fields = schema
        .get_fields()
        .iter()
        .filter(|field| ["sex", "hired"].contains(&field.name()));
    let projection = Type::group_type_builder(schema.name())
        .with_fields(fields.map(Arc::clone).collect())
        .build()
        .ok()?;
    let mut counted = Counted::new();
    for row in reader.get_row_iter(Some(projection)).ok()? {
        let row = row.ok()?;
        let value = |wanted: &str| {
            let (_, field) = row.get_column_iter().find(|(name, _)| *name == wanted)?;
            match field {
                Field::Null => Some(None),
                Field::Bool(value) => Some(Some(value.to_string())),
                Field::Long(value) => Some(Some(value.to_string())),
                Field::Int(value) => Some(Some(value.to_string())),
                Field::Str(value) => Some(Some(value.clone()).filter(|text| !text.trim().is_empty())),
                _ => None,
            }
        };
        *counted.entry((value("sex")?, value("hired")?)).or_default() += 1;
    }
    Some(counted)
}
