//! What widths are chosen.

use super::*;

fn pieces(text: &str) -> Pieces {
    Pieces::of(text, |_| 0.5)
}

fn column(title: &str, cells: &[&str], is_number: bool) -> Column {
    Column::new(
        pieces(title),
        cells.iter().map(|cell| pieces(cell)).collect(),
        is_number,
    )
}

fn fitted(columns: &[Column], is_small: bool) -> Fit {
    fit(&columns.iter().collect::<Vec<_>>(), is_small)
}

fn room(fit: &Fit) -> f64 {
    fit.widths.iter().sum::<f64>() * fit.size
}

#[test]
fn lines_are_broken_between_words_and_where_a_break_is_allowed() {
    assert_eq!(pieces("one two three").lines(20.0), 1);
    assert_eq!(pieces("one two three").lines(3.5), 2);
    assert_eq!(pieces("one two three").lines(2.5), 3);
    assert_eq!(pieces("onetwo").lines(1.0), 1, "a word is never broken");
    assert_eq!(pieces("one\u{200b}two").lines(2.0), 2);
    assert_eq!(pieces("[U+540D][U+524D]").lines(5.0), 2);
    assert_eq!(pieces("South-by-west").lines(4.0), 2);
    assert_eq!(pieces("-10").lines(0.5), 1);
    assert_eq!(pieces("").lines(0.0), 1);
    assert!((pieces("one\u{200b}two").whole() - 3.0).abs() < 1e-9);
}

#[test]
fn small_tables_are_as_wide_as_what_they_say() {
    let columns = [
        column("Group", &["Black", "White"], false),
        column("Rate", &["34.7%"], true),
    ];
    let fit = fitted(&columns, false);
    assert!(!fit.turned);
    assert!((fit.size - 9.0).abs() < 1e-9);
    assert!(room(&fit) < UPRIGHT.width / 4.0, "{:?}", fit.widths);
    assert!((fitted(&columns, true).size - 7.0).abs() < 1e-9);
}

#[test]
fn remarks_give_way_before_numbers_do() {
    let remark = "no result, as this is not computed past 200 rows of the two groups together ".repeat(3);
    let columns = [
        column("Test", &["Fisher's exact test, two-sided"], false),
        column("Estimate", &["0.985 (0.802 to 1.21)"], true),
        column("Remark", &[&remark], false),
        column("Again", &[&remark], false),
    ];
    let fit = fitted(&columns, true);
    assert!(room(&fit) <= UPRIGHT.width + 1e-6);
    assert!(fit.widths[1] >= pieces("0.985 (0.802 to 1.21)").whole() + BESIDE);
    assert!(fit.widths[2] > fit.widths[0], "{:?}", fit.widths);
    assert!(fit.widths[3] > fit.widths[0], "{:?}", fit.widths);
}

#[test]
fn a_page_is_turned_only_where_that_saves_pages() {
    let name = "Conditional use accuracy equality, positive predictive value by Ethnicity";
    let long = |rows: usize| {
        let texts = vec![name; rows];
        [column("Criterion", &texts, false), column("Why", &texts, false)]
    };
    assert!(
        !fitted(&long(20), true).turned,
        "a short table is no reason to turn a page"
    );
    let fit = fitted(&long(2000), true);
    assert!(fit.turned);
    assert!(room(&fit) <= TURNED.width + 1e-6 && room(&fit) > UPRIGHT.width);
}

#[test]
fn a_few_rows_of_numbers_are_broken_before_a_page_is_turned_for_them() {
    let number = "34.7% (1,118 of 3,340)";
    let wide = |rows: usize| -> Vec<Column> { (0..8).map(|_| column("Value", &vec![number; rows], true)).collect() };
    assert!(!fitted(&wide(2), true).turned);
    assert!(fitted(&wide(80), true).turned);
}
