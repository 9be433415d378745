//! What a publication takes from its environment: settings and secrets, by name.

use std::collections::BTreeMap;
use std::env;

use http::Secret;

/// The variables that are read, and no other.
const NAMES: &[&str] = &[
    // GitHub Releases, and ghcr.io on GitHub's own runners.
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GITHUB_ACTOR",
    "GITHUB_API_URL",
    // Who is running: decides whether trusted publishing can work.
    "GITHUB_ACTIONS",
    "GITHUB_REPOSITORY",
    "GITHUB_WORKFLOW_REF",
    "GITHUB_JOB_WORKFLOW_REF",
    "ACTIONS_ID_TOKEN_REQUEST_URL",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    // The Python index, under uv's own names.
    "UV_PUBLISH_TOKEN",
    "UV_PUBLISH_USERNAME",
    "UV_PUBLISH_PASSWORD",
    "UV_PUBLISH_URL",
    "UV_PUBLISH_CHECK_URL",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "PIP_INDEX_URL",
    // Identities of other CI systems that uv knows.
    "GITLAB_CI",
    "PYPI_ID_TOKEN",
    "TESTPYPI_ID_TOKEN",
    "SIGSTORE_ID_TOKEN",
    "BUILDKITE",
    "BUILDKITE_AGENT_ACCESS_TOKEN",
];

/// Variables by name. Shown without their values, for some of them are secrets.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, Secret>);

impl Environment {
    /// This process's own.
    #[must_use]
    pub fn of_process() -> Self {
        Self::of(NAMES.iter().filter_map(|name| Some(((*name).to_owned(), env::var(name).ok()?))))
    }

    /// These ones; an empty variable counts as unset.
    pub fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let set = variables.into_iter().filter(|(_, value)| !value.is_empty());
        Self(set.map(|(name, value)| (name, Secret::new(value))).collect())
    }

    /// The secret called `name`.
    pub(crate) fn secret(&self, name: &str) -> Option<Secret> {
        self.0.get(name).cloned()
    }

    /// The token of GitHub, where there is one.
    pub(crate) fn github_token(&self) -> Option<Secret> {
        self.secret("GITHUB_TOKEN").or_else(|| self.secret("GH_TOKEN"))
    }

    /// The setting called `name`, which is none.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(Secret::expose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_shown() {
        let token = ("GITHUB_TOKEN".to_owned(), "canary".to_owned());
        let environment = Environment::of([token, ("GH_TOKEN".to_owned(), String::new())]);
        assert_eq!(environment.text("GITHUB_TOKEN"), Some("canary"));
        assert_eq!(environment.text("GH_TOKEN"), None);
        assert!(!format!("{environment:?}").contains("canary"));
    }
}
