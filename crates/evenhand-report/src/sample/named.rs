//! This module names the audits that the tests use.

use evenhand_measure::audit::model::{Audit, Exclusion, Finding, Group, Note, Outcome, Practical, Reason, Severity};
use evenhand_measure::policy::Level;

use super::{Sample, beside, cells, publication, sample, share};

/// Two groups, of which one is selected less.
pub(crate) fn failing() -> Sample<'static> {
    sample(vec![
        cells("Black", [240, 60, 210, 490]),
        cells("White", [620, 180, 200, 600]),
    ])
}

/// Groups that are treated alike, with many rows.
pub(crate) fn passing() -> Sample<'static> {
    sample(vec![
        cells("Black", [2_400, 600, 900, 2_100]),
        cells("White", [4_100, 1_020, 1_480, 3_500]),
    ])
}

/// Groups too small to say.
pub(crate) fn open() -> Sample<'static> {
    sample(vec![cells("Black", [8, 4, 6, 12]), cells("White", [40, 11, 20, 29])])
}

/// One group.
pub(crate) fn alone() -> Audit {
    let mut audit = sample(vec![cells("White", [40, 11, 20, 29])]).audit();
    let mut finding = failing().audit().findings.remove(0);
    finding.group = Group::from([("race".to_owned(), Some("White".to_owned()))]);
    finding.reference = None;
    finding.reference_value = None;
    (finding.point, finding.lower, finding.upper) = (None, None, None);
    finding.outcome = Outcome::NotApplicable;
    finding.reason = Some(Reason::OneGroup);
    finding.why = Some("there is one group only, so there is nothing to compare it with".to_owned());
    audit.findings = vec![finding];
    audit.families[0].not_applicable = 1;
    audit.families[0].listed = 1;
    audit
}

/// `count` groups of differing sizes and rates.
pub(crate) fn many(count: u64) -> Sample<'static> {
    let group = |i: u64| {
        let n = 60 + (i * 7_919) % 900;
        let selected = n * (35 + (i * 31) % 30) / 100;
        let rest = n - selected;
        cells(
            &format!("Group {i:02}"),
            [selected * 3 / 4, selected - selected * 3 / 4, rest / 3, rest - rest / 3],
        )
    };
    sample((0..count).map(group).collect())
}

/// Forty groups of whose comparisons only some are listed.
pub(crate) fn abridged() -> Audit {
    let mut audit = many(40).audit();
    let mut kept = 0;
    audit.findings.retain(|finding| {
        kept += usize::from(finding.level == Level::Error);
        finding.level == Level::Error && kept % 20 == 1
    });
    audit.families[0].listed = audit.findings.len();
    audit.families[1].listed = 0;
    audit
}

/// Turns a ratio into one to a reference in which nobody has the outcome, with two bounds.
pub(crate) fn make_infinite(finding: &mut Finding) {
    finding.bound.at_most = Some(1.25);
    (finding.point, finding.lower, finding.upper) = (None, Some(3.2), None);
    finding.reference_value = Some(share((0, 50)));
}

/// Names that attack a format or a reader.
pub(crate) const HOSTILE: [&str; 12] = [
    "</script><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "::error file=x::boom",
    "##vso[task.complete]",
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "nul\0byte\r\nnew line",
    "\u{202e}drawkcab\u{2066}x\u{200b}",
    "a|b`c`*d*_e_[f](http://g)",
    "@team #12 https://example.org www.example.org",
    "]]>\"'&amp;\u{ffff}",
    "名前 עברית العربية \u{1f600}",
    "# heading",
];

/// A group for each of [`HOSTILE`], and one of ten thousand characters.
pub(crate) fn hostile() -> Audit {
    let long = "x".repeat(10_000);
    let names = HOSTILE.iter().copied().chain([long.as_str()]);
    let groups = names
        .enumerate()
        .map(|(i, name)| cells(name, [40 + 9 * i as u64, 11, 20, 90]))
        .collect();
    let mut audit = sample(groups).audit();
    audit.notes.push(Note {
        code: "hostile".to_owned(),
        severity: Severity::Info,
        message: HOSTILE.concat(),
        help: Some(HOSTILE.concat()),
    });
    audit.data.partial.push(Exclusion {
        reason: "not-a-number".to_owned(),
        message: HOSTILE.concat(),
        rows: 1,
    });
    audit.provenance.inputs[0].name = HOSTILE.concat();
    let text = HOSTILE.concat();
    let group = |by: &[String]| Group::from_iter(by.iter().map(|column| (column.clone(), Some(HOSTILE.concat()))));
    let Audit { tests, practical, .. } = beside();
    audit.tests = tests;
    for test in &mut audit.tests {
        test.id.clone_from(&text);
        test.by = vec![text.clone()];
        (test.group, test.reference, test.within) = (group(&test.by), Some(group(&test.by)), group(&test.by));
        (test.note, test.not_computed) = (Some(text.clone()), Some(text.clone()));
    }
    let hurt = audit.findings.iter().find(|finding| finding.outcome == Outcome::Fail);
    audit.practical = hurt.map_or(vec![], |finding| {
        vec![Practical {
            group: finding.group.clone(),
            reference: finding.reference.clone().unwrap_or_default(),
            cohens_h_words: text.clone(),
            ..practical[0].clone()
        }]
    });
    let mut publication = publication();
    (publication.preset, publication.title) = (Some(text.clone()), Some(text.clone()));
    (publication.sources, publication.notes) = (vec![text.clone()], vec![text.clone()]);
    for table in &mut publication.tables {
        table.by = vec![text.clone()];
        for row in &mut table.rows {
            (row.group, row.why) = (group(&table.by), Some(text.clone()));
        }
    }
    audit.publication = Some(publication);
    audit.sensitivity[0].assumption.clone_from(&text);
    audit.sensitivity[0].code = text;
    audit
}
