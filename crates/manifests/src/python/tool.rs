//! Tools that make a project's version out of git.

use model::normalized_python_name;
use toml::de::DeTable;

use crate::document::{is, table, text, texts, value};

/// Who makes a version out of git's tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionTool {
    /// setuptools-scm, also inside of hatch-vcs, flit-scm and scikit-build-core.
    SetuptoolsScm,
    /// pdm-backend, `source = "scm"`.
    Pdm,
    /// poetry-dynamic-versioning.
    PoetryDynamicVersioning,
    /// uv-dynamic-versioning.
    UvDynamicVersioning,
    /// pbr.
    Pbr,
    /// hatchling, `source = "env"`: what the variable of this name says.
    Variable(String),
    /// One that can be told nothing, and asks git.
    Other,
}

impl VersionTool {
    /// What people call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::SetuptoolsScm => "setuptools-scm",
            Self::Pdm => "pdm-backend",
            Self::PoetryDynamicVersioning => "poetry-dynamic-versioning",
            Self::UvDynamicVersioning => "uv-dynamic-versioning",
            Self::Pbr => "pbr",
            Self::Variable(name) => name,
            Self::Other => "versioningit",
        }
    }
}

/// The tool that `pyproject.toml` names for its version.
pub(super) fn version_tool(document: &DeTable<'_>) -> Option<VersionTool> {
    let backend = text(document, &["build-system", "build-backend"]).unwrap_or_default();
    let requires: Vec<String> =
        texts(document, &["build-system", "requires"]).iter().map(|text| required(text)).collect();
    let requires = |name: &str| requires.iter().any(|required| required == name);
    let enabled = ["tool", "poetry-dynamic-versioning", "enable"];
    if backend == "poetry_dynamic_versioning.backend" && is(document, &enabled, true) {
        return Some(VersionTool::PoetryDynamicVersioning);
    }
    let dynamic = texts(document, &["project", "dynamic"]).iter().any(|key| key == "version");
    let legacy = table(document, &["project"]).is_none();
    if !dynamic && !legacy {
        return None;
    }
    if backend.starts_with("hatchling") {
        return match text(document, &["tool", "hatch", "version", "source"])? {
            "vcs" => Some(VersionTool::SetuptoolsScm),
            "uv-dynamic-versioning" => Some(VersionTool::UvDynamicVersioning),
            "versioningit" => Some(VersionTool::Other),
            "env" => text(document, &["tool", "hatch", "version", "variable"])
                .map(|name| VersionTool::Variable(name.to_owned())),
            _ => None,
        };
    }
    let pdm = text(document, &["tool", "pdm", "version", "source"]);
    let provider = ["tool", "scikit-build", "metadata", "version", "provider"];
    let provider = text(document, &provider).unwrap_or_default();
    if backend.starts_with("pdm.") {
        return (pdm == Some("scm")).then_some(VersionTool::Pdm);
    }
    if backend.starts_with("flit_scm") || provider == "scikit_build_core.metadata.setuptools_scm" {
        return Some(VersionTool::SetuptoolsScm);
    }
    let written = ["tool", "setuptools", "dynamic", "version"];
    if value(document, &written).is_some() {
        return None;
    }
    // Without `[project]` its own table, or `setup.py`, turns setuptools-scm on.
    let scm = dynamic || table(document, &["tool", "setuptools_scm"]).is_some();
    let scm = scm || table(document, &["tool", "setuptools-scm"]).is_some();
    let other = ["versioneer", "versioningit", "setuptools-git-versioning", "dunamai"];
    if requires("setuptools-scm") && scm {
        Some(VersionTool::SetuptoolsScm)
    } else if requires("pbr") || backend.starts_with("pbr.") {
        Some(VersionTool::Pbr)
    } else {
        other.into_iter().any(requires).then_some(VersionTool::Other)
    }
}

/// The normalized name that a requirement starts with.
fn required(requirement: &str) -> String {
    let end = |c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c));
    normalized_python_name(requirement.trim().split(end).next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;
    use crate::python::PyProject;

    #[test]
    fn the_tool_is_known_by_what_turns_it_on() {
        let check = |text: &str, expected: Option<VersionTool>| {
            let project = PyProject::parse(&Source::new("p", text.to_owned())).unwrap();
            assert_eq!(project.version_tool, expected, "{text}");
        };
        let build = |backend: &str, requires: &str, more: &str| {
            format!(
                "[build-system]\nrequires = [{requires}]\nbuild-backend = \"{backend}\"\n\
                 [project]\nname = \"a\"\ndynamic = [\"version\"]\n{more}\n"
            )
        };
        let scm = Some(VersionTool::SetuptoolsScm);
        let setuptools = "setuptools.build_meta";
        check(&build(setuptools, "\"setuptools-scm>=8\"", "[tool.setuptools_scm]"), scm.clone());
        check(&build(setuptools, "\"setuptools_scm[toml] >= 6\"", ""), scm.clone());
        check(&build("flit_scm:buildapi", "", ""), scm.clone());
        check(&build("hatchling.build", "", "[tool.hatch.version]\nsource = \"vcs\""), scm);
        let uv = "[tool.hatch.version]\nsource = \"uv-dynamic-versioning\"";
        check(&build("hatchling.build", "", uv), Some(VersionTool::UvDynamicVersioning));
        let env = "[tool.hatch.version]\nsource = \"env\"\nvariable = \"V\"";
        check(&build("hatchling.build", "", env), Some(VersionTool::Variable("V".to_owned())));
        let pdm = "[tool.pdm.version]\nsource = \"scm\"";
        check(&build("pdm.backend", "", pdm), Some(VersionTool::Pdm));
        check(&build(setuptools, "\"pbr>=6\"", ""), Some(VersionTool::Pbr));
        check(&build(setuptools, "\"versioneer[toml]\"", ""), Some(VersionTool::Other));
        let poetry = "[tool.poetry-dynamic-versioning]\nenable = true";
        let poetry = build("poetry_dynamic_versioning.backend", "", poetry);
        check(&poetry, Some(VersionTool::PoetryDynamicVersioning));
        let attr = "[tool.setuptools.dynamic]\nversion = { attr = \"a.b\" }";
        check(&build(setuptools, "\"setuptools-scm\"", attr), None);
        check(&build(setuptools, "\"setuptools\"", ""), None);
        check("[project]\nname = \"a\"\nversion = \"1\"\n", None);
    }
}
