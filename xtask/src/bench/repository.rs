//! Writes a repository of any number of small packages, always the same for the same number.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Failure, workspace};

/// What the packages are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Python with an image, Go with an image, charts and Rust, in turn. A thousand of them leave
    /// 750 downloads: what a GitHub release can hold.
    Mixed,
    /// Python packages with an image each, four units a package: a registry and an index hold any
    /// number of them, where a GitHub release would be full.
    Python,
    /// Rust binaries for one platform, in one cargo workspace that `dist` can plan too.
    Rust,
}

/// Keeps the plan from asking git for one.
const ADDRESS: &str = "repository = \"https://example.com/owner/repository\"\n";

const VERSION: &str = "1.0.0";

/// Writes `count` packages below `folder`, with a package-actions.toml, and commits them; gives the
/// folder.
pub fn write(folder: &Path, count: usize, kind: Kind) -> Result<PathBuf, Failure> {
    let mut config =
        format!("[release]\ntag = \"v{{version}}\"\nversion = {:?}\n{ADDRESS}", version_file(kind));
    let mut members = String::new();
    for number in 0..count {
        let name = format!("package-{number:04}");
        let tree = folder.join(&name);
        let entry = match (kind, number % 4) {
            (Kind::Mixed, 0) | (Kind::Python, _) => python(&tree, &name)?,
            (Kind::Mixed, 1) => go(&tree, &name)?,
            (Kind::Mixed, 2) => chart(&tree, &name)?,
            _ => rust(&tree, &name)?,
        };
        writeln!(config, "\n[[package]]\nname = {name:?}\n{entry}")?;
        if entry.starts_with("binary = { rust") {
            writeln!(members, "  {name:?},")?;
        }
    }
    put(&folder.join("package-actions.toml"), &config)?;
    put(
        &folder.join("Cargo.toml"),
        &format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\n{members}]\n\n\
             [profile.dist]\ninherits = \"release\"\n"
        ),
    )?;
    let locked = members.lines().map(|line| {
        let name = line.trim().trim_end_matches(',');
        format!("\n[[package]]\nname = {name}\nversion = {VERSION:?}\n")
    });
    put(&folder.join("Cargo.lock"), &format!("version = 4\n{}", locked.collect::<String>()))?;
    put(&folder.join("pyproject.toml"), &pyproject("release"))?;
    put(&folder.join("dist-workspace.toml"), DIST)?;
    commit(folder)?;
    Ok(folder.to_owned())
}

const DIST: &str = r#"[workspace]
members = ["cargo:."]

[dist]
cargo-dist-version = "0.34.0"
targets = ["x86_64-unknown-linux-musl"]
"#;

fn version_file(kind: Kind) -> &'static str {
    match kind {
        Kind::Mixed | Kind::Python => "pyproject.toml",
        Kind::Rust => "package-0000/Cargo.toml",
    }
}

fn python(tree: &Path, name: &str) -> Result<String, Failure> {
    put(&tree.join("pyproject.toml"), &pyproject(name))?;
    put(&tree.join("README.md"), "A package.\n")?;
    put(&tree.join("Containerfile"), "FROM scratch\nCOPY . /\n")?;
    Ok(format!(
        "python = {{ path = {name:?} }}\nimage = {{ dockerfile = \"{name}/Containerfile\" }}"
    ))
}

fn pyproject(name: &str) -> String {
    format!(
        "[build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n\n\
         [project]\nname = {name:?}\nversion = {VERSION:?}\n"
    )
}

fn go(tree: &Path, name: &str) -> Result<String, Failure> {
    put(&tree.join("go.mod"), &format!("module example.com/{name}\n\ngo 1.24\n"))?;
    put(&tree.join("main.go"), "package main\n\nfunc main() {}\n")?;
    Ok(format!(
        "binary = {{ go = {name:?}, platforms = [\"linux-amd64\"] }}\n\
         image = {{ from = \"binary\", user = 65532 }}"
    ))
}

fn chart(tree: &Path, name: &str) -> Result<String, Failure> {
    let text =
        format!("apiVersion: v2\nname: {name}\nversion: {VERSION}\nappVersion: {VERSION:?}\n");
    put(&tree.join("Chart.yaml"), &text)?;
    put(&tree.join("values.yaml"), "replicas: 1\n")?;
    Ok(format!("chart = {{ path = {name:?} }}"))
}

fn rust(tree: &Path, name: &str) -> Result<String, Failure> {
    let text = format!(
        "[package]\nname = {name:?}\nversion = {VERSION:?}\nedition = \"2024\"\n\
         repository = \"https://example.com/owner/repository\"\n"
    );
    put(&tree.join("Cargo.toml"), &text)?;
    put(&tree.join("src/main.rs"), "fn main() {}\n")?;
    Ok(format!("binary = {{ rust = {name:?}, platforms = [\"linux-amd64\"] }}"))
}

fn put(file: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()).into())
}

fn commit(folder: &Path) -> Result<(), Failure> {
    let place = folder.display().to_string();
    let git = |words: &[&str]| workspace::output("git", &[&["-C", place.as_str()], words].concat());
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    let author = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
    git(&[&author[..], &["commit", "--quiet", "--message", "all"]].concat())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_of_four_holds_one_package_of_each_kind() {
        let folder = std::env::temp_dir().join(format!("xtask-repository-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        write(&folder, 4, Kind::Mixed).unwrap();
        for file in [
            "package-0000/pyproject.toml",
            "package-0001/go.mod",
            "package-0002/Chart.yaml",
            "package-0003/src/main.rs",
            ".git/HEAD",
        ] {
            assert!(folder.join(file).is_file(), "{file}");
        }
        let config = fs::read_to_string(folder.join("package-actions.toml")).unwrap();
        assert_eq!(config.matches("[[package]]").count(), 4);
        fs::remove_dir_all(&folder).unwrap();
    }
}
