//! uv's part: the command as data, its secrets, and what its failures mean.

use model::{Invocation, Problem};

use crate::Secret;

/// Runs uv. Written by whoever knows where it is; children must not outlive us.
pub trait Uv: Sync {
    /// Runs `invocation`, whose program is `uv`, with `secrets` added to the child's environment
    /// alone, and waits for its end.
    ///
    /// # Errors
    /// When it could not be run. An end with another status than 0 is no error here.
    fn run(&self, invocation: &Invocation, secrets: &[(String, Secret)]) -> Result<UvEnd, Problem>;
}

/// How a run of uv ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UvEnd {
    /// Whether with status 0.
    pub success: bool,
    /// The end of what it printed on standard error.
    pub stderr: String,
}

/// Whether uploads are allowed by the workflow's identity instead of a secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trusted {
    /// Where there is an identity and no secret.
    #[default]
    Automatic,
    /// Or not at all.
    Always,
    /// Never.
    Never,
}

/// As whom files are uploaded.
#[derive(Debug, Clone, Default)]
pub struct PypiAuth {
    /// Trusted publishing.
    pub trusted: Trusted,
    /// `UV_PUBLISH_TOKEN`.
    pub token: Option<Secret>,
    /// `UV_PUBLISH_USERNAME`.
    pub user: Option<String>,
    /// `UV_PUBLISH_PASSWORD`.
    pub password: Option<Secret>,
    /// What uv reads to learn the workflow's identity: those of [`IDENTITY`] that are set.
    pub identity: Vec<(String, Secret)>,
}

/// Variables by which a CI system gives a workflow its identity (GitHub, GitLab, Buildkite), and
/// by which uv knows where it runs.
pub const IDENTITY: &[&str] = &[
    "GITHUB_ACTIONS",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "GITLAB_CI",
    "PYPI_ID_TOKEN",
    "TESTPYPI_ID_TOKEN",
    "SIGSTORE_ID_TOKEN",
    "BUILDKITE",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
];

/// Those of [`IDENTITY`] that a job has only when it may prove who it is.
const PROOFS: &[&str] = &[
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "PYPI_ID_TOKEN",
    "TESTPYPI_ID_TOKEN",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
];

impl PypiAuth {
    fn has_secret(&self) -> bool {
        let is_set = |secret: &Option<Secret>| {
            secret.as_ref().is_some_and(|secret| !secret.expose().is_empty())
        };
        is_set(&self.token) || is_set(&self.password)
    }

    fn has_identity(&self) -> bool {
        let proves = |name: &str| PROOFS.contains(&name);
        self.identity.iter().any(|(name, value)| proves(name) && !value.expose().is_empty())
    }

    /// Whether uploads will carry a workflow's identity.
    pub(super) fn is_trusted(&self) -> bool {
        match self.trusted {
            Trusted::Always => true,
            Trusted::Never => false,
            Trusted::Automatic => !self.has_secret() && self.has_identity(),
        }
    }

    /// What is missing; nothing when uploads can be tried.
    pub(super) fn missing(&self) -> Option<Problem> {
        let problem = |message: &str, help: &str| {
            Some(Problem::error("credentials-missing", message).help(help))
        };
        if self.is_trusted() && !self.has_identity() {
            return problem(
                "trusted publishing was asked for, but this job has no identity",
                "give the job `permissions: id-token: write`",
            );
        }
        if self.is_trusted() || self.has_secret() {
            return None;
        }
        problem(
            "nothing allows an upload to the Python index: `UV_PUBLISH_TOKEN` is not set",
            "set `UV_PUBLISH_TOKEN` (or `UV_PUBLISH_USERNAME` and `UV_PUBLISH_PASSWORD`), or give \
             the job `permissions: id-token: write` and register it as a trusted publisher",
        )
    }

