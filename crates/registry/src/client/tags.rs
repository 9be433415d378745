//! The tags of a repository, and what a tag's manifest says of its version.

use http::{Request, redirect, same_origin};
use model::Diagnostic;
use reqwest::StatusCode;
use reqwest::header::LINK;
use serde::Deserialize;

use super::manifests::says_unknown;
use super::{Need, Registry};
use crate::link::next_link;

/// Pages of tags: repositories of many years have some ten thousand tags.
const MAX_PAGES: usize = 100;

/// Tags a page.
const PAGE: usize = 1_000;

/// The annotation that holds a version (image-spec, "Pre-Defined Annotation Keys").
const VERSION: &str = "org.opencontainers.image.version";

impl Registry<'_> {
    /// All tags; nothing when the registry does not list them.
    ///
    /// # Errors
    /// When there was no answer.
    pub(crate) async fn tags(&self, repository: &str) -> Result<Option<Vec<String>>, Diagnostic> {
        let mut url = self.at(repository, "tags/list")?;
        url.set_query(Some(&format!("n={PAGE}")));
        let mut all = Vec::new();
        for _ in 0..MAX_PAGES {
            let reply = self.call(Request::get(url), Need::pull(repository)).await?;
            match reply.status {
                StatusCode::OK => {}
                StatusCode::NOT_FOUND if says_unknown(&reply.body) => return Ok(Some(Vec::new())),
                _ => return Ok(None),
            }
            let Ok(page) = serde_json::from_slice::<Page>(&reply.body) else { return Ok(None) };
            all.extend(page.tags.unwrap_or_default());
            let link = reply.header(LINK.as_str()).and_then(next_link);
            let next = link.map(|link| redirect(&reply.url, Some(link))).transpose()?;
            match next.filter(|next| same_origin(next, &reply.url)) {
                Some(next) => url = next,
                None => return Ok(Some(all)),
            }
        }
        Ok(None)
    }

    /// The version that the manifest under a tag says it is; nothing when it says none.
    ///
    /// # Errors
    /// As asking for a manifest.
    pub(crate) async fn version_of(
        &self,
        repository: &str,
        tag: &str,
    ) -> Result<Option<String>, Diagnostic> {
        let served = self.manifest(repository, tag).await?;
        let read = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).ok();
        let manifest = served.and_then(|served| read(&served.bytes));
        let said = manifest.as_ref().and_then(|manifest| manifest.get("annotations")?.get(VERSION));
        Ok(said.and_then(|text| text.as_str()).map(str::to_owned))
    }
}

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    tags: Option<Vec<String>>,
}
