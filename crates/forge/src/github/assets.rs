//! Release assets: uploaded to a separate host, listed, renamed, served and deleted.

use hyper::body::Bytes;
use serde_json::{Value, json};

use super::{Asset, Github, Handler, Release, invalid, may_write, message, not_found, page};
use crate::context::Context;
use crate::encoding::sha256;
use crate::http::{Request, Response};
use crate::service::Service;

/// The most assets of one release (GitHub's limit).
const MAX_ASSETS: usize = 1_000;

const LOCKED: &str = "Cannot upload assets to an immutable release.";

pub(super) fn list(handler: &Handler<'_>, release: u64) -> Response {
    let found = handler.github.releases(&handler.repository).find(|held| held.id == release);
    let Some(held) = found.filter(|held| handler.writer || !held.draft) else { return not_found() };
    let items: Vec<Value> = held.assets.values().map(|asset| handler.asset(held, asset)).collect();
    page(handler.context, handler.request, &items)
}

pub(super) fn get(handler: &mut Handler<'_>, id: u64) -> Response {
    let Some((release, asset)) = find(handler, id) else { return not_found() };
    if !release.draft || handler.writer {
        if !handler.request.headers_of("accept").contains("application/octet-stream") {
            return Response::json(200, &handler.asset(release, asset));
        }
        if !asset.uploaded {
            return not_found();
        }
        let (kind, bytes) = (asset.content_type.clone(), asset.bytes.clone());
        if handler.context.setup.github.objects {
            let base = handler.context.addresses.base(Service::Objects, handler.request.tls);
            let to = format!("{base}/asset/{}/{id}?sig={}", handler.repository, signature(id));
            return Response::empty(302).with("location", to);
        }
        count_download(handler.github, &handler.repository, id);
        return Response::bytes(200, &kind, bytes);
    }
    not_found()
}

pub(super) fn update(handler: &mut Handler<'_>, id: u64) -> Response {
    let body = handler.request.json();
    let Some((release, asset)) = find(handler, id) else { return not_found() };
    if release.immutable {
        return asset_error("Cannot update asset of an immutable release");
    }
    let word = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    let name = word("name").map_or_else(|| asset.name.clone(), |name| sanitized(&name));
    if release.assets.values().any(|other| other.name == name && other.id != id) {
        return invalid("ReleaseAsset", "name", "already_exists", None);
    }
    let (release, mut changed) = (release.clone(), asset.clone());
    (changed.name, changed.label) = (name, word("label").or(changed.label));
    let document = handler.asset(&release, &changed);
    if let Some(held) = held(handler, release.id) {
        held.assets.insert(id, changed);
    }
    Response::json(200, &document)
}

pub(super) fn delete(handler: &mut Handler<'_>, id: u64) -> Response {
    let Some((release, _)) = find(handler, id) else { return not_found() };
    let (release, immutable) = (release.id, release.immutable);
    if immutable {
        return asset_error("Cannot delete asset from an immutable release");
    }
    if let Some(held) = held(handler, release) {
        held.assets.remove(&id);
    }
    Response::empty(204)
}

/// Answers a request to the host for uploads.
pub(crate) fn upload(github: &mut Github, context: Context<'_>, request: &Request) -> Response {
    let writer = match may_write(context, request) {
        Ok(writer) => writer,
        Err(refused) => return refused,
    };
    let segments = request.segments();
    let mut parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if parts.starts_with(&["api", "uploads"]) {
        parts.drain(..2);
    }
    let (true, "POST", ["repos", owner, name, "releases", id, "assets"]) =
        (writer, request.method.as_str(), parts.as_slice())
    else {
        return not_found();
    };
    let (repository, id) = (format!("{owner}/{name}"), id.parse::<u64>().unwrap_or_default());
    let mut handler = Handler { github, context, request, repository, writer };
    store(&mut handler, id)
}

