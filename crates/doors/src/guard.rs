//! Who started the run and what machine it is on, for `steps`' guard.

use std::fs;

use pipeline::Failure;
use steps::{Allowed, Event};

use crate::input::Inputs;

/// Bytes of an event's file that are read; GitHub's largest are about 25 MB.
const MAX_EVENT: u64 = 32 << 20;

/// Whether this run may go on, and how far.
///
/// # Errors
/// `event-refused`, `runner-refused`.
pub(crate) fn guard(inputs: &mut Inputs<'_>) -> Result<Allowed, Failure> {
    let self_hosted = inputs.flag("self-hosted")?.unwrap_or(false);
    let variable = |name: &str| inputs.surroundings().get(name).unwrap_or_default().to_owned();
    let path = variable("GITHUB_EVENT_PATH");
    let small = fs::metadata(&path).is_ok_and(|about| about.len() <= MAX_EVENT);
    let event = Event {
        name: variable("GITHUB_EVENT_NAME"),
        payload: small.then(|| fs::read_to_string(&path).ok()).flatten().unwrap_or_default(),
        runner: variable("RUNNER_ENVIRONMENT"),
        self_hosted,
    };
    steps::guard(&event).map_err(Failure::no)
}
