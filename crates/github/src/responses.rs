//! What GitHub's REST API says about releases and assets, as far as it is read. (Types of our own,
//! not octocrab's: GitHub Enterprise Servers leave out fields that those insist on.)

use model::Digest;
use serde::Deserialize;

/// A release or a draft.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Release {
    pub(crate) id: u64,
    pub(crate) tag_name: String,
    #[serde(default)]
    pub(crate) draft: bool,
    #[serde(default)]
    pub(crate) target_commitish: String,
    #[serde(default)]
    pub(crate) body: Option<String>,
    #[serde(default)]
    pub(crate) html_url: String,
    pub(crate) upload_url: String,
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Asset {
    pub(crate) id: u64,
    pub(crate) name: String,
    /// `uploaded` when it is whole.
    #[serde(default)]
    pub(crate) state: String,
    #[serde(default)]
    pub(crate) size: u64,
    /// `sha256:…`, where the server gives one.
    #[serde(default)]
    pub(crate) digest: Option<String>,
    /// Where anybody downloads it.
    #[serde(default)]
    pub(crate) browser_download_url: String,
}

/// What a tag points at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Pointer {
    pub(crate) object: Object,
}

/// A git object by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Object {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) sha: String,
}

impl Asset {
    /// Whether all of it arrived.
    pub(crate) fn is_whole(&self) -> bool {
        self.state == "uploaded"
    }

    /// Its digest, where the server gives one of the kind that we compare.
    pub(crate) fn sha256(&self) -> Option<Digest> {
        self.digest.as_deref().and_then(|digest| digest.parse().ok())
    }
}
