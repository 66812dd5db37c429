//! This module writes `docs/measures.md`: the whole catalogue, one section for each entry.

use evenhand_measure::catalogue::{Citation, Criterion, Entry, entries};

use crate::catalog::{better, bound, level, method_of, paragraphs, range};
use crate::words::capital;

const INTRO: &str = "\
# Measures

<!-- Written from the catalogue by `UPDATE_GENERATED=1 cargo test --workspace`; do not edit. -->

Every number that `evenhand` reports, and every criterion that it can judge by. `evenhand explain ID` prints a section
of this page.

## The four cells

Each row of the data has a decision (or prediction), and may have a label: what really happened. *Positive* is the
value that counts as the event (`--positive`); it may be good for the person, such as being hired, or bad, such as being
denied. A row falls in one of four cells:

| | The event happened | It did not happen |
| --- | --- | --- |
| **The event was decided** | TP, true positive | FP, false positive |
| **It was not decided** | FN, false negative | TN, true negative |

A *rate* is the share of the rows in some cells that are also in some of these cells. A *statistic* is another number made
from the four cells. A *criterion* compares a rate between groups and holds the ratio or the difference against a
bound. Without a label only the two rows of the table are known: *needs* says what a measure cannot do without.

A measure without a value is reported as such, with the reason; it is never taken as 0, and never as a pass.
";

const KINDS: [(&str, &str, &str); 5] = [
    (
        "rate",
        "Rates",
        "Shares of rows, reported for everyone and for each group, each with its counts and an interval.",
    ),
    (
        "statistic",
        "Statistics",
        "Numbers that are no share of rows, reported for everyone and for each group.",
    ),
    (
        "measure",
        "Measures of scores, amounts and lists",
        "Numbers that are no function of the four cells, reported for everyone and for each group.",
    ),
    (
        "criterion",
        "Criteria",
        "What is judged. The bounds are defaults that a policy overrides; none of them is law, and meeting one does \
         not make a decision fair.",
    ),
    (
        "method",
        "Methods",
        "How intervals are computed, which a policy chooses under `[inference.methods]`, and the named tests and \
         adjustments that stand beside the verdict.",
    ),
];

/// The text of `docs/measures.md`: what the four cells are, then every rate, statistic, criterion and method.
#[must_use]
pub fn measures_markdown() -> String {
    let mut out = INTRO.to_owned();
    for (kind, title, about) in KINDS {
        out.push_str(&format!("\n## {title}\n\n{about}\n\n"));
        let of_kind = || entries().filter(|entry| entry.kind() == kind);
        for entry in of_kind() {
            let name = capital(entry.name());
            out.push_str(&format!("- [{name}](#{}): `{}`\n", anchor(entry.name()), entry.id()));
        }
        for entry in of_kind() {
            out.push_str(&section(entry));
        }
    }
    out.push_str("\n## Sources\n\n");
    for citation in sources() {
        out.push_str(&format!("- **{}.** {}\n", citation.key, citation.text));
    }
    out
}

fn section(entry: Entry) -> String {
    let mut paragraphs = paragraphs(entry).into_iter();
    let mut out = format!(
        "\n### {}\n\n`{}`\n\n{}\n\n",
        capital(entry.name()),
        entry.id(),
        paragraphs.next().unwrap_or_default()
    );
    let mut line = |label: &str, text: &str| out.push_str(&format!("- **{label}:** {text}\n"));
    line("Formula", &format!("`{}`", entry.formula()));
    if let Entry::Method(method) = entry {
        line("For", &method_of(method));
        line("Assumes", method.assumptions);
    } else {
        line("Range", &range(entry));
        line("Needs", &entry.needs().join(", "));
    }
    line("Undefined when", &entry.undefined_when());
    match entry {
        Entry::Rate(rate) => {
            line("Direction", &better_is(better(rate.better)));
            line("Family", rate.family().name());
        }
        Entry::Statistic(statistic) => line("Direction", &better_is(better(statistic.better))),
        Entry::Measure(measure) => {
            line("About", measure.domain());
            line("Unit", measure.unit.words());
            line("Direction", &better_is(better(measure.better)));
        }
        Entry::Criterion(criterion) => {
            line("Direction", &direction(criterion));
            line("Default bound", &bound(criterion));
            line("Default level", level(criterion));
        }
        Entry::Method(_) => {}
    }
    let limits: Vec<String> = paragraphs.collect();
    line("Limits", &or_none(&limits, " "));
    let aliases: Vec<String> = entry.aliases().iter().map(|alias| format!("`{alias}`")).collect();
    line("Also called", &or_none(&aliases, ", "));
    let keys: Vec<&str> = entry.citations().iter().map(|citation| citation.key).collect();
    line("Sources", &format!("{} ([list](#sources))", keys.join(", ")));
    out
}