    fn mode(&self) -> &'static str {
        if self.is_trusted() { "always" } else { "never" }
    }

    /// What the child's environment holds, and nobody else sees.
    pub(super) fn secrets(&self) -> Vec<(String, Secret)> {
        let named = |name: &str, value: &Option<Secret>| {
            value.clone().map(|value| (name.to_owned(), value))
        };
        if self.is_trusted() {
            return self.identity.clone();
        }
        if let Some(token) = named("UV_PUBLISH_TOKEN", &self.token) {
            return vec![token];
        }
        let user = self.user.clone().map(Secret::new);
        let pair =
            [named("UV_PUBLISH_USERNAME", &user), named("UV_PUBLISH_PASSWORD", &self.password)];
        pair.into_iter().flatten().collect()
    }
}

/// The command that uploads `files`, distributions and their attestations.
pub(super) fn publish(upload: Option<&str>, auth: &PypiAuth, files: &[String]) -> Invocation {
    let mut args: Vec<String> = ["publish", "--no-progress", "--trusted-publishing", auth.mode()]
        .map(str::to_owned)
        .to_vec();
    if let Some(upload) = upload {
        args.extend(["--publish-url".to_owned(), upload.to_owned()]);
    }
    if !auth.is_trusted() {
        // Indexes take attestations from workflows only, and refuse the file with them.
        args.push("--no-attestations".to_owned());
    }
    args.push("--".to_owned());
    args.extend(files.iter().map(|file| literal(file)));
    Invocation::new("uv", args)
}

/// uv reads its files as patterns: a path that means itself.
fn literal(path: &str) -> String {
    let piece = |c: char| match c {
        '[' | ']' | '*' | '?' => format!("[{c}]"),
        _ => c.to_string(),
    };
    path.chars().map(piece).collect()
}

/// Characters of uv's words that are shown.
const MAX_WORDS: usize = 600;

/// What a failed upload means, in uv's words, without our secrets, should a server echo them.
pub(super) fn failure(end: &UvEnd, secrets: &[(String, Secret)]) -> Problem {
    let words = words(&end.stderr, secrets);
    let has = |all: &[&str]| all.iter().any(|word| words.contains(word));
    let message = format!("uv could not publish: {words}");
    if has(&["invalid-publisher", "invalid-pending-publisher"]) {
        return Problem::error("index-publisher", message).help(
            "register this workflow as a trusted publisher of the project: owner, repository, the \
             name of the workflow file that holds the upload job, and the environment, if any; a \
             reusable workflow of another repository is never accepted",
        );
    }
    // The connection comes first: without one nobody was asked who we are.
    if has(&["certificate"]) {
        return Problem::error("remote-tls", message)
            .help("a certificate of your own goes into the file that `SSL_CERT_FILE` names");
    }
    if has(&["error sending request"]) {
        return Problem::error("remote-unreachable", message).help("run the same command again");
    }
    if has(&["Trusted publishing failed", "trusted publishing"]) {
        return Problem::error("index-publisher", message)
            .help("the job needs `permissions: id-token: write`, the index a publisher");
    }
    match status(&words) {
        Some(401 | 403) => Problem::error("index-credentials", message)
            .help("are the token and the project's permissions right?"),
        _ if has(&["Missing credentials"]) => Problem::error("index-credentials", message)
            .help("set `UV_PUBLISH_TOKEN`, or give the job an identity"),
        // Some indexes answer 400 to a file that they have.
        status if status == Some(409) || has(&["already exists"]) => {
            Problem::error("index-file-exists", message)
                .help("an index takes a file once: release this under a new version")
        }
        _ => Problem::error("index-upload", message)
            .help("run the same command again: what is there is not sent again"),
    }
}

/// The status that a server answered with, where uv quotes one.
fn status(words: &str) -> Option<u16> {
    let (_, behind) = words.split_once("Server returned status code ")?;
    behind.split(' ').next()?.parse().ok()
}

/// Whether a failure may pass by itself. (uv retries what breaks off; it takes every status for
/// an answer.)
pub(super) fn passes(end: &UvEnd) -> bool {
    let statuses = ["408", "429", "500", "502", "503", "504"];
    let refused = statuses.iter().any(|code| {
        end.stderr.contains(&format!("Server returned status code {code} "))
            || end.stderr.contains(&format!("({code} "))
    });
    let broken = ["error sending request", "timed out", "connection closed", "Connection reset"];
    let broken = broken.iter().any(|words| end.stderr.contains(words));
    let lasting = ["certificate", "invalid-publisher", "Missing credentials"];
    (refused || broken) && !lasting.iter().any(|words| end.stderr.contains(words))
}

