//! The list of tags, in pages.

use serde_json::json;

use super::{Desk, error};
use crate::exchange::Reply;

pub(super) fn answer(desk: &Desk<'_>) -> Reply {
    if !["GET", "HEAD"].contains(&desk.call.method.as_str()) {
        return error(405, "UNSUPPORTED", "tags are only listed");
    }
    let Some(shelf) = desk.shelf() else {
        return error(404, "NAME_UNKNOWN", "repository name not known to registry");
    };
    let asked = desk.call.parameter("n").and_then(|text| text.parse::<usize>().ok());
    let size = asked.unwrap_or(desk.place.setup.registry.page);
    let last = desk.call.parameter("last").unwrap_or_default();
    // The specification orders tags without regard to case, so nearly as people do.
    let mut tags: Vec<&str> = shelf.tags.keys().map(String::as_str).collect();
    tags.sort_by_key(|tag| key(tag));
    let rest: Vec<&str> = tags.into_iter().filter(|tag| key(tag) > key(last)).collect();
    let page = rest.get(..size).unwrap_or(&rest);
    let reply = Reply::json(200, &json!({ "name": desk.repository, "tags": page }));
    match page.last().filter(|_| page.len() < rest.len()) {
        None => reply,
        Some(last) => {
            let address = format!("/v2/{}/tags/list?last={last}&n={size}", desk.repository);
            reply.with("link", format!("<{address}>; rel=\"next\""))
        }
    }
}

fn key(tag: &str) -> (String, &str) {
    (tag.to_lowercase(), tag)
}
