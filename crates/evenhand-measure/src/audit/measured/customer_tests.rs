//! Whole audits of lists: four users worked out by hand, and many of them.

use std::collections::BTreeMap;

use crate::audit::model::{Audit, Finding, Group, Outcome, Value};
use crate::lists::customer::{Entry, History, Known, Measuring, Relevance, User};
use crate::policy::Policy;
use crate::tally::{AT_LEAST, Axis, BELOW, Coding, Counts, Cube, Dimension, Level, ListSums, Lists, Stock, Tally};

/// Popularity, category and provider of the items 1 to 6.
const ITEMS: [(f64, u32, u32); 6] = [
    (50.0, 0, 1),
    (30.0, 0, 1),
    (10.0, 1, 0),
    (5.0, 1, 1),
    (3.0, 2, 0),
    (2.0, 2, 0),
];

/// What is shown, wanted and was chosen before.
type Viewer = ([usize; 3], &'static [usize], &'static [usize]);

const VIEWERS: [Viewer; 4] = [
    ([1, 2, 3], &[1, 3], &[1, 2, 3, 3]),
    ([1, 3, 5], &[5], &[1, 3, 5, 5]),
    ([2, 1, 4], &[6], &[2, 4, 6, 6]),
    ([1, 2, 6], &[6, 5], &[1, 2, 6, 5]),
];

fn dimension(role: Axis, column: &str, levels: &[&str]) -> Dimension {
    let mut dimension = Dimension::new(role, column, Coding::AsWritten);
    dimension.levels = levels.iter().map(|level| Level::of(level)).collect();
    dimension
}

fn bucket() -> Dimension {
    let mut bucket = Dimension::new(Axis::Bucket, "user", Coding::Buckets);
    bucket.levels = (0..1024).map(|number| Level::of(&number.to_string())).collect();
    bucket
}

/// The tally of these users: their group (0 or 1), their bucket, and what they are like.
fn tally(users: &[(u32, u32, Viewer)]) -> Tally {
    let group = || dimension(Axis::Protected, "group", &["X", "Y"]);
    let provider = || dimension(Axis::Protected, "item.provider", &["artisan", "big"]);
    let category = || dimension(Axis::Category, "category", &["c1", "c2", "c3"]);
    let measuring = Measuring::new(
        Known {
            relevance: Relevance::All,
            category: true,
            popularity: true,
            history: true,
        },
        &[3],
    );
    let (mut decisions, mut shown, mut history, mut measured) = (vec![], vec![], vec![], vec![]);
    for &(group, bucket, (items, wanted, before)) in users {
        let mut list = Vec::new();
        for (rank, item) in (0u32..).zip(items) {
            let (popularity, category, provider) = ITEMS[item - 1];
            let is_wanted = wanted.contains(&item);
            decisions.push((vec![group, provider, bucket], Counts::of(1)));
            let key = vec![group, provider, category, rank, u32::from(is_wanted), bucket];
            shown.push((key, Counts::of(1)));
            list.push(Entry {
                place: u64::from(rank) + 1,
                gain: f64::from(u8::from(is_wanted)),
                category: Some(category),
                popularity: Some(popularity),
            });
        }
        let mut categories: BTreeMap<u32, u64> = BTreeMap::new();
        let mut popularity = 0.0;
        for item in before {
            let (popular, category, _) = ITEMS[item - 1];
            history.push((vec![group, category, bucket], Counts::of(1)));
            *categories.entry(category).or_default() += 1;
            popularity += popular / before.len() as f64;
        }
        let has_history = !before.is_empty();
        let user = User::new(
            wanted.iter().map(|_| 1.0),
            History {
                categories: categories.into_iter().collect(),
                popularity: has_history.then_some(popularity),
            },
        );
        let mut sums = ListSums {
            units: 1,
            ..ListSums::default()
        };
        for (key, value) in measuring.keys().iter().zip(measuring.of(&list, &user)) {
            if let Some(value) = value {
                sums.of.entry(key.clone()).or_default().add(value);
            }
        }
        measured.push((vec![group, bucket], sums));
    }
    let rank = dimension(Axis::Rank, "rank", &["1", "2", "3"]);
    let relevance = dimension(Axis::Relevance, "relevance", &[BELOW, AT_LEAST]);
    let lists = Lists {
        columns: ["list", "item", "rank", "user", "category", "popularity"]
            .map(|role| (role.to_owned(), role.to_owned()))
            .into(),
        of_items: vec!["item.provider".to_owned()],
        lists: users.len() as u64,
        users: users.len() as u64,
        longest: 3,
        left_out: BTreeMap::new(),
        found: BTreeMap::new(),
        shown: Cube::new(vec![group(), provider(), category(), rank, relevance, bucket()], shown).unwrap(),
        catalogue: Cube::new(
            vec![provider(), category()],
            ITEMS.map(|(_, category, provider)| {
                let stock = Stock {
                    items: 1,
                    ..Stock::default()
                };
                (vec![provider, category], stock)
            }),
        )
        .unwrap(),
        has_catalogue: true,
        knows_wanted: true,
        measured: Cube::new(vec![group(), bucket()], measured).unwrap(),
        history: Some(Cube::new(vec![group(), category(), bucket()], history).unwrap()),
        times_shown: Vec::new(),
    };
    let decisions = Cube::new(vec![group(), provider(), bucket()], decisions).unwrap();
    Tally::new(decisions, 3 * users.len() as u64).with(Vec::new(), None, Some(lists))
}

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.lists.cutoffs = vec![3];
    policy
}

