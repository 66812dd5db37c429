//! This module tells what the files are that a report takes up: pictures and fonts, known by what they hold and not by
//! their names.

use resvg::usvg;
use skrifa::raw::FileRef;

/// A picture for the cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Its form.
    pub kind: LogoKind,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The forms that a logo may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogoKind {
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// An SVG drawing.
    Svg,
}

impl Logo {
    /// The picture in a file; `None` when the file holds none of these.
    ///
    /// ```
    /// use evenhand_report::document::{Logo, LogoKind};
    /// let drawing = br#"<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>"#;
    /// assert_eq!(Logo::read(drawing.to_vec()).unwrap().kind, LogoKind::Svg);
    /// assert!(Logo::read(b"GIF89a".to_vec()).is_none());
    /// ```
    #[must_use]
    pub fn read(bytes: Vec<u8>) -> Option<Self> {
        let kind = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            LogoKind::Png
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            LogoKind::Jpeg
        } else {
            drawing(&bytes)?;
            LogoKind::Svg
        };
        Some(Self { kind, bytes })
    }
}

/// A drawing is parsed as a whole: half of one would be found out by a reader of the report only.
fn drawing(bytes: &[u8]) -> Option<()> {
    let text = std::str::from_utf8(bytes).ok()?;
    if !text.contains("<svg") {
        return None;
    }
    // A drawing may name other files; none is opened.
    let none = || usvg::ImageHrefResolver {
        resolve_data: Box::new(|_, _, _| None),
        resolve_string: Box::new(|_, _| None),
    };
    let options = usvg::Options {
        image_href_resolver: none(),
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(text, &options).ok().map(drop)
}

/// Whether a file holds a font, or a collection of fonts, that letters can be drawn with.
#[must_use]
pub fn is_font(bytes: &[u8]) -> bool {
    use skrifa::MetadataProvider;
    let draws = |font: &skrifa::FontRef<'_>| font.charmap().has_map();
    match FileRef::new(bytes) {
        Ok(FileRef::Font(font)) => draws(&font),
        Ok(FileRef::Collection(fonts)) => {
            let mut fonts = fonts.iter().peekable();
            fonts.peek().is_some() && fonts.all(|font| font.is_ok_and(|font| draws(&font)))
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_known_by_what_they_hold() {
        let kind = |bytes: &[u8]| Logo::read(bytes.to_vec()).map(|logo| logo.kind);
        assert_eq!(kind(b"\x89PNG\r\n\x1a\nrest"), Some(LogoKind::Png));
        assert_eq!(kind(b"\xff\xd8\xff\xe0rest"), Some(LogoKind::Jpeg));
        let svg = "<?xml version=\"1.0\"?><!-- by hand --><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 4\">\
                   <image href=\"/etc/hostname\" width=\"4\" height=\"4\"/></svg>";
        assert_eq!(kind(svg.as_bytes()), Some(LogoKind::Svg));
        let bomb = "<!DOCTYPE svg [<!ENTITY a \"&a;&a;\">]><svg xmlns=\"http://www.w3.org/2000/svg\">&a;</svg>";
        for other in [
            b"".as_slice(),
            b"GIF89a",
            b"<html><svg></html>",
            b"<svg",
            b"\xff\xfe<\0s\0v\0g\0",
            bomb.as_bytes(),
            &svg.as_bytes()[..svg.len() - 6],
        ] {
            assert_eq!(kind(other), None, "{}", String::from_utf8_lossy(other));
        }
    }

    #[test]
    fn fonts_are_known_by_what_they_hold() {
        let font = include_bytes!("../../fonts/NotoSansHebrew-Regular.ttf");
        assert!(is_font(font));
        assert!(!is_font(&font[..400]) && !is_font(b"") && !is_font(b"ttcf") && !is_font(b"wOF2"));
    }
}
