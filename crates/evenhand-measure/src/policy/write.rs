//! This module writes a policy as the text of a policy file, with what its settings mean beside them.

use serde_json::{Map, Value};

use super::{Inference, Policy, Report};

/// What settings mean, by section and key.
const MEANINGS: &[(&str, &str)] = &[
    ("data.encoding", "how the letters of the text are stored"),
    ("data.delimiter", "what separates fields"),
    ("data.decimal", "what numbers have before their fraction"),
    ("data.header-row", "the line or row that names the columns"),
    ("data.footer-rows", "lines or rows at the end that are no records"),
    ("data.ragged", "records with too few or too many fields"),
    ("data.sheet", "the sheet of the workbook"),
    ("data.table", "the table of the database"),
    ("data.records", "where the list of records is"),
    ("data.explode", "columns that hold lists"),
    ("roles.prediction", "the decision"),
    ("roles.compared", "another model's decision on the same row"),
    ("roles.label", "what really happened"),
    ("roles.score", "a score, which the threshold makes a decision"),
    ("roles.threshold", "the lowest score that counts"),
    ("roles.protected", "the protected attributes"),
    ("roles.intersections", "attributes that are judged in combination"),
    ("roles.strata", "groups are compared within these"),
    ("roles.weight", "what each row weighs"),
    ("roles.count", "how many rows a record stands for"),
    ("roles.cluster", "the unit that repeats"),
    ("roles.rate", "the published share of positive decisions"),
    ("values.positive", "the decision that counts as the event"),
    ("values.positive-label", "the label that counts as the event"),
    ("values.adverse", "whether the event is bad for the person"),
    ("values.missing", "texts that mean that a value is missing"),
    ("report.client", "for whom a report is made"),
    ("report.auditor", "by whom"),
];

impl Policy {
    /// The policy as the text of a policy file, which is read as this policy again. The preset that it goes on from is
    /// not part of the file: it is named on the command line.
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
        let Ok(Value::Object(mut root)) = serde_json::to_value(self) else {
            return String::new();
        };
        root.remove("preset");
        // What decides nothing is no part of the JSON.
        if let (true, Ok(report)) = (self.report != Report::default(), serde_json::to_value(&self.report)) {
            root.insert("report".to_owned(), report);
        }
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
        let named = [path.as_slice(), std::slice::from_ref(*key)].concat().join(".");
        if let Some((_, meaning)) = MEANINGS.iter().find(|(name, _)| *name == named) {
            text.push_str(&format!("  # {meaning}"));
        }
        text.push('\n');
    }
    // A check without a bound would be read with that of its criterion.
    if path.as_slice() == ["check"] && !table.contains_key("bound") {
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

/// Where a setting stands: sections in the order of thought, settings in that of their meanings.
fn place(path: &[String], key: &str) -> usize {
    const SECTIONS: [&str; 8] = [
        "data",
        "roles",
        "values",
        "bins",
        "inference",
        "publication",
        "check",
        "report",
    ];
    if path.is_empty() {
        return SECTIONS
            .iter()
            .position(|section| *section == key)
            .unwrap_or(SECTIONS.len());
    }
    let named = format!("{}.{key}", path.join("."));
    MEANINGS
        .iter()
        .position(|(name, _)| *name == named)
        .unwrap_or(MEANINGS.len())
}

/// A key, in quotes where it needs them.
fn bare(key: &str) -> String {
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

fn inline(value: &Value) -> String {
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