fn audit(users: &[(u32, u32, Viewer)]) -> Audit {
    crate::audit(&tally(users), &policy()).unwrap()
}

/// The four users, each in a bucket of its own.
fn four() -> Vec<(u32, u32, Viewer)> {
    (0u32..)
        .zip(VIEWERS)
        .map(|(user, viewer)| (user / 2, user, viewer))
        .collect()
}

/// As many users, of whom the first two kinds are in X and the others in Y.
fn many(times: u32) -> Vec<(u32, u32, Viewer)> {
    let all = (0..times).flat_map(|_| VIEWERS.into_iter().zip(0u32..));
    (0u32..)
        .zip(all)
        .map(|(user, (viewer, kind))| (kind / 2, user % 1024, viewer))
        .collect()
}

fn named(column: &str, value: &str) -> Group {
    Group::from([(column.to_owned(), Some(value.to_owned()))])
}

fn value<'a>(audit: &'a Audit, group: &str, within: &Group, key: &str) -> &'a Value {
    let group = if group.is_empty() {
        Group::new()
    } else {
        named("group", group)
    };
    let same = |rates: &&crate::audit::model::GroupRates| rates.group == group && rates.within == *within;
    &audit.rates.iter().find(same).unwrap().values[key]
}

fn finding<'a>(audit: &'a Audit, criterion: &str, within: &Group) -> &'a Finding {
    let same = |finding: &&Finding| finding.criterion == criterion && finding.within == *within;
    audit.findings.iter().find(same).unwrap()
}

#[track_caller]
fn assert_near(found: Option<f64>, expected: f64) {
    // Six digits are printed.
    assert!(
        found.is_some_and(|found| (found - expected).abs() < 5.1e-7),
        "{found:?}, not {expected}"
    );
}

#[test]
fn four_users_have_the_values_worked_out() {
    let audit = audit(&four());
    for (key, x, y) in [
        ("ndcg@3", 0.709_860, 0.153_287),
        ("list-precision@3", 0.5, 0.166_667),
        ("list-recall@3", 1.0, 0.25),
        ("hit-rate@3", 1.0, 0.5),
        ("mean-reciprocal-rank@3", 0.666_667, 0.166_667),
        ("list-popularity", 25.5, 27.833_333),
        ("popularity-lift", 0.228_916, 0.795_699),
        ("history-divergence", 0.057_649, 1.022_65),
        ("narrowing", -0.002_800_5, 0.193_442_5),
        ("bias-disparity@c1", 0.333_333, 0.777_778),
        ("bias-disparity@c2", -0.111_111, 0.333_333),
        ("bias-disparity@c3", -0.333_333, -0.666_667),
    ] {
        assert_near(value(&audit, "X", &Group::new(), key).point(), x);
        assert_near(value(&audit, "Y", &Group::new(), key).point(), y);
    }
    assert_near(value(&audit, "", &Group::new(), "list-popularity").point(), 26.666_667);
    assert_near(value(&audit, "", &Group::new(), "ndcg-spread@group").point(), 0.556_574);
    assert_near(
        value(&audit, "", &Group::new(), "ndcg-mean-gap@group").point(),
        0.556_574,
    );
}

#[test]
fn artisans_reach_the_groups_as_worked_out() {
    let audit = audit(&four());
    let artisans = named("item.provider", "artisan");
    assert_near(value(&audit, "X", &artisans, "cross-exposure").point(), 0.382_680);
    assert_near(value(&audit, "Y", &artisans, "cross-exposure").point(), 0.117_320);
    assert_near(value(&audit, "", &artisans, "cross-exposure").point(), 0.25);
    let ratio = finding(&audit, "cross-exposure-parity", &artisans).point.unwrap();
    // Both shares are printed with six digits.
    assert!((ratio - 0.382_680 / 0.117_320).abs() < 2e-5, "{ratio}");
}

