//! `evenhand baseline`: made once, renewed on purpose, shown in words.

use serde_json::Value;

use crate::check::{FAIR, FEW, ROLES, UNFAIR, WORSE, counted, room};
use crate::harness::{Room, case, check};

#[test]
fn the_same_data_give_the_same_bytes() {
    let room = room();
    let first = room.read("fair.json");
    // Rows in another order, in parts, through a tally.
    room.write("back.csv", counted(&[FAIR[1], FAIR[0]]));
    room.write("m.csv", counted(&FAIR[..1]));
    room.write("f.csv", counted(&FAIR[1..]));
    for (out, files) in [("1.json", &["back.csv"][..]), ("2.json", &["f.csv", "m.csv"])] {
        let args: Vec<&str> = ["baseline", "create", "-q", "--out", out]
            .iter()
            .chain(files)
            .copied()
            .collect();
        assert_eq!(room.run(&args).status, 0);
        assert_eq!(room.read(out), first, "{out}");
    }
    let tallied = room.run(&[
        "tally",
        "back.csv",
        "--policy",
        "evenhand.toml",
        "-q",
        "-o",
        "t.tally.json",
    ]);
    assert_eq!(tallied.status, 0, "{}", tallied.stderr);
    assert_eq!(
        room.run(&["baseline", "create", "t.tally.json", "-q", "-o", "3.json"])
            .status,
        0
    );
    assert_eq!(room.read("3.json"), first);
    let value: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(
        (&value["format"], &value["version"]),
        (&"evenhand-baseline".into(), &1.into())
    );
    assert_eq!(value["meaning"]["positive"], "yes");
    // Laid out otherwise by whatever tidies a repository, it is the same baseline.
    room.write("tidy.json", serde_json::to_string_pretty(&value).unwrap());
    assert_eq!(
        room.run(&["check", "fair.csv", "--baseline", "tidy.json", "-q"]).status,
        0
    );
    let again = room.run(&["baseline", "update", "fair.csv", "--out", "tidy.json"]);
    assert!(
        again.status == 0 && again.stdout.contains("nothing changes"),
        "{}",
        again.stdout
    );
}

#[test]
fn making_one_harms_nothing() {
    let data = || counted(&FAIR);
    check(&[
        case("there already", "baseline create a.csv --out b.json", 2)
            .file("a.csv", data())
            .file("b.json", "mine")
            .file("evenhand.toml", ROLES)
            .says(&["`b.json` is there already", "evenhand baseline update"]),
        case("no name", "baseline create a.csv", 2)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES)
            .says(&["nothing says which file is the baseline", "[baseline]"]),
        case("no policy", "baseline create a.csv --out b.json", 2)
            .file("a.csv", data())
            .says(&["no evenhand.toml"]),
        case("no folder", "baseline create a.csv --out no/b.json", 2)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES)
            .says(&["there is no folder `no`"]),
        case("no rows", "baseline create a.csv --out b.json", 3)
            .file("a.csv", "sex,hired,n\n")
            .file("evenhand.toml", ROLES),
        case("rows that stand for nobody", "baseline create a.csv --out b.json", 3)
            .file("a.csv", "sex,hired,n\nM,yes,0\nF,no,0\n")
            .file("evenhand.toml", ROLES),
        case("no such column", "baseline create a.csv --out b.json", 2)
            .file("a.csv", "x,y\n1,2\n")
            .file("evenhand.toml", ROLES)
            .says(&["`hired`"]),
        case("nothing to renew", "baseline update a.csv --out b.json", 2)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES)
            .says(&["`b.json` does not exist", "evenhand baseline create"]),
        case("damaged", "baseline update a.csv --out b.json --allow-worse", 3)
            .file("a.csv", data())
            .file("b.json", "{\"format\":")
            .file("evenhand.toml", ROLES)
            .says(&["cut short", "history of the repository"]),
        case("newer", "baseline update a.csv --out b.json --allow-worse", 2)
            .file("a.csv", data())
            .file(
                "b.json",
                "{\"format\":\"evenhand-baseline\",\"version\":7,\"of\":\"tomorrow\"}",
            )
            .file("evenhand.toml", ROLES)
            .says(&["made by a newer evenhand", "upgrade evenhand"]),
        case("over the data", "baseline update a.csv --out a.csv", 3)
            .file("a.csv", data())
            .file("evenhand.toml", ROLES),
        case("nothing to show", "baseline show", 2).says(&["nothing says which file"]),
        case("no baseline shown", "baseline show a.csv", 3)
            .file("a.csv", data())
            .says(&["no baseline at all"]),
    ]);
}

