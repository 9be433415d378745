//! Registries as a destination, against one that fails, refuses and gives wrong answers on order.

#![allow(clippy::unwrap_used, reason = "a test ends where it fails")]

#[path = "registry/known_layers.rs"]
mod known_layers;
#[path = "registry/listed.rs"]
mod listed;
#[path = "registry/present_manifests.rs"]
mod present_manifests;
#[path = "registry/release.rs"]
mod release;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use forge::{Access, Fault, Forge, Kind, On, RegistrySetup, Service, Setup};
use http::{Http, RetryPolicy, Secret};
use model::{Diagnostic, Diagnostics, Digest};
use publish::{Destination, ItemStatus, Phase, publish};
use registry::{Fetched, Keychain, Limits, Login, Options, Reference};
use release::{Recipe, Release, scratch};

/// Blobs, manifests, referrers and their list, tags of what [`Release::make`] makes.
const ITEMS: usize = 23;

/// A kind of fault hits one in so many requests of a run: there are as many kinds.
const STRIDE: usize = 13;

const USER: &str = "canary-user";
const PASSWORD: &str = "canary-password";

fn forge(registry: RegistrySetup) -> Forge {
    Forge::start(Setup { registry, ..Setup::default() }).unwrap()
}

fn ghcr() -> Forge {
    forge(RegistrySetup::ghcr(USER, PASSWORD))
}

fn release(forge: &Forge, salt: &str) -> Release {
    let registry = forge.host(Service::Registry);
    Release::make(&Recipe { registry: &registry, version: "1.2.3", layer: 64, salt })
}

fn options(forge: &Forge) -> Options<'static> {
    let login = Login::Password { user: USER.to_owned(), password: Secret::new(PASSWORD) };
    let given = BTreeMap::from([(forge.host(Service::Registry), login)]);
    Options {
        keychain: Keychain { given, ..Keychain::default() },
        ..Options::new("oci", &[&oci::Oci, &helm::Helm])
    }
}

fn fetch(
    http: &Http,
    options: &Options,
    reference: &Reference,
    folder: &Path,
    limits: Limits,
) -> Result<Fetched, Diagnostic> {
    registry::fetch(http, &options.keychain, reference, folder, limits, &BTreeSet::new())
}

/// Publishes, and gives how many items were written.
fn run(release: &Release, options: &Options, attempts: u32) -> Result<usize, Diagnostics> {
    let http = Http::new(RetryPolicy::without_waits(attempts)).unwrap();
    let destination = registry::destination(&http, &release.manifest, &release.folder, options)?;
    let destinations: Vec<Box<dyn Destination + '_>> = vec![Box::new(destination)];
    let phases = [Phase::Stage, Phase::Finish].into();
    let run = publish(&destinations, &publish::Options { phases, dry_run: false }, &|_| {});
    if !run.problems.is_empty() {
        return Err(run.problems);
    }
    Ok(run.items.iter().filter(|ended| ended.status == ItemStatus::Written).count())
}

fn codes(problems: &Diagnostics) -> Vec<&str> {
    let mut codes: Vec<&str> = problems.0.iter().map(|problem| problem.code.name).collect();
    codes.retain(|code| *code != "publish-broken-off");
    codes.dedup();
    codes
}

#[test]
fn a_release_arrives_whole_and_a_second_run_writes_nothing() {
    for setup in [RegistrySetup::ghcr(USER, PASSWORD), RegistrySetup::default()] {
        let has_api = setup.referrers;
        let forge = forge(setup);
        let (release, options) = (release(&forge, ""), options(&forge));
        assert_eq!(run(&release, &options, 3), Ok(ITEMS));
        let registry = forge.registry();
        for tag in ["1.2.3", "latest"] {
            assert_eq!(registry.tag("o/app", tag), Some(release.index.to_string().as_str()));
        }
        assert!(registry.tag("o/chart", "1.2.3").is_some());
        assert_eq!(registry.tag("o/chart", "latest"), None);
        assert!(registry.tag("o/chart", "artifacthub.io").is_some());
        let fallback = format!("sha256-{}", release.index.hex());
        assert_eq!(registry.tag("o/app", &fallback).is_some(), !has_api);
        forge.clear_log();
        assert_eq!(run(&release, &options, 3), Ok(0));
        assert_eq!(forge.writes(), []);
    }
}

