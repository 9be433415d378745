//! What the clients of the Python index do not test: who may exchange an identity token, what an
//! upload must be, how the index is read.

use forge::{Forge, IndexSetup, Publisher, Service, Setup, Workflow};
use serde_json::{Value, json};
use sha2::Digest as _;

use super::client::{Answer, request};

const WHEEL: &str = "demo_pkg-1.0.0-py3-none-any.whl";
const DAY: u64 = 86_400;

/// An index with one trusted publisher, and a run of that workflow after `change`.
fn start(change: impl FnOnce(&mut Workflow)) -> Forge {
    let mut workflow = Workflow { environment: Some("release".to_owned()), ..Workflow::default() };
    change(&mut workflow);
    let publisher = Publisher {
        repository: "Octo-Org/octo-repo".to_owned(),
        workflow: "release.yml".to_owned(),
        environment: Some("release".to_owned()),
        projects: vec!["demo-pkg".to_owned()],
    };
    let index = IndexSetup { publishers: vec![publisher], ..IndexSetup::default() };
    let setup = Setup { index, workflow, time: Some(1_000_000), ..Setup::default() };
    Forge::start(setup).unwrap()
}

fn identity(forge: &Forge, audience: &str) -> String {
    let path = format!("/token?api-version=2.0&audience={audience}");
    let request = request(&forge.url(Service::Issuer), "GET", &path);
    let request = request.header("authorization", "bearer request-token");
    request.expect(200).json()["value"].as_str().unwrap().to_owned()
}

fn mint(forge: &Forge, token: &str) -> Answer {
    let request = request(&forge.url(Service::Index), "POST", "/_/oidc/mint-token");
    request.json(&json!({ "token": token })).answer()
}

/// Uploads a file with the form that clients send.
fn upload(forge: &Forge, token: &str, file: &str, bytes: &str, more: &[(&str, &str)]) -> Answer {
    let fixed = [
        (":action", "file_upload"),
        ("protocol_version", "1"),
        ("metadata_version", "2.4"),
        ("name", "Demo.Pkg"),
        ("version", "1.0.0"),
        ("filetype", "bdist_wheel"),
        ("requires_python", ">=3.8"),
    ];
    let mut form = String::new();
    for (name, value) in fixed.iter().chain(more) {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"");
        form.push_str(&format!("--x\r\n{head}\r\n\r\n{value}\r\n"));
    }
    let head = format!("Content-Disposition: form-data; name=\"content\"; filename=\"{file}\"");
    form.push_str(&format!("--x\r\n{head}\r\n\r\n{bytes}\r\n--x--\r\n"));
    let basic = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        format!("__token__:{token}"),
    );
    let request = request(&forge.url(Service::Index), "POST", "/legacy/");
    let request = request.header("authorization", &format!("Basic {basic}"));
    request.body("multipart/form-data; boundary=x", form.as_bytes()).answer()
}

fn open(token: &str) -> Forge {
    let index = IndexSetup { token: Some(token.to_owned()), ..IndexSetup::default() };
    Forge::start(Setup { index, time: Some(DAY), ..Setup::default() }).unwrap()
}

#[test]
fn only_the_registered_workflow_of_the_callers_own_repository_gets_a_token() {
    let check = |change: &dyn Fn(&mut Workflow), expected: &str| {
        let forge = start(change);
        let answer = mint(&forge, &identity(&forge, "pypi"));
        let told = answer.json();
        let code = told["errors"][0]["code"].as_str().unwrap_or_default();
        assert_eq!(code, expected, "{told}");
        assert_eq!(answer.status, if expected.is_empty() { 200 } else { 422 });
    };
    let none = "invalid-publisher";
    check(&|_| {}, "");
    check(&|run| run.environment = Some("Release".to_owned()), "");
    check(&|run| run.environment = None, none);
    check(&|run| run.repository = "octo-org/another".to_owned(), none);
    check(&|run| run.path = ".github/workflows/other.yml".to_owned(), none);
    check(&|run| run.event = "pull_request_target".to_owned(), none);
    let foreign = "contextforge-org/package-actions/.github/workflows/release.yml@v1".to_owned();
    check(&|run| run.reusable = Some(foreign.clone()), none);
    // A reusable workflow of the very same repository is one of its files.
    let own = "octo-org/octo-repo/.github/workflows/release.yml@refs/tags/v1.2.3".to_owned();
    check(
        &|run| {
            run.path = ".github/workflows/ci.yml".to_owned();
            run.reusable = Some(own.clone());
        },
        "",
    );
    let stranger = ("iss".to_owned(), json!("https://elsewhere.example"));
    check(&|run| run.claims.extend([stranger.clone()]), "invalid-token");
}

