//! Sets `version` and `appVersion` in the text of a `Chart.yaml` and leaves every other byte alone.
//!
//! The new text is parsed again: except for the two values it must equal the old one, or the edit
//! is refused. So a YAML style that is not supported is reported, and never corrupted.

use std::ops::Range;

use model::{Diagnostic, Location};

use crate::codes;
use crate::metadata;
use crate::yaml::{Node, Style, Value};

/// A range of the text and its replacement.
struct Change {
    span: Range<usize>,
    text: String,
}

/// The text of the `Chart.yaml` at `file` with `version` and, if given, `app_version` set.
///
/// Quotes, comments, anchors, line ends and a byte order mark are kept; a missing value is added
/// below `version` or `name`.
///
/// # Errors
/// If the text cannot be read, has no name, or is written so that it cannot be changed in place.
pub(crate) fn set_versions(
    file: &str,
    text: &str,
    version: &str,
    app_version: Option<&str>,
) -> Result<String, Diagnostic> {
    metadata::metadata_at(file, text)?;
    let mut edited = set(file, text, "version", version, "name")?;
    if let Some(app_version) = app_version {
        edited = set(file, &edited, "appVersion", app_version, "version")?;
    }
    Ok(edited)
}

/// Sets one key; one that is missing is added after the key `after`.
fn set(file: &str, text: &str, key: &str, value: &str, after: &str) -> Result<String, Diagnostic> {
    let root = metadata::mapping(file, text)?;
    let change = match root.own(key) {
        Some((name, old)) => replacement(text, name, old, value),
        None => root.own(after).and_then(|entry| addition(text, &root, entry, key, value)),
    };
    let edited = change.and_then(|change| apply(text, &change));
    let only_that_changed = |edited: &String| {
        metadata::mapping(file, edited).is_ok_and(|new| only_changed(&root, &new, key, value))
    };
    edited.filter(only_that_changed).ok_or_else(|| unclear(file, text, &root, key))
}

fn replacement(text: &str, key: &Node, old: &Node, value: &str) -> Option<Change> {
    if old.alias.is_some() {
        return Some(Change { span: old.span.clone(), text: plain_or_quoted(value) });
    }
    let Value::Scalar { style, .. } = &old.value else { return None };
    if old.span.is_empty() {
        // There is no value: it goes right behind the colon, before a comment.
        let behind = text.get(key.span.end..)?;
        let colon = key.span.end + behind.find(':')? + 1;
        return Some(Change { span: colon..colon, text: format!(" {}", plain_or_quoted(value)) });
    }
    let written = match style {
        Style::Single => format!("'{}'", value.replace('\'', "''")),
        Style::Double => double_quoted(value),
        Style::Plain => plain_or_quoted(value),
        Style::Block => return None,
    };
    Some(Change { span: old.span.clone(), text: written })
}

fn addition(
    text: &str,
    root: &Node,
    (name, beside): (&Node, &Node),
    key: &str,
    value: &str,
) -> Option<Change> {
    let written = format!("{key}: {}", plain_or_quoted(value));
    let end = beside.span.end;
    if root.flow {
        return Some(Change { span: end..end, text: format!(", {written}") });
    }
    let line_start = text.get(..name.span.start)?.rfind('\n').map_or(0, |newline| newline + 1);
    let indent = text.get(line_start..name.span.start)?.trim_start_matches('\u{feff}');
    if !indent.chars().all(|c| c == ' ') {
        return None;
    }
    // A block scalar ends where the next line starts; everything else on its last line.
    let last = if text.get(..end)?.ends_with('\n') { end - 1 } else { end };
    Some(match text.get(last..)?.find('\n') {
        Some(newline) => {
            let next = last + newline + 1;
            let eol = if text.get(..next)?.ends_with("\r\n") { "\r\n" } else { "\n" };
            Change { span: next..next, text: format!("{indent}{written}{eol}") }
        }
        None => {
            let eol = if text.contains("\r\n") { "\r\n" } else { "\n" };
            Change { span: text.len()..text.len(), text: format!("{eol}{indent}{written}") }
        }
    })
}

fn apply(text: &str, change: &Change) -> Option<String> {
    let before = text.get(..change.span.start)?;
    let after = text.get(change.span.end..)?;
    Some(format!("{before}{}{after}", change.text))
}

/// Whether `new` is `old` with only `key` changed to `value`.
fn only_changed(old: &Node, new: &Node, key: &str, value: &str) -> bool {
    let others = |node: &Node| -> Vec<(Node, Node)> {
        let other = |(name, _): &&(Node, Node)| name.text() != Some(key);
        node.entries().iter().filter(other).cloned().collect()
    };
    let same =
        |(a, b): (&(Node, Node), &(Node, Node))| a.0.says_the_same(&b.0) && a.1.says_the_same(&b.1);
    let (old, rest) = (others(old), others(new));
    let said = new.own(key).is_some_and(|(_, node)| node.is_text() && node.text() == Some(value));
    said && old.len() == rest.len() && old.iter().zip(&rest).all(same)
}

/// Plain if every reader takes it for text, otherwise in double quotes.
fn plain_or_quoted(value: &str) -> String {
    let digits = value.starts_with(|c: char| c.is_ascii_digit());
    let word =
        value.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let safe = value.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if safe && (word || (digits && value.matches('.').count() >= 2)) {
        value.to_owned()
    } else {
        double_quoted(value)
    }
}

fn double_quoted(value: &str) -> String {
    let mut quoted = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn unclear(file: &str, text: &str, root: &Node, key: &str) -> Diagnostic {
    let offset = root.own(key).map_or(root.span.start, |(name, _)| name.span.start);
    Diagnostic::new(
        &codes::CHART_UNCLEAR_VERSION,
        format!("`{key}` is written so that it cannot be set"),
    )
    .at(Location::at(file, text, offset))
    .help(format!("write it on a line of its own: `{key}: 1.2.3`"))
}

#[cfg(test)]
mod tests;
