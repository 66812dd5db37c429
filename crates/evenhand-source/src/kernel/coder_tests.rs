//! Tests of the coder.

use super::*;
use crate::kernel::Sieve;
use evenhand_measure::tally::{Axis, Coding};

fn coder(purpose: Purpose) -> Coder {
    Coder::new(
        &Slot::new("c", purpose),
        &Texts {
            missing: vec!["NA".to_owned(), "-99".to_owned()],
            ..Texts::default()
        },
    )
}

fn key(coding: Coding) -> Coder {
    coder(Purpose::Key(Axis::Protected, coding))
}

/// The level that a coded key value stands for.
fn level(coder: &Coder, coded: Result<Coded, Unusable>) -> Option<String> {
    let Coded::Code(code) = coded.unwrap() else {
        panic!("not a key")
    };
    coder.levels[code as usize].text().map(str::to_owned)
}

#[test]
fn text_stays_as_written_and_blanks_are_missing() {
    let mut c = key(Coding::AsWritten);
    for (text, expected) in [
        (" Male ", Some(" Male ")),
        ("Male", Some("Male")),
        ("", None),
        (" \t", None),
        ("\u{a0}", None),
        ("NA", None),
        (" NA", None),
        ("na", Some("na")),
        ("00501", Some("00501")),
        ("NaN", Some("NaN")),
    ] {
        let coded = c.text(text.as_bytes());
        assert_eq!(level(&c, coded).as_deref(), expected, "{text:?}");
    }
}

#[test]
fn typed_values_have_canonical_text() {
    let mut c = key(Coding::AsWritten);
    let coded = c.float(1.0);
    assert_eq!(level(&c, coded).as_deref(), Some("1.0"));
    assert_eq!(c.float(1.0).unwrap(), c.text(b"1.0").unwrap());
    assert_eq!(c.float(-0.0).unwrap(), c.text(b"0.0").unwrap());
    assert_eq!(c.int(-3).unwrap(), c.text(b"-3").unwrap());
    assert_eq!(c.boolean(true).unwrap(), c.text(b"true").unwrap());
    assert_eq!(c.int(-99).unwrap(), Coded::Code(0), "a declared missing text");
    assert_eq!(c.float(-99.0).unwrap(), Coded::Code(0), "the same as a number");
    assert_eq!(c.text(b"-99.0").unwrap(), Coded::Code(0), "the number as it is written");
    assert_eq!(c.absent().unwrap(), Coded::Code(0));
    let nan = c.float(f64::NAN);
    assert_eq!(level(&c, nan.clone()), None);
    assert_ne!(nan.unwrap(), Coded::Code(0), "counted apart from what was empty");
}

#[test]
fn a_declared_missing_number_is_missing_however_it_is_written() {
    for purpose in [
        Purpose::Key(Axis::Prediction, Coding::AtLeast(0.5)),
        Purpose::Key(Axis::Protected, Coding::Bins(vec![0.0])),
        Purpose::Sifted(Sieve::default()),
    ] {
        let mut c = coder(purpose);
        for text in ["-99", "-99.0", " -99.00 ", "-9.9e1"] {
            assert_eq!(c.text(text.as_bytes()).unwrap(), Coded::Code(0), "{text:?}");
        }
        assert_eq!(c.int(-99).unwrap(), Coded::Code(0));
        assert_eq!(c.float(-99.0).unwrap(), Coded::Code(0));
        assert_ne!(c.text(b"-98.9").unwrap(), Coded::Code(0));
    }
    let problem = coder(Purpose::Weight).text(b"-99.00").unwrap_err();
    assert!(problem.to_string().contains("the weight is missing"), "{problem}");
}

#[test]
fn thresholds_are_inclusive_and_trim() {
    let mut c = coder(Purpose::Key(Axis::Prediction, Coding::AtLeast(0.5)));
    for (text, expected) in [
        ("0.5", Some("yes")),
        (" 0.50 ", Some("yes")),
        ("0.4999", Some("no")),
        ("5e-1", Some("yes")),
        ("nan", None),
        ("", None),
    ] {
        let coded = c.text(text.as_bytes());
        assert_eq!(level(&c, coded).as_deref(), expected, "{text:?}");
    }
    for text in ["inf", "-inf", "1e999", "high", "0,9", "1 000"] {
        let problem = c.text(text.as_bytes()).unwrap_err().at("`f.csv`, line 3");
        assert!(
            problem.message.starts_with("`f.csv`, line 3, column `c`: "),
            "{problem}"
        );
        assert!(problem.message.contains("number"), "{problem}");
    }
    assert!(c.boolean(true).is_err());
    assert_eq!(c.int(1).unwrap(), c.float(0.7).unwrap());
}

