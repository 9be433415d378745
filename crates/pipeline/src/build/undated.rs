//! A build once more, without the limit that the commit's time sets to build dependencies.

use format::BuildContext;
use tools::RunError;

use super::Task;
use super::job::Builder;
use super::outcome::JobError;
use crate::progress::Event;

impl Builder<'_> {
    /// Runs the commands that ended with `error` once more, without holding build dependencies to
    /// the commit's time, where that alone may be to blame. Gives what the manifest says of it.
    pub(super) fn without_date(
        &self,
        task: &Task<'_>,
        context: &BuildContext,
        error: JobError,
    ) -> Result<String, JobError> {
        let JobError::Command(RunError::Failed { tail, .. }, _) = &error else {
            return Err(error);
        };
        // Without a network the cache may lack what that time allows; then only uv's own word for
        // it counts: what it names was filtered out.
        let filtered = tail.contains("exclude-newer");
        let no_network = matches!(&error, JobError::Command(error, _) if error.is_no_network());
        let blames_date = filtered || !(context.offline || no_network);
        let note = task.format.without_date(&task.jobs, self.source, context);
        let Some(note) = note.filter(|_| blames_date) else { return Err(error) };
        let undated = BuildContext { undated: true, ..context.clone() };
        match self.commands(task, &undated) {
            Ok(()) => {
                for unit in task.units() {
                    self.progress.event(&Event::Note(&format!("{}: {note}", unit.id)));
                }
                Ok(note)
            }
            // What was filtered out is no news; what fails without the filter is.
            Err(second) if filtered => Err(second),
            Err(_) => Err(error),
        }
    }
}