#[test]
fn four_users_settle_nothing() {
    let audit = audit(&four());
    for criterion in ["ndcg-parity", "hit-rate-parity", "narrowing-parity"] {
        let finding = finding(&audit, criterion, &Group::new());
        assert_eq!(finding.outcome, Outcome::Inconclusive, "{criterion}");
        assert_eq!((finding.lower, finding.upper), (None, None));
    }
    let finding = finding(&audit, "cross-exposure-parity", &named("item.provider", "artisan"));
    assert_eq!(finding.outcome, Outcome::Inconclusive);
}

#[test]
fn many_users_settle_it() {
    let audit = audit(&many(60));
    let finding_of = |criterion: &str| finding(&audit, criterion, &Group::new());
    let ndcg = finding_of("ndcg-parity");
    assert_near(ndcg.point.map(f64::abs), 0.556_574);
    assert_eq!(ndcg.outcome, Outcome::Fail);
    // One user in each bucket: the jackknife of a mean is the usual standard error, of both groups together.
    let half = |a: f64, b: f64| (a - b).powi(2) / 4.0 / 119.0;
    let se = (half(0.919_721, 0.5) + half(0.0, 0.306_574)).sqrt();
    let reach = (ndcg.upper.unwrap() - ndcg.lower.unwrap()) / 2.0;
    // 1e-3: the quantile of t at about 220 degrees of freedom is 1.971.
    assert!((reach / se - 1.971).abs() < 1e-2, "{reach} {se}");
    let cross = finding(&audit, "cross-exposure-parity", &named("item.provider", "artisan"));
    assert_eq!(cross.outcome, Outcome::Fail);
}

#[test]
fn equal_groups_pass_and_swapping_users_within_them_changes_nothing() {
    let mut users: Vec<(u32, u32, Viewer)> = (0u32..1000)
        .map(|user| (user / 500, user, VIEWERS[(user % 4) as usize]))
        .collect();
    let before = audit(&users);
    for criterion in ["ndcg-parity", "narrowing-parity"] {
        assert_eq!(
            finding(&before, criterion, &Group::new()).outcome,
            Outcome::Pass,
            "{criterion}"
        );
    }
    users.reverse();
    assert_eq!(audit(&users), before);
}

#[test]
fn a_few_users_of_one_group_beside_many_of_another_settle_nothing() {
    let mut users = many(100);
    users.retain(|(group, user, _)| *group == 0 || *user < 60);
    let audit = audit(&users);
    assert_eq!(finding(&audit, "ndcg-parity", &Group::new()).outcome, Outcome::Fail);
    users.retain(|(group, user, _)| *group == 0 || *user < 30);
    let few = crate::audit(&tally(&users), &policy()).unwrap();
    let finding = finding(&few, "ndcg-parity", &Group::new());
    assert_eq!(finding.outcome, Outcome::Inconclusive);
    assert!(
        finding.why.as_ref().is_some_and(|why| why.contains("units")),
        "{:?}",
        finding.why
    );
}

/// All users of X are hit and half of those of Y: that X does not vary makes nobody sure that it is always hit.
#[test]
fn a_group_that_does_not_vary_is_not_taken_for_certain() {
    let audit = audit(&many(15));
    let finding = finding(&audit, "hit-rate-parity", &Group::new());
    let reach = (finding.upper.unwrap() - finding.lower.unwrap()) / 2.0;
    let of_y = 0.5 / 29f64.sqrt();
    assert!(reach > 2.02 * of_y * 1.1, "{reach}");
}

#[test]
fn users_who_want_nothing_are_counted_and_left_out() {
    let mut users = many(60);
    let wants_nothing = ([1, 2, 4], &[][..], &[1, 4][..]);
    users.extend((0..50).map(|user| (1, 900 + user, wants_nothing)));
    let audit = audit(&users);
    assert_near(value(&audit, "Y", &Group::new(), "ndcg@3").point(), 0.153_287);
    let note = audit.notes.iter().find(|note| note.code == "no-relevant-item").unwrap();
    assert!(note.message.contains("50 of 170 in `Y`"), "{}", note.message);
    assert!(!note.message.contains("in `X`"), "{}", note.message);
}

