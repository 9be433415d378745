//! `python`: a project of the tree, or a meta package.

mod cutoff;
mod members;
mod variables;

use std::collections::BTreeMap;

use crate::{BuildCutoff, PythonKind, PythonSpec};
use format::{
    Asked, Context, ManifestFacts, Origin, Part, ResolvedPackage, Values, check_spelling, unique,
};
use manifests::cargo::Abi3;
use manifests::python::{MaturinProject, PythonProject, lowest_python};
use manifests::{At, parent};
use model::{Platform, Version, file_name_problem, normalized_python_name};

use crate::codes;

pub(crate) use members::fill;

/// `python = { … }` as it is written.
struct PythonTable {
    path: Option<At<String>>,
    meta: Option<At<String>>,
    kind: Option<At<String>>,
    platforms: Option<At<Vec<At<Platform>>>>,
    pythons: Option<At<Vec<At<String>>>>,
    env: BTreeMap<String, String>,
    repack: bool,
    requires_python: Option<At<String>>,
    build_cutoff: Option<At<String>>,
}

impl PythonTable {
    fn of(values: &Values) -> Self {
        Self {
            path: values.text("path"),
            meta: values.text("meta"),
            kind: values.text("kind"),
            platforms: values.platforms("platforms"),
            pythons: values.texts("pythons"),
            env: values.variables("env").map(|at| at.value).unwrap_or_default(),
            repack: values.flag("repack").unwrap_or(true),
            requires_python: values.text("requires-python"),
            build_cutoff: values.text("build-cutoff"),
        }
    }
}

/// The table, and what the project's manifests say.
struct PythonPart {
    table: PythonTable,
    project: Option<PythonProject>,
}

/// Reads the table and the manifests that it names.
pub(crate) fn read(context: &mut Context<'_, '_>, values: &Values) -> Box<dyn Part> {
    let table = PythonTable::of(values);
    let project = project(context, &table);
    Box::new(PythonPart { table, project })
}

impl Part for PythonPart {
    fn manifest(&self) -> ManifestFacts<'_> {
        let Some(project) = &self.project else { return ManifestFacts::default() };
        ManifestFacts {
            version: project.version.as_ref(),
            description: project.description.as_deref(),
            license: project.license.as_deref(),
        }
    }

    fn resolve(
        self: Box<Self>,
        context: &mut Context<'_, '_>,
        asked: &Asked<'_>,
        package: &mut ResolvedPackage,
    ) {
        let python = resolve(context, &self.table, self.project.as_ref(), asked);
        python.into_iter().for_each(|python| package.package.specs.set(python));
    }
}

/// What the project's manifests say; nothing for a meta package, or after a problem.
fn project(context: &mut Context<'_, '_>, written: &PythonTable) -> Option<PythonProject> {
    let at = written.path.as_ref()?;
    let path = context.path(at)?;
    let project = context.manifests.python(path);
    context.take(at.offset, project)
}

/// Tells when no file says the version: it is then the release's, and the build shows whether the
/// backend gives it that one.
fn unknown_version(
    context: &mut Context<'_, '_>,
    path: &At<String>,
    project: &PythonProject,
    asked: &Asked<'_>,
) {
    if project.version.is_some() {
        return;
    }
    let message = |more: &str| {
        format!(
            "the version of `{}` cannot be read without running its backend{more}",
            project.file
        )
    };
    if asked.versions.is_own() {
        context.error(
            path.offset,
            &codes::PYTHON_VERSION_UNKNOWN,
            message(", and is to be its `own`"),
            "write a literal `version` into its `[project]`, or `version = \"git-tag\"` here",
        );
    } else if project.version_tool.is_none() {
        context.warn(
            path.offset,
            &codes::PYTHON_VERSION_UNKNOWN,
            message(": only the build shows whether it is the release's"),
            "write a literal `version` into its `[project]`",
        );
    }
}

/// Resolves `python`.
fn resolve(
    context: &mut Context<'_, '_>,
    written: &PythonTable,
    project: Option<&PythonProject>,
    asked: &Asked<'_>,
) -> Option<PythonSpec> {
    let spec = match (&written.path, project) {
        (Some(path), Some(project)) => project_spec(context, written, path, project, asked)?,
        (Some(_), None) => return None,
        (None, _) => meta_spec(context, written, asked)?,
    };
    check_spelling(context, asked.package, "a Python package", spec.version.pep440());
    Some(spec)
}

