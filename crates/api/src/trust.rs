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
    /// What `GITHUB_REF` says, such as `refs/tags/v1.0.0`; empty when unset.
    pub reference: String,
    /// What `RUNNER_ENVIRONMENT` says; empty when unset.
    pub runner: String,
    /// Whether the caller wrote `self-hosted: true`.
    pub self_hosted: bool,
    /// Whether the caller asked to publish although no tag says so.
    pub asked: Asked,
}

/// Whether somebody asked to publish although no tag says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Asked {
    /// Nobody did.
    #[default]
    No,
    /// For the whole workflow, which is a matter of the default branch.
    OnDefaultBranch,
    /// In the very step that publishes.
    Here,
}

/// What an event may lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// All of it.
    Release,
    /// Everything but what leaves the runner.
    DryRun,
}

/// Whether a run that `event` started may go on, and how far: a pushed tag releases, and so does
/// what was asked for; everything else is a dry run.
///
/// # Errors
/// `event-refused` for events that strangers start, `runner-refused` for machines that GitHub does
/// not throw away after the job, `branch-other` for releases that are asked for on another branch
/// than the default one.
pub fn allowed(event: &Event) -> Result<Allowed, Diagnostics> {
    let mut problems = Diagnostics::new();
    let payload = || serde_json::from_str::<Value>(&event.payload).unwrap_or_default();
    let mut origin = Origin::Ours;
    let allowed = match event.name.as_str() {
        "pull_request" => {
            origin = Origin::of(&payload());
            Allowed::DryRun
        }
        // Merged on trial: not yet part of any branch that is released.
        "merge_group" => Allowed::DryRun,
        name if OF_WRITERS.contains(&name) => match event.asked {
            _ if pushed_tag(&event.reference).is_some() => Allowed::Release,
            Asked::No => Allowed::DryRun,
            Asked::Here => Allowed::Release,
            Asked::OnDefaultBranch => {
                problems.extend(elsewhere(&event.reference, &payload()));
                Allowed::Release
            }
        },
        name => {
            problems.push(refused(name));
            Allowed::DryRun
        }
    };
    problems.extend(machine(event, &origin));
    if problems.has_errors() { Err(problems) } else { Ok(allowed) }
}

/// The tag that `GITHUB_REF` names.
#[must_use]
pub fn pushed_tag(reference: &str) -> Option<&str> {
    reference.strip_prefix("refs/tags/").filter(|tag| !tag.is_empty())
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

/// Where a pull request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// A branch of the repository itself.
    Ours,
    /// A fork.
    Fork(String),
    /// The event does not say.
    Unknown,
}

impl Origin {
    fn of(payload: &Value) -> Self {
        let repository = |side: &str| {
            let repository = &payload["pull_request"][side]["repo"];
            Some((repository["id"].as_u64(), repository["full_name"].as_str()?))
        };
        match (repository("head"), repository("base")) {
            (Some(head), Some(base)) if head == base => Self::Ours,
            (Some((_, head)), Some(_)) => Self::Fork(head.to_owned()),
            _ => Self::Unknown,
        }
    }
}

/// What is wrong with the machine: others' leftovers could reach a release, and what a stranger
/// brought could stay on it.
fn machine(event: &Event, origin: &Origin) -> Option<Diagnostic> {
    if event.runner == HOSTED {
        return None;
    }
    let found = match event.runner.as_str() {
        "" => "does not say that GitHub hosts it (`RUNNER_ENVIRONMENT` is unset)".to_owned(),
        other => format!("is `{}`, not `{HOSTED}`", shown(other)),
    };
    let (danger, help) = match origin {
        Origin::Ours if event.self_hosted => return None,
        Origin::Ours => (
            "what another job left there could reach this".to_owned(),
            "use a runner hosted by GitHub, or set `self-hosted: true` if each job gets a fresh \
             machine",
        ),
        Origin::Fork(name) => (
            format!("what the fork `{}` brings could stay there", shown(name)),
            "use a runner hosted by GitHub for pull requests",
        ),
        Origin::Unknown => (
            "the event does not say whose code this is, and it could stay there".to_owned(),
            "use a runner hosted by GitHub for pull requests",
        ),
    };
    let message = format!("the runner {found}: {danger}");
    Some(Diagnostic::new(&codes::RUNNER_REFUSED, message).help(help))
}

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

