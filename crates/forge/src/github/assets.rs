//! The files of a release: uploaded to a host of their own, listed, renamed, served, deleted.

use hyper::body::Bytes;
use serde_json::{Value, json};

use super::{Asset, Desk, Release, invalid, message, not_found, page, rights};
use crate::encoding::sha256;
use crate::exchange::{Call, Reply};
use crate::world::Place;
use crate::{Service, World};

/// Assets of one release, at most (GitHub's limit).
const MOST: usize = 1_000;

const LOCKED: &str = "Cannot upload assets to an immutable release.";

pub(super) fn list(desk: &Desk<'_>, release: u64) -> Reply {
    let found = desk.github.releases(&desk.repository).find(|held| held.id == release);
    let Some(held) = found.filter(|held| desk.writer || !held.draft) else { return not_found() };
    let items: Vec<Value> = held.assets.values().map(|asset| desk.asset(held, asset)).collect();
    page(desk.place, desk.call, &items)
}

pub(super) fn get(desk: &mut Desk<'_>, id: u64) -> Reply {
    let Some((release, asset)) = find(desk, id) else { return not_found() };
    if !release.draft || desk.writer {
        if !desk.call.headers_of("accept").contains("application/octet-stream") {
            return Reply::json(200, &desk.asset(release, asset));
        }
        if !asset.uploaded {
            return not_found();
        }
        let (kind, bytes) = (asset.content_type.clone(), asset.bytes.clone());
        if desk.place.setup.github.objects {
            let base = desk.place.sites.base(Service::Objects, desk.call.tls);
            let to = format!("{base}/asset/{}/{id}?sig={}", desk.repository, signature(id));
            return Reply::empty(302).with("location", to);
        }
        count(desk.github, &desk.repository, id);
        return Reply::bytes(200, &kind, bytes);
    }
    not_found()
}

pub(super) fn update(desk: &mut Desk<'_>, id: u64) -> Reply {
    let asked = desk.call.json();
    let Some((release, asset)) = find(desk, id) else { return not_found() };
    if release.immutable {
        return invalid_asset("Cannot update asset of an immutable release");
    }
    let word = |key: &str| asked.get(key).and_then(Value::as_str).map(str::to_owned);
    let name = word("name").map_or_else(|| asset.name.clone(), |name| plain(&name));
    if release.assets.values().any(|other| other.name == name && other.id != id) {
        return invalid("ReleaseAsset", "name", "already_exists", None);
    }
    let (release, mut changed) = (release.clone(), asset.clone());
    (changed.name, changed.label) = (name, word("label").or(changed.label));
    let said = desk.asset(&release, &changed);
    if let Some(held) = held(desk, release.id) {
        held.assets.insert(id, changed);
    }
    Reply::json(200, &said)
}

pub(super) fn delete(desk: &mut Desk<'_>, id: u64) -> Reply {
    let Some((release, _)) = find(desk, id) else { return not_found() };
    let (release, immutable) = (release.id, release.immutable);
    if immutable {
        return invalid_asset("Cannot delete asset from an immutable release");
    }
    if let Some(held) = held(desk, release) {
        held.assets.remove(&id);
    }
    Reply::empty(204)
}

/// Answers the host that takes uploads.
pub(crate) fn upload(world: &mut World, place: Place<'_>, call: &Call) -> Reply {
    let writer = match rights(place, call) {
        Ok(writer) => writer,
        Err(refused) => return refused,
    };
    let segments = call.segments();
    let mut parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if parts.starts_with(&["api", "uploads"]) {
        parts.drain(..2);
    }
    let (true, "POST", ["repos", owner, name, "releases", id, "assets"]) =
        (writer, call.method.as_str(), parts.as_slice())
    else {
        return not_found();
    };
    let (repository, id) = (format!("{owner}/{name}"), id.parse::<u64>().unwrap_or_default());
    let mut desk = Desk { github: &mut world.github, place, call, repository, writer };
    take(&mut desk, id)
}

