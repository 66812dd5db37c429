//! The rules whose sizes section A gives, and the limits they are held to.

use crate::page::{Limit, share};
use crate::plot::Mark;
use crate::study::question::PERCENTS;
use crate::study::size::Cell;

/// A rule whose size is asked.
pub struct Rule {
    pub name: &'static str,
    /// Its name in files.
    pub id: &'static str,
    pub size: fn(&Cell) -> Option<f64>,
    /// At most this where all expected counts are 5 or more.
    large: f64,
    /// At most this elsewhere; `None` where no verdict rests on it.
    small: Option<f64>,
}

/// One bound.
pub const BREACH: Rule = Rule {
    name: "breach, score test alone",
    id: "breach",
    size: |cell| Some(cell.one_sided.breach),
    large: 0.035,
    small: Some(0.05),
};
pub const COMPLY: Rule = Rule {
    name: "compliance, score test alone",
    id: "compliance",
    size: |cell| Some(cell.one_sided.comply),
    large: 0.035,
    small: None,
};
pub const FAIL: Rule = Rule {
    name: "fail, with the exact test's consent",
    id: "fail",
    size: |cell| Some(cell.one_sided.fail),
    large: 0.035,
    small: Some(0.03),
};
pub const PASS: Rule = Rule {
    name: "pass, with the exact test's consent",
    id: "pass",
    size: |cell| Some(cell.one_sided.pass),
    large: 0.035,
    small: Some(0.03),
};

/// Two bounds.
pub const TWO_SIDED: [Rule; 4] = [
    Rule {
        name: "two bounds: breach, score test alone",
        id: "two-sided-breach",
        size: |cell| Some(cell.two_sided?.breach),
        large: 0.035,
        small: Some(0.05),
    },
    Rule {
        name: "two bounds: compliance, score test alone",
        id: "two-sided-compliance",
        size: |cell| Some(cell.two_sided?.comply),
        large: 0.035,
        small: Some(0.05),
    },
    Rule {
        name: "two bounds: fail, with the exact test's consent",
        id: "two-sided-fail",
        size: |cell| Some(cell.two_sided?.fail),
        large: 0.035,
        small: Some(0.03),
    },
    Rule {
        name: "two bounds: pass, with the exact test's consent",
        id: "two-sided-pass",
        size: |cell| Some(cell.two_sided?.pass),
        large: 0.035,
        small: Some(0.03),
    },
];

pub const ONE_SIDED: [Rule; 4] = [BREACH, COMPLY, FAIL, PASS];

/// Every rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    ONE_SIDED.iter().chain(&TWO_SIDED)
}

/// Whether a cell is one of those that the limits are stated for: rates in steps of 5 %.
pub fn required(cell: &Cell) -> bool {
    PERCENTS.contains(&cell.percent)
}

impl Rule {
    /// The limit of a cell's class.
    pub fn limit(&self, small: bool) -> Option<f64> {
        if small { self.small } else { Some(self.large) }
    }

    /// The cells in which it is wrong most often.
    pub fn worst<'a>(&self, cells: &'a [Cell], there: impl Fn(&Cell) -> bool, most: usize) -> Vec<(f64, &'a Cell)> {
        let mut sizes: Vec<(f64, &Cell)> = cells
            .iter()
            .filter(|cell| there(cell))
            .filter_map(|cell| Some(((self.size)(cell)?, cell)))
            .collect();
        sizes.sort_by(|left, right| right.0.total_cmp(&left.0));
        sizes.truncate(most);
        sizes
    }

    /// Number, smallest, mean and largest size in a range of expected counts.
    pub fn summary(&self, cells: &[Cell], (low, high): (f64, f64)) -> Option<(usize, Mark)> {
        let sizes: Vec<f64> = cells
            .iter()
            .filter(|cell| cell.expected >= low && cell.expected < high)
            .filter_map(self.size)
            .collect();
        let count = sizes.len();
        (count > 0).then(|| {
            let mark = Mark {
                low: sizes.iter().copied().fold(1.0, f64::min),
                at: sizes.iter().sum::<f64>() / count as f64,
                high: sizes.iter().copied().fold(0.0, f64::max),
            };
            (count, mark)
        })
    }
}

/// The limits, each at the rates that it is stated for, with the finer grid beside it.
pub fn limits(cells: &[Cell]) -> Vec<Limit> {
    let classes = [false, true];
    rules()
        .flat_map(|rule| classes.map(|small| limit(cells, rule, small)))
        .collect()
}

fn limit(cells: &[Cell], rule: &Rule, small: bool) -> Limit {
    let there = if small { "under 5" } else { "5 or more" };
    let (largest, at) = largest(cells, rule, |cell| cell.small() == small && required(cell));
    let (finer, finer_at) = self::largest(cells, rule, |cell| cell.small() == small);
    let most = rule.limit(small);
    let mut found = format!("{} ({at}); at every whole percent {}", share(largest), share(finer));
    if finer > largest {
        found = format!("{found} ({finer_at})");
    }
    if most.is_some_and(|most| finer > most && largest <= most) {
        found.push_str(", **above the limit between the rates it is stated for**");
    }
    Limit {
        what: format!("size of {}; smallest expected count {there}", rule.name),
        required: match most {
            Some(most) => format!("at most {most}"),
            None => "none: alone it goes above 0.05, so a pass also needs the exact test (below)".to_owned(),
        },
        found,
        met: most.map(|most| largest <= most),
    }
}

fn largest(cells: &[Cell], rule: &Rule, there: impl Fn(&Cell) -> bool) -> (f64, String) {
    let worst = rule.worst(cells, there, 1);
    worst
        .first()
        .map_or((0.0, "nowhere".to_owned()), |(size, cell)| (*size, place(cell)))
}

fn place(cell: &Cell) -> String {
    format!(
        "{}, {} against {}, reference rate {} %",
        cell.question().name,
        cell.group,
        cell.reference,
        cell.percent
    )
}
