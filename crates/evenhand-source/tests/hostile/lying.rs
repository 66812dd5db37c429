//! Parquet files that lie about themselves, each in one way.

use std::time::{Duration, Instant};

use tempfile::tempdir;

use super::budget::within;
use super::craft::{Crafted, INT64, PLAIN, Page, RLE_DICTIONARY, Statistics, plain, prefixed};
use super::{policy, read, refused};

type Change = fn(&mut Crafted);

/// Every lie is refused, and the message has these words.
#[track_caller]
fn check(lies: &[(&str, Change, &str)]) {
    let folder = tempdir().unwrap();
    for (what, change, words) in lies {
        let start = Instant::now();
        let said = refused(&folder, "a.parquet", &Crafted::honest().with(change).bytes(), what);
        assert!(said.contains(words), "{what}: {said}");
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{what} took {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn an_honest_file_is_read() {
    let folder = tempdir().unwrap();
    let tally = read(&folder, "a.parquet", &Crafted::honest().bytes(), &policy()).unwrap();
    let counts: Vec<u64> = tally.decisions.cells().map(|(_, counts)| counts.n).collect();
    assert_eq!((tally.rows(), counts), (16, vec![1, 1, 3, 4, 4, 3]));
    let long = read(&folder, "a.parquet", &Crafted::long(3_000_000).bytes(), &policy()).unwrap();
    let counts: Vec<u64> = long.decisions.cells().map(|(_, counts)| counts.n).collect();
    assert_eq!(counts, [1_000_000; 3]);
}

/// The checksum of a page's body as the Parquet format has it: CRC-32 with the polynomial of gzip.
fn checksum(body: &[u8]) -> i32 {
    let shifted = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
    let crc = body.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| shifted(crc))
    });
    !crc as i32
}

#[test]
fn a_page_with_a_wrong_checksum_is_refused() {
    let folder = tempdir().unwrap();
    let with = |wrong: i32| {
        Crafted::honest().with(|file| {
            for page in file
                .groups
                .iter_mut()
                .flat_map(|group| &mut group.chunks)
                .flat_map(|chunk| &mut chunk.pages)
            {
                page.crc = Some(checksum(&page.body) ^ wrong);
            }
        })
    };
    let right = read(&folder, "a.parquet", &with(0).bytes(), &policy()).unwrap();
    assert_eq!(right.rows(), 16);
    let said = refused(&folder, "a.parquet", &with(1).bytes(), "a wrong checksum");
    assert!(said.contains("CRC"), "{said}");
}

#[test]
fn a_run_of_no_values_is_refused() {
    let folder = tempdir().unwrap();
    // What follows such a run is read one way by some readers and another way by others: codes of one bit, a run of
    // none, then all sixteen.
    let file = Crafted::honest().with(|file| {
        let chunk = &mut file.groups[0].chunks[1];
        let mut body = vec![1, 0, 0];
        body.extend([32, 1]);
        chunk.pages = vec![Page::dictionary(&["no", "yes"]), Page::data(16, RLE_DICTIONARY, body)];
    });
    let said = refused(&folder, "a.parquet", &file.bytes(), "a run of no values");
    assert!(said.contains("a run of no values"), "{said}");
}

#[test]
fn more_rows_than_a_number_holds_in_the_pages_behind_the_last_are_refused() {
    let folder = tempdir().unwrap();
    for pages in 1..=2 {
        let file = Crafted::honest().with(|file| {
            let more = Page::data(-1, RLE_DICTIONARY, vec![1]);
            file.groups[0].chunks[1].pages.extend(vec![more; pages]);
        });
        let said = refused(
            &folder,
            "a.parquet",
            &file.bytes(),
            "pages of a negative number of rows",
        );
        assert!(said.contains("rows in column"), "{pages}: {said}");
    }
}

#[test]
fn rows_that_are_not_there() {
    within(256, "lying::rows_that_are_not_there", || {
        check(&[
            (
                "rows in the footer",
                |file| file.rows = 1 << 62,
                "16 rows in the row groups of a file that says it has 4611686018427387904",
            ),
            (
                "rows everywhere",
                |file| rows(file, 1 << 62),
                "16 rows in column `sex` of a row group that should have 4611686018427387904",
            ),
            ("one row more", |file| rows(file, 17), "16 rows in column"),
            ("one row fewer", |file| rows(file, 15), "16 rows in column"),
            ("negative rows", |file| rows(file, -16), "a negative number of rows"),
            (
                "negative rows of the file",
                |file| file.rows = -1,
                "a negative number of rows",
            ),
            (
                "rows that add up to more than a number holds",
                |file| {
                    rows(file, i64::MAX);
                    file.groups = vec![file.groups[0].clone(); 3];
                },
                "more than 2^64 rows",
            ),
            (
                "groups that differ from the file",
                |file| file.groups.push(file.groups[0].clone()),
                "32 rows in the row groups",
            ),
            ("no groups", |file| file.groups.clear(), "is damaged"),
            ("no groups and no rows", |file| empty(file), "a header and no records"),
            (
                "a group without columns",
                |file| file.groups[0].chunks.clear(),
                "is damaged",
            ),
            (
                "children that are not there",
                |file| file.children = i32::MAX,
                "a footer that makes no sense",
            ),
        ]);
    });
}

