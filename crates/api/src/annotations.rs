//! Problems as GitHub's workflow commands.

use crate::codes;
use model::{Diagnostic, DiagnosticRecord};

/// The problems of a JSON list as workflow commands, one a line. Any other text gives one
/// annotation that says so: an annotation never goes missing.
#[must_use]
pub fn annotations(problems: &str) -> String {
    let read: Result<Vec<DiagnosticRecord>, _> = serde_json::from_str(problems);
    let lines: Vec<String> = match read {
        Ok(records) => records.iter().map(DiagnosticRecord::annotation).collect(),
        Err(error) => {
            let message = format!("the list of problems cannot be read: {error}");
            vec![Diagnostic::new(&codes::REQUEST_SYNTAX, message).annotation()]
        }
    };
    lines.join("\n")
}
