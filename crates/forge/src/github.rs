//! GitHub, as far as releases need it: releases and their assets, attestations, packages.
//!
//! Here: what it holds, who may do what, and which request goes where. Paths are those of the REST
//! API; with `/api/v3` before them they are those of an Enterprise Server.

mod assets;
mod attestations;
mod packages;
mod releases;
mod shape;
mod tags;

use std::collections::{BTreeMap, BTreeSet};

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::exchange::{Call, Reply};
use crate::world::Place;
use crate::{Service, World};

pub(crate) use assets::{object, upload};

/// What GitHub holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Github {
    /// Repositories by `owner/name`; any that is written to exists.
    pub repositories: BTreeMap<String, Repository>,
    next: u64,
}

/// What belongs to one repository.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Repository {
    /// Releases and drafts by id.
    pub releases: BTreeMap<u64, Release>,
    /// Git tags, and what each names: a commit, or an object of [`Self::annotated`].
    pub tags: BTreeMap<String, String>,
    /// Objects of annotated tags by their hash, and what each names in turn.
    pub annotated: BTreeMap<String, String>,
    /// Tags of immutable releases that were deleted: nobody gets them again.
    pub spent: BTreeSet<String>,
    /// Attestations in the order they came.
    pub attestations: Vec<Attestation>,
    /// The release that was last made the latest by word.
    pub latest: Option<u64>,
}

/// A release, or a draft of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its id.
    pub id: u64,
    /// The tag; of a draft only the wish for one.
    pub tag: String,
    /// What the tag is made from where there is none.
    pub target: String,
    /// Its title.
    pub name: Option<String>,
    /// Its notes.
    pub body: Option<String>,
    /// Whether it is seen by those alone who may write.
    pub draft: bool,
    /// Whether it is no stable one.
    pub prerelease: bool,
    /// Whether its tag and its assets are locked.
    pub immutable: bool,
    /// What was last said of being the latest.
    pub make_latest: MakeLatest,
    /// When it was made, seconds since 1970.
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
    /// If it is the newest.
    Legacy,
}

/// A file of a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its id.
    pub id: u64,
    /// Its name, as GitHub changed it.
    pub name: String,
    /// Its label.
    pub label: Option<String>,
    /// Its type.
    pub content_type: String,
    /// Its bytes; none where its upload broke off.
    pub bytes: Bytes,
    /// False where its upload broke off: then its state is `starter`.
    pub uploaded: bool,
    /// When it was made.
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
    /// The releases and drafts of a repository.
    pub fn releases(&self, repository: &str) -> impl Iterator<Item = &Release> {
        self.repositories.get(repository).into_iter().flat_map(|held| held.releases.values())
    }

    /// The published release of a tag.
    #[must_use]
    pub fn published(&self, repository: &str, tag: &str) -> Option<&Release> {
        self.releases(repository).find(|release| !release.draft && release.tag == tag)
    }

    /// The repository of that name; a new one where there was none.
    pub fn repository(&mut self, name: &str) -> &mut Repository {
        self.repositories.entry(name.to_owned()).or_default()
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

impl Release {
    /// The asset of that name.
    #[must_use]
    pub fn asset(&self, name: &str) -> Option<&Asset> {
        self.assets.values().find(|asset| asset.name == name)
    }
}

/// A request, the repository it is about, and who sent it.
struct Desk<'a> {
    github: &'a mut Github,
    place: Place<'a>,
    call: &'a Call,
    /// `owner/name`.
    repository: String,
    /// Whether the sender may write, and see drafts.
    writer: bool,
}

/// Answers a request to the REST API.
pub(crate) fn answer(world: &mut World, place: Place<'_>, call: &Call) -> Reply {
    let writer = match rights(place, call) {
        Ok(writer) => writer,
        Err(refused) => return refused,
    };
    if !writer && !["GET", "HEAD"].contains(&call.method.as_str()) {
        return message(401, "Requires authentication");
    }
    let segments = call.segments();
    let mut parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    if parts.starts_with(&["api", "v3"]) {
        parts.drain(..2);
    }
    let method = if call.method == "HEAD" { "GET" } else { call.method.as_str() };
    match (method, parts.as_slice()) {
        ("GET", ["orgs" | "users", owner, "packages", kind, name, rest @ ..]) => {
            packages::answer(world, place, call, writer, &[owner, kind, name], rest)
        }
        (_, ["repos", owner, name, rest @ ..]) => {
            let repository = format!("{owner}/{name}");
            let github = &mut world.github;
            let mut desk = Desk { github, place, call, repository, writer };
            in_repository(&mut desk, method, rest)
        }
        _ => not_found(),
    }
}

