//! The variables that make a build repeatable and keep it inside the cache. Pure functions of
//! paths; what they were found to be needed for stands at each.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cache::CachePaths;
use crate::rust::RustToolchain;

type Env = BTreeMap<String, String>;

/// Go's: its caches, no settings of the person's (`go env -w`), never another toolchain than the
/// one that runs, no C.
///
/// With these and `-trimpath -buildvcs=false`, two builds in different folders with different
/// caches give the same bytes for all five platforms.
#[must_use]
pub fn go_env(paths: &CachePaths, offline: bool) -> Env {
    let mut env = Env::from([
        pair("GOCACHE", &paths.go_build()),
        pair("GOPATH", &paths.go_path()),
        pair("GOMODCACHE", &paths.go_path().join("pkg").join("mod")),
        ("GOENV".to_owned(), "off".to_owned()),
        ("GOTOOLCHAIN".to_owned(), "local".to_owned()),
        ("GOFLAGS".to_owned(), "-modcacherw".to_owned()),
        ("CGO_ENABLED".to_owned(), "0".to_owned()),
    ]);
    if offline {
        env.insert("GOPROXY".to_owned(), "off".to_owned());
    }
    env
}

/// uv's: its cache, the interpreter that is named and no other.
#[must_use]
pub fn uv_env(paths: &CachePaths, offline: bool) -> Env {
    let mut env = Env::from([
        pair("UV_CACHE_DIR", &paths.uv()),
        ("UV_PYTHON_DOWNLOADS".to_owned(), "never".to_owned()),
        ("UV_NO_PROGRESS".to_owned(), "1".to_owned()),
    ]);
    if offline {
        env.insert("UV_OFFLINE".to_owned(), "1".to_owned());
    }
    env
}

/// zig's, and what leads cargo-zigbuild and maturin to it. Neither needs Python's `ziglang` module
/// when `CARGO_ZIGBUILD_ZIG_PATH` names the executable.
#[must_use]
pub fn zig_env(paths: &CachePaths, zig: &Path) -> Env {
    Env::from([
        pair("ZIG_GLOBAL_CACHE_DIR", &paths.zig()),
        pair("ZIG_LOCAL_CACHE_DIR", &paths.zig().join("local")),
        pair("CARGO_ZIGBUILD_CACHE_DIR", &paths.zigbuild()),
        pair("CARGO_ZIGBUILD_ZIG_PATH", zig),
    ])
}

/// cargo's, for a build of the workspace at `tree` into `target`.
///
/// The remaps replace every folder that differs between machines: `CARGO_HOME`, the target
/// folder, the tree, and the sysroot's copy of the standard library (which is there only where
/// `rust-src` is installed, so that without it two machines differ). The longest path comes last,
/// because rustc takes the last that fits. cargo leaves remaps out of the hashes of its crates.
///
/// The caller sets SOURCE_DATE_EPOCH as well: zig writes it into a Windows executable's header,
/// where the time of the link would stand.
///
/// For the subcommands, `PATH` needs the folders of cargo-auditable, cargo-zigbuild and
/// [`RustToolchain::cargo`] in front ([`crate::search_path`]). [`cargo_target_env`] adds what one
/// target needs.
#[must_use]
pub fn cargo_env(
    paths: &CachePaths,
    rust: &RustToolchain,
    tree: &Path,
    target: &Path,
    offline: bool,
) -> Env {
    let rust_src = rust.sysroot.join("lib").join("rustlib").join("src").join("rust");
    let mut remaps = [
        (text(&paths.cargo_home()), "/cargo".to_owned()),
        (text(target), "/target".to_owned()),
        (text(tree), "/src".to_owned()),
        (text(&rust_src), format!("/rustc/{}", rust.commit)),
    ];
    remaps.sort_by_key(|(from, _)| from.len());
    let flags: Vec<String> =
        remaps.iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}")).collect();
    let mut env = Env::from([
        pair("CARGO_HOME", &paths.cargo_home()),
        pair("CARGO_TARGET_DIR", target),
        pair("RUSTUP_HOME", &rust.rustup_home),
        ("RUSTUP_TOOLCHAIN".to_owned(), rust.version.clone()),
        ("CARGO_ENCODED_RUSTFLAGS".to_owned(), flags.join("\u{1f}")),
        ("CARGO_INCREMENTAL".to_owned(), "0".to_owned()),
        ("CARGO_TERM_COLOR".to_owned(), "never".to_owned()),
        pair("RUSTC", &rust.rustc),
        pair(LIBRARY_PATH, &rust.sysroot.join("lib")),
    ]);
    if offline {
        env.insert("CARGO_NET_OFFLINE".to_owned(), "true".to_owned());
    }
    env
}

/// What a release build for the Rust target `target` needs besides [`cargo_env`].
///
/// An executable for darwin must be stripped: else the linker's debug map holds the paths of object
/// files in the target folder, the sysroot and zig's cache, which no remap reaches.
#[must_use]
pub fn cargo_target_env(target: &str) -> Env {
    let strip = ("CARGO_PROFILE_RELEASE_STRIP".to_owned(), "symbols".to_owned());
    if target.contains("-apple-") { Env::from([strip]) } else { Env::new() }
}

/// rustc strips darwin binaries with `rust-objcopy`, which finds its LLVM only through this;
/// rustup's own proxies set it too.
const LIBRARY_PATH: &str =
    if cfg!(target_os = "macos") { "DYLD_FALLBACK_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };

fn pair(name: &str, path: &Path) -> (String, String) {
    (name.to_owned(), text(path))
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn rust() -> RustToolchain {
        RustToolchain {
            version: "1.95.0".to_owned(),
            cargo: PathBuf::from("/c/tc/bin/cargo"),
            rustc: PathBuf::from("/c/tc/bin/rustc"),
            sysroot: PathBuf::from("/c/tc"),
            rustup_home: PathBuf::from("/c/rustup"),
            commit: "abc".to_owned(),
        }
    }

    #[test]
    fn the_remap_of_an_inner_folder_comes_after_that_of_the_outer() {
        let paths = CachePaths { root: PathBuf::from("/c") };
        let env = cargo_env(&paths, &rust(), Path::new("/t"), Path::new("/t/target"), false);
        let flags: Vec<&str> =
            env["CARGO_ENCODED_RUSTFLAGS"].split('\u{1f}').map(|f| f.split_at(20).1).collect();
        let expected = [
            "=/t=/src",
            "=/c/cargo=/cargo",
            "=/t/target=/target",
            "=/c/tc/lib/rustlib/src/rust=/rustc/abc",
        ];
        assert_eq!(flags, expected.map(|flag| flag.trim_start_matches('=')));
    }

    #[test]
    fn offline_is_said_to_each_client_in_its_own_words() {
        let paths = CachePaths { root: PathBuf::from("/c") };
        let check = |env: fn(&CachePaths, bool) -> Env, name: &str, value: &str| {
            assert_eq!(env(&paths, true).get(name).map(String::as_str), Some(value));
            assert_eq!(env(&paths, false).get(name), None);
        };
        check(go_env, "GOPROXY", "off");
        check(uv_env, "UV_OFFLINE", "1");
        let cargo = |paths: &CachePaths, offline| {
            cargo_env(paths, &rust(), Path::new("/t"), Path::new("/o"), offline)
        };
        check(cargo, "CARGO_NET_OFFLINE", "true");
    }

    #[test]
    fn only_a_darwin_target_is_stripped() {
        assert!(cargo_target_env("x86_64-unknown-linux-musl").is_empty());
        assert_eq!(cargo_target_env("aarch64-apple-darwin").len(), 1);
    }
}
