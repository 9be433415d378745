//! What an action prints: everything on one stream, and nothing that a runner would obey.
//!
//! Between a `::stop-commands::` with a random token and its end, a runner takes no line for a
//! command, whatever project code printed.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::{Diagnostic, Diagnostics, Severity, UnitRecord, UnitStatus};
use pipeline::{Event, Progress};

use crate::token::token;
use crate::variables::Variables;

/// The log of one action.
pub(crate) struct Log {
    /// What ends the silence; nothing outside of workflows.
    token: Option<String>,
    lines: Arc<Lines>,
}

/// Annotations of one kind that a runner shows of a step.
const MAX_ANNOTATIONS: usize = 10;

impl Log {
    /// Begins the silence.
    pub(crate) fn open(variables: &Variables) -> Self {
        let token = variables.is_workflow().then(token);
        let lines: Arc<Lines> = Arc::default();
        if let Some(token) = &token {
            lines.say(&format!("::stop-commands::{token}"));
        }
        Self { token, lines }
    }

    /// Who listens to the pipeline.
    pub(crate) fn listener(&self) -> Arc<dyn Progress> {
        Arc::clone(&self.lines) as Arc<dyn Progress>
    }

    /// The units that ended so far.
    pub(crate) fn ended(&self) -> Vec<UnitRecord> {
        self.lines.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells of all problems, ends the silence, and annotates the first of them in files of
    /// `folder`. Gives whether every line of the log was taken, or nobody reads it.
    pub(crate) fn close(self, problems: &Diagnostics, folder: &str) -> bool {
        if !problems.is_empty() {
            self.lines.say(&problems.to_string());
        }
        let Some(token) = self.token else { return self.lines.all_taken() };
        self.lines.say(&format!("::{token}::"));
        for severity in [Severity::Error, Severity::Warning] {
            let own = problems.0.iter().filter(|problem| problem.severity == severity);
            for problem in own.take(MAX_ANNOTATIONS) {
                self.lines.say(&from_workspace(problem, folder).annotation());
            }
        }
        self.lines.all_taken()
    }
}

/// The same problem with its location relative to the workspace.
fn from_workspace(problem: &Diagnostic, folder: &str) -> Diagnostic {
    let mut problem = problem.clone();
    if let Some(location) =
        problem.location.as_mut().filter(|location| folder != "." && !location.is_reference())
    {
        location.file = format!("{folder}/{}", location.file);
    }
    problem
}

/// Prints events as lines, and keeps how units ended.
#[derive(Default)]
struct Lines {
    ended: Mutex<Vec<UnitRecord>>,
    /// Whether stdout, which somebody reads, did not take a line.
    lost: AtomicBool,
}

impl Lines {
    fn say(&self, line: &str) {
        let mut stdout = io::stdout().lock();
        let written = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
        if written.is_err_and(|error| error.kind() != io::ErrorKind::BrokenPipe) {
            self.lost.store(true, Ordering::Relaxed);
        }
    }

    fn all_taken(&self) -> bool {
        !self.lost.load(Ordering::Relaxed)
    }
}

impl Progress for Lines {
    fn event(&self, event: &Event<'_>) {
        let line = match event {
            Event::Stage { name, units: 0 } => (*name).to_owned(),
            Event::Stage { name, units } => format!("{name} ({units} units)"),
            Event::Ended { id, status, reason } => {
                let ended =
                    UnitRecord { id: (*id).clone(), status: *status, reason: (*reason).to_owned() };
                self.ended.lock().unwrap_or_else(PoisonError::into_inner).push(ended);
                match status {
                    UnitStatus::Built => format!("  built {id}"),
                    UnitStatus::NotBuilt => format!("  not built here: {id}: {reason}"),
                    UnitStatus::Failed => format!("  failed: {id}: {reason}"),
                }
            }
            Event::Note(text) => format!("  note: {text}"),
            Event::Remote(pipeline::RemoteEvent::Written { item, .. }) => {
                format!("  wrote {}", item.name)
            }
            _ => return,
        };
        // Further lines are set off, so that no foreign text passes for a line of ours.
        self.say(&line.replace('\n', "\n  | "));
    }
}
