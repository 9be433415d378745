//! The part of GitHub that releases need: releases and their assets, attestations, packages.
//!
//! This file: its state, permissions, and which handler answers a request. Paths are those of the
//! REST API; with the prefix `/api/v3` they are those of an Enterprise Server.

mod assets;
mod attestations;
mod packages;
mod releases;
mod shape;
mod tags;

use std::collections::{BTreeMap, BTreeSet};

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::context::Context;
use crate::http::{Request, Response};
use crate::registry::Registry;
use crate::service::Service;

pub(crate) use assets::{object, upload};

/// The state of GitHub.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Github {
    /// Repositories by `owner/name`; writing to one creates it.
    pub repositories: BTreeMap<String, Repository>,
    next_id: u64,
}

/// A GitHub repository.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repository {
    /// Releases and drafts by id.
    pub releases: BTreeMap<u64, Release>,
    /// Git tags, and the hash each points at: of a commit, or of an object in [`Self::annotated`].
    pub tags: BTreeMap<String, String>,
    /// Objects of annotated tags by their hash, and the hash each points at in turn.
    pub annotated: BTreeMap<String, String>,
    /// Tags of deleted immutable releases, which cannot be used again.
    pub reserved_tags: BTreeSet<String>,
    /// Attestations in the order of arrival.
    pub attestations: Vec<Attestation>,
    /// The release that was last marked as the latest explicitly.
    pub latest: Option<u64>,
}

/// A release, or a draft of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub id: u64,
    /// The tag; a draft's does not exist yet.
    pub tag: String,
    /// The branch or commit from which a missing tag is created.
    pub target: String,
    /// Its title.
    pub name: Option<String>,
    /// Its notes.
    pub body: Option<String>,
    /// Whether only those who may write can see it.
    pub draft: bool,
    /// Whether it is a prerelease.
    pub prerelease: bool,
    /// Whether its tag and its assets are locked.
    pub immutable: bool,
    /// The last value of `make_latest`.
    pub make_latest: MakeLatest,
    /// When it was created, in seconds since 1970.
    pub created: u64,
    /// When it was published.
    pub published: Option<u64>,
    /// When it was last changed.
    pub updated: u64,
    /// Its assets by id.
    pub assets: BTreeMap<u64, Asset>,
}

/// Whether a release is to be the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MakeLatest {
    /// It is.
    #[default]
    True,
    /// It is not.
    False,
    /// It is if it is the newest.
    Legacy,
}

/// A release asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its id.
    pub id: u64,
    /// Its name, as GitHub sanitizes it.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// Its media type.
    pub content_type: String,
    /// Its bytes; none if its upload broke off.
    pub bytes: Bytes,
    /// Whether it was uploaded completely; otherwise its state is `starter`.
    pub uploaded: bool,
    /// When it was created, in seconds since 1970.
    pub created: u64,
    /// How often it was downloaded.
    pub downloads: u64,
}

/// An attestation that was posted.
#[derive(Debug, Clone, PartialEq)]
pub struct Attestation {
    /// Its id.
    pub id: u64,
    /// The digests of its subjects, `sha256:…`.
    pub subjects: BTreeSet<String>,
    /// The Sigstore bundle.
    pub bundle: Value,
}

impl Github {
    /// The releases of a repository, drafts included.
    pub fn releases(&self, repository: &str) -> impl Iterator<Item = &Release> {
        self.repositories.get(repository).into_iter().flat_map(|held| held.releases.values())
    }

    /// The published release of a tag.
    #[must_use]
    pub fn published(&self, repository: &str, tag: &str) -> Option<&Release> {
        self.releases(repository).find(|release| !release.draft && release.tag == tag)
    }

    /// The repository with this name, created if there is none.
    pub fn repository(&mut self, name: &str) -> &mut Repository {
        self.repositories.entry(name.to_owned()).or_default()
    }

    fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }
}

impl Release {
    /// The asset with this name.
    #[must_use]
    pub fn asset(&self, name: &str) -> Option<&Asset> {
        self.assets.values().find(|asset| asset.name == name)
    }
}

/// A request about a repository, and what is needed to answer it.
struct Handler<'a> {
    github: &'a mut Github,
    context: Context<'a>,
    request: &'a Request,
    /// `owner/name`.
    repository: String,
    /// Whether the sender may write, and see drafts.
    writer: bool,
}

