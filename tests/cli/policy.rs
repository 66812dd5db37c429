//! `evenhand policy` and `evenhand schema policy`.

use crate::harness::{Room, case, check, repository, unequal};

#[test]
fn a_policy_is_checked_as_a_whole() {
    check(&[
        case("a good one", "policy check p.toml", 0)
            .file("p.toml", "[[check]]\ncriterion = 'disparate-impact'\n")
            .says(&["p.toml is a policy: 1 check, no waivers"]),
        case("an empty one, by its usual name", "policy check", 0)
            .file("evenhand.toml", "")
            .says(&["evenhand.toml is a policy: the usual checks, no waivers"]),
        case("two mistakes", "policy check p.toml", 2)
            .file("p.toml", "preset = 'strikt'\n[roles]\nconfidence = 0.9\n")
            .says(&[
                "p.toml, line 1, column 10: there is no preset `strikt`",
                "did you mean `strict`?",
                "p.toml, line 3, column 1: [roles] has no key `confidence`",
                "`confidence` belongs under [inference]",
            ]),
        case("none", "policy check", 2).says(&["`evenhand.toml` cannot be read: it does not exist"]),
        case("a preset that is none", "policy show p.toml --preset x", 2)
            .file("p.toml", "")
            .says(&["there is no preset `x`"]),
        case("two presets", "policy show p.toml --preset strict", 2)
            .file("p.toml", "preset = 'll144'\n")
            .says(&["the file goes on from `ll144`, and `strict` was asked for"]),
    ]);
}

#[test]
fn what_is_shown_is_a_policy_that_asks_the_same() {
    let room = Room::new();
    room.write("a.csv", unequal());
    room.write(
        "p.toml",
        "preset = 'strict'\n[inference]\nconfidence = 0.9\n[inference.reference]\nsex = 'M'\n[baseline]\nfile = 'b.json'\n\
         [[waiver]]\ncheck = 'disparate-impact'\ngroup = { sex = \"F\\u001b[31m\" }\nreason = \"x\\n[roles]\\ny\"\nowner = 'o'\n\
         expires = 2027-01-01\n",
    );
    let shown = room.run(&["policy", "show", "p.toml"]);
    assert_eq!(shown.status, 0, "{}", shown.stderr);
    for text in [
        "#:schema policy.schema.json\n",
        "# - Goes on from the preset strict.",
        "at least 0.90; a breach fails the audit.",
        "90 % confidence",
        "# - The groups of sex are compared with M.",
        "grown by more than 0.01",
        "# - Until 2027-01-01, a failure of disparate-impact for sex F",
        "\nconfidence = 0.9  # ",
        "\nmin-denominator = 0  # ",
        "\n# positive: the decision that counts as the event",
    ] {
        assert!(shown.stdout.contains(text), "{text} is not in\n{}", shown.stdout);
    }
    room.write("q.toml", &shown.stdout);
    let again = room.run(&["policy", "show", "q.toml"]);
    assert_eq!(again.stdout, shown.stdout);
    let audit = |policy: &str| room.run(&["audit", "a.csv", "--policy", policy, "--format", "json"]);
    let (one, two) = (audit("p.toml"), audit("q.toml"));
    assert_eq!((one.status, &one.stdout), (two.status, &two.stdout));
    assert!(
        one.status == 1 && one.stdout.contains("\"preset\": \"strict\""),
        "{}",
        one.stderr
    );
}

#[test]
fn the_preset_of_a_file_is_that_of_the_flag() {
    let room = Room::new();
    room.write("a.csv", unequal());
    room.write("p.toml", "preset = 'four-fifths'\n");
    let json = |args: &[&str]| {
        room.run(&[&["audit", "a.csv", "--format", "json"], args].concat())
            .stdout
    };
    assert_eq!(json(&["--policy", "p.toml"]), json(&["--preset", "four-fifths"]));
}

#[test]
fn the_schema_is_printed() {
    let printed = Room::new().run(&["schema", "policy"]);
    assert_eq!(printed.status, 0);
    assert_eq!(
        printed.stdout,
        std::fs::read_to_string(repository("schema/policy.schema.json")).unwrap()
    );
}
