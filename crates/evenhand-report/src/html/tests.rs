use std::collections::{BTreeMap, BTreeSet};

use evenhand_measure::audit::model::{Audit, Outcome};
use resvg::usvg::roxmltree::{Document as Xml, Node, ParsingOptions};

use super::html;
use crate::document::{
    Banner, Block, Cell, Document, Figure, Letterhead, Logo, LogoKind, Place, Section, Span, Statement, Table, document,
};
use crate::sample::{self, HOSTILE};
use crate::{json, plot, safe};

const TINY_PNG: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];

/// Every field filled in with this text.
fn letterhead(text: &str) -> Letterhead {
    let given = || Some(text.to_owned());
    Letterhead {
        title: None,
        client: given(),
        auditor: given(),
        number: given(),
        confidentiality: given(),
        engagement: given(),
        independence: given(),
        accent: Some([0x0b, 0x3d, 0x2e]),
        logo: Some(Logo {
            kind: LogoKind::Png,
            bytes: TINY_PNG.to_vec(),
        }),
        sections: vec![(text.to_owned(), text.to_owned())],
        ..Letterhead::default()
    }
}

/// A report that has every kind of block, with this text in every place.
fn everything(text: &str, svg: &str) -> Document {
    let own = || text.to_owned();
    let cell = |outcome, shade| Cell {
        text: own(),
        outcome,
        shade,
    };
    let table = || Table {
        caption: own(),
        header: vec![own(), own(), own()],
        right: vec![false, true, true],
        rows: vec![
            vec![cell(None, None), cell(None, Some(0.9)), cell(Some(Outcome::Fail), None)],
            vec![cell(None, None), cell(None, Some(0.1)), Cell::default()],
        ],
        legend: vec![own()],
    };
    let span = |link: &str| Span {
        text: own(),
        strong: true,
        emphasis: true,
        code: true,
        link: Some(link.to_owned()),
    };
    let links = [
        "https://example.org/?a=1&b=\"2\"",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@example.org",
    ];
    let figure = Figure {
        svg: svg.to_owned(),
        title: own(),
        description: own(),
        table: Some(table()),
    };
    let statements = [
        Outcome::Fail,
        Outcome::Inconclusive,
        Outcome::Pass,
        Outcome::NotJudged,
        Outcome::NotApplicable,
    ];
    let statements = statements.map(|outcome| Statement {
        outcome,
        text: own(),
        precise: own(),
    });
    let banner = Banner {
        word: own(),
        sentence: own(),
        beside: vec![crate::document::marked(&own())],
    };
    let blocks = vec![
        Block::Heading(own()),
        Block::Text(own()),
        Block::List(vec![own()]),
        Block::Rich(links.iter().map(|link| span(link)).collect()),
        Block::RichList {
            ordered: true,
            items: vec![vec![span(text)]],
        },
        Block::Facts(vec![(own(), own())]),
        Block::Statements(statements.to_vec()),
        Block::Table(table()),
        Block::Figure(figure),
        Block::Fold {
            summary: own(),
            blocks: vec![Block::Code(format!("{text}\n  indented\n")), Block::Table(table())],
        },
        Block::Blanks(vec![own(), own()]),
    ];
    let section = |id: &str, place, blocks| Section {
        id: id.to_owned(),
        title: own(),
        place,
        blocks,
    };
    Document {
        title: own(),
        verdict: sample::failing().audit().verdict,
        cover: vec![(own(), own())],
        confidentiality: Some(own()),
        sections: vec![
            section("verdict", Place::Summary, vec![Block::Verdict(banner)]),
            section("all", Place::Page, blocks),
            section("more", Place::Appendix, vec![Block::Text(own())]),
        ],
    }
}

