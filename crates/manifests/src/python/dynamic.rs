//! Versions that `pyproject.toml` leaves to its backend, read where the backend reads them.
//!
//! Only literals: what would have to be run (`setup.py`, git tags) stays unknown.

use model::Diagnostic;

use super::literal::{Literals, assigned, identifier, imported, string};
use crate::path::{join, join_relative};
use crate::{Located, Manifests, Source};

/// Where a dynamic version is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum VersionSource {
    /// A Python name.
    Attribute(Attribute),
    /// A file with nothing else in it.
    WholeFile(String),
    /// A Python file with a literal `__version__` or `VERSION`.
    PythonFile(String),
    /// A file in which a regular expression finds it, behind this word.
    Behind {
        /// The file's path.
        path: String,
        /// The last word of the expression before the version.
        word: String,
    },
}

/// A Python name: `package.module.attribute`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Attribute {
    /// The name.
    pub(super) path: String,
    /// Folders that modules are looked for in, before the project's own and `src`.
    pub(super) roots: Vec<String>,
    /// Packages that lie elsewhere, each with its folder.
    pub(super) packages: Vec<(String, String)>,
    /// Whether a tuple is a version.
    pub(super) tuples: bool,
}

/// Modules that a name is followed through at most.
const MAX_IMPORTS: usize = 4;

impl Manifests<'_> {
    /// The version that `source` gives the project in `folder`.
    pub(super) fn dynamic_version(
        &self,
        folder: &str,
        source: &VersionSource,
    ) -> Result<Option<Located>, Diagnostic> {
        match source {
            VersionSource::Attribute(attribute) => {
                let Some((module, name)) = attribute.path.rsplit_once('.') else { return Ok(None) };
                self.attribute(folder, attribute, module, name, MAX_IMPORTS)
            }
            VersionSource::WholeFile(path) => self.whole_file(folder, path),
            VersionSource::PythonFile(path) => {
                let found = self.relative(folder, path)?;
                Ok(found.and_then(|source| assigned(&source, &NAMES, Literals::Texts)))
            }
            VersionSource::Behind { path, word } => {
                let found = self.relative(folder, path)?;
                Ok(found.and_then(|source| behind(&source, word)))
            }
        }
    }

    fn relative(&self, folder: &str, path: &str) -> Result<Option<Source>, Diagnostic> {
        match join_relative(folder, path) {
            Some(path) => self.text(&path),
            None => Ok(None),
        }
    }

    fn attribute(
        &self,
        folder: &str,
        attribute: &Attribute,
        module: &str,
        name: &str,
        left: usize,
    ) -> Result<Option<Located>, Diagnostic> {
        let literals = if attribute.tuples { Literals::Tuples } else { Literals::Texts };
        for stem in stems(attribute, module) {
            for (file, is_package) in [(format!("{stem}.py"), false), (join(&stem, INIT), true)] {
                let Some(source) = self.relative(folder, &file)? else { continue };
                if let Some(found) = assigned(&source, &[name], literals) {
                    return Ok(Some(found));
                }
                let Some((from, theirs)) = imported(&source.text, name) else { return Ok(None) };
                let from = absolute(module, is_package, from);
                return match (from, left.checked_sub(1)) {
                    (Some(from), Some(left)) => {
                        self.attribute(folder, attribute, &from, theirs, left)
                    }
                    _ => Ok(None),
                };
            }
        }
        Ok(None)
    }

    fn whole_file(&self, folder: &str, path: &str) -> Result<Option<Located>, Diagnostic> {
        let Some(source) = self.relative(folder, path)? else { return Ok(None) };
        let text = source.text.trim().to_owned();
        let fits = !text.is_empty() && !text.contains('\n');
        Ok(fits.then(|| Located { text, location: source.location(0) }))
    }
}

/// What hatch and pdm look for.
const NAMES: [&str; 2] = ["__version__", "VERSION"];

const INIT: &str = "__init__.py";

/// Where `module` may lie, without the end of the file's name.
fn stems(attribute: &Attribute, module: &str) -> Vec<String> {
    let elsewhere = attribute.packages.iter().filter_map(|(package, folder)| {
        let rest = module.strip_prefix(package.as_str())?;
        let inside = rest.is_empty() || rest.starts_with('.');
        inside.then(|| format!("{folder}{}", rest.replace('.', "/")))
    });
    let path = module.replace('.', "/");
    let roots = attribute.roots.iter().map(String::as_str).chain([".", "src"]);
    let own = |root: &str| if root.is_empty() { path.clone() } else { join(root, &path) };
    elsewhere.chain(roots.map(own)).collect()
}

/// The module that `from` names inside of `module` (Python reference, "Package relative imports").
fn absolute(module: &str, is_package: bool, from: &str) -> Option<String> {
    let name = from.trim_start_matches('.');
    let dots = from.len() - name.len();
    if dots == 0 {
        return Some(name.to_owned());
    }
    let mut parts: Vec<&str> = module.split('.').collect();
    let up = if is_package { dots - 1 } else { dots };
    parts.truncate(parts.len().checked_sub(up)?);
    parts.extend(Some(name).filter(|name| !name.is_empty()));
    Some(parts.join("."))
}

/// The one text in quotes that `word` is given in the file, by `=` or `:`.
fn behind(source: &Source, word: &str) -> Option<Located> {
    let mut found: Option<Located> = None;
    for (at, _) in source.text.match_indices(word) {
        let before = source.text.get(..at)?.chars().next_back();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let rest = source.text.get(at + word.len()..)?;
        if before.is_some_and(is_part) || rest.starts_with(is_part) {
            continue;
        }
        // The quote of a key: `"version": "1.2.3"`.
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start_matches([' ', '\t']);
        let rest = match rest.strip_prefix(':') {
            Some(typed) => match identifier(typed.trim_start()) {
                Some(kind) => typed.trim_start().get(kind.len()..)?.trim_start().strip_prefix('='),
                None => Some(typed),
            },
            None => rest.strip_prefix('=').filter(|rest| !rest.starts_with('=')),
        };
        let Some((text, _)) = rest.and_then(|rest| string(rest.trim_start())) else { continue };
        if found.as_ref().is_some_and(|found| found.text != text) {
            return None;
        }
        found.get_or_insert(Located { text, location: source.location(at) });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_import_starts_at_its_package() {
        let check = |module: &str, is_package: bool, from: &str, expected: Option<&str>| {
            assert_eq!(absolute(module, is_package, from).as_deref(), expected, "{module} {from}");
        };
        check("a", true, "._version", Some("a._version"));
        check("a.b", false, ".c", Some("a.c"));
        check("a.b", true, "..c", Some("a.c"));
        check("a.b", true, ".", Some("a.b"));
        check("a", true, "b.c", Some("b.c"));
        check("a", false, "...c", None);
    }

    #[test]
    fn the_word_before_the_version_leads_to_it() {
        let check = |text: &str, word: &str, expected: Option<&str>| {
            let found = behind(&Source::new("f", text.to_owned()), word);
            assert_eq!(found.map(|located| located.text).as_deref(), expected, "{text}");
        };
        check("x = 1\nVERSION = '1.2'\n", "VERSION", Some("1.2"));
        check("{\n  \"version\": \"1.2\"\n}\n", "version", Some("1.2"));
        check("  release: str = \"1.2\"\n", "release", Some("1.2"));
        check("version = \"1\"\nversion = \"2\"\n", "version", None);
        check("my_version = \"1\"\n", "version", None);
        check("version = get()\n", "version", None);
    }
}
