//! The artifact service of GitHub Actions: files that one job of a run passes to another.
//!
//! It has two halves, as the real one: the results service (Twirp, JSON), which knows names and
//! digests, and blob storage behind signed addresses, which accepts blocks and a list of them.

use std::collections::BTreeMap;

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::context::Context;
use crate::encoding::{base64_url, digest, sha256, time};
use crate::http::{Request, Response};
use crate::service::Service;

/// The prefix of every method's path.
const SERVICE: &str = "/twirp/github.actions.results.api.v1.ArtifactService/";

/// The identifier of the simulated workflow run.
const RUN: &str = "run-1";

/// The artifacts of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Artifacts {
    /// By id.
    pub by_id: BTreeMap<u64, Artifact>,
    next: u64,
}

/// One artifact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Artifact {
    /// Its name, unique within the run.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its bytes; none until its blocks were committed.
    pub bytes: Bytes,
    /// Whether its upload was finalized: only then others see it.
    pub complete: bool,
    /// The digest that its sender gave.
    pub digest: Option<String>,
    blocks: BTreeMap<String, Bytes>,
    created: u64,
}

/// Whether the path is that of a method that only reads.
pub(crate) fn is_read(path: &str) -> bool {
    path.strip_prefix(SERVICE)
        .is_some_and(|method| method == "ListArtifacts" || method == "GetSignedArtifactURL")
}

/// The token of a job of this run (`ACTIONS_RUNTIME_TOKEN`): a JWT whose signature is not checked.
pub(crate) fn token() -> String {
    let part = |value: Value| base64_url(value.to_string().as_bytes());
    let claims = json!({ "scp": format!("Actions.Results:{RUN}:job-1"), "exp": 4_000_000_000_u64 });
    format!("{}.{}.{}", part(json!({ "alg": "none" })), part(claims), base64_url(b"none"))
}

/// Answers a request to either half.
pub(crate) fn answer(
    artifacts: &mut Artifacts,
    context: Context<'_>,
    request: &Request,
) -> Response {
    let Some(method) = request.path.strip_prefix(SERVICE) else {
        return storage(artifacts, request);
    };
    if request.bearer() != Some(token().as_str()) {
        return refuse(401, "unauthenticated", "invalid runtime token");
    }
    let parameters = request.json();
    let word = |key: &str| parameters.get(key).and_then(Value::as_str);
    if word("workflow_run_backend_id") != Some(RUN) {
        return refuse(403, "permission_denied", "the token is for another run");
    }
    let name = word("name").unwrap_or_default();
    let found = artifacts.find(name);
    let id_of = |id: u64| json!({ "ok": true, "artifact_id": id.to_string() });
    match (method, found) {
        ("CreateArtifact", Some(_)) => {
            let why = "an artifact with this name already exists on the workflow run";
            refuse(409, "already_exists", why)
        }
        ("CreateArtifact", None) => {
            let kind = word("mime_type").unwrap_or("application/zip");
            let id = artifacts.add(name, kind, request.now);
            let url = address(context, request, id, artifacts);
            Response::json(200, &json!({ "ok": true, "signed_upload_url": url }))
        }
        ("ListArtifacts", _) => artifacts.list(word("name_filter"), word("id_filter")),
        (_, None) => refuse(404, "not_found", "no such artifact"),
        ("FinalizeArtifact", Some(id)) => {
            let size = word("size").and_then(|size| size.parse().ok());
            match artifacts.finalize(id, size, word("hash")) {
                true => Response::json(200, &id_of(id)),
                false => {
                    refuse(400, "invalid_argument", "the size or digest differs from what was sent")
                }
            }
        }
        ("GetSignedArtifactURL", Some(id)) => {
            Response::json(200, &json!({ "signed_url": address(context, request, id, artifacts) }))
        }
        ("DeleteArtifact", Some(id)) => {
            artifacts.by_id.remove(&id);
            Response::json(200, &id_of(id))
        }
        _ => refuse(404, "bad_route", "no such method"),
    }
}

impl Artifacts {
    fn find(&self, name: &str) -> Option<u64> {
        self.by_id.iter().find(|(_, artifact)| artifact.name == name).map(|(id, _)| *id)
    }

    fn add(&mut self, name: &str, content_type: &str, created: u64) -> u64 {
        self.next += 1;
        let (name, content_type) = (name.to_owned(), content_type.to_owned());
        let artifact = Artifact { name, content_type, created, ..Artifact::default() };
        self.by_id.insert(self.next, artifact);
        self.next
    }

