//! The runner's files: outputs, the step's summary, the artifacts of the job.

use std::fs::OpenOptions;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::Write as _;

use model::Diagnostic;

use crate::codes;
use crate::surroundings::Surroundings;
use crate::{Left, artifacts, summary};

/// Writes all that the door leaves to the files that the runner names.
///
/// # Errors
/// `door-output` when one of them cannot be written.
pub(crate) fn tell(surroundings: &Surroundings, left: &Left) -> Result<(), Diagnostic> {
    let outputs: String = left.outputs.iter().map(|(name, value)| heredoc(name, value)).collect();
    append(surroundings, "GITHUB_OUTPUT", &outputs)?;
    append(surroundings, "GITHUB_STEP_SUMMARY", &summary::bounded(&left.summary))?;
    append(surroundings, "GITHUB_ARTIFACTS", &artifacts::lines(&left.subjects))
}

/// A word that nobody could have written into a text before: 32 random hex digits.
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // The system gives none now; what it gave this process at its start is left.
        let seeded = |_| RandomState::new().build_hasher().finish().to_le_bytes();
        bytes = [0, 1].map(seeded).concat().try_into().unwrap_or_default();
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `name<<TOKEN`, the value, `TOKEN`: the form for values of any content.
fn heredoc(name: &str, value: &str) -> String {
    let token = token();
    format!("{name}<<{token}\n{value}\n{token}\n")
}

fn append(surroundings: &Surroundings, variable: &str, text: &str) -> Result<(), Diagnostic> {
    let Some(path) = surroundings.get(variable).filter(|_| !text.is_empty()) else {
        return Ok(());
    };
    let opened = OpenOptions::new().append(true).create(true).open(path);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        let message = format!("the file that `{variable}` names cannot be written: {error}");
        Diagnostic::new(&codes::DOOR_OUTPUT, message).help("run the door as a step of a workflow")
    })
}
