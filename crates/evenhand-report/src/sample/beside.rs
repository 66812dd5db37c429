//! This module is what stands beside a verdict, for the tests: tables for publication, named tests, people.

use evenhand_measure::audit::model::{Audit, Group, ImpactRow, ImpactTable, NamedTest, Practical, Publication};

use super::failing;

fn race(name: &str) -> Group {
    Group::from([("race".to_owned(), Some(name.to_owned()))])
}

/// Two tables: by sex, and by sex and race with one empty and one small category.
pub(crate) fn publication() -> Publication {
    let row = |values: &[(&str, &str)], (selected, applicants): (u64, u64), ratio: Option<f64>, why: Option<&str>| {
        ImpactRow {
            group: values
                .iter()
                .map(|(column, value)| ((*column).to_owned(), Some((*value).to_owned())))
                .collect(),
            applicants,
            selected,
            rate: (applicants > 0).then(|| selected as f64 / applicants as f64),
            impact_ratio: ratio,
            share: applicants as f64 / 168.0,
            why: why.map(str::to_owned),
        }
    };
    let sex = |sex: &'static str| vec![("sex", sex)];
    let both = |sex: &'static str, race: &'static str| vec![("sex", sex), ("race", race)];
    let empty = "not computable: nobody is in the category";
    let small = "left out of the impact ratios: 1.79 % of the people in this table, under 2 %";
    Publication {
        preset: Some("ll144".to_owned()),
        title: Some("A bias audit by a rule".to_owned()),
        as_of: Some("2026-09-15".to_owned()),
        sources: vec!["The rule, section 1.".to_owned()],
        kind: "selection".to_owned(),
        complement: false,
        rows: 183,
        tables: vec![
            ImpactTable {
                by: vec!["sex".to_owned()],
                known: 168,
                unknown: 15,
                highest: Some(Group::from([("sex".to_owned(), Some("Male".to_owned()))])),
                rows: vec![
                    row(&sex("Female"), (34, 76), Some(0.823_157_894_736_842_2), None),
                    row(&sex("Male"), (50, 92), Some(1.0), None),
                ],
            },
            ImpactTable {
                by: vec!["sex".to_owned(), "race".to_owned()],
                known: 168,
                unknown: 0,
                highest: Some(
                    both("Female", "Asian")
                        .into_iter()
                        .map(|(c, v)| (c.to_owned(), Some(v.to_owned())))
                        .collect(),
                ),
                rows: vec![
                    row(&both("Female", "Asian"), (42, 84), Some(1.0), None),
                    row(&both("Female", "White"), (0, 0), None, Some(empty)),
                    row(&both("Male", "Asian"), (3, 3), None, Some(small)),
                    row(&both("Male", "White"), (40, 80), Some(1.0), None),
                ],
            },
        ],
        notes: vec!["Rates are printed rounded.".to_owned()],
    }
}

/// A failing audit with named tests and what they mean in people.
pub(crate) fn beside() -> Audit {
    let mut audit = failing().audit();
    let test = |id: &str| NamedTest {
        id: id.to_owned(),
        criterion: None,
        rate: "selection-rate".to_owned(),
        complement: false,
        by: vec!["race".to_owned()],
        group: race("Black"),
        reference: Some(race("White")),
        within: Group::new(),
        pooled_over: vec![],
        estimate: None,
        lower: None,
        upper: None,
        confidence: None,
        statistic: None,
        freedom: None,
        p: None,
        not_computed: None,
        note: None,
    };
    audit.tests = vec![
        NamedTest {
            p: Some(3e-24),
            ..test("fisher-exact")
        },
        NamedTest {
            statistic: Some(94.6),
            freedom: Some(1),
            p: Some(2.4e-22),
            ..test("chi-square")
        },
        NamedTest {
            estimate: Some(0.428_57),
            lower: Some(0.3622),
            upper: Some(0.5069),
            confidence: Some(0.95),
            ..test("odds-ratio")
        },
        NamedTest {
            pooled_over: vec!["department".to_owned()],
            statistic: Some(1.5246),
            freedom: Some(1),
            p: Some(0.2169),
            note: Some("without a continuity correction".to_owned()),
            ..test("cochran-mantel-haenszel")
        },
        NamedTest {
            group: Group::new(),
            reference: None,
            within: Group::from([("department".to_owned(), Some("A".to_owned()))]),
            not_computed: Some("one group has nobody".to_owned()),
            ..test("g-test")
        },
    ];
    audit.practical = vec![Practical {
        rate: "selection-rate".to_owned(),
        complement: false,
        by: vec!["race".to_owned()],
        group: race("Black"),
        reference: race("White"),
        shortfall_of_reference_rate: 200.0,
        shortfall_of_pooled_rate: 123.076_923,
        moves_to_four_fifths: Some(78),
        moves_to_parity: Some(124),
        one_person_flips: false,
        cohens_h: -0.411_517,
        cohens_h_words: "small".to_owned(),
        phi: Some(-0.197),
    }];
    audit
}
