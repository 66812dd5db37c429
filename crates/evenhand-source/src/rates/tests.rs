use std::path::PathBuf;

use evenhand_measure::policy::Digits;
use evenhand_measure::tally::{Counts, Found, Tally};
use evenhand_measure::{Fault, Policy, Problem};

use crate::tally;

fn policy(protected: &[&str]) -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = protected.iter().map(|column| (*column).to_owned()).collect();
    policy.roles.count = Some("n".to_owned());
    policy.roles.rate = Some("rate".to_owned());
    policy
}

fn read(text: &str, policy: &Policy) -> Result<Tally, Vec<Problem>> {
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("a.csv");
    std::fs::write(&path, text).unwrap();
    tally(&[path], policy, &())
}

fn says(text: &str, policy: &Policy) -> String {
    let problems = read(text, policy).unwrap_err();
    let written = problems
        .iter()
        .map(|problem| format!("{}; {}", problem.message, problem.help));
    written.collect::<Vec<_>>().join("\n")
}

/// By levels of the group and the decision.
fn cells(tally: &Tally) -> Vec<(Vec<Option<&str>>, Counts)> {
    let dimensions = tally.decisions.dimensions();
    let text = |(key, counts): (&[u32], &Counts)| {
        let levels = key.iter().zip(dimensions);
        let levels = levels.map(|(&code, dimension)| dimension.levels[code as usize].text());
        (levels.collect(), counts.clone())
    };
    tally.decisions.cells().map(text).collect()
}

#[test]
fn records_become_counts_that_fit() {
    let tally = read("sex,n,rate\nF,200,31 %\nM,200,50.0%\nX,3,\n", &policy(&["sex"])).unwrap();
    let expected = [
        (vec![Some("F"), Some("no")], Counts::open(138, 137, 139)),
        (vec![Some("F"), Some("yes")], Counts::open(62, 61, 63)),
        (vec![Some("M"), Some("no")], Counts::of(100)),
        (vec![Some("M"), Some("yes")], Counts::of(100)),
        (vec![Some("X"), None], Counts::of(3)),
    ];
    assert_eq!(cells(&tally), expected);
    assert_eq!((tally.records, tally.rows()), (3, 403));
    assert_eq!(Tally::from_json(&tally.to_json()).unwrap(), tally);
    assert!(tally.readings.is_empty());
}

#[test]
fn figures_without_a_sign_are_percentages_when_one_is_above_one() {
    let policy = policy(&["sex"]);
    let bare = read("sex,n,rate\nF,200,31.5\nM,200,0.5\n", &policy).unwrap();
    let signed = read("sex,n,rate\nF,200,31.5 %\nM,200,0.5 %\n", &policy).unwrap();
    let shares = read("sex,n,rate\nF,200,\"0,315\"\nM,200,0.005\n", &policy).unwrap();
    assert_eq!(bare.decisions, signed.decisions);
    assert_eq!(shares.decisions, signed.decisions);
    assert_eq!((bare.readings[0].found, bare.readings[0].rows), (Found::BarePercent, 2));
    assert!(signed.readings.is_empty());
    let mixed = says("sex,n,rate\nF,200,31.5 %\nM,200,0.5\n", &policy);
    assert!(
        mixed.contains("not plain whether `0.5` is a share or percent"),
        "{mixed}"
    );
    let mut named = policy.clone();
    named.roles.rate = Some("rate_pct".to_owned());
    let named = says("sex,n,rate_pct\nF,200,0.3\nM,200,0.5\n", &named);
    assert!(named.contains("the column's name says"), "{named}");
}

#[test]
fn each_attribute_has_the_same_people() {
    let text = "race,sex,n,rate\n,F,200,0.315\n,M,200,0.5\nA,,300,0.4\nB,,100,0.43\n";
    let tally = read(text, &policy(&["sex", "race"])).unwrap();
    assert_eq!((tally.rows(), tally.counted(), tally.records), (400, 800, 4));
    let both = says(
        "race,sex,n,rate\nA,F,200,0.315\n,M,200,0.5\n",
        &policy(&["sex", "race"]),
    );
    assert!(
        both.contains("`race` = `A` and `sex` = `F`") && both.contains("several protected columns"),
        "{both}"
    );
    let none = says("race,sex,n,rate\n,,400,0.4\n,M,200,0.5\n", &policy(&["sex", "race"]));
    assert!(
        none.contains("none of the protected columns") && none.contains("--footer-rows 1"),
        "{none}"
    );
}

