//! From files to entries: which manifests stand for something that is released.

use std::collections::{BTreeMap, BTreeSet};

use manifests::cargo::Abi3;
use manifests::{Manifests, dockerfile, go, join, parent};
use model::{Class, Diagnostic, Version, normalized_python_name, path_problem};

use super::draft::{Draft, Image};
use super::write::quoted;
use super::{build_context, golang, ignore};
use manifests::python::lowest_python;

/// All entries: Python projects, executables, images, charts; each kind in order of path.
pub(super) fn scan(manifests: &Manifests<'_>, notes: &mut Vec<String>) -> Vec<Draft> {
    let mut scan = Scan { manifests, notes, drafts: Vec::new(), crates: BTreeSet::new() };
    let files = |names: &[&str]| -> Vec<&str> {
        let wanted = |file: &&str| names.contains(&file.rsplit('/').next().unwrap_or(file));
        let files = manifests.files().iter().map(String::as_str).filter(wanted);
        files.filter(|file| !ignore::ignored(file) && path_problem(file).is_none()).collect()
    };
    let python = files(&["pyproject.toml", "setup.cfg", "setup.py"]);
    let folders: BTreeSet<&str> = python.into_iter().map(parent).collect();
    let mut names = BTreeMap::new();
    for folder in folders {
        scan.python(folder, &mut names);
    }
    for file in files(&["Cargo.toml"]) {
        scan.rust(parent(file));
    }
    for folder in golang::main_packages(manifests) {
        scan.go(&folder);
    }
    scan.dockerfiles();
    let mut charts = BTreeMap::new();
    for file in files(&["Chart.yaml"]) {
        scan.chart(parent(file), &mut charts);
    }
    scan.drafts
}

struct Scan<'s, 't> {
    manifests: &'s Manifests<'t>,
    notes: &'s mut Vec<String>,
    drafts: Vec<Draft>,
    /// Folders of crates that belong to a Python project.
    crates: BTreeSet<String>,
}

impl Scan<'_, '_> {
    fn python(&mut self, folder: &str, names: &mut BTreeMap<String, String>) {
        let project = match self.manifests.python(folder) {
            Ok(project) => project,
            Err(problem) => return self.leave_out(folder, &problem),
        };
        let Some(name) = project.name else { return };
        if ignore::is_template(&name) {
            return;
        }
        if let Some(first) = names.get(&normalized_python_name(&name)) {
            let note = format!("left out `{folder}`: `{name}` is also the name of `{first}`");
            return self.notes.push(note);
        }
        let version =
            project.version.as_ref().and_then(|located| Version::parse(&located.text).ok());
        let Some(version) = version.filter(|version| version.pep440().is_ok()) else {
            let note = format!("left out `{folder}`: its version cannot be read from its files");
            return self.notes.push(note);
        };
        let mut value = format!("path = {}", quoted(folder));
        let mut why = vec![format!("A Python project: {}.", project.file)];
        if let Some(maturin) = &project.maturin {
            self.crates.insert(parent(&maturin.manifest).to_owned());
            match self.pyo3(
                &maturin.manifest,
                &maturin.features,
                project.requires_python.as_deref(),
            ) {
                Ok(more) => value.push_str(&more),
                Err(problem) => return self.leave_out(folder, &problem),
            }
            why.push("Built by maturin, so there are wheels for each platform.".to_owned());
        }
        if let Some(requirement) = &project.native {
            why.push(format!(
                "Its build requires {requirement}: only a pure wheel can be released."
            ));
        }
        names.insert(normalized_python_name(&name), folder.to_owned());
        let file = project.version.map(|located| located.location.file).unwrap_or_default();
        self.drafts.push(Draft {
            name,
            folder: folder.to_owned(),
            why,
            version: Some((version, file)),
            repository: project.repository,
            python: Some(format!("{{ {value} }}")),
            ..Draft::default()
        });
    }

    /// The keys that a maturin project adds.
    fn pyo3(
        &self,
        manifest: &str,
        features: &[String],
        requires: Option<&str>,
    ) -> Result<String, Diagnostic> {
        let kind = ", kind = \"pyo3\"".to_owned();
        let Some(cargo) = self.manifests.cargo(manifest)? else { return Ok(kind) };
        let root = self.manifests.cargo_root(parent(manifest))?;
        let workspace = root.as_ref().and_then(|root| root.workspace.as_ref());
        let abi3 = cargo.package.as_ref().map(|package| package.abi3(workspace, features));
        let lowest = requires.and_then(lowest_python);
        let stable = match abi3 {
            Some(Abi3::From(_)) | None => true,
            Some(Abi3::Unversioned) => lowest.is_some(),
            Some(Abi3::No) => false,
        };
        if stable {
            return Ok(kind);
        }
        let first = lowest.and_then(|lowest| lowest.strip_prefix("3.")?.parse::<u32>().ok());
        let first = first.unwrap_or(OLDEST_PYTHON).clamp(OLDEST_PYTHON, NEWEST_PYTHON);
        let pythons: Vec<String> =
            (first..=NEWEST_PYTHON).map(|minor| format!("\"3.{minor}\"")).collect();
        Ok(format!("{kind}, pythons = [{}]", pythons.join(", ")))
    }

