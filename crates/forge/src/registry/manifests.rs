//! Manifests and indexes: checked, stored by digest, and tagged.

use serde_json::Value;

use super::{Handler, Manifest, error};
use crate::encoding::{digest, digest_like, is_digest};
use crate::http::Response;

/// The smallest limit that the specification allows, in bytes.
const LIMIT: usize = 4 * 1024 * 1024;

/// Words in the media types of layers that need not be in the registry.
const FOREIGN: &[&str] = &["nondistributable", "foreign"];

/// Media types of image manifests, whose content is checked.
const IMAGES: &[&str] = &[
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];
/// Media types of image indexes, whose content is checked.
const INDEXES: &[&str] = &[
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];

pub(super) fn answer(handler: &mut Handler<'_>, reference: &str) -> Response {
    match handler.request.method.as_str() {
        "GET" | "HEAD" => read(handler, reference),
        "PUT" => write(handler, reference),
        "DELETE" if !handler.context.setup.registry.deletes => {
            error(405, "UNSUPPORTED", "deleting is not allowed")
        }
        "DELETE" => delete(handler, reference),
        _ => error(405, "UNSUPPORTED", "method not allowed for manifests"),
    }
}

fn read(handler: &Handler<'_>, reference: &str) -> Response {
    match handler.repository().and_then(|repository| repository.manifest(reference)) {
        None => error(404, "MANIFEST_UNKNOWN", "manifest unknown"),
        Some((digest, manifest)) => {
            Response::bytes(200, &manifest.media_type, manifest.bytes.clone())
                .with("docker-content-digest", digest)
                .with("etag", format!("\"{digest}\""))
        }
    }
}

fn delete(handler: &mut Handler<'_>, reference: &str) -> Response {
    let repository = handler.repository_mut();
    let removed = if is_digest(reference) {
        repository.tags.retain(|_, target| target != reference);
        repository.manifests.remove(reference).is_some()
    } else {
        repository.tags.remove(reference).is_some()
    };
    if removed { Response::empty(202) } else { error(404, "MANIFEST_UNKNOWN", "manifest unknown") }
}

fn write(handler: &mut Handler<'_>, reference: &str) -> Response {
    let bytes = handler.request.body.clone();
    if bytes.len() > LIMIT {
        return error(413, "MANIFEST_INVALID", "larger than 4 MiB");
    }
    let named = reference.contains(':');
    if !named && !is_tag(reference) {
        return error(400, "MANIFEST_INVALID", "invalid tag");
    }
    let expected = handler.request.parameter("digest").or(named.then_some(reference));
    let found =
        expected.map_or_else(|| Some(digest(&bytes)), |expected| digest_like(expected, &bytes));
    let Some(found) = found.filter(|found| expected.is_none_or(|expected| expected == found))
    else {
        return error(400, "DIGEST_INVALID", "provided digest did not match the manifest");
    };
    let Ok(document) = serde_json::from_slice::<Value>(&bytes) else {
        return error(400, "MANIFEST_INVALID", "not JSON");
    };
    let inside = document.get("mediaType").and_then(Value::as_str);
    let outside =
        handler.request.header("content-type").map(|kind| kind.split(';').next().unwrap_or(""));
    let Some(media_type) = outside.or(inside).map(str::trim).filter(|kind| !kind.is_empty()) else {
        return error(400, "MANIFEST_INVALID", "no media type");
    };
    if inside.is_some_and(|inside| inside != media_type) {
        return error(400, "MANIFEST_INVALID", "mediaType differs from Content-Type");
    }
    if let Some(refused) = check(handler, media_type, &document) {
        return refused;
    }
    let media_type = media_type.to_owned();
    let extra = handler.request.query.iter().filter(|(key, _)| named && key == "tag");
    let extra: Vec<String> = extra.map(|(_, tag)| tag.clone()).filter(|tag| is_tag(tag)).collect();
    let repository = handler.repository_mut();
    repository.manifests.insert(found.clone(), Manifest { media_type, bytes });
    if !named {
        repository.tags.insert(reference.to_owned(), found.clone());
    }
    repository.tags.extend(extra.iter().map(|tag| (tag.clone(), found.clone())));
    created(handler, &found, &document, &extra)
}

fn created(handler: &Handler<'_>, found: &str, document: &Value, tags: &[String]) -> Response {
    let subject = document.pointer("/subject/digest").and_then(Value::as_str);
    let mut response = Response::empty(201)
        .with("location", handler.address(&format!("manifests/{found}")))
        .with("docker-content-digest", found);
    // Only a registry with the referrers API sends this header.
    if let Some(subject) = subject.filter(|_| handler.context.setup.registry.referrers) {
        response = response.with("oci-subject", subject);
    }
    tags.iter().fold(response, |response, tag| response.with("oci-tag", tag))
}

/// What a manifest refers to must be there; its subject need not be.
fn check(handler: &Handler<'_>, media_type: &str, document: &Value) -> Option<Response> {
    let items = |key: &str| document.get(key).and_then(Value::as_array);
    let word = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let repository = handler.repository();
    if IMAGES.contains(&media_type) {
        let (Some(config), Some(layers)) = (document.get("config"), items("layers")) else {
            return Some(error(400, "MANIFEST_INVALID", "no config or no layers"));
        };
        for part in layers.iter().chain([config]) {
            let kind = word(part, "mediaType").unwrap_or_default();
            let digest = word(part, "digest").unwrap_or_default();
            let foreign = FOREIGN.iter().any(|name| kind.contains(name));
            let there = repository.and_then(|repository| repository.blobs.get(&digest));
            let size = part.get("size").and_then(Value::as_u64);
            match there {
                Some(bytes) if size != Some(bytes.len() as u64) => {
                    return Some(error(400, "SIZE_INVALID", "the size differs from the blob's"));
                }
                None if !foreign => {
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
            repository.is_some_and(|repository| repository.manifests.contains_key(&digest))
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