/// Pages of every kind of audit, by name.
fn pages() -> BTreeMap<&'static str, String> {
    let hostile = HOSTILE.concat();
    let long = "x".repeat(10_000);
    let audits: [(&str, Audit); 12] = [
        ("failing", sample::failing().audit()),
        ("passing", sample::passing().audit()),
        ("open", sample::open().audit()),
        ("alone", sample::alone()),
        ("many", sample::many(12).audit()),
        ("abridged", sample::abridged()),
        ("hostile", sample::hostile()),
        ("beside", sample::beside()),
        ("lists", sample::lists(&["North", "South", "West"])),
        ("prices", sample::prices(&["low", "high"])),
        ("scores", sample::scores(&["A", "B"])),
        ("scores-hostile", sample::scores(&HOSTILE)),
    ];
    let mut pages = BTreeMap::new();
    for (name, audit) in &audits {
        let own = match *name {
            "hostile" => letterhead(&hostile),
            "beside" => letterhead("Example & Partners"),
            _ => Letterhead::default(),
        };
        pages.insert(*name, html(&document(audit, &own), &own, audit));
    }
    let audit = sample::failing().audit();
    let svg = plot::svg(&audit, plot::Figure::Rates);
    for (name, text) in [
        ("words", "Words, of no harm"),
        ("attacks", &hostile),
        ("endless", &long),
    ] {
        let own = letterhead(text);
        pages.insert(name, html(&everything(text, &svg), &own, &audit));
    }
    pages
}

/// What is between two marks, the first time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    text.split_once(before).unwrap().1.split_once(after).unwrap().0
}

/// The page as XML: what is in a style or a script is no markup, so it is taken out.
fn markup(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    for (open, close) in [
        ("<style>", "</style>"),
        ("<script type", "</script>"),
        ("<script>", "</script>"),
    ] {
        let (before, after) = rest.split_once(open).unwrap();
        out.push_str(before);
        rest = after.split_once(close).unwrap().1;
    }
    out.push_str(rest);
    out
}

