//! The list of tags, in pages.

use serde_json::json;

use super::{Handler, error};
use crate::http::Response;

pub(super) fn answer(handler: &Handler<'_>) -> Response {
    if !["GET", "HEAD"].contains(&handler.request.method.as_str()) {
        return error(405, "UNSUPPORTED", "method not allowed for tags");
    }
    let Some(repository) = handler.repository() else {
        return error(404, "NAME_UNKNOWN", "repository name not known to registry");
    };
    let asked = handler.request.parameter("n").and_then(|text| text.parse::<usize>().ok());
    let size = asked.unwrap_or(handler.context.setup.registry.page);
    let last = handler.request.parameter("last").unwrap_or_default();
    // The specification asks for lexical order without regard to case.
    let mut tags: Vec<&str> = repository.tags.keys().map(String::as_str).collect();
    tags.sort_by_key(|tag| key(tag));
    let rest: Vec<&str> = tags.into_iter().filter(|tag| key(tag) > key(last)).collect();
    let page = rest.get(..size).unwrap_or(&rest);
    let response = Response::json(200, &json!({ "name": handler.name, "tags": page }));
    match page.last().filter(|_| page.len() < rest.len()) {
        None => response,
        Some(last) => {
            let address = format!("/v2/{}/tags/list?last={last}&n={size}", handler.name);
            response.with("link", format!("<{address}>; rel=\"next\""))
        }
    }
}

fn key(tag: &str) -> (String, &str) {
    (tag.to_lowercase(), tag)
}
