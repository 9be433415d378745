//! What a release holds: its manifest, the record of a build, a whole folder.

use std::collections::BTreeMap;

use model::{
    Diagnostic, Digest, Dist, Document, DocumentKind, Entry, EvidenceKind, FileEntry, Manifest,
    Release, Signing, ToolUse, Version, codes,
};
use release::{BUILDS, FORMATS, INSPECTS, Inspector, PLANS, Record, Selection};
use signing::{Signer as _, Verifier};
use verify::{Extent, Policy};

use crate::Target;
use crate::parts::{join, parts, tree};
use crate::properties::{all_accepted, bounded, must};
use crate::signatures::key;

pub(crate) const TARGETS: &[Target] = &[
    Target {
        name: "manifest",
        about: "release.json: one that is sound is its own rendering, and documents follow from it",
        seeds: || sealed().0.remove(Manifest::FILE).into_iter().collect(),
        run: manifest,
    },
    Target {
        name: "record",
        about: "build.json, the record of a build: one that is read is written the same",
        seeds: || serde_json::to_vec(&built()).into_iter().collect(),
        run: record,
    },
    Target {
        name: "release",
        about: "files in place of those of a signed release: none but the same verifies",
        seeds: || {
            let dist = sealed();
            let texts = dist.0.iter().map(|(path, bytes)| (path, String::from_utf8_lossy(bytes)));
            texts.map(|(path, text)| join(&[(path, &text)])).collect()
        },
        run: changed,
    },
];

/// A folder in memory.
#[derive(Default)]
struct Memory(BTreeMap<String, Vec<u8>>);

impl Memory {
    fn file(&self, path: &str) -> Result<&Vec<u8>, Diagnostic> {
        let missing = || Diagnostic::new(&codes::FILE_MISSING, format!("`{path}` is missing"));
        self.0.get(path).ok_or_else(missing)
    }

    fn put(&mut self, path: &str, text: String) -> FileEntry {
        let (size, digest) = (text.len() as u64, Digest::of(text.as_bytes()));
        self.0.insert(path.to_owned(), text.into_bytes());
        FileEntry { path: path.to_owned(), size, digest }
    }
}