/// uv's errors and their causes on one line, without the pages that servers send along.
fn words(stderr: &str, secrets: &[(String, Secret)]) -> String {
    let mut text = stderr.to_owned();
    for (_, secret) in secrets.iter().filter(|(_, secret)| secret.expose().len() >= MIN_SECRET) {
        text = text.replace(secret.expose(), "***");
    }
    let start = text.lines().position(|line| line.trim_start().starts_with("error:"));
    let lines: Vec<&str> = text.lines().skip(start.unwrap_or_default()).collect();
    let plain = without_tags(&lines.join(" "));
    let plain: Vec<&str> = plain.split_whitespace().collect();
    let plain = plain.join(" ").replace("cause: ", "");
    let plain = plain.strip_prefix("error: ").unwrap_or(&plain);
    let plain = if plain.is_empty() { "it said nothing" } else { plain };
    plain.chars().filter(|c| !c.is_control()).take(MAX_WORDS).collect()
}

/// Shorter values are flags such as `true`, not secrets.
const MIN_SECRET: usize = 6;

/// A page's text: without tags and styles.
fn without_tags(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let is_tag = after.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let style = after.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("style"));
        let after = if style { after.split_once("</").map_or("", |(_, rest)| rest) } else { after };
        match after.split_once('>').filter(|_| is_tag) {
            Some((_, after)) => rest = after,
            None => {
                out.push('<');
                rest = after;
            }
        }
        out.push(' ');
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> PypiAuth {
        PypiAuth { token: Some(Secret::new("canary-token")), ..PypiAuth::default() }
    }

    fn identity() -> PypiAuth {
        let token = "ACTIONS_ID_TOKEN_REQUEST_TOKEN".to_owned();
        let identity = vec![(token, Secret::new("canary-proof"))];
        PypiAuth { identity, ..PypiAuth::default() }
    }

    #[test]
    fn the_command_holds_no_secret_and_means_each_path_itself() {
        let check = |upload: Option<&str>, auth: &PypiAuth, expected: &str| {
            let line = publish(upload, auth, &["/d [1]/a*.whl".to_owned()]).shell_line();
            assert_eq!(line, expected);
        };
        let path = "'/d [[]1[]]/a[*].whl'";
        let start = "uv publish --no-progress --trusted-publishing";
        check(None, &token(), &format!("{start} never --no-attestations -- {path}"));
        check(None, &identity(), &format!("{start} always -- {path}"));
        let url = "https://index.example/legacy/";
        check(Some(url), &identity(), &format!("{start} always --publish-url {url} -- {path}"));
    }

    #[test]
    fn secrets_go_into_the_childs_environment_alone() {
        let check = |auth: &PypiAuth, expected: &[(&str, &str)]| {
            let secrets = auth.secrets();
            let found: Vec<(&str, &str)> =
                secrets.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
            assert_eq!(found, expected);
        };
        check(&token(), &[("UV_PUBLISH_TOKEN", "canary-token")]);
        check(&identity(), &[("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-proof")]);
        let both = PypiAuth { identity: identity().identity, ..token() };
        check(&both, &[("UV_PUBLISH_TOKEN", "canary-token")]);
        let pair = PypiAuth {
            user: Some("u".to_owned()),
            password: Some(Secret::new("p")),
            ..PypiAuth::default()
        };
        check(&pair, &[("UV_PUBLISH_USERNAME", "u"), ("UV_PUBLISH_PASSWORD", "p")]);
    }

    #[test]
    fn missing_credentials_name_the_variable_or_the_permission() {
        let check = |auth: PypiAuth, words: Option<&str>| {
            let text = auth.missing().map(|problem| problem.to_string());
            assert_eq!(text.is_some(), words.is_some(), "{text:?}");
            assert!(text.unwrap_or_default().contains(words.unwrap_or_default()));
        };
        check(PypiAuth::default(), Some("`UV_PUBLISH_TOKEN`"));
        check(token(), None);
        check(identity(), None);
        check(PypiAuth { trusted: Trusted::Always, ..token() }, Some("id-token: write"));
        let identity_of = |name: &str| vec![(name.to_owned(), Secret::new("true"))];
        let ci = PypiAuth { identity: identity_of("GITHUB_ACTIONS"), ..PypiAuth::default() };
        check(ci, Some("`UV_PUBLISH_TOKEN`"));
        check(PypiAuth { trusted: Trusted::Never, ..identity() }, Some("`UV_PUBLISH_TOKEN`"));
        check(PypiAuth { token: Some(Secret::new("")), ..PypiAuth::default() }, Some("is not set"));
    }

    fn end(stderr: &str) -> UvEnd {
        UvEnd { success: false, stderr: stderr.to_owned() }
    }

    #[test]
    fn uvs_words_are_quoted_without_pages_and_secrets() {
        let check = |stderr: &str, code: &str, expected: &str| {
            let problem = failure(&end(stderr), &token().secrets());
            assert_eq!((problem.code.as_str(), problem.message.as_str()), (code, expected));
        };
        let start = "Publishing 1 file\nUploading a (1KiB)\nerror: Failed to publish `a` to `b`\n  \
                     cause: Server returned status code";
        check(
            &format!(
                "{start} 403 Forbidden. Server says:\n  <!DOCTYPE x>\n <style type=x>\n a \
                      {{}}\n</style><h1>No: canary-token</h1> 1 < 2"
            ),
            "index-credentials",
            "uv could not publish: Failed to publish `a` to `b` Server returned status code 403 \
             Forbidden. Server says: No: *** 1 < 2",
        );
        check(
            &format!("{start} 409 Conflict. Server says: there"),
            "index-file-exists",
            "uv could not publish: Failed to publish `a` to `b` Server returned status code 409 \
             Conflict. Server says: there",
        );
        check(
            "error: Failed to publish `a-4.0.3-py3.whl`\n  cause: 40 bytes left of 409",
            "index-upload",
            "uv could not publish: Failed to publish `a-4.0.3-py3.whl` 40 bytes left of 409",
        );
        check("", "index-upload", "uv could not publish: it said nothing");
        let long = failure(&end(&"x".repeat(100_000)), &[]);
        assert!(long.message.len() < 700);
    }

    #[test]
    fn a_refused_publisher_is_told_from_other_failures() {
        let said = "error: Trusted publishing failed\n  cause: Server returned error code 422 for \
                    trusted publishing token: {\"code\": \"invalid-publisher\"}";
        let problem = failure(&end(said), &[]);
        assert_eq!(problem.code, "index-publisher");
        assert!(problem.help.unwrap().contains("reusable workflow"));
    }

    #[test]
    fn a_connection_that_fails_is_no_matter_of_identity() {
        let check = |cause: &str, code: &str| {
            let tokens = "error: Failed to obtain token for trusted publishing\n  cause: Failed to \
                          fetch: https://i/_/oidc/audience\n  cause: error sending request";
            let upload = "error: Failed to publish `a`\n  cause: error sending request for url (i)";
            for start in [tokens, upload] {
                let said = format!("{start}\n  cause: client error (Connect)\n  cause: {cause}");
                assert_eq!(failure(&end(&said), &[]).code, code);
            }
        };
        check(
            "tcp connect error\n  cause: Connection refused (os error 111)",
            "remote-unreachable",
        );
        check("invalid peer certificate: UnknownIssuer", "remote-tls");
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let check = |said: &str, expected: bool| assert_eq!(passes(&end(said)), expected, "{said}");
        let status = "cause: Server returned status code";
        check(&format!("{status} 503 Service Unavailable. Server says: oops"), true);
        check(&format!("{status} 429 Too Many Requests. Server says: oops"), true);
        check(&format!("{status} 400 Bad Request. Server says: 503"), false);
        check(&format!("{status} 403 Forbidden"), false);
        check("cause: error sending request for url (x)\n cause: Connection refused", true);
        check("cause: error sending request for url\n cause: invalid peer certificate", false);
    }
}
