//! What the fuzz targets share: a place for files, what to read from them, and damage that tests use as well.

use std::collections::BTreeMap;
use std::panic;
use std::path::PathBuf;
use std::sync::Once;

use evenhand_measure::Policy;
use evenhand_measure::tally::{Axis, Tally};

#[path = "../../crates/evenhand-source/tests/hostile/craft.rs"]
pub mod craft;
#[path = "../../crates/evenhand-source/tests/hostile/damage.rs"]
pub mod damage;
#[path = "../../crates/evenhand-source/tests/hostile/seeds.rs"]
pub mod seeds;

/// How many rows each group and decision has.
pub type Counted = BTreeMap<(Option<String>, Option<String>), u64>;

/// A file of this process with this ending. The readers take paths, so each case is written to the same one.
pub fn scratch(ending: &str) -> PathBuf {
    std::env::temp_dir().join(format!("evenhand-fuzz-{}.{ending}", std::process::id()))
}

/// Protected `sex`, decision `hired`.
pub fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".to_owned()];
    policy.roles.prediction = Some("hired".to_owned());
    policy
}

/// Reads on this thread, and stops the process at a panic of our own code even where it would be caught: what is
/// caught is meant for the Parquet crate.
pub fn begin() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .use_current_thread()
            .build_global()
            .expect("the pool is built once");
        // The reader sets its own hook when it is first used; the one below has to come after it.
        let path = scratch("parquet");
        std::fs::write(&path, craft::Crafted::honest().bytes()).expect("the folder for temporary files can be written");
        evenhand_source::tally(&[path], &policy(), &()).expect("an honest file is read");
        panic::set_hook(Box::new(|info| {
            let file = info.location().map_or("", |location| location.file());
            if !file.contains("/registry/") && !file.starts_with("/rustc/") {
                eprintln!("{info}");
                std::process::abort();
            }
        }));
    });
}

/// The counts of a tally, which has to add up.
pub fn counted(tally: &Tally) -> Counted {
    let cube = &tally.decisions;
    let place = |axis, column| {
        cube.position(axis, column)
            .expect("the policy's columns are in the tally")
    };
    let places = [place(Axis::Protected, "sex"), place(Axis::Prediction, "hired")];
    let mut counted = Counted::new();
    for (key, counts) in cube.cells() {
        let [sex, hired] = places.map(|place| {
            let level = &cube.dimensions()[place].levels[key[place] as usize];
            level.text().map(str::to_owned)
        });
        *counted.entry((sex, hired)).or_default() += counts.n;
    }
    assert_eq!(counted.values().sum::<u64>(), tally.rows());
    let again = Tally::from_json(&tally.to_json()).expect("what was written is read");
    assert_eq!(again.to_json(), tally.to_json());
    counted
}
