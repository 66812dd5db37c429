//! This module writes the answer of a gate for the pages of GitHub: the summary of a job, and what later steps read.

use evenhand_measure::audit::change::Changes;
use evenhand_measure::audit::model::Finding;
use evenhand_measure::gate::{Gate, Result, State, Subject};
use evenhand_measure::policy::Level;

use super::line::Line;
use super::told::{Kind, passed_line, passed_title, so_many, symbol, told, verdict_symbol};
use super::{since, worst};
use crate::markdown::inline;
use crate::safe::markdown;
use crate::text::{data_lines, note_lines, reversal_lines};
use crate::words;

/// GitHub takes 1 MiB for a step, of which other commands of the step may want some.
const MOST: usize = 900 * 1024;
/// What is kept for the lines that stand at the end whatever came before.
const KEPT: usize = 32 * 1024;
/// Rows of a table, or points of a list, that stand open; more are folded.
const OPEN: usize = 30;

/// The answer as GitHub Markdown, for `$GITHUB_STEP_SUMMARY`: 900 KiB at most, the worst first, without pictures.
#[must_use]
pub fn summary(gate: &Gate) -> String {
    summary_within(gate, MOST)
}

fn summary_within(gate: &Gate, most: usize) -> String {
    let mut page = Room {
        out: String::new(),
        most: most.saturating_sub(KEPT),
        left_out: Vec::new(),
    };
    page.must(&format!(
        "## {} {}\n",
        verdict_symbol(gate.verdict),
        markdown(&words::gate_headline(gate))
    ));
    let reversals = reversal_lines(&gate.audit);
    let reversals: Vec<String> = reversals
        .iter()
        .map(|line| format!("\n{}\n", inline::line(line)))
        .collect();
    let left = page.fill(&reversals);
    page.left_out(left, |left| words::plural(left as u64, "reversal"));
    let lines = worst::worst_first(gate);
    for kind in told(gate) {
        let points: Vec<String> = lines.iter().filter(|line| Kind::of(line) == kind).map(point).collect();
        let left = page.section(kind.title(), "", &points);
        page.left_out(left, |left| so_many(left, kind));
    }
    if let Some(changes) = &gate.changes {
        changed(&mut page, changes);
    }
    let passes: Vec<String> = lines
        .iter()
        .filter(|line| Kind::of(line) == Kind::Passed)
        .map(point)
        .collect();
    page.must(&format!(
        "\n### {}\n\n{}\n",
        passed_title(gate),
        inline::line(&passed_line(gate))
    ));
    if let Some(listing) = words::listing(&gate.audit, Level::Error) {
        page.must(&format!("\n{}\n", inline::line(&listing)));
    }
    let left = page.folded("What passed, one by one", "", &passes);
    page.left_out(left, |left| so_many(left, Kind::Passed));
    let facts: Vec<String> = data_lines(&gate.audit)
        .into_iter()
        .chain(
            gate.as_of
                .as_ref()
                .map(|day| format!("Waivers were judged as of {}", words::name(day))),
        )
        .chain(note_lines(&gate.audit))
        .map(|line| format!("- {}\n", inline::line(&line)))
        .collect();
    let left = page.folded("Data and notes", "", &facts);
    page.left_out(left, |left| words::plural(left as u64, "line on the data"));
    page.finish()
}

/// A point of a list; the symbol keeps whatever a name begins with from starting a line.
fn point(line: &Line) -> String {
    format!("- {} {}\n", symbol(line), markdown(&line.sentence))
}

fn changed(page: &mut Room, changes: &Changes) {
    page.must(&format!("\n### {}\n", since::title(changes)));
    for line in since::could_show(changes).into_iter().chain([since::how(changes)]) {
        page.must(&format!("\n{}\n", inline::line(&line)));
    }
    for block in since::blocks(changes) {
        let rule: Vec<&str> = since::RIGHT
            .iter()
            .map(|right| if *right { "--:" } else { "---" })
            .collect();
        let head = format!(
            "{}{}",
            cells(&since::header()),
            row_of(rule.iter().map(|cell| (*cell).to_owned()))
        );
        let rows: Vec<String> = block.changes.iter().map(|change| cells(&since::row(change))).collect();
        let left = page.folded(&block.title, &head, &rows);
        page.left_out(left, |left| words::plural(left as u64, "row on what has changed"));
    }
}

