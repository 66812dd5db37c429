//! Tests of how lists are taken apart, and of the questions that are asked where it is doubtful.

use evenhand_measure::Fault;
use evenhand_measure::policy::Decimal;

use super::*;
use crate::records::Given;

/// A table whose first row names the columns; `~` stands for a missing cell.
fn table(rows: &[&[&str]]) -> Box<dyn Records> {
    let cell = |text: &&str| (*text != "~").then(|| (*text).to_owned());
    let columns = rows[0].iter().map(|name| (*name).to_owned()).collect();
    let rows: Vec<Record> = rows[1..].iter().map(|row| row.iter().map(cell).collect()).collect();
    Box::new(Given::lines(columns, rows))
}

struct Made {
    /// The header and all records, missing cells as `~`.
    rows: Vec<String>,
    notes: Vec<Note>,
    separator: Option<String>,
}

impl Made {
    fn note(&self, code: &str) -> &str {
        let note = self.notes.iter().find(|note| note.code == code);
        note.map_or("", |note| note.message.as_str())
    }
}

fn made(data: &Data, rows: &[&[&str]]) -> Result<Made, Problem> {
    let (mut records, separator) = exploded(table(rows), data, "`x.csv`", "line")?;
    let mut made = vec![records.columns().join("/")];
    let mut record = Record::new();
    while records.next(&mut record)?.is_some() {
        assert_eq!(record.len(), records.columns().len());
        let cells: Vec<&str> = record.iter().map(|cell| cell.as_deref().unwrap_or("~")).collect();
        made.push(cells.join("/"));
    }
    Ok(Made {
        rows: made,
        notes: records.notes(),
        separator,
    })
}

fn data(explode: &[&str], separator: Option<&str>) -> Data {
    Data {
        explode: explode.iter().map(|name| (*name).to_owned()).collect(),
        separator: separator.map(str::to_owned),
        ..Data::default()
    }
}

#[track_caller]
fn refused(data: &Data, rows: &[&[&str]], words: &str) -> Problem {
    let Err(problem) = made(data, rows) else {
        panic!("this should be refused: {words}");
    };
    assert!(problem.message.contains(words), "{problem}");
    problem
}

#[test]
fn lists_in_cells_are_taken_apart_in_step_however_they_are_written() {
    let expected = [
        "user/age/item/score/list/rank",
        "u1/30/a/0.9/1/1",
        "u1/30/b c/0.80/1/2",
        "u2/~/d/~/2/1",
        "u4/41/e/1/4/1",
        "u4/41/f/~/4/2",
    ];
    let dresses: [[&str; 6]; 8] = [
        [
            r#"["a","b c"]"#,
            "[0.9, 0.80]",
            r#"["d"]"#,
            "~",
            r#"["e","f"]"#,
            "[1,null]",
        ],
        [
            "['a', 'b c']",
            "[0.9, 0.80]",
            "['d']",
            "None",
            "['e', \"f\"]",
            "[1, None]",
        ],
        ["{a,\"b c\"}", "{0.9,0.80}", "{d}", "NULL", "{e,f}", "{1,NULL}"],
        ["a|b c", "0.9|0.80", "d", "~", "e|f", "1|"],
        ["a; b c", "0.9; 0.80", "d", "", "e;f", "1;"],
        [
            "[np.str_('a'), np.str_('b c')]",
            "[np.float64(0.9), np.float64(0.80)]",
            "[np.str_('d')]",
            "~",
            "['e', 'f']",
            "[1, nan]",
        ],
        [
            "['a' 'b c']",
            "c(\"0.9\", \"0.80\")",
            "[\"d\"]",
            "~",
            "['e'\n 'f']",
            "(1, None)",
        ],
        [
            "('a', 'b c')",
            "{'0.9', '0.80'}",
            "('d',)",
            "None",
            "('e', \"f\")",
            "{1, None}",
        ],
    ];
    for [one, scores, two, none, three, last] in dresses {
        let rows: [&[&str]; 5] = [
            &["user", "items", "age", "score"],
            &["u1", one, "30", scores],
            &["u2", two, "~", none],
            &["u3", "~", "29", "~"],
            &["u4", three, "41", last],
        ];
        let made = made(&data(&["items", "score"], None), &rows).unwrap();
        assert_eq!(made.rows, expected, "{one}");
        assert!(
            made.note("lists-without-entries")
                .contains("1 of 4 records have no entries in `items`, `score`"),
            "{:?}",
            made.notes
        );
        assert!(
            made.note("lists-taken-apart").contains("of 4 records became 5 rows"),
            "{:?}",
            made.notes
        );
        assert_eq!(made.notes.len(), 2, "{:?}", made.notes);
    }
}

