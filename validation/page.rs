//! The page: sections of words, tables and figures, and the limits that they were held to.

use std::fmt::Write;

/// One part of the study.
pub struct Section {
    pub title: &'static str,
    pub text: String,
    pub limits: Vec<Limit>,
    /// Files beside the page: pictures and long tables.
    pub files: Vec<(&'static str, String)>,
}

/// Something that must hold.
pub struct Limit {
    pub what: String,
    pub required: String,
    pub found: String,
    /// `None` where nothing is required.
    pub met: Option<bool>,
}

/// A Markdown table; the first `words` columns are words, the others numbers.
pub fn table(head: &[&str], words: usize, rows: &[Vec<String>]) -> String {
    let mut out = format!("| {} |\n|", head.join(" | "));
    for column in 0..head.len() {
        out.push_str(if column < words { "---|" } else { "---:|" });
    }
    out.push('\n');
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}

/// The whole page.
pub fn page(sections: &[Section], software: &str) -> String {
    let limits: Vec<Vec<String>> = sections
        .iter()
        .flat_map(|section| &section.limits)
        .map(|limit| {
            let met = match limit.met {
                Some(true) => "yes",
                Some(false) => "**no**",
                None => "-",
            };
            vec![
                limit.what.clone(),
                limit.required.clone(),
                limit.found.clone(),
                met.to_owned(),
            ]
        })
        .collect();
    let mut out = format!(
        "# Validation of the verdict rule\n\n\
         Does a verdict mean what it says? A *fail* claims evidence of a breach, so a process that keeps the bound must \
         rarely fail. A *pass* claims evidence of compliance, so a process on the bound must rarely pass. And an audit \
         that never decides would be right and useless, so real breaches must fail and fair processes with enough data \
         must pass. This page measures all of that, and what other tools conclude about the same data.\n\n\
         Written by one command, which makes all its data from a seed and needs Python for the other tools:\n\n    \
         validation/run.sh\n\n\
         Software: {software}.\n\n\
         `tests/validation.rs` holds a smaller grid to the same limits whenever the tests run.\n\n## The limits\n\n{}",
        table(&["what", "required", "found", "met"], 4, &limits)
    );
    for section in sections {
        let _ = write!(out, "\n## {}\n\n{}", section.title, section.text);
    }
    out
}

/// A probability with enough decimals to compare with 0.025.
pub fn share(value: f64) -> String {
    format!("{value:.4}")
}

/// A share of runs in percent.
pub fn percent(count: u64, of: u64) -> String {
    if of == 0 {
        return "-".to_owned();
    }
    let percent = 100.0 * count as f64 / of as f64;
    format!("{percent:.1}%")
}
