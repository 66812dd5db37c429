//! Tests of the guesses, on the fixtures and on small files.

use std::path::Path;

use evenhand_measure::policy::Decimal;

use super::*;
use crate::profile::profile;

fn fixture(name: &str) -> (Policy, Vec<Guess>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name);
    let mut policy = Policy::default();
    let guesses = guess(&profile(&path).unwrap(), &mut policy);
    (policy, guesses)
}

fn file(text: &str) -> (Policy, Vec<Guess>) {
    file_with(text, Policy::default())
}

fn file_with(text: &str, mut policy: Policy) -> (Policy, Vec<Guess>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let guesses = guess(&profile(file.path()).unwrap(), &mut policy);
    (policy, guesses)
}

/// Role and column of the guesses that were not taken.
fn suggested(guesses: &[Guess]) -> Vec<(&str, &str)> {
    guesses
        .iter()
        .filter(|guess| !guess.is_taken())
        .map(|guess| (guess.role, guess.column.as_str()))
        .collect()
}

#[test]
fn berkeley() {
    let (policy, guesses) = fixture("berkeley.csv");
    assert_eq!(policy.roles.prediction.as_deref(), Some("decision"));
    assert_eq!(policy.roles.protected, ["gender"]);
    assert_eq!(policy.roles.count.as_deref(), Some("applicants"));
    assert_eq!(
        (policy.roles.label, policy.roles.cluster, policy.roles.weight),
        (None, None, None)
    );
    assert_eq!(suggested(&guesses), [("strata", "department")]);
}

#[test]
fn compas() {
    let (policy, guesses) = fixture("compas.csv");
    assert_eq!(policy.roles.prediction.as_deref(), Some("high_risk"));
    assert_eq!(policy.roles.label.as_deref(), Some("two_year_recid"));
    assert_eq!(policy.roles.protected, ["race", "sex", "age_cat"]);
    assert_eq!(policy.roles.count.as_deref(), Some("n"));
    assert_eq!(suggested(&guesses), []);
}

#[test]
fn dcwp() {
    let (policy, guesses) = fixture("dcwp-example-2.csv");
    assert_eq!(policy.roles.prediction.as_deref(), Some("above_median"));
    assert_eq!(policy.roles.protected, ["sex", "race_ethnicity"]);
    assert_eq!(
        (policy.roles.label, policy.roles.count, policy.roles.score),
        (None, None, None)
    );
    assert_eq!(suggested(&guesses), []);
}

#[test]
fn vendor_export() {
    let (policy, guesses) = fixture("vendor-export.csv");
    assert_eq!(policy.roles.prediction.as_deref(), Some("Recommended"));
    assert_eq!(policy.roles.label.as_deref(), Some("Purchased"));
    assert_eq!(policy.roles.protected, ["Region", "Gender", "Ethnicity"]);
    assert_eq!(
        (policy.roles.count, policy.roles.weight, policy.roles.cluster),
        (None, None, None)
    );
    let age = guesses.iter().find(|guess| guess.column == "Age").unwrap();
    assert!(age.flag.starts_with("--protected Age --bins Age="), "{}", age.flag);
    assert_eq!(
        suggested(&guesses),
        [("protected", "Age"), ("strata", "Campaign"), ("protected", "Language")]
    );
}

#[test]
fn several_decisions_are_all_suggested_and_none_is_taken() {
    let (policy, guesses) = file("sex,hired,interviewed,score\nf,yes,no,1.5\nm,no,yes,2\n");
    assert_eq!(policy.roles.prediction, None);
    assert_eq!(
        suggested(&guesses),
        [
            ("prediction", "hired"),
            ("prediction", "interviewed"),
            ("score", "score")
        ]
    );
}

#[test]
fn a_decision_with_other_words_needs_the_event() {
    let text = "sex,action taken\nf,Originated\nm,Denied by bank\nm,Withdrawn\n";
    let (policy, guesses) = file(text);
    assert_eq!(policy.roles.prediction, None);
    assert_eq!(guesses[0].flag, "--prediction 'action taken'");
    let mut policy = Policy::default();
    policy.values.positive = Some("Originated".to_owned());
    let (policy, _) = file_with(text, policy);
    assert_eq!(policy.roles.prediction.as_deref(), Some("action taken"));
}

#[test]
fn only_empty_roles_are_filled() {
    let mut policy = Policy::default();
    policy.roles.prediction = Some("offer".into());
    policy.roles.protected = vec!["town".into()];
    let (policy, guesses) = file_with("sex,town,hired,offer\nf,a,yes,no\nm,b,no,yes\n", policy);
    assert_eq!(policy.roles.protected, ["town"]);
    assert_eq!(guesses, []);
}

#[test]
fn a_label_is_binary_and_bins_make_groups() {
    let mut policy = Policy::default();
    policy.bins.insert("income".to_owned(), vec![1_000.0].into());
    let (policy, _) = file_with("income,hired,outcome\n10,yes,1\n2000,no,2\n3000,no,3\n", policy);
    assert_eq!(policy.roles.label, None);
    assert_eq!(policy.roles.protected, ["income"]);
}

