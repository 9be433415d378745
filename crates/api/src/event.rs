//! Whether a run may go on that an event started.

use serde::{Deserialize, Serialize};

use crate::trust::{self, Allowed, Asked, Event};
use crate::values::Switch;

/// The event, as [`Event`] has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Request {
    /// Its name, from `GITHUB_EVENT_NAME`.
    pub event: String,
    /// The text of the file at `GITHUB_EVENT_PATH`.
    pub payload: String,
    /// What `GITHUB_REF` says.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What `RUNNER_ENVIRONMENT` says.
    pub runner: String,
    /// Whether the caller wrote `self-hosted: true`.
    pub self_hosted: Switch,
    /// Whether the caller asked to publish although no tag was pushed.
    pub publish: Switch,
}

/// How far the run may go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Answer {
    /// Whether nothing may leave the runner.
    pub dry_run: bool,
}

/// Says how far a run may go.
///
/// # Errors
/// `request-value`, and as [`trust::allowed`].
pub fn event(request: Request) -> crate::Outcome<Answer> {
    let self_hosted = request.self_hosted.read("self-hosted")?;
    let asked = match request.publish.read("publish")? {
        true => Asked::OnDefaultBranch,
        false => Asked::No,
    };
    let Request { event: name, payload, reference, runner, .. } = request;
    let event = Event { name, payload, reference, runner, self_hosted, asked };
    let allowed = trust::allowed(&event)?;
    Ok(Answer { dry_run: allowed == Allowed::DryRun }.into())
}
