//! Tables of published rates: groups with their size and the share of positive decisions.

use serde_json::Value;

use crate::harness::{Room, case, check, repository};

const ROLES: [&str; 6] = [
    "--rate",
    "shown_job_ad",
    "--count",
    "people_in_audience",
    "--protected",
    "gender,age_group,ethnicity",
];

fn fixture() -> String {
    std::fs::read_to_string(repository("fixtures/exports/published-rates.csv")).unwrap()
}

fn json(room: &Room, args: &[&str]) -> (i32, Value) {
    let ran = room.run(&[args, &["--format", "json"]].concat());
    let value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{args:?}: {}", ran.stderr));
    (ran.status, value)
}

#[test]
fn the_published_table_is_judged_and_its_tally_says_the_same() {
    let room = Room::new();
    room.write("a.csv", fixture());
    let (status, of_rows) = json(&room, &[&["audit", "a.csv"], ROLES.as_slice()].concat());
    assert_eq!((status, &of_rows["verdict"]), (1, &Value::from("fail")));
    assert_eq!(of_rows["data"]["rows_read"], 90_810);
    assert_eq!(of_rows["data"]["records_read"], 11);
    let women = of_rows["rates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rate| rate["group"]["gender"] == "Women")
        .unwrap();
    let share = &women["values"]["selection-rate"];
    assert_eq!(
        (share["numerator"].as_f64(), share["denominator"].as_f64()),
        (Some(4_688.0), Some(41_860.0))
    );
    let limits = [share["lowest"].as_f64().unwrap(), share["highest"].as_f64().unwrap()];
    // Those whose gender is not stated may be women: from 80 to 86 of 640 were selected.
    let expected = [4_668.0 / (41_860.0 + 560.0), (4_709.0 + 86.0) / (41_860.0 + 86.0)];
    assert!(
        limits
            .iter()
            .zip(expected)
            .all(|(limit, expected)| (limit - expected).abs() < 1e-12),
        "{limits:?}"
    );

    let kept = room.run(&[&["tally", "a.csv", "--quiet", "-o", "a.tally.json"], ROLES.as_slice()].concat());
    assert_eq!(kept.status, 0, "{}", kept.stderr);
    let (status, of_tally) = json(&room, &[&["audit", "a.tally.json"], ROLES.as_slice()].concat());
    assert_eq!(status, 1);
    for part in [
        "verdict",
        "data",
        "rates",
        "families",
        "findings",
        "notes",
        "sensitivity",
    ] {
        assert_eq!(of_tally[part], of_rows[part], "{part}");
    }
    let merged = room.run(&["merge", "a.tally.json", "a.tally.json", "-o", "b.tally.json"]);
    assert_eq!(merged.status, 2, "{}", merged.stderr);
    room.write("c.tally.json", room.read("a.tally.json"));
    let merged = room.run(&["merge", "a.tally.json", "c.tally.json", "-o", "b.tally.json"]);
    assert_eq!(merged.status, 0, "{}", merged.stderr);
    let (_, both) = json(&room, &["audit", "b.tally.json"]);
    assert_eq!(both["data"]["rows_read"], 2 * 90_810);
}

#[test]
fn the_same_figures_in_another_dress_give_the_same_tally() {
    let table = fixture();
    let shares = |text: &str| {
        let change = |field: &str| match field.strip_suffix(" %") {
            Some(percent) if percent.contains('.') => format!("\"0,{:0>3}\"", percent.replace('.', "")),
            Some(percent) => format!("\"0,{percent:0>2}\""),
            None => field.to_owned(),
        };
        let line = |line: &str| line.split(',').map(change).collect::<Vec<_>>().join(",");
        text.lines().map(line).collect::<Vec<_>>().join("\r\n")
    };
    let mut lines: Vec<&str> = table.lines().collect();
    lines[1..].reverse();
    let bare = table.replace(" %", "");
    let dresses = [
        ("a.csv", table.clone()),
        ("b.csv", shares(&table)),
        ("c.csv", lines.join("\n")),
        ("d.csv", bare),
    ];
    let room = Room::new();
    let tallies = dresses.map(|(name, text)| {
        room.write(name, text);
        let ran = room.run(&[&["tally", name, "--quiet", "-o", "a.tally.json"], ROLES.as_slice()].concat());
        assert_eq!(ran.status, 0, "{name}: {}", ran.stderr);
        room.read("a.tally.json")
    });
    assert_eq!(tallies[0], tallies[1]);
    assert_eq!(tallies[0], tallies[2]);
    // That percentages had no sign is kept, because people should check it.
    let told = r#""readings":[{"column":"shown_job_ad","found":"bare-percent","rows":10}],"#;
    assert!(tallies[3].contains(told), "{}", tallies[3]);
    let without = |text: &str| text.replace(&format!(",{}", told.trim_end_matches(',')), "");
    assert_eq!(without(&tallies[3]), tallies[0]);
}

#[test]
fn what_figures_leave_open_or_contradict_is_said_with_what_to_do() {
    let rates = "sex,n,rate\nF,300,";
    let audit = |name, more: &str, status| {
        let line = format!("audit a.csv --rate rate --count n --protected sex --adverse=false{more}");
        case(name, &line, status)
    };
    check(&[
        audit("left open by the digits", "", 4)
            .file("a.csv", format!("{rates}60 %\nM,300,80 %\n").replace("300", "1000"))
            .says(&[
                "INCONCLUSIVE",
                "595 to 605 of 1,000",
                "the counts themselves",
                "figures with more digits",
            ]),
        audit("clear all the same", "", 1)
            .file("a.csv", format!("{rates}40 %\nM,300,80 %\n"))
            .says(&["FAIL", "fit several counts", "119 to 121 of 300"]),
        audit("one count fits", "", 1)
            .file("a.csv", format!("{rates}40.0 %\nM,300,80.0 %\n"))
            .says(&["FAIL", "exactly one count fits each of them"]),
        audit("cut off", "", 3)
            .file("a.csv", "sex,n,rate\nF,300,33.6 %\nM,3,66.6 %\n")
            .says(&[
                "the group `sex` = `M`",
                "2 fits if the figures were cut off",
                "--digits truncated",
            ]),
        audit("cut off, as said", " --digits truncated", 4)
            .file("a.csv", "sex,n,rate\nF,300,33.6 %\nM,3,66.6 %\n")
            .says(&["cut off after their last digit, as was said"]),
        audit("by the bare points", "", 4)
            .file("a.csv", format!("{rates}64 %\nM,300,80 %\n"))
            .file("p.toml", "[inference]\njudge = \"point\"\n")
            .arg("--policy")
            .arg("p.toml")
            .says(&["191 to 193 of 300", "give the same answer"]),
        audit("percent without a sign", "", 1)
            .file("a.csv", format!("{rates}40.0\nM,300,80.0\n"))
            .says(&["is a percentage without a sign"]),
        audit("not published", " --missing *", 4)
            .file("a.csv", format!("{rates}50.0 %\nM,300,50.0 %\nX,4,*\n"))
            .says(&["no rate is published for `sex = X`", "ask for its counts"]),
        audit("a group that is only called a total", "", 1)
            .file("a.csv", format!("{rates}40.0 %\nM,300,80.0 %\nAll,70,50.0 %\n"))
            .says(&["`All` in `sex` looks like a total row"]),
        audit("a total", "", 3)
            .file("a.csv", format!("{rates}40.0 %\nM,300,80.0 %\nAll,600,60.0 %\n"))
            .says(&["`All` is the sum of the other groups", "--footer-rows"]),
        audit("a label", " --label y", 2)
            .file("a.csv", format!("{rates}40.0 %\nM,300,80.0 %\n"))
            .says(&["--label has no meaning there"]),
        audit("no such column", " --no-guess", 2)
            .file("a.csv", "sex,m,rate\nF,300,40 %\n")
            .says(&["no column `n` (count)"]),
        case(
            "groups of two attributes",
            "audit a.csv --rate rate --count n --protected sex,race",
            3,
        )
        .file("a.csv", "sex,race,n,rate\nF,A,300,40 %\nM,A,300,80 %\n")
        .says(&["several protected columns have a value there", "a column of its own"]),
    ]);
}

#[test]
fn a_total_in_a_table_of_counts_is_refused() {
    let table = "sex,hired,n\nF,yes,30\nF,no,70\nM,yes,60\nM,no,40\nTotal,yes,90\nTotal,no,110\n";
    check(&[
        case("the sum", "audit a.csv --count n --protected sex --prediction hired", 3)
            .file("a.csv", table)
            .says(&["column `sex`: `Total` is the sum of the other groups", "counted twice"]),
        case(
            "not the sum",
            "audit a.csv --count n --protected sex --prediction hired",
            1,
        )
        .file("a.csv", table.replace("110", "111"))
        .says(&["`Total` in `sex` looks like a total row"]),
        case(
            "lines for the same group add up",
            "audit a.csv --count n --protected sex --prediction hired",
            4,
        )
        .file("a.csv", table.replace("Total", "F"))
        .says(&["400 rows read"]),
    ]);
}
