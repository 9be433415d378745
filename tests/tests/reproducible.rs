//! What is built does not depend on where: releases of fixed sources are compared with committed
//! digests, built in another folder with a home, build caches, times, umask, time zone and locale
//! of its own. Downloads are shared, and in the quick tier zig's own libraries; signatures and the
//! run's key may differ.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use product_tests::judges::Verdict;
use product_tests::repository::{self, EXAMPLE};
use product_tests::scratch::Scratch;
use product_tests::skip::skip;
use product_tests::{golden, product, release};

/// An image from a Dockerfile is left out on every machine, in the same words.
const NO_ENGINE: &str = "#!/bin/sh\necho 'no engine here' >&2\nexit 1\n";

/// The versions that the example's golden list was made with: a wheel names its builder.
const BUILDERS: &[(&str, &str)] = &[
    ("setuptools>=77", "setuptools==84.2.1"),
    ("hatchling>=1.27", "hatchling==1.33.0"),
    ("flit_core>=3.12,<4", "flit_core==3.12.0"),
];

#[test]
fn a_release_of_every_recipe_is_golden_wherever_it_is_built() {
    if !is_golden_machine("a_release_of_every_recipe_is_golden_wherever_it_is_built") {
        return;
    }
    let work = Scratch::new("every-recipe").unwrap();
    // zig compiles a C library for each target, of its own sources: minutes that tell little.
    let build = Elsewhere::new(&work.join("a second folder/below"), &["zig"]);
    let tree = build.commit("tests/fixtures/every-recipe", "2026-01-01T00:00:00Z");
    golden::compare("every-recipe", &build.release(&tree, &[&build.no_engine()]));
}

#[test]
#[ignore = "slow reproducible: 15 min, 500 random repositories under 8 configurations of git"]
fn five_hundred_random_repositories_are_staged_as_git_checks_them_out() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.env("PACKAGE_ACTIONS_TEST_REPOSITORIES", "500");
    cargo.args(["test", "--release", "--locked", "-p", "pipeline", "--lib", "--"]);
    Verdict::of(cargo.arg("a_random_repository_is_staged")).accepted();
}

#[test]
#[ignore = "slow reproducible: 10 min, builds the whole example with empty build caches"]
fn the_whole_example_is_golden() {
    whole("the_whole_example_is_golden", "--jobs=4");
}

#[test]
#[ignore = "slow reproducible: 15 min, builds the whole example with empty build caches"]
fn one_worker_gives_the_bytes_of_four() {
    whole("one_worker_gives_the_bytes_of_four", "--jobs=1");
}

#[test]
#[ignore = "slow reproducible: 10 min, builds the whole example with empty build caches"]
fn a_second_build_elsewhere_gives_the_same_bytes() {
    let first = release::example();
    let manifest = fs::read_to_string(first.join("release.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let source = &manifest["source"];
    let of_head = source["commit"] == repository::head() && source["dirty"] != true;
    if !of_head || repository::is_dirty(EXAMPLE) {
        skip(
            "a_second_build_elsewhere_gives_the_same_bytes",
            "the example's release was not made from HEAD alone: commit, and run the main job",
        );
        return;
    }
    let work = Scratch::new("twice").unwrap();
    let build = Elsewhere::new(&work.join("a second folder/below"), &[]);
    let tree = build.root.join("tree");
    repository::clone(&tree);
    let second = build.release(&tree.join(EXAMPLE), &[]);
    let (first, second) = (golden::files(&first), golden::files(&second));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    assert!(first.len() > 100, "an example release has more than {} files", first.len());
    let differing: Vec<String> =
        first.iter().filter_map(|(path, file)| difference(path, file, &second[path])).collect();
    assert!(differing.is_empty(), "these differ:\n{}", differing.join("\n"));
}

/// The lists name the tools that took part by the digests of their downloads, which are other ones
/// for another kind of machine.
fn is_golden_machine(test: &str) -> bool {
    let is_one = cfg!(all(target_os = "linux", target_arch = "x86_64"));
    if !is_one {
        skip(test, "the golden lists were made on Linux, x86-64");
    }
    is_one
}

/// The example in a repository of its own, with the builders of its golden list.
fn whole(test: &str, jobs: &str) {
    if !is_golden_machine(test) {
        return;
    }
    let work = Scratch::new("golden").unwrap();
    let build = Elsewhere::new(&work.join("a second folder/below"), &[]);
    // Its build backends must be older.
    let tree = build.commit(EXAMPLE, "2026-11-20T00:00:00Z");
    golden::compare("contextforge", &build.release(&tree, &[jobs, &build.no_engine()]));
}

/// A folder with a home, caches, times and a umask of its own.
struct Elsewhere {
    root: PathBuf,
}

impl Elsewhere {
    /// With copies of these build caches; the others are empty.
    fn new(root: &Path, caches: &[&str]) -> Self {
        for folder in ["home", "tmp"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        repository::share_downloads(&root.join("cache"));
        for name in caches {
            repository::copy_cache(name, &root.join("cache"));
        }
        // A cache may lie in anybody's repository: what is built there is no member of it.
        fs::write(root.join("Cargo.toml"), "[workspace]\n").unwrap();
        let engine = root.join("docker");
        fs::write(&engine, NO_ENGINE).unwrap();
        fs::set_permissions(&engine, fs::Permissions::from_mode(0o755)).unwrap();
        Self { root: root.to_owned() }
    }

    /// The files below `folder` as a repository here, with the builders of the golden lists.
    fn commit(&self, folder: &str, date: &str) -> PathBuf {
        let tree = self.root.join("tree");
        golden::commit(folder, date, &tree, |name, mut text| {
            if name.ends_with("pyproject.toml") {
                for (range, exact) in BUILDERS {
                    text = text.replace(range, exact);
                }
            }
            text
        });
        tree
    }

    /// A client of a container engine that finds none.
    fn no_engine(&self) -> String {
        format!("--tool=docker={}", self.root.join("docker").display())
    }

    /// Makes the release of the folder `of`, and gives its folder.
    fn release(&self, of: &Path, flags: &[&str]) -> PathBuf {
        let strict = ["-c", "umask 077 && chmod -R go= \"$0\" && exec \"$@\""];
        let aged = ["-name", ".git", "-prune", "-o", "-exec", "touch", "-h", "-d", "2001-02-03"];
        Verdict::of(Command::new("find").arg(of).args(aged).args(["{}", "+"])).accepted();
        let mut command = Command::new("sh");
        command.args(strict).arg(of).arg(product::binary()).args(["release", "--local"]);
        command.args(flags).arg(of).current_dir("/").stdin(Stdio::null());
        command.env("HOME", self.root.join("home")).env("TMPDIR", self.root.join("tmp"));
        command.env("PACKAGE_ACTIONS_CACHE", self.root.join("cache"));
        command.env("LC_ALL", "tr_TR.UTF-8").env("TZ", "Asia/Kathmandu");
        Verdict::of(&mut command).accepted();
        of.join("dist")
    }
}

/// Where two files begin to differ, with what each holds there.
fn difference(path: &str, first: &Path, second: &Path) -> Option<String> {
    let (first, second) = (fs::read(first).unwrap(), fs::read(second).unwrap());
    if first == second {
        return None;
    }
    let at = first.iter().zip(&second).take_while(|(a, b)| a == b).count();
    let around = |bytes: &[u8]| {
        let end = bytes.len().min(at + 60);
        bytes[at.saturating_sub(20).min(end)..end].escape_ascii().to_string()
    };
    let (a, b) = (around(&first), around(&second));
    Some(format!("{path} at byte {at} of {}:\n  {a}\n  {b}", first.len()))
}