fn with_xml(check: impl Fn(&str, &str, &Xml<'_>)) {
    for (name, page) in &pages() {
        let markup = markup(page);
        let options = ParsingOptions {
            allow_dtd: true,
            ..ParsingOptions::default()
        };
        let xml = Xml::parse_with_options(&markup, options).unwrap_or_else(|error| {
            panic!("{name}: {error}");
        });
        check(name, page, &xml);
    }
}

fn named<'a, 'i>(xml: &'a Xml<'i>, tag: &'a str) -> impl Iterator<Item = Node<'a, 'i>> {
    xml.descendants().filter(move |node| node.tag_name().name() == tag)
}

/// All text of a node.
fn text_of(node: Node<'_, '_>) -> String {
    node.descendants()
        .filter(Node::is_text)
        .filter_map(|node| node.text())
        .collect()
}

#[test]
fn pages_are_well_formed_with_one_title_and_landmarks() {
    with_xml(|name, _, xml| {
        assert_eq!(xml.root_element().attribute("lang"), Some("en"), "{name}");
        for tag in ["h1", "main", "head", "header", "footer"] {
            assert_eq!(named(xml, tag).count(), 1, "{name}: {tag}");
        }
        let mut level = 1;
        for node in xml.descendants() {
            let depth = match node.tag_name().name() {
                "h1" => 1,
                "h2" => 2,
                "h3" => 3,
                _ => continue,
            };
            assert!(depth <= level + 1, "{name}: a title skips a level");
            assert!(!text_of(node).trim().is_empty(), "{name}: a title is empty");
            level = depth;
        }
        // What HTML would close by itself at the first block within it.
        let blocks = [
            "p", "div", "ul", "ol", "dl", "table", "details", "figure", "section", "h2", "h3", "pre",
        ];
        for paragraph in named(xml, "p") {
            let within = paragraph.descendants().skip(1);
            assert!(
                within
                    .map(|node| node.tag_name().name())
                    .all(|tag| !blocks.contains(&tag)),
                "{name}"
            );
        }
    });
}

#[test]
fn ids_are_unique_and_links_lead_somewhere() {
    with_xml(|name, _, xml| {
        let mut ids = BTreeSet::new();
        for id in xml.descendants().filter_map(|node| node.attribute("id")) {
            assert!(ids.insert(id), "{name}: {id} twice");
        }
        let leading = xml
            .descendants()
            .filter_map(|node| node.attribute("href")?.strip_prefix('#'));
        for target in leading {
            assert!(ids.contains(target), "{name}: {target}");
        }
        let labels = xml.descendants().filter_map(|node| node.attribute("aria-labelledby"));
        for id in labels.flat_map(|ids| ids.split(' ')) {
            assert!(ids.contains(id), "{name}: {id}");
        }
        let regions = xml
            .descendants()
            .filter(|node| node.attribute("role") == Some("region"));
        let mut names = BTreeSet::new();
        for region in regions {
            assert!(
                names.insert(region.attribute("aria-label").unwrap()),
                "{name}: two boxes are called the same"
            );
            assert_eq!(region.attribute("tabindex"), Some("0"));
        }
    });
}

#[test]
fn tables_and_pictures_have_names() {
    with_xml(|name, _, xml| {
        for table in named(xml, "table") {
            let child = |tag: &str| table.children().find(|node| node.tag_name().name() == tag);
            assert!(!text_of(child("caption").unwrap()).is_empty(), "{name}");
            let width = child("thead")
                .unwrap()
                .first_element_child()
                .unwrap()
                .children()
                .count();
            for head in child("thead")
                .unwrap()
                .descendants()
                .filter(|node| node.has_tag_name("th"))
            {
                assert_eq!(head.attribute("scope"), Some("col"), "{name}");
            }
            for row in child("tbody")
                .unwrap()
                .children()
                .filter(|node| node.has_tag_name("tr"))
            {
                assert_eq!(row.children().count(), width, "{name}: {}", text_of(row));
                let heads = row.children().filter(|cell| cell.has_tag_name("th"));
                let scopes: Vec<_> = heads.map(|head| head.attribute("scope")).collect();
                assert_eq!(scopes, [Some("row")], "{name}");
            }
            assert_eq!(table.parent().unwrap().attribute("role"), Some("region"), "{name}");
        }
        for picture in named(xml, "img") {
            assert!(picture.attribute("alt").is_some(), "{name}");
            assert!(picture.attribute("src").unwrap().starts_with("data:image/"), "{name}");
        }
        for drawing in named(xml, "svg") {
            let is_silent = drawing.attribute("aria-hidden") == Some("true");
            assert!(is_silent || drawing.attribute("role") == Some("img"), "{name}");
        }
    });
}

#[test]
fn the_policy_allows_what_is_there_and_nothing_else() {
    with_xml(|name, page, xml| {
        let policy = between(page, "Content-Security-Policy\" content=\"", "\"");
        let style = between(page, "<style>", "</style>");
        let script = between(page, "<script>", "</script>");
        let hash = |text: &str| super::hash::source(text);
        let wanted = format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; img-src data:; base-uri 'none'; form-action 'none'",
            hash(style),
            hash(script)
        );
        assert_eq!(policy, wanted, "{name}");
        for node in xml.descendants() {
            for attribute in node.attributes() {
                let key = attribute.name();
                assert!(key != "style" && !key.starts_with("on"), "{name}: {key}");
                let leads = key == "href" && node.tag_name().name() == "a";
                let held = attribute.value().starts_with("data:");
                assert!(
                    key != "srcset" && key != "action" && key != "background",
                    "{name}: {key}"
                );
                assert!(!matches!(key, "src" | "href") || leads || held, "{name}: {key}");
            }
        }
        for tag in [
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "base",
            "style",
            "image",
            "use",
            "foreignObject",
        ] {
            assert_eq!(named(xml, tag).count(), 0, "{name}: {tag}");
        }
        assert_eq!(
            named(xml, "link").count(),
            1,
            "{name}: the icon that keeps a server from being asked"
        );
        for word in ["http", "url(", "@import", "expression"] {
            let rules = style.split("@page").next().unwrap().replace("a[href^=\"http\"]", "");
            assert!(!rules.contains(word), "{name}: {word}");
        }
        for word in ["http", "fetch", "XMLHttp", "import", "innerHTML", "eval", ".style"] {
            assert!(!script.contains(word), "{word}");
        }
    });
}

