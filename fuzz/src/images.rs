//! Container images: layouts, what is inside of their layers, what buildx leaves beside them.

use std::collections::BTreeMap;

use archive::{Entry, gzip, tar};
use model::{Digest, Platform};
use oci::spec::{Config, Index, MANIFEST, Manifest};

use crate::parts::{by_path, join, parts};
use crate::properties::{accepted, bounded, must};
use crate::samples::{EPOCH, layer};
use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "image-layout",
        about: "layers, configurations, manifests and indexes that name each other by digest, as \
                a layout and as the archive of one",
        seeds: layouts,
        run: layout,
    },
    Target {
        name: "image-system",
        about: "the operating system and packages of an image, from its files",
        seeds: || vec![join(SYSTEM)],
        run: system,
    },
    Target {
        name: "image-documents",
        about: "a manifest's configuration, buildx's metadata, what a pushed chart says",
        seeds: || seeds(&[BUILDX, IMAGE_MANIFEST]),
        run: documents,
    },
];

const SYSTEM: &[(&str, &str)] = &[
    ("etc/os-release", "ID=debian\nNAME=\"Debian\"\nVERSION_ID=\"12\"\n"),
    (
        "var/lib/dpkg/status",
        "Package: libc6\nStatus: install ok installed\nArchitecture: amd64\n\
         Source: glibc (2.36-9)\nVersion: 2.36-9+deb12u4\n\nPackage: b\nVersion: 1\n",
    ),
    ("var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4\nArchitecture: amd64\n"),
    ("lib/apk/db/installed", "C:Q1x=\nP:musl\nV:1.2.5-r0\nA:x86_64\no:musl\nL:MIT\n\n"),
    ("var/lib/rpm/rpmdb.sqlite", "x"),
];

const BUILDX: &str = r#"{"buildx.build.provenance": {"materials": [{"uri":
"pkg:docker/python@3.12?platform=linux%2Famd64", "digest": {"sha256":
"47deqpj8hbsa47deqpj8hbsa47deqpj8hbsa47deqpj8hbsa47deqpj8hbsa1234"}}]}}"#;

const IMAGE_MANIFEST: &str = r#"{"schemaVersion": 2, "mediaType":
"application/vnd.oci.image.manifest.v1+json", "config": {"mediaType":
"application/vnd.oci.image.config.v1+json", "digest":
"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "size": 0},
"layers": [], "annotations": {"org.opencontainers.image.created": "2024-01-01T00:00:00Z"}}"#;

const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";

/// Documents in which `@name` is the digest of an earlier part, `#name` its size, and `^name` the
/// digest of its content before it was packed.
fn documents_of(layer_type: &str) -> Vec<(&'static str, String)> {
    let (config, index) = ("application/vnd.oci.image.config.v1+json", INDEX_TYPE);
    let platform = r#""architecture": "amd64", "os": "linux""#;
    vec![
        (
            "config",
            format!(
                r#"{{{platform}, "config": {{"User": "1000", "Env": ["A=b"], "Labels":
{{"org.opencontainers.image.title": "a"}}}}, "rootfs": {{"type": "layers", "diff_ids":
["^layer"]}}, "history": [{{"created_by": "COPY"}}]}}"#
            ),
        ),
        (
            "manifest",
            format!(
                r#"{{"schemaVersion": 2, "mediaType": "{MANIFEST}", "config": {{"mediaType":
"{config}", "digest": "@config", "size": #config}}, "layers": [{{"mediaType": "{layer_type}",
"digest": "@layer", "size": #layer}}], "annotations": {{"a": "b"}}}}"#
            ),
        ),
        (
            "index",
            format!(
                r#"{{"schemaVersion": 2, "mediaType": "{index}", "manifests": [{{"mediaType":
"{MANIFEST}", "digest": "@manifest", "size": #manifest, "platform": {{{platform}}}}}]}}"#
            ),
        ),
        (
            "index.json",
            format!(
                r#"{{"schemaVersion": 2, "manifests": [{{"mediaType": "{index}", "digest":
"@index", "size": #index, "annotations": {{"org.opencontainers.image.ref.name": "1.0.0"}}}}]}}"#
            ),
        ),
    ]
}

fn layouts() -> Vec<Vec<u8>> {
    let gzipped = "application/vnd.oci.image.layer.v1.tar+gzip";
    let plain = "application/vnd.oci.image.layer.v1.tar";
    [("== layer.gz\n", gzipped), ("== layer\n", plain)]
        .into_iter()
        .map(|(mark, layer_type)| {
            let documents = documents_of(layer_type);
            let files: Vec<(&str, &str)> =
                documents.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let mut input = mark.as_bytes().to_vec();
            input.extend(layer());
            input.push(b'\n');
            input.extend(join(&files));
            input
        })
        .collect()
}

