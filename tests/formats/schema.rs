//! This module checks JSON against a schema, as far as the schemas of the formats and of the policy go: a keyword that it does
//! not know ends the test. `tests/schemas/check.sh` has other software do the same.

use std::path::Path;

use regex::Regex;
use serde_json::Value as Json;

pub struct Schema(Json);

/// What says nothing about a value, or what the schema says and nothing asks of a validator.
const REMARKS: [&str; 10] = [
    "description",
    "title",
    "default",
    "$schema",
    "$id",
    "definitions",
    "examples",
    "format",
    // Those of `if`.
    "then",
    "else",
];

impl Schema {
    /// One of `tests/schemas`.
    #[allow(dead_code, reason = "not all tests read one")]
    pub fn read(file: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/schemas");
        Self(serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap())
    }

    /// A schema.
    #[allow(dead_code, reason = "not all tests have one of their own")]
    pub fn of(schema: Json) -> Self {
        Self(schema)
    }

    /// What the schema has against a value.
    pub fn problems(&self, value: &Json) -> Vec<String> {
        let mut problems = Vec::new();
        self.look(&self.0, value, "", &mut problems);
        problems
    }

    fn fits(&self, schema: &Json, value: &Json) -> bool {
        let mut problems = Vec::new();
        self.look(schema, value, "", &mut problems);
        problems.is_empty()
    }

    fn look(&self, schema: &Json, value: &Json, place: &str, problems: &mut Vec<String>) {
        let schema = schema.as_object().unwrap();
        for (keyword, asked) in schema {
            let holds = match keyword.as_str() {
                "$ref" => {
                    let definition = self.0.pointer(asked.as_str().unwrap().strip_prefix('#').unwrap());
                    self.look(definition.unwrap(), value, place, problems);
                    true
                }
                "type" => is_of_type(value, asked),
                "enum" => asked.as_array().unwrap().contains(value),
                "const" => value == asked,
                "minimum" => number(value, asked, |found, bound| found >= bound),
                "maximum" => number(value, asked, |found, bound| found <= bound),
                "exclusiveMinimum" => number(value, asked, |found, bound| found > bound),
                "exclusiveMaximum" => number(value, asked, |found, bound| found < bound),
                "minLength" => length(value, asked, |found, bound| found >= bound),
                "maxLength" => length(value, asked, |found, bound| found <= bound),
                "minProperties" => value
                    .as_object()
                    .is_none_or(|of| of.len() as u64 >= asked.as_u64().unwrap()),
                "pattern" => value
                    .as_str()
                    .is_none_or(|text| Regex::new(asked.as_str().unwrap()).unwrap().is_match(text)),
                "not" => !self.fits(asked, value),
                "if" => {
                    let branch = if self.fits(asked, value) { "then" } else { "else" };
                    if let Some(branch) = schema.get(branch) {
                        self.look(branch, value, place, problems);
                    }
                    true
                }
                "allOf" => {
                    for one in asked.as_array().unwrap() {
                        self.look(one, value, place, problems);
                    }
                    true
                }
                "oneOf" => {
                    asked
                        .as_array()
                        .unwrap()
                        .iter()
                        .filter(|one| self.fits(one, value))
                        .count()
                        == 1
                }
                "minItems" => value
                    .as_array()
                    .is_none_or(|items| items.len() as u64 >= asked.as_u64().unwrap()),
                "uniqueItems" => {
                    let is_first = |items: &Vec<Json>| (1..items.len()).all(|at| !items[..at].contains(&items[at]));
                    *asked == Json::Bool(false) || value.as_array().is_none_or(is_first)
                }
                "required" => {
                    let has = |name: &Json| value.get(name.as_str().unwrap()).is_some();
                    !value.is_object() || asked.as_array().unwrap().iter().all(has)
                }
                "anyOf" => asked.as_array().unwrap().iter().any(|one| self.fits(one, value)),
                "items" => {
                    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.look(asked, item, &format!("{place}/{at}"), problems);
                    }
                    true
                }
                "properties" => {
                    for (name, of_one) in asked.as_object().unwrap() {
                        if let Some(value) = value.get(name) {
                            self.look(of_one, value, &format!("{place}/{name}"), problems);
                        }
                    }
                    true
                }
                "additionalProperties" => {
                    let named = |name: &str| schema.get("properties").is_some_and(|of| of.get(name).is_some());
                    let others = value.as_object().into_iter().flatten().filter(|(name, _)| !named(name));
                    match asked {
                        Json::Bool(allowed) => *allowed || others.count() == 0,
                        of_others => {
                            others.for_each(|(name, value)| {
                                self.look(of_others, value, &format!("{place}/{name}"), problems);
                            });
                            true
                        }
                    }
                }
                remark => {
                    assert!(REMARKS.contains(&remark), "{place}: no check for {remark}");
                    true
                }
            };
            if !holds {
                problems.push(format!("{place}: {keyword} {asked} does not hold"));
            }
        }
    }
}

fn number(value: &Json, bound: &Json, holds: impl Fn(f64, f64) -> bool) -> bool {
    value.as_f64().is_none_or(|found| holds(found, bound.as_f64().unwrap()))
}

fn length(value: &Json, bound: &Json, holds: impl Fn(u64, u64) -> bool) -> bool {
    let length = |text: &str| text.chars().count() as u64;
    value
        .as_str()
        .is_none_or(|text| holds(length(text), bound.as_u64().unwrap()))
}

fn is_of_type(value: &Json, name: &Json) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        other => panic!("no check for the type {other}"),
    }
}
