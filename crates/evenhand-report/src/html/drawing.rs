//! This module puts pictures into a page: drawings as they are but for their style, logos as data.

use super::hash::base64;
use crate::document::{Logo, LogoKind};

/// The drawing without attributes that a policy by hashes forbids, and without what belongs before a root.
///
/// The drawings are this crate's own and their text is escaped, so every `<` starts a tag.
pub(super) fn inline(svg: &str) -> String {
    let root = svg.find("<svg").unwrap_or(0);
    let mut out = String::with_capacity(svg.len());
    let mut rest = svg[root..].trim_end();
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let end = rest.find('>').map_or(rest.len(), |at| at + 1);
        push_tag(&mut out, &rest[..end]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The tag without its `style`.
fn push_tag(out: &mut String, tag: &str) {
    const STYLE: &str = " style=\"";
    let (before, after) = match tag.split_once(STYLE) {
        Some((before, value)) => (before, value.split_once('"').map_or("", |(_, after)| after)),
        None => (tag, ""),
    };
    out.push_str(before);
    out.push_str(after);
}

/// The picture as an address that holds it. A drawing from outside is never part of the page: as a picture, what it
/// might run or load stays dead.
pub(super) fn data_uri(logo: &Logo) -> String {
    let kind = match logo.kind {
        LogoKind::Png => "image/png",
        LogoKind::Jpeg => "image/jpeg",
        LogoKind::Svg => "image/svg+xml",
    };
    format!("data:{kind};base64,{}", base64(&logo.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_styles_are_lost() {
        let svg = "<?xml version=\"1.0\"?>\n<svg width=\"9\" style=\"a:b;c:d\" role=\"img\">\n<title>a style=\"x\" &lt;</title>\
                   <rect x=\"1\" style=\"fill:red\"/></svg>\n";
        assert_eq!(
            inline(svg),
            "<svg width=\"9\" role=\"img\">\n<title>a style=\"x\" &lt;</title><rect x=\"1\"/></svg>"
        );
        assert_eq!(inline("<svg x=\"1\"/>"), "<svg x=\"1\"/>");
    }
}