fn cells(cells: &[String]) -> String {
    row_of(cells.iter().map(|cell| markdown(cell)))
}

fn row_of(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// A page that has an end.
struct Room {
    out: String,
    most: usize,
    left_out: Vec<String>,
}

impl Room {
    /// Text that stands there whatever else does: it is short, and room is kept for it.
    fn must(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// A list under a title; how many of its lines did not fit.
    fn section(&mut self, title: &str, head: &str, lines: &[String]) -> usize {
        if lines.is_empty() || self.most == 0 {
            return lines.len();
        }
        self.must(&format!("\n### {}\n\n{head}", markdown(title)));
        let open = self.fill(&lines[..lines.len().min(OPEN)]);
        let rest = &lines[lines.len().min(OPEN)..];
        open + match open {
            0 => self.folded(
                &format!("{} more", crate::numbers::count(rest.len() as u64)),
                head,
                rest,
            ),
            _ => rest.len(),
        }
    }

    /// The same under a title that opens it.
    fn folded(&mut self, title: &str, head: &str, lines: &[String]) -> usize {
        if lines.is_empty() || self.most == 0 {
            return lines.len();
        }
        let open = if head.is_empty() || lines.len() > OPEN {
            ""
        } else {
            " open"
        };
        self.must(&format!(
            "\n<details{open}><summary>{}</summary>\n\n{head}",
            inline::summary(title)
        ));
        let left = self.fill(lines);
        self.must("\n</details>\n");
        left
    }

    /// As many lines as fit; how many did not.
    fn fill(&mut self, lines: &[String]) -> usize {
        for (at, line) in lines.iter().enumerate() {
            if self.out.len() + line.len() > self.most {
                // What is worse came before; nothing that is less bad slips in after it.
                self.most = 0;
                return lines.len() - at;
            }
            self.out.push_str(line);
        }
        0
    }

    fn left_out(&mut self, number: usize, said: impl Fn(usize) -> String) {
        if number > 0 {
            self.left_out.push(said(number));
        }
    }

    fn finish(mut self) -> String {
        if !self.left_out.is_empty() {
            let said = self.left_out.join(", ");
            self.out.push_str(&format!(
                "\n**Left out, because a summary has no room for more: {said}.** The other formats have everything.\n"
            ));
        }
        self.out
    }
}

/// What later steps of a workflow may ask for, for `$GITHUB_OUTPUT`: one value a line, none of them from outside.
///
/// `worst_ratio` is the smallest of the judged ratios, or of their inverses where those are smaller; empty where none
/// was judged.
#[must_use]
pub fn github_output(gate: &Gate) -> String {
    let counted = |result: Result| {
        let of = gate
            .items
            .iter()
            .filter(|item| item.level == Level::Error && item.result == result);
        of.count()
    };
    let judged = gate.items.iter().filter_map(|item| match item.subject {
        Subject::Finding(index) if item.level == Level::Error => gate.audit.findings.get(index),
        _ => None,
    });
    let worst = judged.filter_map(ratio).min_by(f64::total_cmp);
    let unused = gate.waivers.iter().filter(|waiver| waiver.state != State::Used).count();
    format!(
        "verdict={}\nworst_ratio={}\nfailed={}\nopen={}\nwaived={}\nstale_waivers={unused}\n",
        gate.verdict.word(),
        worst.map_or_else(String::new, |worst| format!("{worst:.4}")),
        counted(Result::Fail),
        counted(Result::Open),
        counted(Result::Waived),
    )
}

/// A ratio without regard to direction.
fn ratio(finding: &Finding) -> Option<f64> {
    if finding.comparison != "ratio" {
        return None;
    }
    match finding.point {
        Some(point) => Some(point.min(1.0 / point)),
        None => crate::order::is_infinite(finding).then_some(0.0),
    }
}

#[cfg(test)]
mod tests;
