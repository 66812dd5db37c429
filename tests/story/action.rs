//! The scripts that fetch and run the command where it is not installed: what they take, and what they refuse.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::repository;

const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A release that lies in a folder: an archive as they are released, with its sum beside it.
struct Release(TempDir);

impl Release {
    /// The command in it is a script.
    fn of(program: &str) -> Self {
        let room = tempfile::tempdir().unwrap();
        let name = format!("evenhand-cli-{TARGET}");
        let folder = room.path().join("v0.1.0");
        std::fs::create_dir_all(folder.join(&name)).unwrap();
        std::fs::write(folder.join(&name).join("evenhand"), program).unwrap();
        std::fs::write(folder.join(&name).join("README.md"), "read me").unwrap();
        let packed = bash(
            &folder,
            &[],
            &format!("tar -cJf {name}.tar.xz {name} && sha256sum {name}.tar.xz >{name}.tar.xz.sha256"),
        );
        assert!(packed.status.success(), "{packed:?}");
        Self(room)
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.0
            .path()
            .join(format!("v0.1.0/evenhand-cli-{TARGET}.tar.xz{ending}"))
    }

    fn sum(&self) -> String {
        let line = std::fs::read_to_string(self.file(".sha256")).unwrap();
        line.split(' ').next().unwrap().to_owned()
    }

    /// What `install.sh` does with it and these further settings.
    fn install(&self, settings: &[(&str, &str)]) -> Output {
        let releases = format!("file://{}", self.0.path().display());
        let cache = self.cache().display().to_string();
        let mut all = vec![
            ("EVENHAND_RELEASES", releases.as_str()),
            ("EVENHAND_CACHE", cache.as_str()),
            ("EVENHAND_TARGET", TARGET),
        ];
        all.extend(settings);
        bash(self.0.path(), &all, &script("install.sh"))
    }

    fn cache(&self) -> PathBuf {
        self.0.path().join("cache")
    }
}

fn script(name: &str) -> String {
    format!("'{}'", repository("action").join(name).display())
}

