//! Problems as GitHub's workflow commands.

use model::{Diagnostic, Diagnostics};

/// The problems of a JSON list as workflow commands, one a line. Any other text gives one
/// annotation that says so: an annotation never goes missing.
#[must_use]
pub fn annotations(problems: &str) -> String {
    let read = serde_json::from_str::<Diagnostics>(problems).unwrap_or_else(|error| {
        let message = format!("the list of problems cannot be read: {error}");
        Diagnostic::error("request-syntax", message).into()
    });
    read.0.iter().map(Diagnostic::annotation).collect::<Vec<_>>().join("\n")
}
