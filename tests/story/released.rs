//! What is released is named in several files. They have to agree, or users fetch what is not there.

use std::collections::BTreeSet;

use crate::read;

fn parsed(path: &str) -> toml::Table {
    read(path).parse().unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_version_is_the_same_everywhere() {
    let version = parsed("Cargo.toml")["workspace"]["package"]["version"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    for (path, before) in [
        (
            "action.yml",
            "  version:\n    description: The version of evenhand.\n    required: false\n    default: ",
        ),
        ("action/install.sh", "version=${EVENHAND_VERSION:-"),
    ] {
        let text = read(path);
        let (_, after) = text
            .split_once(before)
            .unwrap_or_else(|| panic!("{path} has no version"));
        assert!(after.starts_with(&version), "{path} has another version than {version}");
    }
    // Recipes name the version by its tag or in a variable.
    let page = read("docs/ci.md");
    let named: BTreeSet<&str> = page
        .split(|c: char| c.is_whitespace() || "\"'`@/".contains(c))
        .map(|word| word.trim_start_matches('v'))
        .filter(|word| word.split('.').count() == 3 && word.split('.').all(|part| part.parse::<u32>().is_ok()))
        .collect();
    assert_eq!(named, BTreeSet::from([version.as_str()]), "docs/ci.md");
}

#[test]
fn every_platform_of_a_release_can_be_fetched() {
    let dist = parsed("dist-workspace.toml");
    let targets: BTreeSet<&str> = dist["dist"]["targets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|target| target.as_str().unwrap())
        .collect();
    let install = read("action/install.sh");
    let fetched: BTreeSet<&str> = install
        .lines()
        .filter_map(|line| line.split_once("EVENHAND_TARGET=")?.1.strip_suffix(" ;;"))
        .collect();
    assert_eq!(fetched, targets);
    let page = read("docs/release.md");
    for target in targets {
        assert!(page.contains(target), "docs/release.md does not name {target}");
    }
}

#[test]
fn releases_hold_reports_as_pdf_and_are_not_slow() {
    let dist = parsed("dist-workspace.toml");
    assert_eq!(dist["dist"]["features"].as_array().unwrap(), &["pdf".into()]);
    assert_eq!(
        parsed("Cargo.toml")["profile"]["dist"]["inherits"].as_str(),
        Some("release")
    );
    let tool = dist["dist"]["cargo-dist-version"].as_str().unwrap();
    let workflow = read(".github/workflows/release.yml");
    assert!(
        workflow.contains(&format!("/v{tool}/")),
        "the workflow was not written by dist {tool}"
    );
}

#[test]
fn whoever_publishes_is_named_the_same_everywhere() {
    let home = parsed("Cargo.toml")["workspace"]["package"]["repository"]
        .as_str()
        .unwrap()
        .to_owned();
    let name = home.strip_prefix("https://github.com/").unwrap();
    let page = read("docs/ci.md");
    assert!(page.contains(&format!("uses: {name}@")));
    assert!(page.contains(&format!("repo: {home}\n")));
    assert!(page.contains(&format!("{home}/releases/download")));
    let binstall = &parsed("crates/evenhand-cli/Cargo.toml")["package"]["metadata"]["binstall"];
    assert!(
        binstall["pkg-url"]
            .as_str()
            .unwrap()
            .starts_with("{ repo }/releases/download/v{ version }/")
    );
}
