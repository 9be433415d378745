//! The first document of a YAML text as a tree of nodes with their locations.
//!
//! Helm reads only the first document of `Chart.yaml`. Scalars stay text: the caller decides what a
//! plain `1.0` means. This module must not know what a chart is.

mod load;

use std::ops::Range;

use model::{Budget, Diagnostic};

/// The most nodes of one text, after aliases are expanded: the largest `values.yaml` seen has about
/// 20,000, and aliases of aliases grow exponentially.
const MAX_NODES: usize = 500_000;

/// The deepest nesting, after aliases are expanded: deeper trees would exhaust the stack.
const MAX_DEPTH: usize = 100;

/// One node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) value: Value,
    /// Its byte range in the text: for an alias that of `*name`, otherwise without anchor and tag.
    pub(crate) span: Range<usize>,
    /// The anchor it refers to, if it is an alias.
    pub(crate) alias: Option<usize>,
    /// Whether it is a mapping or sequence in brackets.
    pub(crate) flow: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Scalar { text: String, style: Style },
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Single,
    Double,
    /// `|` or `>`.
    Block,
}

/// Reads the first document of `text`, whose path for messages is `file`; `None` if it is empty. Of
/// a mapping's equal keys the last one counts, as for Helm.
///
/// # Errors
/// If the text is not YAML, too deep, or too large.
pub(crate) fn parse(file: &str, text: &str) -> Result<Option<Node>, Diagnostic> {
    parse_within(file, text, &Budget::of(text.len() as u64))
}

/// The same for a text that is part of an artifact, whose `budget` the nodes are taken from.
///
/// # Errors
/// As [`parse`], and `too-much-work` when the nodes, with aliases as what they stand for, exceed
/// what is left.
pub(crate) fn parse_within(
    file: &str,
    text: &str,
    budget: &Budget,
) -> Result<Option<Node>, Diagnostic> {
    load::first_document(file, text, budget).map(|(root, _)| root)
}

/// That a mapping of the first document has a key more than once, if one does.
pub(crate) fn repeated_key(file: &str, text: &str) -> Option<Diagnostic> {
    let budget = Budget::of(text.len() as u64);
    load::first_document(file, text, &budget).ok().and_then(|(_, repeated)| repeated)
}

impl Node {
    /// The text of a scalar; `None` for null (empty, `~`, `null`) and collections.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, style: Style::Plain } if is_null(text) => None,
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether it is a null.
    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, style: Style::Plain } if is_null(text))
    }

    /// Whether it is a string for Helm: quoted, or plain and not a number, boolean or date.
    pub(crate) fn is_text(&self) -> bool {
        match &self.value {
            Value::Scalar { text, style: Style::Plain } => plain_is_text(text),
            Value::Scalar { .. } => true,
            _ => false,
        }
    }

    /// The items of a sequence; none for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The entries of a mapping; none for anything else.
    pub(crate) fn entries(&self) -> &[(Self, Self)] {
        match &self.value {
            Value::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The entry that this mapping itself has for `key`.
    pub(crate) fn own(&self, key: &str) -> Option<(&Self, &Self)> {
        let found = self.entries().iter().find(|(name, _)| name.text() == Some(key));
        found.map(|(key, value)| (key, value))
    }

    /// The value for `key`, its own or merged in by `<<`.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        if let Some((_, value)) = self.own(key) {
            return Some(value);
        }
        let (_, merged) = self.own("<<")?;
        match &merged.value {
            Value::Sequence(items) => items.iter().find_map(|item| item.get(key)),
            _ => merged.get(key),
        }
    }

    /// The text for `key`; empty if there is none.
    pub(crate) fn text_of(&self, key: &str) -> String {
        self.get(key).and_then(Self::text).unwrap_or_default().to_owned()
    }

    /// Whether both have the same value, regardless of location and style. Aliases of the same
    /// anchor are equal, whatever the anchor's value.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        if self.alias.is_some() && self.alias == other.alias {
            return true;
        }
        match (&self.value, &other.value) {
            (Value::Scalar { text: a, .. }, Value::Scalar { text: b, .. }) => {
                a == b && self.is_text() == other.is_text()
            }
            (Value::Sequence(a), Value::Sequence(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.says_the_same(b))
            }
            (Value::Mapping(a), Value::Mapping(b)) => {
                let same = |(a, b): (&(Self, Self), &(Self, Self))| {
                    a.0.says_the_same(&b.0) && a.1.says_the_same(&b.1)
                };
                a.len() == b.len() && a.iter().zip(b).all(same)
            }
            _ => false,
        }
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Whether a plain scalar is a string for Helm's reader, which follows YAML 1.1. Cautious: what is
/// a string here is one for every reader.
fn plain_is_text(text: &str) -> bool {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];
    let lower = text.to_ascii_lowercase();
    if lower.is_empty() || WORDS.contains(&lower.as_str()) {
        return false;
    }
    let starts_like_number = lower.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c));
    // Two dots and no colon: not a number, a date or a sexagesimal number.
    !starts_like_number || (lower.matches('.').count() >= 2 && !lower.contains([':', '_']))
}

#[cfg(test)]
mod tests;
