//! First steps that go astray: nothing checked out, a tag that fits nothing, a name that nobody
//! chose.

use std::fs;
use std::path::Path;

use product_tests::scratch::Scratch;

use crate::step::Step;

const PROJECT: &str = r#"[project]
name = "other"
version = "1.1.0rc1"
license = "MIT"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"#;

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let file = folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
}

#[test]
fn a_workflow_that_checks_nothing_out_is_told_so() {
    let work = Scratch::new("odd").unwrap();
    for action in ["oci", "pypi", "helm", "binary", "release"] {
        let ended = Step::of(action).run(work.path()).refused("tree-empty");
        assert!(ended.verdict.stdout.contains("actions/checkout"), "{}", ended.told());
    }
}

#[test]
fn a_tag_that_fits_no_manifest_is_told_without_a_file_that_nobody_has() {
    let work = Scratch::new("odd").unwrap();
    write(work.path(), &[("chart/Chart.yaml", "apiVersion: v2\nname: one\nversion: 1.0.0\n")]);
    let step = Step::of("helm").input("path", "chart");
    let ended = step.tagged("v2.0.0").run(work.path()).refused("version-differs");
    let told = ended.verdict.stdout.replace("chart/Chart.yaml:3:10", "");
    assert!(told.contains("the release is 2.0.0 (the tag)"), "{}", ended.told());
    for words in ["package-actions.toml", "\"own\""] {
        assert!(!told.contains(words), "{}", ended.told());
    }
    let step = Step::of("helm").input("path", "chart");
    step.tagged("nightly").run(work.path()).refused("tag-other");
}

#[test]
fn a_project_whose_repository_is_called_otherwise_is_no_news() {
    let work = Scratch::new("odd").unwrap();
    write(work.path(), &[("pyproject.toml", PROJECT), ("other/__init__.py", "")]);
    let step = Step::of("pypi").input("publish", "false").input("sign", "none");
    let ended = step.tagged("v1.1.0-rc.1").run(work.path()).accepted();
    assert_eq!(ended.output("version"), "1.1.0-rc.1");
    assert!(!ended.verdict.stdout.contains("::warning"), "{}", ended.told());
}
