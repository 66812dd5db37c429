//! Tests of reading tables at once, against reading records one by one and in order.

use std::path::PathBuf;

use evenhand_measure::Policy;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::csv_file::head::start;
use crate::csv_file::{in_order, tally_in_blocks};
use crate::input::Input;
use crate::plan::Plan;

/// Roles for some of the columns `a` to `e`; others have none.
fn policies() -> Vec<Policy> {
    let policy = |protected: &[&str], prediction: &str| {
        let mut policy = Policy::default();
        policy.roles.protected = protected.iter().map(|&name| name.to_owned()).collect();
        policy.roles.prediction = Some(prediction.to_owned());
        policy.values.missing = vec!["NA".into()];
        policy
    };
    let mut weighted = policy(&["d"], "c");
    weighted.roles.cluster = Some("d".into());
    vec![policy(&["a", "c"], "e"), policy(&["d"], "b"), weighted]
}

fn written(folder: &TempDir, text: &[u8]) -> PathBuf {
    let path = folder.path().join("a.csv");
    std::fs::write(&path, text).unwrap();
    path
}

/// Every block size gives the bytes that reading in order gives, or fails where that fails.
fn all_agree(text: &[u8], sizes: impl Iterator<Item = usize>) -> Result<(), TestCaseError> {
    let folder = TempDir::new().unwrap();
    // Zero bytes near the start are refused with the head; here they are what rows are made of.
    let without_zeros: Vec<u8> = text.iter().map(|&byte| byte.max(1)).collect();
    let head = start(&Input::named(&written(&folder, &without_zeros)), None).unwrap();
    let input = Input::named(&written(&folder, text));
    let plans: Vec<Plan> = policies()
        .iter()
        .map(|policy| Plan::from_policy(policy).unwrap())
        .collect();
    for size in sizes {
        for plan in &plans {
            // Which of several problems comes first depends on where blocks end, so both have the same size here.
            let expected = in_order(&input, &head, plan, size).map(|partial| partial.tally.to_json());
            let found = tally_in_blocks(&input, &head, plan, &(), size).map(|partial| partial.tally.to_json());
            match (&found, &expected) {
                (Ok(found), Ok(expected)) => prop_assert_eq!(found, expected, "size {}", size),
                (Err(found), Err(expected)) => prop_assert_eq!(&found.message, &expected.message, "size {}", size),
                _ => prop_assert!(false, "size {size}: {found:?} instead of {expected:?}"),
            }
        }
    }
    Ok(())
}

#[test]
fn a_block_may_end_at_every_byte() {
    let long = "Bachelor's degree, or higher".repeat(4);
    for text in [
        // Line ends of all kinds, empty lines, empty fields and a last record that does not end.
        "\r\na,b,c,d,e\r\n\r\n1,2,3,4,5\n\n\r\r1,,,,\r,,,,x\n\r\n,,,,\r\n1,2,3,4,",
        // Quoted delimiters, line ends and quotes, and text after a closing quote.
        "a,b,c,d,e\n\"1,\n\",\"\"\"\",\"\r\n\",\"x\"y,\"\"\r\n\"\"\"\n\"\"\",2,\",\",\"\",\"q\"\"\"\r\"a\",b,c,d,\"e\"",
        // Quotes that are ordinary letters.
        "a,b,c,d,e\n5\",6\",\"x\"\"y\",\"z\"\"\",1\n2,\"a\"b\"c,3\"\"\",\"4\n\",5\nx\"\",2,3,4,\"5\"\n",
        // Bytes of all kinds.
        "a,b,c,d,e\na\0,\0,a\0\0,a,é\n\"a\0\",日本語日本語,\"ü\",\u{85},\u{2028}\n",
        // Other delimiters.
        "a;b;c;d;e\n1,2;\"3;4\";5;6;7\n1,2;\"3;4\";5;6;7\n",
        "a\tb\tc\td\te\r\n1,2\t\"3\t4\"\t5\t \t7\r\n",
        "a|b|c|d|e\n1,2|\"3|4\"|5||7\n",
        // Longer than a word.
        &format!(
            "a,b,c,d,e\n\"{long}\",x,{0},\"{0}\",{0}\n{0},\"{long}\",2,\"{long}\"\"\",{0}\n",
            long.replace(',', ";")
        ),
        // Too few or too many fields, in several ways.
        "a,b,c,d,e\n1,2,3,4,5\n1,2,3,4\n1,2,3,4,5,6\n1,2,3,4,5\n",
        "a,b,c,d,e\n1,2,3,4,5,6\n1,2,3,4\n",
        "a,b,c,d,e\n1,2,3,4,5\n1,2,3,4,\"5\",\n",
        "a,b,c,d,e\n1,2,3,4,5\n1",
        // Never closed.
        "a,b,c,d,e\n1,2,3,4,5\n1,2,3,4,\"5\n1,2,3,4,5\n",
        // No records.
        "a,b,c,d,e",
        "a,b,c,d,e\r\n\r\n",
    ] {
        all_agree(text.as_bytes(), 1..=text.len() + 1).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]
    #[test]
    fn any_bytes_after_a_header_are_read_as_in_order(
        bytes in prop::collection::vec(prop::sample::select(b"ab\"\",,,,,,\n\n\r\x00 ".to_vec()), 0..80),
        size in 1usize..=40,
    ) {
        all_agree(&[b"a,b,c,d,e\n".as_slice(), &bytes].concat(), [size].into_iter())?;
    }

    #[test]
    fn records_with_odd_fields_are_read_as_in_order(
        fields in prop::collection::vec(prop::sample::select(vec![
            "", "a", "\"a\"", "\"a,b\"", "\"\n\"", "\"\"\"\"", "\"x\"y", "5\"", "\"\r\n\"", "é", "NA", "sixteen letters!",
            "seventeen letters", "\"sixteen letters!\"", "\"seventeen letters\"", "\0",
        ]), 0..120),
        end in prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"]),
        size in 1usize..=200,
    ) {
        let text = fields.as_chunks::<5>().0.iter().fold("a,b,c,d,e\n".to_owned(), |text, five| text + &five.join(",") + end);
        all_agree(text.as_bytes(), [size].into_iter())?;
    }
}
