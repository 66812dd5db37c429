//! This module says how to do the same audit again: the command, the policy, and what both were applied to.

use evenhand_measure::audit::model::Audit;
use evenhand_measure::policy::applied_toml;
use serde_json::Value as Json;

use super::{Block, Place, Section};
use crate::words;

/// The name under which the policy is saved.
const POLICY: &str = "evenhand.toml";

pub(super) fn section(audit: &Audit) -> Section {
    let text = applied_toml(&audit.policy, audit.roles.adverse_declared);
    let made = &audit.provenance;
    let mut out = Vec::new();
    if !made.inputs.is_empty() {
        out.push(Block::Text(match text.is_empty() {
            true => "In the folder of the data, run:".to_owned(),
            false => format!("Save the policy below as {POLICY} in the folder of the data, and run there:"),
        }));
        out.push(Block::Code(command(audit, !text.is_empty())));
    }
    if !text.is_empty() {
        out.push(Block::Text(
            "The policy that was applied; what is not in it is as the program has it by itself:".to_owned(),
        ));
        out.push(Block::Code(text));
    }
    let names_files = ["/data/join", "/data/relevant", "/data/history"];
    if names_files.iter().any(|at| audit.policy.pointer(at).is_some()) {
        out.push(Block::Text(
            "Files that the policy names are looked for from the folder in which it is saved.".to_owned(),
        ));
    }
    out.push(Block::Facts(facts(audit)));
    out.push(Block::Text(
        "The same data, policy and version give the same numbers. The hash of the policy is of what was asked, that of the tally of the \
         counts that all numbers come from: where both agree, so does everything else."
            .to_owned(),
    ));
    Section::new("reproduce", "How to repeat this", Place::Background, out)
}

fn facts(audit: &Audit) -> Vec<(String, String)> {
    let made = &audit.provenance;
    let mut facts = vec![(
        "Program".to_owned(),
        format!("{} {}", words::name(&made.tool), words::name(&made.version)),
    )];
    let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value));
    fact("Policy, SHA-256", words::long(&made.policy_hash));
    fact("Tally, SHA-256", words::long(&made.tally_hash));
    fact(
        "Seed of random numbers",
        made.seed.map_or_else(
            || "none used".to_owned(),
            |seed| format!("{seed}; the verdict uses none"),
        ),
    );
    fact(
        "As of",
        made.as_of
            .as_deref()
            .map_or_else(|| "not dated (--as-of DAY dates a report)".to_owned(), words::name),
    );
    facts
}

fn command(audit: &Audit, has_policy: bool) -> String {
    let mut words = vec!["evenhand".to_owned(), "audit".to_owned()];
    words.extend(files(audit).into_iter().map(|file| shell(&file)));
    if let Some(preset) = audit.policy.get("preset").and_then(Json::as_str) {
        words.extend(["--preset".to_owned(), shell(preset)]);
    }
    if has_policy {
        words.extend(["--policy".to_owned(), POLICY.to_owned()]);
    }
    if let Some(day) = &audit.provenance.as_of {
        words.extend(["--as-of".to_owned(), shell(day)]);
    }
    words.join(" ")
}

/// The files to name on the command line: those that the policy names are read without.
fn files(audit: &Audit) -> Vec<String> {
    let data = audit.policy.get("data");
    let text = |value: Option<&Json>| value.and_then(Json::as_str).map(file_name);
    let joins = data.and_then(|data| data.get("join")).and_then(Json::as_array);
    let mut named: Vec<String> = joins
        .into_iter()
        .flatten()
        .filter_map(|join| text(join.get("file")))
        .collect();
    for key in ["relevant", "history"] {
        named.extend(text(data.and_then(|data| data.get(key))));
    }
    let inputs = audit.provenance.inputs.iter().map(|input| &input.name);
    inputs.filter(|name| !named.contains(name)).cloned().collect()
}

fn file_name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

/// A word for a shell: as it is, in quotes, or with escapes where a character would not be seen or would act.
fn shell(word: &str) -> String {
    // A name that begins with a hyphen would be taken for an option.
    let word = match word.starts_with('-') {
        true => format!("./{word}"),
        false => word.to_owned(),
    };
    let is_plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '+' | ',' | ':' | '@' | '%');
    let shown = crate::safe::visible(&word);
    match () {
        () if !word.is_empty() && word.chars().all(is_plain) => word,
        () if shown == word => format!("'{}'", word.replace('\'', r"'\''")),
        () => {
            let escaped = word.chars().map(|c| match c {
                '\'' | '\\' => format!("\\{c}"),
                c if crate::safe::visible(c.encode_utf8(&mut [0; 4])).len() == c.len_utf8() => c.to_string(),
                c if c.is_ascii() => format!("\\x{:02x}", u32::from(c)),
                c => format!("\\U{:08x}", u32::from(c)),
            });
            format!("$'{}'", escaped.collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::shell;

    #[test]
    fn names_of_files_are_one_word_of_a_shell() {
        for (name, word) in [
            ("hiring.csv", "hiring.csv"),
            ("-rf", "./-rf"),
            ("", "''"),
            ("a b$(x)`y`.csv", "'a b$(x)`y`.csv'"),
            ("it's", r"'it'\''s'"),
            ("名前.csv", "'名前.csv'"),
            ("a\u{1b}[31m'\n\u{202e}\\", r"$'a\x1b[31m\'\x0a\U0000202e\\'"),
        ] {
            assert_eq!(shell(name), word);
        }
    }
}
