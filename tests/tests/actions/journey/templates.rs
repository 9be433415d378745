//! The templates for one format each, and the one that looks every night: copied as they stand into
//! a repository that has all formats, and run to their end. Nothing of another format goes out.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use forge::State;
use product_tests::repository;
use product_tests::scratch::Scratch;
use serde_json::json;

use super::downstream::{Downstream, REPOSITORY, Run};
use super::whole::{self, TAG, cut_with};
use super::{identity, refused};

/// What the services hold after a release: image tags, files of GitHub releases and of the index.
fn held(down: &Downstream) -> (BTreeSet<String>, usize, usize) {
    let github = down.forge.github();
    let assets = github.releases(REPOSITORY).map(|release| release.assets.len()).sum();
    (down.image_tags().into_iter().collect(), assets, down.forge.index().files().count())
}

/// The publisher's public key as a file.
fn key_file(scratch: &Scratch, public: &str) -> PathBuf {
    let key = scratch.join("publisher.pub");
    fs::write(&key, public).unwrap();
    key
}

#[test]
fn every_template_is_run_by_a_journey() {
    let folder = repository::root().join("workflows");
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: BTreeSet<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.retain(|name| name.ends_with(".yml"));
    let run = [BINARY, HELM, NIGHTLY, OCI, refused::TEMPLATE, PYPI, whole::TEMPLATE];
    let run: BTreeSet<String> = run.iter().map(|name| format!("{name}.yml")).collect();
    assert_eq!(names, run);
}

const BINARY: &str = "binary";
const HELM: &str = "helm";
const NIGHTLY: &str = "nightly-verify";
const OCI: &str = "oci";
const PYPI: &str = "pypi";

#[test]
fn the_template_for_binaries_publishes_a_github_release_of_them() {
    let Some((down, public)) = cut_with(BINARY) else { return };
    let run = down.push_tag(TAG).succeeded();
    let scratch = Scratch::new("binaries").unwrap();
    let names = ["mcp-server-time-linux-amd64", "mcp-server-time-linux-arm64", "release.json"];
    whole::release(&down, &key_file(&scratch, &public), &scratch, &names);
    let (tags, _, files) = held(&down);
    assert!(tags.is_empty() && files == 0, "{tags:?}, {files} files of the index");
    run.keeps(&["PRIVATE KEY"]);
}

#[test]
fn the_template_for_charts_pushes_them() {
    let Some((down, _)) = cut_with(HELM) else { return };
    down.push_tag(TAG).succeeded().keeps(&["PRIVATE KEY"]);
    whole::chart(&down, &Scratch::new("charts").unwrap());
    let (tags, assets, files) = held(&down);
    assert!(tags.iter().all(|tag| tag.contains("/mcp-stack:")), "{tags:?}");
    assert_eq!((assets, files), (0, 0));
}

#[test]
fn the_template_for_the_python_index_uploads_by_the_workflows_identity() {
    let Some((down, _)) = cut_with(PYPI) else { return };
    let run = down.push_tag(TAG).succeeded();
    whole::wheel(&down);
    identity::is_proven(&down);
    let (tags, assets, _) = held(&down);
    assert!(tags.is_empty() && assets == 0, "{tags:?}, {assets} files on GitHub");
    run.keeps(&[identity::REQUEST, "PRIVATE KEY"]);
}

#[test]
fn the_template_for_images_pushes_them_and_the_nightly_one_sees_whether_they_stay_so() {
    let Some((down, public)) = cut_with(OCI) else { return };
    down.push_tag(TAG).succeeded().keeps(&["PRIVATE KEY"]);
    let scratch = Scratch::new("images").unwrap();
    whole::image(&down, &key_file(&scratch, &public));
    let (tags, assets, files) = held(&down);
    assert!(tags.iter().all(|tag| tag.contains("/mcp-server-time:")), "{tags:?}");
    assert_eq!((assets, files), (0, 0));

    down.copy_template(NIGHTLY);
    let path = format!(".github/workflows/{NIGHTLY}.yml");
    let text = fs::read_to_string(down.repository().join(&path)).unwrap();
    let image = format!("{}/team/mcp-server-time", down.registry());
    let named = text.replace("ghcr.io/OWNER/IMAGE", &image);
    assert_ne!(named, text, "no place to name an image at");
    down.write(&path, &named);
    down.write("signing-key.pub", &public);
    down.commit();
    let good = down.forge.change(|state| state.clone());
    night(&down, |_| {}).succeeded();
    for (spoil, told) in SPOILED {
        down.forge.change(|state| *state = good.clone());
        night(&down, spoil).failed(told);
    }
}

/// What the template's run of one night says, after something changed at the services.
fn night(down: &Downstream, meanwhile: impl FnOnce(&mut State)) -> Run {
    down.forge.change(meanwhile);
    down.new_run();
    down.run("schedule", &json!({ "schedule": "17 3 * * *" }))
}

type Spoil = fn(&mut State);

/// What may happen to an image over night, and what the run then says.
const SPOILED: [(Spoil, &str); 3] = [
    (other_bytes, "registry-digest"),
    (other_image, "image-signature"),
    (|state| image(state).tags.clear(), "registry-absent"),
];

fn image(state: &mut State) -> &mut forge::OciRepository {
    state.registry.repository("team/mcp-server-time")
}

/// A layer keeps its name, but not its bytes.
fn other_bytes(state: &mut State) {
    let blobs = image(state).blobs.values_mut();
    let largest = blobs.max_by_key(|bytes| bytes.len()).expect("a layer");
    let mut bytes = largest.to_vec();
    bytes[0] ^= 1;
    *largest = bytes.into();
}

/// The tag names an index that nobody signed: it lacks one platform.
fn other_image(state: &mut State) {
    let oci_repository = image(state);
    let digest = oci_repository.tags["latest"].clone();
    let mut index: serde_json::Value =
        serde_json::from_slice(&oci_repository.manifests[&digest].bytes).unwrap();
    index["manifests"].as_array_mut().unwrap().pop();
    let mut other = oci_repository.manifests[&digest].clone();
    other.bytes = index.to_string().into_bytes().into();
    let digest = format!("sha256:{}", model::Digest::of(&other.bytes).hex());
    oci_repository.manifests.insert(digest.clone(), other);
    oci_repository.tags.insert("latest".to_owned(), digest);
}
