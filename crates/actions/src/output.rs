//! The runner's files: outputs, the step's summary, the artifacts of the job.

use std::fs::OpenOptions;
use std::io::Write as _;

use model::Diagnostic;

use crate::codes;
use crate::token::token;
use crate::variables::Variables;
use crate::{Outcome, artifacts, summary};

/// Writes all that the action leaves to the files that the runner names.
///
/// # Errors
/// `action-output` when one of them cannot be written.
pub(crate) fn tell(variables: &Variables, outcome: &Outcome) -> Result<(), Diagnostic> {
    let outputs: String =
        outcome.outputs.iter().map(|(name, value)| heredoc(name, value)).collect();
    append(variables, "GITHUB_OUTPUT", &outputs)?;
    append(variables, "GITHUB_STEP_SUMMARY", &summary::bounded(&outcome.summary))?;
    append(variables, "GITHUB_ARTIFACTS", &artifacts::lines(&outcome.subjects))
}

/// `name<<TOKEN`, the value, `TOKEN`: the form for values of any content.
fn heredoc(name: &str, value: &str) -> String {
    let token = token();
    format!("{name}<<{token}\n{value}\n{token}\n")
}

fn append(variables: &Variables, variable: &str, text: &str) -> Result<(), Diagnostic> {
    let Some(path) = variables.get(variable).filter(|_| !text.is_empty()) else {
        return Ok(());
    };
    let opened = OpenOptions::new().append(true).create(true).open(path);
    opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        let message = format!("the file that `{variable}` names cannot be written: {error}");
        Diagnostic::new(&codes::ACTION_OUTPUT, message)
            .help("run the action as a step of a workflow")
    })
}
