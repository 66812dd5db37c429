//! This module turns an SVG that this crate drew into a PNG, with the bundled fonts and those that are given.

use std::fmt;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::Fonts;

/// Why there is no PNG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlotError {
    /// The text is not the SVG of a plot.
    Svg(String),
    /// The picture would have no pixels, or more than fit in memory.
    Size {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The encoder failed.
    Png(String),
}

impl fmt::Display for PlotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Svg(why) => write!(f, "the plot is not valid SVG: {why}"),
            Self::Size { width, height } => {
                write!(
                    f,
                    "a picture of {width} x {height} pixels cannot be made; choose a scale closer to 1"
                )
            }
            Self::Png(why) => write!(f, "the PNG could not be encoded: {why}"),
        }
    }
}

impl std::error::Error for PlotError {}

/// Pixels of the largest picture: 256 MB of memory.
const MOST_PIXELS: u64 = 1 << 26;

/// The plot as a PNG, `scale` pixels for each unit of the SVG.
///
/// # Errors
/// When `svg` is no SVG, or `scale` makes a picture that is empty or too large.
pub fn png(svg: &str, scale: f32) -> Result<Vec<u8>, PlotError> {
    png_with(svg, scale, &Fonts::default())
}

/// The plot as a PNG, as [`png`] makes it, with the fonts that it was drawn with.
///
/// # Errors
/// When `svg` is no SVG, or `scale` makes a picture that is empty or too large.
pub fn png_with(svg: &str, scale: f32, fonts: &Fonts) -> Result<Vec<u8>, PlotError> {
    let options = Options {
        font_family: "Noto Sans".to_owned(),
        fontdb: fonts.database(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|error| PlotError::Svg(error.to_string()))?;
    // Casts of floats saturate, and not-a-number becomes 0.
    let width = (tree.size().width() * scale).ceil() as u32;
    let height = (tree.size().height() * scale).ceil() as u32;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(PlotError::Size { width, height });
    }
    let mut pixels = Pixmap::new(width, height).ok_or(PlotError::Size { width, height })?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| PlotError::Png(error.to_string()))
}
