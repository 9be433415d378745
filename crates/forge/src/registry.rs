//! An OCI registry (distribution-spec 1.1), in memory.
//!
//! Here: what it holds, and which request goes to which of its desks.

mod access;
mod blobs;
mod manifests;
mod referrers;
mod tags;
mod uploads;

use std::collections::BTreeMap;

use hyper::body::Bytes;
use serde_json::json;

use crate::World;
use crate::exchange::{Call, Reply};
use crate::world::Place;

pub(crate) use access::{Keys, give_token};
pub(crate) use blobs::object;

/// What the registry holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    /// Each repository by its name.
    pub repositories: BTreeMap<String, Shelf>,
    /// Uploads that were begun and not ended, by their number.
    pub uploads: BTreeMap<u64, Upload>,
    next_upload: u64,
}

/// What a repository holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shelf {
    /// Blobs by digest.
    pub blobs: BTreeMap<String, Bytes>,
    /// Manifests by digest.
    pub manifests: BTreeMap<String, Manifest>,
    /// What each tag points at.
    pub tags: BTreeMap<String, String>,
    /// Whether a token is needed to read it.
    pub private: bool,
}

/// A manifest and the type it was sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// An upload on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The repository it is for.
    pub repository: String,
    /// What came so far.
    pub parts: Vec<Bytes>,
}

impl Registry {
    /// What a tag points at.
    #[must_use]
    pub fn tag(&self, repository: &str, tag: &str) -> Option<&str> {
        self.repositories.get(repository)?.tags.get(tag).map(String::as_str)
    }

    /// The repository of that name; a new one where there was none.
    pub fn shelf(&mut self, repository: &str) -> &mut Shelf {
        self.repositories.entry(repository.to_owned()).or_default()
    }
}

impl Shelf {
    /// The manifest that a tag or a digest names, with its digest.
    #[must_use]
    pub fn manifest(&self, reference: &str) -> Option<(&str, &Manifest)> {
        let digest = self.tags.get(reference).map_or(reference, String::as_str);
        self.manifests.get_key_value(digest).map(|(digest, manifest)| (digest.as_str(), manifest))
    }
}

/// A request, the repository it is about, and the service's circumstances.
struct Desk<'a> {
    world: &'a mut World,
    place: Place<'a>,
    call: &'a Call,
    repository: String,
}

impl Desk<'_> {
    fn shelf(&self) -> Option<&Shelf> {
        self.world.registry.repositories.get(&self.repository)
    }

    /// The repository, made where there was none.
    fn shelf_mut(&mut self) -> &mut Shelf {
        let private = self.place.setup.registry.private;
        let shelves = &mut self.world.registry.repositories;
        let new = || Shelf { private, ..Shelf::default() };
        shelves.entry(self.repository.clone()).or_insert_with(new)
    }

    /// An address within the repository, for a `Location`.
    fn address(&self, rest: &str) -> String {
        let path = format!("/v2/{}/{rest}", self.repository);
        if !self.place.setup.registry.absolute {
            return path;
        }
        self.place.sites.base(crate::Service::Registry, self.call.tls) + &path
    }
}

/// Answers a request to the registry.
pub(crate) fn answer(world: &mut World, place: Place<'_>, call: &Call) -> Reply {
    let api = |reply: Reply| reply.with("docker-distribution-api-version", "registry/2.0");
    let Some(rest) = call.path.strip_prefix("/v2/").or((call.path == "/v2").then_some("")) else {
        return api(error(404, "NOT_FOUND", "nothing here"));
    };
    if rest.is_empty() {
        let refused = access::refuse(world, place, call, &[]);
        return api(refused.unwrap_or_else(|| Reply::json(200, &json!({}))));
    }
    let Some((repository, kind, rest)) = split(rest) else {
        return api(error(404, "NOT_FOUND", "no such route"));
    };
    if !is_name(&repository) {
        return api(error(400, "NAME_INVALID", "invalid repository name"));
    }
    let action = match call.method.as_str() {
        "GET" | "HEAD" => "pull",
        "DELETE" => "delete",
        _ => "push",
    };
    if let Some(refused) = access::refuse(world, place, call, &[(&repository, action)]) {
        return api(refused);
    }
    let mut desk = Desk { world, place, call, repository };
    api(match kind {
        Kind::Blob => blobs::answer(&mut desk, &rest),
        Kind::Upload => uploads::answer(&mut desk, &rest),
        Kind::Manifest => manifests::answer(&mut desk, &rest),
        Kind::Tags => tags::answer(&desk),
        Kind::Referrers => referrers::answer(&desk, &rest),
    })
}

/// An error as the specification spells it.
fn error(status: u16, code: &str, message: &str) -> Reply {
    let said = json!({ "errors": [{ "code": code, "message": message, "detail": {} }] });
    Reply::json(status, &said)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blob,
    Upload,
    Manifest,
    Tags,
    Referrers,
}

/// A repository's name may itself have slashes: what follows is found from the right.
fn split(path: &str) -> Option<(String, Kind, String)> {
    let path = path.replace("%3A", ":").replace("%3a", ":");
    if let Some(name) = path.strip_suffix("/tags/list") {
        return Some((name.to_owned(), Kind::Tags, String::new()));
    }
    if let Some((name, rest)) = path.rsplit_once("/blobs/uploads") {
        let rest = rest.trim_start_matches('/');
        return Some((name.to_owned(), Kind::Upload, rest.to_owned()));
    }
    let (front, rest) = path.rsplit_once('/')?;
    let (name, kind) = front.rsplit_once('/')?;
    let kind = match kind {
        "blobs" => Kind::Blob,
        "manifests" => Kind::Manifest,
        "referrers" => Kind::Referrers,
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
        let check = |path: &str, expected: Option<(&str, Kind, &str)>| {
            let found = split(path);
            let found =
                found.as_ref().map(|(name, kind, rest)| (name.as_str(), *kind, rest.as_str()));
            assert_eq!(found, expected, "{path}");
        };
        check("a/b/tags/list", Some(("a/b", Kind::Tags, "")));
        check("a/blobs/uploads/", Some(("a", Kind::Upload, "")));
        check("a/blobs/uploads/7", Some(("a", Kind::Upload, "7")));
        check("a/blobs/sha256:12", Some(("a", Kind::Blob, "sha256:12")));
        check("manifests/manifests/latest", Some(("manifests", Kind::Manifest, "latest")));
        check("a/b", None);
    }
}
