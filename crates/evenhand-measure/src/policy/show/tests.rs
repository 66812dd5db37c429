use crate::policy::keys::KEYS;
use crate::policy::{Policy, parse, presets};

fn assert_round(policy: &Policy) {
    let text = policy.in_full();
    let read = parse("p.toml", &text).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"));
    assert_eq!(read, *policy, "{text}");
}

#[test]
fn in_full_it_is_the_same_policy() {
    assert_round(&Policy::default());
    for preset in presets() {
        assert_round(&preset.policy);
    }
    let odd = "preset = \"strict\"\n[data]\nfiles = ['a.csv']\n[[data.join]]\nfile = 'u.csv'\non = 'id'\n[values.map.'a b']\n\
        '\u{202e}' = 'x'\n[bins]\nage = [1, 2.5]\n'a.b' = 'quartiles'\n[lists.shares.region]\nNorth = 0.5\n'So uth' = 0.5\n\
        [inference.reference]\n'sex or gender' = 'F'\n[[check]]\ncriterion = 'four-fifths'\npass-mark = false\n[[check]]\n\
        criterion = 'statistical-parity'\nby = [['sex']]\njudge = 'point'\n[[waiver]]\ncheck = 'disparate-impact'\n\
        group = { 'the race' = \"O'Neil\" }\nreason = 'r'\nowner = 'o'\nexpires = 2027-01-01\n[baseline]\nfile = 'b.json'\n\
        [publication]\n[report]\nclient = 'c'\ndistribution-date = 2025-01-01\n[[report.section]]\ntitle = 't'\ntext = \"a\\nb\"\n";
    let mut policy = parse("p.toml", odd).unwrap();
    // The line of a waiver is where it stands.
    policy.waivers[0].line = 0;
    let mut read = parse("p.toml", &policy.in_full()).unwrap();
    read.waivers[0].line = 0;
    assert_eq!(read, policy, "{}", policy.in_full());
}

#[test]
fn every_key_is_named() {
    let text = Policy::default().in_full();
    for key in KEYS.iter().filter(|key| key.name != "*") {
        let is_of_none = ["data.join", "check", "waiver", "report.section", "publication"].contains(&key.section);
        assert!(is_of_none || text.contains(&format!("{} ", key.name)) || text.contains(&format!("{}:", key.name)));
    }
}
