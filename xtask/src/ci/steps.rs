//! The quick tier as a list, readable top to bottom.

use super::room::Room;
use crate::step::Step;
use crate::wasm::{self, TARGET as WASM};
use crate::{Failure, workspace};

/// Every test run: one set of packages and one profile, so that each dependency is built once. This
/// program stands aside: it asks more of `libc` than the product does, and everything above `libc`
/// would be built a second time.
pub const TEST: &str = "cargo test --release --workspace --exclude xtask --locked";

/// The step that installs the judges.
pub const JUDGES: &str = "judges";

/// The step that installs those of the full tier.
pub const ALL_JUDGES: &str = "judges of the full tier";

/// Steps that make what later ones use: a resumed run repeats them, for the caches may be gone.
pub const MAKERS: &[&str] =
    &[JUDGES, ALL_JUDGES, "build", "wasm toolchain", WASM_MODULES, "main job"];

/// The step that builds the WASM modules, which the doors' tests use.
const WASM_MODULES: &str = "wasm modules, twice";

/// The test file that holds the house rules.
const HOUSE_RULES: &str = "tidy";

/// The test file that builds the example a second time, elsewhere: the longest of all.
const SECOND_BUILD: &str = "reproducible";

/// The crates without I/O, which must build for WASM.
const PURE: &[&str] = &[
    "model",
    "archive",
    "manifests",
    "config",
    "plan",
    "pypi",
    "oci",
    "helm",
    "binary",
    "components",
    "evidence",
    "verify",
    "release",
    "api",
];

/// The main job, as the README has it.
const MAIN_JOB: &str = "cargo run --release -- release --local examples/contextforge";

/// Steps that run one after the other, and one lane beside them that keeps the second core busy.
pub struct Stage {
    /// The lane beside: each of these waits for the network or builds on one core, all at once.
    pub beside: Vec<Step>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// The quick tier: no stage begins before all of the one before it has ended.
pub fn quick(room: &Room) -> Result<Vec<Stage>, Failure> {
    let version = compiler_version()?;
    let mut fetching = vec![own(room, JUDGES, "judges")];
    fetching.extend(wasm_toolchain(room, &version));
    let clippy = "cargo clippy --release --workspace --all-targets --locked -- --deny warnings";
    let build = "cargo build --release --workspace --exclude xtask --bins --locked";
    let compiling = vec![
        room.step("format", "cargo fmt --all --check"),
        room.step("build", build),
        own(room, "generated documents", "docs --check"),
    ];
    let checking = vec![
        room.step("clippy", clippy),
        wasm_check(room, &version)?,
        room.step("unit tests", &format!("{TEST} --lib --bins")),
        room.step("examples in documents", &format!("{TEST} --doc")),
        room.step("house rules", &format!("{TEST} --test {HOUSE_RULES}")),
        room.step("tests of xtask", "cargo test --release --package xtask --locked"),
        own(room, WASM_MODULES, "wasm --twice"),
    ];
    let test = |file: &str| room.step(&format!("test {file}"), &format!("{TEST} --test {file}"));
    let files = workspace::test_files()?;
    let usual = |file: &&String| file.as_str() != HOUSE_RULES && file.as_str() != SECOND_BUILD;
    let testing = files.iter().filter(usual).map(|file| test(file)).collect();
    Ok(vec![
        Stage { beside: fetching, steps: compiling },
        Stage { beside: vec![room.step("main job", MAIN_JOB)], steps: checking },
        Stage { beside: vec![test(SECOND_BUILD)], steps: testing },
    ])
}

/// This very program again, with the run's environment.
pub fn own(room: &Room, name: &str, words: &str) -> Step {
    let program =
        std::env::current_exe().map_or_else(|_| "xtask".into(), |path| path.display().to_string());
    room.step(name, words).program(program)
}

/// A toolchain of the same version with WASM's library, in our own cache: the user's is left alone.
fn wasm_toolchain(room: &Room, version: &str) -> Option<Step> {
    if has_target(&wasm::toolchains(&room.cache).join("toolchains"), version, WASM) {
        return None;
    }
    let flags = format!("--profile minimal --target {WASM} --no-self-update");
    let line = format!("rustup toolchain install {version} {flags}");
    Some(with_toolchain(room, version, room.step("wasm toolchain", &line)))
}

/// The pure crates for WASM.
fn wasm_check(room: &Room, version: &str) -> Result<Step, Failure> {
    let present = workspace::packages()?;
    let pure = PURE.iter().filter(|name| present.iter().any(|package| package == *name));
    let chosen: String = pure.map(|name| format!(" --package {name}")).collect();
    let line = format!("cargo check --target {WASM} --locked{chosen}");
    Ok(with_toolchain(room, version, room.step("wasm check", &line)))
}

fn with_toolchain(room: &Room, version: &str, step: Step) -> Step {
    step.env("RUSTUP_HOME", wasm::toolchains(&room.cache).display().to_string())
        .env("RUSTUP_TOOLCHAIN", version)
}

/// The compiler's version: `1.95.0` of `rustc 1.95.0 (59807616e 2026-04-14)`.
pub fn compiler_version() -> Result<String, Failure> {
    let told = workspace::output("rustc", &["--version"])?;
    told.split_whitespace().nth(1).map(str::to_owned).ok_or_else(|| "rustc tells no version".into())
}

/// Whether a toolchain of this version with that target's library lies among `toolchains`.
pub fn has_target(toolchains: &std::path::Path, version: &str, target: &str) -> bool {
    let mine = |name: &str| name.starts_with(&format!("{version}-"));
    let entries = std::fs::read_dir(toolchains).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(mine))
        .any(|entry| entry.path().join("lib/rustlib").join(target).is_dir())
}