impl Dist for Memory {
    fn entries(&self) -> Result<Vec<Entry>, Diagnostic> {
        let entry = |path: &String| Entry { path: path.clone(), regular: true };
        Ok(self.0.keys().map(entry).collect())
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, Diagnostic> {
        let bytes = self.file(path)?;
        if bytes.len() as u64 > limit {
            return Err(Diagnostic::new(&codes::FILE_TOO_LARGE, format!("`{path}` is too large")));
        }
        Ok(bytes.clone())
    }

    fn size(&self, path: &str) -> Result<u64, Diagnostic> {
        Ok(self.file(path)?.len() as u64)
    }

    fn measure(&self, path: &str) -> Result<(u64, Digest), Diagnostic> {
        let bytes = self.file(path)?;
        Ok((bytes.len() as u64, Digest::of(bytes)))
    }
}

/// What a build of one chart leaves that was not built.
fn built() -> Record {
    let config = "[release]\nversion = \"1.0.0\"\nregistry = \"r.example/o\"\n\n[[package]]\n\
                  name = \"a\"\nchart = { path = \"chart\" }\n";
    let chart = "apiVersion: v2\nname: a\nversion: 1.0.0\n";
    let tree = tree(&join(&[(release::CONFIG_FILE, config), ("chart/Chart.yaml", chart)]));
    let planned = release::plan(&tree, &Selection::default(), PLANS);
    let planned = planned.map_err(|problems| problems.to_string());
    Record {
        schema: Record::SCHEMA.to_owned(),
        plan: must("a plan", planned).plan,
        source: model::ReleaseFacts::default(),
        units: Vec::new(),
        warnings: Vec::new(),
        artifacts: Vec::new(),
        tools: vec![ToolUse { name: "helm".into(), version: "4.0.0".into(), digest: None }],
        locks: BTreeMap::new(),
        licenses: BTreeMap::new(),
    }
}

/// A signed release of nothing but its documents.
fn sealed() -> Memory {
    let mut dist = Memory::default();
    let release = Release::new(must("a version", Version::parse("1.0.0")));
    let mut manifest = Manifest::new(ToolUse::default(), release);
    manifest.signing = Signing::KEY;
    let provenance = must("provenance", verify::provenance(&manifest, INSPECTS));
    for (path, text) in provenance {
        let file = dist.put(&path, text);
        let kind = DocumentKind::Provenance;
        manifest.documents.push(Document { kind, about: None, components: 0, file });
    }
    for path in ["checksums.txt", "github/checksums.txt"] {
        let file = dist.put(path, evidence::checksums::render::<String>(&[]));
        let kind = DocumentKind::Checksums;
        manifest.documents.push(Document { kind, about: None, components: 0, file });
    }
    release::put_in_order(&mut manifest);
    manifest.evidence = verify::evidence_of(&manifest, INSPECTS);
    manifest.assets = must("downloads", verify::assets_of(&manifest, INSPECTS));
    dist.put(Manifest::FILE, must("a manifest", manifest.render()));
    for (path, text) in release::documents(&manifest, INSPECTS) {
        dist.put(&path, text);
    }
    sign(&mut dist, &manifest);
    for asset in &manifest.assets {
        let bytes = must("a download", dist.file(&asset.path)).clone();
        dist.0.insert(format!("github/{}", asset.name), bytes);
    }
    dist
}

fn sign(dist: &mut Memory, manifest: &Manifest) {
    let key = key();
    for item in &manifest.evidence {
        let about = item.about.as_deref().unwrap_or_default();
        let signed = dist.0.get(about).cloned().unwrap_or_default();
        let bundle = match item.kind {
            EvidenceKind::PublicKey => {
                dist.put(&item.path, key.public_pem());
                continue;
            }
            EvidenceKind::Bundle => key.sign_file(&Digest::of(&signed)),
            _ => key.sign_statement(&signed),
        };
        let text = bundle.and_then(|bundle| bundle.render());
        dist.put(&item.path, must("a signature", text));
    }
}

fn manifest(bytes: &[u8]) {
    let Some(read) = all_accepted(verify::parse_manifest(bytes, INSPECTS)) else { return };
    let text = must("a manifest", read.render());
    assert!(text.as_bytes() == bytes, "a manifest has another spelling");
    let documents = release::documents(&read, INSPECTS);
    assert!(documents.iter().all(|(path, _)| model::path_problem(path).is_none()), "{documents:?}");
    let _ = verify::provenance(&read, INSPECTS).map_err(|problem| bounded(&[problem]));
    let _ = verify::assets_of(&read, INSPECTS).map_err(|problem| bounded(&[problem]));
    let _ = verify::evidence_of(&read, INSPECTS);
    let dist = Memory(BTreeMap::from([(Manifest::FILE.to_owned(), bytes.to_vec())]));
    let report = verify::verify(&dist, &Inspector(INSPECTS), &Verifier, &Policy::default());
    report.problems().0.iter().for_each(crate::properties::told);
}

fn record(bytes: &[u8]) {
    let Ok(read) = Record::read(bytes, BUILDS) else { return };
    let json = must("a record", serde_json::to_vec(&read));
    let again = must("a record that was written", Record::read(&json, BUILDS));
    assert!(again == read, "a record differs once it was written");
    release::check_record(&read, FORMATS).iter().for_each(crate::properties::told);
    let _ = release::is_whole(&read);
    let digest = read.plan.digest();
    let legs = BTreeMap::from([(1, read)]);
    let _ = all_accepted(release::merge(digest, &legs, FORMATS));
}

fn changed(bytes: &[u8]) {
    let good = sealed();
    let mut dist = sealed();
    for (path, content) in parts(bytes) {
        dist.0.insert(path, content.to_vec());
    }
    let policy = Policy::trust(key().trusted());
    let formats = Inspector(INSPECTS);
    let report = verify::verify(&dist, &formats, &Verifier, &policy);
    report.problems().0.iter().for_each(crate::properties::told);
    let same = dist.0 == good.0;
    assert_eq!(report.is_good(), same, "{report}");
    let downloads = |dist: &Memory| {
        let flat = |(path, bytes): (&String, &Vec<u8>)| {
            Some((path.strip_prefix("github/")?.to_owned(), bytes.clone()))
        };
        Memory(dist.0.iter().filter_map(flat).collect())
    };
    let (flat, good) = (downloads(&dist), downloads(&good));
    for extent in [Extent::Whole, Extent::Part] {
        let (report, _) = verify::verify_downloads(&flat, extent, &formats, &Verifier, &policy);
        report.problems().0.iter().for_each(crate::properties::told);
        assert!(!report.is_good() || flat.0 == good.0, "{report}");
    }
}
