//! Short ways into a parsed TOML document, by path of keys.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Sited;
use crate::source::Source;

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

/// The text at `path` and its place.
pub(crate) fn sited(table: &DeTable<'_>, path: &[&str], source: &Source) -> Option<Sited> {
    let value = value(table, path)?;
    let text = value.get_ref().as_str()?.to_owned();
    Some(Sited { text, location: source.location(value.span().start) })
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
