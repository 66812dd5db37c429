//! Any text is a policy or a list of problems, and any policy is a plan or a list of problems.
#![no_main]

use evenhand_fuzz::begin;
use evenhand_measure::policy::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    begin();
    let Ok(text) = std::str::from_utf8(data) else { return };
    match parse("evenhand.toml", text) {
        Ok(policy) => drop(evenhand_source::Plan::from_policy(&policy)),
        Err(problems) => assert!(!problems.is_empty()),
    }
});
