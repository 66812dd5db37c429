//! This module writes a policy with everything that holds when nobody says it, as the text of a policy file.

use serde_json::{Map, Value, json};

use super::keys::{KeyRow, SECTIONS, Usual, keys_of, parent};
use super::write::{bare, inline};
use super::{Policy, Report};

impl Policy {
    /// The policy in full: every key with its value, the usual one where nothing else was said, and as a comment where
    /// there is none. Read again, it is this policy.
    ///
    /// ```
    /// use evenhand_measure::{Policy, policy::parse};
    /// let policy = parse("p.toml", "[inference]\nconfidence = 0.9").unwrap();
    /// let full = policy.in_full();
    /// assert!(full.contains("confidence = 0.9  #") && full.contains("min-denominator = 0  #"));
    /// assert_eq!(parse("p.toml", &full).unwrap(), policy);
    /// ```
    #[must_use]
    pub fn in_full(&self) -> String {
        let root = self.as_written();
        let mut text = String::new();
        keys("", &root, &mut text);
        for row in SECTIONS {
            // What is in another table that is a list, or is named by the file, is written there.
            if row.path.contains('*') || row.path == "waiver.group" {
                continue;
            }
            let last = row.path.rsplit('.').next().unwrap_or(row.path);
            let around = match parent(row.path) {
                "" => Some(&root),
                outer => root.get(outer).and_then(Value::as_object),
            };
            let found = around.and_then(|table| table.get(last));
            if row.is_list {
                let items = found.and_then(Value::as_array).into_iter().flatten();
                for item in items.filter_map(Value::as_object) {
                    title(&row.title(), row.about, &mut text);
                    keys(row.path, item, &mut text);
                }
                continue;
            }
            let found = found.and_then(Value::as_object);
            let nothing = Map::new();
            // An empty [publication] asks for something.
            if found.is_none() && row.path == "publication" {
                continue;
            }
            let table = found.unwrap_or(&nothing);
            match row.path {
                "values.map" | "lists.shares" => {
                    for (column, inner) in table
                        .iter()
                        .filter_map(|(name, inner)| Some((name, inner.as_object()?)))
                    {
                        title(&format!("[{}.{}]", row.path, bare(column)), row.about, &mut text);
                        free(inner, &mut text);
                    }
                }
                path if keys_of(path).any(|key| key.name == "*") => {
                    if !table.is_empty() {
                        title(&row.title(), row.about, &mut text);
                        free(table, &mut text);
                    }
                }
                path => {
                    title(&row.title(), row.about, &mut text);
                    keys(path, table, &mut text);
                }
            }
        }
        text
    }

    /// The policy as a file has it: with what decides nothing, which is no part of its JSON.
    pub(super) fn as_written(&self) -> Map<String, Value> {
        let Ok(Value::Object(mut root)) = serde_json::to_value(self) else {
            return Map::new();
        };
        if let (true, Ok(report)) = (self.report != Report::default(), serde_json::to_value(&self.report)) {
            root.insert("report".to_owned(), report);
        }
        if !self.data.files.is_empty() {
            let data = root.entry("data").or_insert_with(|| json!({}));
            if let Some(data) = data.as_object_mut() {
                data.insert("files".to_owned(), json!(self.data.files));
            }
        }
        // A check without a bound would be read with that of its criterion.
        if let Some(checks) = root.get_mut("check").and_then(Value::as_array_mut) {
            for check in checks.iter_mut().filter_map(Value::as_object_mut) {
                if !check.contains_key("bound") {
                    check.insert("pass-mark".to_owned(), json!(false));
                }
            }
        }
        root
    }
}

fn title(title: &str, about: &str, text: &mut String) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&format!("# {about}\n{title}\n"));
}

/// The keys of a table, each with what it means.
fn keys(path: &str, table: &Map<String, Value>, text: &mut String) {
    for key in keys_of(path) {
        let meaning = key.meaning;
        match (table.get(key.name), key.usual) {
            (Some(value), _) => text.push_str(&format!("{} = {}  # {meaning}\n", key.name, inline(value))),
            (None, Usual::Is(usual)) => text.push_str(&format!("{} = {usual}  # {meaning} (as usual)\n", key.name)),
            (None, _) => text.push_str(&format!("# {}: {meaning} ({})\n", key.name, unsaid(key, table))),
        }
    }
    // What has names of the file's own choice, in one line, so that it stays within its table.
    if path == "waiver"
        && let Some(group) = table.get("group").and_then(Value::as_object)
    {
        let named: Vec<String> = group
            .iter()
            .map(|(name, value)| format!("{} = {}", bare(name), inline(value)))
            .collect();
        text.push_str(&format!(
            "group = {{ {} }}  # who is accepted to be worse off\n",
            named.join(", ")
        ));
    }
}

fn free(table: &Map<String, Value>, text: &mut String) {
    for (name, value) in table {
        text.push_str(&format!("{} = {}\n", bare(name), inline(value)));
    }
}

/// What holds where nothing is said and nothing can be written for it.
fn unsaid(key: &KeyRow, table: &Map<String, Value>) -> &'static str {
    let is_unjudged = table.get("pass-mark") == Some(&Value::Bool(false));
    match key.usual {
        _ if key.name == "bound" && is_unjudged => "none: nothing is judged",
        Usual::Told(told) => told,
        _ => "not said",
    }
}

/// The line that names the schema, for editors.
#[must_use]
pub fn schema_line() -> String {
    format!("#:schema {}\n", super::SCHEMA_FILE)
}

#[cfg(test)]
mod tests;