fn in_repository(desk: &mut Desk<'_>, method: &str, rest: &[&str]) -> Reply {
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    match (method, rest) {
        ("GET", ["releases"]) => releases::list(desk),
        ("POST", ["releases"]) => releases::create(desk),
        ("GET", ["releases", "latest"]) => releases::latest(desk),
        ("GET", ["releases", "tags", tag @ ..]) => releases::by_tag(desk, &tag.join("/")),
        ("GET", ["releases", "assets", id]) => assets::get(desk, number(id)),
        ("PATCH", ["releases", "assets", id]) => assets::update(desk, number(id)),
        ("DELETE", ["releases", "assets", id]) => assets::delete(desk, number(id)),
        ("GET", ["releases", id]) => releases::get(desk, number(id)),
        ("PATCH", ["releases", id]) => releases::update(desk, number(id)),
        ("DELETE", ["releases", id]) => releases::delete(desk, number(id)),
        ("GET", ["releases", id, "assets"]) => assets::list(desk, number(id)),
        ("GET", ["git", "ref", name @ ..]) => tags::reference(desk, &name.join("/")),
        ("GET", ["git", "tags", hash]) => tags::annotated(desk, hash),
        ("GET", ["immutable-releases"]) => match desk.place.setup.github.immutable {
            true => Reply::json(200, &json!({ "enabled": true, "enforced_by_owner": false })),
            false => not_found(),
        },
        ("POST", ["attestations"]) => attestations::add(desk),
        ("GET", ["attestations", digest]) => attestations::of(desk, digest),
        _ => not_found(),
    }
}

/// Whether the sender may write; an answer where the credentials are wrong.
fn rights(place: Place<'_>, call: &Call) -> Result<bool, Reply> {
    let Some(token) = &place.setup.github.token else { return Ok(true) };
    if call.header("authorization").is_none() {
        return Ok(false);
    }
    let basic = call.basic().map(|(_, password)| password);
    let given = call.bearer().map(str::to_owned).or(basic);
    if given.as_ref() == Some(token) { Ok(true) } else { Err(message(401, "Bad credentials")) }
}

/// An error with a message alone.
fn message(status: u16, text: &str) -> Reply {
    let said = json!({
        "message": text,
        "documentation_url": "https://docs.github.com/rest",
        "status": status.to_string(),
    });
    Reply::json(status, &said)
}

fn not_found() -> Reply {
    message(404, "Not Found")
}

/// What was sent does not do: one error, as GitHub tells it.
fn invalid(resource: &str, field: &str, code: &str, text: Option<&str>) -> Reply {
    let mut error = json!({ "resource": resource, "field": field, "code": code });
    if let (Some(members), Some(text)) = (error.as_object_mut(), text) {
        members.insert("message".to_owned(), text.into());
    }
    let said = json!({
        "message": "Validation Failed",
        "errors": [error],
        "documentation_url": "https://docs.github.com/rest",
        "status": "422",
    });
    Reply::json(422, &said)
}

/// One page of a list, and the links to the others.
fn page(place: Place<'_>, call: &Call, items: &[Value]) -> Reply {
    let number = |name: &str, or: usize| {
        let told = call.parameter(name).and_then(|text| text.parse::<usize>().ok());
        told.filter(|told| *told > 0).unwrap_or(or)
    };
    let (size, page) = (number("per_page", 30).min(100), number("page", 1));
    let shown: Vec<&Value> = items.iter().skip(size.saturating_mul(page - 1)).take(size).collect();
    let reply = Reply::json(200, &json!(shown));
    let last = items.len().div_ceil(size).max(1);
    let address = |page: usize| {
        let base = place.sites.base(Service::Api, call.tls);
        format!("<{base}{}?per_page={size}&page={page}>", call.path)
    };
    let mut links = Vec::new();
    if page > 1 {
        links.push(format!("{}; rel=\"prev\"", address(page - 1)));
    }
    if page < last {
        links.push(format!("{}; rel=\"next\"", address(page + 1)));
        links.push(format!("{}; rel=\"last\"", address(last)));
    }
    if links.is_empty() { reply } else { reply.with("link", links.join(", ")) }
}
