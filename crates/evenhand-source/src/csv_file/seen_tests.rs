//! Tests of what is remembered about fields.

use proptest::prelude::*;

use super::*;

/// The key of a whole text, with more text after it.
fn key(text: &[u8], in_quotes: bool) -> Option<Key> {
    Key::new(&[text, &[b'#'; 64]].concat(), 0, text.len(), in_quotes)
}

proptest! {
    #[test]
    fn keys_tell_all_short_texts_apart(
        a in prop::collection::vec(0u8..3, 0..=18), b in prop::collection::vec(0u8..3, 0..=18),
        quotes in any::<(bool, bool)>(),
    ) {
        prop_assert_eq!(key(&a, quotes.0).is_some(), a.len() <= LONGEST);
        if let (Some(one), Some(other)) = (key(&a, quotes.0), key(&b, quotes.1)) {
            prop_assert_eq!(one == other, (&a, quotes.0) == (&b, quotes.1));
        }
    }

    #[test]
    fn what_is_recalled_was_kept(keys in prop::collection::vec(0u64..3_000, 0..9_000)) {
        let mut seen = Seen::default();
        for number in keys {
            let key = key(format!("text {number}").as_bytes(), false).unwrap();
            match seen.recall(key) {
                Some(bits) => prop_assert_eq!(bits, number),
                None => seen.keep(key, number),
            }
            prop_assert!(seen.recall(key) == Some(number));
        }
    }
}

#[test]
fn a_table_grows_while_texts_do_not_find_their_place() {
    let mut seen = Seen::default();
    for number in 0..200_000u64 {
        seen.keep(key(number.to_string().as_bytes(), false).unwrap(), number);
    }
    assert_eq!(seen.places.len(), MOST);
}

#[test]
fn values_keep_all_their_bits() {
    assert_eq!(bits(Coded::Code(u32::MAX)), u64::from(u32::MAX));
    assert_eq!(bits(Coded::Count(u64::MAX)), u64::MAX);
    assert_eq!(f64::from_bits(bits(Coded::Weight(0.1))), 0.1);
}
