//! Files that are written, pipes that close, devices.

use std::io::Read;
use std::process::Stdio;

use crate::harness::{Room, case, check, repository, unequal};

#[test]
fn what_cannot_be_written_is_said_before_anything_is() {
    let out = |name, out: &str| {
        case(name, "audit a.csv --out ok.json --out", 2)
            .arg(out)
            .file("a.csv", unequal())
    };
    check(&[
        out("no folder", "no/such/x.json")
            .says(&["`no/such/x.json` cannot be written", "there is no folder `no/such`"]),
        out("path through a file", "a.csv/x.json").says(&["`a.csv` is no folder", "choose a folder"]),
        out("a folder", "json=.").says(&["`.` cannot be written: it is a folder", "name a file in it"]),
        out("where nobody may write", "/proc/x.json").says(&["`/proc/x.json` cannot be written"]),
        out("unknown ending", "x.foo").says(&["`--out x.foo` does not say what to write", ".svg", "KIND=PATH"]),
        out("no ending", "x").says(&["does not say what to write"]),
        out("unknown kind", "magic=x.json").says(&["does not say what to write"]),
        out("no path", "json=").says(&["does not say what to write"]),
        out("nothing", "").says(&["does not say what to write"]),
        out("picture in JSON", "rates=x.json").says(&["pictures end in .svg or .png"]),
        out("twice", "ok.json").says(&["`ok.json` is to be written twice", "a path of its own"]),
        out("twice by another name", "json=./ok.json").says(&["is to be written twice"]),
        out("tables that nobody computes", "publication=x.csv").says(&["the policy computes none", "--preset ll144"]),
        out("onto the input", "json=a.csv").says(&["`a.csv` is read, and would be written over"]),
        case("onto the policy", "audit a.csv --policy p.toml --out table=./p.toml", 2)
            .file("a.csv", unequal())
            .file("p.toml", "")
            .says(&["is read, and would be written over"]),
        case("bad input", "audit b.csv --out ok.json", 3).says(&["`b.csv` does not exist"]),
    ]);
}

#[test]
fn every_kind_is_written_whole() {
    let room = Room::new();
    room.write("a.csv", unequal());
    room.write("old.json", "old");
    let outs = [
        "t.txt",
        "m.md",
        "old.json",
        "p.svg",
        "p.png",
        "rates=r.svg",
        "forest=f.png",
        "table=any.thing",
    ];
    let mut args = vec!["audit", "a.csv", "--format", "json"];
    args.extend(outs.iter().flat_map(|out| ["--out", out]));
    let ran = room.run(&args);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(
        room.read("old.json"),
        ran.stdout,
        "JSON in a file and on the screen are the same"
    );
    assert!(room.read("any.thing").starts_with("FAIL"));
    assert!(room.read("t.txt").starts_with("Bias audit of ") && room.read("t.txt").contains("\nFAIL: "));
    assert!(room.read("m.md").starts_with("# "));
    assert!(room.read("p.svg").contains("<svg") && room.read("r.svg").contains("<svg"));
    for picture in ["p.png", "f.png"] {
        assert!(std::fs::read(room.path(picture)).unwrap().starts_with(b"\x89PNG"));
    }
    assert_eq!(
        std::fs::read_dir(room.path(".")).unwrap().count(),
        1 + outs.len(),
        "no temporary file stays"
    );
}

#[test]
fn tables_for_publication_are_written() {
    let room = Room::new();
    let fixture = repository("fixtures/dcwp-example-2.csv");
    let mut args = vec!["audit", fixture.to_str().unwrap(), "--preset", "ll144", "--protected"];
    args.extend([
        "sex,race_ethnicity",
        "--out",
        "publication=p.csv",
        "--out",
        "tests=t.csv",
    ]);
    let ran = room.run(&args);
    assert_eq!(ran.status, 4, "{}", ran.stderr);
    let table = room.read("p.csv");
    assert_eq!(table.lines().count(), 1 + 2 + 7 + 14);
    assert!(table.contains("sex,Female,selection,76,34,0.4473684210526316,0.8231578947368421,false,"));
    assert!(table.contains("sex + race_ethnicity,Male + Hispanic or Latino,selection,16,12,0.75,1,true,"));
    assert!(room.read("t.csv").starts_with("test,rate,"));
}

#[test]
fn a_closed_pipe_keeps_the_status_of_the_verdict() {
    let room = Room::new();
    room.write("a.csv", unequal());
    room.write("b.csv", "sex,hired\nM,yes\nM,no\n");
    for (args, status) in [
        (["audit", "a.csv", "--format", "json"].as_slice(), 1),
        (&["audit", "a.csv", "--detail"], 1),
        (&["audit", "b.csv"], 4),
        (&["audit", "a.csv", "--exit-zero"], 0),
        (&["list"], 0),
        (&["schema", "audit"], 0),
        (&["--help"], 0),
        (&["audit", "missing.csv"], 3),
    ] {
        let mut child = room
            .command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(status), "{args:?}: {said}");
        assert!(!said.contains("panicked"), "{said}");
        // Nobody listens on either stream.
        let mut child = room
            .command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), Some(status), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn devices_are_written_into_and_links_stay_links() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    let room = Room::new();
    room.write("a.csv", unequal());
    let is_null = || std::fs::metadata("/dev/null").unwrap().file_type().is_char_device();
    assert!(is_null());
    let ran = room.run(&["audit", "a.csv", "--out", "json=/dev/null", "--quiet"]);
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert!(is_null(), "the device is still one");

    let ran = room.run(&["audit", "a.csv", "--out", "json=/dev/stdout", "--quiet"]);
    assert!(
        ran.status == 1 && ran.stdout.starts_with('{') && ran.stdout.contains("\nFAIL"),
        "{}",
        ran.stdout
    );

    let made = std::process::Command::new("mkfifo").arg(room.path("pipe")).status();
    if made.is_ok_and(|status| status.success()) {
        let mut child = room
            .command(&["audit", "a.csv", "-q", "--out", "markdown=pipe"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        assert!(room.read("pipe").starts_with("# "));
        assert_eq!(child.wait().unwrap().code(), Some(1));
        assert!(std::fs::metadata(room.path("pipe")).unwrap().file_type().is_fifo());
    }

    room.write("real.json", "old");
    std::fs::set_permissions(room.path("real.json"), PermissionsExt::from_mode(0o600)).unwrap();
    symlink(room.path("real.json"), room.path("link.json")).unwrap();
    assert_eq!(room.run(&["audit", "a.csv", "--out", "link.json"]).status, 1);
    assert!(room.path("link.json").is_symlink() && room.read("real.json").starts_with('{'));
    let mode = std::fs::metadata(room.path("real.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "a private file stays private");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let room = Room::new();
    room.write("a.csv", unequal());
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = room.command(&["audit", "a.csv"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("standard output cannot be written"));
    assert_eq!(room.run(&["audit", "a.csv", "--out", "json=/dev/full"]).status, 2);
}
