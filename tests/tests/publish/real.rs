//! Into servers that nobody here wrote, read back by clients that nobody here wrote.

use std::path::Path;
use std::process::Command;

use forge::{Forge, Service, Setup};
use product_tests::judges::{self, Index, Registry, Verdict};
use product_tests::product;
use product_tests::sample::Sample;
use product_tests::scratch::Scratch;
use serde_json::Value;

#[test]
fn a_registry_without_the_referrers_api_an_index_and_a_release_serve_what_was_sealed() {
    let Some(registry) = Registry::start() else { return };
    check(&registry, true);
}

#[test]
fn a_registry_with_the_referrers_api_does_too() {
    let Some(registry) = Registry::with_referrers() else { return };
    // It tells the type of a referrer's configuration for the type of the referrer.
    check(&registry, false);
}

/// Publishes everywhere, twice, and asks the judges.
fn check(registry: &Registry, tells_types: bool) {
    let Some(index) = Index::start() else { return };
    let forge = Forge::start(Setup::default()).unwrap();
    let sample = Sample::build(registry.address(), "hello");
    let dist = sample.dist();
    let publish = || {
        let mut command = product::command();
        command.arg("publish").arg(&dist).args(["--output", "json"]);
        command.args(["--publish-url", &index.upload_url(), "--check-url", &index.simple_url()]);
        command.env("GITHUB_API_URL", forge.url(Service::Api)).env("GITHUB_TOKEN", "a-token");
        command.env("UV_PUBLISH_TOKEN", "a-token");
        let verdict = Verdict::of(&mut command).accepted();
        fates(&verdict.stdout)
    };
    let first = publish();
    assert!(first.iter().all(|(_, fate)| fate == "written"), "{first:?}");
    let second = publish();
    assert!(second.iter().all(|(_, fate)| fate == "already-there"), "{second:?}");
    assert_eq!(first.len(), second.len());
    assert_eq!(index.files().len(), 2, "a wheel and an sdist");
    let release = forge.github().published("owner/repo", "v1.0.0").cloned().unwrap();
    assert_eq!(release.body.as_deref().map(str::trim), Some("- It says hello."));
    image(registry, &dist, tells_types);
    chart(registry, &dist);
    wheel(&index);
}

/// Name and fate of every item.
fn fates(text: &str) -> Vec<(String, String)> {
    let answer: Value = serde_json::from_str(text).unwrap();
    let items = answer["items"].as_array().unwrap().iter();
    let word = |item: &Value, key: &str| item[key].as_str().unwrap().to_owned();
    items.map(|item| (word(item, "name"), word(item, "fate"))).collect()
}

fn image(registry: &Registry, dist: &Path, tells_types: bool) {
    let reference = format!("{}/team/small-server:1.0.0", registry.address());
    let key = dist.join("signing-key.pub");
    let key = key.to_str().unwrap();
    let ask = |judge: &str, words: &[&str]| judges::run(judge, words).map(Verdict::accepted);
    ask("crane", &["validate", "--remote", &reference]);
    let flags = ["--insecure-ignore-tlog", "--allow-http-registry"];
    ask("cosign", &[&["verify", "--key", key][..], &flags, &[reference.as_str()]].concat());
    let provenance = ["verify-attestation", "--type", "slsaprovenance1", "--key", key];
    ask("cosign", &[&provenance[..], &flags, &[reference.as_str()]].concat());
    if let Some(seen) = ask("oras", &["discover", "--plain-http", &reference]) {
        for kind in ["application/spdx+json", "application/vnd.dev.sigstore.bundle.v0.3+json"] {
            assert!(seen.stdout.contains(kind) || !tells_types, "{}", seen.stdout);
        }
        assert!(seen.stdout.contains("https://slsa.dev/provenance/v1"), "{}", seen.stdout);
    }
    // Ours, from the outside: with the right key, with another one, and with none.
    let stranger = Scratch::new("stranger").unwrap();
    let strange = stranger.join("other.pub");
    std::fs::write(&strange, signing::Key::generate().unwrap().public_pem()).unwrap();
    let strange = strange.to_str().unwrap();
    let seen = product::run(&["verify", &reference, "--key", key]).accepted();
    assert!(seen.stdout.contains("verified: 3 artifacts"), "{}", seen.stdout);
    let unknown = product::run(&["verify", &reference, "--key", strange]);
    assert_eq!(unknown.refused().code, 1);
    assert_eq!(product::run(&["verify", &reference]).refused().code, 2);
    let absent = format!("{}/team/none:1.0.0", registry.address());
    assert_eq!(product::run(&["verify", &absent, "--key", key]).refused().code, 3);
    let to = Scratch::new("copied").unwrap();
    let layout = format!("oci:{}:copied", to.join("layout").display());
    let from = format!("docker://{reference}");
    let quiet = ["--insecure-policy", "copy", "--quiet", "--all", "--src-tls-verify=false"];
    ask("skopeo", &[&quiet[..], &[from.as_str(), layout.as_str()]].concat());
    let refused = [&["verify", "--key", strange][..], &flags, &[reference.as_str()]].concat();
    judges::run("cosign", &refused).map(Verdict::refused);
}

fn chart(registry: &Registry, dist: &Path) {
    let reference = format!("oci://{}/team/helm-charts/small-chart", registry.address());
    for helm in ["helm3", "helm4"] {
        let to = Scratch::new("pulled").unwrap();
        let folder = to.path().to_str().unwrap();
        let words =
            ["pull", "--plain-http", &reference, "--version", "1.0.0", "--destination", folder];
        if judges::run(helm, &words).map(Verdict::accepted).is_some() {
            let name = "small-chart-1.0.0.tgz";
            let pulled = std::fs::read(to.join(name)).unwrap();
            assert!(pulled == std::fs::read(dist.join("helm").join(name)).unwrap(), "{helm}");
        }
    }
}

fn wheel(index: &Index) {
    let to = Scratch::new("installed").unwrap();
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-cache-dir"]);
    pip.args(["--disable-pip-version-check", "--index-url", &index.simple_url()]);
    // Whatever else the machine's own configuration would add is no part of the question.
    pip.env("PIP_CONFIG_FILE", "/dev/null").env_remove("PIP_FIND_LINKS");
    pip.arg("--target").arg(to.path()).arg("small-all==1.0.0");
    Verdict::of(&mut pip).accepted();
}
