//! This module is the day: the only place where the program looks at a clock.

use std::time::{SystemTime, UNIX_EPOCH};

use evenhand::Problem;
use evenhand::measure::Day;

/// The day by which waivers are judged: the one that was said, else that of `SOURCE_DATE_EPOCH`, with which builds are
/// repeated, else today in universal time.
pub fn today(said: Option<&str>) -> Result<Option<Day>, Problem> {
    if let Some(said) = said {
        return Ok(said.parse().ok());
    }
    match std::env::var_os("SOURCE_DATE_EPOCH").filter(|value| !value.is_empty()) {
        Some(value) => {
            let seconds = value.to_str().and_then(|text| text.trim().parse().ok());
            let day = seconds.and_then(Day::of_seconds);
            day.map(Some).ok_or_else(|| {
                Problem::usage(
                    format!("SOURCE_DATE_EPOCH is `{}`, which is no day", value.to_string_lossy()),
                    "set it to the seconds since the start of 1970, or say the day with --as-of 2026-01-31",
                )
            })
        }
        // Before 1970 no waiver can have been written; without a day none holds.
        None => Ok(SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_secs()).ok())
            .and_then(Day::of_seconds)),
    }
}