/// That a release is asked for on another branch than the default one.
fn elsewhere(reference: &str, payload: &Value) -> Option<Diagnostic> {
    let usual = payload["repository"]["default_branch"].as_str().filter(|name| !name.is_empty());
    let message = match (reference.strip_prefix("refs/heads/"), usual) {
        (Some(branch), Some(usual)) if branch == usual => return None,
        (Some(branch), Some(usual)) => format!(
            "asked to publish from the branch `{}`; without a tag only `{}` may",
            shown(branch),
            shown(usual)
        ),
        _ => "asked to publish, but the event does not say on which branch".to_owned(),
    };
    let help = "start it on the default branch, or push the release's tag";
    Some(Diagnostic::new(&codes::BRANCH_OTHER, message).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = r#"{"id":1,"full_name":"o/r"}"#;
    const MAIN: &str = r#"{"repository":{"default_branch":"main"}}"#;

    fn payload(head: &str, base: &str) -> String {
        format!(
            "{{\"pull_request\":{{\"head\":{{\"repo\":{head}}},\"base\":{{\"repo\":{base}}}}}}}"
        )
    }

    fn event(name: &str, payload: &str, runner: &str, self_hosted: bool) -> Event {
        Event {
            name: name.to_owned(),
            payload: payload.to_owned(),
            runner: runner.to_owned(),
            self_hosted,
            ..Event::default()
        }
    }

    /// The codes of what is wrong, or what is allowed.
    fn check(event: &Event, expected: &str) {
        let found = match allowed(event) {
            Ok(allowed) => format!("{allowed:?}"),
            Err(problems) => {
                let codes: Vec<String> =
                    problems.into_iter().map(|problem| problem.code.to_string()).collect();
                codes.join(" ")
            }
        };
        assert_eq!(found, expected, "{event:?}");
    }

    #[test]
    fn a_tag_releases_and_all_else_is_a_dry_run_unless_asked() {
        use Asked::{Here, No, OnDefaultBranch};
        let rows = [
            ("refs/tags/v1.0.0", No, "Release"),
            ("refs/tags/v1.0.0", OnDefaultBranch, "Release"),
            ("refs/tags/", No, "DryRun"),
            ("refs/heads/main", No, "DryRun"),
            ("refs/heads/main", OnDefaultBranch, "Release"),
            ("refs/heads/refs/tags/v1.0.0", No, "DryRun"),
            ("refs/heads/main2", OnDefaultBranch, "branch-other"),
            ("refs/heads/Main", OnDefaultBranch, "branch-other"),
            ("main", OnDefaultBranch, "branch-other"),
            ("", OnDefaultBranch, "branch-other"),
            ("refs/heads/work", Here, "Release"),
            ("", No, "DryRun"),
        ];
        for name in OF_WRITERS {
            for (reference, asked, expected) in rows {
                let reference = reference.to_owned();
                check(&Event { reference, asked, ..event(name, MAIN, HOSTED, false) }, expected);
            }
        }
        for payload in ["", "{}", "[", r#"{"repository":{"default_branch":""}}"#] {
            let (reference, asked) = ("refs/heads/main".to_owned(), OnDefaultBranch);
            let event = Event { reference, asked, ..event("push", payload, HOSTED, false) };
            check(&event, "branch-other");
        }
    }

    #[test]
    fn events_of_strangers_are_refused() {
        let strange = ["pull_request_target", "workflow_run", "issue_comment", "issues", "fork"];
        for name in strange.into_iter().chain(["discussion", "watch", "", "Push", "push\n::x"]) {
            let reference = "refs/tags/v1.0.0".to_owned();
            for hosted in [false, true] {
                let event = event(name, "{}", HOSTED, hosted);
                check(&Event { reference: reference.clone(), ..event }, "event-refused");
            }
        }
    }

    #[test]
    fn a_pull_request_is_a_dry_run_whatever_is_asked_and_wherever_it_comes_from() {
        let fork = r#"{"id":2,"full_name":"x/r"}"#;
        let renamed = r#"{"id":2,"full_name":"o/r"}"#;
        check(&event("merge_group", "", HOSTED, false), "DryRun");
        let mut strange = vec!["{}".to_owned(), "[".repeat(1_000), String::new()];
        for (head, base) in [(fork, OURS), (renamed, OURS), ("null", OURS), (OURS, "null")] {
            strange.push(payload(head, base));
        }
        for payload in strange.iter().chain([&payload(OURS, OURS)]) {
            for asked in [Asked::No, Asked::OnDefaultBranch, Asked::Here] {
                let event = event("pull_request", payload, HOSTED, false);
                check(&Event { asked, ..event }, "DryRun");
            }
        }
        // On a machine that stays, not even that.
        for payload in &strange {
            check(&event("pull_request", payload, "self-hosted", true), "runner-refused");
        }
        let ours = payload(OURS, OURS);
        check(&event("pull_request", &ours, "self-hosted", true), "DryRun");
        check(&event("pull_request", &ours, "self-hosted", false), "runner-refused");
    }

    #[test]
    fn other_machines_are_refused_unless_opted_in() {
        for runner in ["self-hosted", "", "GitHub-hosted", "github-hosted "] {
            check(&event("push", "", runner, false), "runner-refused");
            check(&event("push", "", runner, true), "DryRun");
            check(&event("issue_comment", "", runner, false), "event-refused runner-refused");
        }
    }
}
