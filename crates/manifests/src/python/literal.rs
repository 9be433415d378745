//! Versions written as literals in source files: `__version__ = "1.2.3"`.

use crate::{Located, Source};

/// The text that a line `NAME = "…"` or `NAME: str = "…"` gives one of `names`.
pub(super) fn assigned(source: &Source, names: &[&str]) -> Option<Located> {
    let mut offset = 0;
    for line in source.text.split_inclusive('\n') {
        if let Some((at, text)) = names.iter().find_map(|name| assignment(line, name)) {
            return Some(Located { text, location: source.location(offset + at) });
        }
        offset += line.len();
    }
    None
}

fn assignment(line: &str, name: &str) -> Option<(usize, String)> {
    let rest = line.strip_prefix(name)?.trim_start();
    let rest = match rest.strip_prefix(':') {
        // An annotation: `: str`, `: Final[str]`.
        Some(annotated) => annotated.split_once('=').map(|(_, value)| value)?,
        None => rest.strip_prefix('=')?,
    };
    let value = rest.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = value.strip_prefix(quote)?;
    let end = inner.find(quote)?;
    let text = inner.get(..end)?;
    // `""` opens a docstring, and an f-string or a sum is not a literal.
    let after = inner.get(end + 1..)?.trim_start();
    let ends = after.is_empty() || after.starts_with('#') || after.starts_with(';');
    (ends && !text.is_empty() && !text.contains('\\'))
        .then(|| (line.len() - value.len(), text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, usize)>) {
        let source = Source::new("v.py", text.to_owned());
        let found = assigned(&source, &["__version__", "VERSION"]);
        let found = found.as_ref().map(|located| (located.text.as_str(), located.location.line));
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn a_literal_version_is_read_from_the_line_that_assigns_it() {
        check("\"\"\"doc\"\"\"\n__version__ = '1.2.3'  # now\n", Some(("1.2.3", 2)));
        check("VERSION: str = \"2.0\"\r\n", Some(("2.0", 1)));
        check("__version__=\"1\"", Some(("1", 1)));
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
    }
}
