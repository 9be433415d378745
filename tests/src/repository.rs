//! This repository as whole-product tests use it: cloned, and with the cache that builds fill.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::judges::Verdict;

/// The example's folder in the repository.
pub const EXAMPLE: &str = "examples/contextforge";

/// The repository's folder.
pub fn root() -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    path.canonicalize().expect("the tests lie in the repository")
}

/// The folder of tools and build caches that builds here use.
pub fn cache() -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_default());
    env::var_os("PACKAGE_ACTIONS_CACHE")
        .filter(|root| !root.is_empty())
        .map_or_else(|| home().join(".cache/package-actions"), PathBuf::from)
}

/// The commit of HEAD.
pub fn head() -> String {
    git(["rev-parse", "HEAD"]).trim().to_owned()
}

/// Whether `path` of the repository differs from HEAD.
pub fn is_dirty(path: &str) -> bool {
    !git(["status", "--porcelain", "--", path]).is_empty()
}

/// Clones HEAD to `to`, which must not exist yet.
pub fn clone(to: &Path) {
    let words = ["clone", "--quiet", "--no-hardlinks"].map(OsStr::new);
    Verdict::of(Command::new("git").args(words).arg(root()).arg(to)).accepted();
}

/// Fills the new folder `to` with the downloads of [`cache`] and with nothing that was built:
/// hard links where the file system allows.
pub fn share_downloads(to: &Path) {
    fs::create_dir_all(to).expect("a folder for the cache");
    for name in ["tools", "rustup"] {
        let from = cache().join(name);
        assert!(from.is_dir(), "`{}` is missing, help: run the main job", from.display());
        let copy = |flags: &str| Command::new("cp").arg(flags).arg(&from).arg(to).status();
        let linked = copy("-al").is_ok_and(|status| status.success());
        if !linked {
            let whole = copy("-a").is_ok_and(|status| status.success());
            assert!(whole, "cannot copy `{}`", from.display());
        }
    }
}

/// Copies what was built into the folder `name` of [`cache`] into the cache at `to`.
pub fn copy_cache(name: &str, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(cache().join(name)).arg(to).status();
    assert!(copied.is_ok_and(|status| status.success()), "cannot copy `{name}`");
}

fn git<const N: usize>(words: [&str; N]) -> String {
    Verdict::of(Command::new("git").arg("-C").arg(root()).args(words)).accepted().stdout
}
