//! This module puts the entries of a nested column together again and writes them as JSON.
//!
//! The leaves of such a column say with every value how much of the way to it is there (its definition level) and where
//! the last list on the way goes on (its repetition level): "Nested Encoding" of the Parquet format.

use std::ops::Range;

use parquet::basic::{ConvertedType, LogicalType, Repetition};
use parquet::schema::types::Type;

use super::in_order::{Leaf, NotText, text};
use super::kind::Value;

/// Deeper columns are not read.
const DEEPEST: usize = 64;

/// A part of a column.
pub(super) struct Node {
    /// The leaves in it.
    leaves: Range<usize>,
    pub(super) shape: Shape,
}

pub(super) enum Shape {
    /// A value, missing where its leaf says so.
    Leaf(usize),
    /// What may be missing as a whole: that is there from this definition level on.
    Optional(i16, Box<Node>),
    /// A list: with entries from this definition level on, which go on at this repetition level.
    List(i16, i16, Box<Node>),
    /// Keys and values, with the same levels.
    Map(i16, i16, Box<Node>, Box<Node>),
    Fields(Vec<(String, Node)>),
}

/// The levels of what holds a part, and the number of the part's first leaf.
#[derive(Clone, Copy)]
struct Place {
    definition: i16,
    repetition: i16,
    leaf: usize,
    depth: usize,
}

impl Place {
    fn within(self, definition: i16, repetition: i16) -> Self {
        Self {
            definition: self.definition + definition,
            repetition: self.repetition + repetition,
            depth: self.depth + 1,
            ..self
        }
    }
}

impl Node {
    /// The column of this type, whose first leaf has this number; nothing if it is nested too deeply.
    pub(super) fn of(column: &Type, leaf: usize) -> Option<Self> {
        let place = Place {
            definition: 0,
            repetition: 0,
            leaf,
            depth: 0,
        };
        Self::part(column, place)
    }

    pub(super) fn leaves(&self) -> Range<usize> {
        self.leaves.clone()
    }

    fn new(leaves: Range<usize>, shape: Shape) -> Self {
        Self { leaves, shape }
    }

    fn part(part: &Type, place: Place) -> Option<Self> {
        if place.depth > DEEPEST {
            return None;
        }
        match part.get_basic_info().repetition() {
            Repetition::REQUIRED => Self::body(part, place),
            // A leaf itself says whether its value is missing.
            Repetition::OPTIONAL if part.is_primitive() => Self::body(part, place),
            Repetition::OPTIONAL => {
                let body = Self::body(part, place.within(1, 0))?;
                let shape = Shape::Optional(place.definition + 1, Box::new(body));
                Some(Self::new(place.leaf..shape.end(), shape))
            }
            Repetition::REPEATED => {
                let inner = place.within(1, 1);
                let entry = Self::body(part, inner)?;
                let shape = Shape::List(inner.definition, inner.repetition, Box::new(entry));
                Some(Self::new(place.leaf..shape.end(), shape))
            }
        }
    }

    /// What is there when the part is.
    fn body(part: &Type, place: Place) -> Option<Self> {
        if part.is_primitive() {
            return Some(Self::new(place.leaf..place.leaf + 1, Shape::Leaf(place.leaf)));
        }
        let shape = match (meaning(part), part.get_fields()) {
            (Some(ConvertedType::LIST), [repeated]) if is_repeated(repeated) => {
                let inner = place.within(1, 1);
                // The rules by which old ways to write lists are told from new ones, "Backward-compatibility rules".
                let entry = match repeated.is_group().then(|| repeated.get_fields()) {
                    Some([entry]) if !is_old_list(part, repeated) => Self::part(entry, inner)?,
                    _ => Self::body(repeated, inner)?,
                };
                Shape::List(inner.definition, inner.repetition, Box::new(entry))
            }
            (Some(ConvertedType::MAP), [repeated]) if is_repeated(repeated) && repeated.is_group() => {
                let inner = place.within(1, 1);
                let [key, value] = repeated.get_fields() else {
                    return None;
                };
                let key = Self::part(key, inner)?;
                let behind = Place {
                    leaf: key.leaves.end,
                    ..inner
                };
                let value = Self::part(value, behind)?;
                Shape::Map(inner.definition, inner.repetition, Box::new(key), Box::new(value))
            }
            (_, fields) => {
                let mut parts = Vec::new();
                let mut inner = place.within(0, 0);
                for field in fields {
                    let part = Self::part(field, inner)?;
                    inner.leaf = part.leaves.end;
                    parts.push((field.name().to_owned(), part));
                }
                // The leaves are what tells whether it is there.
                parts.first()?;
                Shape::Fields(parts)
            }
        };
        Some(Self::new(place.leaf..shape.end(), shape))
    }

