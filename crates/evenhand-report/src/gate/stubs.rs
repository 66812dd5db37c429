//! Stand-ins with the names and arguments of the formats that are written elsewhere, so that the command can be built and
//! tested: each holds the lines of the gate. To be dropped when the formats are there.

#![allow(
    missing_docs,
    clippy::must_use_candidate,
    reason = "these make room for the real ones"
)]

use evenhand_measure::gate::{Gate, Result};

use super::{Line, lines};
use crate::safe::{terminal, visible};
use crate::text::TextOptions;
use crate::words;

fn plain(gate: &Gate, mark: &str) -> String {
    let mut text = format!("{}{}\n", mark, terminal(&words::gate_headline(gate)));
    for line in lines(gate) {
        text.push_str(&format!("{mark}{:?} {}\n", line.result, terminal(&line.sentence)));
    }
    text
}

pub fn gate_text(gate: &Gate, options: &TextOptions) -> String {
    if options.quiet {
        return format!("{}\n", terminal(&words::gate_headline(gate)));
    }
    plain(gate, "")
}

pub fn junit(gate: &Gate) -> String {
    format!(
        "<testsuites>\n{}</testsuites>\n",
        plain(gate, "").replace(['<', '&'], "")
    )
}

pub fn gitlab(gate: &Gate, policy: &str) -> String {
    format!("[{:?}, {:?}]\n", policy, plain(gate, ""))
}

pub fn sarif(gate: &Gate, policy: &str) -> String {
    format!("{{\"runs\": [{:?}, {:?}]}}\n", policy, plain(gate, ""))
}

pub fn summary(gate: &Gate) -> String {
    plain(gate, "- ")
}

pub fn github_output(gate: &Gate) -> String {
    format!("verdict={}\n", gate.verdict.word())
}

pub fn annotations(gate: &Gate, policy: &str) -> String {
    let failing = |line: &&Line| line.result == Result::Fail;
    let failures = lines(gate);
    let one = |line: &Line| {
        let sentence = visible(&line.sentence).replace('%', "%25");
        format!("::error file={policy},line={}::{sentence}\n", line.line.unwrap_or(1))
    };
    failures.iter().filter(failing).map(one).collect()
}

pub fn openmetrics(gate: &Gate) -> String {
    format!("# {}\n# EOF\n", gate.verdict.word())
}

pub fn badge(gate: &Gate) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title></svg>\n",
        gate.verdict.word()
    )
}

pub fn badge_json(gate: &Gate) -> String {
    format!(
        "{{\"schemaVersion\": 1, \"label\": \"evenhand\", \"message\": {:?}}}\n",
        gate.verdict.word()
    )
}