#[test]
fn any_fault_at_any_request_is_mended_by_running_again() {
    let faults = [
        Kind::DropRequest(0),
        Kind::DropRequest(10),
        Kind::DropResponse(0),
        Kind::DropResponse(30),
        Kind::Status(500),
        Kind::Status(503),
        Kind::Status(404),
        Kind::StatusAfter(502),
        Kind::TooManyRequests { retry_after: 7 },
        Kind::Stale,
        Kind::WrongDigest,
        Kind::WrongSize,
        Kind::WrongBytes,
    ];
    let clean = ghcr();
    run(&release(&clean, ""), &options(&clean), 3).unwrap();
    let requests = clean.log().len() as u64;
    let mut ended: BTreeMap<(String, String), u32> = BTreeMap::new();
    for (first, kind) in (1..).zip(faults) {
        // Each kind starts elsewhere, so that together they hit every request.
        for nth in (first..=requests).step_by(STRIDE) {
            let forge = ghcr();
            let (release, options) = (release(&forge, ""), options(&forge));
            let id = forge.inject(Fault::once(On::Sequence(nth), kind.clone()));
            let first = run(&release, &options, 2);
            let outcome = match (&first, forge.fired(id)) {
                (Ok(_), 0) => "not hit".to_owned(),
                (Ok(_), _) => "mended at once".to_owned(),
                (Err(problems), _) => codes(problems).join(" "),
            };
            *ended.entry((format!("{kind:?}"), outcome)).or_insert(0) += 1;
            forge.disarm();
            run(&release, &options, 2).unwrap();
            forge.clear_log();
            assert_eq!(run(&release, &options, 2), Ok(0), "{kind:?} at {nth}");
            assert_eq!(tags(&forge), tags(&clean), "{kind:?} at {nth}");
        }
    }
    println!("{requests} requests");
    for ((kind, outcome), count) in ended {
        println!("{kind}: {count} {outcome}");
    }
}

/// Every tag with what it points at; the two registries' own names differ by their ports only.
fn tags(forge: &Forge) -> BTreeMap<String, BTreeMap<String, String>> {
    let shelves = forge.registry().repositories;
    shelves.into_iter().map(|(name, oci_repository)| (name, oci_repository.tags)).collect()
}

#[test]
fn a_version_that_holds_other_bytes_stops_everything() {
    let forge = forge(RegistrySetup::default());
    let mut options = options(&forge);
    run(&release(&forge, "first"), &options, 1).unwrap();
    let second = release(&forge, "second");
    forge.clear_log();
    let problems = run(&second, &options, 1).unwrap_err();
    assert_eq!(codes(&problems), ["publish-other-bytes"]);
    assert!(problems.to_string().contains(&second.index.to_string()), "{problems}");
    assert_eq!(forge.writes(), []);
    options.move_tags = vec!["1.2.3".to_owned()];
    run(&second, &options, 1).unwrap();
    let index = second.index.to_string();
    assert_eq!(forge.registry().tag("o/app", "1.2.3"), Some(index.as_str()));
    assert_eq!(forge.registry().tag("o/app", "latest"), Some(index.as_str()));
}

#[test]
fn latest_is_for_stable_versions() {
    let forge = forge(RegistrySetup::default());
    let registry = forge.host(Service::Registry);
    let recipe = Recipe { registry: &registry, version: "1.2.3-rc.1+b", layer: 64, salt: "" };
    run(&Release::make(&recipe), &options(&forge), 1).unwrap();
    let held = forge.registry();
    assert!(held.tag("o/app", "1.2.3-rc.1_b").is_some());
    assert!(held.tag("o/chart", "1.2.3-rc.1_b").is_some());
    assert_eq!(held.tag("o/app", "latest"), None);
}