#[test]
fn what_separates_entries_is_found_out_and_said() {
    let bars: [&[&str]; 3] = [&["items"], &["a, the|b"], &["c, the|d"]];
    let made_of = |rows: &[&[&str]], separator| made(&data(&["items"], separator), rows).unwrap();
    let bars = made_of(&bars, None);
    assert_eq!(bars.rows[1], "a, the/1/1");
    assert_eq!(bars.separator.as_deref(), Some("|"));
    assert_eq!(
        bars.notes[0].help.as_deref(),
        Some("`--separator \"|\"` reads them the same way")
    );
    // Most lists have one entry.
    let short: [&[&str]; 4] = [&["items"], &["a"], &["b"], &["c|d"]];
    assert_eq!(made_of(&short, None).rows.len(), 5);
    let commas: [&[&str]; 2] = [&["items"], &["a,b"]];
    assert_eq!(made_of(&commas, None).separator.as_deref(), Some(","));
    // What was declared is followed, in brackets as well.
    let spaces: [&[&str]; 3] = [&["items"], &["a  b c"], &["d"]];
    assert_eq!(made_of(&spaces, Some(" ")).rows.len(), 5);
    let java: [&[&str]; 3] = [&["items"], &["[The Matrix, Up]"], &["[]"]];
    assert_eq!(made_of(&java, Some(",")).rows[1..], ["The Matrix/1/1", "Up/1/2"]);
    // A name may stand in parentheses.
    let names: [&[&str]; 3] = [&["items"], &["(New) Hat|Shirt (blue)"], &["(New)"]];
    assert_eq!(made_of(&names, None).rows[1], "(New) Hat/1/1");
    let names: [&[&str]; 2] = [&["items"], &["('Til Tuesday)|Songs (best)"]];
    assert_eq!(made_of(&names, Some("|")).rows[1], "('Til Tuesday)/1/1");
    // The other list tells.
    let scores: [&[&str]; 3] = [&["items", "s"], &["a, b;c", "1;2"], &["d, e;f", "3;4"]];
    let scores = made(&data(&["items", "s"], None), &scores).unwrap();
    assert_eq!(scores.rows[1], "a, b/1/1/1");
    let decimals: [&[&str]; 2] = [&["s"], &["0,9;0,8"]];
    let comma = Data {
        decimal: Some(Decimal::Comma),
        ..data(&["s"], None)
    };
    assert_eq!(made(&comma, &decimals).unwrap().rows[1], "0,9/1/1");
}

#[test]
fn doubtful_lists_are_asked_about() {
    let one = |cells: &[&str]| {
        let cells: Vec<[&str; 1]> = cells.iter().map(|cell| [*cell]).collect();
        let mut rows: Vec<&[&str]> = vec![&["items"]];
        rows.extend(cells.iter().map(|cell| &cell[..]));
        made(&data(&["items"], None), &rows).err()
    };
    let asked = [
        (&["a b c", "d e"][..], "none of `|`, `;`, `,` is in its lists"),
        (&["a;b,c", "d,e;f"], "`;`, `,` are in its lists, and nothing tells"),
        (
            &["a", "b", "c,d"],
            "`,` is in 1 of 3 lists, and may be part of an entry",
        ),
        (
            &["[\"a\"]", "b|c"],
            "line 3, column `items`: `b|c` is not written as the list `[\"a\"]` is",
        ),
        (
            &["[The Matrix, Up]"],
            "expected commas between entries, and texts in quotes",
        ),
        (&["['a' 'b', 'c']"], "expected a comma between entries"),
        (&["['a''b']"], "expected a comma between entries"),
        (&["['a' 1]"], "expected a comma between entries"),
        (
            &["('a', 'b')", "c, d"],
            "`c, d` is not written as the list `('a', 'b')` is",
        ),
        (&["[\"a\",\"b"], "expected a closing quote"),
        (&["{\"a\": 1}"], "expected a comma between entries"),
        (&["[\"a\",]"], "expected an entry between commas"),
        (&["[1][2]"], "expected nothing behind the closing bracket"),
        (&["[1], [2]"], "expected nothing behind the closing bracket"),
        (&["[[1]]"], "are lists themselves"),
    ];
    for (cells, words) in asked {
        let problem = one(cells).unwrap_or_else(|| panic!("{cells:?}"));
        assert!(problem.message.contains(words), "{cells:?}: {problem}");
        assert_eq!(problem.fault, Fault::Data, "{problem}");
        let is_answer = problem.help.contains("--separator \"") || problem.help.contains("one list per record");
        assert!(is_answer, "{problem}");
    }
    // Later than anybody looked.
    let cells = vec!["a|b"; 1_500];
    let later = one(&[cells.as_slice(), &["[\"a\",\"b\"]"]].concat()).unwrap();
    assert!(later.message.contains("line 1502, column `items`"), "{later}");
    let problem = one(&vec!["~"; MOST_LOOKED_AT + 1]).unwrap();
    assert!(
        problem.message.contains("the first 100,000 records have no list"),
        "{problem}"
    );
    assert!(one(&["~", ""]).is_none(), "a short file without lists has no rows");
}

