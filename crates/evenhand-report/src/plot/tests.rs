use resvg::tiny_skia::Pixmap;
use resvg::usvg::roxmltree::Document;

use super::*;
use crate::sample::{self, Sample, cells, sample as of};

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

/// Writes the pictures of the curves into a folder, for eyes.
#[test]
fn curves_are_drawn_for_each_kind() {
    let many = numbered(40);
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let long = "A fairly long name of a group that takes more than sixty characters, as some do";
    let audits = [
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
    ];
    let folder = std::env::var_os("PICTURES");
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
        if let Some(folder) = &folder {
            let path = std::path::Path::new(folder).join(format!("{name}.png"));
            std::fs::write(path, png(&drawing, 1.0).unwrap()).unwrap();
        }
    }
}

#[test]
fn figures_are_xml_with_a_title_and_a_description() {
    let audits = [
        sample::failing().audit(),
        sample::many(40).audit(),
        sample::many(90).audit(),
        sample::hostile(),
        sample::alone(),
        scripts().audit(),
        long_names().audit(),
        sample::lists(&["North", "South", "West"]),
        sample::lists(&sample::HOSTILE),
        sample::prices(&["low", "high"]),
        sample::scores(&["A", "B"]),
        sample::scores(&["everybody alike"]),
        sample::scores(&numbered(40).iter().map(String::as_str).collect::<Vec<_>>()),
    ];
    for audit in &audits {
        for figure in [Figure::Rates, Figure::Forest, Figure::Curves, Figure::Overview] {
            let drawing = svg(audit, figure);
            let document = Document::parse(&drawing).unwrap();
            let root = document.root_element();
            assert_eq!(root.attribute("role"), Some("img"));
            assert!(root.attribute("viewBox").unwrap().starts_with("0 0 960 "));
            let child = |name: &str| root.children().find(|node| node.has_tag_name(name)).unwrap();
            let ids: Vec<&str> = root.attribute("aria-labelledby").unwrap().split(' ').collect();
            assert_eq!(child("title").attribute("id"), Some(ids[0]));
            assert_eq!(child("desc").attribute("id"), Some(ids[1]));
            assert!(child("desc").text().unwrap().len() > 40);
            assert!(document.descendants().all(|node| !node.has_tag_name("script")));
            for text in document.descendants().filter(|node| node.has_tag_name("text")) {
                let size: f64 = text.attribute("font-size").unwrap().parse().unwrap();
                assert!(size > 11.99, "labels are readable");
            }
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
fn without_a_pass_mark_nothing_is_shaded() {
    let mut audit = sample::many(4).audit();
    let shaded = |audit: &evenhand_measure::Audit| svg(audit, Figure::Forest).matches("#DCECF6").count();
    assert!(shaded(&audit) > 0);
    for finding in &mut audit.findings {
        (finding.bound.at_least, finding.bound.at_most) = (None, None);
    }
    assert_eq!(shaded(&audit), 0);
}
