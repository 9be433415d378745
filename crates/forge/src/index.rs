//! A Python index: uploads as the legacy API takes them, the simple API (PEP 503, 691, 740), files,
//! and trusted publishing.

mod form;
mod publishing;
mod simple;
mod upload;

use std::collections::BTreeMap;

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::World;
use crate::exchange::{Call, Reply};
use crate::world::Place;

pub(crate) use publishing::Minted;

/// What the index holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Index {
    /// Files by project (normalized) and name.
    pub projects: BTreeMap<String, BTreeMap<String, File>>,
}

/// A file of a project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// Its version, as it was sent.
    pub version: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// When it came, seconds since 1970.
    pub uploaded: u64,
    /// Everything else of the form, in its order, the content left out.
    pub fields: Vec<(String, String)>,
    /// Its attestations (PEP 740).
    pub attestations: Vec<Value>,
    /// `owner/name`, workflow and environment of the publisher that sent it without a token.
    pub publisher: Option<Value>,
}

impl Index {
    /// A file by its project (normalized) and name.
    #[must_use]
    pub fn file(&self, project: &str, name: &str) -> Option<&File> {
        self.projects.get(project)?.get(name)
    }

    /// Every file with its name, project by project.
    pub fn files(&self) -> impl Iterator<Item = (&str, &File)> {
        self.projects.values().flatten().map(|(name, file)| (name.as_str(), file))
    }
}

/// Answers a request to the index.
pub(crate) fn answer(world: &mut World, place: Place<'_>, call: &Call) -> Reply {
    let segments = call.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let method = if call.method == "HEAD" { "GET" } else { call.method.as_str() };
    match (method, parts.as_slice()) {
        ("POST", ["legacy"]) => upload::take(world, place, call),
        ("GET", ["simple"]) => simple::projects(&world.index, place, call),
        ("GET", ["simple", project]) => simple::project(&world.index, place, call, project),
        ("GET", ["files", project, name]) => simple::file(&world.index, project, name),
        ("GET", ["integrity", project, version, name, "provenance"]) => {
            simple::provenance(&world.index, project, version, name)
        }
        ("GET", ["_", "oidc", "audience"]) => {
            Reply::json(200, &json!({ "audience": publishing::AUDIENCE }))
        }
        ("POST", ["_", "oidc", "mint-token"]) => publishing::mint(world, place, call),
        ("POST", ["_", "oidc", "burn-token"]) => publishing::burn(world, call),
        _ => Reply::text(404, "404 Not Found"),
    }
}
