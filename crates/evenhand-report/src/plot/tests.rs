use std::collections::BTreeSet;

use evenhand_measure::audit::model::{Bound, GroupKind};
use evenhand_measure::{Audit, audit::model::Group};
use resvg::tiny_skia::Pixmap;
use resvg::usvg::roxmltree::Document;

use super::fonts::tests::small_font;
use super::*;
use crate::sample::{self, Sample, cells, sample as of};
use crate::text::group_sets;

fn long_names() -> Sample<'static> {
    let name = |i: u64| format!("A fairly long name of a group that takes sixty characters {i:02}");
    of((0..4).map(|i| cells(&name(i), [40 + 20 * i, 20, 30, 90])).collect())
}

fn scripts() -> Sample<'static> {
    let names = [
        "العربية",
        "עברית",
        "中文名字",
        "Ελληνικά",
        "Кириллица",
        "Français (é)",
        "</text><script>x</script>",
    ];
    of(names
        .iter()
        .enumerate()
        .map(|(i, name)| cells(name, [40 + 30 * i as u64, 20, 30, 90]))
        .collect())
}

fn numbered(count: usize) -> Vec<String> {
    (0..count).map(|at| format!("Group {at:02}")).collect()
}

/// An audit of two attributes: a group for each pair of values, with one empty and one undefined cell.
fn crossed(rows: &[&str], columns: &[&str]) -> Audit {
    let names = |row: &str, column: &str| format!("{row}\u{1f}{column}");
    let mut audit = of(vec![]).audit();
    for (i, row) in rows.iter().enumerate() {
        let mut groups = Vec::new();
        for (j, column) in columns.iter().enumerate() {
            let size = |base: usize| (base + 17 * i + 29 * j) as u64;
            let few = i + j == rows.len().max(2);
            groups.push(match few {
                true => cells(&names(row, column), [2, 1, 1, 3]),
                false => cells(&names(row, column), [size(40), 20, size(30), 90]),
            });
        }
        if i + 1 == rows.len() {
            groups.pop();
        }
        // Comparisons within the first rows only: what all pairs have would be hundreds of thousands.
        let part = of(groups).audit();
        audit
            .rates
            .extend(part.rates.into_iter().filter(|rates| rates.kind == GroupKind::Judged));
        audit
            .findings
            .extend(part.findings.into_iter().take(if i < 3 { usize::MAX } else { 0 }));
    }
    let by = ["race", "sex"].map(str::to_owned);
    let split = |group: &mut Group| {
        let Some(Some(name)) = group.get("race").cloned() else {
            return;
        };
        let (row, column) = name.split_once('\u{1f}').unwrap();
        group.insert(by[0].clone(), Some(row.to_owned()));
        group.insert(by[1].clone(), Some(column.to_owned()));
    };
    audit.rates.retain(|rates| rates.kind != GroupKind::Missing);
    for rates in audit.rates.iter_mut().filter(|rates| !rates.by.is_empty()) {
        rates.by = by.to_vec();
        split(&mut rates.group);
    }
    let gone = evenhand_measure::audit::model::Value::undefined("no row of the group is in TP + FN");
    audit.rates[1].values.insert("true-positive-rate".to_owned(), gone);
    for finding in &mut audit.findings {
        finding.by = by.to_vec();
        split(&mut finding.group);
        finding.reference.iter_mut().for_each(split);
    }
    audit
}

