//! The tests against published and recomputed values, enumeration and their laws.

use proptest::prelude::*;

use super::*;
use crate::inference::testing::{agrees, sample, tables};
use crate::inference::{Correction, difference, ratio};

fn counts(successes: u64, trials: u64) -> Counts {
    Counts::new(successes, trials).unwrap()
}

fn table([x_a, n_a, x_b, n_b]: [u64; 4]) -> TwoByTwo {
    TwoByTwo::new(counts(x_a, n_a), counts(x_b, n_b))
}

/// Successes and trials of a and of b. Among them: Morris 2017 (2/10 : 15/25); the worked examples of New York City's
/// rules on automated employment decision tools (555/1181, 170/390); SolasAI's mortgage sample of 2018 (1065/1337 and
/// the four after it); Berkeley's graduate admissions of 1973 (557/1835).
const TABLES: [[u64; 4]; 16] = [
    [1, 10, 3, 20],
    [2, 10, 15, 25],
    [48, 100, 60, 100],
    [52, 395, 48, 255],
    [555, 1181, 667, 1390],
    [170, 390, 412, 797],
    [1065, 1337, 13142, 14461],
    [1224, 1286, 13142, 14461],
    [81, 94, 13142, 14461],
    [1593, 2032, 13943, 15175],
    [3719, 4222, 5806, 6497],
    [0, 20, 5, 30],
    [450, 1000, 500, 1000],
    [7, 34, 1, 34],
    [557, 1835, 1198, 2691],
    [9, 10, 10, 10],
];

/// Pooled, unpooled and hypergeometric z, each with its p; scipy 1.17.
const Z: [[&str; 6]; 16] = [
    [
        "-0.3797772627",
        "0.7041107618",
        "-0.4032389193",
        "0.6867724711",
        "-0.3733939969",
        "0.7088552267",
    ],
    [
        "-2.13896316",
        "0.03243865212",
        "-2.5",
        "0.01241933065",
        "-2.108185107",
        "0.03501498102",
    ],
    [
        "-1.702513062",
        "0.08865923208",
        "-1.714985851",
        "0.08634782098",
        "-1.698251445",
        "0.08946031461",
    ],
    [
        "-1.952457329",
        "0.0508839323",
        "-1.898351779",
        "0.05764975735",
        "-1.950954861",
        "0.05106241563",
    ],
    [
        "-0.5017085186",
        "0.6158725714",
        "-0.5017737941",
        "0.615826649",
        "-0.5016109384",
        "0.6159412235",
    ],
    [
        "-2.623329742",
        "0.008707495352",
        "-2.63793412",
        "0.008341278483",
        "-2.622224484",
        "0.008735786901",
    ],
    [
        "-13.04630196",
        "6.670759870e-39",
        "-9.96120235",
        "2.253210186e-23",
        "-13.04588905",
        "6.707001721e-39",
    ],
    [
        "5.224148624",
        "1.749582149e-07",
        "6.681705877",
        "2.361766818e-11",
        "5.223982743",
        "1.751151063e-07",
    ],
    [
        "-1.578168519",
        "0.1145269003",
        "-1.319469347",
        "0.1870122514",
        "-1.578114304",
        "0.1145393526",
    ],
    [
        "-19.27946211",
        "7.990304618e-83",
        "-14.35411475",
        "1.003993194e-46",
        "-19.27890188",
        "8.077307261e-83",
    ],
    [
        "-2.055063367",
        "0.03987288465",
        "-2.03398706",
        "0.04195290011",
        "-2.054967504",
        "0.03988214355",
    ],
    [
        "-1.924500897",
        "0.05429182837",
        "-2.449489743",
        "0.01430587844",
        "-1.905158689",
        "0.05675944639",
    ],
    [
        "-2.238868314",
        "0.0251644857",
        "-2.241679198",
        "0.02498211324",
        "-2.238308527",
        "0.02520094243",
    ],
    [
        "2.258317958",
        "0.02392584348",
        "2.348087203",
        "0.01887010283",
        "2.241651177",
        "0.02498392562",
    ],
    [
        "-9.602358065",
        "7.813600389e-22",
        "-9.845215335",
        "7.188512502e-23",
        "-9.601297207",
        "7.894452056e-22",
    ],
    [
        "-1.025978352",
        "0.3049017882",
        "-1.054092553",
        "0.2918405451",
        "-1",
        "0.3173105079",
    ],
];

