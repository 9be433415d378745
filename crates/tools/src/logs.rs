//! Logs of commands: of each that a run starts, all that it printed, in a file below the cache.
//!
//! A log is for the person who looks for a cause. One that cannot be written stops nothing, and
//! secrets are in none.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use model::Invocation;

/// Runs whose logs are kept.
const KEPT_RUNS: usize = 20;

/// The logs of one run of the program: a folder, made when the first command starts.
#[derive(Debug)]
pub struct Logs {
    /// The folder of all runs.
    all: PathBuf,
    /// That of this run.
    own: PathBuf,
    commands: AtomicUsize,
}

impl Logs {
    /// Logs in a folder of their own below `all`, named after the time and the process.
    pub(crate) fn below(all: &Path) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // As many digits for every time, so that names sort by it.
        let name = format!("{:013}-{}", now.as_millis(), std::process::id());
        Self { all: all.to_owned(), own: all.join(name), commands: AtomicUsize::new(0) }
    }

    /// Begins the log of `invocation`; nothing where it cannot be written.
    pub(crate) fn begin(&self, invocation: &Invocation) -> Option<Log> {
        let number = self.commands.fetch_add(1, Ordering::Relaxed) + 1;
        if number == 1 {
            self.prune();
        }
        fs::create_dir_all(&self.own).ok()?;
        let path = self.own.join(format!("{number:04}-{}.log", invocation.program_name()));
        let mut log = Log { file: File::create(&path).ok()?, path };
        log.line(&format!("$ {}", invocation.shell_line()));
        Some(log)
    }

    /// Removes the logs of all but the latest runs. What cannot be removed is for the next run.
    fn prune(&self) {
        let entries = fs::read_dir(&self.all).into_iter().flatten().flatten();
        let mut runs: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        runs.sort();
        let old = (runs.len() + 1).saturating_sub(KEPT_RUNS);
        for run in runs.iter().take(old) {
            let _ = fs::remove_dir_all(run);
        }
    }
}

/// The log of one command.
#[derive(Debug)]
pub(crate) struct Log {
    file: File,
    path: PathBuf,
}

impl Log {
    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, text: &str) {
        // A full disk must not stop a command that may yet end well.
        let _ = writeln!(self.file, "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logs_of_the_latest_runs_are_kept() {
        let all = std::env::temp_dir().join(format!("pa-logs-{}", std::process::id()));
        let _ = fs::remove_dir_all(&all);
        for number in 0..30 {
            fs::create_dir_all(all.join(format!("{number:013}-1"))).unwrap();
        }
        let logs = Logs::below(&all);
        let invocation = Invocation::new("/bin/echo", ["a b"]);
        let mut first = logs.begin(&invocation).unwrap();
        first.line("words");
        let second = logs.begin(&invocation).unwrap();
        let names = |folder: &Path| {
            let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
            let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
            names.sort();
            names
        };
        let runs = names(&all);
        assert_eq!((runs.len(), runs[0].as_str()), (KEPT_RUNS, "0000000000011-1"));
        assert_eq!(names(&logs.own), ["0001-echo.log", "0002-echo.log"]);
        assert_eq!(fs::read_to_string(first.path()).unwrap(), "$ /bin/echo 'a b'\nwords\n");
        assert!(second.path() > first.path());
        fs::remove_dir_all(&all).unwrap();
    }
}
