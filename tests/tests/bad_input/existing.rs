//! Folders and files that are in the way: nothing of somebody else's is overwritten.

use std::fs;
use std::os::unix::fs::symlink;

use product_tests::judges::Verdict;
use product_tests::product;

use super::tree::Tree;

#[test]
fn a_dist_that_is_not_ours_is_left_alone() {
    for command in [&["release", "--local", "--offline"][..], &["build", "--offline"]] {
        let tree = Tree::good();
        tree.put("dist/thesis.txt", b"ten years of work");
        tree.refuses(command, &["error[dist-not-ours]"]);

        let tree = Tree::good();
        tree.put("dist", b"a file");
        tree.refuses(command, &["error[dist-not-ours]"]);

        let tree = Tree::good();
        tree.put("elsewhere/thesis.txt", b"ten years of work");
        symlink("elsewhere", tree.join("dist")).unwrap();
        tree.refuses(command, &["error[dist-not-ours]"]);

        let tree = Tree::good();
        symlink("nowhere", tree.join("dist")).unwrap();
        tree.refuses(command, &["error[dist-not-ours]"]);
    }
}

#[test]
fn init_overwrites_no_file() {
    let tree = Tree::good();
    tree.refuses(&["init"], &["error[init-exists]"]);

    // Not through a link either, whether or not it leads anywhere.
    for target in ["a/pyproject.toml", "nowhere"] {
        let tree = Tree::good();
        fs::remove_file(tree.join("package-actions.toml")).unwrap();
        symlink(target, tree.join("package-actions.toml")).unwrap();
        tree.refuses(&["init"], &["error[init-exists]"]);
    }
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let tree = Tree::good();
    for command in ["plan", "init", "build"] {
        tree.refuses(&[command, "nowhere"], &["error[tree-missing]"]);
        tree.refuses(&[command, "a/pyproject.toml"], &["error[tree-missing]"]);
    }
    tree.refuses(&["verify", "nowhere"], &["nowhere: error[subject-missing]"]);
    tree.refuses(&["verify", "a/pyproject.toml"], &["error[usage-key]"]);
    tree.refuses(&["verify", "a", "--key", "gone.pub"], &["gone.pub: error[key-unreadable]"]);
    let config = "package-actions.toml";
    tree.refuses(&["verify", "a", "--key", config], &["package-actions.toml: error[public-key]"]);
}

#[test]
fn a_repository_without_git_to_ask_is_told_so() {
    let tree = Tree::good();
    tree.put(".git/HEAD", b"ref: refs/heads/main\n");
    let mut command = product::command();
    let told =
        Verdict::of(command.args(["plan", tree.join(".").to_str().unwrap()]).env("PATH", "/"));
    assert_eq!(told.code, 2, "{}", told.told());
    assert!(told.stderr.contains("error[git-missing]"), "{}", told.told());
}
