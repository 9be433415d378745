//! Manifests and blobs: is it there, give it, take it.

use hyper::body::Bytes;
use model::{Diagnostic, Digest};
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Method, StatusCode};
use serde::Deserialize;

use super::{Need, Registry};
use crate::codes;
use crate::http::{Content, Reply, Request};

/// Bytes of a manifest or index that registries take (distribution-spec, "Pushing Manifests").
pub(crate) const MAX_MANIFEST: u64 = 4 << 20;

/// What a manifest may be.
const MANIFEST_TYPES: [&str; 4] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
];

/// A manifest that a registry served, hashed.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    pub(crate) bytes: Bytes,
    pub(crate) media_type: String,
    pub(crate) digest: Digest,
}

impl Registry<'_> {
    /// Whether a repository holds the blob.
    pub(crate) async fn holds_blob(
        &self,
        repository: &str,
        digest: &Digest,
        size: u64,
    ) -> Result<bool, Diagnostic> {
        let url = self.at(repository, &format!("blobs/{digest}"))?;
        let reply = self.call(Request::new(Method::HEAD, url), Need::pull(repository)).await?;
        // A blob that is wrongly thought absent is only sent again, so 404 is enough.
        self.is_there(&reply, digest, size)
    }

    /// Whether a repository holds the manifest with this digest.
    pub(crate) async fn holds_manifest(
        &self,
        repository: &str,
        digest: &Digest,
        size: u64,
    ) -> Result<bool, Diagnostic> {
        let request = self.manifest_request(Method::HEAD, repository, &digest.to_string())?;
        let reply = self.call(request, Need::pull(repository)).await?;
        self.is_there(&reply, digest, size)
    }

    /// What a tag points at; nothing when there is surely no such tag.
    pub(crate) async fn tag(
        &self,
        repository: &str,
        tag: &str,
    ) -> Result<Option<Digest>, Diagnostic> {
        let request = self.manifest_request(Method::HEAD, repository, tag)?;
        let reply = self.call(request, Need::pull(repository)).await?;
        let told = reply.header(DIGEST_HEADER).and_then(|text| text.parse().ok());
        if let (true, Some(digest)) = (reply.status.is_success(), told) {
            return Ok(Some(digest));
        }
        // Without a digest the bytes tell it; and a tag that is wrongly thought absent would be
        // moved, so absence is asked for in words.
        let served = self.manifest(repository, tag).await?;
        Ok(served.map(|served| served.digest))
    }

    /// A manifest by tag or digest; nothing when there is surely none.
    pub(crate) async fn manifest(
        &self,
        repository: &str,
        target: &str,
    ) -> Result<Option<Served>, Diagnostic> {
        let request = self.manifest_request(Method::GET, repository, target)?.limit(MAX_MANIFEST);
        let reply = self.call(request, Need::pull(repository)).await?;
        match reply.status {
            StatusCode::OK => self.served(reply, target).map(Some),
            StatusCode::NOT_FOUND if says_unknown(&reply.body) => Ok(None),
            StatusCode::NOT_FOUND => {
                let message = format!(
                    "{} was answered `{}`, but not in the words of a registry",
                    reply.asked, reply.status
                );
                Err(Diagnostic::new(&codes::REGISTRY_ANSWER, message)
                    .help("a proxy may stand before it; look at the address"))
            }
            _ => Err(self.refusal(&reply)),
        }
    }

    /// Puts a manifest under a tag or its digest.
    pub(crate) async fn put_manifest(
        &self,
        repository: &str,
        target: &str,
        media_type: &str,
        bytes: &Bytes,
    ) -> Result<(), Diagnostic> {
        let url = self.at(repository, &format!("manifests/{target}"))?;
        let request = Request::new(Method::PUT, url)
            .header(CONTENT_TYPE, media_type)
            .redirected(true)
            .content(Content::Bytes(bytes.clone()));
        let reply = self.call(request, Need::push(repository)).await?;
        if !reply.status.is_success() {
            return Err(self.refusal(&reply));
        }
        self.same_digest(&reply, &Digest::of(bytes))
    }

    /// That the registry, where it names a digest, names this one.
    pub(super) fn same_digest(&self, reply: &Reply, expected: &Digest) -> Result<(), Diagnostic> {
        match reply.header(DIGEST_HEADER) {
            Some(told) if told != expected.to_string() => {
                let told: String = told.chars().take(80).collect();
                Err(lie(&reply.asked, &format!("digest `{told}` for {expected}")))
            }
            _ => Ok(()),
        }
    }

    fn manifest_request(
        &self,
        method: Method,
        repository: &str,
        target: &str,
    ) -> Result<Request, Diagnostic> {
        let url = self.at(repository, &format!("manifests/{target}"))?;
        Ok(Request::new(method, url).header(ACCEPT, &MANIFEST_TYPES.join(", ")))
    }

    fn is_there(&self, reply: &Reply, digest: &Digest, size: u64) -> Result<bool, Diagnostic> {
        match reply.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(false),
            _ => return Err(self.refusal(reply)),
        }
        self.same_digest(reply, digest)?;
        let told = reply.header(CONTENT_LENGTH.as_str()).and_then(|text| text.parse::<u64>().ok());
        match told {
            Some(told) if told != size => {
                Err(lie(&reply.asked, &format!("a size of {told} bytes for {size}")))
            }
            _ => Ok(true),
        }
    }

    fn served(&self, reply: Reply, target: &str) -> Result<Served, Diagnostic> {
        let digest = Digest::of(&reply.body);
        if target.starts_with("sha256:") && target != digest.to_string() {
            return Err(lie(&reply.asked, &format!("bytes that hash to {digest}")));
        }
        self.same_digest(&reply, &digest)?;
        let media_type = reply.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim().to_owned();
        Ok(Served { media_type, digest, bytes: reply.body })
    }
}

/// The header in which registries tell digests.
const DIGEST_HEADER: &str = "docker-content-digest";

/// The problem of a registry that says something wrong about bytes.
pub(super) fn lie(asked: &str, what: &str) -> Diagnostic {
    Diagnostic::new(&codes::REGISTRY_DIGEST, format!("{asked} was answered with {what}"))
        .help("the registry, or something between it and here, alters what it holds: do not use it")
}

/// Whether a 404 is a registry's own (distribution-spec, "Error Codes").
pub(crate) fn says_unknown(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Errors {
        errors: Vec<Error>,
    }
    #[derive(Deserialize)]
    struct Error {
        code: String,
    }
    let parsed: Option<Errors> = serde_json::from_slice(body).ok();
    parsed.is_some_and(|parsed| parsed.errors.iter().any(|error| !error.code.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_registrys_own_words_say_that_something_is_absent() {
        let check = |body: &str, expected: bool| {
            assert_eq!(says_unknown(body.as_bytes()), expected, "{body}");
        };
        check(r#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"x"}]}"#, true);
        check(r#"{"errors":[{"code":"NAME_UNKNOWN","detail":{"name":"x"}}]}"#, true);
        check(r#"{"errors":[]}"#, false);
        check(r#"{"errors":[{"code":""}]}"#, false);
        check(r#"{"message":"Not Found"}"#, false);
        check("<html>not found</html>", false);
        check("", false);
    }
}
