//! A `dist` that is taken: what is committed there stays, and releases go elsewhere.

use super::archives::members;
use super::samples;
use super::tree::{DATE, Tree};
use product_tests::scratch::Scratch;

const INDEX: &str = "console.log(1)\n";

/// An action of GitHub's with a chart: its program is committed in `dist/`.
fn action() -> Tree {
    let tree = samples::chart();
    tree.put("dist/index.js", INDEX);
    tree.put("action.yml", "name: a\nruns:\n  using: node24\n  main: dist/index.js\n");
    tree.put(".gitignore", "/release/\n");
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    tree
}

/// Puts this line below `[release]`.
fn say(tree: &Tree, line: &str) {
    let config = std::fs::read_to_string(tree.join("package-actions.toml")).unwrap();
    let config = config.replacen("[release]\n", &format!("[release]\n{line}\n"), 1);
    tree.put("package-actions.toml", config);
    tree.commit(DATE);
}

#[track_caller]
fn dist_is_untouched(tree: &Tree) {
    let found: Vec<_> = std::fs::read_dir(tree.join("dist")).unwrap().collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(std::fs::read_to_string(tree.join("dist/index.js")).unwrap(), INDEX);
    assert_eq!(tree.git(&["status", "--porcelain"]), "");
}

#[test]
fn a_dist_that_is_committed_is_refused_with_the_way_out() {
    let tree = action();
    for step in ["release", "build"] {
        let words = if step == "release" { &[step, "--local"][..] } else { &[step] };
        tree.refuses(words, 2, &["error[dist-not-ours]", "--out"]);
        dist_is_untouched(&tree);
    }
}

#[test]
fn a_release_goes_to_the_folder_that_an_option_names() {
    let tree = action();
    let elsewhere = Scratch::new("elsewhere").unwrap();
    let far = elsewhere.join("a b/release").display().to_string();
    for out in ["release", far.as_str()] {
        tree.release(&["--out", out]);
        dist_is_untouched(&tree);
        let packed = tree.join(out).join("helm/web-1.0.0.tgz");
        assert_eq!(members(&packed).len(), 3);
        tree.run(&["verify", out]).accepted();
        // A release of before is replaced, and is no part of the next one.
        tree.release(&["--out", out]);
    }
    let source = super::tree::read(&tree.join("release/release.json"))["source"].clone();
    assert_eq!(source["dirty"], false, "{source}");
}

#[test]
fn a_release_goes_to_the_folder_that_the_configuration_names() {
    let tree = action();
    say(&tree, "out = \"release\"");
    tree.release(&[]);
    dist_is_untouched(&tree);
    tree.run(&["verify", "release"]).accepted();
    // The steps find it there, and an option wins.
    for step in [&["build"][..], &["seal", "--sign=none"], &["verify", "release"]] {
        tree.run(step).accepted();
    }
    tree.release(&["--out=release/other"]);
    assert!(tree.join("release/other/release.json").is_file());
    dist_is_untouched(&tree);
}

#[test]
fn a_folder_that_holds_something_else_is_refused_wherever_it_is() {
    let tree = action();
    tree.put("release/thesis.txt", "ten years of work\n");
    tree.refuses(&["release", "--local", "--out=release"], 2, &["error[dist-not-ours]", "release"]);
    tree.refuses(&["release", "--local", "--out=charts"], 2, &["error[dist-not-ours]", "charts"]);
    tree.refuses(&["release", "--local", "--out=."], 2, &["error[out-unusable]"]);
    tree.refuses(&["release", "--local", "--out=.git/x"], 2, &["error[out-unusable]"]);
    let thesis = std::fs::read_to_string(tree.join("release/thesis.txt")).unwrap();
    assert_eq!(thesis, "ten years of work\n");
    dist_is_untouched(&tree);
}
