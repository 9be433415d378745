//! Artifacts that are not what the manifest says of them.

use std::collections::BTreeMap;

use archive::Entry;
use model::{ArtifactKind, Digest, FileEntry, Format, Platform, UnitId};
use oci::spec::{Config, Manifest as ImageManifest};

use super::*;
use crate::INSPECTS;

/// A folder in memory.
struct Memory(BTreeMap<String, Vec<u8>>);

impl Dist for Memory {
    fn entries(&self) -> Result<Vec<verify::Entry>, Diagnostic> {
        let entry = |path: &String| verify::Entry { path: path.clone(), regular: true };
        Ok(self.0.keys().map(entry).collect())
    }

    fn read(&self, path: &str, _: u64) -> Result<Vec<u8>, Diagnostic> {
        let bytes = self.0.get(path).cloned();
        bytes.ok_or_else(|| Diagnostic::new(&model::codes::FILE_MISSING, "is not there"))
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        self.read(path, 0).map(|bytes| bytes.len() as u64)
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        self.read(path, 0).map(|bytes| (bytes.len() as u64, Digest::of(&bytes)))
    }
}

fn artifact(format: Format, kind: ArtifactKind, path: &str, bytes: &[u8]) -> Artifact {
    let file =
        FileEntry { path: path.to_owned(), size: bytes.len() as u64, digest: Digest::of(bytes) };
    Artifact {
        unit: UnitId::new("a", format, None),
        package: "a".to_owned(),
        format,
        kind,
        platform: None,
        version: "1.0".to_owned(),
        reference: String::new(),
        file,
        files: Vec::new(),
        materials: Vec::new(),
        notes: Vec::new(),
    }
}

/// The codes of what is found, all of them told with the artifact's path.
fn codes(artifact: &Artifact, files: BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let found = Inspector(INSPECTS).contents(artifact, &Memory(files));
    let path = &artifact.file.path;
    let told = |problem: &Diagnostic| problem.location.as_ref().is_some_and(|at| at.file == *path);
    assert!(found.0.iter().all(told), "{found:?}");
    found.into_iter().map(|problem| problem.code.to_string()).collect()
}

fn check(kind: ArtifactKind, path: &str, bytes: Vec<u8>, expected: &[&str]) {
    let artifact = artifact(pypi::FORMAT, kind, path, &bytes);
    assert_eq!(codes(&artifact, [(path.to_owned(), bytes)].into()), expected);
}

const METADATA: &str = "Metadata-Version: 2.1\nName: a\nVersion: 1.0\nSummary: s\n";

/// A good wheel, changed after its `RECORD` was written.
fn wheel_with(metadata: &str, edit: impl Fn(&mut Vec<Entry>)) -> Vec<u8> {
    let wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
    let members = [
        Entry::new("a/__init__.py", "x = 1\n"),
        Entry::new("a-1.0.dist-info/METADATA", metadata),
        Entry::new("a-1.0.dist-info/WHEEL", wheel),
    ];
    let packed = pypi::repack_wheel(&archive::zip::write(&members, 0).unwrap(), 0).unwrap();
    let mut members = archive::zip::read(&packed).unwrap();
    edit(&mut members);
    archive::zip::write(&members, 0).unwrap()
}

#[test]
fn a_wheel_that_is_broken_for_its_users_is_no_part_of_a_release() {
    let check = |metadata: &str, edit: &dyn Fn(&mut Vec<Entry>), expected: &[&str]| {
        let bytes = wheel_with(metadata, edit);
        check(pypi::WHEEL, "pypi/a-1.0-py3-none-any.whl", bytes, expected);
    };
    check(METADATA, &|_| {}, &[]);
    check(METADATA, &|all| all[0].bytes.push(b'#'), &["wheel-record-size"]);
    check(METADATA, &|all| all[0].bytes[4] = b'2', &["wheel-record-hash"]);
    check(METADATA, &|all| all.push(Entry::new("evil.pth", "")), &["wheel-record-incomplete"]);
    check(METADATA, &|all| drop(all.pop()), &["wheel-record-missing"]);
    let again = |line: &str| format!("{METADATA}{line}\n");
    check(&again("Name: requests"), &|_| {}, &["metadata-repeated-field"]);
    check(&again("Version: 6.6.6"), &|_| {}, &["metadata-repeated-field"]);
    // What only the public index refuses may be released elsewhere.
    check(&again("Classifier: Private :: Do Not Upload"), &|_| {}, &[]);
}

#[test]
fn an_sdist_that_is_broken_for_its_users_is_no_part_of_a_release() {
    let check = |metadata: String, expected: &[&str]| {
        let files = [Entry::new("a-1.0/PKG-INFO", metadata), Entry::new("a-1.0/a.py", "")];
        let bytes = archive::gzip::write(&archive::tar::write(&files, 0).unwrap());
        check(pypi::SDIST, "pypi/a-1.0.tar.gz", bytes, expected);
    };
    check(METADATA.to_owned(), &[]);
    check(format!("{METADATA}Name: requests\n"), &["metadata-repeated-field"]);
}

#[test]
fn an_image_s_platform_and_name_are_what_it_says_itself() {
    let check =
        |platform: Option<Platform>, edit: &dyn Fn(&mut ImageManifest), expected: &[&str]| {
            let config =
                r#"{"architecture":"arm64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#;
            let config: Config = serde_json::from_str(config).unwrap();
            let config = oci::Blob::new(serde_json::to_vec(&config).unwrap());
            let text = |name: &str, value: &str| {
                (format!("org.opencontainers.image.{name}"), value.to_owned())
            };
            let mut manifest = ImageManifest {
                schema_version: 2,
                media_type: oci::spec::MANIFEST.to_owned(),
                config: config.descriptor(oci::spec::CONFIG),
                layers: Vec::new(),
                annotations: [text("title", "clock"), text("version", "1.0")].into(),
            };
            edit(&mut manifest);
            let manifest = oci::Blob::new(serde_json::to_vec(&manifest).unwrap());
            let path = oci::blob_path("clock", &manifest.digest);
            let mut image = artifact(oci::FORMAT, oci::IMAGE, &path, &manifest.bytes);
            image.platform = platform;
            let config_path = oci::blob_path("clock", &config.digest);
            let files = [(path, manifest.bytes), (config_path, config.bytes)].into();
            assert_eq!(codes(&image, files), expected);
        };
    check(Some(Platform::LinuxArm64), &|_| {}, &[]);
    check(Some(Platform::LinuxArm64), &|manifest| manifest.annotations.clear(), &[]);
    check(Some(Platform::LinuxAmd64), &|_| {}, &["contents-differ"]);
    check(None, &|_| {}, &["contents-differ"]);
    let other = |key: &'static str| {
        move |manifest: &mut ImageManifest| {
            let key = format!("org.opencontainers.image.{key}");
            manifest.annotations.insert(key, "6.6.6".to_owned());
        }
    };
    check(Some(Platform::LinuxArm64), &other("version"), &["oci-title"]);
    check(Some(Platform::LinuxArm64), &other("title"), &["oci-title"]);
    check(Some(Platform::LinuxArm64), &other("authors"), &[]);
}
