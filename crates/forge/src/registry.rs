//! An OCI registry (distribution-spec 1.1), in memory.
//!
//! This file: its state, and which handler answers a request.

mod access;
mod blobs;
mod manifests;
mod referrers;
mod tags;
mod uploads;

use std::collections::BTreeMap;

use hyper::body::Bytes;
use serde_json::json;

use crate::context::Context;
use crate::http::{Request, Response};
use crate::service::Service;

pub(crate) use access::{Tokens, issue_token};
pub(crate) use blobs::object;

/// The state of the registry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    /// Repositories by name.
    pub repositories: BTreeMap<String, OciRepository>,
    /// Uploads in progress, by number.
    pub uploads: BTreeMap<u64, Upload>,
    next_upload: u64,
}

/// A repository of the registry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OciRepository {
    /// Blobs by digest.
    pub blobs: BTreeMap<String, Bytes>,
    /// Manifests by digest.
    pub manifests: BTreeMap<String, Manifest>,
    /// The digest that each tag points at.
    pub tags: BTreeMap<String, String>,
    /// Whether reading it needs a token.
    pub private: bool,
}

/// A manifest and the media type it was sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// An upload in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The repository it is for.
    pub repository: String,
    /// What was received so far.
    pub parts: Vec<Bytes>,
}

impl Registry {
    /// The digest that a tag points at.
    #[must_use]
    pub fn tag(&self, repository: &str, tag: &str) -> Option<&str> {
        self.repositories.get(repository)?.tags.get(tag).map(String::as_str)
    }

    /// The repository with this name, created if there is none.
    pub fn repository(&mut self, name: &str) -> &mut OciRepository {
        self.repositories.entry(name.to_owned()).or_default()
    }
}

impl OciRepository {
    /// The manifest that a tag or a digest names, with its digest.
    #[must_use]
    pub fn manifest(&self, reference: &str) -> Option<(&str, &Manifest)> {
        let digest = self.tags.get(reference).map_or(reference, String::as_str);
        self.manifests.get_key_value(digest).map(|(digest, manifest)| (digest.as_str(), manifest))
    }
}

/// A request to a repository, and what is needed to answer it.
struct Handler<'a> {
    registry: &'a mut Registry,
    tokens: &'a mut Tokens,
    context: Context<'a>,
    request: &'a Request,
    /// The repository's name.
    name: String,
}

impl Handler<'_> {
    fn repository(&self) -> Option<&OciRepository> {
        self.registry.repositories.get(&self.name)
    }

    /// The repository, created if there is none.
    fn repository_mut(&mut self) -> &mut OciRepository {
        let private = self.context.setup.registry.private;
        let new = || OciRepository { private, ..OciRepository::default() };
        self.registry.repositories.entry(self.name.clone()).or_insert_with(new)
    }

    /// An address within the repository, for a `Location`.
    fn address(&self, rest: &str) -> String {
        let path = format!("/v2/{}/{rest}", self.name);
        if !self.context.setup.registry.absolute {
            return path;
        }
        self.context.addresses.base(Service::Registry, self.request.tls) + &path
    }
}

/// Answers a request to the registry.
pub(crate) fn answer(
    registry: &mut Registry,
    tokens: &mut Tokens,
    context: Context<'_>,
    request: &Request,
) -> Response {
    let api = |response: Response| response.with("docker-distribution-api-version", "registry/2.0");
    let Some(rest) = request.path.strip_prefix("/v2/").or((request.path == "/v2").then_some(""))
    else {
        return api(error(404, "NOT_FOUND", "not found"));
    };
    if rest.is_empty() {
        let refused = access::refuse(tokens, context, request, &[]);
        return api(refused.unwrap_or_else(|| Response::json(200, &json!({}))));
    }
    let Some((name, route, rest)) = split(rest) else {
        return api(error(404, "NOT_FOUND", "no such route"));
    };
    if !is_name(&name) {
        return api(error(400, "NAME_INVALID", "invalid repository name"));
    }
    let action = match request.method.as_str() {
        "GET" | "HEAD" => "pull",
        "DELETE" => "delete",
        _ => "push",
    };
    if let Some(refused) = access::refuse(tokens, context, request, &[(&name, action)]) {
        return api(refused);
    }
    let mut handler = Handler { registry, tokens, context, request, name };
    api(match route {
        Route::Blob => blobs::answer(&mut handler, &rest),
        Route::Upload => uploads::answer(&mut handler, &rest),
        Route::Manifest => manifests::answer(&mut handler, &rest),
        Route::Tags => tags::answer(&handler),
        Route::Referrers => referrers::answer(&handler, &rest),
    })
}

/// An error as the specification spells it.
fn error(status: u16, code: &str, message: &str) -> Response {
    let document = json!({ "errors": [{ "code": code, "message": message, "detail": {} }] });
    Response::json(status, &document)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Blob,
    Upload,
    Manifest,
    Tags,
    Referrers,
}

/// Splits a path into the repository's name, the route and the rest. The name may have slashes, so
/// the route is searched from the right.
fn split(path: &str) -> Option<(String, Route, String)> {
    let path = path.replace("%3A", ":").replace("%3a", ":");
    if let Some(name) = path.strip_suffix("/tags/list") {
        return Some((name.to_owned(), Route::Tags, String::new()));
    }
    if let Some((name, rest)) = path.rsplit_once("/blobs/uploads") {
        let rest = rest.trim_start_matches('/');
        return Some((name.to_owned(), Route::Upload, rest.to_owned()));
    }
    let (front, rest) = path.rsplit_once('/')?;
    let (name, kind) = front.rsplit_once('/')?;
    let kind = match kind {
        "blobs" => Route::Blob,
        "manifests" => Route::Manifest,
        "referrers" => Route::Referrers,
        _ => return None,
    };
    Some((name.to_owned(), kind, rest.to_owned()))
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`, parts separated by slashes.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let separators = part.split(inside).filter(|text| !text.is_empty());
        let known = |text: &str| matches!(text, "." | "_" | "__") || text.chars().all(|c| c == '-');
        part.starts_with(inside) && part.ends_with(inside) && { separators }.all(known)
    };
    name.len() <= 255 && name.split('/').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repository_names_follow_the_specification() {
        let check = |name: &str, expected| assert_eq!(is_name(name), expected, "{name}");
        check("a", true);
        check("owner/app", true);
        check("a/b/c-d--e.f_g__h", true);
        check("Owner/app", false);
        check("a//b", false);
        check("a/", false);
        check("a/-b", false);
        check("a..b", false);
        check("a___b", false);
    }

    #[test]
    fn a_path_is_split_from_the_right() {
        let check = |path: &str, expected: Option<(&str, Route, &str)>| {
            let found = split(path);
            let found =
                found.as_ref().map(|(name, kind, rest)| (name.as_str(), *kind, rest.as_str()));
            assert_eq!(found, expected, "{path}");
        };
        check("a/b/tags/list", Some(("a/b", Route::Tags, "")));
        check("a/blobs/uploads/", Some(("a", Route::Upload, "")));
        check("a/blobs/uploads/7", Some(("a", Route::Upload, "7")));
        check("a/blobs/sha256:12", Some(("a", Route::Blob, "sha256:12")));
        check("manifests/manifests/latest", Some(("manifests", Route::Manifest, "latest")));
        check("a/b", None);
    }
}
