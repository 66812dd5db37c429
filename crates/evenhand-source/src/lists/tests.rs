//! Tests of lists as they are read: their rules, a slow twin, and what may not change anything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use evenhand_measure::Problem;
use evenhand_measure::attention::Attention;
use evenhand_measure::policy::{Join, NamedFile, Policy};
use evenhand_measure::tally::{Axis, Counts, Cube, Level, Lists, Tally};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::tally;

/// Files in a folder, which lives as long as this.
struct Room(TempDir);

impl Room {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn named(&self, name: &str, text: &str) -> NamedFile {
        self.write(name, text).to_string_lossy().into_owned().into()
    }
}

/// Lists with these columns by role; `protected` are the protected attributes.
fn policy(roles: &[(&str, &str)], protected: &[&str]) -> Policy {
    let mut policy = Policy::default();
    let set = &mut policy.roles;
    set.protected = protected.iter().map(|name| (*name).to_owned()).collect();
    for (role, column) in roles {
        let column = Some((*column).to_owned());
        match *role {
            "list" => set.list = column,
            "item" => set.item = column,
            "rank" => set.rank = column,
            "user" => set.user = column,
            "relevance" => set.relevance = column,
            "category" => set.category = column,
            "merit" => set.merit = column,
            "popularity" => set.popularity = column,
            "cluster" => set.cluster = column,
            other => panic!("no role {other}"),
        }
    }
    policy.lists.cutoffs = vec![3];
    policy
}

const PLAIN: &[(&str, &str)] = &[("list", "l"), ("item", "i"), ("rank", "r")];

fn read(files: &[PathBuf], policy: &Policy) -> Result<Tally, Vec<Problem>> {
    tally(files, policy, &())
}

fn lists(text: &str, policy: &Policy) -> Lists {
    let room = Room::new();
    read(&[room.write("lists.csv", text)], policy).unwrap().lists.unwrap()
}

fn problem(text: &str, policy: &Policy) -> Problem {
    let room = Room::new();
    read(&[room.write("lists.csv", text)], policy).unwrap_err().remove(0)
}

/// The cells as texts: of the dimensions in order of role and column, and without buckets.
fn cells(cube: &Cube<Counts>) -> BTreeMap<Vec<String>, u64> {
    let kept: Vec<usize> = (0..cube.dimensions().len())
        .filter(|index| cube.dimensions()[*index].role != Axis::Bucket)
        .collect();
    let cube = cube.margin(&kept);
    let named = |key: &[u32]| {
        let levels = key.iter().zip(cube.dimensions());
        let levels = levels.map(|(code, dimension)| &dimension.levels[*code as usize]);
        levels.map(|level| level.text().unwrap_or("-").to_owned()).collect()
    };
    cube.cells().map(|(key, counts)| (named(key), counts.n)).collect()
}

fn counts(named: &[(&str, u64)]) -> BTreeMap<String, u64> {
    named.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
}

/// Four users with three items each, two user groups, two kinds of provider.
const FOUR_USERS: &str = "\
u,group,i,r,item.provider,pop,c
u1,X,i1,1,big,50,c1
u1,X,i2,2,big,30,c1
u1,X,i3,3,artisan,10,c2
u2,X,i1,1,big,50,c1
u2,X,i3,2,artisan,10,c2
u2,X,i5,3,artisan,3,c3
u3,Y,i2,1,big,30,c1
u3,Y,i1,2,big,50,c1
u3,Y,i4,3,big,5,c2
u4,Y,i1,1,big,50,c1
u4,Y,i2,2,big,30,c1
u4,Y,i6,3,artisan,2,c3
";
const WANTED: &str = "u,i\nu1,i1\nu1,i3\nu2,i5\nu3,i6\nu4,i6\nu4,i5\n";
const HISTORY: &str = "\
u,i,c
u1,i1,c1\nu1,i2,c1\nu1,i3,c2\nu1,i3,c2
u2,i1,c1\nu2,i3,c2\nu2,i5,c3\nu2,i5,c3
u3,i2,c1\nu3,i4,c2\nu3,i6,c3\nu3,i6,c3
u4,i1,c1\nu4,i2,c1\nu4,i6,c3\nu4,i5,c3
u9,i1,c1
";

fn four_users(room: &Room) -> Policy {
    let roles = [
        ("list", "u"),
        ("item", "i"),
        ("rank", "r"),
        ("popularity", "pop"),
        ("category", "c"),
    ];
    let mut policy = policy(&roles, &["group", "item.provider"]);
    policy.data.relevant = Some(room.named("wanted.csv", WANTED));
    policy.data.history = Some(room.named("history.csv", HISTORY));
    policy
}

fn mean(lists: &Lists, group: &str, measure: &str) -> f64 {
    let cube = &lists.measured;
    let by = cube.position(Axis::Protected, "group").unwrap();
    let cube = cube.margin(&[by]);
    let found = cube
        .cells()
        .find(|(key, _)| cube.dimensions()[0].levels[key[0] as usize] == Level::of(group));
    found.unwrap().1.of[measure].mean().unwrap()
}

