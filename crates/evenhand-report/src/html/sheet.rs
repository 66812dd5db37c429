//! This module writes the style sheet: the fixed one, the owner's colour, and what every printed page says.

use crate::document::{Document, Letterhead};

const SHEET: &str = include_str!("page.css");

/// Ground of a page that is dark, as in the fixed sheet.
const DARK: [u8; 3] = [0x15, 0x18, 0x1c];
const WHITE: [u8; 3] = [0xff, 0xff, 0xff];
/// The contrast that text needs.
const READABLE: f64 = 4.5;

pub(super) fn sheet(document: &Document, letterhead: &Letterhead) -> String {
    let mut sheet = String::from(SHEET);
    if let Some(accent) = letterhead.accent {
        let [light, dark] = [readable(accent, [0, 0, 0], WHITE), readable(accent, WHITE, DARK)];
        sheet.push_str(&format!(
            ":root{{--accent:{}}}\n@media screen and (prefers-color-scheme:dark){{:root{{--accent:{}}}}}\n",
            hex(light),
            hex(dark)
        ));
    }
    if let Some(line) = &document.confidentiality {
        sheet.push_str(&format!(
            "@page{{@bottom-left{{content:\"{}\";font:8pt system-ui,sans-serif}}}}\n",
            text(line)
        ));
    }
    sheet
}

/// The colour, moved towards another until it can be read on the ground.
fn readable(color: [u8; 3], towards: [u8; 3], ground: [u8; 3]) -> [u8; 3] {
    let mixed = |step: u16| {
        let mix = |at: usize| (u16::from(color[at]) * (16 - step) + u16::from(towards[at]) * step) / 16;
        [0, 1, 2].map(|at| mix(at).to_be_bytes()[1])
    };
    let mut steps = (0..16).map(mixed);
    steps
        .find(|color| contrast(*color, ground) >= READABLE)
        .unwrap_or(towards)
}

/// The ratio of two colours' light, from 1 to 21, as WCAG has it.
pub(super) fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn light(color: [u8; 3]) -> f64 {
    let [red, green, blue] = color.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Text within the quotes of a style sheet: all but plain letters and digits of it is spelled out, so that nothing ends
/// the quotes or the sheet.
fn text(text: &str) -> String {
    let mut out = String::new();
    for c in crate::safe::visible_cut(text, 160).chars() {
        if c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | ',' | '-') {
            out.push(c);
        } else {
            out.push_str(&format!("\\{:x} ", u32::from(c)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_can_be_read_on_both_grounds() {
        for accent in [
            [0, 0, 0],
            [255, 255, 255],
            [0, 0x72, 0xb2],
            [0xff, 0xe0, 0x20],
            [0x30, 0, 0x40],
        ] {
            assert!(
                contrast(readable(accent, [0; 3], WHITE), WHITE) >= READABLE,
                "{accent:?}"
            );
            assert!(contrast(readable(accent, WHITE, DARK), DARK) >= READABLE, "{accent:?}");
        }
        assert_eq!(
            readable([0, 0x72, 0xb2], [0; 3], WHITE),
            [0, 0x72, 0xb2],
            "kept where it is readable"
        );
        assert!((contrast([0; 3], WHITE) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_ends_the_quotes() {
        let escaped = text("a\"}</style>\\\n");
        assert_eq!(escaped, "a\\22 \\7d \\3c \\2f style\\3e \\5c \\5c u\\7b a\\7d ");
    }
}
