//! `evenhand check`: the files that it leaves, and what the runner of a workflow gets.

use crate::check::room;
use crate::harness::Room;

#[test]
fn all_formats_come_from_one_run_and_are_the_same_every_time() {
    let room = room();
    let outs = [
        "junit.xml",
        "gitlab.json",
        "sarif.json",
        "summary.md",
        "metrics.txt",
        "badge.svg",
        "badge.json",
        "gate=whole.json",
        "junit=j.txt",
        "openmetrics=o.prom",
        "report.html",
        "audit.json",
        "notes.md",
    ];
    let mut args = vec!["check", "worse.csv", "--baseline", "fair.json"];
    args.extend(outs.iter().flat_map(|out| ["--out", out]));
    let first = room.run(&args);
    assert_eq!(first.status, 1, "{}", first.stderr);
    let written = || outs.map(|out| room.read(out.split_once('=').map_or(out, |(_, path)| path)));
    let files = written();
    assert!(files.iter().all(|text| !text.is_empty()));
    assert_eq!(files[0], files[8]);
    assert_eq!(files[4], files[9]);
    assert_ne!(
        files[3], files[12],
        "summary.md is the gate's, any other .md the report"
    );
    let gate: serde_json::Value = serde_json::from_str(&files[7]).unwrap();
    let audit: serde_json::Value = serde_json::from_str(&files[11]).unwrap();
    assert_eq!(gate["verdict"], "fail");
    assert_eq!(gate["changes"]["changes"][0]["outcome"], "worse");
    assert_eq!(gate["audit"], audit);
    assert_eq!(audit["verdict"], "pass", "the bound itself is met");
    let second = room.run(&args);
    assert_eq!((second.stdout, written()), (first.stdout, files));
}

#[test]
fn a_workflow_gets_its_summary_outputs_and_annotations() {
    let room = room();
    room.write("summary.md", "before\n");
    let run = |under_actions: bool, args: &[&str]| {
        let mut command = room.command(args);
        if under_actions {
            command.env("GITHUB_ACTIONS", "true");
        }
        command.env("GITHUB_STEP_SUMMARY", "summary.md");
        command.env("GITHUB_OUTPUT", "no/such/outputs");
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (status, stdout, stderr) = run(true, &["check", "unfair.csv"]);
    assert_eq!(status, Some(1));
    assert!(stdout.contains("\n::error file=evenhand.toml,line="), "{stdout}");
    assert!(
        stderr.contains("warning: nothing could be added to `no/such/outputs`"),
        "{stderr}"
    );
    let summary = room.read("summary.md");
    assert!(summary.starts_with("before\n") && summary.contains("FAIL"), "{summary}");
    // A document stays one document.
    let (_, stdout, stderr) = run(true, &["check", "unfair.csv", "--format", "json"]);
    serde_json::from_str::<serde_json::Value>(&stdout).unwrap();
    assert!(stderr.contains("::error"), "{stderr}");
    let (_, stdout, _) = run(false, &["check", "unfair.csv"]);
    assert!(!stdout.contains("::error"), "{stdout}");
    assert_eq!(room.read("summary.md").matches("before").count(), 1);
    assert_eq!(room.read("summary.md").matches("FAIL").count(), 3);
}

#[test]
fn names_give_the_runner_no_command() {
    let room = Room::new();
    let names = [
        "::error::x",
        " ::warning file=a::y",
        "##[error]z",
        "\u{1b}[31m::stop-commands::t",
        "::set-output name=a::b",
    ];
    let mut rows = "sex,hired\n".to_owned();
    for (at, name) in names.iter().enumerate() {
        rows.push_str(&format!("\"{name}\",yes\n").repeat(20 + 30 * at));
        rows.push_str(&format!("\"{name}\",no\n").repeat(200 - 30 * at));
    }
    room.write("a.csv", rows);
    room.write("evenhand.toml", "[[check]]\ncriterion = \"disparate-impact\"\n");
    let commands = |text: &str| -> Vec<String> {
        let acts = |line: &&str| line.trim_start().starts_with("::") || line.contains("##[");
        text.lines().filter(acts).map(str::to_owned).collect()
    };
    for format in ["table", "markdown", "json"] {
        for command in ["check", "audit"] {
            let args = [command, "a.csv", "--policy", "evenhand.toml", "--format", format];
            let mut command = room.command(&args);
            let output = command.env("GITHUB_ACTIONS", "true").output().unwrap();
            assert_eq!(output.status.code(), Some(1), "{args:?}");
            let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
            assert!(stdout.contains("stop-commands"), "the names are printed: {stdout}");
            let given = commands(&(stdout + &stderr));
            let (own, others): (Vec<_>, Vec<_>) = given.into_iter().partition(|line| {
                let of = |start: &str| line.starts_with(&format!("::{start},title="));
                of("error file=evenhand.toml,line=2")
                    || of("warning file=evenhand.toml,line=2")
                    || of("notice file=evenhand.toml,line=1")
            });
            assert_eq!(others, Vec::<String>::new(), "{args:?}");
            assert_eq!(own.is_empty(), args[0] == "audit", "{args:?}");
        }
    }
}
