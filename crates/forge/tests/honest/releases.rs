//! What the description of GitHub's API does not say about releases: drafts, broken uploads,
//! immutable releases, which one is the latest, who may see what.

use forge::{Forge, GithubSetup, Service, Setup};
use serde_json::{Value, json};

use super::client::{Answer, Request, request};

const KIND: &str = "application/octet-stream";
const TOKEN: &str = "Bearer token";

struct Github {
    forge: Forge,
    api: String,
    uploads: String,
}

impl Github {
    fn start(immutable: bool) -> Self {
        let token = Some("token".to_owned());
        let github = GithubSetup { token, immutable, ..GithubSetup::default() };
        let forge = Forge::start(Setup { github, time: Some(1_000), ..Setup::default() }).unwrap();
        let (api, uploads) = (forge.url(Service::Api), forge.url(Service::Uploads));
        Self { forge, api, uploads }
    }

    fn ask(&self, method: &str, path: &str) -> Request {
        let path = format!("/repos/o/r/{path}");
        request(&self.api, method, &path).header("authorization", TOKEN)
    }

    fn create(&self, wanted: Value, status: u16) -> Value {
        self.ask("POST", "releases").json(&wanted).expect(status).json()
    }

    fn update(&self, release: &Value, wanted: Value, status: u16) -> Value {
        let path = format!("releases/{}", release["id"]);
        self.ask("PATCH", &path).json(&wanted).expect(status).json()
    }

    fn upload(&self, release: &Value, name: &str, bytes: &[u8]) -> Request {
        let location = release["upload_url"].as_str().unwrap().replace("{?name,label}", "");
        let location = format!("{location}?name={name}");
        request(&self.uploads, "POST", &location).header("authorization", TOKEN).body(KIND, bytes)
    }
}