fn store(handler: &mut Handler<'_>, id: u64) -> Response {
    let request = handler.request;
    let Some(release) = handler.github.releases(&handler.repository).find(|held| held.id == id)
    else {
        return not_found();
    };
    if release.immutable {
        return message(422, LOCKED);
    }
    let Some(name) = request.parameter("name").map(sanitized).filter(|name| !name.is_empty())
    else {
        return invalid("ReleaseAsset", "name", "missing_field", None);
    };
    // Chunked transfers and empty files are refused.
    if request.header("content-length").is_none_or(|length| length == "0") {
        return message(400, "Bad Content-Length: ");
    }
    let Some(content_type) = request.header("content-type").map(str::to_owned) else {
        return invalid("ReleaseAsset", "content_type", "missing_field", None);
    };
    if release.asset(&name).is_some() {
        return invalid("ReleaseAsset", "name", "already_exists", None);
    }
    if release.assets.len() >= MAX_ASSETS {
        let text = "file_count limited to 1000 assets per release";
        return invalid("ReleaseAsset", "file_count", "custom", Some(text));
    }
    let release = release.clone();
    let asset = Asset {
        id: handler.github.new_id(),
        name,
        label: request.parameter("label").map(str::to_owned),
        content_type,
        bytes: if request.complete { request.body.clone() } else { Bytes::new() },
        uploaded: request.complete,
        created: request.now,
        downloads: 0,
    };
    let document = handler.asset(&release, &asset);
    if let Some(held) = held(handler, id) {
        held.assets.insert(asset.id, asset);
    }
    Response::json(201, &document)
}

/// Answers a request to the host that serves files: by a signed address, or by a published
/// release's tag.
pub(crate) fn object(github: &mut Github, request: &Request) -> Response {
    let segments = request.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (repository, id) = match parts.as_slice() {
        ["asset", owner, name, id] => {
            let id = id.parse::<u64>().unwrap_or_default();
            // The address itself is the permission: a second one is refused, as real storage does.
            if request.header("authorization").is_some() {
                return Response::text(400, "only one way of authentication is allowed");
            }
            if request.parameter("sig") != Some(signature(id).as_str()) {
                return Response::text(403, "wrong signature");
            }
            (format!("{owner}/{name}"), id)
        }
        [owner, name, "releases", "download", tag @ .., file] => {
            let repository = format!("{owner}/{name}");
            let release = github.published(&repository, &tag.join("/"));
            let Some(asset) = release.and_then(|release| release.asset(file)) else {
                return Response::text(404, "Not Found");
            };
            (repository, asset.id)
        }
        _ => return Response::text(404, "Not Found"),
    };
    let all = github.releases(&repository).filter_map(|release| release.assets.get(&id));
    let Some(asset) = { all }.next().filter(|asset| asset.uploaded).cloned() else {
        return Response::text(404, "Not Found");
    };
    count_download(github, &repository, id);
    Response::bytes(200, &asset.content_type, asset.bytes)
}

/// A validation error of an asset that names no field.
fn asset_error(text: &str) -> Response {
    let error = json!({ "resource": "ReleaseAsset", "code": "custom", "message": text });
    let document = json!({
        "message": "Validation Failed",
        "errors": [error],
        "documentation_url": "https://docs.github.com/rest",
    });
    Response::json(422, &document)
}

fn find<'a>(handler: &'a Handler<'_>, id: u64) -> Option<(&'a Release, &'a Asset)> {
    let all = handler.github.releases(&handler.repository);
    all.filter_map(|release| Some((release, release.assets.get(&id)?))).next()
}

fn held<'a>(handler: &'a mut Handler<'_>, release: u64) -> Option<&'a mut Release> {
    handler.github.repository(&handler.repository).releases.get_mut(&release)
}

fn count_download(github: &mut Github, repository: &str, id: u64) {
    let releases = github.repository(repository).releases.values_mut();
    if let Some(asset) = releases.filter_map(|release| release.assets.get_mut(&id)).next() {
        asset.downloads += 1;
    }
}

fn signature(id: u64) -> String {
    sha256(format!("asset {id}").as_bytes())
}

/// The name as GitHub sanitizes it: other characters become dots.
fn sanitized(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || "._-+@".contains(c);
    let name: String = name.chars().map(|c| if kept(c) { c } else { '.' }).collect();
    name.trim_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_changed_as_github_does() {
        let check = |name: &str, expected: &str| assert_eq!(sanitized(name), expected);
        check("app-1.2.3+build.tar.gz", "app-1.2.3+build.tar.gz");
        check("my file (1).zip", "my.file..1..zip");
        check(".hidden", "hidden");
        check("a~b", "a.b");
    }
}
