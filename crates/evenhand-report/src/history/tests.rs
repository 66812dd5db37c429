//! Renderings of a history against what has to stand in them, and with names that act on whatever shows them.

use evenhand_measure::history::{Given, History, Line, Pair, VERSION, course};

use super::*;

const HOSTILE: [&str; 9] = [
    "</script><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "#panic(\"x\")",
    "::error::x",
    "\u{1b}[31mred\u{1b}[0m",
    "a\0b\r\nc",
    "\u{202e}txt.exe",
    "| a | **b** [x](javascript:y) @all #1",
    "",
];

fn pair(group: &str, reference: &str, counts: [(f64, f64); 2], level: Level) -> Pair {
    let of = |name: &str| Group::from([("sex".to_owned(), Some(name.to_owned()))]);
    let [a, b] = counts.map(|(numerator, denominator)| Side { numerator, denominator });
    Pair {
        criterion: "disparate-impact".to_owned(),
        rate: "selection-rate".to_owned(),
        event: None,
        complement: false,
        comparison: "ratio".to_owned(),
        by: vec!["sex".to_owned()],
        group: of(group),
        reference: Some(of(reference)),
        within: Group::new(),
        pooled_over: Vec::new(),
        counts: Some([a, b]),
        point: Some(a.rate() / b.rate()),
        lower: Some(a.rate() / b.rate() - 0.1),
        upper: Some(a.rate() / b.rate() + 0.1),
        at_least: Some(0.8),
        at_most: Some(1.25),
        outcome: "pass".to_owned(),
        level,
    }
}

/// A history of the worked example, with these names for runs and groups.
fn of(names: &dyn Fn(usize) -> String, groups: [&str; 2], verdict: &str) -> Course {
    const A: [f64; 8] = [60.0, 58.0, 62.0, 61.0, 60.0, 59.0, 61.0, 60.0];
    const B: [f64; 8] = [57.0, 56.0, 59.0, 58.0, 48.0, 46.0, 45.0, 44.0];
    let lines = A.iter().zip(B).enumerate().map(|(at, (&a, b))| Line {
        version: VERSION,
        label: Some(names(at)),
        as_of: Some(format!("2026-01-{:02}", at + 1)),
        tally_hash: format!("{:064x}", at / 7 * 3 + at),
        policy_hash: String::new(),
        verdict: verdict.to_owned(),
        unused: None,
        restart: at == 1,
        independent: true,
        complete: true,
        groups: Vec::new(),
        comparisons: vec![pair(groups[0], groups[1], [(b, 100.0), (a, 100.0)], Level::Error)],
        previous: String::new(),
    });
    let history = lines.fold(History::default(), |history, line| {
        let line = history.continued(line, &Given::default()).to_json().unwrap();
        History::read(history.with(&line).as_bytes()).unwrap()
    });
    course(&history, 0.05)
}

fn all(course: &Course) -> [(&'static str, String); 5] {
    [
        ("text", text(course, 100, false)),
        ("markdown", crate::markdown_of(&document(course))),
        ("html", crate::html_of(&document(course))),
        ("csv", String::from_utf8(csv(course).unwrap()).unwrap()),
        ("svg", svg(course)),
    ]
}

#[test]
fn every_format_says_what_the_history_shows() {
    let course = of(&|at| format!("c{at}"), ["F", "M"], "pass");
    let text = text(&course, 100, false);
    for said in [
        "NO ALARM: ",
        "F against M",
        "slope -0.02382",
        "z -2.214",
        "p 0.027",
        "Q 5.726",
        "What changed from c0 to c7",
        "The evidence starts anew with c1",
        "other people or decisions",
        "60.0%",
        "allowed: 0.80 to 1.25",
    ] {
        let unbroken = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unbroken.contains(said), "`{said}` is missing:\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    let [_, (_, markdown), (_, html), (_, csv), (_, svg)] = all(&course);
    assert!(markdown.contains("**NO ALARM:**") && markdown.contains("c7"));
    assert!(html.contains("NO ALARM") && html.contains("<svg") && !html.contains("whole audit"));
    assert_eq!(csv.lines().count(), 9);
    assert!(
        csv.lines()
            .nth(1)
            .unwrap()
            .starts_with("1,c0,2026-01-01,pass,new,disparate-impact")
    );
    assert!(svg.contains("F against M") && svg.contains("c7"));
    assert_eq!(all(&course), all(&of(&|at| format!("c{at}"), ["F", "M"], "pass")));
}

#[test]
fn names_from_outside_stay_text_in_every_format() {
    let long = "x".repeat(10_000);
    for hostile in HOSTILE.into_iter().chain([long.as_str()]) {
        let course = of(&|at| format!("{hostile}{at}"), [hostile, "M"], hostile);
        let named = all(&course);
        for (format, out) in &named {
            let acts = |c: char| {
                (c.is_control() && c != '\n') || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            };
            assert!(!out.contains(acts), "{format}: {hostile:?}");
            if ["markdown", "html", "svg"].contains(format) && hostile.starts_with("</script>") {
                assert!(!out.contains("<img src=x"), "{format}");
            }
            if *format != "csv" {
                assert!(!out.contains(&"x".repeat(1_000)), "{format} holds an endless name");
            }
        }
        if hostile.starts_with("::") {
            assert!(!named[0].1.contains("::error::"), "{}", named[0].1);
        }
        if hostile.starts_with('=') {
            let mut table = csv::Reader::from_reader(named[3].1.as_bytes());
            for row in table.records() {
                assert!(row.unwrap().iter().all(|cell| !cell.starts_with('=')));
            }
        }
    }
}

#[test]
fn what_counts_comes_first_and_much_is_cut() {
    let pairs = |level| move |at: usize| pair(&format!("g{at}"), "M", [(50.0, 100.0), (50.0, 100.0)], level);
    let comparisons: Vec<Pair> = (0..45)
        .map(pairs(Level::Warn))
        .chain((45..50).map(pairs(Level::Error)))
        .collect();
    let line = |at: usize| Line {
        version: VERSION,
        label: None,
        as_of: None,
        tally_hash: at.to_string(),
        policy_hash: String::new(),
        verdict: "pass".to_owned(),
        unused: None,
        restart: false,
        independent: true,
        complete: true,
        groups: Vec::new(),
        comparisons: comparisons.clone(),
        previous: String::new(),
    };
    let history = (0..30).fold(History::default(), |history, at| {
        let line = history.continued(line(at), &Given::default()).to_json().unwrap();
        History::read(history.with(&line).as_bytes()).unwrap()
    });
    let course = course(&history, 0.05);
    let text = text(&course, 100, false);
    assert!(
        text.contains("g45 against M") && !text.contains("g30 against M"),
        "{text}"
    );
    assert!(
        text.contains("Not shown: 18 earlier runs.") && text.contains("… and 44 more comparisons"),
        "{text}"
    );
    assert!(text.contains("run 30"));
    assert!(crate::markdown_of(&document(&course)).contains("… and 10 more comparisons"));
    assert_eq!(
        csv(&course).unwrap().split(|&byte| byte == b'\n').count(),
        1 + 30 * 50 + 1
    );
}

#[test]
fn a_history_without_comparisons_is_shown_as_such() {
    let empty = course(&History::default(), 0.05);
    assert!(text(&empty, 80, false).starts_with("NOT ENOUGH: there is nothing to bet on"));
    assert!(svg(&empty).contains("There is no comparison yet."));
}