/// Pearson's chi-square, Yates' and G, each with its p; scipy 1.17, chi2_contingency.
const CHI_SQUARE: [[&str; 6]; 16] = [
    ["0.1442307692", "0.7041107618", "0", "1", "0.1504450536", "0.6981104115"],
    [
        "4.575163399",
        "0.03243865212",
        "3.113970588",
        "0.07762351365",
        "4.833095501",
        "0.02791846102",
    ],
    [
        "2.898550725",
        "0.08865923208",
        "2.435587762",
        "0.1186094299",
        "2.905776564",
        "0.08826273404",
    ],
    [
        "3.812089623",
        "0.0508839323",
        "3.389770753",
        "0.06560206962",
        "3.749077154",
        "0.05283667549",
    ],
    [
        "0.2517114377",
        "0.6158725714",
        "0.2135228715",
        "0.6440201149",
        "0.2517290927",
        "0.6158601931",
    ],
    [
        "6.881858936",
        "0.008707495352",
        "6.56139309",
        "0.01042147499",
        "6.897099176",
        "0.008633572495",
    ],
    [
        "170.2059949",
        "6.670759870e-39",
        "168.969056",
        "1.242621498e-38",
        "138.9553439",
        "4.504657700e-32",
    ],
    [
        "27.29172884",
        "1.749582149e-07",
        "26.75693734",
        "2.307219351e-07",
        "31.74074487",
        "1.761868549e-08",
    ],
    [
        "2.490615875",
        "0.1145269003",
        "1.95645435",
        "0.1618930275",
        "2.186954533",
        "0.1391842766",
    ],
    [
        "371.6976592",
        "7.990304618e-83",
        "370.1612068",
        "1.726213146e-82",
        "298.2904709",
        "7.766470201e-67",
    ],
    [
        "4.223285442",
        "0.03987288465",
        "4.095148572",
        "0.04300645006",
        "4.195582748",
        "0.04052942121",
    ],
    [
        "3.703703704",
        "0.05429182837",
        "2.083333333",
        "0.1489146732",
        "5.474624807",
        "0.01929450203",
    ],
    [
        "5.012531328",
        "0.0251644857",
        "4.814035088",
        "0.0282288719",
        "5.014648273",
        "0.02513373478",
    ],
    [
        "5.1",
        "0.02392584348",
        "3.541666667",
        "0.05984529896",
        "5.66303633",
        "0.01732610309",
    ],
    [
        "92.20528041",
        "7.813600389e-22",
        "91.60959786",
        "1.055796809e-21",
        "93.4494072",
        "4.167174557e-22",
    ],
    ["1.052631579", "0.3049017882", "0", "1", "1.438950266", "0.2303092858"],
];

