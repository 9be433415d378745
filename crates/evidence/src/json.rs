//! JSON of our own making: one rendering, a size limit, and errors as problems.

use model::limits::MAX_JSON_BYTES;
use model::{Code, Diagnostic};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Two-space indented JSON with a newline at the end.
pub(crate) fn render<T: Serialize>(code: &'static Code, value: &T) -> Result<String, Diagnostic> {
    let mut text = serde_json::to_string_pretty(value)
        .map_err(|error| Diagnostic::new(code, format!("cannot be written as JSON: {error}")))?;
    text.push('\n');
    Ok(text)
}

/// Reads JSON of any white space into `T`; `what` names the document in messages.
pub(crate) fn read<T: DeserializeOwned>(
    code: &'static Code,
    what: &str,
    text: &str,
) -> Result<T, Diagnostic> {
    if text.len() as u64 > MAX_JSON_BYTES {
        let message = format!("the {what} has {} bytes; the limit is {MAX_JSON_BYTES}", text.len());
        return Err(Diagnostic::new(code, message));
    }
    serde_json::from_str(text)
        .map_err(|error| Diagnostic::new(code, format!("the {what} cannot be read: {error}")))
}

/// That `text` is the one rendering; `expected` is what its content renders to.
pub(crate) fn same(
    code: &'static Code,
    what: &str,
    text: &str,
    expected: &str,
) -> Result<(), Diagnostic> {
    let Some(offset) = first_difference(text.as_bytes(), expected.as_bytes()) else {
        return Ok(());
    };
    let message = format!(
        "the {what} is not spelled as it would be rendered: byte {offset} differs ({} bytes, \
         {} expected)",
        text.len(),
        expected.len()
    );
    Err(Diagnostic::new(code, message))
}

/// The offset of the first byte in which both differ; nothing when they are equal.
fn first_difference(found: &[u8], expected: &[u8]) -> Option<usize> {
    match found.iter().zip(expected).position(|(a, b)| a != b) {
        None if found.len() == expected.len() => None,
        None => Some(found.len().min(expected.len())),
        at => at,
    }
}
