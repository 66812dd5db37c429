//! Would a group get as little if its items were any others? A test that deals the groups' labels out anew.
//!
//! If the group of an item made no difference, any other items of the same category might as well have been the
//! group's. So labels are permuted over items within their category, and the total that the group gets (of exposure,
//! or of anything that belongs to items) is compared with what it gets under all other arrangements (Fisher 1935,
//! "The Design of Experiments", section 21). Few arrangements are all gone through; of many, some are drawn.
//!
//! The drawn ones count with the observed one among them, `(1 + as extreme) / (1 + drawn)`: a p-value is never 0, and
//! arrangements as extreme as the observed one count as such (Phipson and Smyth 2010).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, Uniform};

#[cfg(test)]
mod tests;

/// Up to so many arrangements are all gone through.
const MOST_EXACT: u64 = 100_000;

/// Totals that differ by less than this share of the whole are equal: sums in another order are not the same bits.
const ROUNDING: f64 = 1e-10;

/// An item, and what it got.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// What it got, such as exposure; finite.
    pub got: f64,
    /// Whether it is the group's.
    pub of_group: bool,
    /// Labels are only exchanged within a category.
    pub category: usize,
}

/// How the observed total stands among those of all arrangements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relabelled {
    /// The share of arrangements in which the group gets as little, or less.
    pub as_little: f64,
    /// The share of arrangements in which it gets as much, or more.
    pub as_much: f64,
    /// The share of arrangements in which it gets as far from the mean of all, on either side.
    pub as_far: f64,
    /// How many arrangements were looked at.
    pub arrangements: u64,
    /// Whether these are all there are.
    pub is_exact: bool,
}

/// Deals the labels out anew: all ways, where there are no more than 100,000, else `draws` of them.
///
/// Nothing where there is only one arrangement, so that nothing could be learnt, or no draw.
///
/// ```
/// use evenhand_measure::inference::relabelling::{Item, relabel};
/// let item = |got, of_group| Item { got, of_group, category: 0 };
/// let found = relabel(&[item(3.0, false), item(2.0, false), item(1.0, true)], 999, 1).unwrap();
/// assert!(found.is_exact);
/// assert_eq!((found.as_little, found.as_much), (1.0 / 3.0, 1.0));
/// ```
#[must_use]
pub fn relabel(items: &[Item], draws: u32, seed: u64) -> Option<Relabelled> {
    let categories = categories(items);
    let arrangements = categories
        .iter()
        .try_fold(1u64, |all, category| all.checked_mul(category.arrangements()?));
    let whole: f64 = items.iter().map(|item| item.got.abs()).sum();
    let observed: f64 = items.iter().filter(|item| item.of_group).map(|item| item.got).sum();
    let mean: f64 = categories.iter().map(Category::mean).sum();
    let mut tally = Tally {
        observed,
        mean,
        slack: whole * ROUNDING,
        counts: [0; 3],
        seen: 0,
    };
    match arrangements {
        Some(0 | 1) => None,
        Some(all) if all <= MOST_EXACT => {
            every(&categories, 0.0, &mut tally);
            Some(tally.shares(0, true))
        }
        _ if draws == 0 => None,
        _ => {
            let generator = ChaCha8Rng::seed_from_u64(seed);
            for draw in 0..draws {
                // Each draw has a stream of its own, so that more of them begin with the same.
                let mut random = generator.clone();
                random.set_stream(u64::from(draw));
                tally.look(categories.iter().map(|category| category.draw(&mut random)).sum());
            }
            Some(tally.shares(1, false))
        }
    }
}

/// The items of one category, and how many of them are the group's.
struct Category {
    got: Vec<f64>,
    of_group: usize,
}

fn categories(items: &[Item]) -> Vec<Category> {
    let mut sorted: Vec<&Item> = items.iter().collect();
    sorted.sort_by(|a, b| a.category.cmp(&b.category).then(a.got.total_cmp(&b.got)));
    sorted
        .chunk_by(|a, b| a.category == b.category)
        .map(|items| Category {
            got: items.iter().map(|item| item.got).collect(),
            of_group: items.iter().filter(|item| item.of_group).count(),
        })
        .collect()
}

impl Category {
    /// How many ways there are to choose the group's items, unless they are too many to count.
    fn arrangements(&self) -> Option<u64> {
        let n = self.got.len() as u64;
        let k = (self.of_group as u64).min(n - self.of_group as u64);
        (0..k).try_fold(1u64, |ways, i| Some(ways.checked_mul(n - i)? / (i + 1)))
    }

    fn mean(&self) -> f64 {
        self.got.iter().sum::<f64>() * self.of_group as f64 / self.got.len() as f64
    }

    /// What the group gets of a random choice.
    fn draw(&self, random: &mut ChaCha8Rng) -> f64 {
        let mut left = self.got.clone();
        let mut sum = 0.0;
        for _ in 0..self.of_group {
            // There is one left for each that is still to be drawn.
            let Ok(places) = Uniform::new(0, left.len()) else {
                break;
            };
            sum += left.swap_remove(places.sample(random));
        }
        sum
    }

    /// Every choice of `wanted` items from `from` on.
    fn each(&self, from: usize, wanted: usize, sum: f64, look: &mut dyn FnMut(f64)) {
        if wanted == 0 {
            look(sum);
            return;
        }
        for index in from..=self.got.len() - wanted {
            self.each(index + 1, wanted - 1, sum + self.got[index], look);
        }
    }
}

fn every(categories: &[Category], sum: f64, tally: &mut Tally) {
    match categories.split_first() {
        None => tally.look(sum),
        Some((first, rest)) => first.each(0, first.of_group, sum, &mut |sum| every(rest, sum, tally)),
    }
}

struct Tally {
    observed: f64,
    mean: f64,
    slack: f64,
    /// As little, as much, as far.
    counts: [u64; 3],
    seen: u64,
}

impl Tally {
    fn look(&mut self, sum: f64) {
        let is_so = [
            sum <= self.observed + self.slack,
            sum >= self.observed - self.slack,
            (sum - self.mean).abs() >= (self.observed - self.mean).abs() - self.slack,
        ];
        self.seen += 1;
        for (count, is_so) in self.counts.iter_mut().zip(is_so) {
            *count += u64::from(is_so);
        }
    }

    /// The shares, with so many times the observed arrangement added.
    fn shares(&self, observed: u64, is_exact: bool) -> Relabelled {
        let share = |count: u64| (count + observed) as f64 / (self.seen + observed) as f64;
        let [as_little, as_much, as_far] = self.counts.map(share);
        Relabelled {
            as_little,
            as_much,
            as_far,
            arrangements: self.seen,
            is_exact,
        }
    }
}
