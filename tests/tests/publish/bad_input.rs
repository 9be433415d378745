//! What a publisher may be given or meet, and must refuse: as people run it, exit codes and words.

use std::fs;
use std::path::Path;

use forge::{Access, Fault, Forge, Kind, On, RegistrySetup, Service, Setup};
use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::sample::Sample;
use serde_json::{Value, json};

/// Runs `publish` as a stranger with one attempt's patience for what does not pass.
fn publish(forge: &Forge, dist: &Path, more: &[&str]) -> Verdict {
    let mut command = product::command();
    command.arg("publish").arg(dist).args(more);
    for name in ["GITHUB_TOKEN", "GH_TOKEN", "GITHUB_ACTIONS", "UV_PUBLISH_TOKEN"] {
        command.env_remove(name);
    }
    command.env("DOCKER_CONFIG", dist.join("no-such-folder"));
    command.env("GITHUB_API_URL", forge.url(Service::Api));
    Verdict::of(&mut command)
}

/// That it was refused with this code, in words that hold each of these, and wrote nothing.
fn refused(forge: &Forge, verdict: Verdict, code: i32, words: &[&str]) {
    let verdict = verdict.refused();
    let told = format!("{}{}", verdict.stdout, verdict.stderr);
    for word in words {
        assert!(told.contains(word), "expected `{word}` in {told}");
    }
    assert_eq!(verdict.code, code, "{told}");
    assert_eq!(forge.writes(), [], "{words:?}: something was written");
    forge.disarm();
    forge.clear_log();
}

#[test]
fn what_is_not_sealed_or_was_altered_since_is_not_published() {
    let forge = Forge::start(Setup::default()).unwrap();
    let host = forge.host(Service::Registry);
    let (sample, other) = (Sample::build(&host, "hello"), Sample::build(&host, "good day"));
    let dist = sample.dist();
    let manifest = dist.join("release.json");
    let sealed = fs::read(&manifest).unwrap();
    let replace = |bytes: Option<&[u8]>| {
        // `github/` holds the same file under another name.
        fs::remove_file(&manifest).ok();
        if let Some(bytes) = bytes {
            fs::write(&manifest, bytes).unwrap();
        }
    };
    replace(None);
    refused(&forge, publish(&forge, &dist, &[]), 1, &["release.json", "file-missing"]);
    replace(Some(b"{}"));
    refused(&forge, publish(&forge, &dist, &[]), 1, &["manifest-unreadable"]);
    replace(Some(&fs::read(other.dist().join("release.json")).unwrap()));
    refused(&forge, publish(&forge, &dist, &[]), 1, &["file-digest", "manifest-signature"]);
    let text = String::from_utf8(sealed.clone()).unwrap();
    replace(Some(text.replace("\"tag\": \"v1.0.0\"", "\"tag\": \"v9.9.9\"").as_bytes()));
    refused(&forge, publish(&forge, &dist, &[]), 1, &["manifest-signature"]);
    replace(Some(&sealed));
    fs::write(dist.join("helm/stray.tgz"), "x").unwrap();
    refused(&forge, publish(&forge, &dist, &[]), 1, &["file-extra"]);
    fs::remove_file(dist.join("helm/stray.tgz")).unwrap();
    let stranger = other.dist().join("signing-key.pub");
    let key = ["--key", stranger.to_str().unwrap()];
    refused(&forge, publish(&forge, &dist, &key), 1, &["signatures-key"]);
    assert_eq!(forge.log(), [], "nobody was asked before the release itself was looked at");
}

#[test]
fn missing_credentials_and_settings_are_named() {
    let access = Access::Basic { user: "robot".to_owned(), password: "secret".to_owned() };
    let registry = RegistrySetup { access, ..RegistrySetup::default() };
    let forge = Forge::start(Setup { registry, ..Setup::default() }).unwrap();
    let host = forge.host(Service::Registry);
    let sample = Sample::build(&host, "hello");
    let dist = sample.dist();
    let only = |place: &str| publish(&forge, &dist, &["--only", place]);
    refused(&forge, only("github"), 2, &["credentials-missing", "GITHUB_TOKEN"]);
    let login = format!("docker login {host}");
    for place in ["oci", "helm"] {
        refused(&forge, only(place), 3, &["credentials-missing", &login]);
    }
    let index = format!("{}/simple", forge.url(Service::Index));
    let asked = publish(&forge, &dist, &["--only", "pypi", "--check-url", &index]);
    refused(&forge, asked, 2, &["UV_PUBLISH_TOKEN"]);
    // Where uploads go to one index, what another one holds says nothing.
    let mut command = product::command();
    command.arg("publish").arg(&dist).args(["--only", "pypi", "--publish-url"]);
    command.arg(format!("{}/legacy/", forge.url(Service::Index)));
    command.env("UV_PUBLISH_TOKEN", "a-token").env_remove("UV_PUBLISH_CHECK_URL");
    let words = ["index-unknown", "UV_PUBLISH_CHECK_URL", "--check-url"];
    refused(&forge, Verdict::of(&mut command), 2, &words);
}