/// Two-sided, less, greater, point, mid-p less, mid-p doubled, mid-p minlike; scipy 1.17, fisher_exact and hypergeom.
const FISHER_P: [[&str; 7]; 16] = [
    [
        "1",
        "0.5927750411",
        "0.8232074439",
        "0.4159824849",
        "0.3847837986",
        "0.7695675972",
        "0.7920087575",
    ],
    [
        "0.0599078341",
        "0.03715768844",
        "0.9952592828",
        "0.03241697124",
        "0.02094920282",
        "0.04189840564",
        "0.04369934848",
    ],
    [
        "0.1183881378",
        "0.0591940689",
        "0.9675732605",
        "0.02676732937",
        "0.04581040422",
        "0.09162080843",
        "0.1050044731",
    ],
    [
        "0.05835394213",
        "0.03356004991",
        "0.9798281556",
        "0.01338820555",
        "0.02686594714",
        "0.05373189428",
        "0.05165983935",
    ],
    [
        "0.6344861897",
        "0.3220294202",
        "0.7058431272",
        "0.02787254737",
        "0.3080931465",
        "0.616186293",
        "0.620549916",
    ],
    [
        "0.009430110452",
        "0.005176233167",
        "0.9964037592",
        "0.001579992412",
        "0.004386236961",
        "0.008772473921",
        "0.008640114246",
    ],
    [
        "4.062426018e-32",
        "3.253264339e-32",
        "1",
        "1.983963018e-32",
        "2.261282829e-32",
        "4.522565659e-32",
        "3.070444509e-32",
    ],
    [
        "2.389531966e-08",
        "0.9999999933",
        "1.349960377e-08",
        "6.811680986e-09",
        "0.9999999899",
        "2.018752654e-08",
        "2.048947916e-08",
    ],
    [
        "0.146778956",
        "0.08628363384",
        "0.9535803092",
        "0.03986394305",
        "0.06635166231",
        "0.1327033246",
        "0.1268469844",
    ],
    [
        "8.128130882e-67",
        "6.150698572e-67",
        "1",
        "4.186683217e-67",
        "4.057356963e-67",
        "8.114713926e-67",
        "6.034789274e-67",
    ],
    [
        "0.04115015191",
        "0.02175910374",
        "0.9812891694",
        "0.00304827315",
        "0.02023496717",
        "0.04046993433",
        "0.03962601534",
    ],
    [
        "0.07457663917",
        "0.06725915158",
        "1",
        "0.06725915158",
        "0.03362957579",
        "0.06725915158",
        "0.04094706338",
    ],
    [
        "0.0282035689",
        "0.01410178445",
        "0.9888157281",
        "0.002917512571",
        "0.01264302817",
        "0.02528605633",
        "0.02674481262",
    ],
    [
        "0.0544001305",
        "0.9975438068",
        "0.02720006525",
        "0.02474387206",
        "0.9851718708",
        "0.02965625843",
        "0.04202819446",
    ],
    [
        "4.835903179e-22",
        "2.853963413e-22",
        "1",
        "1.313600584e-22",
        "2.197163121e-22",
        "4.394326242e-22",
        "4.179102888e-22",
    ],
    ["1", "0.5", "1", "0.5", "0.25", "0.5", "0.75"],
];

#[test]
fn published_and_recomputed_statistics() {
    for ((cells, z), chi_square) in TABLES.iter().zip(&Z).zip(&CHI_SQUARE) {
        let table = table(*cells);
        let statistics = [table.z_pooled(), table.z_unpooled(), table.z_hypergeometric()];
        for (got, printed) in statistics.into_iter().zip(z.chunks(2)) {
            agrees(got.unwrap().value, printed[0], 10);
            agrees(got.unwrap().p, printed[1], 10);
        }
        let statistics = [table.chi_square(), table.chi_square_yates(), table.g()];
        for (got, printed) in statistics.into_iter().zip(chi_square.chunks(2)) {
            agrees(got.unwrap().value, printed[0], 10);
            agrees(got.unwrap().p, printed[1], 10);
        }
    }
    // Morris 2017, and SolasAI's own report of Yates' p.
    let morris = table([2, 10, 15, 25]).z_pooled().unwrap();
    agrees(morris.value, "-2.138963", 7);
    agrees(morris.p, "0.03243865", 7);
    for (cells, printed) in [
        ([1065, 1337, 13142, 14461], "1.242621e-38"),
        ([1593, 2032, 13943, 15175], "1.726213e-82"),
        ([3719, 4222, 5806, 6497], "4.300645e-02"),
    ] {
        agrees(table(cells).chi_square_yates().unwrap().p, printed, 7);
    }
}

