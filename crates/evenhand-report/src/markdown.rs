//! This module writes the audit as GitHub Markdown, for a pull request or a wiki.

use evenhand_measure::audit::model::Audit;
use evenhand_measure::policy::Level;

use crate::arrange::outcome_token;
use crate::numbers::count;
use crate::order::{Block, Outcomes, blocks, lower_first, strata_together};
use crate::safe;
use crate::text::{
    ALL_RIGHT, CHANGES_SHOWN, SETTLE, Section, all_header, all_legend, all_rows, classes, data_lines, finding_header,
    finding_row, group_header, group_row, group_sets, is_reach, legend, measures, note_lines, provenance_lines,
    reaches, reversal_lines, summary_header, summary_row,
};
use crate::{publication, significance, words};

/// Rows of a table outside the collapsed part.
const ROWS_SHOWN: usize = 10;

/// The audit as Markdown: the verdict, the tables, and every comparison in a collapsed part.
#[must_use]
pub fn markdown(audit: &Audit, extra: &[Section]) -> String {
    let audit = &*lower_first(audit);
    let mut out = String::from("# Bias audit\n\n");
    let headline = words::headline(audit);
    let (verdict, rest) = headline.split_once(':').unwrap_or((&headline, ""));
    out.push_str(&format!("**{}:**{}\n", safe::markdown(verdict), safe::markdown(rest)));
    for line in words::other_sides(audit).into_iter().chain(reversal_lines(audit)) {
        out.push_str(&format!("\n{}\n", escaped(&line)));
    }
    published(&mut out, audit);
    let sets = group_sets(audit);
    for set in &sets {
        if is_reach(set) {
            let mut full = String::new();
            table(&mut full, &all_header(set), &all_rows(set), &ALL_RIGHT);
            collapsed(&mut out, &set.title(), &full);
            continue;
        }
        out.push_str(&format!("\n## {}\n\n", escaped(&set.title())));
        let columns = set.columns();
        let shown = set.largest(4 * ROWS_SHOWN);
        let rows: Vec<Vec<String>> = shown
            .iter()
            .copied()
            .chain(set.overall)
            .map(|group| group_row(set, group, &columns, true))
            .collect();
        let right: Vec<bool> = (0..columns.len() + 2).map(|column| column > 0).collect();
        if !columns.is_empty() {
            out.push_str(&format!(
                "{}\n\n",
                escaped(&legend(audit, set, true, "the full list says why"))
            ));
            table(&mut out, &group_header(&columns), &rows, &right);
        }
        let classes = classes(audit, set);
        if let Some(classes) = &classes {
            let groups = shown.iter().copied().chain(set.overall);
            let rows: Vec<Vec<String>> = groups.map(|group| classes.row(set, group, true)).collect();
            out.push_str(&format!("{}\n\n", escaped(&classes.legend(audit, true))));
            table(&mut out, &classes.header(), &rows, &classes.right());
        }
        for (at, measures) in measures(audit, set).iter().enumerate() {
            let is_first = at == 0 && columns.is_empty() && classes.is_none();
            let gap = if is_first { "" } else { "\n" };
            out.push_str(&format!(
                "{gap}{}. {}\n\n",
                escaped(measures.title()),
                escaped(&measures.legend(audit, set, true))
            ));
            let groups = measures.groups(set, &shown);
            let rows: Vec<Vec<String>> = groups.map(|group| measures.row(audit, set, group, true)).collect();
            table(&mut out, &measures.header(), &rows, &measures.right());
        }
        let hidden = set.groups.len() - shown.len();
        if hidden > 0 {
            let noun = words::plural(hidden as u64, "smaller group");
            out.push_str(&format!("\n… and {noun}, in the full list.\n"));
        }
        let mut full = String::new();
        full.extend(all_legend(set).map(|legend| format!("{}\n\n", escaped(legend))));
        table(&mut full, &all_header(set), &all_rows(set), &ALL_RIGHT);
        collapsed(&mut out, "Every measure of every group", &full);
    }
    for reach in reaches(&sets) {
        out.push_str(&format!(
            "\n## {}\n\n{}\n\n",
            escaped(&reach.title()),
            escaped(&reach.legend())
        ));
        table(&mut out, &reach.header(), &reach.rows(4 * ROWS_SHOWN), &reach.right());
    }
    let blocks = blocks(audit);
    let (judged, reported): (Vec<&Block<'_>>, Vec<&Block<'_>>) = blocks.iter().partition(|block| block.counts());
    if let Some(listing) = words::listing(audit, Level::Error) {
        out.push_str(&format!("\n{}\n", escaped(&listing)));
    }
    for block in judged {
        block_of(&mut out, block, audit, "##");
    }
    if !reported.is_empty() {
        out.push_str("\n## Also measured; none of it changes the verdict\n\n");
        for line in [
            words::listing(audit, Level::Warn),
            words::adjustment_note(audit, Level::Warn),
        ] {
            out.extend(line.map(|line| format!("{}\n\n", escaped(&line))));
        }
        summaries(&mut out, &reported, audit);
        let mut full = String::new();
        for block in reported {
            block_of(&mut full, block, audit, "###");
        }
        collapsed(&mut out, "Every comparison of these", &full);
    }
    beside(&mut out, audit);
    changes(&mut out, audit);
    list(&mut out, "Data", &data_lines(audit));
    list(&mut out, "Notes", &note_lines(audit));
    for section in extra {
        list(&mut out, &section.title, &section.lines);
    }
    list(&mut out, "Provenance", &provenance_lines(audit));
    out
}

