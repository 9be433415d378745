//! Runs the product as a user would: the `package-actions` binary that the same cargo run built.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::judges::Verdict;

/// Where the binary is: beside the test that asks, unless `PACKAGE_ACTIONS_BINARY` names another.
///
/// Panics where it was not built: cargo builds no other package's binary for a test, so
/// `cargo xtask test` does.
pub fn binary() -> PathBuf {
    let named = env::var_os("PACKAGE_ACTIONS_BINARY").map(PathBuf::from);
    let built = || {
        let test = env::current_exe().expect("a test has a path");
        let profile = test.ancestors().nth(2).expect("PROFILE/deps/TEST");
        profile.join("package-actions")
    };
    let path = named.unwrap_or_else(built);
    let help = "help: run `cargo xtask test`, or `cargo build --release --workspace` before";
    assert!(path.is_file(), "`{}` is not built, {help}", path.display());
    path
}

/// A command line of the product to add to: no standard input, nothing else set.
pub fn command() -> Command {
    let mut command = Command::new(binary());
    command.stdin(Stdio::null());
    command
}

/// Runs the product to its end.
pub fn run<S: AsRef<OsStr>>(arguments: &[S]) -> Verdict {
    Verdict::of(command().args(arguments))
}
