//! Does a group turn up often enough at the top of a ranking? Exact tests over all its prefixes.
//!
//! A prefix of a ranking is its first k places. If places were drawn without regard to the group, the number of places
//! that the group has in a prefix would follow a binomial distribution, where each place is drawn anew with the group's
//! share (FA*IR: Zehlike and others 2017), or a hypergeometric one, where the places are drawn from a catalogue and
//! nothing is drawn twice (hyperFA*IR: Hegde and others 2025). The second has no limits on the length or the share, and
//! is the one to prefer where the catalogue is known.
//!
//! A ranking has as many prefixes as places, so testing each at level alpha rejects far more than alpha of all fair
//! rankings: a third of them at 100 places. The chance that a fair ranking fails anywhere is computed here exactly, by
//! adding up the chances of all paths that the count can take from prefix to prefix. The last place is a prefix, too.
//!
//! - [`required`], [`fail_chance`]: the table of fewest places, and how many fair rankings miss it somewhere.
//! - [`adjusted`]: the table for the largest level at which no more than alpha of them do.
//! - [`Drawing::test`]: one p-value for a whole ranking, by the smallest of the p-values of its prefixes.

#[cfg(test)]
mod tests;

/// Longer rankings are not tested: the cost grows with the square of the length, and nobody reads them.
pub const LONGEST: usize = 2_000;

/// How much below a level a chance may lie and still reach it, relatively: far above the rounding of a sum of two
/// thousand terms, far below any difference that means something.
const ROUNDING: f64 = 1e-11;

/// How the places of a fair ranking are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Drawing {
    /// Each place is the group's with this chance, above 0 and below 1.
    Share(f64),
    /// Each place is drawn from what is left of a catalogue.
    Catalogue {
        /// How many items are the group's.
        of_group: u64,
        /// How many items there are.
        items: u64,
    },
}

/// What the prefixes of a ranking say of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// The smallest of the p-values of the prefixes, which by itself proves nothing: there are many prefixes.
    pub smallest: f64,
    /// The first prefix that has it, by its length.
    pub at: usize,
    /// How many fair rankings have a prefix with a p-value that small: the p-value of the whole ranking.
    pub p: f64,
}

/// The table of fewest places that keeps its promise over all prefixes.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjusted {
    /// The level at which each prefix is tested.
    pub level: f64,
    /// The fewest places of the group in each prefix.
    pub required: Vec<usize>,
    /// The chance that a fair ranking misses one of them.
    pub fails: f64,
}

impl Drawing {
    fn is_valid(self, length: usize) -> bool {
        let length_fits = (1..=LONGEST).contains(&length);
        length_fits
            && match self {
                Self::Share(share) => share > 0.0 && share < 1.0,
                Self::Catalogue { of_group, items } => of_group <= items && length as u64 <= items,
            }
    }

    /// The chance that the place after `places`, of which the group has `held`, is the group's.
    fn next(self, places: usize, held: usize) -> f64 {
        match self {
            Self::Share(share) => share,
            Self::Catalogue { of_group, items } => {
                of_group.saturating_sub(held as u64) as f64 / (items - places as u64) as f64
            }
        }
    }

    /// The chances of each count of the group's places, one place further; `chances[held]` is that of `held`.
    fn step(self, places: usize, chances: &mut Vec<f64>) {
        let mut after = vec![0.0; chances.len() + 1];
        for (held, chance) in chances.iter().enumerate() {
            let next = self.next(places, held);
            after[held + 1] += chance * next;
            after[held] += chance * (1.0 - next);
        }
        *chances = after;
    }

    /// P(at most `held` places), for each `held`, prefix by prefix.
    fn tails(self, length: usize, mut look: impl FnMut(usize, &[f64])) {
        let mut chances = vec![1.0];
        let mut tail = Vec::with_capacity(length + 1);
        for places in 0..length {
            self.step(places, &mut chances);
            tail.clear();
            tail.extend(chances.iter().scan(0.0, |sum, chance| {
                *sum += chance;
                Some(f64::min(*sum, 1.0))
            }));
            look(places, &tail);
        }
    }

    /// The chance that a fair ranking has, in some prefix, a count that `fails`, given the prefix and P(at most it).
    fn fails_somewhere(self, length: usize, mut fails: impl FnMut(usize, usize, f64) -> bool) -> f64 {
        let mut alive = vec![1.0];
        let mut lost = 0.0;
        self.tails(length, |places, tail| {
            self.step(places, &mut alive);
            for (held, chance) in alive.iter_mut().enumerate() {
                // What is impossible may carry rounding; it is no part of either sum.
                if *chance > 0.0 && fails(places, held, tail[held]) {
                    lost += std::mem::take(chance);
                }
            }
        });
        f64::min(lost, 1.0)
    }

