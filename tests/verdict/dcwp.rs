//! The tables of the New York rule's first example (6 RCNY 5-301), category by category against the most selected one.

use evenhand::measure::inference::two_by_two::{Counts, TwoByTwo};
use evenhand::measure::inference::{Comparison, Correction, Sample, z_for};

/// Table, category, selected, applicants; impact ratio, pooled z and its p, Fisher's p, and the ends of Koopman's
/// interval. Counts and ratios as printed in the rule; the rest by scipy 1.17 and root-finding to 1e-14.
type Row = (&'static str, &'static str, u64, u64, [f64; 6]);

const ROWS: [Row; 20] = [
    (
        "sex",
        "Female",
        555,
        1181,
        [0.9793367499, -0.50170852, 0.61587257, 0.63448619, 0.9022892, 1.062384],
    ),
    (
        "race",
        "Hispanic or Latino",
        204,
        408,
        [0.9672330097, -0.55664743, 0.57776834, 0.58421947, 0.8574709, 1.085865],
    ),
    (
        "race",
        "Black or African American",
        170,
        390,
        [
            0.8432287777,
            -2.6233297,
            0.0087074954,
            0.0094301105,
            0.7372421,
            0.9587283,
        ],
    ),
    (
        "race",
        "Native Hawaiian/PI",
        52,
        119,
        [0.8453128824, -1.6274783, 0.10363555, 0.11588049, 0.6730789, 1.032275],
    ),
    (
        "race",
        "Asian",
        302,
        616,
        [0.9483908082, -0.99464672, 0.31990811, 0.33433653, 0.853215, 1.052405],
    ),
    (
        "race",
        "Native American/AN",
        18,
        41,
        [0.8492777646, -0.97340822, 0.33035045, 0.34161835, 0.5751658, 1.151114],
    ),
    (
        "race",
        "Two or More Races",
        96,
        213,
        [0.8718720088, -1.7174292, 0.085900777, 0.090069984, 0.7359141, 1.018653],
    ),
    (
        "both",
        "Hispanic M",
        90,
        205,
        [0.8412932501, -1.9381061, 0.052610281, 0.060010247, 0.6986267, 1.001892],
    ),
    (
        "both",
        "Hispanic F",
        82,
        190,
        [0.8270257038, -2.0588198, 0.039511509, 0.043755642, 0.6812748, 0.9912318],
    ),
    (
        "both",
        "Black M",
        95,
        226,
        [0.8055155382, -2.4531356, 0.014161695, 0.01628715, 0.670328, 0.9585646],
    ),
    (
        "both",
        "NHPI M",
        37,
        87,
        [0.8149692596, -1.6367973, 0.10167284, 0.12475357, 0.617163, 1.037884],
    ),
    (
        "both",
        "Asian M",
        167,
        321,
        [0.9969426936, -0.04289909, 0.96578197, 1.0, 0.8653892, 1.145471],
    ),
    (
        "both",
        "AIAN M",
        11,
        24,
        [0.8782945736, -0.60531968, 0.54496661, 0.67519194, 0.5304444, 1.264168],
    ),
    (
        "both",
        "Two+ M",
        52,
        115,
        [0.8664914055, -1.3213291, 0.18639166, 0.20605811, 0.6859854, 1.067221],
    ),
    (
        "both",
        "White F",
        197,
        385,
        [0.9805376019, -0.28672579, 0.77432229, 0.77716055, 0.8566575, 1.121394],
    ),
    (
        "both",
        "Black F",
        75,
        164,
        [0.8763471356, -1.3978005, 0.16217299, 0.16728883, 0.7187228, 1.052251],
    ),
    (
        "both",
        "NHPI F",
        15,
        32,
        [0.898255814, -0.57902208, 0.56257428, 0.58651496, 0.5862296, 1.239263],
    ),
    (
        "both",
        "Asian F",
        135,
        295,
        [0.8769412692, -1.6840496, 0.092172091, 0.094076397, 0.7491506, 1.021447],
    ),
    (
        "both",
        "AIAN F",
        7,
        17,
        [0.7890560876, -0.89011946, 0.37340175, 0.4605377, 0.4117344, 1.242823],
    ),
    (
        "both",
        "Two+ F",
        44,
        98,
        [0.8603701946, -1.296819, 0.19469347, 0.21677472, 0.6682103, 1.074075],
    ),
];

#[test]
fn every_category_of_the_first_example() {
    for (table, category, selected, applicants, [ratio, z, p, fisher, lower, upper]) in ROWS {
        let (best, of_best) = match table {
            "sex" => (667, 1390),
            "race" => (412, 797),
            _ => (215, 412),
        };
        let tests = TwoByTwo::new(
            Counts::new(selected, applicants).unwrap(),
            Counts::new(best, of_best).unwrap(),
        );
        let sample = |x: u64, n: u64| Sample::new(x as f64, n as f64).unwrap();
        let (a, b) = (sample(selected, applicants), sample(best, of_best));
        let interval = Comparison::Ratio.interval(a, b, z_for(0.95), Correction::None);
        let pooled = tests.z_pooled().unwrap();
        let found = [
            Comparison::Ratio.point(a, b).unwrap(),
            pooled.value,
            pooled.p,
            tests.fisher().unwrap().two_sided,
            interval.lower,
            interval.upper,
        ];
        for (found, printed) in found.into_iter().zip([ratio, z, p, fisher, lower, upper]) {
            // 1e-6 relative: the shortest are printed to seven digits.
            assert!(
                (found - printed).abs() <= 1e-6 * printed.abs(),
                "{table} {category}: {found} {printed}"
            );
        }
    }
}
