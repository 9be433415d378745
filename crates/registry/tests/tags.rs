//! Tags that move only forward, and uploads that a registry sends elsewhere.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[path = "registry/release.rs"]
mod release;

use std::collections::BTreeMap;

use forge::{Fault, Forge, Kind, On, RegistrySetup, Service, Setup};
use http::{Http, RetryPolicy, Secret};
use model::Diagnostics;
use publish::{Destination, Phase, publish};
use registry::{Keychain, Login, Options};
use release::{Recipe, Release};

const USER: &str = "canary-user";
const PASSWORD: &str = "canary-password";

fn forge(registry: RegistrySetup) -> Forge {
    Forge::start(Setup { registry, ..Setup::default() }).unwrap()
}

/// Publishes a version; gives the codes of what was noticed.
fn run(forge: &Forge, version: &str, layer: usize) -> Result<Vec<String>, Diagnostics> {
    let registry = forge.host(Service::Registry);
    let release = Release::make(&Recipe { registry: &registry, version, layer, salt: version });
    let login = Login::Password { user: USER.to_owned(), password: Secret::new(PASSWORD) };
    let given = BTreeMap::from([(registry.clone(), login)]);
    let options = Options {
        keychain: Keychain { given, ..Keychain::default() },
        ..Options::new("oci", &[&oci::Oci, &helm::Helm])
    };
    let http = Http::new(RetryPolicy::without_waits(2)).unwrap();
    let destination = registry::destination(&http, &release.manifest, &release.folder, &options)?;
    let destinations: Vec<Box<dyn Destination + '_>> = vec![Box::new(destination)];
    let phases = [Phase::Stage, Phase::Finish].into();
    let run = publish(&destinations, &publish::Options { phases, dry_run: false }, &|_| {});
    if !run.problems.is_empty() {
        return Err(run.problems);
    }
    assert_eq!(tag(forge, version), Some(release.index.to_string()));
    Ok(destinations[0].notices().into_iter().map(|problem| problem.code.to_string()).collect())
}

fn tag(forge: &Forge, tag: &str) -> Option<String> {
    forge.registry().tag("o/app", tag).map(str::to_owned)
}

#[test]
fn latest_never_goes_back_to_an_older_line() {
    let forge = forge(RegistrySetup { page: 1, ..RegistrySetup::default() });
    let none: Vec<String> = Vec::new();
    assert_eq!(run(&forge, "1.2.8", 64), Ok(none.clone()));
    assert_eq!(run(&forge, "2.0.0", 64), Ok(none.clone()));
    assert_eq!(run(&forge, "1.2.9", 64), Ok(vec!["registry-tag-stays".to_owned()]));
    assert!(tag(&forge, "1.2.9").is_some());
    assert_eq!(tag(&forge, "latest"), tag(&forge, "2.0.0"));
    forge.clear_log();
    assert_eq!(run(&forge, "1.2.9", 64), Ok(vec!["registry-tag-stays".to_owned()]));
    assert_eq!(forge.writes(), []);
    assert_eq!(run(&forge, "2.0.1", 64), Ok(none));
    assert_eq!(tag(&forge, "latest"), tag(&forge, "2.0.1"));
}

