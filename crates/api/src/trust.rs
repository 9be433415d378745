//! Trust in what started a run: the event, and the machine that it runs on.
//!
//! Facts in, diagnostics out. An action reads the facts from its environment, which this module
//! does not know.

use crate::codes;
use model::{Diagnostic, Diagnostics};
use serde_json::Value;

use crate::shown;

/// What an action knows about the run that it is part of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its name, from `GITHUB_EVENT_NAME`; empty when there is none.
    pub name: String,
    /// The text of the file at `GITHUB_EVENT_PATH`; empty when it cannot be read.
    pub payload: String,
    /// What `RUNNER_ENVIRONMENT` says; empty when unset.
    pub runner: String,
    /// Whether the caller wrote `self-hosted: true`.
    pub self_hosted: bool,
}

/// What an event may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// All of it.
    Release,
    /// Everything but what leaves the runner.
    DryRun,
}

/// Whether a run that `event` started may go on.
///
/// # Errors
/// `event-refused` for events that strangers start or that carry a stranger's code,
/// `runner-refused` for machines that GitHub does not throw away after the job.
pub fn allowed(event: &Event) -> Result<Allowed, Diagnostics> {
    let mut problems = Diagnostics::new();
    let allowed = match event.name.as_str() {
        "pull_request" => pull_request(&event.payload, &mut problems),
        // Merged on trial: not yet part of any branch that is released.
        "merge_group" => Allowed::DryRun,
        name if OF_WRITERS.contains(&name) => Allowed::Release,
        name => {
            problems.push(refused(name));
            Allowed::DryRun
        }
    };
    if event.runner != HOSTED && !event.self_hosted {
        let found = match event.runner.as_str() {
            "" => "does not say that GitHub hosts it (`RUNNER_ENVIRONMENT` is unset)".to_owned(),
            other => format!("is `{}`, not `{HOSTED}`", shown(other)),
        };
        let message = format!("the runner {found}: what another job left there could reach this");
        let help = "use a runner hosted by GitHub, or set `self-hosted: true` if each job gets a \
                    fresh machine";
        problems.push(Diagnostic::new(&codes::RUNNER_REFUSED, message).help(help));
    }
    if problems.has_errors() { Err(problems) } else { Ok(allowed) }
}

/// What `RUNNER_ENVIRONMENT` says on a machine of GitHub's.
const HOSTED: &str = "github-hosted";

/// Events that only those start who may write to the repository, or the repository itself. A called
/// workflow sees its caller's event.
const OF_WRITERS: [&str; 7] = [
    "push",
    "create",
    "release",
    "schedule",
    "workflow_dispatch",
    "repository_dispatch",
    "deployment",
];

fn refused(name: &str) -> Diagnostic {
    let message = match name {
        "" => "no event is named: `GITHUB_EVENT_NAME` is empty".to_owned(),
        "pull_request_target" | "workflow_run" => format!(
            "`{name}` runs with the repository's rights on what a stranger may have brought"
        ),
        _ => format!("anybody may start a run by `{}`", shown(name)),
    };
    let help = "start the workflow by `push` (of a tag), `release` or `workflow_dispatch`; for \
                pull requests by `pull_request`";
    Diagnostic::new(&codes::EVENT_REFUSED, message).help(help)
}

/// From a branch of the same repository: a dry run. Otherwise, and when that is not known: refused.
fn pull_request(payload: &str, problems: &mut Diagnostics) -> Allowed {
    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
    let repository = |side: &str| {
        let repository = &payload["pull_request"][side]["repo"];
        Some((repository["id"].as_u64(), repository["full_name"].as_str()?))
    };
    let message = match (repository("head"), repository("base")) {
        (Some(head), Some(base)) if head == base => return Allowed::DryRun,
        (Some((_, head)), Some(_)) => {
            format!("the pull request comes from the fork `{}`", shown(head))
        }
        _ => "the event does not say where the pull request comes from".to_owned(),
    };
    let help = "push the branch to the repository itself: what a fork brings is never packaged";
    problems.push(Diagnostic::new(&codes::EVENT_REFUSED, message).help(help));
    Allowed::DryRun
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(head: &str, base: &str) -> String {
        format!(
            "{{\"pull_request\":{{\"head\":{{\"repo\":{head}}},\"base\":{{\"repo\":{base}}}}}}}"
        )
    }

    /// The codes of what is wrong, or what is allowed.
    fn check(name: &str, payload: &str, runner: &str, self_hosted: bool, expected: &str) {
        let event = Event {
            name: name.to_owned(),
            payload: payload.to_owned(),
            runner: runner.to_owned(),
            self_hosted,
        };
        let found = match allowed(&event) {
            Ok(allowed) => format!("{allowed:?}"),
            Err(problems) => {
                let codes: Vec<String> =
                    problems.into_iter().map(|problem| problem.code.to_string()).collect();
                codes.join(" ")
            }
        };
        assert_eq!(found, expected, "{name} on `{runner}` with {payload}");
    }

    #[test]
    fn events_of_writers_release() {
        for name in OF_WRITERS {
            check(name, "", HOSTED, false, "Release");
        }
    }

    #[test]
    fn events_of_strangers_are_refused() {
        let strange = ["pull_request_target", "workflow_run", "issue_comment", "issues", "fork"];
        for name in strange.into_iter().chain(["discussion", "watch", "", "Push", "push\n::x"]) {
            check(name, "{}", HOSTED, false, "event-refused");
            check(name, "{}", HOSTED, true, "event-refused");
        }
    }

    #[test]
    fn a_pull_request_of_the_same_repository_is_a_dry_run_and_one_of_a_fork_is_refused() {
        let ours = r#"{"id":1,"full_name":"o/r"}"#;
        let fork = r#"{"id":2,"full_name":"x/r"}"#;
        let renamed = r#"{"id":2,"full_name":"o/r"}"#;
        check("pull_request", &payload(ours, ours), HOSTED, false, "DryRun");
        check("merge_group", "", HOSTED, false, "DryRun");
        for strange in [
            payload(fork, ours),
            payload(renamed, ours),
            payload("null", ours),
            payload(ours, "null"),
            payload("null", "null"),
            "{}".to_owned(),
            "[".repeat(1_000),
            String::new(),
        ] {
            check("pull_request", &strange, HOSTED, false, "event-refused");
        }
    }

    #[test]
    fn other_machines_are_refused_unless_opted_in() {
        for runner in ["self-hosted", "", "GitHub-hosted", "github-hosted "] {
            check("push", "", runner, false, "runner-refused");
            check("push", "", runner, true, "Release");
            check("issue_comment", "", runner, false, "event-refused runner-refused");
        }
    }
}
