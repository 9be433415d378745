//! What refers to a manifest: through the referrers API where a registry has it, else through the
//! index under the tag `sha256-…` (distribution-spec, "Listing Referrers" and its tag schema).

use std::collections::BTreeSet;

use hyper::body::Bytes;
use model::{Diagnostic, Digest};
use reqwest::header::{ACCEPT, LINK};
use reqwest::{StatusCode, Url};
use serde_json::{Value, json};

use super::documents::Pointer;
use super::registry::{MAX_MANIFEST, Need, Registry};
use crate::codes;
use crate::http::{Request, redirect, same_place};

/// The referrers of a manifest, as a registry lists them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Listing {
    /// By the API: the registry keeps the list.
    Kept(Vec<Value>),
    /// By the tag: whoever pushes keeps it. Nothing when there is no such tag yet.
    Tagged(Option<Value>),
}

impl Listing {
    /// The digests in it. Entries that name none are passed over.
    pub(crate) fn digests(&self) -> BTreeSet<Digest> {
        let entries = match self {
            Self::Kept(entries) => entries.as_slice(),
            Self::Tagged(index) => index.as_ref().map(manifests).unwrap_or_default(),
        };
        entries.iter().filter_map(digest_of).collect()
    }
}

/// The tag that holds the referrers of `subject` where no API does.
pub(crate) fn fallback_tag(subject: &Digest) -> String {
    format!("sha256-{}", subject.hex())
}

/// Pages of one listing: registries give 100 entries and more a page.
const MAX_PAGES: usize = 100;

impl Registry<'_> {
    /// Lists what refers to `subject`.
    pub(crate) async fn referrers(
        &self,
        repository: &str,
        subject: &Digest,
    ) -> Result<Listing, Diagnostic> {
        let mut url = self.at(repository, &format!("referrers/{subject}"))?;
        let mut all = Vec::new();
        for _ in 0..MAX_PAGES {
            let Some((entries, next)) = self.page(repository, url).await? else {
                let tagged = self.tagged(repository, subject).await?;
                return Ok(Listing::Tagged(tagged));
            };
            all.extend(entries);
            match next {
                Some(next) => url = next,
                None => return Ok(Listing::Kept(all)),
            }
        }
        let message = format!("`{repository}` lists more than {MAX_PAGES} pages of referrers");
        Err(Diagnostic::new(&codes::REGISTRY_REFERRERS, message))
    }

    /// One page; nothing when the registry has no such API. Only an image index in a good answer
    /// counts: some registries redirect to a web page, and some announce the API without having it.
    async fn page(
        &self,
        repository: &str,
        url: Url,
    ) -> Result<Option<(Vec<Value>, Option<Url>)>, Diagnostic> {
        let request = Request::get(url).header(ACCEPT, ::oci::spec::INDEX).limit(MAX_MANIFEST);
        let reply = self.call(request, Need::pull(repository)).await?;
        match reply.status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND
            | StatusCode::BAD_REQUEST
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_ACCEPTABLE
            | StatusCode::NOT_IMPLEMENTED => return Ok(None),
            _ => return Err(self.refusal(&reply)),
        }
        let index: Option<Value> = serde_json::from_slice(&reply.body).ok();
        let Some(entries) = index.as_ref().filter(|index| is_index(index)).map(manifests) else {
            return Ok(None);
        };
        let link = reply.header(LINK.as_str()).and_then(next_link);
        let next = link.map(|link| redirect(&reply.url, Some(link))).transpose()?;
        let next = next.filter(|next| same_place(next, &reply.url));
        Ok(Some((entries.to_vec(), next)))
    }

    /// The index under the fallback tag.
    async fn tagged(
        &self,
        repository: &str,
        subject: &Digest,
    ) -> Result<Option<Value>, Diagnostic> {
        let tag = fallback_tag(subject);
        let Some(served) = self.manifest(repository, &tag).await? else { return Ok(None) };
        // GitLab takes such a tag for the digest itself, and serves the subject.
        if served.digest == *subject {
            return Ok(None);
        }
        let index: Option<Value> = serde_json::from_slice(&served.bytes).ok();
        match index.filter(is_index) {
            Some(index) => Ok(Some(index)),
            None => {
                let message = format!("the tag `{tag}` of `{repository}` holds no image index");
                Err(Diagnostic::new(&codes::REGISTRY_REFERRERS, message)
                    .help("it is where referrers are listed: remove it"))
            }
        }
    }

    /// Sees to it that `entries` are listed as referrers of `subject`: waits for a registry that
    /// keeps the list, else merges them into the index under the tag, where what others put stays.
    pub(crate) async fn list(
        &self,
        repository: &str,
        subject: &Digest,
        entries: &[Pointer],
    ) -> Result<(), Diagnostic> {
        for attempt in 1..=self.http().patience().attempts.max(2) {
            let listing = self.referrers(repository, subject).await?;
            let listed = listing.digests();
            if entries.iter().all(|entry| listed.contains(&entry.digest)) {
                return Ok(());
            }
            if attempt > 1 {
                // Somebody else wrote in between, or the list is slow to follow.
                self.http().wait(attempt - 1, None).await;
            }
            if let Listing::Tagged(index) = listing {
                let merged = merge(index, entries);
                let tag = fallback_tag(subject);
                self.put_manifest(repository, &tag, ::oci::spec::INDEX, &merged).await?;
            }
        }
        Ok(())
    }
}

