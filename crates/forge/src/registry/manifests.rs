//! Manifests and indexes: checked, kept by digest, named by tags.

use serde_json::Value;

use super::{Desk, Manifest, error};
use crate::encoding::{digest, digest_like, is_digest};
use crate::exchange::Reply;

/// The specification's least limit, and ours.
const LIMIT: usize = 4 * 1024 * 1024;

/// Layers that need not be there.
const ELSEWHERE: &[&str] = &["nondistributable", "foreign"];

/// Types whose content has a shape that is checked.
const IMAGES: &[&str] = &[
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];
const INDEXES: &[&str] = &[
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];

pub(super) fn answer(desk: &mut Desk<'_>, reference: &str) -> Reply {
    match desk.call.method.as_str() {
        "GET" | "HEAD" => read(desk, reference),
        "PUT" => write(desk, reference),
        "DELETE" if !desk.place.setup.registry.deletes => {
            error(405, "UNSUPPORTED", "nothing can be deleted here")
        }
        "DELETE" => delete(desk, reference),
        _ => error(405, "UNSUPPORTED", "not done to manifests"),
    }
}

fn read(desk: &Desk<'_>, reference: &str) -> Reply {
    match desk.shelf().and_then(|shelf| shelf.manifest(reference)) {
        None => error(404, "MANIFEST_UNKNOWN", "manifest unknown"),
        Some((digest, manifest)) => Reply::bytes(200, &manifest.media_type, manifest.bytes.clone())
            .with("docker-content-digest", digest)
            .with("etag", format!("\"{digest}\"")),
    }
}

fn delete(desk: &mut Desk<'_>, reference: &str) -> Reply {
    let shelf = desk.shelf_mut();
    let gone = if is_digest(reference) {
        shelf.tags.retain(|_, target| target != reference);
        shelf.manifests.remove(reference).is_some()
    } else {
        shelf.tags.remove(reference).is_some()
    };
    if gone { Reply::empty(202) } else { error(404, "MANIFEST_UNKNOWN", "manifest unknown") }
}

fn write(desk: &mut Desk<'_>, reference: &str) -> Reply {
    let bytes = desk.call.body.clone();
    if bytes.len() > LIMIT {
        return error(413, "MANIFEST_INVALID", "larger than 4 MiB");
    }
    let named = reference.contains(':');
    if !named && !is_tag(reference) {
        return error(400, "MANIFEST_INVALID", "invalid tag");
    }
    let told = desk.call.parameter("digest").or(named.then_some(reference));
    let found = told.map_or_else(|| Some(digest(&bytes)), |told| digest_like(told, &bytes));
    let Some(found) = found.filter(|found| told.is_none_or(|told| told == found)) else {
        return error(400, "DIGEST_INVALID", "provided digest did not match the manifest");
    };
    let Ok(document) = serde_json::from_slice::<Value>(&bytes) else {
        return error(400, "MANIFEST_INVALID", "no JSON");
    };
    let inside = document.get("mediaType").and_then(Value::as_str);
    let outside = desk.call.header("content-type").map(|kind| kind.split(';').next().unwrap_or(""));
    let Some(media_type) = outside.or(inside).map(str::trim).filter(|kind| !kind.is_empty()) else {
        return error(400, "MANIFEST_INVALID", "no media type");
    };
    if inside.is_some_and(|inside| inside != media_type) {
        return error(400, "MANIFEST_INVALID", "mediaType differs from Content-Type");
    }
    if let Some(refused) = check(desk, media_type, &document) {
        return refused;
    }
    let media_type = media_type.to_owned();
    let extra = desk.call.query.iter().filter(|(key, _)| named && key == "tag");
    let extra: Vec<String> = extra.map(|(_, tag)| tag.clone()).filter(|tag| is_tag(tag)).collect();
    let shelf = desk.shelf_mut();
    shelf.manifests.insert(found.clone(), Manifest { media_type, bytes });
    if !named {
        shelf.tags.insert(reference.to_owned(), found.clone());
    }
    shelf.tags.extend(extra.iter().map(|tag| (tag.clone(), found.clone())));
    created(desk, &found, &document, &extra)
}

fn created(desk: &Desk<'_>, found: &str, document: &Value, tags: &[String]) -> Reply {
    let subject = document.pointer("/subject/digest").and_then(Value::as_str);
    let mut reply = Reply::empty(201)
        .with("location", desk.address(&format!("manifests/{found}")))
        .with("docker-content-digest", found);
    // Only a registry that will list it among the referrers says so.
    if let Some(subject) = subject.filter(|_| desk.place.setup.registry.referrers) {
        reply = reply.with("oci-subject", subject);
    }
    tags.iter().fold(reply, |reply, tag| reply.with("oci-tag", tag))
}

/// What a manifest speaks of must be there; its subject need not be.
fn check(desk: &Desk<'_>, media_type: &str, document: &Value) -> Option<Reply> {
    let items = |key: &str| document.get(key).and_then(Value::as_array);
    let word = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let shelf = desk.shelf();
    if IMAGES.contains(&media_type) {
        let (Some(config), Some(layers)) = (document.get("config"), items("layers")) else {
            return Some(error(400, "MANIFEST_INVALID", "no config or no layers"));
        };
        for part in layers.iter().chain([config]) {
            let kind = word(part, "mediaType").unwrap_or_default();
            let digest = word(part, "digest").unwrap_or_default();
            let elsewhere = ELSEWHERE.iter().any(|name| kind.contains(name));
            let there = shelf.and_then(|shelf| shelf.blobs.get(&digest));
            let size = part.get("size").and_then(Value::as_u64);
            match there {
                Some(bytes) if size != Some(bytes.len() as u64) => {
                    return Some(error(400, "SIZE_INVALID", "a size that is not the blob's"));
                }
                None if !elsewhere => {
                    return Some(error(404, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry"));
                }
                _ => {}
            }
        }
    }
    if INDEXES.contains(&media_type) {
        let Some(manifests) = items("manifests") else {
            return Some(error(400, "MANIFEST_INVALID", "no manifests"));
        };
        let there = |part: &Value| {
            let digest = word(part, "digest").unwrap_or_default();
            shelf.is_some_and(|shelf| shelf.manifests.contains_key(&digest))
        };
        if !manifests.iter().all(there) {
            return Some(error(404, "MANIFEST_BLOB_UNKNOWN", "manifest unknown to registry"));
        }
    }
    None
}

/// `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
fn is_tag(text: &str) -> bool {
    let first = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(first)
        && text.len() <= 128
        && text.chars().all(|c| first(c) || c == '.' || c == '-')
}