#[test]
fn without_relevance_and_history_only_reach_is_judged() {
    let mut tally = tally(&many(60));
    let lists = tally.lists.as_mut().unwrap();
    lists.history = None;
    lists.knows_wanted = false;
    lists.measured = lists.measured.mapped(|sums| sums.of.clear());
    let audit = crate::audit(&tally, &policy()).unwrap();
    let judged: Vec<&str> = audit
        .findings
        .iter()
        .map(|finding| finding.criterion.as_str())
        .collect();
    assert!(judged.contains(&"cross-exposure-parity"));
    assert!(
        !judged.contains(&"ndcg-parity") && !judged.contains(&"narrowing-parity"),
        "{judged:?}"
    );
    let x = audit
        .rates
        .iter()
        .find(|rates| rates.group == named("group", "X") && rates.within.is_empty())
        .unwrap();
    assert!(!x.values.contains_key("ndcg@3") && !x.values.contains_key("bias-disparity@c1"));
}

#[test]
fn a_cutoff_that_was_not_tallied_is_named() {
    let mut policy = policy();
    policy.lists.cutoffs = vec![10];
    let audit = crate::audit(&tally(&many(60)), &policy).unwrap();
    let finding = finding(&audit, "ndcg-parity", &Group::new());
    assert_eq!(finding.outcome, Outcome::Inconclusive);
    assert!(
        finding.why.as_ref().is_some_and(|why| why.contains("place 3 only")),
        "{:?}",
        finding.why
    );
}

#[test]
fn parts_of_the_users_merge_to_the_same_audit() {
    let users = many(60);
    let (one, other) = users.split_at(77);
    let merged = tally(one).merge(&tally(other)).unwrap();
    assert_eq!(crate::audit(&merged, &policy()).unwrap(), audit(&users));
}

/// Whether a place is clicked follows from all users, and then artisans get other shares of the attention.
#[test]
fn clicks_say_how_much_attention_places_get() {
    let mut policy = policy();
    policy.lists.attention = crate::attention::Attention::Clicks;
    let audit = crate::audit(&tally(&four()), &policy).unwrap();
    // One of four first places was wanted, none of the second, and three of the third: 1, 0 and 3.
    let artisans = named("item.provider", "artisan");
    assert_near(value(&audit, "X", &artisans, "cross-exposure").point(), 6.0 / 8.0);
    assert_near(value(&audit, "Y", &artisans, "cross-exposure").point(), 3.0 / 8.0);
    // Where nobody clicked the first place, nothing is known.
    let mut nobody = four();
    nobody.iter_mut().for_each(|(_, _, viewer)| viewer.1 = &[6]);
    let audit = crate::audit(&tally(&nobody), &policy).unwrap();
    assert_eq!(value(&audit, "X", &artisans, "cross-exposure").point(), None);
}

/// A recommender that shows everybody the same has nothing that varies, and yet many users say something.
#[test]
fn the_same_list_for_all_reaches_all_alike() {
    let users: Vec<(u32, u32, Viewer)> = (0u32..400).map(|user| (user % 2, user, VIEWERS[0])).collect();
    let audit = audit(&users);
    let finding = finding(&audit, "cross-exposure-parity", &named("item.provider", "artisan"));
    assert_eq!(finding.point, Some(1.0));
    assert_eq!(finding.outcome, Outcome::Pass);
}

/// Lists of users who click, of whom `blank` of 40 in each group clicked nothing that they were shown.
fn clicked(blank: [u32; 2]) -> Tally {
    let mut users: Vec<(u32, u32, Viewer)> = Vec::new();
    for (group, blank) in [(0u32, blank[0]), (1, blank[1])] {
        users.extend((0..40).map(|user| {
            let wanted: &[usize] = if user < blank { &[] } else { &[3] };
            (group, group * 40 + user, ([1, 2, 3], wanted, &[1][..]))
        }));
    }
    let mut tally = tally(&users);
    let measuring = Measuring::new(
        Known {
            relevance: Relevance::Shown,
            ..Known::default()
        },
        &[3],
    );
    let lists = tally.lists.as_mut().unwrap();
    lists.knows_wanted = false;
    lists.columns.insert("relevance".to_owned(), "clicked".to_owned());
    let cells = users.iter().map(|(group, bucket, (items, wanted, _))| {
        let gains: Vec<f64> = items
            .iter()
            .map(|item| f64::from(u8::from(wanted.contains(item))))
            .collect();
        let list: Vec<Entry> = (1..)
            .zip(&gains)
            .map(|(place, gain)| Entry {
                place,
                gain: *gain,
                ..Entry::default()
            })
            .collect();
        let mut sums = ListSums {
            units: 1,
            ..ListSums::default()
        };
        let values = measuring.of(&list, &User::new(gains, History::default()));
        for (key, value) in measuring.keys().iter().zip(values) {
            value
                .into_iter()
                .for_each(|value| sums.of.entry(key.clone()).or_default().add(value));
        }
        (vec![*group, *bucket], sums)
    });
    let group = dimension(Axis::Protected, "group", &["X", "Y"]);
    lists.measured = Cube::new(vec![group, bucket()], cells.collect::<Vec<_>>()).unwrap();
    tally
}