    /// The next row's value, as JSON; nothing if it is missing as a whole.
    pub(super) fn cell(&self, leaves: &mut [Leaf]) -> Result<Option<String>, NotText> {
        if let Shape::Optional(definition, _) = self.shape
            && self.is_missing(leaves, definition)
        {
            self.pass(leaves);
            return Ok(None);
        }
        let mut json = String::new();
        self.write(leaves, &mut json)?;
        Ok(Some(json))
    }

    fn is_missing(&self, leaves: &[Leaf], definition: i16) -> bool {
        let first = leaves.get(self.leaves.start);
        first.is_none_or(|leaf| leaf.definition() < definition)
    }

    fn goes_on(&self, leaves: &[Leaf], repetition: i16) -> bool {
        let first = leaves.get(self.leaves.start);
        first.is_some_and(|leaf| leaf.repetition() >= repetition)
    }

    /// Passes over what stands for a missing value or an empty list.
    fn pass(&self, leaves: &mut [Leaf]) {
        let leaves = leaves.get_mut(self.leaves.clone());
        leaves.into_iter().flatten().for_each(Leaf::pass);
    }

    fn write(&self, leaves: &mut [Leaf], json: &mut String) -> Result<(), NotText> {
        match &self.shape {
            Shape::Leaf(leaf) => match leaves.get_mut(*leaf) {
                Some(leaf) => leaf.take(|value| write_value(value, json))?,
                None => json.push_str("null"),
            },
            Shape::Optional(definition, _) if self.is_missing(leaves, *definition) => {
                self.pass(leaves);
                json.push_str("null");
            }
            Shape::Optional(_, body) => body.write(leaves, json)?,
            Shape::List(definition, ..) if self.is_missing(leaves, *definition) => {
                self.pass(leaves);
                json.push_str("[]");
            }
            Shape::List(_, repetition, entry) => {
                let mut mark = '[';
                loop {
                    json.push(mark);
                    entry.write(leaves, json)?;
                    mark = ',';
                    if !self.goes_on(leaves, *repetition) {
                        break;
                    }
                }
                json.push(']');
            }
            Shape::Map(definition, ..) if self.is_missing(leaves, *definition) => {
                self.pass(leaves);
                json.push_str("{}");
            }
            Shape::Map(_, repetition, key, value) => {
                let mut mark = '{';
                loop {
                    json.push(mark);
                    let mut name = String::new();
                    key.write(leaves, &mut name)?;
                    // Keys are texts in JSON.
                    if name.starts_with('"') {
                        json.push_str(&name);
                    } else {
                        write_text(&name, json);
                    }
                    json.push(':');
                    value.write(leaves, json)?;
                    mark = ',';
                    if !self.goes_on(leaves, *repetition) {
                        break;
                    }
                }
                json.push('}');
            }
            Shape::Fields(fields) => {
                let mut mark = '{';
                for (name, field) in fields {
                    json.push(mark);
                    write_text(name, json);
                    json.push(':');
                    field.write(leaves, json)?;
                    mark = ',';
                }
                json.push('}');
            }
        }
        Ok(())
    }
}

impl Shape {
    /// The number behind that of the last leaf.
    fn end(&self) -> usize {
        match self {
            Self::Leaf(leaf) => leaf + 1,
            Self::Optional(_, node) | Self::List(_, _, node) | Self::Map(_, _, _, node) => node.leaves.end,
            Self::Fields(fields) => fields.last().map_or(0, |(_, field)| field.leaves.end),
        }
    }
}

/// Whether a group is a list or a map.
fn meaning(part: &Type) -> Option<ConvertedType> {
    let info = part.get_basic_info();
    match (info.logical_type_ref(), info.converted_type()) {
        (Some(LogicalType::List), _) | (None, ConvertedType::LIST) => Some(ConvertedType::LIST),
        (Some(LogicalType::Map), _) | (None, ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE) => {
            Some(ConvertedType::MAP)
        }
        _ => None,
    }
}

fn is_repeated(part: &Type) -> bool {
    let info = part.get_basic_info();
    info.has_repetition() && info.repetition() == Repetition::REPEATED
}

/// Whether what repeats is the entry itself, and not what holds the entry.
fn is_old_list(list: &Type, repeated: &Type) -> bool {
    let name = repeated.name();
    name == "array" || name.strip_suffix("_tuple") == Some(list.name())
}

fn write_value(value: Option<Value<'_>>, json: &mut String) -> Result<(), NotText> {
    let Some(value) = value else {
        json.push_str("null");
        return Ok(());
    };
    let is_text = match value {
        Value::Text(_) => true,
        Value::Float(value) => value.is_infinite(),
        Value::Int(_) | Value::Amount(_) | Value::Bool(_) => false,
    };
    match text(value)? {
        None => json.push_str("null"),
        Some(text) if is_text => write_text(&text, json),
        Some(text) => json.push_str(&text),
    }
    Ok(())
}

fn write_text(text: &str, json: &mut String) {
    json.push_str(&serde_json::Value::from(text).to_string());
}
