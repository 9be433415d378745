//! The tree that a release tag holds: the actions and what they need at run time, and none of the
//! source. `main` holds no built files; this puts them beside the actions.
//!
//! It copies and rewrites text: with the modules at hand, each JavaScript action becomes one file.
//! It builds nothing, and knows nothing of what an action does.

mod binaries;
mod bundle;
mod commit;
mod references;

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Failure, workspace};

/// Files and folders of the repository that a release holds.
const KEPT: &[&str] = &[
    ".gitattributes",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "action.yml",
    "actions/",
    "binary/",
    "helm/",
    "oci/",
    "package.json",
    "pypi/",
    "wasm/",
    "workflows/",
];

/// Below those, what is only needed to build.
const LEFT: &[&str] = &["wasm/src/", "wasm/Cargo.toml", "wasm/clippy.toml", "wasm/tests/"];

/// The tag that downstream repositories name.
const TAG: &str = "v1";

pub use commit::run as commit;

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Asked {
    out: PathBuf,
    binaries: Option<PathBuf>,
    wasm: Option<PathBuf>,
    ghes: bool,
}

/// `release-tree OUT --binaries DIR [--wasm DIR] [--ghes]`. OUT is not there yet, or is empty.
pub fn run(words: &[&str]) -> Result<(), Failure> {
    let asked = read(words)?;
    if fs::read_dir(&asked.out).is_ok_and(|mut inside| inside.next().is_some()) {
        return Err(format!("`{}` is not empty", asked.out.display()).into());
    }
    for path in kept(&workspace::root())? {
        let text = fs::read(workspace::root().join(&path))?;
        let is_yaml = path.ends_with(".yml");
        let text = match String::from_utf8(text) {
            Ok(text) if asked.ghes && is_yaml => references::explicit(&text, TAG).into_bytes(),
            Ok(text) => text.into_bytes(),
            Err(bytes) => bytes.into_bytes(),
        };
        write(&asked.out.join(path), &text)?;
    }
    if let Some(built) = &asked.wasm {
        for entry in fs::read_dir(built)? {
            let entry = entry?;
            write(&asked.out.join("wasm/pkg").join(entry.file_name()), &fs::read(entry.path())?)?;
        }
        one_file_actions(&asked.out)?;
    }
    if let Some(folder) = &asked.binaries {
        let table = binaries::table(folder, &version()?, &workspace::output("git", HEAD)?)?;
        write(&asked.out.join("actions/setup/binaries.json"), table.as_bytes())?;
    }
    println!("{}", asked.out.display());
    Ok(())
}

/// Writes each JavaScript action of the tree at `out` as a single module, in place of its own.
fn one_file_actions(out: &Path) -> Result<(), Failure> {
    let read = |path: &str| -> Result<String, Failure> {
        fs::read_to_string(out.join(path)).map_err(|error| format!("`{path}`: {error}").into())
    };
    for folder in fs::read_dir(out.join("actions"))? {
        let name = folder?.file_name();
        let main = format!("actions/{}/main.mjs", name.to_string_lossy());
        if out.join(&main).is_file() {
            // Of actions, none imports another, so what is written here is read by none.
            fs::write(out.join(&main), bundle::bundle(&main, &read)?)?;
        }
    }
    Ok(())
}

const HEAD: &[&str] = &["rev-parse", "HEAD"];

fn read(words: &[&str]) -> Result<Asked, Failure> {
    let mut asked = Asked::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut folder = || {
            let value = words.next().ok_or_else(|| format!("`{word}` names no folder"));
            value.map(|value| Some(PathBuf::from(value)))
        };
        match *word {
            "--binaries" => asked.binaries = folder()?,
            "--wasm" => asked.wasm = folder()?,
            "--ghes" => asked.ghes = true,
            flag if flag.starts_with('-') => return Err(format!("unknown flag `{flag}`").into()),
            out => asked.out = PathBuf::from(out),
        }
    }
    if asked.out.as_os_str().is_empty() {
        return Err("help: `cargo xtask release-tree OUT --binaries DIR [--wasm DIR]`".into());
    }
    Ok(asked)
}

/// The files of the tree as it is now that a release holds, in order.
fn kept(root: &Path) -> Result<Vec<String>, Failure> {
    let words = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let listed = workspace::output("git", &words)?;
    let mut kept: Vec<String> =
        listed.lines().filter(|path| belongs(path)).map(str::to_owned).collect();
    for path in listed.lines().filter(|path| path.starts_with(".github/workflows/")) {
        // Workflows of our own CI would start on the branch that holds the tree.
        let text = fs::read_to_string(root.join(path))?;
        if text.contains("\n  workflow_call:") && !text.contains("\n  push:") {
            kept.push(path.to_owned());
        }
    }
    kept.retain(|path| root.join(path).is_file());
    kept.sort();
    Ok(kept)
}

fn belongs(path: &str) -> bool {
    let below = |name: &&str| path == *name || (name.ends_with('/') && path.starts_with(*name));
    KEPT.iter().any(below) && !LEFT.iter().any(below)
}

/// The workspace's version.
fn version() -> Result<String, Failure> {
    let text = fs::read_to_string(workspace::root().join("Cargo.toml"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("version = \""));
    Ok(line.and_then(|rest| rest.strip_suffix('"')).ok_or("no version in Cargo.toml")?.to_owned())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_holds_the_actions_and_no_source() {
        let check = |path: &str, expected: bool| assert_eq!(belongs(path), expected, "{path}");
        for path in ["action.yml", "oci/action.yml", "actions/plan/main.js", "wasm/core.js"] {
            check(path, true);
        }
        for path in ["Cargo.toml", "crates/oci/src/lib.rs", "wasm/src/lib.rs", "docs/x.md"] {
            check(path, false);
        }
    }

    #[test]
    fn words_are_read_in_any_order() {
        let asked = read(&["--wasm", "w", "out", "--ghes", "--binaries", "b"]).unwrap();
        let some = |name: &str| Some(PathBuf::from(name));
        let out = PathBuf::from("out");
        assert_eq!(asked, Asked { out, binaries: some("b"), wasm: some("w"), ghes: true });
        assert!(read(&["--binaries"]).is_err() && read(&["--other", "x"]).is_err());
        assert!(read(&[]).is_err());
    }
}
