//! Requests and answers as JSON texts.

use model::limits::MAX_JSON_BYTES;
use model::{Diagnostic, Diagnostics};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codes;
use crate::{Outcome, Reply};

/// Answers the JSON `request` with the JSON of what `step` does.
#[must_use]
pub fn answer<R: DeserializeOwned, T: Serialize>(
    request: &str,
    step: impl FnOnce(R) -> Outcome<T>,
) -> String {
    render(&read(request).and_then(step))
}

/// Reads a request.
///
/// # Errors
/// `request-syntax` for a text that is too long, another structure, or a field that is not known.
pub fn read<R: DeserializeOwned>(request: &str) -> Result<R, Diagnostics> {
    if request.len() as u64 > MAX_JSON_BYTES {
        let message = format!("the request has {} bytes, above {MAX_JSON_BYTES}", request.len());
        return Err(Diagnostic::new(&codes::REQUEST_SYNTAX, message).into());
    }
    serde_json::from_str(request).map_err(|error| {
        let start = error.to_string().chars().take(MESSAGE_CHARS).collect::<String>();
        Diagnostic::new(&codes::REQUEST_SYNTAX, format!("the request cannot be read: {start}"))
            .into()
    })
}

/// One line of JSON, without a newline: the answer's fields, then `problems`.
#[must_use]
pub fn render<T: Serialize>(outcome: &Outcome<T>) -> String {
    #[derive(Serialize)]
    struct Object<'a, T> {
        #[serde(flatten)]
        answer: Option<&'a T>,
        problems: &'a Diagnostics,
    }
    let object = match outcome {
        Ok(Reply { answer, problems }) => Object { answer: Some(answer), problems },
        Err(problems) => Object { answer: None, problems },
    };
    // The types hold nothing that JSON cannot, so the fallback is never taken.
    serde_json::to_string(&object).unwrap_or_else(|_| "{\"problems\":[]}".to_owned())
}

/// Characters of a reader's message: it may quote the request.
const MESSAGE_CHARS: usize = 400;
