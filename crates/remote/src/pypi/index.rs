//! Questions to an index: a project's page, and where a page gives no digest, the file itself.

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use model::{Diagnostic, Digest};
use reqwest::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use reqwest::{StatusCode, Url};

use super::page::{self, Listed, MAX_PAGE_BYTES, Page};
use crate::Secret;
use crate::codes;
use crate::http::{Http, Request, address, same_place, shown};

/// What we read: JSON has times; HTML is what every index has.
const ACCEPTED: &str = "application/vnd.pypi.simple.v1+json, \
     application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1";

/// What a provenance is served as (PEP 740's JSON; the public index's own type for it).
const INTEGRITY: &str = "application/vnd.pypi.integrity.v1+json, application/json;q=0.5";

/// Bytes of a provenance: a few attestations of some ten thousand bytes each.
const MAX_PROVENANCE_BYTES: u64 = 4 << 20;

/// An index, for questions.
pub(super) struct Index {
    http: Arc<Http>,
    base: Url,
    /// `Basic …`, where its address held credentials.
    auth: Option<Secret>,
}

impl Index {
    /// The index at `address`, whose projects stand below it. Credentials in the address are taken
    /// out of it.
    pub(super) fn new(http: &Arc<Http>, text: &str) -> Result<Self, Diagnostic> {
        let (text, auth) = without_credentials(text);
        Ok(Self { http: Arc::clone(http), base: address(&text)?, auth })
    }

    /// A project's page; nothing when the index has no such project.
    pub(super) async fn page(&self, project: &str) -> Result<Option<Page>, Diagnostic> {
        let base = self.base.as_str().trim_end_matches('/');
        let url = address(&format!("{base}/{project}/"))?;
        let request = self
            .signed(Request::get(url.clone()))?
            .header(ACCEPT, ACCEPTED)
            // What was uploaded a moment ago counts.
            .header(CACHE_CONTROL, "max-age=0")
            .limit(MAX_PAGE_BYTES);
        let reply = self.http.send(request).await?;
        if !same_place(&url, &reply.url) {
            return Err(elsewhere(&url, &reply.url));
        }
        match reply.status {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => {
                let kind = reply.header(CONTENT_TYPE.as_str()).unwrap_or_default().to_owned();
                page::read(&reply.url, project, &kind, &reply.body).map(Some)
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                let problem = Diagnostic { code: &codes::INDEX_CREDENTIALS, ..reply.refusal() };
                Err(problem.help("the address to ask may hold them: `https://user:pass@…`"))
            }
            _ => Err(reply.refusal()),
        }
    }

    /// Downloads a file and hashes it, as far as `limit` bytes; nothing when it is longer.
    pub(super) async fn hashed(
        &self,
        file: &Listed,
        limit: u64,
    ) -> Result<Option<Digest>, Diagnostic> {
        let request = self.request(&file.url)?;
        self.http.hashed(&request, limit).await
    }

    /// Brings a file to `path`, `limit` bytes at most; gives its length and digest.
    pub(super) async fn saved(
        &self,
        file: &Listed,
        path: &Path,
        limit: u64,
    ) -> Result<(u64, Digest), Diagnostic> {
        let request = self.request(&file.url)?;
        self.http.saved(&request, path, limit).await
    }

    /// The provenance of a file, as the index serves it.
    pub(super) async fn provenance(&self, at: &Url) -> Result<Bytes, Diagnostic> {
        let request = self.request(at)?.header(ACCEPT, INTEGRITY).limit(MAX_PROVENANCE_BYTES);
        let reply = self.http.send(request).await?;
        if reply.status == StatusCode::OK { Ok(reply.body) } else { Err(reply.refusal()) }
    }

    /// A request for something that a page names. Files often stand at another host, which our
    /// credentials are not for.
    fn request(&self, url: &Url) -> Result<Request, Diagnostic> {
        let request = Request::get(crate::http::address(url.as_str())?);
        if same_place(url, &self.base) { self.signed(request) } else { Ok(request) }
    }

    fn signed(&self, request: Request) -> Result<Request, Diagnostic> {
        match &self.auth {
            Some(auth) => request.credential(AUTHORIZATION, auth),
            None => Ok(request),
        }
    }
}

/// An address without the credentials in it, and those as a header's value.
pub(super) fn without_credentials(text: &str) -> (String, Option<Secret>) {
    let Some(mut url) = Url::parse(text.trim()).ok().filter(Url::has_host) else {
        return (text.trim().to_owned(), None);
    };
    if url.username().is_empty() && url.password().is_none() {
        return (url.into(), None);
    }
    let user = plain(url.username());
    let password = url.password().map(plain).unwrap_or_default();
    let pair = STANDARD.encode(format!("{user}:{password}"));
    // Both only fail for addresses without a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    (url.into(), Some(Secret::new(format!("Basic {pair}"))))
}

/// A part of an address without its escapes.
fn plain(text: &str) -> String {
    super::html::unquoted(text)
}

fn elsewhere(asked: &Url, answered: &Url) -> Diagnostic {
    let message = format!("`{}` sends to `{}`, another index", shown(asked), shown(answered));
    Diagnostic::new(&codes::INDEX_ELSEWHERE, message).help(
        "give that index's own address, or turn off the fallback to it (pypiserver: \
         `--disable-fallback`): what it holds says nothing about this one",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_an_address_become_a_header() {
        let check = |text: &str, expected: &str, header: Option<&str>| {
            let (address, auth) = without_credentials(text);
            assert_eq!(address, expected);
            assert_eq!(auth.as_ref().map(Secret::expose), header);
        };
        let base = "https://index.example/simple";
        check(base, base, None);
        check("https://u:p%40x@index.example/simple", base, Some("Basic dTpwQHg="));
        check("https://t@index.example/simple", base, Some("Basic dDo="));
        check("not an address", "not an address", None);
    }
}