#[test]
fn missing_and_wrong_credentials_are_named_and_never_shown() {
    let check = |access: Access, login: Option<(&str, &str)>, expected: &str| {
        let forge = forge(RegistrySetup { access, ..RegistrySetup::default() });
        let mut options = options(&forge);
        options.keychain.given.clear();
        if let Some((user, password)) = login {
            let login = Login::Password { user: user.to_owned(), password: Secret::new(password) };
            options.keychain.given.insert(forge.host(Service::Registry), login);
        }
        let problems = run(&release(&forge, ""), &options, 1).unwrap_err();
        assert_eq!(codes(&problems), [expected], "{problems}");
        let text = format!("{problems} {problems:?} {options:?}");
        assert!(!text.contains("canary-password"), "{text}");
        assert_eq!(forge.writes(), []);
    };
    let (user, password) = (USER.to_owned(), PASSWORD.to_owned());
    let basic = || Access::Basic { user: user.clone(), password: password.clone() };
    let bearer = || Access::Bearer { user: user.clone(), password: password.clone() };
    check(basic(), None, "credentials-missing");
    check(basic(), Some((USER, "canary-password-wrong")), "registry-denied");
    check(bearer(), None, "credentials-missing");
    check(bearer(), Some((USER, "canary-password-wrong")), "registry-denied");
}

#[test]
fn a_token_that_runs_out_is_fetched_anew() {
    let setup = RegistrySetup { token_uses: Some(9), ..RegistrySetup::ghcr(USER, PASSWORD) };
    let forge = forge(setup);
    assert_eq!(run(&release(&forge, ""), &options(&forge), 3), Ok(ITEMS));
}

#[test]
fn a_private_package_is_told_with_the_setting_to_change() {
    let http = Http::new(RetryPolicy::without_waits(1)).unwrap();
    let check = |setup: RegistrySetup, expected: usize| {
        let forge = forge(setup);
        let release = release(&forge, "");
        let destination =
            registry::destination(&http, &release.manifest, &release.folder, &options(&forge))
                .unwrap();
        run(&release, &options(&forge), 1).unwrap();
        let warnings = destination.hidden();
        assert!(
            warnings.iter().all(|warning| warning.code.name == "registry-private"),
            "{warnings:?}"
        );
        assert_eq!(warnings.len(), expected);
    };
    check(RegistrySetup::ghcr(USER, PASSWORD), 2);
    check(RegistrySetup { private: false, ..RegistrySetup::ghcr(USER, PASSWORD) }, 0);
    check(RegistrySetup::default(), 0);
}