#[test]
fn four_users_and_six_items_give_the_figures_worked_out_by_hand() {
    let room = Room::new();
    let policy = four_users(&room);
    let lists = lists(FOUR_USERS, &policy);
    assert_eq!((lists.lists, lists.users, lists.longest), (4, 4, 3));
    assert!(lists.left_out.is_empty() && lists.found.is_empty());
    // Six decimals were worked out.
    let near = |group: &str, measure: &str, expected: f64| {
        let found = mean(&lists, group, measure);
        assert!(
            (found - expected).abs() < 5e-7,
            "{measure} of {group}: {found} and not {expected}"
        );
    };
    near("X", "ndcg@3", 0.709_860);
    near("Y", "ndcg@3", 0.153_287);
    near("X", "list-precision@3", 0.5);
    near("Y", "list-recall@3", 0.25);
    near("Y", "hit-rate@3", 0.5);
    near("X", "mean-reciprocal-rank@3", 2.0 / 3.0);
    near("X", "history-divergence", 0.057_649);
    near("Y", "history-divergence", (1.987_650 + 0.057_649) / 2.0);
    near("X", "narrowing", (0.055_059 - 0.060_660) / 2.0);
    near("Y", "narrowing", (0.331_826 + 0.055_059) / 2.0);
    near("X", "list-popularity", 25.5);
    near("Y", "list-popularity", 27.833_333);

    // What is shown: the exposure of artisans, under attention that falls with the logarithm.
    let cube = &lists.shown;
    let rank = cube.position(Axis::Rank, "r").unwrap();
    let provider = cube.position(Axis::Protected, "item.provider").unwrap();
    let mut exposure: BTreeMap<String, f64> = BTreeMap::new();
    for (key, counts) in cube.cells() {
        let level = |at: usize| cube.dimensions()[at].levels[key[at] as usize].text().unwrap();
        let weight = Attention::Log.weight(level(rank).parse().unwrap()).unwrap();
        *exposure.entry(level(provider).to_owned()).or_default() += weight * counts.n as f64;
    }
    assert!((exposure["artisan"] - 2.130_93).abs() < 1e-5, "{exposure:?}");
    assert!((exposure["artisan"] / (exposure["artisan"] + exposure["big"]) - 0.25).abs() < 1e-6);
    let mut times: Vec<u64> = lists.times_shown.iter().map(|shown| shown.times).collect();
    times.sort_unstable();
    assert_eq!(times, [1, 1, 1, 2, 3, 4]);
    let stock = lists.catalogue.total();
    assert_eq!(
        (stock.items, stock.popularity.value(), lists.has_catalogue),
        (6, 100.0, false)
    );
    let history = lists.history.unwrap();
    assert_eq!(history.total().n, 16);
}

