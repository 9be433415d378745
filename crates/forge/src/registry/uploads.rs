//! Uploads of blobs: begun, sent at once or in chunks, asked about, ended, given up; and blobs
//! mounted from another repository.

use hyper::body::Bytes;

use super::{Desk, Upload, access, error};
use crate::encoding::{digest_like, is_digest};
use crate::exchange::Reply;

pub(super) fn answer(desk: &mut Desk<'_>, rest: &str) -> Reply {
    if rest.is_empty() {
        return match desk.call.method.as_str() {
            "POST" => begin(desk),
            _ => error(405, "UNSUPPORTED", "uploads begin with POST"),
        };
    }
    let known = rest.parse::<u64>().ok().filter(|id| {
        let upload = desk.world.registry.uploads.get(id);
        upload.is_some_and(|upload| upload.repository == desk.repository)
    });
    let Some(id) = known else { return error(404, "BLOB_UPLOAD_UNKNOWN", "no such upload") };
    match desk.call.method.as_str() {
        "GET" => progress(desk, id, 204),
        "PATCH" => chunk(desk, id),
        "PUT" => end(desk, id),
        "DELETE" => {
            desk.world.registry.uploads.remove(&id);
            Reply::empty(204)
        }
        _ => error(405, "UNSUPPORTED", "not done to uploads"),
    }
}

fn begin(desk: &mut Desk<'_>) -> Reply {
    if let Some(mounted) = desk.call.parameter("mount").and_then(|digest| mount(desk, digest)) {
        return mounted;
    }
    if let Some(digest) = desk.call.parameter("digest") {
        return keep(desk, digest, desk.call.body.clone());
    }
    let algorithm = desk.call.parameter("digest-algorithm").unwrap_or("sha256");
    if !["sha256", "sha512"].contains(&algorithm) {
        return error(400, "DIGEST_INVALID", "no such algorithm");
    }
    desk.shelf_mut();
    let registry = &mut desk.world.registry;
    registry.next_upload += 1;
    let id = registry.next_upload;
    let upload = Upload { repository: desk.repository.clone(), parts: Vec::new() };
    registry.uploads.insert(id, upload);
    progress(desk, id, 202)
}

/// A blob of another repository, or of any where none is named, put here as well. `None` where
/// that cannot be done: then an upload begins.
fn mount(desk: &mut Desk<'_>, digest: &str) -> Option<Reply> {
    let from = desk.call.parameter("from").map(str::to_owned);
    if let Some(from) = &from {
        // Whoever may not read there cannot take from there.
        if access::refuse(desk.world, desk.place, desk.call, &[(from, "pull")]).is_some() {
            return None;
        }
    }
    let shelves = &desk.world.registry.repositories;
    let named = |name: &str| from.as_ref().is_none_or(|from| from == name);
    let readable = |private: bool| from.is_some() || !private;
    let sources = shelves.iter().filter(|(name, shelf)| named(name) && readable(shelf.private));
    let bytes = sources.filter_map(|(_, shelf)| shelf.blobs.get(digest)).next()?.clone();
    desk.shelf_mut().blobs.insert(digest.to_owned(), bytes);
    Some(created(desk, digest))
}

/// How far an upload is. A `Range` of `0-0` also stands for none, as the specification has it.
fn progress(desk: &Desk<'_>, id: u64, status: u16) -> Reply {
    let last = received(desk, id).saturating_sub(1);
    Reply::empty(status)
        .with("location", desk.address(&format!("blobs/uploads/{id}")))
        .with("range", format!("0-{last}"))
        .with("docker-upload-uuid", id.to_string())
}

fn received(desk: &Desk<'_>, id: u64) -> u64 {
    let upload = desk.world.registry.uploads.get(&id);
    upload.map_or(0, |upload| upload.parts.iter().map(|part| part.len() as u64).sum())
}

fn chunk(desk: &mut Desk<'_>, id: u64) -> Reply {
    let size = desk.call.body.len() as u64;
    if desk.place.setup.registry.patch_limit.is_some_and(|limit| size > limit) {
        return out_of_range(desk, id);
    }
    if !is_next(desk, id) {
        return out_of_range(desk, id);
    }
    add(desk, id);
    progress(desk, id, 202)
}

/// Whether what is sent follows what came, as far as its range tells.
fn is_next(desk: &Desk<'_>, id: u64) -> bool {
    let size = desk.call.body.len() as u64;
    let range = desk.call.header("content-range");
    range.is_none_or(|range| follows(range, received(desk, id), size))
}

fn out_of_range(desk: &Desk<'_>, id: u64) -> Reply {
    let told = progress(desk, id, 416);
    let said = error(416, "BLOB_UPLOAD_INVALID", "not the range that is next, or too large");
    Reply { body: said.body, ..told }
}

/// Whether a chunk's range starts where the last one ended, and is as long as the chunk: unless
/// that broke off.
fn follows(range: &str, received: u64, size: u64) -> bool {
    let range = range.trim_start_matches("bytes ");
    let Some((first, last)) = range.split('/').next().and_then(|text| text.split_once('-')) else {
        return false;
    };
    let (Ok(first), Ok(last)) = (first.parse::<u64>(), last.parse::<u64>()) else { return false };
    first == received && last.checked_sub(first).is_some_and(|more| more + 1 >= size)
}

fn add(desk: &mut Desk<'_>, id: u64) {
    let body = desk.call.body.clone();
    if let Some(upload) = desk.world.registry.uploads.get_mut(&id).filter(|_| !body.is_empty()) {
        upload.parts.push(body);
    }
}

fn end(desk: &mut Desk<'_>, id: u64) -> Reply {
    let Some(digest) = desk.call.parameter("digest").map(str::to_owned) else {
        return error(400, "DIGEST_INVALID", "no digest is given");
    };
    if !is_next(desk, id) {
        return out_of_range(desk, id);
    }
    add(desk, id);
    let Some(upload) = desk.world.registry.uploads.remove(&id) else {
        return error(404, "BLOB_UPLOAD_UNKNOWN", "no such upload");
    };
    keep(desk, &digest, upload.parts.concat().into())
}

fn keep(desk: &mut Desk<'_>, digest: &str, bytes: Bytes) -> Reply {
    if !is_digest(digest) || digest_like(digest, &bytes).as_deref() != Some(digest) {
        return error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
    }
    desk.shelf_mut().blobs.insert(digest.to_owned(), bytes);
    created(desk, digest)
}

fn created(desk: &Desk<'_>, digest: &str) -> Reply {
    Reply::empty(201)
        .with("location", desk.address(&format!("blobs/{digest}")))
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
