//! Time and peak memory of another program, told by the kernel when it ends.
//!
//! The kernel sums up over all children of a process, so each run gets a fresh process: `xtask
//! measure -- PROGRAM ...` runs one child and prints one line, [`run`] reads it.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};

use crate::Failure;

/// What one run cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Cost {
    /// From start to end, in milliseconds.
    pub wall_ms: f64,
    /// Peak resident memory, in KiB.
    pub peak_kib: f64,
}

/// Runs the program once in `folder`, its output thrown away; fails if it says no.
pub fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<Cost, Failure> {
    let done = Command::new(env::current_exe()?)
        .args(["measure", "--", program])
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()?;
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
    }
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(wall_ms)), Some(Ok(peak_kib))) => Ok(Cost { wall_ms, peak_kib }),
        _ => Err(format!("unreadable measurement `{text}`").into()),
    }
}

/// Runs the program as this process's only child and prints its milliseconds and its peak KiB.
pub fn here(program: &str, arguments: &[&str]) -> Result<(), Failure> {
    let start = Instant::now();
    let done = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| format!("cannot run `{program}`: {error}"))?;
    let wall_ms = start.elapsed().as_secs_f64() * 1000.0;
    if !done.status.success() {
        let words = String::from_utf8_lossy(&done.stderr);
        return Err(format!("`{program} {}`: {}\n{words}", arguments.join(" "), done.status).into());
    }
    println!("{wall_ms} {}", getrusage(UsageWho::RUSAGE_CHILDREN)?.max_rss());
    Ok(())
}

/// The median of each number over several runs.
pub fn median(costs: &[Cost]) -> Cost {
    let middle = |pick: fn(&Cost) -> f64| {
        let mut numbers: Vec<f64> = costs.iter().map(pick).collect();
        numbers.sort_by(f64::total_cmp);
        numbers.get(numbers.len() / 2).copied().unwrap_or_default()
    };
    Cost { wall_ms: middle(|cost| cost.wall_ms), peak_kib: middle(|cost| cost.peak_kib) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_taken_of_each_number_by_itself() {
        let costs = [(3.0, 10.0), (1.0, 30.0), (2.0, 20.0)]
            .map(|(wall_ms, peak_kib)| Cost { wall_ms, peak_kib });
        assert_eq!(median(&costs), Cost { wall_ms: 2.0, peak_kib: 20.0 });
        assert_eq!(median(&[]), Cost::default());
    }
}
