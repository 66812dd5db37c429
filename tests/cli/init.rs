//! The policy that `evenhand init` writes.

use serde_json::Value;

use crate::harness::Room;

fn fixture(name: &str) -> String {
    format!("{}/../../fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_policy_gives_what_the_bare_audit_gives() {
    for (name, flags) in [
        ("vendor-export.csv", &[][..]),
        ("berkeley.csv", &[]),
        ("compas.csv", &[]),
        ("dcwp-example-2.csv", &[]),
        (
            "exports/vendor.xlsx",
            &[
                "--map",
                "Gender=M:Male",
                "--map",
                "Gender=F:Female",
                "--map",
                "Gender=female :Female",
            ],
        ),
        ("exports/text/german-excel.csv", &[]),
    ] {
        let room = Room::new();
        let file = fixture(name);
        let written = room.run(&["init", &file]);
        assert_eq!(written.status, 0, "{name}: {}", written.stderr);
        assert!(written.stderr.contains("wrote evenhand.toml"), "{}", written.stderr);
        let audit = |more: &[&str]| -> (i32, Value) {
            let ran = room.run(&[&["audit", &file, "--format", "json"], flags, more].concat());
            let audit: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{name}: {}", ran.stderr));
            (ran.status, audit)
        };
        let (bare, with) = (audit(&[]), audit(&["--policy", "evenhand.toml"]));
        assert_eq!(bare.0, with.0, "{name}");
        for part in ["verdict", "data", "rates", "findings", "families"] {
            assert_eq!(bare.1[part], with.1[part], "{name}: {part}");
        }
        assert_eq!(
            bare.1["provenance"]["tally_hash"], with.1["provenance"]["tally_hash"],
            "{name}"
        );
        let printed = room.run(&["init", &file, "--out", "-"]);
        assert_eq!(
            printed.stdout,
            std::fs::read_to_string(room.path("evenhand.toml")).unwrap()
        );
    }
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
