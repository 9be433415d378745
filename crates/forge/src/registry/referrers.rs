//! The referrers API: the manifests whose subject is a given one.

use serde_json::{Value, json};

use super::{Handler, Manifest, error};
use crate::encoding::is_digest;
use crate::http::Response;

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

pub(super) fn answer(handler: &Handler<'_>, digest: &str) -> Response {
    if !handler.context.setup.registry.referrers {
        return error(404, "NOT_FOUND", "no such route");
    }
    if !is_digest(digest) {
        return error(400, "DIGEST_INVALID", "not a digest");
    }
    let all = handler.repository().into_iter().flat_map(|found| &found.manifests);
    let found = all.filter_map(|(own, manifest)| descriptor(own, manifest, digest));
    let wanted = handler.request.parameter("artifactType");
    let kept = found.filter(|found| {
        let kind = found.get("artifactType").and_then(Value::as_str);
        wanted.is_none_or(|wanted| kind == Some(wanted))
    });
    let manifests: Vec<Value> = kept.collect();
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": manifests });
    let response = Response::bytes(200, INDEX, index.to_string().into());
    if wanted.is_some() { response.with("oci-filters-applied", "artifactType") } else { response }
}

/// The descriptor of a manifest, if its subject is the given one.
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
