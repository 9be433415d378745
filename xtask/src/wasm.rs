//! Builds the WASM modules: `cargo xtask wasm [OUT]`, and with `--twice` builds them a second time
//! in another folder and compares every byte.
//!
//! Nothing of this machine may reach the modules: the paths of the tree, of cargo's home, of the
//! compiler's library and of the target folder are written as fixed words.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, cache, workspace};

/// Rust's name for what is built.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Where the modules go unless said otherwise.
pub const OUT: &str = "target/wasm/pkg";

/// The modules, each the crate's feature of that name, and the bytes that each may have.
const MODULES: &[(&str, u64)] = &[("core", 1_200_000), ("verify", 5 << 19)];

/// The toolchains for WASM below a cache root. They are not among the product's, which takes out of
/// its own folder what it did not put there.
pub fn toolchains(cache: &Path) -> PathBuf {
    cache.join("wasm-rustup")
}

/// Whether the WASM library of this version is among the toolchains in `rustup`.
pub fn has_target(rustup: &Path, version: &str) -> bool {
    let mine = |name: &str| name.starts_with(&format!("{version}-"));
    let entries = fs::read_dir(rustup.join("toolchains")).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(mine))
        .any(|entry| entry.path().join("lib/rustlib").join(TARGET).is_dir())
}

/// Builds into `out`, a folder that is made anew.
pub fn build(out: &str) -> Result<(), Failure> {
    let out = workspace::root().join(out);
    let target = workspace::target_folder()?;
    into(&workspace::root(), &target, &out)?;
    for (name, limit) in MODULES {
        let size = fs::metadata(out.join(format!("{name}_bg.wasm")))?.len();
        println!("{name}: {size} bytes (limit {limit})");
        if size > *limit {
            return Err(format!("the module `{name}` has {size} bytes, above {limit}").into());
        }
    }
    Ok(())
}

/// Builds into [`OUT`], then from a copy of the tree elsewhere, and compares.
pub fn twice() -> Result<(), Failure> {
    build(OUT)?;
    let other = workspace::own_folder()?.join("wasm elsewhere");
    let _ = fs::remove_dir_all(&other);
    let tree = other.join("tree");
    copy_tree(&tree)?;
    into(&tree, &other.join("target"), &other.join("pkg"))?;
    let differing = differing(&workspace::root().join(OUT), &other.join("pkg"))?;
    if !differing.is_empty() {
        return Err(format!("two builds differ in {}", differing.join(", ")).into());
    }
    fs::remove_dir_all(&other)?;
    println!("a second build in another folder has the same bytes");
    Ok(())
}

/// Builds all modules of the tree at `root`.
fn into(root: &Path, target: &Path, out: &Path) -> Result<(), Failure> {
    let version = workspace::compiler_version()?;
    let rustup = toolchains(&cache::root()?);
    if !has_target(&rustup, &version) {
        let mut install = Command::new("rustup");
        install.args(["toolchain", "install", &version, "--profile", "minimal"]);
        install.args(["--target", TARGET, "--no-self-update"]).env("RUSTUP_HOME", &rustup);
        workspace::output_of(&mut install)?;
    }
    let bindgen = bindgen()?;
    let _ = fs::remove_dir_all(out);
    fs::create_dir_all(out)?;
    for (name, _) in MODULES {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--profile", "wasm", "--locked", "--target", TARGET, "--package"]);
        cargo.args(["package-actions-wasm", "--no-default-features", "--features", name]);
        cargo.arg("--manifest-path").arg(root.join("Cargo.toml")).arg("--target-dir").arg(target);
        cargo.env("RUSTUP_HOME", &rustup).env("RUSTUP_TOOLCHAIN", &version);
        cargo.env("CARGO_ENCODED_RUSTFLAGS", flags(root, target, &rustup, &version)?);
        cargo.env_remove("RUSTFLAGS");
        workspace::output_of(&mut cargo)?;
        let module = target.join(TARGET).join("wasm/package_actions_wasm.wasm");
        workspace::output_of(Command::new(&bindgen).arg(module).arg(out).arg(name))?;
        // So that Node takes them for ES modules wherever they lie.
        fs::rename(out.join(format!("{name}.js")), out.join(format!("{name}.mjs")))?;
        fs::rename(out.join(format!("{name}.d.ts")), out.join(format!("{name}.d.mts")))?;
        fs::remove_file(out.join(format!("{name}_bg.wasm.d.ts")))?;
    }
    Ok(())
}