#[test]
fn lists_that_are_not_in_step_are_refused_with_their_place() {
    let rows: [&[&str]; 3] = [&["items", "score"], &["a|b", "1|2"], &["c|d|", "3"]];
    refused(
        &data(&["items", "score"], Some("|")),
        &rows,
        "`x.csv`, line 3: the list in `items` has 2 entries and the one in `score` has 1 entry",
    );
    let missing: [&[&str]; 2] = [&["items", "score"], &["~", "[3]"]];
    refused(&data(&["items", "score"], None), &missing, "has 0 entries");
    let long = "x|".repeat(MOST_ENTRIES + 1);
    let long: [&[&str]; 2] = [&["items"], &[&long]];
    refused(&data(&["items"], Some("|")), &long, "more than 100,000 entries");
}

#[test]
fn a_small_file_does_not_become_a_large_table() {
    let list = "x|".repeat(99_000);
    let long = "y".repeat(60_000);
    let rows: [&[&str]; 2] = [&["items", "text"], &[&list, &long]];
    let data = data(&["items"], None);
    let (mut records, _) = exploded(table(&rows), &data, "`x.csv`", "line").unwrap();
    let mut record = Record::new();
    let mut given = 0;
    let problem = loop {
        match records.next(&mut record) {
            Ok(place) => assert!(place.is_some()),
            Err(problem) => break problem,
        }
        given += record[1].as_ref().map_or(0, String::len);
    };
    assert!(problem.message.contains("`x.csv`, line 2: taken apart"), "{problem}");
    assert!(given < 2 << 30, "{given}");
}

#[test]
fn gaps_and_repeated_items_are_counted() {
    let rows: [&[&str]; 4] = [&["items", "s"], &["a||a|b", "1|2|3|4"], &["c|c", "1|2"], &["d|", "1|"]];
    let made = made(&data(&["items", "s"], Some("|")), &rows).unwrap();
    let expected = [
        "item/s/list/rank",
        "a/1/1/1",
        "a/3/1/3",
        "b/4/1/4",
        "c/1/2/1",
        "c/2/2/2",
        "d/1/3/1",
    ];
    assert_eq!(made.rows, expected);
    assert!(
        made.note("gaps-in-lists").contains("1 place in 1 list has no item"),
        "{:?}",
        made.notes
    );
    assert!(
        made.note("values-without-item").contains("in 1 place of lists"),
        "{:?}",
        made.notes
    );
    assert!(
        made.note("repeated-items").contains("2 entries repeat"),
        "{:?}",
        made.notes
    );
    assert!(made.note("repeated-items").contains("in 2 lists"), "{:?}", made.notes);
}

#[test]
fn columns_for_each_place_are_one_list() {
    let rows: [&[&str]; 4] = [
        &[
            "rec_10",
            "user",
            "rec_2",
            "rec_1",
            "rec_count",
            "score_1",
            "score_2",
            "score_10",
        ],
        &["c", "u1", "b", "a", "3", "0.9", "0.8", "0.1"],
        &["f", "u2", " ", "d", "2", "0.7", "~", "0.2"],
        &["~", "u3", "~", "~", "0", "~", "~", "~"],
    ];
    let made = made(&data(&["rec_*", "score_*"], None), &rows).unwrap();
    let expected = [
        "user/rec_count/item/score/list/rank",
        "u1/3/a/0.9/1/1",
        "u1/3/b/0.8/1/2",
        "u1/3/c/0.1/1/10",
        "u2/2/d/0.7/2/1",
        "u2/2/f/0.2/2/10",
    ];
    assert_eq!(made.rows, expected);
    assert!(
        made.note("gaps-in-lists").contains("1 place in 1 list has"),
        "{:?}",
        made.notes
    );
    assert!(
        made.note("lists-without-entries").contains("1 of 3 records"),
        "{:?}",
        made.notes
    );

    let from_0: [&[&str]; 2] = [&["r0id", "r1id"], &["a", "b"]];
    let from_0 = super::tests::made(&data(&["r*id"], None), &from_0).unwrap();
    assert_eq!(from_0.rows, ["item/list/rank", "a/1/1", "b/1/2"]);
}

