//! This module reads the XML of workbooks.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart};

use super::book::Trouble;

/// A part that is read from its start.
pub(super) type Xml<'a> = Reader<BufReader<Box<dyn Read + 'a>>>;

/// An empty element comes as a start and an end. Ends need not match, so that nothing has to be kept to check them.
pub(super) fn reader<'a>(source: impl Read + 'a) -> Xml<'a> {
    let source: Box<dyn Read + 'a> = Box::new(source);
    let mut reader = Reader::from_reader(BufReader::with_capacity(1 << 16, source));
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    reader
}

/// The attribute of this name, whatever its prefix.
pub(super) fn attribute(start: &BytesStart<'_>, name: &str) -> Result<Option<String>, Trouble> {
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(Trouble::broken)?;
        if attribute.key.local_name().as_ref() == name {
            let text = quick_xml::escape::unescape(&attribute.value).map_err(Trouble::broken)?;
            return Ok(Some(text.into_owned()));
        }
    }
    Ok(None)
}

/// A whole number in an attribute.
pub(super) fn number(start: &BytesStart<'_>, name: &str) -> Result<Option<u32>, Trouble> {
    let Some(text) = attribute(start, name)? else {
        return Ok(None);
    };
    let number = text.trim().parse().ok();
    number
        .map(Some)
        .ok_or_else(|| Trouble::broken(format!("`{name}` is no number")))
}

pub(super) fn is_true(start: &BytesStart<'_>, name: &str) -> Result<bool, Trouble> {
    Ok(matches!(attribute(start, name)?.as_deref(), Some("1" | "true" | "on")))
}

/// What `&amp;` and the like stand for.
pub(super) fn resolve(reference: &BytesRef<'_>, text: &mut String) -> Result<(), Trouble> {
    let name: &str = reference;
    if let Some(known) = quick_xml::escape::resolve_predefined_entity(name) {
        text.push_str(known);
        return Ok(());
    }
    match reference.resolve_char_ref().map_err(Trouble::broken)? {
        Some(letter) => {
            text.push(letter);
            Ok(())
        }
        None => Err(Trouble::broken(format!("it has an unknown entity `{name}`"))),
    }
}
