//! The quick tier as a list, readable top to bottom.

use super::room::Room;
use crate::step::Step;
use crate::{Failure, workspace};

/// Every test run: one set of packages and one profile, so that each dependency is built once.
pub const TEST: &str = "cargo test --release --workspace --locked";

/// The step that installs the judges.
pub const JUDGES: &str = "judges";

/// Steps that make what later ones use: a resumed run repeats them, for the caches may be gone.
pub const MAKERS: &[&str] = &[JUDGES, "build", "wasm toolchain"];

/// The test file that holds the house rules; it runs early, since it is quick and talks about the
/// source.
const HOUSE_RULES: &str = "tidy";

/// The crates without I/O, which must build for WASM.
const PURE: &[&str] = &[
    "model", "plan", "archive", "pypi", "oci", "helm", "binary", "sbom", "evidence", "verify",
    "steps",
];

/// What the main job releases.
const EXAMPLE: &str = "examples/contextforge";

/// All steps, in order: what is quick and often wrong comes first.
pub fn quick(room: &Room) -> Result<Vec<Step>, Failure> {
    let mut steps =
        vec![room.step("format", "cargo fmt --all --check"), own(room, JUDGES, "judges")];
    steps.push(room.step(
        "clippy",
        "cargo clippy --release --workspace --all-targets --locked -- --deny warnings",
    ));
    steps.push(room.step("build", "cargo build --release --workspace --bins --locked"));
    steps.push(room.step("house rules", &format!("{TEST} --test {HOUSE_RULES}")));
    steps.push(own(room, "generated documents", "docs --check"));
    steps.extend(wasm(room)?);
    steps.push(room.step("unit tests", &format!("{TEST} --lib --bins")));
    steps.push(room.step("examples in documents", &format!("{TEST} --doc")));
    if workspace::root().join(EXAMPLE).join("package-actions.toml").is_file() {
        let program = room.target.join("release/package-actions");
        let step = room.step("main job", &format!("release --local {EXAMPLE}"));
        steps.push(step.program(program.display().to_string()));
    }
    for file in workspace::test_files()?.iter().filter(|file| *file != HOUSE_RULES) {
        steps.push(room.step(&format!("test {file}"), &format!("{TEST} --test {file}")));
    }
    Ok(steps)
}

/// This very program again, with the run's environment.
fn own(room: &Room, name: &str, words: &str) -> Step {
    let program =
        std::env::current_exe().map_or_else(|_| "xtask".into(), |path| path.display().to_string());
    room.step(name, words).program(program)
}

/// The pure crates for WASM, with a toolchain of the same version in our own cache: the user's is
/// left alone.
fn wasm(room: &Room) -> Result<Vec<Step>, Failure> {
    let target = "wasm32-unknown-unknown";
    let version = compiler_version()?;
    let home = room.cache.join("rustup");
    let private = |step: Step| {
        step.env("RUSTUP_HOME", home.display().to_string())
            .env("RUSTUP_TOOLCHAIN", version.as_str())
    };
    let mut steps = Vec::new();
    if !has_target(&home.join("toolchains"), &version, target) {
        let flags = format!("--profile minimal --target {target} --no-self-update");
        let line = format!("rustup toolchain install {version} {flags}");
        steps.push(private(room.step("wasm toolchain", &line)));
    }
    let present = workspace::packages()?;
    let pure = PURE.iter().filter(|name| present.iter().any(|package| package == *name));
    let chosen: String = pure.map(|name| format!(" --package {name}")).collect();
    let line = format!("cargo check --target {target} --locked{chosen}");
    steps.push(private(room.step("wasm check", &line)));
    Ok(steps)
}

/// `1.95.0` of `rustc 1.95.0 (59807616e 2026-04-14)`.
fn compiler_version() -> Result<String, Failure> {
    let told = workspace::output("rustc", &["--version"])?;
    told.split_whitespace().nth(1).map(str::to_owned).ok_or_else(|| "rustc tells no version".into())
}

fn has_target(toolchains: &std::path::Path, version: &str, target: &str) -> bool {
    let mine = |name: &str| name.starts_with(&format!("{version}-"));
    let entries = std::fs::read_dir(toolchains).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_str().is_some_and(mine))
        .any(|entry| entry.path().join("lib/rustlib").join(target).is_dir())
}
