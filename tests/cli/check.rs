//! `evenhand check`: what opens the gate and what does not, and every status.

use std::fmt::Write as _;

use crate::harness::{Ran, Room, case, check, repository};

/// People of two groups as counted lines: how many of each are hired, and how many there are.
pub fn counted(groups: &[(&str, u64, u64)]) -> String {
    let mut text = "sex,hired,n\n".to_owned();
    for (group, hired, all) in groups {
        writeln!(text, "{group},yes,{hired}\n{group},no,{}", all - hired).unwrap();
    }
    text
}

pub const FAIR: [(&str, u64, u64); 2] = [("M", 1500, 3000), ("F", 1500, 3000)];
pub const WORSE: [(&str, u64, u64); 2] = [("M", 1500, 3000), ("F", 1320, 3000)];
pub const UNFAIR: [(&str, u64, u64); 2] = [("M", 1500, 3000), ("F", 1000, 3000)];
pub const FEW: [(&str, u64, u64); 2] = [("M", 12, 20), ("F", 10, 20)];
const THREE: [(&str, u64, u64); 3] = [("M", 1500, 3000), ("F", 1500, 3000), ("X", 1500, 3000)];

pub const ROLES: &str = "[roles]\nprediction = \"hired\"\nprotected = [\"sex\"]\ncount = \"n\"\n[[check]]\ncriterion = \"disparate-impact\"\n";

/// A folder with the data, a baseline of the fair ones, and the policy.
pub fn room() -> Room {
    let room = Room::new();
    for (name, groups) in [
        ("fair.csv", &FAIR[..]),
        ("worse.csv", &WORSE),
        ("unfair.csv", &UNFAIR),
        ("few.csv", &FEW),
        ("three.csv", &THREE),
        ("none.csv", &[]),
        ("renamed.csv", &[("male", 1500, 3000), ("female", 1500, 3000)]),
    ] {
        room.write(name, counted(groups));
    }
    room.write("evenhand.toml", ROLES);
    let made = room.run(&["baseline", "create", "fair.csv", "--out", "fair.json", "-q"]);
    assert_eq!(made.status, 0, "{}", made.stderr);
    room
}

/// What is combined with what.
const DATA: [&str; 4] = ["fair", "worse", "unfair", "few"];
const LEVELS: [&str; 3] = ["error", "warn", "off"];
const WAIVERS: [&str; 4] = ["none", "holds", "expired", "exceeded"];
const BASELINES: [&str; 6] = ["none", "fair", "missing", "damaged", "empty", "newer"];
const INCONCLUSIVE: [&str; 5] = ["as it is", "policy: pass", "policy: fail", "flag: pass", "flag: fail"];

/// What the contract says of a combination.
fn expected(data: &str, level: &str, waiver: &str, baseline: &str, inconclusive: &str) -> i32 {
    match baseline {
        "missing" | "newer" => return 2,
        "damaged" | "empty" => return 3,
        _ => {}
    }
    if level != "error" {
        // Nothing that counts was tested, whatever inconclusive is taken for.
        return 4;
    }
    let has_worsened = baseline == "fair" && matches!(data, "worse" | "unfair");
    let is_waived = waiver == "holds";
    if (data == "unfair" || has_worsened) && !is_waived {
        return 1;
    }
    match (data, inconclusive) {
        ("few", "as it is") => 4,
        ("few", "policy: fail" | "flag: fail") => 1,
        _ => 0,
    }
}

