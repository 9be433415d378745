//! Uploads of blobs: started, sent at once or in chunks, queried, finished, cancelled; and blobs
//! mounted from another repository.

use hyper::body::Bytes;

use super::{Handler, Upload, access, error};
use crate::encoding::{digest_like, is_digest};
use crate::http::Response;

pub(super) fn answer(handler: &mut Handler<'_>, rest: &str) -> Response {
    if rest.is_empty() {
        return match handler.request.method.as_str() {
            "POST" => start(handler),
            _ => error(405, "UNSUPPORTED", "uploads start with POST"),
        };
    }
    let known = rest.parse::<u64>().ok().filter(|id| {
        let upload = handler.registry.uploads.get(id);
        upload.is_some_and(|upload| upload.repository == handler.name)
    });
    let Some(id) = known else { return error(404, "BLOB_UPLOAD_UNKNOWN", "no such upload") };
    match handler.request.method.as_str() {
        "GET" => progress(handler, id, 204),
        "PATCH" => chunk(handler, id),
        "PUT" => finish(handler, id),
        "DELETE" => {
            handler.registry.uploads.remove(&id);
            Response::empty(204)
        }
        _ => error(405, "UNSUPPORTED", "method not allowed for uploads"),
    }
}

fn start(handler: &mut Handler<'_>) -> Response {
    if let Some(mounted) =
        handler.request.parameter("mount").and_then(|digest| mount(handler, digest))
    {
        return mounted;
    }
    if let Some(digest) = handler.request.parameter("digest") {
        return store(handler, digest, handler.request.body.clone());
    }
    let algorithm = handler.request.parameter("digest-algorithm").unwrap_or("sha256");
    if !["sha256", "sha512"].contains(&algorithm) {
        return error(400, "DIGEST_INVALID", "no such algorithm");
    }
    handler.repository_mut();
    let registry = &mut *handler.registry;
    registry.next_upload += 1;
    let id = registry.next_upload;
    let upload = Upload { repository: handler.name.clone(), parts: Vec::new() };
    registry.uploads.insert(id, upload);
    progress(handler, id, 202)
}

/// Adds a blob of another repository (of any, if none is named) to this one. `None` if that is not
/// possible: then an upload starts.
fn mount(handler: &mut Handler<'_>, digest: &str) -> Option<Response> {
    let from = handler.request.parameter("from").map(str::to_owned);
    if let Some(from) = &from {
        // Mounting needs permission to read the source.
        if access::refuse(handler.tokens, handler.context, handler.request, &[(from, "pull")])
            .is_some()
        {
            return None;
        }
    }
    let repositories = &handler.registry.repositories;
    let named = |name: &str| from.as_ref().is_none_or(|from| from == name);
    let readable = |private: bool| from.is_some() || !private;
    let sources = repositories.iter().filter(|(name, one)| named(name) && readable(one.private));
    let bytes = sources.filter_map(|(_, one)| one.blobs.get(digest)).next()?.clone();
    handler.repository_mut().blobs.insert(digest.to_owned(), bytes);
    Some(created(handler, digest))
}

/// How much of an upload was received. As in the specification, a `Range` of `0-0` also stands for
/// nothing.
fn progress(handler: &Handler<'_>, id: u64, status: u16) -> Response {
    let last = received(handler, id).saturating_sub(1);
    Response::empty(status)
        .with("location", handler.address(&format!("blobs/uploads/{id}")))
        .with("range", format!("0-{last}"))
        .with("docker-upload-uuid", id.to_string())
}

fn received(handler: &Handler<'_>, id: u64) -> u64 {
    let upload = handler.registry.uploads.get(&id);
    upload.map_or(0, |upload| upload.parts.iter().map(|part| part.len() as u64).sum())
}

fn chunk(handler: &mut Handler<'_>, id: u64) -> Response {
    let size = handler.request.body.len() as u64;
    if handler.context.setup.registry.patch_limit.is_some_and(|limit| size > limit) {
        return out_of_range(handler, id);
    }
    if !is_next(handler, id) {
        return out_of_range(handler, id);
    }
    add(handler, id);
    progress(handler, id, 202)
}

/// Whether the chunk follows what was received, according to its range.
fn is_next(handler: &Handler<'_>, id: u64) -> bool {
    let size = handler.request.body.len() as u64;
    let range = handler.request.header("content-range");
    range.is_none_or(|range| follows(range, received(handler, id), size))
}

fn out_of_range(handler: &Handler<'_>, id: u64) -> Response {
    let progress = progress(handler, id, 416);
    let error = error(416, "BLOB_UPLOAD_INVALID", "not the next range, or too large");
    Response { body: error.body, ..progress }
}

/// Whether a chunk's range starts where the last one ended and is as long as the chunk, or longer
/// if the chunk broke off.
fn follows(range: &str, received: u64, size: u64) -> bool {
    let range = range.trim_start_matches("bytes ");
    let Some((first, last)) = range.split('/').next().and_then(|text| text.split_once('-')) else {
        return false;
    };
    let (Ok(first), Ok(last)) = (first.parse::<u64>(), last.parse::<u64>()) else { return false };
    first == received && last.checked_sub(first).is_some_and(|more| more + 1 >= size)
}

fn add(handler: &mut Handler<'_>, id: u64) {
    let body = handler.request.body.clone();
    if let Some(upload) = handler.registry.uploads.get_mut(&id).filter(|_| !body.is_empty()) {
        upload.parts.push(body);
    }
}

fn finish(handler: &mut Handler<'_>, id: u64) -> Response {
    let Some(digest) = handler.request.parameter("digest").map(str::to_owned) else {
        return error(400, "DIGEST_INVALID", "no digest is given");
    };
    if !is_next(handler, id) {
        return out_of_range(handler, id);
    }
    add(handler, id);
    let Some(upload) = handler.registry.uploads.remove(&id) else {
        return error(404, "BLOB_UPLOAD_UNKNOWN", "no such upload");
    };
    store(handler, &digest, upload.parts.concat().into())
}

fn store(handler: &mut Handler<'_>, digest: &str, bytes: Bytes) -> Response {
    if !is_digest(digest) || digest_like(digest, &bytes).as_deref() != Some(digest) {
        return error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
    }
    handler.repository_mut().blobs.insert(digest.to_owned(), bytes);
    created(handler, digest)
}

fn created(handler: &Handler<'_>, digest: &str) -> Response {
    Response::empty(201)
        .with("location", handler.address(&format!("blobs/{digest}")))
        .with("docker-content-digest", digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chunk_must_start_where_the_last_one_ended() {
        let check = |range: &str, received, size, expected| {
            assert_eq!(follows(range, received, size), expected, "{range}");
        };
        check("0-9", 0, 10, true);
        check("10-19", 10, 10, true);
        check("bytes 10-19/*", 10, 10, true);
        check("10-19", 10, 4, true);
        check("0-9", 10, 10, false);
        check("20-29", 10, 10, false);
        check("10-14", 10, 10, false);
        check("10-9", 10, 0, false);
        check("x", 0, 1, false);
    }
}