fn audits() -> Vec<(&'static str, Audit)> {
    let many = numbered(40);
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let long = "A fairly long name of a group that takes more than sixty characters, as some do";
    vec![
        ("failing", sample::failing().audit()),
        ("passing", sample::passing().audit()),
        ("open", sample::open().audit()),
        ("many-12", sample::many(12).audit()),
        ("many-40", sample::many(40).audit()),
        ("many-90", sample::many(90).audit()),
        ("hostile", sample::hostile()),
        ("alone", sample::alone()),
        ("scripts", scripts().audit()),
        ("long", long_names().audit()),
        ("crossed", crossed(&["Asian", "Black", "White"], &["F", "M"])),
        (
            "crossed-40",
            crossed(&many, &["F", "M", long, "中文名字", "עברית", "x", "y", "z"]),
        ),
        ("crossed-wide", crossed(&many[..11], &many[..11])),
        ("crossed-hostile", crossed(&sample::HOSTILE, &sample::HOSTILE[..5])),
        ("lists", sample::lists(&["North", "South", "West"])),
        ("lists-1", sample::lists(&["North"])),
        ("lists-40", sample::lists(&many)),
        ("lists-hostile", sample::lists(&sample::HOSTILE)),
        ("prices", sample::prices(&["low", "middle", "high"])),
        ("prices-long", sample::prices(&[long, "high", sample::HOSTILE[0]])),
        ("scores", sample::scores(&["A", "B", "C"])),
        ("scores-1", sample::scores(&["A"])),
        ("scores-40", sample::scores(&many)),
        ("scores-hostile", sample::scores(&sample::HOSTILE)),
    ]
}

const FIGURES: [Figure; 5] = [
    Figure::Rates,
    Figure::Forest,
    Figure::Map,
    Figure::Curves,
    Figure::Overview,
];

/// Every drawing of an audit's report.
fn all_drawings(audit: &Audit, fonts: &Fonts) -> Vec<Drawing> {
    let sets = group_sets(audit);
    let of_sets = sets
        .iter()
        .flat_map(|set| drawings_with(audit, set.by, set.within, fonts));
    let of_curves = curve_drawings_with(audit, fonts)
        .into_iter()
        .map(|(drawing, _)| drawing);
    of_sets.chain(of_curves).collect()
}

fn points(values: &[Option<f64>]) -> Vec<TrendPoint> {
    let point = |(at, value): (usize, &Option<f64>)| TrendPoint {
        label: format!("2025-{:02}", at + 1),
        value: *value,
        lower: value.map(|value| value - 0.08),
        upper: value.map(|value| value + 0.09),
        bound: Some(Bound {
            at_least: Some(0.8),
            at_most: Some(1.25),
        }),
    };
    values.iter().enumerate().map(point).collect()
}

fn trends() -> Vec<Drawing> {
    let short = points(&[Some(0.91), Some(0.86), None, Some(0.78), Some(0.83), Some(0.72)]);
    let daily: Vec<Option<f64>> = (0..365)
        .map(|day| Some(0.9 + 0.1 * f64::from(day * 37 % 11) / 11.0))
        .collect();
    let mut named = points(&[Some(0.1), Some(0.12)]);
    named[0].label = sample::HOSTILE[0].to_owned();
    named[1].label = "A release with a name that takes sixty characters, as some do".to_owned();
    for point in &mut named {
        point.bound = None;
    }
    vec![
        trend("evenhand-trend-1", "Disparate impact by race", Unit::Ratio, &short),
        trend(
            "evenhand-trend-2",
            "Disparate impact by day",
            Unit::Ratio,
            &points(&daily),
        ),
        trend("evenhand-trend-3", "Selection rate", Unit::Percent, &named),
        trend("evenhand-trend-4", "Nothing yet", Unit::Points, &[]),
    ]
}

/// Writes the pictures into a folder, for eyes, when `PICTURES` names one.
fn keep(name: &str, drawing: &str, fonts: &Fonts) {
    if let Some(folder) = std::env::var_os("PICTURES") {
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        std::fs::write(path, png_with(drawing, 1.0, fonts).unwrap()).unwrap();
    }
}

