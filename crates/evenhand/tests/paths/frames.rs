//! The rows as data frames and queries.

use evenhand::tally;
use polars::prelude::*;

use super::rows::{COLUMNS, Row};
use super::{Case, Outcome};

/// Each column in the type that it has by nature.
pub fn typed(rows: &[Row]) -> DataFrame {
    df!(
        "group" => rows.iter().map(|row| row.group.clone()).collect::<Vec<_>>(),
        "place" => rows.iter().map(|row| row.place.clone()).collect::<Vec<_>>(),
        "age" => rows.iter().map(|row| row.age).collect::<Vec<_>>(),
        "hired" => rows.iter().map(|row| row.hired).collect::<Vec<_>>(),
        "score" => rows.iter().map(|row| row.score).collect::<Vec<_>>(),
        "people" => rows.iter().map(|row| row.people).collect::<Vec<_>>(),
        "weight" => rows.iter().map(|row| row.weight).collect::<Vec<_>>(),
        "unused" => rows.iter().map(|_| "x").collect::<Vec<_>>(),
    )
    .unwrap()
}

pub fn text(case: &Case) -> Outcome {
    let cells: Vec<_> = case.rows.iter().map(Row::cells).collect();
    let column = |(index, name): (usize, &&str)| {
        let values: Vec<Option<&str>> = cells.iter().map(|row| row[index].as_deref()).collect();
        Column::new((*name).into(), values)
    };
    let columns: Vec<Column> = COLUMNS.iter().enumerate().map(column).collect();
    tally(&DataFrame::new(case.rows.len(), columns).unwrap(), &case.policy())
}

pub fn categories(case: &Case) -> Outcome {
    let physical = [
        CategoricalPhysical::U8,
        CategoricalPhysical::U16,
        CategoricalPhysical::U32,
    ][case.choose(1, 3)];
    let own = Categories::random("rows".into(), physical);
    let categories = if case.choose(2, 2) == 0 {
        Categories::global()
    } else {
        own
    };
    let mut frame = typed(&case.rows);
    for name in ["group", "place", "hired"] {
        let column = frame.column(name).unwrap().cast(&DataType::String).unwrap();
        let category = DataType::from_categories(categories.clone());
        frame.with_column(column.cast(&category).unwrap()).unwrap();
    }
    tally(&frame, &case.policy())
}

pub fn enumeration(case: &Case) -> Outcome {
    let mut frame = typed(&case.rows);
    for name in ["group", "place"] {
        let column = frame.column(name).unwrap().clone();
        let mut texts: Vec<&str> = column.str().unwrap().iter().flatten().collect();
        texts.sort_unstable();
        texts.dedup();
        let known = FrozenCategories::new(texts).unwrap();
        frame
            .with_column(column.cast(&DataType::from_frozen_categories(known)).unwrap())
            .unwrap();
    }
    tally(&frame, &case.policy())
}

pub fn narrow(case: &Case) -> Outcome {
    let mut frame = typed(&case.rows);
    let ages = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::UInt8,
        DataType::UInt16,
        DataType::UInt64,
    ];
    let people = [
        DataType::Int8,
        DataType::Int64,
        DataType::UInt64,
        DataType::Float64,
        DataType::Float32,
    ];
    for (name, dtype) in [
        ("age", &ages[case.choose(1, 6)]),
        ("people", &people[case.choose(2, 5)]),
    ] {
        let column = frame.column(name).unwrap().cast(dtype).unwrap();
        frame.with_column(column).unwrap();
    }
    tally(&frame, &case.policy())
}

pub fn chunked(case: &Case) -> Outcome {
    tally(&in_chunks(case), &case.policy())
}

/// The chunks of a column end elsewhere than those of the next.
fn in_chunks(case: &Case) -> DataFrame {
    let whole = typed(&case.rows);
    let rows = case.rows.len();
    let mut columns = Vec::new();
    for (index, column) in whole.columns().iter().enumerate() {
        let mut chunks = column.slice(0, 0);
        let mut start = 0;
        while start < rows {
            let length = (1 + case.choose(index + start, 9)).min(rows - start);
            chunks.append(&column.slice(start as i64, length)).unwrap();
            start += length;
        }
        columns.push(chunks);
    }
    DataFrame::new(rows, columns).unwrap()
}

pub fn sliced(case: &Case) -> Outcome {
    let (before, after) = (case.choose(1, 12), case.choose(2, 12));
    let others = |count: usize| case.rows.iter().cycle().take(count).cloned().collect::<Vec<_>>();
    let rows = [others(before), case.rows.clone(), others(after)].concat();
    // Without rows there is nothing to repeat before them.
    let before = before.min(rows.len() - case.rows.len());
    tally(&typed(&rows).slice(before as i64, case.rows.len()), &case.policy())
}

pub fn query(case: &Case) -> Outcome {
    tally(in_chunks(case).lazy(), &case.policy())
}

pub fn filtered_query(case: &Case) -> Outcome {
    let cut = case.choose(1, case.rows.len() + 1);
    let kept = |rows: &[Row], keep: bool| {
        let flags = Column::new("keep".into(), vec![keep; rows.len()]);
        typed(rows).with_column(flags).unwrap().clone().lazy()
    };
    let parts = [
        kept(&case.rows[..cut], true),
        kept(&case.rows, false),
        kept(&case.rows[cut..], true),
    ];
    let query = concat(parts, UnionArgs::default())
        .unwrap()
        .filter(Expr::Column("keep".into()));
    tally(query, &case.policy())
}
