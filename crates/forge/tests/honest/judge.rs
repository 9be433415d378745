//! Judges, which are independent tools: found where `cargo xtask judges` installs them or on
//! `PATH`, and run. If one is missing, the test is skipped with a message; with `CI=true` it fails.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where `cargo xtask judges` installs them.
pub(crate) fn root() -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_default());
    let told = env::var_os("PACKAGE_ACTIONS_CACHE").filter(|root| !root.is_empty());
    told.map_or_else(|| home().join(".cache/package-actions"), PathBuf::from).join("judges")
}

/// The program with this name; `None`, with a message, if there is none.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let mut folders = vec![root().join("bin")];
    folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    if found.is_none() {
        missing(name);
    }
    found
}

/// Reports that a judge is missing, bypassing the test harness, which hides the output of passing
/// tests.
pub(crate) fn missing(name: &str) {
    let line = format!("judge `{name}` is missing, help: run `cargo xtask judges --full`\n");
    assert!(env::var_os("CI").is_none_or(|value| value != "true"), "{line}");
    // A note that cannot be written must not fail the test that it is about.
    let _ = std::io::stderr().write_all(format!("SKIPPED: {line}").as_bytes());
    if let Some(notes) = env::var_os("PACKAGE_ACTIONS_SKIPS") {
        let file = OpenOptions::new().append(true).create(true).open(notes);
        let _ = file.and_then(|mut file| file.write_all(format!("{name}\n").as_bytes()));
    }
}

/// A file of a package that is installed beside the package of `program`; `None`, with a message,
/// if there is none.
pub(crate) fn beside(program: &Path, file: &str) -> Option<PathBuf> {
    let installed = fs::canonicalize(program).unwrap();
    let found = installed.ancestors().map(|folder| folder.join(file)).find(|path| path.is_file());
    if found.is_none() {
        missing(file);
    }
    found
}

/// Runs a command: whether it succeeded, and all it printed.
pub(crate) fn run(command: &mut Command) -> (bool, String) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&printed).into_owned())
}

/// A folder for one test, emptied at the start and removed at the end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("forge-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
