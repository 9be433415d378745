//! Prism, between a client and the double: it knows GitHub's description of its API and turns every
//! response that does not follow it into an error.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use forge::{Fault, Forge, GithubSetup, Kind, On, Service, Setup};
use serde_json::{Value, json};

use super::client::{Answer, request};
use super::judge::{self, Scratch};

/// The part of GitHub's API that the double serves. Keeps these paths and what they refer to, and
/// removes the hosts: Prism gets the address as an argument.
const TRIM: &str = r##"
const fs = require("fs");
const [from, to] = process.argv.slice(1);
const all = JSON.parse(fs.readFileSync(from));
const repo = "/repos/{owner}/{repo}";
const wanted = [
  "/releases", "/releases/latest", "/releases/tags/{tag}", "/releases/{release_id}",
  "/releases/{release_id}/assets", "/releases/assets/{asset_id}", "/git/ref/{ref}",
  "/git/tags/{tag_sha}", "/immutable-releases", "/attestations", "/attestations/{subject_digest}",
].map((path) => repo + path);
for (const owner of ["/orgs/{org}", "/users/{username}"])
  wanted.push(owner + "/packages/{package_type}/{package_name}");
wanted.push("/orgs/{org}/packages/{package_type}/{package_name}/versions");
const out = { openapi: all.openapi, info: all.info, paths: {}, components: {} };
const seen = new Set();
function walk(value) {
  if (value === null || typeof value !== "object") return;
  const ref = value.$ref;
  if (typeof ref === "string" && !seen.has(ref)) {
    seen.add(ref);
    const [, kind, ...names] = ref.slice(2).split("/");
    const name = names.join("/");
    (out.components[kind] ??= {})[name] = all.components[kind][name];
    walk(all.components[kind][name]);
  }
  delete value.servers;
  for (const part of Object.values(value)) walk(part);
}
for (const path of wanted) {
  if (!all.paths[path]) throw new Error("no such path: " + path);
  out.paths[path] = all.paths[path];
  walk(out.paths[path]);
}
fs.writeFileSync(to, JSON.stringify(out));
"##;

/// A running Prism, ended when dropped.
struct Prism {
    child: Child,
    url: String,
}

impl Prism {
    /// Starts one in front of this address; `None` if it is not installed.
    fn before(upstream: &str, scratch: &Scratch) -> Option<Self> {
        let program = judge::find("prism")?;
        let description = description(&program, scratch)?;
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("node");
        command.arg(fs::canonicalize(&program).unwrap());
        command.args(["proxy", "--errors", "--host", "127.0.0.1", "--port", &free.to_string()]);
        command.arg(description).arg(upstream).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.by_ref().flatten().any(|line| line.contains("is listening"));
        assert!(ready, "prism ended before it listened");
        // Keep reading: Prism would block once the pipe is full.
        thread::spawn(move || lines.for_each(drop));
        Some(Self { child, url: format!("http://127.0.0.1:{free}") })
    }
}

impl Drop for Prism {
    fn drop(&mut self) {
        // Both fail only if it has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// GitHub's description, which is installed beside Prism's package, reduced to what is served here.
fn description(prism: &Path, scratch: &Scratch) -> Option<PathBuf> {
    let whole = judge::beside(prism, "@octokit/openapi/generated/api.github.com.json")?;
    let trimmed = scratch.join("github.json");
    if !trimmed.exists() {
        let mut node = Command::new("node");
        let (success, output) = judge::run(node.args(["-e", TRIM]).arg(whole).arg(&trimmed));
        assert!(success, "{output}");
    }
    Some(trimmed)
}

fn forge(immutable: bool) -> Forge {
    let token = Some("token".to_owned());
    let github = GithubSetup { token, immutable, ..GithubSetup::default() };
    Forge::start(Setup { github, ..Setup::default() }).unwrap()
}

/// Sends through Prism, whose own errors have a media type of their own.
fn ask(base: &str, method: &str, path: &str, body: Option<&Value>, expected: u16) -> Answer {
    let request = request(base, method, path).header("authorization", "Bearer token");
    let request = request.header("accept", "application/json");
    let request = match body {
        Some(body) => request.json(body),
        None => request,
    };
    let answer = request.answer();
    assert!(!is_error(&answer), "{method} {path}: {}", answer.text());
    assert_eq!(answer.status, expected, "{method} {path}: {}", answer.text());
    answer
}

fn is_error(answer: &Answer) -> bool {
    answer.header("content-type").contains("problem+json")
        || !answer.header("sl-violations").is_empty()
}

fn upload(base: &str, release: &Value, name: &str, expected: u16) -> Answer {
    let path = format!("/repos/o/r/releases/{release}/assets?name={name}");
    let request = request(base, "POST", &path).header("authorization", "Bearer token");
    let answer = request.body("application/octet-stream", b"bytes").answer();
    assert!(!is_error(&answer), "{}", answer.text());
    assert_eq!(answer.status, expected, "{}", answer.text());
    answer
}

fn bundle() -> Value {
    // {"subject":[{"digest":{"sha256":"ab"}}],"predicateType":"x"}
    let payload =
        "eyJzdWJqZWN0IjpbeyJkaWdlc3QiOnsic2hhMjU2IjoiYWIifX1dLCJwcmVkaWNhdGVUeXBlIjoieCJ9";
    json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {},
        "dsseEnvelope": { "payload": payload, "payloadType": "x", "signatures": [] },
    })
}