fn bash(folder: &Path, settings: &[(&str, &str)], line: &str) -> Output {
    let mut command = Command::new("bash");
    for name in ["EVENHAND_VERSION", "EVENHAND_SHA256", "GITHUB_OUTPUT"] {
        command.env_remove(name);
    }
    command
        .args(["--norc", "-c", line])
        .envs(settings.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap().trim().to_owned()
}

#[test]
fn a_release_is_fetched_checked_and_kept() {
    let release = Release::of("#!/bin/sh\necho it runs\n");
    let first = release.install(&[]);
    assert!(first.status.success(), "{first:?}");
    let program = Path::new(&stdout(&first)).join("evenhand");
    assert_eq!(stdout(&Command::new(&program).output().unwrap()), "it runs");
    // The second time nothing is fetched.
    std::fs::remove_file(release.file("")).unwrap();
    let second = release.install(&[]);
    assert_eq!(stdout(&first), stdout(&second));
    // Nothing half-fetched stays behind.
    assert_eq!(std::fs::read_dir(release.cache()).unwrap().count(), 1);
}

#[test]
fn what_is_not_as_released_is_never_run() {
    let other = "0".repeat(64);
    type Spoil = fn(&Release);
    type Settings<'a> = Vec<(&'a str, &'a str)>;
    let cases: [(&str, Spoil, Settings<'_>, &str); 7] = [
        (
            "an archive that was changed",
            |release| std::fs::write(release.file(""), "something else").unwrap(),
            vec![],
            "is not what was released",
        ),
        (
            "another sum than the pinned one",
            |_| (),
            vec![("EVENHAND_SHA256", &other)],
            "is not what was released",
        ),
        (
            "no sum",
            |release| std::fs::remove_file(release.file(".sha256")).unwrap(),
            vec![],
            "cannot be fetched",
        ),
        (
            "an empty sum",
            |release| std::fs::write(release.file(".sha256"), "").unwrap(),
            vec![],
            "is no SHA-256",
        ),
        (
            "a pinned sum that is none",
            |_| (),
            vec![("EVENHAND_SHA256", "deadbeef")],
            "is no SHA-256",
        ),
        (
            "a version that is not there",
            |_| (),
            vec![("EVENHAND_VERSION", "0.2.0")],
            "cannot be fetched",
        ),
        (
            "a version that is none",
            |_| (),
            vec![("EVENHAND_VERSION", "../../x")],
            "is no version",
        ),
    ];
    for (name, spoil, settings, says) in cases {
        let release = Release::of("#!/bin/sh\n");
        spoil(&release);
        let output = release.install(&settings);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{name}: {output:?}");
        assert!(errors.contains(says) && errors.contains("help: "), "{name}: {errors}");
        assert!(stdout(&output).is_empty(), "{name}: {output:?}");
        let kept = std::fs::read_dir(release.cache()).map_or(0, Iterator::count);
        assert_eq!(kept, 0, "{name}: something was kept");
    }
}

#[test]
fn a_binary_fetched_without_a_pin_is_not_taken_for_a_pinned_one() {
    let release = Release::of("#!/bin/sh\n");
    assert!(release.install(&[]).status.success());
    let wrong = release.install(&[("EVENHAND_SHA256", &"1".repeat(64))]);
    assert_eq!(wrong.status.code(), Some(3), "{wrong:?}");
    let right = release.install(&[("EVENHAND_SHA256", &release.sum())]);
    assert!(right.status.success(), "{right:?}");
}

/// Runs `check.sh` with a command that writes down its arguments and ends with `status`.
fn check(status: i32, settings: &[(&str, &str)]) -> (Vec<String>, Vec<String>, Option<i32>) {
    let room = tempfile::tempdir().unwrap();
    let program = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >arguments\n: >report.html\nexit {status}\n");
    std::fs::write(room.path().join("evenhand"), program).unwrap();
    let line = format!(
        "chmod +x evenhand && PATH=$PWD:$PATH && GITHUB_OUTPUT=$PWD/outputs && export GITHUB_OUTPUT && {}",
        script("check.sh")
    );
    let output = bash(room.path(), settings, &line);
    let lines = |name: &str| -> Vec<String> {
        let text = std::fs::read_to_string(room.path().join(name)).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    assert!(!room.path().join("pwned").exists(), "a shell read what it should not");
    (lines("arguments"), lines("outputs"), output.status.code())
}

#[test]
fn inputs_become_arguments_and_no_shell_reads_them() {
    let (arguments, outputs, status) = check(
        1,
        &[
            ("INPUT_POLICY", "a policy.toml"),
            ("INPUT_BASELINE", "$(touch pwned)"),
            ("INPUT_REPORT", "report.html"),
            ("INPUT_ARGS", "--out=junit.xml\n\n  \n--map=sex=F:`touch pwned`\r\n"),
            ("INPUT_FILES", "one file.csv\n*.csv\n--exit-zero"),
        ],
    );
    let expected = [
        "check",
        "--policy=a policy.toml",
        "--baseline=$(touch pwned)",
        "--out=report.html",
        "--out=junit.xml",
        "--map=sex=F:`touch pwned`",
        "--",
        "one file.csv",
        "*.csv",
        "--exit-zero",
    ];
    assert_eq!(arguments, expected);
    assert_eq!(outputs, ["status=1", "report=report.html"]);
    assert_eq!(status, Some(1));
}

#[test]
fn without_inputs_the_policy_says_everything() {
    for ends in 0..=4 {
        let (arguments, outputs, status) = check(ends, &[]);
        assert_eq!(arguments, ["check"]);
        assert_eq!(outputs, [format!("status={ends}")]);
        assert_eq!(status, Some(ends));
    }
}

#[test]
fn a_report_that_is_not_there_is_not_named() {
    let (_, outputs, _) = check(3, &[("INPUT_REPORT", "other.html")]);
    assert_eq!(outputs, ["status=3"]);
    let (_, outputs, _) = check(0, &[("INPUT_REPORT", "html=report.html")]);
    assert_eq!(outputs, ["status=0", "report=report.html"]);
    let (_, outputs, _) = check(0, &[("INPUT_REPORT", "report.html\nverdict=pass")]);
    assert_eq!(outputs, ["status=0"]);
}

/// The hook fetches from the repository that it was taken from, and hands its arguments on.
#[test]
fn the_hook_checks_with_what_it_fetched() {
    let release = Release::of("#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 4\n");
    let releases = format!("file://{}", release.0.path().display());
    let cache = release.cache().display().to_string();
    let settings = [
        ("EVENHAND_RELEASES", releases.as_str()),
        ("EVENHAND_CACHE", cache.as_str()),
        ("EVENHAND_TARGET", TARGET),
    ];
    let line = format!("{} --policy 'a policy.toml'", script("pre-commit.sh"));
    let output = bash(release.0.path(), &settings, &line);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert_eq!(stdout(&output), "check\n--policy\na policy.toml");
}
