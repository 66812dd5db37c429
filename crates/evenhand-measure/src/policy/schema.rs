//! This module writes the JSON Schema of a policy file from the rows of its keys and the catalogue.
//!
//! Editors that read TOML check and complete a policy by it as it is written. What it cannot say, such as that edges rise
//! or that shares add up to 1, the program says when it reads the file.

use serde_json::{Map, Value, json};

use super::keys::{KeyRow, Takes, Usual, keys_of, sections_in};
use super::{Quantiles, presets};
use crate::catalogue::{CRITERIA, METHODS, MethodOf};
use crate::inference::Comparison;

/// The name of the file that holds the schema, as the first line of a written policy calls it.
pub const SCHEMA_FILE: &str = "policy.schema.json";

/// Characters of a text that stands on a line of its own.
const LINE: usize = 200;

/// The JSON Schema (2020-12) of a policy file, as pretty JSON with a final newline.
///
/// `schema/policy.schema.json` is this text.
#[must_use]
pub fn schema() -> String {
    let mut root = Map::new();
    root.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    root.insert("title".to_owned(), json!("Policy of evenhand"));
    root.insert(
        "description".to_owned(),
        json!("What an audit of decisions is asked: which columns play which role, and what counts as a breach."),
    );
    root.extend(table(""));
    let mut text = serde_json::to_string_pretty(&Value::Object(root)).unwrap_or_default();
    text.push('\n');
    text
}

/// A table with its keys and the tables in it.
fn table(path: &str) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut others = json!(false);
    for key in keys_of(path) {
        if key.name == "*" {
            others = value(key);
        } else {
            properties.insert(key.name.to_owned(), value(key));
        }
        if key.usual == Usual::Required {
            required.push(key.name);
        }
    }
    for row in sections_in(path) {
        let name = row.path.rsplit('.').next().unwrap_or(row.path);
        let mut inner = table(row.path);
        let about = json!(row.about);
        let inner = if row.is_list {
            json!({ "type": "array", "description": about, "items": inner })
        } else {
            inner.insert("description".to_owned(), about);
            Value::Object(inner)
        };
        if name == "*" {
            others = inner;
        } else {
            properties.insert(name.to_owned(), inner);
        }
        if row.is_required {
            required.push(name);
        }
    }
    let mut table = Map::new();
    table.insert("type".to_owned(), json!("object"));
    if !properties.is_empty() {
        table.insert("properties".to_owned(), Value::Object(properties));
    }
    table.insert("additionalProperties".to_owned(), others);
    if !required.is_empty() {
        table.insert("required".to_owned(), json!(required));
    }
    table.extend(among(path));
    table
}

/// What the keys of a table say of one another.
fn among(path: &str) -> Map<String, Value> {
    let differences = json!({ "exclusiveMaximum": 1 });
    let of_differences = |key: &str, bound: &str| {
        json!({
            "if": { "properties": { key: { "enum": names(Some(Comparison::Difference)) } }, "required": [key] },
            "then": { "properties": { bound: differences } },
        })
    };
    let rules = match path {
        "check" => json!({ "allOf": [
            of_differences("criterion", "bound"),
            { "not": { "properties": { "pass-mark": { "const": false } }, "required": ["pass-mark", "bound"] } },
        ] }),
        "waiver" => json!({ "allOf": [of_differences("check", "ceiling")] }),
        "waiver.group" => json!({ "minProperties": 1 }),
        "lists" => json!({ "if": { "properties": { "target": { "const": "shares" } }, "required": ["target"] },
            "then": { "required": ["shares"] } }),
        "report.section" => json!({ "oneOf": [{ "required": ["text"] }, { "required": ["file"] }] }),
        _ => json!({}),
    };
    match rules {
        Value::Object(rules) => rules,
        _ => Map::new(),
    }
}