#[test]
fn ids_repeat_to_be_clusters_and_keep_counts_from_being_taken() {
    let (policy, guesses) = file("customer_id,sex,hired,n\n1,f,yes,1\n1,m,no,2\n2,m,no,2\n");
    assert_eq!(policy.roles.count.as_deref(), Some("n"));
    assert_eq!(suggested(&guesses), [("cluster", "customer_id")]);
    let (policy, guesses) = file("order_id,sex,hired,n\n1,f,yes,1\n3,m,no,2\n2,m,no,2\n");
    assert_eq!(policy.roles.count, None);
    assert_eq!(suggested(&guesses), [("count", "n")]);
}

#[test]
fn crossed_columns_are_protected_beside_those_that_are_found() {
    let text = "sex,town,hired,age,outcome\nf,a,yes,31,1\nm,b,no,44,0\nf,b,yes,52,1\n";
    let mut policy = Policy::default();
    policy.roles.intersections = vec![vec!["town".to_owned(), "outcome".to_owned()]];
    let (policy, _) = file_with(text, policy);
    assert_eq!(policy.roles.protected, ["sex", "age", "town", "outcome"]);
    assert_eq!(policy.roles.label, None);
}

#[test]
fn a_decision_beside_a_named_one_is_suggested_for_the_label_and_not_taken() {
    let mut policy = Policy::default();
    policy.roles.prediction = Some("advice".into());
    let (policy, guesses) = file_with("sex,advice,outcome\nf,a,Approved\nm,b,Denied\n", policy);
    assert_eq!(policy.roles.label, None);
    assert_eq!(suggested(&guesses), [("label", "outcome")]);
}

#[test]
fn counts_under_other_names_are_pointed_out() {
    let rows = "N,f,yes,31\nN,f,no,40\nN,m,yes,35\nN,m,no,30\nS,f,yes,31\nS,f,no,77\n";
    let (policy, guesses) = file(&format!("area,sex,hired,befragte\n{rows}"));
    assert_eq!(policy.roles.count, None);
    let counts: Vec<&Guess> = guesses.iter().filter(|guess| guess.looks_like_counts).collect();
    assert_eq!((counts.len(), counts[0].flag.as_str()), (1, "--count befragte"));
    for name in ["volume", "size", "number of people", "headcount"] {
        let (policy, _) = file(&format!("area,sex,hired,{name}\n{rows}"));
        assert_eq!(policy.roles.count.as_deref(), Some(name));
    }
    // Beside the number of each person, it is a property of that person.
    let lines: String = rows
        .lines()
        .enumerate()
        .map(|(id, row)| format!("{id},{row}\n"))
        .collect();
    let (policy, guesses) = file(&format!("id,area,sex,hired,volume\n{lines}"));
    assert_eq!(policy.roles.count, None);
    assert!(guesses.iter().all(|guess| !guess.looks_like_counts));
}

#[test]
fn weights_are_taken_under_names_that_leave_no_doubt() {
    let (policy, guesses) = file("sex,hired,weight\nf,yes,71.5\nm,no,80\n");
    assert_eq!(policy.roles.weight, None);
    assert_eq!(suggested(&guesses), [("weight", "weight")]);
    let (policy, _) = file("sex,hired,sample_weight\nf,yes,1.5\nm,no,0.8\n");
    assert_eq!(policy.roles.weight.as_deref(), Some("sample_weight"));
}

#[test]
fn another_language_is_read_as_well() {
    let (policy, guesses) = file(
        "Kundennummer;Geschlecht;Alter;Kampagne;Empfehlung;gekauft;Punktzahl\n1;w;31;A;1;0;0,5\n2;m;64;B;0;1;0,75\n2;w;40;A;1;1;1\n",
    );
    assert_eq!(policy.roles.prediction.as_deref(), Some("Empfehlung"));
    assert_eq!(policy.roles.label.as_deref(), Some("gekauft"));
    assert_eq!(policy.roles.protected, ["Geschlecht", "Alter"]);
    assert_eq!(policy.data.decimal, Some(Decimal::Comma));
    assert_eq!(
        suggested(&guesses),
        [("cluster", "Kundennummer"), ("strata", "Kampagne")]
    );
    for (header, prediction, protected) in [
        ("sexe,décision", "décision", "sexe"),
        ("género,aprobado", "aprobado", "género"),
        ("Sesso,Approvato", "Approvato", "Sesso"),
        ("geslacht,goedgekeurd", "goedgekeurd", "geslacht"),
        ("Raça/Cor,Aprovação", "Aprovação", "Raça/Cor"),
    ] {
        let (policy, _) = file(&format!("{header}\na,1\nb,0\n"));
        assert_eq!(policy.roles.prediction.as_deref(), Some(prediction));
        assert_eq!(policy.roles.protected, [protected]);
    }
}