#[test]
fn every_combination_ends_with_the_status_of_the_contract() {
    let room = room();
    let fair = room.read("fair.json");
    room.write("damaged.json", &fair[..fair.len() / 2]);
    room.write("empty.json", "");
    room.write("newer.json", fair.replacen("\"version\":1", "\"version\":2", 1));
    let mut runs = Vec::new();
    for data in DATA {
        for level in LEVELS {
            for waiver in WAIVERS {
                for baseline in BASELINES {
                    for inconclusive in INCONCLUSIVE {
                        runs.push([data, level, waiver, baseline, inconclusive]);
                    }
                }
            }
        }
    }
    assert_eq!(runs.len(), 1_440);
    let one = |[data, level, waiver, baseline, inconclusive]: [&str; 5]| {
        let policy = format!("{level}-{waiver}-{}.toml", inconclusive.replace([':', ' '], ""));
        let data_file = format!("{data}.csv");
        let baseline_file = format!("{baseline}.json");
        let mut args = vec!["check", &data_file, "--policy", &policy, "--as-of", "2026-06-01", "-q"];
        if baseline != "none" {
            args.extend(["--baseline", &baseline_file]);
        }
        if let Some(word) = inconclusive.strip_prefix("flag: ") {
            args.extend(["--on-inconclusive", word]);
        }
        let ran = room.run(&args);
        let expected = expected(data, level, waiver, baseline, inconclusive);
        (ran.status != expected).then(|| {
            format!(
                "{data}, {level}, waiver {waiver}, baseline {baseline}, {inconclusive}: {} instead of {expected}\n{}{}",
                ran.status, ran.stdout, ran.stderr
            )
        })
    };
    for level in LEVELS {
        for waiver in WAIVERS {
            for inconclusive in INCONCLUSIVE {
                let mut policy = format!("{ROLES}level = \"{level}\"\n");
                if let Some(word) = inconclusive.strip_prefix("policy: ") {
                    writeln!(policy, "on-inconclusive = \"{word}\"").unwrap();
                }
                let (expires, ceiling) = match waiver {
                    "expired" => ("2026-05-31", "0.6"),
                    "exceeded" => ("2026-12-31", "0.9"),
                    _ => ("2026-12-31", "0.6"),
                };
                if waiver != "none" {
                    write!(
                        policy,
                        "[[waiver]]\ncheck = \"four-fifths\"\ngroup = {{ sex = \"F\" }}\nreason = \"known\"\nowner = \
                         \"Ann\"\nexpires = {expires}\nceiling = {ceiling}\n"
                    )
                    .unwrap();
                }
                room.write(
                    &format!("{level}-{waiver}-{}.toml", inconclusive.replace([':', ' '], "")),
                    policy,
                );
            }
        }
    }
    let half = runs.len() / 2;
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts = [&runs[..half], &runs[half..]];
        let threads = parts.map(|part| scope.spawn(|| part.iter().filter_map(|run| one(*run)).collect::<Vec<_>>()));
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn groups_that_go_and_come_are_findings() {
    let room = room();
    let of_three = room.run(&["baseline", "create", "three.csv", "--out", "three.json", "-q"]);
    assert_eq!(of_three.status, 0, "{}", of_three.stderr);
    for (settings, data, baseline, status, says) in [
        ("", "fair.csv", "three.json", 4, "is gone"),
        ("vanished = \"pass\"\n", "fair.csv", "three.json", 0, "is gone"),
        ("vanished = \"fail\"\n", "fair.csv", "three.json", 1, "is gone"),
        ("level = \"warn\"\n", "fair.csv", "three.json", 0, "? gone F against X"),
        ("", "three.csv", "fair.json", 0, "+ new F against X"),
        ("level = \"warn\"\n", "worse.csv", "fair.json", 0, "has worsened"),
        (
            "tolerance = 0.3\n",
            "worse.csv",
            "fair.json",
            0,
            "✓ not worse F against M",
        ),
        (
            "alpha = 0.000000001\n",
            "worse.csv",
            "fair.json",
            0,
            "✓ not worse F against M",
        ),
    ] {
        room.write(
            "p.toml",
            format!("{ROLES}[baseline]\nfile = \"{baseline}\"\n{settings}"),
        );
        let ran = room.run(&["check", data, "--policy", "p.toml"]);
        assert_eq!(
            ran.status, status,
            "{settings}{data} {baseline}: {}{}",
            ran.stdout, ran.stderr
        );
        let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(says), "{settings}{data} {baseline}: {said}");
    }
}

