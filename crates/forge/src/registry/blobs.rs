//! Blobs: read, in whole or in part, and deleted.

use hyper::body::Bytes;

use super::{Handler, Registry, error};
use crate::encoding::{is_digest, sha256};
use crate::http::{Request, Response};
use crate::service::Service;

pub(super) fn answer(handler: &mut Handler<'_>, digest: &str) -> Response {
    if !is_digest(digest) {
        return error(400, "DIGEST_INVALID", "not a digest");
    }
    match handler.request.method.as_str() {
        "GET" | "HEAD" => read(handler, digest),
        "DELETE" if !handler.context.setup.registry.deletes => {
            error(405, "UNSUPPORTED", "deleting is not allowed")
        }
        "DELETE" => {
            let removed = handler.repository_mut().blobs.remove(digest).is_some();
            if removed { Response::empty(202) } else { error(404, "BLOB_UNKNOWN", "no such blob") }
        }
        _ => error(405, "UNSUPPORTED", "method not allowed for blobs"),
    }
}

fn read(handler: &Handler<'_>, digest: &str) -> Response {
    let Some(bytes) = handler.repository().and_then(|repository| repository.blobs.get(digest))
    else {
        return error(404, "BLOB_UNKNOWN", "no such blob");
    };
    if handler.context.setup.registry.redirects && handler.request.method == "GET" {
        let base = handler.context.addresses.base(Service::Objects, handler.request.tls);
        let to = format!("{base}/blob/{}/{digest}?sig={}", handler.name, signature(digest));
        return Response::empty(307).with("location", to);
    }
    part(handler.request, digest, bytes)
}

/// A blob by a signed address, from the host that serves files.
pub(crate) fn object(registry: &Registry, request: &Request) -> Response {
    let path = request.path.strip_prefix("/blob/").unwrap_or_default();
    let Some((repository, digest)) = path.rsplit_once('/') else {
        return Response::text(404, "Not Found");
    };
    // The address itself is the permission: a second one is refused, as real storage does.
    if request.header("authorization").is_some() {
        return Response::text(400, "only one way of authentication is allowed");
    }
    if request.parameter("sig") != Some(signature(digest).as_str()) {
        return Response::text(403, "wrong signature");
    }
    let repository = registry.repositories.get(repository);
    match repository.and_then(|repository| repository.blobs.get(digest)) {
        Some(bytes) => part(request, digest, bytes),
        None => Response::text(404, "Not Found"),
    }
}

/// The bytes, or the requested range of them.
fn part(request: &Request, digest: &str, bytes: &Bytes) -> Response {
    let whole = bytes.len();
    let response = |status, body| {
        Response::bytes(status, "application/octet-stream", body)
            .with("docker-content-digest", digest)
            .with("etag", format!("\"{digest}\""))
            .with("accept-ranges", "bytes")
    };
    let Some(asked) = request.header("range").filter(|_| request.method == "GET") else {
        return response(200, bytes.clone());
    };
    match range(asked, whole) {
        Some((first, last)) => response(206, bytes.slice(first..=last))
            .with("content-range", format!("bytes {first}-{last}/{whole}")),
        None => error(416, "BLOB_UNKNOWN", "no such range")
            .with("content-range", format!("bytes */{whole}")),
    }
}

fn signature(digest: &str) -> String {
    sha256(format!("blob {digest}").as_bytes())
}

/// The first and the last byte of a range (RFC 9110, section 14.1.2).
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
