//! This module holds the bundled fonts: which characters they have, and how wide a text will be.
//!
//! The fonts of the machine are never used, so the same audit gives the same picture everywhere.

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use super::canvas::Weight;

/// The fonts: the first that has a character draws it. The last is the bold face of the first.
static FILES: [&[u8]; 4] = [
    include_bytes!("../../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../../fonts/NotoSansArabic-Regular.ttf"),
    include_bytes!("../../fonts/NotoSans-Bold.ttf"),
];
const BOLD: usize = 3;

/// The fonts that a part of a text is switched to, with the private character that marks where.
const SWITCHES: [(usize, char, &str); 2] = [
    (1, '\u{e001}', "Noto Sans Hebrew, sans-serif"),
    (2, '\u{e002}', "Noto Sans Arabic, sans-serif"),
];
const BACK: char = '\u{e000}';

/// The family that the SVG asks for; a viewer without it takes its own sans-serif.
pub(super) const FAMILY: &str = "Noto Sans, sans-serif";

fn faces() -> &'static [FontRef<'static>] {
    static FACES: OnceLock<Vec<FontRef<'static>>> = OnceLock::new();
    FACES.get_or_init(|| FILES.iter().filter_map(|file| FontRef::new(file).ok()).collect())
}

/// The fonts as the rasteriser wants them.
pub(super) fn database() -> Arc<fontdb::Database> {
    static DATABASE: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let made = DATABASE.get_or_init(|| {
        let mut database = fontdb::Database::new();
        for file in FILES {
            database.load_font_source(fontdb::Source::Binary(Arc::new(file)));
        }
        database.set_sans_serif_family("Noto Sans");
        database.set_serif_family("Noto Sans");
        Arc::new(database)
    });
    Arc::clone(made)
}

fn face_of(c: char, weight: Weight) -> Option<(&'static FontRef<'static>, skrifa::GlyphId)> {
    let faces = faces();
    let bold = faces.get(BOLD).filter(|_| weight == Weight::Bold);
    bold.into_iter()
        .chain(&faces[..BOLD.min(faces.len())])
        .find_map(|face| face.charmap().map(c).map(|glyph| (face, glyph)))
}

/// The text with every character that no bundled font has spelled out, such as `[U+540D]`: it must not vanish.
pub(super) fn drawable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match face_of(c, Weight::Regular) {
            Some(_) => out.push(c),
            None => out.push_str(&format!("[U+{:04X}]", u32::from(c))),
        }
    }
    out
}

/// The text with a mark around each part that another font than the first draws.
///
/// The rasteriser's own search for a font gives up where shaping changes the number of glyphs, as Arabic does. The
/// marks are private characters, which [`drawable`] has spelled out if they came from outside.
pub(super) fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut current = None;
    for c in text.chars() {
        let at = faces().iter().position(|face| face.charmap().map(c).is_some());
        let switch = SWITCHES
            .iter()
            .find(|(face, _, _)| Some(*face) == at)
            .map(|(_, mark, _)| *mark);
        if switch != current {
            if current.is_some() {
                out.push(BACK);
            }
            out.extend(switch);
            current = switch;
        }
        out.push(c);
    }
    if current.is_some() {
        out.push(BACK);
    }
    out
}

/// A drawing with the marks of [`marked`] turned into elements.
pub(super) fn switched(drawing: &str) -> String {
    let mut out = drawing.replace(BACK, "</tspan>");
    for (_, mark, family) in SWITCHES {
        out = out.replace(mark, &format!("<tspan font-family=\"{family}\">"));
    }
    out
}

/// How wide a text is at most: the sum of its advances. Shaping only makes Arabic narrower.
pub(super) fn width(text: &str, size: f64, weight: Weight) -> f64 {
    let advance = |c: char| {
        let Some((face, glyph)) = face_of(c, weight) else {
            return size;
        };
        let metrics = face.glyph_metrics(Size::new(size as f32), LocationRef::default());
        metrics.advance_width(glyph).map_or(size, f64::from)
    };
    text.chars().map(advance).sum()
}

/// The text in at most `most` lines of at most `room`, broken at spaces where it can be; what does not fit becomes
/// an ellipsis.
pub(super) fn wrap(text: &str, room: f64, size: f64, weight: Weight, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for word in text.split_inclusive(' ') {
        let bare = width(word.trim_end(), size, weight);
        let line_is_empty = lines.last().is_none_or(String::is_empty);
        if !line_is_empty && used + bare > room {
            lines.push(String::new());
            used = 0.0;
        }
        for c in word.chars() {
            let advance = width(c.encode_utf8(&mut [0; 4]), size, weight);
            if used + advance > room && c != ' ' {
                lines.push(String::new());
                used = 0.0;
            }
            if let Some(line) = lines.last_mut() {
                line.push(c);
            }
            used += advance;
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = ellipsis(last, room, size, weight);
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The text on one line.
pub(super) fn fit(text: &str, room: f64, size: f64, weight: Weight) -> String {
    if width(text, size, weight) <= room {
        text.to_owned()
    } else {
        ellipsis(text, room, size, weight)
    }
}

fn ellipsis(text: &str, room: f64, size: f64, weight: Weight) -> String {
    let mut kept = String::new();
    let mut used = width("…", size, weight);
    for c in text.chars() {
        used += width(c.encode_utf8(&mut [0; 4]), size, weight);
        if used > room {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bundled_scripts_are_drawn_and_others_spelled_out() {
        assert_eq!(faces().len(), FILES.len());
        for text in [
            "Müller Ångström",
            "Ελληνικά",
            "Кириллица",
            "עברית",
            "العربية",
            "… – × ÷",
        ] {
            assert_eq!(drawable(text), text);
        }
        assert_eq!(drawable("名a"), "[U+540D]a");
        assert_eq!(drawable("\u{1f600}"), "[U+1F600]");
        assert_eq!(drawable("\u{e001}"), "[U+E001]", "no text from outside switches fonts");
        let drawn = switched(&marked("a עב b"));
        assert_eq!(
            drawn,
            "a <tspan font-family=\"Noto Sans Hebrew, sans-serif\">עב</tspan> b"
        );
    }

    #[test]
    fn wrapped_lines_fit() {
        let text = format!("one two three {} four", "W".repeat(80));
        for line in wrap(&text, 200.0, 13.0, Weight::Regular, 20) {
            assert!(width(&line, 13.0, Weight::Regular) <= 200.0, "{line}");
        }
        let cut = wrap(&text, 200.0, 13.0, Weight::Regular, 2);
        assert_eq!(cut.len(), 2);
        assert!(cut[1].ends_with('…'));
    }
}
