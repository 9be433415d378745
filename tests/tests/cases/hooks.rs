//! Hooks of git's: what git sets for the repository that a hook runs in chooses no sources. Each
//! variable by itself is tried in `bad_input/environment.rs`.

use std::path::Path;

use product_tests::product;

use super::samples;
use super::tree::{DATE, Tree, read};

/// A chart with what `init` proposes for it.
fn chart() -> Tree {
    let tree = samples::chart();
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    tree
}

/// Makes `hook` of `tree` release the tree at `of`.
fn hook(tree: &Tree, hook: &str, of: &Path) {
    let line = format!(
        "#!/bin/sh\nenv | grep ^GIT_ > \"{0}/seen\"\nexec \"{1}\" release --local \"{0}\" >&2\n",
        of.display(),
        product::binary().display()
    );
    tree.put_program(&format!(".git/hooks/{hook}"), &line);
}

/// What the release at `of` says of its source, and that git set variables for the hook.
#[track_caller]
fn released(of: &Path, commit: &str) {
    let seen = std::fs::read_to_string(of.join("seen")).unwrap();
    assert!(seen.contains("GIT_"), "{seen}");
    let source = &read(&of.join("dist/release.json"))["source"];
    assert_eq!(source["commit"], commit, "{source}");
}

#[test]
fn a_hook_of_another_repository_releases_the_one_that_it_names() {
    let tree = chart();
    let own = tree.git(&["rev-parse", "HEAD"]);
    let other = Tree::of(&[("file", "another\n")]);
    hook(&other, "post-commit", tree.path());
    other.commit(DATE);
    released(tree.path(), &own);

    // A mirror has the same commits and one more.
    let mirror = tree.cloned(&[]);
    hook(&mirror, "pre-push", tree.path());
    mirror.commit(DATE);
    mirror.git(&["push", "--quiet", "origin", "HEAD:refs/heads/copy"]);
    released(tree.path(), &own);
}

#[test]
fn a_hook_of_the_repository_itself_releases_its_new_commit() {
    let tree = chart();
    hook(&tree, "post-commit", tree.path());
    tree.put(".gitignore", "/dist/\n/seen\n");
    tree.commit(DATE);
    released(tree.path(), &tree.git(&["rev-parse", "HEAD"]));
    let source = &tree.manifest()["source"];
    assert_eq!(source["dirty"], false, "{source}");
}

#[test]
fn a_hook_in_a_linked_work_tree_releases_that_work_tree() {
    let tree = chart();
    tree.git(&["worktree", "add", "--quiet", "-b", "side", "beside"]);
    let beside = tree.join("beside");
    hook(&tree, "post-commit", &beside);
    tree.git(&["-C", "beside", "commit", "--quiet", "--allow-empty", "--message=x"]);
    released(&beside, &tree.git(&["rev-parse", "side"]));
    assert_ne!(tree.git(&["rev-parse", "side"]), tree.git(&["rev-parse", "HEAD"]));
}

#[test]
fn a_step_of_a_rebase_releases_the_commit_that_is_checked_out() {
    let tree = chart();
    let first = tree.git(&["rev-parse", "HEAD"]);
    tree.put("notes", "x\n");
    tree.commit(DATE);
    let line = format!("\"{}\" release --local . >&2", product::binary().display());
    tree.git(&["rebase", "--quiet", "--exec", &line, &first]);
    let commit = tree.manifest()["source"]["commit"].as_str().unwrap().to_owned();
    assert_eq!(commit, tree.git(&["rev-parse", "HEAD"]));
    assert_ne!(commit, first);
}
