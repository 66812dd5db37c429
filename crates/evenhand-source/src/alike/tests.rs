use proptest::prelude::*;

use super::*;

fn column(name: &str, values: &[(&str, u64)]) -> ColumnProfile {
    ColumnProfile {
        name: name.to_owned(),
        distinct: values
            .iter()
            .map(|(text, times)| ((*text).to_owned(), *times))
            .collect(),
        seen: values.iter().map(|(_, times)| times).sum(),
        repeats: true,
        ..ColumnProfile::default()
    }
}

/// What is kept, what is not, and how sure that is.
fn found(values: &[(&str, u64)]) -> Vec<(String, Vec<String>, Strength)> {
    let groups = alike(&column("x", values)).into_iter();
    groups
        .map(|group| {
            let others = group.others.into_iter().map(|(text, _)| text).collect();
            (group.keep.0, others, group.strength)
        })
        .collect()
}

fn one(keep: &str, others: &[&str], strength: Strength) -> Vec<(String, Vec<String>, Strength)> {
    let others = others.iter().map(|&text| text.to_owned()).collect();
    vec![(keep.to_owned(), others, strength)]
}

#[test]
fn what_nobody_sees_makes_no_difference() {
    let values = [
        ("Köln", 9),
        ("Ko\u{308}ln", 3),
        ("KÖLN ", 2),
        ("\u{feff}köln", 1),
        ("ｋöｌｎ", 1),
        ("Bonn", 5),
    ];
    assert_eq!(
        found(&values),
        one(
            "Köln",
            &["Ko\u{308}ln", "KÖLN ", "\u{feff}köln", "ｋöｌｎ"],
            Strength::Surely
        )
    );
    assert_eq!(
        found(&[("African  American", 2), ("african\u{a0}american", 2)]),
        one("African  American", &["african\u{a0}american"], Strength::Surely)
    );
    assert_eq!(folded("25\u{2013}34"), folded("25-34"));
    assert_eq!(folded("Straße"), folded("STRASSE"));
}

#[test]
fn the_most_frequent_is_kept_unless_it_is_untidy() {
    assert_eq!(
        found(&[("female ", 9), ("Female", 3)]),
        one("Female", &["female "], Strength::Surely)
    );
    // Of several ways the one that most records have, all spellings counted.
    let values = [("F", 60), ("Female", 50), ("female ", 20), ("Male", 40)];
    assert_eq!(found(&values), one("Female", &["F", "female "], Strength::Known));
}

#[test]
fn words_of_one_meaning_are_known_in_a_column_of_their_kind() {
    let values = [
        ("Female", 8),
        ("Male", 7),
        ("M", 3),
        ("w", 2),
        ("F.", 1),
        ("Prefer not to say", 1),
    ];
    let groups = found(&values);
    assert_eq!(groups.len(), 2, "{groups:?}");
    assert_eq!(
        groups[0],
        (
            "Female".to_owned(),
            vec!["w".to_owned(), "F.".to_owned()],
            Strength::Known
        )
    );
    assert_eq!(groups[1], ("Male".to_owned(), vec!["M".to_owned()], Strength::Known));
    // Points of the compass, grades and truth values use the same letters.
    for values in [
        [("W", 5), ("F", 4), ("North", 3), ("South", 2)],
        [("t", 5), ("f", 4), ("w", 3), ("x", 2)],
    ] {
        assert_eq!(found(&values), [], "{values:?}");
    }
}

#[test]
fn yes_and_no_are_united_and_never_with_each_other() {
    let groups = found(&[("Yes", 9), ("N", 8), ("Y", 5), ("1", 2), ("NA", 1)]);
    // Y stays, because N does.
    assert_eq!(groups.len(), 1, "{groups:?}");
    assert_eq!(groups[0].0, "Y");
    assert_eq!(groups[0].1, ["Yes", "1"]);
    let groups = found(&[("no", 9), ("yes", 8), ("false", 7), ("true", 6)]);
    let kept: Vec<&str> = groups.iter().map(|group| group.0.as_str()).collect();
    assert_eq!(kept, ["no", "yes"]);
    assert_eq!(found(&[("yes", 9), ("no", 8)]), []);
    // A third answer makes another scale of it.
    assert_eq!(found(&[("1", 9), ("2", 8), ("yes", 8)]), []);
}

