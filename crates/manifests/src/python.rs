//! A Python project, whichever of its manifests says what.

mod dynamic;
mod legacy;
mod literal;
mod pyproject;
mod setup_py;
mod tool;

use model::{Diagnostic, Location};

use crate::codes;
use crate::path::{join, join_relative, parent};
use crate::{Located, Manifests, Source};
use legacy::{Legacy, pkg_info, setup_cfg};

use setup_py::setup_py;

pub use pyproject::PyProject;
pub use tool::VersionTool;

/// A project's facts, from the first manifest that knows each.
#[derive(Debug)]
pub struct PythonProject {
    /// The project's name, as it is written.
    pub name: Option<String>,
    /// Its version, where a manifest or a literal in a source file says it.
    pub version: Option<Located>,
    /// Who makes the version out of git, where no file says it.
    pub version_tool: Option<VersionTool>,
    /// The manifest's path, for messages.
    pub file: String,
    /// One line for people.
    pub description: Option<String>,
    /// SPDX expression, or a short text of old.
    pub license: Option<String>,
    /// Version specifiers (PEP 440).
    pub requires_python: Option<String>,
    /// Web address of the repository.
    pub repository: Option<String>,
    /// The maturin project's crate; nothing for other backends.
    pub maturin: Option<MaturinProject>,
    /// A build requirement that compiles code, maturin aside.
    pub native: Option<String>,
}

/// What maturin builds.
#[derive(Debug)]
pub struct MaturinProject {
    /// Path of the `Cargo.toml`.
    pub manifest: String,
    /// `bindings`, when said.
    pub bindings: Option<String>,
    /// Features that maturin turns on.
    pub features: Vec<String>,
}

type Reader = fn(&Source) -> Legacy;

/// The lowest Python that `requires` allows, such as `3.9` for `>=3.9,<4`.
#[must_use]
pub fn lowest_python(requires: &str) -> Option<String> {
    let lowest = |specifier: &str| {
        let specifier = specifier.trim();
        let version = specifier.strip_prefix(">=").or_else(|| specifier.strip_prefix("~="))?;
        let mut numbers = version.trim().split('.');
        let major = numbers.next()?;
        let minor: String =
            numbers.next().unwrap_or("0").chars().take_while(char::is_ascii_digit).collect();
        (major == "3" && !minor.is_empty()).then(|| format!("3.{minor}"))
    };
    requires.split(',').find_map(lowest)
}

