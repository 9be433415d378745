//! Tools that nobody here wrote: found where `cargo xtask judges` puts them, or on PATH, and run.
//! One that is missing is a loud skip; under `CI=true` it is a failure.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where `cargo xtask judges` puts them.
pub(crate) fn root() -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_default());
    let told = env::var_os("PACKAGE_ACTIONS_CACHE").filter(|root| !root.is_empty());
    told.map_or_else(|| home().join(".cache/package-actions"), PathBuf::from).join("judges")
}

/// The program of that name; `None` after saying so where there is none.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let mut places = vec![root().join("bin")];
    places.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    let found = places.into_iter().map(|place| place.join(name)).find(|path| path.is_file());
    if found.is_none() {
        missing(name);
    }
    found
}

/// Says that a judge is missing, past the harness, which hides what passing tests print.
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

/// A file of a package that was installed beside this program of another; `None` after saying so.
pub(crate) fn beside(program: &Path, file: &str) -> Option<PathBuf> {
    let installed = fs::canonicalize(program).unwrap();
    let found = installed.ancestors().map(|folder| folder.join(file)).find(|path| path.is_file());
    if found.is_none() {
        missing(file);
    }
    found
}

/// Runs a command line to its end: whether it went well, and all it said.
pub(crate) fn run(command: &mut Command) -> (bool, String) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// A folder of this test's own, emptied at the start and removed at the end.
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
