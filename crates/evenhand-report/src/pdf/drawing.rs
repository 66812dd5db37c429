//! This module fits drawings to a page.

use typst::foundations::{Bytes, IntoValue, Value, dict};

use super::PdfError;
use super::glyphs::Glyphs;
use super::values::{LINE, RUNNING, TITLE, WHOLE};
use crate::document::Figure;
use crate::safe::{cut, xml};

/// Columns of what is said for who cannot see a picture. The standards allow no string above 32,767 bytes.
const SAID: usize = 4_000;

/// What is cut off at the sides of a drawing, above and below it.
const SIDES: f64 = 12.0;
const ABOVE: f64 = 22.0;
const BELOW: f64 = 18.0;

pub(super) fn value(figure: &Figure, glyphs: &mut Glyphs<'_>) -> Result<Value, PdfError> {
    if figure.description.trim().is_empty() {
        return Err(PdfError::new(format!(
            "the picture \"{}\" has no description for who cannot see it",
            cut(&figure.title, RUNNING)
        )));
    }
    let svg = trimmed(&figure.svg);
    Ok(dict! {
        "ratio" => ratio(&svg),
        "svg" => Bytes::from_string(svg),
        "title" => if is_titled(figure) { String::new() } else { glyphs.print(&cut(&figure.title, TITLE), LINE) },
        "said" => glyphs.print(&cut(&figure.description, SAID), WHOLE),
    }
    .into_value())
}

/// Whether a drawing says itself what it is of.
fn is_titled(figure: &Figure) -> bool {
    figure.svg.contains(&format!("\n{}\n</text>", xml(figure.title.trim())))
}

/// The drawing without most of its margin: on paper it has one already.
fn trimmed(svg: &str) -> String {
    let Some([0.0, 0.0, width, height]) = view(svg) else {
        return svg.to_owned();
    };
    let (left, right) = (SIDES, width - SIDES);
    let (top, bottom) = (ABOVE, height - BELOW);
    let whole = format!("viewBox=\"0 0 {width} {height}\"");
    let inner = format!("viewBox=\"{left} {top} {} {}\"", right - left, bottom - top);
    svg.replacen(&whole, &inner, 1)
}

/// How high a drawing is, by its width.
fn ratio(svg: &str) -> Option<f64> {
    let [_, _, width, height] = view(svg)?;
    let ratio = height / width;
    (ratio.is_finite() && ratio > 0.0).then_some(ratio)
}

/// The part of the plane that a drawing shows: left, top, width, height.
fn view(svg: &str) -> Option<[f64; 4]> {
    let (_, view) = svg.split_once("viewBox=\"")?;
    let (view, _) = view.split_once('"')?;
    let sides: Vec<f64> = view.split_whitespace().filter_map(|side| side.parse().ok()).collect();
    sides.try_into().ok()
}

#[cfg(test)]
mod tests {
    use resvg::usvg::roxmltree;

    use super::*;
    use crate::plot;
    use crate::sample;

    #[test]
    fn margins_are_cut_where_nothing_is_drawn() {
        let audit = sample::failing().audit();
        for figure in [plot::Figure::Rates, plot::Figure::Overview] {
            let svg = plot::svg(&audit, figure);
            let [left, top, width, height] = view(&trimmed(&svg)).unwrap();
            let tree = roxmltree::Document::parse(&svg).unwrap();
            let mut looked_at = 0;
            for text in tree.descendants().filter(|node| node.has_tag_name("text")) {
                let at = |name| text.attribute(name).unwrap().parse::<f64>().unwrap();
                let letters: f64 = at("font-size");
                assert!(at("x") >= left && at("x") <= left + width);
                assert!(at("y") - letters / 2.0 >= top && at("y") + letters <= top + height);
                looked_at += 1;
            }
            assert!(looked_at > 4);
        }
        assert_eq!(trimmed("<svg/>"), "<svg/>");
    }

    #[test]
    fn a_title_that_is_drawn_is_not_set_again() {
        let figure = |title: &str| Figure {
            svg: "<svg><text>\nRates of &quot;A&quot; &amp; B\n</text></svg>".to_owned(),
            title: title.to_owned(),
            description: String::new(),
            table: None,
        };
        assert!(is_titled(&figure("Rates of \"A\" & B")));
        assert!(!is_titled(&figure("Rates of")));
    }
}