impl Manifests<'_> {
    /// The Python project in `folder`.
    ///
    /// # Errors
    /// When there is none, or a manifest cannot be read. Without a location when no file is to
    /// blame.
    pub fn python(&self, folder: &str) -> Result<PythonProject, Diagnostic> {
        let path = join(folder, "pyproject.toml");
        let pyproject = match self.text(&path)? {
            Some(source) => Some(PyProject::parse(&source)?),
            None => None,
        };
        let said = pyproject.as_ref().is_some_and(|p| p.name.is_some() && p.version.is_some());
        let legacy = if said { Vec::new() } else { self.legacy(folder)? };
        let has_setup = !said && self.is_file(&join(folder, "setup.py"))?;
        if pyproject.is_none() && legacy.is_empty() && !has_setup {
            return Err(self.no_project(folder, &path));
        }
        let pyproject = pyproject.unwrap_or_default();
        let maturin = self.maturin(folder, &pyproject)?;
        let version = self.python_version(folder, &pyproject, maturin.as_ref(), &legacy)?;
        let mut tools = std::iter::once(&pyproject.version_tool)
            .chain(legacy.iter().map(|(_, legacy)| &legacy.version_tool));
        let version_tool = tools.find_map(|tool| tool.clone()).filter(|_| version.is_none());
        let from_legacy = |pick: fn(&Legacy) -> Option<&String>| {
            legacy.iter().find_map(|(_, legacy)| pick(legacy).cloned())
        };
        let name = pyproject.name.as_ref().map(|located| located.text.clone());
        let native = pyproject.native_requirement().map(str::to_owned);
        let setup = has_setup.then(|| join(folder, "setup.py"));
        let first = legacy.first().map(|(file, _)| file.clone());
        let file = first.or(setup.filter(|_| !pyproject.is_project)).unwrap_or(path);
        let file = if pyproject.is_project { join(folder, "pyproject.toml") } else { file };
        Ok(PythonProject {
            name: name.or_else(|| from_legacy(|legacy| legacy.name.as_ref().map(|n| &n.text))),
            version,
            version_tool,
            file,
            description: pyproject
                .description
                .or_else(|| from_legacy(|legacy| legacy.description.as_ref())),
            license: pyproject.license.or_else(|| from_legacy(|legacy| legacy.license.as_ref())),
            requires_python: pyproject
                .requires_python
                .or_else(|| from_legacy(|legacy| legacy.requires_python.as_ref())),
            repository: pyproject.repository,
            maturin,
            native,
        })
    }

    /// The legacy manifests that are there, with their paths.
    fn legacy(&self, folder: &str) -> Result<Vec<(String, Legacy)>, Diagnostic> {
        let mut found = Vec::new();
        let readers: [(&str, Reader); 3] =
            [("setup.cfg", setup_cfg), ("PKG-INFO", pkg_info), ("setup.py", setup_py)];
        for (name, read) in readers {
            let path = join(folder, name);
            if let Some(source) = self.text(&path)? {
                let legacy = read(&source);
                // A `setup.cfg` often holds nothing but a linter's settings.
                if legacy.name.is_some() || legacy.version.is_some() || legacy.is_dynamic() {
                    found.push((path, legacy));
                }
            }
        }
        Ok(found)
    }

    fn python_version(
        &self,
        folder: &str,
        pyproject: &PyProject,
        maturin: Option<&MaturinProject>,
        legacy: &[(String, Legacy)],
    ) -> Result<Option<Located>, Diagnostic> {
        if let Some(version) = &pyproject.version {
            return Ok(Some(version.clone()));
        }
        if let Some(maturin) = maturin {
            let version = self.cargo_version(parent(&maturin.manifest))?;
            if version.is_some() {
                return Ok(version);
            }
        }
        let sources = legacy.iter().filter_map(|(_, legacy)| legacy.version_source.as_ref());
        for source in pyproject.version_sources.iter().chain(sources) {
            let version = self.dynamic_version(folder, source)?;
            if version.is_some() {
                return Ok(version);
            }
        }
        Ok(legacy.iter().find_map(|(_, legacy)| legacy.version.clone()))
    }

    /// The crate of a maturin project.
    fn maturin(
        &self,
        folder: &str,
        pyproject: &PyProject,
    ) -> Result<Option<MaturinProject>, Diagnostic> {
        if !pyproject.is_maturin() {
            return Ok(None);
        }
        let path = pyproject.crate_manifest(|path| self.is_file(&join(folder, path)))?;
        let manifest = join_relative(folder, path).ok_or_else(|| {
            Diagnostic::new(&codes::PATH_OUTSIDE, format!("maturin's `{path}` leaves the tree"))
                .at(Location::file(join(folder, "pyproject.toml")))
                .help("correct `manifest-path` under `[tool.maturin]`")
        })?;
        Ok(Some(MaturinProject {
            manifest,
            bindings: pyproject.maturin.bindings.clone(),
            features: pyproject.maturin.features.clone(),
        }))
    }

    fn no_project(&self, folder: &str, path: &str) -> Diagnostic {
        match self.folder(folder) {
            Ok(()) => Diagnostic::new(&codes::PATH_MISSING, format!("there is no file `{path}`"))
                .help("name the folder of a `pyproject.toml`"),
            Err(problem) => problem,
        }
    }
}
