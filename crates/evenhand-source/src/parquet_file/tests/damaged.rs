//! Damaged files give a problem or the right answer; never a panic, a hang or a wrong total.

use parquet::basic::Compression;
use parquet::file::properties::WriterVersion;

use super::*;

/// Reads the bytes as a file. A damaged value may pass as another value, so only the number of rows is compared.
fn survives(bytes: &[u8], rows: u64, what: &str) -> bool {
    let mut file = NamedTempFile::with_suffix(".parquet").unwrap();
    file.write_all(bytes).unwrap();
    let shown = head(file.path(), 100, |_, _| {});
    let outcome = read(file.path(), &plan());
    for problem in shown
        .err()
        .into_iter()
        .chain(outcome.as_ref().err().into_iter().flatten().cloned())
    {
        assert!(problem.message.contains(".parquet`"), "{what}: {problem}");
    }
    if let Ok(partial) = &outcome {
        assert_eq!(partial.rows, rows, "{what}");
        assert_eq!(partial.tally.rows(), rows, "{what}");
    }
    outcome.is_ok()
}

fn files() -> Vec<(String, Vec<u8>)> {
    let compressions = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::ZSTD(Default::default()),
        Compression::LZ4_RAW,
    ];
    let mut files = Vec::new();
    for (index, compression) in compressions.into_iter().enumerate() {
        let version = if index % 2 == 0 {
            WriterVersion::PARQUET_1_0
        } else {
            WriterVersion::PARQUET_2_0
        };
        let properties = properties()
            .set_compression(compression)
            .set_writer_version(version)
            .set_dictionary_page_size_limit(300)
            .set_data_page_row_count_limit(150)
            .set_write_batch_size(50);
        let file = Data::sample(600, index > 0).write(properties.build(), 400, 600);
        files.push((format!("{compression:?}"), std::fs::read(file.path()).unwrap()));
    }
    files
}

#[test]
fn truncated_files_are_problems() {
    for (name, bytes) in files() {
        for end in (0..bytes.len()).step_by(50).chain(bytes.len() - 12..bytes.len()) {
            assert!(
                !survives(&bytes[..end], 600, &format!("{name} cut at {end}")),
                "{name} cut at {end}"
            );
        }
        assert!(survives(&bytes, 600, &name));
    }
}

#[test]
fn flipped_bytes_are_problems_or_harmless() {
    let mut random = Random(20_260);
    for (name, bytes) in files() {
        let footer = u32::from_le_bytes(*bytes[..bytes.len() - 4].last_chunk::<4>().unwrap()) as u64 + 8;
        let mut harmful = 0;
        for round in 0..300 {
            let mut bytes = bytes.clone();
            // Half of the damage is in the footer, where sizes and offsets are.
            let length = bytes.len() as u64;
            let place = if round % 2 == 0 {
                length - footer + random.below(footer)
            } else {
                random.below(length)
            };
            let place = place as usize;
            let before = bytes[place];
            bytes[place] ^= 1 << random.below(8);
            if round % 3 == 0 {
                bytes[place] = random.below(256) as u8;
            }
            let what = format!("{name}, byte {place} from {before} to {}", bytes[place]);
            harmful += usize::from(!survives(&bytes, 600, &what));
        }
        assert!(harmful > 20, "{name}: {harmful}");
    }
}
