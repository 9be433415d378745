//! Mistakes in `package-actions.toml`, and in what is asked of a plan.

use super::mistake::Mistake;

const CHART: &str = "apiVersion: v2\nname: web\nversion: 1.0.0\nappVersion: 1.0.0\n";
const CONFIG: &str = "[release]\nversion = \"1.0.0\"\nregistry = \"localhost\"\n\n\
                      [[package]]\nname = \"web\"\nchart = { path = \"chart\" }\n";

/// A chart, and a configuration that is `CONFIG` with `old` replaced by `new`.
fn with(name: &'static str, old: &str, new: &str) -> Mistake {
    assert!(CONFIG.contains(old), "{old}");
    let config = CONFIG.replace(old, new);
    Mistake::new(name, &[("package-actions.toml", &config), ("chart/Chart.yaml", CHART)])
}

#[test]
fn a_folder_without_configuration() {
    Mistake::new("no-configuration", &[("README.md", "a\n")]).tells(&["plan"]);
}

#[test]
fn a_file_that_is_not_toml() {
    with("not-toml", "[[package]]", "[[package]").tells(&["plan"]);
}

#[test]
fn a_key_that_is_misspelled() {
    with("misspelled-key", "chart =", "chrat =").tells(&["plan"]);
}

#[test]
fn a_number_where_text_belongs() {
    with("wrong-type", "\"1.0.0\"", "1.0").tells(&["plan"]);
}

#[test]
fn a_version_that_is_none() {
    with("bad-version", "\"1.0.0\"", "\"one\"").tells(&["plan"]);
}

#[test]
fn a_folder_that_is_not_there() {
    with("no-folder", "path = \"chart\"", "path = \"charts\"").tells(&["plan"]);
}

#[test]
fn two_packages_of_one_name() {
    let twice = "[[package]]\nname = \"web\"\nchart = { path = \"chart\" }\n\n[[package]]";
    with("one-name-twice", "[[package]]", twice).tells(&["plan"]);
}

#[test]
fn an_output_folder_outside_of_the_tree() {
    with("out-outside", "[release]\n", "[release]\nout = \"../elsewhere\"\n").tells(&["plan"]);
}

#[test]
fn a_tag_without_a_version() {
    with("tag-without-version", "[release]\n", "[release]\ntag = \"latest\"\n").tells(&["plan"]);
}

#[test]
fn no_registry_for_a_chart() {
    with("no-registry", "registry = \"localhost\"\n", "").tells(&["plan"]);
}

#[test]
fn a_platform_that_nobody_builds_for() {
    with("unknown-platform", "a", "a").tells(&["plan", "--platform", "linux-sparc"]);
}

#[test]
fn a_package_that_the_configuration_lacks() {
    with("unknown-package", "a", "a").tells(&["plan", "--package", "wbe"]);
}

#[test]
fn a_format_that_is_none() {
    with("unknown-format", "a", "a").tells(&["plan", "--format", "rpm"]);
}

#[test]
fn a_plan_that_changed_since() {
    let zeros = format!("sha256:{}", "0".repeat(64));
    with("plan-changed", "a", "a").tells(&["build", "--plan", &zeros]);
}