#[test]
fn where_no_tags_are_told_latest_moves_only_when_it_says_an_older_version() {
    let forge = forge(RegistrySetup::default());
    assert_eq!(run(&forge, "1.0.0", 64), Ok(Vec::new()));
    forge.inject(Fault::always(On::containing("GET", "/tags/list"), Kind::Status(405)));
    // The image of this release says no version.
    assert_eq!(run(&forge, "1.0.1", 64), Ok(vec!["registry-tag-stays".to_owned()]));
    assert_eq!(tag(&forge, "latest"), tag(&forge, "1.0.0"));
    let said = |version: &str| {
        forge.change(|state| {
            let oci_repository = state.registry.repositories.get_mut("o/app").unwrap();
            let mut held = oci_repository.manifests[&oci_repository.tags["latest"]].clone();
            let mut index: serde_json::Value = serde_json::from_slice(&held.bytes).unwrap();
            index["annotations"] = serde_json::json!({"org.opencontainers.image.version": version});
            held.bytes = index.to_string().into();
            let digest = model::Digest::of(&held.bytes).to_string();
            oci_repository.manifests.insert(digest.clone(), held);
            oci_repository.tags.insert("latest".to_owned(), digest);
        });
    };
    said("1.1.0");
    assert_eq!(run(&forge, "1.0.2", 64), Ok(vec!["registry-tag-stays".to_owned()]));
    said("1.0.2");
    assert_eq!(run(&forge, "1.0.3", 64), Ok(Vec::new()));
    assert_eq!(tag(&forge, "latest"), tag(&forge, "1.0.3"));
    // Nothing is there that could go back.
    forge.change(|state| *state = forge::State::default());
    assert_eq!(run(&forge, "1.0.0", 64), Ok(Vec::new()));
    assert_eq!(tag(&forge, "latest"), tag(&forge, "1.0.0"));
}

#[test]
fn uploads_follow_a_registry_to_another_host_without_credentials() {
    // The same registry under another name, which wants nothing: the session's own address is the
    // permission, as with storage behind a registry.
    for (method, part) in [("POST", "/uploads/"), ("PUT", "/uploads/"), ("PUT", "/manifests/")] {
        let own = forge(RegistrySetup::ghcr(USER, PASSWORD));
        let other = own.url(Service::Registry).replace("127.0.0.1", "localhost");
        let id = own.inject(Fault::once(On::containing(method, part), {
            Kind::Redirect(format!("{other}*"))
        }));
        let first = run(&own, "1.0.0", 64);
        assert_eq!(own.fired(id), 1, "{method} {part}");
        let log = own.log();
        let at = log.iter().position(|entry| entry.fault.is_some()).unwrap();
        assert!(log[at].authorization.is_some());
        // Other requests are under way at the same time, all of them with credentials.
        let followed = log.iter().find(|entry| {
            let same = (&entry.method, &entry.path) == (&log[at].method, &log[at].path);
            same && entry.authorization.is_none() && entry.sequence > log[at].sequence
        });
        let received = followed.map(|entry| entry.received);
        assert_eq!(received, Some(log[at].received), "{method} {part}: sent anew");
        // This one wants credentials there, too, and gets none: that is said, and run again.
        assert!(first.is_err(), "{method} {part}");
        assert_eq!(run(&own, "1.0.0", 64), Ok(Vec::new()), "{method} {part}");
    }
}

#[test]
fn a_chunk_that_is_redirected_is_sent_anew_from_its_beginning() {
    let own = forge(RegistrySetup::default());
    let other = own.url(Service::Registry).replace("127.0.0.1", "localhost");
    let on = On::containing("PATCH", "/uploads/");
    let id = own.inject(Fault::once(on, Kind::Redirect(format!("{other}*"))).after(1).times(2));
    // Above what is sent in one request.
    assert_eq!(run(&own, "1.0.0", (64 << 20) + 5), Ok(Vec::new()));
    assert_eq!(own.fired(id), 2);
    let log = own.log();
    let chunks = |entry: &&forge::Entry| entry.method == "PATCH" && entry.fault.is_some();
    for hit in log.iter().filter(chunks) {
        let anew = log.iter().find(|entry| {
            entry.path == hit.path && entry.sequence > hit.sequence && entry.method == "PATCH"
        });
        assert_eq!(anew.map(|entry| entry.received), Some(hit.received));
    }
}

#[test]
fn a_redirect_without_end_is_left() {
    let own = forge(RegistrySetup::default());
    let round = format!("{}*", own.url(Service::Registry));
    own.inject(Fault::always(On::containing("POST", "/uploads/"), Kind::Redirect(round)));
    let problems = run(&own, "1.0.0", 64).unwrap_err();
    assert!(problems.0.iter().any(|one| one.code.to_string() == "remote-redirect"), "{problems}");
    assert!(own.log().len() < 200);
}
