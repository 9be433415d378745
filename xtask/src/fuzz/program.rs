//! The program that holds the targets, built so that libFuzzer sees which code an input reaches.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::{Failure, workspace};

/// The toolchain: the pass that counts which code was reached is not stable.
const TOOLCHAIN: &str = "nightly";

/// What libFuzzer needs: counters at every edge, and what is compared with what.
///
/// No address sanitizer: no crate of ours may hold unsafe code, and without it a target runs twice
/// as often. Overflow and debug assertions are on by the profile.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                        -Cllvm-args=-sanitizer-coverage-pc-table \
                        -Cllvm-args=-sanitizer-coverage-trace-compares";

/// The profile of the root Cargo.toml.
const PROFILE: &str = "fuzz";

/// The program.
pub struct Program(PathBuf);

impl Program {
    /// Builds it into a folder of its own, so that it takes turns with no other build.
    pub fn build() -> Result<Self, Failure> {
        let host = host()?;
        let folder = workspace::target_folder()?.join(PROFILE);
        let mut cargo = Command::new("cargo");
        cargo
            .args(["build", "--locked", "--package", "fuzz-targets", "--features", "libfuzzer"])
            // With a target, what runs while building is not instrumented.
            .args(["--profile", PROFILE, "--target", &host])
            .env("RUSTUP_TOOLCHAIN", TOOLCHAIN)
            .env("CARGO_TARGET_DIR", &folder)
            .env("RUSTFLAGS", COVERAGE)
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        // Some crates are built anew when these change, and `cargo xtask` sets them.
        let of_xtask = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_CRATE_", "CARGO_BIN_"];
        let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        for name in names.filter(|name| of_xtask.iter().any(|start| name.starts_with(start))) {
            cargo.env_remove(name);
        }
        workspace::output_of(&mut cargo)?;
        Ok(Self(folder.join(host).join(PROFILE).join("fuzz")))
    }

    /// Name and purpose of each target.
    pub fn targets(&self) -> Result<Vec<(String, String)>, Failure> {
        let listed = workspace::output_of(Command::new(&self.0).env("FUZZ_LIST", "1"))?;
        let line = |line: &str| line.split_once('\t').map(|(a, b)| (a.to_owned(), b.to_owned()));
        Ok(listed.lines().filter_map(line).collect())
    }

    /// A command that runs `target`.
    pub fn command(&self, target: &str) -> Command {
        let mut command = Command::new(&self.0);
        command.env("FUZZ_TARGET", target).current_dir(workspace::root());
        command
    }
}

/// The platform that nightly builds for, which tells whether it is there.
fn host() -> Result<String, Failure> {
    let mut rustc = Command::new("rustc");
    let told = workspace::output_of(rustc.arg("-vV").env("RUSTUP_TOOLCHAIN", TOOLCHAIN));
    let help = format!("help: `rustup toolchain install {TOOLCHAIN} --profile minimal`");
    let told = told.map_err(|failure| format!("{failure}\n{help}"))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| "`rustc -vV` names no host".into())
}
