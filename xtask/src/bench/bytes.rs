//! What reading the worst inputs costs: each case at its size, twice and four
//! times as large.
//!
//! The inputs are made, and read, by the program `worst-cases`, each in a process of its own.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::measure::{self, Cost};
use crate::{Failure, workspace};

/// What an input is grown by. Neither time nor memory may grow more than that.
const SCALES: [usize; 3] = [1, 2, 4];

/// The longest that a reader may take, in milliseconds.
const MAX_MS: f64 = 2_000.0;

/// The most memory of a reader, in KiB: 64 MiB, and four times the input.
fn allowed_kib(bytes: u64) -> f64 {
    (64 * 1024) as f64 + bytes as f64 * 4.0 / 1024.0
}

/// Measures and prints, and fails if a case is above what it may cost.
pub fn run() -> Result<(), Failure> {
    let program = program()?;
    let folder = workspace::own_folder()?.join("bench/bytes");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    println!("reading the worst inputs (aim: 2 s, and 64 MiB with 4 times the input)");
    let mut above = Vec::new();
    for case in workspace::output(&program, &["list"])?.lines() {
        for scale in SCALES {
            let (bytes, cost) = measured(&program, case, scale, &folder)?;
            let fits = cost.wall_ms <= MAX_MS && cost.peak_kib <= allowed_kib(bytes);
            let mark = if fits { "" } else { "   ABOVE" };
            println!(
                "{case:<26} x{scale} {bytes:>11} B {:>8.0} ms {:>6.1} MiB{mark}",
                cost.wall_ms,
                cost.peak_kib / 1024.0
            );
            if !fits {
                above.push(format!("{case} x{scale}"));
            }
        }
    }
    if above.is_empty() {
        println!("the aim is met");
        return Ok(());
    }
    Err(format!("above the aim: {}", above.join(", ")).into())
}

/// The size of the input, and what reading it costs.
fn measured(
    program: &str,
    case: &str,
    scale: usize,
    folder: &Path,
) -> Result<(u64, Cost), Failure> {
    let file = folder.join("input").display().to_string();
    workspace::output(program, &["make", case, &scale.to_string(), &file])?;
    let bytes = fs::metadata(&file)?.len();
    let cost = measure::run(folder, program, &["read", case, &file])?;
    fs::remove_file(&file)?;
    Ok((bytes, cost))
}

/// A member of its own, see its manifest.
fn program() -> Result<String, Failure> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--locked", "--package", "worst-cases"]);
    workspace::output_of(&mut cargo)?;
    Ok(workspace::target_folder()?.join("release/worst-cases").display().to_string())
}
