//! Archives as buildx writes them, made by hand: what is asked of an image, whoever built it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use model::Digest;
use product_tests::judges::Verdict;
use product_tests::product;
use product_tests::scratch::Scratch;
use serde_json::json;

use super::stand_in::client;
use super::tree::{DOCKERFILE, Tree};

/// An image's archive as buildx writes it, whose one layer holds `folder` and may, by its
/// descriptor, be had at `urls` too.
pub fn archive(work: &Scratch, folder: &Path, user: &str, urls: &[&str]) -> String {
    let layout = work.join("layout");
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let put = |kind: &str, bytes: &[u8]| {
        fs::write(blobs.join(Digest::of(bytes).hex()), bytes).unwrap();
        json!({ "mediaType": kind, "digest": Digest::of(bytes), "size": bytes.len() })
    };
    let tar = |to: &Path, from: &Path| {
        let mut tar = Command::new("tar");
        tar.args(["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--mode=u+rwX,go+rX"]);
        let names = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().file_name());
        tar.arg("-cf").arg(to).arg("-C").arg(from).args(names.collect::<BTreeSet<_>>());
        Verdict::of(&mut tar).accepted();
    };
    let layer = work.join("layer.tar");
    tar(&layer, folder);
    let layer = fs::read(layer).unwrap();
    let config = json!({
        "architecture": "amd64", "os": "linux", "created": "1970-01-01T00:00:00Z",
        "config": { "User": user, "Entrypoint": ["/x"] },
        "rootfs": { "type": "layers", "diff_ids": [Digest::of(&layer)] }, "history": [],
    });
    let mut layer = put("application/vnd.oci.image.layer.v1.tar", &layer);
    if !urls.is_empty() {
        layer["urls"] = json!(urls);
    }
    let manifest = json!({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": put("application/vnd.oci.image.config.v1+json", config.to_string().as_bytes()),
        "layers": [layer],
    });
    let mut entry =
        put("application/vnd.oci.image.manifest.v1+json", manifest.to_string().as_bytes());
    entry["platform"] = json!({ "architecture": "amd64", "os": "linux" });
    let index = json!({ "schemaVersion": 2, "manifests": [entry] });
    fs::write(layout.join("index.json"), index.to_string()).unwrap();
    fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let to = work.join("image.tar");
    tar(&to, &layout);
    to.display().to_string()
}

/// A release of an image with these files; `spoil` is what the stand-in does to its archive.
fn released(user: &str, urls: &[&str], files: &[(&str, &str)], spoil: &str) -> (Tree, Verdict) {
    let work = Scratch::new("image").unwrap();
    let root = work.join("root");
    fs::create_dir_all(root.join("etc")).unwrap();
    for (path, text) in [&[("x", "#!/bin/true\n")], files].concat() {
        fs::write(root.join(path), text).unwrap();
    }
    let archive = archive(&work, &root, user, urls);
    let layer = Digest::of(&fs::read(work.join("layer.tar")).unwrap());
    let build = format!("cp '{archive}' \"$dest\"; layer=blobs/sha256/{}; {spoil}", layer.hex());
    let tool = client(&work, &build);
    let tree = Tree::one("127.0.0.1:5000", DOCKERFILE);
    let words = ["release", "--local", tree.folder(), "--platform", "linux-amd64", "--tool", &tool];
    let told = product::run(&words);
    (tree, told)
}

#[test]
fn who_an_image_runs_as_is_a_number_or_a_user_of_its_own_list() {
    let check = |user: &str, list: &str, expected: &str| {
        let (_, told) = released(user, &[], &[("etc/passwd", list)], "");
        if expected.is_empty() {
            told.accepted();
        } else {
            let told = told.refused();
            assert_eq!(told.code, 3, "{}", told.told());
            assert!(told.stderr.contains(expected), "no `{expected}` in:\n{}", told.told());
        }
    };
    check("app", "root:x:0:0::/:\napp:x:7:7::/:\n", "");
    check("7:7", "", "");
    check("app", "root:x:0:0::/:\n", "runs as `app`, which it does not know");
    check("toor", "toor:x:0:0::/:\n", "runs as root");
}

#[test]
fn a_layer_comes_from_the_archive_wherever_else_it_may_be_had() {
    let urls = ["http://127.0.0.1:9/layer"];
    let (tree, told) = released("7", &urls, &[], "");
    told.accepted();
    product::run(&["verify", tree.dist().to_str().unwrap()]).accepted();
    let spoil = "tar --delete -f \"$dest\" \"$layer\"";
    let told = released("7", &urls, &[], spoil).1.refused();
    assert_eq!(told.code, 3, "{}", told.told());
    assert!(told.stderr.contains("is missing"), "{}", told.told());
}