/// What a rule asks to be published.
fn published(out: &mut String, audit: &Audit) {
    let Some(published) = &audit.publication else { return };
    for posted in publication::tables(published, &audit.roles) {
        out.push_str(&format!("\n## {}\n\n", escaped(&posted.title)));
        table(out, &posted.header, &posted.rows, &publication::RIGHT);
        out.push_str(&format!("\n{}\n", escaped(&posted.unknown)));
    }
    list(out, publication::ABOUT, &publication::about(published, &audit.roles));
}

/// Named tests and what differences mean in people, folded.
fn beside(out: &mut String, audit: &Audit) {
    let sets = significance::sets(audit);
    if sets.is_empty() {
        return;
    }
    out.push_str(&format!(
        "\n## {}\n\n{}\n",
        significance::TITLE,
        escaped(significance::ABOUT)
    ));
    for set in sets {
        let mut full = String::new();
        let (tests, practical) = (set.test_rows(), set.practical_rows());
        if !tests.is_empty() {
            full.push_str(&format!("{}\n\n", escaped(&set.tests_about())));
            table(
                &mut full,
                &significance::test_header(),
                &tests,
                &significance::TESTS_RIGHT,
            );
        }
        if !practical.is_empty() {
            full.push_str(&format!("\n{}\n\n", escaped(set.practical_about())));
            table(
                &mut full,
                &significance::practical_header(),
                &practical,
                &significance::PRACTICAL_RIGHT,
            );
        }
        collapsed(out, &set.title(), &full);
    }
}

/// What would change the verdict, and every assumption that was examined, folded.
fn changes(out: &mut String, audit: &Audit) {
    let Some(changes) = words::what_would_change(audit, CHANGES_SHOWN) else {
        return;
    };
    out.push_str(&format!(
        "\n## What would change the verdict\n\n{}\n",
        escaped(&changes.lead)
    ));
    for (at, line) in changes.lines.iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        out.push_str(&format!("{gap}- {}.\n", escaped(line)));
    }
    if changes.more > 0 {
        out.push_str(&format!("\n… and {} more, in the full list.\n", changes.more));
    }
    let mut full = String::new();
    let rows: Vec<Vec<String>> = audit.sensitivity.iter().map(words::sensitivity_row).collect();
    table(&mut full, &words::sensitivity_header(), &rows, &[]);
    collapsed(out, "Every assumption examined", &full);
}