fn or_none(items: &[String], between: &str) -> String {
    match items.is_empty() {
        true => "none".to_owned(),
        false => items.join(between),
    }
}

fn better_is(better: &str) -> String {
    match better {
        "higher" | "lower" => format!("{better} is better"),
        _ => better.to_owned(),
    }
}

/// Which outcome is compared, and which group with which.
fn direction(criterion: &Criterion) -> String {
    let what = if criterion.measure.is_some() {
        "compares the measure as it is"
    } else if criterion.favourable {
        "compares the favourable outcome: with an adverse event (`--adverse`) one minus the rate"
    } else {
        "compares the rate as it is, whatever the event means for the person"
    };
    let whom = if criterion.against_highest {
        "each group with every other, so also with the highest; with a declared reference (`--reference`) only with that, \
         in both directions"
    } else {
        "every two groups, in both directions; with a declared reference (`--reference`) only with that"
    };
    let within = if criterion.per_stratum {
        "; within each stratum"
    } else {
        ""
    };
    format!("{what}; {whom}{within}")
}

/// The anchor that GitHub gives to a heading.
fn anchor(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-');
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// Every source of the catalogue once, by its key.
fn sources() -> Vec<&'static Citation> {
    let mut sources: Vec<&Citation> = entries().flat_map(|entry| entry.citations().iter().copied()).collect();
    sources.sort_by_key(|citation| citation.key.to_lowercase());
    sources.dedup();
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_has_a_section_with_all_lines() {
        let text = measures_markdown();
        let sections: Vec<&str> = text.split("\n### ").skip(1).collect();
        assert_eq!(sections.len(), entries().count());
        for (entry, section) in entries().zip(sections) {
            let mut labels = vec!["Formula", "Undefined when", "Limits", "Also called", "Sources"];
            match entry {
                Entry::Method(_) => labels.extend(["For", "Assumes"]),
                _ => labels.extend(["Range", "Needs", "Direction"]),
            }
            match entry {
                Entry::Rate(_) => labels.push("Family"),
                Entry::Statistic(_) | Entry::Method(_) => {}
                Entry::Measure(_) => labels.extend(["About", "Unit"]),
                Entry::Criterion(_) => labels.extend(["Default bound", "Default level"]),
            }
            for label in labels {
                let start = format!("\n- **{label}:** ");
                let line = section.split_once(&start).and_then(|(_, rest)| rest.lines().next());
                assert!(
                    line.is_some_and(|line| !line.is_empty()),
                    "{} has no {label}",
                    entry.id()
                );
            }
            for citation in entry.citations() {
                assert!(text.contains(&format!("- **{}.** {}", citation.key, citation.text)));
            }
        }
    }

    #[test]
    fn every_link_has_one_heading() {
        let text = measures_markdown();
        let headings: Vec<String> = text
            .lines()
            .filter_map(|line| Some(anchor(line.strip_prefix('#')?.trim_start_matches('#').trim())))
            .collect();
        let links: Vec<&str> = text
            .split("](#")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .collect();
        assert!(links.len() > entries().count());
        for link in links {
            assert_eq!(headings.iter().filter(|heading| *heading == link).count(), 1, "{link}");
        }
    }
}
