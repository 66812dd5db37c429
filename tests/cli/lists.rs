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
