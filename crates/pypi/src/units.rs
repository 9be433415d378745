//! The units of a Python package, and the files that each leaves in `dist/pypi`.
//!
//! A function of the plan's values alone: a `*` stands for what only the build knows.

use crate::{PythonKind, PythonSpec};
use model::{Diagnostic, Package, Platform, Recipe, Unit, UnitId};

use crate::codes;
use crate::name::{is_name, normalize_for_files};
use crate::recipes;

/// The units of `package` in this format; none when it has no Python part.
///
/// # Errors
/// `python-name` or `python-version` when the package's name or version cannot stand in a file
/// name of this format.
pub(crate) fn units(package: &Package) -> Result<Vec<Unit>, Diagnostic> {
    let Some(spec) = package.spec::<PythonSpec>() else { return Ok(Vec::new()) };
    let version = version(spec)?;
    let stem = stem(spec)?;
    let sdist = format!("{stem}.tar.gz");
    let unit = |platform: Option<Platform>, recipe: Recipe, files: Vec<String>| Unit {
        id: UnitId::new(&package.name, crate::FORMAT, platform),
        package: package.name.clone(),
        format: crate::FORMAT,
        platform,
        recipe,
        version: version.clone(),
        needs: Vec::new(),
        files: files.into_iter().map(|file| format!("pypi/{file}")).collect(),
    };
    Ok(match &spec.kind {
        // Which Pythons it is for (`py3`, `py2.py3`, `cp311`) is the backend's choice.
        PythonKind::Pure => {
            let wheel = format!("{stem}-*-none-any.whl");
            vec![unit(None, recipes::PROJECT, vec![wheel, sdist])]
        }
        PythonKind::Meta { .. } => {
            let wheel = format!("{stem}-py3-none-any.whl");
            vec![unit(None, recipes::META, vec![wheel, sdist])]
        }
        PythonKind::Pyo3 { platforms, abi3, pythons } => {
            let mut units = vec![unit(None, recipes::SDIST, vec![sdist])];
            for platform in platforms {
                let files = wheels(&stem, *platform, abi3.as_deref(), pythons);
                units.push(unit(Some(*platform), recipes::WHEEL, files));
            }
            units
        }
    })
}

/// `{name}-{version}` as every file name of this package starts.
pub(crate) fn stem(spec: &PythonSpec) -> Result<String, Diagnostic> {
    if !is_name(&spec.name) {
        let message = format!("`{}` cannot name a Python distribution", spec.name.escape_debug());
        let help = "use ASCII letters and digits, with `-`, `_` and `.` between them";
        return Err(Diagnostic::new(&model::codes::PYTHON_NAME, message).help(help));
    }
    Ok(format!("{}-{}", normalize_for_files(&spec.name), version(spec)?))
}

/// The version in normal form.
pub(crate) fn version(spec: &PythonSpec) -> Result<String, Diagnostic> {
    spec.version.pep440().map_err(|error| {
        let help = "PEP 440 knows the pre-release words `a`, `b`, `rc` and `dev`, with one number";
        Diagnostic::new(&codes::PYTHON_VERSION, error.to_string()).help(help)
    })
}

fn wheels(stem: &str, platform: Platform, abi3: Option<&str>, pythons: &[String]) -> Vec<String> {
    let tail = match platform {
        Platform::LinuxAmd64 => "manylinux*_x86_64",
        Platform::LinuxArm64 => "manylinux*_aarch64",
        Platform::DarwinAmd64 => "macosx_*_x86_64",
        Platform::DarwinArm64 => "macosx_*_arm64",
        Platform::WindowsAmd64 => "win_amd64",
    };
    if let Some(lowest) = abi3 {
        return vec![format!("{stem}-{}-abi3-{tail}.whl", interpreter_tag(lowest))];
    }
    if pythons.is_empty() {
        return vec![format!("{stem}-cp*-cp*-{tail}.whl")];
    }
    let wheel = |python: &String| {
        // A free-threaded interpreter shows in the ABI tag only: `cp314-cp314t`.
        let abi = interpreter_tag(python);
        format!("{stem}-{}-{abi}-{tail}.whl", abi.trim_end_matches('t'))
    };
    pythons.iter().map(wheel).collect()
}

/// `cp311` of `3.11`.
fn interpreter_tag(python: &str) -> String {
    format!("cp{}", python.replace('.', ""))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::Version;

    use crate::BuildCutoff;

    use super::*;

    fn package(name: &str, version: &str, kind: PythonKind) -> Package {
        let python = PythonSpec {
            name: name.to_owned(),
            version: Version::parse(version).unwrap(),
            kind,
            path: ".".to_owned(),
            requires_python: String::new(),
            env: BTreeMap::new(),
            repack: true,
            build_cutoff: BuildCutoff::Default,
        };
        Package::new("pkg".to_owned()).with(python)
    }

    fn check(package: &Package, expected: &[&str]) {
        let found: Vec<String> = units(package)
            .unwrap()
            .iter()
            .map(|unit| format!("{} {:?} {}", unit.id, unit.recipe, unit.files.join(" ")))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_package_without_a_python_part_has_no_unit() {
        let mut bare = package("a", "1", PythonKind::Pure);
        bare.specs = model::Specs::default();
        check(&bare, &[]);
    }

    #[test]
    fn each_kind_of_project_leaves_its_own_files() {
        check(
            &package("MCP-Server.Time", "1.0.0-RC-3", PythonKind::Pure),
            &["pkg/pypi python-project pypi/mcp_server_time-1.0.0rc3-*-none-any.whl \
               pypi/mcp_server_time-1.0.0rc3.tar.gz"],
        );
        check(
            &package("all", "1.0", PythonKind::Meta { members: Vec::new() }),
            &["pkg/pypi python-meta pypi/all-1.0-py3-none-any.whl pypi/all-1.0.tar.gz"],
        );
        let linux = Platform::LINUX.to_vec();
        let abi3 = Some("3.9".to_owned());
        check(
            &package("r", "2", PythonKind::Pyo3 { platforms: linux, abi3, pythons: Vec::new() }),
            &[
                "pkg/pypi python-sdist pypi/r-2.tar.gz",
                "pkg/pypi/linux-amd64 python-wheel pypi/r-2-cp39-abi3-manylinux*_x86_64.whl",
                "pkg/pypi/linux-arm64 python-wheel pypi/r-2-cp39-abi3-manylinux*_aarch64.whl",
            ],
        );
        let platforms = vec![Platform::DarwinArm64];
        let pythons = vec!["3.12".to_owned(), "3.14t".to_owned()];
        check(
            &package("r", "2", PythonKind::Pyo3 { platforms, abi3: None, pythons }),
            &[
                "pkg/pypi python-sdist pypi/r-2.tar.gz",
                "pkg/pypi/darwin-arm64 python-wheel pypi/r-2-cp312-cp312-macosx_*_arm64.whl \
                 pypi/r-2-cp314-cp314t-macosx_*_arm64.whl",
            ],
        );
    }

    #[test]
    fn a_name_or_version_that_no_file_name_holds_is_refused() {
        let code = |name: &str, version: &str| {
            let package = package(name, version, PythonKind::Pure);
            units(&package).unwrap_err().code.to_string()
        };
        assert_eq!(code("a b", "1"), "python-name");
        assert_eq!(code("", "1"), "python-name");
        assert_eq!(code("a", "1.0.0-nightly.7"), "python-version");
    }
}