/// The program that writes the JavaScript side; a member of its own, see its manifest.
fn bindgen() -> Result<PathBuf, Failure> {
    workspace::output("cargo", &["build", "--release", "--locked", "--package", "bindgen"])?;
    Ok(workspace::target_folder()?.join("release/bindgen"))
}

/// What tells the compiler to write fixed words for this machine's paths.
fn flags(root: &Path, target: &Path, rustup: &Path, version: &str) -> Result<String, Failure> {
    let mut rustc = Command::new("rustc");
    rustc.env("RUSTUP_HOME", rustup).env("RUSTUP_TOOLCHAIN", version);
    let told = workspace::output_of(rustc.args(["--version", "--verbose"]))?;
    let commit = told.lines().find_map(|line| line.strip_prefix("commit-hash: "));
    let commit = commit.ok_or("rustc tells no commit")?;
    let mut rustc = Command::new("rustc");
    rustc.env("RUSTUP_HOME", rustup).env("RUSTUP_TOOLCHAIN", version);
    let sysroot = PathBuf::from(workspace::output_of(rustc.args(["--print", "sysroot"]))?);
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let home = home.ok_or("neither CARGO_HOME nor HOME is set")?;
    // The last that fits counts: a target folder may lie in the tree.
    let maps = [
        (home, "/cargo".to_owned()),
        (root.to_owned(), "/tree".to_owned()),
        (target.to_owned(), "/target".to_owned()),
        (sysroot.join("lib/rustlib/src/rust"), format!("/rustc/{commit}")),
    ];
    let flag =
        |(from, to): &(PathBuf, String)| format!("--remap-path-prefix={}={to}", from.display());
    Ok(maps.iter().map(flag).collect::<Vec<_>>().join("\u{1f}"))
}

/// Copies what git tracks, and what it would, to `to`.
fn copy_tree(to: &Path) -> Result<(), Failure> {
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = workspace::output("git", &words)?;
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let (from, to) = (workspace::root().join(path), to.join(path));
        // git lists what it tracks though it is gone.
        if from.is_file() {
            fs::create_dir_all(to.parent().ok_or("a file has a folder")?)?;
            fs::copy(&from, &to)?;
        }
    }
    Ok(())
}

/// The names of files that are not in both folders with the same bytes.
fn differing(one: &Path, other: &Path) -> Result<Vec<String>, Failure> {
    let mut names = std::collections::BTreeSet::new();
    for folder in [one, other] {
        for entry in fs::read_dir(folder)? {
            names.insert(entry?.file_name().to_string_lossy().into_owned());
        }
    }
    let same = |name: &String| {
        let bytes = |folder: &Path| fs::read(folder.join(name)).ok();
        bytes(one).is_some() && bytes(one) == bytes(other)
    };
    Ok(names.into_iter().filter(|name| !same(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_differs_or_is_missing_is_named() {
        let base = std::env::temp_dir().join(format!("xtask-wasm-{}", std::process::id()));
        let (one, other) = (base.join("one"), base.join("other"));
        for (folder, files) in [(&one, ["same", "left"]), (&other, ["same", "changed"])] {
            fs::create_dir_all(folder).unwrap();
            fs::write(folder.join("changed"), files[1]).unwrap();
            for name in files.iter().filter(|name| **name != "changed") {
                fs::write(folder.join(name), "x").unwrap();
            }
        }
        assert_eq!(differing(&one, &other).unwrap(), ["changed", "left"]);
        fs::remove_dir_all(&base).unwrap();
    }
}