    /// Whether the group has too few places in some prefix of a ranking, which says of each place whether it is the
    /// group's.
    ///
    /// The statistic is the smallest of P(at most as many places as observed) over all prefixes, and the p-value the
    /// chance that a fair ranking has one that small. Nothing where the ranking is empty or longer than [`LONGEST`],
    /// or cannot be drawn so (a share that is no share, more of the group in the list than in the catalogue).
    ///
    /// ```
    /// use evenhand_measure::inference::prefixes::Drawing;
    /// let b = [false, false, false, true, false, false, true, false, true, true];
    /// let tested = Drawing::Catalogue { of_group: 4, items: 10 }.test(&b).unwrap();
    /// assert_eq!(tested.at, 6);
    /// assert!((tested.smallest - 25.0 / 210.0).abs() < 1e-12);
    /// assert!((tested.p - 31.0 / 210.0).abs() < 1e-12);
    /// ```
    #[must_use]
    pub fn test(self, ranking: &[bool]) -> Option<Tested> {
        let length = ranking.len();
        if !self.is_valid(length) || !self.holds(ranking) {
            return None;
        }
        let (mut smallest, mut at, mut held) = (f64::INFINITY, 0, 0);
        self.tails(length, |places, tail| {
            held += usize::from(ranking[places]);
            // A later prefix counts only where it is smaller by more than rounding.
            if tail[held] < smallest * (1.0 - ROUNDING) {
                (smallest, at) = (tail[held], places + 1);
            }
        });
        let p = self.fails_somewhere(length, |_, _, tail| tail <= smallest * (1.0 + ROUNDING));
        Some(Tested { smallest, at, p })
    }

    /// Whether the ranking can be drawn at all.
    fn holds(self, ranking: &[bool]) -> bool {
        match self {
            Self::Share(_) => true,
            Self::Catalogue { of_group, items } => {
                let held = ranking.iter().filter(|of_group| **of_group).count() as u64;
                held <= of_group && ranking.len() as u64 - held <= items - of_group
            }
        }
    }
}

/// The fewest places that a group must have in each prefix up to `length`: the smallest m with P(at most m) at least
/// `level`. Fewer places are less likely than `level`, in a fair ranking.
///
/// Nothing where `level` is not above 0 and below 1, or the drawing or the length makes no sense.
///
/// ```
/// use evenhand_measure::inference::prefixes::{Drawing, required};
/// let table = required(Drawing::Share(0.4), 10, 0.1).unwrap();
/// assert_eq!(table, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
/// ```
#[must_use]
pub fn required(drawing: Drawing, length: usize, level: f64) -> Option<Vec<usize>> {
    if !(drawing.is_valid(length) && level > 0.0 && level < 1.0) {
        return None;
    }
    let mut table = Vec::with_capacity(length);
    drawing.tails(length, |_, tail| {
        table.push(tail.partition_point(|chance| !reaches(*chance, level)))
    });
    Some(table)
}

fn reaches(chance: f64, level: f64) -> bool {
    chance >= level * (1.0 - ROUNDING)
}

/// The chance that a fair ranking has fewer places than the table requires in some prefix, all of them looked at.
///
/// Nothing where the drawing or the length of the table makes no sense.
#[must_use]
pub fn fail_chance(drawing: Drawing, required: &[usize]) -> Option<f64> {
    drawing
        .is_valid(required.len())
        .then(|| drawing.fails_somewhere(required.len(), |places, held, _| held < required[places]))
}

/// The table for the largest level, up to `alpha`, at which no more than `alpha` of all fair rankings fail somewhere.
///
/// The chance of failing rises in steps with the level, each at one of the chances P(at most m in k places); so the
/// largest level is one of these, and found by halving. Nothing where [`required`] has nothing.
///
/// ```
/// use evenhand_measure::inference::prefixes::{Drawing, adjusted};
/// let table = adjusted(Drawing::Share(0.4), 10, 0.1).unwrap();
/// assert_eq!(table.required, [0, 0, 0, 0, 0, 1, 1, 1, 2, 2]);
/// assert!((table.fails - 0.086966784).abs() < 1e-9);
/// ```
#[must_use]
pub fn adjusted(drawing: Drawing, length: usize, alpha: f64) -> Option<Adjusted> {
    if !(drawing.is_valid(length) && alpha > 0.0 && alpha < 1.0) {
        return None;
    }
    // Of all prefixes together no more fail than their sum, so this level keeps the promise.
    let safe = alpha / length as f64;
    let mut levels = vec![safe, alpha];
    drawing.tails(length, |_, tail| {
        levels.extend(tail.iter().filter(|chance| **chance > safe && **chance < alpha));
    });
    levels.sort_by(f64::total_cmp);
    let at = |level: f64| {
        let required = required(drawing, length, level)?;
        let fails = fail_chance(drawing, &required)?;
        Some(Adjusted { level, required, fails })
    };
    // The first level that fails too often.
    let keeps = |level: f64| at(level).is_some_and(|table| reaches(alpha, table.fails));
    let too_high = levels.partition_point(|level| keeps(*level));
    at(levels[too_high.saturating_sub(1)])
}
