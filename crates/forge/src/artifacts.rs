//! The artifact service of GitHub Actions: what one job of a run hands to the next.
//!
//! Two halves, as there: the results service (Twirp, JSON), which knows names and digests, and blob
//! storage behind signed addresses, which takes blocks and a list of them.

use std::collections::BTreeMap;

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::encoding::{base64_url, digest, sha256, time};
use crate::exchange::{Call, Reply};
use crate::world::Place;
use crate::{Service, World};

/// What every method's path starts with.
const SERVICE: &str = "/twirp/github.actions.results.api.v1.ArtifactService/";

/// What the run that this forge stands for is called.
const RUN: &str = "run-1";

/// Artifacts of the run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Artifacts {
    /// By number.
    pub held: BTreeMap<u64, Artifact>,
    next: u64,
}

/// One artifact.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Artifact {
    /// Its name, which no other of the run has.
    pub name: String,
    /// Its type.
    pub content_type: String,
    /// Its bytes; none until its blocks were listed.
    pub bytes: Bytes,
    /// Whether its upload was ended: only then others see it.
    pub complete: bool,
    /// The digest that its sender told.
    pub digest: Option<String>,
    blocks: BTreeMap<String, Bytes>,
    created: u64,
}

/// Whether a request only asks.
pub(crate) fn only_asks(path: &str) -> bool {
    path.strip_prefix(SERVICE)
        .is_some_and(|method| method == "ListArtifacts" || method == "GetSignedArtifactURL")
}

/// The token of a job of this run (`ACTIONS_RUNTIME_TOKEN`): a JWT whose signature nobody checks.
pub(crate) fn token() -> String {
    let part = |value: Value| base64_url(value.to_string().as_bytes());
    let claims = json!({ "scp": format!("Actions.Results:{RUN}:job-1"), "exp": 4_000_000_000_u64 });
    format!("{}.{}.{}", part(json!({ "alg": "none" })), part(claims), base64_url(b"none"))
}

/// Answers a request to either half.
pub(crate) fn answer(world: &mut World, place: Place<'_>, call: &Call) -> Reply {
    let held = &mut world.artifacts;
    let Some(method) = call.path.strip_prefix(SERVICE) else { return storage(held, call) };
    if call.bearer() != Some(token().as_str()) {
        return refuse(401, "unauthenticated", "invalid runtime token");
    }
    let asked = call.json();
    let word = |key: &str| asked.get(key).and_then(Value::as_str);
    if word("workflow_run_backend_id") != Some(RUN) {
        return refuse(403, "permission_denied", "the token is for another run");
    }
    let name = word("name").unwrap_or_default();
    let found = held.held.iter().find(|(_, held)| held.name == name).map(|(id, _)| *id);
    let id_of = |id: u64| json!({ "ok": true, "artifact_id": id.to_string() });
    match (method, found) {
        ("CreateArtifact", Some(_)) => {
            let why = "an artifact with this name already exists on the workflow run";
            refuse(409, "already_exists", why)
        }
        ("CreateArtifact", None) => {
            let kind = word("mime_type").unwrap_or("application/zip");
            let id = held.add(name, kind, call.now);
            let url = address(place, call, id, held);
            Reply::json(200, &json!({ "ok": true, "signed_upload_url": url }))
        }
        ("ListArtifacts", _) => held.list(word("name_filter"), word("id_filter")),
        (_, None) => refuse(404, "not_found", "no such artifact"),
        ("FinalizeArtifact", Some(id)) => {
            let size = word("size").and_then(|size| size.parse().ok());
            match held.end(id, size, word("hash")) {
                true => Reply::json(200, &id_of(id)),
                false => refuse(400, "invalid_argument", "another size or digest than was sent"),
            }
        }
        ("GetSignedArtifactURL", Some(id)) => {
            Reply::json(200, &json!({ "signed_url": address(place, call, id, held) }))
        }
        ("DeleteArtifact", Some(id)) => {
            held.held.remove(&id);
            Reply::json(200, &id_of(id))
        }
        _ => refuse(404, "bad_route", "no such method"),
    }
}

impl Artifacts {
    fn add(&mut self, name: &str, content_type: &str, created: u64) -> u64 {
        self.next += 1;
        let (name, content_type) = (name.to_owned(), content_type.to_owned());
        let artifact = Artifact { name, content_type, created, ..Artifact::default() };
        self.held.insert(self.next, artifact);
        self.next
    }

