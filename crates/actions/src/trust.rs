//! Who started the run and what machine it is on, read from the runner's variables.

use std::fs;

use api::{Allowed, Asked, Event};
use pipeline::Failure;

use crate::input::Inputs;

/// Bytes of an event's file that are read; GitHub's largest are about 25 MB.
const MAX_EVENT: u64 = 32 << 20;

/// Whether this run may go on, and how far, where `asked` is asked for.
///
/// # Errors
/// `event-refused`, `runner-refused`.
pub(crate) fn allowed(inputs: &Inputs<'_>, asked: Asked) -> Result<Allowed, Failure> {
    let self_hosted = inputs.flag("self-hosted")?.unwrap_or(false);
    let variable = |name: &str| inputs.variables().get(name).unwrap_or_default().to_owned();
    let path = variable("GITHUB_EVENT_PATH");
    let is_bounded = fs::metadata(&path).is_ok_and(|about| about.len() <= MAX_EVENT);
    let payload = if is_bounded { fs::read_to_string(&path).ok() } else { None };
    let event = Event {
        name: variable("GITHUB_EVENT_NAME"),
        payload: payload.unwrap_or_default(),
        reference: variable("GITHUB_REF"),
        runner: variable("RUNNER_ENVIRONMENT"),
        self_hosted,
        asked,
    };
    api::allowed(&event).map_err(Failure::no)
}