fn rows(file: &mut Crafted, rows: i64) {
    file.rows = rows;
    file.groups[0].rows = rows;
    file.groups[0].chunks.iter_mut().for_each(|chunk| chunk.values = rows);
}

/// No rows in a group without pages, so that the columns are still named.
fn empty(file: &mut Crafted) {
    rows(file, 0);
    file.groups[0].chunks.iter_mut().for_each(|chunk| chunk.pages.clear());
}

#[test]
fn pages_that_are_not_what_they_say() {
    within(256, "lying::pages_that_are_not_what_they_say", || {
        check(&[
            (
                "2^31 bytes in memory",
                |file| page(file).large = Some(i32::MAX),
                "claims to hold 2147483647",
            ),
            (
                "2^31 bytes on disk",
                |file| page(file).small = Some(i32::MAX),
                "cannot be decoded",
            ),
            (
                "2^31 bytes on disk in a chunk without end",
                |file| {
                    page(file).small = Some(i32::MAX);
                    page(file).large = Some(i32::MAX);
                    file.chunk("sex").stretch = 1 << 40;
                    // Far from the end of the file, where headers are read ahead.
                    file.chunk("n").pages[0].body.resize(100_000, 0);
                },
                "is damaged",
            ),
            (
                "negative size in memory",
                |file| page(file).large = Some(-1),
                "a page header that makes no sense",
            ),
            (
                "negative size on disk",
                |file| page(file).small = Some(i32::MIN),
                "a page header that makes no sense",
            ),
            (
                "2^31 values",
                |file| page(file).values = i32::MAX,
                "rows in column `sex` of a row group that should have 16",
            ),
            ("negative values", |file| page(file).values = -1, "is damaged"),
            (
                "one value more",
                |file| page(file).values = 17,
                "17 rows in column `sex`",
            ),
            (
                "one value fewer",
                |file| page(file).values = 15,
                "15 rows in column `sex`",
            ),
            (
                "a second page",
                |file| {
                    let again = page(file).clone();
                    file.chunk("sex").pages.push(again)
                },
                "32 rows in column `sex`",
            ),
            ("no page", |file| file.chunk("sex").pages.clear(), "is damaged"),
            (
                "no data page",
                |file| file.chunk("sex").pages.truncate(1),
                "0 rows in column `sex`",
            ),
            ("an unknown kind of page", |file| page(file).kind = 77, "is damaged"),
            (
                "rows unlike values",
                |file| second(file).second[0] = 15,
                "a page of 15 rows with 16 values",
            ),
            (
                "levels longer than the page",
                |file| second(file).second[2] = 1 << 30,
                "is damaged",
            ),
            (
                "levels of negative length",
                |file| second(file).second[2] = -1,
                "is damaged",
            ),
            (
                "levels that claim more than the page has",
                |file| page(file).body[3] = 0x7f,
                "ends before its values do",
            ),
            ("levels that end early", |file| page(file).body[4] = 12, "is damaged"),
            (
                "a level of 2",
                |file| page(file).body[5] = 2,
                "the value 2 where values have 1 bits",
            ),
            (
                "a chunk before the file",
                |file| file.chunk("hired").shift = -1_000,
                "is damaged",
            ),
            (
                "a chunk behind the file",
                |file| file.chunk("hired").shift = 1 << 60,
                "is damaged",
            ),
            (
                "a chunk at the end of numbers",
                |file| file.chunk("hired").shift = i64::MAX - 100,
                "is damaged",
            ),
            (
                "a chunk of negative size",
                |file| file.chunk("hired").stretch = -10_000,
                "is damaged",
            ),
            (
                "a chunk that ends early",
                |file| file.chunk("hired").stretch = -40,
                "is damaged",
            ),
            (
                "text that is longer than its page",
                |file| file.chunk("hired").pages[0].body[2] = 1,
                "ends before its values do",
            ),
            (
                "a type that has another width",
                |file| file.chunk("hired").physical = INT64,
                "is damaged",
            ),
            (
                "a compression that nobody has",
                |file| file.chunk("hired").codec = 3,
                "a compression that this program does not know",
            ),
            (
                "a page that is not compressed",
                |file| file.chunk("hired").codec = 1,
                "cannot be decoded",
            ),
            (
                "an encoding that nobody has",
                |file| page(file).encoding = 77,
                "is damaged",
            ),
        ]);
    });
}

/// The data page of `sex`.
fn page(file: &mut Crafted) -> &mut Page {
    file.chunk("sex").pages.last_mut().unwrap()
}

