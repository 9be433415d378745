//! A tag is pushed, and the whole release arrives: a copied template, a cut of the example.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use forge::{Fault, Kind, On, Service};
use product_tests::judges::{self, Verdict};
use product_tests::scratch::Scratch;

use super::downstream::{Downstream, REPOSITORY, Run};
use super::identity;

/// The private key that signs, as a repository's secret holds it.
const KEY: &str = "PACKAGE_ACTIONS_KEY";

/// A repository with the template for all formats, see [`cut_with`].
pub fn cut() -> Option<(Downstream, String)> {
    cut_with(TEMPLATE)
}

/// The template for all formats.
pub const TEMPLATE: &str = "release";

/// A repository with a wheel, a binary for two platforms, its image and a chart, and a template
/// that releases; and the public key of its publisher.
pub fn cut_with(template: &str) -> Option<(Downstream, String)> {
    let mut down = Downstream::new(identity::trusting(&format!("{template}.yml")))?;
    let config = CONFIG.replace("REGISTRY", &down.registry());
    down.write("package-actions.toml", &config);
    for path in ["packages/translate", "servers/time", "charts/mcp-stack"] {
        down.copy_example(path);
    }
    down.copy_template(template);
    let generate = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let made = Verdict::of(Command::new("openssl").args(generate)).accepted().stdout;
    let public = signing::Key::from_pem(&made).unwrap().public_pem();
    down.secret(KEY, &made);
    if [TEMPLATE, "pypi"].contains(&template) {
        identity::hand_over(&down, template);
    }
    Some((down, public))
}

const CONFIG: &str = r#"[release]
tag = "v{version}"
version = "1.0.0"
registry = "REGISTRY/team"
repository = "https://github.com/owner/repo"

[[package]]
name = "mcp-contextforge-translate"
python = { path = "packages/translate" }

[[package]]
name = "mcp-server-time"
description = "MCP server for times and time zones"
license = "Apache-2.0"
binary = { go = "servers/time", platforms = ["linux-amd64", "linux-arm64"] }
image = { from = "binary", user = 65532, ports = [9000] }

[[package]]
name = "mcp-stack"
license = "Apache-2.0"
chart = { path = "charts/mcp-stack" }
"#;

/// The tag of that release.
pub const TAG: &str = "v1.0.0";

#[test]
fn a_pushed_tag_becomes_a_whole_release_that_strangers_accept_and_pushed_again_writes_nothing() {
    let Some((down, public)) = cut() else { return };
    let run = down.push_tag(TAG).succeeded();
    let scratch = Scratch::new("arrived").unwrap();
    let key = scratch.join("publisher.pub");
    fs::write(&key, public).unwrap();
    let names = ["mcp-server-time-linux-amd64", "mcp-stack-1.0.0.tgz", "release.json"];
    release(&down, &key, &scratch, &names);
    image(&down, &key);
    chart(&down, &scratch);
    wheel(&down);
    identity::is_proven(&down);
    let secrets = [identity::REQUEST, "canary-token-of-the-job", "PRIVATE KEY"];
    run.keeps(&secrets);
    down.artifacts_keep(&secrets);
    down.forge.clear_log();
    down.new_run();
    down.push_tag(TAG).succeeded();
    let writes: Vec<String> = down.writes_beyond_artifacts();
    assert!(writes.is_empty(), "{writes:#?}");
}

