//! What the run of a target came to: figures from libFuzzer's log, and the inputs that it wrote.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use crate::{Failure, workspace};

/// How one target ended.
#[derive(Debug, Default)]
pub struct Outcome {
    target: String,
    executions: u64,
    seconds: f64,
    crashes: usize,
    timeouts: usize,
    out_of_memory: usize,
    slow: usize,
    /// The inputs behind these figures.
    inputs: BTreeSet<PathBuf>,
    log: PathBuf,
}

impl Outcome {
    /// From the log of a run that wrote `inputs`.
    pub fn read(
        target: &str,
        passed: bool,
        log: &[u8],
        inputs: BTreeSet<PathBuf>,
        path: PathBuf,
    ) -> Self {
        let text = String::from_utf8_lossy(log);
        let count = |kind: &str| {
            let names = inputs.iter().filter_map(|path| path.file_name());
            names.filter(|name| name.to_string_lossy().starts_with(kind)).count()
        };
        let (timeouts, out_of_memory) = (count("timeout-"), count("oom-"));
        // One that ends without leaving an input is at fault all the same.
        let crashes = count("crash-").max(usize::from(!passed && timeouts + out_of_memory == 0));
        let executions = number(&text, "stat::number_of_executed_units:");
        let rate = number(&text, "stat::average_exec_per_sec:");
        Self {
            target: target.to_owned(),
            executions: executions as u64,
            seconds: if rate > 0.0 { executions / rate } else { 0.0 },
            crashes,
            timeouts,
            out_of_memory,
            slow: count("slow-unit-"),
            inputs,
            log: path,
        }
    }

    fn is_good(&self) -> bool {
        self.crashes + self.timeouts + self.out_of_memory == 0
    }
}

/// The number behind a label.
fn number(text: &str, label: &str) -> f64 {
    let line = text.lines().rev().find_map(|line| line.strip_prefix(label));
    line.and_then(|told| told.trim().parse().ok()).unwrap_or_default()
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { target, executions, seconds, crashes, timeouts, out_of_memory, slow, .. } = self;
        let word = if self.is_good() { "ok" } else { "FAULT" };
        let rate = if *seconds > 0.0 { *executions as f64 / seconds } else { 0.0 };
        write!(
            f,
            "{word:<6} {target:<20} {executions:>10} runs {seconds:>6.0} s {rate:>7.0}/s   \
             crashes {crashes}, time-outs {timeouts}, out of memory {out_of_memory}, slow {slow}"
        )?;
        for input in &self.inputs {
            let input = shown(input);
            write!(f, "\n    {input}\n    again: cargo xtask fuzz {target} --replay {input}")?;
        }
        if !self.is_good() {
            write!(f, "\n    log: {}", shown(&self.log))?;
        }
        Ok(())
    }
}

/// Prints the sum; fails if there is any fault.
pub fn close(outcomes: &[Outcome]) -> Result<(), Failure> {
    let sum = |figure: fn(&Outcome) -> usize| outcomes.iter().map(figure).sum::<usize>();
    let total = Outcome {
        target: format!("{} targets", outcomes.len()),
        executions: outcomes.iter().map(|one| one.executions).sum(),
        seconds: outcomes.iter().map(|one| one.seconds).sum(),
        crashes: sum(|one| one.crashes),
        timeouts: sum(|one| one.timeouts),
        out_of_memory: sum(|one| one.out_of_memory),
        slow: sum(|one| one.slow),
        ..Outcome::default()
    };
    println!("{total}");
    if total.is_good() {
        Ok(())
    } else {
        Err("inputs were found that are faults, see above".into())
    }
}

fn shown(path: &Path) -> String {
    path.strip_prefix(workspace::root()).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_those_of_the_log_and_of_the_inputs() {
        let log = b"#2 INITED\nstat::number_of_executed_units: 1200\n\
                    stat::average_exec_per_sec:     100\n";
        let check = |passed: bool, inputs: &[&str], expected: &str| {
            let inputs = inputs.iter().map(PathBuf::from).collect();
            let outcome = Outcome::read("x", passed, log, inputs, PathBuf::from("log"));
            let text = outcome.to_string();
            let words: Vec<&str> = text.lines().next().unwrap().split_whitespace().collect();
            assert_eq!(words.join(" "), expected);
        };
        let figures = "1200 runs 12 s 100/s";
        let of = |word: &str, rest: &str| format!("{word} x {figures} {rest}");
        let none = "crashes 0, time-outs 0, out of memory 0, slow 0";
        check(true, &[], &of("ok", none));
        check(true, &["f/slow-unit-1"], &of("ok", &none.replace("slow 0", "slow 1")));
        check(false, &[], &of("FAULT", &none.replace("crashes 0", "crashes 1")));
        check(false, &["f/crash-1"], &of("FAULT", &none.replace("crashes 0", "crashes 1")));
        check(false, &["f/timeout-1"], &of("FAULT", &none.replace("time-outs 0", "time-outs 1")));
        check(false, &["f/oom-1"], &of("FAULT", &none.replace("memory 0", "memory 1")));
    }
}
