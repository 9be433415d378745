//! The judges: tools that nobody here wrote, which must accept what we made (and refuse what we
//! spoiled).
//!
//! `cargo xtask judges` installs them; this room only finds and runs them. A judge that is missing
//! is a loud skip on a laptop and a failure when `CI=true`. The product itself never calls one.

mod container;
mod engine;
mod index;
mod registry;
mod verdict;

use std::env;
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub use container::{Container, ImageRun, run_image};
pub use engine::Engine;
pub use index::Index;
pub use registry::Registry;
pub use verdict::Verdict;

/// Judges that `cargo xtask judges` brings only with `--full`.
const FULL: &[&str] =
    &["chromium", "containerd", "docker", "docker-buildx", "dockerd", "dockerd (as root)"];

/// One installed judge: its name and the program that runs it.
#[derive(Clone, Debug)]
pub struct Judge {
    name: String,
    program: PathBuf,
}

/// The judge called `name` (`cosign`, `crane`, `twine`, `helm3`, ...): installed by `cargo xtask
/// judges`, else on PATH.
///
/// `None` after saying so on stderr where it is missing; panics instead when `CI=true`.
pub fn find(name: &str) -> Option<Judge> {
    let mut places = vec![judges_root().join("bin")];
    places.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
    let found = places.into_iter().map(|place| place.join(name)).find(|path| path.is_file());
    if found.is_none() {
        missing(name);
    }
    found.map(|program| Judge { name: name.to_owned(), program })
}

/// Finds the judge and runs it with `arguments`; `None` where it is missing, as in [`find`].
pub fn run<S: AsRef<OsStr>>(name: &str, arguments: &[S]) -> Option<Verdict> {
    find(name).map(|judge| judge.run(arguments))
}

/// Where `cargo xtask judges` puts them: `judges` in the cache root.
pub fn judges_root() -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_default());
    env::var_os("PACKAGE_ACTIONS_CACHE")
        .filter(|root| !root.is_empty())
        .map_or_else(|| home().join(".cache/package-actions"), PathBuf::from)
        .join("judges")
}

impl Judge {
    /// What the judge is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The program's file.
    pub fn path(&self) -> &Path {
        &self.program
    }

    /// A command line to add to: no standard input, nothing else set.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.stdin(Stdio::null());
        command
    }

    /// Runs the judge to its end. Panics only if it cannot be started at all.
    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Verdict {
        let mut command = self.command();
        command.args(arguments);
        Verdict::of(&mut command)
    }
}

/// Says on stderr (past the test harness, which hides what passing tests print) that a judge is
/// missing.
fn missing(name: &str) {
    let flag = if FULL.contains(&name) { " --full" } else { "" };
    let line = format!("judge `{name}` is missing, help: run `cargo xtask judges{flag}`\n");
    assert!(env::var_os("CI").is_none_or(|value| value != "true"), "{line}");
    // A note that cannot be written must not fail the test that it is about.
    let _ = std::io::stderr().write_all(format!("SKIPPED: {line}").as_bytes());
    if let Some(notes) = env::var_os("PACKAGE_ACTIONS_SKIPS") {
        let file = OpenOptions::new().append(true).create(true).open(notes);
        let _ = file.and_then(|mut file| file.write_all(format!("{name}\n").as_bytes()));
    }
}
