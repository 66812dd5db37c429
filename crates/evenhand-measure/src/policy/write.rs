//! This module writes a policy as the text of a policy file, with what its settings mean beside them.

use serde_json::{Map, Value};

use super::keys::{KEYS, SECTIONS, row_of};
use super::{Inference, Policy};
use crate::catalogue::find_criterion;
use crate::inference::Comparison;

impl Policy {
    /// The policy as the text of a policy file, which is read as this policy again. The preset that it goes on from is
    /// not said: what it says is in the file.
    ///
    /// ```
    /// use evenhand_measure::{Policy, policy::parse};
    /// let mut policy = Policy::default();
    /// policy.roles.prediction = Some("hired".to_owned());
    /// policy.values.map.entry("sex".to_owned()).or_default().insert("F".to_owned(), "Female".to_owned());
    /// let text = policy.to_toml();
    /// assert_eq!(text, "[roles]\nprediction = \"hired\"  # the decision\n\n[values.map.sex]\nF = \"Female\"\n");
    /// assert_eq!(parse("evenhand.toml", &text).unwrap(), policy);
    /// ```
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut root = self.as_written();
        root.remove("preset");
        // What everybody has need not be said.
        if let (Some(Value::Object(own)), Ok(Value::Object(usual))) =
            (root.get_mut("inference"), serde_json::to_value(Inference::default()))
        {
            own.retain(|key, value| usual.get(key) != Some(value));
        }
        let mut text = String::new();
        write_table(&mut Vec::new(), &root, &mut text);
        text
    }
}

/// Writes the values of a table, then the tables in it.
pub(super) fn write_table(path: &mut Vec<String>, table: &Map<String, Value>, text: &mut String) {
    let is_table = |value: &Value| match value {
        Value::Object(_) => true,
        Value::Array(items) => items.first().is_some_and(Value::is_object),
        _ => false,
    };
    let mut settings: Vec<(&String, &Value)> = table.iter().filter(|(_, value)| !value.is_null()).collect();
    settings.sort_by_key(|(key, _)| place(path, key));
    for (key, value) in settings.iter().filter(|(_, value)| !is_table(value)) {
        text.push_str(&format!("{} = {}", bare(key), inline(value)));
        if let Some(meaning) = meaning(path, key, value) {
            text.push_str(&format!("  # {meaning}"));
        }
        text.push('\n');
    }
    // A check without a bound would be read with that of its criterion.
    if path.as_slice() == ["check"] && !table.contains_key("bound") && !table.contains_key("pass-mark") {
        text.push_str("pass-mark = false\n");
    }
    for (key, value) in settings.iter().filter(|(_, value)| is_table(value)) {
        path.push((*key).clone());
        let name: Vec<String> = path.iter().map(|part| bare(part)).collect();
        let name = name.join(".");
        let mut part = |title: String, inner: &Map<String, Value>| {
            // A table that holds nothing but tables needs no title; that something is published is said by an empty one.
            if inner.values().any(|value| !is_table(value)) || title == "[publication]" {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&title);
                text.push('\n');
            }
            write_table(path, inner, text);
        };
        match value {
            Value::Object(inner) => part(format!("[{name}]"), inner),
            Value::Array(items) => {
                for item in items.iter().filter_map(Value::as_object) {
                    part(format!("[[{name}]]"), item);
                }
            }
            _ => {}
        }
        path.pop();
    }
}

/// What a setting means. Of a check its criterion says it, for all its lines.
fn meaning(path: &[String], key: &str, value: &Value) -> Option<String> {
    if path == ["check"] {
        let criterion = find_criterion(value.as_str().filter(|_| key == "criterion")?).ok()?;
        let bound = match criterion.comparison {
            Comparison::Ratio => "the bound is the lowest ratio",
            Comparison::Difference => "the bound is the largest difference",
        };
        return Some(format!("{}: {bound}", criterion.name));
    }
    let whole: Vec<&str> = path.iter().map(String::as_str).chain([key]).collect();
    let row = row_of(&whole).filter(|row| row.name != "*")?;
    Some(row.meaning.to_owned())
}

/// Where a setting stands: tables and keys in the order of their rows.
fn place(path: &[String], key: &str) -> usize {
    let whole: Vec<&str> = path.iter().map(String::as_str).chain([key]).collect();
    let named = whole.join(".");
    let of_table = SECTIONS.iter().position(|row| row.path == named);
    let of_key = || {
        let row = row_of(&whole)?;
        KEYS.iter().position(|other| std::ptr::eq(other, row))
    };
    of_table.or_else(of_key).unwrap_or(KEYS.len())
}

/// A key, in quotes where it needs them.
pub(super) fn bare(key: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(is_plain) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

/// A text as a policy file has it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            // Marks that change the direction of writing could make the line read as another.
            c if c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}') =>
            {
                quoted.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Bins, Check, Data, Decimal, Join, Level, Quantiles, Ragged, default_checks, parse};

    fn assert_round(policy: &Policy) {
        let text = policy.to_toml();
        match parse("evenhand.toml", &text) {
            Ok(read) => assert_eq!(read, *policy, "{text}"),
            Err(problems) => panic!("{problems:?}\n{text}"),
        }
    }

    #[test]
    fn what_is_written_is_read_as_the_same_policy() {
        assert_eq!(Policy::default().to_toml(), "");
        let odd = "a \"b\" \\ \n\t\u{1b}[31m \u{202e} é = # ü\u{7f}";
        let mut policy = Policy {
            data: Data {
                encoding: Some("windows-1252".into()),
                delimiter: Some('\t'),
                decimal: Some(Decimal::Comma),
                header_row: Some(4),
                footer_rows: Some(0),
                ragged: Some(Ragged::LeaveOut),
                sheet: Some(odd.into()),
                explode: vec!["rec_*".into()],
                joins: vec![
                    Join {
                        file: "users.csv".into(),
                        on: "user_id".into(),
                        key: None,
                        side: Some("user".into()),
                    },
                    Join {
                        file: "zip.csv".into(),
                        on: "zip".into(),
                        key: Some("code".into()),
                        side: None,
                    },
                ],
                ..Data::default()
            },
            ..Policy::default()
        };
        policy.roles.protected = vec![odd.into(), "age".into()];
        policy.roles.intersections = vec![vec![odd.into(), "age".into()]];
        policy.roles.score = Some("s".into());
        policy.roles.threshold = Some(0.5.into());
        policy.values.positive = Some(String::new());
        policy.values.adverse = Some(false);
        let map = policy.values.map.entry(odd.to_owned()).or_default();
        map.insert(odd.to_owned(), "x".to_owned());
        map.insert("female ".to_owned(), "Female".to_owned());
        policy.bins.insert("age".into(), Bins::Edges(vec![25.0, 40.5, 1e300]));
        policy.bins.insert(odd.into(), Bins::Quantiles(Quantiles::Terciles));
        policy.publication = Some(crate::policy::Publish::default());
        policy.inference.min_denominator = 30;
        policy.inference.reference.insert(odd.into(), odd.into());
        policy.checks = default_checks(&|_| false).into_iter().take(2).collect();
        policy.checks.push(Check {
            by: vec![vec![odd.into()]],
            level: Level::Warn,
            ..policy.checks[0].clone()
        });
        policy.checks[0].by = vec![vec!["age".into()]];
        policy.checks[1].bound = None;
        assert_round(&policy);
        assert!(!policy.to_toml().contains('\u{1b}'));
    }
}
