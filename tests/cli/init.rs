//! The policy that `evenhand init` writes.

use serde_json::Value;

use crate::harness::Room;

fn fixture(name: &str) -> String {
    format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// What the bare audit of a file gives, the audit by the policy that `init` writes gives as well. `roles` are said to both
/// the bare audit and `init`; `answers` to every audit. Nothing where the bare audit cannot be made.
fn compared(file: &str, roles: &[&str], answers: &[&str]) -> Option<String> {
    let room = Room::new();
    let audit = |more: &[&str]| room.run(&[&["audit", file, "--format", "json"], answers, more].concat());
    let bare = audit(roles);
    if ![0, 1, 4].contains(&bare.status) {
        return None;
    }
    let written = room.run(&[&["init", file], roles].concat());
    assert_eq!(written.status, 0, "{file}: {}", written.stderr);
    assert!(written.stderr.contains("wrote evenhand.toml"), "{}", written.stderr);
    let text = room.read("evenhand.toml");
    let with = audit(&["--policy", "evenhand.toml"]);
    assert_eq!(bare.status, with.status, "{file}: {}\n{text}", with.stderr);
    let [bare, with] = [bare, with].map(|ran| serde_json::from_str::<Value>(&ran.stdout).unwrap());
    for part in ["verdict", "data", "rates", "findings", "families", "tests"] {
        // As text: the same numbers are written alike.
        assert_eq!(bare[part].to_string(), with[part].to_string(), "{file}: {part}\n{text}");
    }
    let hash = "/provenance/tally_hash";
    assert_eq!(bare.pointer(hash), with.pointer(hash), "{file}");
    let printed = room.run(&[&["init", file, "--out", "-"], roles].concat());
    assert_eq!(printed.stdout, text);
    assert!(text.starts_with("#:schema policy.schema.json\n"), "{text}");
    let checked = room.run(&["policy", "check"]);
    assert_eq!(checked.status, 0, "{}", checked.stderr);
    Some(text)
}

#[test]
fn the_policy_gives_what_the_bare_audit_gives() {
    let unite = ["Gender=M:Male", "Gender=F:Female", "Gender=female :Female"].map(|map| ["--map", map]);
    let controls = ["--controls", "base_cost,distance_km,category,loyalty"];
    let prices = [
        "--amount",
        "price",
        "--protected",
        "zip_income,age_band",
        "--cluster",
        "customer",
    ];
    let median = ["--preset", "ll144", "--score", "score", "--threshold", "median"];
    for (name, roles, answers) in [
        ("vendor-export.csv", vec![], vec![]),
        ("berkeley.csv", vec![], vec![]),
        ("berkeley.csv", vec!["--strata", "department"], vec![]),
        ("compas.csv", vec![], vec![]),
        (
            "compas.csv",
            vec!["--preset", "strict", "--protected", "sex", "--adverse"],
            vec![],
        ),
        ("compas.csv", vec!["--intersections", "race+sex"], vec![]),
        ("dcwp-example-2.csv", vec![], vec![]),
        ("dcwp-example-2.csv", median.to_vec(), vec![]),
        ("vendor-lists.csv", vec![], vec![]),
        ("prices.csv", prices.to_vec(), vec![]),
        ("prices.csv", [&prices[..], &controls].concat(), vec![]),
        ("exports/vendor.xlsx", vec![], unite.concat()),
    ] {
        let text = compared(&fixture(name), &roles, &answers).unwrap_or_else(|| panic!("{name} cannot be audited"));
        // What ran is written out, for whoever wants to change it.
        assert!(text.contains("\n[[check]]\ncriterion = "), "{name}\n{text}");
    }
}

#[test]
fn the_policy_of_any_export_gives_what_its_bare_audit_gives() {
    let mut folders = vec![std::path::PathBuf::from(fixture("exports"))];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files.sort();
    let done = files
        .iter()
        .filter(|file| compared(file.to_str().unwrap(), &[], &[]).is_some())
        .count();
    assert!(
        done >= 20,
        "only {done} of {} exports can be audited without flags",
        files.len()
    );
}

#[test]
fn what_may_be_added_is_a_policy_once_its_marks_are_taken_away() {
    let room = Room::new();
    let written = room.run(&["init", &fixture("berkeley.csv"), "--out", "-"]);
    let (before, after) = written.stdout.split_once("# [baseline]\n").unwrap();
    let bare = |line: &str| match line.strip_prefix("# ") {
        Some(rest) if rest.starts_with('[') || rest.contains(" = ") => format!("{rest}\n"),
        _ => format!("{line}\n"),
    };
    let added: String = after.lines().map(bare).collect();
    room.write("evenhand.toml", format!("{before}[baseline]\n{added}"));
    let checked = room.run(&["policy", "check"]);
    assert_eq!(checked.status, 0, "{}\n{added}", checked.stderr);
    assert!(checked.stdout.contains("1 waiver"), "{}", checked.stdout);
    let shown = room.run(&["policy", "show"]).stdout;
    assert!(
        shown.contains("let through, as far as 0.7") && shown.contains("client = \"Example Ltd\""),
        "{shown}"
    );
}

#[test]
fn files_are_named_as_the_policy_sees_them() {
    let room = Room::new();
    room.write_below("data/a.csv", crate::harness::unequal());
    room.write_below("conf/x", "");
    for (out, seen) in [("p.toml", "data/a.csv"), ("conf/p.toml", "../data/a.csv")] {
        let ran = room.run(&["init", "data/a.csv", "--out", out]);
        assert_eq!(ran.status, 0, "{}", ran.stderr);
        assert!(
            room.read(out).contains(&format!("files = [\"{seen}\"]")),
            "{}",
            room.read(out)
        );
    }
}

#[test]
fn tables_beside_the_data_are_named_and_found_as_the_policy_sees_them() {
    let room = Room::new();
    room.write_below(
        "data/a.csv",
        "id,hired\n".to_owned() + &"1,yes\n2,no\n3,yes\n4,no\n".repeat(20),
    );
    room.write_below("data/who.csv", "id,sex\n1,F\n2,M\n3,M\n4,F\n");
    room.write_below("conf/x", "");
    let flags = [
        "init",
        "data/a.csv",
        "--users",
        "data/who.csv",
        "--on",
        "id",
        "--out",
        "conf/p.toml",
    ];
    let ran = room.run(&[&flags[..], &["--protected", "user.sex", "--prediction", "hired"]].concat());
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let written = room.read("conf/p.toml");
    assert!(written.contains("file = \"../data/who.csv\""), "{written}");
    // From wherever the command runs; what is found says nothing of where that was.
    let audit = |folder: &str, file: &str, policy: &str| {
        let mut command = room.command(&["audit", file, "--policy", policy, "--format", "json"]);
        let output = command.current_dir(room.path(folder)).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.is_empty(), "{said}");
        String::from_utf8(output.stdout).unwrap()
    };
    let from_above = audit(".", "data/a.csv", "conf/p.toml");
    assert!(from_above.contains("../data/who.csv"), "{from_above}");
    assert_eq!(audit("conf", "../data/a.csv", "p.toml"), from_above);
    assert_eq!(audit("data", "a.csv", "../conf/p.toml"), from_above);
    // A flag's file is seen from where the command runs.
    let flags = [
        "audit",
        "data/a.csv",
        "--policy",
        "conf/p.toml",
        "--users",
        "who.csv",
        "--on",
        "id",
    ];
    let ran = room.run(&flags);
    assert_eq!(ran.status, 3);
    assert!(ran.stderr.contains("`who.csv` does not exist"), "{}", ran.stderr);
    // What is not there is named by where it was looked for.
    std::fs::remove_file(room.path("data/who.csv")).unwrap();
    let ran = room.run(&["audit", "data/a.csv", "--policy", "conf/p.toml"]);
    assert_eq!(ran.status, 3);
    assert!(
        ran.stderr.contains("`conf/../data/who.csv` does not exist"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_was_wanted_and_had_is_seen_from_the_policy() {
    let room = Room::new();
    let mut shown = "user_id,item_id,rank,sex\n".to_owned();
    let mut wanted = "user_id,item_id\n".to_owned();
    for user in 0..40 {
        let sex = if user % 2 == 0 { "F" } else { "M" };
        for rank in 1..=3 {
            shown.push_str(&format!("{user},{},{rank},{sex}\n", (user + rank) % 7));
        }
        wanted.push_str(&format!("{user},{}\n", user % 7 + 1));
    }
    room.write("a.csv", &shown);
    room.write_below("conf/later.csv", &wanted);
    room.write_below("conf/before.csv", &wanted);
    let policy = "[data]\nrelevant = \"later.csv\"\nhistory = \"before.csv\"\n";
    room.write_below("conf/p.toml", policy);
    let flags = [
        "audit",
        "a.csv",
        "--list",
        "user_id",
        "--item",
        "item_id",
        "--rank",
        "rank",
        "--protected",
        "sex",
    ];
    let ran = room.run(&[&flags[..], &["--policy", "conf/p.toml", "--format", "json"]].concat());
    assert!([0, 1, 4].contains(&ran.status), "{}", ran.stderr);
    assert!(ran.stdout.contains("ndcg@10"), "{}", ran.stdout);
    room.write_below("conf/p.toml", policy.replace("before.csv", "after.csv"));
    let ran = room.run(&[&flags[..], &["--policy", "conf/p.toml"]].concat());
    assert_eq!(ran.status, 3);
    assert!(ran.stderr.contains("`conf/after.csv` does not exist"), "{}", ran.stderr);
    // A policy that is made of flags keeps them.
    let ran = room.run(&["init", "a.csv", "--relevant", "conf/later.csv", "--out", "conf/q.toml"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        room.read("conf/q.toml").contains("relevant = \"../conf/later.csv\""),
        "{}",
        room.read("conf/q.toml")
    );
}

#[test]
fn nothing_is_written_over_and_what_is_open_is_said() {
    let room = Room::new();
    room.write("a.csv", "who,what\nx,up\ny,down\nx,sideways\n");
    room.write("evenhand.toml", "# mine\n");
    let ran = room.run(&["init", "a.csv"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("is there already"), "{}", ran.stderr);
    assert_eq!(std::fs::read_to_string(room.path("evenhand.toml")).unwrap(), "# mine\n");
    let ran = room.run(&["init", "a.csv", "--out", "other.toml"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("does not say which column is the decision"),
        "{}",
        ran.stderr
    );
    let text = std::fs::read_to_string(room.path("other.toml")).unwrap();
    assert!(
        text.contains("# prediction = ") && text.contains("\"who\", \"what\""),
        "{text}"
    );
}

#[test]
fn names_cannot_write_into_the_policy() {
    let room = Room::new();
    room.write(
        "a.csv",
        "sex,\"hired\n[roles]\nprotected = ['x']\"\nf,yes\nm,no\nf,no\n",
    );
    let ran = room.run(&["init", "a.csv", "--out", "-"]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    let roles = ran.stdout.lines().filter(|line| *line == "[roles]").count();
    assert!(
        roles <= 1 && !ran.stdout.contains("\nprotected = ['x']"),
        "{}",
        ran.stdout
    );
}
