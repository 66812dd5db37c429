//! Makes lists up, reads them and says how long that took and how much memory it needed.
//!
//! `cargo run --release -p evenhand-source --example lists_speed -- 10000000 lists.csv`
//! The file is written where it is not there yet: so many rows, ten to a list, in no order unless `sorted` follows.

#![allow(clippy::print_stdout, reason = "an example that shows what it measures")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use evenhand_measure::Policy;
use evenhand_source::tally;

const PLACES: u64 = 10;
const ITEMS: u64 = 50_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rows, path, rest @ ..] = arguments.as_slice() else {
        return Err("give a number of rows and a file".into());
    };
    let (rows, path): (u64, PathBuf) = (rows.parse()?, path.into());
    if !path.exists() {
        write(&path, rows, rest.iter().any(|word| word == "sorted"))?;
    }
    let mut policy = Policy::default();
    let roles = &mut policy.roles;
    roles.protected = ["sex", "item.region"].map(str::to_owned).to_vec();
    roles.list = Some("user".to_owned());
    roles.item = Some("item".to_owned());
    roles.rank = Some("rank".to_owned());
    roles.relevance = Some("clicked".to_owned());
    let start = Instant::now();
    let tally = tally(&[path], &policy, &()).map_err(|problems| format!("{problems:?}"))?;
    let seconds = start.elapsed().as_secs_f64();
    let lists = tally.lists.as_ref().ok_or("no lists")?;
    println!(
        "{} rows, {} lists, {} cells: {seconds:.2} s, {:.1} million rows per second, {} bytes of tally",
        tally.records,
        lists.lists,
        lists.shown.cells().len(),
        tally.records as f64 / seconds / 1e6,
        tally.to_json().len()
    );
    // Only Linux says it here.
    if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
        let peak = status.lines().find(|line| line.starts_with("VmHWM"));
        println!("{}", peak.unwrap_or("peak unknown"));
    }
    Ok(())
}

/// The same rows at every call.
fn write(path: &Path, rows: u64, is_sorted: bool) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "user,sex,item,item.region,rank,clicked")?;
    // Steps that have no factor in common with the number of rows meet each row once.
    let step = if is_sorted { 1 } else { 7_368_787 };
    for row in 0..rows {
        let row = (row * step) % rows;
        let (user, rank) = (row / PLACES, row % PLACES);
        let item = (mixed(user) + rank * rank * 37) % ITEMS;
        let sex = ["F", "M", "M"][(user % 3) as usize];
        let region = ["north", "south", "east", "west"][(mixed(item) % 4) as usize];
        let clicked = u64::from(mixed(row).is_multiple_of(9));
        writeln!(file, "u{user},{sex},i{item},{region},{},{clicked}", rank + 1)?;
    }
    file.flush()
}

fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 31)).wrapping_mul(0x7fb5_d329_728e_a185);
    (number ^ (number >> 27)).wrapping_mul(0x81da_def4_bc2d_d44d) >> 33
}
