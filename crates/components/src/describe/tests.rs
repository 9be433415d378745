//! Documents: what they say about each kind of artifact.

use model::{ArtifactKind, FileEntry, Format, Platform, UnitId};

use super::*;
use crate::{GoBuild, GoModule, image_index, requirements};

pub(crate) const WHEEL: ArtifactKind = ArtifactKind::new("wheel");
pub(crate) const SDIST: ArtifactKind = ArtifactKind::new("sdist");
pub(crate) const IMAGE: ArtifactKind = ArtifactKind::new("image");
pub(crate) const IMAGE_INDEX: ArtifactKind = ArtifactKind::new("image-index");
pub(crate) const CHART: ArtifactKind = ArtifactKind::new("chart");
pub(crate) const BINARY: ArtifactKind = ArtifactKind::new("binary");

pub(crate) fn artifact(kind: ArtifactKind, path: &str) -> Artifact {
    let (format, platform, reference) = match kind {
        WHEEL | SDIST => (Format::new("pypi"), None, ""),
        IMAGE => (Format::new("oci"), Some(Platform::LinuxArm64), "ghcr.io/o/name"),
        IMAGE_INDEX => (Format::new("oci"), None, "ghcr.io/o/name"),
        CHART => (Format::new("helm"), None, "ghcr.io/o/helm-charts/name"),
        _ => (Format::new("binary"), Some(Platform::LinuxAmd64), ""),
    };
    Artifact {
        unit: UnitId::new("name", format, platform),
        package: "name".to_owned(),
        format,
        kind,
        platform,
        version: "1.0.0".to_owned(),
        reference: reference.to_owned(),
        file: FileEntry { path: path.to_owned(), size: 1, digest: Digest::of(path.as_bytes()) },
        files: vec![],
        materials: Vec::new(),
        notes: vec![],
    }
}

fn subject(kind: ArtifactKind) -> Subject {
    let (purl, purpose) = match kind {
        WHEEL => (PurlType::Pypi, "LIBRARY"),
        SDIST => (PurlType::Pypi, "SOURCE"),
        IMAGE | IMAGE_INDEX => (PurlType::Oci, "CONTAINER"),
        CHART => (PurlType::Generic, "INSTALL"),
        _ => (PurlType::Generic, "APPLICATION"),
    };
    Subject { purl, purpose }
}

pub(crate) fn write(artifact: &Artifact, contents: &Contents, repository: &str) -> Sbom {
    let generator =
        ToolUse { name: "package-actions".into(), version: "0.1.0".into(), digest: None };
    let context = Context { generator: &generator, epoch: 315_532_800, repository, license: "MIT" };
    describe(artifact, subject(artifact.kind), contents, &context).unwrap()
}

const REPOSITORY: &str = "https://github.com/owner/repo";

fn check(kind: ArtifactKind, path: &str, expected: [&str; 3]) {
    let artifact = artifact(kind, path);
    let sbom = write(&artifact, &Contents::default(), REPOSITORY);
    let root = &sbom.0.packages[0];
    let purl = root.external_refs[0].reference_locator.replace(&artifact.file.digest.hex(), "HEX");
    assert_eq!([sbom.0.name.as_str(), &purl, &root.primary_package_purpose], expected);
    assert_eq!(root.supplier, "Organization: owner");
    assert_eq!(root.license_declared, "MIT");
    assert_eq!(root.checksums[0].checksum_value, artifact.file.digest.hex());
}

#[test]
fn each_kind_of_artifact_is_named_in_its_own_way() {
    let wheel = "name-1.0.0-py3-none-any.whl";
    let purl = format!("pkg:pypi/name@1.0.0?file_name={wheel}");
    check(WHEEL, &format!("pypi/{wheel}"), [wheel, &purl, "LIBRARY"]);
    let purl = "pkg:pypi/name@1.0.0?file_name=name-1.0.0.tar.gz";
    check(SDIST, "pypi/name-1.0.0.tar.gz", ["name-1.0.0.tar.gz", purl, "SOURCE"]);
    let purl = "pkg:generic/name@1.0.0?checksum=sha256:HEX";
    check(CHART, "helm/name-1.0.0.tgz", ["name-1.0.0.tgz", purl, "INSTALL"]);
    check(BINARY, "binary/name-linux", ["name-linux", purl, "APPLICATION"]);
    let purl = "pkg:oci/name@sha256:HEX?arch=arm64&repository_url=ghcr.io/o/name&tag=1.0.0";
    let blob = "oci/name/blobs/sha256/0";
    check(IMAGE, blob, ["name-1.0.0-linux-arm64", purl, "CONTAINER"]);
    let purl = "pkg:oci/name@sha256:HEX?repository_url=ghcr.io/o/name&tag=1.0.0";
    check(IMAGE_INDEX, blob, ["name-1.0.0", purl, "CONTAINER"]);
}