/// Trap: among users who clicked, all are hit and recall is 1, whatever the lists of the others were like.
#[test]
fn trap_clicks_alone_give_no_recall_and_who_clicked_nothing_is_not_hit() {
    let audit = crate::audit(&clicked([0, 30]), &policy()).unwrap();
    let none = Group::new();
    assert_near(value(&audit, "X", &none, "hit-rate@3").point(), 1.0);
    assert_near(value(&audit, "Y", &none, "hit-rate@3").point(), 0.25);
    assert_near(value(&audit, "Y", &none, "list-precision@3").point(), 0.25 / 3.0);
    assert_near(value(&audit, "Y", &none, "mean-reciprocal-rank@3").point(), 0.25 / 3.0);
    // The order of what was shown is the same for those who have an NDCG.
    assert_near(value(&audit, "Y", &none, "ndcg@3").point(), 0.5);
    let Value::Undefined { undefined, .. } = value(&audit, "Y", &none, "list-recall@3") else {
        panic!("recall has a value");
    };
    assert!(
        undefined.contains("beyond what they were shown (--relevant FILE)"),
        "{undefined}"
    );
    assert_eq!(finding(&audit, "hit-rate-parity", &none).outcome, Outcome::Fail);
    assert!(
        !audit
            .findings
            .iter()
            .any(|finding| finding.criterion == "list-recall-parity")
    );
    let note = |code: &str| audit.notes.iter().find(|note| note.code == code);
    assert!(note("relevance-of-shown").is_some() && note("relevance-of-all").is_none());
    let without = &note("no-relevant-item").unwrap().message;
    assert!(
        without.contains("30 of 40 in `Y`") && !without.contains("`X`"),
        "{without}"
    );
    // Who asks for recall is told that it cannot be.
    let mut asked = policy();
    asked.checks = crate::policy::parse("p", "[[check]]\ncriterion = \"list-recall-parity\"\n")
        .unwrap()
        .checks;
    let audit = crate::audit(&clicked([0, 30]), &asked).unwrap();
    let finding = finding(&audit, "list-recall-parity", &none);
    assert_eq!(finding.outcome, Outcome::Inconclusive);
    assert!(
        finding.why.as_ref().is_some_and(|why| why.contains("--relevant FILE")),
        "{:?}",
        finding.why
    );
}

#[test]
fn where_nobody_clicked_anything_that_is_said_and_not_passed() {
    let audit = crate::audit(&clicked([40, 40]), &policy()).unwrap();
    let none = Group::new();
    assert_eq!(value(&audit, "X", &none, "ndcg@3").point(), None);
    assert_near(value(&audit, "X", &none, "hit-rate@3").point(), 0.0);
    assert_eq!(finding(&audit, "ndcg-parity", &none).outcome, Outcome::Inconclusive);
    let note = audit.notes.iter().find(|note| note.code == "no-relevant-item").unwrap();
    assert!(note.help.is_some(), "{note:?}");
}

/// A group of users that never sees a group of items, beside one that does: the ratio is 0, or has no value.
#[test]
fn a_group_of_items_that_never_reaches_a_group_of_users_is_found() {
    let artisans = named("item.provider", "artisan");
    for turned in [false, true] {
        let sees = |user: u32| user.is_multiple_of(2) != turned;
        let users: Vec<(u32, u32, Viewer)> = (0..400)
            .map(|user| {
                let items = if sees(user) { [1, 3, 5] } else { [1, 2, 4] };
                (user % 2, user, (items, &[1][..], &[1][..]))
            })
            .collect();
        let audit = audit(&users);
        let found = finding(&audit, "cross-exposure-parity", &artisans);
        assert_eq!(found.outcome, Outcome::Fail, "{found:?}");
        assert_eq!(found.point, turned.then_some(0.0));
        assert!(
            if turned {
                found.upper < Some(0.8)
            } else {
                found.lower > Some(1.25)
            },
            "{found:?}"
        );
        let note = audit.notes.iter().find(|note| note.code == "never-reached").unwrap();
        let name = if turned { "`X` (200 users)" } else { "`Y` (200 users)" };
        assert!(
            note.message.contains("`artisan`") && note.message.contains(name),
            "{}",
            note.message
        );
    }
}
