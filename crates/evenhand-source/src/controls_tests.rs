//! Tests of controls, and of what folders and other names say of columns beside decisions.

use std::path::PathBuf;

use evenhand_measure::tally::{Axis, Coding, NumberRole, Tally};
use evenhand_measure::{Fault, Policy};
use tempfile::TempDir;

use super::*;
use crate::plan::{NumberUse, Slot};
use crate::tally::tally;

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.roles.protected = vec!["sex".into()];
    policy.roles.amount = Some("price".into());
    policy
}

fn files(folder: &TempDir, texts: &[(&str, &str)]) -> Vec<PathBuf> {
    let written = texts.iter().map(|(name, text)| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    });
    written.collect()
}

/// What the control `c` of these files is settled as.
fn settled(texts: &[&str], change: impl Fn(&mut Policy)) -> Purpose {
    let mut policy = policy();
    policy.roles.controls = vec!["c".into()];
    change(&mut policy);
    let plan = Plan::from_policy(&policy).unwrap();
    let values: Vec<&str> = texts.iter().flat_map(|text| text.split(' ')).collect();
    let plan = plan.settled("here", |plan| {
        let mut coder = crate::Coder::new(&plan.slots[0], &plan.texts);
        let mut batch = crate::Batch::new(plan);
        for value in &values {
            batch.columns[0].push(coder.text(value.as_bytes()).unwrap());
        }
        batch.rows = values.len();
        let mut counter = crate::Counter::new(plan);
        counter.add(&batch).unwrap();
        Ok(counter.finish(vec![coder]).unwrap())
    });
    let slots = plan.unwrap().slots;
    slots.into_iter().find(|slot| slot.column == "c").unwrap().purpose
}

#[test]
fn a_control_is_a_number_if_all_its_values_are() {
    let number = Purpose::Number(NumberUse::Control);
    let word = Purpose::Key(Axis::Control, Coding::AsWritten);
    let as_it_is = |_: &mut Policy| ();
    assert_eq!(settled(&["1 2.5  -3e4 NaN 007"], as_it_is), number);
    assert_eq!(settled(&["", " "], as_it_is), number, "nothing says that it is a word");
    assert_eq!(settled(&["1 2 b"], as_it_is), word);
    assert_eq!(settled(&["true"], as_it_is), word);
    assert_eq!(settled(&["1,5 2"], as_it_is), word, "a comma that nobody spoke of");
    assert_eq!(
        settled(&["1 inf"], as_it_is),
        number,
        "refused as the number that it is"
    );
    let comma = |policy: &mut Policy| policy.data.decimal = Some(evenhand_measure::policy::Decimal::Comma);
    assert_eq!(settled(&["1,5 2"], comma), number);
    let missing = |policy: &mut Policy| policy.values.missing = vec!["none".into()];
    assert_eq!(settled(&["1 none"], missing), number);
    let named = |policy: &mut Policy| {
        let names = [("1".to_owned(), "north".to_owned())].into();
        policy.values.map.insert("c".into(), names);
    };
    assert_eq!(settled(&["1 2"], named), word, "codes with a name are words");
}

#[test]
fn the_last_row_of_the_last_file_may_make_a_control_a_word() {
    let folder = TempDir::new().unwrap();
    let paths = files(
        &folder,
        &[
            ("a.csv", "sex,price,c\nf,1,7\nm,2,8\n"),
            ("b.csv", "sex,price,c\nf,3,9\nm,4,x\n"),
        ],
    );
    let mut policy = policy();
    policy.roles.controls = vec!["c".into()];
    // As a number, `x` would be refused.
    let whole = tally(&paths, &policy, &()).unwrap();
    assert_eq!(whole.rows(), 4);
    assert_eq!(
        whole.decisions.position(Axis::Control, "c"),
        None,
        "decisions are not split by controls"
    );
}

#[test]
fn folders_give_groups_and_controls_to_amounts() {
    let folder = TempDir::new().unwrap();
    let parted = files(
        &folder,
        &[
            ("sex=f/price=2.5/a.csv", "id\n1\n2\n"),
            ("sex=m/price=4/a.csv", "id\n3\n"),
        ],
    );
    let whole = files(&folder, &[("whole.csv", "id,sex,price\n1,f,2.5\n2,f,2.5\n3,m,4\n")]);
    let one = tally(&parted, &policy(), &()).unwrap();
    assert_eq!(one.to_json(), tally(&whole, &policy(), &()).unwrap().to_json());
    assert_eq!(one.numbers(NumberRole::Amount).unwrap().rows(), 3);

    let odd = files(&folder, &[("sex=f/price=dear/a.csv", "id\n1\n")]);
    let problems = tally(&odd, &policy(), &()).unwrap_err();
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}")
    };
    assert!(problem.message.contains("in the name of a folder") && problem.message.contains("`dear` is not a number"));
}