#[test]
#[ignore = "slow: starts Prism"]
fn every_answer_about_releases_follows_githubs_own_description() {
    let scratch = Scratch::new("prism");
    let forge = forge(true);
    let Some(api) = Prism::before(&forge.url(Service::Api), &scratch) else { return };
    let Some(uploads) = Prism::before(&forge.url(Service::Uploads), &scratch) else { return };
    let (api, uploads) = (&api.url, &uploads.url);
    let releases = "/repos/o/r/releases";

    ask(api, "GET", releases, None, 200);
    ask(api, "GET", "/repos/o/r/releases/latest", None, 404);
    ask(api, "GET", "/repos/o/r/releases/tags/v1.0.0", None, 404);
    ask(api, "GET", "/repos/o/r/immutable-releases", None, 200);
    let wanted = json!({ "tag_name": "v1.0.0", "name": "1.0.0", "body": "Notes", "draft": true });
    let draft = ask(api, "POST", releases, Some(&wanted), 201).json();
    let id = &draft["id"];
    let asset = upload(uploads, id, "a.whl", 201).json();
    upload(uploads, id, "b.tar.gz", 201);
    let own = format!("{releases}/assets/{}", asset["id"]);
    ask(api, "GET", &own, None, 200);
    ask(api, "PATCH", &own, Some(&json!({ "label": "A wheel" })), 200);
    ask(api, "GET", &format!("{releases}/{id}/assets?per_page=1"), None, 200);
    ask(api, "GET", &format!("{releases}/{id}"), None, 200);
    ask(api, "GET", releases, None, 200);
    ask(api, "DELETE", &own, None, 204);
    ask(api, "GET", &own, None, 404);
    let publish = json!({ "draft": false, "make_latest": "true" });
    let published = ask(api, "PATCH", &format!("{releases}/{id}"), Some(&publish), 200).json();
    assert_eq!(published["immutable"], true);
    ask(api, "GET", "/repos/o/r/releases/tags/v1.0.0", None, 200);
    ask(api, "GET", "/repos/o/r/releases/latest", None, 200);
    ask(api, "GET", "/repos/o/r/git/ref/tags%2Fv1.0.0", None, 200);
    let hash = "0123456789012345678901234567890123456789";
    forge.change(|state| {
        let held = state.github.repository("o/r");
        held.tags.insert("v2.0.0".to_owned(), hash.to_owned());
        held.annotated.insert(hash.to_owned(), hash.chars().rev().collect());
    });
    let named = ask(api, "GET", "/repos/o/r/git/ref/tags%2Fv2.0.0", None, 200).json();
    assert_eq!(named["object"]["type"], "tag");
    let tag = ask(api, "GET", &format!("/repos/o/r/git/tags/{hash}"), None, 200).json();
    assert_eq!(tag["object"]["type"], "commit");
    let taken = json!({ "tag_name": "v1.0.0", "draft": false });
    ask(api, "POST", releases, Some(&taken), 422);
    let other = ask(api, "POST", releases, Some(&wanted), 201).json();
    ask(api, "DELETE", &format!("{releases}/{}", other["id"]), None, 204);
}

#[test]
#[ignore = "slow: starts Prism"]
fn every_answer_about_attestations_and_packages_follows_githubs_own_description() {
    let scratch = Scratch::new("prism-rest");
    let forge = forge(false);
    forge.change(|state| {
        let oci_repository = state.registry.repository("owner/app");
        let manifest = forge::Manifest { media_type: "x".to_owned(), bytes: "{}".into() };
        oci_repository.manifests.insert("sha256:ab".to_owned(), manifest);
        oci_repository.tags.insert("1.0.0".to_owned(), "sha256:ab".to_owned());
    });
    let Some(api) = Prism::before(&forge.url(Service::Api), &scratch) else { return };
    let api = &api.url;
    let sent = json!({ "bundle": bundle() });
    ask(api, "POST", "/repos/o/r/attestations", Some(&sent), 201);
    let found = ask(api, "GET", "/repos/o/r/attestations/sha256:ab", None, 200).json();
    assert_eq!(found["attestations"][0]["bundle"], bundle());
    ask(api, "GET", "/repos/o/r/immutable-releases", None, 404);
    ask(api, "GET", "/orgs/owner/packages/container/app", None, 200);
    ask(api, "GET", "/users/owner/packages/container/app", None, 200);
    ask(api, "GET", "/orgs/owner/packages/container/app/versions", None, 200);
}

#[test]
#[ignore = "slow: starts Prism"]
fn prism_says_no_to_an_answer_that_is_not_githubs() {
    let scratch = Scratch::new("prism-no");
    let forge = forge(false);
    let Some(api) = Prism::before(&forge.url(Service::Api), &scratch) else { return };
    forge.inject(Fault::once(On::request("GET", "/repos"), Kind::Status(418)));
    let request = request(&api.url, "GET", "/repos/o/r/releases");
    let answer = request.header("authorization", "Bearer token").answer();
    assert!(is_error(&answer), "{answer:?}");
}
