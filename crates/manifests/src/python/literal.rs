//! Versions written as literals in source files: `__version__ = "1.2.3"`, and the names under which
//! a module takes one from another.

use crate::{Located, Source};

/// Which values count as a literal version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Literals {
    /// One text.
    Texts,
    /// Also `(1, 2, 3)`, whose parts setuptools joins by dots.
    Tuples,
}

/// The text that a line `NAME = "…"`, `NAME: str = "…"` or `OTHER = NAME = "…"` gives one of
/// `names`.
pub(super) fn assigned(source: &Source, names: &[&str], literals: Literals) -> Option<Located> {
    let mut offset = 0;
    for line in source.text.split_inclusive('\n') {
        if let Some((at, value)) = assignment(line, names)
            && let Some(text) = literal(value, literals)
        {
            return Some(Located { text, location: source.location(offset + at) });
        }
        offset += line.len();
    }
    None
}

/// The value that a line gives one of `names`, and where it starts.
fn assignment<'l>(line: &'l str, names: &[&str]) -> Option<(usize, &'l str)> {
    let mut rest = line;
    let mut is_named = false;
    loop {
        let target = identifier(rest)?;
        is_named |= names.contains(&target);
        let after = rest.get(target.len()..)?.trim_start();
        let after = match after.strip_prefix(':') {
            // An annotation: `: str`, `: Final[str]`.
            Some(annotated) => annotated.get(annotated.find('=')?..)?,
            None => after,
        };
        let value = after.strip_prefix('=').filter(|value| !value.starts_with('='))?;
        rest = value.trim_start();
        let chained = identifier(rest).is_some_and(|next| {
            let after = rest.get(next.len()..).unwrap_or_default().trim_start();
            after.starts_with('=') && !after.starts_with("==")
        });
        if !chained {
            return is_named.then_some((line.len() - rest.len(), rest));
        }
    }
}

/// The identifier that `text` starts with.
pub(super) fn identifier(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    let found = text.get(..end)?;
    (!found.is_empty() && !found.starts_with(|c: char| c.is_ascii_digit())).then_some(found)
}

/// The version that a value is, to the end of its line.
fn literal(value: &str, literals: Literals) -> Option<String> {
    if let Some((text, after)) = string(value) {
        return ends(after).then_some(text);
    }
    let (inner, after) = match value.chars().next()? {
        '(' => value.strip_prefix('(')?.split_once(')')?,
        '[' => value.strip_prefix('[')?.split_once(']')?,
        _ => return None,
    };
    let is_tuple = value.starts_with('[') || inner.contains(',');
    if !ends(after) {
        return None;
    }
    match (is_tuple, literals) {
        (false, _) => string(inner).filter(|(_, after)| after.trim().is_empty()).map(|it| it.0),
        (true, Literals::Texts) => None,
        (true, Literals::Tuples) => {
            let parts = inner.trim().trim_end_matches(',').split(',').map(str::trim);
            let parts: Option<Vec<String>> = parts.map(part).collect();
            parts.map(|parts| parts.join("."))
        }
    }
}

fn part(text: &str) -> Option<String> {
    let is_number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if is_number {
        return Some(text.to_owned());
    }
    string(text).filter(|(_, after)| after.is_empty()).map(|(text, _)| text)
}

/// The string literal that `value` starts with, and what follows it. An f-string is none.
pub(super) fn string(value: &str) -> Option<(String, &str)> {
    let value = value.strip_prefix(['u', 'U', 'r', 'R']).unwrap_or(value);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let long = quote.to_string().repeat(3);
    let mark = if value.starts_with(&long) { &long } else { &long[..1] };
    let (text, after) = value.strip_prefix(mark)?.split_once(mark)?;
    let plain = !text.is_empty() && !text.contains(['\\', '\n']);
    plain.then(|| (text.to_owned(), after))
}

/// Whether a statement ends here: a sum or a call is not a literal.
fn ends(after: &str) -> bool {
    let after = after.trim_start();
    after.is_empty() || after.starts_with('#') || after.starts_with(';')
}