/// What every drawing has to be; returns the ids that it has.
fn checked<'a>(name: &str, document: &'a Document<'a>) -> Vec<&'a str> {
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"), "{name}");
    assert!(root.attribute("viewBox").unwrap().starts_with("0 0 960 "));
    let height: f64 = root
        .attribute("viewBox")
        .unwrap()
        .rsplit(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let child = |name: &str| root.children().find(|node| node.has_tag_name(name)).unwrap();
    let labels: Vec<&str> = root.attribute("aria-labelledby").unwrap().split(' ').collect();
    assert_eq!(child("title").attribute("id"), Some(labels[0]));
    assert_eq!(child("desc").attribute("id"), Some(labels[1]));
    assert!(child("desc").text().unwrap().len() > 15, "{name}");
    let known = [
        "svg", "title", "desc", "rect", "line", "polyline", "polygon", "circle", "text", "tspan",
    ];
    for node in document.descendants().filter(roxmltree_element) {
        let tag = node.tag_name().name();
        assert!(known.contains(&tag), "{name}: {tag}");
        for attribute in node.attributes() {
            let key = attribute.name();
            assert!(
                key != "style" && !key.starts_with("on") && key != "href",
                "{name}: {key}"
            );
            assert!(!attribute.value().contains("url("), "{name}");
        }
    }
    for text in document.descendants().filter(|node| node.has_tag_name("text")) {
        let number = |key: &str| text.attribute(key).unwrap().parse::<f64>().unwrap();
        assert!(number("font-size") > 11.99, "labels are readable");
        let (x, y) = (number("x"), number("y"));
        assert!((0.0..=960.0).contains(&x) && y > 0.0 && y < height, "{name}: {x} {y}");
    }
    document.descendants().filter_map(|node| node.attribute("id")).collect()
}

fn roxmltree_element(node: &resvg::usvg::roxmltree::Node<'_, '_>) -> bool {
    node.is_element()
}

/// The text of a drawing without the ends of its lines, as long names are broken.
fn letters(document: &Document<'_>) -> String {
    let texts = document.descendants().filter(|node| node.is_text());
    let all: String = texts.filter_map(|node| node.text()).collect();
    all.split_whitespace().collect()
}

#[test]
fn drawings_are_sound_and_their_ids_are_unique_in_a_document() {
    for (name, audit) in audits() {
        let fonts = Fonts::default();
        let drawings = all_drawings(&audit, &fonts);
        assert!(!drawings.is_empty(), "{name}");
        let mut ids = BTreeSet::new();
        for (at, drawing) in drawings.iter().enumerate() {
            let document = Document::parse(&drawing.svg).unwrap();
            for id in checked(name, &document) {
                assert!(ids.insert(id.to_owned()), "{name}: {id} twice");
            }
            assert!(drawing.description.starts_with(&drawing.title), "{name}");
            keep(&format!("page-{name}-{at:02}"), &drawing.svg, &fonts);
        }
    }
}

#[test]
fn figures_are_sound() {
    for (name, audit) in audits() {
        for figure in FIGURES {
            let drawing = svg(&audit, figure);
            checked(name, &Document::parse(&drawing).unwrap());
            keep(&format!("figure-{name}-{figure:?}"), &drawing, &Fonts::default());
        }
    }
}

#[test]
fn every_group_is_named() {
    let groups = |audit: &Audit| -> Vec<String> {
        let set = &group_sets(audit)[0];
        let names = set
            .groups
            .iter()
            .map(|group| crate::words::group_name(set.by, &group.group));
        names.collect()
    };
    for audit in [sample::many(40).audit(), long_names().audit(), scripts().audit()] {
        let by = ["race".to_owned()];
        let drawing = &drawings(&audit, &by, &Group::new())[0];
        let document = Document::parse(&drawing.svg).unwrap();
        let drawn = letters(&document);
        for name in groups(&audit) {
            let name = Fonts::default().drawable(&name);
            let bare: String = name.split_whitespace().collect();
            assert!(drawn.contains(&bare), "{name}");
        }
    }
}

#[test]
fn maps_say_each_rate_with_its_rows_and_hatch_what_is_too_little() {
    let audit = crossed(&["Asian", "Black", "White"], &["F", "M"]);
    let by = ["race", "sex"].map(str::to_owned);
    let drawings = drawings(&audit, &by, &Group::new());
    let map = |rate: &str| {
        drawings
            .iter()
            .find(|d| d.title == format!("Map of the {rate} by race and sex"))
            .unwrap()
    };
    let drawn = letters(&Document::parse(&map("selection rate").svg).unwrap());
    // 60 of 180 rows of Asian and F; the last pair has none.
    assert!(drawn.contains("33.3%n180"), "{drawn}");
    assert!(drawn.contains("norows") && drawn.contains("fewerthan30rows"), "{drawn}");
    assert!(!drawn.contains("novalue:n"), "{drawn}");
    let description = &map("true positive rate").description;
    assert!(
        description.ends_with("; 1 more group has few rows or no value."),
        "{description}"
    );
    let drawn = letters(&Document::parse(&map("true positive rate").svg).unwrap());
    assert!(drawn.contains("novalue"), "{drawn}");
}

#[test]
fn maps_of_many_values_say_what_is_left_out() {
    let many = numbered(50);
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let audit = crossed(&many, &many[..20]);
    let drawing = svg(&audit, Figure::Map);
    let drawn = letters(&Document::parse(&drawing).unwrap());
    assert!(drawn.contains("The40largestofthe50valuesofracearedrawn."), "{drawn}");
    assert!(drawn.contains("The10largestofthe20valuesofsexaredrawn."));
    assert!(svg(&sample::failing().audit(), Figure::Map).contains("nothing of this kind to draw"));
}

#[test]
fn trends_show_values_intervals_and_what_is_allowed() {
    let drawings = trends();
    for (at, drawing) in drawings.iter().enumerate() {
        checked("trend", &Document::parse(&drawing.svg).unwrap());
        keep(&format!("trend-{at}"), &drawing.svg, &Fonts::default());
    }
    assert_eq!(
        drawings[0].description,
        "Disparate impact by race: from 0.91 at 2025-01 to 0.72 at 2025-06; 2 of 6 lie beyond what is allowed."
    );
    assert!(drawings[0].svg.contains("#DCECF6") && !drawings[2].svg.contains("#DCECF6"));
    assert!(drawings[0].svg.contains("\n0.72\n"));
    assert!(drawings[3].description.contains("no points"));
}

#[test]
fn further_fonts_draw_the_character_itself() {
    let fonts = Fonts::new(&[small_font()]);
    let audit = of(vec![cells("名", [40, 20, 30, 90]), cells("x", [50, 20, 30, 90])]).audit();
    let bare = svg(&audit, Figure::Rates);
    assert!(bare.contains("[U+540D]"));
    let drawn = svg_with(&audit, Figure::Rates, &fonts);
    assert!(drawn.contains("<tspan font-family=\"'Try', sans-serif\">名</tspan>") && !drawn.contains("[U+540D]"));
    assert_ne!(png(&drawn, 1.0).unwrap(), png_with(&drawn, 1.0, &fonts).unwrap());
    for drawing in all_drawings(&audit, &fonts) {
        checked("fonts", &Document::parse(&drawing.svg).unwrap());
        assert!(!drawing.svg.contains("[U+540D]</text>"));
    }
    // A text from outside that looks like a switch of fonts is spelled out, though the font has it.
    let audit = of(vec![
        cells("\u{e001}a\u{e000}", [40, 20, 30, 90]),
        cells("x", [50, 20, 30, 90]),
    ])
    .audit();
    assert!(svg_with(&audit, Figure::Rates, &fonts).contains("[U+E001]a[U+E000]"));
}

#[test]
fn overviews_stay_small_and_say_what_is_left_out() {
    for (name, audit) in audits() {
        let drawing = svg(&audit, Figure::Overview);
        let document = Document::parse(&drawing).unwrap();
        let height: i32 = document.root_element().attribute("height").unwrap().parse().unwrap();
        assert!(height < 4_200, "{name}: {height}");
    }
    let drawing = svg(&sample::many(40).audit(), Figure::Overview);
    let drawn = letters(&Document::parse(&drawing).unwrap());
    assert!(
        drawn.contains("The10largestgroupsaredrawn;31smalleronesarenot."),
        "{drawn}"
    );
    assert!(drawn.contains("Notinthisoverview:"), "{drawn}");
}

#[test]
fn curves_are_drawn_for_each_kind() {
    let audits = audits();
    for (name, audit) in &audits {
        assert!(
            audit
                .series
                .iter()
                .all(evenhand_measure::audit::model::Series::is_sound)
        );
        let drawing = svg(audit, Figure::Curves);
        let document = Document::parse(&drawing).unwrap();
        let description = document.descendants().find(|node| node.has_tag_name("desc")).unwrap();
        let kinds: std::collections::BTreeSet<&str> = audit.series.iter().map(|series| series.id.as_str()).collect();
        for kind in kinds.iter().filter(|kind| **kind != "exposure-target") {
            let title = evenhand_measure::audit::model::series_kind(kind).unwrap().title;
            assert!(description.text().unwrap().contains(title), "{name}: {kind}");
            let alone = svg(
                audit,
                Figure::Series(evenhand_measure::audit::model::series_kind(kind).unwrap().id),
            );
            assert!(alone.len() < drawing.len() || kinds.len() <= 2, "{name}: {kind}");
        }
    }
}

#[test]
fn the_same_audit_draws_the_same_bytes() {
    let audit = sample::many(12).audit();
    assert_eq!(svg(&audit, Figure::Overview), svg(&audit, Figure::Overview));
    let drawing = svg(&audit, Figure::Overview);
    assert_eq!(png(&drawing, 1.0).unwrap(), png(&drawing, 1.0).unwrap());
}

#[test]
fn pictures_decode_at_their_scale() {
    let picture = png(&svg(&sample::failing().audit(), Figure::Forest), 2.0).unwrap();
    let pixels = Pixmap::decode_png(&picture).unwrap();
    assert_eq!(pixels.width(), 1920);
    assert!(pixels.height() > 300);
}

#[test]
fn impossible_pictures_are_refused() {
    let drawing = svg(&sample::failing().audit(), Figure::Rates);
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e6] {
        assert!(matches!(png(&drawing, scale), Err(PlotError::Size { .. })), "{scale}");
    }
    assert!(matches!(png("no drawing", 1.0), Err(PlotError::Svg(_))));
}

