//! Questions that cannot be asked as they stand: keys that are none, folders with nothing in them,
//! lists with other line ends, and files that have no digest.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use product_tests::judges::Verdict;

use super::tree::Tree;

#[test]
fn a_key_is_one_key_in_a_short_regular_file() {
    let tree = Tree::good();
    let key = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";
    tree.put("two.pub", format!("{key}{key}").as_bytes());
    tree.put("long.pub", &[b'x'; 20_000]);
    let with = |key: &'static str| ["verify", "a", "--key", key];
    tree.refuses(&with("two.pub"), &["two.pub: error[public-key]"]);
    tree.refuses(&with("long.pub"), &["long.pub: error[key-unreadable]"]);
    tree.refuses(&with("/dev/zero"), &["/dev/zero: error[key-unreadable]"]);
}

#[test]
fn init_writes_nothing_where_nothing_can_be_released() {
    let tree = Tree::of(&[("notes.txt", b"nothing")]);
    tree.refuses(&["init"], &["error[init-nothing]"]);
    let told = tree.run(&["init", "--dry-run", "--output", "json"]).accepted();
    let told: serde_json::Value = serde_json::from_str(&told.stdout).unwrap();
    let note = told["notes"][0].as_str().unwrap();
    assert!(
        note.starts_with("nothing that could be released was found: no `pyproject.toml`"),
        "{note}"
    );
}

#[test]
fn what_has_no_digest_is_not_passed_over() {
    let tree = Tree::good();
    fs::create_dir(tree.join("empty")).unwrap();
    tree.run(&["checksums"]).accepted();
    symlink("a", tree.join("link")).unwrap();
    tree.refuses(&["checksums"], &["link: error[file-not-regular]"]);
    fs::remove_file(tree.join("link")).unwrap();
    Verdict::of(Command::new("mkfifo").arg(tree.join("pipe"))).accepted();
    tree.refuses(&["checksums"], &["pipe: error[file-not-regular]"]);
}

#[test]
fn a_tool_that_is_none_is_a_fault_of_the_command_line() {
    let tree = Tree::good();
    tree.refuses(&["build", "--tool", "goo=/usr/bin/true"], &["error[usage-tool]"]);
    tree.refuses(&["publish", "nowhere"], &["nowhere: error[subject-missing]"]);
}
