//! Spellings that normalise to one version: what is planned, built and verified is each format's
//! own, whatever the manifests and the tag write.

use super::samples;
use super::tree::{DATE, Tree};

/// A project and a chart, each of which writes the version in its own way, under a tag.
fn tree(python: &str, chart: &str, tag: &str) -> Tree {
    let tree = samples::project();
    tree.put("pyproject.toml", samples::PROJECT.replace("1.0.0", python));
    tree.put("charts/web/Chart.yaml", samples::CHART.replace("1.0.0", chart));
    tree.put("charts/web/templates/map.yaml", samples::MAP);
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    tree.git(&["tag", tag]);
    tree
}

/// What a manifest writes for a project and for a chart, the tag, and what their files are called
/// after.
const SPELLINGS: [[&str; 5]; 8] = [
    ["2025.05.09", "2025.5.9", "v2025.05.09", "2025.5.9", "2025.5.9"],
    ["1.0.0-rc.1", "1.0.0-rc.1", "v1.0.0-rc.1", "1.0.0rc1", "1.0.0-rc.1"],
    ["1.0.0rc1", "1.0.0-rc.1", "v1.0.0rc1", "1.0.0rc1", "1.0.0-rc.1"],
    ["v1.0", "1.0.0", "v1.0", "1.0", "1.0.0"],
    ["1.0.post1", "1.0.0+post.1", "v1.0.post1", "1.0.post1", "1.0.0+post.1"],
    ["1.0+local", "1.0.0+local", "v1.0+local", "1.0+local", "1.0.0+local"],
    ["1.0.0", "1", "v1.0.0", "1.0.0", "1.0.0"],
    ["1.0_alpha.2", "1.0.0-alpha.2", "v1.0a2", "1.0a2", "1.0.0-alpha.2"],
];

#[test]
fn a_version_is_planned_in_the_spelling_of_each_format() {
    for [python, chart, tag, in_wheel, in_chart] in SPELLINGS {
        let tree = tree(python, chart, tag);
        let told = tree.run(&["plan"]).accepted();
        for file in [
            format!("pypi/kit-{in_wheel}-*-none-any.whl"),
            format!("pypi/kit-{in_wheel}.tar.gz"),
            format!("helm/web-{in_chart}.tgz"),
        ] {
            assert!(told.stdout.contains(&file), "{python}: no {file} in {}", told.told());
        }
    }
}

/// Releases the tree and verifies the release again, with files of these names in it.
fn released([python, chart, tag, in_wheel, in_chart]: [&str; 5]) {
    let tree = tree(python, chart, tag);
    tree.release(&[]);
    tree.run(&["verify", "dist"]).accepted();
    for file in [
        format!("pypi/kit-{in_wheel}-py2.py3-none-any.whl"),
        format!("pypi/kit-{in_wheel}.tar.gz"),
        format!("helm/web-{in_chart}.tgz"),
    ] {
        assert!(tree.join("dist").join(&file).is_file(), "{python}: no {file}");
    }
}

#[test]
fn a_date_with_zeros_is_released_and_verified() {
    released(SPELLINGS[0]);
}

#[test]
#[ignore = "slow cases: 30 s, builds a project for each spelling"]
fn every_other_spelling_is_released_and_verified() {
    SPELLINGS.into_iter().skip(1).for_each(released);
}
