//! Other programs check what a unit made, before it is in `dist/`.

use format::{BuildContext, Check, Job, Product};
use model::{Diagnostic, Unit};

use super::job::{Builder, write};
use super::outcome::Stop;
use super::{Task, failures};
use crate::codes;
use crate::folder::Folder;
use crate::progress::Event;
use crate::toolbox::text;

impl Builder<'_> {
    /// Runs the checks that a stranger makes of a product, on files of their own: what stops it
    /// must leave nothing in `dist/`. What does not is told, and stands with its artifacts.
    pub(super) fn check(
        &self,
        task: &Task<'_>,
        job: &Job<'_>,
        context: &BuildContext,
        product: &mut Product,
    ) -> Result<(), Stop> {
        let unit = job.unit;
        let mut asked = task.format.checks(job, &[], self.source, context);
        if !asked.list.is_empty() {
            if context.tools.is_empty() {
                let tools = task.needs.tools.join(", ");
                let note = format!("{}: not checked, there is no {tools} here", unit.id);
                self.progress.event(&Event::Note(&note));
                return Ok(());
            }
            let out = self.staging.out(&format!("{}-check", unit.id)).map_err(Stop::Broken)?;
            write(product, &Folder::new(out.path())).map_err(Stop::Broken)?;
            let tree = self.staging.pristine(self.source).map_err(Stop::Broken)?;
            let tree = text(&tree);
            let context = BuildContext { out: text(out.path()), tree, ..context.clone() };
            asked = task.format.checks(job, &product.files, self.source, &context);
            for check in &asked.list {
                self.ask_checker(unit, check, &task.needs.project, &mut asked.notes)?;
            }
        }
        let notes = asked.notes;
        for note in &notes {
            self.progress.event(&Event::Note(&format!("{}: {note}", unit.id)));
        }
        product.artifacts.iter_mut().for_each(|artifact| artifact.notes.extend(notes.clone()));
        Ok(())
    }

    /// Asks one program, and those that are asked where it says no, about what was made of the
    /// project in `folder`.
    fn ask_checker(
        &self,
        unit: &Unit,
        check: &Check,
        folder: &str,
        notes: &mut Vec<String>,
    ) -> Result<(), Stop> {
        let is_told = |note: &&String| !note.is_empty();
        let problem = match self.toolbox.check(&check.command) {
            Ok(()) => {
                notes.extend(Some(&check.passed).filter(is_told).cloned());
                return Ok(());
            }
            Err(problem) => problem,
        };
        if check.refuses.by(&problem.message) {
            let location = failures::place(&problem.message, folder, self.source);
            let code = &codes::CHECK_REFUSED;
            return Err(Stop::Failed(Diagnostic { code, location, ..problem }));
        }
        let words = self.reason(&problem);
        self.progress.event(&Event::Note(&format!("{}: {words}", unit.id)));
        notes.extend(Some(&check.note).filter(is_told).cloned());
        check.otherwise.iter().try_for_each(|next| self.ask_checker(unit, next, folder, notes))
    }
}
