//! Names and paths that no file, registry or shell should see, and links that leave the tree.

use std::os::unix::fs::symlink;

use super::tree::{PACKAGE, RELEASE, Tree, listing};

#[test]
fn a_name_that_no_file_name_can_hold_is_refused() {
    let long = "a".repeat(129);
    let names = [
        "a b",
        " ",
        "-a",
        "--help",
        "ä",
        "",
        "a/b",
        "..",
        "$(x)",
        "a;b",
        "\\u202ea",
        "a\\tb",
        "a\\u0000",
        "a.",
        "日本",
        "a\\\\b",
        long.as_str(),
    ];
    for name in names {
        let package = PACKAGE.replace("name = \"a\"", &format!("name = \"{name}\""));
        let tree = Tree::with(format!("{RELEASE}{package}").as_bytes());
        let told = tree.refuses(&["plan"], &["package-actions.toml:5:8: error[package-name]"]);
        assert!(!told.stderr.contains('\u{202e}'), "{}", told.told());
    }
}

#[test]
fn a_line_break_in_a_name_starts_no_line_of_ours() {
    let package = PACKAGE.replace("name = \"a\"", "name = \"a\\n::stop-commands::b\"");
    let tree = Tree::with(format!("{RELEASE}{package}").as_bytes());
    let told = tree.refuses(&["plan"], &["package-actions.toml:5:8: error[package-name]"]);
    assert!(!told.stderr.lines().any(|line| line.trim().starts_with("::")), "{}", told.told());
}

#[test]
fn a_path_that_leaves_the_tree_or_looks_like_an_option_is_refused() {
    let paths = ["../x", "/etc", "a/../../x", "-a", "C:x", "a\\\\b", "a//b", "", "a/.", "a\\nb"];
    for path in paths {
        let package = PACKAGE.replace("path = \"a\"", &format!("path = \"{path}\""));
        let tree = Tree::with(format!("{RELEASE}{package}").as_bytes());
        tree.refuses(&["plan"], &["package-actions.toml:6:19: error["]);
    }
}

#[test]
fn a_path_that_is_not_there_is_refused() {
    let package = PACKAGE.replace("path = \"a\"", "path = \"gone\"");
    let tree = Tree::with(format!("{RELEASE}{package}").as_bytes());
    tree.refuses(&["plan"], &["package-actions.toml:6:19: error[path-missing]"]);
    Tree::of(&[]).refuses(&["plan"], &["package-actions.toml: error[config-missing]"]);
    let missing = "package-actions.toml: error[config-missing]";
    let told = Tree::good().refuses(&["plan", "a"], &[missing]);
    assert!(told.stderr.contains("/package-actions.toml`"), "{}", told.told());
}

#[test]
fn a_link_out_of_the_tree_is_refused() {
    let outside = Tree::good();
    let check = |link: &str, target: &str, expected: &str| {
        let text = format!("{RELEASE}{PACKAGE}");
        let tree = match link {
            "package-actions.toml" => Tree::of(&[]),
            _ => Tree::of(&[("package-actions.toml", text.as_bytes())]),
        };
        std::fs::create_dir_all(tree.join(link).parent().unwrap()).unwrap();
        symlink(outside.join(target), tree.join(link)).unwrap();
        let before = listing(&outside.join("."));
        tree.refuses(&["plan"], &[expected]);
        tree.refuses(&["release", "--local", "--offline"], &[expected]);
        assert_eq!(listing(&outside.join(".")), before);
    };
    check("a", "a", "package-actions.toml:6:19: error[path-outside]");
    let project = "a/pyproject.toml";
    check(project, project, "package-actions.toml:6:19: error[path-outside]");
    let config = "package-actions.toml";
    check(config, config, "package-actions.toml: error[path-outside]");
}

#[test]
fn a_link_to_itself_is_refused() {
    let tree = Tree::of(&[("package-actions.toml", format!("{RELEASE}{PACKAGE}").as_bytes())]);
    symlink("a", tree.join("a")).unwrap();
    tree.refuses(&["plan"], &["package-actions.toml:6:19: error[path-unreadable]"]);
}