#[test]
fn fields_of_objects_are_named_with_their_column() {
    let cell = r#"[{"id":"a","s":0.9},{"id":7,"s":null},null,{"id":true,"at":{"x":2}}]"#;
    let rows: [&[&str]; 2] = [&["user", "recs"], &["u1", cell]];
    let made = made(&data(&["recs.id", "recs.s", "recs.at.x"], None), &rows).unwrap();
    let expected = [
        "user/item/recs.s/recs.at.x/list/rank",
        "u1/a/0.9/~/1/1",
        "u1/7/~/~/1/2",
        "u1/true/~/2/1/4",
    ];
    assert_eq!(made.rows, expected);
    let problem = refused(&data(&["recs"], None), &rows, "are objects");
    assert!(problem.help.contains("`id`"), "{problem}");
    refused(&data(&["recs.at"], None), &rows, "are lists themselves");
    let rows: [&[&str]; 2] = [&["recs"], &["[1]"]];
    refused(&data(&["recs.id"], None), &rows, "no object with the field `id`");
}

#[test]
fn names_that_fit_nothing_or_twice_are_refused() {
    let rows: [&[&str]; 2] = [
        &["items", "rank", "rec_1", "rec_01", "s_2", "items_1"],
        &["a", "1", "", "", "", ""],
    ];
    for (explode, words) in [
        (&["itms"][..], "`x.csv` has no column `itms`"),
        (&["items"], "has a column `rank`, and lists"),
        (&["items", "items"], "is given twice"),
        (&["rec_*"], "`rec_1` and `rec_01` are the same place"),
        (&["items_*", "s_*"], "only one of them has 1"),
        (&["items", "s_*"], "partly lists in cells"),
        (&["t_*"], "no columns like `t_1`"),
        (&["*_*"], "more than one `*`"),
        (&["*"], "alone"),
    ] {
        let problem = refused(&data(explode, None), &rows, words);
        assert_eq!(problem.fault, Fault::Usage, "{problem}");
    }
    let problem = refused(&data(&["itms"], None), &rows, "itms");
    assert_eq!(problem.help, "did you mean `items`, `items_1`?");
    // The column that holds the items may be called so itself.
    let own: [&[&str]; 2] = [&["item"], &["a|b"]];
    assert_eq!(made(&data(&["item"], None), &own).unwrap().rows.len(), 3);
}

#[test]
fn texts_in_quotes_keep_their_letters() {
    let texts = |cell: &str| {
        list::bracketed(cell).map(|entries| {
            entries
                .texts
                .into_iter()
                .map(Option::unwrap_or_default)
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(
        texts(r#"["a\"b", 'c\'d', "\u00e9\ud83d\ude00", '\x41\d']"#).unwrap(),
        ["a\"b", "c'd", "é😀", "A\\d"]
    );
    assert_eq!(
        texts("[ 0012 , 1e5,-3.0 ,B00-X_1]").unwrap(),
        ["0012", "1e5", "-3.0", "B00-X_1"]
    );
    assert_eq!(texts("[]").unwrap(), [""; 0]);
    assert_eq!(texts(r#"["",null]"#).unwrap(), ["", ""]);
    for odd in [
        r#"["\ud83d"]"#,
        r#"["\u12"]"#,
        r#"["\uzzzz"]"#,
        "[\"\\",
        "[",
        "",
        "[,]",
        r#"["\ud83d\u0041"]"#,
    ] {
        assert!(texts(odd).is_err(), "{odd}");
    }
}

proptest::proptest! {
    #[test]
    fn no_cell_is_read_as_a_list_that_it_is_not(cell in "[\\[\\]{}\"',|; a\\\\0u\u{e9}]{0,12}") {
        for form in [
            Form::Bracketed,
            Form::Braced,
            Form::Parenthesised,
            Form::Objects("a".to_owned()),
            Form::Parted { separator: "|".to_owned(), in_brackets: true },
        ] {
            let _ = form.entries(&cell);
        }
        // What is JSON is read as JSON says.
        if let Ok(texts) = serde_json::from_str::<Vec<String>>(&cell) {
            let read: Vec<String> = list::bracketed(&cell).unwrap().texts.into_iter().map(Option::unwrap_or_default).collect();
            let expected: Vec<&str> = texts.iter().map(|text| if text.trim().is_empty() { "" } else { text }).collect();
            proptest::prop_assert_eq!(read, expected);
        }
    }
}
