//! `version = "git-tag"`, as `resolve` sees it.

use model::{Diagnostics, MemoryTree, Tree, Version};

use super::super::{Resolved, Tagged, resolve};
use super::{FORMATS, tree};

const SCM: &str = "[build-system]\nrequires = [\"setuptools-scm\"]\n[project]\nname = \"a\"\n\
                   dynamic = [\"version\"]\n";
const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.3.0\n";

/// What `resolve` says without a tag.
pub(super) fn plain(tree: &dyn Tree) -> Result<Resolved, Diagnostics> {
    resolve(tree, FORMATS, &Tagged::default())
}

fn of(release: &str, package: &str) -> MemoryTree {
    let config = format!(
        "[release]\n{release}\nregistry = \"ghcr.io/x\"\n\
         [[package]]\nname = \"a\"\n{package}\npython = {{ path = \"p\" }}\n\
         [[package]]\nname = \"c\"\nversion = \"own\"\nchart = {{ path = \"c\" }}\n"
    );
    tree(&config, &[("p/pyproject.toml", SCM), ("c/Chart.yaml", CHART)])
}

fn told(version: &str) -> Tagged {
    Tagged { version: Version::parse(version).ok(), event: None }
}

/// The release's version and tag, the package's version, and what its backend is told.
fn check(release: &str, package: &str, tagged: &Tagged, expected: [&str; 4]) {
    let resolved = resolve(&of(release, package), FORMATS, tagged).unwrap();
    let python = resolved.packages[0].package.spec::<pypi::PythonSpec>().unwrap();
    let env = python.env.get("SETUPTOOLS_SCM_PRETEND_VERSION_FOR_A");
    let release = &resolved.release;
    let found = [release.version.text(), &release.tag, python.version.text(), env.unwrap()];
    assert_eq!(found, expected);
}

#[test]
fn the_version_that_was_handed_on_is_the_releases_or_the_packages() {
    let git = "version = \"git-tag\"";
    check(git, "", &told("1.4.0"), ["1.4.0", "v1.4.0", "1.4.0", "1.4.0"]);
    check("version = \"1.0.0\"", git, &told("1.4.0"), ["1.0.0", "v1.0.0", "1.4.0", "1.4.0"]);
    check("version = \"1.0.0\"", "", &Tagged::default(), ["1.0.0", "v1.0.0", "1.0.0", "1.0.0"]);
    check("version = \"v1.0\"", "", &Tagged::default(), ["v1.0", "v1.0", "v1.0", "1.0"]);
    let bare = "version = \"v1.0\"\ntag = \"{version}\"";
    check(bare, "", &Tagged::default(), ["v1.0", "v1.0", "v1.0", "1.0"]);
    let snapshot = "1.4.1-dev.3.gabc1234";
    let expected = [snapshot, "v1.4.1-dev.3.gabc1234", snapshot, "1.4.1.dev3+gabc1234"];
    check(git, "", &told(snapshot), expected);
}

#[test]
fn what_is_wrong_is_told_where_the_tag_is_asked_for() {
    let check = |release: &str, package: &str, tagged: &Tagged, expected: &[&str]| {
        let problems = match resolve(&of(release, package), FORMATS, tagged) {
            Ok(resolved) => resolved.warnings,
            Err(problems) => problems,
        };
        let found: Vec<String> = problems
            .0
            .iter()
            .map(|one| format!("{} {}", one.location.as_ref().unwrap(), one.code))
            .collect();
        assert_eq!(found, expected, "{problems}");
    };
    let git = "version = \"git-tag\"";
    let none = Tagged::default();
    check(git, "", &none, &["package-actions.toml:2:11 release-tag-unknown"]);
    let literal = "version = \"1.0.0\"";
    check(literal, git, &none, &["package-actions.toml:6:11 release-tag-unknown"]);
    let snapshot = told("1.4.1-dev.3.gabc1234");
    check(git, "", &snapshot, &["package-actions.toml:2:11 release-snapshot"]);
    let own = "version = \"own\"";
    check(literal, own, &none, &["package-actions.toml:7:19 python-version-unknown"]);
}
