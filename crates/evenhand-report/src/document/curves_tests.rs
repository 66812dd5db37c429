use super::*;
use crate::sample::{self, HOSTILE};

fn tables(audit: &Audit) -> Vec<(String, Table)> {
    let of_block = |block: Block| match block {
        Block::Figure(figure) => figure.table,
        Block::Fold { mut blocks, .. } => match blocks.pop() {
            Some(Block::Table(table)) => Some(table),
            _ => None,
        },
        _ => None,
    };
    let with_id = |section: Section| {
        let id = section.id.clone();
        let tables = section.blocks.into_iter().filter_map(of_block);
        tables.map(move |table| (id.clone(), table)).collect::<Vec<_>>()
    };
    sections(audit, &Fonts::default())
        .into_iter()
        .flat_map(with_id)
        .collect()
}

#[test]
fn every_series_has_a_table_in_its_section() {
    for audit in [
        sample::lists(&["North", "South"]),
        sample::lists(&HOSTILE),
        sample::prices(&["low", "middle", "high"]),
        sample::scores(&["A", "B"]),
    ] {
        let tables = tables(&audit);
        for series in &audit.series {
            let id = if series.id == SWEEP { "thresholds" } else { "curves" };
            let name = [true, false].map(|common| series_name(series, common));
            let is_it = |(section, table): &(String, Table)| {
                let names_it = |cells: &[String]| cells.iter().any(|cell| name.contains(cell));
                let first: Vec<String> = table.rows.iter().map(|row| row[0].text.clone()).collect();
                // A series of everybody has a table to itself, of which the caption says so.
                let alone = series.group.is_empty() && table.caption == series_title(series);
                section == id && (alone || names_it(&first) || names_it(&table.header))
            };
            assert!(tables.iter().any(is_it), "{} {:?}", series.id, series.group);
        }
        for (_, table) in &tables {
            assert!(
                table.rows.iter().all(|row| row.len() == table.header.len()),
                "{table:?}"
            );
            assert_eq!(table.header.len(), table.right.len());
        }
    }
    assert!(sections(&sample::failing().audit(), &Fonts::default()).is_empty());
}

fn find<'a>(tables: &'a [(String, Table)], title: &str) -> &'a Table {
    let found = tables.iter().find(|(_, table)| table.caption.starts_with(title));
    &found.unwrap_or_else(|| panic!("{title}")).1
}

#[test]
fn curves_at_the_same_points_stand_side_by_side() {
    let tables = tables(&sample::scores(&["A", "B"]));
    let roc = find(&tables, "ROC curves by race");
    assert_eq!(roc.rows.len(), 40);
    assert_eq!(roc.header, ["False positive rate", "A", "B"]);
    assert_eq!(roc.rows[39][0].text, "100%");
    let note = "Here are 80 of 402 points; `--out series=FILE.csv` has all.";
    assert!(roc.legend.iter().any(|line| line == note), "{:?}", roc.legend);
    assert!(
        roc.legend
            .iter()
            .any(|line| line == "In the columns of groups: true positive rate.")
    );
    // The threshold in use is never thinned away.
    let sweep = find(&tables, "If the threshold were another: selection rate by race");
    assert_eq!(sweep.rows.iter().filter(|row| row[0].text == "0.5").count(), 1);
    assert!(
        sweep.legend.iter().any(|line| line == "In use: threshold 0.5."),
        "{:?}",
        sweep.legend
    );
}

#[test]
fn long_curves_are_thinned_and_say_so() {
    let names: Vec<String> = (0..9).map(|at| format!("Group {at}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let many = tables(&sample::scores(&names));
    let roc = find(&many, "ROC curves by race");
    assert_eq!(roc.header, ["Group", "False positive rate", "True positive rate"]);
    assert_eq!(roc.rows.len(), 45, "five of each");
    let cells: Vec<&str> = roc.rows[0].iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(cells, ["Group 0", "0%", "0%"]);
    assert_eq!(roc.rows[4][1].text, "100%");
    let note = "Here are 45 of 1,809 points; `--out series=FILE.csv` has all.";
    assert!(roc.legend.iter().any(|line| line == note), "{:?}", roc.legend);
    let few = tables(&sample::scores(&["A", "B"]));
    let calibration = find(&few, "Calibration by race");
    assert_eq!(calibration.rows.len(), 20);
    assert_eq!(calibration.header[3..], ["Interval", "Rows"]);
    assert!(!calibration.legend.iter().any(|line| line.contains("series=")));
    assert!(calibration.rows.iter().any(|row| row[2].text == "–"));
}

#[test]
fn bars_have_no_meaningless_number_and_terms_keep_their_names() {
    let audit = sample::lists(&["North", "South"]);
    let lists = tables(&audit);
    let (_, exposure) = lists
        .iter()
        .find(|(_, table)| table.caption.starts_with("Share of attention by"))
        .unwrap();
    assert_eq!(exposure.header[..2], ["Group", "Share of attention"]);
    assert_eq!(exposure.rows.len(), 2);
    assert_eq!(exposure.rows[1][1].text, "66.7% (60.0 to 73.3%)");
    let all: Vec<&Series> = audit.series.iter().filter(|s| s.id.starts_with("exposure")).collect();
    let together = table(&audit, "Share of attention", &all);
    assert_eq!(together.header, ["Group", "Share of attention", "Target share"]);
    let cells: Vec<&str> = together.rows[1].iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!(cells, ["South", "66.7% (60.0 to 73.3%)", "50.0%"]);
    assert_eq!(together.right, [false, true, true]);
    assert!(!together.legend.iter().any(|line| line.contains("series=")));
    let prices = tables(&sample::prices(&["low", "high"]));
    let (_, terms) = prices
        .iter()
        .find(|(_, table)| table.header.iter().any(|name| name == "Term"))
        .unwrap();
    assert!(
        terms.rows.iter().any(|row| row[0].text == "base_cost, per unit"),
        "{terms:?}"
    );
}
