//! How a version reaches a build backend that would ask git for it: by the backend's own variables.

use std::collections::BTreeMap;

use manifests::python::VersionTool;
use model::Version;

use crate::name::normalize_for_files;

/// The variables that tell `tool` the version of the distribution `name`; none where it takes none.
pub(super) fn of(tool: &VersionTool, name: &str, version: &Version) -> BTreeMap<String, String> {
    let Ok(version) = version.pep440() else { return BTreeMap::new() };
    let names = match tool {
        // Releases before 5.0, and hatch-vcs, know the second one alone.
        VersionTool::SetuptoolsScm => vec![
            format!(
                "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{}",
                normalize_for_files(name).to_ascii_uppercase()
            ),
            "SETUPTOOLS_SCM_PRETEND_VERSION".to_owned(),
        ],
        VersionTool::Pdm => vec!["PDM_BUILD_SCM_VERSION".to_owned()],
        VersionTool::PoetryDynamicVersioning => {
            vec!["POETRY_DYNAMIC_VERSIONING_BYPASS".to_owned()]
        }
        VersionTool::UvDynamicVersioning => vec!["UV_DYNAMIC_VERSIONING_BYPASS".to_owned()],
        VersionTool::Pbr => vec!["PBR_VERSION".to_owned()],
        VersionTool::Variable(name) => vec![name.clone()],
        VersionTool::Other => Vec::new(),
    };
    names.into_iter().map(|name| (name, version.clone())).collect()
}

/// The package's own variables, and `told` below them: if the package sets one of those, it says
/// the version itself.
pub(super) fn under(
    told: BTreeMap<String, String>,
    own: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut all = own.clone();
    if !told.keys().any(|name| own.contains_key(name)) {
        all.extend(told);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_is_told_in_normal_form() {
        let check = |tool: VersionTool, expected: &[&str]| {
            let version = Version::parse("1.4.0-rc.1").unwrap();
            let told = of(&tool, "My.Pkg-x", &version);
            let told: Vec<String> =
                told.iter().map(|(name, text)| format!("{name}={text}")).collect();
            assert_eq!(told, expected);
        };
        check(
            VersionTool::SetuptoolsScm,
            &[
                "SETUPTOOLS_SCM_PRETEND_VERSION=1.4.0rc1",
                "SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_PKG_X=1.4.0rc1",
            ],
        );
        check(VersionTool::Pdm, &["PDM_BUILD_SCM_VERSION=1.4.0rc1"]);
        check(VersionTool::Pbr, &["PBR_VERSION=1.4.0rc1"]);
        check(VersionTool::Variable("V".to_owned()), &["V=1.4.0rc1"]);
        check(VersionTool::Other, &[]);
    }

    #[test]
    fn what_the_package_sets_wins() {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let told = map(&[("A", "1"), ("B", "1")]);
        assert_eq!(under(told.clone(), &map(&[("B", "2")])), map(&[("B", "2")]));
        let both = map(&[("A", "1"), ("B", "1"), ("C", "2")]);
        assert_eq!(under(told, &map(&[("C", "2")])), both);
    }
}
