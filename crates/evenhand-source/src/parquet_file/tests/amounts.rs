//! Weights, counts and scores in every type and encoding give the tally of the rows that were written.

use super::*;

#[test]
fn weights_counts_and_thresholds_of_every_type() {
    let rows = 6_000;
    let weights = [0.1, 1.0, -0.0, 2.5, 1e-20, 1e30];
    for nullable in [false, true] {
        let mut data = Data::sample(rows, nullable);
        data.columns.push((
            "double",
            Values::Double(
                (0..rows)
                    .map(|row| Some(weights[row % 6] * (1 + row / 6) as f64))
                    .collect(),
            ),
        ));
        data.columns.push((
            "float",
            Values::Float((0..rows).map(|row| Some((row % 1_001) as f32 / 1_000.0)).collect()),
        ));
        data.columns.push((
            "int",
            Values::Int64((0..rows).map(|row| Some(row as i64 % 900)).collect()),
        ));
        data.columns.push((
            "small",
            Values::Int32((0..rows).map(|row| Some(row as i32 % 5)).collect()),
        ));
        for dictionary in [false, true] {
            let properties = properties()
                .set_dictionary_enabled(dictionary)
                .set_data_page_row_count_limit(700)
                .build();
            let file = data.write(properties, 4_000, 333);
            let amounts = ["double", "float", "int", "small"];
            for score in amounts {
                for weight in amounts.into_iter().filter(|weight| *weight != score) {
                    let count = ["int", "small"]
                        .into_iter()
                        .find(|count| ![score, weight].contains(count));
                    let mut policy = Policy::default();
                    policy.roles.protected = ["sex", "state"].map(String::from).to_vec();
                    policy.roles.score = Some(score.into());
                    policy.roles.threshold = Some(0.7.into());
                    policy.roles.weight = Some(weight.into());
                    policy.roles.count = count.map(String::from);
                    let plan = Plan::from_policy(&policy).unwrap();
                    let partial = read(file.path(), &plan).unwrap();
                    assert_eq!(
                        partial.tally.to_json(),
                        data.coded(&plan).tally.to_json(),
                        "{score}, {weight}"
                    );
                }
            }
        }
    }
}

#[test]
fn sorted_rows_give_the_tally_of_the_same_rows() {
    let data = Data::sample(20_000, true);
    let mut sorted = data.clone();
    let (_, Values::Text(sexes)) = &data.columns[0] else {
        unreachable!("the first column of a sample is text")
    };
    let mut order: Vec<usize> = (0..20_000).collect();
    order.sort_by_key(|row| &sexes[*row]);
    for (_, values) in &mut sorted.columns {
        fn turned<T: Clone>(values: &mut Vec<T>, order: &[usize]) {
            *values = order.iter().map(|row| values[*row].clone()).collect();
        }
        match values {
            Values::Text(values) => turned(values, &order),
            Values::Bool(values) => turned(values, &order),
            Values::Int32(values) => turned(values, &order),
            Values::Int64(values) => turned(values, &order),
            Values::Float(values) => turned(values, &order),
            Values::Double(values) => turned(values, &order),
        }
    }
    for group in [20_000, 8_192, 3_000] {
        let file = sorted.write(properties().build(), group, 20_000);
        let partial = read(file.path(), &plan()).unwrap();
        assert_eq!(partial.tally.to_json(), data.coded(&plan()).tally.to_json());
    }
}
