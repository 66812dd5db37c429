//! This module holds the fonts: which characters they have, and how wide a text will be.
//!
//! The fonts of the machine are never used, so the same audit gives the same picture everywhere. Whoever needs more
//! characters than the bundled fonts have gives further fonts.

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use super::canvas::Weight;

/// The bundled fonts: the first that has a character draws it.
static FILES: [&[u8]; 3] = [
    include_bytes!("../../fonts/NotoSans-Regular.ttf"),
    include_bytes!("../../fonts/NotoSansHebrew-Regular.ttf"),
    include_bytes!("../../fonts/NotoSansArabic-Regular.ttf"),
];
/// Their families. A part of a text that another than the first draws names its family.
const FAMILIES: [&str; FILES.len()] = ["Noto Sans", "Noto Sans Hebrew", "Noto Sans Arabic"];
/// The bold face of the first.
static BOLD: &[u8] = include_bytes!("../../fonts/NotoSans-Bold.ttf");

/// The family that the SVG asks for; a viewer without it takes its own sans-serif.
pub(super) const FAMILY: &str = "Noto Sans, sans-serif";

/// The private characters that mark where a part of another font begins and ends: the first says where it ends, and
/// each of the others which font begins. None of them comes from outside, see [`Fonts::drawable`].
const MARKS: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{f8ff}';

/// Faces that further fonts may have in all; far more than a label needs.
const MOST_FACES: usize = 256;

/// The fonts that pictures are drawn with: those that are bundled (Latin, Greek, Cyrillic, Hebrew, Arabic), and further
/// ones for the characters that these lack.
#[derive(Clone, Debug, Default)]
pub struct Fonts {
    further: Vec<Face>,
    /// All of them as the rasteriser wants them, where there are further ones.
    database: Option<Arc<fontdb::Database>>,
}

/// A face of a further font.
#[derive(Clone, Debug)]
struct Face {
    file: Arc<Vec<u8>>,
    /// Its place in a file of several.
    index: u32,
    family: String,
}

impl Face {
    fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.file, self.index).ok()
    }
}

impl Fonts {
    /// The bundled fonts, and these files (TrueType or OpenType, alone or in a collection) for what they lack, in this
    /// order. A file that is no font is left out; [`is_font`] tells.
    ///
    /// ```
    /// use evenhand_report::plot::Fonts;
    ///
    /// let fonts = Fonts::new(&[std::fs::read("fonts/NotoSansHebrew-Regular.ttf").unwrap()]);
    /// ```
    #[must_use]
    pub fn new(files: &[Vec<u8>]) -> Self {
        if files.is_empty() {
            return Self::default();
        }
        let mut database = (*bundled()).clone();
        let mut further = Vec::new();
        for file in files {
            let file = Arc::new(file.clone());
            for id in database.load_font_source(fontdb::Source::Binary(Arc::<Vec<u8>>::clone(&file))) {
                let Some(info) = database.face(id) else { continue };
                let face = info.families.first().map(|(family, _)| Face {
                    file: Arc::clone(&file),
                    index: info.index,
                    family: family.clone(),
                });
                let usable = |face: &Face| is_plain(&face.family) && face.font().is_some();
                if further.len() < MOST_FACES {
                    further.extend(face.filter(usable));
                }
            }
        }
        let database = Some(Arc::new(database));
        Self { further, database }
    }

    /// All fonts as the rasteriser wants them.
    pub(super) fn database(&self) -> Arc<fontdb::Database> {
        self.database.as_ref().map_or_else(bundled, Arc::clone)
    }

    /// Which font draws a character, counted through the bundled and then the further ones.
    fn place(&self, c: char) -> Option<usize> {
        let has = |font: &FontRef<'_>| font.charmap().map(c).is_some();
        let further = || {
            self.further
                .iter()
                .position(|face| face.font().is_some_and(|font| has(&font)))
        };
        let bundled = faces().iter().position(has);
        bundled.or_else(|| further().map(|place| place + FILES.len()))
    }

    fn family(&self, place: usize) -> Option<&str> {
        let further = || self.further.get(place - FILES.len()).map(|face| face.family.as_str());
        FAMILIES.get(place).copied().or_else(further)
    }

