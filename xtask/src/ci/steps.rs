//! The quick tier as a list, readable top to bottom.

use super::context::Context;
use crate::step::Step;
use crate::wasm::{self, TARGET as WASM};
use crate::{Failure, workspace};

/// Every test run: one set of packages and one profile, so that each dependency is built once. This
/// program stands aside: it asks more of `libc` than the product does, and everything above `libc`
/// would be built a second time.
pub const TEST: &str = "cargo test --release --workspace --exclude xtask --locked";

/// The step that installs the judges.
pub const JUDGES: &str = "judges";

/// What tests find made: each by one step of that name, which a resumed run repeats, for the
/// caches may be gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Made {
    /// The judges.
    Judges,
    /// The judges of the full tier too.
    AllJudges,
    /// The programs of the workspace.
    Programs,
    /// The WASM modules.
    Modules,
    /// The example's release.
    Example,
}

/// Steps that make what later ones use, and are no member of [`Made`].
const TOOLCHAIN: &str = "wasm toolchain";

/// The test file that holds the style rules.
const STYLE_RULES: &str = "tidy";

/// The test files that take longest, and mostly wait for programs: builds elsewhere, and workflows.
const LONGEST: &[&str] = &["reproducible", "actions"];

/// The crates without I/O, which must build for WASM.
const PURE: &[&str] = &[
    "model",
    "archive",
    "manifests",
    "format",
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

/// The main job, as the README has it, by the program that the step before has built: `cargo run`
/// takes the features of one package alone, and builds half of the dependencies a second time.
const MAIN_JOB: &str = "release --local examples/contextforge";

impl Made {
    /// All that the quick tier makes.
    pub const QUICK: [Self; 4] = [Self::Judges, Self::Programs, Self::Modules, Self::Example];

    /// What the step is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Judges => JUDGES,
            Self::AllJudges => "judges of the full tier",
            Self::Programs => "build",
            Self::Modules => "wasm modules",
            Self::Example => "main job",
        }
    }

    /// The step that makes it.
    pub fn step(self, context: &Context) -> Step {
        let build = "cargo build --release --workspace --exclude xtask --bins --locked";
        match self {
            Self::Judges => own(context, self.name(), "judges"),
            Self::AllJudges => own(context, self.name(), "judges --full"),
            Self::Programs => context.step(self.name(), build),
            Self::Modules => own(context, self.name(), "wasm"),
            Self::Example => context.step(self.name(), MAIN_JOB).program(context.product()),
        }
    }
}

/// Whether the step makes what others use.
pub fn is_maker(step: &Step) -> bool {
    let made = Made::QUICK.into_iter().chain([Made::AllJudges]);
    step.name == TOOLCHAIN || made.into_iter().any(|made| made.name() == step.name)
}

/// Steps that run one after the other, and one lane beside them that keeps the second core busy.
pub struct Stage {
    /// The lane beside: each of these waits for the network or builds on one core, all at once.
    pub beside: Vec<Step>,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// The quick tier: no stage begins before all of the one before it has ended.
pub fn quick(context: &Context) -> Result<Vec<Stage>, Failure> {
    let version = workspace::compiler_version()?;
    let mut fetching = vec![Made::Judges.step(context)];
    fetching.extend(wasm_toolchain(context, &version));
    let clippy = "cargo clippy --release --workspace --all-targets --locked -- --deny warnings";
    let compiling = vec![
        context.step("format", "cargo fmt --all --check"),
        Made::Programs.step(context),
        own(context, "generated documents", "docs --check"),
    ];
    let checking = vec![
        context.step("clippy", clippy),
        wasm_check(context, &version)?,
        // All at once: by one test file after the other, half of the cores would wait.
        context.step("tests compiled", &format!("{TEST} --no-run")),
        context.step("unit tests", &format!("{TEST} --lib --bins")),
        context.step("examples in documents", &format!("{TEST} --doc")),
        context.step("style rules", &format!("{TEST} --test {STYLE_RULES}")),
        context.step("tests of xtask", "cargo test --release --package xtask --locked"),
        Made::Modules.step(context),
    ];
    let test = |file: &str| context.step(&format!("test {file}"), &format!("{TEST} --test {file}"));
    let files = workspace::test_files()?;
    let is_usual = |file: &&String| **file != STYLE_RULES && !LONGEST.contains(&file.as_str());
    let testing = files.iter().filter(is_usual).map(|file| test(file)).collect();
    Ok(vec![
        Stage { beside: fetching, steps: compiling },
        Stage { beside: vec![Made::Example.step(context)], steps: checking },
        Stage { beside: LONGEST.iter().map(|file| test(file)).collect(), steps: testing },
    ])
}

/// This very program again, with the run's environment.
pub fn own(context: &Context, name: &str, words: &str) -> Step {
    let program =
        std::env::current_exe().map_or_else(|_| "xtask".into(), |path| path.display().to_string());
    context.step(name, words).program(program)
}

/// A toolchain of the same version with WASM's library, in our own cache: the user's is left alone.
fn wasm_toolchain(context: &Context, version: &str) -> Option<Step> {
    if wasm::has_target(&wasm::toolchains(&context.cache), version) {
        return None;
    }
    let flags = format!("--profile minimal --target {WASM} --no-self-update");
    let line = format!("rustup toolchain install {version} {flags}");
    Some(with_toolchain(context, version, context.step(TOOLCHAIN, &line)))
}

/// The pure crates for WASM.
fn wasm_check(context: &Context, version: &str) -> Result<Step, Failure> {
    let present = workspace::packages()?;
    let pure = PURE.iter().filter(|name| present.iter().any(|package| package.name == **name));
    let chosen: String = pure.map(|name| format!(" --package {name}")).collect();
    let line = format!("cargo check --target {WASM} --locked{chosen}");
    Ok(with_toolchain(context, version, context.step("wasm check", &line)))
}

fn with_toolchain(context: &Context, version: &str, step: Step) -> Step {
    step.env("RUSTUP_HOME", wasm::toolchains(&context.cache).display().to_string())
        .env("RUSTUP_TOOLCHAIN", version)
}
