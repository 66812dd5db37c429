use super::super::sample;
use super::*;

#[test]
fn every_metric_is_described_before_its_numbers() {
    for gate in sample::all() {
        let text = openmetrics(&gate);
        assert!(text.ends_with("# EOF\n") && text.matches("# EOF").count() == 1);
        let mut described = String::new();
        for line in text.lines().filter(|line| *line != "# EOF") {
            if let Some(rest) = line.strip_prefix("# TYPE ") {
                described = rest.strip_suffix(" gauge").unwrap().to_owned();
            } else if !line.starts_with('#') {
                assert_eq!(line.split(['{', ' ']).next().unwrap(), described, "{line}");
                let value = line.rsplit_once(' ').unwrap().1;
                assert!(value.parse::<f64>().unwrap().is_finite(), "{line}");
            }
        }
        assert_eq!(text, openmetrics(&gate));
    }
}

#[test]
fn the_numbers_are_those_of_the_audit() {
    let text = openmetrics(&sample::failing());
    for line in [
        "evenhand_verdict{verdict=\"fail\"} 1\n",
        "evenhand_verdict{verdict=\"pass\"} 0\n",
        "# UNIT evenhand_rows rows\n",
        "evenhand_rows{state=\"read\"} 9000\n",
        "evenhand_group_rows{by=\"race\",group=\"race=Black\"} 3000\n",
        "evenhand_rate{rate=\"selection-rate\",by=\"race\",group=\"race=White\"} 0.5033333333333333\n",
        "evenhand_checks{level=\"error\",result=\"fail\"} 4\n",
    ] {
        assert!(text.contains(line), "{line} is missing from\n{text}");
    }
    assert!(text.contains(
        "evenhand_disparity{criterion=\"disparate-impact\",rate=\"selection-rate\",comparison=\"ratio\",by=\"race\",\
         group=\"race=Black\",reference=\"race=White\"} 0.66"
    ));
    assert!(text.contains("evenhand_worsening{criterion=\"disparate-impact\""));
}

#[test]
fn names_are_kept_apart_and_harmless() {
    for (name, written) in [
        ("a\"b", "race=a\\\"b"),
        ("a\\b", "race=a\\\\b"),
        ("a\nb", "race=a%0Ab"),
        ("a%0Ab", "race=a%250Ab"),
        ("\u{1b}[31m", "race=%1B[31m"),
        ("\u{202e}", "race=%E2%80%AE"),
        ("a,sex=F", "race=a%2Csex%3DF"),
        ("", "race="),
        ("名", "race=名"),
    ] {
        let of = Group::from([("race".to_owned(), Some(name.to_owned()))]);
        assert_eq!(label_value(&group(&of)), written);
    }
    let missing = Group::from([("race".to_owned(), None)]);
    assert_eq!(group(&missing), "racenull");
    let text = openmetrics(&sample::hostile());
    assert_eq!(text.matches("\nevenhand_group_rows{by=\"race\"").count(), 13);
    let acts =
        |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}' | '\u{2028}'));
    assert!(!text.contains(acts));
}
