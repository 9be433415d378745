//! `setup.py` without running it: the keywords of its one call of `setup` that are literals.

use super::dynamic::{Attribute, VersionSource};
use super::legacy::Legacy;
use super::literal::{Literals, assigned, identifier, imported, string};
use super::tool::VersionTool;
use crate::document::one_line;
use crate::{Located, Source};

/// What the keywords of `setup(…)` say.
pub(super) fn setup_py(source: &Source) -> Legacy {
    let mut legacy = Legacy::default();
    let Some(arguments) = arguments(&source.text) else { return legacy };
    let text =
        |name: &str| keyword(source, arguments, name).and_then(|value| constant(source, value));
    legacy.name = text("name");
    legacy.description = text("description").map(|located| one_line(&located.text));
    legacy.license = text("license").map(|located| one_line(&located.text));
    legacy.requires_python = text("python_requires").map(|located| one_line(&located.text));
    let given = |name: &str| keyword(source, arguments, name).is_some();
    legacy.version_tool = match (given("use_scm_version"), given("pbr")) {
        (true, _) => Some(VersionTool::SetuptoolsScm),
        (_, true) => Some(VersionTool::Pbr),
        _ if source.text.contains("versioneer.get_version") => Some(VersionTool::Other),
        _ => None,
    };
    legacy.version = text("version");
    if let (None, Some((_, value))) = (&legacy.version, keyword(source, arguments, "version")) {
        legacy.version_source = elsewhere(source, value)
            .map(|path| VersionSource::Attribute(Attribute { path, ..Attribute::default() }));
    }
    legacy
}

/// Offset and text of what follows `setup(`.
fn arguments(text: &str) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let calls = text.match_indices("setup(").map(|(at, _)| at);
    // `def setup(` is none.
    let calls = calls.filter(|at| {
        let before = text.get(..*at).unwrap_or_default();
        !before.ends_with(is_part) && !before.trim_end().ends_with("def")
    });
    calls.last().map(|at| at + "setup(".len())
}

/// Offset and text of the value of the keyword `name` behind `start`, to the end of the file.
fn keyword<'s>(source: &'s Source, start: usize, name: &str) -> Option<(usize, &'s str)> {
    let rest = source.text.get(start..)?;
    rest.match_indices(name).find_map(|(at, _)| {
        let before = rest.get(..at)?.trim_end();
        let after = rest.get(at + name.len()..)?.trim_start();
        let value = after.strip_prefix('=').filter(|value| !value.starts_with('='))?;
        let value = value.trim_start();
        let starts = before.is_empty() || before.ends_with([',', '(']) || ends_a_comment(before);
        starts.then_some((source.text.len() - value.len(), value))
    })
}

/// Whether the last line of `text` is a comment.
fn ends_a_comment(text: &str) -> bool {
    text.lines().next_back().is_some_and(|line| line.contains('#'))
}

/// The text that a value is, itself or by the name of a constant of the file.
fn constant(source: &Source, (at, value): (usize, &str)) -> Option<Located> {
    if let Some((text, after)) = string(value) {
        let ends = after.trim_start().starts_with([',', ')', '#']);
        return ends.then(|| Located { text, location: source.location(at) });
    }
    let name = identifier(value)?;
    let after = value.get(name.len()..)?.trim_start();
    if !after.starts_with([',', ')', '#']) {
        return None;
    }
    assigned(source, &[name], Literals::Texts)
}

/// The Python name in another file that a value stands for: `package.__version__`, or what is
/// imported from there.
fn elsewhere(source: &Source, value: &str) -> Option<String> {
    let end = value.find(|c: char| !(c.is_alphanumeric() || "_.".contains(c)))?;
    let (path, after) = value.split_at(end);
    if !after.trim_start().starts_with([',', ')', '#']) {
        return None;
    }
    match path.split_once('.') {
        Some((module, _)) => {
            let import = format!("import {module}");
            source.text.lines().any(|line| line.trim() == import).then(|| path.to_owned())
        }
        None => imported(&source.text, path).map(|(module, name)| format!("{module}.{name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: Option<&str>, version: Option<&str>) {
        let read = setup_py(&Source::new("setup.py", text.to_owned()));
        let text_of = |located: &Option<Located>| located.as_ref().map(|it| it.text.clone());
        assert_eq!(text_of(&read.name).as_deref(), name, "{text}");
        assert_eq!(text_of(&read.version).as_deref(), version, "{text}");
    }

    #[test]
    fn literal_keywords_and_constants_are_read() {
        let head = "from setuptools import setup, find_packages\n";
        let setup = |text: &str| format!("{head}{text}");
        check(&setup("setup(name='a', version=\"1.2\")\n"), Some("a"), Some("1.2"));
        check(
            &setup("setup(\n    name=\"a\",  # x\n    version = '1.2',\n)\n"),
            Some("a"),
            Some("1.2"),
        );
        check(
            &setup("VERSION = '1.2'\nsetup(name='a', version=VERSION)\n"),
            Some("a"),
            Some("1.2"),
        );
        check("import setuptools\nsetuptools.setup(version='1', name='b')\n", Some("b"), Some("1"));
        check(&setup("setup(name='a', python_version='9', version='1')\n"), Some("a"), Some("1"));
    }

    #[test]
    fn what_must_be_run_stays_open() {
        check("setup(name='a', version=open('V').read())\n", Some("a"), None);
        check("setup(name='a' + x, version='1.' + x)\n", None, None);
        check("def setup():\n    version = '1'\n", None, None);
        check("# nothing\n", None, None);
    }

    #[test]
    fn who_computes_the_version_is_known() {
        let check = |text: &str, expected: Option<VersionTool>| {
            let read = setup_py(&Source::new("setup.py", text.to_owned()));
            assert_eq!(read.version_tool, expected, "{text}");
        };
        check("setup(use_scm_version=True)", Some(VersionTool::SetuptoolsScm));
        check("setup(setup_requires=['pbr'], pbr=True)", Some(VersionTool::Pbr));
        check("setup(version=versioneer.get_version())", Some(VersionTool::Other));
        check("setup(version='1')", None);
    }

    #[test]
    fn a_version_of_another_module_is_looked_for_there() {
        let check = |text: &str, expected: Option<&str>| {
            let read = setup_py(&Source::new("setup.py", text.to_owned()));
            let found = read.version_source.map(|source| match source {
                VersionSource::Attribute(attribute) => attribute.path,
                other => format!("{other:?}"),
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("from a.b import __version__\nsetup(version=__version__)", Some("a.b.__version__"));
        check("import a\nsetup(version=a.__version__, x=1)", Some("a.__version__"));
        check("setup(version=about['__version__'])", None);
    }
}