#[test]
fn an_identity_token_is_accepted_once_in_time_and_for_the_index_only() {
    let forge = start(|_| {});
    let code = |answer: Answer| answer.json()["errors"][0]["code"].clone();
    let token = identity(&forge, "pypi");
    assert_eq!(mint(&forge, &token).status, 200);
    assert_eq!(code(mint(&forge, &token)), "invalid-reuse-token");
    assert_eq!(code(mint(&forge, &identity(&forge, "sigstore"))), "invalid-token");
    let mut forged = identity(&forge, "pypi");
    let location = forged.len() - 4..forged.len() - 3;
    let changed = if &forged[location.clone()] == "A" { "B" } else { "A" };
    forged.replace_range(location, changed);
    assert_eq!(code(mint(&forge, &forged)), "invalid-token");
    let token = identity(&forge, "pypi");
    forge.set_time(1_000_000 + 301);
    assert_eq!(code(mint(&forge, &token)), "invalid-token");
    let wrong = request(&forge.url(Service::Issuer), "GET", "/token");
    wrong.header("authorization", "bearer wrong").expect(401);
}

#[test]
fn a_minted_token_uploads_with_attestations_until_it_ends() {
    let forge = start(|_| {});
    let minted = mint(&forge, &identity(&forge, "pypi")).json();
    let token = minted["token"].as_str().unwrap();
    let sha256: String =
        sha2::Sha256::digest(b"bytes").iter().map(|byte| format!("{byte:02x}")).collect();
    let attestations = |digest: &str| {
        let statement = json!({
            "subject": [{ "name": WHEEL, "digest": { "sha256": digest } }],
            "predicateType": "https://slsa.dev/provenance/v1",
        });
        let engine = base64::engine::general_purpose::STANDARD;
        let statement = base64::Engine::encode(&engine, statement.to_string());
        json!([{ "version": 1, "envelope": { "statement": statement } }]).to_string()
    };
    let send = |digest: &str| {
        upload(&forge, token, WHEEL, "bytes", &[("attestations", &attestations(digest))])
    };
    assert_eq!(send(&"0".repeat(64)).status, 400);
    assert_eq!(send(&sha256).status, 200);
    let location = format!("/integrity/demo-pkg/1.0.0/{WHEEL}/provenance");
    let told = request(&forge.url(Service::Index), "GET", &location).expect(200).json();
    let bundle = &told["attestation_bundles"][0];
    assert_eq!(bundle["publisher"]["workflow"], "release.yml");
    assert_eq!(bundle["attestations"].as_array().unwrap().len(), 1);
    forge.set_time(1_000_000 + 901);
    assert_eq!(upload(&forge, token, WHEEL, "bytes", &[]).status, 403);
}

#[test]
fn a_file_is_accepted_once_and_only_while_its_release_is_young() {
    let forge = open("secret");
    let check = |file: &str, bytes: &str, more: &[(&str, &str)], status: u16, told: &str| {
        let answer = upload(&forge, "secret", file, bytes, more);
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.text().contains(told), "{}", answer.text());
    };
    check(WHEEL, "bytes", &[("sha256_digest", "00")], 400, "does not match a digest");
    check("other-1.0.0-py3-none-any.whl", "bytes", &[], 400, "Start filename");
    check(WHEEL, "bytes", &[("attestations", "[]")], 400, "Trusted Publishing");
    check(WHEEL, "bytes", &[], 200, "");
    check(WHEEL, "bytes", &[], 200, "");
    check(WHEEL, "other", &[], 400, "File already exists");
    forge.set_time(DAY * 15);
    check("demo_pkg-1.0.0-py2-none-any.whl", "b", &[], 200, "");
    forge.set_time(DAY * 15 + 1);
    check("demo_pkg-1.0.0-py30-none-any.whl", "b", &[], 400, "older than 14 days");
    check(WHEEL, "bytes", &[], 200, "");
    assert_eq!(upload(&forge, "wrong", WHEEL, "bytes", &[]).status, 403);
    assert_eq!(forge.index().files().count(), 2);
}

#[test]
fn the_index_is_read_as_html_and_as_json() {
    let forge = open("secret");
    assert_eq!(upload(&forge, "secret", WHEEL, "bytes", &[]).status, 200);
    let base = forge.url(Service::Index);
    let moved = request(&base, "GET", "/simple/Demo_Pkg/").expect(301);
    assert_eq!(moved.header("location"), "/simple/demo-pkg/");
    request(&base, "GET", "/simple/none/").expect(404);
    let html = request(&base, "GET", "/simple/demo-pkg/").expect(200);
    assert!(html.header("content-type").starts_with("text/html"));
    assert!(html.text().contains("data-requires-python=\"&gt;=3.8\""), "{}", html.text());
    let json = "application/vnd.pypi.simple.v1+json";
    let page = request(&base, "GET", "/simple/demo-pkg/").header("accept", json).expect(200);
    assert_eq!(page.header("content-type"), json);
    let file: Value = page.json()["files"][0].clone();
    assert_eq!((&file["filename"], &file["size"]), (&json!(WHEEL), &json!(5)));
    assert_eq!(file["provenance"], Value::Null);
    let served = request(&base, "GET", file["url"].as_str().unwrap()).expect(200);
    assert_eq!(served.body, b"bytes");
    let prefers = format!("text/html, {json};q=0.5");
    let html = request(&base, "GET", "/simple/").header("accept", &prefers).expect(200);
    assert!(html.header("content-type").starts_with("text/html"));
}