#[test]
fn what_cannot_be_compared_never_passes() {
    let room = room();
    let fair = room.read("fair.json");
    room.write("p.toml", format!("{ROLES}[baseline]\nvanished = \"pass\"\n"));
    let changed = |from: &str, to: &str| {
        assert!(fair.contains(from), "{from}");
        fair.replace(from, to)
    };
    let other_policy = |from: &str, to: &str| format!("{ROLES}[baseline]\nvanished = \"pass\"\n").replace(from, to);
    for (name, baseline, status, says) in [
        (
            "newer tally",
            changed("\"tally\":{\"version\":1", "\"tally\":{\"version\":99"),
            2,
            "upgrade evenhand",
        ),
        (
            "no version",
            changed("\"version\":1,\"tool\"", "\"tool\""),
            3,
            "does not say its version",
        ),
        (
            "version 0",
            changed("\"version\":1,\"tool\"", "\"version\":0,\"tool\""),
            3,
            "version 0",
        ),
        (
            "another file",
            "{\"schema_version\":1,\"verdict\":\"pass\"}".to_owned(),
            3,
            "neither a baseline nor a tally",
        ),
        (
            "unknown field",
            changed("\"tool\":", "\"extra\":1,\"tool\":"),
            3,
            "extra",
        ),
        (
            "no tally",
            "{\"format\":\"evenhand-baseline\",\"version\":1}".to_owned(),
            3,
            "missing field",
        ),
        (
            "no rows",
            changed("\"records\":4", "\"records\":0").replace("1500", "0"),
            3,
            "holds no rows",
        ),
        ("forged counts", changed("\"n\":1500", "\"n\":-1"), 3, "cannot be used"),
        (
            "another column",
            changed("\"sex\"", "\"gender\""),
            2,
            "about other columns: as protected it has `gender`",
        ),
        (
            "another event",
            changed("\"positive\":\"yes\"", "\"positive\":\"no\""),
            2,
            "about another event",
        ),
        (
            "another direction",
            changed("\"adverse\":false", "\"adverse\":true"),
            2,
            "takes the event for bad",
        ),
        ("space", " \n".to_owned(), 3, "it is empty"),
        ("a list", "[]".to_owned(), 3, "no baseline"),
        ("nested", "[".repeat(100_000), 3, "no baseline"),
    ] {
        room.write("b.json", baseline);
        let ran = room.run(&["check", "fair.csv", "--policy", "p.toml", "--baseline", "b.json"]);
        assert_eq!(ran.status, status, "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stderr.contains(says) && ran.stderr.contains("help: "),
            "{name}: {}",
            ran.stderr
        );
        assert!(ran.stdout.is_empty(), "{name}: {}", ran.stdout);
    }
    room.write("b.json", b"\xff\xfe");
    let ran = room.run(&["check", "fair.csv", "--baseline", "b.json"]);
    assert!(ran.status == 3 && ran.stderr.contains("not text"), "{}", ran.stderr);
    let ran = room.run(&["check", "fair.csv", "--baseline", "."]);
    assert!(ran.status == 3 && ran.stderr.contains("folder"), "{}", ran.stderr);
    for (name, policy, data, says) in [
        (
            "no group in common",
            other_policy("", ""),
            "renamed.csv",
            "no comparison in common",
        ),
        (
            "another event asked for",
            other_policy("[[check]]", "[values]\npositive = \"no\"\n[[check]]"),
            "fair.csv",
            "`yes` there, and `no` here",
        ),
        (
            "no count",
            other_policy("count = \"n\"\n", ""),
            "fair.csv",
            "as count it has `n`, and the data have none",
        ),
    ] {
        room.write("q.toml", policy);
        let ran = room.run(&[
            "check",
            data,
            "--policy",
            "q.toml",
            "--baseline",
            "fair.json",
            "--no-guess",
        ]);
        assert_eq!(ran.status, 2, "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.contains(says), "{name}: {}", ran.stderr);
    }
}

#[test]
fn a_check_says_what_it_lacks() {
    let data = || counted(&FAIR);
    let with = |more: &str| format!("{ROLES}{more}");
    check(&[
        case("no policy", "check a.csv", 2)
            .file("a.csv", data())
            .says(&["no evenhand.toml", "evenhand init FILE"]),
        case("no file", "check", 2)
            .file("evenhand.toml", ROLES)
            .says(&["no file is named", "under [data]"]),
        case("file of the policy is not there", "check", 3)
            .file("evenhand.toml", with("[data]\nfiles = [\"a.csv\"]\n"))
            .says(&["`a.csv` does not exist"]),
        case("baseline of the policy is not there", "check a.csv", 2)
            .file("a.csv", data())
            .file("evenhand.toml", with("[baseline]\nfile = \"b.json\"\n"))
            .says(&["`b.json` does not exist", "evenhand baseline create --out b.json"]),
        case("baseline that nobody looks at", "check a.csv --baseline b.json", 2)
            .file("a.csv", data())
            .file("b.json", "")
            .file("evenhand.toml", with("[baseline]\nlevel = \"off\"\n"))
            .says(&["--baseline is of no use"]),
        case("baseline of the policy that nobody looks at", "check a.csv", 0)
            .file("a.csv", data())
            .file(
                "evenhand.toml",
                with("[baseline]\nlevel = \"off\"\nfile = \"b.json\"\n"),
            )
            .says(&["PASS"]),
        case("wrong policy", "check a.csv", 2)
            .file("a.csv", data())
            .file("evenhand.toml", "[chek]\n")
            .says(&["line 1", "chek"]),
        case(
            "preset instead of a policy",
            "check a.csv --preset four-fifths --count n",
            0,
        )
        .file("a.csv", data())
        .says(&["PASS"]),
        case("several events", "check a.csv --baseline b.tally.json --each-class", 2)
            .file("a.csv", data())
            .file("b.tally.json", TALLY)
            .file("evenhand.toml", ROLES)
            .says(&["for one of them only", "--positive"]),
        case("a bare tally as the baseline", "check a.csv --baseline b.tally.json", 1)
            .file("a.csv", counted(&WORSE))
            .file("b.tally.json", TALLY)
            .file("evenhand.toml", ROLES)
            .says(&["has worsened"]),
        case("no day", "check a.csv --as-of soon", 2)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES)
            .says(&["write year, month and day"]),
        case("a report asked for in vain", "check a.csv --client Ann", 2)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES)
            .says(&["--client is of no use"]),
        case("a badge of no kind", "check a.csv --out badge=b.png", 2)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES)
            .says(&["end a badge in .svg"]),
        case("a kind without a path", "check a.csv --out junit=", 2)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES)
            .says(&["does not say what to write"]),
        case("twice the same", "check a.csv --out junit.xml --out html=junit.xml", 2)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES)
            .says(&["`junit.xml` is to be written twice"]),
        case(
            "onto the baseline",
            "check a.csv --baseline b.tally.json --out gate=b.tally.json",
            2,
        )
        .file("a.csv", data())
        .file("b.tally.json", TALLY)
        .file("evenhand.toml", ROLES)
        .says(&["is read, and would be written over"]),
        case("onto the policy", "check a.csv --out sarif=evenhand.toml", 2)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES)
            .says(&["is read, and would be written over"]),
        case("exit zero", "check a.csv --exit-zero", 0)
            .file("a.csv", counted(&UNFAIR))
            .file("evenhand.toml", ROLES)
            .says(&["FAIL"]),
        case("one group", "check a.csv", 4)
            .file("a.csv", counted(&FAIR[..1]))
            .file("evenhand.toml", ROLES),
    ]);
}