/// All files of the GitHub release, these among them, their checksums, and a signature of each.
pub fn release(down: &Downstream, key: &Path, scratch: &Scratch, expected: &[&str]) {
    let release = down.forge.github().published(REPOSITORY, TAG).cloned().expect("a release");
    let folder = scratch.join("github");
    fs::create_dir(&folder).unwrap();
    let names: BTreeSet<String> = release
        .assets
        .values()
        .map(|asset| {
            fs::write(folder.join(&asset.name), &asset.bytes).unwrap();
            asset.name.clone()
        })
        .collect();
    for name in expected {
        assert!(names.contains(*name), "{names:?}");
    }
    let mut sums = Command::new("sha256sum");
    sums.args(["--check", "--strict", "--quiet", "checksums.txt"]).current_dir(&folder);
    Verdict::of(&mut sums).accepted();
    let signed = names.iter().filter(|name| names.contains(&format!("{name}.sigstore.json")));
    let key = key.to_str().unwrap();
    let mut count = 0;
    for name in signed.filter(|name| !name.ends_with(".json")) {
        let file = folder.join(name);
        let bundle = format!("{}.sigstore.json", file.display());
        let flags = ["verify-blob", "--key", key, "--insecure-ignore-tlog=true", "--bundle"];
        let words = [&flags[..], &[bundle.as_str(), file.to_str().unwrap()]].concat();
        judges::run("cosign", &words).map(Verdict::accepted);
        count += 1;
    }
    assert!(count > 2, "{count} signed files among {names:?}");
}

/// The image is whole, and signed by that key.
pub fn image(down: &Downstream, key: &Path) {
    let reference = format!("{}/team/mcp-server-time:1.0.0", down.registry());
    judges::run("crane", &["validate", "--remote", &reference]).map(Verdict::accepted);
    let flags = ["--insecure-ignore-tlog", "--allow-http-registry", "--key", key.to_str().unwrap()];
    let words = [&["verify"][..], &flags, &[reference.as_str()]].concat();
    judges::run("cosign", &words).map(Verdict::accepted);
}

/// The chart is pulled by its version, and sound.
pub fn chart(down: &Downstream, scratch: &Scratch) {
    let reference = format!("oci://{}/team/helm-charts/mcp-stack", down.registry());
    let to = scratch.path().to_str().unwrap();
    let words = ["pull", "--plain-http", &reference, "--version", "1.0.0", "--destination", to];
    judges::run("helm4", &words).map(Verdict::accepted);
    let lint = ["lint", scratch.join("mcp-stack-1.0.0.tgz").to_str().unwrap()].map(str::to_owned);
    judges::run("helm4", &lint).map(Verdict::accepted);
}

/// The index serves a wheel that pip installs.
pub fn wheel(down: &Downstream) {
    let to = Scratch::new("installed").unwrap();
    let index = format!("{}/simple/", down.forge.url(Service::Index));
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-cache-dir"]);
    pip.args(["--disable-pip-version-check", "--index-url", &index]);
    pip.env("PIP_CONFIG_FILE", "/dev/null").env_remove("PIP_FIND_LINKS");
    pip.arg("--target").arg(to.path()).arg("mcp-contextforge-translate==1.0.0");
    Verdict::of(&mut pip).accepted();
}

#[test]
fn a_failed_upload_leaves_a_draft_and_digests_and_the_next_run_converges() {
    let Some((down, _)) = cut() else { return };
    let on = On::request("POST", "/legacy/");
    down.forge.inject(Fault { on, kind: Kind::Status(400), skip: 0, times: u64::MAX });
    down.push_tag(TAG).failed("pypi");
    let github = down.forge.github();
    assert!(github.published(REPOSITORY, TAG).is_none());
    assert_eq!(github.releases(REPOSITORY).filter(|release| release.draft).count(), 1);
    let tags: Vec<String> = down.image_tags();
    assert!(tags.is_empty(), "{tags:?}");
    down.forge.disarm();
    down.new_run();
    down.push_tag(TAG).succeeded();
    assert!(down.forge.github().published(REPOSITORY, TAG).is_some());
    assert!(!down.image_tags().is_empty());
}

#[test]
fn a_unit_that_fails_fails_the_run_publishes_nothing_and_is_named_in_the_summary() {
    let Some((down, _)) = cut() else { return };
    down.write("servers/time/main.go", "package main\n\nfunc main() { broken\n");
    let run: Run = down.push_tag(TAG).failed("Build");
    assert!(run.summary.contains("mcp-server-time"), "{}", run.verdict.told());
    let writes = down.writes_beyond_artifacts();
    assert!(writes.is_empty(), "{writes:#?}");
}
