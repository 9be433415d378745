//! What points at a manifest: the referrers API.

use serde_json::{Value, json};

use super::{Desk, Manifest, error};
use crate::encoding::is_digest;
use crate::exchange::Reply;

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

pub(super) fn answer(desk: &Desk<'_>, digest: &str) -> Reply {
    if !desk.place.setup.registry.referrers {
        return error(404, "NOT_FOUND", "no such route");
    }
    if !is_digest(digest) {
        return error(400, "DIGEST_INVALID", "no digest");
    }
    let all = desk.shelf().into_iter().flat_map(|shelf| &shelf.manifests);
    let found = all.filter_map(|(own, manifest)| descriptor(own, manifest, digest));
    let wanted = desk.call.parameter("artifactType");
    let kept = found.filter(|found| {
        let kind = found.get("artifactType").and_then(Value::as_str);
        wanted.is_none_or(|wanted| kind == Some(wanted))
    });
    let manifests: Vec<Value> = kept.collect();
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
    let reply = Reply::bytes(200, INDEX, index.to_string().into());
    if wanted.is_some() { reply.with("oci-filters-applied", "artifactType") } else { reply }
}

/// A manifest as the list has it, where its subject is the one asked for.
fn descriptor(own: &str, manifest: &Manifest, subject: &str) -> Option<Value> {
    let document: Value = serde_json::from_slice(&manifest.bytes).ok()?;
    let word = |pointer: &str| document.pointer(pointer).and_then(Value::as_str);
    if word("/subject/digest") != Some(subject) {
        return None;
    }
    let mut found = json!({
        "mediaType": manifest.media_type,
        "digest": own,
        "size": manifest.bytes.len(),
    });
    let kind = word("/artifactType").filter(|kind| !kind.is_empty());
    let members = found.as_object_mut()?;
    if let Some(kind) = kind.or_else(|| word("/config/mediaType")) {
        members.insert("artifactType".to_owned(), kind.into());
    }
    if let Some(annotations) = document.get("annotations") {
        members.insert("annotations".to_owned(), annotations.clone());
    }
    Some(found)
}
