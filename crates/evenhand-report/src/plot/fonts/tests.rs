//! This module tries the fonts.

use super::*;

/// A font of one glyph, half an em wide, for U+540D and two private characters.
pub(in crate::plot) fn small_font() -> Vec<u8> {
    let words = |values: &[i32]| {
        values
            .iter()
            .flat_map(|v| (*v as i16).to_be_bytes())
            .collect::<Vec<u8>>()
    };
    let longs = |values: &[u32]| values.iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<u8>>();
    let head = [
        longs(&[0x0001_0000, 0x0001_0000, 0, 0x5f0f_3cf5]),
        words(&[0, 1000]),
        longs(&[0, 0, 0, 0]),
        words(&[0, 0, 500, 700, 0, 8, 2, 1, 0]),
    ]
    .concat();
    let hhea = [
        longs(&[0x0001_0000]),
        words(&[800, -200, 0, 500]),
        words(&[0; 11]),
        words(&[2]),
    ]
    .concat();
    let maxp = [
        longs(&[0x0001_0000]),
        words(&[2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
    ]
    .concat();
    let group = |c: u32| [c, c, 1];
    let groups = [group(0x540d), group(0xe001), group(0xf8ff)].concat();
    let cmap = [
        words(&[0, 1, 3, 10]),
        longs(&[12]),
        words(&[12, 0]),
        longs(&[52, 0, 3]),
        longs(&groups),
    ]
    .concat();
    // A filled square: one contour of four points on the line.
    let outline = [
        words(&[1, 0, 0, 500, 700, 3, 0]),
        vec![1, 1, 1, 1],
        words(&[0, 500, 0, -500]),
        words(&[0, 0, 700, 0]),
    ]
    .concat();
    let loca = longs(&[0, 0, outline.len() as u32]);
    let family: Vec<u8> = "Try".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let record = |id: i32| [3, 1, 0x409, id, 6, 0];
    // The family, and the name for PostScript without which no font is taken.
    let name = [words(&[0, 2, 30]), words(&record(1)), words(&record(6)), family].concat();
    let tables: [(&[u8; 4], Vec<u8>); 8] = [
        (b"cmap", cmap),
        (b"glyf", outline),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", words(&[500, 0, 500, 0])),
        (b"loca", loca),
        (b"maxp", maxp),
        (b"name", name),
    ];
    let mut font = [longs(&[0x0001_0000]), words(&[tables.len() as i32, 128, 3, 0])].concat();
    let mut bodies = Vec::new();
    let first = font.len() + 16 * tables.len();
    for (tag, body) in &tables {
        font.extend(*tag);
        font.extend(longs(&[0, (first + bodies.len()) as u32, body.len() as u32]));
        bodies.extend(body);
        bodies.resize(bodies.len().next_multiple_of(4), 0);
    }
    font.extend(bodies);
    font
}

#[test]
fn bundled_scripts_are_drawn_and_others_spelled_out() {
    assert_eq!(faces().len(), FILES.len());
    let fonts = Fonts::default();
    for text in [
        "Müller Ångström",
        "Ελληνικά",
        "Кириллица",
        "עברית",
        "العربية",
        "… – × ÷",
    ] {
        assert_eq!(fonts.drawable(text), text);
    }
    assert_eq!(fonts.drawable("名a"), "[U+540D]a");
    assert_eq!(fonts.drawable("\u{1f600}"), "[U+1F600]");
    let drawn = fonts.switched(&fonts.marked("a עב b"));
    assert_eq!(
        drawn,
        "a <tspan font-family=\"'Noto Sans Hebrew', sans-serif\">עב</tspan> b"
    );
}

#[test]
fn no_text_from_outside_switches_fonts() {
    let fonts = Fonts::new(&[small_font()]);
    assert_eq!(fonts.further.len(), 1);
    assert!(fonts.place('\u{e001}').is_some(), "the font has the character");
    assert_eq!(fonts.drawable("\u{e001}\u{f8ff}"), "[U+E001][U+F8FF]");
}

#[test]
fn further_fonts_draw_what_the_bundled_ones_lack() {
    let fonts = Fonts::new(&[b"no font".to_vec(), small_font()]);
    assert_eq!(fonts.drawable("名a"), "名a");
    let drawn = fonts.switched(&fonts.marked("名a"));
    assert_eq!(drawn, "<tspan font-family=\"'Try', sans-serif\">名</tspan>a");
    assert!((fonts.width("名", 10.0, Weight::Bold) - 5.0).abs() < 1e-9);
    assert!(is_font(&small_font()) && !is_font(b"no font"));
    assert!(is_font(FILES[1]));
}

#[test]
fn families_that_would_break_a_drawing_are_not_used() {
    assert!(is_plain("Noto Sans CJK JP") && is_plain("思源黑体"));
    for family in ["", "a'b", "a\"b", "<b>", "a,b", "a\\b", "a\nb", "a&b"] {
        assert!(!is_plain(family), "{family}");
    }
}

#[test]
fn wrapped_lines_fit() {
    let fonts = Fonts::default();
    let text = format!("one two three {} four", "W".repeat(80));
    for line in fonts.wrap(&text, 200.0, 13.0, Weight::Regular, 20) {
        assert!(fonts.width(&line, 13.0, Weight::Regular) <= 200.0, "{line}");
    }
    let cut = fonts.wrap(&text, 200.0, 13.0, Weight::Regular, 2);
    assert_eq!(cut.len(), 2);
    assert!(cut[1].ends_with('…'));
}