#[test]
fn what_is_no_table_of_rates_is_refused_with_its_group() {
    let of = |text: &str| says(&format!("sex,n,rate\n{text}M,200,0.5\n"), &policy(&["sex"]));
    for (text, expected) in [
        (
            "F,200,0.317\n",
            "the group `sex` = `F`: `rate` is `0.317`, and no whole number of 200 has this share",
        ),
        ("F,3,0.66\n", "say --digits truncated"),
        ("F,0,0.3\n", "the group has nobody"),
        ("F,,0.3\n", "the count is missing"),
        ("F,20.5,0.3\n", "`20.5` is not a whole number"),
        ("F,\"1,200\",0.3\n", "--decimal point for 1,000"),
        ("F,<10,0.3\n", "`<10` is not a number"),
        ("F,200,1.3 %%\n", "is no rate"),
        ("F,200,*\n", "say --missing"),
        ("F,200,-0.1\n", "is below 0"),
        ("F,200,0.315\nF,100,0.5\n", "it has several records"),
        ("F,200,0.315\nF,200,0.315\n", "evenhand merge"),
        (
            "F,200,0.315\nTotal,400,0.408\n",
            "`Total` is the sum of the other groups",
        ),
    ] {
        let said = of(text);
        assert!(said.contains(expected), "{text}: {said}");
    }
    let above = says("sex,n,rate\nF,200,131 %\nM,200,50 %\n", &policy(&["sex"]));
    assert!(above.contains("above 1, which is 100 %"), "{above}");
    assert!(says("sex,n,rate\nF,200,\nM,100,\n", &policy(&["sex"])).contains("everywhere else"));
    let suppressed = read("sex,n,rate\nF,200,*\nM,200,0.5\n", &{
        let mut policy = policy(&["sex"]);
        policy.values.missing = vec!["*".to_owned()];
        policy
    });
    assert_eq!(cells(&suppressed.unwrap())[0], (vec![Some("F"), None], Counts::of(200)));
}

#[test]
fn many_problems_are_counted_and_not_all_told() {
    let records: String = (0..30).map(|group| format!("g{group},0,0.5\n")).collect();
    let problems = read(&format!("sex,n,rate\n{records}"), &policy(&["sex"])).unwrap_err();
    assert_eq!(problems.len(), 3);
    assert!(
        problems[2].message.ends_with("(and 27 more like it)"),
        "{:?}",
        problems[2]
    );
}

#[test]
fn roles_that_rates_do_not_have_are_refused_before_reading() {
    let mut asked = policy(&["sex", "race"]);
    asked.roles.label = Some("y".to_owned());
    asked.roles.strata = vec!["shop".to_owned()];
    asked.roles.intersections = vec![vec!["sex".to_owned(), "race".to_owned()]];
    asked.roles.count = None;
    let problems = crate::Plan::from_policy(&asked).unwrap_err();
    assert_eq!(problems.len(), 4, "{problems:?}");
    assert!(problems.iter().all(|problem| problem.fault == Fault::Usage));
    let mut twice = policy(&["n"]);
    twice.roles.rate = Some("n".to_owned());
    let problems = crate::Plan::from_policy(&twice).unwrap_err();
    assert!(
        problems[0].message.contains("is given as protected and as rate"),
        "{problems:?}"
    );
}

#[test]
fn truncated_figures_are_read_when_that_is_said_and_kept_as_such() {
    let mut truncated = policy(&["sex"]);
    truncated.data.digits = Some(Digits::Truncated);
    let tally = read("sex,n,rate\nF,3,0.66\nM,200,0.5\n", &truncated).unwrap();
    assert_eq!(cells(&tally)[1], (vec![Some("F"), Some("yes")], Counts::of(2)));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.tally.json");
    std::fs::write(&path, tally.to_json()).unwrap();
    let again = |policy: &Policy| crate::tally(std::slice::from_ref(&path), policy, &());
    assert_eq!(again(&Policy::default()).unwrap(), tally);
    assert_eq!(again(&truncated).unwrap(), tally);
    let mut rounded = truncated.clone();
    rounded.data.digits = Some(Digits::Rounded);
    let problems = again(&rounded).unwrap_err();
    assert!(problems[0].message.contains("were taken as truncated"), "{problems:?}");
}

#[test]
fn a_total_among_counts_is_refused_and_a_group_of_that_name_is_not() {
    let mut counts = Policy::default();
    counts.roles.protected = vec!["sex".to_owned(), "race".to_owned()];
    counts.roles.prediction = Some("hired".to_owned());
    counts.roles.count = Some("n".to_owned());
    let table = |total: u64| {
        let rows = ["A,yes,1,2,3", "A,no,4,5,9", "B,yes,7,1,8", "B,no,2,2,4"];
        let mut text = "sex,race,hired,n\n".to_owned();
        for row in rows {
            let fields: Vec<&str> = row.split(',').collect();
            let all: u64 = fields[4].parse::<u64>().unwrap() + total;
            text.push_str(&format!("F,{},{},{}\n", fields[0], fields[1], fields[2]));
            text.push_str(&format!("M,{},{},{}\n", fields[0], fields[1], fields[3]));
            text.push_str(&format!("All,{},{},{all}\n", fields[0], fields[1]));
        }
        text
    };
    let said = says(&table(0), &counts);
    assert!(
        said.contains("column `sex`: `All` is the sum of the other groups"),
        "{said}"
    );
    assert_eq!(read(&table(1), &counts).unwrap().rows(), 24 + 28);
}