#[test]
fn published_and_recomputed_exact_tests() {
    for (cells, printed) in TABLES.iter().zip(&FISHER_P) {
        let got = table(*cells).fisher().unwrap();
        let values = [
            got.two_sided,
            got.less,
            got.greater,
            got.point,
            got.mid_p_less,
            got.mid_p_doubled(),
            got.mid_p_minlike(),
        ];
        for (value, printed) in values.into_iter().zip(printed) {
            agrees(value, printed, 10);
        }
    }
    // SolasAI's own report.
    agrees(
        table([1224, 1286, 13142, 14461]).fisher().unwrap().two_sided,
        "2.389532e-08",
        7,
    );
    agrees(
        table([81, 94, 13142, 14461]).fisher().unwrap().two_sided,
        "1.467790e-01",
        7,
    );
}

#[test]
fn nothing_varies() {
    for cells in [[0, 5, 0, 9], [5, 5, 9, 9], [0, 1, 0, 1]] {
        let table = table(cells);
        let asymptotic = [
            table.z_pooled(),
            table.z_unpooled(),
            table.z_hypergeometric(),
            table.chi_square(),
            table.chi_square_yates(),
            table.g(),
        ];
        assert_eq!(asymptotic, [None; 6]);
        let fisher = table.fisher().unwrap();
        assert_eq!((fisher.less, fisher.greater, fisher.two_sided), (1.0, 1.0, 1.0));
        assert_eq!((fisher.mid_p_doubled(), fisher.mid_p_minlike()), (1.0, 0.5));
        assert_eq!(table.barnard(), Ok(1.0));
        assert_eq!(table.boschloo().unwrap().two_sided(), 1.0);
    }
    // The rates differ as much as they can: the unpooled variance is 0, the pooled one is not.
    let apart = table([1, 1, 0, 1]);
    assert_eq!(apart.z_unpooled(), None);
    assert!(apart.z_pooled().is_some());
}

#[test]
fn past_the_sizes() {
    let large = table([3, 5_000, 4, 9_000]);
    let refused = large.barnard().unwrap_err();
    assert_eq!(
        (refused.smaller, refused.larger, refused.limit),
        (5_000, 9_000, BARNARD)
    );
    assert_eq!(
        refused.to_string(),
        "Barnard's exact test was not computed: the groups have 5000 and 9000 rows, and it takes up to 4000 in the \
         smaller and 4000000 in the larger"
    );
    assert!(large.boschloo().is_err());
    assert!(table([3, 300_000_000_000, 4, 300_000_000_000]).fisher().is_err());
    // What has no limit is still a number.
    let huge = 10u64.pow(15);
    for (x_a, x_b) in [(0, 1), (huge, huge - 2), (huge / 2, huge / 2 + 7), (0, huge)] {
        let table = table([x_a, huge, x_b, huge]);
        for got in [
            table.z_pooled(),
            table.z_hypergeometric(),
            table.chi_square(),
            table.chi_square_yates(),
            table.g(),
        ] {
            let Statistic { value, p } = got.unwrap();
            assert!(value.is_finite() && (0.0..=1.0).contains(&p), "{value} {p}");
        }
    }
    let all = table([u64::MAX, u64::MAX, 0, u64::MAX]);
    assert!(all.chi_square().unwrap().value.is_finite() && all.fisher().is_err());
}

#[test]
fn g_of_nearly_equal_rates_keeps_its_digits() {
    // By its series, G is Pearson's chi-square but for a term of the third order, which is 0 when the groups are
    // equally large and half of each succeeded.
    let table = table([500_000_000_000, 1_000_000_000_000, 500_000_000_100, 1_000_000_000_000]);
    let (g, chi_square) = (table.g().unwrap().value, table.chi_square().unwrap().value);
    // 1e-13: sums of four.
    assert!((g / chi_square - 1.0).abs() < 1e-13, "{g:e} {chi_square:e}");
    agrees(chi_square, "2e-8", 10);
}