#[test]
fn renewing_refuses_what_loosens() {
    let policy = |more: &str| format!("{ROLES}[baseline]\nfile = \"b.json\"\n{more}");
    let three = [("M", 1500, 3000), ("F", 1500, 3000), ("X", 1500, 3000)];
    // Worse by a hundredth, which is the tolerance; and by a little more.
    let at_tolerance = [("M", 1500, 3000), ("F", 1485, 3000)];
    let past_it = [("M", 1500, 3000), ("F", 1484, 3000)];
    // A ratio of 0.83 that is open, and one of 0.81 that more rows show to be within the bound.
    let settled = [("M", 600_000, 1_000_000), ("F", 486_000, 1_000_000)];
    for (name, settings, before, after, status, says) in [
        ("better", "", &UNFAIR[..], &FAIR[..], 0, "0.667 -> 1.000 (better)"),
        ("worse", "", &FAIR, &WORSE, 1, "1.000 -> 0.880 (worse)"),
        (
            "worse within the tolerance",
            "",
            &FAIR,
            &at_tolerance,
            0,
            "1.000 -> 0.990 (worse)",
        ),
        (
            "worse beyond the tolerance",
            "",
            &FAIR,
            &past_it,
            1,
            "Not updated: 1 of the comparisons",
        ),
        (
            "a wider tolerance",
            "tolerance = 0.2\n",
            &FAIR,
            &WORSE,
            0,
            "1.000 -> 0.880 (worse)",
        ),
        (
            "worse and only warned of",
            "level = \"warn\"\n",
            &FAIR,
            &WORSE,
            0,
            "1.000 -> 0.880 (worse)",
        ),
        (
            "worse and now shown to be within the bound",
            "",
            &FEW,
            &settled,
            0,
            "0.833 -> 0.810 (worse)",
        ),
        (
            "worse and open where it passed",
            "",
            &FAIR,
            &FEW,
            1,
            "1.000 -> 0.833 (worse)",
        ),
        ("a group gone", "", &three, &FAIR, 1, "gone, was 1.000"),
        (
            "a group gone as the policy lets it",
            "vanished = \"pass\"\n",
            &three,
            &FAIR,
            0,
            "gone, was 1.000",
        ),
        ("a group new", "", &FAIR, &three, 0, "new, 1.000"),
        (
            "a new group that fails its bound",
            "",
            &FAIR,
            &[FAIR[0], FAIR[1], ("X", 300, 3000)],
            0,
            "new, 0.200",
        ),
    ] {
        let room = Room::new();
        room.write("evenhand.toml", policy(settings));
        room.write("before.csv", counted(before));
        room.write("after.csv", counted(after));
        assert_eq!(room.run(&["baseline", "create", "before.csv"]).status, 0, "{name}");
        let kept = room.read("b.json");
        let ran = room.run(&["baseline", "update", "after.csv"]);
        assert_eq!(ran.status, status, "{name}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains(says), "{name}: {}", ran.stdout);
        assert_eq!(room.read("b.json") == kept, status == 1, "{name}");
        if status == 1 {
            let allowed = room.run(&["baseline", "update", "after.csv", "--allow-worse"]);
            assert_eq!(allowed.status, 0, "{name}: {}", allowed.stderr);
        }
        // Either way the file is now that of the data.
        let made = room.run(&["baseline", "create", "after.csv", "-q", "--out", "made.json"]);
        assert_eq!(made.status, 0, "{name}: {}", made.stderr);
        assert_eq!(room.read("b.json"), room.read("made.json"), "{name}");
    }
}

#[test]
fn other_columns_are_taken_over_on_purpose_only() {
    let room = room();
    room.write("b.csv", counted(&FAIR).replace("sex", "gender"));
    room.write("p.toml", ROLES.replace("sex", "gender"));
    let kept = room.read("fair.json");
    let args = [
        "baseline",
        "update",
        "b.csv",
        "--policy",
        "p.toml",
        "--out",
        "fair.json",
    ];
    let refused = room.run(&args);
    assert!(
        refused.status == 2 && refused.stderr.contains("about other columns"),
        "{}",
        refused.stderr
    );
    assert_eq!(room.read("fair.json"), kept);
    let allowed = room.run(&[&args[..], &["--allow-worse"]].concat());
    assert!(allowed.status == 0 && allowed.stderr.contains("warning: the baseline is about other columns"));
    assert_eq!(
        room.run(&["check", "b.csv", "--policy", "p.toml", "--baseline", "fair.json", "-q"])
            .status,
        0
    );
}

#[test]
fn what_it_holds_is_shown_in_words() {
    let room = room();
    let shown = room.run(&["baseline", "show", "fair.json"]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    for part in [
        "`fair.json` holds 6,000 rows in 4 cells",
        "under this policy",
        "PASS",
        "Groups by sex",
    ] {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    room.write("other.toml", ROLES.replace("disparate-impact", "statistical-parity"));
    let other = room.run(&["baseline", "show", "--out", "fair.json", "--policy", "other.toml"]);
    assert!(
        other.stdout.contains("under another policy") && other.stdout.contains("tatistical parity"),
        "{}",
        other.stdout
    );
    // Without any policy its columns mean what they meant.
    let elsewhere = Room::new();
    let adverse = ROLES.replace("[[check]]", "[values]\npositive = \"no\"\n[[check]]");
    room.write("adverse.toml", adverse);
    assert_eq!(
        room.run(&[
            "baseline",
            "create",
            "worse.csv",
            "--policy",
            "adverse.toml",
            "-q",
            "-o",
            "a.json"
        ])
        .status,
        0
    );
    elsewhere.write("a.json", room.read("a.json"));
    let shown = elsewhere.run(&["baseline", "show", "a.json"]);
    assert!(
        shown.status == 0 && shown.stdout.contains("hired is \"no\""),
        "{}{}",
        shown.stdout,
        shown.stderr
    );
    assert!(
        shown.stdout.contains("under a policy that is not here"),
        "{}",
        shown.stdout
    );
    assert_eq!(
        room.run(&["baseline", "show", "fair.json", "--out", "fair.json"])
            .status,
        2
    );
}

#[test]
fn names_from_outside_do_no_harm() {
    let room = Room::new();
    for name in [
        "</script><img onerror=alert(1)>",
        "=cmd|'/c calc'!A1",
        "::error::x",
        "a\u{1b}[31mred\u{202e}",
        "\u{1}start",
        &"long ".repeat(2_000),
        "##[group]x",
    ] {
        let data =
            |women: u64| counted(&[("M", 1500, 3000), ("NAME", women, 3000)]).replace("NAME", &format!("\"{name}\""));
        room.write("evenhand.toml", format!("{ROLES}[baseline]\nfile = \"b.json\"\n"));
        room.write("fair.csv", data(1500));
        room.write("worse.csv", data(1320));
        let made = room.run(&["baseline", "create", "fair.csv"]);
        assert_eq!(made.status, 0, "{name:.20}: {}", made.stderr);
        for (args, status) in [
            (&["check", "fair.csv"][..], 0),
            (&["check", "worse.csv", "--out", "gate=g.json"], 1),
            (&["baseline", "update", "worse.csv"], 1),
            (&["baseline", "show"], 0),
        ] {
            let ran = room.run(args);
            assert_eq!(ran.status, status, "{name:.20} {args:?}: {}{}", ran.stdout, ran.stderr);
            let commands = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
            assert!(!ran.stdout.lines().any(commands), "{name:.20} {args:?}: {}", ran.stdout);
        }
        let gate: Value = serde_json::from_str(&room.read("g.json")).unwrap();
        assert_eq!(gate["changes"]["changes"][0]["outcome"], "worse", "{name:.20}");
        std::fs::remove_file(room.path("b.json")).unwrap();
    }
}