/// Where a module takes `name` from by `from MODULE import NAME` or `… import OTHER as NAME`: the
/// module as it is written, and the name there.
pub(super) fn imported<'s>(source: &'s str, name: &str) -> Option<(&'s str, &'s str)> {
    let starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1));
    starts.filter_map(|start| source.get(start..)?.strip_prefix("from ")).find_map(|rest| {
        let (module, names) = rest.split_once(" import ")?;
        let module = module.trim();
        if module.contains(|c: char| c.is_whitespace()) {
            return None;
        }
        let names = match names.trim_start().strip_prefix('(') {
            Some(several) => several.split_once(')')?.0,
            None => names.lines().next()?,
        };
        let bare = |line: &'s str| line.split('#').next().unwrap_or_default();
        let mut listed = names.lines().flat_map(|line| bare(line).split(',')).map(str::trim);
        let taken = |item: &'s str| match item.split_once(" as ") {
            Some((theirs, ours)) => (ours.trim() == name).then(|| theirs.trim()),
            None => (item == name).then_some(item),
        };
        listed.find_map(taken).map(|theirs| (module, theirs))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, usize)>) {
        let source = Source::new("v.py", text.to_owned());
        let found = assigned(&source, &["__version__", "VERSION"], Literals::Texts);
        let found = found.as_ref().map(|located| (located.text.as_str(), located.location.line));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_literal_version_is_read_from_the_line_that_assigns_it() {
        check("\"\"\"doc\"\"\"\n__version__ = '1.2.3'  # now\n", Some(("1.2.3", 2)));
        check("VERSION: str = \"2.0\"\r\n", Some(("2.0", 1)));
        check("VERSION: Final[str] = \"2.0\"", Some(("2.0", 1)));
        check("__version__=\"1\"", Some(("1", 1)));
        check("__version__ = version = '1.2.3'\n", Some(("1.2.3", 1)));
        check("version = __version__ = '1.2.3'\n", Some(("1.2.3", 1)));
        check("a = 1\n__version__ = (\"1.2\")\n", Some(("1.2", 2)));
        check("__version__ = u'1.2'; x = 1\n", Some(("1.2", 1)));
        check("__version__ = \"\"\"1.2\"\"\"\n", Some(("1.2", 1)));
    }

    #[test]
    fn what_is_computed_is_not_a_literal() {
        check("__version__ = f\"{a}\"", None);
        check("__version__ = \"1.\" + minor", None);
        check("__version__ == \"1\"", None);
        check("__version__ = get()", None);
        check("    __version__ = \"1\"", None);
        check("__version__ = \"1", None);
        check("__version_info__ = \"1\"", None);
        check("__version__ = \".\".join(map(str, __version_info__))", None);
        check("__version__ = version == \"1\"", None);
        check("__version__ = (1, 2)", None);
        check("version = \"1\"", None);
    }

    #[test]
    fn the_parts_of_a_tuple_are_joined_where_the_backend_joins_them() {
        let check = |text: &str, expected: Option<&str>| {
            let source = Source::new("v.py", text.to_owned());
            let found = assigned(&source, &["VERSION"], Literals::Tuples);
            assert_eq!(found.map(|located| located.text).as_deref(), expected, "{text}");
        };
        check("VERSION = (1, 2, 3)", Some("1.2.3"));
        check("VERSION = [1, 2, 'rc1',]  # x", Some("1.2.rc1"));
        check("VERSION = \"1.2\"", Some("1.2"));
        check("VERSION = (1, minor)", None);
        check("VERSION = (1, 2) + more", None);
    }

    #[test]
    fn a_name_is_followed_to_the_module_that_it_comes_from() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            assert_eq!(imported(text, "__version__"), expected, "{text}");
        };
        check("import os\nfrom ._version import __version__\n", Some(("._version", "__version__")));
        check("from .v import version as __version__  # x", Some((".v", "version")));
        check(
            "from a.b import (\n    x,  # __version__\n    __version__,\n)\n",
            Some(("a.b", "__version__")),
        );
        check("from .v import __version__ as v\n", None);
        check("    from .v import __version__\n", None);
        check("import __version__\n", None);
    }
}