/// The files of the layout `oci/a` that an input stands for. A part whose name ends in `.gz` is
/// packed; the part `index.json` is no blob.
fn layout_files(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut names: Vec<(String, String)> = Vec::new();
    for (name, content) in parts(bytes).into_iter().take(16) {
        let mut content = content.to_vec();
        if let Ok(text) = std::str::from_utf8(&content)
            && text.contains(['@', '#', '^'])
        {
            let filled = names.iter().fold(text.to_owned(), |text, (from, to)| {
                // A part may say its own name a thousand times.
                if text.len() > 1 << 20 { text } else { text.replace(from, to) }
            });
            content = filled.into_bytes();
        }
        if name == "index.json" {
            files.insert("oci/a/index.json".to_owned(), content);
            continue;
        }
        let (name, unpacked) = match name.strip_suffix(".gz") {
            Some(bare) => (bare.to_owned(), std::mem::take(&mut content)),
            None => (name, content.clone()),
        };
        let blob = if content.is_empty() { gzip::write(&unpacked) } else { content };
        let digest = Digest::of(&blob);
        names.push((format!("@{name}"), digest.to_string()));
        names.push((format!("#{name}"), blob.len().to_string()));
        names.push((format!("^{name}"), Digest::of(&unpacked).to_string()));
        files.insert(oci::blob_path("a", &digest), blob);
    }
    files.insert("oci/a/oci-layout".to_owned(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec());
    files
}

fn layout(bytes: &[u8]) {
    let owned = layout_files(bytes);
    let files: BTreeMap<String, &[u8]> =
        owned.iter().map(|(path, bytes)| (path.clone(), bytes.as_slice())).collect();
    let read = accepted(oci::read_layout("oci/a", &files));
    let in_archive = |(path, bytes): (&String, &Vec<u8>)| {
        Some(Entry::new(path.strip_prefix("oci/a/")?, bytes.clone()))
    };
    let entries: Vec<Entry> = owned.iter().filter_map(in_archive).collect();
    let archive = tar::write(&entries, EPOCH).unwrap_or_default();
    let imported = accepted(oci::import_image("a", &archive, Platform::LinuxAmd64));
    let Some(read) = read else {
        assert!(imported.is_none(), "an image whose layout cannot be read was imported");
        return;
    };
    bounded(&oci::lint("oci/a", &read));
    let _ = accepted(oci::check_index("a", "1.0.0", &read));
    for image in &read.images {
        let manifest = (image.manifest.digest, image.manifest.size);
        let head = must("a head of an image", oci::read_head("oci/a", manifest, &files));
        let alone = must("an image by itself", oci::read_image("oci/a", manifest, &files));
        assert!(alone == *image, "an image by itself is another one");
        let _ = head;
        if let Some(found) = accepted(oci::image_files(image)) {
            described(&oci::system(&found));
        }
    }
}

fn system(bytes: &[u8]) {
    described(&oci::system(&by_path(bytes)));
}

fn described(system: &oci::System) {
    assert!(system.packages.is_sorted(), "packages are out of order");
    let distribution = components::Distribution {
        id: system.id.clone(),
        name: system.name.clone(),
        version: system.version.clone(),
    };
    let installed = system.packages.iter().map(|package| components::Installed {
        kind: "deb",
        name: package.name.clone(),
        version: package.version.clone(),
        arch: package.arch.clone(),
        source: (package.source.clone(), package.source_version.clone()),
        license: package.license.clone(),
    });
    let installed: Vec<components::Installed> = installed.collect();
    crate::sboms::described(&components::system(&distribution, &installed));
}

fn documents(bytes: &[u8]) {
    if let Some(materials) = accepted(oci::materials(bytes)) {
        assert!(materials.is_sorted(), "materials are out of order");
    }
    let _ = accepted(oci::config_digest("oci/a/blob", bytes));
    let _ = helm::created_of(bytes);
    same::<Index>(bytes);
    same::<Manifest>(bytes);
    same::<Config>(bytes);
}

/// A document that is read is written as what reads the same.
fn same<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq>(bytes: &[u8]) {
    let Ok(read) = serde_json::from_slice::<T>(bytes) else { return };
    let written = must("what was read can be written", serde_json::to_vec(&read));
    let again: T = must("what was written can be read", serde_json::from_slice(&written));
    assert!(again == read, "a document differs once it was written");
}
