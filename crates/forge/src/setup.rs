//! How a forge starts: which services ask for what, who may do what, what time it is.

use std::collections::BTreeMap;

use serde_json::Value;

/// Everything at once. `Setup::default()` asks nobody for credentials.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// The OCI registry.
    pub registry: RegistrySetup,
    /// GitHub.
    pub github: GithubSetup,
    /// The Python index.
    pub index: IndexSetup,
    /// The workflow run that identity tokens speak of.
    pub workflow: Workflow,
    /// Whether each service listens with TLS too, under a certificate of a CA made at the start.
    pub tls: bool,
    /// The time in seconds since 1970, which then stands still; the machine's own where `None`.
    pub time: Option<u64>,
}

/// What the registry asks of those who come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    #[default]
    Open,
    /// HTTP Basic on every request.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: String,
    },
    /// Tokens from an endpoint of its own, asked for with Basic; without credentials a token may
    /// read what is public.
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
    /// Who may come.
    pub access: Access,
    /// Whether it has the referrers API; GHCR has not.
    pub referrers: bool,
    /// The largest body of a PATCH in bytes; more is answered 416, as GHCR does at 4 MiB.
    pub patch_limit: Option<u64>,
    /// Whether a repository is private when it is made, as on GHCR.
    pub private: bool,
    /// Whether anything can be deleted through this API; on GHCR nothing can.
    pub deletes: bool,
    /// How many requests a token is good for.
    pub token_uses: Option<u64>,
    /// Whether `Location` names the host, too.
    pub absolute: bool,
    /// Whether blobs are served by another host, to which the registry redirects.
    pub redirects: bool,
    /// Whether the token endpoint itself refuses anybody who asks for what is not public (401), and
    /// wrong credentials with 403, as on GHCR; else a token for nothing, and 401.
    pub denies: bool,
    /// Tags in a page, where none is asked for.
    pub page: usize,
}

/// GitHub's REST API.
#[derive(Debug, Clone)]
pub struct GithubSetup {
    /// The token that may write and see drafts; with `None` everybody may.
    pub token: Option<String>,
    /// The account that the token belongs to.
    pub login: String,
    /// Whether releases are immutable once published.
    pub immutable: bool,
    /// Whether an asset is served by another host, to which the API redirects.
    pub objects: bool,
    /// Whether the digests of assets are told; older servers of people tell none.
    pub digests: bool,
}

/// The Python index.
#[derive(Debug, Clone)]
pub struct IndexSetup {
    /// The API token for the user `__token__`; with `None` everybody may upload.
    pub token: Option<String>,
    /// Who may upload without one.
    pub publishers: Vec<Publisher>,
    /// Days after a release's first file in which more are taken.
    pub window: u64,
    /// The largest file in bytes.
    pub file_limit: usize,
    /// Whether it serves the JSON form of the simple API (PEP 691).
    pub json: bool,
}

/// A trusted publisher, registered for GitHub Actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publisher {
    /// `owner/name` of the repository.
    pub repository: String,
    /// The workflow's file name.
    pub workflow: String,
    /// The environment; any where `None`.
    pub environment: Option<String>,
    /// The projects that it may upload to, normalized; any where empty.
    pub projects: Vec<String>,
}

/// What an identity token of GitHub Actions says.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// `owner/name` of the repository whose run this is.
    pub repository: String,
    /// The file of the caller: `.github/workflows/release.yml`.
    pub path: String,
    /// `owner/name/.github/workflows/file@ref` of the reusable workflow, where the job is in one.
    pub reusable: Option<String>,
    /// The git reference.
    pub reference: String,
    /// The commit.
    pub commit: String,
    /// The job's environment.
    pub environment: Option<String>,
    /// What started it.
    pub event: String,
    /// The token that asks for tokens (`ACTIONS_ID_TOKEN_REQUEST_TOKEN`).
    pub request_token: String,
    /// Claims that are to be otherwise, or more.
    pub claims: BTreeMap<String, Value>,
}

/// GHCR refuses larger bodies of a PATCH.
pub const GHCR_PATCH_LIMIT: u64 = 4 * 1024 * 1024;

impl RegistrySetup {
    /// As GHCR is: tokens, no referrers API, small chunks, private at first, no deletion, blobs on
    /// another host.
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