#[test]
fn the_rendering_has_the_fields_of_spdx_and_none_that_is_not_known() {
    let module = GoModule {
        path: "github.com/o/m".to_owned(),
        version: "v1.2.3".to_owned(),
        sum: "h1:abc=".to_owned(),
        replaces: None,
    };
    let build = GoBuild { dependencies: vec![module], ..GoBuild::default() };
    let contents = crate::go(&build).unwrap();
    let artifact = artifact(BINARY, "binary/name-linux-amd64");
    let text = write(&artifact, &contents, REPOSITORY).render().unwrap();
    let mut value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["creationInfo"]["created"], "1980-01-01T00:00:00Z");
    let creators = serde_json::json!(["Tool: package-actions-0.1.0", "Organization: owner"]);
    assert_eq!(value["creationInfo"]["creators"], creators);
    let component = value["packages"][1].take();
    let id = component["SPDXID"].as_str().unwrap().to_owned();
    assert_eq!(
        component,
        serde_json::json!({
            "SPDXID": id,
            "name": "github.com/o/m",
            "versionInfo": "v1.2.3",
            "supplier": "Organization: github.com/o",
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": false,
            "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "NOASSERTION",
            "copyrightText": "NOASSERTION",
            "primaryPackagePurpose": "LIBRARY",
            "externalRefs": [
                {
                    "referenceCategory": "PACKAGE-MANAGER",
                    "referenceType": "purl",
                    "referenceLocator": "pkg:golang/github.com/o/m@v1.2.3",
                },
                {
                    "referenceCategory": "OTHER",
                    "referenceType": "go-sum",
                    "referenceLocator": "h1:abc=",
                },
            ],
        })
    );
    let edges = serde_json::json!([
        {
            "spdxElementId": "SPDXRef-Artifact",
            "relationshipType": "DEPENDS_ON",
            "relatedSpdxElement": id,
        },
        {
            "spdxElementId": "SPDXRef-DOCUMENT",
            "relationshipType": "DESCRIBES",
            "relatedSpdxElement": "SPDXRef-Artifact",
        },
    ]);
    assert_eq!(value["relationships"], edges);
}

#[test]
fn ranges_are_told_and_are_no_components() {
    let contents = requirements(&["b>=2", "a==1.0", "c"]);
    let wheel = artifact(WHEEL, "pypi/name-1.0.0-py3-none-any.whl");
    let sbom = write(&wheel, &contents, "");
    assert_eq!(sbom.components(), 1);
    assert_eq!(sbom.0.comment, "unresolved, so not listed as packages:\nb>=2\nc");
}

#[test]
fn an_artifact_without_a_repository_comes_from_whom_it_names() {
    let wheel = artifact(WHEEL, "pypi/name-1.0.0-py3-none-any.whl");
    let mut contents = Contents::default();
    assert_eq!(write(&wheel, &contents, "").0.packages[0].supplier, "NOASSERTION");
    contents.about.author = "Ann (the first)\n<x>".to_owned();
    let supplier = write(&wheel, &contents, "").0.packages[0].supplier.clone();
    assert_eq!(supplier, "Organization: Ann the first <x>");
}

#[test]
fn an_index_contains_the_images_of_its_platforms() {
    let image = artifact(IMAGE, "oci/name/blobs/sha256/1");
    let index = artifact(IMAGE_INDEX, "oci/name/blobs/sha256/2");
    let sbom = write(&index, &image_index([&image]), REPOSITORY);
    assert_eq!(sbom.components(), 1);
    assert_eq!(sbom.0.packages[1].checksums[0].checksum_value, image.file.digest.hex());
    assert_eq!(sbom.0.relationships[0].kind, "CONTAINS");
}

#[test]
fn documents_differ_in_their_namespace_when_they_differ_at_all() {
    let wheel = artifact(WHEEL, "pypi/name-1.0.0-py3-none-any.whl");
    let namespace = |contents: &Contents| write(&wheel, contents, "").0.document_namespace;
    assert_eq!(namespace(&Contents::default()), namespace(&Contents::default()));
    assert_ne!(namespace(&Contents::default()), namespace(&requirements(&["a==1"])));
    assert_ne!(namespace(&requirements(&["a==2"])), namespace(&requirements(&["a==1"])));
}

#[test]
fn names_that_differ_in_odd_characters_keep_ids_apart() {
    let (one, two) = (id("pkg:generic/a_b@1"), id("pkg:generic/a-b@1"));
    assert_ne!(one, two);
    for id in [one, two] {
        let rest = id.strip_prefix("SPDXRef-").unwrap();
        assert!(rest.chars().all(|c| c.is_ascii_alphanumeric() || ".-".contains(c)), "{id}");
    }
}
