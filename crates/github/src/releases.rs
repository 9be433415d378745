//! What the repository holds of this release now: drafts, the published one, their assets.

use std::collections::BTreeMap;

use http::{Request, address};
use model::{Diagnostic, Digest};
use octocrab::Page;
use reqwest::header::ACCEPT;
use serde::de::DeserializeOwned;

use crate::api::{Api, Failed, unless_absent};
use crate::repository::escaped;
use crate::responses::{Asset, Pointer, Release};

/// Releases a page: each comes with all its assets.
const RELEASES_A_PAGE: u32 = 30;

/// Pages of releases: GitHub lists the newest 10,000.
const MAX_RELEASE_PAGES: usize = 340;

/// Assets a page, the API's most.
const ASSETS_A_PAGE: u32 = 100;

/// Pages of assets: a release holds 1,000.
const MAX_ASSET_PAGES: usize = 12;

/// Annotated tags may point at annotated tags.
const MAX_TAG_DEPTH: usize = 4;

/// A release with its assets by name.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub(crate) release: Release,
    pub(crate) assets: BTreeMap<String, Asset>,
}

/// All releases and drafts of one tag.
#[derive(Debug, Clone, Default)]
pub(crate) struct View {
    /// The one that counts: the published release, else the draft with the lowest number.
    pub(crate) main: Option<Held>,
    /// Further drafts of the same tag.
    pub(crate) others: Vec<Held>,
}

/// A repository, for questions.
pub(crate) struct RepositoryApi<'a> {
    pub(crate) api: &'a Api,
    /// `repos/owner/repo`, with a slash in front.
    pub(crate) repo: &'a str,
}

impl RepositoryApi<'_> {
    /// Looks at all under `tag`. `made` is a draft that we know to have made: a list may be older.
    pub(crate) async fn view(&self, tag: &str, made: Option<u64>) -> Result<View, Diagnostic> {
        let route = format!("{}/releases?per_page={RELEASES_A_PAGE}", self.repo);
        let all = self.pages(route, MAX_RELEASE_PAGES).await;
        let all: Vec<Release> = all.map_err(Failed::problem)?;
        let mut found: Vec<Release> =
            all.into_iter().filter(|release| release.tag_name == tag).collect();
        if let Some(id) = made.filter(|id| !found.iter().any(|release| release.id == *id)) {
            let route = format!("{}/releases/{id}", self.repo);
            let call = self.api.call(async |crab| crab.get(&route, None::<&()>).await).await;
            found.extend(unless_absent::<Release>(call)?.filter(|made| made.tag_name == tag));
        }
        // Two publishers see the same order, so they agree on the one that counts.
        found.sort_by_key(|release| (release.draft, release.id));
        let mut held = Vec::new();
        for release in found {
            // Another publisher may have deleted its own in the meantime.
            if let Some(assets) = self.assets(release.id).await? {
                held.push(Held { release, assets });
            }
        }
        let mut held = held.into_iter();
        Ok(View { main: held.next(), others: held.collect() })
    }

    /// The published release of a tag; nothing when there is none.
    pub(crate) async fn published(&self, tag: &str) -> Result<Option<Release>, Diagnostic> {
        let route = format!("{}/releases/tags/{}", self.repo, parts(tag));
        unless_absent(self.api.call(async |crab| crab.get(&route, None::<&()>).await).await)
    }

    /// A release's assets as they are listed; nothing when there is no such release.
    pub(crate) async fn listed(&self, release: u64) -> Result<Option<Vec<Asset>>, Diagnostic> {
        let route = format!("{}/releases/{release}/assets?per_page={ASSETS_A_PAGE}", self.repo);
        unless_absent(self.pages(route, MAX_ASSET_PAGES).await)
    }

    /// A release's assets by name; nothing when there is no such release.
    async fn assets(&self, release: u64) -> Result<Option<BTreeMap<String, Asset>>, Diagnostic> {
        let all = self.listed(release).await?;
        let named = |asset: Asset| (asset.name.clone(), asset);
        Ok(all.map(|all| all.into_iter().map(named).collect()))
    }

    /// One asset anew; nothing when there is none of this number.
    pub(crate) async fn asset(&self, id: u64) -> Result<Option<Asset>, Diagnostic> {
        let route = format!("{}/releases/assets/{id}", self.repo);
        unless_absent(self.api.call(async |crab| crab.get(&route, None::<&()>).await).await)
    }

    /// Downloads an asset and hashes it, as far as `limit` bytes; nothing when it is longer.
    pub(crate) async fn hashed(&self, id: u64, limit: u64) -> Result<Option<Digest>, Diagnostic> {
        let base = self.api.base.as_str().trim_end_matches('/');
        let url = address(&format!("{base}{}/releases/assets/{id}", self.repo))?;
        let request =
            self.api.signed(Request::get(url).header(ACCEPT, "application/octet-stream"))?;
        self.api.http.hashed(&request, limit).await
    }

    /// The commit that a tag points at; nothing when there is no such tag.
    pub(crate) async fn tag_commit(&self, tag: &str) -> Result<Option<String>, Diagnostic> {
        let mut route = format!("{}/git/ref/tags/{}", self.repo, parts(tag));
        for _ in 0..MAX_TAG_DEPTH {
            let call = self.api.call(async |crab| crab.get(&route, None::<&()>).await).await;
            match unless_absent::<Pointer>(call)? {
                None => return Ok(None),
                Some(pointer) if pointer.object.kind == "tag" => {
                    route = format!("{}/git/tags/{}", self.repo, escaped(&pointer.object.sha));
                }
                Some(pointer) => return Ok(Some(pointer.object.sha)),
            }
        }
        Ok(None)
    }

    /// The tag of the release that is shown as the latest.
    pub(crate) async fn latest(&self) -> Result<Option<String>, Diagnostic> {
        let route = format!("{}/releases/latest", self.repo);
        let call = self.api.call(async |crab| crab.get(&route, None::<&()>).await).await;
        Ok(unless_absent::<Release>(call)?.map(|release| release.tag_name))
    }

    /// Deletes a release or an asset; one that does not exist any more is as good.
    pub(crate) async fn delete(&self, what: &str, id: u64) -> Result<(), Diagnostic> {
        let route = format!("{}/{what}/{id}", self.repo);
        let call = self.api.call(async |crab| {
            let response = crab._delete(&route, None::<&()>).await?;
            octocrab::map_github_error(response).await.map(|_| ())
        });
        unless_absent(call.await).map(|_| ())
    }

    async fn pages<T: DeserializeOwned>(
        &self,
        route: String,
        most: usize,
    ) -> Result<Vec<T>, Failed> {
        let call = self.api.call(async |crab| crab.get(&route, None::<&()>).await).await;
        let first: Page<T> = call?;
        let (mut all, mut next) = (first.items, first.next);
        for _ in 1..most {
            if next.is_none() {
                break;
            }
            let call = self.api.call(async |crab| crab.get_page(&next).await).await;
            let Some(page): Option<Page<T>> = call? else { break };
            all.extend(page.items);
            next = page.next;
        }
        Ok(all)
    }
}

/// A tag as a part of an address; it may hold slashes.
fn parts(tag: &str) -> String {
    let parts: Vec<String> = tag.split('/').map(escaped).collect();
    parts.join("/")
}
