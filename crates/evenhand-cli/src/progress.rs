//! This module shows how far a long read has come, on standard error and on a terminal only.

use std::io::IsTerminal;
use std::time::Duration;

use evenhand::source::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Reads that take less than this show nothing.
const PATIENCE: Duration = Duration::from_millis(700);

/// A bar over the bytes of the input.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar that is drawn when standard error is a terminal and `quiet` is not asked for.
    pub fn new(quiet: bool) -> Self {
        let bar = ProgressBar::new(0);
        let drawn = !quiet && std::io::stderr().is_terminal();
        bar.set_draw_target(if drawn {
            ProgressDrawTarget::stderr_with_hz(4)
        } else {
            ProgressDrawTarget::hidden()
        });
        // The template is a constant; were it wrong, the default bar would do.
        if let Ok(style) = ProgressStyle::with_template("reading {bar:30} {bytes} of {total_bytes}, {eta} left") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn total(&self, bytes: u64) {
        self.0.inc_length(bytes);
    }

    fn advance(&self, bytes: u64) {
        // Nothing is drawn for reads that are over before anybody wonders.
        if self.0.elapsed() > PATIENCE {
            self.0.inc(bytes);
        } else {
            self.0.set_position(self.0.position() + bytes);
        }
    }
}
