//! `pyproject.toml` as PEP 518, PEP 621 and the backends' own tables define it.

use model::{Diagnostic, normalized_python_name};
use toml::de::DeTable;

use crate::document::{located, one_line, parse, table, text, texts, value};
use crate::{Located, Source};

use super::dynamic::{Attribute, VersionSource};
use super::literal::identifier;
use super::tool::{VersionTool, version_tool};

/// What one `pyproject.toml` says.
#[derive(Debug, Default)]
pub struct PyProject {
    pub(super) name: Option<Located>,
    pub(super) version: Option<Located>,
    pub(super) description: Option<String>,
    pub(super) license: Option<String>,
    pub(super) requires_python: Option<String>,
    pub(super) repository: Option<String>,
    /// `build-backend`; empty when not said.
    pub(super) backend: String,
    /// `build-system.requires`.
    pub(super) requires: Vec<String>,
    /// Whether there is a `[project]` or `[tool.poetry]` at all.
    pub(super) is_project: bool,
    /// `[tool.maturin]`.
    pub(super) maturin: Maturin,
    /// Where a backend finds a version that is not in `[project]`.
    pub(super) version_sources: Vec<VersionSource>,
    /// Who makes the version out of git.
    pub(super) version_tool: Option<VersionTool>,
}

/// `[tool.maturin]`.
#[derive(Debug, Default)]
pub(super) struct Maturin {
    pub(super) manifest_path: Option<String>,
    pub(super) bindings: Option<String>,
    pub(super) features: Vec<String>,
}

impl PyProject {
    /// Reads a manifest by itself: a version that it leaves to its backend stays open.
    ///
    /// # Errors
    /// The first syntax error.
    pub fn parse(source: &Source) -> Result<Self, Diagnostic> {
        Ok(Self::read(&parse(source)?, source))
    }

    fn read(document: &DeTable<'_>, source: &Source) -> Self {
        let first_of = |key: &str| {
            located(document, &["project", key], source)
                .or_else(|| located(document, &["tool", "poetry", key], source))
        };
        let version_tool = version_tool(document);
        // What stands there is a placeholder.
        let is_replaced = version_tool == Some(VersionTool::PoetryDynamicVersioning);
        Self {
            name: first_of("name").or_else(|| old_flit_name(document, source)),
            version: first_of("version").filter(|_| !is_replaced),
            description: first_of("description").map(|located| one_line(&located.text)),
            license: license(document),
            requires_python: text(document, &["project", "requires-python"]).map(one_line),
            repository: repository(document),
            backend: text(document, &["build-system", "build-backend"])
                .unwrap_or_default()
                .to_owned(),
            requires: texts(document, &["build-system", "requires"]),
            is_project: table(document, &["project"]).is_some()
                || table(document, &["tool", "poetry"]).is_some()
                || table(document, &["tool", "flit", "metadata"]).is_some(),
            maturin: Maturin {
                manifest_path: text(document, &["tool", "maturin", "manifest-path"])
                    .map(str::to_owned),
                bindings: text(document, &["tool", "maturin", "bindings"]).map(str::to_owned),
                features: texts(document, &["tool", "maturin", "features"]),
            },
            version_sources: version_sources(document),
            version_tool,
        }
    }

    /// Whether maturin builds it.
    #[must_use]
    pub fn is_maturin(&self) -> bool {
        self.backend.split(['.', ':']).next() == Some("maturin")
    }

    /// The path of the crate's `Cargo.toml` in a maturin project, whose files `has` knows, in
    /// maturin's own order: `manifest-path`, else `Cargo.toml`, else `rust/Cargo.toml`.
    ///
    /// # Errors
    /// As `has` gives them.
    pub fn crate_manifest<E>(
        &self,
        mut has: impl FnMut(&str) -> Result<bool, E>,
    ) -> Result<&str, E> {
        const BESIDE: &str = "Cargo.toml";
        const BELOW: &str = "rust/Cargo.toml";
        match &self.maturin.manifest_path {
            Some(path) => Ok(path),
            None if !has(BESIDE)? && has(BELOW)? => Ok(BELOW),
            None => Ok(BESIDE),
        }
    }

    /// A build requirement that compiles machine code, maturin aside.
    pub(super) fn native_requirement(&self) -> Option<&str> {
        let name = |requirement: &str| {
            let end = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
            normalized_python_name(requirement.split(end).next().unwrap_or_default())
        };
        self.requires
            .iter()
            .find(|requirement| NATIVE.contains(&name(requirement.trim()).as_str()))
            .map(String::as_str)
    }
}

/// Build requirements that stand for compiled code.
const NATIVE: [&str; 7] = [
    "setuptools-rust",
    "cython",
    "scikit-build",
    "scikit-build-core",
    "meson-python",
    "cffi",
    "pybind11",
];

/// PEP 639's expression, else a short `license = { text = "…" }`, else poetry's.
fn license(document: &DeTable<'_>) -> Option<String> {
    text(document, &["project", "license"])
        .or_else(|| text(document, &["project", "license", "text"]))
        .or_else(|| text(document, &["tool", "poetry", "license"]))
        .filter(|text| !text.contains('\n') && text.len() <= MAX_LICENSE_BYTES)
        .map(one_line)
}

/// A longer text is a licence itself, not its name.
const MAX_LICENSE_BYTES: usize = 100;