#[test]
fn outcomes_stand_in_words_and_missing_glyphs_are_spelled_out() {
    let drawing = svg(&sample::failing().audit(), Figure::Forest);
    assert!(drawing.contains("\nfail\n"));
    let drawing = svg(&scripts().audit(), Figure::Rates);
    assert!(drawing.contains("[U+4E2D][U+6587]") && drawing.contains("العربية"));
}

#[test]
fn what_is_not_drawn_is_counted() {
    assert!(
        svg(&sample::many(12).audit(), Figure::Forest)
            .contains("121 more comparisons, against other references, are not drawn")
    );
    assert!(
        svg(&sample::many(90).audit(), Figure::Rates)
            .contains("The 60 largest groups are drawn; 31 smaller ones are not.")
    );
}

#[test]
fn figures_that_would_grow_too_tall_say_what_does_not_fit() {
    let mut audit = sample::failing().audit();
    let of_set: Vec<_> = audit
        .rates
        .iter()
        .filter(|rates| !rates.by.is_empty())
        .cloned()
        .collect();
    for stratum in 0..60 {
        let within = Group::from([("department".to_owned(), Some(format!("D{stratum:02}")))]);
        audit.rates.extend(of_set.iter().cloned().map(|mut rates| {
            rates.within.clone_from(&within);
            rates
        }));
    }
    let drawing = svg(&audit, Figure::Rates);
    let document = Document::parse(&drawing).unwrap();
    let height: i32 = document.root_element().attribute("height").unwrap().parse().unwrap();
    assert!((10_000..12_200).contains(&height), "{height}");
    assert!(letters(&document).contains("morepictureswouldnotfitintothisfigure"));
    assert!(png(&drawing, 2.0).is_ok());
}

#[test]
fn without_a_pass_mark_nothing_is_shaded() {
    let mut audit = sample::many(4).audit();
    let shaded = |audit: &evenhand_measure::Audit| svg(audit, Figure::Forest).matches("#DCECF6").count();
    assert!(shaded(&audit) > 0);
    for finding in &mut audit.findings {
        (finding.bound.at_least, finding.bound.at_most) = (None, None);
    }
    assert_eq!(shaded(&audit), 0);
}
