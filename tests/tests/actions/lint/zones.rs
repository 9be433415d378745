//! The three zones: what runs project code holds no secret and no identity; what holds one runs
//! nothing but our binary, on digests.

use product_tests::yaml::Node;

use super::words::names;
use crate::definitions::{Definition, Definitions, Kind, call, own_path};

/// Actions of ours that may stand in a job with a secret or an identity: they run our binary only.
const QUIET: &[&str] = &["actions/setup", "actions/seal", "actions/sign", "actions/publish"];

/// Strangers' actions that may: they carry files between jobs.
const CARRIERS: &[&str] = &["actions/download-artifact", "actions/upload-artifact"];

/// A job with `id-token: write` or a secret neither checks out nor builds nor restores a cache; in
/// our own workflows it says so to GitHub too, and so does every job of a reusable one.
pub fn identities_and_secrets_keep_away_from_project_code(
    definitions: &Definitions,
) -> Vec<String> {
    let mut found = Vec::new();
    for file in definitions.all().filter(|file| file.kind != Kind::Action) {
        let reusable = file.node.at(&["on", "workflow_call"]).is_some();
        for (name, job) in file.jobs().filter(|(_, job)| call(job).is_none()) {
            let at = |line: usize, what: &str| file.finding(line, format!("job `{name}` {what}"));
            let closed = job.text_of("cache-mode") == Some("none");
            if reusable && !closed {
                found.push(at(job.line, "leaves the cache open: `cache-mode: none`"));
            }
            if !holds_something(file, job) {
                continue;
            }
            for step in job.get("steps").into_iter().flat_map(Node::items) {
                let problem = loud(step);
                found.extend(problem.map(|what| at(step.line, &format!("holds a secret: {what}"))));
            }
        }
    }
    found
}

/// Whether a job may sign as somebody: an identity, or a secret other than its own token.
fn holds_something(file: &Definition, job: &Node) -> bool {
    let granted = job.get("permissions").or_else(|| file.node.get("permissions"));
    let identity = granted.is_some_and(|node| {
        node.text_of("id-token") == Some("write") || node.text() == Some("write-all")
    });
    let texts = job.texts();
    let mut named = texts.iter().flat_map(|(_, text)| names(text, false));
    identity || named.any(|name| name.starts_with("secrets."))
}

/// What a step does that must not happen beside a secret.
fn loud(step: &Node) -> Option<String> {
    if let Some(run) = step.text_of("run") {
        let ours = run.starts_with("package-actions ") && run.trim_end().lines().count() == 1;
        return (!ours).then(|| format!("`run: {}`", run.lines().next().unwrap_or_default()));
    }
    let uses = call(step)?.uses;
    if let Some(path) = own_path(uses) {
        return (!QUIET.contains(&path)).then(|| format!("`{uses}` may run project code"));
    }
    let name = uses.split('@').next().unwrap_or_default();
    (!CARRIERS.contains(&name)).then(|| format!("`{uses}` may run project code or restore a cache"))
}

#[cfg(test)]
mod tests {
    use super::super::expect;
    use super::*;

    fn check(job: &str, expected: &[&str]) {
        let text = format!("on: push\npermissions: {{}}\njobs:\n  j:\n{job}");
        let rule = identities_and_secrets_keep_away_from_project_code;
        expect(rule, &[("workflows/w.yml", &text)], expected);
    }

    #[test]
    fn an_identity_beside_project_code_or_a_cache_is_found() {
        let job = |step: &str| {
            format!("    permissions: {{id-token: write}}\n    steps:\n      - {step}\n")
        };
        check(&job("uses: actions/download-artifact@x"), &[]);
        check(&job("uses: contextforge-org/package-actions/actions/publish@v1"), &[]);
        check(&job("run: package-actions action publish"), &[]);
        check(&job("uses: actions/checkout@x"), &["project code"]);
        check(&job("uses: actions/cache@x"), &["restore a cache"]);
        check(&job("uses: contextforge-org/package-actions/pypi@v1"), &["project code"]);
        check(&job("run: make"), &["run: make"]);
        check(&job("run: \"package-actions x\\nmake\""), &["run: package-actions x"]);
    }

    #[test]
    fn a_secret_counts_as_an_identity_and_the_jobs_own_token_does_not() {
        check("    env: {A: \"${{ secrets.k }}\"}\n    steps: [{run: make}]\n", &["run: make"]);
        check("    env: {A: \"${{ github.token }}\"}\n    steps: [{run: make}]\n", &[]);
    }

    #[test]
    fn a_reusable_job_with_an_open_cache_is_found() {
        let text = |mode: &str| {
            format!("on: {{workflow_call: {{}}}}\njobs:\n  j: {{{mode}steps: [{{run: make}}]}}\n")
        };
        let rule = identities_and_secrets_keep_away_from_project_code;
        let path = ".github/workflows/w.yml";
        expect(rule, &[(path, &text("cache-mode: none, "))], &[]);
        expect(rule, &[(path, &text("cache-mode: read, "))], &["leaves the cache open"]);
        expect(rule, &[(path, &text(""))], &["leaves the cache open"]);
    }
}
