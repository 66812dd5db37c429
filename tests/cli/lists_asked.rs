//! Recommended lists: what is asked of them in vain is refused, what is odd about them is said, and nothing that is
//! measured of one attribute takes the place of another's.

use std::fmt::Write as _;

use serde_json::Value;

use crate::harness::{Case, Room, case, check};

/// Lists of four of 24 items, for 60 users of two sexes.
fn lists() -> String {
    let mut text = "list,user,item,rank,clicked,item.region,item.size,user.sex,sold\n".to_owned();
    for user in 0..60 {
        for place in 1..=4 {
            let item = (user * 5 + place * place * 3) % 24;
            let (region, size) = (["Coast", "Hills"][item % 2], ["big", "small"][item / 2 % 2]);
            let (sex, clicked) = (["f", "m"][user % 2], (user + place) % 3 / 2);
            let sold = 10 + item;
            writeln!(
                text,
                "l{user},u{user},i{item},{place},{clicked},{region},{size},{sex},{sold}"
            )
            .unwrap();
        }
    }
    text
}

const ROLES: &str = "--list list --user user --item item --rank rank --relevance clicked";

fn of(name: &'static str, flags: &str, status: i32) -> Case {
    case(name, &format!("audit a.csv {ROLES} {flags}"), status).file("a.csv", lists())
}

fn measured(flags: &str) -> Value {
    let room = Room::new();
    room.write("a.csv", lists());
    let line = format!("audit a.csv {ROLES} {flags} --format json");
    let ran = room.run(&line.split(' ').collect::<Vec<&str>>());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr))
}

fn overall(audit: &Value) -> &serde_json::Map<String, Value> {
    let rates = audit["rates"].as_array().unwrap();
    let row = rates
        .iter()
        .find(|row| row["by"] == serde_json::json!([]) && row["within"].is_null());
    row.unwrap()["values"].as_object().unwrap()
}

#[test]
fn what_is_measured_of_several_attributes_of_items_stands_beside_each_other() {
    let [region, size] = ["item.region", "item.size"].map(|column| measured(&format!("--protected {column}")));
    let both = measured("--protected item.region,item.size --intersections item.region+item.size");
    let both = overall(&both);
    for id in [
        "awrf",
        "exposure-gap",
        "rank-statistical-parity",
        "amortized-attention-gap",
    ] {
        assert_eq!(both[&format!("{id}@item.region")], overall(&region)[id], "{id}");
        assert_eq!(both[&format!("{id}@item.size")], overall(&size)[id], "{id}");
        assert!(
            both.contains_key(&format!("{id}@item.region+item.size")) && !both.contains_key(id),
            "{id}"
        );
    }
    for id in ["ndkl@pooled", "min-skew@10", "max-skew@10"] {
        assert_eq!(both[&format!("{id} of item.region")], overall(&region)[id], "{id}");
        assert_eq!(both[&format!("{id} of item.size")], overall(&size)[id], "{id}");
    }
    assert_ne!(overall(&region)["awrf"], overall(&size)["awrf"]);
}

#[test]
fn what_lists_cannot_answer_is_refused() {
    let shares = |column: &str, group: &str| {
        format!("[lists]\ntarget = \"shares\"\n[lists.shares.\"{column}\"]\nCoast = 0.6\n{group} = 0.4\n")
    };
    check(&[
        of(
            "sales of which nothing is known",
            "--protected item.region --target sales",
            2,
        )
        .says(&["--popularity"]),
        of("sales", "--protected item.region --popularity sold --target sales", 4).says(&["what was sold so far"]),
        of(
            "merit of which nothing is known",
            "--protected item.region --target merit",
            2,
        )
        .says(&["--merit"]),
        of(
            "shares that are not given",
            "--protected item.region --target shares",
            2,
        )
        .says(&["lists.shares"]),
        of("shares of another column", "--protected item.region --policy p.toml", 2)
            .file("p.toml", shares("region", "Hills"))
            .says(&["`region`", "`item.region`"]),
        of(
            "a share of a group that is not there",
            "--protected item.region --policy p.toml",
            4,
        )
        .file("p.toml", shares("item.region", "Hill"))
        .says(&["no item is known", "`Hill`"]),
        of(
            "groups of both sides",
            "--protected user.sex,item.region --intersections user.sex+item.region",
            2,
        )
        .says(&["user.sex+item.region"]),
        of(
            "all together, on each side",
            "--protected user.sex,item.region --preset strict",
            4,
        ),
        of("an attribute on the wrong side", "--protected region", 3)
            .file("a.csv", lists().replacen("item.region", "region", 1))
            .says(&["name it with --protected item.region"]),
    ]);
}

