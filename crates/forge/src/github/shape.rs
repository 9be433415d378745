//! GitHub's JSON: objects with all the members that its API description requires.

use serde_json::{Value, json};

use super::{Asset, Handler, Release};
use crate::context::Context;
use crate::encoding::{base64, digest, time};
use crate::http::Request;
use crate::service::Service;

/// The base addresses that responses name.
pub(super) struct Bases {
    api: String,
    uploads: String,
    web: String,
}

impl Bases {
    /// The bases for a request; an Enterprise Server has prefixes of its own.
    pub(super) fn of(context: Context<'_>, request: &Request) -> Self {
        let base = |service| context.addresses.base(service, request.tls);
        let enterprise = request.path.starts_with("/api/");
        let with = |base: String, folder: &str| if enterprise { base + folder } else { base };
        Self {
            api: with(base(Service::Api), "/api/v3"),
            uploads: with(base(Service::Uploads), "/api/uploads"),
            web: base(Service::Objects),
        }
    }
}

impl Handler<'_> {
    pub(super) fn release(&self, release: &Release) -> Value {
        let bases = Bases::of(self.context, self.request);
        let (repository, id) = (&self.repository, release.id);
        let api = format!("{}/repos/{repository}", bases.api);
        let web = format!("{}/{repository}", bases.web);
        let (tag, own) = (&release.tag, format!("{api}/releases/{id}"));
        let ball = |kind: &str| match release.draft {
            true => Value::Null,
            false => format!("{api}/{kind}/refs/tags/{tag}").into(),
        };
        let assets: Vec<Value> =
            release.assets.values().map(|asset| self.asset(release, asset)).collect();
        json!({
            "url": own,
            "assets_url": format!("{own}/assets"),
            "upload_url":
                format!("{}/repos/{repository}/releases/{id}/assets{{?name,label}}", bases.uploads),
            "html_url": format!("{web}/releases/tag/{}", web_tag(release)),
            "id": id,
            "author": user(&bases, &self.context.setup.github.login),
            "node_id": node("Release", id),
            "tag_name": tag,
            "target_commitish": release.target,
            "name": release.name,
            "draft": release.draft,
            "immutable": release.immutable,
            "prerelease": release.prerelease,
            "created_at": time(release.created),
            "updated_at": time(release.updated),
            "published_at": release.published.map(time),
            "assets": assets,
            "tarball_url": ball("tarball"),
            "zipball_url": ball("zipball"),
            "body": release.body,
        })
    }

    pub(super) fn asset(&self, release: &Release, asset: &Asset) -> Value {
        let bases = Bases::of(self.context, self.request);
        let (repository, id) = (&self.repository, asset.id);
        let folder = format!("{}/{repository}/releases/download", bases.web);
        json!({
            "url": format!("{}/repos/{repository}/releases/assets/{id}", bases.api),
            "id": id,
            "node_id": node("ReleaseAsset", id),
            "name": asset.name,
            "label": asset.label,
            "uploader": user(&bases, &self.context.setup.github.login),
            "content_type": asset.content_type,
            "state": if asset.uploaded { "uploaded" } else { "starter" },
            "size": asset.bytes.len(),
            "digest": (asset.uploaded && self.context.setup.github.digests)
                .then(|| digest(&asset.bytes)),
            "download_count": asset.downloads,
            "created_at": time(asset.created),
            "updated_at": time(asset.created),
            "browser_download_url": format!("{folder}/{}/{}", web_tag(release), asset.name),
        })
    }
}

/// The tag in addresses of web pages; a draft has none yet.
pub(super) fn web_tag(release: &Release) -> String {
    if release.draft { format!("untagged-{:020x}", release.id) } else { release.tag.clone() }
}

/// An account, with an `id` derived from its name.
pub(super) fn user(bases: &Bases, login: &str) -> Value {
    let api = format!("{}/users/{login}", bases.api);
    let id: u64 = login.bytes().fold(1, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte));
    json!({
        "login": login,
        "id": id,
        "node_id": node("User", id),
        "avatar_url": format!("{}/avatars/{id}", bases.web),
        "gravatar_id": "",
        "url": api,
        "html_url": format!("{}/{login}", bases.web),
        "followers_url": format!("{api}/followers"),
        "following_url": format!("{api}/following{{/other_user}}"),
        "gists_url": format!("{api}/gists{{/gist_id}}"),
        "starred_url": format!("{api}/starred{{/owner}}{{/repo}}"),
        "subscriptions_url": format!("{api}/subscriptions"),
        "organizations_url": format!("{api}/orgs"),
        "repos_url": format!("{api}/repos"),
        "events_url": format!("{api}/events{{/privacy}}"),
        "received_events_url": format!("{api}/received_events"),
        "type": "User",
        "user_view_type": "public",
        "site_admin": false,
    })
}

/// An opaque id, as GraphQL has it.
pub(super) fn node(kind: &str, id: u64) -> String {
    base64(format!("{kind}{id}").as_bytes())
}

/// An address of the API.
pub(super) fn api(bases: &Bases, path: &str) -> String {
    format!("{}{path}", bases.api)
}

/// An address of a web page.
pub(super) fn web(bases: &Bases, path: &str) -> String {
    format!("{}{path}", bases.web)
}
