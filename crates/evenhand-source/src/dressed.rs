//! One table in any dress: what the tests of all formats compare with.

use std::path::PathBuf;

use evenhand_measure::policy::Data;
use evenhand_measure::tally::{Axis, Tally};
use evenhand_measure::{Fault, Policy, Problem};
use tempfile::TempDir;

use crate::input::{Input, Inputs};

/// The table as text. `n` is how many people each record stands for.
pub(crate) const CSV: &str = "sex,hired,score,n,region\n\
    f,true,0.9,1,\"north, upper\"\n\
    m,false,0.25,2,south\n\
    f,false,,3,\n\
    ,true,1.0,4,süd\n\
    m,true,1e-7,5,\"say \"\"no\"\"\"\n";

/// Counts by sex, region and score.
pub(crate) fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into(), "region".into()];
    policy.roles.label = Some("hired".into());
    policy.roles.score = Some("score".into());
    policy.roles.threshold = Some(evenhand_measure::policy::Threshold::AtLeast(0.5));
    policy.roles.count = Some("n".into());
    policy
}

/// The inputs in a file of this name, as they are read.
pub(crate) fn prepared(folder: &TempDir, name: &str, bytes: &[u8], data: &Data) -> Result<Inputs, Problem> {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let found = Inputs::find(std::slice::from_ref(&path)).and_then(|inputs| inputs.prepared(data));
    found.map_err(|problems| {
        let problem = problems.into_iter().next().unwrap();
        assert!(problem.message.contains(&path.display().to_string()), "{problem}");
        assert!(!problem.help.is_empty(), "{problem}");
        problem
    })
}

/// The problem of a file of this name, which is no fault of this program.
#[track_caller]
pub(crate) fn refused(name: &str, bytes: &[u8], data: &Data) -> Problem {
    let folder = TempDir::new().unwrap();
    match prepared(&folder, name, bytes, data) {
        Ok(inputs) => panic!(
            "it was read: {:?}",
            inputs.all().iter().map(Input::reading).collect::<Vec<_>>()
        ),
        Err(problem) => problem,
    }
}

/// The tally of files with these names, as JSON.
pub(crate) fn tally(files: &[(&str, &[u8])], policy: &Policy) -> String {
    let folder = TempDir::new().unwrap();
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|(name, bytes)| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        })
        .collect();
    crate::tally(&paths, policy, &()).unwrap().to_json()
}

/// Checks that the file has the same tally as [`CSV`].
#[track_caller]
pub(crate) fn assert_same(name: &str, bytes: &[u8]) {
    let expected = tally(&[("table.csv", CSV.as_bytes())], &policy());
    assert_eq!(
        tally(&[(name, bytes)], &policy()),
        expected,
        "{name}: {}",
        String::from_utf8_lossy(bytes)
    );
}

/// The header and the records of a file, as a plain table.
#[track_caller]
pub(crate) fn table(name: &str, bytes: &[u8], data: &Data) -> (String, Vec<String>) {
    let folder = TempDir::new().unwrap();
    let inputs = prepared(&folder, name, bytes, data).unwrap();
    let input = &inputs.all()[0];
    let mut text = String::new();
    std::io::Read::read_to_string(&mut input.open().unwrap(), &mut text).unwrap();
    let notes = &input.reading().unwrap().notes;
    (text, notes.iter().map(|note| note.code.clone()).collect())
}

/// Damages `bytes` in as many ways, the same each time, and reads each: it is refused or counted, and never more.
pub(crate) fn survives(name: &str, bytes: &[u8], times: u32) -> (u32, u32) {
    let folder = TempDir::new().unwrap();
    let mut state = 0x2545_f491_4f6c_dd1du64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let (mut read, mut refused) = (0, 0);
    for round in 0..times {
        let mut bytes = bytes.to_vec();
        match round % 3 {
            0 => bytes.truncate(next(bytes.len())),
            _ => {
                for _ in 0..=next(3) {
                    let at = next(bytes.len());
                    bytes[at] = if round % 3 == 1 {
                        bytes[at] ^ (1 << next(8))
                    } else {
                        next(256) as u8
                    };
                }
            }
        }
        let path = folder.path().join(name);
        let _ = std::fs::remove_file(&path);
        std::fs::write(&path, &bytes).unwrap();
        match crate::tally(&[path], &policy(), &()) {
            Ok(tally) => {
                read += 1;
                let cells: u64 = tally.decisions.cells().map(|(_, counts)| counts.n).sum();
                assert_eq!(cells, Tally::rows(&tally));
                assert!(tally.decisions.position(Axis::Label, "hired").is_some());
            }
            Err(problems) => {
                refused += 1;
                for problem in problems {
                    assert!(!problem.help.is_empty(), "{problem}");
                    assert!(matches!(problem.fault, Fault::Data | Fault::Usage), "{problem}");
                }
            }
        }
    }
    (read, refused)
}