    /// The text with every character that no font has spelled out, such as `[U+540D]`: it must not vanish.
    pub(super) fn drawable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match self.place(c).filter(|_| !MARKS.contains(&c)) {
                Some(_) => out.push(c),
                None => out.push_str(&format!("[U+{:04X}]", u32::from(c))),
            }
        }
        out
    }

    /// The text with a mark around each part that another font than the first draws.
    ///
    /// The rasteriser's own search for a font gives up where shaping changes the number of glyphs, as Arabic does.
    pub(super) fn marked(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut current = 0;
        for c in text.chars() {
            let place = self.place(c).unwrap_or(0);
            if place != current {
                if current > 0 {
                    out.push(*MARKS.start());
                }
                out.extend(Some(place).filter(|place| *place > 0).and_then(mark));
                current = place;
            }
            out.push(c);
        }
        if current > 0 {
            out.push(*MARKS.start());
        }
        out
    }

    /// A drawing with the marks of [`Fonts::marked`] turned into elements.
    pub(super) fn switched(&self, drawing: &str) -> String {
        let mut out = String::with_capacity(drawing.len());
        for c in drawing.chars() {
            if !MARKS.contains(&c) {
                out.push(c);
            } else if c == *MARKS.start() {
                out.push_str("</tspan>");
            } else {
                let family = self.family((u32::from(c) - u32::from(*MARKS.start())) as usize);
                let family = family.unwrap_or(FAMILIES[0]);
                out.push_str(&format!("<tspan font-family=\"'{family}', sans-serif\">"));
            }
        }
        out
    }

    /// How wide a text is at most: the sum of its advances. Shaping only makes Arabic narrower.
    pub(super) fn width(&self, text: &str, size: f64, weight: Weight) -> f64 {
        text.chars().map(|c| self.advance(c, size, weight)).sum()
    }

    fn advance(&self, c: char, size: f64, weight: Weight) -> f64 {
        let of = |font: &FontRef<'_>| {
            let metrics = font.glyph_metrics(Size::new(size as f32), LocationRef::default());
            let glyph = font.charmap().map(c)?;
            Some(metrics.advance_width(glyph).map_or(size, f64::from))
        };
        let bold = bold().filter(|_| weight == Weight::Bold);
        let further = || self.further.iter().find_map(|face| of(&face.font()?));
        let bundled = bold.into_iter().chain(faces()).find_map(of);
        bundled.or_else(further).unwrap_or(size)
    }

    /// The text in at most `most` lines of at most `room`, broken at spaces where it can be; what does not fit becomes
    /// an ellipsis.
    pub(super) fn wrap(&self, text: &str, room: f64, size: f64, weight: Weight, most: usize) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut used = 0.0;
        for word in text.split_inclusive(' ') {
            let bare = self.width(word.trim_end(), size, weight);
            let line_is_empty = lines.last().is_none_or(String::is_empty);
            if !line_is_empty && used + bare > room {
                lines.push(String::new());
                used = 0.0;
            }
            for c in word.chars() {
                let advance = self.width(c.encode_utf8(&mut [0; 4]), size, weight);
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
                *last = self.ellipsis(last, room, size, weight);
            }
        }
        lines.iter().map(|line| line.trim_end().to_owned()).collect()
    }

    /// The text on one line.
    pub(super) fn fit(&self, text: &str, room: f64, size: f64, weight: Weight) -> String {
        if self.width(text, size, weight) <= room {
            text.to_owned()
        } else {
            self.ellipsis(text, room, size, weight)
        }
    }

    fn ellipsis(&self, text: &str, room: f64, size: f64, weight: Weight) -> String {
        let mut kept = String::new();
        let mut used = self.width("…", size, weight);
        for c in text.chars() {
            used += self.width(c.encode_utf8(&mut [0; 4]), size, weight);
            if used > room {
                break;
            }
            kept.push(c);
        }
        format!("{}…", kept.trim_end())
    }
}

/// Whether a file holds at least one font that pictures can be drawn with.
#[must_use]
pub fn is_font(file: &[u8]) -> bool {
    !Fonts::new(&[file.to_vec()]).further.is_empty()
}

/// Whether a family can be named in a drawing as it is.
fn is_plain(family: &str) -> bool {
    !family.is_empty() && family.chars().all(|c| c.is_alphanumeric() || " -_.".contains(c))
}

/// The mark of a font.
fn mark(place: usize) -> Option<char> {
    char::from_u32(u32::from(*MARKS.start()) + u32::try_from(place).ok()?)
}

fn faces() -> &'static [FontRef<'static>] {
    static FACES: OnceLock<Vec<FontRef<'static>>> = OnceLock::new();
    FACES.get_or_init(|| FILES.iter().filter_map(|file| FontRef::new(file).ok()).collect())
}

fn bold() -> Option<&'static FontRef<'static>> {
    static FACE: OnceLock<Option<FontRef<'static>>> = OnceLock::new();
    FACE.get_or_init(|| FontRef::new(BOLD).ok()).as_ref()
}

/// The bundled fonts as the rasteriser wants them.
fn bundled() -> Arc<fontdb::Database> {
    static DATABASE: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let made = DATABASE.get_or_init(|| {
        let mut database = fontdb::Database::new();
        for file in FILES.into_iter().chain([BOLD]) {
            database.load_font_source(fontdb::Source::Binary(Arc::new(file)));
        }
        database.set_sans_serif_family("Noto Sans");
        database.set_serif_family("Noto Sans");
        Arc::new(database)
    });
    Arc::clone(made)
}

#[cfg(test)]
pub(super) mod tests;