fn block_of(out: &mut String, block: &Block<'_>, audit: &Audit, mark: &str) {
    out.push_str(&format!("\n{mark} {}\n\n", escaped(&words::block_title(block, audit))));
    if block.compares_nothing() {
        for finding in &block.findings {
            let sentence = words::finding_sentence(finding, audit, true);
            out.push_str(&format!("- {}\n", escaped(&sentence)));
        }
        return;
    }
    out.push_str(&format!("{}\n\n", escaped(&words::block_rule(block, audit))));
    let shown = block.foremost(ROWS_SHOWN);
    let rows: Vec<Vec<String>> = shown.iter().map(|finding| finding_row(block, finding)).collect();
    table(
        out,
        &finding_header(block),
        &rows,
        &[false, false, false, true, true, true],
    );
    if let Some(line) = words::picked_line(block, audit) {
        out.push_str(&format!("\n{}\n", escaped(&line)));
    }
    if block.has_open() {
        out.push_str(&format!("\n{}\n", escaped(SETTLE)));
    }
    if shown.len() < block.findings.len() {
        let hidden = block
            .findings
            .iter()
            .copied()
            .filter(|f| !shown.iter().any(|s| std::ptr::eq(*s, *f)));
        out.push_str(&format!(
            "\n{}\n",
            escaped(&words::more_phrase(
                Outcomes::of(hidden),
                block.partly_listed(audit),
                "; the full list has them"
            ))
        ));
    }
    let mut full = String::new();
    for finding in &block.findings {
        full.push_str(&format!(
            "- **{}** {}\n",
            escaped(&outcome_token(finding.outcome)),
            escaped(&words::finding_sentence(finding, audit, true))
        ));
    }
    let summary = match block.findings.len() {
        1 => "The comparison in words".to_owned(),
        several if block.partly_listed(audit) => format!("The {} listed comparisons in words", count(several as u64)),
        several => format!("All {} comparisons in words", count(several as u64)),
    };
    collapsed(out, &summary, &full);
}

fn summaries(out: &mut String, blocks: &[&Block<'_>], audit: &Audit) {
    let blocks = strata_together(blocks);
    let rows: Vec<Vec<String>> = blocks.iter().map(|block| summary_row(block, audit)).collect();
    table(out, &summary_header(), &rows, &[]);
}

fn table(out: &mut String, header: &[String], rows: &[Vec<String>], right: &[bool]) {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    out.push_str(&line(header));
    let rule = (0..header.len()).map(|at| {
        if right.get(at).copied().unwrap_or(false) {
            "---:"
        } else {
            "---"
        }
    });
    out.push_str(&format!("| {} |\n", rule.collect::<Vec<_>>().join(" | ")));
    for row in rows {
        out.push_str(&line(row));
    }
}

fn collapsed(out: &mut String, summary: &str, body: &str) {
    // GitHub renders Markdown inside <details> only after an empty line.
    out.push_str(&format!(
        "\n<details>\n<summary>{}</summary>\n\n{}\n</details>\n",
        safe::xml(summary),
        body.trim_start()
    ));
}

fn list(out: &mut String, title: &str, lines: &[String]) {
    if !lines.is_empty() {
        out.push_str(&format!("\n## {}\n\n", escaped(title)));
        for line in lines {
            out.push_str(&format!("- {}\n", escaped(line)));
        }
    }
}

fn escaped(text: &str) -> String {
    safe::markdown(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, HOSTILE};

    #[test]
    fn hostile_names_are_text() {
        let extra = [Section {
            title: HOSTILE.concat(),
            lines: HOSTILE.map(str::to_owned).to_vec(),
        }];
        let text = markdown(&sample::hostile(), &extra);
        for bad in [
            "<script", "</script", "<img", "@team", "https://", " www.", "\u{1b}", "\u{202e}", "\0",
        ] {
            assert!(!text.contains(bad), "{bad:?}");
        }
        assert!(text.contains("a\\|b\\`c\\`\\*d\\*\\_e\\_\\[f\\]") && text.contains("&lt;/script&gt;"));
        // No name starts a line, so none is read as a heading or as a command of CI.
        assert!(
            text.lines()
                .all(|line| !line.starts_with("::") && !line.starts_with("##vso") && !line.starts_with("\\#"))
        );
    }

    #[test]
    fn every_row_has_the_cells_of_its_header() {
        for audit in [
            sample::failing().audit(),
            sample::hostile(),
            sample::many(12).audit(),
            sample::lists(&HOSTILE),
            sample::prices(&["low", "high"]),
            sample::scores(&HOSTILE),
        ] {
            let text = markdown(&audit, &[]);
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            let mut width = None;
            for line in text.lines() {
                width = line.starts_with('|').then(|| width.unwrap_or_else(|| cells(line)));
                assert!(width.is_none_or(|width| width == cells(line)), "{line}");
            }
            assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        }
    }

    #[test]
    fn the_full_list_is_there() {
        let audit = sample::many(12).audit();
        let text = markdown(&audit, &[]);
        let sentences = text.lines().filter(|line| line.starts_with("- **")).count();
        assert_eq!(sentences, audit.findings.len());
    }
}
