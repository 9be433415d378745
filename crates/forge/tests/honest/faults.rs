//! Faults: each does what it says, as often as it says, and is counted when it does.

use std::time::Duration;

use forge::{Fault, Forge, Kind, On, RegistrySetup, Service, Setup};

use super::client::{Answer, request};

const BLOB: &[u8] = b"twelve bytes";
const NO_DIGEST: &str = "sha256:0e2e1a0fbd1ba5b5";

/// A forge whose registry holds one blob, and the blob's path.
fn forge() -> (Forge, String) {
    let forge = Forge::start(Setup::default()).unwrap();
    let digest = put(&forge, BLOB);
    forge.clear_log();
    (forge, format!("/v2/a/blobs/{digest}"))
}

/// Uploads a blob and returns its digest.
fn put(forge: &Forge, bytes: &[u8]) -> String {
    let base = forge.url(Service::Registry);
    let begun = request(&base, "POST", "/v2/a/blobs/uploads/").expect(202);
    let kind = "application/octet-stream";
    let sent = request(&base, "PATCH", begun.header("location")).body(kind, bytes).expect(202);
    let wrong = format!("{}?digest={NO_DIGEST}", sent.header("location"));
    request(&base, "PUT", &wrong).expect(400);
    let digest = sha256(bytes);
    let path = format!("/v2/a/blobs/uploads/?digest={digest}");
    request(&base, "POST", &path).body(kind, bytes).expect(201);
    digest
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(bytes);
    format!("sha256:{}", hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn get(forge: &Forge, path: &str) -> Option<Answer> {
    request(&forge.url(Service::Registry), "GET", path).send()
}

#[test]
fn a_fault_does_what_it_says_once_and_is_counted() {
    let check = |kind: Kind, seen: &dyn Fn(Option<Answer>)| {
        let (forge, path) = forge();
        let fault = forge.inject(Fault::once(On::request("GET", &path), kind.clone()));
        let answer = get(&forge, &path);
        seen(answer);
        assert_eq!(forge.fired(fault), 1, "{kind:?}");
        let second = get(&forge, &path).unwrap();
        assert_eq!((second.status, second.body.as_slice(), second.whole), (200, BLOB, true));
        assert_eq!(forge.fired(fault), 1, "{kind:?}");
        let log = forge.log();
        assert_eq!(log.len(), 2);
        assert_eq!((log[0].fault.as_ref(), log[1].fault.as_ref()), (Some(&kind), None));
    };
    check(Kind::DropRequest(0), &|answer| assert_eq!(answer, None));
    check(Kind::DropResponse(0), &|answer| assert_eq!(answer, None));
    check(Kind::Status(503), &|answer| assert_eq!(answer.unwrap().status, 503));
    check(Kind::StatusAfter(502), &|answer| assert_eq!(answer.unwrap().status, 502));
    check(Kind::TooManyRequests { retry_after: 7 }, &|answer| {
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.header("retry-after")), (429, "7"));
    });
    check(Kind::SecondaryRateLimit { retry_after: 60 }, &|answer| {
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.header("retry-after")), (403, "60"));
        assert!(answer.text().contains("secondary rate limit"));
    });
    check(Kind::PrimaryRateLimit { reset: 90 }, &|answer| {
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.header("x-ratelimit-reset")), (403, "90"));
    });
    check(Kind::Slow(1), &|answer| assert_eq!(answer.unwrap().body, BLOB));
    check(Kind::WrongDigest, &|answer| {
        let answer = answer.unwrap();
        assert_ne!(answer.header("docker-content-digest"), sha256(BLOB));
        assert_eq!(answer.body, BLOB);
    });
    check(Kind::WrongSize, &|answer| assert_eq!(answer.unwrap().body.len(), BLOB.len() + 1));
    check(Kind::WrongBytes, &|answer| {
        let answer = answer.unwrap();
        assert_eq!(answer.body.len(), BLOB.len());
        assert_ne!(answer.body, BLOB);
    });
    check(Kind::Redirect("http://127.0.0.1:1/x".to_owned()), &|answer| {
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.header("location")), (307, "http://127.0.0.1:1/x"));
    });
    check(Kind::Padded(100_000), &|answer| {
        let answer = answer.unwrap();
        assert_eq!(answer.header("content-length"), "");
        assert_eq!((answer.body.len(), answer.whole), (BLOB.len() + 100_000, true));
    });
}

#[test]
fn a_response_that_breaks_off_within_its_body_is_incomplete() {
    let (forge, path) = forge();
    let whole = get(&forge, &path).unwrap();
    let mut lengths = Vec::new();
    for bytes in (1..2_000).step_by(7) {
        let fault = forge.inject(Fault::once(On::Any, Kind::DropResponse(bytes)));
        let answer = get(&forge, &path);
        if forge.fired(fault) == 0 {
            break;
        }
        if let Some(answer) = answer {
            assert!(!answer.whole, "{bytes}");
            lengths.push(answer.body.len());
        }
    }
    assert!(whole.whole && lengths.iter().any(|length| *length > 0), "{lengths:?}");
}

