//! This module checks JSON against a schema of draft 7, as far as the formats' schemas go: a keyword that it does not know
//! ends the test. `tests/schemas/check.sh` has other software do the same.

use std::path::Path;

use serde_json::Value as Json;

pub struct Schema(Json);

/// What says nothing about a value, or what the schema says and nothing asks of a validator.
const REMARKS: [&str; 7] = [
    "description",
    "title",
    "default",
    "$schema",
    "$id",
    "definitions",
    "format",
];

impl Schema {
    /// One of `tests/schemas`.
    pub fn read(file: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/schemas");
        Self(serde_json::from_str(&std::fs::read_to_string(folder.join(file)).unwrap()).unwrap())
    }

    /// What the schema has against a value.
    pub fn problems(&self, value: &Json) -> Vec<String> {
        let mut problems = Vec::new();
        self.look(&self.0, value, "", &mut problems);
        problems
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
                "minimum" => value.as_i64().is_none_or(|number| number >= asked.as_i64().unwrap()),
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
                "anyOf" => asked.as_array().unwrap().iter().any(|one| {
                    let mut of_one = Vec::new();
                    self.look(one, value, place, &mut of_one);
                    of_one.is_empty()
                }),
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

fn is_of_type(value: &Json, name: &Json) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        other => panic!("no check for the type {other}"),
    }
}
