//! How fast reading can be at best: `limit FILE COLUMN…` decodes these columns of a Parquet file, or finds the line ends
//! of any other file, on all threads, and throws everything away. Prints the rows.

use std::error::Error;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use evenhand_measure::{Policy, Problem};
use evenhand_source::{Plan, decode_only};
use rayon::prelude::*;

#[expect(clippy::print_stdout, reason = "a program that prints its result")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((file, columns)) = arguments.split_first() else {
        return Err("usage: limit FILE COLUMN…".into());
    };
    let path = Path::new(file);
    let rows = if path.extension().is_some_and(|extension| extension == "parquet") {
        decoded(path, columns)?
    } else {
        lines(path)?
    };
    println!("{rows}");
    Ok(())
}

fn decoded(path: &Path, columns: &[String]) -> Result<u64, Box<dyn Error>> {
    let Some((prediction, others)) = columns.split_first() else {
        return Err("which columns?".into());
    };
    // Which role a column has makes no difference to decoding it.
    let mut policy = Policy::default();
    policy.roles.prediction = Some(prediction.clone());
    policy.roles.protected = others.to_vec();
    let said = |problems: Vec<Problem>| problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n");
    let plan = Plan::from_policy(&policy).map_err(said)?;
    Ok(decode_only(path, &plan).map_err(said)?)
}

/// So many bytes are read at a time.
const BLOCK: usize = 1 << 20;

fn lines(path: &Path) -> Result<u64, Box<dyn Error>> {
    let length = std::fs::metadata(path)?.len();
    let threads = rayon::current_num_threads() as u64;
    let share = length.div_ceil(threads).max(1);
    let count = |thread: u64| -> std::io::Result<u64> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(thread * share))?;
        let mut left = share;
        let mut buffer = vec![0; BLOCK];
        let mut lines = 0;
        while left > 0 {
            let most = left.min(BLOCK as u64) as usize;
            let read = file.read(&mut buffer[..most])?;
            if read == 0 {
                break;
            }
            lines += memchr::memchr_iter(b'\n', &buffer[..read]).count() as u64;
            left -= read as u64;
        }
        Ok(lines)
    };
    Ok((0..threads)
        .into_par_iter()
        .map(count)
        .try_reduce(|| 0, |one, other| Ok(one + other))?)
}