#[test]
fn four_users_and_six_items_by_provider() {
    use evenhand_measure::attention::Attention;
    use evenhand_measure::lists::provider::{Entry, Known, Measuring};

    let room = Room::new();
    let roles = [("list", "u"), ("item", "i"), ("rank", "r"), ("popularity", "item.pop")];
    let mut policy = policy(&roles, &["group", "item.provider"]);
    policy.data.relevant = Some(room.named("wanted.csv", WANTED));
    policy.data.joins = vec![Join {
        file: room.named(
            "items.csv",
            "i,provider,pop\ni1,big,50\ni2,big,30\ni3,artisan,10\ni4,big,5\ni5,artisan,3\ni6,artisan,2\n",
        ),
        on: "i".to_owned(),
        key: None,
        side: Some("item".to_owned()),
    }];
    let shown: String = FOUR_USERS
        .lines()
        .map(|line| line.split(',').take(4).collect::<Vec<_>>().join(",") + "\n")
        .collect();
    let lists = lists(&shown, &policy);
    let all = lists.measured.total();
    let sum = |key: &str| all.of[key].sum.value();
    // Items wanted: one of the big ones', five of the artisans'.
    let of = |measure: &str, group: &str| format!(r#"{measure} of ["item.provider"] ["{group}"]"#);
    assert_eq!([sum(&of("wanted", "big")), sum(&of("wanted", "artisan"))], [1.0, 5.0]);
    // The tail is all but i1 and i2: five of twelve, 1.25 of each list.
    assert_eq!((sum("tail-items"), all.of["tail-items"].n), (5.0, 4));
    // u1 wanted i1 and i3 of i1 i2 i3, u2 the last of three, u3 nothing that he got, u4 the last.
    let pairs = |measure: &str, group: &str| {
        let moments = &all.of[&of(measure, group)];
        (moments.sum.value(), moments.n)
    };
    assert_eq!(pairs("pairs-within", "big"), (1.0, 1));
    assert_eq!(pairs("pairs-between", "artisan"), (0.0, 4));
    assert_eq!(pairs("pairs-within", "artisan"), (0.0, 1));
    assert!(!all.of.contains_key(&of("pairs-between", "big")));
    // The mean of lists is that of the pure function of each.
    let groups = ["artisan", "big"].map(|name| vec![Level::of(name)]);
    let known = Known {
        relevance: true,
        catalogue: true,
        ..Known::default()
    };
    let measuring = Measuring::new(&["item.provider"], &groups, &[0.5, 0.5], known, Attention::Log);
    let twin: f64 = [[1, 1, 0], [1, 0, 0], [1, 1, 1], [1, 1, 0]]
        .iter()
        .map(|list| {
            let entry = |(group, place): (&usize, u64)| Entry {
                place,
                group: *group,
                ..Entry::default()
            };
            let entries: Vec<Entry> = list.iter().zip(1..).map(entry).collect();
            measuring.of(&entries)[0].unwrap()
        })
        .sum();
    assert!((sum(r#"ndkl of ["item.provider"]"#) - twin).abs() < 1e-14);
}

#[test]
fn a_user_without_wanted_items_has_a_list_and_no_value() {
    let room = Room::new();
    let mut policy = policy(PLAIN, &[]);
    policy.data.relevant = Some(room.named("wanted.csv", "l,i\na,x\n"));
    let lists = lists("l,i,r\na,x,1\nb,x,1\nb,y,2\n", &policy);
    let all = lists.measured.total();
    assert_eq!((all.units, all.of["ndcg@3"].n), (2, 1));
    let shown = cells(&lists.shown);
    assert_eq!(shown[&vec!["1".to_owned(), "yes".to_owned()]], 1);
    assert_eq!(shown[&vec!["1".to_owned(), "no".to_owned()]], 1);
}

/// Clicks say of shown items alone whether they were wanted: who clicked nothing counts, and recall is not measured.
#[test]
fn with_a_column_alone_who_wanted_nothing_counts_as_0() {
    let roles = [PLAIN, &[("relevance", "w")]].concat();
    let text = "l,i,r,w\na,x,1,no\na,y,2,yes\nb,x,1,no\nb,y,2,no\nc,x,1,\nc,y,2,no\nd,x,1,\nd,y,2,\n";
    let found = lists(text, &policy(&roles, &[]));
    assert!(!found.knows_wanted);
    let all = found.measured.total();
    assert_eq!((all.units, all.of["ndcg@3"].n), (4, 1));
    // Of c one item is known and not wanted; of d nothing is known, which is not 0.
    for (key, sum) in [
        ("hit-rate@3", 1.0),
        ("list-precision@3", 1.0 / 3.0),
        ("mean-reciprocal-rank@3", 0.5),
    ] {
        assert_eq!((all.of[key].n, all.of[key].sum.value()), (3, sum), "{key}");
    }
    assert!(!all.of.contains_key("list-recall@3"));
    // With a file of what they wanted, it says so of rows without a value, and who wants nothing has no value.
    let room = Room::new();
    let mut with_file = policy(&roles, &[]);
    with_file.data.relevant = Some(room.named("wanted.csv", "l,i\nc,x\nc,z\n"));
    let whole = lists(text, &with_file);
    assert!(whole.knows_wanted);
    let all = whole.measured.total();
    for key in [
        "ndcg@3",
        "hit-rate@3",
        "list-precision@3",
        "list-recall@3",
        "mean-reciprocal-rank@3",
    ] {
        assert_eq!(all.of[key].n, 2, "{key}");
    }
    assert_eq!(all.of["list-recall@3"].sum.value(), 1.5);
    // Lists are not worth the same in both.
    let mismatch = found.merge(&whole).unwrap_err().to_string();
    assert!(mismatch.contains("a file of what users wanted"), "{mismatch}");
}

#[test]
fn what_tables_beside_the_lists_cannot_say_is_counted() {
    let room = Room::new();
    let mut policy = policy(PLAIN, &["item.kind"]);
    policy.data.relevant = Some(room.named("wanted.csv", "l,i\na,x\na,gone\nb,away\nnobody,gone\n"));
    policy.data.history = Some(room.named("history.csv", "l,i\na,x\na,y\nnobody,x\n"));
    policy.data.joins = vec![Join {
        file: room.named("items.csv", "i,kind\nx,old\ny,new\n"),
        on: "i".to_owned(),
        key: None,
        side: Some("item".to_owned()),
    }];
    let lists = lists("l,i,r\na,x,1\nb,y,1\n", &policy);
    // Users without a list are not looked at.
    assert_eq!(lists.found, counts(&[("history-unused", 2), ("wanted-unknown", 2)]));
}

#[test]
fn what_no_list_can_be_made_of_is_left_out_and_counted() {
    let text = "l,i,r\na,x,1\n,x,1\na,,2\na,y,\na,y,-1\na,y,1.5\na,z,2\na,x,3\n";
    let lists = lists(text, &policy(PLAIN, &[]));
    assert_eq!(
        lists.left_out,
        counts(&[("no-list", 1), ("no-item", 1), ("no-rank", 3), ("item-again", 1)])
    );
    assert_eq!(lists.shown.total().n, 2);
}

#[test]
fn ranks_from_zero_are_refused() {
    let problem = problem("l,i,r\na,x,0\na,y,1\nb,x,0\n", &policy(PLAIN, &[]));
    assert!(
        problem.message.contains("column `r`: 2 rows have the rank 0"),
        "{problem}"
    );
    assert!(problem.help.contains("add 1"));
}

#[test]
fn several_lists_taken_for_one_are_refused() {
    let problem = problem("l,i,r\na,x,1\na,y,1\na,z,2\na,w,2\n", &policy(PLAIN, &[]));
    assert!(problem.message.contains("2 of 4 items are at a place"), "{problem}");
    assert!(problem.help.contains("--list"));
}

#[test]
fn a_few_ties_share_the_next_places() {
    let mut text = "l,i,r\n".to_owned();
    for place in 1..=20 {
        text += &format!("a,i{place},{place}\n");
    }
    text += "a,odd,20\n";
    let lists = lists(&text, &policy(PLAIN, &[]));
    assert_eq!(lists.found, counts(&[("rank-taken", 1)]));
    assert!(
        cells(&lists.shown).values().all(|n| *n == 1),
        "one item at each of 21 places"
    );
    assert_eq!((lists.longest, cells(&lists.shown).len()), (21, 21));
}

#[test]
fn gaps_are_kept_and_counted_by_list() {
    let lists = lists("l,i,r\na,x,1\na,y,5\nb,x,2\nc,x,1\n", &policy(PLAIN, &[]));
    assert_eq!(lists.found, counts(&[("gap-in-ranks", 2)]));
    let places: BTreeSet<String> = cells(&lists.shown).into_keys().flatten().collect();
    assert_eq!(places, ["1", "2", "5"].map(str::to_owned).into());
}

#[test]
fn places_beyond_the_last_are_counted_as_the_last() {
    let mut text = "l,i,r\n".to_owned();
    for place in 1..=1_200 {
        text += &format!("a,i{place},{place}\n");
    }
    let lists = lists(&text, &policy(PLAIN, &[]));
    let shown = cells(&lists.shown);
    assert_eq!((shown.len(), shown[&vec!["1001".to_owned()]]), (1_001, 200));
    assert_eq!(lists.longest, 1_200);
}

#[test]
fn one_item_of_one_user_is_a_list() {
    let lists = lists("l,i,r\na,x,1\n", &policy(PLAIN, &[]));
    assert_eq!(
        (lists.lists, lists.users, lists.longest, lists.shown.total().n),
        (1, 1, 1, 1)
    );
}

#[test]
fn a_file_in_which_nothing_is_a_list_is_refused() {
    let problem = problem("l,i,r\n,x,1\n", &policy(PLAIN, &[]));
    assert!(
        problem.message.contains("no row has a list, an item and a rank"),
        "{problem}"
    );
}

#[test]
fn a_user_with_several_lists_counts_once() {
    let roles = [
        ("list", "l"),
        ("user", "u"),
        ("item", "i"),
        ("rank", "r"),
        ("relevance", "w"),
    ];
    // The same list id of two users is two lists. NDCG of `a` is 1 and 0.630930, of `b` 1.
    let text = "u,l,i,r,w\na,1,x,1,yes\na,1,y,2,no\na,2,x,1,0\na,2,y,2,1\nb,1,z,1,true\n";
    let lists = lists(text, &policy(&roles, &[]));
    assert_eq!((lists.lists, lists.users), (3, 2));
    let all = lists.measured.total();
    assert_eq!((all.units, all.of["ndcg@3"].n), (2, 2));
    let expected = f64::midpoint(f64::midpoint(1.0, 1.0 / 3f64.log2()), 1.0);
    assert!((all.of["ndcg@3"].mean().unwrap() - expected).abs() < 1e-15);
}

#[test]
fn lists_that_nobody_is_named_for_count_as_users() {
    let roles = [("list", "l"), ("user", "u"), ("item", "i"), ("rank", "r")];
    let lists = lists("u,l,i,r\n,1,x,1\n,1,y,2\n,2,x,1\na,1,x,1\n", &policy(&roles, &[]));
    assert_eq!((lists.lists, lists.users), (3, 3));
    assert_eq!(lists.found, counts(&[("no-user", 2)]));
}

#[test]
fn users_and_items_that_change_their_group_are_refused_with_an_example() {
    let with_sex = policy(PLAIN, &["sex"]);
    let text = "l,i,r,sex\na,x,1,F\na,y,2,M\nb,x,1,M\nc,x,1,F\nc,y,2,\n";
    let found = problem(text, &with_sex);
    assert!(
        found
            .message
            .contains("column `sex` says different things of the same user"),
        "{found}"
    );
    assert!(found.message.contains("2 users in all"), "{found}");
    // The other way round it is the same problem.
    let mut rows: Vec<&str> = text.lines().skip(1).collect();
    rows.reverse();
    let turned = format!("l,i,r,sex\n{}\n", rows.join("\n"));
    assert_eq!(
        problem(&turned, &with_sex).message.replace("lists.csv", ""),
        found.message.replace("lists.csv", "")
    );

    let found = problem(
        "l,i,r,item.kind\na,x,1,old\nb,x,1,new\n",
        &policy(PLAIN, &["item.kind"]),
    );
    assert!(
        found.message.contains("`item.kind`") && found.message.contains("the same item"),
        "{found}"
    );
    assert!(
        found.message.contains("`old`") && found.message.contains("`new`"),
        "{found}"
    );
    let roles = [PLAIN, &[("merit", "m")]].concat();
    let found = problem("l,i,r,m\na,x,1,0.5\nb,x,1,0.25\n", &policy(&roles, &[]));
    assert!(
        found.message.contains("column `m`") && found.message.contains("0.25"),
        "{found}"
    );
}

#[test]
fn the_table_of_all_items_is_the_catalogue() {
    let room = Room::new();
    let roles = [PLAIN, &[("popularity", "item.sold"), ("category", "item.kind")]].concat();
    let mut policy = policy(&roles, &["item.region"]);
    policy.data.joins = vec![Join {
        file: room.named(
            "items.csv",
            "id,region,sold,kind\nx,north,3,a\ny,south,5,b\nz,north,,a\nz,north,,a\n",
        ),
        on: "i".to_owned(),
        key: Some("id".to_owned()),
        side: Some("item".to_owned()),
    }];
    let lists = lists("l,i,r\na,x,1\na,y,2\nb,nowhere,1\n", &policy);
    assert!(lists.has_catalogue);
    assert_eq!(lists.found, counts(&[("not-in-catalogue", 1)]));
    let by = lists.catalogue.position(Axis::Protected, "item.region").unwrap();
    let by_region = lists.catalogue.margin(&[by]);
    let north = by_region.cells().next().unwrap().1;
    assert_eq!(
        (north.items, north.popularity.value(), north.unknown["popularity"]),
        (2, 3.0, 1)
    );
    assert_eq!(lists.catalogue.total().items, 3);
    assert!(lists.times_shown.iter().all(|shown| !shown.groups.is_empty()));
    assert_eq!(cells(&lists.shown)[&["-", "-", "1"].map(str::to_owned).to_vec()], 1);
}

#[test]
fn parts_without_a_table_of_items_count_an_item_once() {
    let policy = policy(&[PLAIN, &[("popularity", "sold")]].concat(), &["item.region"]);
    let room = Room::new();
    let parts = ["a,x,1,north,3\na,y,2,south,\n", "b,y,1,south,\nb,z,2,south,7\n"];
    let header = "l,i,r,item.region,sold\n";
    let files = parts.map(|part| room.write(&format!("{}.csv", &part[..1]), &format!("{header}{part}")));
    let [one, two] = [&files[0], &files[1]].map(|file| read(std::slice::from_ref(file), &policy).unwrap());
    let whole = read(&files, &policy).unwrap().lists.unwrap();
    let merged = one.merge(&two).unwrap().lists.unwrap();
    assert_eq!(merged, two.merge(&one).unwrap().lists.unwrap());
    assert_eq!(
        (merged.catalogue.total().items, &merged.catalogue),
        (3, &whole.catalogue)
    );
    assert_eq!((&merged.shown, &merged.times_shown), (&whole.shown, &whole.times_shown));
    assert_eq!(merged, whole);
    // What is compared with all items that could be shown needs to know them.
    assert!(!whole.measured.total().of.contains_key("ndkl of [\"item.region\"]"));

    let other = room.write("c.csv", &format!("{header}c,x,1,south,3\n"));
    let other = read(&[other], &policy).unwrap();
    let refused = one.merge(&other).unwrap_err().to_string();
    assert!(refused.contains("other attributes"), "{refused}");
}

#[test]
fn a_ranking_is_measured_against_the_catalogue_for_every_set_of_columns() {
    // The ranking of ten items A A A B A A B A B B with targets 0.6 and 0.4.
    let mut text = "l,i,r,g,c\n".to_owned();
    let mut items = "i,g,h\n".to_owned();
    for (rank, (group, clicked)) in "AAABAABABB".chars().zip("1101011010".chars()).enumerate() {
        text += &format!("l,i{rank},{},{group},{clicked}\n", rank + 1);
        items += &format!("i{rank},{group},x\n");
    }
    let room = Room::new();
    let roles = [PLAIN, &[("relevance", "c")]].concat();
    let mut policy = policy(&roles, &["item.g", "item.h"]);
    policy.roles.intersections = vec![vec!["item.h".to_owned(), "item.g".to_owned()]];
    policy.data.joins = vec![Join {
        file: room.named("items.csv", &items),
        on: "i".to_owned(),
        key: None,
        side: Some("item".to_owned()),
    }];
    let all = lists(&text, &policy).measured.total();
    let groups: Vec<usize> = "AAABAABABB".chars().map(|group| usize::from(group == 'B')).collect();
    let ndkl = evenhand_measure::lists::provider::ndkl(&groups, &[0.6, 0.4]).unwrap();
    assert!((ndkl - 0.268_290_249_6).abs() < 5e-11, "as worked out by hand");
    for key in ["ndkl of [\"item.g\"]", "ndkl of [\"item.g\",\"item.h\"]"] {
        assert!((all.of[key].mean().unwrap() - ndkl).abs() < 1e-15, "{key}");
    }
    // Logarithms of rounded shares leave a little.
    assert!(all.of["ndkl of [\"item.h\"]"].mean().unwrap().abs() < 1e-15);
    // Pairs worked out by hand: of A over A 7 of 9, of A over B 3 of 3, of B over A 3 of 9.
    let pairs = |key: &str| {
        let moments = &all.of[key];
        (moments.sum.value(), moments.n)
    };
    assert_eq!(pairs("pairs-within of [\"item.g\"] [\"A\"]"), pairs_of(&text, 'A', 'A'));
    assert_eq!(
        pairs("pairs-between of [\"item.g\"] [\"B\"]"),
        pairs_of(&text, 'B', 'A')
    );
}

/// The pairs of a clicked item of one group and another item of the other: in the right order, and all.
fn pairs_of(text: &str, clicked: char, other: char) -> (f64, u64) {
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let (mut wins, mut all) = (0.0, 0);
    for (place, one) in rows.iter().enumerate() {
        for (below, two) in rows.iter().enumerate() {
            let is_pair = one[4] == "1" && two[4] == "0";
            if is_pair && one[3] == clicked.to_string() && two[3] == other.to_string() {
                all += 1;
                wins += f64::from(u8::from(place < below));
            }
        }
    }
    (wins, all)
}

#[test]
fn what_was_wanted_and_the_tail_come_from_the_table_of_all_items() {
    let room = Room::new();
    let roles = [PLAIN, &[("popularity", "item.sold")]].concat();
    let mut policy = policy(&roles, &["item.region"]);
    policy.data.joins = vec![Join {
        file: room.named(
            "items.csv",
            "i,region,sold\nx,north,50\ny,north,30\nz,south,10\nw,south,10\n",
        ),
        on: "i".to_owned(),
        key: None,
        side: Some("item".to_owned()),
    }];
    policy.data.relevant = Some(room.named("wanted.csv", "l,i\na,x\na,z\na,w\nb,w\nb,elsewhere\n"));
    policy.data.history = Some(room.named("history.csv", "l,i\na,x\na,z\nb,w\n"));
    let all = lists("l,i,r\na,x,1\na,z,2\nb,y,1\n", &policy).measured.total();
    let wanted = |region: &str| {
        all.of[&format!("wanted of [\"item.region\"] [\"{region}\"]")]
            .sum
            .value()
    };
    assert_eq!((wanted("north"), wanted("south")), (1.0, 3.0));
    // The head is x and y, which have 80 of 100.
    assert_eq!(all.of["tail-share"].mean(), Some(0.25));
    assert_eq!(all.of["history-popularity-of-known"].mean(), Some(20.0));
}

#[test]
fn without_a_table_of_items_it_is_not_known_what_users_had_before() {
    let room = Room::new();
    let mut policy = policy(&[PLAIN, &[("category", "c")]].concat(), &[]);
    policy.data.history = Some(room.named("history.csv", "l,i\na,x\na,unseen\n"));
    let lists = lists("l,i,r,c\na,x,1,k\n", &policy);
    assert!(lists.history.is_none() && !lists.measured.total().of.contains_key("narrowing"));
}

#[test]
fn without_ranks_the_rows_of_a_long_file_count_in_their_order() {
    // Large enough for several blocks, whose rows fall to several threads.
    let mut text = "l,i,note\n".to_owned();
    for place in 1..=40_000u64 {
        for list in ["a", "b"] {
            text += &format!("{list},{list}{place},{}\n", "x".repeat(40));
        }
    }
    let roles = [("list", "l"), ("item", "i")];
    let whole = policy(&roles, &[]);
    let made = lists(&text, &whole);
    let shown = cells(&made.shown);
    assert_eq!(
        (made.longest, made.lists, shown[&vec!["1000".to_owned()]]),
        (40_000, 2, 2)
    );
    // A second file goes on where the first one ends.
    let room = Room::new();
    let halves = text
        .trim_end()
        .split_at(text[..text.len() / 2].rfind('\n').unwrap() + 1);
    let files = [
        room.write("1.csv", halves.0),
        room.write("2.csv", &format!("l,i,note\n{}\n", halves.1)),
    ];
    let parted = read(&files, &whole).unwrap().lists.unwrap();
    assert_eq!(parted, made);
}

#[test]
fn without_ranks_items_stand_at_the_places_of_their_rows() {
    let roles = [("list", "l"), ("item", "i"), ("category", "i")];
    let made = lists("l,i\na,z\nb,y\na,x\na,z\na,y\n", &policy(&roles, &[]));
    let expected = [(["x", "2"], 1), (["y", "1"], 1), (["y", "4"], 1), (["z", "1"], 1)];
    let expected: BTreeMap<Vec<String>, u64> = expected
        .into_iter()
        .map(|(key, n)| (key.map(str::to_owned).to_vec(), n))
        .collect();
    assert_eq!(cells(&made.shown), expected);
    assert_eq!(made.left_out, counts(&[("item-again", 1)]));
}

#[test]
fn clusters_are_the_buckets_where_they_are_given() {
    let roles = [PLAIN, &[("cluster", "shop")]].concat();
    let made = lists("l,i,r,shop\na,x,1,s\nb,x,1,s\nc,x,1,t\n", &policy(&roles, &[]));
    let at = made.measured.position(Axis::Bucket, "shop").unwrap();
    let by = made.measured.margin(&[at]);
    let mut units: Vec<u64> = by.cells().map(|(_, sums)| sums.units).collect();
    units.sort_unstable();
    assert_eq!(units, [1, 2]);
}

/// A row of random lists.
#[derive(Clone, Debug)]
struct Row {
    user: u8,
    list: u8,
    item: u8,
    rank: u8,
    wanted: u8,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let row = (0u8..12, 0u8..3, 0u8..25, 1u8..60, 0u8..3);
    let row = row.prop_map(|(user, list, item, rank, wanted)| Row {
        user,
        list,
        item,
        rank,
        wanted,
    });
    prop::collection::vec(row, 1..120)
}

impl Row {
    fn sex(&self) -> &'static str {
        ["F", "M", ""][usize::from(self.user % 3)]
    }

    fn region(&self) -> &'static str {
        ["north", "south"][usize::from(self.item % 2)]
    }

    fn line(&self) -> String {
        let Row {
            user,
            list,
            item,
            rank,
            wanted,
        } = self;
        let wanted = ["yes", "no", ""][usize::from(*wanted)];
        format!("{user},{},{list},{item},{rank},{wanted}\n", self.sex())
    }
}

const HEADER: &str = "user,sex,list,item,rank,wanted\n";

fn text_of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> String {
    rows.into_iter().fold(HEADER.to_owned(), |text, row| text + &row.line())
}

/// Lists whose items a table knows, and more than them.
fn random_policy(room: &Room) -> Policy {
    let roles = [
        ("user", "user"),
        ("list", "list"),
        ("item", "item"),
        ("rank", "rank"),
        ("relevance", "wanted"),
        ("category", "item.kind"),
        ("popularity", "item.sold"),
    ];
    let mut policy = policy(&roles, &["sex", "item.region"]);
    let items = (0u8..30).map(|item| {
        let kind = ["a", "b", "c"][usize::from(item % 3)];
        format!(
            "{item},{},{kind},{}\n",
            ["north", "south"][usize::from(item % 2)],
            item % 7
        )
    });
    policy.data.joins = vec![Join {
        file: room.named(
            "items.csv",
            &format!("item,region,kind,sold\n{}", items.collect::<String>()),
        ),
        on: "item".to_owned(),
        key: None,
        side: Some("item".to_owned()),
    }];
    policy.data.relevant = Some(room.named("wanted.csv", "user,item\n1,1\n1,29\n2,3\n2,4\n5,6\n"));
    policy.data.history = Some(room.named("history.csv", "user,item\n1,1\n1,2\n3,28\n4,28\n99,1\n"));
    policy
}

/// What is shown, slowly: region of the item, sex of the user, kind, rank and relevance; and what is odd.
fn twin(rows: &[Row]) -> (BTreeMap<Vec<String>, u64>, [u64; 3]) {
    let mut shown: BTreeMap<Vec<String>, u64> = BTreeMap::new();
    let [mut again, mut taken, mut gaps] = [0; 3];
    let lists: BTreeSet<(u8, u8)> = rows.iter().map(|row| (row.user, row.list)).collect();
    for list in lists {
        let own: Vec<&Row> = rows.iter().filter(|row| (row.user, row.list) == list).collect();
        let ranks: BTreeSet<u8> = own.iter().map(|row| row.rank).collect();
        gaps += u64::from(usize::from(*ranks.last().unwrap()) != ranks.len());
        let items: BTreeSet<u8> = own.iter().map(|row| row.item).collect();
        again += (own.len() - items.len()) as u64;
        // By the better rank, and of one rank by the hash of the id.
        let best = |item: u8| {
            own.iter()
                .filter(|row| row.item == item)
                .map(|row| row.rank)
                .min()
                .unwrap()
        };
        let hash = |item: u8| {
            item.to_string().bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
            })
        };
        let mut order: Vec<(u8, u64, u8)> = items.iter().map(|item| (best(*item), hash(*item), *item)).collect();
        order.sort_unstable();
        let mut last = 0u64;
        for (index, (rank, _, item)) in order.iter().enumerate() {
            taken += u64::from(index > 0 && order[index - 1].0 == *rank);
            last = u64::from(*rank).max(last + 1);
            let of_item = || own.iter().filter(|row| row.item == *item);
            let wanted = match () {
                () if of_item().any(|row| row.wanted == 0) => "yes",
                () if of_item().any(|row| row.wanted == 1) => "no",
                // What no row says, the file of wanted items does.
                () if [(1, 1), (1, 29), (2, 3), (2, 4), (5, 6)].contains(&(list.0, *item)) => "yes",
                () => "no",
            };
            let row = of_item().next().unwrap();
            let sex = if row.sex().is_empty() { "-" } else { row.sex() };
            let key = [row.region(), sex, ["a", "b", "c"][usize::from(item % 3)]];
            let mut key: Vec<String> = key.map(str::to_owned).to_vec();
            key.extend([last.to_string(), wanted.to_owned()]);
            *shown.entry(key).or_default() += 1;
        }
    }
    (shown, [again, taken, gaps])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_slow_twin_agrees(rows in rows()) {
        let room = Room::new();
        let found = read(&[room.write("rows.csv", &text_of(&rows))], &random_policy(&room));
        let (shown, [again, taken, gaps]) = twin(&rows);
        let impressions: u64 = shown.values().sum();
        if taken > impressions / 10 {
            prop_assert!(found.unwrap_err()[0].message.contains("at a place of their list"));
            return Ok(());
        }
        let lists = found.unwrap().lists.unwrap();
        prop_assert_eq!(cells(&lists.shown), shown);
        let count = |counts: &BTreeMap<String, u64>, name: &str| counts.get(name).copied().unwrap_or(0);
        prop_assert_eq!(count(&lists.left_out, "item-again"), again);
        prop_assert_eq!(count(&lists.found, "rank-taken"), taken);
        prop_assert_eq!(count(&lists.found, "gap-in-ranks"), gaps);
        // Records are shown or left out.
        let left_out: u64 = lists.left_out.values().sum();
        prop_assert_eq!(lists.shown.total().n + left_out, rows.len() as u64);
        let times: u64 = lists.times_shown.iter().map(|shown| shown.times).sum();
        prop_assert_eq!(times, lists.shown.total().n);
        prop_assert_eq!(lists.measured.total().units, lists.users);
    }

    #[test]
    fn rows_files_and_shards_in_any_order_give_the_same_bytes(
        (rows, turned) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        cut in 0usize..120,
    ) {
        let room = Room::new();
        let policy = random_policy(&room);
        let bytes = |files: &[PathBuf]| read(files, &policy).map(|tally| tally.to_json());
        let whole = bytes(&[room.write("rows.csv", &text_of(&rows))]);
        let Ok(whole) = whole else {
            // Lists with too many ties are refused however their rows come.
            prop_assert!(bytes(&[room.write("turned.csv", &text_of(&turned))]).is_err());
            return Ok(());
        };
        prop_assert_eq!(&bytes(&[room.write("turned.csv", &text_of(&turned))]).unwrap(), &whole);
        let (one, two) = turned.split_at(cut.min(turned.len()));
        if !one.is_empty() && !two.is_empty() {
            let files = [room.write("1.csv", &text_of(one)), room.write("2.csv", &text_of(two))];
            prop_assert_eq!(&bytes(&files).unwrap(), &whole);
        }
        // Shards by user are other lists of the same kind, and their tallies merge.
        let shard = |odd: u8| -> Vec<Row> { rows.iter().filter(|row| row.user % 2 == odd).cloned().collect() };
        let parts = [shard(0), shard(1)].map(|rows| {
            (!rows.is_empty()).then(|| bytes(&[room.write("part.csv", &text_of(&rows))]))
        });
        if let [Some(Ok(one)), Some(Ok(two))] = parts {
            let [one, two] = [one, two].map(|text| Tally::from_json(&text).unwrap());
            let merged = one.merge(&two).unwrap();
            prop_assert_eq!(&merged.to_json(), &whole);
            prop_assert_eq!(&two.merge(&one).unwrap().to_json(), &whole);
            let saved = [
                room.write("1.tally.json", &one.to_json()),
                room.write("2.csv", &text_of(&shard(1))),
            ];
            prop_assert_eq!(&bytes(&saved).unwrap(), &whole);
        }
    }

    #[test]
    fn swapping_two_users_of_a_group_changes_only_buckets(rows in rows(), user in 0u8..12) {
        let room = Room::new();
        let mut policy = random_policy(&room);
        // What they wanted and had stays with their names.
        (policy.data.relevant, policy.data.history) = (None, None);
        let other = (user + 3) % 12;
        let swapped: Vec<Row> = rows
            .iter()
            .map(|row| {
                let user = match row.user {
                    id if id == user => other,
                    id if id == other => user,
                    id => id,
                };
                Row { user, ..row.clone() }
            })
            .collect();
        let made = [&rows, &swapped].map(|rows| read(&[room.write("rows.csv", &text_of(rows))], &policy));
        if let [Ok(one), Ok(two)] = made {
            let [one, two] = [one, two].map(|tally| tally.lists.unwrap());
            prop_assert_eq!(cells(&one.shown), cells(&two.shown));
            prop_assert_eq!(&one.times_shown, &two.times_shown);
            let by = one.measured.position(Axis::Protected, "sex").unwrap();
            prop_assert_eq!(one.measured.margin(&[by]), two.measured.margin(&[by]));
        }
    }
}
