//! The example built twice gives the same bytes: the second time from a clone in another folder,
//! with a home, build caches, times, umask, time zone and locale of its own. What is downloaded is
//! shared, and in the quick tier zig's own libraries; signatures and the run's key may differ.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use product_tests::judges::Verdict;
use product_tests::repository::{self, EXAMPLE};
use product_tests::scratch::Scratch;
use product_tests::skip::skip;
use product_tests::{product, release};

#[test]
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
    // zig compiles a C library for each target, of its own sources: minutes that tell little.
    check(&first, &[], &["zig"]);
}

#[test]
#[ignore = "slow reproducible: 20 min, builds the example twice with empty build caches"]
fn one_worker_gives_the_bytes_of_four() {
    let work = Scratch::new("one-worker").unwrap();
    let build = Elsewhere::new(&work.join("first"), &[]);
    let first = build.release(&["--jobs", "4"]);
    check(&first, &["--jobs", "1"], &[]);
}

/// Builds HEAD's example with `flags`, with copies of these build caches, and compares its release
/// with `first`.
fn check(first: &Path, flags: &[&str], caches: &[&str]) {
    let work = Scratch::new("twice").unwrap();
    // A path with a space and another length than the first one's.
    let build = Elsewhere::new(&work.join("a second folder/below"), caches);
    let second = build.release(flags);
    let (first, second) = (files(first), files(&second));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second));
    assert!(first.len() > 100, "an example release has more than {} files", first.len());
    let differing: Vec<String> = first
        .iter()
        .filter_map(|(path, bytes)| difference(path, bytes, second.get(path)?))
        .collect();
    assert!(differing.is_empty(), "these differ:\n{}", differing.join("\n"));
}

/// A clone with a home, caches and times of its own.
struct Elsewhere {
    root: std::path::PathBuf,
}

impl Elsewhere {
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
        Self { root: root.to_owned() }
    }

    /// Makes the example's release there. Gives its folder.
    fn release(&self, flags: &[&str]) -> std::path::PathBuf {
        let tree = self.root.join("tree");
        let strict = |program: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", "umask 077 && exec \"$0\" \"$@\"", program]);
            command.stdin(Stdio::null());
            command
        };
        Verdict::of(strict("git").args(["clone", "--quiet"]).arg(repository::root()).arg(&tree))
            .accepted();
        let aged = ["-name", ".git", "-prune", "-o", "-exec", "touch", "-h", "-d", "2001-02-03"];
        Verdict::of(Command::new("find").arg(&tree).args(aged).args(["{}", "+"])).accepted();
        let example = tree.join(EXAMPLE);
        let mut command = strict(product::binary().to_str().unwrap());
        command.args(["release", "--local"]).args(flags).arg(&example).current_dir("/");
        command.env("HOME", self.root.join("home")).env("TMPDIR", self.root.join("tmp"));
        command.env("PACKAGE_ACTIONS_CACHE", self.root.join("cache"));
        command.env("LC_ALL", "tr_TR.UTF-8").env("TZ", "Asia/Kathmandu");
        Verdict::of(&mut command).accepted();
        example.join("dist")
    }
}

/// The files of a release that must be equal: all but signatures and the run's public key.
fn files(dist: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![dist.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                folders.push(path);
            } else if !name.ends_with(".sigstore.json") && name != "signing-key.pub" {
                let inside = path.strip_prefix(dist).unwrap().to_str().unwrap().to_owned();
                files.insert(inside, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// Where two files begin to differ, with what stands there.
fn difference(path: &str, first: &[u8], second: &[u8]) -> Option<String> {
    if first == second {
        return None;
    }
    let at = first.iter().zip(second).take_while(|(a, b)| a == b).count();
    let around = |bytes: &[u8]| {
        let end = bytes.len().min(at + 60);
        bytes[at.saturating_sub(20).min(end)..end].escape_ascii().to_string()
    };
    let (a, b) = (around(first), around(second));
    Some(format!("{path} at byte {at} of {}:\n  {a}\n  {b}", first.len()))
}