#[test]
fn machines_read_why_nothing_was_published() {
    let forge = Forge::start(Setup::default()).unwrap();
    let sample = Sample::build(&forge.host(Service::Registry), "hello");
    let told = publish(&forge, &sample.dist(), &["--only", "github", "--output", "json"]);
    let answer: Value = serde_json::from_str(&told.stderr).unwrap();
    let problem = &answer["problems"][0];
    assert_eq!(
        (&problem["severity"], &problem["code"]),
        (&json!("error"), &json!("credentials-missing"))
    );
    assert!(problem["help"].as_str().unwrap().contains("GITHUB_TOKEN"), "{answer}");
    assert_eq!(told.stdout, "");
    refused(&forge, told, 2, &[]);
}

#[test]
fn a_dry_run_asks_what_is_public_without_a_token() {
    let mut setup = Setup::default();
    setup.github.token = Some("somebody's".to_owned());
    let forge = Forge::start(setup).unwrap();
    let sample = Sample::build(&forge.host(Service::Registry), "hello");
    let asked = publish(&forge, &sample.dist(), &["--dry-run", "--only", "oci,helm,github"]);
    assert!(asked.accepted().stdout.contains("would write"));
    assert_eq!(forge.writes(), []);
}

#[test]
fn a_place_that_lies_fails_or_talks_without_end_gets_nothing() {
    let forge = Forge::start(Setup { tls: true, ..Setup::default() }).unwrap();
    let sample = Sample::build(&forge.host(Service::Registry), "hello");
    let dist = sample.dist();
    let met = |on: On, kind: Kind| {
        forge.inject(Fault::always(on, kind));
        // Of what stands, a registry is asked about the blobs only then.
        publish(&forge, &dist, &["--dry-run", "--only", "oci", "--recheck"])
    };
    // It holds what is asked for, and says another size or digest of it.
    let published = publish(&forge, &dist, &["--only", "oci"]).accepted();
    assert!(published.stdout.contains("verified"), "{}", published.stdout);
    forge.clear_log();
    for what in ["/blobs/", "/manifests/"] {
        let on = || On::containing("HEAD", what);
        refused(&forge, met(on(), Kind::WrongSize), 3, &["registry-digest"]);
        refused(&forge, met(on(), Kind::WrongDigest), 3, &["registry-digest"]);
    }
    let referrers = || On::containing("GET", "/referrers/");
    refused(&forge, met(referrers(), Kind::Padded(8 << 20)), 3, &["remote-body-limit"]);
    // A certificate of nobody that this machine trusts.
    let mut command = product::command();
    command.arg("publish").arg(&dist).args(["--only", "github"]);
    command.env("GITHUB_TOKEN", "a-token").env("GITHUB_API_URL", forge.tls_url(Service::Api));
    refused(&forge, Verdict::of(&mut command), 3, &["remote-tls"]);
}

#[test]
fn credentials_stay_with_the_host_that_they_are_for() {
    let mut setup = Setup::default();
    setup.github.token = Some("canary".to_owned());
    let forge = Forge::start(setup).unwrap();
    let sample = Sample::build(&forge.host(Service::Registry), "hello");
    let elsewhere = format!("{}/elsewhere", forge.url(Service::Objects));
    forge.inject(Fault::always(On::service(Service::Api), Kind::Redirect(elsewhere)));
    let mut command = product::command();
    command.arg("publish").arg(sample.dist()).args(["--only", "github"]);
    command.env("GITHUB_TOKEN", "canary").env("GITHUB_API_URL", forge.url(Service::Api));
    let verdict = Verdict::of(&mut command).refused();
    assert!(!format!("{}{}", verdict.stdout, verdict.stderr).contains("canary"));
    let log = forge.log();
    let told = log.iter().filter(|entry| entry.service == Service::Objects);
    let told: Vec<_> = told.map(|entry| &entry.authorization).collect();
    assert!(!told.is_empty() && told.iter().all(|held| held.is_none()), "{told:?}");
}
