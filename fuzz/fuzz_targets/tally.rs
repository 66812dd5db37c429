//! Any text under the name of a tally is refused, or is a tally that adds up and can be written, read and merged.
#![no_main]

use evenhand_fuzz::{begin, scratch};
use evenhand_measure::Policy;
use evenhand_measure::tally::Tally;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    begin();
    let path = scratch("tally.json");
    std::fs::write(&path, data).expect("the folder for temporary files can be written");
    let tally = match evenhand_source::tally(&[path], &Policy::default(), &()) {
        Ok(tally) => tally,
        Err(problems) => {
            assert!(
                problems
                    .iter()
                    .all(|problem| problem.message.contains("evenhand-fuzz-")),
                "{problems:?}"
            );
            return;
        }
    };
    let cells: u64 = tally.decisions.cells().map(|(_, counts)| counts.n).sum();
    assert_eq!(cells, tally.rows());
    let text = tally.to_json();
    let again = Tally::from_json(&text).expect("what was written is read");
    assert_eq!(again.to_json(), text);
    // Whoever forged it, what it says is audited or refused, and what passes has evidence: a number that is infinite or
    // none would be `null` in JSON.
    const MOST: usize = 20_000;
    if text.len() <= MOST
        && let Ok(audit) = evenhand_measure::audit(&tally, &Policy::default())
    {
        let printed = serde_json::to_value(&audit).expect("an audit can be printed");
        for finding in printed["findings"].as_array().into_iter().flatten() {
            let outcome = finding["outcome"].as_str();
            assert!(outcome != Some("pass") || finding["p_comply"].is_number(), "{finding}");
        }
    }
    if let Ok(double) = tally.merge(&again) {
        assert_eq!(double.rows(), 2 * tally.rows());
    }
});
