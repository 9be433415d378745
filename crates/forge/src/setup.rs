//! The settings of a forge: what the services support, who may do what, and the time.

use std::collections::BTreeMap;

use serde_json::Value;

/// All settings. With `Setup::default()` no service asks for credentials.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The OCI registry.
    pub registry: RegistrySetup,
    /// GitHub.
    pub github: GithubSetup,
    /// The Python index.
    pub index: IndexSetup,
    /// The workflow run that identity tokens describe.
    pub workflow: Workflow,
    /// Whether each service also listens with TLS, with a certificate of a CA generated at the
    /// start.
    pub tls: bool,
    /// A fixed time in seconds since 1970; the machine's clock if `None`.
    pub time: Option<u64>,
}

/// The authentication that the registry requires.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Access {
    /// None.
    #[default]
    Open,
    /// HTTP Basic on every request.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
    /// Tokens from a separate endpoint, requested with HTTP Basic. A token that was requested
    /// without credentials may read what is public.
    Bearer {
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
}

/// The OCI registry (distribution-spec 1.1).
#[derive(Debug, Clone)]
pub struct RegistrySetup {
    /// The authentication that it requires.
    pub access: Access,
    /// Whether it has the referrers API; GHCR does not.
    pub referrers: bool,
    /// The largest body of a PATCH in bytes. A larger one is answered with 416, as GHCR does above
    /// 4 MiB.
    pub patch_limit: Option<u64>,
    /// Whether a new repository is private, as on GHCR.
    pub private: bool,
    /// Whether this API can delete; GHCR's cannot.
    pub deletes: bool,
    /// How many requests a token is valid for; unlimited if `None`.
    pub token_uses: Option<u64>,
    /// Whether `Location` is an absolute URL.
    pub absolute: bool,
    /// Whether the registry redirects reads of blobs to another host.
    pub redirects: bool,
    /// Whether the token endpoint itself refuses anonymous requests for what is not public (401),
    /// and wrong credentials with 403, as GHCR does. Otherwise the former get a token without
    /// scopes, the latter 401.
    pub denies: bool,
    /// How many tags a page has if the client does not ask for a number.
    pub page: usize,
}

/// GitHub's REST API.
#[derive(Debug, Clone)]
pub struct GithubSetup {
    /// The token that may write and see drafts; if `None`, everybody may.
    pub token: Option<String>,
    /// The account that the token belongs to.
    pub login: String,
    /// Whether releases are immutable once published.
    pub immutable: bool,
    /// Whether the API redirects reads of assets to another host.
    pub objects: bool,
    /// Whether the digests of assets are reported; older Enterprise Servers do not.
    pub digests: bool,
}

/// The Python index.
#[derive(Debug, Clone)]
pub struct IndexSetup {
    /// The API token for the user `__token__`; if `None`, and there are no publishers, everybody
    /// may upload.
    pub token: Option<String>,
    /// The trusted publishers, which upload without an API token.
    pub publishers: Vec<Publisher>,
    /// How many days after its first file a release accepts more.
    pub window: u64,
    /// The largest file in bytes.
    pub file_limit: usize,
    /// Whether it serves the JSON format of the simple API (PEP 691).
    pub json: bool,
}

/// A trusted publisher, registered for GitHub Actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// `owner/name` of the repository.
    pub repository: String,
    /// The workflow's file name.
    pub workflow: String,
    /// The environment; any if `None`.
    pub environment: Option<String>,
    /// The normalized names of the projects it may upload to; any if empty.
    pub projects: Vec<String>,
}

/// The workflow run that identity tokens of GitHub Actions describe.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// `owner/name` of the repository that runs the workflow.
    pub repository: String,
    /// The path of the calling workflow: `.github/workflows/release.yml`.
    pub path: String,
    /// `owner/name/.github/workflows/file@ref` of the reusable workflow that the
    /// job is part of.
    pub reusable: Option<String>,
    /// The git reference.
    pub reference: String,
    /// The commit.
    pub commit: String,
    /// The job's environment.
    pub environment: Option<String>,
    /// The event that triggered it.
    pub event: String,
    /// The token for requesting identity tokens (`ACTIONS_ID_TOKEN_REQUEST_TOKEN`).
    pub request_token: String,
    /// Claims to add or replace.
    pub claims: BTreeMap<String, Value>,
}

/// The largest body of a PATCH that GHCR accepts, in bytes.
pub const GHCR_PATCH_LIMIT: u64 = 4 * 1024 * 1024;

impl RegistrySetup {
    /// A registry like GHCR: tokens, no referrers API, small chunks, new repositories private, no
    /// deletion, blobs on another host.
    #[must_use]
    pub fn ghcr(user: &str, password: &str) -> Self {
        let (user, password) = (user.to_owned(), password.to_owned());
        Self {
            access: Access::Bearer { user, password },
            referrers: false,
            patch_limit: Some(GHCR_PATCH_LIMIT),
            private: true,
            deletes: false,
            redirects: true,
            denies: true,
            ..Self::default()
        }
    }
}

impl Default for RegistrySetup {
    fn default() -> Self {
        Self {
            access: Access::Open,
            referrers: true,
            patch_limit: None,
            private: false,
            deletes: true,
            token_uses: None,
            absolute: false,
            redirects: false,
            denies: false,
            page: 1_000,
        }
    }
}

impl Default for GithubSetup {
    fn default() -> Self {
        Self {
            token: None,
            login: "octocat".to_owned(),
            immutable: false,
            objects: true,
            digests: true,
        }
    }
}

impl Default for IndexSetup {
    fn default() -> Self {
        Self {
            token: None,
            publishers: Vec::new(),
            window: 14,
            file_limit: 100 * 1024 * 1024,
            json: true,
        }
    }
}

impl Default for Workflow {
    fn default() -> Self {
        Self {
            repository: "octo-org/octo-repo".to_owned(),
            path: ".github/workflows/release.yml".to_owned(),
            reusable: None,
            reference: "refs/tags/v1.2.3".to_owned(),
            commit: "6113728f27ae82c7b1a177c8d03f9e96e0adf246".to_owned(),
            environment: None,
            event: "push".to_owned(),
            request_token: "request-token".to_owned(),
            claims: BTreeMap::new(),
        }
    }
}
