//! Python projects that a tree without a configuration holds.

use std::collections::{BTreeMap, BTreeSet};

use format::{Discovers, Discovery, Key, Pair, ProposedPackage, is_template, quoted};
use manifests::cargo::Abi3;
use manifests::python::{MaturinProject, lowest_python};
use manifests::{Manifests, join, parent};
use model::{Diagnostic, Version, normalized_python_name};

use crate::Pypi;
use crate::keys::KEY;

/// CPython versions that are maintained (PEP 602).
const OLDEST_PYTHON: u32 = 10;
/// The newest of them.
const NEWEST_PYTHON: u32 = 14;

impl Discovers for Pypi {
    fn key(&self) -> &'static Key {
        &KEY
    }

    fn discover(&self, discovery: &mut Discovery<'_, '_>) {
        let files = discovery.files(&["pyproject.toml", "setup.cfg", "setup.py"]);
        let folders: BTreeSet<&str> = files.into_iter().map(parent).collect();
        let mut names = BTreeMap::new();
        for folder in folders {
            project(discovery, folder, &mut names);
        }
    }
}

fn project(discovery: &mut Discovery<'_, '_>, folder: &str, names: &mut BTreeMap<String, String>) {
    let project = match discovery.manifests.python(folder) {
        Ok(project) => project,
        Err(problem) => return discovery.leave_out(folder, &problem),
    };
    let Some(name) = project.name else { return };
    if is_template(&name) {
        return;
    }
    if project.maturin.as_ref().is_some_and(|maturin| is_program(discovery.manifests, maturin)) {
        // Its crate is found as what it is: wheels would only carry the executable.
        let note = format!("`{folder}`: maturin packs a program there, proposed as an executable");
        return discovery.notes.push(note);
    }
    if let Some(first) = names.get(&normalized_python_name(&name)) {
        let note = format!("left out `{folder}`: `{name}` is also the name of `{first}`");
        return discovery.notes.push(note);
    }
    let read = project.version.as_ref().and_then(|located| Version::parse(&located.text).ok());
    let read = read.filter(|version| version.pep440().is_ok());
    if let (Some(located), None) = (&project.version, &read) {
        let shown: String = located.text.chars().take(80).collect();
        let note = format!("left out `{folder}`: its version `{shown}` is not one of PEP 440");
        return discovery.notes.push(note);
    }
    let mut pairs = vec![("path", quoted(folder))];
    let mut why = vec![format!("A Python project: {}.", project.file)];
    if let Some(maturin) = &project.maturin {
        discovery.claim(parent(&maturin.manifest));
        let requires = project.requires_python.as_deref();
        match pyo3(discovery.manifests, &maturin.manifest, &maturin.features, requires) {
            Ok(more) => pairs.extend(more),
            Err(problem) => return discovery.leave_out(folder, &problem),
        }
        why.push("Built by maturin, so there are wheels for each platform.".to_owned());
    }
    let version_from_git = project.version_tool.is_some();
    if version_from_git {
        why.push("Its version comes from git: the build gets the tag's.".to_owned());
    } else if read.is_none() {
        why.push("Its version is computed by its build, which must agree.".to_owned());
    }
    if let Some(requirement) = &project.native {
        why.push(format!("Its build requires {requirement}: only a pure wheel can be released."));
    }
    names.insert(normalized_python_name(&name), folder.to_owned());
    // A version in a source file is read by way of the manifest that points there.
    let said_by = project.version.map(|located| located.location.file).unwrap_or_default();
    let file = if said_by.ends_with(".toml") { said_by } else { project.file };
    discovery.packages.push(ProposedPackage {
        name,
        kind: "python",
        folder: folder.to_owned(),
        why,
        version: read.map(|version| (version, file)),
        version_from_git,
        repository: project.repository,
        tables: vec![(KEY.name, pairs)],
    });
}

/// Whether maturin packs an executable and no extension module: as `bindings` says, else where the
/// crate has no library.
fn is_program(manifests: &Manifests<'_>, maturin: &MaturinProject) -> bool {
    if let Some(bindings) = &maturin.bindings {
        return bindings == "bin";
    }
    let folder = parent(&maturin.manifest);
    let Ok(Some(source)) = manifests.text(&maturin.manifest) else { return false };
    let has_library = source.text.contains("[lib]")
        || manifests.is_file(&join(folder, "src/lib.rs")) != Ok(false);
    !has_library && manifests.is_file(&join(folder, "src/main.rs")) == Ok(true)
}

/// The pairs that a maturin project adds.
fn pyo3(
    manifests: &Manifests<'_>,
    manifest: &str,
    features: &[String],
    requires: Option<&str>,
) -> Result<Vec<Pair>, Diagnostic> {
    let mut pairs = vec![("kind", quoted("pyo3"))];
    let Some(cargo) = manifests.cargo(manifest)? else { return Ok(pairs) };
    let root = manifests.cargo_root(parent(manifest))?;
    let workspace = root.as_ref().and_then(|root| root.workspace.as_ref());
    let abi3 = cargo.package.as_ref().map(|package| package.abi3(workspace, features));
    let lowest = requires.and_then(lowest_python);
    let stable = match abi3 {
        Some(Abi3::From(_)) | None => true,
        Some(Abi3::Unversioned) => lowest.is_some(),
        Some(Abi3::No) => false,
    };
    if stable {
        return Ok(pairs);
    }
    let first = lowest.and_then(|lowest| lowest.strip_prefix("3.")?.parse::<u32>().ok());
    let first = first.unwrap_or(OLDEST_PYTHON).clamp(OLDEST_PYTHON, NEWEST_PYTHON);
    let pythons: Vec<String> =
        (first..=NEWEST_PYTHON).map(|minor| format!("\"3.{minor}\"")).collect();
    pairs.push(("pythons", format!("[{}]", pythons.join(", "))));
    Ok(pairs)
}
