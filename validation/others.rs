//! What goes to the other tools, and what came back.

use serde_json::{Value, json};

use crate::study::simulation::{SEED, Scenario};

/// How many data sets of a scenario the other tools are asked about; the first of those that are audited.
pub const SETS: u32 = 200;
/// For how many of them fairlearn's bootstrap is run: it takes up to some seconds each.
pub const BOOTSTRAPPED: u32 = 20;
/// Resamples per bootstrap.
pub const BOOTS: u32 = 100;

/// The data sets as JSON.
pub fn data(scenarios: &[Scenario]) -> Value {
    let scenarios: Vec<Value> = scenarios
        .iter()
        .map(|scenario| {
            let sets: Vec<Vec<u64>> = (0..SETS).map(|set| scenario.draw(set)).collect();
            json!({
                "id": scenario.id,
                "people": scenario.rows,
                "bootstrapped": BOOTSTRAPPED,
                "sets": sets,
            })
        })
        .collect();
    // numpy's seeds are 32 bits.
    json!({ "seed": SEED % (1 << 31), "boots": BOOTS, "scenarios": scenarios })
}

/// What the other tools said.
pub struct Answers(Value);

impl Answers {
    /// # Errors
    /// When the text is no JSON.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self)
    }

    /// In how many data sets of a scenario `what` was so.
    ///
    /// # Errors
    /// When the answers lack it.
    pub fn count(&self, scenario: &Scenario, what: &str) -> Result<u64, String> {
        self.0["scenarios"][&scenario.id][what]
            .as_u64()
            .ok_or_else(|| format!("the answers lack `{what}` of `{}`", scenario.id))
    }

    /// Names and versions, in a sentence.
    pub fn software(&self) -> String {
        let versions = self.0["software"].as_object().into_iter().flatten();
        let named = versions.map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or("?")));
        named.collect::<Vec<_>>().join(", ")
    }
}
