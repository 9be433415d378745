//! Git tags: a lightweight one points at a commit, an annotated one at an object that does.

use serde_json::{Value, json};

use super::shape::{Bases, api, node};
use super::{Handler, not_found};
use crate::encoding::time;
use crate::http::Response;

/// A git reference. Only tags are known: `tags/v1.2.3`.
pub(super) fn reference(handler: &Handler<'_>, name: &str) -> Response {
    let held = handler.github.repositories.get(&handler.repository);
    let found = held.zip(name.strip_prefix("tags/"));
    let found = found.and_then(|(held, tag)| Some((held, tag, held.tags.get(tag)?)));
    let Some((held, tag, target)) = found else { return not_found() };
    let annotated = held.annotated.contains_key(target);
    let document = json!({
        "ref": format!("refs/tags/{tag}"),
        "node_id": node("Ref", 1),
        "url": address(handler, &format!("refs/tags/{tag}")),
        "object": object(handler, target, annotated),
    });
    Response::json(200, &document)
}

/// An annotated tag by the hash of its own object.
pub(super) fn annotated(handler: &Handler<'_>, hash: &str) -> Response {
    let held = handler.github.repositories.get(&handler.repository);
    let Some((held, target)) = held.and_then(|held| Some((held, held.annotated.get(hash)?))) else {
        return not_found();
    };
    let name = held.tags.iter().find(|(_, own)| *own == hash).map_or("", |(name, _)| name);
    let document = json!({
        "node_id": node("Tag", 1),
        "sha": hash,
        "tag": name,
        "message": name,
        "url": address(handler, &format!("tags/{hash}")),
        "tagger": {
            "name": handler.context.setup.github.login,
            "email": "octocat@example.com",
            "date": time(handler.request.now),
        },
        "object": object(handler, target, held.annotated.contains_key(target)),
    });
    Response::json(200, &document)
}

fn object(handler: &Handler<'_>, hash: &str, annotated: bool) -> Value {
    let (kind, folder) = if annotated { ("tag", "tags") } else { ("commit", "commits") };
    json!({ "type": kind, "sha": hash, "url": address(handler, &format!("{folder}/{hash}")) })
}

fn address(handler: &Handler<'_>, rest: &str) -> String {
    let bases = Bases::of(handler.context, handler.request);
    api(&bases, &format!("/repos/{}/git/{rest}", handler.repository))
}