fn take(desk: &mut Desk<'_>, id: u64) -> Reply {
    let call = desk.call;
    let Some(release) = desk.github.releases(&desk.repository).find(|held| held.id == id) else {
        return not_found();
    };
    if release.immutable {
        return message(422, LOCKED);
    }
    let Some(name) = call.parameter("name").map(plain).filter(|name| !name.is_empty()) else {
        return invalid("ReleaseAsset", "name", "missing_field", None);
    };
    // Chunked transfer is not taken, nor are empty files.
    if call.header("content-length").is_none_or(|length| length == "0") {
        return message(400, "Bad Content-Length: ");
    }
    let Some(content_type) = call.header("content-type").map(str::to_owned) else {
        return invalid("ReleaseAsset", "content_type", "missing_field", None);
    };
    if release.asset(&name).is_some() {
        return invalid("ReleaseAsset", "name", "already_exists", None);
    }
    if release.assets.len() >= MOST {
        let text = "file_count limited to 1000 assets per release";
        return invalid("ReleaseAsset", "file_count", "custom", Some(text));
    }
    let release = release.clone();
    let asset = Asset {
        id: desk.github.number(),
        name,
        label: call.parameter("label").map(str::to_owned),
        content_type,
        bytes: if call.complete { call.body.clone() } else { Bytes::new() },
        uploaded: call.complete,
        created: call.now,
        downloads: 0,
    };
    let said = desk.asset(&release, &asset);
    if let Some(held) = held(desk, id) {
        held.assets.insert(asset.id, asset);
    }
    Reply::json(201, &said)
}

/// Answers the host that serves files: by a signed address, or by a published release's tag.
pub(crate) fn object(world: &mut World, call: &Call) -> Reply {
    let segments = call.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (repository, id) = match parts.as_slice() {
        ["asset", owner, name, id] => {
            let id = id.parse::<u64>().unwrap_or_default();
            // The address itself is the permission: a second one is refused, as storage does.
            if call.header("authorization").is_some() {
                return Reply::text(400, "only one way of authentication is allowed");
            }
            if call.parameter("sig") != Some(signature(id).as_str()) {
                return Reply::text(403, "wrong signature");
            }
            (format!("{owner}/{name}"), id)
        }
        [owner, name, "releases", "download", tag @ .., file] => {
            let repository = format!("{owner}/{name}");
            let release = world.github.published(&repository, &tag.join("/"));
            let Some(asset) = release.and_then(|release| release.asset(file)) else {
                return Reply::text(404, "Not Found");
            };
            (repository, asset.id)
        }
        _ => return Reply::text(404, "Not Found"),
    };
    let all = world.github.releases(&repository).filter_map(|release| release.assets.get(&id));
    let Some(asset) = { all }.next().filter(|asset| asset.uploaded).cloned() else {
        return Reply::text(404, "Not Found");
    };
    count(&mut world.github, &repository, id);
    Reply::bytes(200, &asset.content_type, asset.bytes)
}

/// An error of an asset that has no field.
fn invalid_asset(text: &str) -> Reply {
    let error = json!({ "resource": "ReleaseAsset", "code": "custom", "message": text });
    let said = json!({
        "message": "Validation Failed",
        "errors": [error],
        "documentation_url": "https://docs.github.com/rest",
    });
    Reply::json(422, &said)
}

fn find<'a>(desk: &'a Desk<'_>, id: u64) -> Option<(&'a Release, &'a Asset)> {
    let all = desk.github.releases(&desk.repository);
    all.filter_map(|release| Some((release, release.assets.get(&id)?))).next()
}

fn held<'a>(desk: &'a mut Desk<'_>, release: u64) -> Option<&'a mut Release> {
    desk.github.repository(&desk.repository).releases.get_mut(&release)
}

fn count(github: &mut super::Github, repository: &str, id: u64) {
    let releases = github.repository(repository).releases.values_mut();
    if let Some(asset) = releases.filter_map(|release| release.assets.get_mut(&id)).next() {
        asset.downloads += 1;
    }
}

fn signature(id: u64) -> String {
    sha256(format!("asset {id}").as_bytes())
}

/// GitHub puts a dot for what it does not like in a name.
fn plain(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || "._-+@".contains(c);
    let name: String = name.chars().map(|c| if kept(c) { c } else { '.' }).collect();
    name.trim_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_changed_as_github_does() {
        let check = |name: &str, expected: &str| assert_eq!(plain(name), expected);
        check("app-1.2.3+build.tar.gz", "app-1.2.3+build.tar.gz");
        check("my file (1).zip", "my.file..1..zip");
        check(".hidden", "hidden");
        check("a~b", "a.b");
    }
}
