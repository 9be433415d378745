//! Actions one after another, and each format's action alone, into a forge.

use std::fs;
use std::path::Path;

use forge::{Forge, Service, Setup};
use product_tests::product;
use product_tests::sample::{self, Sample};
use product_tests::scratch::Scratch;
use serde_json::{Value, json};

use crate::step::{CANARY, Step};

/// A key of the publisher's, with the canary in its comment: what is not PEM is not read.
fn key(work: &Scratch) -> String {
    let file = work.join("key.pem");
    let words = ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"];
    let made = std::process::Command::new("openssl").args(words).arg(&file).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    format!("{CANARY}\n{}", fs::read_to_string(file).unwrap())
}

/// A registry and a GitHub; nobody is asked for credentials but by GitHub.
fn forge() -> Forge {
    let mut setup = Setup::default();
    setup.github.token = Some(CANARY.to_owned());
    Forge::start(setup).unwrap()
}

fn packages() -> String {
    sample::WANTED
        .iter()
        .filter(|word| !word.starts_with("--"))
        .copied()
        .collect::<Vec<_>>()
        .join("\n")
}

/// Builds both legs of `plan` below `work`; gives the digests of their records, as a workflow with
/// room for three hands them on.
fn build(folder: &Path, plan: &str, work: &Scratch) -> String {
    let mut records = serde_json::Map::new();
    for leg in ["1", "2"] {
        let ended = Step::of("build")
            .input("leg", leg)
            .input("max-legs", "2")
            .input("plan", plan)
            .input("packages", &packages())
            .run(folder)
            .accepted();
        assert!(ended.summary.contains(&format!("### Leg {leg}: ")), "{}", ended.told());
        let to = work.join(format!("legs/leg-{leg}"));
        fs::create_dir_all(work.join("legs")).unwrap();
        fs::rename(ended.output("dist"), to).unwrap();
        records.insert(leg.to_owned(), json!(ended.output("record")));
    }
    records.insert("3".to_owned(), json!(""));
    Value::Object(records).to_string()
}

#[test]
fn legs_go_through_the_actions_of_a_release() {
    let forge = forge();
    let registry = forge.host(Service::Registry);
    let sample = Sample::write(&registry, "hello");
    let folder = Path::new(sample.folder());
    let words = ["plan", sample.folder(), "--output", "json", "--max-legs", "2"];
    let told = product::run(&[&words[..], &sample::WANTED[..]].concat()).accepted();
    let plan: Value = serde_json::from_str(&told.stdout).unwrap();
    let plan = plan["digest"].as_str().unwrap();

    let work = Scratch::new("journey").unwrap();
    let records = build(folder, plan, &work);
    let seal = Step::of("seal")
        .input("legs", "legs")
        .input("plan", plan)
        .input("records", &records)
        .set("PACKAGE_ACTIONS_KEY", &key(&work));
    let sealed = seal.run(work.path()).accepted();
    assert_eq!((sealed.output("version"), sealed.output("tag")), ("1.0.0", "v1.0.0"));
    assert!(sealed.summary.contains("package-actions verify dist --key"), "{}", sealed.told());
    let (dist, manifest) = (sealed.output("dist"), sealed.output("manifest"));
    product::run(&["verify", dist]).accepted();

    let publish = || {
        Step::of("publish")
            .input("dist", dist)
            .input("only", "oci,helm,github")
            .set("GITHUB_API_URL", &forge.url(Service::Api))
            .tagged("v1.0.0")
    };
    let untagged = publish().input("manifest", manifest).set("GITHUB_REF", "refs/heads/main");
    assert_eq!(untagged.run(work.path()).accepted().output("written"), "0");
    let elsewhere = publish().input("manifest", manifest).tagged("v1.0.1");
    elsewhere.run(work.path()).refused("tag-other");
    let other = publish().input("manifest", plan);
    other.run(work.path()).refused("manifest-other");
    let dry = publish().input("manifest", manifest).input("dry-run", "true").run(work.path());
    assert_eq!(dry.accepted().output("written"), "0");
    assert!(forge.registry().repositories.is_empty());

    let staged = publish().input("manifest", manifest).input("phase", "stage");
    let staged = staged.run(work.path()).accepted();
    assert_ne!(staged.output("written"), "0");
    let whole = publish().input("manifest", manifest);
    let refs: Vec<String> =
        serde_json::from_str(whole.run(work.path()).accepted().output("refs")).unwrap();
    assert!(refs.contains(&"github:owner/repo@v1.0.0".to_owned()), "{refs:?}");
    assert!(refs.iter().any(|one| one.starts_with(&format!("oci://{registry}/team"))), "{refs:?}");
    let again = whole.run(work.path()).accepted();
    assert_eq!(again.output("written"), "0");
    assert_ne!(again.output("already-there"), "0");
    let body = forge.github().releases("owner/repo").next().unwrap().body.clone();
    assert!(body.unwrap_or_default().contains("It says hello"), "the sealed notes go out");
}