#[test]
fn only_links_that_lead_to_pages_and_mail_are_links() {
    let audit = sample::failing().audit();
    let page = html(&everything("text", ""), &Letterhead::default(), &audit);
    let links: Vec<&str> = page
        .split("<a href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let outside: Vec<&&str> = links.iter().filter(|link| !link.starts_with('#')).collect();
    assert_eq!(
        outside,
        [&"https://example.org/?a=1&amp;b=&quot;2&quot;", &"mailto:a@example.org"]
    );
}

#[test]
fn hostile_text_is_text() {
    for (name, page) in &pages() {
        assert_eq!(page.matches("<script").count(), 2, "{name}");
        assert_eq!(page.matches("</script").count(), 2, "{name}");
        assert_eq!(page.matches("</style").count(), 1, "{name}");
        assert!(page.matches("<img").count() <= 1, "{name}");
        let is_harmless = |c: char| c == '\n' || safe::visible(c.encode_utf8(&mut [0; 4])).chars().eq([c]);
        assert_eq!(page.chars().find(|c| !is_harmless(*c)), None, "{name}");
    }
    let pages = pages();
    for name in HOSTILE {
        let shown = safe::xml(&safe::visible(name));
        let mut lines = name.lines().map(safe::xml);
        assert!(lines.all(|line| pages["attacks"].contains(&line)), "{shown}");
        assert!(pages["hostile"].contains(&shown), "{shown}");
    }
}

#[test]
fn the_audit_is_in_the_page() {
    for audit in [sample::failing().audit(), sample::hostile(), sample::beside()] {
        let own = Letterhead::default();
        let page = html(&document(&audit, &own), &own, &audit);
        let embedded = between(&page, "<script type=\"application/json\" id=\"audit\">", "</script>");
        assert!(!embedded.contains(['<', '>', '&', '\u{2028}', '\u{2029}', '\u{202e}']));
        let read: serde_json::Value = serde_json::from_str(embedded).unwrap();
        let whole: serde_json::Value = serde_json::from_str(&json(&audit).unwrap()).unwrap();
        assert_eq!(read, whole);
    }
}

#[test]
fn nothing_of_a_report_is_left_out() {
    let audit = sample::failing().audit();
    let report = everything("Words, of no harm", "");
    let page = html(&report, &letterhead("The owner"), &audit);
    // Titles of sections stand in the contents and above them; a caption stands in its box's name as well.
    let said = page.matches("Words, of no harm").count();
    let held = format!("{report:?}").matches("Words, of no harm").count();
    assert!(said > held, "{said} of {held}");
    for outcome in ["✗ fail", "? inconclusive", "✓ pass", "○ not judged", "– not compared"] {
        assert!(
            page.contains(&format!("<strong class=\"badge\">{outcome}</strong>")),
            "{outcome}"
        );
    }
    assert!(page.contains("  indented</code>"), "code keeps its lines");
}

#[test]
fn what_was_found_comes_before_who_found_it() {
    let audit = sample::failing().audit();
    let own = letterhead("The owner");
    let page = html(&document(&audit, &own), &own, &audit);
    let at = |text: &str| page.find(text).unwrap();
    assert!(at("<h1>") < at("class=\"banner is-fail\""));
    assert!(at("class=\"banner is-fail\"") < at("class=\"facts cover\""));
    assert!(at("class=\"facts cover\"") < at("<nav"));
    assert!(page.contains("<title>FAIL: Bias audit"));
    assert_eq!(
        page,
        html(&document(&audit, &own), &own, &audit),
        "the same audit, the same bytes"
    );
}

#[test]
fn a_thousand_comparisons_fit_into_two_megabytes() {
    // The smallest that has so many.
    let audit = (12..40)
        .map(|groups| sample::many(groups).audit())
        .find(|audit| audit.findings.len() >= 1_000)
        .unwrap();
    let own = Letterhead::default();
    let page = html(&document(&audit, &own), &own, &audit);
    assert!(page.len() < 2_000_000, "{}", page.len());
}

#[test]
fn shades_can_be_read() {
    let sheet = include_str!("page.css");
    let byte = |hex: &str, at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    let color = |hex: &str| [byte(hex, 0), byte(hex, 2), byte(hex, 4)];
    for step in 0..super::table::SHADES {
        let rule = between(sheet, &format!("\n.s{step}{{"), "}");
        let (ground, ink) = (
            between(rule, "background:#", ";"),
            rule.split_once(";color:#").unwrap().1,
        );
        assert!(super::sheet::contrast(color(ground), color(ink)) >= 4.5, "{rule}");
    }
}

/// Writes the pages into a folder, for eyes and browsers.
#[test]
fn pages_can_be_looked_at() {
    let pages = pages();
    assert!(
        pages
            .values()
            .all(|page| page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"))
    );
    if let Some(folder) = std::env::var_os("PAGES") {
        for (name, page) in pages {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), page).unwrap();
        }
    }
}
