//! What a workflow asks of the small steps, in JSON: each step with a request of its own.

use api::{annotations, answer};

use crate::parts::{join, parts};
use crate::texts::text;
use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "request",
        about: "requests of the step actions, each by its name: every answer is JSON",
        seeds: || REQUESTS.iter().map(|request| join(&[*request])).collect(),
        run: request,
    },
    Target {
        name: "event",
        about: "the payload of an event: a pull request is never trusted with a release",
        seeds: || seeds(&[PULL_REQUEST, "{}"]),
        run: event,
    },
    Target {
        name: "annotations",
        about: "a list of problems: as many lines as there are problems, each one command",
        seeds: || seeds(&[PROBLEMS]),
        run: annotate,
    },
];

const REQUESTS: &[(&str, &str)] = &[
    ("version", r#"{"tag": "v1.2.3-rc.1", "pattern": "v{version}"}"#),
    ("version", r#"{"version": "1.0"}"#),
    ("wheel-name", r#"{"files": ["demo_pkg-1.0-py3-none-any.whl"]}"#),
    (
        "wheel-name",
        r#"{"name": "Demo.Pkg", "version": "1.0", "build": "1a", "pythons": "cp311 cp312",
"abis": "abi3", "platforms": "win_amd64"}"#,
    ),
    (
        "checksums",
        r#"{"files": [{"path": "a", "digest":
"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}]}"#,
    ),
    (
        "checksums",
        r#"{"text": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n"}"#,
    ),
    (
        "provenance",
        r#"{"checksums": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n",
"repository": "https://example.org/a", "tag": "v1", "version": "1"}"#,
    ),
    ("merge", r#"{"name": "a", "documents": ["{}"]}"#),
];

const PULL_REQUEST: &str = r#"{"pull_request": {"head": {"repo": {"full_name": "o/a", "fork":
false}}, "base": {"repo": {"full_name": "o/a"}}}, "repository": {"full_name": "o/a"}}"#;

const PROBLEMS: &str = r#"[{"location": {"file": "a:b,c", "line": 1, "column": 2}, "severity":
"error", "code": "x", "message": "m%0A\n::stop", "help": "h"}, {"severity": "warning", "code": "y",
"message": "n"}]"#;

fn request(bytes: &[u8]) {
    for (step, json) in parts(bytes).into_iter().take(2) {
        let Some(json) = text(json) else { continue };
        let answer = match step.as_str() {
            "version" => answer(json, api::version),
            "wheel-name" => answer(json, api::wheel_name),
            "checksums" => answer(json, api::checksums),
            "provenance" => answer(json, api::provenance),
            "merge" => answer(json, api::merge),
            "event" => answer(json, api::event),
            _ => continue,
        };
        let read = serde_json::from_str::<serde_json::Value>(&answer);
        assert!(read.is_ok_and(|read| read["problems"].is_array()), "{answer} is not an answer");
    }
}

fn event(bytes: &[u8]) {
    let Some(payload) = text(bytes) else { return };
    for name in ["pull_request", "pull_request_target", "workflow_run", "push"] {
        for (reference, asked) in [
            ("refs/tags/v1.0.0", api::Asked::No),
            ("refs/heads/main", api::Asked::No),
            ("refs/heads/main", api::Asked::OnDefaultBranch),
        ] {
            let event = api::Event {
                name: name.to_owned(),
                payload: payload.to_owned(),
                reference: reference.to_owned(),
                runner: "github-hosted".to_owned(),
                self_hosted: false,
                asked,
            };
            let allowed = crate::properties::all_accepted(api::allowed(&event));
            let read: serde_json::Value = serde_json::from_str(payload).unwrap_or_default();
            let on_default = read["repository"]["default_branch"] == "main";
            let said = asked == api::Asked::OnDefaultBranch && on_default;
            let may = name == "push" && (api::pushed_tag(reference).is_some() || said);
            let trusted = allowed == Some(api::Allowed::Release);
            assert!(may || !trusted, "{name} of {reference} with {payload}");
        }
    }
}

fn annotate(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let lines = annotations(text);
    let commands = ["::error", "::warning"];
    let is_ours = |line: &str| commands.iter().any(|command| line.starts_with(command));
    assert!(lines.lines().all(is_ours), "{lines:?} is not commands alone");
    if let Ok(serde_json::Value::Array(problems)) = serde_json::from_str(text) {
        let count = problems.len().max(1);
        assert!(lines.lines().count() <= count, "{count} problems, more lines");
    }
}
