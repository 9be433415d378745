//! A diagnostic as a workflow command of GitHub's runner.

use super::{DiagnosticRecord, Location, Severity};

pub(super) fn of(found: &DiagnosticRecord) -> String {
    let kind = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut text = match found.location.as_ref().filter(|location| location.is_reference()) {
        Some(location) => format!("{}: {}", location.file, found.message),
        None => found.message.clone(),
    };
    if let Some(help) = &found.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    let mut properties = found.location.as_ref().map(position).unwrap_or_default();
    properties.push(format!("title={}", escape_property(&found.code)));
    format!("::{kind} {}::{}", properties.join(","), escape_data(&text))
}

/// The properties that say where. A reference is not a file.
fn position(location: &Location) -> Vec<String> {
    let mut properties = Vec::new();
    if location.is_reference() {
        return properties;
    }
    properties.push(format!("file={}", escape_property(&location.file)));
    if location.line > 0 {
        properties.push(format!("line={}", location.line));
    }
    if location.column > 0 {
        properties.push(format!("col={}", location.column));
    }
    properties
}

fn escape_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