    fn finalize(&mut self, id: u64, size: Option<usize>, hash: Option<&str>) -> bool {
        let Some(artifact) = self.by_id.get_mut(&id) else { return false };
        let own = digest(&artifact.bytes);
        artifact.complete =
            size == Some(artifact.bytes.len()) && hash.is_none_or(|given| given == own.as_str());
        artifact.digest = hash.map(str::to_owned);
        artifact.complete
    }

    fn list(&self, name: Option<&str>, id: Option<&str>) -> Response {
        let wanted = |(number, artifact): &(&u64, &Artifact)| {
            artifact.complete
                && name.is_none_or(|name| name == artifact.name)
                && id.is_none_or(|id| id == number.to_string())
        };
        let listed = self.by_id.iter().filter(wanted).map(|(id, artifact)| {
            json!({
                "workflow_run_backend_id": RUN, "workflow_job_run_backend_id": "job-1",
                "database_id": id.to_string(), "name": artifact.name,
                "size": artifact.bytes.len().to_string(),
                "created_at": time(artifact.created), "digest": artifact.digest,
            })
        });
        Response::json(200, &json!({ "artifacts": listed.collect::<Vec<_>>() }))
    }
}

/// Blob storage: `Put Block`, `Put Block List`, `Put Blob` and `Get Blob` of Azure's protocol.
fn storage(artifacts: &mut Artifacts, request: &Request) -> Response {
    let name = request.path.strip_prefix("/actions/artifacts/").unwrap_or_default();
    let id = name.split('.').next().and_then(|id| id.parse::<u64>().ok()).unwrap_or_default();
    if request.parameter("sig") != Some(signature(id).as_str()) {
        return Response::text(403, "AuthenticationFailed");
    }
    let Some(artifact) = artifacts.by_id.get_mut(&id) else {
        return Response::text(404, "BlobNotFound");
    };
    match (request.method.as_str(), request.parameter("comp")) {
        ("GET", _) => {
            let file = format!("attachment; filename=\"{}\"", artifact.name);
            Response::bytes(200, &artifact.content_type, artifact.bytes.clone())
                .with("content-disposition", file)
        }
        ("PUT", _) if artifact.complete => Response::text(409, "BlobImmutable"),
        ("PUT", Some("block")) => {
            let block = request.parameter("blockid").unwrap_or_default().to_owned();
            artifact.blocks.insert(block, request.body.clone());
            created()
        }
        ("PUT", Some("blocklist")) => match assemble(&artifact.blocks, &request.body) {
            Some(bytes) => {
                artifact.bytes = bytes;
                created()
            }
            None => Response::text(400, "InvalidBlockList"),
        },
        ("PUT", None) => {
            artifact.bytes = request.body.clone();
            created()
        }
        _ => Response::text(405, "UnsupportedHttpVerb"),
    }
}

/// The blocks that the XML list names, concatenated; `None` if one of them is missing.
fn assemble(blocks: &BTreeMap<String, Bytes>, list: &[u8]) -> Option<Bytes> {
    let list = String::from_utf8_lossy(list);
    let names = list.split("<Latest>").skip(1).filter_map(|rest| rest.split("</Latest>").next());
    let found: Option<Vec<&Bytes>> = names.map(|name| blocks.get(name)).collect();
    let mut bytes = Vec::new();
    for block in found? {
        bytes.extend_from_slice(block);
    }
    Some(bytes.into())
}

fn created() -> Response {
    Response::empty(201).with("x-ms-request-id", "1").with("etag", "\"1\"")
}

/// A signed address. Its signature has no `=`, since Azure's client strips those.
fn address(context: Context<'_>, request: &Request, id: u64, artifacts: &Artifacts) -> String {
    let base = context.addresses.base(Service::Artifacts, request.tls);
    let kind = artifacts.by_id.get(&id).map_or("", |artifact| artifact.content_type.as_str());
    let end = if kind == "application/zip" { ".zip" } else { "" };
    format!("{base}/actions/artifacts/{id}{end}?sig={}", signature(id))
}

fn signature(id: u64) -> String {
    sha256(format!("artifact {id}").as_bytes())
}

fn refuse(status: u16, code: &str, why: &str) -> Response {
    Response::json(status, &json!({ "code": code, "msg": why }))
}