/// The index with `entries` in it: what was there stays as it was, in its order.
fn merge(index: Option<Value>, entries: &[Pointer]) -> Bytes {
    let empty = || json!({"schemaVersion": 2, "mediaType": ::oci::spec::INDEX, "manifests": []});
    let mut index = index.unwrap_or_else(empty);
    let listed: BTreeSet<Digest> = manifests(&index).iter().filter_map(digest_of).collect();
    if let Some(found) = index.get_mut("manifests").and_then(Value::as_array_mut) {
        let missing = entries.iter().filter(|entry| !listed.contains(&entry.digest));
        found.extend(missing.filter_map(|entry| serde_json::to_value(entry).ok()));
    }
    index.to_string().into()
}

fn manifests(index: &Value) -> &[Value] {
    index.get("manifests").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn is_index(value: &Value) -> bool {
    let kind = value.get("mediaType").and_then(Value::as_str).unwrap_or(::oci::spec::INDEX);
    kind == ::oci::spec::INDEX && value.get("manifests").is_some_and(Value::is_array)
}

fn digest_of(entry: &Value) -> Option<Digest> {
    entry.get("digest")?.as_str()?.parse().ok()
}

/// The address of the next page in a `Link` header (RFC 8288): `<…>; rel="next"`.
pub(crate) fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some((_, behind)) = rest.split_once('<') {
        let (target, after) = behind.split_once('>')?;
        let end = after.find('<').unwrap_or(after.len());
        let (parameters, others) = after.split_at(end);
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            name.trim().eq_ignore_ascii_case("rel") && value.trim().trim_matches('"') == "next"
        });
        if is_next {
            return Some(target);
        }
        rest = others;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointer(text: &str) -> Pointer {
        Pointer::at(::oci::spec::MANIFEST, text.as_bytes())
    }

    #[test]
    fn a_merge_keeps_what_others_put_there() {
        let foreign = json!({"schemaVersion": 2, "manifests": [
            {"mediaType": "m", "digest": Digest::of(b"theirs").to_string(), "size": 1,
             "artifactType": "x/y", "theirs": [1]},
            {"broken": true}
        ], "annotations": {"a": "b"}});
        let merged = merge(Some(foreign.clone()), &[pointer("ours")]);
        let merged: Value = serde_json::from_slice(&merged).unwrap();
        assert_eq!(manifests(&merged)[..2], manifests(&foreign)[..]);
        assert_eq!(merged["annotations"], foreign["annotations"]);
        assert_eq!(digest_of(&merged["manifests"][2]), Some(Digest::of(b"ours")));
        let again = merge(Some(merged.clone()), &[pointer("ours")]);
        assert_eq!(serde_json::from_slice::<Value>(&again).unwrap(), merged);
    }

    #[test]
    fn the_same_referrers_make_the_same_index() {
        let entries = [pointer("a"), pointer("b")];
        assert_eq!(merge(None, &entries), merge(None, &entries));
        let index: Value = serde_json::from_slice(&merge(None, &entries)).unwrap();
        assert!(is_index(&index));
        assert_eq!(Listing::Tagged(Some(index)).digests().len(), 2);
    }

    #[test]
    fn only_an_image_index_lists_referrers() {
        let check = |value: Value, expected| assert_eq!(is_index(&value), expected, "{value}");
        check(json!({"manifests": []}), true);
        check(json!({"mediaType": ::oci::spec::INDEX, "manifests": []}), true);
        check(json!({"mediaType": ::oci::spec::MANIFEST, "manifests": []}), false);
        check(json!({"mediaType": ::oci::spec::INDEX}), false);
        check(json!({"manifests": {}}), false);
        check(json!([]), false);
    }

    #[test]
    fn the_next_page_is_found_among_links() {
        let check = |header: &str, expected| assert_eq!(next_link(header), expected, "{header}");
        check(r#"</v2/r/referrers/d?n=2>; rel="next""#, Some("/v2/r/referrers/d?n=2"));
        check(r#"<a>; rel=prev, <b,c>; title="x"; REL=next"#, Some("b,c"));
        check(r#"<a>; rel="prev""#, None);
        check("<a", None);
        check("", None);
        check(&"<".repeat(1 << 16), None);
    }
}
