//! The variables that make a build reproducible and keep it inside the cache. Pure functions of
//! paths, each with the reason for its variables.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cache::CachePaths;
use crate::rust::RustToolchain;

type Env = BTreeMap<String, String>;

/// For Go: its caches, no settings of the user (`go env -w`), no other toolchain than the one that
/// runs, no C.
///
/// With these and `-trimpath`, two builds in different folders with different
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
        // Not `off`: then Go names the sources' version by whatever the cache said of the commit
        // first, before its tag was there, rather than by the tag.
        env.insert("GOPROXY".to_owned(), NOWHERE.to_owned());
    }
    env
}

/// A proxy that has no modules.
const NOWHERE: &str = "file:///nothing-is-fetched-offline";

/// For uv: its cache, and only the named interpreter.
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

/// For zig, and for cargo-zigbuild and maturin to find it. Neither needs Python's `ziglang` module
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

/// For cargo, for a build of the workspace at `tree` into `target_dir`; [`cargo_target_env`] adds
/// what one target needs.
///
/// The remaps replace every folder that differs between machines: `CARGO_HOME`, the target folder,
/// the tree, and the sysroot's copy of the standard library (which exists only if `rust-src` is
/// installed, so two machines could differ). The longest path comes last, because rustc uses the
/// last match. cargo does not include remaps in the hashes of its crates.
///
/// The caller sets SOURCE_DATE_EPOCH as well: zig writes it into the header of a Windows
/// executable, in place of the link time.
///
/// For the subcommands, `PATH` needs the folders of cargo-auditable, cargo-zigbuild and
/// [`RustToolchain::cargo`] in front ([`crate::search_path`]).
#[must_use]
pub fn cargo_env(
    paths: &CachePaths,
    rust: &RustToolchain,
    tree: &Path,
    target_dir: &Path,
    offline: bool,
) -> Env {
    let flags = remaps(paths, rust, tree, target_dir);
    let mut env = Env::from([
        pair("CARGO_HOME", &paths.cargo_home()),
        pair("CARGO_TARGET_DIR", target_dir),
        pair("RUSTUP_HOME", &rust.rustup_home),
        ("RUSTUP_TOOLCHAIN".to_owned(), rust.version.clone()),
        (RUSTFLAGS.to_owned(), flags.join(SEPARATOR)),
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

/// `env` of [`cargo_env`], with what a build for the Rust target `triple` needs in addition; the
/// build must name it with `--target`.
///
/// Builds for darwin are stripped, by the linker: the debug map contains the paths of object files
/// in the target folder, the sysroot and zig's cache, which remaps do not affect, and the UUID is a
/// hash over it. Stripping afterwards, as rustc would, keeps that UUID.
#[must_use]
pub fn cargo_target_env(mut env: Env, triple: &str) -> Env {
    if triple.contains("-apple-") {
        let flags = env.entry(RUSTFLAGS.to_owned()).or_default();
        if !flags.is_empty() {
            flags.push_str(SEPARATOR);
        }
        flags.push_str(STRIP_ALL);
        // rustc strips with a program of its own, which not every toolchain can start.
        env.insert("CARGO_PROFILE_RELEASE_STRIP".to_owned(), "none".to_owned());
    }
    env
}

/// Makes the linker leave out symbols and the debug map.
const STRIP_ALL: &str = "-Clink-arg=-s";
const RUSTFLAGS: &str = "CARGO_ENCODED_RUSTFLAGS";
/// The separator of cargo's encoded flags: ASCII's unit separator.
const SEPARATOR: &str = "\u{1f}";

fn remaps(paths: &CachePaths, rust: &RustToolchain, tree: &Path, target_dir: &Path) -> Vec<String> {
    let rust_src = rust.sysroot.join("lib").join("rustlib").join("src").join("rust");
    let mut remaps = [
        (text(&paths.cargo_home()), "/cargo".to_owned()),
        (text(target_dir), "/target".to_owned()),
        (text(tree), "/src".to_owned()),
        (text(&rust_src), format!("/rustc/{}", rust.commit)),
    ];
    remaps.sort_by_key(|(from, _)| from.len());
    remaps.iter().map(|(from, to)| format!("--remap-path-prefix={from}={to}")).collect()
}

/// The toolchain's libraries, as rustup's proxies set it: without a proxy, a program of rustc
/// (`rust-objcopy`, which strips if a profile requests it) finds its LLVM only through this.
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

    fn env(triple: &str, offline: bool) -> Env {
        let paths = CachePaths { root: PathBuf::from("/c") };
        let (tree, target_dir) = (Path::new("/t"), Path::new("/t/target"));
        cargo_target_env(cargo_env(&paths, &rust(), tree, target_dir, offline), triple)
    }

    #[test]
    fn the_remap_of_an_inner_folder_comes_after_that_of_the_outer() {
        let env = env("x86_64-unknown-linux-musl", false);
        let flags: Vec<&str> = env["CARGO_ENCODED_RUSTFLAGS"].split('\u{1f}').collect();
        let expected = [
            "--remap-path-prefix=/t=/src",
            "--remap-path-prefix=/c/cargo=/cargo",
            "--remap-path-prefix=/t/target=/target",
            "--remap-path-prefix=/c/tc/lib/rustlib/src/rust=/rustc/abc",
        ];
        assert_eq!(flags, expected);
    }

    #[test]
    fn offline_is_said_to_each_client_in_its_own_words() {
        let paths = CachePaths { root: PathBuf::from("/c") };
        let check = |online: Env, offline: Env, name: &str, value: &str| {
            assert_eq!(offline.get(name).map(String::as_str), Some(value));
            assert_eq!(online.get(name), None);
        };
        check(go_env(&paths, false), go_env(&paths, true), "GOPROXY", NOWHERE);
        check(uv_env(&paths, false), uv_env(&paths, true), "UV_OFFLINE", "1");
        check(env("x", false), env("x", true), "CARGO_NET_OFFLINE", "true");
    }

    #[test]
    fn only_what_is_for_darwin_is_stripped_by_the_linker() {
        let check = |triple: &str, expected: bool| {
            let env = env(triple, false);
            assert_eq!(env.contains_key("CARGO_PROFILE_RELEASE_STRIP"), expected, "{triple}");
            let flags = &env["CARGO_ENCODED_RUSTFLAGS"];
            assert_eq!(flags.ends_with("\u{1f}-Clink-arg=-s"), expected, "{triple}");
        };
        check("aarch64-apple-darwin", true);
        check("x86_64-apple-darwin", true);
        check("x86_64-unknown-linux-musl", false);
        check("x86_64-pc-windows-gnu", false);
    }
}
