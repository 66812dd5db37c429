use super::*;
use crate::sample::{HOSTILE, beside, failing, hostile, lists, prices, publication, scores};

#[test]
fn every_number_comes_back() {
    for audit in [failing().audit(), hostile()] {
        let table = rates_csv(&audit).unwrap();
        let records: Vec<csv::StringRecord> = csv::Reader::from_reader(table.as_slice())
            .records()
            .map(Result::unwrap)
            .collect();
        assert_eq!(
            records.len(),
            audit.rates.iter().map(|row| row.values.len()).sum::<usize>()
        );
        let values = audit.rates.iter().flat_map(|row| row.values.values());
        for (record, value) in records.iter().zip(values) {
            assert_eq!(record[8].parse::<f64>().ok(), value.point());
        }
        let table = findings_csv(&audit).unwrap();
        let records = csv::Reader::from_reader(table.as_slice())
            .records()
            .map(Result::unwrap)
            .collect::<Vec<_>>();
        assert_eq!(records.len(), audit.findings.len());
        for (record, finding) in records.iter().zip(&audit.findings) {
            assert_eq!(&record[1], finding.outcome.word());
            assert_eq!(record[10].parse::<f64>().ok(), finding.point);
            assert!(!record[7].starts_with(['=', '+', '-', '@']), "{record:?}");
            let of_group = finding.group_value.as_ref().unwrap().share().unwrap();
            assert_eq!(record[25].parse::<f64>().ok(), Some(of_group.numerator.value()));
            assert_eq!(record[27].parse::<f64>().ok(), Some(of_group.point));
            let of_reference = finding.reference_value.as_ref().unwrap().share().unwrap();
            assert_eq!(record[29].parse::<f64>().ok(), Some(of_reference.denominator.value()));
            assert_eq!(&record[32], finding.method);
        }
    }
}

#[test]
fn what_stands_beside_the_verdict_comes_back() {
    let mut audit = beside();
    audit.publication = Some(publication());
    audit.rates[0].values.insert(
        "base-rate".to_owned(),
        Value::Undefined {
            undefined: "no row has a label".to_owned(),
            lowest: Some(0.25),
            highest: Some(1.0),
        },
    );
    let read = |table: Result<Vec<u8>, csv::Error>| -> Vec<csv::StringRecord> {
        let table = table.unwrap();
        csv::Reader::from_reader(table.as_slice())
            .records()
            .map(Result::unwrap)
            .collect()
    };
    let rows = read(publication_csv(&audit));
    assert_eq!(rows.len(), 6);
    assert_eq!(
        rows[0].iter().collect::<Vec<_>>()[..5],
        ["sex", "Female", "selection", "76", "34"]
    );
    assert_eq!((&rows[1][6], &rows[1][7], &rows[1][11]), ("1", "true", "15"));
    assert_eq!(&rows[0][12], "false");
    let mut adverse = audit.clone();
    adverse.publication.as_mut().unwrap().complement = true;
    assert_eq!(&read(publication_csv(&adverse))[0][12], "true");
    let table = String::from_utf8(publication_csv(&adverse).unwrap()).unwrap();
    assert!(table.starts_with("by,category,kind,applicants,without_event,rate,") && !table.contains("selected"));
    assert_eq!((&rows[3][1], &rows[3][5]), ("Female + White", ""));
    let rows = read(tests_csv(&audit));
    assert_eq!(rows.len(), audit.tests.len());
    assert_eq!(
        (&rows[0][4], &rows[0][5], &rows[0][14]),
        ("Black", "White", "0.000000000000000000000003")
    );
    assert_eq!((&rows[4][4], &rows[4][6]), ("", "department = A"));
    let rates = read(rates_csv(&audit));
    let bounded = rates.iter().find(|row| &row[5] == "base-rate").unwrap();
    assert_eq!((&bounded[12], &bounded[13]), ("0.25", "1"));
}

#[test]
fn every_point_of_every_curve_comes_back() {
    for audit in [lists(&HOSTILE), prices(&["low", "high"]), scores(&["A", "B"])] {
        let table = series_csv(&audit).unwrap();
        let rows: Vec<csv::StringRecord> = csv::Reader::from_reader(table.as_slice())
            .records()
            .map(Result::unwrap)
            .collect();
        let points = audit.series.iter().flat_map(|series| {
            let points = series.x.iter().zip(&series.y).enumerate();
            points.map(move |(at, (x, y))| (series, at, *x, *y))
        });
        assert_eq!(rows.len(), points.clone().count());
        for (row, (series, at, x, y)) in rows.iter().zip(points) {
            assert_eq!((row[0].to_owned(), row[10].parse()), (series.id.clone(), Ok(x)));
            assert_eq!(row[12].parse::<f64>().ok(), y);
            assert_eq!(row[13].parse::<f64>().ok(), series.lower.get(at).copied().flatten());
            assert!(!row[4].starts_with(['=', '+', '-', '@']), "{row:?}");
        }
    }
}

#[test]
fn formulas_are_text() {
    for hostile in ["=1+1", "+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", "\r=1"] {
        assert!(guarded(hostile).starts_with('\''), "{hostile:?}");
    }
    assert_eq!(guarded("25 - 45"), "25 - 45");
}

#[test]
fn what_cannot_be_seen_is_spelled_out_in_every_table() {
    let mut audit = hostile();
    audit.series = lists(&HOSTILE).series;
    let evil = HOSTILE.concat();
    for finding in &mut audit.findings {
        (finding.criterion, finding.rate) = (evil.clone(), evil.clone());
        (finding.event, finding.why) = (Some(evil.clone()), Some(format!("={evil}")));
    }
    let undefined = Value::undefined(format!("\t=1{evil}"));
    audit.rates[0].values.insert(format!("@SUM(A1){evil}"), undefined);
    let tables = [
        rates_csv(&audit),
        findings_csv(&audit),
        tests_csv(&audit),
        series_csv(&audit),
        publication_csv(&audit),
    ];
    for table in tables {
        let table = table.unwrap();
        let text = std::str::from_utf8(&table).unwrap();
        assert!(
            text.lines().all(|line| visible(line) == line),
            "no character of it is hidden"
        );
        assert!(text.contains(r"\u{1b}[31mred") && text.contains(r"nul\u{0}byte\u{d}\u{a}new line"));
        for record in csv::Reader::from_reader(table.as_slice()).records() {
            let record = record.unwrap();
            let is_formula = |cell: &str| cell.starts_with(STARTS_A_FORMULA) && cell.parse::<f64>().is_err();
            assert!(!record.iter().any(is_formula), "{record:?}");
        }
    }
}
