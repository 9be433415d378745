//! What the pipeline tells while it works. Who listens decides how it looks.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use model::{UnitId, UnitStatus};

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A stage begins: `tools`, `build`, `seal`, `sign`, `publish`, `verify`. `units` is how many
    /// units it goes through; 0 when it is not counted in units.
    Stage {
        /// Its name.
        name: &'a str,
        /// How many units it goes through.
        units: usize,
    },
    /// A release grows beside this folder, which is what it was until the release is done.
    Writing(&'a Path),
    /// A unit's work begins.
    Started(&'a UnitId),
    /// A unit ended.
    Ended {
        /// Which one.
        id: &'a UnitId,
        /// How.
        status: UnitStatus,
        /// Why it was not built; empty when it was.
        reason: &'a str,
    },
    /// A command is about to run.
    Command(&'a str),
    /// A line that a command printed.
    Said(&'a str),
    /// Something that is wrong and does not stop the work.
    Problem(&'a model::Diagnostic),
    /// Something a person would want to know.
    Note(&'a str),
    /// Something happened at a destination.
    Publishing(&'a ::publish::Event<'a>),
}

/// Listens to a pipeline. Called from several threads.
pub trait Progress: Send + Sync {
    /// Takes in one event.
    fn event(&self, event: &Event<'_>);
}

/// Listens to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn event(&self, _: &Event<'_>) {}
}

/// Says how units ended: what many share is said once, and the rest of a long reason is told at the
/// end, by a diagnostic.
#[derive(Debug, Default)]
pub struct Endings(Mutex<BTreeSet<String>>);

impl Endings {
    /// The line for the unit `id`; nothing where it would only say again why others were not built.
    #[must_use]
    pub fn line(&self, id: &UnitId, status: UnitStatus, reason: &str) -> Option<String> {
        match status {
            UnitStatus::Built => Some(format!("  built {id}")),
            UnitStatus::Failed => Some(format!("  failed: {id}")),
            UnitStatus::NotBuilt => {
                let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                let reason = reason.lines().next().unwrap_or_default();
                let is_new = !release::is_missing_need(reason) && said.insert(reason.to_owned());
                is_new.then(|| format!("  not built here: {id}: {reason}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_that_units_share_is_said_once() {
        let endings = Endings::default();
        let id = UnitId("a".to_owned());
        let need = release::need_is_missing(&id);
        for (status, reason, expected) in [
            (UnitStatus::Built, "", Some("  built a")),
            (UnitStatus::NotBuilt, "no engine\nmore", Some("  not built here: a: no engine")),
            (UnitStatus::NotBuilt, "no engine", None),
            (UnitStatus::NotBuilt, need.as_str(), None),
            (UnitStatus::NotBuilt, "other", Some("  not built here: a: other")),
            (UnitStatus::Failed, "no engine", Some("  failed: a")),
        ] {
            assert_eq!(endings.line(&id, status, reason).as_deref(), expected, "{reason}");
        }
    }
}
