//! Blobs on their way into a registry: mounted where it has them, else sent whole, else in chunks
//! that resume after a drop (distribution-spec, "Pushing a blob").

use std::path::PathBuf;

use hyper::body::Bytes;
use model::{Class, Diagnostic, Digest};
use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, LOCATION, RANGE};
use reqwest::{Method, StatusCode, Url};

use super::{Need, Registry};
use crate::codes;
use crate::http::{Content, Reply, Request, redirect};

/// Where a blob's bytes are.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// In memory.
    Bytes(Bytes),
    /// In a file.
    File(PathBuf),
}

/// Bytes up to which a blob is first sent in one request: there is nothing to resume, but also only
/// one round trip. Above it, what a drop would cost is too much.
const WHOLE_MAX: u64 = 64 << 20;

/// Bytes of a chunk: ghcr.io answers 416 to larger ones.
const CHUNK: u64 = 4 << 20;

/// The largest chunk that a registry may ask for with `OCI-Chunk-Min-Length`.
const MAX_CHUNK: u64 = 512 << 20;

impl Source {
    fn part(&self, offset: u64, length: u64) -> Content {
        match self {
            Self::File(path) => Content::File { path: path.clone(), offset, length },
            Self::Bytes(bytes) => {
                let clamp = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
                let (start, end) = (clamp(offset), clamp(offset.saturating_add(length)));
                Content::Bytes(bytes.slice(start..end))
            }
        }
    }
}

/// An upload that a registry has begun.
struct Session {
    url: Url,
    chunk: u64,
}

impl Registry<'_> {
    /// Brings a blob into a repository, from another repository of the registry if it is in `from`.
    pub(crate) async fn put_blob(
        &self,
        repository: &str,
        digest: &Digest,
        size: u64,
        source: &Source,
        from: Option<&str>,
    ) -> Result<(), Diagnostic> {
        let Some(session) = self.begin(repository, digest, from).await? else { return Ok(()) };
        let outcome = if size <= WHOLE_MAX {
            self.send_whole(repository, session.url, digest, source.part(0, size)).await
        } else {
            self.send_chunks(repository, session, digest, size, source).await
        };
        let Err(first) = outcome else { return Ok(()) };
        if !may_pass(&first) {
            return Err(first);
        }
        self.persist(repository, digest, size, source, first).await
    }

    /// After a broken upload: the blob may have arrived; else it is begun anew, in chunks.
    async fn persist(
        &self,
        repository: &str,
        digest: &Digest,
        size: u64,
        source: &Source,
        mut last: Diagnostic,
    ) -> Result<(), Diagnostic> {
        for attempt in 1..self.http.patience().attempts {
            self.http.wait(attempt, None).await;
            if self.holds_blob(repository, digest, size).await? {
                return Ok(());
            }
            let Some(session) = self.begin(repository, digest, None).await? else { return Ok(()) };
            match self.send_chunks(repository, session, digest, size, source).await {
                Ok(()) => return Ok(()),
                Err(problem) if may_pass(&problem) => last = problem,
                Err(problem) => return Err(problem),
            }
        }
        Err(last)
    }

    /// Begins an upload; nothing when the registry mounted the blob instead.
    async fn begin(
        &self,
        repository: &str,
        digest: &Digest,
        from: Option<&str>,
    ) -> Result<Option<Session>, Diagnostic> {
        let mut url = self.at(repository, "blobs/uploads/")?;
        let mut need = Need::push(repository);
        if let Some(from) = from {
            let mount = digest.to_string();
            url.query_pairs_mut().append_pair("mount", &mount).append_pair("from", from);
            need = need.and_pull(from);
        }
        let request = Request::new(Method::POST, url).repeatable(true).redirected(true);
        let reply = self.call(request.content(Content::Bytes(Bytes::new())), need).await?;
        match reply.status {
            StatusCode::CREATED if from.is_some() => {
                self.same_digest(&reply, digest)?;
                Ok(None)
            }
            StatusCode::ACCEPTED => {
                let told = reply.header("oci-chunk-min-length").and_then(|text| text.parse().ok());
                let chunk = told.unwrap_or(0).clamp(CHUNK, MAX_CHUNK);
                Ok(Some(Session { url: next(&reply, None)?, chunk }))
            }
            // Not allowed to read there, or no mounts at all: the bytes are sent.
            _ if from.is_some() => Box::pin(self.begin(repository, digest, None)).await,
            _ => Err(self.refusal(&reply)),
        }
    }

    async fn send_whole(
        &self,
        repository: &str,
        url: Url,
        digest: &Digest,
        content: Content,
    ) -> Result<(), Diagnostic> {
        let request = Request::new(Method::PUT, with_digest(url, digest))
            .header(CONTENT_TYPE, "application/octet-stream")
            .content(content)
            .redirected(true)
            // A session takes bytes once: whoever repeats begins anew.
            .repeatable(false);
        let reply = self.call(request, Need::push(repository)).await?;
        match reply.status {
            StatusCode::CREATED | StatusCode::NO_CONTENT | StatusCode::OK => {
                self.same_digest(&reply, digest)
            }
            status if is_passing(status) => Err(broken(&reply)),
            _ => Err(self.refusal(&reply)),
        }
    }

    async fn send_chunks(
        &self,
        repository: &str,
        session: Session,
        digest: &Digest,
        size: u64,
        source: &Source,
    ) -> Result<(), Diagnostic> {
        let mut url = session.url;
        let mut offset = 0;
        let mut failures = 0;
        while let Some((start, length)) = chunk(offset, size, session.chunk) {
            let content = source.part(start, length);
            match self.send_chunk(repository, url.clone(), start, length, content).await {
                Ok((next, received)) if received == start + length => {
                    (url, offset, failures) = (next, received, 0);
                }
                Err(problem) if !may_pass(&problem) => return Err(problem),
                outcome => {
                    failures += 1;
                    if failures >= self.http.patience().attempts {
                        return Err(outcome.err().unwrap_or_else(|| stuck(&url)));
                    }
                    self.http.wait(failures, None).await;
                    (url, offset) = self.received(repository, url, size).await?;
                }
            }
        }
        self.send_whole(repository, url, digest, Content::Bytes(Bytes::new())).await
    }

    async fn send_chunk(
        &self,
        repository: &str,
        url: Url,
        start: u64,
        length: u64,
        content: Content,
    ) -> Result<(Url, u64), Diagnostic> {
        let request = Request::new(Method::PATCH, url)
            .header(CONTENT_TYPE, "application/octet-stream")
            .header(CONTENT_RANGE, &format!("{start}-{}", start + length - 1))
            .redirected(true)
            .content(content);
        let reply = self.call(request, Need::push(repository)).await?;
        match reply.status {
            StatusCode::ACCEPTED | StatusCode::CREATED | StatusCode::NO_CONTENT => {
                let received = received(reply.header(RANGE.as_str()).unwrap_or_default());
                // Some registries tell no range: then what was sent counts as received.
                Ok((next(&reply, None)?, received.unwrap_or(start + length)))
            }
            StatusCode::RANGE_NOT_SATISFIABLE => Err(broken(&reply)),
            status if is_passing(status) => Err(broken(&reply)),
            _ => Err(self.refusal(&reply)),
        }
    }

    /// How much of an upload has arrived.
    async fn received(
        &self,
        repository: &str,
        url: Url,
        size: u64,
    ) -> Result<(Url, u64), Diagnostic> {
        let request = Request::get(url.clone());
        let reply = self.call(request, Need::push(repository)).await?;
        match reply.status {
            StatusCode::NO_CONTENT | StatusCode::OK | StatusCode::ACCEPTED => {
                let range = reply.header(RANGE.as_str()).unwrap_or_default();
                let received = received(range).unwrap_or(0);
                if received > size {
                    return Err(stuck(&url));
                }
                Ok((next(&reply, Some(url))?, received))
            }
            // The session is gone: the caller begins anew.
            StatusCode::NOT_FOUND => Err(broken(&reply)),
            _ => Err(self.refusal(&reply)),
        }
    }
}

