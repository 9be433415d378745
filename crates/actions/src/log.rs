//! What an action prints: everything on one stream, and nothing that a runner would obey.
//!
//! Between a `::stop-commands::` with a random token and its end, a runner takes no line for a
//! command, whatever project code printed.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use model::{Diagnostic, Diagnostics, Severity, UnitRecord};
use pipeline::{Endings, Event, Progress};

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
        for folded in problems.0.iter().filter_map(folded) {
            self.lines.say(&folded);
        }
        for severity in [Severity::Error, Severity::Warning] {
            let own = problems.0.iter().filter(|problem| problem.severity == severity);
            for problem in own.take(MAX_ANNOTATIONS) {
                self.lines.say(&from_workspace(problem, folder).annotation());
            }
        }
        self.lines.all_taken()
    }
}

/// The log of the command that `problem` is of, as a group that a runner folds, and in which it
/// obeys nothing.
#[must_use]
pub fn folded(problem: &Diagnostic) -> Option<String> {
    /// Bytes of a log that are shown, from its end.
    const MAX_SHOWN: u64 = 1 << 20;
    let log = problem.context.as_ref().map(|context| &context.log).filter(|log| !log.is_empty())?;
    let mut file = File::open(log).ok()?;
    let start = file.metadata().ok()?.len().saturating_sub(MAX_SHOWN);
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start)).ok()?;
    file.take(MAX_SHOWN).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let (name, token) = (Path::new(log).file_name()?.to_string_lossy(), token());
    let text = text.trim_end();
    Some(format!("::group::{name}\n::stop-commands::{token}\n{text}\n::{token}::\n::endgroup::"))
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
    endings: Endings,
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
                match self.endings.line(id, *status, reason) {
                    Some(line) => line,
                    None => return,
                }
            }
            Event::Problem(problem) => problem.to_string(),
            Event::Note(text) => format!("  note: {text}"),
            Event::Publishing(pipeline::PublishEvent::Written { item, .. }) => {
                format!("  wrote {}", item.name)
            }
            _ => return,
        };
        // Further lines are set off, so that no foreign text passes for a line of ours.
        self.say(&line.replace('\n', "\n  | "));
    }
}