#[test]
fn a_dropped_write_leaves_what_a_killed_client_leaves() {
    let check = |after: bool, killed: bool| {
        let forge = Forge::start(Setup::default()).unwrap();
        let base = forge.url(Service::Registry);
        let path = format!("/v2/a/blobs/uploads/?digest={}", sha256(BLOB));
        let request = request(&base, "POST", &path).body("application/octet-stream", BLOB);
        let answer = if killed {
            request.dies_after(5).send()
        } else {
            let kind = if after { Kind::DropResponse(0) } else { Kind::DropRequest(5) };
            let fault = forge.inject(Fault::once(On::Write(1), kind));
            let answer = request.send();
            assert_eq!(forge.fired(fault), 1);
            answer
        };
        assert_eq!(answer, None);
        let registry = forge.registry();
        let held: usize =
            registry.repositories.values().map(|repository| repository.blobs.len()).sum();
        assert_eq!(usize::from(after), held);
        let entry = forge.writes().remove(0);
        let received = if after { BLOB.len() as u64 } else { 5 };
        assert_eq!((entry.status, entry.received), (None, received));
    };
    check(true, false);
    check(false, false);
    check(false, true);
}

#[test]
fn a_silent_service_keeps_the_connection_and_sends_nothing() {
    let (forge, path) = forge();
    let fault = forge.inject(Fault::once(On::Any, Kind::Silent));
    let request = request(&forge.url(Service::Registry), "GET", &path);
    assert_eq!(request.timeout(Duration::from_millis(20)).send(), None);
    assert_eq!((forge.fired(fault), forge.log()[0].status), (1, None));
    assert_eq!(get(&forge, &path).unwrap().status, 200);
}

#[test]
fn stale_answers_are_those_of_before_the_last_write() {
    let (forge, path) = forge();
    let base = forge.url(Service::Registry);
    let other = format!("/v2/a/blobs/{}", put(&forge, b"other"));
    request(&base, "DELETE", &path).expect(202);
    let stale = Fault::once(On::request("GET", "/v2/a/blobs/"), Kind::Stale).times(2);
    let fault = forge.inject(stale);
    request(&base, "GET", &path).expect(200);
    request(&base, "GET", &other).expect(200);
    assert_eq!(forge.fired(fault), 2);
    request(&base, "GET", &path).expect(404);
}

#[test]
fn another_client_changes_the_state_between_two_requests() {
    let (forge, path) = forge();
    let base = forge.url(Service::Registry);
    let missing = |state: &mut forge::State| state.registry.repository("a").blobs.clear();
    forge.change_before(On::Sequence(2), missing);
    let statuses: Vec<u16> = (0..2).map(|_| request(&base, "GET", &path).answer().status).collect();
    assert_eq!(statuses, [200, 404]);
    assert_eq!(forge.writes(), []);
}

#[test]
fn faults_wait_for_their_turn() {
    let (forge, path) = forge();
    let base = forge.url(Service::Registry);
    let statuses = |count: usize| -> Vec<u16> {
        (0..count).map(|_| request(&base, "GET", &path).answer().status).collect()
    };
    forge.inject(Fault::once(On::Sequence(2), Kind::Status(500)));
    forge.inject(Fault::once(On::containing("*", "/blobs/"), Kind::Status(501)).after(2).times(2));
    // The second request is the first fault's alone, so the other has not seen it.
    assert_eq!(statuses(6), [200, 500, 200, 501, 501, 200]);
    let always = forge.inject(Fault::always(On::service(Service::Registry), Kind::Status(502)));
    assert_eq!(statuses(2), [502, 502]);
    forge.disarm();
    assert_eq!(statuses(1), [200]);
    assert_eq!(forge.fired(always), 2);
}

#[test]
fn the_log_numbers_requests_and_is_cleared() {
    let (forge, path) = forge();
    let base = forge.url(Service::Registry);
    request(&base, "GET", &path).header("authorization", "Bearer x").expect(200);
    request(&base, "DELETE", &path).expect(202);
    let log = forge.log();
    let shown: Vec<(u64, Option<u64>, &str, Option<u16>)> = log
        .iter()
        .map(|entry| (entry.sequence, entry.write, entry.method.as_str(), entry.status))
        .collect();
    assert_eq!(shown, [(1, None, "GET", Some(200)), (2, Some(1), "DELETE", Some(202))]);
    assert_eq!(log[0].authorization.as_deref(), Some("Bearer x"));
    assert_eq!(forge.writes(), log[1..]);
    forge.clear_log();
    assert_eq!(forge.log(), []);
}

#[test]
fn a_dropped_forge_does_not_listen() {
    let forge = Forge::start(Setup { tls: true, ..Setup::default() }).unwrap();
    let host = forge.host(Service::Registry);
    std::net::TcpStream::connect(&host).unwrap();
    assert!(forge.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(forge.tls_url(Service::Index).starts_with("https://127.0.0.1:"));
    drop(forge);
    assert!(std::net::TcpStream::connect(&host).is_err());
    let plain = Setup { registry: RegistrySetup::default(), ..Setup::default() };
    let forge = Forge::start(plain).unwrap();
    assert_eq!(forge.tls_url(Service::Index), forge.url(Service::Index));
}
