//! TOML documents: their syntax, and values by path of keys.

use model::Diagnostic;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::codes;
use crate::source::{Located, Source};

/// The document of a manifest in TOML.
///
/// # Errors
/// The first syntax error, at its location.
pub(crate) fn parse(source: &Source) -> Result<DeTable<'_>, Diagnostic> {
    DeTable::parse(&source.text).map(Spanned::into_inner).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        let message = format!("not TOML: {}", error.message().replace('\n', "; "));
        source.error(offset, &codes::MANIFEST_SYNTAX, message).help("correct the syntax")
    })
}

/// The value at `path`, one key a step.
pub(crate) fn value<'t, 'i>(
    table: &'t DeTable<'i>,
    path: &[&str],
) -> Option<&'t Spanned<DeValue<'i>>> {
    let (last, tables) = path.split_last()?;
    let mut table = table;
    for name in tables {
        table = table.get(*name)?.get_ref().as_table()?;
    }
    table.get(*last)
}

/// The text at `path`.
pub(crate) fn text<'t>(table: &'t DeTable<'_>, path: &[&str]) -> Option<&'t str> {
    value(table, path)?.get_ref().as_str()
}

/// The text at `path` and its location.
pub(crate) fn located(table: &DeTable<'_>, path: &[&str], source: &Source) -> Option<Located> {
    let value = value(table, path)?;
    let text = value.get_ref().as_str()?.to_owned();
    Some(Located { text, location: source.location(value.span().start) })
}

/// The table at `path`.
pub(crate) fn table<'t, 'i>(table: &'t DeTable<'i>, path: &[&str]) -> Option<&'t DeTable<'i>> {
    value(table, path)?.get_ref().as_table()
}

/// The texts in the list at `path`; none when there is no list.
pub(crate) fn texts(table: &DeTable<'_>, path: &[&str]) -> Vec<String> {
    let list = value(table, path).and_then(|value| value.get_ref().as_array());
    list.into_iter()
        .flat_map(|array| array.iter())
        .filter_map(|item| item.get_ref().as_str().map(str::to_owned))
        .collect()
}

/// Whether the value at `path` is this flag.
pub(crate) fn is(table: &DeTable<'_>, path: &[&str], flag: bool) -> bool {
    value(table, path).and_then(|value| value.get_ref().as_bool()) == Some(flag)
}

/// Text of other people on one line, its runs of white space as one blank.
pub(crate) fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
