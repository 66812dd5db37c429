use evenhand_measure::audit::model::{GroupRates, Outcome};

use super::*;
use crate::document::{Document, Letterhead, document};
use crate::sample::{self, HOSTILE};

/// Every block of a report, those behind folds as well.
fn every_block(blocks: &[Block]) -> Vec<&Block> {
    let mut all = Vec::new();
    for block in blocks {
        all.push(block);
        if let Block::Fold { blocks, .. } = block {
            all.extend(every_block(blocks));
        }
    }
    all
}

fn blocks_of(document: &Document) -> Vec<&Block> {
    document
        .sections
        .iter()
        .flat_map(|section| every_block(&section.blocks))
        .collect()
}

fn tables_of(document: &Document) -> Vec<&Table> {
    fn of_block(block: &Block) -> Option<&Table> {
        match block {
            Block::Table(table) => Some(table),
            Block::Figure(figure) => figure.table.as_ref(),
            _ => None,
        }
    }
    blocks_of(document).into_iter().filter_map(of_block).collect()
}

/// The audit within two departments as well, all of it.
fn in_strata() -> Audit {
    let mut audit = sample::failing().audit();
    for department in ["A", "B"] {
        let within = Group::from([("department".to_owned(), Some(department.to_owned()))]);
        let plain = audit.clone();
        let rates = plain.rates.iter().filter(|rates| rates.within.is_empty());
        audit.rates.extend(rates.map(|rates| GroupRates {
            within: within.clone(),
            ..rates.clone()
        }));
        for mut finding in plain.findings.into_iter().filter(|f| f.within.is_empty()) {
            finding.within = within.clone();
            audit.findings.push(finding);
        }
    }
    audit
}

fn samples() -> Vec<Audit> {
    vec![
        sample::failing().audit(),
        sample::open().audit(),
        sample::alone(),
        sample::beside(),
        sample::hostile(),
        sample::many(12).audit(),
        sample::many(60).audit(),
        sample::abridged(),
        sample::lists(&["North", "South", "West"]),
        sample::lists(&HOSTILE),
        sample::prices(&["low", "middle", "high"]),
        sample::scores(&["A", "B"]),
        in_strata(),
    ]
}

#[test]
fn every_table_is_rectangular() {
    for audit in samples() {
        for table in tables_of(&document(&audit, &Letterhead::default())) {
            assert!(!table.header.is_empty(), "{table:?}");
            for row in &table.rows {
                assert_eq!(row.len(), table.header.len(), "{}", table.caption);
            }
        }
    }
}

#[test]
fn every_group_has_each_of_its_measures() {
    for audit in samples() {
        let report = document(&audit, &Letterhead::default());
        for set in group_sets(&audit) {
            let tables = tables_of(&report);
            let wanted = all_rows(&set);
            let whole = |table: &&&Table| {
                table.caption == EVERY_MEASURE
                    && table.rows.len() == wanted.len()
                    && table
                        .rows
                        .iter()
                        .zip(&wanted)
                        .all(|(row, wanted)| row.iter().map(|cell| &cell.text).eq(wanted))
            };
            assert!(tables.iter().any(|table| whole(&table)), "{}", set.title());
        }
    }
}

#[test]
fn every_listed_finding_has_a_row_and_the_foremost_are_told() {
    for audit in samples() {
        let audit = &*crate::order::worse_off_first(&audit);
        let report = document(audit, &Letterhead::default());
        let everything = tables_of(&report)
            .into_iter()
            .find(|table| table.caption == "Every comparison");
        let rows = everything.map_or(0, |table| table.rows.len());
        assert_eq!(rows, audit.findings.len());
        let told: Vec<&String> = blocks_of(&report)
            .into_iter()
            .filter_map(|block| match block {
                Block::Statements(statements) => Some(statements),
                _ => None,
            })
            .flatten()
            .map(|statement| &statement.text)
            .collect();
        let is_told = |block: &&crate::order::Block<'_>| !block.counts() || block.first().outcome == Outcome::Fail;
        for block in crate::order::blocks(audit).iter().filter(is_told) {
            let first = words::finding_sentence(block.first(), audit, false);
            assert!(told.contains(&&first), "{first}");
        }
    }
}

#[test]
fn outcomes_are_marked_and_said() {
    let report = document(&sample::failing().audit(), &Letterhead::default());
    let tables = tables_of(&report);
    let impact = tables.iter().find(|t| t.caption == "Disparate impact by race").unwrap();
    assert_eq!(impact.rows[0][0].outcome, Some(Outcome::Fail));
    assert!(impact.rows[0][0].text.contains("fail"));
    assert!(
        impact.legend.iter().any(|line| line.contains("Allowed: 0.80 or more")),
        "{:?}",
        impact.legend
    );
}

#[test]
fn strata_are_one_fold_of_the_section_of_their_attributes() {
    let sections = sections(&in_strata(), &Fonts::default());
    assert_eq!(sections.len(), 1, "department is no protected attribute");
    let folds: Vec<(&String, &Vec<Block>)> = sections[0]
        .blocks
        .iter()
        .filter_map(|block| match block {
            Block::Fold { summary, blocks } => Some((summary, blocks)),
            _ => None,
        })
        .collect();
    let within = folds
        .iter()
        .find(|(summary, _)| *summary == "Within each department (2 in all)");
    let (_, strata) = within.unwrap();
    let titles: Vec<&String> = strata
        .iter()
        .filter_map(|block| match block {
            Block::Fold { summary, .. } => Some(summary),
            _ => None,
        })
        .collect();
    assert_eq!(titles.len(), 2);
    assert!(titles[0].starts_with("Within department \"A\": 2 fail"), "{titles:?}");
}

#[test]
fn lists_keep_who_reaches_whom_and_what_is_of_all_lists() {
    let mut audit = sample::lists(&["North", "South"]);
    let value = audit.rates[0].values["exposure-share"].clone();
    audit.rates[0].values.insert("gini".to_owned(), value);
    let report = document(&audit, &Letterhead::default());
    let captions: Vec<&str> = tables_of(&report).iter().map(|table| table.caption.as_str()).collect();
    for caption in [
        "Which items reach whom: item.region by user.gender",
        "What lists give to the items of each group",
        "What lists are worth to the users of each group",
        "What lists show on the whole",
    ] {
        assert_eq!(
            captions.iter().filter(|other| **other == caption).count(),
            1,
            "{captions:?}"
        );
    }
}

#[test]
fn what_a_long_table_leaves_out_is_said() {
    let report = document(&sample::many(60).audit(), &Letterhead::default());
    let said = |text: &str| {
        blocks_of(&report)
            .into_iter()
            .any(|block| *block == Block::Text(text.to_owned()))
    };
    assert!(said("… and 21 smaller groups, in the list of every measure."));
    let tables = tables_of(&report);
    let impact = tables.iter().find(|t| t.caption == "Disparate impact by race").unwrap();
    assert!(
        impact.legend[0].starts_with("… and 3,530 more comparisons ("),
        "{:?}",
        impact.legend
    );
}
