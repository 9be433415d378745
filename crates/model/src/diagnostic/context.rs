//! What goes with a problem where it is read: units, the command that failed, its log.

use std::fmt;

use serde::Serialize;

use super::lined;
use crate::UnitId;

/// What a person needs beyond the words of a diagnostic. It holds paths of this machine, so it is
/// for terminals, and no part of a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Context {
    /// The units that it concerns.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
    /// The command that failed, ready to paste.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub command: String,
    /// The file that holds all that the command printed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub log: String,
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// More units than this are counted.
        const SHOWN: usize = 10;
        let units: Vec<&str> = self.units.iter().map(|unit| unit.0.as_str()).collect();
        if let Some(more) = units.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            let shown = units.get(..SHOWN).unwrap_or_default().join(", ");
            write!(f, "\n  units: {}, and {more} more", lined(&shown))?;
        } else if units.len() > 1 {
            // Of one, the words have told.
            write!(f, "\n  units: {}", lined(&units.join(", ")))?;
        }
        for (name, text) in [("command", &self.command), ("log", &self.log)] {
            if !text.is_empty() {
                write!(f, "\n  {name}: {}", lined(text))?;
            }
        }
        Ok(())
    }
}