fn project_spec(
    context: &mut Context<'_, '_>,
    written: &PythonTable,
    path: &At<String>,
    project: &PythonProject,
    asked: &Asked<'_>,
) -> Option<PythonSpec> {
    let only_meta = "is for `meta` packages: a project says it in its manifest";
    context.without_effect(written.requires_python.as_ref(), "requires-python", only_meta);
    unknown_version(context, path, project, asked);
    let version = asked.versions.resolve(context, asked.package, project.version.as_ref());
    let name = project_name(context, asked, path, project);
    let kind = kind(context, written, path, project)?;
    let build_cutoff = cutoff::read(context, written.build_cutoff.as_ref(), &kind)?;
    let (name, version) = (name?, version?);
    let told = project.version_tool.as_ref().map(|tool| variables::of(tool, &name, &version));
    Some(PythonSpec {
        name,
        version,
        kind,
        path: path.value.clone(),
        requires_python: project.requires_python.clone().unwrap_or_default(),
        env: variables::under(told.unwrap_or_default(), &written.env),
        repack: written.repack,
        build_cutoff,
    })
}

fn meta_spec(
    context: &mut Context<'_, '_>,
    written: &PythonTable,
    asked: &Asked<'_>,
) -> Option<PythonSpec> {
    written.meta.as_ref()?;
    let why = "is for projects with a `path`";
    context.without_effect(written.kind.as_ref(), "kind", why);
    context.without_effect(written.platforms.as_ref(), "platforms", why);
    context.without_effect(written.pythons.as_ref(), "pythons", why);
    context.without_effect(written.build_cutoff.as_ref(), "build-cutoff", why);
    let requires = written.requires_python.as_ref();
    if let Some(at) = requires.filter(|at| !is_specifier(&at.value)) {
        context.error(
            at.offset,
            &codes::PYTHON_REQUIRES_PYTHON,
            format!("`{}` is not a list of version specifiers", at.value),
            "write it like `>=3.11`",
        );
    }
    Some(PythonSpec {
        name: asked.package.name.value.clone(),
        version: asked.versions.resolve(context, asked.package, None)?,
        kind: PythonKind::Meta { members: Vec::new() },
        path: String::new(),
        requires_python: requires.map(|at| at.value.clone()).unwrap_or_default(),
        env: written.env.clone(),
        repack: written.repack,
        build_cutoff: BuildCutoff::Default,
    })
}

fn project_name(
    context: &mut Context<'_, '_>,
    asked: &Asked<'_>,
    path: &At<String>,
    project: &PythonProject,
) -> Option<String> {
    let package = asked.package;
    let name = project.name.clone().unwrap_or_else(|| package.name.value.clone());
    if let Some(why) = file_name_problem(&name) {
        let shown: String = name.chars().take(80).collect();
        context.error(
            path.offset,
            &model::codes::PYTHON_NAME,
            format!("the name `{shown}` in `{}` {why}", project.file),
            "correct the name in the project's manifest",
        );
        return None;
    }
    // A name that nobody chose may differ.
    let chosen = context.origins.origin(package.name.offset) != Origin::Default;
    if chosen && normalized_python_name(&name) != normalized_python_name(&package.name.value) {
        context.warn(
            package.name.offset,
            &model::codes::PYTHON_NAME,
            format!("`{}` is called `{name}` in `{}`", package.name.value, project.file),
            format!("the Python package is released as `{name}`"),
        );
    }
    Some(name)
}

fn kind(
    context: &mut Context<'_, '_>,
    written: &PythonTable,
    path: &At<String>,
    project: &PythonProject,
) -> Option<PythonKind> {
    let said = written.kind.as_ref();
    let maturin = match (said.map(|kind| kind.value.as_str()), &project.maturin) {
        (Some("pyo3"), None) => {
            context.error(
                said.map_or(path.offset, |kind| kind.offset),
                &codes::PYTHON_NOT_MATURIN,
                format!("`{}` has another build backend than maturin", project.file),
                "set `build-backend = \"maturin\"` there, or leave out `kind`",
            );
            return None;
        }
        (Some("pure"), Some(_)) => {
            context.error(
                said.map_or(path.offset, |kind| kind.offset),
                &codes::PYTHON_NOT_PURE,
                format!("`{}` is built by maturin, so its wheels hold machine code", project.file),
                "write `kind = \"pyo3\"`, or leave out `kind`",
            );
            return None;
        }
        (_, Some(maturin)) => maturin,
        (_, None) => {
            let why = "is for `pyo3` projects";
            context.without_effect(written.platforms.as_ref(), "platforms", why);
            context.without_effect(written.pythons.as_ref(), "pythons", why);
            if let Some(requirement) = &project.native {
                context.warn(
                    path.offset,
                    &codes::PYTHON_NATIVE,
                    format!(
                        "`{}` builds with `{requirement}`: its wheel may not be pure",
                        project.file
                    ),
                    "only wheels that hold no machine code, and maturin's, can be released",
                );
            }
            return Some(PythonKind::Pure);
        }
    };
    pyo3(context, written, path, project, maturin)
}

