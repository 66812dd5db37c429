//! Whole files with random damage, always the same on every machine; `fuzz/` looks for more of it.

use std::time::{Duration, Instant};

use tempfile::tempdir;

use super::budget::within;
use super::damage::{distorted, edited};
use super::seeds::seeds;
use super::{policy, read};

/// No case takes longer, on any machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A generator of numbers that are random enough for tests (Marsaglia 2003, "Xorshift RNGs").
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 >> 16
    }

    /// Up to `most` bytes, many of them small.
    fn bytes(&mut self, most: u64) -> Vec<u8> {
        let length = self.next() % most + 1;
        let byte = |_| match self.next() % 3 {
            0 => self.next() as u8,
            _ => (self.next() % 24) as u8,
        };
        (0..length).map(byte).collect()
    }
}

#[test]
fn damaged_parquet_files_are_refused_or_add_up() {
    within(512, "mutations::damaged_parquet_files_are_refused_or_add_up", || {
        let folder = tempdir().unwrap();
        let mut random = Random(20_261_122);
        let (mut refused, mut read_whole) = (0, 0);
        let mut check = |bytes: &[u8], what: &str| {
            let start = Instant::now();
            match read(&folder, "a.parquet", bytes, &policy()) {
                Ok(_) => read_whole += 1,
                Err(_) => refused += 1,
            }
            assert!(start.elapsed() < PATIENCE, "{what} took {:?}", start.elapsed());
        };
        for (name, file) in seeds() {
            check(&file, &name);
            for _ in 0..250 {
                let choices = random.bytes(12);
                check(&edited(&file, &choices), &format!("{name}, edited by {choices:?}"));
            }
        }
        for _ in 0..5_000 {
            let choices = random.bytes(24);
            check(&distorted(&choices), &format!("distorted by {choices:?}"));
        }
        assert!(
            refused > 1_000 && read_whole > 300,
            "{refused} refused, {read_whole} read"
        );
    });
}

#[test]
fn damaged_text_is_refused_or_adds_up() {
    within(256, "mutations::damaged_text_is_refused_or_adds_up", || {
        let folder = tempdir().unwrap();
        let mut random = Random(5);
        let rows = "F,yes,1\n\"M\",\"n\"\"o\",2\nF,\"two\nlines\",3\rM,no,\n".repeat(3);
        let text = format!("sex,\"hired\",n\r\n{rows}");
        let (mut refused, mut read_whole) = (0, 0);
        for _ in 0..2_000 {
            let text = edited(text.as_bytes(), &random.bytes(8));
            match read(&folder, "a.csv", &text, &policy()) {
                Ok(_) => read_whole += 1,
                Err(_) => refused += 1,
            }
        }
        assert!(
            refused > 300 && read_whole > 100,
            "{refused} refused, {read_whole} read"
        );
    });
}

#[test]
fn damaged_tallies_are_refused_or_add_up() {
    within(256, "mutations::damaged_tallies_are_refused_or_add_up", || {
        let folder = tempdir().unwrap();
        let mut random = Random(9);
        let text = "sex,hired,w\nF,yes,1.5\nM,no,0.1\n,yes,1e-9\nF,no,3\n";
        let mut weighted = policy();
        weighted.roles.weight = Some("w".to_owned());
        let tally = read(&folder, "a.csv", text.as_bytes(), &weighted).unwrap().to_json();
        let (mut refused, mut read_whole) = (0, 0);
        for _ in 0..3_000 {
            let text = edited(tally.as_bytes(), &random.bytes(5));
            match read_tally(&folder, &text) {
                true => read_whole += 1,
                false => refused += 1,
            }
        }
        assert!(
            refused > 1_000 && read_whole > 50,
            "{refused} refused, {read_whole} read"
        );
    });
}

fn read_tally(folder: &tempfile::TempDir, text: &[u8]) -> bool {
    match read(folder, "a.tally.json", text, &Default::default()) {
        Ok(tally) => {
            let again = evenhand_measure::Tally::from_json(&tally.to_json()).unwrap();
            assert_eq!(again.to_json(), tally.to_json());
            true
        }
        Err(_) => false,
    }
}
