//! What GitHub's REST API says about releases and assets, as far as this room reads it. (Own
//! rows, not octocrab's: servers of people leave out much of what those insist on.)

use model::Digest;
use serde::Deserialize;

/// A release or a draft.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Release {
    pub(super) id: u64,
    pub(super) tag_name: String,
    #[serde(default)]
    pub(super) draft: bool,
    #[serde(default)]
    pub(super) target_commitish: String,
    #[serde(default)]
    pub(super) body: Option<String>,
    #[serde(default)]
    pub(super) html_url: String,
    pub(super) upload_url: String,
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Asset {
    pub(super) id: u64,
    pub(super) name: String,
    /// `uploaded` when it is whole.
    #[serde(default)]
    pub(super) state: String,
    #[serde(default)]
    pub(super) size: u64,
    /// `sha256:…`, where the server tells.
    #[serde(default)]
    pub(super) digest: Option<String>,
    /// Where anybody downloads it.
    #[serde(default)]
    pub(super) browser_download_url: String,
}

/// What a tag points at.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Pointer {
    pub(super) object: Object,
}

/// A git object by name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Object {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) sha: String,
}

impl Asset {
    /// Whether all of it arrived.
    pub(super) fn is_whole(&self) -> bool {
        self.state == "uploaded"
    }

    /// Its digest, where the server tells one of the kind that we compare.
    pub(super) fn sha256(&self) -> Option<Digest> {
        self.digest.as_deref().and_then(|digest| digest.parse().ok())
    }
}
