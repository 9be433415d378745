//! Bills of materials: CycloneDX, lists of crates, our own SPDX, licences; and that whatever is
//! read from foreign bytes can be described.

use components::{Contents, Context, PurlType, Subject, describe, merge};
use model::{Artifact, Digest, FileEntry, ToolUse, UnitId};

use crate::properties::{accepted, must};
use crate::samples::EPOCH;
use crate::texts::text;
use crate::{Target, seeds};

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "cyclonedx",
        about: "CycloneDX, as build backends leave it in wheels: it can be described",
        seeds: || seeds(&[CYCLONEDX]),
        run: |bytes| {
            if let Some(contents) = accepted(components::cyclonedx(bytes)) {
                described(&contents);
            }
        },
    },
    Target {
        name: "cargo-audit",
        about: "what `cargo auditable` leaves in an executable, unpacked: it can be described",
        seeds: || seeds(&[AUDIT]),
        run: |bytes| {
            if let Some(contents) = accepted(components::cargo_audit(bytes)) {
                described(&contents);
            }
        },
    },
    Target {
        name: "cargo-lock",
        about: "a Cargo.lock: its crates can be described, and one without changes lost none",
        seeds: || seeds(&[EXTENSION_LOCK, LOCK]),
        run: lock,
    },
    Target {
        name: "cargo-metadata",
        about: "the answer of `cargo metadata`, and licences that authors wrote",
        seeds: || seeds(&[METADATA, "MIT/Apache-2.0", "(MIT OR Apache-2.0) AND Unicode-3.0"]),
        run: cargo_metadata,
    },
    Target {
        name: "spdx",
        about: "an SPDX document of our own making: merged with itself it reads again",
        seeds: || {
            let contents = components::cyclonedx(CYCLONEDX.as_bytes()).unwrap_or_default();
            let lock = components::cargo_lock(LOCK, "demo").unwrap_or_default();
            [contents, lock].iter().map(|contents| document(contents).into_bytes()).collect()
        },
        run: spdx,
    },
];

const CYCLONEDX: &str = r#"{"bomFormat": "CycloneDX", "metadata": {"component": {"name": "demo",
"version": "1.0", "bom-ref": "root"}}, "components": [{"name": "serde", "version": "1.0.0",
"bom-ref": "a", "purl": "pkg:cargo/serde@1.0.0", "supplier": {"name": "S"}, "hashes": [{"alg":
"SHA-256", "content": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}],
"licenses": [{"license": {"id": "MIT"}}], "components": [{"name": "inner"}]}],
"dependencies": [{"ref": "root", "dependsOn": ["a"]}]}"#;

const AUDIT: &str = r#"{"packages": [{"name": "demo", "version": "1.0.0", "source": "local",
"root": true, "dependencies": [1]}, {"name": "a", "version": "0.1.0", "source": "crates.io",
"kind": "build"}], "format": 1}"#;

const EXTENSION_LOCK: &str = include_str!("../../tests/fixtures/every-recipe/extension/Cargo.lock");

const LOCK: &str = r#"version = 4

[[package]]
name = "demo"
version = "1.0.0"
dependencies = ["a 0.1.0 (git+https://example.org/a#0123)", "b"]

[[package]]
name = "a"
version = "0.1.0"
source = "git+https://example.org/a#0123"

[[package]]
name = "b"
version = "0.2.0"
source = "registry+https://example.org/index"
checksum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"#;

const METADATA: &str = r#"{"workspace_root": "/src", "packages": [{"name": "a", "version": "1.0.0",
"license": "MIT"}, {"name": "b", "version": "2.0.0", "license": null}]}"#;

fn lock(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    if let Some(contents) = accepted(components::cargo_lock(text, "demo")) {
        described(&contents);
    }
    let mut contents = Contents::default();
    let _ = accepted(components::add_checksums(&mut contents, text));
    if let Some(lost) = accepted(release::pruned_crates(text, text)) {
        assert!(lost.is_empty(), "a lock lost {lost:?} to itself");
    }
    for package in manifests::cargo::CargoLock::parse(text).unwrap_or_default().packages {
        for needed in &package.dependencies {
            let _ =
                manifests::cargo::LockedDependency::parse(needed).map(|one| one.means(&package));
        }
    }
}

fn cargo_metadata(bytes: &[u8]) {
    let _ = accepted(release::read_crates(bytes));
    let Some(text) = text(bytes) else { return };
    if let Some(license) = components::license_expression(text) {
        let again = components::license_expression(&license);
        assert_eq!(again.as_ref(), Some(&license), "{text:?}");
    }
}

fn spdx(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Some(read) = accepted(components::parse(text)) else { return };
    assert!(read.components.iter().all(|purl| purl.starts_with("pkg:")), "{read:?}");
    merged(text);
}

/// What was found in foreign bytes can be described, and the document is one of ours.
pub(crate) fn described(contents: &Contents) {
    let text = document(contents);
    let read = must("the SBOM that was written can be read", components::parse(&text));
    assert!(read.components.len() >= contents.components.len(), "the SBOM lost a component");
    merged(&text);
}

fn merged(text: &str) {
    let texts = [text.to_owned(), text.to_owned()];
    let merged = merge("whole", &texts, &generator(), EPOCH);
    let rendered = accepted(merged).map(|merged| must("a merged SBOM", merged.render()));
    // A document is about one artifact and may not stand twice: then it was refused.
    if let Some(rendered) = rendered {
        must("the merged SBOM can be read", components::parse(&rendered));
    }
}

fn document(contents: &Contents) -> String {
    let format = pypi::FORMAT;
    let artifact = Artifact {
        unit: UnitId::new("demo", format, None),
        package: "demo".to_owned(),
        format,
        kind: pypi::WHEEL,
        platform: None,
        version: "1.0.0".to_owned(),
        reference: String::new(),
        file: FileEntry {
            path: "pypi/demo-1.0.0-py3-none-any.whl".to_owned(),
            size: 1,
            digest: Digest::of(b"x"),
        },
        files: Vec::new(),
        materials: Vec::new(),
        notes: Vec::new(),
    };
    let subject = Subject { purl: PurlType::Pypi, purpose: "LIBRARY" };
    let context = Context {
        generator: &generator(),
        epoch: EPOCH,
        repository: "https://example.org/owner/demo",
        license: "MIT",
    };
    let sbom = must("an SBOM", describe(&artifact, subject, contents, &context));
    must("its text", sbom.render())
}

fn generator() -> ToolUse {
    ToolUse { name: "package-actions".to_owned(), version: "1.0.0".to_owned(), digest: None }
}