#[test]
fn numbers_with_commas_say_how_to_read_all() {
    let (policy, guesses) = file("sex;hired;sample_weight\nf;yes;1,5\nm;no;0,8\n");
    assert_eq!(policy.data.decimal, Some(Decimal::Comma));
    assert_eq!(policy.roles.weight.as_deref(), Some("sample_weight"));
    let decimal = guesses.iter().find(|guess| guess.role == "decimal").unwrap();
    assert_eq!((decimal.flag.as_str(), decimal.is_taken()), ("--decimal comma", true));
    assert!(decimal.reason.starts_with("`0,8` is"), "{}", decimal.reason);
    // Counts are whole, which decides what `1.200` is.
    let (policy, _) = file("Geschlecht;Entscheidung;Anzahl\nw;1;1.200\nw;0;950\nm;1;2.100\nm;0;3\n");
    assert_eq!(policy.data.decimal, Some(Decimal::Comma));
    assert_eq!(policy.roles.count.as_deref(), Some("Anzahl"));
    let (policy, _) = file("sex;hired;n\nf;1;\"1,200\"\nf;0;950\nm;1;\"2,100\"\nm;0;3\n");
    assert_eq!(policy.data.decimal, Some(Decimal::Point));
    assert_eq!(policy.roles.count.as_deref(), Some("n"));
    // Nothing is said where two columns contradict each other, or where points are plain.
    for text in [
        "sex;score;weight\nf;0,5;0.25\n",
        "sex;score\nf;0.5\n",
        "sex;remark\nf;0,5\n",
    ] {
        let mut policy = Policy::default();
        policy.roles.score = Some("score".into());
        policy.roles.weight = Some("weight".into());
        let (policy, _) = file_with(text, policy);
        assert_eq!(policy.data.decimal, None, "{text}");
    }
    let mut policy = Policy::default();
    policy.roles.rate = Some("quote".into());
    let (policy, _) = file_with("sex;quote\nf;31,5 %\nm;40 %\n", policy);
    assert_eq!(policy.data.decimal, Some(Decimal::Comma));
}

#[test]
fn missing_values_are_suggested_and_then_left_out() {
    let text = "sex,hired,dept,score\nf,yes,NA,1\nm,no,law,n/a\n";
    let mut policy = Policy::default();
    policy.roles.strata = vec!["dept".into()];
    let (_, guesses) = file_with(text, policy.clone());
    assert_eq!(suggested(&guesses), [("missing", "dept")]);
    assert_eq!(guesses.last().unwrap().flag, "--missing NA");
    policy.values.missing = vec!["NA".to_owned()];
    let (_, guesses) = file_with(text, policy);
    assert_eq!(suggested(&guesses), []);
    let (_, guesses) = file("region,hired\nNA,yes\nEU,no\n");
    assert!(
        guesses
            .iter()
            .any(|guess| guess.role == "missing" && guess.reason.contains("Namibia"))
    );
}

#[test]
fn lists_users_and_items_are_pointed_out() {
    let (_, guesses) = file("USER_ID,recommendedItems\n1,\"[\"\"a\"\",\"\"b\"\"]\"\n2,\"[\"\"c\"\"]\"\n");
    assert_eq!(suggested(&guesses), [("list", "recommendedItems"), ("user", "USER_ID")]);
    assert_eq!(guesses[0].flag, "--explode recommendedItems");
    assert_eq!(guesses[1].flag, "--users FILE --on USER_ID");
    let (_, guesses) = file("customer,recs\n1,a|b|c\n2,c|d\n");
    assert_eq!(guesses[0].flag, "--explode recs --separator '|'");
    let (_, guesses) = file("gender,rec_1,rec_2,rec_3\nf,a,b,c\nm,b,a,d\n");
    assert_eq!(guesses.last().unwrap().flag, "--explode 'rec_*'");
    let (_, guesses) = file("user_id,item_id,position,clicked\n1,a,1,0\n1,b,2,1\n2,a,1,1\n2,b,2,0\n");
    let flags: Vec<(&str, &str)> = guesses.iter().map(|guess| (guess.role, guess.flag.as_str())).collect();
    assert!(
        flags.contains(&("item", "--items FILE --items-on item_id")),
        "{flags:?}"
    );
    assert!(
        flags.contains(&("rank", "--rank position")) && flags.contains(&("list", "--list user_id")),
        "{flags:?}"
    );
    let (policy, _) = file("user_id,item_id,seller_region,position,hired\n1,a,N,1,yes\n2,a,N,1,no\n");
    assert_eq!(policy.roles.list.as_deref(), Some("user_id"));
    assert_eq!(policy.roles.item_side, ["seller_region"]);
    // Columns of a survey are no list.
    let (_, guesses) = file("sex,hired,answer_1,answer_2\nf,yes,a,b\nm,no,b,a\n");
    assert_eq!(suggested(&guesses), []);
}

#[test]
fn the_last_part_of_a_path_is_a_name() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        "person.region,hired,avg. region\nnorth,yes,x\nsouth,no,y\nnorth,no,x\n",
    )
    .unwrap();
    let mut policy = Policy::default();
    guess(&profile(file.path()).unwrap(), &mut policy);
    assert_eq!(policy.roles.protected, ["person.region"]);
}
