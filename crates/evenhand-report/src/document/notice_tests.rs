use super::super::Posting;
use super::*;
use crate::sample::{self, HOSTILE};

fn audit() -> Audit {
    let mut audit = sample::failing().audit();
    audit.publication = Some(sample::publication());
    audit.provenance.as_of = Some("2026-01-31".to_owned());
    audit
}

fn letterhead() -> Letterhead {
    Letterhead {
        client: Some("Example Ltd".to_owned()),
        posting: Posting {
            tool: Some("Ranker 3".to_owned()),
            distribution_date: Some("2025-03-01".to_owned()),
            data_kind: Some(DataKind::Historical),
            data_source: Some("The applicant system, 2025.".to_owned()),
            data_explanation: None,
        },
        ..Letterhead::default()
    }
}

fn facts(document: &Document) -> Vec<(String, String)> {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    blocks
        .filter_map(|block| match block {
            Block::Facts(facts) => Some(facts.clone()),
            _ => None,
        })
        .flatten()
        .collect()
}

#[test]
fn everything_that_has_to_be_posted_is_there() {
    let document = notice(&audit(), &letterhead()).unwrap();
    let facts = facts(&document);
    let fact = |name: &str| {
        let found = facts.iter().find(|(known, _)| known.starts_with(name));
        found.map_or("", |(_, value)| value.as_str())
    };
    assert_eq!(fact("Date of the most recent"), "2026-01-31");
    assert_eq!(fact("Distribution date"), "2025-03-01");
    assert!(fact("Kind of data").starts_with("historical data"));
    assert_eq!(fact("Source of the data"), "The applicant system, 2025.");
    assert_eq!(fact("People assessed"), "183");
    assert_eq!(fact("People whose category"), "15 by sex, 0 by sex and race");
    assert_eq!(fact("Who counts"), "hired is \"yes\"");
    let tables: Vec<&Table> = document.sections[1]
        .blocks
        .iter()
        .map(|block| match block {
            Block::Table(table) => table,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(tables[0].caption, "Selection rates and impact ratios by sex");
    let row: Vec<&str> = tables[0].rows[0].iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(row, ["Female", "76", "34", "44.7%", "0.82", ""]);
    assert_eq!(tables[1].rows.len(), 4);
    assert!(tables[1].rows[2][5].text.contains("under 2 %"));
    assert_eq!(
        tables[0].legend,
        ["Left out of this table: 15 people whose sex is not known."]
    );
    assert!(unsaid(&letterhead()).is_empty());
}

#[test]
fn there_is_no_verdict_and_nothing_else_of_the_audit() {
    let whole = audit();
    let document = notice(&whole, &letterhead()).unwrap();
    assert_eq!(document.verdict, Verdict::NotJudged);
    let text = format!("{document:?}").to_lowercase();
    for word in ["fail", "pass mark", "p-value", "hiring.csv", "true positive"] {
        assert!(!text.contains(word), "{word}");
    }
    let part = crate::json(&posted(&whole)).unwrap();
    for word in ["hiring.csv", "true-positive-rate", "disparate-impact", "\"fail\""] {
        assert!(!part.contains(word), "{word}");
    }
    assert!(part.contains("0.8231578947368422") && part.contains(&whole.provenance.tally_hash));
    assert!(notice(&sample::failing().audit(), &letterhead()).is_none());
}

#[test]
fn what_nobody_stated_is_said_to_be_missing() {
    let document = notice(&sample_without_day(), &Letterhead::default()).unwrap();
    let missing = facts(&document).iter().filter(|(_, value)| value == NOT_STATED).count();
    assert_eq!(missing, 4);
    assert_eq!(unsaid(&Letterhead::default()).len(), 3);
    let mut test = letterhead();
    test.posting.data_kind = Some(DataKind::Test);
    assert_eq!(unsaid(&test)[0].1, "data-explanation");
    assert!(
        facts(&notice(&audit(), &test).unwrap())
            .iter()
            .any(|(name, value)| name.starts_with("Why no") && value == NOT_STATED)
    );
}

fn sample_without_day() -> Audit {
    let mut audit = audit();
    audit.provenance.as_of = None;
    audit
}

#[test]
fn a_category_that_is_left_out_has_its_reason() {
    let mut audit = audit();
    audit.policy = serde_json::json!({ "publication": { "exclude-below": 0.02, "justification": "Too few." } });
    let text = format!("{:?}", notice(&audit, &letterhead()).unwrap());
    assert!(text.contains("left out of the impact ratios: Too few."));
    audit.policy = serde_json::json!({ "publication": { "exclude-below": 0.02 } });
    let text = format!("{:?}", notice(&audit, &letterhead()).unwrap());
    assert!(text.contains("left out of the impact ratios: not stated"));
}

#[test]
fn those_without_a_bad_event_are_never_called_selected() {
    let mut audit = audit();
    let published = audit.publication.as_mut().unwrap();
    published.complement = true;
    let document = notice(&audit, &letterhead()).unwrap();
    let text = format!("{document:?}");
    assert!(text.contains("hired is not \\\"yes\\\"") && text.contains("bad for the person"));
    audit.publication.as_mut().unwrap().kind = "scoring".to_owned();
    assert!(format!("{:?}", notice(&audit, &letterhead()).unwrap()).contains("not above the median of all"));
}

#[test]
fn hostile_categories_are_text() {
    let mut audit = audit();
    let table = &mut audit.publication.as_mut().unwrap().tables[0];
    let row = table.rows[0].clone();
    for name in HOSTILE {
        let mut row = row.clone();
        row.group.insert("sex".to_owned(), Some(name.to_owned()));
        table.rows.push(row);
    }
    let document = notice(&audit, &letterhead()).unwrap();
    let Block::Table(table) = &document.sections[1].blocks[0] else {
        panic!()
    };
    assert_eq!(table.rows.len(), 2 + HOSTILE.len());
    assert!(
        table
            .rows
            .iter()
            .all(|row| row[0].text.chars().count() < 100 && !row[0].text.contains('\u{1b}'))
    );
}
