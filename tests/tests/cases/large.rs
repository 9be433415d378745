//! Files that Git LFS keeps: released as what their pointers name, or not at all.

use std::process::Command;

use product_tests::judges::Verdict;

use super::archives::{member, members};
use super::samples;
use super::tree::{DATE, Tree};

const CONTENT: &str = "the model\n";

/// What `sha256sum` says of the content.
fn digest() -> String {
    let tree = Tree::bare(&[("content", CONTENT)]);
    let mut sum = Command::new("sha256sum");
    let told = Verdict::of(sum.arg(tree.join("content"))).accepted().stdout;
    told.split(' ').next().unwrap().to_owned()
}

fn pointer() -> String {
    let size = CONTENT.len();
    format!("version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {size}\n", digest())
}

const ATTRIBUTES: &str = "*.npz filter=lfs diff=lfs merge=lfs -text\n";

fn propose(tree: &Tree) {
    tree.put(".gitattributes", ATTRIBUTES);
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
}

/// A chart whose commit has a pointer in the place of a file.
fn chart() -> Tree {
    let tree = samples::chart();
    tree.put("charts/web/files/model.npz", pointer());
    propose(&tree);
    tree
}

/// Stores pointers for files, as `git lfs install` has git do.
fn filter(tree: &Tree) {
    tree.put(".git/pointer", pointer());
    let clean = "cat >/dev/null; cat .git/pointer";
    tree.git(&["config", "filter.lfs.clean", clean]);
    tree.git(&["config", "filter.lfs.required", "true"]);
}

/// Puts these bytes where LFS keeps what the pointer names.
fn store(tree: &Tree, bytes: &str) {
    let digest = digest();
    let folder = format!(".git/lfs/objects/{}/{}", &digest[..2], &digest[2..4]);
    tree.put(&format!("{folder}/{digest}"), bytes);
}

#[track_caller]
fn holds_the_content(tree: &Tree) {
    tree.release(&["--offline"]);
    assert_eq!(member(&tree.only(".tgz"), "web/files/model.npz"), CONTENT);
    assert_eq!(tree.manifest()["source"]["dirty"], false);
}

#[test]
fn a_file_that_a_pointer_names_is_released_from_wherever_it_is() {
    let stored = chart();
    store(&stored, CONTENT);
    holds_the_content(&stored);

    let checked_out = samples::chart();
    filter(&checked_out);
    checked_out.put("charts/web/files/model.npz", CONTENT);
    propose(&checked_out);
    let committed = checked_out.git(&["show", "HEAD:charts/web/files/model.npz"]);
    assert_eq!(committed, pointer().trim_end());
    holds_the_content(&checked_out);

    let work_tree = chart();
    store(&work_tree, CONTENT);
    work_tree.git(&["worktree", "add", "--quiet", "--detach", "beside"]);
    let told = work_tree.run(&["release", "--local", "beside"]).accepted();
    let packed = work_tree.join("beside/dist/helm/web-1.0.0.tgz");
    assert_eq!(member(&packed, "web/files/model.npz"), CONTENT, "{}", told.told());
}

#[track_caller]
fn is_refused(tree: &Tree) {
    let path = "charts/web/files/model.npz";
    let help = "git lfs pull";
    tree.refuses(&["release", "--local"], 2, &["error[tree-lfs]", path, help]);
    assert!(!tree.join("dist").exists());
}

#[test]
fn a_pointer_without_its_file_stops_what_would_hold_it() {
    is_refused(&chart());

    let short = chart();
    store(&short, "the mode\n");
    is_refused(&short);

    let other = chart();
    store(&other, "the mosel\n");
    is_refused(&other);
    assert_eq!("the mosel\n".len(), CONTENT.len());
}

#[test]
fn a_file_that_no_pointer_names_is_a_change_of_the_tree() {
    let tree = chart();
    tree.put("charts/web/files/model.npz", "the mosel\n");
    tree.release(&[]);
    assert_eq!(member(&tree.only(".tgz"), "web/files/model.npz"), "the mosel\n");
    assert_eq!(tree.manifest()["source"]["dirty"], true);
    tree.refuses(&["publish", "dist", "--dry-run"], 1, &["error[publish-dirty]"]);
}

#[test]
fn a_pointer_beside_what_is_released_stops_nothing() {
    let tree = samples::chart();
    tree.put("data/model.npz", pointer());
    propose(&tree);
    let told = tree.release(&[]);
    assert!(told.stderr.contains("data/model.npz"), "{}", told.told());
    assert_eq!(members(&tree.only(".tgz")).len(), 3);
}

#[test]
fn a_wheel_is_not_built_around_a_pointer() {
    let tree = samples::project();
    tree.put("kit/model.npz", pointer());
    propose(&tree);
    tree.refuses(&["release", "--local"], 2, &["error[tree-lfs]", "kit/model.npz", "git lfs pull"]);
}
