//! This module writes a gate's answer as JUnit XML, which build servers show as a list of tests.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use evenhand_measure::gate::{Gate, Result};
use evenhand_measure::policy::Level;

use super::Line;
use super::said::{all_lines, fingerprint};
use crate::safe;
use crate::words;

/// What a test comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Test {
    Failed,
    Skipped,
    /// It succeeded, and something is to be said of it.
    Remarked(&'static str),
    Succeeded,
}

/// The answer as JUnit XML: a suite for each set of attributes, a test for each comparison. What the data leave open is
/// skipped, never a success; a warning and a failure that is waived are successes that say so.
///
/// It has no host and no duration, and a time only where a day was given.
#[must_use]
pub fn junit(gate: &Gate) -> String {
    let lines = all_lines(gate);
    let names = names(&lines);
    let mut suites: Vec<(&str, Vec<(&Line, &str)>)> = Vec::new();
    for (line, name) in lines.iter().zip(&names) {
        let suite = if line.suite.is_empty() { "overall" } else { &line.suite };
        match suites.iter_mut().find(|(of, _)| *of == suite) {
            Some((_, tests)) => tests.push((line, name)),
            None => suites.push((suite, vec![(line, name)])),
        }
    }
    let failed = lines.iter().filter(|line| test(line) == Test::Failed).count();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"evenhand\" tests=\"{}\" failures=\"{failed}\" \
         errors=\"0\">\n",
        lines.len(),
    );
    for (suite, tests) in &suites {
        push_suite(&mut out, suite, tests, gate);
    }
    out.push_str("</testsuites>\n");
    out
}

fn push_suite(out: &mut String, suite: &str, tests: &[(&Line, &str)], gate: &Gate) {
    let counted = |wanted: Test| tests.iter().filter(|(line, _)| test(line) == wanted).count();
    let time = gate
        .as_of
        .as_ref()
        .map_or_else(String::new, |day| format!(" timestamp=\"{}T00:00:00\"", escaped(day)));
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\"{time}>",
        escaped(suite),
        tests.len(),
        counted(Test::Failed),
        counted(Test::Skipped),
    );
    let property =
        |name: &str, value: &str| format!("      <property name=\"{name}\" value=\"{}\"/>\n", escaped(value));
    out.push_str("    <properties>\n");
    out.push_str(&property("gate", &words::gate_headline(gate)));
    for (line, name) in tests {
        if let Test::Remarked(remark) = test(line) {
            out.push_str(&property(remark, &format!("{name}: {}", line.sentence)));
        }
    }
    out.push_str("    </properties>\n");
    for (line, name) in tests {
        push_test(out, line, name);
    }
    out.push_str("  </testsuite>\n");
}

fn push_test(out: &mut String, line: &Line, name: &str) {
    let message = escaped(&line.sentence);
    let inside = match test(line) {
        Test::Succeeded => None,
        Test::Failed => Some(format!(
            "<failure type=\"{}\" message=\"{message}\">{}</failure>",
            escaped(&line.rule),
            escaped(&line.precise)
        )),
        Test::Skipped => Some(format!("<skipped message=\"{message}\"/>")),
        Test::Remarked(remark) => Some(format!(
            "<system-out>{remark}: {message}{}</system-out>",
            match line.precise.is_empty() {
                true => String::new(),
                false => format!("\n{}", escaped(&line.precise)),
            }
        )),
    };
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\"",
        escaped(&line.rule),
        escaped(name)
    );
    match inside {
        None => out.push_str("/>\n"),
        Some(inside) => {
            let _ = writeln!(out, ">\n      {inside}\n    </testcase>");
        }
    }
}

fn test(line: &Line) -> Test {
    match (line.result, line.level) {
        (Result::Fail, Level::Error) => Test::Failed,
        (Result::Fail, Level::Warn) => Test::Remarked("warning"),
        (Result::Waived, _) => Test::Remarked("waived"),
        (Result::Allowed, _) => Test::Remarked("left open, which the policy lets pass"),
        (Result::Fail, Level::Off) | (Result::Open | Result::NotJudged, _) => Test::Skipped,
        (Result::Pass, _) => Test::Succeeded,
    }
}

/// The names of the tests. Readers take two tests of one name for the same, and keep one: a pass would hide a failure. So
/// names that are not alone are followed by the rate, or else by a piece of their fingerprint.
fn names(lines: &[Line]) -> Vec<String> {
    // The third part of a key is the rate.
    let with_rate = |line: &Line| match line.key.split('/').nth(2) {
        Some(rate) => format!("{} ({})", line.name, words::entry_name(rate)),
        None => line.name.clone(),
    };
    let plain: Vec<String> = lines.iter().map(|line| line.name.clone()).collect();
    let rated = where_shared(lines, &plain, with_rate);
    where_shared(lines, &rated, |line| {
        let fingerprint = fingerprint(&line.key);
        format!("{} [{}]", line.name, fingerprint.get(..12).unwrap_or(&fingerprint))
    })
}

/// The names, and `other` in place of each that two lines of a suite and rule share.
fn where_shared(lines: &[Line], names: &[String], other: impl Fn(&Line) -> String) -> Vec<String> {
    let mut seen: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for (line, name) in lines.iter().zip(names) {
        *seen.entry((&line.suite, &line.rule, name)).or_default() += 1;
    }
    let named = lines.iter().zip(names).map(|(line, name)| {
        match seen.get(&(line.suite.as_str(), line.rule.as_str(), name.as_str())) {
            Some(1) => name.clone(),
            _ => other(line),
        }
    });
    named.collect()
}

/// Text for XML that holds no command of a build server either: they print reports to their logs.
fn escaped(text: &str) -> String {
    safe::xml(text).replace("##", "#&#35;").replace("::", ":&#58;")
}