/// The next part to send: where it begins and how long it is; nothing at the end.
fn chunk(offset: u64, size: u64, chunk: u64) -> Option<(u64, u64)> {
    let left = size.checked_sub(offset).filter(|left| *left > 0)?;
    Some((offset, left.min(chunk)))
}

/// Bytes received according to a `Range` header such as `0-1023`; nothing when it says nothing.
/// `0-0` is what registries write for no byte at all.
fn received(range: &str) -> Option<u64> {
    let range = range.strip_prefix("bytes=").unwrap_or(range);
    let (start, end) = range.split_once('-')?;
    match (start.parse::<u64>().ok()?, end.parse::<u64>().ok()?) {
        (0, 0) => Some(0),
        (0, end) => end.checked_add(1),
        _ => None,
    }
}

/// Where an upload goes on.
fn next(reply: &Reply, otherwise: Option<Url>) -> Result<Url, Diagnostic> {
    match (reply.header(LOCATION.as_str()), otherwise) {
        (None, Some(url)) => Ok(url),
        (location, _) => redirect(&reply.url, location),
    }
}

fn with_digest(mut url: Url, digest: &Digest) -> Url {
    url.query_pairs_mut().append_pair("digest", &digest.to_string());
    url
}

fn is_passing(status: StatusCode) -> bool {
    // 404 and 416: the session is gone or elsewhere than thought.
    matches!(status.as_u16(), 404 | 408 | 416 | 429 | 500 | 502 | 503 | 504)
}

fn broken(reply: &Reply) -> Diagnostic {
    Diagnostic { code: &codes::REGISTRY_UPLOAD, ..reply.refusal() }
        .help("run the same command again")
}

fn stuck(url: &Url) -> Diagnostic {
    let message = format!("the upload to `{}` does not move on", crate::http::shown(url));
    Diagnostic::new(&codes::REGISTRY_UPLOAD, message).help("run the same command again")
}

fn may_pass(problem: &Diagnostic) -> bool {
    problem.code.class == Class::Unreachable
}

#[cfg(test)]
mod tests;