const TALLY: &str = r#"{"version":1,"records":4,"quantities":{"count":"n"},
"decisions":{"dimensions":[
{"role":"protected","column":"sex","coding":"as-written","levels":["F","M"]},
{"role":"prediction","column":"hired","coding":"as-written","levels":["no","yes"]}],"cells":[
[[0,0],{"n":1500}],
[[0,1],{"n":1500}],
[[1,0],{"n":1500}],
[[1,1],{"n":1500}]]}}
"#;

#[test]
fn the_policy_is_the_nearest_one_within_the_repository() {
    let room = Room::new();
    let named = |ran: &Ran| (ran.status, ran.stdout.clone(), ran.stderr.clone());
    room.write_below(
        "outer/evenhand.toml",
        format!("{ROLES}[data]\nfiles = [\"data/a.csv\"]\n"),
    );
    room.write_below("outer/data/a.csv", counted(&FAIR));
    room.write_below("outer/one/two/x", "");
    room.write_below("outer/one/repository/.git", "gitdir: elsewhere");
    room.write_below("outer/one/repository/deep/x", "");
    let run_in = |folder: &str, args: &[&str]| {
        let output = room.command(args).current_dir(room.path(folder)).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran {
            status: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    };
    let found = run_in("outer/one/two", &["check", "-q"]);
    assert_eq!(found.status, 0, "{:?}", named(&found));
    let stopped = run_in("outer/one/repository/deep", &["check", "-q"]);
    assert!(
        stopped.status == 2 && stopped.stderr.contains("no evenhand.toml"),
        "{:?}",
        named(&stopped)
    );
    room.write_below("outer/one/evenhand.toml", "[nonsense]\n");
    let nearer = run_in("outer/one/two", &["check", "-q"]);
    assert!(
        nearer.status == 2 && nearer.stderr.contains("../evenhand.toml, line 1"),
        "{:?}",
        named(&nearer)
    );
}

#[test]
fn the_day_is_the_one_that_was_said() {
    let room = room();
    let waiver = "[[waiver]]\ncheck = \"four-fifths\"\ngroup = { sex = \"F\" }\nreason = \"known\"\nowner = \
                  \"Ann\"\nexpires = ";
    let run = |policy: &str, epoch: &str, args: &[&str]| {
        room.write("p.toml", policy);
        let all: Vec<&str> = ["check", "unfair.csv", "--policy", "p.toml", "--format", "json"]
            .iter()
            .chain(args)
            .copied()
            .collect();
        room.run_with("SOURCE_DATE_EPOCH", epoch, &all)
    };
    let day = |ran: &Ran| {
        let gate: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        gate["as_of"].as_str().map(str::to_owned)
    };
    let dated = format!("{ROLES}{waiver}2026-06-30\n");
    // 2026-06-30 and the second after it.
    for (epoch, args, status, as_of) in [
        ("1782863999", &[][..], 0, "2026-06-30"),
        ("1782864000", &[], 1, "2026-07-01"),
        ("1782864000", &["--as-of", "2026-06-30"], 0, "2026-06-30"),
        ("nonsense", &["--as-of", "2026-07-01"], 1, "2026-07-01"),
    ] {
        let ran = run(&dated, epoch, args);
        assert_eq!(
            (ran.status, day(&ran).as_deref()),
            (status, Some(as_of)),
            "{}",
            ran.stderr
        );
    }
    let wrong = run(&dated, "nonsense", &[]);
    assert!(
        wrong.status == 2 && wrong.stderr.contains("SOURCE_DATE_EPOCH is `nonsense`"),
        "{}",
        wrong.stderr
    );
    // Without waivers no day is asked for, and none is told.
    let undated = run(ROLES, "nonsense", &[]);
    assert_eq!((undated.status, day(&undated)), (1, None), "{}", undated.stderr);
    // Neither said: today, which is later than one and earlier than the other.
    assert_eq!(run(&format!("{ROLES}{waiver}2026-01-01\n"), "", &[]).status, 1);
    assert_eq!(run(&format!("{ROLES}{waiver}9999-12-31\n"), "", &[]).status, 0);
}

#[test]
fn real_decisions_are_checked_as_they_are_audited() {
    let room = Room::new();
    let compas = repository("fixtures/compas.csv");
    let compas = compas.to_str().unwrap();
    room.write("evenhand.toml", "[roles]\nprediction = \"high_risk\"\nlabel = \"two_year_recid\"\nprotected = [\"race\"]\ncount = \"n\"\n[values]\nadverse = true\n");
    let audited = room.run(&["audit", compas, "--policy", "evenhand.toml", "-q"]);
    let checked = room.run(&["check", compas, "-q"]);
    assert_eq!(
        (audited.status, checked.status),
        (1, 1),
        "{}{}",
        audited.stderr,
        checked.stderr
    );
    assert_eq!(
        room.run(&["baseline", "create", compas, "-q", "--out", "b.json"])
            .status,
        0
    );
    let same = room.run(&["check", compas, "--baseline", "b.json", "--format", "json"]);
    let gate: serde_json::Value = serde_json::from_str(&same.stdout).unwrap();
    let changes = gate["changes"]["changes"].as_array().unwrap();
    assert!(changes.len() > 20 && changes.iter().all(|change| change["outcome"] != "worse"));
}