    fn rust(&mut self, folder: &str) {
        let manifest = join(folder, "Cargo.toml");
        let found = self.manifests.cargo(&manifest).and_then(|cargo| {
            let Some(cargo) = cargo else { return Ok(None) };
            let Some(package) = &cargo.package else { return Ok(None) };
            let mut bins = self.manifests.cargo_bins(folder, package, None)?;
            bins.retain(|bin| package.is_plain_bin(bin));
            let version = self.manifests.cargo_version(folder)?;
            let [_, _, repository] = self.manifests.cargo_texts(folder)?;
            Ok(Some((package.name.clone(), bins, version, repository)))
        });
        let (package, bins, version, repository) = match found {
            Ok(Some(found)) => found,
            Ok(None) => return,
            Err(problem) => return self.leave_out(folder, &problem),
        };
        if self.crates.contains(folder) || package == "xtask" || ignore::is_template(&package) {
            return;
        }
        let version = version
            .and_then(|located| Some((Version::parse(&located.text).ok()?, located.location.file)));
        for bin in &bins {
            let mut value = format!("rust = {}", quoted(folder));
            if bin != &package {
                value.push_str(&format!(", bin = {}", quoted(bin)));
            }
            self.drafts.push(Draft {
                name: bin.clone(),
                folder: folder.to_owned(),
                why: vec![format!("An executable of the Cargo package at {manifest}.")],
                version: version.clone(),
                repository: repository.clone(),
                binary: Some(format!("{{ {value} }}")),
                ..Draft::default()
            });
        }
    }

    fn go(&mut self, folder: &str) {
        if path_problem(folder).is_some() {
            return;
        }
        let module = self.manifests.go_module(folder).ok().flatten().unwrap_or_default();
        let module_name = || {
            let source = self.manifests.text(&join(&module, "go.mod")).ok().flatten()?;
            go::module_name(&source.text)
        };
        let last = folder.rsplit('/').next().unwrap_or(folder);
        let name = if folder == module { module_name() } else { None };
        self.drafts.push(Draft {
            name: name.unwrap_or_else(|| last.to_owned()),
            folder: folder.to_owned(),
            why: vec![format!("A Go main package, in the module at {}.", join(&module, "go.mod"))],
            binary: Some(format!("{{ go = {} }}", quoted(folder))),
            ..Draft::default()
        });
    }

    /// A Dockerfile belongs to the package whose folder it lies in, else it is one of its own.
    fn dockerfiles(&mut self) {
        for file in self.manifests.files() {
            let Some(suffix) = dockerfile::suffix(file) else { continue };
            if ignore::ignored(file) || path_problem(file).is_some() {
                continue;
            }
            let Ok(Some(source)) = self.manifests.text(file) else { continue };
            if !dockerfile::builds(&source.text) || ignore::is_template(&source.text) {
                continue;
            }
            let folder = parent(file);
            let context = build_context::for_dockerfile(self.manifests, file, &source.text);
            let mut why = vec![format!("An image from {file}.")];
            if context.is_some() {
                why.push("The files it copies are at the root, so that is the context.".to_owned());
            }
            let image = Image { dockerfile: file.clone(), context };
            let owner = self.drafts.iter_mut().find(|draft| draft.folder == folder);
            match owner {
                Some(owner) if owner.image.is_none() => {
                    owner.why.extend(why);
                    owner.image = Some(image);
                }
                owner => {
                    let last = folder.rsplit('/').next().unwrap_or(folder);
                    let base = owner.map_or_else(|| last.to_owned(), |owner| owner.name.clone());
                    let base = if base == "." { "image".to_owned() } else { base };
                    let name = match suffix {
                        "" => base,
                        suffix => format!("{base}-{suffix}"),
                    };
                    let folder = folder.to_owned();
                    let image = Some(image);
                    self.drafts.push(Draft { name, folder, why, image, ..Draft::default() });
                }
            }
        }
    }

    fn chart(&mut self, folder: &str, names: &mut BTreeMap<String, String>) {
        if self.is_subchart(folder) {
            return;
        }
        let chart = match self.manifests.chart(folder) {
            Ok(chart) => chart,
            Err(problem) => return self.leave_out(folder, &problem),
        };
        let Some(name) = chart.name.map(|located| located.text) else {
            return self.notes.push(format!("left out `{folder}`: its chart has no name"));
        };
        if let Some(first) = names.get(&name) {
            let note = format!("left out `{folder}`: `{name}` is also the chart at `{first}`");
            return self.notes.push(note);
        }
        let version =
            chart.version.map(|located| (Version::parse(&located.text), located.location.file));
        let version = match version {
            Some((Ok(version), file)) => Some((version, file)),
            Some((Err(error), _)) => {
                return self.notes.push(format!("left out `{folder}`: {error}"));
            }
            None => None,
        };
        names.insert(name.clone(), folder.to_owned());
        self.drafts.push(Draft {
            name,
            folder: folder.to_owned(),
            why: vec![format!("A Helm chart: {}.", join(folder, "Chart.yaml"))],
            version,
            chart: Some(format!("{{ path = {} }}", quoted(folder))),
            ..Draft::default()
        });
    }

    /// `a/charts/b` is part of the chart `a`.
    fn is_subchart(&self, folder: &str) -> bool {
        let holder = parent(folder);
        let above = holder.strip_suffix("/charts").or((holder == "charts").then_some("."));
        above.is_some_and(|above| self.manifests.is_file(&join(above, "Chart.yaml")) == Ok(true))
    }

    fn leave_out(&mut self, folder: &str, problem: &Diagnostic) {
        // A `pyproject.toml` with nothing but a tool's settings is no project.
        if problem.code.class != Class::Absent {
            self.notes.push(format!("left out `{folder}`: {}", problem.message));
        }
    }
}

/// CPython versions that are maintained (PEP 602).
const OLDEST_PYTHON: u32 = 10;
/// The newest of them.
const NEWEST_PYTHON: u32 = 14;
