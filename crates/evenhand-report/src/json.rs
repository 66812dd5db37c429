//! This module writes the JSON form: the whole audit, unrounded.

use evenhand_measure::Audit;

use crate::safe;

/// The audit as canonical JSON, indented, with a final newline. Numbers are full `f64`, names are whole.
///
/// # Errors
/// When the audit cannot be represented, which no audit that the engine makes is.
pub fn json(audit: &Audit) -> Result<String, serde_json::Error> {
    let mut text = safe::json(&serde_json::to_string_pretty(audit)?);
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, HOSTILE};

    #[test]
    fn names_are_whole_and_harmless_on_a_terminal() {
        let audit = sample::hostile();
        let text = json(&audit).unwrap();
        assert!(text.ends_with("}\n"));
        assert!(
            !text.contains(|c: char| c.is_control() && c != '\n') && !text.contains('\u{202e}') && !text.contains("##")
        );
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let groups: Vec<&str> = value["rates"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|r| r["group"]["race"].as_str())
            .collect();
        for name in HOSTILE {
            assert!(groups.contains(&name), "{name:?}");
        }
        assert!(groups.iter().any(|name| name.len() == 10_000));
    }

    #[test]
    fn numbers_are_not_rounded() {
        let audit = sample::failing().audit();
        let value: serde_json::Value = serde_json::from_str(&json(&audit).unwrap()).unwrap();
        assert_eq!(value["findings"][0]["point"].as_f64(), audit.findings[0].point);
        assert_eq!(value["verdict"], "fail");
    }
}