/// Ids of criteria and the other names for them, of all or of those that compare so.
fn names(comparison: Option<Comparison>) -> Vec<&'static str> {
    CRITERIA
        .iter()
        .filter(|criterion| comparison.is_none_or(|comparison| criterion.comparison == comparison))
        .flat_map(|criterion| std::iter::once(criterion.id).chain(criterion.aliases.iter().copied()))
        .collect()
}

fn methods(of: MethodOf) -> Vec<&'static str> {
    let of_it = METHODS.iter().filter(|method| method.of == of);
    of_it
        .flat_map(|method| std::iter::once(method.id).chain(method.aliases.iter().copied()))
        .collect()
}

fn value(key: &KeyRow) -> Value {
    let mut value = match shape(key.takes) {
        Value::Object(value) => value,
        _ => Map::new(),
    };
    value.insert("description".to_owned(), json!(key.meaning));
    if let Usual::Is(usual) = key.usual
        && let Some(usual) = as_json(usual)
    {
        value.insert("default".to_owned(), usual);
    }
    if key.name != "*"
        && let Some(example) = as_json(key.example)
    {
        value.insert("examples".to_owned(), json!([example]));
    }
    Value::Object(value)
}

/// A value written as TOML, in JSON; nothing for a day, which JSON does not have.
fn as_json(toml: &str) -> Option<Value> {
    // The values of the rows are written alike in both; a day is a text in JSON.
    serde_json::from_str(toml).ok().or_else(|| {
        let is_day = toml.len() == 10 && toml.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        is_day.then(|| json!(toml))
    })
}

fn shape(takes: Takes) -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    match takes {
        Takes::Text => json!({ "type": "string" }),
        Takes::Line => {
            json!({ "type": "string", "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*\S[^\u0000-\u001f\u007f-\u009f]*$", "maxLength": LINE })
        }
        Takes::Words => json!({ "type": "string", "pattern": r"\S" }),
        Takes::Texts => texts,
        Takes::TextLists => json!({ "type": "array", "items": texts }),
        Takes::Flag => json!({ "type": "boolean" }),
        Takes::Letter => json!({ "type": "string", "minLength": 1, "maxLength": 1 }),
        Takes::Number(range) => {
            let mut number = Map::new();
            number.insert("type".to_owned(), json!("number"));
            let name = |with: bool, open: &str, closed: &str| (if with { closed } else { open }).to_owned();
            let least = name(range.with_least, "exclusiveMinimum", "minimum");
            let most = name(range.with_most, "exclusiveMaximum", "maximum");
            number.insert(least, json!(range.least));
            number.insert(most, json!(range.most));
            Value::Object(number)
        }
        Takes::Whole(least, most) => whole(least, most),
        Takes::Wholes(least, most) => json!({ "type": "array", "items": whole(least, most) }),
        Takes::Word(words) => json!({ "type": "string", "enum": words }),
        Takes::Day => json!({ "type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$" }),
        Takes::Threshold => json!({ "anyOf": [{ "type": "number" }, { "const": "median" }] }),
        Takes::Bins => json!({ "anyOf": [
            { "type": "array", "items": { "type": "number" }, "minItems": 1, "uniqueItems": true },
            { "enum": Quantiles::WORDS },
        ] }),
        Takes::Attention => json!({
            "type": "string",
            "pattern": r"^(log|trec|clicks|rbp|geometric|(rbp|geometric):0?\.\d*[1-9]\d*|top:0*[1-9]\d*)$",
        }),
        Takes::Criterion => json!({ "type": "string", "enum": names(None) }),
        Takes::Method(of) => json!({ "type": "string", "enum": methods(of) }),
        Takes::Preset => {
            json!({ "type": "string", "enum": presets().iter().map(|preset| preset.id.as_str()).collect::<Vec<_>>() })
        }
        Takes::Color => json!({ "type": "string", "pattern": "^#[0-9a-fA-F]{6}$" }),
    }
}

fn whole(least: u64, most: u64) -> Value {
    json!({ "type": "integer", "minimum": least, "maximum": most })
}