/// Answers a request to the REST API.
pub(crate) fn answer(
    github: &mut Github,
    registry: &Registry,
    context: Context<'_>,
    request: &Request,
) -> Response {
    let writer = match may_write(context, request) {
        Ok(writer) => writer,
        Err(refused) => return refused,
    };
    if !writer && !["GET", "HEAD"].contains(&request.method.as_str()) {
        return message(401, "Requires authentication");
    }
    let segments = request.segments();
    let mut parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if parts.starts_with(&["api", "v3"]) {
        parts.drain(..2);
    }
    let method = if request.method == "HEAD" { "GET" } else { request.method.as_str() };
    match (method, parts.as_slice()) {
        ("GET", ["orgs" | "users", owner, "packages", kind, name, rest @ ..]) => {
            packages::answer(registry, context, request, writer, &[owner, kind, name], rest)
        }
        (_, ["repos", owner, name, rest @ ..]) => {
            let repository = format!("{owner}/{name}");
            let mut handler = Handler { github, context, request, repository, writer };
            in_repository(&mut handler, method, rest)
        }
        _ => not_found(),
    }
}

fn in_repository(handler: &mut Handler<'_>, method: &str, rest: &[&str]) -> Response {
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    match (method, rest) {
        ("GET", ["releases"]) => releases::list(handler),
        ("POST", ["releases"]) => releases::create(handler),
        ("GET", ["releases", "latest"]) => releases::latest(handler),
        ("GET", ["releases", "tags", tag @ ..]) => releases::by_tag(handler, &tag.join("/")),
        ("GET", ["releases", "assets", id]) => assets::get(handler, number(id)),
        ("PATCH", ["releases", "assets", id]) => assets::update(handler, number(id)),
        ("DELETE", ["releases", "assets", id]) => assets::delete(handler, number(id)),
        ("GET", ["releases", id]) => releases::get(handler, number(id)),
        ("PATCH", ["releases", id]) => releases::update(handler, number(id)),
        ("DELETE", ["releases", id]) => releases::delete(handler, number(id)),
        ("GET", ["releases", id, "assets"]) => assets::list(handler, number(id)),
        ("GET", ["git", "ref", name @ ..]) => tags::reference(handler, &name.join("/")),
        ("GET", ["git", "tags", hash]) => tags::annotated(handler, hash),
        ("GET", ["immutable-releases"]) => match handler.context.setup.github.immutable {
            true => Response::json(200, &json!({ "enabled": true, "enforced_by_owner": false })),
            false => not_found(),
        },
        ("POST", ["attestations"]) => attestations::add(handler),
        ("GET", ["attestations", digest]) => attestations::of(handler, digest),
        _ => not_found(),
    }
}

/// Whether the sender may write; a refusal if the credentials are wrong.
fn may_write(context: Context<'_>, request: &Request) -> Result<bool, Response> {
    let Some(token) = &context.setup.github.token else { return Ok(true) };
    if request.header("authorization").is_none() {
        return Ok(false);
    }
    let basic = request.basic().map(|(_, password)| password);
    let given = request.bearer().map(str::to_owned).or(basic);
    if given.as_ref() == Some(token) { Ok(true) } else { Err(message(401, "Bad credentials")) }
}

/// An error that has only a message.
fn message(status: u16, text: &str) -> Response {
    let document = json!({
        "message": text,
        "documentation_url": "https://docs.github.com/rest",
        "status": status.to_string(),
    });
    Response::json(status, &document)
}

fn not_found() -> Response {
    message(404, "Not Found")
}

/// A validation error in GitHub's format.
fn invalid(resource: &str, field: &str, code: &str, text: Option<&str>) -> Response {
    let mut error = json!({ "resource": resource, "field": field, "code": code });
    if let (Some(members), Some(text)) = (error.as_object_mut(), text) {
        members.insert("message".to_owned(), text.into());
    }
    let document = json!({
        "message": "Validation Failed",
        "errors": [error],
        "documentation_url": "https://docs.github.com/rest",
        "status": "422",
    });
    Response::json(422, &document)
}

/// One page of a list, with links to the others.
fn page(context: Context<'_>, request: &Request, items: &[Value]) -> Response {
    let number = |name: &str, default: usize| {
        let given = request.parameter(name).and_then(|text| text.parse::<usize>().ok());
        given.filter(|given| *given > 0).unwrap_or(default)
    };
    let (size, page) = (number("per_page", 30).min(100), number("page", 1));
    let shown: Vec<&Value> = items.iter().skip(size.saturating_mul(page - 1)).take(size).collect();
    let response = Response::json(200, &json!(shown));
    let last = items.len().div_ceil(size).max(1);
    let address = |page: usize| {
        let base = context.addresses.base(Service::Api, request.tls);
        format!("<{base}{}?per_page={size}&page={page}>", request.path)
    };
    let mut links = Vec::new();
    if page > 1 {
        links.push(format!("{}; rel=\"prev\"", address(page - 1)));
    }
    if page < last {
        links.push(format!("{}; rel=\"next\"", address(page + 1)));
        links.push(format!("{}; rel=\"last\"", address(last)));
    }
    if links.is_empty() { response } else { response.with("link", links.join(", ")) }
}
