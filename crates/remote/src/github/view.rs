//! What the repository holds of this release now: drafts, the published one, their assets.

use std::collections::BTreeMap;

use model::{Diagnostic, Digest};
use octocrab::Page;
use reqwest::header::ACCEPT;
use serde::de::DeserializeOwned;

use super::api::{Api, Failed, unless_absent};
use super::place::escaped;
use super::rows::{Asset, Pointer, Release};
use crate::http::{Request, address};

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
pub(super) struct Held {
    pub(super) release: Release,
    pub(super) assets: BTreeMap<String, Asset>,
}

/// All that stands under one tag.
#[derive(Debug, Clone, Default)]
pub(super) struct View {
    /// What counts: the published release, else the draft with the lowest number.
    pub(super) main: Option<Held>,
    /// Further drafts of the same tag.
    pub(super) others: Vec<Held>,
}

/// A repository, for questions.
pub(super) struct Desk<'a> {
    pub(super) api: &'a Api,
    /// `repos/owner/repo`, with a slash in front.
    pub(super) repo: &'a str,
}

impl Desk<'_> {
    /// Looks at all under `tag`. `made` is a draft that we know to have made: a list may be older.
    pub(super) async fn view(&self, tag: &str, made: Option<u64>) -> Result<View, Diagnostic> {
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
            // Another publisher may have deleted its own meanwhile.
            if let Some(assets) = self.assets(release.id).await? {
                held.push(Held { release, assets });
            }
        }
        let mut held = held.into_iter();
        Ok(View { main: held.next(), others: held.collect() })
    }

    /// The published release of a tag; nothing when there is none.
    pub(super) async fn published(&self, tag: &str) -> Result<Option<Release>, Diagnostic> {
        let route = format!("{}/releases/tags/{}", self.repo, parts(tag));
        unless_absent(self.api.call(async |crab| crab.get(&route, None::<&()>).await).await)
    }

    /// A release's assets as they are listed; nothing when there is no such release.
    pub(super) async fn listed(&self, release: u64) -> Result<Option<Vec<Asset>>, Diagnostic> {
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
    pub(super) async fn asset(&self, id: u64) -> Result<Option<Asset>, Diagnostic> {
        let route = format!("{}/releases/assets/{id}", self.repo);
        unless_absent(self.api.call(async |crab| crab.get(&route, None::<&()>).await).await)
    }

    /// Downloads an asset and hashes it, as far as `limit` bytes; nothing when it is longer.
    pub(super) async fn hashed(&self, id: u64, limit: u64) -> Result<Option<Digest>, Diagnostic> {
        let base = self.api.base.as_str().trim_end_matches('/');
        let url = address(&format!("{base}{}/releases/assets/{id}", self.repo))?;
        let request =
            self.api.signed(Request::get(url).header(ACCEPT, "application/octet-stream"))?;
        self.api.http.hashed(&request, limit).await
    }

    /// The commit that a tag points at; nothing when there is no such tag.
    pub(super) async fn tag_commit(&self, tag: &str) -> Result<Option<String>, Diagnostic> {
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
    pub(super) async fn latest(&self) -> Result<Option<String>, Diagnostic> {
        let route = format!("{}/releases/latest", self.repo);
        let call = self.api.call(async |crab| crab.get(&route, None::<&()>).await).await;
        Ok(unless_absent::<Release>(call)?.map(|release| release.tag_name))
    }

    /// Deletes a release or an asset; one that is gone already is as good.
    pub(super) async fn delete(&self, what: &str, id: u64) -> Result<(), Diagnostic> {
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
