use super::*;
use crate::policy::{Policy, parse};
use crate::problem::Problem;

fn problems(text: &str) -> Vec<Problem> {
    parse("p.toml", text).unwrap_err()
}

const FULL: &str = r##"
    [report]
    title = "Hiring in 2025"
    client = "Example Ltd"
    auditor = "A. Auditor"
    number = "2026-17"
    confidentiality = "For Example Ltd only"
    engagement = "Paid by the hour.\nAgreed on 2 January."
    independence = "None of us works for Example Ltd."
    logo = "pictures/logo.svg"
    accent = "#005A9c"
    fonts = ["cjk.otf"]
    tool = "Ranker 3"
    distribution-date = 2025-03-01
    data-kind = "historical"
    data-source = "The applicant system."
    data-explanation = "One year."

    [[report.section]]
    title = "Scope"
    text = "All *posts*."

    [[report.section]]
    title = "Steps"
    file = "steps.md"
"##;

#[test]
fn everything_is_read_and_written_as_it_was() {
    let policy = parse("p.toml", FULL).unwrap();
    let report = &policy.report;
    assert_eq!(report.accent, Some([0, 0x5a, 0x9c]));
    assert_eq!(report.distribution_date, "2025-03-01".parse().ok());
    assert_eq!(report.data_kind, Some(DataKind::Historical));
    assert_eq!(report.sections[0].words, OwnWords::Text("All *posts*.".to_owned()));
    assert_eq!(report.sections[1].words, OwnWords::File("steps.md".to_owned()));
    let text = policy.to_toml();
    assert_eq!(parse("p.toml", &text).unwrap(), policy, "{text}");
    // A day may also be a text.
    let quoted = FULL.replace("2025-03-01", "\"2025-03-01\"");
    assert_eq!(parse("p.toml", &quoted).unwrap(), policy);
}

#[test]
fn the_dress_is_in_neither_the_result_nor_the_hash() {
    let json = |policy: &Policy| serde_json::to_string(policy).unwrap();
    assert_eq!(json(&parse("p.toml", FULL).unwrap()), json(&Policy::default()));
}

#[test]
fn every_mistake_is_said_at_its_place() {
    let found = problems(
        "[report]\ntitel = 'x'\naccent = '#ffcc00'\nclient = ' '\nnumber = 7\nconfidentiality = \"a\\nb\"\n\
         distribution-date = '2025-02-30'\ndata-kind = 'real'\n[[report.section]]\ntext = 'x'\nfile = 'y'\n\
         [[report.section]]\ntitle = 'z'\n[[report.section]]\ntitle = 'z'\ntxt = 'z'\n",
    );
    let said: Vec<String> = found.iter().map(ToString::to_string).collect();
    for (line, text) in [
        (2, "[report] has no key `titel` (help: did you mean `title`?)"),
        (3, "contrast of 1.51 to 1 on white"),
        (4, "`client` is empty"),
        (5, "`number` is a number, not a text in quotes"),
        (6, "`confidentiality` is more than one line"),
        (7, "2025-02-30"),
        (8, "`real` is none of historical, test"),
        (10, "has no `title`"),
        (11, "`text` and `file`"),
        (13, "a section of the report says nothing"),
        (16, "[[section]] has no key `txt` (help: did you mean `text`?)"),
    ] {
        assert!(
            said.iter()
                .any(|said| said.contains(&format!("line {line}, ")) && said.contains(text)),
            "{line} {text}: {said:#?}"
        );
    }
}

#[test]
fn an_accent_is_dark_enough_or_a_darker_one_is_named() {
    let accent = |text: &str| parse("p.toml", &format!("[report]\naccent = '{text}'"));
    for good in ["#000000", "#005a9c", "#0072B2", "#767676"] {
        assert!(accent(good).is_ok(), "{good}");
    }
    // 4.48 to 1: rounded it would be enough.
    for bad in ["#777777", "#ffffff", "#e69f00"] {
        let problem = accent(bad).unwrap_err().remove(0);
        let (_, named) = problem.help.split_once("such as \"").unwrap();
        assert!(accent(&named[..7]).is_ok(), "{problem}");
    }
    assert!(accent("#777777").unwrap_err()[0].message.contains("4.47 to 1"));
    for no_color in ["red", "#fff", "#00gg00", "005a9c", "#00é00", ""] {
        assert!(
            accent(no_color).unwrap_err()[0].message.contains("is no colour"),
            "{no_color}"
        );
    }
}
