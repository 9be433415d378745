//! A build: its events shown, its units counted, and what an interruption leaves.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::HumanDuration;
use model::{Diagnostic, Diagnostics, UnitStatus};
use pipeline::{Event, Failure, Progress};

use crate::args::{Output, Telling};
use crate::{Outcome, listen, out, print};

/// The exit code of a program that a Ctrl-C ended (128 and the signal's number).
const INTERRUPTED: i32 = 130;

/// A build in progress.
pub(crate) struct Work {
    listener: Mutex<Option<Arc<dyn Progress>>>,
    begun: Instant,
    tally: Mutex<Tally>,
}

/// What became of the units so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many there are.
    units: usize,
    built: usize,
    failed: usize,
    absent: usize,
    /// Why units were not built here, each reason once.
    reasons: Vec<String>,
    /// The folder that is as it was until the work is done.
    folder: Option<PathBuf>,
    /// What is wrong and did not stop the work: machines read it at the end.
    problems: Vec<Diagnostic>,
}

impl Work {
    /// Begins, and takes care of interruptions from now on.
    pub(crate) fn begin(output: Output, telling: Telling) -> Arc<Self> {
        let listener = Mutex::new(Some(listen::listener(output, telling)));
        let work = Arc::new(Self { listener, begun: Instant::now(), tally: Mutex::default() });
        let watched = Arc::clone(&work);
        thread::spawn(move || watched.watch());
        work
    }

    /// Who tells the pipeline's events.
    pub(crate) fn progress(self: &Arc<Self>) -> Arc<dyn Progress> {
        Arc::clone(self) as Arc<dyn Progress>
    }

    /// Takes the bar away, and says what was built and how long it took.
    pub(crate) fn end(&self, output: Output) -> String {
        self.silence();
        let tally = self.tally();
        if output == Output::Json {
            print::problems(&Diagnostics(tally.problems.clone()), output);
        }
        format!("{} in {}", tally.built(), self.time())
    }

    /// Takes the bar away; tells why the work failed, and what stands.
    pub(crate) fn stop(&self, failure: &Failure, output: Output) -> Outcome {
        self.silence();
        let tally = self.tally().clone();
        let mut problems = failure.problems.clone();
        if output == Output::Json {
            problems.extend(tally.problems.clone());
        }
        print::problems(&problems, output);
        if let (Some(folder), true) = (&tally.folder, output != Output::Json) {
            let (built, time, folder) = (tally.counts(), self.time(), shown(folder));
            out::tell(format_args!("stopped after {time}{built}; `{folder}/` is as it was"));
        }
        Ok(ExitCode::from(failure.kind as u8))
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn time(&self) -> String {
        let time = self.begun.elapsed();
        if time < Duration::from_secs(60) {
            return format!("{:.1} s", time.as_secs_f64());
        }
        HumanDuration(time).to_string()
    }

    fn silence(&self) {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Waits for Ctrl-C, or for a request to end.
    fn watch(&self) {
        // Without a handler a signal ends the program as it always does.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
        let Ok(runtime) = runtime else { return };
        if runtime.block_on(interrupted()).is_err() {
            return;
        }
        pipeline::abandon(INTERRUPTED, || {
            self.silence();
            match &self.tally().folder {
                Some(folder) => {
                    out::tell(format_args!("interrupted: `{}/` is as it was", shown(folder)));
                }
                None => out::tell("interrupted: nothing was written"),
            }
        });
    }
}

#[cfg(unix)]
async fn interrupted() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut asked = signal(SignalKind::terminate())?;
    tokio::select! {
        ended = tokio::signal::ctrl_c() => ended,
        _ = asked.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn interrupted() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

impl Progress for Work {
    fn event(&self, event: &Event<'_>) {
        self.tally().take(event);
        let listener = self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(listener) = listener {
            listener.event(event);
        }
    }
}

impl Tally {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Stage { name: "build", units } => self.units = *units,
            Event::Problem(problem) => self.problems.push((*problem).clone()),
            Event::Writing(folder) => self.folder = Some((*folder).to_owned()),
            Event::Ended { status: UnitStatus::Built, .. } => self.built += 1,
            Event::Ended { status: UnitStatus::Failed, .. } => self.failed += 1,
            Event::Ended { status: UnitStatus::NotBuilt, reason, .. } => {
                self.absent += 1;
                let reason = reason.lines().next().unwrap_or_default().to_owned();
                if !release::is_missing_need(&reason) && !self.reasons.contains(&reason) {
                    self.reasons.push(reason);
                }
            }
            _ => {}
        }
    }

    /// What was built, and what was not and why.
    fn built(&self) -> String {
        let mut text = format!("{} of {} units built", self.built, self.units);
        if self.failed > 0 {
            text.push_str(&format!(", {} failed", self.failed));
        }
        match self.reasons.as_slice() {
            [] if self.absent == 0 => {}
            [reason] => text.push_str(&format!(", {} not built here ({reason})", self.absent)),
            _ => text.push_str(&format!(", {} not built here (see above)", self.absent)),
        }
        text
    }

    /// How many were built, where the line above says why others were not.
    fn counts(&self) -> String {
        if self.units == 0 {
            return String::new();
        }
        format!(": {} of {} units built", self.built, self.units)
    }
}

/// A folder as people in the current one would name it.
pub(crate) fn shown(folder: &Path) -> String {
    let here = std::env::current_dir().ok();
    let within = here.as_deref().and_then(|here| folder.strip_prefix(here).ok());
    within.unwrap_or(folder).display().to_string()
}

#[cfg(test)]
mod tests {
    use model::UnitId;

    use super::*;

    #[test]
    fn what_became_of_units_is_counted_and_each_reason_said_once() {
        let mut tally = Tally::default();
        let id = UnitId("a".to_owned());
        let ended = |status, reason| Event::Ended { id: &id, status, reason };
        tally.take(&Event::Stage { name: "build", units: 4 });
        tally.take(&ended(UnitStatus::Built, ""));
        assert_eq!(tally.built(), "1 of 4 units built");
        tally.take(&ended(UnitStatus::NotBuilt, "no engine\nmore"));
        tally.take(&ended(UnitStatus::NotBuilt, "no engine"));
        assert_eq!(tally.built(), "1 of 4 units built, 2 not built here (no engine)");
        tally.take(&ended(UnitStatus::Failed, "no"));
        assert_eq!(tally.built(), "1 of 4 units built, 1 failed, 2 not built here (no engine)");
        tally.take(&ended(UnitStatus::NotBuilt, "another"));
        assert!(tally.built().ends_with("3 not built here (see above)"));
        assert_eq!(tally.counts(), ": 1 of 4 units built");
        assert_eq!(Tally::default().counts(), "");
    }
}
