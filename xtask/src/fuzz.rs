//! `cargo xtask fuzz`: grows the inputs of the fuzz targets with libFuzzer, on nightly.
//!
//! The targets are functions of the member `fuzz`; its program with the feature `libfuzzer` runs
//! one of them. A run starts from the target's seeds and from the repository's corpus, and keeps
//! what reached new code below `target/xtask/fuzz`, where the next run goes on.

mod found;
mod program;
mod request;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::{env, fs, thread};

use crate::{Failure, workspace};
use found::Outcome;
use program::Program;
use request::Request;

/// Targets that run at a time: each fills a core, and somebody else may need the machine.
const MAX_JOBS: usize = 2;

/// The longest that one input may take, in seconds. The aim of `bench bytes` is 2, on a quiet
/// machine: here an input is read about six times, with counters at each edge and all checks on,
/// while other targets run.
const TIMEOUT_SECONDS: u32 = 25;

/// Inputs above this are told, in seconds.
const SLOW_SECONDS: u32 = 10;

/// The most memory of the whole process, in MiB: what libFuzzer keeps, and what one input may take.
const MAX_RSS_MIB: u32 = 2_048;

/// The longest input, in bytes: what a reader does with more, `bench bytes` measures.
const MAX_INPUT_BYTES: u32 = 64 << 10;

/// Runs what `words` ask for; fails if any input is a fault.
pub fn run(words: &[&str]) -> Result<(), Failure> {
    let request = Request::read(words)?;
    let program = Program::build()?;
    let all = program.targets()?;
    if request.list {
        all.iter().for_each(|(name, about)| println!("{name:<20} {about}"));
        return Ok(());
    }
    let all: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    let chosen = request.chosen(&all)?;
    if let Some(file) = &request.replay {
        return replay(&program, &chosen, file);
    }
    let outcomes = run_all(&program, &chosen, request.minutes)?;
    found::close(&outcomes)
}

/// Runs one input through one target, with everything that it says.
fn replay(program: &Program, chosen: &[&str], file: &str) -> Result<(), Failure> {
    let [target] = chosen else { return Err("an input is replayed by one target".into()) };
    let file = env::current_dir()?.join(file);
    let status = program.command(target).args(limits()).arg(&file).status()?;
    if status.success() { Ok(()) } else { Err(format!("{}: {status}", file.display()).into()) }
}

/// Runs the targets, as many at a time as the machine has cores, two at most.
fn run_all(program: &Program, chosen: &[&str], minutes: f64) -> Result<Vec<Outcome>, Failure> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let waiting = Mutex::new(chosen.iter());
    let next = || waiting.lock().ok().and_then(|mut waiting| waiting.next());
    let work = || {
        let mut outcomes = Vec::new();
        while let Some(target) = next() {
            let outcome = run_one(program, target, minutes)?;
            println!("{outcome}");
            outcomes.push(outcome);
        }
        Ok::<_, Failure>(outcomes)
    };
    thread::scope(|scope| {
        let jobs: Vec<_> = (0..cores.min(MAX_JOBS)).map(|_| scope.spawn(work)).collect();
        let mut outcomes = Vec::new();
        for job in jobs {
            outcomes.extend(job.join().unwrap_or_else(|_| Err("a job panicked".into()))?);
        }
        Ok(outcomes)
    })
}

/// Grows the inputs of one target.
fn run_one(program: &Program, target: &str, minutes: f64) -> Result<Outcome, Failure> {
    let [inputs, seeds, found] = ["corpus", "seeds", "found"].map(|kind| folder(kind, target));
    let (inputs, seeds, found) = (inputs?, seeds?, found?);
    fs::remove_dir_all(&seeds)?;
    fs::create_dir_all(&seeds)?;
    workspace::output_of(program.command(target).env("FUZZ_SEEDS", &seeds))?;
    let known = workspace::root().join("fuzz/corpus").join(target);
    let log = found.with_extension("log");
    let before = listed(&found)?;
    let seconds = (minutes * 60.0).ceil();
    let mut command = program.command(target);
    command
        .args(limits())
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .arg(format!("-max_len={MAX_INPUT_BYTES}"))
        .args(["-print_final_stats=1", "-verbosity=1"])
        .args([&inputs, &seeds])
        .args(known.is_dir().then_some(&known))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log)?);
    let status = command.status()?;
    let new = listed(&found)?.difference(&before).cloned().collect();
    Ok(Outcome::read(target, status.success(), &fs::read(&log)?, new, log))
}

fn limits() -> [String; 4] {
    [
        format!("-timeout={TIMEOUT_SECONDS}"),
        format!("-report_slow_units={SLOW_SECONDS}"),
        format!("-rss_limit_mb={MAX_RSS_MIB}"),
        "-detect_leaks=0".to_owned(),
    ]
}

/// A folder of the target, made if it is not there.
fn folder(kind: &str, target: &str) -> Result<PathBuf, Failure> {
    let folder = workspace::own_folder()?.join("fuzz").join(kind).join(target);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn listed(folder: &Path) -> Result<BTreeSet<PathBuf>, Failure> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}
