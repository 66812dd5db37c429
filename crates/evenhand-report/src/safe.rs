//! This module makes text from outside harmless, once per output format.
//!
//! Group names, column names and file names are data: whoever wrote the file chose them. Nothing is dropped, so
//! that two names that differ still look different; what cannot be seen or would act is spelled out.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

/// Spells out every character that is invisible, moves the cursor or turns the direction of the text, such as
/// `\u{1b}` for ESC.
///
/// ```
/// assert_eq!(evenhand_report::safe::visible("a\u{1b}[31mb"), r"a\u{1b}[31mb");
/// assert_eq!(evenhand_report::safe::visible("naïve 名"), "naïve 名");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            push_escaped(&mut out, c)
        } else {
            out.push(c)
        }
    }
    out
}

/// Text for a terminal or a log: [`visible`], and without what the runners of CI read as commands (`::error::`,
/// `##[group]`, `##vso[...]`), wherever a line happens to be broken.
#[must_use]
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = '\0';
    for c in visible(text).chars() {
        if c == before && (c == ':' || c == '#') {
            push_escaped(&mut out, c);
            // `:::` is two colons after an escaped one: start afresh.
            before = '\0';
        } else {
            out.push(c);
            before = c;
        }
    }
    out
}

/// Text for GitHub Markdown, inline or in a cell of a table: markup, HTML, mentions, issue numbers and automatic
/// links all stay text.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A mention or an issue number needs the sign and the name side by side.
            '@' => out.push_str("@&#8203;"),
            '#' => out.push_str("\\#&#8203;"),
            ':' if rest.starts_with("://") => out.push_str(":&#8203;"),
            '.' if ends_with_www(&text[..at]) => out.push_str("&#8203;."),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            // At the start of a line these make a list or a rule.
            '-' | '+' | '=' if at == 0 && marks_line(rest) => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')' if at > 0 && marks_line(rest) && text[..at].bytes().all(|b| b.is_ascii_digit()) => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

/// Whether a sign that starts `rest` is followed by what makes it a mark of a list or a rule.
fn marks_line(rest: &str) -> bool {
    let mut chars = rest.chars();
    let sign = chars.next();
    chars.next().is_none_or(|next| next == ' ' || Some(next) == sign)
}

fn ends_with_www(text: &str) -> bool {
    text.len() >= 3 && text.as_bytes()[text.len() - 3..].eq_ignore_ascii_case(b"www")
}

/// Text for XML and SVG, in content or in a quoted attribute. Characters that XML 1.0 forbids are spelled out.
#[must_use]
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ => out.push(c),
        }
    }
    out
}

/// JSON text with every hidden character outside ASCII, and every doubled `#`, as an escape. The value it stands
/// for is the same; a terminal or a log that shows it is not misled.
#[must_use]
pub fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = '\0';
    for c in text.chars() {
        if (!c.is_ascii() && is_hidden(c)) || (c == '#' && before == '#') || c == '\u{7f}' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
            before = '\0';
        } else {
            out.push(c);
            before = c;
        }
    }
    out
}

/// The text cut to `columns` columns of a terminal, with an ellipsis in place of what is missing.
///
/// ```
/// assert_eq!(evenhand_report::safe::cut("abcdef", 4), "abc…");
/// assert_eq!(evenhand_report::safe::cut("abcd", 4), "abcd");
/// ```
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    let mut used = 0;
    // Where to cut, should the rest not fit: after the last character that leaves room for the ellipsis.
    let mut room_until = 0;
    for (count, (at, c)) in text.char_indices().enumerate() {
        let width = c.width().unwrap_or(0);
        if used + width > columns || count >= columns * CHARACTERS_PER_COLUMN {
            return format!("{}…", &text[..room_until]);
        }
        used += width;
        if used < columns {
            room_until = at + c.len_utf8();
        }
    }
    text.to_owned()
}

/// Marks that stack on a letter take no column; more than this many for each column are cut as well.
const CHARACTERS_PER_COLUMN: usize = 4;

/// [`visible`] and [`cut`], without looking at more of an endless name than is shown.
#[must_use]
pub fn visible_cut(text: &str, columns: usize) -> String {
    let most = columns * CHARACTERS_PER_COLUMN + 1;
    let start = text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at]);
    cut(&visible(start), columns)
}

fn push_escaped(out: &mut String, c: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
}

/// Whether a character shows nothing, or acts on the text around it.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'            // control characters
        | '\u{ad}' | '\u{34f}' | '\u{61c}'               // soft hyphen, grapheme joiner, Arabic letter mark
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'                        // zero width, direction marks
        | '\u{2028}'..='\u{202e}'                        // line separators, embeddings, overrides
        | '\u{2060}'..='\u{206f}'                        // word joiner, isolates
        | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{e0000}'..='\u{e0fff}'                      // tags and further selectors
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn every_hidden_character_is_spelled_out() {
        for c in [
            '\u{1b}', '\0', '\n', '\r', '\t', '\u{7f}', '\u{9b}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}',
        ] {
            let shown = visible(&format!("a{c}b"));
            assert_eq!(shown, format!("a\\u{{{:x}}}b", u32::from(c)));
            assert_eq!(visible(&shown), shown, "what is visible stays as it is");
        }
    }

    #[test]
    fn workflow_commands_are_broken_up() {
        assert_eq!(terminal("::error::x"), r":\u{3a}error:\u{3a}x");
        assert!(!terminal(":::::").contains("::"));
        assert!(!terminal("##vso[task]").contains("##"));
        assert_eq!(terminal("10:30 #1"), "10:30 #1");
    }

    #[test]
    fn markdown_keeps_markup_as_text() {
        assert_eq!(markdown("a|b`c*"), r"a\|b\`c\*");
        assert_eq!(markdown("<img onerror=x>"), "&lt;img onerror=x&gt;");
        assert_eq!(markdown("# x"), "\\#&#8203; x");
        assert_eq!(markdown("@team"), "@&#8203;team");
        assert_eq!(markdown("https://a.b"), "https:&#8203;//a.b");
        assert_eq!(markdown("WWW.a.b"), "WWW&#8203;.a.b");
        assert_eq!(markdown("- x\n# y"), "\\- x\\\\u{a}\\#&#8203; y");
        assert_eq!(markdown("1. x"), r"1\. x");
        assert_eq!(markdown("1.5%"), "1.5%");
        assert_eq!(markdown("-1.5"), "-1.5");
        assert_eq!(markdown("---"), r"\---");
    }

    #[test]
    fn xml_has_no_markup_and_no_illegal_character() {
        assert_eq!(
            xml("</script>\0\u{ffff}\"'"),
            "&lt;/script&gt;\\u{0}\\u{ffff}&quot;&apos;"
        );
    }

    #[test]
    fn json_escapes_keep_the_value() {
        let value = "x\u{202e}y##z\u{e0041}\u{9b}";
        let text = json(&serde_json::to_string(value).unwrap());
        assert!(text.is_ascii() && !text.contains("##"));
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), value);
    }

    #[test]
    fn cutting_counts_columns() {
        assert_eq!(cut("名名名名", 5), "名名…");
        assert_eq!(cut(&"x".repeat(10_000), 60).width(), 60);
        assert_eq!(visible_cut(&"\u{1b}".repeat(10_000), 12), "\\u{1b}\\u{1b…");
        let stacked = format!("e{}", "\u{301}".repeat(10_000));
        assert!(visible_cut(&stacked, 60).len() < 1_000);
        assert_eq!(cut("e\u{301}", 1), "e\u{301}");
    }
}