#[test]
fn an_image_is_pushed_from_inputs_alone() {
    let forge = forge();
    let image = format!("{}/team/hello", forge.host(Service::Registry));
    let sample = Sample::write("127.0.0.1:5000", "hello");
    let folder = Path::new(sample.folder());
    fs::remove_file(folder.join("package-actions.toml")).unwrap();
    // With a key of one run only, a second run would bring signatures of its own.
    let work = Scratch::new("journey").unwrap();
    let step = Step::of("oci")
        .set("PACKAGE_ACTIONS_KEY", &key(&work))
        .input("image", &image)
        .input("go", "server")
        .input("ports", "9000")
        .input("tags", "edge, 2")
        .tagged("v2.0.1");
    let ended = step.run(folder).accepted();
    assert!(!folder.join("package-actions.toml").exists());
    assert_eq!((ended.output("version"), ended.output("tag")), ("2.0.1", "v2.0.1"));
    let digest = ended.output("digest");
    assert_eq!(ended.output("ref"), format!("{image}:2.0.1@{digest}"));
    assert_eq!(ended.artifacts, format!("oci://{image}@{digest}\n"));
    let digests: Value = serde_json::from_str(ended.output("digests")).unwrap();
    assert_eq!(digests.as_object().unwrap().len(), 2, "{digests}");
    let repositories = forge.registry().repositories;
    for tag in ["2.0.1", "latest", "edge", "2"] {
        assert_eq!(repositories["team/hello"].tags[tag].to_string(), digest, "{tag}");
    }
    let again = step.run(folder).accepted();
    assert_eq!((again.output("written"), again.output("digest")), ("0", digest));

    // Not a tag: built, and kept.
    let built = Step::of("oci").input("image", &image).input("go", "server").run(folder).accepted();
    assert!(!built.outputs.contains_key("written") && built.artifacts.is_empty());
}

#[test]
fn a_chart_is_pushed_and_a_binary_released_from_inputs_alone() {
    let forge = forge();
    let sample = Sample::write("127.0.0.1:5000", "hello");
    let folder = Path::new(sample.folder());
    fs::remove_file(folder.join("package-actions.toml")).unwrap();
    let registry = format!("oci://{}/charts", forge.host(Service::Registry));
    let step = Step::of("helm").input("path", "chart").input("registry", &registry);
    let ended = step.tagged("v1.0.0").run(folder).accepted();
    assert_eq!(ended.output("ref"), format!("{registry}/small-chart:1.0.0"));
    let tags = forge.registry().repositories["charts/small-chart"].tags.clone();
    assert_eq!(tags["1.0.0"].to_string(), ended.output("digest"));
    assert!(Path::new(ended.output("chart")).is_file());

    let ended = Step::of("binary")
        .input("go", "server")
        .input("platforms", "linux-amd64")
        .set("GITHUB_API_URL", &forge.url(Service::Api))
        .tagged("server-v3.1.0")
        .run(folder)
        .accepted();
    let files: Vec<String> = serde_json::from_str(ended.output("files")).unwrap();
    assert!(files.len() == 1 && Path::new(&files[0]).is_file(), "{files:?}");
    assert_eq!(ended.artifacts, format!("{}\n", files[0]));
    assert_eq!(ended.output("tag"), "server-v3.1.0");
    let tag = forge.github().releases("Owner/Repo").next().map(|one| one.tag.clone());
    assert_eq!(tag.as_deref(), Some("server-v3.1.0"));
}

#[test]
fn an_action_takes_its_format_of_the_configuration_where_there_is_one() {
    let forge = forge();
    let sample = Sample::write(&forge.host(Service::Registry), "hello");
    let folder = Path::new(sample.folder());
    let ended = Step::of("pypi").input("packages", "small-all").run(folder).accepted();
    let files: Vec<String> = serde_json::from_str(ended.output("files")).unwrap();
    assert_eq!(files.len(), 2, "{files:?}");
    let other = Step::of("helm").tagged("v9.9.9").run(folder).refused("tag-other");
    assert!(other.verdict.stdout.contains("the release's is `v1.0.0`"), "{}", other.told());

    // A pull request of the same repository asks, and writes nothing.
    let event = folder.join("event.json");
    let ours = r#"{"repo":{"id":1,"full_name":"o/r"}}"#;
    fs::write(&event, format!(r#"{{"pull_request":{{"head":{ours},"base":{ours}}}}}"#)).unwrap();
    let ended = Step::of("helm")
        .set("GITHUB_EVENT_NAME", "pull_request")
        .set("GITHUB_EVENT_PATH", event.to_str().unwrap())
        .input("push", "true")
        .run(folder)
        .accepted();
    assert_eq!(ended.output("written"), "0");
    assert!(ended.summary.contains("Dry run"), "{}", ended.told());
    assert!(forge.registry().repositories.is_empty() && !ended.artifacts.contains("oci://"));
}