fn pyo3(
    context: &mut Context<'_, '_>,
    written: &PythonTable,
    path: &At<String>,
    project: &PythonProject,
    maturin: &MaturinProject,
) -> Option<PythonKind> {
    if let Some(bindings) = maturin.bindings.as_ref().filter(|bindings| *bindings != "pyo3") {
        context.error(
            path.offset,
            &codes::PYTHON_BINDINGS,
            format!("`{}` has `bindings = \"{bindings}\"`, not PyO3", project.file),
            "release an executable as `binary = { rust = \"…\" }` instead",
        );
        return None;
    }
    let cargo = context.manifests.cargo(&maturin.manifest);
    let cargo = context.take(path.offset, cargo)?;
    let found = cargo.as_ref().and_then(|cargo| cargo.package.as_ref());
    let Some(found) = found else {
        context.error(
            path.offset,
            &codes::PYTHON_NO_CRATE,
            format!("maturin builds `{}`, which is not a Cargo package", maturin.manifest),
            "set `manifest-path` under `[tool.maturin]`, or add the `Cargo.toml`",
        );
        return None;
    };
    let root = context.manifests.cargo_root(parent(&maturin.manifest));
    let root = context.take(path.offset, root)?;
    let workspace = root.as_ref().and_then(|root| root.workspace.as_ref());
    let abi3 = match found.abi3(workspace, &maturin.features) {
        Abi3::From(python) => Some(python),
        Abi3::Unversioned => {
            // PyO3 then takes the interpreter at hand: the lowest one allowed is said instead.
            project.requires_python.as_deref().and_then(lowest_python)
        }
        Abi3::No => None,
    };
    let pythons = pythons(context, written, path, project, abi3.as_deref())?;
    let platforms = match &written.platforms {
        Some(list) => list.value.iter().map(|at| at.value).collect(),
        None => Platform::LINUX.to_vec(),
    };
    Some(PythonKind::Pyo3 { platforms: unique(platforms), abi3, pythons })
}

fn pythons(
    context: &mut Context<'_, '_>,
    written: &PythonTable,
    path: &At<String>,
    project: &PythonProject,
    abi3: Option<&str>,
) -> Option<Vec<String>> {
    let Some(list) = &written.pythons else {
        if abi3.is_some() {
            return Some(Vec::new());
        }
        let wanted = project.requires_python.as_deref().and_then(lowest_python);
        let example = wanted.unwrap_or_else(|| "3.12".to_owned());
        context.error(
            path.offset,
            &codes::PYTHON_PYTHONS_MISSING,
            format!("`{}` does not use PyO3's stable ABI", project.file),
            format!("add `pythons = [\"{example}\", …]`, or PyO3's feature `abi3-py39`"),
        );
        return None;
    };
    for at in &list.value {
        let minor = at.value.strip_prefix("3.").and_then(|minor| minor.parse::<u8>().ok());
        if minor.is_none() {
            context.error(
                at.offset,
                &codes::PYTHON_INTERPRETER,
                format!("`{}` is not a Python version to build for", at.value),
                "write it like `3.12`",
            );
        }
    }
    if abi3.is_some() {
        let why = "is for projects without PyO3's stable ABI";
        context.without_effect(Some(list), "pythons", why);
    }
    Some(unique(list.value.iter().map(|at| at.value.clone()).collect()))
}

fn is_specifier(text: &str) -> bool {
    let one = |part: &str| {
        let part = part.trim();
        let operators = ["===", "==", ">=", "<=", "~=", "!=", "<", ">"];
        let version = operators.iter().find_map(|operator| part.strip_prefix(operator));
        version.map(str::trim).is_some_and(|version| {
            Version::parse(version.strip_suffix(".*").unwrap_or(version)).is_ok()
        })
    };
    text.split(',').all(one)
}