#[test]
fn what_is_served_is_fetched_with_all_that_refers_to_it() {
    let http = Http::new(RetryPolicy::without_waits(3)).unwrap();
    for setup in [RegistrySetup::ghcr(USER, PASSWORD), RegistrySetup::default()] {
        let forge = forge(setup);
        let (release, options) = (release(&forge, ""), options(&forge));
        run(&release, &options, 1).unwrap();
        let name = format!("{}/o/app:1.2.3", forge.host(Service::Registry));
        let reference = Reference::parse(&name).unwrap();
        let folder = scratch();
        let drop = Fault::once(On::containing("GET", "/blobs/"), Kind::DropResponse(230)).times(2);
        forge.inject(drop);
        let fetched = fetch(&http, &options, &reference, &folder, Limits::default()).unwrap();
        assert_eq!(fetched.reference.digest, Some(release.index));
        assert_eq!(fetched.manifests.len(), 3);
        let root = &fetched.manifests[0];
        let kinds: Vec<&str> =
            root.referrers.iter().map(|found| found.artifact_type.as_str()).collect();
        assert_eq!(kinds.len(), 2);
        assert!(kinds.contains(&"application/spdx+json"));
        assert!(kinds.contains(&"application/vnd.dev.sigstore.bundle.v0.3+json"));
        for manifest in &fetched.manifests {
            let evidence = manifest.referrers.iter().flat_map(|found| &found.layers);
            for file in manifest.layers.iter().chain(&manifest.config).chain(evidence) {
                assert_eq!(Digest::of(&fs::read(&file.path).unwrap()), file.digest);
            }
        }
        assert_eq!(fetched.manifests[1].layers.len(), 1);
        let layout: serde_json::Value =
            serde_json::from_slice(&fs::read(folder.join("index.json")).unwrap()).unwrap();
        assert_eq!(layout["manifests"][0]["digest"], release.index.to_string());
        fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn a_registry_that_lies_is_not_believed() {
    let http = Http::new(RetryPolicy::without_waits(2)).unwrap();
    let check = |on: On, kind: Kind, limits: Limits, expected: &str| {
        let forge = forge(RegistrySetup::default());
        let (release, options) = (release(&forge, ""), options(&forge));
        run(&release, &options, 1).unwrap();
        forge.inject(Fault::always(on, kind.clone()));
        let name = format!("{}/o/app:1.2.3", forge.host(Service::Registry));
        let reference = Reference::parse(&name).unwrap();
        let folder = scratch();
        let found = fetch(&http, &options, &reference, &folder, limits);
        assert_eq!(found.unwrap_err().code.to_string(), expected, "{kind:?}");
        fs::remove_dir_all(folder).unwrap();
    };
    let (blobs, manifests) =
        (|| On::containing("GET", "/blobs/"), || On::containing("GET", "/manifests/"));
    let limits = Limits::default();
    check(blobs(), Kind::WrongBytes, limits, "registry-digest");
    check(blobs(), Kind::WrongSize, limits, "registry-digest");
    check(manifests(), Kind::WrongDigest, limits, "registry-digest");
    check(manifests(), Kind::WrongBytes, limits, "registry-digest");
    check(manifests(), Kind::Padded(8 << 20), limits, "remote-body-limit");
    check(blobs(), Kind::Padded(8 << 20), limits, "registry-digest");
    check(manifests(), Kind::Status(404), limits, "registry-absent");
    let none = On::request("GET", "/none");
    check(none.clone(), Kind::Stale, Limits { bytes: 100, ..limits }, "registry-limit");
    check(none.clone(), Kind::Stale, Limits { manifests: 1, ..limits }, "registry-limit");
    check(none.clone(), Kind::Stale, Limits { layers: 0, ..limits }, "registry-limit");
    check(none, Kind::Stale, Limits { referrers: 1, ..limits }, "registry-limit");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_at_once() {
    let forge = Forge::start(Setup { tls: true, ..Setup::default() }).unwrap();
    let http = Http::new(RetryPolicy::without_waits(3)).unwrap();
    let url = http::address(&forge.tls_url(Service::Registry)).unwrap();
    let problem = http.block_on(http.send(http::Request::get(url))).unwrap_err();
    assert_eq!(problem.code.name, "remote-tls", "{problem}");
    assert_eq!(forge.log(), []);
}

#[test]
fn what_is_no_registry_is_not_written_to() {
    let check = |status: u16, expected: &str| {
        let forge = forge(RegistrySetup::default());
        let all = On::service(Service::Registry);
        forge.inject(Fault::always(all, Kind::Status(status)));
        let problems = run(&release(&forge, ""), &options(&forge), 1).unwrap_err();
        assert_eq!(codes(&problems), [expected], "{problems}");
        assert_eq!(forge.writes(), []);
    };
    check(404, "registry-none");
    check(204, "registry-none");
    check(503, "registry-refused");
    check(429, "registry-refused");
    check(403, "credentials-missing");
}

#[test]
fn a_server_that_falls_silent_is_left() {
    let forge = forge(RegistrySetup::default());
    let id = forge.inject(Fault::once(On::containing("GET", "/v2/"), Kind::Silent));
    let idle_timeout = std::time::Duration::from_millis(50);
    let http = Http::new(RetryPolicy { idle_timeout, ..RetryPolicy::without_waits(2) }).unwrap();
    let url = format!("{}/v2/", forge.url(Service::Registry));
    let url = http::address(&url).unwrap();
    let reply = http.block_on(http.send(http::Request::get(url))).unwrap();
    assert_eq!((reply.status.as_u16(), forge.fired(id)), (200, 1));
}

#[test]
fn another_host_sees_no_credentials() {
    let (own, other) = (ghcr(), forge(RegistrySetup::default()));
    let http = Http::new(RetryPolicy::without_waits(2)).unwrap();
    let (release, options) = (release(&own, ""), options(&own));
    run(&release, &options, 1).unwrap();
    let there = format!("{}/v2/o/app/blobs/x", other.url(Service::Registry));
    own.inject(Fault::always(On::containing("GET", "/blobs/"), Kind::Redirect(there)));
    let name = format!("{}/o/app:1.2.3", own.host(Service::Registry));
    let reference = Reference::parse(&name).unwrap();
    let folder = scratch();
    let found = fetch(&http, &options, &reference, &folder, Limits::default());
    assert!(found.is_err());
    assert!(!other.log().is_empty());
    assert!(other.log().iter().all(|entry| entry.authorization.is_none()));
    fs::remove_dir_all(folder).unwrap();
}