#[test]
fn attributes_of_a_side_are_read_from_the_plain_column() {
    let folder = TempDir::new().unwrap();
    let mut policy = policy();
    policy.roles.protected = vec!["user.sex".into()];
    policy
        .values
        .map
        .insert("user.sex".into(), [("w".to_owned(), "f".to_owned())].into());
    let dimension = |tally: &Tally| tally.decisions.dimensions()[0].clone();

    let plain = files(&folder, &[("plain.csv", "sex,price\nf,1\nw,2\nm,3\n")]);
    let plain = dimension(&tally(&plain, &policy, &()).unwrap());
    assert_eq!((plain.column.as_str(), plain.levels.len()), ("user.sex", 2));
    let both = files(&folder, &[("both.csv", "sex,user.sex,price\nx,f,1\ny,w,2\nz,m,3\n")]);
    assert_eq!(dimension(&tally(&both, &policy, &()).unwrap()), plain);

    policy.roles.protected.push("item.sex".into());
    let one = files(&folder, &[("plain.csv", "sex,price\nf,1\n")]);
    let problems = tally(&one, &policy, &()).unwrap_err();
    assert!(problems[0].message.contains("`sex` is given twice"), "{problems:?}");
}

#[test]
fn a_saved_tally_says_what_it_does_not_hold() {
    let folder = TempDir::new().unwrap();
    let rows = files(&folder, &[("a.csv", "sex,price\nf,1\nm,2\n")]);
    let saved = folder.path().join("a.tally.json");
    std::fs::write(&saved, tally(&rows, &policy(), &()).unwrap().to_json()).unwrap();
    let saved = [saved];
    assert!(tally(&saved, &policy(), &()).is_ok());
    let mut other = policy();
    other.roles.amount = Some("cost".into());
    other.roles.controls = vec!["km".into()];
    other.roles.list = Some("list".into());
    other.roles.score = Some("s".into());
    let problems = tally(&saved, &other, &()).unwrap_err();
    let said: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
    for role in ["`cost` (amount)", "`km` (controls)", "`list` (list)", "`s` (score)"] {
        assert!(said.iter().any(|said| said.contains(role)), "{role}: {said:?}");
    }
    // Rows that were changed by hand no longer add up.
    let text = std::fs::read_to_string(&saved[0]).unwrap();
    std::fs::write(
        &saved[0],
        text.replacen("{\"from\":1.0,\"n\":1}", "{\"from\":1.0,\"n\":2}", 1),
    )
    .unwrap();
    let problems = tally(&saved, &policy(), &()).unwrap_err();
    assert!(problems[0].message.contains("contradicts itself"), "{problems:?}");
}

#[test]
fn what_cannot_be_asked_together_is_said() {
    let said = |change: &dyn Fn(&mut Policy)| -> Vec<String> {
        let mut policy = policy();
        change(&mut policy);
        let problems = Plan::from_policy(&policy).err().unwrap_or_default();
        assert!(problems.iter().all(|problem| problem.fault == Fault::Usage));
        problems.into_iter().map(|problem| problem.message).collect()
    };
    assert_eq!(said(&|_| ()), Vec::<String>::new(), "an amount needs no decision");
    let weighted = said(&|policy| policy.roles.weight = Some("w".into()));
    assert_eq!(
        weighted,
        ["measures of amounts know no weights yet, and `w` is given as the weight"]
    );
    let lonely = said(&|policy| {
        policy.roles.amount = None;
        policy.roles.score = Some("s".into());
        policy.roles.controls = vec!["c".into()];
        policy.roles.rank = Some("r".into());
    });
    assert_eq!(
        lonely,
        [
            "`c` (controls) says nothing without `--amount`",
            "`r` (rank) says nothing without `--list`"
        ]
    );
    let nothing = said(&|policy| policy.roles.amount = None);
    assert!(
        nothing[0].contains("no column is given that holds the decision"),
        "{nothing:?}"
    );
    let lists = said(&|policy| {
        policy.roles.list = Some("l".into());
        policy.roles.count = Some("n".into());
    });
    assert_eq!(lists.len(), 2, "{lists:?}");
}

#[test]
fn a_weighted_score_with_a_threshold_is_decided_on_and_not_measured() {
    let mut policy = policy();
    policy.roles.amount = None;
    policy.roles.score = Some("s".into());
    policy.roles.threshold = Some(0.5.into());
    let scored = |policy: &Policy| {
        let plan = Plan::from_policy(policy).unwrap();
        plan.place(&Purpose::Number(NumberUse::Score)).is_some()
    };
    assert!(scored(&policy));
    policy.roles.weight = Some("w".into());
    assert!(!scored(&policy));
    policy.roles.threshold = None;
    assert!(
        Plan::from_policy(&policy).unwrap_err()[0]
            .message
            .contains("scores know no weights")
    );
}

#[test]
fn the_unit_that_repeats_is_the_user_or_the_list() {
    let mut policy = policy();
    policy.roles.list = Some("l".into());
    policy.roles.item = Some("i".into());
    let unit = |policy: &Policy| -> Vec<String> {
        let slots = Plan::from_policy(policy).unwrap().slots;
        let is_unit = |slot: &Slot| slot.purpose == Purpose::Key(Axis::Bucket, Coding::Buckets);
        slots.into_iter().filter(is_unit).map(|slot| slot.column).collect()
    };
    assert_eq!(unit(&policy), ["l"]);
    policy.roles.user = Some("u".into());
    assert_eq!(unit(&policy), ["u"]);
    policy.roles.cluster = Some("c".into());
    assert_eq!(unit(&policy), ["c"]);
}