fn repository(document: &DeTable<'_>) -> Option<String> {
    let urls = table(document, &["project", "urls"])?;
    let wanted = ["repository", "source", "source code", "github", "code", "homepage"];
    wanted.iter().find_map(|wanted| {
        urls.iter()
            .find(|(name, _)| name.get_ref().to_lowercase() == **wanted)
            .and_then(|(_, value)| value.get_ref().as_str().map(str::to_owned))
    })
}

/// The name in flit's table from before `[project]`.
fn old_flit_name(document: &DeTable<'_>, source: &Source) -> Option<Located> {
    let name = |key| located(document, &["tool", "flit", "metadata", key], source);
    name("dist-name").or_else(|| name("module"))
}

fn version_sources(document: &DeTable<'_>) -> Vec<VersionSource> {
    let backend = text(document, &["build-system", "build-backend"]).unwrap_or_default();
    if let Some(module) = text(document, &["tool", "flit", "metadata", "module"]) {
        return vec![VersionSource::Attribute(module_version(module))];
    }
    let dynamic = texts(document, &["project", "dynamic"]).iter().any(|key| key == "version");
    let in_project = value(document, &["project", "version"]).is_some();
    if in_project || !dynamic {
        return Vec::new();
    }
    let mut sources = setuptools(document);
    sources.extend(hatch(document));
    if text(document, &["tool", "pdm", "version", "source"]) == Some("file") {
        let path = text(document, &["tool", "pdm", "version", "path"]);
        sources.extend(path.map(|path| VersionSource::PythonFile(path.to_owned())));
    }
    if matches!(backend, "flit_core.buildapi" | "flit.buildapi") {
        let name = text(document, &["tool", "flit", "module", "name"])
            .or_else(|| text(document, &["project", "name"]));
        sources.extend(name.map(|name| VersionSource::Attribute(module_version(name))));
    }
    sources
}

fn module_version(module: &str) -> Attribute {
    Attribute { path: format!("{}.__version__", module.replace('-', "_")), ..Attribute::default() }
}

fn setuptools(document: &DeTable<'_>) -> Vec<VersionSource> {
    let mut sources = Vec::new();
    let setuptools = ["tool", "setuptools", "dynamic", "version"];
    let at = |key: &'static str| [setuptools.as_slice(), &[key]].concat();
    if let Some(path) = text(document, &at("attr")) {
        let folders = table(document, &["tool", "setuptools", "package-dir"]);
        let pair = |(name, folder): (&toml::Spanned<_>, &toml::Spanned<toml::de::DeValue<'_>>)| {
            let name: &std::borrow::Cow<'_, str> = name.get_ref();
            Some((name.clone().into_owned(), folder.get_ref().as_str()?.to_owned()))
        };
        let folders = folders.into_iter().flatten().filter_map(pair);
        let (own, packages): (Vec<_>, Vec<_>) = folders.partition(|(name, _)| name.is_empty());
        let mut roots: Vec<String> = own.into_iter().map(|(_, folder)| folder).collect();
        roots.extend(texts(document, &["tool", "setuptools", "packages", "find", "where"]));
        let path = path.to_owned();
        sources.push(VersionSource::Attribute(Attribute { path, roots, packages, tuples: true }));
    }
    let files = text(document, &at("file")).map(|file| vec![file.to_owned()]);
    let files = files.unwrap_or_else(|| texts(document, &at("file")));
    sources.extend(files.into_iter().take(1).map(VersionSource::WholeFile));
    sources
}

/// hatchling's sources `regex`, which is the default, and `code`.
fn hatch(document: &DeTable<'_>) -> Option<VersionSource> {
    let at = |key: &'static str| ["tool", "hatch", "version", key];
    let path = text(document, &at("path"))?.to_owned();
    if text(document, &at("source")) == Some("code") {
        return match text(document, &at("expression")) {
            None => Some(VersionSource::PythonFile(path)),
            Some(name) if identifier(name) == Some(name) => {
                Some(VersionSource::Behind { path, word: name.to_owned() })
            }
            Some(_) => None,
        };
    }
    match text(document, &at("pattern")) {
        None => Some(VersionSource::PythonFile(path)),
        Some(pattern) => {
            let before = pattern.split_once("(?P<version>")?.0;
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            let mut words = before.split(|c| !is_part(c)).filter(|word| word.len() > 2);
            Some(VersionSource::Behind { path, word: words.next_back()?.to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_of_a_maturin_project_is_found_as_maturin_finds_it() {
        let check = |text: &str, files: &[&str], expected: &str| {
            let project = PyProject::parse(&Source::new("p", text.to_owned())).unwrap();
            let has = |path: &str| Ok::<_, ()>(files.contains(&path));
            assert_eq!(project.crate_manifest(has), Ok(expected), "{text} {files:?}");
        };
        let both = ["Cargo.toml", "rust/Cargo.toml"];
        check("", &both, "Cargo.toml");
        check("", &["rust/Cargo.toml"], "rust/Cargo.toml");
        check("", &[], "Cargo.toml");
        check("[tool.maturin]\nmanifest-path = \"../k/Cargo.toml\"\n", &both, "../k/Cargo.toml");
        check("[tool.maturin]\nfeatures = []\n", &["rust/Cargo.toml"], "rust/Cargo.toml");
    }

    #[test]
    fn maturin_is_known_by_the_module_of_the_build_backend() {
        let check = |backend: &str, expected: bool| {
            let project = PyProject { backend: backend.to_owned(), ..PyProject::default() };
            assert_eq!(project.is_maturin(), expected, "{backend}");
        };
        check("maturin", true);
        check("maturin.backend:hooks", true);
        check("maturin-extra", false);
        check("hatchling.build", false);
        check("", false);
    }
}
