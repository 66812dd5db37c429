//! Recommended lists: what is planted in the fixture is found, on both sides, and nothing else.

use serde_json::Value;

use crate::harness::{Room, case, check, repository};

fn audit(flags: &[&str]) -> (i32, Value) {
    let file = repository("fixtures/vendor-lists.csv");
    let args = [&["audit", file.to_str().unwrap(), "--format", "json"], flags].concat();
    let ran = Room::new().run(&args);
    (
        ran.status,
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr)),
    )
}

/// The outcomes of a criterion's findings by an attribute: of the pair of these groups in this order, or of all.
fn outcomes(audit: &Value, criterion: &str, by: &str, group: Option<&str>) -> Vec<String> {
    let findings = audit["findings"].as_array().unwrap().iter();
    findings
        .filter(|f| f["criterion"] == criterion && f["by"] == serde_json::json!([by]) && f["within"].is_null())
        .filter(|f| group.is_none_or(|group| f["group"][by] == group || f["reference"][by] == group))
        .map(|f| f["outcome"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_planted_unfairness_is_found_on_both_sides_and_nowhere_else() {
    let (status, found) = audit(&[]);
    assert_eq!(status, 1);
    let of = |criterion, by, group| outcomes(&found, criterion, by, group);
    assert_eq!(
        of("exposure-parity", "seller_region", Some("Highlands"))
            .iter()
            .filter(|o| *o == "fail")
            .count(),
        2
    );
    assert!(of("exposure-parity", "seller_size", None).iter().all(|o| o == "pass"));
    assert_eq!(of("ndcg-parity", "age_band", Some("60+")), ["fail", "fail"]);
    assert!(of("ndcg-parity", "gender", None).iter().all(|o| o == "pass"));
    let failed: Vec<&Value> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["outcome"] == "fail")
        .collect();
    for finding in failed {
        let text = format!("{}{}{}", finding["group"], finding["reference"], finding["within"]);
        assert!(text.contains("Highlands") || text.contains("60+"), "{finding}");
    }
}

#[test]
fn the_page_names_target_and_attention_model() {
    let file = repository("fixtures/vendor-lists.csv");
    let line = format!("audit {}", file.to_str().unwrap());
    check(&[case("bare", &line, 1).says(&["Highlands", "60+", "attention", "catalogue", "NDCG"])]);
}

#[test]
fn exposure_is_that_of_the_fixture() {
    let items = repository("fixtures/vendor-items.csv");
    let flags = [
        "--items",
        items.to_str().unwrap(),
        "--items-on",
        "item_id",
        "--protected",
        "item.seller_region",
    ];
    let (status, found) = audit(&flags);
    assert_eq!(status, 1);
    let row = found["rates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["group"]["item.seller_region"] == "Highlands")
        .unwrap();
    // As computed with pandas; see fixtures/README.md.
    let value = |id: &str| row["values"][id]["point"].as_f64().unwrap();
    assert!((value("exposure-share") - 0.148).abs() < 0.000_5);
    assert!((value("exposure-ratio") - 0.537).abs() < 0.001);
}

#[test]
fn later_purchases_are_what_was_wanted() {
    let later = repository("fixtures/vendor-later.csv");
    let history = repository("fixtures/vendor-history.csv");
    let flags = [
        "--relevant",
        later.to_str().unwrap(),
        "--history",
        history.to_str().unwrap(),
        "--category",
        "category",
        "--protected",
        "user.age_band",
    ];
    let (_, found) = audit(&flags);
    let row = found["rates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["group"]["user.age_band"] == "60+")
        .unwrap();
    // As computed with pandas; see fixtures/README.md.
    assert!(
        (row["values"]["ndcg@10"]["point"].as_f64().unwrap() - 0.093).abs() < 0.000_5,
        "{row}"
    );
    assert!(row["values"]["narrowing"].is_object());
}

#[test]
fn odd_lists_are_counted_or_refused() {
    let header = "list,user,item,rank,clicked,item.kind,user.sex\n";
    let lists = |rows: &str| format!("{header}{rows}");
    let of = |name: &'static str, rows: &str, status: i32| {
        let line = "audit a.csv --list list --user user --item item --rank rank --relevance clicked --protected item.kind,user.sex";
        case(name, line, status).file("a.csv", lists(rows))
    };
    check(&[
        of("one item", "1,u,a,1,yes,x,f\n", 4),
        of("one user", "1,u,a,1,yes,x,f\n1,u,b,2,no,y,f\n", 4),
        of("a user of two sexes", "1,u,a,1,yes,x,f\n2,u,b,1,no,y,m\n", 3).says(&["user.sex"]),
        of("an item of two kinds", "1,u,a,1,yes,x,f\n2,v,a,1,no,y,m\n", 3).says(&["item.kind"]),
        of("ranks that are none", "1,u,a,first,yes,x,f\n", 3).says(&["rank"]),
        of("nothing but blanks", "1,u,,1,yes,x,f\n", 3),
    ]);
}

#[test]
fn shards_by_user_merge_to_the_whole() {
    let text = std::fs::read_to_string(repository("fixtures/vendor-lists.csv")).unwrap();
    let items = std::fs::read_to_string(repository("fixtures/vendor-items.csv")).unwrap();
    let room = Room::new();
    room.write("items.csv", items);
    let (header, rows) = text.split_once('\n').unwrap();
    let lines: Vec<&str> = rows.lines().collect();
    let part = |lines: &[&str]| format!("{header}\n{}\n", lines.join("\n"));
    room.write("all.csv", part(&lines));
    room.write("one.csv", part(&lines[..5_000]));
    room.write("two.csv", part(&lines[5_000..]));
    let tally = |file: &str, out: &str| {
        let line = format!("tally {file} --list list_id --user user_id --item item_id --rank rank --relevance clicked");
        let line =
            format!("{line} --items items.csv --items-on item_id --protected item.seller_region,gender -o {out}");
        let args: Vec<&str> = line.split(' ').collect();
        let ran = room.run(&args);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
    };
    tally("all.csv", "all.tally.json");
    tally("one.csv", "one.tally.json");
    tally("two.csv", "two.tally.json");
    assert_eq!(
        room.run(&["merge", "two.tally.json", "one.tally.json", "-o", "merged.tally.json"])
            .status,
        0
    );
    assert_eq!(room.read("merged.tally.json"), room.read("all.tally.json"));
}

/// The items of one more region, none of which is in a list.
#[test]
fn a_region_that_is_never_shown_fails_and_is_named() {
    let room = Room::new();
    let mut items = std::fs::read_to_string(repository("fixtures/vendor-items.csv")).unwrap();
    for number in 0..40 {
        items.push_str(&format!("Q{number:03},Toys,Islands,small,5\n"));
    }
    room.write("items.csv", items);
    let lists = repository("fixtures/vendor-lists.csv");
    let line = "--items items.csv --items-on item_id --protected item.seller_region --format json";
    let args: Vec<&str> = ["audit", lists.to_str().unwrap()]
        .into_iter()
        .chain(line.split(' '))
        .collect();
    let ran = room.run(&args);
    assert_eq!(ran.status, 1);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    let of = |group: &str, reference: &str| {
        let findings = found["findings"].as_array().unwrap().iter();
        let mut same = findings.filter(|f| {
            f["criterion"] == "exposure-parity"
                && f["group"]["item.seller_region"] == group
                && f["reference"]["item.seller_region"] == reference
        });
        same.next().unwrap().clone()
    };
    for region in ["Coast", "Highlands", "Plains"] {
        let never = of("Islands", region);
        assert_eq!(
            (&never["outcome"], &never["point"]),
            (&"fail".into(), &0.0.into()),
            "{never}"
        );
        assert!(
            never["lower"] == 0.0 && never["upper"].as_f64().unwrap() < 0.1,
            "{never}"
        );
        let turned = of(region, "Islands");
        assert_eq!(turned["outcome"], "pass");
        assert!(
            turned["point"].is_null() && turned["lower"].as_f64().unwrap() > 10.0,
            "{turned}"
        );
    }
    let notes = found["notes"].as_array().unwrap();
    let note = notes.iter().find(|note| note["code"] == "never-shown").unwrap();
    assert_eq!(note["severity"], "error");
    let message = note["message"].as_str().unwrap();
    assert!(
        message.contains("`Islands`, with 40 of 280 items, is never shown"),
        "{message}"
    );
    let text = room.run(&args[..args.len() - 2]).stdout;
    assert!(text.contains("Islands") && text.contains("never"), "{text}");
}

/// Users of one group click nothing: with clicks alone that is a finding, and not a group that disappears.
#[test]
fn who_clicks_nothing_does_not_disappear() {
    let mut text = "user,item,rank,clicked,sex\n".to_owned();
    for user in 0..200 {
        let (sex, clicks) = if user % 2 == 0 {
            ("f", user % 10 == 0)
        } else {
            ("m", true)
        };
        for rank in 1..=5 {
            let clicked = if clicks && rank == 1 + user % 5 { "yes" } else { "no" };
            text.push_str(&format!("u{user},i{},{rank},{clicked},{sex}\n", (user * 3 + rank) % 40));
        }
    }
    let line =
        "audit a.csv --list user --user user --item item --rank rank --relevance clicked --protected sex --cutoffs 5";
    check(&[case("clicks", line, 1).file("a.csv", text).says(&[
        "80 of 100 in `f`",
        "nothing says what users wanted beyond what they were shown (--relevant FILE)",
        "who wanted none of them counts as 0",
    ])]);
}

#[test]
fn what_is_odd_about_lists_is_said_with_what_to_do() {
    let mut text = "list,user,item,rank,sex\n".to_owned();
    for list in 0..30 {
        for rank in 1..=5 {
            let sex = if list % 2 == 0 { "f" } else { "m" };
            text.push_str(&format!("l{list},u{list},i{},{rank},{sex}\n", (list + rank) % 9));
        }
    }
    text.push_str(",u0,i1,1,f\nl0,u0,,1,f\nl0,u0,i8,1.5,f\nl0,u0,i1,7,f\nl0,u0,i7,5,f\nl40,,i1,3,f\n");
    let line = "audit a.csv --list list --user user --item item --rank rank --protected sex";
    check(&[case("odd", line, 4).file("a.csv", text).says(&[
        "1 record names no list and was left out",
        "1 record names no item and was left out",
        "1 record has no whole number from 1 as its place",
        "number the items of each list 1, 2, 3",
        "1 record has an item that is in its list at a better place",
        "1 item stands at a place of its list that another has as well",
        "2 lists have places before their last that no item has",
        "1 list is for nobody who is named",
    ])]);
}

/// What places get is in the sums of a saved tally: another model finds nothing there and says so.
#[test]
fn a_saved_tally_knows_under_which_attention_lists_were_measured() {
    let room = Room::new();
    let lists = repository("fixtures/vendor-lists.csv");
    let items = repository("fixtures/vendor-items.csv");
    let roles =
        "--list list_id --user user_id --item item_id --rank rank --protected item.seller_region --items-on item_id";
    let tally = |model: &str, out: &str| {
        let mut args = vec!["tally", lists.to_str().unwrap(), "--items", items.to_str().unwrap()];
        args.extend(roles.split(' '));
        args.extend(["--attention", model, "-o", out]);
        let ran = room.run(&args);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
    };
    tally("log", "log.tally.json");
    let audited = |model: &str| -> Value {
        let ran = room.run(&["audit", "log.tally.json", "--attention", model, "--format", "json"]);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr))
    };
    let value = |audit: &Value, key: &str| {
        let rates = audit["rates"].as_array().unwrap();
        rates.iter().find(|row| row["by"] == serde_json::json!([])).unwrap()["values"][key].clone()
    };
    let own = audited("log");
    assert!(value(&own, "list-awrf@log")["point"].is_f64(), "{own}");
    let other = audited("rbp:0.8");
    assert!(value(&other, "list-awrf@log").is_null());
    let why = value(&other, "list-awrf@rbp:0.8")["undefined"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(why.contains("`log`"), "{why}");
    let notes = other["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["code"] == "other-attention-model"));
}

/// Every command of the recipe, on tables of the columns that its script writes.
#[test]
fn the_commands_of_the_movielens_recipe_run_as_printed() {
    let recipe = std::fs::read_to_string(repository("docs/recipes/movielens.md")).unwrap();
    let joined = recipe.replace("\\\n", " ");
    let commands: Vec<Vec<&str>> = joined
        .lines()
        .filter_map(|line| line.strip_prefix("$ evenhand "))
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    let room = Room::new();
    let (mut lists, mut history) = (
        "user_id,rank,item_id\n".to_owned(),
        "user_id,item_id,category\n".to_owned(),
    );
    let (mut users, mut relevant) = ("user_id,gender,age_band\n".to_owned(), "user_id,item_id\n".to_owned());
    let mut items = "item_id,decade,popularity,popularity_band,category\n".to_owned();
    let category = |film: u32| ["Drama", "Comedy", "War"][film as usize % 3];
    for film in 1..=40u32 {
        let (decade, band) = (
            ["1980s", "1990s"][film as usize % 2],
            ["rare", "middle", "popular"][film as usize / 14],
        );
        items.push_str(&format!("{film},{decade},{},{band},{}\n", film * 3, category(film)));
    }
    for user in 1..=60u32 {
        let (gender, age) = (
            ["female", "male"][user as usize % 2],
            ["under 25", "25-34"][user as usize / 2 % 2],
        );
        users.push_str(&format!("{user},{gender},{age}\n"));
        for place in 1..=10 {
            lists.push_str(&format!("{user},{place},{}\n", (user * 7 + place * 3) % 40 + 1));
            history.push_str(&format!(
                "{user},{0},{1}\n",
                (user + place) % 40 + 1,
                category((user + place) % 40 + 1)
            ));
        }
        relevant.push_str(&format!("{user},{}\n", (user * 5) % 40 + 1));
    }
    let tables = [
        ("users", &users),
        ("items", &items),
        ("history", &history),
        ("relevant", &relevant),
    ];
    for (name, text) in [("knn", &lists), ("popular", &lists)].into_iter().chain(tables) {
        room.write(&format!("{name}.csv"), text.as_str());
    }
    for command in &commands {
        let ran = room.run(command);
        assert!([0, 1, 4].contains(&ran.status), "{command:?}: {}", ran.stderr);
        assert!(ran.stdout.contains("item.popularity_band"), "{}", ran.stdout);
    }
}

#[test]
fn one_item_that_everybody_wants_does_not_fail_the_group_that_lacks_it() {
    // Half of all lists begin with item 0; whose it is may be chance.
    let rows: String = (0..400)
        .map(|user| {
            let item = if user % 2 == 0 { 0 } else { 1 + user / 2 % 9 };
            format!("{user},{item},1,{}\n", if item % 2 == 0 { "a" } else { "b" })
        })
        .collect();
    let line = "audit a.csv --list user --user user --item item --rank rank --protected item.g --no-guess";
    let file = format!("user,item,rank,item.g\n{rows}");
    check(&[case("ten items", line, 4).file("a.csv", file).says(&["few items"])]);
    // The same attention for a group of many items is no chance.
    let rows: String = (0..4_000)
        .map(|user| {
            let item = if user % 3 == 0 {
                2 * (user / 3 % 200) + 1
            } else {
                2 * (user / 3 % 200)
            };
            format!("{user},{item},1,{}\n", if item % 2 == 0 { "a" } else { "b" })
        })
        .collect();
    let file = format!("user,item,rank,item.g\n{rows}");
    check(&[case("four hundred items", line, 1).file("a.csv", file)]);
}
