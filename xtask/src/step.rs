//! One step of a run: a command line with a log of its own, a line when it is done, and the way to
//! see more if it failed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Failure, workspace};

/// Lines of a failed step's log that are printed.
const TAIL_LINES: usize = 40;

/// Names the file in which tests note the judges that they missed.
pub const SKIPS_VARIABLE: &str = "PACKAGE_ACTIONS_SKIPS";

/// A command line, as data.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// What the line of output calls it; its log is `NAME.log`.
    pub name: String,
    /// The program and its arguments.
    pub words: Vec<String>,
    /// What is added to the environment.
    pub environment: BTreeMap<String, String>,
}

/// What a step left.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Whether it ended with exit code 0.
    pub passed: bool,
    /// How long it took.
    pub time: Duration,
    /// The tests that it ran: passed, failed. Both 0 for a step that runs none.
    pub tests: (usize, usize),
}

impl Step {
    /// A step that runs `line`, whose words are separated by blanks.
    pub fn new(name: &str, line: &str) -> Self {
        let words = line.split_whitespace().map(str::to_owned).collect();
        Self { name: name.to_owned(), words, ..Self::default() }
    }

    /// Puts a program, whose path may hold blanks, before the words.
    pub fn program(mut self, path: impl Into<String>) -> Self {
        self.words.insert(0, path.into());
        self
    }

    /// Adds a variable to the step's environment.
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }

    /// The line to paste into a shell in the workspace's root.
    pub fn line(&self) -> String {
        let told = self.environment.iter().filter(|(name, _)| *name != SKIPS_VARIABLE);
        let variables = told.map(|(name, value)| format!("{name}={}", quoted(value)));
        let words = self.words.iter().map(|word| quoted(word));
        variables.chain(words).collect::<Vec<_>>().join(" ")
    }

    /// Runs it in the workspace's root, silently: what it prints goes into its log.
    pub fn run(&self) -> Result<Outcome, Failure> {
        let start = Instant::now();
        let passed = self.run_into(&self.log()?)?;
        let tests = count(&self.logged()?);
        Ok(Outcome { passed, time: start.elapsed(), tests })
    }

    /// Prints its line; a failure also prints the end of the log.
    pub fn tell(&self, outcome: &Outcome) -> Result<(), Failure> {
        println!("{}", told(&self.name, outcome));
        if !outcome.passed {
            let (log, text) = (self.log()?, self.logged()?);
            let skipped = text.lines().count().saturating_sub(TAIL_LINES);
            text.lines().skip(skipped).for_each(|line| println!("    | {line}"));
            println!("    log: {}\n    again: {}", shown(&log), self.line());
        }
        Ok(())
    }

    fn log(&self) -> Result<PathBuf, Failure> {
        Ok(logs()?.join(format!("{}.log", self.name.replace([' ', '/', ':'], "-"))))
    }

    fn logged(&self) -> Result<String, Failure> {
        Ok(String::from_utf8_lossy(&fs::read(self.log()?)?).into_owned())
    }

    fn run_into(&self, log: &Path) -> Result<bool, Failure> {
        let [program, arguments @ ..] = self.words.as_slice() else {
            return Err(format!("step `{}` has no command", self.name).into());
        };
        let file = File::create(log)?;
        let status = Command::new(program)
            .args(arguments)
            .envs(&self.environment)
            .current_dir(workspace::root())
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .status();
        match status {
            Ok(status) => Ok(status.success()),
            Err(error) => {
                fs::write(log, format!("cannot run `{program}`: {error}\n"))?;
                Ok(false)
            }
        }
    }
}

/// The folder of the logs, made if it is not there.
pub fn logs() -> Result<PathBuf, Failure> {
    let folder = workspace::own_folder()?.join("logs");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// `ok      unit tests               12.3 s   210 passed`
pub fn told(name: &str, outcome: &Outcome) -> String {
    let word = if outcome.passed { "ok" } else { "FAILED" };
    let seconds = outcome.time.as_secs_f64();
    let tests = match outcome.tests {
        (0, 0) => String::new(),
        (passed, 0) => format!("   {passed} passed"),
        (passed, failed) => format!("   {passed} passed, {failed} failed"),
    };
    format!("{word:<7} {name:<28} {seconds:>7.1} s{tests}")
}

/// The sum of what each `test result:` line of a cargo test log says.
fn count(log: &str) -> (usize, usize) {
    let numbers = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let before = |label| {
            let at = words.iter().position(|word| *word == label)?;
            words.get(at.checked_sub(1)?)?.parse::<usize>().ok()
        };
        (before("passed;").unwrap_or(0), before("failed;").unwrap_or(0))
    };
    let lines = log.lines().filter(|line| line.starts_with("test result:"));
    lines.map(numbers).fold((0, 0), |sum, add| (sum.0 + add.0, sum.1 + add.1))
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn shown(path: &Path) -> String {
    path.strip_prefix(workspace::root()).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tests_of_a_log_are_summed_over_its_targets() {
        let check = |log: &str, expected| assert_eq!(count(log), expected, "{log}");
        check("", (0, 0));
        check("warning: 3 passed; 1 failed;", (0, 0));
        check("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured", (12, 0));
        check(
            "test result: ok. 2 passed; 0 failed;\nx\ntest result: FAILED. 1 passed; 3 failed;",
            (3, 3),
        );
    }

    #[test]
    fn the_line_to_paste_quotes_what_a_shell_would_change() {
        let step = Step::new("name", "cargo test").env("NOTE", "it's here");
        assert_eq!(step.line(), r"NOTE='it'\''s here' cargo test");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("--test=x/y"), "--test=x/y");
    }
}
