//! What a file leaves open is asked once, and the flags in the question give the true tally.

use serde_json::Value;

use super::harness::{Room, case, check};

/// People of two sexes, some of them written in other ways than the first spelling.
fn people(spellings: [&[&str]; 2], yes: &[&str]) -> String {
    let line = |row: usize| {
        let of = spellings[row % 2];
        let sex = if row.is_multiple_of(7) {
            of[row / 14 % of.len()]
        } else {
            of[0]
        };
        let decision = if row % 5 < 3 { yes[row % 11 % yes.len()] } else { "No" };
        format!("{sex},{decision}\n")
    };
    let lines: String = (0..120).map(line).collect();
    format!("sex,recommended\n{lines}")
}

/// The flags in a help text, as a shell would hand them over.
fn flags(help: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    let (flags, _) = help.split_once("; or keep").unwrap();
    let (_, flags) = flags.split_once("unite them with ").unwrap();
    for c in flags.chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

#[test]
fn the_flags_of_the_question_give_the_true_tally() {
    let room = Room::new();
    let odd: [&[&str]; 2] = [
        &["Female", "female ", "F", "\u{ff26}emale", "weiblich"],
        &["Male", "M", "MALE"],
    ];
    room.write("odd.csv", people(odd, &["Yes", "yes", "YES "]));
    room.write("clean.csv", people([&["Female"], &["Male"]], &["Yes"]));
    for roles in [&[][..], &["--prediction", "recommended", "--protected", "sex"]] {
        for command in [
            &["audit", "odd.csv"][..],
            &["tally", "odd.csv", "--out", "odd.tally.json"],
        ] {
            let asked = room.run(&[command, roles].concat());
            assert_eq!(asked.status, 2, "{}", asked.stderr);
            assert_eq!(asked.stderr.matches("error: ").count(), 1, "{}", asked.stderr);
            for text in [
                "`sex`",
                "`recommended`",
                "`female `",
                "`YES `",
                "--distinct sex,recommended",
            ] {
                assert!(asked.stderr.contains(text), "{text}: {}", asked.stderr);
            }
            let mut given = vec!["tally", "odd.csv", "--quiet", "--out", "odd.tally.json"];
            given.extend(roles);
            let flags = flags(&asked.stderr);
            given.extend(flags.iter().map(String::as_str));
            let ran = room.run(&given);
            assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
            assert_eq!(
                room.run(&["tally", "clean.csv", "--quiet", "--out", "clean.tally.json"])
                    .status,
                0
            );
            assert_eq!(room.read("odd.tally.json"), room.read("clean.tally.json"));
        }
    }
}

#[test]
fn who_wants_no_guesses_is_told_instead_of_asked() {
    let room = Room::new();
    room.write("odd.csv", people([&["Female", "F"], &["Male"]], &["Yes"]));
    let roles = [
        "--prediction",
        "recommended",
        "--protected",
        "sex",
        "--no-guess",
        "--map",
        "sex=W:Female",
    ];
    let ran = room.run(&[&["audit", "odd.csv", "--format", "json"][..], &roles].concat());
    let audit: Value = serde_json::from_str(&ran.stdout).unwrap();
    let notes = audit["notes"].as_array().unwrap();
    let of = |code: &str| -> Vec<&Value> { notes.iter().filter(|note| note["code"] == code).collect() };
    assert_eq!(of("values-look-alike").len(), 1, "{notes:?}");
    assert!(
        of("values-look-alike")[0]["help"]
            .as_str()
            .unwrap()
            .contains("--map 'sex=F:Female'")
    );
    assert_eq!(
        of("map-unused")[0]["message"],
        "`W` is mapped in `sex`, and occurs nowhere there"
    );
    let groups = audit["rates"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|rate| rate["group"]["sex"] == "F");
    assert_eq!(groups.count(), 1, "nothing is united unasked");
}

#[test]
fn what_is_left_open_is_asked_with_its_flags() {
    let lines = |line: &str| format!("sex,decision,n\n{}", line.replace(' ', "\n"));
    let totals = lines("F,yes,10 F,no,20 M,yes,15 M,no,30 Total,yes,25 Total,no,50 ");
    let blanks = "sex,decision\nF,yes\nM,no\nM,N/A\n";
    check(&[
        case("a total row", "audit a.csv", 3)
            .file("a.csv", totals)
            .says(&["column `sex`: `Total` is the sum of the other groups", "--footer-rows"]),
        case("a third value, no role", "audit a.csv", 3)
            .file("a.csv", blanks)
            .says(&["say --prediction decision --missing N/A"]),
        case("a third value, a role", "audit a.csv --prediction decision", 2)
            .file("a.csv", blanks)
            .says(&["beside yes and no it has `N/A` (1)", "say --missing N/A"]),
        case("two decimal marks", "audit a.csv --score s --threshold 2", 2)
            .file("a.csv", "sex;s\nf;1,234\nm;2,500\n")
            .says(&["`1,234` can be read", "--decimal point", "--decimal comma"]),
        case(
            "a decimal comma",
            "audit a.csv --score s --threshold 2 --on-inconclusive pass",
            0,
        )
        .file("a.csv", "sex;s\nf;1,25\nm;2,5\nm;1\nf;3\n")
        .says(&["`1,25` is a number only with a decimal comma (--decimal comma)"]),
        case("nobody's groups", "audit a.csv", 2)
            .file("a.csv", "user_id,item_id,recommended\n1,a,1\n1,b,0\n2,a,0\n")
            .says(&["--users FILE --on user_id", "--items FILE --items-on item_id"]),
    ]);
}
