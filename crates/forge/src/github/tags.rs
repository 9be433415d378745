//! Git tags: light ones name a commit, annotated ones an object that names it.

use serde_json::{Value, json};

use super::shape::{Bases, api, node};
use super::{Desk, not_found};
use crate::encoding::time;
use crate::exchange::Reply;

/// A git reference, of which only tags are held: `tags/v1.2.3`.
pub(super) fn reference(desk: &Desk<'_>, name: &str) -> Reply {
    let held = desk.github.repositories.get(&desk.repository);
    let found = held.zip(name.strip_prefix("tags/"));
    let found = found.and_then(|(held, tag)| Some((held, tag, held.tags.get(tag)?)));
    let Some((held, tag, target)) = found else { return not_found() };
    let annotated = held.annotated.contains_key(target);
    let said = json!({
        "ref": format!("refs/tags/{tag}"),
        "node_id": node("Ref", 1),
        "url": address(desk, &format!("refs/tags/{tag}")),
        "object": object(desk, target, annotated),
    });
    Reply::json(200, &said)
}

/// An annotated tag by the hash of its own object.
pub(super) fn annotated(desk: &Desk<'_>, hash: &str) -> Reply {
    let held = desk.github.repositories.get(&desk.repository);
    let Some((held, target)) = held.and_then(|held| Some((held, held.annotated.get(hash)?))) else {
        return not_found();
    };
    let name = held.tags.iter().find(|(_, own)| *own == hash).map_or("", |(name, _)| name);
    let said = json!({
        "node_id": node("Tag", 1),
        "sha": hash,
        "tag": name,
        "message": name,
        "url": address(desk, &format!("tags/{hash}")),
        "tagger": {
            "name": desk.place.setup.github.login,
            "email": "octocat@example.com",
            "date": time(desk.call.now),
        },
        "object": object(desk, target, held.annotated.contains_key(target)),
    });
    Reply::json(200, &said)
}

fn object(desk: &Desk<'_>, hash: &str, annotated: bool) -> Value {
    let (kind, folder) = if annotated { ("tag", "tags") } else { ("commit", "commits") };
    json!({ "type": kind, "sha": hash, "url": address(desk, &format!("{folder}/{hash}")) })
}

fn address(desk: &Desk<'_>, rest: &str) -> String {
    let bases = Bases::of(desk.place, desk.call);
    api(&bases, &format!("/repos/{}/git/{rest}", desk.repository))
}
