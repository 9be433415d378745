//! How long a plan takes: 1,000 packages, ours beside `dist plan`, and whether the cost of a unit
//! grows with their number.

use std::fs;
use std::path::Path;

use super::repository::{self, Kind};
use crate::measure::{self, Cost};
use crate::{Failure, docs, workspace};

/// Runs of which the median is taken.
const RUNS: usize = 15;

/// What a plan of 1,000 packages is to cost at most.
const AIM: Cost = Cost { wall_ms: 60.0, peak_kib: 40.0 * 1024.0 };

/// Packages of the comparison, one binary each: what fits into one GitHub release.
const COMPARED: usize = 990;

/// Package counts of the growth table: from 12 units to 4,000.
const GROWTH: [usize; 5] = [3, 25, 100, 500, 1000];

/// Measures and prints.
pub fn run() -> Result<(), Failure> {
    let product = docs::product()?.display().to_string();
    let folder = workspace::own_folder()?.join("bench/plan");
    let _ = fs::remove_dir_all(&folder);
    let rust = repository::write(&folder.join("rust"), COMPARED, Kind::Rust)?;
    let mixed = repository::write(&folder.join("mixed"), 1000, Kind::Mixed)?;
    println!("plan of 1,000 packages, median of {RUNS} runs (aim: 60 ms, 40 MiB)");
    let ours = ours(&product, &mixed)?;
    println!("{}", row("ours, all formats", ours));
    let same = self::ours(&product, &rust)?;
    println!("{}", row("ours, Rust binaries", same));
    match measure_runs(&rust, "dist", &["plan", "--output-format=json", "--allow-dirty"]) {
        Ok(dist) => {
            println!("{}", row("dist, Rust binaries", dist));
            let (time, memory) = (same.wall_ms / dist.wall_ms, same.peak_kib / dist.peak_kib);
            println!("ours / dist: time {time:.2}, memory {memory:.2}");
        }
        Err(failure) => println!("dist was not measured: {failure}"),
    }
    let within = ours.wall_ms <= AIM.wall_ms && ours.peak_kib <= AIM.peak_kib;
    println!("the aim is {}", if within { "met" } else { "NOT met" });
    growth(&product, &folder)
}

/// One line a size: units, time, and the time of each unit beyond what an empty plan takes.
fn growth(product: &str, folder: &Path) -> Result<(), Failure> {
    let start = ours(product, &repository::write(&folder.join("size-1"), 1, Kind::Python)?)?;
    println!("growth (each unit beyond the start-up time of {:.1} ms)", start.wall_ms);
    for packages in GROWTH {
        let name = format!("size-{packages}");
        let tree = repository::write(&folder.join(name), packages, Kind::Python)?;
        let units = units(product, &tree)?;
        let cost = ours(product, &tree)?;
        let each_us = (cost.wall_ms - start.wall_ms) * 1000.0 / units as f64;
        println!(
            "{}   {units:>5} units   {each_us:>6.1} us a unit",
            row(&format!("{packages} packages"), cost)
        );
    }
    Ok(())
}

fn ours(product: &str, tree: &Path) -> Result<Cost, Failure> {
    measure_runs(tree, product, &["plan", ".", "--output", "json"])
}

fn measure_runs(tree: &Path, program: &str, words: &[&str]) -> Result<Cost, Failure> {
    // The first run reads the tree into the page cache and is not counted.
    measure::run(tree, program, words)?;
    let costs: Result<Vec<Cost>, Failure> =
        (0..RUNS).map(|_| measure::run(tree, program, words)).collect();
    Ok(measure::median(&costs?))
}

fn units(product: &str, tree: &Path) -> Result<usize, Failure> {
    let tree = tree.display().to_string();
    let text = workspace::output(product, &["plan", &tree, "--output", "json"])?;
    let answer: serde_json::Value = serde_json::from_str(&text)?;
    Ok(workspace::list(&answer["plan"]["units"]).count())
}

fn row(name: &str, cost: Cost) -> String {
    format!("  {name:<22} {:>8.1} ms {:>8.1} MiB", cost.wall_ms, cost.peak_kib / 1024.0)
}