/// The data page of `hired`, which is then of the second version.
fn second(file: &mut Crafted) -> &mut Page {
    let page = &mut file.chunk("hired").pages[0];
    *page = Page::second(16, PLAIN, 0, page.body.clone());
    page
}

#[test]
fn dictionaries_that_lack_what_is_asked_of_them() {
    within(256, "lying::dictionaries_that_lack_what_is_asked_of_them", || {
        check(&[
            (
                "too few entries",
                |file| file.chunk("sex").pages[0].values = 1,
                "the dictionary entry 1 in a dictionary of 1",
            ),
            (
                "too few bytes",
                |file| file.chunk("sex").pages[0].body = plain(&["Female"]),
                "ends before its values do",
            ),
            (
                "2^31 entries",
                |file| file.chunk("sex").pages[0].values = i32::MAX,
                "ends before its values do",
            ),
            (
                "negative entries",
                |file| file.chunk("sex").pages[0].values = -1,
                "is damaged",
            ),
            (
                "no dictionary",
                |file| drop(file.chunk("sex").pages.remove(0)),
                "the dictionary entry 0 in a dictionary of 0",
            ),
            (
                "an entry out of range",
                |file| indices(file, &[8, 28, 200]),
                "the dictionary entry 200 in a dictionary of 2",
            ),
            (
                "an entry of 32 bits",
                |file| indices(file, &[32, 28, 255, 255, 255, 255]),
                "the dictionary entry 4294967295",
            ),
            (
                "indices of 33 bits",
                |file| indices(file, &[33, 28, 0, 0, 0, 0, 0]),
                "values of 33 bits",
            ),
            (
                "indices that end early",
                |file| indices(file, &[1, 20, 0]),
                "ends before its values do",
            ),
            (
                "packed indices that end early",
                |file| indices(file, &[8, 5, 0, 0, 0]),
                "ends before its values do",
            ),
            (
                "a run without end",
                |file| indices(file, &[1, 255, 255, 255, 255, 255, 255]),
                "more than five bytes",
            ),
            (
                "a dictionary in another encoding",
                |file| file.chunk("sex").pages[0].encoding = 3,
                "is damaged",
            ),
        ]);
        let folder = tempdir().unwrap();
        // The last dictionary counts, also for a reader that passes over pages; none may be read again and again.
        let two = Crafted::honest().with(|file| {
            let dictionary = file.chunk("sex").pages[0].clone();
            file.chunk("sex").pages.insert(0, dictionary);
        });
        assert_eq!(
            read(&folder, "a.parquet", &two.bytes(), &policy()).map_or(16, |tally| tally.rows()),
            16
        );
        // Entries that no row uses are nobody's, even if they are no text.
        let unused = Crafted::honest().with(|file| {
            let dictionary = &mut file.chunk("sex").pages[0];
            dictionary.values = 3;
            dictionary.body.extend(prefixed(&[0xff]));
        });
        assert_eq!(
            read(&folder, "a.parquet", &unused.bytes(), &policy()).unwrap().rows(),
            16
        );
    });
}

/// Gives the data page of `sex` these indices, behind its levels.
fn indices(file: &mut Crafted, indices: &[u8]) {
    let body = &mut page(file).body;
    body.truncate(10);
    body.extend_from_slice(indices);
}

#[test]
fn statistics_that_lie_change_nothing() {
    let folder = tempdir().unwrap();
    let honest = Crafted::honest();
    let expected = read(&folder, "a.parquet", &honest.bytes(), &policy())
        .unwrap()
        .to_json();
    let lie = |least: &str, most: &str, nulls, distinct| Statistics {
        least: least.as_bytes().to_vec(),
        most: most.as_bytes().to_vec(),
        nulls,
        distinct,
    };
    for said in [
        lie("Female", "Female", 0, 1),
        lie("z", "a", 16, 0),
        lie("", "", -1, i64::MAX),
        lie("Male", "Male", i64::MIN, -1),
        lie("\u{ff}", &"x".repeat(500), 1 << 62, 1 << 62),
    ] {
        let lying = honest.clone().with(|file| {
            for chunk in &mut file.groups[0].chunks {
                chunk.statistics = Some(said.clone());
                chunk
                    .pages
                    .iter_mut()
                    .for_each(|page| page.statistics = Some(said.clone()));
                // How many nulls a page of the second version says it has is a statistic as well.
                chunk
                    .pages
                    .iter_mut()
                    .for_each(|page| page.second[1] = said.nulls as i32);
            }
        });
        let found = read(&folder, "a.parquet", &lying.bytes(), &policy());
        assert_eq!(found.unwrap().to_json(), expected, "{said:?}");
    }
}

#[test]
fn a_file_that_ends_anywhere_is_refused() {
    within(256, "lying::a_file_that_ends_anywhere_is_refused", || {
        let folder = tempdir().unwrap();
        let bytes = Crafted::honest().bytes();
        for end in 0..bytes.len() {
            refused(&folder, "a.parquet", &bytes[..end], &format!("cut at {end}"));
        }
    });
}