#[test]
fn near_words_are_only_suggested() {
    assert_eq!(
        found(&[("Hispanic", 9), ("Hispnic", 1), ("White", 5)]),
        one("Hispanic", &["Hispnic"], Strength::Perhaps)
    );
    assert_eq!(
        found(&[("African American", 9), ("AA", 1), ("White", 5)]),
        one("African American", &["AA"], Strength::Perhaps)
    );
    assert_eq!(
        found(&[("White", 9), ("W", 1), ("Asian", 5)]),
        one("White", &["W"], Strength::Perhaps)
    );
    for values in [
        [("25 to 34", 9), ("25 to 44", 8), ("65", 7)],
        [("White", 9), ("Welsh", 8), ("W", 7)],
        [("Iran", 9), ("Iraq", 8), ("Male", 7)],
    ] {
        assert_eq!(found(&values), [], "{values:?}");
    }
}

#[test]
fn flags_survive_a_shell_and_what_cannot_be_a_flag_is_a_line_of_a_policy() {
    let groups = alike(&column(
        "sex",
        &[("Female", 9), ("female ", 2), ("Male", 1), ("FEMALE\u{200b}", 1)],
    ));
    assert_eq!(groups[0].flags(), ["--map 'sex=female :Female'"]);
    assert_eq!(groups[0].lines(), [r#""FEMALE\U0000200B" = "Female""#]);
    let said = |column, text, value| unite(column, text, value);
    assert_eq!(said("who's", "a", "b"), Said::Flag(r"--map 'who'\''s=a:b'".to_owned()));
    assert_eq!(said("x", "9:00", "9h"), Said::Policy(r#""9:00" = "9h""#.to_owned()));
    assert_eq!(said("a=b", "c", "C"), Said::Policy(r#""c" = "C""#.to_owned()));
    assert_eq!(said("-x", "c", "C: d"), Said::Flag("--map='-x=c:C: d'".to_owned()));
    assert_eq!(
        said("x", "a\nb", "a\"b"),
        Said::Policy(r#""a\U0000000Ab" = "a\"b""#.to_owned())
    );
    assert_eq!(
        said("x", "e\u{301}", "é"),
        Said::Policy(r#""e\U00000301" = "é""#.to_owned())
    );
    assert!(matches!(said("x", &"y".repeat(100), "z"), Said::Policy(_)));
}

/// A text, a column and a value from such a flag, as the command takes it apart.
fn taken_apart(flag: &str) -> Option<(String, String, String)> {
    let word = flag.strip_prefix("--map")?.get(1..)?;
    let word = word.strip_prefix('\'')?.strip_suffix('\'')?.replace(r"'\''", "'");
    let (column, rest) = word.split_once('=')?;
    let (text, value) = rest.split_once(':')?;
    Some((column.to_owned(), text.to_owned(), value.to_owned()))
}

proptest! {
    #[test]
    fn any_values_are_taken_and_each_flag_says_what_it_is_about(
        texts in proptest::collection::btree_set("(?s)[ fFwWmM\u{308}ａäA:='\"#-]{1,4}|(?s).{0,9}|yes|Yes|no|N/A", 0..12),
        name in "(?s).{0,4}",
    ) {
        let values: Vec<(&str, u64)> = texts.iter().map(String::as_str).zip(1..).collect();
        let column = column(&name, &values);
        for group in alike(&column) {
            let all = group.others.iter().chain([&group.keep]);
            prop_assert!(all.clone().all(|value| column.distinct.contains(value)));
            prop_assert!(!group.others.contains(&group.keep));
            if group.strength == Strength::Surely {
                prop_assert!(all.clone().all(|(text, _)| folded(text) == folded(&group.keep.0)));
            }
            prop_assert_eq!(group.flags().len() + group.lines().len(), group.others.len());
            for flag in group.flags() {
                let (of, text, value) = taken_apart(&flag).unwrap();
                prop_assert_eq!((&of, &value), (&name, &group.keep.0));
                prop_assert!(group.others.iter().any(|(other, _)| *other == text));
            }
            for line in group.lines() {
                prop_assert!(line.chars().all(|c| !c.is_control() && !is_unseen(c)), "{:?}", line);
            }
        }
    }
}