    fn end(&mut self, id: u64, size: Option<usize>, hash: Option<&str>) -> bool {
        let Some(held) = self.held.get_mut(&id) else { return false };
        let own = digest(&held.bytes);
        held.complete =
            size == Some(held.bytes.len()) && hash.is_none_or(|told| told == own.as_str());
        held.digest = hash.map(str::to_owned);
        held.complete
    }

    fn list(&self, name: Option<&str>, id: Option<&str>) -> Reply {
        let wanted = |(number, held): &(&u64, &Artifact)| {
            held.complete
                && name.is_none_or(|name| name == held.name)
                && id.is_none_or(|id| id == number.to_string())
        };
        let shown = self.held.iter().filter(wanted).map(|(id, held)| {
            json!({
                "workflow_run_backend_id": RUN, "workflow_job_run_backend_id": "job-1",
                "database_id": id.to_string(), "name": held.name,
                "size": held.bytes.len().to_string(),
                "created_at": time(held.created), "digest": held.digest,
            })
        });
        Reply::json(200, &json!({ "artifacts": shown.collect::<Vec<_>>() }))
    }
}

/// Blob storage: `Put Block`, `Put Block List`, `Put Blob` and `Get Blob` of Azure's protocol.
fn storage(held: &mut Artifacts, call: &Call) -> Reply {
    let name = call.path.strip_prefix("/actions/artifacts/").unwrap_or_default();
    let id = name.split('.').next().and_then(|id| id.parse::<u64>().ok()).unwrap_or_default();
    if call.parameter("sig") != Some(signature(id).as_str()) {
        return Reply::text(403, "AuthenticationFailed");
    }
    let Some(artifact) = held.held.get_mut(&id) else { return Reply::text(404, "BlobNotFound") };
    match (call.method.as_str(), call.parameter("comp")) {
        ("GET", _) => {
            let file = format!("attachment; filename=\"{}\"", artifact.name);
            Reply::bytes(200, &artifact.content_type, artifact.bytes.clone())
                .with("content-disposition", file)
        }
        ("PUT", _) if artifact.complete => Reply::text(409, "BlobImmutable"),
        ("PUT", Some("block")) => {
            let block = call.parameter("blockid").unwrap_or_default().to_owned();
            artifact.blocks.insert(block, call.body.clone());
            stored()
        }
        ("PUT", Some("blocklist")) => match listed(&artifact.blocks, &call.body) {
            Some(bytes) => {
                artifact.bytes = bytes;
                stored()
            }
            None => Reply::text(400, "InvalidBlockList"),
        },
        ("PUT", None) => {
            artifact.bytes = call.body.clone();
            stored()
        }
        _ => Reply::text(405, "UnsupportedHttpVerb"),
    }
}

/// The blocks that the XML list names, one after another; `None` where one is not there.
fn listed(blocks: &BTreeMap<String, Bytes>, list: &[u8]) -> Option<Bytes> {
    let list = String::from_utf8_lossy(list);
    let names = list.split("<Latest>").skip(1).filter_map(|rest| rest.split("</Latest>").next());
    let found: Option<Vec<&Bytes>> = names.map(|name| blocks.get(name)).collect();
    let mut bytes = Vec::new();
    for block in found? {
        bytes.extend_from_slice(block);
    }
    Some(bytes.into())
}

fn stored() -> Reply {
    Reply::empty(201).with("x-ms-request-id", "1").with("etag", "\"1\"")
}

/// A signed address. Its signature has no `=`: Azure's client takes those away.
fn address(place: Place<'_>, call: &Call, id: u64, held: &Artifacts) -> String {
    let base = place.sites.base(Service::Artifacts, call.tls);
    let kind = held.held.get(&id).map_or("", |held| held.content_type.as_str());
    let end = if kind == "application/zip" { ".zip" } else { "" };
    format!("{base}/actions/artifacts/{id}{end}?sig={}", signature(id))
}

fn signature(id: u64) -> String {
    sha256(format!("artifact {id}").as_bytes())
}

fn refuse(status: u16, code: &str, why: &str) -> Reply {
    Reply::json(status, &json!({ "code": code, "msg": why }))
}
