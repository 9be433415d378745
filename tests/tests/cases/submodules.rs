//! Files that git lists elsewhere: those of submodules.

use serde_json::Value;

use super::archives::{member, members, wheel};
use super::samples;
use super::tree::{DATE, Tree, read};

/// A chart and a project that both have a submodule for their data, and that submodule.
fn both() -> (Tree, Tree) {
    let data = Tree::of(&[("table.json", "{\"t\": 1}\n")]);
    let tree = samples::chart();
    tree.put("pyproject.toml", samples::PROJECT);
    tree.put("README.md", "# Kit\n");
    tree.put("kit/__init__.py", "X = 1\n");
    for folder in ["charts/web/data", "kit/data"] {
        add(&tree, &data, folder);
    }
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    (tree, data)
}

/// A chart with a submodule in it, or beside it, and that submodule.
fn chart(folder: &str) -> (Tree, Tree) {
    let data = Tree::of(&[("table.json", "{\"t\": 1}\n")]);
    let tree = samples::chart();
    add(&tree, &data, folder);
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    (tree, data)
}

fn add(tree: &Tree, inner: &Tree, folder: &str) {
    let from = format!("file://{}", inner.path().display());
    tree.git(&["submodule", "--quiet", "add", &from, folder]);
}

/// The commits that the provenance names, by the names that it gives them.
fn commits(tree: &Tree) -> Vec<(String, String)> {
    let statement = read(&tree.join("dist/provenance/release.intoto.json"));
    let all = statement["predicate"]["buildDefinition"]["resolvedDependencies"].clone();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let commit = |one: &Value| Some((text(&one["name"])?, text(&one["digest"]["gitCommit"])?));
    all.as_array().unwrap().iter().filter_map(commit).collect()
}

#[test]
fn the_files_of_a_submodule_are_released_and_its_commit_is_named() {
    let (tree, data) = both();
    tree.release(&[]);
    let expected = "{\"t\": 1}\n";
    assert_eq!(member(&tree.only(".tgz"), "web/data/table.json"), expected);
    assert_eq!(wheel(&tree.only(".whl"))["kit/data/table.json"][1], expected);
    let of_data = data.git(&["rev-parse", "HEAD"]);
    let commits = commits(&tree);
    for folder in ["charts/web/data", "kit/data"] {
        let named =
            commits.iter().any(|(name, commit)| name.contains(folder) && *commit == of_data);
        assert!(named, "{folder}: {commits:?}");
    }
}

const UPDATE: &str = "git submodule update --init";

const INSIDE: &str = "charts/web/data";

#[track_caller]
fn is_refused(tree: &Tree, why: &str, help: &str) {
    let expected = ["error[tree-submodule]", INSIDE, why, help];
    tree.refuses(&["release", "--local"], 2, &expected);
}

#[test]
fn a_submodule_that_is_not_what_the_commit_records_stops_what_would_hold_it() {
    let (tree, _data) = chart(INSIDE);
    is_refused(&tree.cloned(&[]), "not checked out", UPDATE);

    tree.put("charts/web/data/table.json", "{\"t\": 2}\n");
    is_refused(&tree, "differs from its commit", "git -C charts/web/data status");
    tree.put("charts/web/data/new.json", "{}\n");
    is_refused(&tree, "differs from its commit", "git -C charts/web/data status");

    let inner = ["-C", INSIDE, "commit", "--quiet", "--all", "--message=x"];
    tree.git(&inner);
    std::fs::remove_file(tree.join("charts/web/data/new.json")).unwrap();
    is_refused(&tree, "the tree records", UPDATE);
}

#[test]
fn a_submodule_beside_what_is_released_stops_nothing() {
    let (tree, _data) = chart("third_party/data");
    let clone = tree.cloned(&[]);
    let told = clone.release(&[]);
    assert!(told.stderr.contains("third_party/data"), "{}", told.told());
    assert_eq!(members(&clone.only(".tgz")).len(), 3);
}

#[test]
fn a_submodule_that_is_left_out_is_left_out_wherever_it_is_checked_out() {
    let (tree, _data) = chart(INSIDE);
    let config = std::fs::read_to_string(tree.join("package-actions.toml")).unwrap();
    let ignore = "[release]\nsubmodules = { ignore = [\"charts/*/data\"] }\n";
    tree.put("package-actions.toml", config.replacen("[release]\n", ignore, 1));
    tree.commit(DATE);
    tree.release(&[]);
    let clone = tree.cloned(&[]);
    clone.release(&[]);
    let expected = ["web/Chart.yaml", "web/templates/map.yaml", "web/values.yaml"];
    for tree in [&tree, &clone] {
        assert_eq!(members(&tree.only(".tgz")), expected);
        assert_eq!(commits(tree).len(), 1, "{:?}", commits(tree));
        assert_eq!(tree.manifest()["source"]["dirty"], false);
    }
    let bytes = |tree: &Tree| std::fs::read(tree.only(".tgz")).unwrap();
    assert_eq!(bytes(&tree), bytes(&clone));
}

#[test]
fn a_submodule_of_a_submodule_belongs_to_the_tree() {
    let deep = Tree::of(&[("deep.json", "{}\n")]);
    let data = Tree::of(&[("table.json", "{\"t\": 1}\n")]);
    add(&data, &deep, "deep");
    data.commit(DATE);
    let tree = samples::chart();
    add(&tree, &data, INSIDE);
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    let clone = tree.cloned(&["--recurse-submodules"]);
    clone.release(&[]);
    assert_eq!(member(&clone.only(".tgz"), "web/data/deep/deep.json"), "{}\n");
    let of_deep = deep.git(&["rev-parse", "HEAD"]);
    let named = commits(&clone);
    assert!(named.iter().any(|(_, commit)| *commit == of_deep), "{named:?}");
}
