//! A step's request as JSON, and its answer in the form that was asked for.

use std::process::ExitCode;

use api::Status;
use model::Diagnostics;
use pipeline::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::files::{stdin_text, text_of};
use crate::args::Output;
use crate::args::steps::Request;
use crate::{Outcome, out, print};

impl Request {
    /// The request that was brought along, else the one that `arguments` make.
    pub(super) fn or_from<R: DeserializeOwned>(
        &self,
        arguments: impl FnOnce() -> Result<R, Failure>,
    ) -> Result<Result<R, Diagnostics>, Failure> {
        let Some(file) = &self.request else { return arguments().map(Ok) };
        let text = if file.as_os_str() == "-" { stdin_text(file)? } else { text_of(file)? };
        Ok(api::read(&text))
    }

    /// Prints the answer: as JSON for machines, else what `shown` makes of it.
    pub(super) fn print<T: Serialize>(
        &self,
        outcome: &api::Outcome<T>,
        output: Output,
        shown: impl FnOnce(&T) -> String,
    ) -> Outcome {
        let code = ExitCode::from(Status::of(outcome) as u8);
        if self.request.is_some() || output == Output::Json {
            out::line(api::render(outcome))?;
            return Ok(code);
        }
        match outcome {
            Ok(reply) => {
                print::problems(&reply.problems, output);
                if !reply.problems.has_errors() {
                    out::text(shown(&reply.answer))?;
                }
            }
            Err(problems) => print::problems(problems, output),
        }
        Ok(code)
    }
}