#[test]
fn what_is_odd_about_lists_is_said() {
    let few = |name: &'static str, status: i32, edit: fn(String) -> String| {
        let line = format!("audit a.csv {ROLES} --protected item.region,user.sex");
        case(name, &line, status).file("a.csv", edit(lists()))
    };
    check(&[
        few("tied places", 4, |text| text.replacen(",2,", ",1,", 3)).says(&["3 items stand at places"]),
        few("gaps", 4, |text| text.replacen(",4,", ",6,", 2))
            .says(&["2 lists have places before their last that no item has"]),
        few("nobody named", 4, |text| text.replace(",u7,", ",,")).says(&["1 list is for nobody who is named"]),
        few("ratings", 0, |text| text.replace(",0,", ",2,")).says(&["count as wanted", "rating"]),
        few("nothing known of what was wanted", 4, |text| {
            text.replace(",0,", ",,")
                .replace(",1,Coast", ",,Coast")
                .replace(",1,Hills", ",,Hills")
        })
        .says(&["say of no item whether it was wanted"]),
        of(
            "few items",
            "--protected item.region,item.size --intersections item.region+item.size",
            4,
        )
        .says(&["few items: 6 in `Coast, big`"]),
    ]);
}

#[test]
fn a_saved_tally_says_what_its_columns_are() {
    let room = Room::new();
    room.write("a.csv", lists());
    let line = format!("tally a.csv {ROLES} --protected item.region,user.sex -o a.tally.json");
    assert_eq!(room.run(&line.split(' ').collect::<Vec<&str>>()).status, 0);
    let ran = room.run(&["audit", "a.tally.json"]);
    assert!(
        ran.stdout
            .contains("Lists: items item, lists list, users user, places rank, wanted by clicked"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("Target of exposure: their share of the catalogue"),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_inspect_says_to_pin_can_be_said() {
    let room = Room::new();
    room.write(
        "a.csv",
        lists()
            .replace("item.region", "seller_region")
            .replace(",item.size", ",width")
            .replace("user.sex", "sex"),
    );
    let ran = room.run(&["inspect", "a.csv"]);
    let pinned = ran.stdout.split("Pin this with").nth(1).unwrap().replace('\\', " ");
    let words: Vec<&str> = pinned
        .split("\n\n")
        .next()
        .unwrap()
        .split_whitespace()
        .skip(1)
        .collect();
    assert!(words.contains(&"sex,item.seller_region"), "{words:?}");
    let ran = room.run(&words);
    assert!(matches!(ran.status, 0 | 1 | 4), "{} {}", ran.status, ran.stderr);
}

#[test]
fn users_without_a_column_of_lists_have_one_each() {
    let line = "audit a.csv --user user --item item --rank rank --protected user.sex,item.region";
    check(&[case("one list each", line, 4)
        .file("a.csv", lists().replacen("list,", "note,", 1))
        .says(&["lists user", "no column tells several lists"])]);
}

#[test]
fn users_within_json_are_known_by_name() {
    let mut text = String::new();
    for user in 0..30 {
        // Two lists for each user: what they have in common must not count twice.
        for start in [user, user + 7] {
            let items = (0..4)
                .map(|place| format!("\"i{}\"", (start * 5 + place * 3) % 24))
                .collect::<Vec<String>>();
            writeln!(
                text,
                "{{\"input\":{{\"userId\":\"u{user}\"}},\"output\":{{\"recommendedItems\":[{}]}}}}",
                items.join(",")
            )
            .unwrap();
        }
    }
    let items: String = (0..24)
        .map(|item| format!("i{item},{}\n", ["Coast", "Hills"][item % 2]))
        .collect();
    let line = "audit a.jsonl --explode output.recommendedItems --items items.csv --items-on item=id";
    check(&[case("users", line, 4)
        .file("a.jsonl", text)
        .file("items.csv", format!("id,region\n{items}"))
        .says(&["users input.userId"])]);
}
