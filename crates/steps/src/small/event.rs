//! Whether a run may go on, asked in JSON.

use model::Diagnostics;
use serde::{Deserialize, Serialize};

use super::{Answer, Switch, answer};
use crate::{Allowed, Event};

/// `{"event", "payload", "runner", "self-hosted"}`, as [`Event`] has them, gives `{"dry-run"}`.
#[must_use]
pub fn guard(request: &str) -> Answer {
    answer(request, |asked: Asked| {
        let self_hosted = asked.self_hosted.read("self-hosted").map_err(Diagnostics::from)?;
        let Asked { event: name, payload, runner, .. } = asked;
        let allowed = crate::guard(&Event { name, payload, runner, self_hosted })?;
        Ok(Told { dry_run: allowed == Allowed::DryRun })
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
#[derive(Default)]
struct Asked {
    event: String,
    payload: String,
    runner: String,
    self_hosted: Switch,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Told {
    dry_run: bool,
}
