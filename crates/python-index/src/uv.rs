//! uv's part: the command as data, and its secrets.

mod failure;

use http::Secret;
use model::{Diagnostic, Invocation};

pub(crate) use failure::{failure, passes};

/// Runs uv. Written by whoever knows where it is; children must not outlive us.
pub trait Uv: Sync {
    /// Runs `command`, whose program is `uv`, with `secrets` added to the child's environment
    /// alone, and waits for its end.
    ///
    /// # Errors
    /// When it could not be run. An end with another status than 0 is no error here.
    fn run(&self, command: &Invocation, secrets: &[(String, Secret)]) -> Result<UvEnd, Diagnostic>;
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
pub struct UploadAuth {
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

impl UploadAuth {
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
    pub(crate) fn is_trusted(&self) -> bool {
        match self.trusted {
            Trusted::Always => true,
            Trusted::Never => false,
            Trusted::Automatic => !self.has_secret() && self.has_identity(),
        }
    }

    /// What is missing; nothing when uploads can be tried.
    pub(crate) fn missing(&self) -> Option<Diagnostic> {
        let problem = |message: &str, help: &str| {
            Some(Diagnostic::new(&http::codes::CREDENTIALS_MISSING, message).help(help))
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
    pub(crate) fn secrets(&self) -> Vec<(String, Secret)> {
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
pub(crate) fn publish(upload: Option<&str>, auth: &UploadAuth, files: &[String]) -> Invocation {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> UploadAuth {
        UploadAuth { token: Some(Secret::new("canary-token")), ..UploadAuth::default() }
    }

    fn identity() -> UploadAuth {
        let token = "ACTIONS_ID_TOKEN_REQUEST_TOKEN".to_owned();
        let identity = vec![(token, Secret::new("canary-proof"))];
        UploadAuth { identity, ..UploadAuth::default() }
    }

    #[test]
    fn the_command_holds_no_secret_and_means_each_path_itself() {
        let check = |upload: Option<&str>, auth: &UploadAuth, expected: &str| {
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
        let check = |auth: &UploadAuth, expected: &[(&str, &str)]| {
            let secrets = auth.secrets();
            let found: Vec<(&str, &str)> =
                secrets.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
            assert_eq!(found, expected);
        };
        check(&token(), &[("UV_PUBLISH_TOKEN", "canary-token")]);
        check(&identity(), &[("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-proof")]);
        let both = UploadAuth { identity: identity().identity, ..token() };
        check(&both, &[("UV_PUBLISH_TOKEN", "canary-token")]);
        let pair = UploadAuth {
            user: Some("u".to_owned()),
            password: Some(Secret::new("p")),
            ..UploadAuth::default()
        };
        check(&pair, &[("UV_PUBLISH_USERNAME", "u"), ("UV_PUBLISH_PASSWORD", "p")]);
    }

    #[test]
    fn missing_credentials_name_the_variable_or_the_permission() {
        let check = |auth: UploadAuth, words: Option<&str>| {
            let text = auth.missing().map(|problem| problem.to_string());
            assert_eq!(text.is_some(), words.is_some(), "{text:?}");
            assert!(text.unwrap_or_default().contains(words.unwrap_or_default()));
        };
        check(UploadAuth::default(), Some("`UV_PUBLISH_TOKEN`"));
        check(token(), None);
        check(identity(), None);
        check(UploadAuth { trusted: Trusted::Always, ..token() }, Some("id-token: write"));
        let identity_of = |name: &str| vec![(name.to_owned(), Secret::new("true"))];
        let ci = UploadAuth { identity: identity_of("GITHUB_ACTIONS"), ..UploadAuth::default() };
        check(ci, Some("`UV_PUBLISH_TOKEN`"));
        check(UploadAuth { trusted: Trusted::Never, ..identity() }, Some("`UV_PUBLISH_TOKEN`"));
        check(
            UploadAuth { token: Some(Secret::new("")), ..UploadAuth::default() },
            Some("is not set"),
        );
    }
}