fn code(answer: &Answer) -> String {
    answer.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn drafts_are_visible_to_writers_only_and_have_no_tag() {
    let github = Github::start(false);
    let one = github.create(json!({ "tag_name": "v1", "draft": true }), 201);
    let two = github.create(json!({ "tag_name": "v1", "draft": true }), 201);
    assert_ne!(one["id"], two["id"]);
    github.ask("GET", "releases/tags/v1").expect(404);
    github.ask("GET", "git/ref/tags/v1").expect(404);
    let count = |answer: Answer| answer.json().as_array().unwrap().len();
    assert_eq!(count(github.ask("GET", "releases").expect(200)), 2);
    assert_eq!(count(request(&github.api, "GET", "/repos/o/r/releases").expect(200)), 0);
    request(&github.api, "POST", "/repos/o/r/releases").json(&json!({})).expect(401);
    let wrong = request(&github.api, "GET", "/repos/o/r/releases");
    wrong.header("authorization", "Bearer wrong").expect(401);

    github.update(&one, json!({ "draft": false }), 200);
    github.ask("GET", "releases/tags/v1").expect(200);
    github.ask("GET", "git/ref/tags/v1").expect(200);
    let refused = github.update(&two, json!({ "draft": false }), 422);
    assert_eq!(refused["errors"][0]["code"], "already_exists");
    assert!(github.forge.github().published("o/r", "v1").is_some());
}

#[test]
fn an_upload_that_broke_off_leaves_an_asset_in_the_state_starter() {
    let github = Github::start(false);
    let draft = github.create(json!({ "tag_name": "v1", "draft": true }), 201);
    assert_eq!(github.upload(&draft, "a.whl", b"all the bytes").dies_after(3).send(), None);
    let assets = format!("releases/{}/assets", draft["id"]);
    let asset = github.ask("GET", &assets).expect(200).json()[0].clone();
    assert_eq!((&asset["state"], &asset["size"]), (&json!("starter"), &json!(0)));
    assert_eq!(asset["digest"], Value::Null);
    let again = github.upload(&draft, "a.whl", b"all the bytes").expect(422);
    assert_eq!(code(&again), "already_exists");
    github.ask("DELETE", &format!("releases/assets/{}", asset["id"])).expect(204);
    let asset = github.upload(&draft, "a.whl", b"all the bytes").expect(201).json();
    assert_eq!((&asset["state"], &asset["size"]), (&json!("uploaded"), &json!(13)));
    assert!(asset["digest"].as_str().unwrap().starts_with("sha256:"));
    github.upload(&draft, "empty", b"").expect(400);
}

#[test]
fn an_asset_is_served_by_another_host_without_credentials() {
    let github = Github::start(false);
    let draft = github.create(json!({ "tag_name": "v1", "draft": true }), 201);
    let asset = github.upload(&draft, "a%20b.whl", b"bytes").expect(201).json();
    assert_eq!(asset["name"], "a.b.whl");
    let path = format!("releases/assets/{}", asset["id"]);
    let sent = github.ask("GET", &path).header("accept", KIND).expect(302);
    let objects = github.forge.url(Service::Objects);
    let location = sent.header("location");
    assert!(location.starts_with(&objects));
    assert_eq!(request(&objects, "GET", location).expect(200).body, b"bytes");
    request(&objects, "GET", location).header("authorization", TOKEN).expect(400);
    let anybody = request(&github.api, "GET", &format!("/repos/o/r/{path}"));
    anybody.header("accept", KIND).expect(404);

    github.update(&draft, json!({ "draft": false }), 200);
    let location = "/o/r/releases/download/v1/a.b.whl";
    assert_eq!(request(&objects, "GET", location).expect(200).body, b"bytes");
    assert_eq!(github.ask("GET", &path).expect(200).json()["download_count"], 2);
}

#[test]
fn an_immutable_release_is_locked_when_it_is_published() {
    let github = Github::start(true);
    let draft = github.create(json!({ "tag_name": "v1", "draft": true }), 201);
    let asset = github.upload(&draft, "a", b"1").expect(201).json();
    let published = github.update(&draft, json!({ "draft": false }), 200);
    assert_eq!(published["immutable"], true);
    github.upload(&draft, "b", b"2").expect(422);
    github.ask("DELETE", &format!("releases/assets/{}", asset["id"])).expect(422);
    github.update(&draft, json!({ "tag_name": "v2" }), 422);
    github.update(&draft, json!({ "draft": true }), 422);
    github.update(&draft, json!({ "body": "Better notes" }), 200);
    github.ask("DELETE", &format!("releases/{}", draft["id"])).expect(204);
    github.create(json!({ "tag_name": "v1" }), 422);
}

#[test]
fn the_latest_release_is_the_one_that_was_marked() {
    let github = Github::start(false);
    let latest = || github.ask("GET", "releases/latest").answer().json()["tag_name"].clone();
    github.create(json!({ "tag_name": "v1" }), 201);
    assert_eq!(latest(), "v1");
    github.create(json!({ "tag_name": "v2-rc", "prerelease": true }), 201);
    github.create(json!({ "tag_name": "v3", "draft": true }), 201);
    assert_eq!(latest(), "v1");
    let old = github.create(json!({ "tag_name": "v0.9", "make_latest": "false" }), 201);
    assert_eq!(latest(), "v1");
    github.update(&old, json!({ "make_latest": "true" }), 200);
    assert_eq!(latest(), "v0.9");
}

#[test]
fn lists_come_in_pages_and_an_enterprise_server_has_its_own_paths() {
    let github = Github::start(false);
    for tag in ["v1", "v2", "v3"] {
        github.create(json!({ "tag_name": tag }), 201);
    }
    let page = github.ask("GET", "releases?per_page=2").expect(200);
    assert_eq!(page.json()[0]["tag_name"], "v3");
    let next = page.header("link").split(['<', '>']).nth(1).unwrap().to_owned();
    let second = request(&github.api, "GET", &next).header("authorization", TOKEN).expect(200);
    assert_eq!(second.json().as_array().unwrap().len(), 1);

    let path = "/api/v3/repos/o/r/releases/tags/v1";
    let release = request(&github.api, "GET", path).expect(200).json();
    let start = |key: &str| release[key].as_str().unwrap().to_owned();
    assert!(start("url").starts_with(&format!("{}/api/v3/repos/", github.api)));
    assert!(start("upload_url").starts_with(&format!("{}/api/uploads/repos/", github.uploads)));
    github.upload(&release, "a", b"1").expect(201);
}
