//! SBOMs in a registry: anyone who can write there can add one, so the publisher's own is the one
//! that the signed provenance names.

use forge::{Forge, Manifest, Setup};
use model::Digest;
use product_tests::forgery;
use serde_json::{Value, json};

use super::Published;

const REPOSITORY: &str = "team/small-server";
const SPDX: &str = "application/spdx+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// An SBOM as it lies in the registry: its manifest's digest and its text.
struct Own {
    manifest: String,
    text: String,
}

/// The SBOM that refers to `subject`.
fn own(published: &Published, subject: &str) -> Own {
    let oci_repository = published.before.registry.repositories[REPOSITORY].clone();
    let found = oci_repository.manifests.iter().find_map(|(digest, manifest)| {
        let read: Value = serde_json::from_slice(&manifest.bytes).ok()?;
        let own = read["subject"]["digest"] == subject && read["artifactType"] == SPDX;
        let blob = read["layers"][0]["digest"].as_str().filter(|_| own)?;
        let text = String::from_utf8(oci_repository.blobs[blob].to_vec()).unwrap();
        Some(Own { manifest: digest.clone(), text })
    });
    found.expect("each has one")
}

/// Attaches `text` as anybody would who can write there, and takes `instead` away.
fn attach(forge: &Forge, subject: &str, text: &str, instead: Option<&str>) {
    let digest = |text: &str| Digest::of(text.as_bytes()).to_string();
    let pointer = |kind: &str, text: &str| {
        let (digest, size) = (digest(text), text.len());
        json!({ "mediaType": kind, "digest": digest, "size": size })
    };
    forge.change(|state| {
        let oci_repository = state.registry.repositories.get_mut(REPOSITORY).unwrap();
        let of = oci_repository.manifests[subject].clone();
        let size = of.bytes.len();
        let subject_of = json!({ "mediaType": of.media_type, "digest": subject, "size": size });
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "artifactType": SPDX,
            "config": pointer("application/vnd.oci.empty.v1+json", "{}"),
            "layers": [pointer(SPDX, text)],
            "subject": subject_of,
        });
        let manifest = manifest.to_string();
        let media_type = MANIFEST.to_owned();
        oci_repository.blobs.insert(digest(text), text.to_owned().into());
        oci_repository
            .manifests
            .insert(digest(&manifest), Manifest { media_type, bytes: manifest.into() });
        if let Some(instead) = instead {
            oci_repository.manifests.remove(instead);
        }
    });
}

#[test]
fn only_what_the_provenance_names_is_the_publishers_sbom() {
    let published = Published::new(Setup::default());
    let image = &published.subjects()[1];
    let root = published.fixture.forge.registry().tag(REPOSITORY, "1.0.0").unwrap().to_owned();
    let index = published.before.registry.repositories[REPOSITORY].manifests[&root].bytes.clone();
    let index: Value = serde_json::from_slice(&index).unwrap();
    let platform = index["manifests"][0]["digest"].as_str().unwrap();
    let (of_index, of_platform) = (own(&published, &root), own(&published, platform));

    // In the form of ours, about the very image, and saying something else.
    let forged = forgery::renamed(&of_index.text.replace("MIT", "Apache-2.0"));
    assert_ne!(forged, of_index.text);
    for text in [&forged, &of_platform.text, "{}"] {
        published.spoiled(image, 1, "image-sbom", |forge| {
            attach(forge, &root, text, Some(&of_index.manifest));
        });
    }
    let forged = forgery::renamed(&of_platform.text.replace("MIT", "Apache-2.0"));
    published.spoiled(image, 1, "image-sbom", |forge| {
        attach(forge, platform, &forged, Some(&of_platform.manifest));
    });

    // Beside it, that is nobody's fault: a scanner's, a forger's, and ours about something else.
    published.fixture.forge.change(|state| *state = published.before.clone());
    for text in [r#"{"spdxVersion":"SPDX-2.3","name":"scanned"}"#, &forged, &of_platform.text] {
        attach(&published.fixture.forge, &root, text, None);
    }
    let seen = published.verify(image).accepted().stdout;
    assert!(seen.contains("sboms        ok      3 checked, 0 wrong"), "{seen}");
    assert!(seen.contains("3 other SBOMs refer to it: not by the given key"), "{seen}");
}
