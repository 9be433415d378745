//! Without a network: what is cached is built again, by itself or told `--offline`; what is not is
//! named.

use std::fs;
use std::process::{Command, Stdio};

use product_tests::judges::Verdict;
use product_tests::repository::{self, EXAMPLE};
use product_tests::scratch::Scratch;
use product_tests::skip::skip;
use product_tests::{product, release};

/// A Python project, a Go and a Rust program, a chart: one of each kind of build.
const FEW: &[&str] = &[
    "--package=mcp-contextforge-translate",
    "--package=mcp-server-time",
    "--package=mcp-server-echo",
    "--package=mcp-stack",
    "--platform=linux-amd64",
];

#[test]
fn what_is_cached_is_built_without_a_network() {
    check(FEW, 8);
}

#[test]
#[ignore = "slow build: 5 min, builds the whole example once more"]
fn the_whole_example_is_built_without_a_network() {
    check(&[], 40);
}

#[test]
fn an_empty_cache_is_said_with_the_tools_that_it_lacks() {
    let work = Scratch::new("offline-empty").unwrap();
    let tree = work.join("tree");
    repository::clone(&tree);
    let mut command = product::command();
    command.args(["release", "--local", "--offline"]).args(FEW).arg(tree.join(EXAMPLE));
    command.env("PACKAGE_ACTIONS_CACHE", work.join("cache"));
    let verdict = Verdict::of(&mut command);
    assert_eq!(verdict.code, 3, "{}", verdict.told());
    // Others may stand on PATH, of just the pinned version; these two are only ever our own.
    for name in ["cargo-auditable ", "Rust 1."] {
        assert!(verdict.stderr.contains(&format!("`{name}")), "{name}: {}", verdict.told());
    }
    assert!(verdict.stderr.contains("without `--offline`"), "{}", verdict.told());
    assert!(!tree.join(EXAMPLE).join("dist").exists(), "a failed release left a `dist/`");
}

/// Builds a clone of the example with `selection`, in a network namespace that holds nothing.
fn check(selection: &[&str], at_least: usize) {
    let cut = |program: &str| {
        let mut command = Command::new("unshare");
        command.args(["--net", "--", program]).stdin(Stdio::null());
        command
    };
    if !cut("true").status().is_ok_and(|status| status.success()) {
        skip("offline", "`unshare --net` needs root");
        return;
    }
    // Whoever runs this test alone has no cache yet: the main job, which makes the example, fills
    // it.
    release::example();
    let work = Scratch::new("offline").unwrap();
    let tree = work.join("tree");
    repository::clone(&tree);
    let example = tree.join(EXAMPLE);
    let mut lists = Vec::new();
    for flags in [&[][..], &["--offline"]] {
        let mut command = cut(product::binary().to_str().unwrap());
        command.args(["release", "--local"]).args(flags).args(selection).arg(&example);
        Verdict::of(&mut command).accepted();
        let dist = example.join("dist");
        let list = fs::read_to_string(dist.join("checksums.txt")).unwrap();
        assert!(list.lines().count() >= at_least, "{list}");
        lists.push(list);
    }
    assert_eq!(lists[0], lists[1], "offline by itself and as told differ");
}
