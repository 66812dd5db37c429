//! This module writes the JSON Schema of the audit from its types and the catalogue.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use super::model::{Audit, SERIES};
use crate::catalogue::{CRITERIA, RATES, STATISTICS};

/// The JSON Schema (2020-12) of the result of an audit, as pretty JSON with a final newline.
///
/// `schema/audit.schema.json` is this text.
#[must_use]
pub fn schema() -> String {
    // As it is written: what is left out when empty is not required.
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Audit>().to_value();
    // What can be named is what the catalogue has.
    let values: Vec<&str> = RATES
        .iter()
        .map(|rate| rate.id)
        .chain(STATISTICS.iter().map(|s| s.id))
        .collect();
    let rates: Vec<&str> = RATES.iter().map(|rate| rate.id).collect();
    let criteria: Vec<&str> = CRITERIA.iter().map(|criterion| criterion.id).collect();
    set(
        &mut schema,
        &["$defs", "GroupRates", "properties", "values"],
        "propertyNames",
        json!({ "pattern": format!("^({})(@.+)?$", values.join("|")) }),
    );
    set(
        &mut schema,
        &["$defs", "Finding", "properties", "rate"],
        "enum",
        json!(rates),
    );
    set(
        &mut schema,
        &["$defs", "Finding", "properties", "criterion"],
        "enum",
        json!(criteria),
    );
    let series: Vec<&str> = SERIES.iter().map(|kind| kind.id).collect();
    set(
        &mut schema,
        &["$defs", "Series", "properties", "id"],
        "enum",
        json!(series),
    );
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

fn set(schema: &mut Value, path: &[&str], key: &str, value: Value) {
    let place = path.iter().try_fold(schema, |place, step| place.get_mut(step));
    if let Some(Value::Object(object)) = place {
        object.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_every_entry_of_the_catalogue() {
        let schema: serde_json::Value = serde_json::from_str(&super::schema()).unwrap();
        let names = schema
            .pointer("/$defs/GroupRates/properties/values/propertyNames/pattern")
            .unwrap();
        assert!(names.as_str().unwrap().contains("|true-positive-rate|"));
        let criteria = schema.pointer("/$defs/Finding/properties/criterion/enum").unwrap();
        assert_eq!(criteria.as_array().unwrap().len(), crate::catalogue::CRITERIA.len());
        assert!(schema.pointer("/$defs/Finding/properties/rate/enum").is_some());
        assert!(schema.pointer("/$defs/Series/properties/id/enum").is_some());
    }
}
