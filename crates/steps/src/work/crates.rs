//! What cargo says about the crates of a job: whether its lock is in step, and their licences.

use std::collections::BTreeMap;

use model::limits::MAX_JSON_BYTES;
use model::{Diagnostic, Found, Invocation, Plan, Recipe, Tree, Unit};
use serde::Deserialize;

use super::Site;
use super::commands::{below, tool};
use crate::codes;

/// What `cargo metadata` said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crates {
    /// The folder where `Cargo.lock` lies.
    pub workspace: String,
    /// What each crate's author wrote as its licence, by `name version`.
    pub licenses: BTreeMap<String, String>,
}

/// The folder of the tree with the `Cargo.toml` of the crate that `unit` is built from; nothing
/// for units without Rust. A maturin project names it, or it lies beside `pyproject.toml`, or in
/// `rust/` (maturin's own order).
#[must_use]
pub fn crate_folder(plan: &Plan, unit: &Unit, tree: &dyn Tree) -> Option<String> {
    match unit.recipe {
        Recipe::RustBinary => Some(super::cargo_project(plan, unit).to_owned()),
        Recipe::PythonSdist | Recipe::PythonWheel => {
            let project = super::project(plan, unit);
            let text = |path: &str| match tree.find(&below(project, path)) {
                Found::Text(text) => Some(text),
                _ => None,
            };
            let pyproject = text("pyproject.toml").unwrap_or_default();
            let manifest = crate_manifest(&pyproject, |path| text(path).is_some());
            let folder = manifest.rsplit_once('/').map_or("", |(folder, _)| folder);
            Some(joined(project, folder))
        }
        _ => None,
    }
}

/// The path of the crate's `Cargo.toml` in a maturin project, whose files `has` knows.
pub(crate) fn crate_manifest(pyproject: &str, has: impl Fn(&str) -> bool) -> String {
    #[derive(Default, Deserialize)]
    struct File {
        #[serde(default)]
        tool: Tool,
    }
    #[derive(Default, Deserialize)]
    struct Tool {
        #[serde(default)]
        maturin: Maturin,
    }
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Maturin {
        manifest_path: Option<String>,
    }
    let file: File = toml::from_str(pyproject).unwrap_or_default();
    let inner = "rust/Cargo.toml";
    match file.tool.maturin.manifest_path {
        Some(path) => path,
        None if !has("Cargo.toml") && has(inner) => inner.to_owned(),
        None => "Cargo.toml".to_owned(),
    }
}

/// cargo's question about the crates of `unit`, answered by [`read_crates`]; nothing for units
/// without Rust. cargo refuses when `Cargo.lock` would have to change.
#[must_use]
pub fn crates_question(unit: &Unit, site: &Site) -> Option<Invocation> {
    if site.crate_folder.is_empty() {
        return None;
    }
    // An sdist serves every platform; its licences are those of the commonest one's crates.
    let platform = unit.platform.unwrap_or(model::Platform::LinuxAmd64);
    let target = match unit.recipe {
        Recipe::RustBinary => platform.rust_target(),
        _ => pypi::rust_target(platform),
    };
    let args = ["metadata", "--format-version=1", "--quiet", "--locked", "--filter-platform"];
    let invocation = Invocation::new(tool(site, "cargo"), args.into_iter().chain([target]));
    Some(at_crate(invocation, site))
}

/// Where the workspace lies that the crate belongs to: cargo prints the path of its `Cargo.toml`.
#[must_use]
pub fn workspace_question(site: &Site) -> Invocation {
    let args = ["locate-project", "--workspace", "--message-format=plain", "--quiet"];
    at_crate(Invocation::new(tool(site, "cargo"), args), site)
}

/// cargo's line that brings `Cargo.lock` in step without moving a version.
#[must_use]
pub fn settle_lock(site: &Site) -> Invocation {
    let paths = pypi::PythonPaths {
        offline: site.offline,
        env: site.env.get("cargo").cloned().unwrap_or_default(),
        ..pypi::PythonPaths::default()
    };
    pypi::settle_lock(&tool(site, "cargo"), &site.crate_folder, &paths)
}

/// What a settled lock lost, compared with the tree's.
///
/// # Errors
/// `lock-changed` when it gained or changed anything; `lock-syntax` when one is no lock file.
pub fn pruned_crates(before: &str, after: &str) -> Result<Vec<String>, Diagnostic> {
    pypi::lock_is_subset(before, after)
}

/// Reads cargo's answer to [`crates_question`].
///
/// # Errors
/// `cargo-metadata` when it cannot be read.
pub fn read_crates(json: &[u8]) -> Result<Crates, Diagnostic> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
        workspace_root: String,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
        license: Option<String>,
    }
    let wrong = |why: String| {
        Diagnostic::new(&codes::CARGO_METADATA, format!("what `cargo metadata` says {why}"))
    };
    if json.len() as u64 > MAX_JSON_BYTES {
        return Err(wrong("is longer than 64 MiB".to_owned()));
    }
    let metadata: Metadata =
        serde_json::from_slice(json).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    let license = |package: Package| {
        Some((format!("{} {}", package.name, package.version), package.license?))
    };
    Ok(Crates {
        workspace: metadata.workspace_root,
        licenses: metadata.packages.into_iter().filter_map(license).collect(),
    })
}

fn at_crate(invocation: Invocation, site: &Site) -> Invocation {
    let env = site.env.get("cargo").cloned().unwrap_or_default();
    Invocation { env, ..invocation.dir(site.crate_folder.clone()) }
}

/// `folder/inner` with `.` and `..` resolved, as far as they stay inside; `.` for the tree itself.
fn joined(folder: &str, inner: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(inner.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crate_of_a_maturin_project_is_found_as_maturin_finds_it() {
        let check = |pyproject: &str, files: &[&str], expected: &str| {
            let found = crate_manifest(pyproject, |path| files.contains(&path));
            assert_eq!(found, expected, "{pyproject} {files:?}");
        };
        let both = ["Cargo.toml", "rust/Cargo.toml"];
        check("", &both, "Cargo.toml");
        check("", &["rust/Cargo.toml"], "rust/Cargo.toml");
        check("", &[], "Cargo.toml");
        check("[tool.maturin]\nmanifest-path = \"../k/Cargo.toml\"\n", &both, "../k/Cargo.toml");
        check("[tool.maturin]\nfeatures = []\n", &["rust/Cargo.toml"], "rust/Cargo.toml");
        check("not = [toml", &both, "Cargo.toml");
    }

    #[test]
    fn folders_are_joined_without_dots() {
        let check = |folder, inner, expected| assert_eq!(joined(folder, inner), expected);
        check(".", "", ".");
        check(".", "rust", "rust");
        check("plugins/a", "", "plugins/a");
        check("plugins/a", "../../crates/b", "crates/b");
        check("a", "..", ".");
    }

    #[test]
    fn licences_are_read_by_name_and_version() {
        let json = br#"{"packages":[{"name":"a","version":"1.0.0","license":"MIT","x":1},
            {"name":"b","version":"2.0.0","license":null}],"workspace_root":"/w"}"#;
        let licenses = BTreeMap::from([("a 1.0.0".to_owned(), "MIT".to_owned())]);
        let expected = Crates { workspace: "/w".to_owned(), licenses };
        assert_eq!(read_crates(json).unwrap(), expected);
        for bad in [&b""[..], b"{}", b"[", b"{\"packages\":[{}],\"workspace_root\":\"/w\"}"] {
            assert_eq!(read_crates(bad).unwrap_err().code.to_string(), "cargo-metadata");
        }
    }
}
