//! A Python index: uploads in the form of the legacy API, the simple API (PEP 503, 691, 740),
//! files, and trusted publishing.

mod form;
mod publishing;
mod simple;
mod upload;

use std::collections::BTreeMap;

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::context::Context;
use crate::http::{Request, Response};

pub(crate) use publishing::UploadTokens;

/// The state of the index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Index {
    /// Files by project (normalized) and name.
    pub projects: BTreeMap<String, BTreeMap<String, File>>,
}

/// A file of a project.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct File {
    /// Its version, as sent.
    pub version: String,
    /// Its bytes.
    pub bytes: Bytes,
    /// When it was uploaded, in seconds since 1970.
    pub uploaded: u64,
    /// The other fields of the form, in their order.
    pub fields: Vec<(String, String)>,
    /// Its attestations (PEP 740).
    pub attestations: Vec<Value>,
    /// The trusted publisher that uploaded it: repository, workflow and environment.
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
pub(crate) fn answer(
    index: &mut Index,
    tokens: &mut UploadTokens,
    context: Context<'_>,
    request: &Request,
) -> Response {
    let segments = request.segments();
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let method = if request.method == "HEAD" { "GET" } else { request.method.as_str() };
    match (method, parts.as_slice()) {
        ("POST", ["legacy"]) => upload::accept(index, tokens, context, request),
        ("GET", ["simple"]) => simple::projects(index, context, request),
        ("GET", ["simple", project]) => simple::project(index, context, request, project),
        ("GET", ["files", project, name]) => simple::file(index, project, name),
        ("GET", ["integrity", project, version, name, "provenance"]) => {
            simple::provenance(index, project, version, name)
        }
        ("GET", ["_", "oidc", "audience"]) => {
            Response::json(200, &json!({ "audience": publishing::AUDIENCE }))
        }
        ("POST", ["_", "oidc", "mint-token"]) => publishing::mint(tokens, context, request),
        ("POST", ["_", "oidc", "burn-token"]) => publishing::burn(tokens, request),
        _ => Response::text(404, "404 Not Found"),
    }
}
