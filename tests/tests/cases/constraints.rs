//! Programs that compile for some platforms only: proposed for those for which Go has files, and
//! refused for others with the way out.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use product_tests::judges::Verdict;
use product_tests::repository;
use product_tests::skip::skip;

use super::samples::{GO_MAIN, GO_MOD};
use super::tree::{DATE, Tree};

const PLATFORMS: [&str; 5] =
    ["linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64", "windows-amd64"];

/// The files of a main package beside its `go.mod`; where a file holds no package clause, that of
/// a main program follows what it holds.
const PROGRAMS: [&[(&str, &str)]; 13] = [
    &[("main_linux.go", "")],
    &[("main.go", "//go:build darwin || windows\n\n")],
    &[("main.go", "//go:build !windows\n\n")],
    &[("main.go", "//go:build unix && arm64\n\n")],
    &[("main_windows_amd64.go", ""), ("main_test.go", "")],
    &[("main.go", "//go:build cgo\n\n"), ("plain.go", "//go:build !cgo\n\n")],
    &[("main.go", "//go:build !go1.20\n\n"), ("new_linux.go", "//go:build go1.20\n\n")],
    &[("main.go", "// +build linux,amd64\n\n")],
    &[("go.mod", "module example.com/tool\n\ngo 1.16\n"), ("main.go", "// +build linux,amd64\n\n")],
    &[("linux.go", ""), ("_windows.go", "package other\n")],
    &[("main.go", "package main\n\nimport \"C\"\n\nfunc main() {}\n"), ("pure_darwin.go", "")],
    &[
        ("main.go", "package main\n\nimport _ \"example.com/tool/poll\"\n\nfunc main() {}\n"),
        ("poll/poll_linux.go", "package poll\n"),
    ],
    &[
        ("main.go", ""),
        ("more_windows.go", "package main\n\nimport _ \"example.com/tool/pipe\"\n"),
        ("pipe/pipe_windows.go", "package pipe\n"),
    ],
];

/// A module with this program.
fn module(files: &[(&str, &str)]) -> Tree {
    let tree = Tree::bare(&[("go.mod", GO_MOD)]);
    for (path, text) in files {
        let whole = path.ends_with(".go") && !text.contains("package ");
        tree.put(path, format!("{text}{}", if whole { GO_MAIN } else { "" }));
    }
    tree
}

/// The Go that programs are built with, once one was.
fn go() -> Option<PathBuf> {
    let tools = std::fs::read_dir(repository::cache().join("tools"));
    let folders =
        tools.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path().join("go/bin/go")));
    let found = folders.filter(|go| go.is_file()).max();
    if found.is_none() {
        skip("constraints", "no Go in the cache: run the main job");
    }
    found
}

/// The platforms for which Go finds files of the program and of all that it imports.
fn listed(go: &Path, tree: &Tree) -> BTreeSet<&'static str> {
    let has_files = |platform: &&str| {
        let (system, machine) = platform.split_once('-').unwrap();
        let mut list = Command::new(go);
        list.args(["list", "-deps", "-f", "{{if not .Standard}}{{len .GoFiles}}{{end}}", "."])
            .current_dir(tree.path());
        list.env("GOOS", system).env("GOARCH", machine).env("CGO_ENABLED", "0");
        list.env("GOTOOLCHAIN", "local").env("GOFLAGS", "-mod=mod").env("GOWORK", "off");
        let told = Verdict::of(&mut list);
        // A package of nothing but tests is one for `go list`, and none for `go build`.
        told.code == 0 && told.stdout.lines().all(|count| count != "0")
    };
    PLATFORMS.into_iter().filter(has_files).collect()
}

/// The platforms that are planned of what `init` proposes.
fn proposed(tree: &Tree) -> BTreeSet<&'static str> {
    let init = tree.run(&["init"]);
    if init.stderr.contains("error[init-nothing]") {
        return BTreeSet::new();
    }
    init.accepted();
    let plan = tree.run(&["plan"]).accepted().stdout;
    PLATFORMS.into_iter().filter(|platform| plan.contains(&format!("-{platform}"))).collect()
}

#[test]
fn a_program_is_proposed_for_the_platforms_that_go_finds_files_for() {
    let Some(go) = go() else { return };
    for files in PROGRAMS {
        let tree = module(files);
        assert_eq!(proposed(&tree), listed(&go, &tree), "{files:?}");
    }
}

#[test]
fn a_program_for_linux_is_released_as_proposed() {
    let tree = module(PROGRAMS[0]);
    tree.run(&["init"]).accepted();
    tree.commit(DATE);
    tree.release(&[]);
    let built = tree.built("64").len();
    assert_eq!(built, 2, "{}", tree.manifest()["artifacts"]);
}

#[test]
fn a_platform_without_files_is_refused_with_those_that_have_some() {
    for (files, help) in [
        (PROGRAMS[0], "`platforms = [\"linux-amd64\", \"linux-arm64\"]`"),
        (PROGRAMS[1], "`platforms = [\"darwin-amd64\", \"darwin-arm64\", \"windows-amd64\"]`"),
        (PROGRAMS[3], "`platforms = [\"linux-arm64\", \"darwin-arm64\"]`"),
        (PROGRAMS[11], "`platforms = [\"linux-amd64\", \"linux-arm64\"]`"),
    ] {
        let tree = module(files);
        tree.put(
            "package-actions.toml",
            "[release]\nversion = \"1.0.0\"\n\n[[package]]\nname = \"tool\"\n\
             binary = { go = \".\" }\n",
        );
        tree.commit(DATE);
        let expected = ["error[binary-platform-excluded]", help];
        tree.refuses(&["release", "--local"], 2, &expected);
    }
}
