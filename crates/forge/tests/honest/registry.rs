//! What the conformance suite does not test: tokens, GHCR's limits, uploads that broke off, pages
//! of tags.

use forge::{Access, Forge, RegistrySetup, Service, Setup};
use serde_json::Value;
use sha2::Digest as _;

use super::client::{Answer, Request, request};

const KIND: &str = "application/octet-stream";

fn start(registry: RegistrySetup) -> (Forge, String) {
    let forge = Forge::start(Setup { registry, ..Setup::default() }).unwrap();
    let base = forge.url(Service::Registry);
    (forge, base)
}

fn sha256(bytes: &[u8]) -> String {
    let hash = sha2::Sha256::digest(bytes);
    format!("sha256:{}", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

/// Uploads a blob in one request.
fn put(base: &str, repository: &str, bytes: &[u8], with: &dyn Fn(Request) -> Request) -> String {
    let digest = sha256(bytes);
    let path = format!("/v2/{repository}/blobs/uploads/?digest={digest}");
    with(request(base, "POST", &path).body(KIND, bytes)).expect(201);
    digest
}

/// Requests a token as the challenge says.
fn ask_token(challenge: &Answer, login: Option<&str>) -> Answer {
    let told = challenge.header("www-authenticate");
    let field = |name: &str| {
        let start = format!("{name}=\"");
        told.split(&start).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
    };
    let realm = field("realm");
    let base = realm.trim_end_matches("/token");
    let path = format!("/token?service={}&scope={}", field("service"), field("scope"));
    let request = request(base, "GET", &path);
    match login {
        Some(login) => request.header("authorization", login).answer(),
        None => request.answer(),
    }
}

fn token(challenge: &Answer, login: Option<&str>) -> String {
    ask_token(challenge, login).json()["token"].as_str().unwrap().to_owned()
}

#[test]
fn a_token_permits_its_scopes_and_nothing_else() {
    // somebody:secret
    let login = "Basic c29tZWJvZHk6c2VjcmV0";
    let (forge, base) = start(RegistrySetup::ghcr("somebody", "secret"));
    let upload = format!("/v2/o/a/blobs/uploads/?digest={}", sha256(b"x"));
    let refused = request(&base, "POST", &upload).body(KIND, b"x").expect(401);
    assert_eq!(ask_token(&refused, None).status, 401, "GHCR gives none");
    let push = || request(&base, "POST", &upload).body(KIND, b"x");
    let user = format!("Bearer {}", token(&refused, Some(login)));
    push().header("authorization", &user).expect(201);
    let elsewhere = request(&base, "POST", "/v2/o/b/blobs/uploads/");
    let told = elsewhere.header("authorization", &user).expect(401);
    assert!(told.header("www-authenticate").contains("insufficient_scope"));

    let blob = format!("/v2/o/a/blobs/{}", sha256(b"x"));
    let refused = request(&base, "GET", &blob).expect(401);
    assert_eq!(ask_token(&refused, None).status, 401, "what GHCR makes is private at first");
    forge.change(|state| state.registry.repository("o/a").private = false);
    let anybody = format!("Bearer {}", token(&refused, None));
    let sent = request(&base, "GET", &blob).header("authorization", &anybody).expect(307);
    let (objects, location) = (forge.url(Service::Objects), sent.header("location"));
    assert_eq!(request(&objects, "GET", location).expect(200).body, b"x");
    request(&objects, "GET", location).header("authorization", &anybody).expect(400);
    let tokens = forge.url(Service::Tokens);
    let wrong = request(&tokens, "GET", "/token?scope=repository:o/a:pull");
    wrong.header("authorization", "Basic c29tZWJvZHk6d3Jvbmc=").expect(403);
}

#[test]
fn a_token_expires_after_some_uses_or_some_time() {
    let access = Access::Bearer { user: "a".to_owned(), password: "b".to_owned() };
    let (forge, base) =
        start(RegistrySetup { access, token_uses: Some(2), ..RegistrySetup::default() });
    forge.set_time(1_000);
    let new = || {
        let refused = request(&base, "GET", "/v2/").expect(401);
        format!("Bearer {}", token(&refused, Some("Basic YTpi")))
    };
    let get = |token: &str| request(&base, "GET", "/v2/").header("authorization", token).answer();
    let own = new();
    let statuses: Vec<u16> = (0..3).map(|_| get(&own).status).collect();
    assert_eq!(statuses, [200, 200, 401]);
    let own = new();
    forge.set_time(2_000);
    assert_eq!(get(&own).status, 401);
}

#[test]
fn an_upload_that_broke_off_reports_how_much_was_received() {
    let (_forge, base) = start(RegistrySetup { absolute: true, ..RegistrySetup::default() });
    let begun = request(&base, "POST", "/v2/a/blobs/uploads/").expect(202);
    let location = begun.header("location").to_owned();
    assert!(location.starts_with(&base));
    let chunk = |range: &str, bytes: &[u8]| {
        request(&base, "PATCH", &location).header("content-range", range).body(KIND, bytes)
    };
    chunk("0-3", b"0123").expect(202);
    assert_eq!(chunk("4-9", b"456789").dies_after(2).send(), None);
    let told = request(&base, "GET", &location).expect(204);
    assert_eq!(told.header("range"), "0-5");
    assert_eq!(chunk("4-9", b"456789").expect(416).header("range"), "0-5");
    chunk("6-9", b"6789").expect(202);
    let end = format!("{location}?digest={}", sha256(b"0123456789"));
    request(&base, "PUT", &end).expect(201);
    request(&base, "GET", &location).expect(404);
}

#[test]
fn chunks_over_the_limit_are_refused_as_ghcr_does() {
    let setup = RegistrySetup { patch_limit: Some(4), ..RegistrySetup::default() };
    let (_forge, base) = start(setup);
    let begun = request(&base, "POST", "/v2/a/blobs/uploads/").expect(202);
    let location = begun.header("location");
    request(&base, "PATCH", location).body(KIND, b"12345").expect(416);
    request(&base, "PATCH", location).body(KIND, b"1234").expect(202);
    let end = format!("{location}?digest={}", sha256(b"123456789"));
    request(&base, "PUT", &end).body(KIND, b"56789").expect(201);
}

#[test]
fn a_manifest_must_be_valid_and_have_its_blobs() {
    let (forge, base) = start(RegistrySetup::default());
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let config = put(&base, "a", b"{}", &|request| request);
    let manifest = |digest: &str, size: u64| {
        serde_json::json!({
            "schemaVersion": 2, "mediaType": kind, "layers": [],
            "config": { "mediaType": "x", "digest": digest, "size": size },
        })
        .to_string()
    };
    let check = |reference: &str, kind: &str, text: &str, expected: u16, code: &str| {
        let path = format!("/v2/a/manifests/{reference}");
        let answer = request(&base, "PUT", &path).body(kind, text.as_bytes()).expect(expected);
        let told: Value = answer.json();
        assert_eq!(told["errors"][0]["code"].as_str().unwrap_or_default(), code);
    };
    let good = manifest(&config, 2);
    check("1.0", kind, &good, 201, "");
    check(&sha256(good.as_bytes()), kind, &good, 201, "");
    check(&sha256(b"another"), kind, &good, 400, "DIGEST_INVALID");
    check("1.0", kind, &manifest(&sha256(b"missing"), 2), 404, "MANIFEST_BLOB_UNKNOWN");
    check("1.0", kind, &manifest(&config, 3), 400, "SIZE_INVALID");
    check("1.0", "application/json", &good, 400, "MANIFEST_INVALID");
    check("1.0", kind, "{", 400, "MANIFEST_INVALID");
    check(".1", kind, &good, 400, "MANIFEST_INVALID");
    assert_eq!(forge.registry().tag("a", "1.0"), Some(sha256(good.as_bytes()).as_str()));
}

#[test]
fn tags_come_in_pages() {
    let (forge, base) = start(RegistrySetup { page: 2, ..RegistrySetup::default() });
    forge.change(|state| {
        let tags = ["b", "A", "c"].map(|tag| (tag.to_owned(), "sha256:x".to_owned()));
        state.registry.repository("a").tags.extend(tags);
    });
    let first = request(&base, "GET", "/v2/a/tags/list").expect(200);
    assert_eq!(first.json()["tags"], serde_json::json!(["A", "b"]));
    let next = first.header("link").split(['<', '>']).nth(1).unwrap().to_owned();
    let second = request(&base, "GET", &next).expect(200);
    assert_eq!(second.json()["tags"], serde_json::json!(["c"]));
    assert_eq!(second.header("link"), "");
    request(&base, "GET", "/v2/none/tags/list").expect(404);
}
