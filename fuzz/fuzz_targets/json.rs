//! Any text is read as `serde_json` reads it, or refused.
#![no_main]

use evenhand_fuzz::{Counted, begin, counted, policy, scratch};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// Starts that get further than random bytes.
const STARTS: [&str; 8] = [
    "",
    "{\"sex\":\"f\",\"hired\":\"yes\"}\n",
    "[{\"sex\":\"f\",\"hired\":\"yes\"},",
    "{\"data\":[{\"sex\":\"f\",\"hired\":\"yes\"},",
    "[[\"sex\",\"hired\"],[\"f\",\"yes\"],",
    "{\"columns\":[\"sex\",\"hired\"],\"data\":[[\"f\",\"yes\"],",
    "{\"sex\":[\"f\",\"m\"],\"hired\":[\"yes\",",
    "{\"sex\":{\"0\":\"f\",\"1\":\"m\"},\"hired\":{\"0\":\"yes\",",
];

fuzz_target!(|data: &[u8]| {
    begin();
    let Some((&choice, body)) = data.split_first() else {
        return;
    };
    let text = [STARTS[usize::from(choice & 7)].as_bytes(), body].concat();
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    if !matches!(first, Some(b'{' | b'[')) {
        return;
    }
    let path = scratch("jsonl");
    std::fs::write(&path, &text).expect("the folder for temporary files can be written");
    match evenhand_source::tally(std::slice::from_ref(&path), &policy(), &()) {
        Err(problems) => assert!(
            problems
                .iter()
                .all(|problem| problem.message.contains("evenhand-fuzz-")),
            "{problems:?}"
        ),
        Ok(tally) => {
            let found = counted(&tally);
            if let Some(expected) = twin(&text) {
                assert_eq!(found, expected);
            }
            evenhand_source::profile(&path).expect("what can be counted can be looked at");
        }
    }
});

/// The counts of one object per document, or of one list of objects; nothing where it is anything else.
fn twin(text: &[u8]) -> Option<Counted> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let documents = serde_json::Deserializer::from_slice(text).into_iter::<Value>();
    let documents = documents.collect::<Result<Vec<Value>, _>>().ok()?;
    let records = match documents.as_slice() {
        [Value::Array(records)] => records.as_slice(),
        [_] => return None,
        several => several,
    };
    let mut counted = Counted::new();
    for record in records {
        let record = record.as_object()?;
        let value = |name: &str| match record.get(name) {
            None | Some(Value::Null) => Some(None),
            Some(Value::String(text)) => Some(Some(text.clone()).filter(|text| !text.trim().is_empty())),
            _ => None,
        };
        *counted.entry((value("sex")?, value("hired")?)).or_default() += 1;
    }
    Some(counted)
}
