//! What the pipeline tells while it works. Who listens decides how it looks.

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
