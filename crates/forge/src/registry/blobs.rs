//! Blobs: served whole or in part, and deleted.

use hyper::body::Bytes;

use super::{Desk, error};
use crate::encoding::{is_digest, sha256};
use crate::exchange::{Call, Reply};
use crate::{Service, World};

pub(super) fn answer(desk: &mut Desk<'_>, digest: &str) -> Reply {
    if !is_digest(digest) {
        return error(400, "DIGEST_INVALID", "no digest");
    }
    match desk.call.method.as_str() {
        "GET" | "HEAD" => read(desk, digest),
        "DELETE" if !desk.place.setup.registry.deletes => {
            error(405, "UNSUPPORTED", "nothing can be deleted here")
        }
        "DELETE" => {
            let gone = desk.shelf_mut().blobs.remove(digest).is_some();
            if gone { Reply::empty(202) } else { error(404, "BLOB_UNKNOWN", "no such blob") }
        }
        _ => error(405, "UNSUPPORTED", "not done to blobs"),
    }
}

fn read(desk: &Desk<'_>, digest: &str) -> Reply {
    let Some(bytes) = desk.shelf().and_then(|shelf| shelf.blobs.get(digest)) else {
        return error(404, "BLOB_UNKNOWN", "no such blob");
    };
    if desk.place.setup.registry.redirects && desk.call.method == "GET" {
        let base = desk.place.sites.base(Service::Objects, desk.call.tls);
        let to = format!("{base}/blob/{}/{digest}?sig={}", desk.repository, signature(digest));
        return Reply::empty(307).with("location", to);
    }
    part(desk.call, digest, bytes)
}

/// A blob from the host that serves files, by a signed address.
pub(crate) fn object(world: &World, call: &Call) -> Reply {
    let path = call.path.strip_prefix("/blob/").unwrap_or_default();
    let Some((repository, digest)) = path.rsplit_once('/') else {
        return Reply::text(404, "Not Found");
    };
    // The address itself is the permission: a second one is refused, as storage does.
    if call.header("authorization").is_some() {
        return Reply::text(400, "only one way of authentication is allowed");
    }
    if call.parameter("sig") != Some(signature(digest).as_str()) {
        return Reply::text(403, "wrong signature");
    }
    let shelf = world.registry.repositories.get(repository);
    match shelf.and_then(|shelf| shelf.blobs.get(digest)) {
        Some(bytes) => part(call, digest, bytes),
        None => Reply::text(404, "Not Found"),
    }
}

/// The bytes, or the range of them that is asked for.
fn part(call: &Call, digest: &str, bytes: &Bytes) -> Reply {
    let whole = bytes.len();
    let reply = |status, body| {
        Reply::bytes(status, "application/octet-stream", body)
            .with("docker-content-digest", digest)
            .with("etag", format!("\"{digest}\""))
            .with("accept-ranges", "bytes")
    };
    let Some(asked) = call.header("range").filter(|_| call.method == "GET") else {
        return reply(200, bytes.clone());
    };
    match range(asked, whole) {
        Some((first, last)) => reply(206, bytes.slice(first..=last))
            .with("content-range", format!("bytes {first}-{last}/{whole}")),
        None => error(416, "BLOB_UNKNOWN", "no such range")
            .with("content-range", format!("bytes */{whole}")),
    }
}

fn signature(digest: &str) -> String {
    sha256(format!("blob {digest}").as_bytes())
}

/// The first and the last byte of one range (RFC 9110, 14.1.2).
fn range(text: &str, whole: usize) -> Option<(usize, usize)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let end = whole.checked_sub(1)?;
    if first.is_empty() {
        let count: usize = last.parse().ok().filter(|count| *count > 0)?;
        return Some((whole.saturating_sub(count), end));
    }
    let first: usize = first.parse().ok()?;
    let last = if last.is_empty() { end } else { last.parse::<usize>().ok()?.min(end) };
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_has_them() {
        let check = |text: &str, whole, expected| {
            assert_eq!(range(text, whole), expected, "{text} of {whole}");
        };
        check("bytes=0-", 10, Some((0, 9)));
        check("bytes=2-5", 10, Some((2, 5)));
        check("bytes=2-50", 10, Some((2, 9)));
        check("bytes=-3", 10, Some((7, 9)));
        check("bytes=10-", 10, None);
        check("bytes=5-2", 10, None);
        check("bytes=-0", 10, None);
        check("bytes=0-", 0, None);
    }
}
