//! A Python project, whichever of its manifests says what.

use model::{Diagnostic, Location};

use super::legacy::{Legacy, pkg_info, setup_cfg};
use super::pyproject::PyProject;
use super::{Manifests, Sited, join, join_relative, parent, parse};
use crate::codes;
use crate::source::Source;

/// A project's facts, from the first manifest that knows each.
#[derive(Debug)]
pub(crate) struct PythonProject {
    pub(crate) name: Option<String>,
    pub(crate) version: Option<Sited>,
    /// The manifest's path, for messages.
    pub(crate) file: String,
    pub(crate) description: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) requires_python: Option<String>,
    pub(crate) repository: Option<String>,
    /// The maturin project's crate; nothing for other backends.
    pub(crate) maturin: Option<MaturinProject>,
    /// A build requirement that compiles code, maturin aside.
    pub(crate) native: Option<String>,
}

/// What maturin builds.
#[derive(Debug)]
pub(crate) struct MaturinProject {
    /// Path of the `Cargo.toml`.
    pub(crate) manifest: String,
    /// `bindings`, when said.
    pub(crate) bindings: Option<String>,
    /// Features that maturin turns on.
    pub(crate) features: Vec<String>,
}

type Reader = fn(&Source) -> Legacy;

impl Manifests<'_> {
    /// The Python project in `folder`.
    ///
    /// # Errors
    /// When there is none, or a manifest cannot be read. Without a place when no file is to blame.
    pub(crate) fn python(&self, folder: &str) -> Result<PythonProject, Diagnostic> {
        let path = join(folder, "pyproject.toml");
        let pyproject = match self.text(&path)? {
            Some(source) => Some(PyProject::read(&parse(&source)?, &source)),
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
        let from_legacy = |pick: fn(&Legacy) -> Option<&String>| {
            legacy.iter().find_map(|(_, legacy)| pick(legacy).cloned())
        };
        let name = pyproject.name.as_ref().map(|sited| sited.text.clone());
        let native = pyproject.native_requirement().map(str::to_owned);
        let file = legacy.first().map_or(path, |(file, _)| file.clone());
        let file = if pyproject.is_project { join(folder, "pyproject.toml") } else { file };
        Ok(PythonProject {
            name: name.or_else(|| from_legacy(|legacy| legacy.name.as_ref().map(|n| &n.text))),
            version,
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
        let readers: [(&str, Reader); 2] = [("setup.cfg", setup_cfg), ("PKG-INFO", pkg_info)];
        for (name, read) in readers {
            let path = join(folder, name);
            if let Some(source) = self.text(&path)? {
                let legacy = read(&source);
                // A `setup.cfg` often holds nothing but a linter's settings.
                if legacy.name.is_some() || legacy.version.is_some() {
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
    ) -> Result<Option<Sited>, Diagnostic> {
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

    /// The crate of a maturin project: `manifest-path`, else `Cargo.toml`, else `rust/Cargo.toml`.
    fn maturin(
        &self,
        folder: &str,
        pyproject: &PyProject,
    ) -> Result<Option<MaturinProject>, Diagnostic> {
        if !pyproject.is_maturin() {
            return Ok(None);
        }
        let manifest = match &pyproject.maturin.manifest_path {
            Some(path) => join_relative(folder, path).ok_or_else(|| {
                Diagnostic::new(&codes::PATH_OUTSIDE, format!("maturin's `{path}` leaves the tree"))
                    .at(Location::file(join(folder, "pyproject.toml")))
                    .help("correct `manifest-path` under `[tool.maturin]`")
            })?,
            None => {
                let beside = join(folder, "Cargo.toml");
                let below = join(folder, "rust/Cargo.toml");
                let use_below = !self.is_file(&beside)? && self.is_file(&below)?;
                if use_below { below } else { beside }
            }
        };
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