#[test]
fn bins_have_their_names() {
    let mut c = key(Coding::Bins(vec![25.0, 40.0]));
    for (value, expected) in [(24.9, "under 25"), (25.0, "25 to under 40"), (40.0, "40 or more")] {
        let coded = c.float(value);
        assert_eq!(level(&c, coded).as_deref(), Some(expected));
    }
    assert_eq!(c.text(b" 30").unwrap(), c.int(30).unwrap());
}

#[test]
fn buckets_are_the_published_hash_and_spread() {
    // Test vectors of the hash's authors.
    assert_eq!(id::fnv1a(b""), 0xcbf2_9ce4_8422_2325);
    assert_eq!(id::fnv1a(b"a"), 0xaf63_dc4c_8601_ec8c);
    assert_eq!(id::fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    let mut c = coder(Purpose::Key(Axis::Bucket, Coding::Buckets));
    assert_eq!(c.int(4711).unwrap(), c.text(b"4711").unwrap());
    let coded = c.text(b"foobar");
    assert_eq!(level(&c, coded), Some((0x8594_4171_f739_67e8u64 % 1024).to_string()));
    assert_eq!(c.text(b" ").unwrap(), Coded::Code(0));
    let mut sizes = vec![0u32; 1025];
    for id in 0..102_400 {
        let Coded::Code(code) = c.text(format!("C{id:07}").as_bytes()).unwrap() else {
            panic!()
        };
        sizes[code as usize] += 1;
    }
    // 100 are expected in each; chi-square with 1,023 degrees of freedom is below 1,200 in 99.99 % of cases.
    let spread: f64 = sizes[1..].iter().map(|&n| (f64::from(n) - 100.0).powi(2) / 100.0).sum();
    assert!(spread < 1_200.0, "{spread}");
}

#[test]
fn counts_are_whole_and_present() {
    let mut c = coder(Purpose::Count);
    for (text, n) in [
        ("3", 3),
        (" 3.0 ", 3),
        ("0", 0),
        ("-0", 0),
        ("1e3", 1_000),
        ("18446744073709551615", u64::MAX),
    ] {
        assert_eq!(c.text(text.as_bytes()).unwrap(), Coded::Count(n), "{text}");
    }
    for (text, word) in [
        ("-1", "negative"),
        ("2.5", "not a whole number"),
        ("NaN", "not a number"),
        ("many", "not a number"),
        ("", "missing"),
        ("NA", "missing"),
        ("1e17", "too large"),
        ("18446744073709551616", "too large"),
        ("inf", "finite"),
    ] {
        let reason = c.text(text.as_bytes()).unwrap_err().to_string();
        assert!(
            reason.contains(word) && reason.contains("column `c`"),
            "{text}: {reason}"
        );
    }
    assert!(c.float(f64::NAN).is_err() && c.float(-1.0).is_err() && c.int(-1).is_err() && c.boolean(true).is_err());
    assert_eq!(c.float(7.0).unwrap(), Coded::Count(7));
}

#[test]
fn weights_are_finite_and_not_negative() {
    let mut c = coder(Purpose::Weight);
    for (text, w) in [("0", 0.0), ("1.25", 1.25), ("1e-130", 1e-130), ("-0.0", 0.0)] {
        assert_eq!(c.text(text.as_bytes()).unwrap(), Coded::Weight(w));
    }
    for (text, word) in [
        ("-1", "negative"),
        ("1e-131", "outside"),
        ("1e141", "outside"),
        ("nan", "not a number"),
        ("inf", "finite"),
        ("x", "not a number"),
        ("", "missing"),
    ] {
        let reason = c.text(text.as_bytes()).unwrap_err().to_string();
        assert!(reason.contains(word), "{text}: {reason}");
    }
}

#[test]
fn too_many_levels_stop_early_with_advice() {
    for (axis, word) in [
        (Axis::Protected, "--bins 'c="),
        (Axis::Prediction, "--score c --threshold"),
        (Axis::Label, "yes and no"),
        (Axis::Period, "months"),
    ] {
        let mut c = coder(Purpose::Key(axis, Coding::AsWritten));
        let stopped = (0..2_000).find_map(|n| c.int(n).err().map(|unusable| (n, unusable)));
        let (n, unusable) = stopped.unwrap();
        assert_eq!(n, 1_000);
        let problem = unusable.at("`f.csv`, line 1002");
        assert!(
            problem.message.contains("more than 1,000 different values"),
            "{problem}"
        );
        assert!(problem.help.contains(word), "{problem}");
        assert!(c.int(5).is_ok(), "known values still work");
    }
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let reason = key(Coding::AsWritten).text(b"Jos\xe9 M").unwrap_err().to_string();
    assert!(reason.contains("not UTF-8") && reason.contains("E9 20 4D"), "{reason}");
}

#[test]
fn values_of_millions_of_letters_are_not_kept_without_end() {
    let mut coder = key(Coding::AsWritten);
    let long = |letter: u8| vec![letter; 30 << 20];
    assert_eq!(coder.text(&long(b'a')), Ok(Coded::Code(1)));
    assert_eq!(coder.text(&long(b'b')), Ok(Coded::Code(2)));
    assert_eq!(coder.text(&long(b'a')), Ok(Coded::Code(1)));
    let problem = coder.text(&long(b'c')).unwrap_err().at("`a.csv`");
    assert!(problem.message.contains("more than 64 million letters"), "{problem}");
}

#[test]
fn numbers_may_be_missing_and_have_to_be_numbers() {
    use crate::plan::NumberUse;
    let mut c = coder(Purpose::Number(NumberUse::Amount));
    let bits = |coded: Result<Coded, Unusable>| match coded.unwrap() {
        Coded::Number(number) => number.to_bits(),
        other => panic!("{other:?}"),
    };
    assert_eq!(c.text(b" 12.5 "), Ok(Coded::Number(12.5)));
    assert_eq!(c.int(-3), Ok(Coded::Number(-3.0)));
    assert_eq!(bits(c.float(-0.0)), 0, "there is one zero");
    for missing in [b"".as_slice(), b" ", b"NA", b"-99", b"-99.00"] {
        assert_eq!(bits(c.text(missing)), NO_NUMBER.to_bits());
    }
    assert_eq!(bits(c.absent()), NO_NUMBER.to_bits());
    assert_eq!(bits(c.float(-99.0)), NO_NUMBER.to_bits());
    for none in [c.text(b"NaN"), c.float(f64::NAN), c.float(-f64::NAN)] {
        assert_eq!(bits(none), NOT_A_NUMBER.to_bits(), "missing as well, and counted");
    }
    assert_ne!(NO_NUMBER.to_bits(), NOT_A_NUMBER.to_bits());
    for refused in [
        c.float(f64::INFINITY),
        c.text(b"-inf"),
        c.text(b"1e200"),
        c.float(-1e141),
        c.text(b"cheap"),
    ] {
        let problem = refused.unwrap_err().at("`a.csv`, line 2");
        assert!(
            problem.message.starts_with("`a.csv`, line 2, column `c`: `"),
            "{problem}"
        );
        assert!(problem.help.starts_with("amounts need plain numbers"), "{problem}");
    }
}

#[test]
fn relevance_may_be_said_in_words() {
    use crate::plan::NumberUse;
    let mut c = coder(Purpose::Number(NumberUse::Relevance));
    for (text, number) in [("true", 1.0), ("Yes", 1.0), ("FALSE", 0.0), ("no", 0.0), ("3", 3.0)] {
        assert_eq!(c.text(text.as_bytes()), Ok(Coded::Number(number)), "{text}");
    }
    assert_eq!(c.boolean(true), Ok(Coded::Number(1.0)));
    assert!(c.text(b"maybe").is_err());
    assert!(coder(Purpose::Number(NumberUse::Score)).text(b"yes").is_err());
}

#[test]
fn ids_are_hashes_of_their_text() {
    use crate::plan::IdUse;
    let mut c = coder(Purpose::Id(IdUse::User));
    // The published test vectors of FNV-1a.
    assert_eq!(c.text(b"a"), Ok(Coded::Id(0xaf63_dc4c_8601_ec8c)));
    assert_eq!(c.text(b"foobar"), Ok(Coded::Id(0x8594_4171_f739_67e8)));
    assert_eq!(c.int(7), c.text(b"7"));
    assert_eq!(c.float(7.0), c.text(b"7.0"));
    assert_ne!(c.text(b"7"), c.text(b"07"), "ids are texts");
    for missing in [c.text(b" "), c.text(b"NA"), c.absent()] {
        assert_eq!(missing, Ok(Coded::Id(NO_ID)));
    }
}
