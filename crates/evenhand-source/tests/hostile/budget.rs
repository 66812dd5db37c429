//! This module runs a test again in a process of its own that may not allocate more than a stated amount, and that
//! notes every panic of our own code, also one that is caught.

use std::panic;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use tempfile::tempdir;

use super::craft::Crafted;

/// Set in the second process.
const INSIDE: &str = "EVENHAND_WITHIN_BUDGET";

static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Does `work`, the whole of the test of this name, with at most so many megabytes on two threads. The limit is the
/// system's: an allocation beyond it fails and ends the process, also one that would never have been used. Where
/// there is no such limit (any system but Linux), the rest of the test still holds.
pub fn within(megabytes: u32, test: &str, work: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() || !cfg!(target_os = "linux") {
        return watched(work);
    }
    let output = Command::new("sh")
        .args(["-c", "ulimit -d \"$0\" && exec \"$@\"", &(megabytes * 1024).to_string()])
        .arg(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        .env("RAYON_NUM_THREADS", "2")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr]
        .map(|said| String::from_utf8_lossy(&said).into_owned())
        .concat();
    assert!(output.status.success(), "{} with {megabytes} MB: {said}", output.status);
    assert!(said.contains("1 passed"), "{said}");
}

fn watched(work: impl FnOnce()) {
    // The reader sets its own hook when it is first used; the one below has to come after it.
    let folder = tempdir().unwrap();
    super::read(&folder, "honest.parquet", &Crafted::honest().bytes(), &super::policy()).unwrap();
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let file = info.location().map_or("", |location| location.file());
        if file.contains("evenhand-source/src") {
            PANICS
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(info.to_string());
        }
        before(info);
    }));
    work();
    let panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
    assert!(panics.is_empty(), "{panics:#?}");
}

#[test]
fn the_limit_holds() {
    if !cfg!(target_os = "linux") {
        return;
    }
    if std::env::var_os(INSIDE).is_some() {
        std::hint::black_box(vec![1u8; 100 << 20]);
        return;
    }
    let name = "budget::the_limit_holds";
    within(200, name, || {});
    assert!(panic::catch_unwind(|| within(50, name, || {})).is_err());
}