fn close(left: f64, right: f64, relative: f64) -> bool {
    (left - right).abs() <= relative * left.abs().max(right.abs())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_statistics_are_the_score_tests_of_equality(cells in tables()) {
        let got = table(cells);
        let [x_a, n_a, x_b, n_b] = cells.map(|count| count as f64);
        let (a, b) = (sample(x_a, n_a), sample(x_b, n_b));
        if let Some(z) = got.z_pooled() {
            // 1e-9: the rates are subtracted in floating point there and as integers here.
            prop_assert!(close(z.value, difference::score_z(a, b, 0.0, Correction::None), 1e-9));
            prop_assert!(close(z.value, ratio::score_z(a, b, 1.0, Correction::None), 1e-9));
            prop_assert!(close(z.value.powi(2), got.chi_square().unwrap().value, 1e-14));
            let hypergeometric = got.z_hypergeometric().unwrap();
            prop_assert!(close(hypergeometric.value, difference::score_z(a, b, 0.0, Correction::MiettinenNurminen), 1e-9));
            prop_assert!(got.chi_square_yates().unwrap().value <= got.chi_square().unwrap().value);
            prop_assert!(got.g().unwrap().value >= 0.0);
        }
        // Larger by 9: pooled and hypergeometric z by 3.
        let larger = table(cells.map(|count| 9 * count));
        if let (Some(small), Some(large)) = (got.z_unpooled(), larger.z_unpooled()) {
            prop_assert!(close(3.0 * small.value, large.value, 1e-12));
        }
        if let (Some(small), Some(large)) = (got.g(), larger.g()) {
            prop_assert!(close(9.0 * small.value, large.value, 1e-12));
        }
    }

    #[test]
    fn relabelling_changes_signs_and_sides_only(cells in tables()) {
        let [x_a, n_a, x_b, n_b] = cells;
        let (one, exchanged) = (table(cells), table([x_b, n_b, x_a, n_a]));
        let reflected = table([n_a - x_a, n_a, n_b - x_b, n_b]);
        for other in [exchanged, reflected] {
            let negated = |z: Option<Statistic>| z.map(|z| -z.value);
            prop_assert_eq!(one.z_hypergeometric().is_none(), other.z_hypergeometric().is_none());
            for (left, right) in [
                (one.z_pooled(), other.z_pooled()), (one.z_unpooled(), other.z_unpooled()),
            ] {
                prop_assert!(close(left.map_or(0.0, |z| z.value), negated(right).unwrap_or(0.0), 1e-12));
            }
            for (left, right) in [(one.g(), other.g()), (one.chi_square_yates(), other.chi_square_yates())] {
                prop_assert!(close(left.map_or(0.0, |x| x.value), right.map_or(0.0, |x| x.value), 1e-12));
            }
            let (here, there) = (one.fisher().unwrap(), other.fisher().unwrap());
            // 1e-10: thousands of rounded factors.
            prop_assert!(close(here.less, there.greater, 1e-10) && close(here.greater, there.less, 1e-10));
            prop_assert!(close(here.two_sided, there.two_sided, 1e-10));
            prop_assert!(close(here.less + here.greater, 1.0 + here.point, 1e-10));
        }
    }

    #[test]
    fn every_p_value_is_one(cells in tables()) {
        let got = table(cells);
        let fisher = got.fisher().unwrap();
        for p in [
            fisher.less, fisher.greater, fisher.two_sided, fisher.point, fisher.mid_p_less, fisher.mid_p_greater,
            fisher.mid_p_doubled(), fisher.mid_p_minlike(),
        ] {
            prop_assert!((0.0..=1.0).contains(&p), "{fisher:?}");
        }
        prop_assert!(fisher.mid_p_less <= fisher.less && fisher.two_sided >= fisher.point);
        for got in [got.z_pooled(), got.z_unpooled(), got.z_hypergeometric(), got.g()].into_iter().flatten() {
            prop_assert!(got.value.is_finite() && (0.0..=1.0).contains(&got.p));
        }
    }
}
