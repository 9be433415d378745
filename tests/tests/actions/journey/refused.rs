//! Runs that strangers start, and machines that nobody throws away: refused, with the reason. A
//! pull request of the repository itself is a dry run.

use forge::Setup;
use serde_json::{Value, json};

use super::downstream::{Downstream, REPOSITORY, Run};

/// A repository with one chart and a workflow for `event` that calls the reusable release.
fn with_workflow(event: &str) -> Option<Downstream> {
    let down = with_chart()?;
    down.write(".github/workflows/w.yml", &WORKFLOW.replace("EVENT", event));
    Some(down)
}

/// The template for pull requests.
pub const TEMPLATE: &str = "pull-request";

/// A repository with one chart.
fn with_chart() -> Option<Downstream> {
    let down = Downstream::new(Setup::default())?;
    down.write("package-actions.toml", &CONFIG.replace("REGISTRY", &down.registry()));
    down.write("chart/Chart.yaml", "apiVersion: v2\nname: one\nversion: 1.0.0\n");
    down.write("chart/values.yaml", "greeting: hello\n");
    down.write("chart/templates/map.yaml", MAP);
    Some(down)
}

const CONFIG: &str = r#"[release]
version = "1.0.0"
registry = "REGISTRY/team"
repository = "https://github.com/owner/repo"

[[package]]
name = "one"
license = "MIT"
chart = { path = "chart" }
"#;

const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n\
                   data:\n  greeting: {{ .Values.greeting | quote }}\n";

const WORKFLOW: &str = "name: Release
on: EVENT
permissions: {}
jobs:
  release:
    uses: contextforge-org/package-actions/.github/workflows/release.yml@v1
    permissions:
      contents: write
      packages: write
    with:
      sign: local
";

fn run(down: &Downstream, event: &str, payload: &Value) -> Run {
    down.commit();
    down.run(event, payload)
}

fn pull_request(from: &str) -> Value {
    let repository = |name: &str| json!({ "full_name": name, "fork": name != REPOSITORY });
    json!({
        "number": 1, "action": "opened", "repository": repository(REPOSITORY),
        "pull_request": {
            "head": { "ref": "change", "sha": "0".repeat(40), "repo": repository(from) },
            "base": { "ref": "main", "sha": "0".repeat(40), "repo": repository(REPOSITORY) },
        },
    })
}

#[test]
fn events_of_strangers_are_refused_with_the_reason() {
    for event in ["pull_request_target", "issue_comment", "workflow_run"] {
        let Some(down) = with_workflow(event) else { return };
        run(&down, event, &pull_request("stranger/repo")).failed("event-refused").failed(event);
        assert!(down.writes_beyond_artifacts().is_empty(), "{event}");
    }
}

#[test]
fn a_pull_request_is_a_dry_run_from_a_fork_too() {
    let Some(down) = with_workflow("pull_request") else { return };
    for from in ["stranger/repo", REPOSITORY] {
        let dry = run(&down, "pull_request", &pull_request(from)).succeeded();
        assert!(dry.summary.contains("Dry run"), "{from}: {}", dry.verdict.told());
        let writes = down.writes_beyond_artifacts();
        assert!(writes.is_empty(), "{from}: {writes:#?}");
        down.new_run();
    }
}

#[test]
fn a_push_without_the_releases_tag_publishes_nothing() {
    let Some(down) = with_workflow("push") else { return };
    let dry = run(&down, "push", &json!({ "ref": "refs/heads/main" })).succeeded();
    assert!(dry.summary.contains("a dry run"), "{}", dry.verdict.told());
    assert!(down.writes_beyond_artifacts().is_empty());
    down.new_run();
    down.push_tag("v9.9.9").failed("tag-other");
    assert!(down.writes_beyond_artifacts().is_empty());
    assert!(down.artifacts().is_empty(), "{:?}", down.artifacts());
}

#[test]
fn the_template_for_pull_requests_builds_without_a_secret_says_so_and_writes_nothing() {
    let Some(down) = with_chart() else { return };
    down.copy_template(TEMPLATE);
    let dry = run(&down, "pull_request", &pull_request(REPOSITORY)).succeeded();
    for words in ["a dry run: ", "Dry run: nothing of this is published"] {
        assert!(dry.summary.contains(words), "{}", dry.verdict.told());
    }
    assert!(down.artifacts().contains(&"release".to_owned()), "{:?}", down.artifacts());
    let writes = down.writes_beyond_artifacts();
    assert!(writes.is_empty(), "{writes:#?}");
}

#[test]
fn a_machine_that_github_does_not_host_is_refused_unless_it_is_asked_for() {
    let Some(mut down) = with_workflow("push") else { return };
    down.set("RUNNER_ENVIRONMENT", "self-hosted");
    down.push_tag("v1.0.0").failed("runner-refused");
    assert!(down.writes_beyond_artifacts().is_empty());
    let asked = WORKFLOW
        .replace("EVENT", "push")
        .replace("sign: local", "sign: local\n      self-hosted: true");
    down.write(".github/workflows/w.yml", &asked);
    down.new_run();
    down.push_tag("v1.0.0").succeeded();
}
